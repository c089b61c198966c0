"""Whose date a page's date is: the article's own, not that of a box, a related article or a later change."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pages import PARAGRAPHS, TITLE

from crawler.records import Hints
from pipeline.article import Article
from pipeline.clean import clean_page

SITE = "https://kabarmekarwangi.example"
URL = f"{SITE}/daerah/12/saksi"
FETCHED = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)  # 17:00 WIB
BOX = (
    '<div id="kiri"><h3>Terpopuler</h3><ul><li><a href="/berita/1/x">Warga Lain Menata Lapangan Desa</a>'
    "<small{}>Minggu, 1 November 2026 07:00 WIB</small></li></ul></div>"
)


def read(
    line: str = "", *, left: str = "", right: str = "", head: str = "", hints: Hints | None = None
) -> Article:
    """Read a page whose elements are not called by what they hold."""
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = (
        f"<html><head><title>{TITLE}</title>{head}</head><body>{left}"
        f'<div id="isi"><h1>{TITLE}</h1><div class="x1">{line}</div><div class="x2">{body}</div></div>'
        f"{right}</body></html>"
    )
    found = clean_page(html.encode(), url=URL, hints=hints, fetched_at=FETCHED)
    assert isinstance(found, Article), found
    return found


def shown(article: Article) -> str | None:
    return article.published.isoformat(timespec="minutes") if article.published else None


@pytest.mark.parametrize("kind", ["", ' class="tanggal"'])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<span>Rabu, 4/11/26 09:12</span> | <span>Penulis: Ratna Wulan</span>", "2026-11-04T09:12+07:00"),
        ("<span>3 jam lalu</span> | <span>Penulis: Ratna Wulan</span>", "2026-11-28T13:30+07:00"),
        ("Kemarin, 10:05 WITA", "2026-11-27T10:05+08:00"),
        ("Update: 12 Nov 2026 06:01 WIB | Terbit: 11 Nov 2026 22:19 WIB", "2026-11-11T22:19+07:00"),
        ("<i>Ratna Wulan</i> <i>Dilihat 233 kali</i>", None),
    ],
)
def test_page_dates_are_those_beside_the_headline_and_never_a_box_of_others(
    line: str, expected: str | None, kind: str
) -> None:
    assert shown(read(line, left=BOX.format(kind))) == expected
    assert shown(read(line, right=BOX.format(kind))) == expected


def test_page_dates_right_before_the_headline_are_its_own() -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = f"<div><p>Rabu, 4 November 2026 | 09.12 WIB</p><h1>{TITLE}</h1><div>{body}</div></div>"
    page = f"<html><head><title>{TITLE}</title></head><body>{html}</body></html>".encode()
    found = clean_page(page, url=URL, fetched_at=FETCHED)
    assert isinstance(found, Article)
    assert shown(found) == "2026-11-04T09:12+07:00"


def test_page_dates_that_are_stated_go_before_counted_ones_that_agree() -> None:
    exact = '<time datetime="2026-11-28T13:12:00+07:00">3 jam lalu</time>'
    assert shown(read(exact)) == "2026-11-28T13:12+07:00"
    header = '<div class="tanggal">Sabtu, 28 November 2026</div>'
    assert shown(read("2 hari yang lalu", left=header)) == "2026-11-26T00:00+07:00"


def test_page_dates_that_are_counted_say_so() -> None:
    assert read("3 jam lalu").provenance["published"] == "byline, from the fetch"
    assert read("2 hari lalu").provenance["published"] == "byline, from the fetch (day)"


def test_page_dates_go_before_a_listing_that_is_ahead_of_the_fetch() -> None:
    line = "<span>Sabtu, 28 November 2026 14:42 WIB</span>"
    ahead = Hints("feed", published="2026-11-28T21:42:00+07:00")
    assert shown(read(line, hints=ahead)) == "2026-11-28T14:42+07:00"
    assert shown(read(hints=ahead)) is None
    twice = Hints("feed", published="2026-11-27T21:42:00+07:00")
    assert (
        shown(read("<span>Jumat, 27 November 2026 14:42 WIB</span>", hints=twice)) == "2026-11-27T14:42+07:00"
    )
    slow = Hints("feed", published="2026-11-28T18:30:00+07:00")
    assert shown(read(hints=slow)) == "2026-11-28T18:30+07:00"


def test_page_dates_called_utc_are_local_where_they_had_not_come_yet() -> None:
    found = read(hints=Hints("feed", published="2026-11-28T16:40:00Z"))
    assert (shown(found), found.provenance["published"]) == ("2026-11-28T16:40+07:00", "feed, zone by fetch")


def script(*nodes: dict[str, object]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def node(headline: str, day: int, **values: object) -> dict[str, object]:
    at = datetime(2026, 11, day, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    return {"@type": "NewsArticle", "headline": headline, "datePublished": at.isoformat(), **values}


def test_page_dates_come_from_the_json_ld_of_this_article() -> None:
    other = node(
        "Warga Lain Menata Lapangan", 3, url=f"{SITE}/daerah/11/lain", author={"name": "Yoga Lesmana"}
    )
    own = node(
        "Judul Lain di Mesin Pencari", 5, mainEntityOfPage={"@id": f"{URL}/"}, author={"name": "Ratna A"}
    )
    found = read(head=script(other, own))
    assert (shown(found), found.author) == ("2026-11-05T09:00+07:00", "Ratna A")
    assert shown(read(head=script(other, node(TITLE, 6)))) == "2026-11-06T09:00+07:00"
    assert shown(read(head=script(other))) is None
    # copied from the search engine's example, as is found on many sites
    sample = node(TITLE + " Kemarin", 7, mainEntityOfPage="https://google.com/article")
    assert shown(read(head=script(sample))) == "2026-11-07T09:00+07:00"


def test_page_dates_of_one_article_under_a_changed_headline_are_kept() -> None:
    changed = node("Judul yang Sudah Diganti Redaksi", 5, url=URL)
    assert shown(read(head=script(changed))) == "2026-11-05T09:00+07:00"


def test_author_beside_the_date_goes_before_the_name_of_the_system() -> None:
    head = '<meta name="author" content="Super User">'
    line = "<i></i> Ratna Wulan &nbsp; <i></i> Rabu, 4 November 2026 09:12 &nbsp; <i></i> Dilihat 233 kali"
    assert read(line, head=head).author == "Ratna Wulan"
    assert (
        read("Reporter: Ratna Wulan | Editor: Tuti Herawati | 4 November 2026", head=head).author
        == "Ratna Wulan"
    )
    assert read("Laporan: Ratna Wulan, 4 November 2026 pukul 09:12", head=head).author == "Ratna Wulan"
    assert read("4 November 2026", head=head).author is None


@pytest.mark.parametrize(
    "name",
    [
        "dc.date.issued",
        "dcterms.created",
        "parsely-pub-date",
        "sailthru.date",
        "originalpublicationdate",
        "DC.date",
    ],
)
def test_the_head_of_a_page_dates_it_under_any_of_the_usual_names(name: str) -> None:
    article = read(head=f'<meta name="{name}" content="2026-11-12 10:00:00">', left=BOX.format(""))
    assert shown(article) == "2026-11-12T10:00+07:00"
    assert article.provenance["published"] == "meta"
