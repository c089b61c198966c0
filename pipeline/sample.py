"""A saved page with what must be read from it: the test of a source's layout."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.records import Hints
from crawler.source import Source
from pipeline.article import Article, Refusal

PAGES = "pages"  # the folder below the sources' own
TIMEOUT_S = 20.0
MEMORY_MB = 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """An article's page as it was fetched, and what discovery said of it."""

    source: Source
    url: str
    body: bytes
    content_type: str
    hints: Hints


def read_sample(sample: Sample) -> Article | Refusal:
    """Return the article of the page, read in a process of its own, or why it has none."""
    from pipeline.workers import Failed, WorkerPool

    with WorkerPool(_no_state, _clean, timeout_s=TIMEOUT_S, memory_mb=MEMORY_MB) as pool:
        _, result = next(iter(pool.map([sample])))
    if isinstance(result, Failed):
        return Refusal(sample.url, sample.url, result.reason, result.detail)
    return result


def store_sample(sample: Sample, article: Article, folder: Path, day: date) -> Path:
    """Write the page to `folder`/<source>/<day>.html.gz, its expected fields beside it; return that file.

    Look the fields over before a test relies on them: they are what this version reads, right or not.
    """
    place = folder / sample.source.slug
    place.mkdir(parents=True, exist_ok=True)
    page = place / f"{day.isoformat()}.html.gz"
    page.write_bytes(gzip.compress(sample.body, mtime=0))
    expected = {
        "url": sample.url,
        "content_type": sample.content_type,
        "title": article.title,
        "author": article.author,
        "published": article.published and article.published.isoformat(timespec="minutes"),
        "text": article.text,
    }
    fields = json.dumps(expected, ensure_ascii=False, indent=1)
    (place / f"{day.isoformat()}.json").write_text(fields + "\n", encoding="utf-8")
    return page


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The two files of a saved page, and what stands in them; `saved` is the day of their name."""

    files: tuple[Path, Path]
    url: str
    body: bytes
    fields: dict[str, str]
    saved: str

    def remove(self) -> None:
        """Remove both files."""
        for path in self.files:
            path.unlink(missing_ok=True)


def saved_pages(folder: Path) -> Iterator[SavedPage]:
    """Yield the pages that were saved below a folder of sources; of a broken file, nothing is told but its name."""
    pages = folder / PAGES
    bases = {path.with_name(path.name.partition(".")[0]) for path in pages.glob("*/*.*")}
    for base in sorted(bases):
        page, file = base.with_suffix(".html.gz"), base.with_suffix(".json")
        body, fields = b"", {}
        with suppress(OSError, EOFError, zlib.error):
            body = gzip.decompress(page.read_bytes())
        with suppress(OSError, ValueError):
            row = json.loads(file.read_text(encoding="utf-8"))
            fields = {key: value for key, value in row.items() if isinstance(value, str)}
        yield SavedPage((page, file), fields.get("url", ""), body, fields, base.name)


def _no_state() -> None:
    return None


def _clean(_: None, sample: Sample) -> Article | Refusal:
    from pipeline.clean import clean_page

    return clean_page(
        sample.body,
        url=sample.url,
        content_type=sample.content_type,
        source=sample.source,
        hints=sample.hints,
    )
