"""Answers that are shorter than they say: asked again, and kept where they are whole all the same."""

from __future__ import annotations

import gzip

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

HTML = {"Content-Type": "text/html; charset=UTF-8"}
PAGE = b"<!DOCTYPE html><html><title>x</title><p>Teks karangan.</p></html>\n<!-- simpanan -->\n"


@pytest.mark.parametrize(
    ("body", "headers", "failed"),
    [
        (PAGE, HTML, {}),
        (gzip.compress(PAGE), HTML | {"Content-Encoding": "gzip"}, {}),
        (PAGE[:50], HTML, {"truncated": 1}),
        (gzip.compress(PAGE)[:-9], HTML | {"Content-Encoding": "gzip"}, {"truncated": 1}),
    ],
)
def test_page_that_is_always_shorter_than_it_says_is_kept_where_it_is_whole(
    place: Place, body: bytes, headers: dict[str, str], failed: dict[str, int]
) -> None:
    with serve(Site(make_posts(1))) as site:
        answer = Answer(200, body, headers, declared=len(body) + 10)
        site.rules.append(lambda path, _: answer if path.startswith("/kabar") else None)
        source = site.source("sitemap")
        report = place.crawl(source).by_source[source.slug]
    assert (report.failed, report.fetched) == (failed, int(not failed))
    assert len(site.pages_asked()) == 3, "it might have been the line"
    assert [place.text(capture) for capture in place.captures()] == [PAGE.decode()] * (not failed)
    assert place.audit() == []


def test_a_sitemap_that_is_always_shorter_than_it_says_is_read_where_it_is_whole(place: Place) -> None:
    with serve(Site(make_posts(2))) as site:

        def short(path: str, headers: dict[str, str]) -> Answer | None:
            if path != "/posts-1.xml":
                return None
            whole = site._sitemap()
            return Answer(200, whole.body, whole.headers, declared=len(whole.body) + 10)

        site.rules.append(short)
        source = site.source("sitemap")
        report = place.crawl(source).by_source[source.slug]
    assert (report.fetched, report.problem) == (2, None)
