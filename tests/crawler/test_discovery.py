"""Discovery as a whole: whatever a site answers, a listing or a problem comes back, and paging ends."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import first_steps, parse
from crawler.records import Entry, Step
from crawler.source import Source

KINDS = ("feed", "sitemap", "wp_rest", "blogger", "section", "robots")
SITE = "https://kabarsawah.id"
NIGHT = datetime(2024, 7, 20, tzinfo=UTC)


def source(*ways: tuple[str, str], **values: object) -> Source:
    methods = [{"method": method, "url": url} for method, url in ways or [("feed", "/feed/")]]
    return Source.model_validate(
        {
            "slug": "kabarsawah",
            "name": "Kabar Sawah",
            "domains": ["kabarsawah.id"],
            "discovery": methods,
            **values,
        }
    )


def test_first_steps_ask_each_method_once() -> None:
    site = source(("wp_rest", "/wp-json/wp/v2/posts"), ("sitemap", "/wp-sitemap.xml"), ("feed", "/feed/"))
    kinds = [step.kind for step in first_steps(site)]
    assert kinds == ["wp_rest", "sitemap", "feed"]
    later = [step.url for step in first_steps(site, since=NIGHT) if step.kind == "wp_rest"]
    assert len(later) == 2, "by publication and by change"
    assert "after=2024-07-20T00%3A00%3A00Z" in later[0]
    assert "modified_after=2024-07-20T00%3A00%3A00Z" in later[1]
    past = first_steps(site, since=NIGHT, until=NIGHT + timedelta(days=30))[0].url
    assert "before=2024-08-19T00%3A00%3A00Z" in past


def test_first_steps_take_a_time_without_zone_as_utc() -> None:
    site = source(("wp_rest", "/wp-json/wp/v2/posts"))
    assert first_steps(site, since=datetime(2024, 7, 20)) == first_steps(site, since=NIGHT)


BAD = {
    "nothing": b"",
    "blanks": b" \n ",
    "text": b"halo",
    "binary": bytes(range(256)) * 20,
    "page": b"<!DOCTYPE html><html><head><title>Maaf</title></head><body>Situs dalam perbaikan</body></html>",
    "broken gzip": b"\x1f\x8b\x08\x00abc",
    "json object": b'{"code": "rest_no_route", "message": "x"}',
    "json text": b'"x"',
    "json deep": b"[" * 100_000,
    "other xml": b'<?xml version="1.0"?><kml><a/></kml>',
    "cut xml": b"<?xml",
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "robots"])
@pytest.mark.parametrize("name", BAD)
def test_parse_names_the_problem_of_bad_input(kind: str, name: str) -> None:
    listing = parse(Step(kind, f"{SITE}/x"), BAD[name], f"{SITE}/x", source())
    assert not listing.entries
    assert listing.problem, (kind, name)
    assert len(listing.problem) <= 200


def test_parse_says_that_a_feed_is_an_html_page() -> None:
    for kind in ("feed", "sitemap", "wp_rest"):
        problem = parse(Step(kind, SITE), BAD["page"], SITE, source()).problem
        assert problem is not None
        assert "HTML page" in problem


def test_parse_bounds_a_gzip_bomb_and_entities() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    laughs = (
        f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "ha"><!ENTITY x SYSTEM "file:///etc/passwd">{lol}]>'
        f'<urlset a="&l11;"><url><loc>{SITE}/judul-berita-satu-dua</loc></url>'
        "<url><loc>&x;&l11;</loc></url></urlset>"
    ).encode()
    begin = time.monotonic()
    assert "larger than" in (parse(Step("sitemap", SITE), bomb, SITE, source()).problem or "")
    found = parse(Step("sitemap", SITE), laughs, SITE, source())
    assert [entry.url for entry in found.entries] == [f"{SITE}/judul-berita-satu-dua"]
    assert time.monotonic() - begin < 5


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.binary(max_size=300), st.text(max_size=30))
def test_parse_never_raises(kind: str, body: bytes, url: str) -> None:
    for start in (
        b"",
        b"<rss><channel><item>",
        b"<urlset><url><loc>",
        b'[{"link":',
        b'{"feed":{"entry":[',
        b"<a href=",
    ):
        parse(Step(kind, SITE), start + body, url, source(), since=NIGHT)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=10)
    | st.just("https://kabarsawah.id/a-b-c-d"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "link title rendered feed entry $t href rel author name date_gmt published _embedded".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["wp_rest", "blogger"]), JSON)
def test_parse_never_raises_for_json_of_any_shape(kind: str, value: object) -> None:
    for shape in (value, [value], {"feed": value}, {"feed": {"entry": [value]}}):
        parse(Step(kind, SITE), json.dumps(shape).encode(), SITE, source())


def walk(
    site: Source, answer: Callable[[str], bytes], since: datetime | None = None
) -> tuple[dict[str, Entry], int]:
    """Follow discovery to its end; return the entries and the number of pages asked."""
    todo, asked, found = first_steps(site, since=since), set[str](), dict[str, Entry]()
    while todo:
        step = todo.pop(0)
        if step.url in asked:
            continue
        asked.add(step.url)
        listing = parse(step, answer(step.url), step.url, site, since=since)
        found |= {entry.url: entry for entry in listing.entries}
        todo += listing.follow
    return found, len(asked)


def rss_of(numbers: range) -> bytes:
    rows = "".join(
        f"<item><title>Kabar {n}</title><link>{SITE}/kabar-dari-desa-{n}</link>"
        f"<pubDate>Sat, 20 Jul 2024 {n % 24:02}:00:00 +0700</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><generator>https://wordpress.org/</generator>{rows}</channel></rss>'.encode()


@pytest.mark.parametrize("kind", ["feed", "wp_rest", "blogger", "section"])
def test_paging_ends_where_a_site_ignores_the_page_number(kind: str) -> None:
    posts = [{"link": f"{SITE}/kabar-dari-desa-{n}", "date_gmt": "2024-07-20T00:00:00"} for n in range(100)]
    rows = [
        {"link": [{"rel": "alternate", "href": f"{SITE}/kabar-dari-desa-{n}"}], "title": {"$t": "x"}}
        for n in range(25)
    ]
    links = "".join(f"<a href='/kabar-dari-desa-{n}'>x</a>" for n in range(9))
    pages = "".join(f"<a href='/?page={n}'>{n}</a>" for n in range(1, 50))
    bodies = {
        "feed": rss_of(range(10)),
        "wp_rest": json.dumps(posts).encode(),
        "blogger": json.dumps({"feed": {"entry": rows, "openSearch$totalResults": {"$t": "9999"}}}).encode(),
        "section": f"<html><body>{links}{pages}</body></html>".encode(),
    }
    site = source((kind, "/"), cms="wordpress")
    found, asked = walk(site, lambda _: bodies[kind])
    assert len(found) == {"feed": 10, "wp_rest": 100, "blogger": 25, "section": 9}[kind]
    assert asked == 2
