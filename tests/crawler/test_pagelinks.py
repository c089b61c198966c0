"""What a page says of itself decides under which article it stands, and what else is fetched."""

from __future__ import annotations

import pytest

from crawler.pagelinks import (
    amp_of_shell,
    article_identity,
    canonical_link,
    further_parts,
    moved_to,
    page_problem,
)
from crawler.source import Source

SITE = "https://contoh.example"
SOURCE = Source.model_validate(
    {
        "slug": "contoh",
        "name": "Contoh",
        "domains": ["contoh.example"],
        "exclude": ["^/tag/"],
        "discovery": [{"method": "feed", "url": "/feed/"}],
    }
)
SLUG = "rapat-di-desa-rekaan-ditunda"
ARTICLE = f"{SITE}/2026/03/01/rapat-di-desa-rekaan/"


def page(link: str) -> bytes:
    return f'<html><head><link rel="canonical" href="{link}"></head><body>x</body></html>'.encode()


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="canonical" href="/a?x=1&amp;y=2" />',
        "<LINK HREF='/a?x=1&amp;y=2' REL=canonical>",
        "<link href=/a?x=1&amp;y=2 rel='canonical'>",
    ],
)
def test_canonical_link_is_read_in_any_order(tag: str) -> None:
    head = f'<link rel="stylesheet" href="/x.css">{tag}'
    assert canonical_link(head.encode(), SITE) == f"{SITE}/a?x=1&y=2"


def test_canonical_link_of_hostile_pages_is_bounded() -> None:
    assert canonical_link(b"<link " * 200_000, SITE) is None
    assert canonical_link(b'<link rel="canonical" href="javascript:alert(1)">', SITE) is None
    assert canonical_link(b'<link rel="canonical" href="http://[::1">', SITE) is None


@pytest.mark.parametrize(
    ("url", "link", "identity"),
    [
        (f"{SITE}/?p=12345", ARTICLE, ARTICLE[:-1]),
        (ARTICLE, ARTICLE, ARTICLE[:-1]),
        (f"{SITE}/amp/x/", ARTICLE, ARTICLE[:-1]),
        (ARTICLE, f"{SITE}/", ARTICLE[:-1]),
        (ARTICLE, "https://lain.example/2026/03/01/rapat-di-desa-rekaan/", ARTICLE[:-1]),
        (ARTICLE, f"{SITE}/tag/rapat/di/desa/rekaan/", ARTICLE[:-1]),
        (ARTICLE, f"{SITE}/berita/", ARTICLE[:-1]),
        (ARTICLE, f"{SITE}/2026/03/01/judul-sesudah-diganti/", f"{SITE}/2026/03/01/judul-sesudah-diganti"),
    ],
)
def test_article_identity_believes_credible_links_only(url: str, link: str, identity: str) -> None:
    assert article_identity(page(link), url, SOURCE, SOURCE.canonical(url)) == identity


@pytest.mark.parametrize(
    ("own", "link", "believed"),
    [
        (f"/daerah/70013/{SLUG}", f"{SITE}/berita/70013/{SLUG}", True),
        (f"/daerah/70013/{SLUG}", f"/berita/70013/{SLUG}?utm_source=x", True),
        (f"/daerah/70013/{SLUG}", f"{SITE}/", False),
        (f"/daerah/70013/{SLUG}", f"{SITE}/berita", False),
        (f"/daerah/70013/{SLUG}", f"{SITE}/tag/70013/{SLUG}", False),
        (f"/daerah/70013/{SLUG}", f"{SITE}/berita/70013/pasar-desa-rekaan-dibuka", False),
        (f"/daerah/70013/{SLUG}", f"{SITE}/berita/70001/{SLUG}", False),
        (f"/daerah/70013/{SLUG}", f"https://lain.example/berita/70013/{SLUG}", False),
        ("/daerah/berita.html", f"{SITE}/kota/berita.html", False),
        ("/baca/detail?id=13", f"{SITE}/berita/detail", False),
    ],
)
def test_article_identity_believes_og_url_for_the_same_article_elsewhere(
    own: str, link: str, believed: bool
) -> None:
    body = f'<html><head><meta property="og:url" content="{link}"></head><body>x</body></html>'.encode()
    identity = article_identity(body, SITE + own, SOURCE, SOURCE.canonical(SITE + own))
    assert identity == (f"{SITE}/berita/70013/{SLUG}" if believed else SITE + own)


def test_article_identity_asks_og_url_only_without_a_canonical_link() -> None:
    url = f"{SITE}/daerah/70013/{SLUG}"
    social = f'<meta content="{SITE}/berita/70013/{SLUG}" property=og:url>'
    head = f'<html><head>{social}<link rel="canonical" href="{url}"></head></html>'
    assert article_identity(head.encode(), url, SOURCE, SOURCE.canonical(url)) == url
    assert (
        article_identity(social.encode(), url, SOURCE, SOURCE.canonical(url)) == f"{SITE}/berita/70013/{SLUG}"
    )
    patterned = SOURCE.model_validate({**SOURCE.model_dump(), "article": ["^/daerah/"]})
    assert article_identity(social.encode(), url, patterned, SOURCE.canonical(url)) == url


def test_article_identity_reads_a_relative_canonical_link() -> None:
    url = f"{SITE}/daerah/70013/{SLUG}"
    body = page(f"/berita/70013/{SLUG}")
    assert article_identity(body, url, SOURCE, SOURCE.canonical(url)) == f"{SITE}/berita/70013/{SLUG}"


def test_further_parts_are_those_of_the_article() -> None:
    links = [
        f"{ARTICLE}2/",
        "/2026/03/01/rapat-di-desa-rekaan/3/",
        "?page=4",
        f"{ARTICLE}2/#komentar",
        f"{SITE}/2026/03/01/rapat-di-desa-lain/2/",
        f"{ARTICLE}99/",
        f"{SITE}/page/2/",
        "https://lain.example/2026/03/01/rapat-di-desa-rekaan/5/",
    ]
    body = "".join(f'<a href="{link}">x</a>' for link in links).encode()
    assert further_parts(body, ARTICLE, SOURCE, ARTICLE[:-1]) == [
        (2, f"{ARTICLE}2/"),
        (3, f"{ARTICLE}3/"),
        (4, f"{ARTICLE}?page=4"),
    ]


@pytest.mark.parametrize(
    ("kind", "body", "problem"),
    [
        ("text/html; charset=utf-8", b"<html>x</html>", None),
        ("", b"\n<!DOCTYPE html><p>x", None),
        ("text/plain", b"<html>x", None),
        ("text/plain", b"x", "not_html"),
        ("text/plain", b"\xef\xbb\xbf<!-- cache 12 - x -->\n<!DOCTYPE html><p>x", None),
        ("application/octet-stream", b'<?xml version="1.0"?><html>x', None),
        ("application/octet-stream", b"<!-- <html> -->x", "not_html"),
        ("text/plain", b"<!--" + b"-" * 3000, "not_html"),
        ("image/jpeg", b"<html>x", "not_html"),
        ("text/html", b" \n ", "empty"),
        ("text/html", b"<html><title>Just a moment...</title>", "blocked"),
        ("text/html", b"<html><head><title>Bot Verification</title>", "blocked"),
        ("application/json", b'{"message":"Access denied by Imunify360 bot-protection."}', "blocked"),
        ("text/html", b"<html><head><title>Robot Challenge 2024 di Desa</title>", None),
        ("application/json", b'{"judul":"Warga menata kampung"}', "not_html"),
        ("text/html", b'<html><form action="/x" class="post-password-form">', "protected"),
    ],
)
def test_page_problem_names_what_is_no_article(kind: str, body: bytes, problem: str | None) -> None:
    assert page_problem(kind, {}, body) == problem


def test_page_problem_knows_the_challenge_header() -> None:
    assert page_problem("text/html", {"cf-mitigated": "challenge"}, b"<html>x") == "blocked"


@pytest.mark.parametrize(
    ("body", "address"),
    [
        (b'<html><meta http-equiv="refresh" content="0; url=/baru/rapat"></html>', f"{SITE}/baru/rapat"),
        (b"<html><META HTTP-EQUIV=Refresh CONTENT=\"3;URL='/baru/rapat'\"></html>", f"{SITE}/baru/rapat"),
        (b'<script>window.location.href = "/baru/rapat";</script>', f"{SITE}/baru/rapat"),
        (b'<script>location.replace("https://lain.example/x")</script>', "https://lain.example/x"),
        (b'<html><meta http-equiv="refresh" content="300"><p>x</p></html>', None),
        (b'<meta http-equiv="refresh" content="0; url=/x">' + b"Warga memperbaiki saluran air. " * 60, None),
        (b'<script>location.href = "/x";' + b"x" * 9_000 + b"</script>", None),
        (b"<html><div id=app></div></html>", None),
    ],
)
def test_moved_to_tells_where_a_page_without_text_leads(body: bytes, address: str | None) -> None:
    assert moved_to(body, ARTICLE) == address


AMP = b'<link rel="amphtml" href="/amp/kabar">'
SCRIPT = b"<script>" + b"if (a < b) { x = '<p>kata kata</p>' } " * 200 + b"</script>"


@pytest.mark.parametrize(
    ("body", "twin"),
    [
        (
            b"<html><head>" + AMP + b"</head><body><div id=app></div>" + SCRIPT,
            "https://contoh.example/amp/kabar",
        ),
        (
            b"<html><head>" + AMP + b"</head><body><nav>Beranda Daerah</nav>" + SCRIPT,
            "https://contoh.example/amp/kabar",
        ),
        (
            b"<html><head>" + AMP + SCRIPT + b"</head><body>" + b"<p>Warga memperbaiki saluran air.</p>" * 60,
            None,
        ),
        (b"<html><head>" + AMP + b"</head><body>" + b"Warga memperbaiki saluran air.<br>" * 60, None),
        (b"<html><head></head><body><div id=app></div>" + SCRIPT, None),
    ],
)
def test_amp_page_stands_in_for_a_page_of_scripts_alone(body: bytes, twin: str | None) -> None:
    assert amp_of_shell(body, "https://contoh.example/kabar") == twin
