"""Files given by hand (HTML, text, JSON Lines, WARC) as pages for the archive."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

TEXT, HTML, ROW = "text/plain; charset=utf-8", "text/html", "application/json"
WARC_SUFFIXES = (".warc", ".warc.gz")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MAX_FILE = 100_000_000  # bytes of one page or text
_SUFFIXES = {".txt": TEXT, ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".jsonl": ROW, ".ndjson": ROW}


class IntakeError(ValueError):
    """A given file can't be read; the message says which, where in it, and what would be right."""


@dataclass(frozen=True, slots=True)
class Given:
    """One page given by hand: its address (a URL, or that of the file), its body, its media type."""

    url: str
    body: bytes
    content_type: str


def page_in(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """Return the page or text that a line of JSON Lines holds, with its media type; any other page as it is."""
    if not (content_type or "").startswith(ROW):
        return body, content_type
    try:
        row = json.loads(body)
    except ValueError:
        return body, content_type
    row = row if isinstance(row, dict) else {}
    if isinstance(row.get("html"), str) and row["html"]:
        return row["html"].encode(errors="replace"), f"{HTML}; charset=utf-8"
    if not isinstance(row.get("text"), str):
        return body, content_type
    told = [row.get(key) for key in ("title", "text")]
    return "\n\n".join(part for part in told if isinstance(part, str)).encode(errors="replace"), TEXT


def name_of(url: str) -> str:
    """Return the last part of an address; of a file, its name as it stands on the disk where that can be shown."""
    last = url.rstrip("/").rpartition("/")[2]
    plain = unquote(last) if url.startswith("file:") else last
    return plain if plain.isprintable() else last


def read_files(paths: Iterable[Path]) -> Iterator[Given]:
    """Yield the pages of files and folders (all known files below them, by name).

    Raises IntakeError at the first file that is missing, binary or malformed, and for an empty folder:
    nothing of that file is yielded before it has been checked.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p))
            if not inside:
                known = ", ".join([*_SUFFIXES, *WARC_SUFFIXES])
                raise IntakeError(f"{path}: no readable file in this folder (known endings: {known})")
            for file in inside:
                yield from _read_file(file)
        else:
            yield from _read_file(path)


def _suffix(path: Path) -> str | None:
    name = path.name.lower()
    return next((suffix for suffix in (*WARC_SUFFIXES, *_SUFFIXES) if name.endswith(suffix)), None)


def _read_file(path: Path) -> Iterator[Given]:
    suffix = _suffix(path)
    try:
        if suffix in WARC_SUFFIXES:
            yield from _read_warc(path)
            return
        if suffix and _SUFFIXES[suffix] == ROW:
            yield from _read_rows(path)
            return
        if path.stat().st_size > MAX_FILE:
            raise IntakeError(f"{path}: larger than {MAX_FILE:,} bytes, too large for one page")
        body = path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path}: {error.strerror or error}") from None
    wide = body.startswith(_WIDE)
    plain = body.decode("utf-16", "replace").encode() if wide else body
    kind = _SUFFIXES[suffix] if suffix else _sniff(plain)
    if not body.strip():
        raise IntakeError(f"{path}: the file is empty")
    if b"\x00" in plain[:4096] or (kind == TEXT and not _is_text(plain)):
        raise IntakeError(f"{path}: a binary file, neither HTML, text, JSON Lines nor WARC")
    yield Given(path.resolve().as_uri(), body, kind)


def _sniff(body: bytes) -> str:
    head = body[:2048].lstrip().lower()
    return HTML if head.startswith((b"<!doctype html", b"<html")) or b"<body" in head else TEXT


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        # pages saved on old Windows machines: few control characters tell text from a binary file
        return sum(byte < 9 for byte in body[:4096]) == 0 and not body.startswith((b"\x89PNG", b"\xff\xd8"))
    return True


def _read_rows(path: Path) -> Iterator[Given]:
    rows = [_row(path, number, line) for number, line in enumerate(_lines(path), 1) if line.strip()]
    if not rows:
        raise IntakeError(f"{path}: the file has no line")
    yield from rows


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file; those of UTF-16, which Windows calls Unicode, in UTF-8."""
    with path.open("rb") as file:
        wide = file.read(2) in _WIDE
        file.seek(0)
        if not wide:
            yield from file
            return
        try:
            yield from (line.encode() for line in io.TextIOWrapper(file, encoding="utf-16", newline="\n"))
        except UnicodeError as error:
            raise IntakeError(f"{path}: not the UTF-16 that its first bytes announce ({error})") from None


def _row(path: Path, number: int, line: bytes) -> Given:
    where = f"{path} line {number}"
    try:
        row = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise IntakeError(f"{where}: not JSON ({error})") from None
    if not isinstance(row, dict) or not isinstance(row.get("html") or row.get("text"), str):
        raise IntakeError(f'{where}: needs an object with "html" or "text"')
    if not isinstance(row.get("id", ""), str | int):
        raise IntakeError(f"{where}: id must be text or a whole number (value {row['id']!r})")
    for key in ("url", "title", "published", "outlet"):
        if row.get(key) is not None and not isinstance(row[key], str):
            raise IntakeError(f"{where}: {key} must be text (value {row[key]!r})")
    try:
        datetime.fromisoformat(row.get("published") or "2024-01-01")
    except ValueError:
        raise IntakeError(
            f"{where}: published must be an ISO time like 2024-10-16T09:30+07:00 (value {row['published']!r})"
        ) from None
    url = row.get("url") or f"{path.resolve().as_uri()}#{row.get('id') or number}"
    return Given(url, line.strip(), ROW)


def _read_warc(path: Path) -> Iterator[Given]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    found = False
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type not in ("response", "resource"):
                    continue
                headers = record.http_headers or record.rec_headers
                status = record.http_headers.get_statuscode() if record.http_headers else "200"
                kind = headers.get_header("Content-Type") or ""
                if status == "200" and kind.lower().startswith(
                    ("text/html", "application/xhtml", "text/plain")
                ):
                    found = True
                    body = record.content_stream().read(MAX_FILE)
                    yield Given(record.rec_headers.get_header("WARC-Target-URI"), body, kind)
        except ArchiveLoadFailed as error:
            raise IntakeError(f"{path}: not a WARC file ({ascii(str(error))[1:80]})") from None
    if not found:
        raise IntakeError(f"{path}: no HTML or text response in this WARC")
