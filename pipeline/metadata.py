"""Title, author and times of a page: a cascade of origins, each value with the one it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.bylines import clean_author, clean_title, find_byline, host_of, outlet_names, plain
from pipeline.clock import PageClock
from pipeline.layout import LaidOut
from pipeline.moments import zone_of
from pipeline.page import Page
from pipeline.wording import is_cut, squash

if TYPE_CHECKING:
    from crawler.records import Hints
    from crawler.source import Source

_ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle BlogPosting LiveBlogPosting AdvertiserContentArticle SocialMediaPosting Report".split()
)
_AUTHOR_METAS = ("author", "article:author", "dc.creator", "parsely-author", "content_author")
_DATE_METAS = tuple(
    "datepublished pubdate publishdate publish-date date dc.date dc.date.issued dc.date.created "
    "dcterms.date dcterms.issued dcterms.created "
    "parsely-pub-date sailthru.date originalpublicationdate cxenseparse:recs:publishtime content_publishdate "
    "content_publisheddate".split()
)
_WRITTEN_BY = re.compile(r"(?:written by|ditulis oleh|oleh|penulis|author)", re.IGNORECASE)
_MIN_TITLE = 15
_TRUNCATED = 110
"""Search engines advise 110 characters for a JSON-LD headline, and many sites cut theirs there."""


@dataclass(slots=True)
class Metadata:
    """What a page says of its article; `provenance` names each value's origin. `section` is its rubric."""

    title: str | None = None
    author: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    outlets: frozenset[str] = frozenset()
    section: str = ""
    types: frozenset[str] = frozenset()
    provenance: dict[str, str] = field(default_factory=dict)


def read_metadata(
    page: Page,
    *,
    url: str,
    source: Source | None,
    hints: Hints | None,
    fetched_at: datetime | None,
    laid: LaidOut | None = None,
) -> Metadata:
    """Return what is known of the article before its text is read; what the source's layout found goes first.

    Times carry the minute where any origin gave it; one without a zone is on the clock of the source. A value
    that no origin gave is None.
    """
    article = _article_node(page, url)
    data = Metadata(outlets=outlet_names(page, url, source))
    data.section, data.types = _section(page, article), _types(page)
    laid = laid or LaidOut()
    data.title = _title(page, article, hints, data, laid)
    clock = PageClock(page, zone_of(source.zone if source else None), fetched_at, data.outlets)
    data.author = _author(clock, article, hints, data, laid)
    published = clock.published([("layout", laid.date), *_published_texts(page, article, hints)], url)
    if published:
        origin, moment = published
        data.published = moment.at
        data.provenance["published"] = origin if moment.minute else f"{origin} (day)"
    for origin, raw in _modified_texts(page, article, hints):
        changed = clock.read(raw)
        if changed and (data.published is None or changed.at >= data.published):
            data.modified, data.provenance["modified"] = changed.at, origin
            break
    return data


def _title(
    page: Page, article: dict[str, Any], hints: Hints | None, data: Metadata, laid: LaidOut
) -> str | None:
    headline = plain(article.get("headline")) or plain(article.get("name"))
    cut = is_cut(headline) or len(headline) >= _TRUNCATED
    social = page.meta.get("og:title") or page.meta.get("twitter:title")
    # a headline that was listed earlier and is nowhere on the page was changed since
    shown = squash(" ".join(filter(None, (page.heading, page.head_title, social, headline))))
    listed = hints.title if hints and hints.title and (not shown or squash(hints.title) in shown) else None
    candidates = (
        ("layout", laid.title),
        (hints.origin if hints else "", listed),
        ("json-ld", "" if cut else headline),
        ("opengraph", "" if social and is_cut(social) else social),
        ("heading", _without_kicker(page, data.outlets)),
        ("title", page.head_title),
        ("opengraph", social),
        ("json-ld", headline),
    )
    for origin, value in candidates:
        if value and squash(value) not in data.outlets:
            title = clean_title(value, data.outlets, page.heading)
            if title:
                data.provenance["title"] = origin
                return title
    return None


def _without_kicker(page: Page, outlets: frozenset[str]) -> str | None:
    """Return the headline without what its element holds before it, where the page's title says so.

    A title that the headline only begins with may be cut short, as some systems cut all of them.
    """
    title = clean_title(page.head_title or "", outlets) if page.head_title else None
    own, key = squash(page.heading or ""), squash(title or "")
    return title if len(key) >= _MIN_TITLE and len(key) * 2 > len(own) and own.endswith(key) else page.heading


def _author(
    clock: PageClock, article: dict[str, Any], hints: Hints | None, data: Metadata, laid: LaidOut
) -> str | None:
    page = clock.page
    candidates = [("layout", laid.author)] if laid.author else []
    candidates += [(hints.origin, hints.author)] if hints and hints.author else []
    candidates += [("json-ld", name) for name in _people(article.get("author"), page.json_ld)]
    candidates += [("meta", page.meta[key]) for key in _AUTHOR_METAS if key in page.meta]
    # what Yoast tells those who share a link: "Written by", "Ditulis oleh"
    if _WRITTEN_BY.fullmatch(page.meta.get("twitter:label1", "")) and "twitter:data1" in page.meta:
        candidates.append(("meta", page.meta["twitter:data1"]))
    candidates += [("byline", text) for text in page.authors[:8]]
    shown = (*[*page.dates, *page.dates_before][:6], page.beside_heading, *page.after_body)
    candidates += [("byline", line) for text in shown if (line := find_byline(text))]
    unlabelled = (("byline", line.name) for line in clock.signlines)
    for origin, value in chain(candidates, unlabelled):
        author = clean_author(value, data.outlets) if value else None
        if author:
            data.provenance["author"] = origin
            return author
    return None


def _people(value: Any, nodes: list[dict[str, Any]]) -> list[str]:
    """Return the names of a JSON-LD author: text, an object, a list, a reference into the graph."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        items = [item for item in value[:10] if not isinstance(item, list)]
        names = [name for item in items for name in _people(item, nodes)]
        return [", ".join(names)] if len(names) > 1 else names
    if isinstance(value, dict):
        if not value.get("name") and value.get("@id"):
            value = next((node for node in nodes if node.get("@id") == value["@id"] and node.get("name")), {})
        company = value.get("@type") in ("Organization", "NewsMediaOrganization")
        name = value.get("name")
        names = [part for part in (name if isinstance(name, list) else [name]) if isinstance(part, str)]
        return [] if company else _people(names, nodes)
    return []


def _published_texts(page: Page, article: dict[str, Any], hints: Hints | None) -> list[tuple[str, Any]]:
    meta = page.meta
    return [
        (hints.origin if hints else "", hints.published if hints else None),
        ("json-ld", article.get("datePublished") or article.get("dateCreated")),
        ("opengraph", meta.get("article:published_time") or meta.get("og:article:published_time")),
        *(("meta", meta.get(name)) for name in _DATE_METAS),
    ]


def _modified_texts(page: Page, article: dict[str, Any], hints: Hints | None) -> list[tuple[str, Any]]:
    meta = page.meta
    return [
        (hints.origin if hints else "", hints.modified if hints else None),
        ("json-ld", article.get("dateModified")),
        ("opengraph", meta.get("article:modified_time") or meta.get("og:updated_time")),
        ("meta", meta.get("datemodified") or meta.get("lastmod")),
    ]


def _article_node(page: Page, url: str) -> dict[str, Any]:
    """Return the JSON-LD object of the article, else the page's own, else an empty one.

    Pages list related articles too: the one that has this page's headline or address is its own, and one that has
    another headline and another address is not.
    """
    nodes = [node for node in page.json_ld if _ARTICLE_TYPES & set(_type_names(node))]
    best = max(nodes, key=lambda node: _likeness(node, page, url), default=None)
    if best is not None and _likeness(best, page, url) >= 0:
        return best
    return next((node for node in page.json_ld if "WebPage" in _type_names(node)), {})


def _likeness(node: dict[str, Any], page: Page, url: str) -> int:
    """Return how much a JSON-LD article is this page's: two for its headline, one for or against its address."""
    headline = squash(plain(node.get("headline")) or plain(node.get("name")))
    shown = map(squash, filter(None, (page.heading, page.meta.get("og:title"), page.head_title)))
    titled = len(headline) > 9 and any(headline in title for title in shown)
    own = {_place_of(address) for address in (url, page.canonical, page.meta.get("og:url"))} - {None}
    main = node.get("mainEntityOfPage")
    stated = [node.get("url"), main.get("@id") if isinstance(main, dict) else main]
    named = [address for address in stated if isinstance(address, str) and _place_of(address)]
    # an address on another site is copied from an example: https://google.com/article
    other = any(host_of(address) in (None, host_of(url)) for address in named)
    return 2 * titled + (1 if own & set(map(_place_of, named)) else -1 if other and own else 0)


def _place_of(address: str | None) -> str | None:
    """Return the path of an address, the query of a script with it; None for a front page or none."""
    try:
        split = urlsplit(address or "")
    except ValueError:
        return None
    path = split.path.lower().rstrip("/").removesuffix("/amp")
    return f"{path}?{split.query}" if ".php" in path else path or None


def _type_names(node: dict[str, Any]) -> list[str]:
    value = node.get("@type")
    return [name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str)]


def _types(page: Page) -> frozenset[str]:
    return frozenset(name for node in page.json_ld for name in _type_names(node))


def _section(page: Page, article: dict[str, Any]) -> str:
    value = article.get("articleSection")
    names = [plain(name) for name in (value if isinstance(value, list) else [value])]
    return " ".join([*names, page.meta.get("article:section", "")]).strip()
