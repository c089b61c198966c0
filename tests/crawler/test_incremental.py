"""A second night: only what is new, changed or due is asked, and what was removed is marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from places import Place
from sites import Answer, Post, Site, make_posts, serve

from crawler.lane import MAX_LISTINGS
from crawler.ledger import Ledger

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


def test_listing_is_read_on_though_another_one_named_its_first_page_a_moment_ago(place: Place) -> None:
    with serve(Site(make_posts(3))) as site:
        site.rules.append(lambda path, _: plain_listing(site, path))
        source = site.source(
            discovery=[{"method": "feed", "url": "/rss"}, {"method": "section", "url": "/berita/"}]
        )
        place.crawl(source)
        now = datetime.now(UTC).replace(microsecond=0)
        site.posts |= {post.slug: post for post in make_posts(25, start=now - timedelta(hours=25))[3:]}
        report = place.crawl(source).by_source[source.slug]
    assert (report.discovered, report.fetched) == (20, 20)  # ten of them stand on the second page alone


def plain_listing(site: Site, path: str) -> Answer | None:
    """Return a feed of ten items without further pages, or a section of ten links a page without times."""
    newest = [f"{site.url}/{post.slug}/" for post in site._public()]
    if path == "/rss":
        items = "".join(f"<item><link>{url}</link></item>" for url in newest[:10])
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'
        return Answer(200, body.encode(), {"Content-Type": "application/xml"})
    if not path.startswith("/berita/"):
        return None
    page = int(path.partition("page=")[2] or "1")
    links = "".join(f'<a href="{url}">Kabar</a>' for url in newest[page * 10 - 10 : page * 10])
    body = (
        f'<!DOCTYPE html><html><body>{links}<a rel="next" href="/berita/?page={page + 1}">x</a></body></html>'
    )
    return Answer(200, body.encode(), {"Content-Type": "text/html"})


def test_changes_behind_a_first_page_that_was_heard_already_are_fetched(place: Place) -> None:
    recent, old = (
        make_posts(10),
        make_posts(10, start=datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)),
    )
    for post in old:
        post.slug = post.slug.replace("rekaan", "lama")
    with serve(Site([*recent, *old])) as site:
        site.rules.append(lambda path, _: ten_a_page(site, path))
        source = site.source("wp_rest")
        place.crawl(source)
        for post in site.posts.values():  # the whole site is edited at once
            post.text, post.modified = (
                "Ralat.",
                datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5),
            )
        report = place.crawl(source).by_source[source.slug]
    assert (report.changed, report.fetched) == (20, 0)


def ten_a_page(site: Site, path: str) -> Answer | None:
    """Return a page of REST that holds no more than ten posts whatever is asked."""
    if not path.startswith("/wp-json/"):
        return None
    return site._rest(
        {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()} | {"per_page": "10"}
    )


def test_history_behind_a_refused_page_is_read_on_the_next_night(place: Place) -> None:
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    with serve(Site(make_posts(25, start=past))) as once, serve(Site(make_posts(15, start=past))) as always:
        for site in (once, always):
            site.rules.append(lambda path, _, site=site: ten_a_page(site, path))
            site.rules.insert(0, lambda path, _: Answer(403) if "&page=2" in path else None)
        sources = once.source("wp_rest"), always.source("wp_rest")
        reports = [place.crawl(*sources)]
        del once.rules[0]
        reports += [place.crawl(*sources) for _ in range(3)]
    got = [[report.by_source[source.slug].fetched for report in reports] for source in sources]
    assert got == [[10, 15, 0, 0], [10, 0, 0, 0]]
    nights = "SELECT complete FROM run_sources JOIN runs ON run = id WHERE source = '{}' ORDER BY runs.rowid"
    complete = [[row[0] for row in place.sql(nights.format(source.slug))] for source in sources]
    assert complete == [[0, 1, 1, 1], [0, 0, 0, 1]]  # a page that is never shown holds no source up for ever


def many_listings(site: Site, path: str) -> Answer | None:
    """Return five indexes of 450 sitemaps each, all of them with the same article."""
    if path == "/wp-sitemap.xml":
        addresses, tag = [f"{site.url}/indeks-{n}.xml" for n in range(5)], "sitemap"
    elif path.startswith("/indeks-"):
        number = path[len("/indeks-")]
        addresses, tag = [f"{site.url}/berita-{number}-{n}.xml" for n in range(450)], "sitemap"
    elif path.startswith("/berita-"):
        addresses, tag = [f"{site.url}/{next(iter(site.posts))}/"], "url"
    else:
        return None
    items = "".join(f"<{tag}><loc>{address}</loc></{tag}>" for address in addresses)
    whole = "urlset" if tag == "url" else "sitemapindex"
    return Answer(200, f"<{whole}>{items}</{whole}>".encode(), {"Content-Type": "application/xml"})


def test_more_listings_than_a_run_asks_are_a_problem_that_shows(place: Place) -> None:
    with serve(Site(make_posts(1))) as site:
        site.rules.append(lambda path, _: many_listings(site, path))
        source = site.source("sitemap")
        report = place.crawl(source).by_source[source.slug]
        asked = sum(".xml" in entry.path for entry in site.log)
    assert (report.fetched, asked) == (1, MAX_LISTINGS)
    assert report.problem == f"too_many_listings: {MAX_LISTINGS} were asked"
    assert place.sql("SELECT complete FROM run_sources") == [(0,)]


def test_news_of_a_night_on_which_the_site_knew_no_page_is_fetched_on_the_next(place: Place) -> None:
    with serve(Site(make_posts(4))) as site:
        source = site.source("feed")
        site.rules.append(lambda path, _: Answer(404) if path.startswith("/kabar") else None)
        place.crawl(source)
        place.sql(f"UPDATE pages SET due_at = '{LONG_AGO}' WHERE due_at IS NOT NULL")
        site.rules.clear()
        removed = site.posts.pop("kabar-rekaan-nomor-00002")
        report = place.crawl(source).by_source[source.slug]
        place.crawl(source)
    assert (report.fetched, report.gone) == (3, 1)
    assert [e.path for e in site.log].count(f"/{removed.slug}/") == 2
    assert place.states(source) == {"archived": {"": 3}, "gone": {"": 1}}
    assert place.audit() == []


def test_erased_article_does_not_come_back_by_another_address(place: Place) -> None:
    with serve(Site(make_posts(2))) as site:
        source = site.source("feed")
        erased, other = site.posts.values()
        body = erased.html(site.url, 1)
        site.rules.append(
            lambda path, _: Answer(200, body, {"Content-Type": "text/html"}) if other.slug in path else None
        )
        with Ledger(place.ledger) as ledger, ledger.transaction():
            ledger.erase_article(source.canonical(f"{site.url}/{erased.slug}/"), source.slug)
        report = place.crawl(source).by_source[source.slug]
    assert (place.captures(), report.fetched) == ([], 0)
    assert place.states(source) == {"skipped": {"alias": 1, "erased": 1}}
    assert place.audit() == []
