"""Sitemaps: articles only, children only where they can hold articles of the window."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import parse
from crawler.discovery.shapes import lists_articles
from crawler.records import Step
from crawler.source import Source

SITE = "https://kabarsawah.id"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NIGHT = datetime(2024, 7, 20, tzinfo=UTC)


def site(*methods: str, **values: object) -> Source:
    ways = [{"method": method, "url": f"/{method}"} for method in methods or ("sitemap",)]
    given = {"slug": "k", "name": "Kabar Sawah", "domains": ["kabarsawah.id"], "discovery": ways, **values}
    return Source.model_validate(given)


def urlset(*rows: tuple[str, str]) -> bytes:
    urls = "".join(f"<url><loc>{SITE}{path}</loc><lastmod>{last}</lastmod></url>" for path, last in rows)
    return f'<?xml version="1.0"?><urlset {NS}>{urls}</urlset>'.encode()


def index(*rows: tuple[str, str]) -> bytes:
    urls = "".join(
        f"<sitemap><loc>{SITE}/{name}</loc>{f'<lastmod>{last}</lastmod>' if last else ''}</sitemap>"
        for name, last in rows
    )
    return f'<?xml version="1.0"?><sitemapindex {NS}>{urls}</sitemapindex>'.encode()


def children(body: bytes, since: datetime | None = None, until: datetime | None = None) -> list[str]:
    listing = parse(Step("sitemap", f"{SITE}/s.xml"), body, f"{SITE}/s.xml", site(), since=since, until=until)
    return [step.url.removeprefix(f"{SITE}/") for step in listing.follow]


def test_sitemap_gives_articles_with_their_change() -> None:
    body = urlset(
        ("/berita/satu/", "2024-07-25T09:05:00+07:00"), ("/", "2024-07-25"), ("/tag/pilkada/", "2024-07-25")
    )
    (entry,) = parse(Step("sitemap", SITE), body, SITE, site()).entries
    assert entry.url == f"{SITE}/berita/satu"
    assert entry.address == f"{SITE}/berita/satu/"
    assert entry.lastmod == datetime(2024, 7, 25, 2, 5, tzinfo=UTC)
    assert entry.hints.published is None
    assert entry.hints.modified == "2024-07-25T09:05:00+07:00"


def test_sitemap_obeys_the_article_pattern_of_the_source() -> None:
    body = urlset(
        ("/politik/12345/satu", "2024-07-25"), ("/politik", "2024-07-25"), ("/foto/1/satu", "2024-07-25")
    )
    found = parse(Step("sitemap", SITE), body, SITE, site(article=(r"^/[a-z]+/\d{3,}/[^/]+$",))).entries
    assert [entry.url for entry in found] == [f"{SITE}/politik/12345/satu"]


def test_news_sitemap_gives_title_and_publication() -> None:
    body = f"""<?xml version="1.0"?><urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>{SITE}/a</loc><image:image>
    <image:loc>{SITE}/b.jpg</image:loc></image:image><news:news><news:publication><news:name>K</news:name></news:publication>
    <news:publication_date>2024-07-25T09:05+07:00</news:publication_date>
    <news:title>Posko &amp; aduan</news:title>
    </news:news></url></urlset>""".encode()
    (entry,) = parse(Step("sitemap", SITE), body, SITE, site()).entries
    assert (entry.hints.title, entry.hints.published) == ("Posko & aduan", "2024-07-25T09:05:00+07:00")


def test_packed_sitemap_is_read() -> None:
    body = gzip.compress(urlset(("/berita/satu", "2024-07-25")))
    assert len(parse(Step("sitemap", SITE), body, f"{SITE}/sitemap.xml.gz", site()).entries) == 1


def test_sitemap_that_is_a_feed_is_read_as_one() -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{SITE}/a.html"/></entry></feed>'
    assert len(parse(Step("sitemap", SITE), body.encode(), SITE, site()).entries) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wp-sitemap-posts-post-1.xml", True),
        ("wp-sitemap-posts-page-1.xml", False),
        ("wp-sitemap-taxonomies-category-1.xml", False),
        ("wp-sitemap-users-1.xml", False),
        ("post-sitemap2.xml", True),
        ("post_tag-sitemap.xml", False),
        ("category-sitemap.xml", False),
        ("attachment-sitemap1.xml", False),
        ("sitemap-pt-post-2024-07.xml", True),
        ("sitemap-tax-category.xml", False),
        ("sitemap-misc.xml", False),
        ("news-sitemap.xml", True),
        ("sitemap-berita-3.xml.gz", True),
        ("sitemap.xml?page=2", True),
        ("berita-sitemap.xml", True),
    ],
)
def test_index_skips_children_without_articles(name: str, expected: bool) -> None:
    assert lists_articles(f"{SITE}/{name}") is expected
    assert bool(children(index((name, "")))) is expected


def test_index_asks_only_children_that_changed_since_the_last_night() -> None:
    body = index(
        ("post-sitemap.xml", "2024-06-01T00:00:00Z"),
        ("post-sitemap2.xml", "2024-07-21T00:00:00Z"),
        ("sitemap-pt-post-2024-05.xml", ""),
        ("sitemap-pt-post-2024-07.xml", ""),
        ("sitemap.xml?yyyy=2023&amp;mm=12", ""),
        ("berita.xml", "2024-07-20"),
    )
    assert children(body, NIGHT) == ["post-sitemap2.xml", "sitemap-pt-post-2024-07.xml", "berita.xml"]
    assert len(children(body)) == 6


def test_index_asks_both_ends_of_a_series_that_tells_no_time() -> None:
    body = index(*((f"wp-sitemap-posts-post-{n}.xml", "") for n in range(1, 26)))
    assert children(body, NIGHT) == ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-post-25.xml"]
    assert len(children(body)) == 25


def test_index_takes_the_months_of_a_span_of_the_past() -> None:
    body = index(
        *((f"sitemap-{n // 12}-{n % 12 + 1:02}.xml", "2026-01-01") for n in range(2023 * 12, 2025 * 12))
    )
    found = children(body, datetime(2024, 6, 10, tzinfo=UTC), datetime(2024, 8, 2, tzinfo=UTC))
    assert "sitemap-2024-09.xml" not in found
    assert {"sitemap-2024-06.xml", "sitemap-2024-07.xml", "sitemap-2024-08.xml"} <= set(found)


def test_sitemap_keeps_only_the_span_of_the_past() -> None:
    body = urlset(
        ("/2024/05/31/a-b", "2024-05-31"), ("/2024/06/30/a-b", "2024-06-30"),
        ("/2024/07/30/a-b", "2024-08-30"),
        ("/2024/09/01/a-b", "2024-09-01"), ("/tanpa-tanggal", ""), ("/lama", "2024-07-01"),
        ("/baru", "2025-07-01"),
    )  # fmt: skip
    span = {"since": datetime(2024, 6, 1, tzinfo=UTC), "until": datetime(2024, 8, 31, tzinfo=UTC)}
    found = parse(Step("sitemap", SITE), body, SITE, site(), **span).entries
    paths = [entry.url.removeprefix(SITE) for entry in found]
    assert paths == ["/2024/06/30/a-b", "/2024/07/30/a-b", "/tanpa-tanggal", "/lama"]
    nightly = parse(Step("sitemap", SITE), body, SITE, site(), since=span["since"]).entries
    assert len(nightly) == 7, "what is known of older articles proves that they are unchanged"


def test_index_of_very_many_days_gives_the_newest_of_them() -> None:
    days = [(datetime(2019, 1, 1, tzinfo=UTC) + timedelta(days=n)).date() for n in range(2000)]
    names = [f"sitemap-{day}.xml" for day in days]
    asked = children(index(("sitemap-news.xml", ""), *((name, "") for name in names)))
    assert asked == ["sitemap-news.xml", *names[:-500:-1]]


def test_index_is_bounded_and_stays_on_the_site() -> None:
    many = index(*((f"berita-{n}-x.xml", "") for n in range(2000)))
    assert len(children(many)) == 500
    body = index(("a.xml", ""), ("b.xml", "")).replace(
        f"{SITE}/b.xml".encode(), b"http://169.254.169.254/b.xml"
    )
    assert children(body) == ["a.xml"]
    deep = parse(Step("sitemap", SITE, 3), many, SITE, site())
    assert deep.follow == ()
    assert "too deep" in (deep.problem or "")


def test_robots_names_the_sitemaps() -> None:
    body = f"""User-agent: *\nDisallow: /a\nsitemap: {SITE}/news-sitemap.xml\nSitemap:/berita.xml # x
    Sitemap: {SITE}/tag-sitemap.xml\nSitemap: https://kabarladang.id/s.xml\nSitemap:""".encode()
    listing = parse(Step("robots", f"{SITE}/robots.txt"), body, f"{SITE}/robots.txt", site("robots"))
    assert listing.follow[0].url == f"{SITE}/news-sitemap.xml"
    assert {step.kind for step in listing.follow} == {"sitemap"}
    assert len(listing.follow) == 2


def test_robots_without_sitemaps_leads_to_the_usual_address() -> None:
    step = Step("robots", f"{SITE}/robots.txt")
    assert [s.url for s in parse(step, b"User-agent: *", step.url, site("robots")).follow] == [
        f"{SITE}/sitemap.xml"
    ]
    assert parse(step, b"User-agent: *", step.url, site("robots", "sitemap")).follow == ()
