"""One night with sites that misbehave, in one crawl: what is fetched, what is lost and why, how politely."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import pairwise

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.run import CrawlReport, SourceReport
from crawler.source import Source

HTML = {"Content-Type": "text/html; charset=UTF-8"}
BOMB = gzip.compress(b"<html>" + b" " * (60 << 20), 9)


@dataclass
class Night:
    """A crawl of all sites, by the names that the tests use."""

    place: Place
    report: CrawlReport
    sites: dict[str, Site]
    sources: dict[str, Source]

    def of(self, name: str) -> SourceReport:
        return self.report.by_source[self.sources[name].slug]


def every(number: int, answer: Callable[[], Answer]) -> Callable[[str, dict[str, str]], Answer | None]:
    """Return a rule that answers each `number`-th request for a page in place of the site."""
    count = 0

    def rule(path: str, headers: dict[str, str]) -> Answer | None:
        nonlocal count
        if "kabar" not in path:
            return None
        count += 1
        return answer() if count % number == 0 else None

    return rule


def on(slug_end: str, answer: Callable[[], Answer | None]) -> Callable[[str, dict[str, str]], Answer | None]:
    """Return a rule for the page of one post."""
    return lambda path, _headers: answer() if path.rstrip("/").endswith(slug_end) else None


def broken_site() -> Site:
    site = Site(make_posts(14))
    tries = iter([Answer(reset=True), Answer(reset=True)])
    page = b"<!DOCTYPE html><html><title>x</title><p>Teks karangan.</p></html>"
    packed = gzip.compress(page * 50)
    site.rules += [
        on("00000", lambda: Answer(301, b"", {"Location": "/kabar-rekaan-nomor-00000/?lagi=1"})),
        lambda path, _: (
            Answer(301, b"", {"Location": "/kabar-rekaan-nomor-00000/"}) if "lagi=1" in path else None
        ),
        on("00001", lambda: Answer(302, b"", {"Location": "http://192.0.2.1/x"})),
        on("00002", lambda: Answer(302, b"", {"Location": "/"})),
        lambda path, _: Answer(200, page, HTML) if path == "/" else None,
        on("00003", lambda: Answer(200, packed[:-20], HTML | {"Content-Encoding": "gzip"})),
        on("00004", lambda: Answer(200, BOMB, HTML | {"Content-Encoding": "gzip"})),
        on("00005", lambda: Answer(200, page[:-20], HTML, declared=len(page) + 100)),
        on("00006", partial(next, tries, None)),
        on("00007", lambda: Answer(200, page + b" " * (11 << 20), HTML)),
        on("00008", lambda: Answer(200, page, HTML, delay=3.0)),
        on("00009", lambda: Answer(200, b"%PDF-1.7 bukan halaman", {"Content-Type": "application/pdf"})),
        on("00010", lambda: Answer(200, page + b'<form class="post-password-form">', HTML)),
        on(
            "00012",
            lambda: Answer(200, b"\x1f\x8b\x08\x00 bukan gzip" * 9, HTML | {"Content-Encoding": "gzip"}),
        ),
        on("00013", lambda: Answer(500)),
    ]
    return site


def mislabelled_site() -> Site:
    """Return a site whose pages are UTF-8 and whose headers say otherwise, those of its sitemap too."""
    site = Site(make_posts(12, text="Harga “naik” – kata warga café rekaan. " * 30))
    wrong = {"Content-Type": "text/html; charset=ISO-8859-5"}
    for slug, post in site.posts.items():
        site.rules.append(on(slug, lambda post=post: Answer(200, post.html(site.url, 1), wrong)))  # type: ignore[misc]
    return site


def calendar_site() -> Site:
    """Return a site with a section that never ends, a calendar that reaches into eternity, and facets."""
    site = Site(make_posts(12))

    def section(path: str, _headers: dict[str, str]) -> Answer | None:
        if not path.startswith(("/berita/", "/kalender/", "/20")):
            return None
        page = int(path.rstrip("/").rpartition("/")[2]) if "/page/" in path else 1
        names = [f"kabar-rekaan-nomor-{n:05d}" for n in range(12)]
        names = names[page % 12 :] + names[: page % 12]  # another order on each page: no two look alike
        links = "".join(f'<a href="/{name}/">Kabar rekaan yang panjang judulnya</a>' for name in names)
        traps = (
            f'<a href="/kalender/{2024 + page}-01/">Januari</a><a href="/{2024 + page}/01/05/">5</a>'
            f'<a href="/berita/?urut=judul&halaman={page}">Urut</a><a href="/berita/?tahun={page}">Tahun</a>'
            f'<a rel="next" href="/berita/page/{page + 1}/">Berikutnya</a>'
        )
        return Answer(200, f"<!DOCTYPE html><html><body>{links}{traps}</body></html>".encode(), HTML)

    site.rules.append(section)
    return site


def choosy(allowed: Callable[[str], bool]) -> Callable[[str, dict[str, str]], Answer | None]:
    """Return a rule that answers 403 to agents that are not `allowed`."""
    return lambda path, headers: (
        Answer(403, b"<title>Forbidden</title>", HTML)
        if "kabar" in path and not allowed(headers["user-agent"])
        else None
    )


def later() -> Answer:
    at = (datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0)
    return Answer(503, b"", {"Retry-After": format_datetime(at, usegmt=True)})


def make_sites() -> dict[str, Site]:
    sites = {
        name: Site(make_posts(12)) for name in "slow busy burst rules closed hurried blocked shy".split()
    }
    sites["good"] = Site(make_posts(12, pages=1), packed=True)
    sites["good"].posts["kabar-rekaan-nomor-00004"].pages = 3
    sites["broken"] = broken_site()
    sites["slow"].robots = b"User-agent: *\nCrawl-delay: 0.3\n"
    sites["busy"].rules.append(every(5, lambda: Answer(429, b"", {"Retry-After": "1"})))
    dated: Iterator[Answer] = (later() for _ in range(1))  # made when it is asked, because it names a time
    sites["burst"].rules += [on("00003", partial(next, dated, None)), every(4, lambda: Answer(503))]
    sites["rules"].robots = b"User-agent: Wartawas\nDisallow: /kabar-rekaan-nomor-00003\n"
    sites["closed"].rules.append(lambda path, _: Answer(503) if path == "/robots.txt" else None)
    sites["hurried"].rules.append(
        lambda path, _: Answer(429, b"", {"Retry-After": "1"}) if path == "/robots.txt" else None
    )
    sites["mislabelled"], sites["calendar"] = mislabelled_site(), calendar_site()
    sites["libraries"] = Site(make_posts(12))
    sites["libraries"].rules.append(choosy(lambda agent: "Scrapy" not in agent and "+test@" in agent))
    sites["browsers"] = Site(make_posts(12))
    sites["browsers"].rules.append(choosy(lambda agent: "Mozilla" in agent))
    sites["blocked"].rules.append(every(1, lambda: Answer(403, b"<title>Just a moment...</title>", HTML)))
    return sites


@pytest.fixture(scope="module")
def night(shared_place: Callable[[], Place]) -> Iterator[Night]:
    sites = make_sites()
    with ExitStack() as stack:
        for site in sites.values():
            stack.enter_context(serve(site))
        sources = {name: site.source("sitemap") for name, site in sites.items()}
        section = [{"method": "section", "url": "/berita/"}]
        sources["calendar"] = sites["calendar"].source(discovery=section)
        sources["shy"] = sites["shy"].source("sitemap", allow_private=False)
        hidden = {"domains": [sites["shy"].url.replace("http://127.0.0.1", "127.1")]}
        address = {"slug": "sly", "site": f"http://{hidden['domains'][0]}", "allow_private": False}
        sources["sly"] = sites["shy"].source("sitemap", **hidden, **address)
        dead, hanging = stack.enter_context(socket.socket()), stack.enter_context(socket.socket())
        dead.bind(("127.0.0.1", 0))
        hanging.bind(("127.0.0.1", 0))
        hanging.listen(16)
        for name, sock in (("dead", dead), ("hanging", hanging)):
            port = sock.getsockname()[1]
            address = {"slug": name, "domains": [f"127.0.0.1:{port}"], "site": f"http://127.0.0.1:{port}"}
            sources[name] = sites["good"].source("sitemap", **address)
        place = shared_place()
        yield Night(place, place.crawl(*sources.values()), sites, sources)


def test_good_site_is_complete_beside_broken_ones(night: Night) -> None:
    report = night.of("good")
    assert (report.discovered, report.fetched, report.problem) == (14, 14, None)
    assert not report.failed and not report.skipped


def test_parts_belong_to_their_article(night: Night) -> None:
    slug = night.sources["good"].slug
    mine = [c for c in night.place.captures() if c.source == slug and c.article_url.endswith("00004")]
    assert sorted(c.part for c in mine) == [1, 2, 3]
    assert sorted(night.place.text(c)[:400].count("Halaman 3") for c in mine) == [0, 0, 1]


def test_every_loss_has_its_reason(night: Night) -> None:
    report = night.of("broken")
    assert report.failed == {
        "redirect_loop": 1,
        "truncated": 2,
        "too_large": 2,
        "timeout": 1,
        "bad_encoding": 1,
        "http_500": 1,
    }
    assert report.skipped == {"offsite": 1, "listing": 1, "not_html": 1, "protected": 1}
    assert report.fetched == 2  # the page after two resets, and the one that is well
    assert (
        report.discovered == 14 == sum(report.failed.values()) + sum(report.skipped.values()) + report.fetched
    )


def test_a_page_that_fails_is_asked_three_times(night: Night) -> None:
    assert [path for path in night.sites["broken"].pages_asked() if "00013" in path] == [
        "/kabar-rekaan-nomor-00013/"
    ] * 3


def test_overloaded_hosts_are_read_to_the_end(night: Night) -> None:
    for name in ("busy", "burst"):
        report = night.of(name)
        assert (report.fetched, report.failed, report.problem) == (12, {}, None), name


@pytest.mark.parametrize(("name", "wait"), [("busy", 1.0), ("burst", 0.2)])
def test_retry_after_is_kept(night: Night, name: str, wait: float) -> None:
    log = night.sites[name].log
    refused = [n for n, entry in enumerate(log) if entry.status in (429, 503)]
    assert len(refused) >= 2
    assert all(log[n + 1].begin - log[n].begin >= wait for n in refused)


def test_retry_after_date_is_kept(night: Night) -> None:
    log = night.sites["burst"].log
    first = next(n for n, entry in enumerate(log) if entry.status == 503 and entry.path.endswith("00003/"))
    assert log[first + 1].begin - log[first].begin >= 0.9  # a date is a whole second, up to 2 s ahead


def test_one_request_at_a_time_and_never_early(night: Night) -> None:
    for name, site in night.sites.items():
        log = sorted(site.log, key=lambda entry: entry.begin)
        late = [b.begin - a.end for a, b in pairwise(log) if "00008" not in a.path]
        assert all(gap > -0.05 for gap in late), name
    starts = [entry.begin for entry in night.sites["slow"].log][1:]
    assert min(b - a for a, b in pairwise(starts)) >= 0.3


def test_robots_come_first_and_are_obeyed(night: Night) -> None:
    for site in night.sites.values():
        assert not site.log or site.log[0].path == "/robots.txt"
    assert not [e for e in night.sites["rules"].log if "00003" in e.path]
    assert night.of("rules").skipped == {"robots": 1}
    assert night.of("rules").fetched == 11


@pytest.mark.parametrize("name", ["closed", "hurried"])
def test_nothing_is_asked_where_robots_cannot_be_had(name: str, night: Night) -> None:
    report = night.of(name)
    assert report.problem is not None and report.problem.startswith("robots_unavailable")
    assert {entry.path for entry in night.sites[name].log} == {"/robots.txt"}


def test_blocking_site_is_left_after_a_few_refusals(night: Night) -> None:
    report = night.of("blocked")
    assert report.problem is not None and report.problem.startswith("blocked")
    assert report.failed == {"blocked": 5}
    assert report.waiting == 7


@pytest.mark.parametrize(
    ("name", "why"), [("dead", "refuses connections"), ("hanging", "not answer in time")]
)
def test_unreachable_source_says_why(night: Night, name: str, why: str) -> None:
    report = night.of(name)
    assert report.problem is not None and report.problem.startswith("unreachable: ")
    assert why in report.problem
    assert report.fetched == 0


@pytest.mark.parametrize("name", ["shy", "sly"])
def test_private_address_is_never_asked(night: Night, name: str) -> None:
    problem = night.of(name).problem
    assert problem is not None and "private, loopback or link-local" in problem
    assert night.sites["shy"].log == []


def test_wrong_charset_header_costs_nothing(night: Night) -> None:
    report, site = night.of("mislabelled"), night.sites["mislabelled"]
    assert (report.fetched, report.failed, report.skipped) == (12, {}, {})
    slug = night.sources["mislabelled"].slug
    for capture in (c for c in night.place.captures() if c.source == slug):
        post = site.posts[capture.article_url.rpartition("/")[2]]
        assert night.place.text(capture) == post.html(site.url, 1).decode()


def test_calendar_and_endless_section_are_bounded(night: Night) -> None:
    report, site = night.of("calendar"), night.sites["calendar"]
    assert (report.discovered, report.fetched, report.problem) == (12, 12, None)
    assert sorted(site.pages_asked()) == sorted(f"/{slug}/" for slug in site.posts)
    listings = {entry.path for entry in site.log} - set(site.pages_asked()) - {"/robots.txt"}
    assert listings == {"/berita/", *(f"/berita/page/{n}/" for n in range(2, 6))}


def test_site_that_refuses_libraries_is_read_and_one_that_wants_browsers_is_left(night: Night) -> None:
    assert (night.of("libraries").fetched, night.of("libraries").problem) == (12, None)
    report, site = night.of("browsers"), night.sites["browsers"]
    assert report.problem == "blocked: http_403"
    assert (report.fetched, report.failed, report.waiting) == (0, {"http_403": 5}, 7)
    assert len(site.pages_asked()) == 5


def test_user_agent_is_honest_everywhere(night: Night) -> None:
    agents = {entry.headers["user-agent"] for site in night.sites.values() for entry in site.log}
    assert len(agents) == 1
    assert agents.pop().endswith("(+test@example.org)")


def test_ledger_and_archive_agree(night: Night) -> None:
    assert night.place.audit() == []
    captures = night.place.captures()
    assert len({(c.article_url, c.part) for c in captures}) == len(captures)
    for capture in captures:
        assert night.place.text(capture)


def test_threads_of_the_parent_are_untouched(night: Night) -> None:
    assert not [t for t in threading.enumerate() if t.name == "recorder"]


def test_sources_of_one_host_leave_it_together_when_it_asks_for_too_long_a_wait(place: Place) -> None:
    busy = Answer(429, b"", {"Retry-After": "86400"})
    with serve(Site(make_posts(5))) as site:
        site.rules.append(lambda path, _: busy if path == "/wp-sitemap.xml" else None)
        desks = site.source("sitemap", slug="desk-satu"), site.source("feed", slug="desk-dua")
        report = place.crawl(*desks, ends_at=datetime.now(UTC) + timedelta(seconds=60))
    problems = [(report.by_source[desk.slug].problem or "").partition(":")[0] for desk in desks]
    assert problems == ["host_overloaded", "host_overloaded"]
