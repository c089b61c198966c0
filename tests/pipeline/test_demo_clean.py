"""Every page of the demo's five sites gives back the article that was put into it, and nothing of the page."""

from __future__ import annotations

import pytest

from nlp.text import fold
from pipeline.article import Article
from pipeline.clean import clean_page
from pipeline.demo import demo_source
from pipeline.demo_sites import Site, load_sites

SITES = load_sites({site.slug: f"http://127.0.0.1:{40000 + n}" for n, site in enumerate(load_sites())})
CHROME = (
    "Baca Juga",
    "Penulis ",
    "Editor:",
    "Peliput",
    "CONTOH – rekaan",
    "Tags:",
    "Berita Terkait",
    "©",
    "(ADV)",
)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.slug)
def test_demo_pages_give_their_paragraphs_and_no_chrome(site: Site) -> None:
    for post in site.posts:
        wanted = post.pages[0]
        html = site.answer(post.path).body
        found = clean_page(
            html, url=post.url, content_type="text/html; charset=utf-8", source=demo_source(site)
        )
        assert isinstance(found, Article), post.url
        paragraphs = found.text.split("\n\n")
        assert (found.title, found.author) == (post.title, post.author), post.url
        assert not [mark for mark in CHROME if mark in found.text and mark not in " ".join(wanted)], post.url
        # the first paragraph loses its dateline, the last one a reporter's code
        assert [fold(p) for p in paragraphs[1:-1]] == [fold(p) for p in wanted[1:-1]], post.url
