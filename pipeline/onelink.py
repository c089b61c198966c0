"""Reading one link: fetched, archived, cleaned and extracted in a process of its own, within a time and a memory.

`python -m pipeline.onelink` reads one JSON object {"url", "settings"} and prints one: what was read, or why not. The
store is not touched, so a night that runs is not in its way: the next `wartawas process` takes the page up.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.settings import Settings

TIMEOUT_S = 55.0
MEMORY_MB = 2_000
_LONGEST = 5_000_000  # bytes of an answer


def read_link(url: str, settings: Settings, *, timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
    """Return what was read at `url`, or {"reason", "detail"} where nothing was; never raises for a bad page.

    Keys of a reading: url, address, sha256, fetched, warc, title, outlet, published, text, and extraction (as
    `wartawas extract --json` prints it).
    """
    job = {"url": url, "settings": settings.model_dump(mode="json", include={"var", "sources", "contact"})}
    root = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pipeline.onelink"]
    try:
        done = subprocess.run(
            command, input=json.dumps(job).encode(), capture_output=True, timeout=timeout_s, check=False,
            env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout[:_LONGEST])
    except subprocess.TimeoutExpired:
        return {"reason": "timeout", "detail": f"nothing was read within {timeout_s:g} s"}
    except (OSError, ValueError):
        return {"reason": "crashed", "detail": "the page could not be read"}
    return found


def read_here(url: str, settings: Settings) -> dict[str, Any]:
    """Return what read_link returns, in this process."""
    from crawler.onelink import LinkError, archive_link
    from crawler.source import load_sources

    sources = load_sources(settings.sources)
    try:
        capture = archive_link(
            url, sources, contact=settings.contact, ledger_path=settings.ledger, archive_root=settings.archive
        )
    except LinkError as error:
        return {"reason": error.reason, "detail": str(error)}
    told = {
        "url": capture.article_url, "address": capture.url, "sha256": capture.sha256, "warc": capture.warc,
        "fetched": capture.fetched_at.isoformat(),
    }  # fmt: skip
    return told | _read(settings, sources.get(capture.source), capture)


def _read(settings: Settings, source: Any, capture: Any) -> dict[str, Any]:
    from crawler.archive import read_page
    from nlp.model import load_model
    from pipeline.article import Refusal
    from pipeline.process import clean_capture, document

    article = clean_capture(read_page(settings.archive, capture), source)
    if isinstance(article, Refusal):
        return {"reason": article.reason, "detail": article.detail}
    extraction = next(iter(load_model().extract_many([document(article, source)])))
    return {
        "title": article.title, "outlet": article.outlet, "text": article.text,
        "published": article.published and article.published.isoformat(), "why": list(extraction.why),
        "extraction": extraction.as_dict(),
    }  # fmt: skip


def main() -> None:
    """Read one link as standard input asks and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    job = json.load(sys.stdin)
    answer = read_here(str(job["url"]), Settings.model_validate(job["settings"]))
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, default=str))


if __name__ == "__main__":
    main()
