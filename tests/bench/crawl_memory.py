"""Peak memory of the crawl's process at several numbers of pages on one source.

    python tests/bench/crawl_memory.py [PAGES ...=1000 10000 50000]

Prints the peak resident memory (VmHWM) of crawler.worker for each; exit 1 where it is over 300 MB or
grows with the number of pages.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from crawl_speed import OURS, ROOT, source_of, start_server

LIMIT_MB = 300


def peak_of_worker(parent: int) -> int:
    """Return the peak memory, in kB, of the crawl that `parent` runs."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for child in children:
        for line in Path(f"/proc/{child}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


def measure(pages: int) -> tuple[int, float]:
    """Return the peak in MB and the seconds of a crawl of so many pages."""
    server, url = start_server(pages)
    began, peak = time.monotonic(), 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            job = json.dumps({"folder": folder, "source": source_of(url)})
            crawl = subprocess.Popen(
                [sys.executable, "-c", OURS, job], env={**os.environ, "PYTHONPATH": str(ROOT)}
            )
            while crawl.poll() is None:
                time.sleep(0.2)
                try:
                    peak = max(peak, peak_of_worker(crawl.pid))
                except (FileNotFoundError, ProcessLookupError):
                    continue
            if crawl.returncode:
                raise SystemExit(f"the crawl of {pages} pages failed")
    finally:
        server.kill()
        server.wait()
    return peak // 1024, time.monotonic() - began


def main() -> int:
    peaks = {}
    for pages in [int(value) for value in sys.argv[1:]] or [1000, 10_000, 50_000]:
        peaks[pages], seconds = measure(pages)
        print(
            f"{pages} pages: peak {peaks[pages]} MB, {seconds:.0f} s ({pages / seconds:.0f} pages/s)",
            flush=True,
        )
    flat = max(peaks.values()) - min(peaks.values()) < 60
    print("flat" if flat else "grows")
    return 0 if flat and max(peaks.values()) < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
