"""Onboarding of sites on loopback: what is found, what is written, and when a check complains."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sites import Answer, Site, make_posts, serve

from crawler.probe import ProbeError, check_sources, probe_site, zone_of
from crawler.sitefacts import article_pattern, read_front_page, section_pattern, slug_of
from crawler.source import load_source, load_sources
from pipeline.cli.sources import sources

TEXT = (
    "Warga Desa Rekaan memperbaiki saluran air sepanjang dua kilometer, Minggu pagi. Kerja bakti itu "
    "diikuti sekitar delapan puluh orang dari tiga dusun. Kepala dusun mengatakan lumpur sudah menutup "
    "separuh saluran sejak hujan bulan lalu sehingga sawah di hilir kekurangan air. Setelah dibersihkan, air "
    "kembali mengalir ke petak paling ujung sebelum siang. Ibu-ibu menyiapkan makanan di balai warga, "
    "sedangkan para pemuda mengangkut lumpur dengan gerobak. Kegiatan serupa akan diadakan setiap bulan "
    "sampai musim tanam selesai."
)
CONTACT = "uji@example.org"
FRONT = (
    '<!DOCTYPE html><html lang="id-ID"><head><title>Beranda | Kabar Sawah</title>'
    '<meta name="generator" content="WordPress 6.6"/>'
    '<meta property="og:site_name" content="Kabar &amp; Sawah"/>'
    '<link rel="https://api.w.org/" href="{url}/wp-json/"/>'
    '<link rel="alternate" type="application/rss+xml" href="/feed/"/>'
    '<link rel="alternate" type="application/rss+xml" href="/comments/feed/"/></head>'
    "<body>Kabar</body></html>"
)


def with_front(site: Site) -> Site:
    def rule(path: str, _: dict[str, str]) -> Answer | None:
        html = {"Content-Type": "text/html; charset=UTF-8"}
        return Answer(200, FRONT.format(url=site.url).encode(), html) if path == "/" else None

    site.rules.append(rule)
    return site


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(with_front(Site(make_posts(60, text=TEXT)))) as running:
        yield running


def test_probe_makes_a_source_of_a_wordpress(site: Site) -> None:
    site.robots = b"User-agent: *\nCrawl-delay: 0.01\nSitemap: http://kabarladang.id/sitemap.xml\n"
    probe = probe_site(site.url, contact=CONTACT, home="52.04", delay_s=0.0, allow_private=True)
    source = probe.source
    assert (source.name, source.cms, source.zone) == ("Kabar & Sawah", "wordpress", "Asia/Makassar")
    assert [way.method for way in source.discovery] == ["wp_rest", "sitemap", "feed"]
    assert [way.url for way in source.discovery] == ["/wp-json/wp/v2/posts", "/wp-sitemap.xml", "/feed/"]
    assert source.allow_private
    assert not source.verified
    assert probe.crawl_delay == 0.01
    assert probe.rate is not None
    assert 16 < probe.rate < 18, "sixty articles in three and a half days"
    assert source.expect.min_articles_night == int(probe.rate / 3)
    assert "Kabar rekaan" in probe.page.body.decode()
    assert probe.requests <= 9


def test_probe_leaves_out_the_ways_that_do_not_work(site: Site) -> None:
    site.rest = False
    probe = probe_site(site.url, contact=CONTACT, delay_s=0.0, allow_private=True)
    assert [way.method for way in probe.source.discovery] == ["sitemap", "feed"]
    assert [(t.method, t.problem) for t in probe.trials if not t.works] == [("wp_rest", "HTTP 404")]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("refku.com", "on the block list"),
        ("ftp://kabarsawah.id", "no http or https"),
        ("http://[x", "no http or https"),
        ("http://tidak-ada.invalid", "no such host"),
    ],
)
def test_probe_says_why_a_site_can_be_no_source(url: str, message: str) -> None:
    with pytest.raises(ProbeError, match=message):
        probe_site(url, contact=CONTACT, delay_s=0.0)


def test_probe_says_that_nothing_lists_articles(site: Site) -> None:
    for path in ("/feed", "/wp-", "/posts", "/sitemap"):
        site.rules.insert(0, lambda asked, _, path=path: Answer(404) if asked.startswith(path) else None)
    with pytest.raises(ProbeError, match=r"nothing that lists articles.*wp_rest: HTTP 404"):
        probe_site(site.url, contact=CONTACT, delay_s=0.0, allow_private=True)
    site.rules.insert(0, lambda path, _: Answer(503) if path == "/" else None)
    with pytest.raises(ProbeError, match="HTTP 503"):
        probe_site(site.url, contact=CONTACT, delay_s=0.0, allow_private=True)


def test_check_tells_living_from_stale_and_broken(site: Site) -> None:
    old = make_posts(3, start=datetime.now(UTC) - timedelta(days=90))
    with serve(Site(old)) as stale:
        given = [site.source("feed", "sitemap"), stale.source("feed"), site.source("wp_rest", slug="tutup")]
        site.rest = False
        good, late, broken = check_sources(given, contact=CONTACT, delay_s=0.0)
    assert good.works
    assert [len(trial.entries) for trial in good.trials] == [10, 60]
    assert "its newest article is of" in (late.problem or "")
    assert broken.problem == "HTTP 404"


def test_check_wants_a_page_that_can_be_read(site: Site) -> None:
    def wall(path: str, _: dict[str, str]) -> Answer | None:
        body = b"<html><head><title>Just a moment...</title></head><body>x</body></html>"
        return Answer(200, body, {"Content-Type": "text/html"}) if path.startswith("/kabar") else None

    site.rules.append(wall)
    (check,) = check_sources([site.source("feed")], contact=CONTACT, delay_s=0.0)
    assert "no article's page could be read" in (check.problem or "")


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (["/2024/07/{n:02}/kabar-{n}"], r"^/\d{4}/\d{2}/\d{2}/[^/]+$"),
        (["/politik/{n}4521/kabar-{n}", "/desa/{n}4522/kabar"], r"^/[a-z0-9-]+/\d+/[^/]+$"),
        (["/berita/kabar-{n}"], r"^/berita/[^/]+$"),
        (["/2024/07/kabar-{n}.html"], r"^/\d{4}/\d{2}/[^/]+\.html$"),
        (["/kabar-{n}"], None),
        (["/berita-{n}-kabar-desa.html", "/berita-{n}3-kabar.html"], r"^/berita-\d+-[^/]+\.html$"),
        (["/{n}712-kabar-desa"], r"^/\d+-[^/]+$"),
        (["/berita-{n}-kabar.html", "/desa-{n}-kabar.html"], r"^/[^/]+\.html$"),
        (["/a/kabar-{n}", "/b/kabar-{n}"], None),
        (["/berita/kabar-{n}", "/{n}45/kabar"], None),
    ],
)
def test_article_pattern_is_what_nearly_all_addresses_share(paths: list[str], pattern: str | None) -> None:
    urls = [f"https://kabarsawah.id{path.format(n=n)}" for n in range(1, 21) for path in paths]
    assert article_pattern(urls) == pattern


def test_pattern_of_a_section_page_that_fits_sections_is_none() -> None:
    paths = [f"/berita/warga-rekaan-menata-kampung-{n}" for n in range(8)]
    urls = [f"https://kabarsawah.id{path}" for path in paths]
    assert section_pattern(urls, [*paths, "/berita/pasar-baru", "/halaman/redaksi"]) == "^/berita/[^/]+$"
    assert section_pattern(urls, [*paths, "/berita/politik"]) is None


def test_front_page_of_any_bytes_is_read() -> None:
    for body in (b"", b"\x00\xff", b"<html", FRONT.encode() * 50, b"<title>" + b"<b>" * 5000):
        assert read_front_page(body, "https://kabarsawah.id/").cms in ("wordpress", "custom")
    assert (
        read_front_page(b"<title>Beranda - Kabar Sawah</title>", "https://kabarsawah.id/").name
        == "Kabar Sawah"
    )


def test_names_and_zones() -> None:
    assert [slug_of(host) for host in ("www.kabarsawah.co.id", "bima.kabar.com", "127.0.0.1:80")] == [
        "kabarsawah",
        "bima-kabar",
        "127-0-0-1-80",
    ]
    assert [zone_of(code) for code in ("32.02", "52", "91.01", None)] == [
        "Asia/Jakarta",
        "Asia/Makassar",
        "Asia/Jayapura",
        "Asia/Jakarta",
    ]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(sources, [*words, "--var", str(tmp_path)])


@pytest.mark.parametrize(("option", "value"), [("--home", "99.99"), ("--slug", "../jahat")])
def test_command_add_refuses_what_no_source_can_have_before_it_asks(
    site: Site, run: Callable[..., Result], option: str, value: str
) -> None:
    before = len(site.log)
    done = run("add", site.url, option, value, "--allow-private", "--delay", "0")
    assert done.exit_code == 1 and value in str(done.exception) and "pydantic" not in str(done.exception)
    assert len(site.log) == before


def test_command_add_writes_source_and_page(site: Site, run: Callable[..., Result], tmp_path: Path) -> None:
    words = ("add", site.url, "--home", "32.02", "--slug", "kabarsawah", "--allow-private", "--delay", "0")
    done = run(*words)
    assert done.exit_code == 0, done.output
    assert "Kabar & Sawah" in done.output
    assert "REST WordPress: 60 artikel" in done.output
    source = load_source(tmp_path / "sources" / "kabarsawah.toml")
    assert (source.slug, source.home) == ("kabarsawah", "32.02")
    (page,) = (tmp_path / "sources" / "pages" / "kabarsawah").glob("*.html.gz")
    expected = json.loads(page.with_name(page.name.replace(".html.gz", ".json")).read_text(encoding="utf-8"))
    assert expected["title"].startswith("Kabar rekaan nomor")
    assert "Desa Rekaan" in expected["text"]
    assert "kabarsawah" in run("list").output, "what was added is known from now on"
    again = run(*words)
    assert again.exit_code == 1
    assert "is the source kabarsawah already" in str(again.exception)


def test_command_check_marks_what_works(site: Site, run: Callable[..., Result], tmp_path: Path) -> None:
    run("add", site.url, "--slug", "kabarsawah", "--allow-private", "--delay", "0")
    done = run("check", "kabarsawah", "--delay", "0", "--verify")
    assert done.exit_code == 0, done.output
    assert load_sources(tmp_path / "sources")["kabarsawah"].verified
    site.posts.clear()
    failed = run("check", "kabarsawah", "--delay", "0", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.output)["works"] is False


def test_command_check_names_a_home_that_no_region_is(
    site: Site, run: Callable[..., Result], tmp_path: Path
) -> None:
    run("add", site.url, "--slug", "kabarsawah", "--allow-private", "--delay", "0")
    file = tmp_path / "sources" / "kabarsawah.toml"
    told = re.sub(r"(?m)^home = .*\n", "", file.read_text())
    file.with_stem("kabarladang").write_text(told.replace("kabarsawah", "kabarladang"))
    file.write_text('home = "32.99"\n' + told)
    failed = run("check", "kabarsawah", "kabarladang", "--delay", "0", "--json")
    assert "1 of 2 sources did not pass (kabarsawah)" in str(failed.exception), (
        "the others are checked all the same"
    )
    problems = {row["source"]: row["problem"] for row in map(json.loads, failed.output.splitlines())}
    assert problems == {
        "kabarsawah": "home: no region has the code 32.99; give one as 32.02",
        "kabarladang": None,
    }


def test_command_list_and_unknown_names(run: Callable[..., Result]) -> None:
    rows = [json.loads(line) for line in run("list", "--json", "--home", "32.02").output.splitlines()]
    assert {row["home"] for row in rows} == {"32.02"}
    assert "sukabumiupdate" in {row["slug"] for row in rows}
    unknown = run("check", "tidakada")
    assert unknown.exit_code == 1
    assert "tidakada: no such source" in str(unknown.exception)
