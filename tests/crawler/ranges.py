"""A file server on loopback that knows ranges, and breaks connections as real ones do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Files:
    """What the server has, and how it behaves: `breaks_after` bytes of an answer it cuts the connection."""

    folder: Path
    breaks_after: int | None = None
    ranges: bool = True
    busy: int = 0  # answers of 503 that come first
    tag: str = '"one"'
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serve_files(files: Files) -> Iterator[Files]:
    """Serve the folder while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            files.asked.append(wanted)
            path = files.folder / self.path.lstrip("/")
            if files.busy:
                files.busy -= 1
                self.send_error(503)
                return
            if not path.is_file():
                self.send_error(404)
                return
            body = path.read_bytes()
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and files.ranges else 0
            self.send_response(206 if wanted and files.ranges else 200)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("ETag", files.tag)
            self.end_headers()
            self.wfile.write(body[start:][: files.breaks_after])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    files.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
