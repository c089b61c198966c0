"""Pages and copied texts become articles: whole bodies, chrome with its kind, refusals with reasons."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from pages import PARAGRAPHS, TITLE, page

from pipeline.article import Article, Refusal
from pipeline.clean import clean_page, clean_text, join_parts
from pipeline.refusals import REASONS

URL = "https://kabarmekarwangi.example/daerah/12/saksi"
TEXT = "\n\n".join(PARAGRAPHS)
GOLD = os.environ.get("WARTAWAS_GOLD")


def article(body: bytes, url: str | None = URL) -> Article:
    found = clean_page(body, url=url)
    assert isinstance(found, Article), found
    return found


def kinds(found: Article) -> dict[str, str]:
    return {row.text: row.kind for row in found.dropped}


def test_clean_page_keeps_the_body_and_only_it() -> None:
    found = article(page())
    assert found.text == TEXT
    assert (found.title, found.language, found.outlet) == (TITLE, "id", "kabarmekarwangi.example")
    assert 0.5 < found.quality <= 1
    assert found.provenance["title"] == "heading"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('Baca Juga: <a href="/x">Dua Kades Dipanggil Bawaslu Karena Spanduk</a>', "related"),
        ("Editor: Laras Wicaksana", "editor"),
        ("Reporter: Yoga Lesmana | Editor: Laras Wicaksana", "byline"),
        ("Peliput : Yoga", "byline"),
        ("Tags: pilkada, netralitas", "tags"),
        ("#Pilkada2024 #Bawaslu", "tags"),
        ("Ikuti berita Kabar Mekarwangi di Google News", "follow"),
        ("[Gambas:Video Kabar]", "embed"),
        ("SCROLL TO CONTINUE WITH CONTENT", "ad"),
        ("Copyright © Kabar Mekarwangi 2024", "copyright"),
        ("Sumber: Humas Kecamatan", "source"),
        ("Halaman: 1 2 3", "page"),
        ("Halaman 1 Halaman 2 Halaman 3", "page"),
        ("Lebih baru Lebih lama", "navigation"),
        ("Leave a Reply", "comment"),
        ("Facebook Twitter WhatsApp", "share"),
        ("Dibaca: 132 kali", "count"),
        ("(ADV)", "adv"),
        ("(yog/lar)", "code"),
        ("***", "code"),
    ],
)
def test_clean_page_drops_chrome_after_the_body(line: str, kind: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in (*PARAGRAPHS, line))
    found = article(page(body=body))
    assert found.text == TEXT
    assert kind in kinds(found).values()
    assert ("adv" in found.flags) == (kind == "adv")


@pytest.mark.parametrize("mark", ["(ADV)", "( Yog)", "(yog/lar)", "(*)", "***", "[red]", "(Red-01)", "//yog"])
def test_clean_page_cuts_the_code_behind_the_last_sentence(mark: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS).removesuffix("</p>") + f" <b>{mark}</b></p>"
    found = article(page(body=body))
    assert found.text == TEXT
    assert mark in kinds(found)


def test_clean_page_cuts_a_link_inside_a_paragraph() -> None:
    link = 'Baca juga: <a href="/x">Dua Kades Dipanggil Bawaslu</a>'
    body = f"<p>{PARAGRAPHS[0]} {link}</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
    assert article(page(body=body)).text == TEXT


def test_clean_page_cuts_prefixes_and_keeps_the_place() -> None:
    first = f"<p><b>KABARMEKARWANGI.example, SUKABUMI –</b> {PARAGRAPHS[0]}</p>"
    found = article(page(body=first + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])))
    assert found.text == TEXT
    assert found.dateline == "SUKABUMI"


@pytest.mark.parametrize(
    "body",
    [
        "<br /><br />".join(PARAGRAPHS),
        "<br>\n".join(PARAGRAPHS),
        "".join(f"<div>{text}</div><div><br></div>" for text in PARAGRAPHS),
        "".join(f'<p class="MsoNormal"><span lang="IN">{text}<o:p></o:p></span></p>' for text in PARAGRAPHS),
        "<table><tr><td>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</td></tr></table>",
        "<span>" + "<br/><br/>".join(PARAGRAPHS) + "</span>",
        f"{PARAGRAPHS[0]}<ul><li><a href='/x'>x</a></li></ul>" + "<br><br>".join(PARAGRAPHS[1:]),
    ],
    ids=["double-br", "br", "div", "word", "table", "span", "text-after-a-list"],
)
def test_clean_page_finds_paragraphs_however_they_are_parted(body: str) -> None:
    assert article(page(body=body)).text == TEXT


def test_clean_page_keeps_lists_tables_and_subheadings() -> None:
    body = (
        f"<p>{PARAGRAPHS[0]}</p><h2>Tiga Saksi</h2>"
        "<ol><li>Ketua rukun tetangga.</li><li>Juru parkir.</li></ol>"
        "<table><tr><th>Saksi</th><th>Jam</th></tr><tr><td>Ketua</td><td>09.00</td></tr></table>"
        f"<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>"
    )
    text = article(page(body=body)).text
    for line in ("Tiga Saksi", "Ketua rukun tetangga.", "Juru parkir.", "Saksi | Jam", "Ketua | 09.00"):
        assert line in text.split("\n\n")


def test_clean_page_gives_each_item_of_a_nested_list_once() -> None:
    items = "<ul><li>Tahap satu.<ul><li>Pemeriksaan saksi.</li></ul></li><li>Tahap dua.</li></ul>"
    text = article(
        page(body=f"<p>{PARAGRAPHS[0]}</p>{items}<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>")
    ).text
    assert text.split("\n\n")[1:4] == ["Tahap satu.", "Pemeriksaan saksi.", "Tahap dua."]


def test_clean_page_drops_what_the_markup_names() -> None:
    after = (
        '<div class="sharedaddy"><a href="#">Facebook</a></div>'
        '<div class="post-tags"><a href="/t">kades</a></div>'
        '<div id="comments"><p>Saya setuju dengan pengawas, semoga segera selesai perkaranya.</p></div>'
    )
    before = '<figure><img src="/a.jpg"><figcaption>Kantor kecamatan</figcaption></figure>'
    found = article(page(before=before, after=after))
    assert found.text == TEXT
    assert {"share", "tags", "comment", "caption"} <= set(kinds(found).values())


def test_clean_page_keeps_a_body_whose_wrapper_is_called_like_chrome() -> None:
    body = '<div class="post has-comments share-enabled related">' + page().decode().partition("<body>")[2]
    assert article(f"<html><body>{body}".encode()).text == TEXT


LINKS = '<li><a href="/1">Dua Kades Dipanggil Bawaslu</a></li><li><a href="/2">Kotak Suara Tiba di Dermaga</a></li>'


@pytest.mark.parametrize(
    "box",
    [
        '<div class="kotak-7"><span>Jelajah</span> <a href="/1">Dua Kades Dipanggil Bawaslu</a></div>',
        '<div class="css-1x">Ruang bincang warga</div>',
        f"<p>Jelajah Pekan</p><ul>{LINKS}</ul>",
        f"<h4>Jelajah Pekan</h4><ol>{LINKS}</ol>",
        f"<ul><li>Jelajah Pekan</li>{LINKS}</ul>",
        '<div class="bingkai"><img src="/a.jpg"><p>Suasana kantor kecamatan kemarin</p></div>',
        '<div class="bingkai"><div><img src="/a.jpg"></div><p>Suasana kantor kecamatan kemarin</p></div>',
        '<p><img src="/a.jpg"></p><div><br></div><p><em>Suasana kantor kecamatan kemarin</em></p>',
    ],
    ids=[
        "link",
        "label",
        "list",
        "numbered",
        "label-in-list",
        "caption",
        "caption-beside",
        "caption-after-gap",
    ],
)
def test_clean_page_drops_boxes_between_paragraphs(box: str) -> None:
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    body = "".join([*paragraphs[:3], box, *paragraphs[3:]])
    assert article(page(body=body)).text == TEXT


@pytest.mark.parametrize("tag", ["center", "details", "address"])
def test_clean_page_parts_blocks_from_the_text_around_them(tag: str) -> None:
    body = "<br>".join(
        [*PARAGRAPHS[:2], f"<{tag}>Gulir untuk melanjutkan</{tag}>{PARAGRAPHS[2]}", *PARAGRAPHS[3:]]
    )
    assert article(page(body=body)).text == TEXT


@pytest.mark.parametrize(
    "after",
    [
        '<div class="ruang"><p>Wulan N</p><p>Saya setuju dengan pengawas, semoga segera selesai perkaranya dan '
        "warga tenang kembali.</p></div>",
        '<div class="jelajah"><h2>Jelajah</h2><p><a href="/1">Dua Kades Dipanggil Bawaslu</a></p></div>',
    ],
    ids=["comment", "articles"],
)
def test_clean_page_drops_what_follows_the_body(after: str) -> None:
    assert article(page(after=after)).text == TEXT


@pytest.mark.parametrize("mark", ["entry-content", "bagian-dua"])
def test_clean_page_keeps_a_body_in_two_parts(mark: str) -> None:
    more = "Bawaslu kabupaten meminta warga bersabar karena kajian masih berjalan sampai pekan depan."
    after = f'<div class="iklan"></div><div class="{mark}"><p>{more}</p></div>'
    assert article(page(after=after)).text == f"{TEXT}\n\n{more}"


def test_clean_page_normalises_characters() -> None:
    dirty = PARAGRAPHS[0].replace(" ", "\u200b&nbsp;", 1).replace("e", "e\u00ad", 1)
    body = (
        f"<p>{dirty}</p><p>“Kami mencatat,” kata Réné dan Re\u0301ne\u0301, pengawas dari kecamatan.</p>"
        + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[2:])
    )
    text = article(page(body=body)).text
    assert text.startswith(PARAGRAPHS[0])
    assert "“Kami mencatat,” kata Réné dan Réné" in text
    assert not any(c in text for c in "\u200b\u00ad\ufeff\u00a0")


def test_clean_page_reads_the_amp_twin_as_its_page() -> None:
    amp = (
        f'<!doctype html><html amp lang="id"><head><title>{TITLE}</title></head><body>'
        f"<amp-sidebar><p>{PARAGRAPHS[4]}</p>"
        f'</amp-sidebar><article><h1>{TITLE}</h1><amp-img src="/a.jpg"></amp-img>'
        + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
        + '<amp-social-share type="x"></amp-social-share></article></body></html>'
    )
    assert article(amp.encode()).text == article(page()).text


def test_clean_page_reads_a_body_that_only_a_script_would_show() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(PARAGRAPHS)}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    found = article(f"<html><head>{head}</head><body><div id=app></div></body></html>".encode())
    assert found.text == TEXT


def test_clean_page_is_named_by_its_own_address_when_none_is_given() -> None:
    found = article(page(head=f'<link rel="canonical" href="{URL}">'), url=None)
    assert found.outlet == "kabarmekarwangi.example"
    assert found.url is None


def test_join_parts_joins_pages_without_repeats() -> None:
    first = article(page(body="".join(f"<p>{text}</p>" for text in PARAGRAPHS[:3])))
    second = article(page(body="".join(f"<p>{text}</p>" for text in PARAGRAPHS[2:])))
    joined = join_parts([first, second])
    assert joined.text == TEXT
    assert joined.id == first.id


LISTING = "".join(
    f'<div class="item"><a href="/{n}">Berita Nomor {n} Tentang Pengawas Pemilu di Desa</a></div>'
    for n in range(40)
)

TEASERS = "".join(
    f'<article><h2><a href="/{n}">Berita Nomor {n} Tentang Pengawas Pemilu</a></h2>'
    f"<p>Pengawas desa ke-{n} memeriksa saksi dari dusun ke-{n + 3} pada hari yang sama […]</p></article>"
    for n in range(12)
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body></body></html>", "empty"),
        (b"%PDF-1.7 \x00\x01\x02", "binary"),
        (b"<p>" + b"a" * 10_000_001, "too_large"),
        (b"<html><body>" + b"<p>kata</p>" * 45_000, "too_large"),
        (f"<html><body><h1>Indeks Berita</h1>{LISTING}</body></html>".encode(), "listing"),
        (f"<html><body><h1>Indeks Berita</h1>{TEASERS}</body></html>".encode(), "listing"),
        (
            page(
                body="".join(
                    f"<p>Warga desa {n} datang. {PARAGRAPHS[0]} {PARAGRAPHS[2]}</p>" for n in range(9)
                )
            ),
            "spun",
        ),
        (
            page(
                body="".join(
                    f"<p>The committee said on day {n} that it would look at the report.</p>"
                    for n in range(7)
                )
            ),
            "not_indonesian",
        ),
        (page(body="".join(f"<p>Lorem ipsum dolor sit amet {text}</p>" for text in PARAGRAPHS)), "spun"),
        (
            page(
                body="".join(
                    f"<p>Slot gacor maxwin situs togel link alternatif judi {n} rtp jackpot yang dan.</p>"
                    for n in range(4)
                )
            ),
            "spun",
        ),
    ],
)
def test_clean_page_refuses_with_a_known_reason(body: bytes, reason: str) -> None:
    refusal = clean_page(body, url=URL)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.reason == reason
    assert refusal.reason in REASONS
    assert refusal.detail


@pytest.mark.parametrize(
    "title",
    ["Halaman tidak ditemukan", "Maaf, halaman yang Anda cari tidak ditemukan!", "404", "Error 404", "404 Not Found",
     "Oops! That page can’t be found.", "Artikel ini tidak tersedia", "Page not found (404)"],
)  # fmt: skip
def test_page_that_says_it_is_not_found_gives_no_article_of_its_teasers(title: str) -> None:
    teasers = "".join(
        f"<article><h3>Kabar {n}</h3><p>{text}</p></article>" for n, text in enumerate(PARAGRAPHS)
    )
    body = (
        f"<html><head><title>{title} - Kabar Rekaan</title></head><body><main><h1>{title}</h1>"
        f"<h2>Berita terbaru</h2>{teasers}</main></body></html>"
    )
    refusal = clean_page(body.encode(), url=URL)
    assert isinstance(refusal, Refusal) and refusal.reason == "not_found"


@pytest.mark.parametrize(
    "title",
    ["Jasad Warga Mekarwangi Tidak Ditemukan", "Bukti Tidak Ditemukan", "404 Pengawas Desa Dilantik",
     "Berita Acara Pleno Tidak Ditemukan, Saksi Protes", "Halaman Kantor Camat Tidak Tersedia untuk Kampanye"],
)  # fmt: skip
def test_headlines_about_what_was_not_found_are_headlines(title: str) -> None:
    assert article(page(title=title)).title == title


def test_page_that_gives_its_time_is_an_article_whatever_stands_above_it() -> None:
    head = '<meta property="article:published_time" content="2024-10-16T09:12:00+07:00">'
    assert article(page(title="404", head=head)).text == TEXT


def test_clean_text_takes_title_chrome_and_code_away() -> None:
    text = (
        f"{TITLE}\n\n{TITLE}\nTiga orang dimintai keterangan\n\nKabarmekarwangi.example SUKABUMI - "
        + TEXT
        + " (yog)\n\nRead Also\n\nLeave a Reply\n\nYour email address will not be published."
    )
    found = clean_text(text, id="satu")
    assert isinstance(found, Article)
    assert found.text == TEXT
    assert (found.title, found.dateline, found.outlet) == (TITLE, "SUKABUMI", "kabarmekarwangi.example")
    assert kinds(found)["Tiga orang dimintai keterangan"] == "subtitle"


def test_clean_text_without_a_title_has_none() -> None:
    found = clean_text("\n".join(PARAGRAPHS), id="dua", published="2024-10-16 09:12")
    assert isinstance(found, Article)
    assert found.text == TEXT
    assert found.title is None
    assert found.published == datetime.fromisoformat("2024-10-16T09:12+07:00")


def test_clean_text_joins_lines_that_merely_wrap() -> None:
    wrapped = TEXT.replace(" saksi terkait", "\nsaksi terkait").replace(" di kantor", "\ndi kantor")
    found = clean_text(wrapped, id="tiga")
    assert isinstance(found, Article)
    assert found.text == TEXT


def test_clean_text_takes_the_author_from_a_dropped_byline() -> None:
    found = clean_text(f"{TEXT}\n\nPeliput : Yoga Lesmana", id="empat")
    assert isinstance(found, Article)
    assert (found.author, found.provenance["author"]) == ("Yoga Lesmana", "byline")


@pytest.mark.skipif(not GOLD, reason="WARTAWAS_GOLD names a folder with seeds/gold.json; it is not set")
def test_clean_text_handles_the_chrome_of_the_seeds() -> None:
    folder = Path(GOLD or "") / "seeds"
    for row in json.loads((folder / "gold.json").read_text(encoding="utf-8")):
        found = clean_text((folder / row["file"]).read_text(encoding="utf-8"), id=row["file"])
        assert isinstance(found, Article)
        lines = found.text.split("\n\n")
        for chrome in row["boilerplate"]:
            assert chrome not in lines
            assert not found.text.endswith(chrome)
        assert not found.text.startswith(row["outlet_prefix"])
        assert ("adv" in found.flags) == ("adv" in row["flags"])
        if found.outlet:
            assert found.outlet == row["outlet"]
