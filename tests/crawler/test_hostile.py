"""What a site sends costs no more time than its length: the crawl of all others waits for whoever reads it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from crawler.canonical import canonical_url, is_slug
from crawler.discovery import parse
from crawler.discovery.markup import MarkupError, parse_xml
from crawler.discovery.section import _document
from crawler.encoding import BodyError, decode_body
from crawler.pagelinks import canonical_link, further_parts
from crawler.records import Listing, Step
from crawler.source import Source

SITE = "https://contoh.example"
SOURCE = Source.model_validate(
    {
        "slug": "contoh",
        "name": "Contoh",
        "domains": ["contoh.example"],
        "discovery": [{"method": "feed", "url": "/feed/"}],
    }
)


@contextmanager
def at_once(seconds: float = 3.0) -> Iterator[None]:
    """Hold the block to a time that no quadratic reading keeps, on however slow a machine."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


FEEDS: dict[str, Callable[[], bytes]] = {
    "comments": lambda: b"<!---->" * 700 + b"<rss/>",
    "comments apart": lambda: b"<!-- x -->\n " * 400 + b"<rss/>",
    "an open comment": lambda: b"<!--" * 1200 + b"<rss/>",
    "document types": lambda: b"<rss>" + b"<!DOCTYPE" * 200_000,
    "open document types": lambda: b"<rss>" + b"<!DOCTYPE[" * 200_000,
    "a document type that ends late": lambda: (
        b"<?xml version='1.0'?><!DOCTYPE r [" + b"]  " * 500_000 + b"]><rss/>"
    ),
    "entities": lambda: b"<rss>" + b"&abc;&a" * 200_000 + b"</rss>",
}


@pytest.mark.parametrize("name", FEEDS)
def test_hostile_feed_is_read_or_refused_at_once(name: str) -> None:
    with at_once():
        assert parse_xml(FEEDS[name]()).tag == "rss"


def test_page_behind_comments_is_told_from_a_feed() -> None:
    comments = b"<!-- a --><!-- b > -- -->\n<!---->" * 20
    with at_once(), pytest.raises(MarkupError, match="got an HTML page"):
        parse_xml(comments + b"<!DOCTYPE html><html><body><p>x</p></body></html>")


def read(method: str, body: bytes) -> Listing:
    return parse(Step(method, f"{SITE}/x"), body, f"{SITE}/x", SOURCE)


def test_hostile_author_of_a_feed_costs_no_time() -> None:
    item = "<item><link>{}/kabar-rekaan-dari-desa/</link><author>{}</author></item>"
    names = [
        "redaksi@contoh.example (Ratna Wulan)",
        "@" * 300_000,
        "a@" * 300_000,
        "a@b" + " " * 300_000 + "x",
    ]
    items = "".join(item.format(SITE, name) for name in names)
    with at_once():
        listing = read("feed", f"<rss><channel>{items}</channel></rss>".encode())
    assert listing.entries[0].hints.author == "Ratna Wulan"


@pytest.mark.parametrize("tail", ["", " ", "\n;\n", ";  "])
def test_call_around_blogger_json_is_taken_off(tail: str) -> None:
    assert read("blogger", b'// API\n f.g ({"feed": {}})' + tail.encode()) == Listing(())


@pytest.mark.parametrize(
    "body",
    [b"a(1)" + b" " * 500_000 + b"x", b"a(1)" + b" ;" * 500_000 + b"x", b"a(" * 500_000, b"// \n" * 300_000],
)
def test_hostile_blogger_json_is_refused_at_once(body: bytes) -> None:
    with at_once():
        assert read("blogger", body).problem == "no Blogger feed"


def test_section_with_a_tag_of_very_many_attributes_is_refused_at_once() -> None:
    def page(attributes: int, tags: int = 1) -> bytes:
        tag = b"<a " + b"".join(b"a%d='>' " % n for n in range(attributes)) + b">x</a>"
        return b"<html><body>" + tag * tags

    with at_once():
        with pytest.raises(MarkupError, match="a tag with over 250 attributes"):
            _document(page(60_000))
        assert len(_document(page(200, 500)).findall(".//a")) == 500
        assert len(_document(page(1000)).find(".//a").attrib) == 1000, "a small page may hold what it likes"


def test_gzip_of_very_many_members_is_refused_at_once() -> None:
    empty = gzip.compress(b"", mtime=0)
    with at_once():
        assert decode_body(empty * 990 + gzip.compress(b"x", mtime=0), "gzip") == b"x"
        with pytest.raises(BodyError, match="bad_encoding"):
            decode_body(empty * 100_000, "gzip")


@pytest.mark.parametrize(
    "link",
    [
        b"href=",
        b"href=a",
        b"href=/1/1",
        b"href=  ",
        b"HREF=kabar?p=2 ",
        b"href='/kabar/" + b"9/" * 190 + b" ",
    ],
)
def test_hostile_links_cost_no_time(link: bytes) -> None:
    page = link * (6_000_000 // len(link))
    with at_once():
        assert canonical_link(page, SITE) is None
        assert further_parts(page, f"{SITE}/kabar/", SOURCE, f"{SITE}/kabar") is not None


def test_hostile_addresses_cost_no_time() -> None:
    with at_once():
        for n in range(3000):
            assert not is_slug(f"/2024/01/{'a' * 960}/{n}/x/7")
            assert canonical_url(f"{SITE}/2024/01/{'a' * 940}/{n}/x/7").startswith(SITE)
