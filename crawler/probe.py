"""Onboarding: what a live site offers a crawler, as a source; and whether a source still gives articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.blocked import find_blocked
from crawler.discovery.shapes import may_be_section
from crawler.hosts import ROBOTS_NAME, Host
from crawler.pagelinks import page_problem
from crawler.records import Entry
from crawler.sitefacts import FrontPage, article_pattern, read_front_page, section_pattern, slug_of
from crawler.source import Discovery, Method, Source, Zone
from crawler.sourcetext import write_source
from crawler.trial import Trial, daily_rate, entry_time, try_way
from crawler.visitor import Visit, VisitError, Visitor

__all__ = [
    "Probe",
    "ProbeError",
    "SourceCheck",
    "Trial",
    "check_sources",
    "probe_site",
    "write_source",
    "zone_of",
]

_WITA = frozenset("51 52 53 63 64 65 71 72 73 74 75 76".split())
_WIT = frozenset("81 82 91 92 93 94 95 96".split())
_WORD_PATH = re.compile(r"/(?:[a-z]+(?:/[a-z]+)?/?)?")
_STALE_DAYS = 60
_SECTION_PAGES = 5
_MAX_SECTIONS = 8


class ProbeError(ValueError):
    """A site can be no source; the message says why."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a site offers: the source made of it, each way tried, and one article's page.

    `rate` is articles a day, None where listings state no times; `crawl_delay` the seconds that
    robots.txt asks for.
    """

    source: Source
    front: FrontPage
    trials: tuple[Trial, ...]
    rate: float | None
    crawl_delay: float | None
    entry: Entry
    page: Visit
    requests: int


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """Whether a source gives articles on the live web; `problem` says why not, in one line."""

    source: Source
    trials: tuple[Trial, ...]
    newest: datetime | None
    requests: int
    problem: str | None

    @property
    def works(self) -> bool:
        """Return whether listings and an article's page could be read."""
        return self.problem is None


def probe_site(
    url: str,
    *,
    contact: str,
    home: str | None = None,
    slug: str | None = None,
    delay_s: float = 2.0,
    allow_private: bool = False,
) -> Probe:
    """Ask a site some 5 to 20 pages and return the source that it makes. Raises ProbeError.

    Nobody can tell a home region from a site: give its Kemendagri code, which also decides the zone.
    """
    url = url if "://" in url else f"https://{url}"
    if blocked := find_blocked(url):
        raise ProbeError(f"{url}: on the block list since {blocked.date}: {blocked.reason}")
    visitor = Visitor(contact=contact, delay_s=delay_s, allow_private=allow_private)
    try:
        visit = visitor.get(_root(url))
        robots = visitor.robots(visit.url)
    except VisitError as error:
        raise ProbeError(str(error)) from None
    if visit.status != 200 or (problem := page_problem(visit.content_type, dict(visit.headers), visit.body)):
        raise ProbeError(
            f"{visit.url}: no front page ({problem if visit.status == 200 else f'HTTP {visit.status}'})"
        )
    front = read_front_page(visit.body, visit.url)
    draft = _draft(visit.url, front, home, slug, allow_private)
    trials = _try_all(draft, _candidates(front, robots), front, visitor)
    working = [trial for trial in trials if trial.works]
    if not working:
        reasons = "; ".join(f"{trial.method}: {trial.problem}" for trial in trials)
        raise ProbeError(f"{draft.site}: nothing that lists articles was found ({reasons})")
    rate = daily_rate(working, draft, datetime.now(UTC))
    source = _finished(draft, front, working, rate, _asked_delay(robots))
    entry, page = _article(source, working, visitor)
    return Probe(source, front, tuple(trials), rate, _asked_delay(robots), entry, page, visitor.requests)


def check_sources(
    sources: Sequence[Source], *, contact: str, delay_s: float | None = None, workers: int = 8
) -> Iterator[SourceCheck]:
    """Yield a check of each source against the live web, in the order given; several hosts at once."""

    def check(source: Source) -> SourceCheck:
        return _check(source, contact, source.politeness.delay_s if delay_s is None else delay_s)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(check, sources)


def zone_of(home: str | None) -> Zone:
    """Return the time zone of a region by its province, Jakarta's where the region is unknown."""
    province = (home or "")[:2]
    if province in _WITA:
        return "Asia/Makassar"
    return "Asia/Jayapura" if province in _WIT else "Asia/Jakarta"


def _check(source: Source, contact: str, delay_s: float) -> SourceCheck:
    visitor = Visitor(
        contact=contact, delay_s=delay_s, allow_private=source.allow_private, any_certificate=True
    )
    trials = [try_way(source, way, visitor) for way in source.discovery]
    working = [trial for trial in trials if trial.works]
    newest = max((trial.newest for trial in working if trial.newest), default=None)
    problem = None
    if not working:
        problem = trials[0].problem or "nothing lists articles"
    elif newest and (datetime.now(UTC) - newest).days > _STALE_DAYS:
        problem = f"its newest article is of {newest:%Y-%m-%d}"
    else:
        try:
            _article(source, working, visitor)
        except ProbeError as error:
            problem = str(error)
    return SourceCheck(source, tuple(trials), newest, visitor.requests, problem)


def _root(url: str) -> str:
    try:
        split = urlsplit(url)
        if split.scheme in ("http", "https") and split.hostname:
            return f"{split.scheme}://{split.netloc}/"
    except ValueError:
        pass
    raise ProbeError(f"{url[:200]}: no http or https address")


def _draft(url: str, front: FrontPage, home: str | None, slug: str | None, private: bool) -> Source:
    split = urlsplit(url)
    netloc = split.netloc.lower()
    values = {
        "slug": slug or slug_of(netloc),
        "name": front.name or netloc,
        "domains": (netloc.removeprefix("www."),),
        "site": f"{split.scheme}://{netloc}",
        "home": home,
        "zone": zone_of(home),
        "cms": front.cms,
        "allow_private": private,
        "discovery": ({"method": "section", "url": "/", "pages": 1},),
    }
    try:
        return Source.model_validate(values)
    except ValueError as error:
        raise ProbeError(f"{url}: {error}") from None


def _candidates(front: FrontPage, robots: Host) -> list[list[Discovery]]:
    """Return the ways to try: of each group the first that works is taken."""
    stated = [url for url in (robots.rules.sitemaps if robots.rules else ()) if len(url) < 400][:20]
    # it tells titles and times, of the last two days: it is worth having beside a sitemap of everything
    news = [url for url in stated if "news" in urlsplit(url).path.rpartition("/")[2].lower()]
    named = [url for url in stated if url not in news]
    usual = ["/wp-sitemap.xml", "/sitemap_index.xml"] if front.cms == "wordpress" else ["/sitemap.xml"]
    sitemaps = _ways("sitemap", [*named[:3], *usual])
    extra = _ways("sitemap", news[:2])
    if front.cms == "blogger":
        return [_ways("blogger", ["/feeds/posts/summary", "/feeds/posts/default"]), sitemaps]
    feeds = _ways(
        "feed", [*front.feeds, "/feed/"] if front.cms == "wordpress" else [*front.feeds, "/rss", "/feed"]
    )
    if front.cms == "wordpress":
        return [_ways("wp_rest", [front.rest or "/wp-json/wp/v2/posts"]), sitemaps, extra, feeds]
    return [sitemaps, extra, feeds, [Discovery(method="section", url="/", pages=_SECTION_PAGES)]]


def _ways(method: Method, urls: Iterable[str]) -> list[Discovery]:
    usable = [
        url for url in dict.fromkeys(urls) if url.startswith(("http://", "https://", "/")) and " " not in url
    ]
    return [Discovery(method=method, url=url) for url in usable]


def _try_all(draft: Source, groups: list[list[Discovery]], front: FrontPage, visitor: Visitor) -> list[Trial]:
    trials: list[Trial] = []
    for group in groups:
        for way in group:
            if not draft.owns(draft.resolve(way.url)):
                continue
            known = draft
            if way.method == "section":  # what the other ways listed tells which links are articles
                known = draft.model_copy(update={"article": _patterns(trials, front)})
            trials.append(_useful(try_way(known, way, visitor)))
            if trials[-1].works:
                break
    if {trial.method for trial in trials if trial.works} <= {"section"}:
        trials += _sections(draft, trials, front, visitor)
    return trials


def _useful(trial: Trial) -> Trial:
    """Return a trial without what a sitemap that names nothing but sections lists."""
    paths = [urlsplit(entry.url).path for entry in trial.entries]
    if trial.method == "sitemap" and paths and all(map(_WORD_PATH.fullmatch, paths)):
        return replace(trial, entries=(), newest=None, problem="it lists sections only")
    return trial


def _sections(draft: Source, trials: list[Trial], front: FrontPage, visitor: Visitor) -> list[Trial]:
    """Return the sections of the front page's menu that list what the front page, if it lists any, does not."""
    known = {entry.url for trial in trials for entry in trial.entries}
    found: list[Trial] = []
    # an index of everything goes back further than a section
    paths = sorted(filter(may_be_section, front.paths), key=lambda path: not path.startswith("/indeks"))
    for way in _ways("section", paths)[:_MAX_SECTIONS]:
        trial = try_way(draft, way, visitor)
        if not {entry.url for entry in trial.entries} <= known:
            known |= {entry.url for entry in trial.entries}
            found.append(trial)
    return found


def _patterns(trials: Sequence[Trial], front: FrontPage) -> tuple[str, ...]:
    """Return the pattern of the addresses that were listed, by section pages only where there is no other way."""
    urls = [entry.url for trial in trials for entry in trial.entries if trial.method != "section"]
    linked = [entry.url for trial in trials for entry in trial.entries]
    pattern = article_pattern(urls) if urls else section_pattern(linked, front.paths)
    return (pattern,) if pattern else ()


def _finished(
    draft: Source, front: FrontPage, working: list[Trial], rate: float | None, asked: float | None
) -> Source:
    # where a fuller way lists the past, the front page is looked at for what that way has not yet
    fuller = any(trial.method in ("sitemap", "wp_rest") for trial in working)
    pages = {"pages": 1 if fuller else _SECTION_PAGES}
    ways = [
        {
            "method": t.method,
            "url": t.url.removeprefix(draft.site) or "/",
            **(pages if t.method == "section" else {}),
        }
        for t in working
    ]
    values = draft.model_dump() | {"discovery": ways, "article": _patterns(working, front)}
    # a third of the usual day is a quiet day; less than that is worth a look
    most = draft.politeness.pages_per_night
    values["expect"] = {"min_articles_night": int(min(rate or 0, most) / 3)}
    values["politeness"] = draft.politeness.model_dump() | {
        "delay_s": max(draft.politeness.delay_s, min(asked or 0.0, 300.0))
    }
    return Source.model_validate(values)


def _asked_delay(robots: Host) -> float | None:
    asked = robots.rules.crawl_delay(ROBOTS_NAME) if robots.rules else None
    return None if asked is None else float(asked)


def _article(source: Source, working: Sequence[Trial], visitor: Visitor) -> tuple[Entry, Visit]:
    """Return the newest listed article that can be read, of three tries. Raises ProbeError."""
    entries = [entry for trial in working for entry in _newest_first(trial, source)[:2]]
    problem = ""
    for entry in entries[:3]:
        try:
            visit = visitor.get(entry.address or entry.url)
        except VisitError as error:
            problem = str(error)
            continue
        found = page_problem(visit.content_type, dict(visit.headers), visit.body)
        if visit.status == 200 and found is None:
            return entry, visit
        problem = f"{visit.url}: {found or f'HTTP {visit.status}'}"
    raise ProbeError(f"{source.site}: no article's page could be read ({problem})")


def _newest_first(trial: Trial, source: Source) -> list[Entry]:
    def age(entry: Entry) -> float:
        moment = entry_time(entry, source)
        return -moment.timestamp() if moment else 0.0

    return sorted(trial.entries, key=age)
