"""Title, author and times of a page: a cascade from the most to the least trustworthy origin, each value with its origin."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from htmldate import find_date

from pipeline.chrome import squash
from pipeline.moments import Moment, read_moment, zone_of
from pipeline.page import Page

if TYPE_CHECKING:
    from crawler.records import Hints
    from crawler.source import Source

_ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle "
    "BlogPosting LiveBlogPosting AdvertiserContentArticle SocialMediaPosting ScholarlyArticle Report".split()
)
_SITE_END = re.compile(r"\s+[-–—|»:•~]\s+|\s*[|»]\s*")
_URL_DATE = re.compile(
    r"/(20\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/(\d{2})(\d{2})\d{2}(?=/))?(?:/|-|$)"
)
_NOBODY = re.compile(
    r"(?:super)?admin(?:istrator)?\d*|redaksi\w*|tim(?: redaksi| liputan)?|editor|author|penulis|unknown|anonymous|anonim|user\d*|webmaster|news ?room|"
    r"wartawan|reporter|kontributor|staff?|root|test|web|desk|posts? by.*|view all.*|lihat semua.*|n/?a|none|null|undefined|-+",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:(?:di)?(?:tulis|posting|terbitkan|publikasikan|laporkan)(?:kan)? (?:oleh|by)|oleh|by|written by|posted by|penulis|reporter|pewarta|peliput|wartawan|jurnalis|"
    r"kontributor|laporan(?: wartawan)?|liputan|author|naskah|teks|koresponden)\b\s*[:=|/-]?\s*",
    re.IGNORECASE,
)
_BYLINE_INSIDE = re.compile(r"\b(?:penulis|reporter|pewarta|oleh|by)\b\s*:?\s*[A-Z].*", re.IGNORECASE)
_BYLINE_END = re.compile(
    r"\s*(?:\||•|·|»|\n|;|\d{1,2}[ /.-]|\s[-–—]\s|[-–—,]\s*(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)\b|\(|\beditor\b|\bpenulis\b|\bpada\b|\bon\b|/\s*editor|,\s*editor)",
    re.IGNORECASE,
)
_EARLIEST = 1995


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
    page: Page, *, url: str, source: Source | None, hints: Hints | None, fetched_at: datetime | None
) -> Metadata:
    """Return what is known of the article before its text is read.

    Times carry the minute where any origin gave it; one without a zone is on the clock of the source. A value that no
    origin gave is None.
    """
    zone = zone_of(source.zone if source else None)
    article = _article_node(page.json_ld)
    data = Metadata(
        outlets=outlet_names(page, url, source), section=_section(page, article), types=_types(page)
    )
    data.title = _title(page, article, hints, data)
    data.author = _author(page, article, hints, data)
    _set_times(page, article, hints, data, url=url, zone=zone, fetched_at=fetched_at)
    return data


def outlet_names(page: Page | None, url: str | None, source: Source | None) -> frozenset[str]:
    """Return every squashed spelling of the outlet that the source, the page or the address gives."""
    names: set[str] = set()
    if source is not None:
        names |= {source.name, source.slug, *source.domains, *(_stem(domain) for domain in source.domains)}
    if page is not None:
        names |= {page.meta.get("og:site_name", ""), page.meta.get("application-name", "")}
        for node in page.json_ld:
            publisher = node.get("publisher")
            if isinstance(publisher, dict):
                names.add(_plain(publisher.get("name")))
            if node.get("@type") in ("Organization", "NewsMediaOrganization", "WebSite"):
                names |= {_plain(node.get("name")), _plain(node.get("alternateName"))}
    host = urlsplit(url or "").hostname or ""
    if "." in host and not host.replace(".", "").isdigit():
        bare = host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")
        names |= {bare, _stem(bare)}
    return frozenset(squash(name) for name in names if len(squash(name)) >= 3)


def clean_author(raw: str, outlets: frozenset[str]) -> str | None:
    """Return the person that a byline names, without labels, dates and the outlet; None where it names nobody."""
    text = re.sub(r"\s+", " ", html.unescape(raw)).strip()
    for _ in range(2):
        text = _BYLINE.sub("", text)
    end = _BYLINE_END.search(text, 1)
    text = (text[: end.start()] if end else text).strip(" ,:;|/-–—.*()[]")
    pieces = [piece.strip() for piece in re.split(r"\s*[,&|/]\s*|\s+dan\s+|\s+-\s+", text)]
    kept = [
        piece for piece in pieces if piece and squash(piece) not in outlets and not _NOBODY.fullmatch(piece)
    ]
    if not kept or len(text) > 80 or "http" in text or "@" in text or not any(c.isalpha() for c in text):
        return None
    if len(kept) == len(pieces):
        author = text
    else:
        author = ", ".join(kept)
    return (
        None
        if any(squash(author) == f"{word}{name}" for word in ("redaksi", "tim", "admin") for name in outlets)
        else author
    )


def clean_title(raw: str, outlets: frozenset[str], headings: tuple[str | None, ...] = ()) -> str | None:
    """Return a title without the site's name: cut where the rest is the outlet, or where a heading ends."""
    title = " ".join(html.unescape(html.unescape(raw)).split())
    for heading in headings:
        plain = " ".join((heading or "").split())
        if len(plain) > 10 and squash(title).startswith(squash(plain)) and len(plain) <= len(title):
            return plain
    changed = True
    while changed:
        changed = False
        for gap in reversed(list(_SITE_END.finditer(title))):
            if squash(title[gap.end() :]) in outlets:
                title, changed = title[: gap.start()], True
                break
        first = _SITE_END.search(title)
        if first and squash(title[: first.start()]) in outlets:
            title, changed = title[first.end() :], True
    return title.strip() or None


def _title(page: Page, article: dict[str, Any], hints: Hints | None, data: Metadata) -> str | None:
    headline = _plain(article.get("headline")) or _plain(article.get("name"))
    candidates = (
        (hints.origin if hints else "", hints.title if hints else None),
        ("json-ld", "" if headline.endswith(("…", "...")) or len(headline) >= 110 else headline),
        ("opengraph", page.meta.get("og:title") or page.meta.get("twitter:title")),
        ("heading", page.heading),
        ("title", page.head_title),
        ("json-ld", headline),
    )
    for origin, value in candidates:
        if value and squash(value) not in data.outlets:
            title = clean_title(value, data.outlets, (page.heading,))
            if title:
                data.provenance["title"] = origin
                return title
    return None


def _author(page: Page, article: dict[str, Any], hints: Hints | None, data: Metadata) -> str | None:
    candidates = [(hints.origin, hints.author)] if hints and hints.author else []
    candidates += [("json-ld", name) for name in _people(article.get("author"), page.json_ld)]
    candidates += [
        ("meta", page.meta[key])
        for key in ("author", "article:author", "dc.creator", "parsely-author", "content_author")
        if key in page.meta
    ]
    candidates += [("byline", text) for text in page.authors[:8]]
    candidates += [("byline", found.group()) for text in page.dates[:6] if (found := _BYLINE_INSIDE.search(text))]
    for origin, value in candidates:
        author = clean_author(value, data.outlets) if value else None
        if author:
            data.provenance["author"] = origin
            return author
    return None


def _people(value: Any, nodes: list[dict[str, Any]]) -> list[str]:
    """Return the names of a JSON-LD author: a string, an object, a list of them, or a reference into the graph."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        names = [name for item in value[:10] for name in _people(item, nodes)]
        return [", ".join(names)] if len(names) > 1 else names
    if isinstance(value, dict):
        if not value.get("name") and value.get("@id"):
            value = next((node for node in nodes if node.get("@id") == value["@id"] and node.get("name")), {})
        if value.get("@type") not in ("Organization", "NewsMediaOrganization") and isinstance(
            value.get("name"), str
        ):
            return [value["name"]]
    return []


def _set_times(
    page: Page,
    article: dict[str, Any],
    hints: Hints | None,
    data: Metadata,
    *,
    url: str,
    zone: tzinfo,
    fetched_at: datetime | None,
) -> None:
    meta = page.meta
    visible = [moment for text in page.dates[:8] if (moment := read_moment(text, zone))]
    published = [
        (hints.origin if hints else "", hints.published if hints else None),
        ("json-ld", article.get("datePublished") or article.get("dateCreated")),
        ("opengraph", meta.get("article:published_time") or meta.get("og:article:published_time")),
        *(
            ("meta", meta.get(name))
            for name in (
                "datepublished",
                "pubdate",
                "publishdate",
                "publish-date",
                "date",
                "dc.date",
                "content_publishdate",
                "content_publisheddate",
            )
        ),
    ]
    moments = [(origin, moment) for origin, raw in published if (moment := _moment(raw, zone))]
    moments += [("byline", moment) for moment in visible]
    moments += [("url", moment)] if (moment := _url_moment(url, zone)) else []
    chosen = _choose([m for m in moments if _plausible(m[1], fetched_at)], visible)
    if chosen is None:
        chosen = _htmldate(page, zone, fetched_at)
    if chosen:
        origin, moment = chosen
        data.published = moment.at
        data.provenance["published"] = origin if moment.minute else f"{origin} (day)"
    modified = [
        (hints.origin if hints else "", hints.modified if hints else None),
        ("json-ld", article.get("dateModified")),
        ("opengraph", meta.get("article:modified_time") or meta.get("og:updated_time")),
        ("meta", meta.get("datemodified") or meta.get("lastmod")),
    ]
    for origin, raw in modified:
        when = _moment(raw, zone)
        if when and _plausible(when, fetched_at) and (data.published is None or when.at >= data.published):
            data.modified, data.provenance["modified"] = when.at, origin
            break


def _choose(moments: list[tuple[str, Moment]], visible: list[Moment]) -> tuple[str, Moment] | None:
    """Return the first moment that has a clock, if it agrees with the best one's day, else the best one.

    A page that calls its local clock UTC is found out by the clock and zone that it shows to readers.
    """
    if not moments:
        return None
    origin, best = moments[0]
    if not best.minute:
        finer = next((m for m in moments if m[1].minute and m[1].day == best.day), None)
        origin, best = finer or (origin, best)
    if best.utc:
        claimed = best.at.astimezone(UTC).timetuple()[:5]
        for shown in visible:
            if shown.zoned and not shown.utc and shown.minute and shown.at.timetuple()[:5] == claimed:
                return f"{origin}, zone by byline", shown
    return origin, best


def _htmldate(page: Page, zone: tzinfo, fetched_at: datetime | None) -> tuple[str, Moment] | None:
    latest = (fetched_at or datetime.now(zone)).strftime("%Y-%m-%d")
    try:
        found = find_date(page.tree, original_date=True, extensive_search=False, max_date=latest)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    moment = read_moment(found, zone) if found else None
    return ("htmldate", moment) if moment else None


def _url_moment(url: str, zone: tzinfo) -> Moment | None:
    found = _URL_DATE.search(urlsplit(url).path)
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    clock = f"T{hour}:{minute}" if hour and int(hour) < 24 and int(minute) < 60 else ""
    return read_moment(f"{year}-{month}-{day}{clock}", zone)


def _moment(raw: Any, zone: tzinfo) -> Moment | None:
    return read_moment(raw, zone) if isinstance(raw, str) else None


def _plausible(moment: Moment, fetched_at: datetime | None) -> bool:
    latest = (fetched_at or datetime.now(moment.at.tzinfo)) + timedelta(days=2)
    return moment.at.year >= _EARLIEST and moment.at <= (
        latest if latest.tzinfo else latest.replace(tzinfo=moment.at.tzinfo)
    )


def _article_node(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON-LD object of the article, the page's own where no article is named, else an empty one."""
    for wanted in (_ARTICLE_TYPES, {"WebPage"}):
        for node in nodes:
            if wanted & set(_type_names(node)):
                return node
    return {}


def _type_names(node: dict[str, Any]) -> list[str]:
    value = node.get("@type")
    return (
        [value]
        if isinstance(value, str)
        else [v for v in value if isinstance(v, str)]
        if isinstance(value, list)
        else []
    )


def _types(page: Page) -> frozenset[str]:
    types = {name for node in page.json_ld for name in _type_names(node)}
    return frozenset(types | {f"og:{page.meta['og:type'].lower()}"} if page.meta.get("og:type") else types)


def _section(page: Page, article: dict[str, Any]) -> str:
    value = article.get("articleSection")
    named = " ".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else _plain(value)
    return f"{named} {page.meta.get('article:section', '')}".strip()


def _plain(value: Any) -> str:
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _stem(domain: str) -> str:
    return domain.removeprefix("www.").split(".")[0]
