"""WordPress REST, Blogger feeds and section pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.discovery import first_steps, parse
from crawler.records import Step
from crawler.source import Source

SITE = "https://kabarsawah.id"
NIGHT = datetime(2024, 7, 20, tzinfo=UTC)
SPAN = {"since": datetime(2024, 6, 1, tzinfo=UTC), "until": datetime(2024, 8, 31, tzinfo=UTC)}


def site(method: str, url: str = "/", **values: object) -> Source:
    ways = [{"method": method, "url": url}]
    given = {"slug": "k", "name": "Kabar Sawah", "domains": ["kabarsawah.id"], "discovery": ways, **values}
    return Source.model_validate(given)


REST = site("wp_rest", "/wp-json/wp/v2/posts")
BLOG = site("blogger", "/feeds/posts/summary")


def post(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "date": "2024-07-25T09:05:00", "date_gmt": "2024-07-25T02:05:00",
        "modified_gmt": "2024-07-26T02:05:00",
        "link": f"{SITE}/kabar-{number}/", "status": "publish", "type": "post",
        "title": {"rendered": "Apel &#8220;siaga&#8221; <i>Panwascam</i>"}, "content": {"protected": False},
        "_embedded": {"author": [{"name": "Ratih Wulandari"}]}, **values,
    }  # fmt: skip


def rest(posts: Any, url: str | None = None, depth: int = 0, **window: datetime) -> Any:
    step = Step("wp_rest", url or first_steps(REST, **window)[0].url, depth)
    return parse(step, json.dumps(posts).encode(), step.url, REST, **window)


def query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_rest_gives_the_article_with_exact_hints() -> None:
    (entry,) = rest([post()]).entries
    assert (entry.url, entry.address) == (f"{SITE}/kabar-1", f"{SITE}/kabar-1/")
    assert entry.hints.title == "Apel “siaga” Panwascam"
    assert entry.hints.author == "Ratih Wulandari"
    assert entry.hints.published == "2024-07-25T02:05:00+00:00"
    assert entry.lastmod == datetime(2024, 7, 26, 2, 5, tzinfo=UTC)


def test_rest_falls_back_to_local_time_without_zone() -> None:
    (entry,) = rest([post(date_gmt=None)]).entries
    assert entry.hints.published == "2024-07-25T09:05:00"


def test_rest_gives_public_posts_only() -> None:
    hidden = [
        post(2, content={"protected": True}), post(3, status="draft"), post(4, type="attachment"),
        post(5, link="https://kabarladang.id/a/"), post(6, link=None), post(7, type="page"),
    ]  # fmt: skip
    assert [entry.url for entry in rest([post(sticky=True), *hidden]).entries] == [f"{SITE}/kabar-1"]


def test_rest_without_news_is_no_problem() -> None:
    assert rest([], since=NIGHT) == rest({"code": "rest_post_invalid_page_number"})
    assert rest([]).problem is None


@pytest.mark.parametrize("body", [{"code": "rest_no_route"}, {"code": "rest_cannot_access"}, {}, 3])
def test_rest_that_is_closed_is_a_problem(body: Any) -> None:
    assert "REST" in (rest(body).problem or "")


def test_rest_is_paged_while_pages_are_full() -> None:
    (step,) = rest([post(n) for n in range(100)]).follow
    assert (query(step.url)["page"], query(step.url)["per_page"], step.depth) == ("2", "100", 1)
    assert rest([post(n) for n in range(99)]).follow == ()
    assert rest([post(n) for n in range(40)], step.url, 1).follow == ()


def test_rest_that_caps_its_pages_is_paged_in_its_own_size() -> None:
    (step,) = rest([post(n) for n in range(20)]).follow
    assert (query(step.url)["page"], query(step.url)["per_page"]) == ("2", "20")


def test_rest_of_an_old_wordpress_ends_at_the_last_night() -> None:
    changed = first_steps(REST, since=NIGHT)[1].url
    old = [post(n, modified_gmt="2024-07-01T00:00:00") for n in range(100)]
    assert rest(old, changed, since=NIGHT).follow == ()
    assert len(rest([post(n) for n in range(100)], changed, since=NIGHT).follow) == 1


def row(number: int = 1, updated: str = "2024-07-26T09:05:00.001+07:00") -> dict[str, Any]:
    return {
        "published": {"$t": "2024-07-25T09:05:00.000+07:00"}, "updated": {"$t": updated},
        "title": {"type": "text", "$t": "Posko & aduan"}, "author": [{"name": {"$t": "Redaksi"}}],
        "link": [
            {"rel": "replies", "href": f"{SITE}/feeds/1/comments/default"},
            {"rel": "alternate", "href": f"http://www.kabarsawah.id/2024/07/posko-{number}.html"},
        ],
    }  # fmt: skip


def blogger(rows: list[dict[str, Any]], total: int | None, url: str | None = None, **window: datetime) -> Any:
    feed = {"entry": rows} | ({"openSearch$totalResults": {"$t": str(total)}} if total is not None else {})
    step = Step("blogger", url or first_steps(BLOG, **window)[0].url)
    return parse(step, json.dumps({"feed": feed}).encode(), step.url, BLOG, **window)


def test_blogger_gives_the_article_with_exact_hints() -> None:
    (entry,) = blogger([row()], 1).entries
    assert (entry.url, entry.address) == (
        f"{SITE}/2024/07/posko-1.html",
        "https://www.kabarsawah.id/2024/07/posko-1.html",
    )
    assert (entry.hints.title, entry.hints.author) == ("Posko & aduan", "Redaksi")
    assert entry.hints.published == "2024-07-25T09:05:00+07:00"
    assert entry.lastmod is not None


def test_blogger_is_paged_by_what_it_gave() -> None:
    (step,) = blogger([row(n) for n in range(25)], 60).follow
    assert query(step.url)["start-index"] == "26", "the blog gives fewer than were asked"
    (step,) = blogger([row(n) for n in range(25)], 60, step.url).follow
    assert query(step.url)["start-index"] == "51"
    assert blogger([row(n) for n in range(10)], 60, step.url).follow == ()


def test_blogger_asks_a_night_by_change_and_the_past_by_publication() -> None:
    night = query(first_steps(BLOG, since=NIGHT)[0].url)
    assert (night["orderby"], night["updated-min"]) == ("updated", "2024-07-20T00:00:00Z")
    past = query(first_steps(BLOG, **SPAN)[0].url)
    assert (past["published-min"], past["published-max"]) == ("2024-06-01T00:00:00Z", "2024-08-31T00:00:00Z")
    assert blogger([row(n, "2024-07-01T00:00:00Z") for n in range(25)], 900, since=NIGHT).follow == ()


def test_blogger_atom_and_script_forms_are_read() -> None:
    wrapped = (
        b"// API callback\ngdata.io.handleScriptLoaded("
        + json.dumps({"feed": {"entry": [row()]}}).encode()
        + b");"
    )
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/">
    <openSearch:totalResults>90</openSearch:totalResults>
    <entry><link rel="alternate" href="{SITE}/2024/07/a.html"/></entry></feed>"""
    step = first_steps(BLOG)[0]
    assert len(parse(step, wrapped, step.url, BLOG).entries) == 1
    listing = parse(step, atom.encode(), step.url, BLOG)
    assert (len(listing.entries), len(listing.follow)) == (1, 1)


def test_blogger_without_posts_is_no_problem_and_ends() -> None:
    listing = blogger([], 0, since=NIGHT)
    assert (listing.entries, listing.follow, listing.problem) == ((), (), None)


PAGE = """<html><head><base href="{site}/"></head><body><nav>
<a href="/politik">Politik</a><a href="/tag/pilkada">x</a>
<a href="/2024/07/25">Kalender</a><a href="/politik?sort=asc&tahun=2024">Urut</a>
<a href="/pedoman-media-siber">Pedoman</a></nav>
{articles}
<a href="//iklan.example/beli-satu-dapat-dua-kapal">Iklan</a><a href="mailto:a@kabarsawah.id">surel</a>
<a href="http://[rusak">x</a><div class="pages">{pages}</div></body></html>"""


def article(number: int, day: int | None = None) -> str:
    stamp = f"<time datetime='2024-07-{day:02}T09:05:00+07:00'>x</time>" if day else ""
    path = f"politik/{10000 + number}/kabar-desa"
    return f"<div><h3><a href='{path}'>Kabar …</a></h3>{stamp}<a href='/{path}#k'>i</a></div>"


def section(url: str, articles: str, pages: str = "", depth: int = 0, **window: datetime) -> Any:
    body = PAGE.format(site=SITE, articles=articles, pages=pages).encode()
    source = site("section", "/politik", article=(r"^/[a-z]+/\d+/[^/]+$",))
    return parse(Step("section", f"{SITE}{url}", depth), body, f"{SITE}{url}", source, **window)


def test_section_gives_the_articles_it_links_to() -> None:
    listing = section("/politik", article(1) + article(2, 25))
    assert [entry.url for entry in listing.entries] == [
        f"{SITE}/politik/{n}/kabar-desa" for n in (10001, 10002)
    ]
    assert [entry.hints.title for entry in listing.entries] == [None, None], "a link's text may be cut short"
    assert [entry.hints.published for entry in listing.entries] == [None, "2024-07-25T09:05:00+07:00"]


def test_section_without_a_pattern_takes_only_what_looks_like_an_article() -> None:
    links = "".join(
        f"<a href='{path}'>x</a>"
        for path in ("/kabar-desa", "/kabar-dari-desa-kami", "/2024/07/25/apel", "/a/b")
    )
    body = PAGE.format(site=SITE, articles=links, pages="").encode()
    found = parse(Step("section", SITE), body, SITE, site("section")).entries
    assert [entry.url.removeprefix(SITE) for entry in found] == ["/kabar-dari-desa-kami", "/2024/07/25/apel"]


@pytest.mark.parametrize(
    ("address", "article"),
    [
        ("/index.php?mod=berita&act=detail&id=12&title=warga-menata-kampung&PHPSESSID=0f3a", True),
        ("/media.php?module=detailberita&id=12", True),
        ("/detail.php?id=12", True),
        ("/read.php?judul=warga_rekaan_menata_kampung", True),
        ("/modules.php?name=News&file=article&sid=12", True),
        ("/index.php?mod=berita&hal=2", False),
        ("/index.php?mod=berita&kategori=3", False),
        ("/kategori.php?id=12", False),
        ("/viewtopic.php?id=12", False),
        ("/?s=warga+rekaan+menata+kampung", False),
        ("/share.php?judul=warga-rekaan-menata-kampung", False),
        ("/berita-41-warga-menata-kampung.html", True),
        ("/kategori-3-politik.html", False),
        ("/album-foto.html", False),
        ("/berita/detail/503", True),
        ("/news/read/12", True),
        ("/pengumuman/detail/3", False),
        ("/galeri/view/3", False),
        ("/berita/503", False),
        ("/berita.php?cat_id=3", False),
        ("/berita.php?page_no=3", False),
        ("/index.php?option=com_contact&view=contact&id=1", False),
        ("/index.php?section=berita&id=3", True),
        ("/2024/05/12/arsip-1998-dibuka-kembali", True),
    ],
)
def test_section_takes_the_articles_of_scripts(address: str, article: bool) -> None:
    body = PAGE.format(site=SITE, articles=f"<a href='{address}'>x</a>", pages="").encode()
    found = parse(Step("section", SITE), body, SITE, site("section")).entries
    assert [entry.address or entry.url for entry in found] == [SITE + address.partition("&PHP")[0]] * article


@pytest.mark.parametrize(
    ("here", "pages", "there"),
    [
        ("/politik", '<a href="/politik?page=2">2</a><a href="/politik?page=9">9</a>', "/politik?page=2"),
        (
            "/politik?page=2",
            '<a href="/politik?page=1">1</a><a href="/politik?page=3">3</a>',
            "/politik?page=3",
        ),
        ("/politik/", '<a href="/politik/page/2/">2</a>', "/politik/page/2/"),
        ("/politik/page/2/", '<a href="/politik/page/3/">3</a>', "/politik/page/3/"),
        ("/politik", '<a rel="next" href="/politik/lama">x</a>', "/politik/lama"),
        ("/politik", '<a href="/politik?start=20">Berikutnya »</a>', "/politik?start=20"),
        ("/halkategori-3-2.html", '<a href="halkategori-3-3.html">Next »</a>', "/halkategori-3-3.html"),
        ("/kategori-3", '<a href="/kategori-4">Daerah</a>', None),
        (
            "/politik",
            '<a href="/daerah?page=2">2</a><a href="https://kabarladang.id/politik?page=2">2</a>',
            None,
        ),
    ],
)
def test_section_goes_on_to_its_next_page(here: str, pages: str, there: str | None) -> None:
    listing = section(here, article(1), pages)
    assert [step.url.removeprefix(SITE) for step in listing.follow] == ([there] if there else [])


def test_section_ends_within_the_bounds_of_the_night() -> None:
    pages = '<a href="/politik?page=2">2</a><a href="/politik?page=3">3</a><a href="/politik?page=6">6</a>'
    assert section("/politik?page=5", article(1), pages, 4).follow == (), "five pages on a first night"
    assert section("/politik?page=2", article(1), pages, 1, since=NIGHT).follow == (), (
        "two pages without times"
    )
    assert section("/politik?page=2", article(1, 25), pages, 1, since=NIGHT).follow != (), (
        "the times are news"
    )
    assert section("/politik?page=2", article(1, 5), pages, 1, since=NIGHT).follow == (), "the times are old"
    assert section("/politik?page=5", article(1, 5), pages, 4, **SPAN).follow != (), (
        "the past is read further"
    )


def test_section_without_articles_is_a_problem_on_its_first_page_only() -> None:
    assert section("/politik", "").problem
    assert section("/politik?page=2", "", depth=1).problem is None
