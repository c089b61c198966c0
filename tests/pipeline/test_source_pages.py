"""Saved pages of sources: each is read as the JSON beside it says (text of our own in the site's markup)."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.source import Source, load_source, load_sources
from pipeline.article import Article, Refusal
from pipeline.clean import clean_page

PAGES = Path(__file__).resolve().parents[1] / "pages"
SHIPPED = load_sources()
SAVED = sorted(PAGES.glob("*/*.html.gz"))


def source_of(page: Path) -> Source:
    """Return the page's source: a shipped one, or an invented one whose file lies beside the page."""
    slug = page.parent.name
    own = page.parent / f"{slug}.toml"
    return load_source(own) if own.exists() else SHIPPED[slug]


def read(page: Path, source: Source) -> Article | Refusal:
    day = page.name.removesuffix(".html.gz")
    expected = json.loads(page.with_name(f"{day}.json").read_text(encoding="utf-8"))
    return clean_page(
        gzip.decompress(page.read_bytes()),
        url=expected["url"],
        content_type=expected["content_type"],
        source=source,
        fetched_at=datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC),
    )


@pytest.mark.parametrize("page", SAVED, ids=lambda page: f"{page.parent.name}-{page.name[:10]}")
def test_source_page(page: Path) -> None:
    expected = json.loads((page.parent / f"{page.name[:10]}.json").read_text(encoding="utf-8"))
    found = read(page, source_of(page))
    assert isinstance(found, Article), found
    shown = found.published and found.published.isoformat(timespec="minutes")
    assert (found.title, found.author, shown) == (
        expected["title"], expected["author"], expected["published"],
    )  # fmt: skip
    assert found.text == expected["text"]


def test_source_pages_cover_every_layout_and_every_cms() -> None:
    sources = [source_of(page) for page in SAVED]
    assert {source.cms for source in sources} == {"wordpress", "blogger", "custom"}
    for source in {source.slug: source for source in (*SHIPPED.values(), *sources)}.values():
        days = [page.name[:10] for page in SAVED if page.parent.name == source.slug]
        held = {source.page_layout(datetime.fromisoformat(day).date()) for day in days}
        assert held >= set(source.layout.page), f"{source.slug}: a layout without a saved page"


@pytest.mark.parametrize("day", ["2024-03-15", "2024-10-20"])
def test_layouts_are_needed_where_they_are_given(day: str) -> None:
    page = PAGES / "kabarloyang" / f"{day}.html.gz"
    source = source_of(page)
    with_layout = read(page, source)
    without = read(page, source.model_copy(update={"layout": type(source.layout)()}))
    assert isinstance(with_layout, Article)
    assert with_layout.provenance["text"] == "layout"
    assert not isinstance(without, Article) or without.text != with_layout.text
