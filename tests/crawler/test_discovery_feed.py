"""Feeds: every item once, with what the feed says of it, page by page while that is of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import parse
from crawler.records import Step
from crawler.source import Source

SITE = "https://kabarsawah.id"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Kabar Sawah</title>'
    f'<atom:link href="{SITE}/feed/" rel="self"/><link>{SITE}</link>'
)
WP = "<generator>https://wordpress.org/?v=6.5</generator>"
ITEM = (
    "<item><title>{title}</title><link>{link}</link><dc:creator><![CDATA[Ratih Wulandari]]></dc:creator>"
    "<pubDate>{date}</pubDate><guid isPermaLink='false'>x</guid></item>"
)


def site(*methods: str, **values: object) -> Source:
    ways = [{"method": method, "url": f"/{method}"} for method in methods or ("feed",)]
    given = {"slug": "k", "name": "Kabar Sawah", "domains": ["kabarsawah.id"], "discovery": ways, **values}
    return Source.model_validate(given)


def rss(*items: tuple[str, str, str], generator: str = "") -> bytes:
    rows = "".join(ITEM.format(title=title, link=link, date=date) for title, link, date in items)
    return f"{HEAD}{generator}{rows}</channel></rss>".encode()


ONE = ("Warga &amp; Panwascam", f"{SITE}/warga-panwascam/?utm_source=rss", "Thu, 25 Jul 2024 09:05:00 +0700")


def test_feed_gives_the_article_with_its_hints() -> None:
    (entry,) = parse(Step("feed", f"{SITE}/feed/"), rss(ONE), f"{SITE}/feed/", site()).entries
    assert entry.url == f"{SITE}/warga-panwascam"
    assert entry.address == f"{SITE}/warga-panwascam/"
    assert entry.hints.origin == "feed"
    assert entry.hints.title == "Warga & Panwascam"
    assert entry.hints.author == "Ratih Wulandari"
    assert entry.hints.published == "2024-07-25T09:05:00+07:00"
    assert entry.lastmod is None


def test_atom_gives_the_article_with_its_change() -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title><entry>
    <title type="html">Posko &lt;b&gt;aduan&lt;/b&gt;</title>
    <link rel="replies" href="{SITE}/komentar"/><link rel="alternate" href="/posko-aduan"/>
    <author><name>Redaksi</name></author>
    <published>2024-07-25T02:05:00Z</published><updated>2024-07-26T02:05:00Z</updated></entry></feed>""".encode()
    (entry,) = parse(Step("feed", SITE), body, f"{SITE}/atom.xml", site()).entries
    assert (entry.url, entry.hints.title, entry.hints.author) == (
        f"{SITE}/posko-aduan",
        "Posko aduan",
        "Redaksi",
    )
    assert entry.lastmod == datetime(2024, 7, 26, 2, 5, tzinfo=UTC)


def test_rdf_feed_is_read() -> None:
    body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>A</title><link>{SITE}/a</link>
    <dc:date>2024-07-25</dc:date></item></rdf:RDF>""".encode()
    (entry,) = parse(Step("feed", SITE), body, SITE, site()).entries
    assert entry.hints.published == "2024-07-25"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Kam, 25 Juli 2024 09:05:00 +0700", "2024-07-25T09:05:00+07:00"),
        ("Thu, 25 Jul 2024 09:05 WIB", "2024-07-25T09:05:00+07:00"),
        ("25 Agustus 2024 09:05:00", "2024-08-25T09:05:00"),
        ("Sat, 5 Okt 2024 09:05:00 GMT", "2024-10-05T09:05:00+00:00"),
        ("2024-07-25 09:05:00", "2024-07-25T09:05:00"),
        ("2024-07-25T09:05:00+0700", "2024-07-25T09:05:00+07:00"),
        ("25 Jul 0024 09:05:00 +0700", None),
        ("31 Feb 2024 09:05:00", None),
        ("kemarin", None),
    ],
)
def test_feed_time_is_kept_with_the_zone_it_has(text: str, iso: str | None) -> None:
    (entry,) = parse(Step("feed", SITE), rss((*ONE[:2], text)), SITE, site()).entries
    assert entry.hints.published == iso


def test_feed_leaves_out_foreign_protected_and_excluded_items() -> None:
    body = rss(
        ONE,
        ("Tetangga", "https://kabarladang.id/a-b-c", ONE[2]),
        ("Protected: Rahasia", f"{SITE}/rahasia", ONE[2]),
        ("Iklan", f"{SITE}/advertorial/beli-kapal", ONE[2]),
        ("Skrip", "javascript:alert(1)", ONE[2]),
        ("Twin", "http://m.kabarsawah.id/warga-panwascam/amp/", ONE[2]),
        ("Depan", f"{SITE}/", ONE[2]),
    )
    listing = parse(Step("feed", SITE), body, SITE, site(exclude=("^/advertorial/",)))
    assert [entry.url for entry in listing.entries] == [f"{SITE}/warga-panwascam"]


def test_feed_is_read_after_rubbish_and_up_to_where_it_breaks() -> None:
    second = ("Judul & lain &nbsp; ini", f"{SITE}/judul-lain", ONE[2])
    body = b"\xef\xbb\xbf\n<b>Warning</b>: include() failed\n" + rss(ONE, second).replace(
        b"</channel></rss>", b"<ite"
    )
    listing = parse(Step("feed", SITE), body, SITE, site())
    assert [entry.url for entry in listing.entries] == [f"{SITE}/warga-panwascam", f"{SITE}/judul-lain"]
    assert listing.problem is None


def test_feed_that_lies_about_its_encoding_is_read() -> None:
    body = rss(ONE).replace(b"Warga", "Warga “jujur”".encode("cp1252"))
    (entry,) = parse(Step("feed", SITE), body, SITE, site()).entries
    assert entry.url == f"{SITE}/warga-panwascam"


def test_feed_without_entries_is_a_problem_on_its_first_page_only() -> None:
    assert parse(Step("feed", SITE), rss(), SITE, site()).problem
    assert parse(Step("feed", SITE, 1), rss(), SITE, site()).problem is None


def follow(generator: str, *methods: str, days: int | None, **values: object) -> tuple[str, ...]:
    since = datetime(2024, 7, 25, tzinfo=UTC) - timedelta(days=days) if days is not None else None
    listing = parse(
        Step("feed", f"{SITE}/feed/"),
        rss(ONE, generator=generator),
        SITE,
        site(*methods, **values),
        since=since,
    )
    return tuple(step.url for step in listing.follow)


def test_feed_of_wordpress_is_paged_while_it_can_hold_news() -> None:
    second = (f"{SITE}/feed/?paged=2",)
    assert follow(WP, days=10) == second, "all of the page is newer than the last night"
    assert follow(WP, days=-2) == (), "the page reaches back before the last night"
    assert follow(WP, days=None) == second, "a first night, and no other method"
    assert follow(WP, "feed", "sitemap", days=None) == (), "a first night reads the sitemap"
    assert follow("", days=10) == (), "no WordPress"
    assert follow("", days=10, cms="wordpress") == second


def test_feed_follows_the_next_page_that_it_names() -> None:
    body = rss(ONE, generator=f'<atom:link rel="next" href="{SITE}/feed/2"/>')
    listing = parse(Step("feed", f"{SITE}/feed/"), body, SITE, site())
    assert [(step.url, step.depth) for step in listing.follow] == [(f"{SITE}/feed/2", 1)]
    away = body.replace(f"{SITE}/feed/2".encode(), b"https://kabarladang.id/feed/2")
    assert parse(Step("feed", f"{SITE}/feed/"), away, SITE, site()).follow == ()
