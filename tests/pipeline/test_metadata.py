"""The cascade of metadata: origins in order, minutes and zones, authors and titles without the outlet."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pages import PARAGRAPHS, TITLE, page

from crawler.records import Hints
from crawler.source import Discovery, Source
from pipeline.article import Article
from pipeline.bylines import clean_author, clean_title
from pipeline.clean import clean_page

URL = "https://kabarmekarwangi.example/daerah/12/saksi"
OUTLETS = frozenset({"kabarmekarwangi", "kabarmekarwangiexample"})
FETCHED = datetime(2025, 7, 1, tzinfo=UTC)


def source(zone: str = "Asia/Jakarta") -> Source:
    feed = Discovery(method="feed", url="https://kabarmekarwangi.example/feed/")
    return Source(
        slug="kabarmekarwangi",
        name="Kabar Mekarwangi",
        domains=("kabarmekarwangi.example",),
        zone=zone,  # type: ignore[arg-type]
        discovery=(feed,),
    )


def read(url: str = URL, zone: str = "Asia/Jakarta", hints: Hints | None = None, **parts: str) -> Article:
    found = clean_page(page(**parts), url=url, source=source(zone), hints=hints, fetched_at=FETCHED)
    assert isinstance(found, Article), found
    return found


def linked_data(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_metadata_prefers_hints_then_json_ld_then_opengraph_then_byline() -> None:
    graph = linked_data(
        headline="Judul dari Data", datePublished="2024-10-16T11:00:00+07:00", author={"name": "Yoga Lesmana"}
    )
    og = '<meta property="article:published_time" content="2024-10-16T10:00:00+07:00">'
    line = '<div class="post-date">Rabu, 16 Oktober 2024 09:00 WIB</div>'
    hints = Hints("wp_rest", title=TITLE, author="Ratna Adiputra", published="2024-10-16T12:00:00+07:00")
    told = read(hints=hints, head=graph + og, before=line)
    assert (told.title, told.author, told.published and told.published.hour) == (
        TITLE,
        "Ratna Adiputra",
        12,
    )
    assert told.provenance["published"] == "wp_rest"
    ld = read(head=graph + og, before=line)
    assert (ld.author, ld.published and ld.published.hour, ld.provenance["author"]) == (
        "Yoga Lesmana",
        11,
        "json-ld",
    )
    assert (read(head=og, before=line).published or FETCHED).hour == 10
    shown = read(before=line)
    assert (shown.published or FETCHED).isoformat() == "2024-10-16T09:00:00+07:00"
    assert shown.provenance["published"] == "byline"


def test_headline_that_was_changed_since_it_was_listed_gives_way_to_the_page() -> None:
    old = Hints("feed", title="Judul Lama yang Sudah Diganti", author="Ratna Adiputra")
    told = read(hints=old, head=linked_data(headline="Judul dari Data"))
    assert (told.title, told.author) == ("Judul dari Data", "Ratna Adiputra")
    assert read(hints=old).title == TITLE
    assert read(hints=old, title="").title == "Judul Lama yang Sudah Diganti"


@pytest.mark.parametrize(
    ("zone", "raw", "expected"),
    [
        ("Asia/Jakarta", "2024-10-16T20:30:00+00:00", "2024-10-17T03:30:00+07:00"),
        ("Asia/Makassar", "2024-10-16T20:30:00Z", "2024-10-17T04:30:00+08:00"),
        ("Asia/Jayapura", "2024-10-16 20:30:00", "2024-10-16T20:30:00+09:00"),
        ("Asia/Makassar", "2024-10-16T20:30:00+07:00", "2024-10-16T20:30:00+07:00"),
        ("Asia/Jakarta", "2024-10-16T17:30:00-07:00", "2024-10-17T07:30:00+07:00"),
    ],
)
def test_metadata_puts_times_on_the_source_clock(zone: str, raw: str, expected: str) -> None:
    found = read(zone=zone, head=f'<meta property="article:published_time" content="{raw}">')
    assert found.published and found.published.isoformat() == expected


def test_metadata_finds_out_a_local_clock_called_utc() -> None:
    head = '<meta property="article:published_time" content="2024-10-16T20:30:00+00:00">'
    found = read(head=head, before='<span class="date">Rabu, 16 Oktober 2024 | 20:30 WIB</span>')
    assert found.published and found.published.isoformat() == "2024-10-16T20:30:00+07:00"


def test_metadata_takes_the_minute_from_where_it_is() -> None:
    head = linked_data(datePublished="2024-10-16")
    found = read(head=head, before='<span class="tanggal">Rabu (16/10/2024) pukul 07.05 WITA</span>')
    assert found.published and found.published.isoformat() == "2024-10-16T07:05:00+08:00"


def test_metadata_falls_back_to_the_address() -> None:
    found = read(url="https://kabarmekarwangi.example/2024/10/16/saksi/")
    assert found.published and found.published.date().isoformat() == "2024-10-16"
    assert found.provenance["published"] == "url (day)"


def test_metadata_believes_no_future_and_no_broken_date() -> None:
    found = read(head='<meta property="article:published_time" content="2031-01-01T00:00:00+07:00">')
    assert found.published is None
    assert read(head='<meta name="date" content="kemarin">').published is None


def test_metadata_ignores_the_clock_in_the_header_and_dates_of_other_articles() -> None:
    before = '<div class="post-meta"><span class="posted-on">16 Oktober 2024 08:15 WIB</span></div>'
    after = '<div class="related-posts"><span class="date">1 Mei 2025 10:00 WIB</span></div>'
    found = read(before=before, after=after)
    assert found.published and found.published.isoformat() == "2024-10-16T08:15:00+07:00"


def test_metadata_never_names_a_commenter() -> None:
    after = (
        '<div class="comments-area"><b class="comment-author fn author">Pembaca Setia</b><p>Mantap.</p></div>'
    )
    assert read(after=after).author is None


def test_metadata_reads_an_author_by_reference_and_a_list() -> None:
    graph = {
        "@graph": [
            {"@type": "Person", "@id": "#p", "name": "Galih Saputra"},
            {"@type": "Article", "headline": TITLE, "author": {"@id": "#p"}},
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert read(head=head).author == "Galih Saputra"
    assert (
        read(head=linked_data(author=[{"name": "Ratna A"}, {"name": "Yoga B"}])).author == "Ratna A, Yoga B"
    )


def test_metadata_survives_broken_structured_data() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Judul Data",}</script>'
    assert read(head=head + '<script type="application/ld+json">{oops</script>').title == "Judul Data"


def test_metadata_modified_is_not_before_published() -> None:
    late = read(
        head=linked_data(datePublished="2024-10-16T11:00:00+07:00", dateModified="2024-10-16T12:30:00+07:00")
    )
    assert late.modified and late.modified.hour == 12
    early = read(
        head=linked_data(datePublished="2024-10-16T11:00:00+07:00", dateModified="2024-10-15T12:30:00+07:00")
    )
    assert early.modified is None


@pytest.mark.parametrize(
    ("raw", "author"),
    [
        ("Penulis: Ratna Wulan", "Ratna Wulan"),
        ("Oleh Ratna Wulan - Kamis, 25 Juli 2024", "Ratna Wulan"),
        ("by Ratna Wulan | Editor: Yoga", "Ratna Wulan"),
        ("Kontributor Garut: Ratna Wulan", "Ratna Wulan"),
        ("Ratna Wulan, Kabar Mekarwangi", "Ratna Wulan"),
        ("Ratna Wulan &amp; Yoga Lesmana", "Ratna Wulan & Yoga Lesmana"),
        ("admin", None),
        ("Redaksi Kabar Mekarwangi", None),
        ("Tim Kabar Mekarwangi 01", None),
        ("Kabar Mekarwangi", None),
        ("Submitted by Ratna Wulan on Thu, 11/05/2026 - 13:02", "Ratna Wulan"),
        ("Super User", None),
        ("Penulis Ratna Wulan Tanggal Jumat, 16 Oktober 2026", "Ratna Wulan"),
        ("Ratna Wulan Jumat, 16 Oktober 2026", "Ratna Wulan"),
        ("https://facebook.com/ratna", None),
        ("", None),
    ],
)
def test_clean_author_names_a_person_or_nobody(raw: str, author: str | None) -> None:
    assert clean_author(raw, OUTLETS) == author


def test_title_and_author_hold_nothing_that_steers_a_terminal() -> None:
    raw = "Caleg\u202e Diduga\u2066 Bagi\x1b[31m Uang \x9b0m\u200e | Kabar Loyang"
    assert clean_title(raw, OUTLETS) == "Caleg Diduga Bagi[31m Uang 0m | Kabar Loyang"
    heading = "Caleg Diduga \x1b[31mBagi Uang"
    assert clean_title(f"{heading} | Apa Saja", OUTLETS, heading) == "Caleg Diduga [31mBagi Uang"
    assert clean_title("\u200eCaleg Bagi\u200e-bagi Uang", OUTLETS) == "Caleg Bagi-bagi Uang"
    assert clean_author("Oleh: Ratna\x1b Wulan\u202e", OUTLETS) == "Ratna Wulan"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (f"{TITLE} - Kabar Mekarwangi", TITLE),
        (f"{TITLE} | kabarmekarwangi.example", TITLE),
        (f"Kabar Mekarwangi : {TITLE}", TITLE),
        (f"{TITLE} | Kabar Mekarwangi – Berita dari Desa", TITLE),
        ("Pilkada 2024 - Bawaslu Garut Panggil Kades", "Pilkada 2024 - Bawaslu Garut Panggil Kades"),
        ("Kades &#8220;Netral&#8221; &amp; Berani", "Kades “Netral” & Berani"),
    ],
)
def test_clean_title_cuts_only_the_site(raw: str, title: str) -> None:
    assert clean_title(raw, OUTLETS) == title


@pytest.mark.parametrize(
    ("url", "flag"),
    [
        ("https://kabarmekarwangi.example/advertorial/1/saksi", "adv"),
        ("https://kabarmekarwangi.example/opini/saksi", "opinion"),
        ("https://kabarmekarwangi.example/galeri-foto/saksi", "gallery"),
        ("https://kabarmekarwangi.example/live-report/saksi", "live"),
        ("https://kabarmekarwangi.example/pedoman-media-siber/", "not_article"),
    ],
)
def test_flags_come_from_the_address(url: str, flag: str) -> None:
    assert read(url=url).flags == (flag,)
    assert read().flags == ()


def test_flags_come_from_section_title_and_type() -> None:
    assert "adv" in read(head='<meta property="article:section" content="Advertorial">').flags
    assert "opinion" in read(title="Opini: Menjaga Jarak Kepala Dusun dari Kampanye").flags
    assert "live" in read(head=linked_data(**{"@type": "LiveBlogPosting"})).flags


@pytest.mark.parametrize("name", ["Kabar Mekarwangi", "Kabar Mekarwangi Raya"])
def test_title_is_not_the_outlets_name_in_a_heading_of_its_own(name: str) -> None:
    html = page(title=f"{name} | {TITLE}").replace(b"<header>", f"<header><h1>{name}</h1>".encode())
    html = html.replace(f"<article><h1>{name} | {TITLE}".encode(), f"<article><h1>{TITLE}".encode())
    found = clean_page(html, url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article) and found.title == TITLE


def test_author_and_date_are_read_where_every_part_of_a_page_is_a_widget() -> None:
    """Elementor wraps headline, byline and body into one each."""
    widget = '<div class="elementor-widget-wrap"><div class="elementor-element elementor-widget">'
    byline = (
        f'{widget}<li itemprop="author"><a href="/a">Ratna Wulan</a></li>'
        '<li itemprop="datePublished">16 Oktober 2024</li></div></div>'
    )
    prose = (
        "Perbaikan itu terganggu oleh cuaca yang berubah setiap 4 hari, kata Wulan Nirwana di kantor desa."
    )
    html = page(body="".join(f"<p>{text}</p>" for text in (prose, *PARAGRAPHS))).replace(
        b"<h1>", f"{widget}<h1>".encode()
    )
    html = html.replace(b"</h1>", f"</h1></div></div>{byline}".encode())
    found = clean_page(html, url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article)
    assert (found.author, found.published and found.published.day) == ("Ratna Wulan", 16)


def test_author_is_no_word_of_a_sentence() -> None:
    prose = "Perbaikan jalan desa itu terganggu oleh cuaca yang berubah setiap 4 hari."
    assert read(body="".join(f"<p>{text}</p>" for text in (prose, *PARAGRAPHS))).author is None
    assert (
        read(before='<div class="post-date">16 Oktober 2024 | penulis: ratna wulan</div>').author
        == "ratna wulan"
    )


@pytest.mark.parametrize("outlet", ["Kabar Mekarwangi", "Kabar Mekarwangi - Berita dari Desa ke Desa"])
@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
def test_title_is_the_heading_over_the_text_where_every_page_has_one_title(outlet: str, tag: str) -> None:
    """Home-made sites print the outlet's name into <title>, and the headline into a small heading."""
    slug = TITLE.lower().replace(" ", "-")
    beside = "<div><h4>Berita Terbaru Hari Ini</h4><a href='/a'>Warga Desa Rekaan Menata Kampung</a></div>"
    html = page(title=TITLE, before="<small>Ratna Wulan | 16 Oktober 2024</small>").decode()
    html = html.replace(f"<title>{TITLE}", f"<title>{outlet}").replace("h1>", f"{tag}>")
    html = html.replace("<main>", f"<h1><a href='/'>Kabar Mekarwangi</a></h1>{beside}<main>")
    addresses = [f"https://kabarmekarwangi.example/berita/detail/{slug}"]
    addresses += [URL] if outlet == "Kabar Mekarwangi" else []
    for url in addresses:
        found = clean_page(html.encode(), url=url, source=source(), fetched_at=FETCHED)
        assert isinstance(found, Article)
        assert (found.title, found.author) == (TITLE, "Ratna Wulan")


def test_author_is_read_from_a_list_of_names_and_from_what_is_told_to_those_who_share() -> None:
    assert read(head=linked_data(author={"@type": "Person", "name": ["Ratna Wulan"]})).author == "Ratna Wulan"
    label = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="{}">'
    assert read(head=label.format("Ditulis oleh", "Ratna Wulan")).author == "Ratna Wulan"
    assert read(head=label.format("Estimasi waktu membaca", "3 menit")).author is None


def test_title_is_whole_and_without_what_stands_beside_it_in_its_heading() -> None:
    cut = f'<meta property="og:title" content="{TITLE[:20]} …">'
    assert read(head=cut).title == TITLE
    kicker = page(before='<div class="post-date">16 Oktober 2024</div>').decode()
    kicker = kicker.replace(f"<h1>{TITLE}", f"<h1><span>Pilkada 2024</span> {TITLE}")
    found = clean_page(kicker.encode(), url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article) and found.title == TITLE


NODE = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "2024-10-16T11:00:00+07:00"}}'


@pytest.mark.parametrize(
    "data",
    [
        f"//<![CDATA[\n{NODE}\n//]]>",
        NODE.replace('"', "&quot;"),
        f'{{"@type": "WebPage", "mainEntity": {NODE}}}',
    ],
)
def test_structured_data_are_read_as_sites_print_them(data: str) -> None:
    found = read(head=f'<script type="application/ld+json">{data}</script>')
    assert found.published and (found.published.hour, found.provenance["published"]) == (11, "json-ld")


@pytest.mark.parametrize(
    "before",
    [
        '<span property="dc:date dc:created" content="2024-10-16T11:00:00+07:00">Rab, 16/10/2024</span>',
        '<abbr class="timeago" title="2024-10-16T11:00:00+07:00">8 bulan lalu</abbr>',
        '<span class="date" data-datetime="2024-10-16T11:00:00+07:00">16 Okt</span>',
        '<meta itemprop="datePublished" content="2024-10-16T11:00:00+07:00">',
    ],
)
def test_date_is_read_from_what_an_element_states_to_machines(before: str) -> None:
    person = '<span itemprop="author" itemscope><meta itemprop="name" content="Ratna Wulan"></span>'
    found = read(before=before + person)
    assert found.published and (found.published.hour, found.author) == (11, "Ratna Wulan")


def test_the_clock_of_a_site_is_no_articles_date() -> None:
    clock = '<div class="tanggal">Selasa, 1 Juli 2025 06:30:00</div>'
    for before in (f"<header>{clock}</header>", clock + "<div><a href='/a'>Desa</a></div>" * 20):
        html = page().decode().replace("<body>", f"<body>{before}")
        found = clean_page(html.encode(), url=URL, source=source(), fetched_at=FETCHED)
        assert isinstance(found, Article) and found.published is None


@pytest.mark.parametrize(
    ("start", "box"),
    [
        ('<body class="single right-sidebar">', "sidebar"),
        ('<body class="comments-open">', "comments"),
        ('<body class="elementor-widget-page"><div class="content-sidebar-wrap">', "sidebar"),
        ('<body><div class="elementor-widget-wrap">', "sidebar elementor-widget"),
    ],
)
def test_author_and_date_are_none_of_a_box_though_themes_name_the_whole_page_so(start: str, box: str) -> None:
    other = '<span class="author">Yoga Lesmana</span> <time datetime="2025-06-20T10:00:00+07:00">20 Juni 2025</time>'
    html = page(after=f'<div class="{box}"><ul><li>{other}</li></ul></div>').decode().replace("<body>", start)
    found = clean_page(html.encode(), url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article) and (found.author, found.published) == (None, None)


def test_title_that_a_site_cuts_short_gives_way_to_the_headline() -> None:
    html = page().replace(f"<title>{TITLE}".encode(), f"<title>{TITLE[:30]}".encode())
    found = clean_page(html, url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article) and found.title == TITLE


def test_title_of_a_page_without_one_is_no_teasers_heading_over_the_text() -> None:
    teaser = f"<ul><li><h3>Warga Desa Rekaan Menata Kampung</h3><p>{PARAGRAPHS[0]}</p></li></ul>"
    html = page().decode().replace(f"<title>{TITLE}", "<title>Kabar Mekarwangi").replace("h1>", "h3>")
    html = html.replace("<main>", f"{teaser}<main>")
    found = clean_page(html.encode(), url=URL, source=source(), fetched_at=FETCHED)
    assert isinstance(found, Article) and found.title == TITLE
