"""What waits is asked by how new it is: by stated times, by the listing that shows it, by the place in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.changes import record_listing
from crawler.discovery import parse
from crawler.frontier import AHEAD_OF_ALL
from crawler.ledger import SCHEMA_VERSION, Ledger
from crawler.recorder import Desk
from crawler.records import Entry, Hints, Step
from crawler.source import Source
from crawler.tally import ListingVisit

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
XML = {"Content-Type": "application/xml"}
HTML = {"Content-Type": "text/html"}
SITE = "https://contoh.example"


def entry(number: int, at: datetime | None = None) -> Entry:
    return Entry(f"{SITE}/kabar/{number}", Hints("sitemap"), at=at)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def listed(ledger: Ledger, kind: str, entries: list[Entry], now: datetime = NOW, depth: int = 0) -> None:
    """Enter what a page of that kind lists."""
    visit = ListingVisit(Step(kind, f"{SITE}/{kind}{depth}", depth), 200)
    desk = object.__new__(Desk)
    desk.ledger, desk.run = ledger, "r1"
    with ledger.transaction():
        record_listing("contoh", visit, entries, now)(desk)


def order(ledger: Ledger, size: int = 3, **span: int) -> str:
    """Return the numbers of the waiting articles in the order in which they would be asked."""
    before, found = AHEAD_OF_ALL, ""
    while batch := ledger.pages.new_targets("contoh", before, size, **span):
        found += "".join(target.article_url[-1] for target in batch)
        before = batch[-1].rank
    return found


def test_pages_are_asked_by_their_stated_time_and_else_by_their_place_in_the_listing(ledger: Ledger) -> None:
    listed(ledger, "feed", [entry(1, NOW - DAY), entry(2, NOW - 3 * DAY), entry(3, NOW - 2 * DAY)])
    listed(ledger, "sitemap", [entry(4), entry(5), entry(6)])
    assert order(ledger) == "132456"
    assert order(ledger, size=1) == "132456"
    assert ledger.pages.new_targets("lain", AHEAD_OF_ALL, 3) == []


def test_first_pages_go_before_deep_ones_and_before_what_lists_anything(ledger: Ledger) -> None:
    listed(ledger, "section", [entry(1), entry(2)])
    listed(ledger, "section", [entry(3), entry(4)], depth=1)
    listed(ledger, "sitemap", [entry(5), entry(6)], depth=1)
    listed(ledger, "feed", [entry(7, NOW - timedelta(hours=9)), entry(8, NOW - 40 * DAY)])
    assert order(ledger) == "12734856"


def test_what_the_front_page_shows_goes_before_the_sitemap_that_named_it_first(ledger: Ledger) -> None:
    listed(ledger, "sitemap", [entry(1), entry(2), entry(3, NOW - 9 * DAY)])
    listed(ledger, "section", [entry(2), entry(3)])
    assert order(ledger) == "231"


def test_news_of_a_later_night_goes_before_arrears(ledger: Ledger) -> None:
    listed(ledger, "section", [entry(1), entry(2)])
    listed(ledger, "feed", [entry(3, NOW - DAY)])
    listed(ledger, "section", [entry(4), entry(5)], NOW + DAY)
    assert order(ledger) == "45123"


def test_a_time_of_the_future_gives_no_precedence(ledger: Ledger) -> None:
    listed(ledger, "feed", [entry(1, NOW), entry(2, NOW + 300 * DAY), entry(3, NOW - DAY)])
    assert order(ledger) == "123"


def test_a_back_fill_asks_what_it_found_before_what_waited(ledger: Ledger) -> None:
    listed(ledger, "feed", [entry(1, NOW - DAY), entry(2, NOW - 2 * DAY)])
    known = ledger.pages.last_id()
    listed(ledger, "sitemap", [entry(3, NOW - 400 * DAY), entry(4, NOW - 300 * DAY)])
    assert order(ledger, over=known) + order(ledger, up_to=known) == "4312"


def test_further_page_of_an_article_is_not_asked_twice(ledger: Ledger) -> None:
    listed(ledger, "feed", [entry(1, NOW - DAY), entry(2, NOW - 2 * DAY)])
    (first,) = ledger.pages.new_targets("contoh", AHEAD_OF_ALL, 1)
    part = ledger.pages.add_part(first, 2, f"{first.url}?page=2", "r1", NOW)
    assert part and part.rank[0] == first.rank[0]
    rest = ledger.pages.new_targets("contoh", first.rank, 5)
    assert [target.article_url[-1] for target in rest] == ["2"]


def test_choosing_what_is_asked_next_needs_no_sorting(ledger: Ledger) -> None:
    plan = ledger._con.execute(
        "EXPLAIN QUERY PLAN SELECT p.id FROM pages p WHERE p.source = 's' AND p.state IN ('discovered', 'queued')"
        " AND (p.news_at, p.id) < ('9', 0) AND p.id > 0 AND p.id <= 9 ORDER BY p.news_at DESC, p.id DESC LIMIT 5"
    ).fetchall()
    text = " ".join(row["detail"] for row in plan)
    assert "pages_waiting (source=? AND news_at<?)" in text and "TEMP B-TREE" not in text


def test_a_ledger_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    rows = [
        ("1", "queued", '{"origin": "feed", "published": "2026-02-27T10:00:00+07:00"}', None),
        ("2", "queued", '{"origin": "sitemap", "published": null}', "2026-02-28T10:00:00+00:00"),
        ("3", "queued", '{"origin": "sitemap", "published": null}', None),
        ("4", "discovered", '{"origin": "section", "published": null}', None),
        ("5", "queued", '{"origin": "feed", "published": "besok"}', None),
        ("6", "queued", None, None),
    ]
    with closing(sqlite3.connect(path)) as con:
        con.executescript((Path(__file__).parent / "schemas" / "1.sql").read_text(encoding="utf-8"))
        con.executemany(
            "INSERT INTO pages (source, article_url, url, state, hints, lastmod, found_at, found_run) VALUES"
            " ('contoh', ?1, ?1, ?2, ?3, ?4, '2026-03-01T20:00:00+00:00', 'r0')",
            rows,
        )
        con.commit()
    with Ledger(path) as ledger:
        assert order(ledger) == "654213"
        assert ledger.audit() != ["damaged"]
        made = ledger._con.execute("SELECT sql FROM sqlite_master WHERE name = 'pages_waiting'").fetchone()[0]
        assert ledger._con.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    with Ledger(tmp_path / "new.sqlite") as new:
        assert (
            made
            == new._con.execute("SELECT sql FROM sqlite_master WHERE name = 'pages_waiting'").fetchone()[0]
        )
        columns = [
            {row["name"] for row in each._con.execute("PRAGMA table_info(pages)")}
            for each in (new, Ledger(path))
        ]
    assert columns[0] == columns[1]


SOURCE = Source(
    slug="contoh",
    name="Contoh",
    domains=("contoh.example",),
    discovery=({"method": "sitemap", "url": "/peta.xml"},),
)  # type: ignore[arg-type]


def sitemap(rows: list[tuple[str, str]], **changes: object) -> tuple[Entry, ...]:
    urls = "".join(f"<url><loc>{SITE}{path}</loc><lastmod>{at}</lastmod></url>" for path, at in rows)
    step = Step("sitemap", f"{SITE}/peta.xml")
    return parse(
        step, f"<urlset>{urls}</urlset>".encode(), step.url, SOURCE.model_copy(update=changes)
    ).entries


def test_time_of_change_that_many_share_is_that_of_the_file() -> None:
    made = [(f"/kabar/rapat-karangan-nomor-{n}", "2026-02-28T01:00:00+07:00") for n in range(40)]
    real = [("/kabar/rapat-karangan-nomor-99", "2026-02-27T01:00:00+07:00")]
    found = sitemap(made + real)
    assert {(e.lastmod, e.at, e.hints.modified) for e in found[:40]} == {(None, None, None)}
    assert found[40].lastmod == found[40].at == datetime(2026, 2, 26, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "count"), [("2026-02-28", 300), ("2026-02-28T00:00:00+07:00", 300), ("2026-02-28T01:02:03Z", 10)]
)
def test_articles_of_one_day_may_share_it(at: str, count: int) -> None:
    found = sitemap([(f"/kabar/rapat-karangan-nomor-{n}", at) for n in range(count)])
    assert all(e.lastmod for e in found)


@pytest.mark.parametrize(
    ("path", "lastmod", "latest"),
    [
        ("/2026/02/10/rapat-karangan", "2026-02-20T10:00:00+07:00", "2026-02-10T23:59:59+07:00"),
        ("/2026/02/rapat-karangan", "2026-02-20T10:00:00+07:00", "2026-02-20T10:00:00+07:00"),
        ("/2026/02/rapat-karangan", "2026-03-20T10:00:00+07:00", "2026-02-28T23:59:59+07:00"),
        ("/kabar/rapat-karangan-di-desa", "2026-02-20", "2026-02-20T23:59:59+07:00"),
    ],
)
def test_an_article_appeared_by_the_end_of_its_day_and_before_its_last_change(
    path: str, lastmod: str, latest: str
) -> None:
    (found,) = sitemap([(path, lastmod)])
    assert found.at == datetime.fromisoformat(latest)


def test_sitemaps_of_wordpress_list_the_oldest_first() -> None:
    rows = [("/kabar/rapat-karangan-nomor-1", ""), ("/kabar/rapat-karangan-nomor-2", "")]
    assert [e.url[-1] for e in sitemap(rows, cms="wordpress")] == ["2", "1"]
    assert [e.url[-1] for e in sitemap(rows)] == ["1", "2"]


def test_with_a_limit_the_newest_of_a_feed_of_many_pages_are_fetched(place: Place) -> None:
    with serve(Site(make_posts(25))) as site:
        source = site.source("feed", cms="wordpress")
        report = place.crawl(source, limit=10).by_source[source.slug]
    assert (report.discovered, report.fetched) == (25, 10)
    assert site.pages_asked() == [f"/kabar-rekaan-nomor-{n:05d}/" for n in range(24, 14, -1)]


def big_map(site: Site) -> Callable[[str, dict[str, str]], Answer | None]:
    """Return a rule for a site whose sitemap gives one time to everything, and whose front page shows three."""

    def rule(path: str, _: dict[str, str]) -> Answer | None:
        links = [f"{site.url}/{slug}/" for slug in sorted(site.posts)]
        if path == "/peta.xml":
            at = "<lastmod>2026-02-28T01:00:00+07:00</lastmod>"
            return Answer(
                200,
                f"<urlset>{''.join(f'<url><loc>{u}</loc>{at}</url>' for u in links)}</urlset>".encode(),
                XML,
            )
        if path == "/":
            shown = "".join(f'<a href="{url}">Kabar rekaan</a>' for url in reversed(links[-3:]))
            return Answer(200, f"<html><body>{shown}</body></html>".encode(), HTML)
        return None

    return rule


def test_with_a_limit_what_the_front_page_shows_is_fetched_before_a_large_sitemap(place: Place) -> None:
    with serve(Site(make_posts(60))) as site:
        site.rules.append(big_map(site))
        ways = [{"method": "sitemap", "url": "/peta.xml"}, {"method": "section", "url": "/"}]
        source = site.source(discovery=ways)
        place.crawl(source, limit=3)
    assert site.pages_asked() == [f"/kabar-rekaan-nomor-{n:05d}/" for n in (59, 58, 57)]


def test_a_back_fill_with_a_limit_asks_its_span_though_newer_pages_wait(place: Place) -> None:
    start = datetime(2024, 6, 1, tzinfo=UTC)
    old = [replace(post, slug=f"arsip-rekaan-{n:05d}") for n, post in enumerate(make_posts(20, start=start))]
    with serve(Site([*old, *make_posts(9)])) as site:
        source = site.source("wp_rest")
        place.crawl(source, limit=2, since=start + timedelta(days=90), until=datetime.now(UTC))
        place.crawl(source, limit=5, since=start, until=start + timedelta(days=2))
    asked = site.pages_asked()
    assert [path.split("-")[0] for path in asked] == ["/kabar"] * 2 + ["/arsip"] * 5
