"""Onboarding of sites that are no WordPress: few articles a page, node numbers, news sitemaps, times that lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sites import FILLER, Answer, Site, serve

from crawler.probe import Probe, probe_site
from crawler.records import Entry, Hints
from crawler.source import Source
from crawler.trial import Trial, daily_rate

HTML = {"Content-Type": "text/html"}
XML = {"Content-Type": "application/xml"}
NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


def probe(pages: dict[str, str], robots: str = "User-agent: *\nDisallow:\n") -> Probe:
    """Probe a site of these pages, in which {url} is its address; everything else that looks like one is an article."""
    site = Site([])
    site.robots = None

    def rule(path: str, _: dict[str, str]) -> Answer | None:
        if path == "/robots.txt":
            return Answer(200, robots.replace("{url}", site.url).encode(), {"Content-Type": "text/plain"})
        if path in pages:
            kind = XML if pages[path].startswith("<?xml") else HTML
            return Answer(200, pages[path].replace("{url}", site.url).encode(), kind)
        if path.startswith(("/baca/", "/node/", "/news/")):
            return Answer(200, f"<html><body><h1>Kabar</h1><p>{FILLER}</p></body></html>".encode(), HTML)
        return Answer(404)

    site.rules.append(rule)
    with serve(site):
        return probe_site(site.url, contact="uji@example.org", delay_s=0.0, allow_private=True)


def links(paths: list[str], more: str = "") -> str:
    shown = "".join(f'<a href="{path}">Kabar rekaan dari desa</a>' for path in paths)
    return f"<html><head><title>Kabar Sawah</title></head><body>{shown}{more}</body></html>"


def test_a_site_with_a_front_page_alone_is_read_several_pages_deep_and_its_short_addresses_too() -> None:
    names = [f"/baca/warga-rekaan-menata-kampung-{n}" for n in range(12)]
    names[1], names[3] = "/baca/banjir-rob", "/baca/pasar-dibuka"
    menu = '<a href="/kategori/daerah">Daerah</a><a href="/halaman/redaksi">Redaksi</a>'
    pages = {
        "/": links(names[:6], menu + '<a rel="next" href="/?page=2">2</a>'),
        "/?page=2": links(names[6:], menu),
    }
    source = probe(pages).source
    assert source.article == ("^/baca/[^/]+$",)
    assert [(way.method, way.pages) for way in source.discovery] == [("section", 5)]


def test_a_front_page_is_tried_with_what_the_feed_told_of_addresses() -> None:
    nodes = [f"/node/{2300 + n}" for n in range(6)]
    items = "".join(f"<item><link>{{url}}{node}</link></item>" for node in nodes)
    front = links(nodes, '<a href="/node">Semua</a>').replace(
        "</head>", '<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head>'
    )
    feed = f'<?xml version="1.0"?><rss><channel>{items}</channel></rss>'
    source = probe({"/": front, "/rss.xml": feed}).source
    assert [(way.method, way.pages) for way in source.discovery] == [("feed", 5), ("section", 5)]


def test_a_news_sitemap_is_taken_beside_the_sitemap_of_everything() -> None:
    def urls(numbers: range) -> str:
        rows = "".join(f"<url><loc>{{url}}/news/{n}/kabar-rekaan</loc></url>" for n in numbers)
        return f'<?xml version="1.0"?><urlset>{rows}</urlset>'

    pages = {
        "/": links([f"/news/{n}/kabar-rekaan" for n in range(100_000, 100_006)]),
        "/peta.xml": urls(range(100_000, 100_030)),
        "/news-sitemap.xml": urls(range(100_020, 100_030)),
    }
    robots = "User-agent: *\nDisallow:\nSitemap: {url}/news-sitemap.xml\nSitemap: {url}/peta.xml\n"
    source = probe(pages, robots).source
    assert [(way.method, way.url) for way in source.discovery] == [
        ("sitemap", "/peta.xml"),
        ("sitemap", "/news-sitemap.xml"),
        ("section", "/"),
    ]
    assert source.discovery[2].pages == 1


def test_a_night_is_expected_to_bring_no_more_than_it_may_fetch() -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    rows = "".join(
        f"<url><loc>{{url}}/news/{100_000 + n}/kabar-rekaan</loc>"
        f"<lastmod>{(at - timedelta(seconds=20 * n)).isoformat()}</lastmod></url>"
        for n in range(4000)
    )
    found = probe({"/": links([]), "/sitemap.xml": f'<?xml version="1.0"?><urlset>{rows}</urlset>'})
    assert found.rate and found.rate > 3000
    assert found.source.expect.min_articles_night == found.source.politeness.pages_per_night // 3


def test_equal_times_tell_no_rate() -> None:
    source = Source(
        slug="contoh",
        name="Contoh",
        domains=("contoh.example",),
        discovery=({"method": "sitemap", "url": "/p.xml"},),
    )  # type: ignore[arg-type]

    def trial(times: list[datetime]) -> Trial:
        entries = [Entry(f"https://contoh.example/{n}", Hints("sitemap"), at) for n, at in enumerate(times)]
        return Trial("sitemap", "/p.xml", tuple(entries))

    assert daily_rate([trial([NOW - timedelta(hours=9)] * 900)], source, NOW) is None
    hours = [NOW - timedelta(hours=6 * n) for n in range(12)]
    assert daily_rate([trial(hours), trial([NOW] * 900)], source, NOW) == daily_rate(
        [trial(hours)], source, NOW
    )


def test_where_there_is_no_other_way_the_sections_of_the_menu_are_read_too() -> None:
    """A list of ten whose button for more asks by script, and a sitemap that names the sections alone."""
    sections = ("politik", "daerah", "kategori/olahraga", "tentang-kami", "tag/desa", "kosong")
    menu = "".join(f'<a href="/{name}">{name}</a>' for name in sections)
    paths = [f"/baca/warga-rekaan-menata-kampung-{n}" for n in range(24)]
    urls = "".join(f"<url><loc>{{url}}/{name}</loc></url>" for name in ("", "politik", "daerah"))
    pages = {
        "/": links(paths[:10], menu),
        "/politik": links(paths[8:14], menu),
        "/daerah": links(paths[2:6], menu),
        "/kategori/olahraga": links(paths[14:], menu),
        "/sitemap.xml": f'<?xml version="1.0"?><urlset>{urls}</urlset>',
    }
    found = probe(pages)
    assert [way.url for way in found.source.discovery] == ["/", "/politik", "/kategori/olahraga"]
    assert found.source.article == ("^/baca/[^/]+$",)


def test_a_front_page_that_scripts_fill_leads_to_the_index() -> None:
    paths = [f"/daerah/d-{n}/warga-rekaan-menata-kampung-{n}" for n in range(71000, 71012)]
    pages = {"/": links([], '<a href="/desa">Desa</a><a href="/indeks">Indeks</a>'), "/indeks": links(paths)}
    pages |= {"/desa": links(paths[:4])} | dict.fromkeys(paths, f"<html><body><p>{FILLER}</p></body></html>")
    assert [way.url for way in probe(pages).source.discovery] == ["/indeks"]


def test_a_front_page_of_one_section_does_not_shut_out_the_others() -> None:
    urls = {
        name: [f"/{name}/91{n}34/warga-rekaan-menata-kampung-{n}" for n in range(6)]
        for name in ("desa", "kota")
    }
    menu = "".join(f'<a href="/{name}">{name}</a>' for name in urls)
    pages = {"/": links(urls["desa"], menu)} | {f"/{name}": links(urls[name], menu) for name in urls}
    pages |= dict.fromkeys((*urls["desa"], *urls["kota"]), f"<html><body><p>{FILLER}</p></body></html>")
    source = probe(pages).source
    assert [way.url for way in source.discovery] == ["/", "/kota"]
    assert source.article == (r"^/[a-z0-9-]+/\d+/[^/]+$",)


def test_a_feed_of_rss_1_is_found_by_its_link() -> None:
    names = [f"/baca/warga-rekaan-menata-kampung-{n}" for n in range(6)]
    items = "".join(f"<item><link>{{url}}{name}</link></item>" for name in names)
    head = (
        '<link rel="sitemap" type="text/xml" href="/p.xml"><link rel="alternate" type="{}" href="/index.rdf">'
    )
    rdf = f'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{items}</rdf:RDF>'
    for kind in ("application/rdf+xml", "text/xml; charset=utf-8"):
        front = links(names[:2]).replace("</head>", f"{head.format(kind)}</head>")
        found = probe({"/": front, "/index.rdf": rdf})
        assert found.front.feeds[0].endswith("/index.rdf") and found.source.discovery[0].method == "feed"
