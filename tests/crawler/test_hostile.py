"""What a site sends costs no more time than its length: the crawl of all others waits for whoever reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from crawler.discovery.markup import MarkupError, parse_xml


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
}


@pytest.mark.parametrize("name", FEEDS)
def test_hostile_feed_is_read_or_refused_at_once(name: str) -> None:
    with at_once():
        assert parse_xml(FEEDS[name]()).tag == "rss"


def test_page_behind_comments_is_told_from_a_feed() -> None:
    comments = b"<!-- a --><!-- b > -- -->\n<!---->" * 20
    with at_once(), pytest.raises(MarkupError, match="got an HTML page"):
        parse_xml(comments + b"<!DOCTYPE html><html><body><p>x</p></body></html>")
