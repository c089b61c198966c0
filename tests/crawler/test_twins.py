"""Articles that stand under another address than the usual one: only as AMP, only on a mobile host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from places import Place
from sites import FILLER, Answer, Site, serve

from crawler.discovery import parse
from crawler.records import Step
from crawler.source import Source

HTML = {"Content-Type": "text/html; charset=UTF-8"}
XML = {"Content-Type": "application/rss+xml"}
SLUG = "/read/8800{}/warga-rekaan-memperbaiki-jembatan"
FEED = [{"method": "feed", "url": "/rss"}]


def amp_site(printed: str, usual: int) -> Site:
    """Return a site whose feed prints addresses with that end; `usual` is the status of the addresses without."""
    site = Site([])

    def rule(path: str, _: dict[str, str]) -> Answer | None:
        bare = path.removesuffix("/amp")
        if path == "/rss":
            items = "".join(f"<item><link>{site.url}{SLUG.format(n)}{printed}</link></item>" for n in (1, 2))
            return Answer(200, f"<rss><channel>{items}</channel></rss>".encode(), XML)
        if not path.startswith("/read/"):
            return None
        head = f'<title>x</title><link rel="canonical" href="{site.url}{bare}"/>'
        if path == bare:
            shell = f'{head}<link rel="amphtml" href="{bare}/amp"></head><body><div id="app"></div><script>x</script>'
            return Answer(usual, f"<!DOCTYPE html><html><head>{shell}</html>".encode(), HTML)
        page = f"<!DOCTYPE html><html amp><head>{head}</head><body><p>{FILLER}</p></html>"
        return Answer(200, page.encode(), HTML)

    site.rules.append(rule)
    return site


def read(site: Site) -> list[str]:
    """Return the addresses of articles that were asked."""
    return [entry.path for entry in site.log if entry.path.startswith("/read/")]


@pytest.mark.parametrize(("printed", "usual"), [("/amp", 404), ("/amp", 410), ("", 200)])
def test_article_that_stands_as_amp_alone_is_fetched_there_under_its_usual_identity(
    place: Place, printed: str, usual: int
) -> None:
    with serve(amp_site(printed, usual)) as site:
        source = site.source(discovery=FEED)
        report = place.crawl(source).by_source[source.slug]
        assert (report.discovered, report.fetched, report.skipped, report.gone) == (2, 2, {}, 0)
        captures = place.captures()
        assert {urlsplit(c.article_url).path for c in captures} == {SLUG.format(1), SLUG.format(2)}
        assert all(c.url == f"{c.article_url}/amp" and FILLER in place.text(c) for c in captures)
        place.sql("UPDATE pages SET due_at = '2020-01-01T22:00:00+00:00'")
        site.log.clear()
        place.crawl(source)
    assert sorted(read(site)) == [f"{SLUG.format(n)}/amp" for n in (1, 2)], "later visits go there at once"
    assert place.audit() == []


def test_article_whose_page_leads_to_another_address_is_fetched_there(place: Place) -> None:
    def moved(path: str, _: dict[str, str]) -> Answer | None:
        if path.startswith("/read/"):
            tag = f'<meta http-equiv="refresh" content="0; url={path.replace("/read/", "/baru/")}">'
            return Answer(200, f"<html><head>{tag}</head><body>Halaman pindah.</body></html>".encode(), HTML)
        page = f"<!DOCTYPE html><html><head><title>x</title></head><body><p>{FILLER}</p></html>"
        return Answer(200, page.encode(), HTML) if path.startswith("/baru/") else None

    with serve(amp_site("", 200)) as site:
        site.rules.insert(0, moved)
        source = site.source(discovery=FEED)
        report = place.crawl(source).by_source[source.slug]
    assert (report.discovered, report.fetched, report.skipped) == (2, 2, {})
    assert all(FILLER in place.text(c) and "/baru/" in c.url for c in place.captures())
    assert place.audit() == []


def test_a_page_that_leads_to_the_front_page_is_not_read_there(place: Place) -> None:
    def down(path: str, _: dict[str, str]) -> Answer | None:
        if path.startswith("/read/"):
            return Answer(200, b"<html><script>location.href = '/';</script><p>Tidak ada.</p></html>", HTML)
        return Answer(200, f"<html><p>{FILLER}</p></html>".encode(), HTML) if path == "/" else None

    with serve(amp_site("", 200)) as site:
        site.rules.insert(0, down)
        place.crawl(site.source(discovery=FEED))
    assert [urlsplit(capture.url).path[:6] for capture in place.captures()] == ["/read/"] * 2


def test_article_that_is_gone_under_both_addresses_is_gone(place: Place) -> None:
    with serve(amp_site("/amp", 404)) as site:
        site.rules.insert(0, lambda path, _: Answer(404) if path.endswith("/amp") else None)
        source = site.source(discovery=FEED)
        report = place.crawl(source).by_source[source.slug]
    assert (report.fetched, report.gone, len(read(site))) == (0, 2, 4)


def test_shells_that_lead_to_shells_are_followed_no_further(place: Place) -> None:
    def endless(path: str, _: dict[str, str]) -> Answer | None:
        page = f'<html><head><link rel="amphtml" href="{path}x"></head><body></html>'
        return Answer(200, page.encode(), HTML) if path.startswith("/read/") else None

    with serve(amp_site("", 200)) as site:
        site.rules.insert(0, endless)
        place.crawl(site.source(discovery=FEED))
    assert len(read(site)) == 6


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("https://contoh.example/read/88001/kabar/amp", True),
        ("https://m.contoh.example/read/88001/kabar", True),
        ("https://contoh.example/read/88001/kabar/", False),
        ("https://contoh.example/read/88001/kabar?utm_source=rss", False),
    ],
)
def test_printed_address_is_kept_where_another_one_is_asked(printed: str, kept: bool) -> None:
    source = Source(
        slug="contoh",
        name="Contoh",
        domains=("contoh.example",),
        discovery=({"method": "feed", "url": "/rss"},),  # type: ignore[arg-type]
    )
    body = f"<rss><channel><item><link>{printed}</link></item></channel></rss>".encode()
    (entry,) = parse(Step("feed", f"{source.site}/rss"), body, f"{source.site}/rss", source).entries
    assert entry.printed == (printed if kept else None)
