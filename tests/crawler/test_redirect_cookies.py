"""Sites that send everybody past a consent page: its cookie is kept within one chain of redirects, and only there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.visitor import Visitor


def gate(path: str, headers: dict[str, str]) -> Answer | None:
    """Answer as a site that shows nothing, robots.txt included, to whoever brings no cookie."""
    if path.startswith("/setuju?"):
        back = path.partition("=")[2]
        return Answer(302, b"", {"Set-Cookie": "setuju=1; Path=/", "Location": back})
    if "setuju=1" not in headers.get("cookie", ""):
        return Answer(302, b"", {"Location": f"/setuju?kembali={path}"})
    return None


@pytest.fixture
def gated() -> Iterator[Site]:
    with serve(Site(make_posts(3))) as site:
        site.rules.append(gate)
        yield site


def test_a_site_behind_a_consent_page_is_crawled_and_remembers_nobody(place: Place, gated: Site) -> None:
    source = gated.source("sitemap")
    report = place.crawl(source).by_source[source.slug]
    assert (report.fetched, report.failed, report.problem) == (3, {}, None)
    asked = [e for e in gated.log if e.path == "/kabar-rekaan-nomor-00001/"]
    assert [e.headers.get("cookie") for e in asked] == [None, "setuju=1"]
    assert "setuju" not in "".join(str(row) for row in place.sql("SELECT * FROM pages"))


def test_a_single_visit_passes_a_consent_page_too(gated: Site) -> None:
    visitor = Visitor(contact="uji@example.org", delay_s=0.0, timeout_s=2.0, allow_private=True)
    for number in (1, 2):
        visit = visitor.get(f"{gated.url}/kabar-rekaan-nomor-0000{number}/")
        assert visit.status == 200 and b"Kabar rekaan" in visit.body
    asked = [e.headers.get("cookie") for e in gated.log if e.path.startswith("/kabar")]
    assert asked[:3] == [None, "setuju=1", None], "the last one may not be noted yet"


def test_a_cookie_goes_to_no_other_host(place: Place) -> None:
    with serve(Site(make_posts(1))) as here, serve(Site(make_posts(1))) as there:
        away = {
            "Location": f"{there.url.replace('127.0.0.1', 'localhost')}/x/",
            "Set-Cookie": "rahasia=1; Path=/",
        }
        here.rules.append(lambda path, _: Answer(302, b"", away) if path.startswith("/kabar") else None)
        source = here.source(
            "sitemap", domains=[here.url[7:], there.url[7:].replace("127.0.0.1", "localhost")]
        )
        place.crawl(source)
        assert [e.headers.get("cookie") for e in there.log if e.path == "/x/"] == [None]
