"""The demo's sites answer like the CMSs they stand for, and say that they are invented."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from pipeline import demo_server
from pipeline.demo_feeds import LABEL
from pipeline.demo_server import DemoPortError, serve_sites
from pipeline.demo_sites import Site, load_sites

SITES = load_sites()


def test_demo_has_at_least_60_articles_on_five_sites() -> None:
    assert len(SITES) == 5
    assert sum(len(site.posts) for site in SITES) >= 60


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.slug)
def test_every_page_says_that_it_is_invented(site: Site) -> None:
    for path in ["/", *site.pages]:
        answer = site.answer(path)
        assert answer.status == 200
        assert LABEL in answer.body.decode()


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.slug)
def test_every_article_has_its_own_path(site: Site) -> None:
    assert len({post.path for post in site.posts}) == len(site.articles)


def test_wp_rest_pages_and_filters_like_wordpress() -> None:
    site = next(site for site in SITES if site.rest)
    first = site.answer("/wp-json/wp/v2/posts?per_page=10")
    rows = json.loads(first.body)
    assert len(rows) == 10
    assert dict(first.headers)["X-WP-Total"] == str(len(site.posts))
    assert site.answer("/wp-json/wp/v2/posts?per_page=10&page=99").status == 400
    newest = rows[0]["date"]
    assert json.loads(site.answer(f"/wp-json/wp/v2/posts?after={newest}").body) == []


def test_unknown_path_is_404() -> None:
    assert {site.answer("/tidak-ada").status for site in SITES} == {404}


def test_server_keeps_its_addresses_and_answers_304(tmp_path: Path) -> None:
    with serve_sites(tmp_path) as sites:
        url = sites[0].posts[0].url
        with urllib.request.urlopen(url) as answer:
            tag = answer.headers["ETag"]
            assert LABEL in answer.read().decode()
        again = urllib.request.Request(url, headers={"If-None-Match": tag})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(again)
        assert caught.value.code == 304
        with pytest.raises(DemoPortError, match="a demo is running"), serve_sites(tmp_path):
            pass
    with serve_sites(tmp_path) as sites:
        assert sites[0].posts[0].url == url


def test_a_machine_without_loopback_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_server, "HOST", "203.0.113.1")  # an address that no machine has
    with pytest.raises(DemoPortError, match=r"203\.0\.113\.1: .*loopback"), serve_sites(tmp_path / "demo"):
        pass
