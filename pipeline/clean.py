"""Turn a page or a plain text into an Article, or say in one reason why it gives none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.article import Article, Refusal
from pipeline.body import extract_lines, normalise, split_text
from pipeline.bylines import clean_author, clean_title, host_of, outlet_names
from pipeline.chrome import load_chrome
from pipeline.flags import find_flags
from pipeline.language import guess_language
from pipeline.layout import LaidOut, find_layout, read_layout
from pipeline.lines import SIGNED, PageFacts, Stripped, strip_chrome
from pipeline.markup import flatten_html
from pipeline.metadata import Metadata, read_metadata
from pipeline.moments import read_moment, zone_of
from pipeline.page import Page, read_page
from pipeline.refusals import rate_quality, refuse
from pipeline.wording import Line, ends_sentence, fold, is_headline, squash

if TYPE_CHECKING:
    from crawler.records import Hints
    from crawler.source import Source

MAX_BYTES = 10_000_000
"""Largest page that is read; the crawler downloads no larger one."""
MAX_TEXT = 500_000
"""Characters of the longest text given by hand."""

_CONTROLS = bytes((*range(9), *range(14, 32)))
_SIGNATURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")

_PASSIVE = re.compile(r"[Dd]i[a-z]{4}")  # "Diregistrasi", "Dihentikan": a headline's verb


def clean_page(
    body: bytes,
    *,
    url: str | None,
    content_type: str | None = None,
    source: Source | None = None,
    hints: Hints | None = None,
    fetched_at: datetime | None = None,
    article_id: str | None = None,
) -> Article | Refusal:
    """Return the article of a web page, or why it has none; never raises on bad input.

    `url` is the article's address, without which the one that the page gives itself serves; `content_type` is
    the header of the response; `hints` are what discovery said. Hostile pages may take long or end the
    process: run it in a WorkerPool.
    """
    identity = article_id or make_id(url or hashlib.sha256(body).hexdigest())
    problem = _unreadable(body)
    if problem:
        return Refusal(identity, url, *problem)
    page = read_page(body, content_type, url=url or "", outlets=outlet_names(None, url, source))
    if page is None:
        return Refusal(identity, url, "empty", "the page holds no HTML elements")
    if page.too_large:
        return Refusal(identity, url, "too_large", page.too_large)
    # a relative canonical link tells nothing of where the page is
    addresses = (url, page.canonical, page.meta.get("og:url"))
    address = next((given for given in addresses if given and given.startswith("http")), "")
    layout = find_layout(source, fetched_at)
    laid = read_layout(body, content_type, layout) if layout else LaidOut()
    data = read_metadata(page, url=address, source=source, hints=hints, fetched_at=fetched_at, laid=laid)
    lines = _laid_lines(laid, page, data) or extract_lines(page)
    if not lines and (flat := flatten_html(body, content_type)) is not None:
        page.tree = flat
        lines = extract_lines(page)
    stripped = strip_chrome(lines, PageFacts(squash(data.title or ""), data.outlets, page.links))
    stripped.dropped[:0] = page.dropped
    # the path of a file is nobody's business
    given = None if url and url.startswith("file:") else url
    article = _build(identity, given, source.domains[0] if source else host_of(address), data, stripped)
    return refuse(article, page) or article


def clean_text(
    text: str,
    *,
    id: str,
    url: str | None = None,
    title: str | None = None,
    published: str | datetime | None = None,
    outlet: str | None = None,
    source: Source | None = None,
) -> Article | Refusal:
    """Return the article of a text that somebody copied from a page, chrome and title lines included.

    Without `title`, a first line that stands alone as headlines do, or is printed twice, is taken for it;
    without `outlet` and `url`, the outlet that the text opens with.
    """
    if len(text) > MAX_TEXT:
        return Refusal(id, url, "too_large", f"{len(text)} characters, the limit is {MAX_TEXT}")
    if "\0" in text:
        return Refusal(id, url, "binary", "the text holds NUL characters")
    data = Metadata(outlets=outlet_names(None, url, source) | outlet_names(None, f"//{outlet or ''}", None))
    lines = split_text(text)
    data.title = clean_title(title, data.outlets) if title else _first_title(text, lines)
    if data.title:
        data.provenance["title"] = "given" if title else "text"
    data.published = _given_moment(published, source)
    if data.published:
        data.provenance["published"] = "given"
    stripped = strip_chrome(lines, PageFacts(squash(data.title or ""), data.outlets))
    domain = outlet or (source.domains[0] if source else host_of(url))
    if domain or stripped.outlet:
        data.provenance["outlet"] = "given" if domain else "text"
    article = _build(id, url, domain or stripped.outlet, data, stripped)
    return refuse(article, None) or article


def join_parts(parts: Sequence[Article]) -> Article:
    """Return one article from its pages, given in their order: the first one's metadata, every page's text.

    A paragraph that a page repeats from one before it (the lead, an overlap) is kept once.
    """
    seen: set[str] = set()
    paragraphs: list[str] = []
    for part in parts:
        own = part.text.split("\n\n")
        paragraphs += [text for text in own if squash(text) not in seen]
        seen |= {squash(text) for text in own if len(text) > 40}
    return replace(
        parts[0],
        text="\n\n".join(paragraphs),
        quality=max(part.quality for part in parts),
        flags=tuple(sorted({flag for part in parts for flag in part.flags})),
        modified=max((part.modified for part in parts if part.modified), default=None),
        dropped=tuple(dropped for part in parts for dropped in part.dropped),
    )


def make_id(url: str) -> str:
    """Return the id of an article that has none of its own: 16 hex digits of its address."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def _build(identity: str, url: str | None, outlet: str | None, data: Metadata, stripped: Stripped) -> Article:
    text = "\n\n".join(line.text for line in stripped.lines if line.text)
    guess = guess_language(text)
    if data.author is None:
        names = (clean_author(line, data.outlets) for line in stripped.author_lines)
        data.author = next((name for name in names if name), None)
        if data.author:
            data.provenance["author"] = "byline"
    if stripped.dateline:
        data.provenance["dateline"] = "text"
    known = sum(value is not None for value in (data.title, data.published, data.author))
    return Article(
        id=identity,
        url=url,
        outlet=outlet,
        title=normalise(data.title) if data.title else None,
        author=normalise(data.author) if data.author else None,
        published=data.published,
        modified=data.modified,
        dateline=stripped.dateline,
        text=text,
        language=guess.language,
        quality=rate_quality(stripped.lines, guess.share, known=known),
        flags=tuple(sorted(stripped.flags | find_flags(url, data.section, data.title, data.types))),
        provenance=dict(data.provenance),
        dropped=tuple(dict.fromkeys(stripped.dropped)),
    )


def _laid_lines(laid: LaidOut, page: Page, data: Metadata) -> list[Line]:
    """Return the lines of the body that the source's layout found, none where it found none."""
    inner = read_page(laid.body, "text/html; charset=utf-8") if laid.body else None
    if inner is None:
        return []
    lines = extract_lines(inner)
    if lines:
        page.dropped, page.links = inner.dropped, page.links | inner.links
        data.provenance["text"] = "layout"
    return lines


def _unreadable(body: bytes) -> tuple[str, str] | None:
    """Return reason and detail where a body is no page: too large, or data rather than text.

    A page that merely holds a NUL is one; many control characters or a known file signature are not.
    """
    if len(body) > MAX_BYTES:
        return "too_large", f"{len(body) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB"
    start = body[:4096]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith(_SIGNATURES) or (controls * 10 > len(start) and not utf16):
        return "binary", "the page holds binary data, not HTML"
    return None


def _first_title(text: str, lines: list[Line]) -> str | None:
    """Return the headline that a copied text opens with: printed twice, or alone before a blank line."""
    if len(lines) < 2:
        return None
    first = lines[0].text
    if squash(first) == squash(lines[1].text) and len(first) > 10:
        return first
    alone = re.match(r"\s*[^\n]+\n[^\S\n]*\n", text) is not None
    short = 2 <= first.count(" ") < 30 and not first.endswith((".", ",", ";"))
    plain = not ends_sentence(first) and not load_chrome().speech.search(fold(first))
    if not (alone and short and (plain or is_headline(first))) or _is_signature(first):
        return None
    return first


def _is_signature(line: str) -> bool:
    """Tell "Laporan Budi Santoso" from a headline: "Laporan terhadap Kades Dihentikan"."""
    if not fold(line).startswith(SIGNED):
        return False
    words = line.split()
    return len(words) <= 4 and not any(word.islower() or _PASSIVE.match(word) for word in words[1:])


def _given_moment(published: str | datetime | None, source: Source | None) -> datetime | None:
    zone = zone_of(source.zone if source else None)
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=zone)
    moment = read_moment(published, zone) if published else None
    return moment.at if moment else None
