"""Turn a page or a plain text into an Article, or say in one reason why it gives none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.article import Article, Dropped, Refusal
from pipeline.body import extract_lines, normalise, split_text
from pipeline.chrome import Line, ends_sentence, is_headline, load_chrome, squash
from pipeline.language import Guess, guess_language
from pipeline.lines import PageFacts, Stripped, strip_chrome
from pipeline.metadata import Metadata, clean_author, clean_title, outlet_names, read_metadata
from pipeline.moments import read_moment, zone_of
from pipeline.page import MAX_ELEMENTS, Page, flatten, read_page

if TYPE_CHECKING:
    from crawler.records import Hints
    from crawler.source import Source

MAX_BYTES = 10_000_000
"""Largest page that is read; the crawler downloads no larger one."""
MAX_TEXT = 500_000
MIN_WORDS = 20

REASONS = {
    "empty": "no article text on the page",
    "listing": "the page lists other articles",
    "not_indonesian": "written in none of Indonesian, Sundanese and Javanese",
    "spun": "text by machine: placeholders, gambling terms or the same sentences again and again",
    "binary": "no text at all",
    "too_large": "larger than a news page can be",
    "timeout": "took longer than a page may",
    "crashed": "killed the process that read it",
    "memory": "needed more memory than a page may",
    "error": "the page could not be read",
}
"""Every reason of a refusal: those of this module, and those of the worker that ran it."""

_CONTROLS = bytes((*range(9), *range(14, 32)))
_READ_LANGUAGES = ("id", "su", "jv")
_FLAG_PATHS = {
    "adv": re.compile(r"/(?:adv|advertorial|pariwara|inforial|iklan|sponsored)(?:/|-\d|$)"),
    "opinion": re.compile(r"/(?:opini|kolom|opinion|tajuk|editorial|catatan|esai|artikel-opini)(?:/|$)"),
    "gallery": re.compile(r"/(?:foto|galeri|galeri-foto|photo|gallery|infografis|video|tv)(?:/|$)"),
    "live": re.compile(r"/(?:live|liveblog|live-report|live-update)(?:/|$)"),
    "not_article": re.compile(
        r"^/(?:tentang(?:-kami)?|about(?:-us)?|redaksi|kontak(?:-kami)?|contact(?:-us)?|pedoman[\w-]*|disclaimer|privacy[\w-]*|kebijakan[\w-]*|"
        r"kode-etik[\w-]*|info-iklan|karir|terms[\w-]*|sitemap)(?:/|\.html)?$"
    ),
}
_FLAG_SECTIONS = {
    "adv": re.compile(r"\b(?:adv|advertorial|pariwara|inforial|sponsored)\b", re.IGNORECASE),
    "opinion": re.compile(r"\b(?:opini|kolom|opinion|tajuk|editorial|esai)\b", re.IGNORECASE),
    "gallery": re.compile(r"\b(?:galeri|foto|gallery|infografis)\b", re.IGNORECASE),
}
_FLAG_TITLES = {
    "adv": re.compile(r"^\W*(?:adv|advertorial|pariwara|inforial)\b", re.IGNORECASE),
    "opinion": re.compile(
        r"^\W*(?:opini|kolom|tajuk(?: rencana)?|editorial|catatan redaksi)\s*[:|–-]", re.IGNORECASE
    ),
    "gallery": re.compile(r"^\W*(?:foto|galeri foto|infografis|video)\s*[:|–-]", re.IGNORECASE),
    "live": re.compile(r"^\W*live (?:report|update|streaming)|\blive update\b", re.IGNORECASE),
}


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

    `url` is the article's address, without one the address that the page gives itself serves; `content_type` is the
    header of the response; `hints` are what discovery said. Hostile pages may take long or end the process: run it in
    a WorkerPool.
    """
    identity = article_id or make_id(url or hashlib.sha256(body).hexdigest())
    if len(body) > MAX_BYTES:
        return Refusal(
            identity, url, "too_large", f"{len(body) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB"
        )
    if _is_binary(body):
        return Refusal(identity, url, "binary", "the page holds binary data, not HTML")
    page = read_page(body, content_type)
    if page is None:
        return Refusal(identity, url, "empty", "the page holds no HTML elements")
    if page.elements > MAX_ELEMENTS:
        return Refusal(identity, url, "too_large", f"{page.elements} elements, the limit is {MAX_ELEMENTS}")
    address = url if url and url.startswith("http") else page.canonical or page.meta.get("og:url") or ""
    data = read_metadata(page, url=address, source=source, hints=hints, fetched_at=fetched_at)
    lines = extract_lines(page)
    if not lines and (flat := flatten(body, content_type)) is not None:
        page.tree = flat
        lines = extract_lines(page)
    facts = PageFacts(squash(data.title or ""), data.outlets, page.links)
    stripped = strip_chrome(lines, facts)
    stripped.dropped[:0] = page.dropped
    outlet = source.domains[0] if source else _host(address)
    article = _build(identity, url, outlet, data, stripped)
    return _refuse(article, page) or article


def clean_text(
    text: str,
    *,
    id: str,  # noqa: A002 - the name that every record uses
    url: str | None = None,
    title: str | None = None,
    published: str | datetime | None = None,
    outlet: str | None = None,
    source: Source | None = None,
) -> Article | Refusal:
    """Return the article of a text that somebody copied from a page, chrome and title lines included.

    Without `title`, a first line that stands alone as headlines do, or is printed twice, is taken for it.
    """
    if len(text) > MAX_TEXT:
        return Refusal(id, url, "too_large", f"{len(text)} characters, the limit is {MAX_TEXT}")
    if "\0" in text:
        return Refusal(id, url, "binary", "the text holds NUL characters")
    data = Metadata(outlets=outlet_names(None, url, source) | _names(outlet))
    lines = split_text(text)
    data.title = clean_title(title, data.outlets) if title else _first_title(text, lines)
    if data.title:
        data.provenance["title"] = "given" if title else "text"
    moment = _given_moment(published, source)
    if moment:
        data.published, data.provenance["published"] = moment, "given"
    stripped = strip_chrome(lines, PageFacts(squash(data.title or ""), data.outlets))
    domain = outlet or (source.domains[0] if source else _host(url))
    if domain:
        data.provenance["outlet"] = "given"
    elif stripped.outlet:
        domain, data.provenance["outlet"] = stripped.outlet, "text"
    article = _build(id, url, domain, data, stripped)
    return _refuse(article, None) or article


def join_parts(parts: Sequence[Article]) -> Article:
    """Return one article from its pages, given in their order: the first one's metadata, every page's paragraphs.

    A paragraph that a page repeats from the one before it (the lead, an overlap) is kept once.
    """
    first, seen, paragraphs = parts[0], set[str](), list[str]()
    for part in parts:
        own = part.text.split("\n\n")
        fresh = [text for text in own if squash(text) not in seen]
        seen |= {squash(text) for text in own if len(text) > 40}
        paragraphs += fresh
    return replace(
        first,
        text="\n\n".join(paragraphs),
        quality=round(max(part.quality for part in parts), 3),
        flags=tuple(sorted({flag for part in parts for flag in part.flags})),
        modified=max((part.modified for part in parts if part.modified), default=None),
        dropped=tuple(dropped for part in parts for dropped in part.dropped),
    )


def make_id(url: str) -> str:
    """Return the id of an article that has none of its own: 16 hex digits of its address."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def _build(identity: str, url: str | None, outlet: str | None, data: Metadata, stripped: Stripped) -> Article:
    text = "\n\n".join(line.text for line in stripped.lines if line.text)
    language = guess_language(text)
    if data.author is None:
        author = next(
            (name for line in stripped.author_lines if (name := clean_author(line, data.outlets))), None
        )
        if author:
            data.author, data.provenance["author"] = author, "byline"
    if stripped.dateline:
        data.provenance["dateline"] = "text"
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
        language=language.language,
        quality=_quality(stripped.lines, language, data),
        flags=tuple(sorted(stripped.flags | _flags(url, data))),
        provenance=dict(data.provenance),
        dropped=tuple(_unique(stripped.dropped)),
    )


def _refuse(article: Article, page: Page | None) -> Refusal | None:
    """Return why an article is none, or None where it is one."""
    words = article.text.split()
    reason = detail = ""
    if len(words) < 5:
        reason, detail = "empty", f"{len(words)} words of text after cleaning"
    elif page is not None and _is_listing(article, page, len(words)):
        reason, detail = "listing", "most of the page's text stands in links to other pages"
    elif spun := _spun(article.text):
        reason, detail = "spun", spun
    elif article.language not in _READ_LANGUAGES:
        reason, detail = "not_indonesian", f"the text reads as {article.language}"
    elif len(words) < MIN_WORDS and page is not None:
        reason, detail = "empty", f"{len(words)} words of text after cleaning"
    return Refusal(article.id, article.url, reason, detail) if reason else None


def _is_listing(article: Article, page: Page, words: int) -> bool:
    if article.published is not None and words >= 60:
        return False
    paragraphs = article.text.split("\n\n")
    prose = sum(1 for text in paragraphs if ends_sentence(text))
    linked = sum(1 for text in paragraphs if squash(text) in page.links)
    return (linked * 2 >= len(paragraphs) and linked >= 3) or (
        prose * 3 < len(paragraphs) and page.link_chars > 3 * len(article.text)
    )


def _spun(text: str) -> str | None:
    chrome = load_chrome()
    folded = text.lower()
    held = [mark for mark in chrome.placeholders if mark in folded]
    if held:
        return f"holds the placeholder {held[0]!r}"
    words = folded[:20_000].split()
    spam = sum(map(chrome.spam.__contains__, words))
    if len(words) >= 20 and spam > 0.06 * len(words) and spam >= 6:
        return f"{spam} gambling words among {len(words)}"
    sentences = [s for s in folded.replace("\n\n", ". ").split(". ") if len(s) > 40]
    if len(sentences) >= 8 and len(set(sentences)) * 2 < len(sentences):
        return f"{len(sentences) - len(set(sentences))} of {len(sentences)} sentences are repetitions"
    return None


def _quality(lines: Sequence[Line], language: Guess, data: Metadata) -> float:
    """Return 0 to 1: how much running text there is, how much of it is sentences, and what is known beside it."""
    texts = [line.text for line in lines if line.text]
    words = sum(text.count(" ") + 1 for text in texts)
    if not words:
        return 0.0
    sentences = sum(text.count(" ") + 1 for text in texts if ends_sentence(text)) / words
    known = sum(value is not None for value in (data.title, data.published, data.author)) / 3
    score = (
        0.35 * min(1.0, words / 120) + 0.3 * sentences + 0.2 * min(1.0, language.share / 0.2) + 0.15 * known
    )
    return round(score, 3)


def _flags(url: str | None, data: Metadata) -> set[str]:
    path = urlsplit(url or "").path.lower()
    flags = {flag for flag, pattern in _FLAG_PATHS.items() if pattern.search(path)}
    flags |= {flag for flag, pattern in _FLAG_SECTIONS.items() if pattern.search(data.section)}
    flags |= {flag for flag, pattern in _FLAG_TITLES.items() if pattern.search(data.title or "")}
    if "LiveBlogPosting" in data.types:
        flags.add("live")
    if "OpinionNewsArticle" in data.types:
        flags.add("opinion")
    if "AdvertiserContentArticle" in data.types:
        flags.add("adv")
    return flags


def _first_title(text: str, lines: list[Line]) -> str | None:
    """Return the headline that a copied text opens with: printed twice, or alone before a blank line."""
    if len(lines) < 2:
        return None
    first = lines[0].text
    if squash(first) == squash(lines[1].text) and len(first) > 10:
        return first
    alone = bool(re.match(r"\s*[^\n]+\n[^\S\n]*\n", text))
    short = first.count(" ") < 30 and not first.endswith((".", ",", ";"))
    return (
        first
        if alone and short and (is_headline(first) or not ends_sentence(first)) and first.count(" ") >= 2
        else None
    )


def _given_moment(published: str | datetime | None, source: Source | None) -> datetime | None:
    zone = zone_of(source.zone if source else None)
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=zone)
    moment = read_moment(published, zone) if published else None
    return moment.at if moment else None


def _names(outlet: str | None) -> frozenset[str]:
    if not outlet:
        return frozenset()
    return frozenset({squash(outlet), squash(outlet.removeprefix("www.").split(".")[0])})


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _unique(dropped: Sequence[Dropped]) -> list[Dropped]:
    return list(dict.fromkeys(dropped))


def _is_binary(body: bytes) -> bool:
    """Tell data that is no text from a page that merely holds a NUL: many of them, or a known file signature."""
    start = body[:4096]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")):
        return True
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return controls * 10 > len(start)
