"""Title, author and times of a page: a cascade of origins, each value with the one it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from htmldate import find_date

from pipeline.bylines import clean_author, clean_title, find_byline, outlet_names, plain
from pipeline.layout import LaidOut
from pipeline.moments import Moment, read_moment, zone_of
from pipeline.page import Page
from pipeline.wording import squash

if TYPE_CHECKING:
    from crawler.records import Hints
    from crawler.source import Source

_ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle BlogPosting LiveBlogPosting AdvertiserContentArticle SocialMediaPosting Report".split()
)
_AUTHOR_METAS = ("author", "article:author", "dc.creator", "parsely-author", "content_author")
_DATE_METAS = tuple(
    "datepublished pubdate publishdate publish-date date dc.date content_publishdate "
    "content_publisheddate".split()
)
_URL_DATE = re.compile(
    r"/(20\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/(\d{2})(\d{2})\d{2}(?=/))?(?:/|-|$)"
)
_EARLIEST = 1995
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
    article = _article_node(page.json_ld)
    data = Metadata(outlets=outlet_names(page, url, source))
    data.section, data.types = _section(page, article), _types(page)
    laid = laid or LaidOut()
    data.title = _title(page, article, hints, data, laid)
    data.author = _author(page, article, hints, data, laid)
    clock = _Clock(page, zone_of(source.zone if source else None), fetched_at)
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
    cut = headline.endswith(("…", "...")) or len(headline) >= _TRUNCATED
    social = page.meta.get("og:title") or page.meta.get("twitter:title")
    # a headline that was listed earlier and is nowhere on the page was changed since
    shown = squash(" ".join(filter(None, (page.heading, page.head_title, social, headline))))
    listed = hints.title if hints and hints.title and (not shown or squash(hints.title) in shown) else None
    candidates = (
        ("layout", laid.title),
        (hints.origin if hints else "", listed),
        ("json-ld", "" if cut else headline),
        ("opengraph", social),
        ("heading", page.heading),
        ("title", page.head_title),
        ("json-ld", headline),
    )
    for origin, value in candidates:
        if value and squash(value) not in data.outlets:
            title = clean_title(value, data.outlets, page.heading)
            if title:
                data.provenance["title"] = origin
                return title
    return None


def _author(
    page: Page, article: dict[str, Any], hints: Hints | None, data: Metadata, laid: LaidOut
) -> str | None:
    candidates = [("layout", laid.author)] if laid.author else []
    candidates += [(hints.origin, hints.author)] if hints and hints.author else []
    candidates += [("json-ld", name) for name in _people(article.get("author"), page.json_ld)]
    candidates += [("meta", page.meta[key]) for key in _AUTHOR_METAS if key in page.meta]
    candidates += [("byline", text) for text in page.authors[:8]]
    shown = (*page.dates[:6], page.beside_heading)
    candidates += [("byline", line) for text in shown if (line := find_byline(text))]
    for origin, value in candidates:
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
        names = [name for item in value[:10] for name in _people(item, nodes)]
        return [", ".join(names)] if len(names) > 1 else names
    if isinstance(value, dict):
        if not value.get("name") and value.get("@id"):
            value = next((node for node in nodes if node.get("@id") == value["@id"] and node.get("name")), {})
        company = value.get("@type") in ("Organization", "NewsMediaOrganization")
        return [value["name"]] if isinstance(value.get("name"), str) and not company else []
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


@dataclass(frozen=True, slots=True)
class _Clock:
    """Reads times of one page: on its source's clock, none from the future."""

    page: Page
    zone: tzinfo
    fetched_at: datetime | None

    def read(self, raw: Any) -> Moment | None:
        moment = read_moment(raw, self.zone) if isinstance(raw, str) else None
        return moment if moment and self._plausible(moment) else None

    def published(self, texts: list[tuple[str, Any]], url: str) -> tuple[str, Moment] | None:
        """Return the first moment that has a clock, if it agrees with the best one's day, else the best one.

        A page that calls its local clock UTC is found out by the clock and zone that it shows to readers.
        """
        moments = [(origin, moment) for origin, raw in texts if (moment := self.read(raw))]
        if moments and moments[0][1].minute and not moments[0][1].utc:
            return moments[0]
        shown = [m for text in (*self.page.dates[:8], self.page.beside_heading) if (m := self.read(text))]
        moments += [("byline", moment) for moment in shown]
        moments += [("url", moment)] if (moment := self.read(_url_date(url))) else []
        if not moments:
            return self._last_resort()
        origin, best = moments[0]
        if not best.minute:
            origin, best = next((m for m in moments if m[1].minute and m[1].day == best.day), (origin, best))
        claimed = best.at.astimezone(UTC).timetuple()[:5] if best.utc else None
        for moment in shown:
            if claimed == moment.at.timetuple()[:5] and moment.minute and moment.zoned and not moment.utc:
                return f"{origin}, zone by byline", moment
        return origin, best

    def _last_resort(self) -> tuple[str, Moment] | None:
        latest = (self.fetched_at or datetime.now(self.zone)).strftime("%Y-%m-%d")
        try:
            found = find_date(self.page.tree, original_date=True, extensive_search=False, max_date=latest)
        except (ValueError, TypeError, AttributeError, RecursionError):  # htmldate on a broken tree
            return None
        moment = self.read(found)
        return ("htmldate", moment) if moment else None

    def _plausible(self, moment: Moment) -> bool:
        latest = (self.fetched_at or datetime.now(UTC)) + timedelta(days=2)
        return moment.at.year >= _EARLIEST and moment.at <= (
            latest if latest.tzinfo else latest.replace(tzinfo=UTC)
        )


def _url_date(url: str) -> str | None:
    """Return the day, with the clock if there is one, of an address: /2024/10/16/, /20241016/101500/."""
    try:
        found = _URL_DATE.search(urlsplit(url).path)
    except ValueError:
        return None
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    clock = f"T{hour}:{minute}" if hour and int(hour) < 24 and int(minute) < 60 else ""
    return f"{year}-{month}-{day}{clock}"


def _article_node(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON-LD object of the article, else the page's own, else an empty one."""
    for wanted in (_ARTICLE_TYPES, {"WebPage"}):
        for node in nodes:
            if wanted & set(_type_names(node)):
                return node
    return {}


def _type_names(node: dict[str, Any]) -> list[str]:
    value = node.get("@type")
    return [name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str)]


def _types(page: Page) -> frozenset[str]:
    return frozenset(name for node in page.json_ld for name in _type_names(node))


def _section(page: Page, article: dict[str, Any]) -> str:
    value = article.get("articleSection")
    names = [plain(name) for name in (value if isinstance(value, list) else [value])]
    return " ".join([*names, page.meta.get("article:section", "")]).strip()
