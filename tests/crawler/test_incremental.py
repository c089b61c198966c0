"""A second night: only what is new, changed or due is asked, and what was removed is marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from places import Place
from sites import Post, Site, make_posts, serve

LONG_AGO = "2020-01-01T00:00:00+00:00"


def test_second_night_fetches_only_what_is_new(place: Place) -> None:
    with serve(Site(make_posts(120))) as site:
        source = site.source("sitemap", "feed", "wp_rest")
        first = place.crawl(source)
        assert len(site.log) <= 1.15 * 120
        site.log.clear()
        now = datetime.now(UTC).replace(microsecond=0)
        site.posts["kabar-baru-sekali"] = Post("kabar-baru-sekali", "Kabar baru", now, now)
        second = place.crawl(source)
        assert (first.fetched, second.fetched) == (120, 1)
        assert site.pages_asked() == ["/kabar-baru-sekali/"]
        assert len(site.log) <= 8
    assert [c.hints and c.hints.title for c in place.captures() if "sekali" in c.url] == ["Kabar baru"]


def test_changed_page_becomes_a_new_capture_and_removed_one_is_gone(place: Place) -> None:
    with serve(Site(make_posts(6))) as site:
        source = site.source("sitemap")
        place.crawl(source)
        place.sql(f"UPDATE pages SET first_fetched = '{LONG_AGO}', due_at = '{LONG_AGO}', lastmod = NULL")
        changed, removed = site.posts["kabar-rekaan-nomor-00002"], site.posts["kabar-rekaan-nomor-00004"]
        changed.text, removed.gone = "Teks rekaan yang sudah diperbaiki.", True
        site.posts["kabar-rekaan-nomor-00005"].etag = False
        site.log.clear()
        report = place.crawl(source).by_source[source.slug]
    assert (report.fetched, report.changed, report.unchanged, report.gone) == (0, 1, 4, 1)
    statuses = sorted(e.status for e in site.log if e.path in site.pages_asked())
    assert statuses == [200, 200, 304, 304, 304, 410]
    captures = place.captures()
    assert sorted(c.kind for c in captures) == ["response"] * 7 + ["revisit"] * 4
    versions = [place.text(c) for c in captures if c.article_url.endswith("00002")]
    assert len(versions) == 2 and "diperbaiki" in versions[1] and "diperbaiki" not in versions[0]
    for revisit in (c for c in captures if c.kind == "revisit"):
        original = next(c for c in captures if c.kind == "response" and c.url == revisit.url)
        assert place.text(revisit) == place.text(original)
    assert place.states(source) == {"archived": {"": 5}, "gone": {"": 1}}
    assert place.audit() == []


def test_stated_change_makes_a_page_due_at_once(place: Place) -> None:
    with serve(Site(make_posts(5))) as site:
        source = site.source("sitemap")
        place.crawl(source)
        post = site.posts["kabar-rekaan-nomor-00003"]
        post.text, post.modified = (
            "Sudah diralat.",
            datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5),
        )
        site.log.clear()
        report = place.crawl(source)
    assert report.by_source[source.slug].changed == 1
    assert site.pages_asked() == ["/kabar-rekaan-nomor-00003/"]


def test_due_page_is_not_asked_where_the_site_proves_it_unchanged(place: Place) -> None:
    with serve(Site(make_posts(5))) as one, serve(Site(make_posts(5))) as two:
        sources = one.source("sitemap"), two.source("wp_rest")
        place.crawl(*sources)
        place.sql(f"UPDATE pages SET first_fetched = '{LONG_AGO}', due_at = '2020-01-01T22:00:00+00:00'")
        one.log.clear()
        two.log.clear()
        report = place.crawl(*sources)
    assert one.pages_asked() == two.pages_asked() == []
    assert [report.by_source[source.slug].unchanged for source in sources] == [5, 5]


def test_change_that_two_listings_state_is_fetched_once_in_the_same_run(place: Place) -> None:
    with serve(Site(make_posts(5, pages=2))) as site:
        source = site.source("wp_rest", "sitemap", "feed")
        place.crawl(source)
        place.sql(f"UPDATE pages SET first_fetched = '{LONG_AGO}', due_at = '2020-01-01T22:00:00+00:00'")
        post = site.posts["kabar-rekaan-nomor-00003"]
        post.text, post.modified = "Ralat.", datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
        site.log.clear()
        report = place.crawl(source).by_source[source.slug]
    assert site.pages_asked() == ["/kabar-rekaan-nomor-00003/", "/kabar-rekaan-nomor-00003/2/"]
    assert (report.changed, report.fetched) == (2, 0)


def test_backfill_fetches_its_span_and_the_next_night_goes_on_as_ever(place: Place) -> None:
    start = datetime(2024, 6, 1, tzinfo=UTC)
    old, new = make_posts(48, start=start), make_posts(3)
    for n, post in enumerate(old):
        post.published = post.modified = start + timedelta(days=n)
        post.slug = f"arsip-rekaan-nomor-{n:05d}"
    with serve(Site([*old, *new])) as rest, serve(Site([*old, *new], rest=False)) as maps:
        sources = rest.source("wp_rest", "feed"), maps.source("sitemap")
        span = {"since": start + timedelta(days=10), "until": start + timedelta(days=19, hours=12)}
        past = place.crawl(*sources, **span)
        asked = [sorted(site.pages_asked()) for site in (rest, maps)]
        tonight = place.crawl(*sources)
    expected = [f"/arsip-rekaan-nomor-{n:05d}/" for n in range(10, 20)]
    assert asked[0] == expected
    assert set(expected) <= set(asked[1]) and len(asked[1]) <= 12  # a sitemap gives changes, not publication
    for source, site in zip(sources, (rest, maps), strict=True):
        assert tonight.by_source[source.slug].fetched + past.by_source[source.slug].fetched == 51
        assert len(site.pages_asked()) == 51
    assert place.audit() == []


def test_limit_and_budget_leave_the_rest_waiting(place: Place) -> None:
    with serve(Site(make_posts(9))) as site:
        source = site.source("sitemap", politeness={"delay_s": 0, "pages_per_night": 7})
        reports = [place.crawl(source, limit=limit).by_source[source.slug] for limit in (4, None)]
    assert [(report.fetched, report.waiting) for report in reports] == [(4, 5), (3, 2)]


def test_closed_window_stops_in_order(place: Place) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=6)  # 400 pages at this delay are 80 seconds
    with serve(Site(make_posts(400))) as site:
        source = site.source("sitemap", politeness={"delay_s": 0.2})
        report = place.crawl(source, ends_at=ends, timeout_s=0.5)
    got = report.by_source[source.slug]
    assert got.problem == "window_closed"
    assert got.fetched < 400 and got.fetched + got.waiting == got.discovered
    assert datetime.now(UTC) < ends + timedelta(seconds=6)  # a loaded machine ends its process late
    assert place.audit() == []
