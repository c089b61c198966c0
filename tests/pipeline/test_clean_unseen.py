"""Articles of sites that nobody has seen: classes that mean nothing, and what editors and old systems put into them."""

from __future__ import annotations

import json

import pytest
from pages import PARAGRAPHS, TITLE, page

from pipeline.article import Article, Refusal
from pipeline.clean import clean_page

URL = "https://kabarmekarwangi.example/daerah/12/saksi"
CLASSES = ("isi-berita", "detail-text", "read__content", "mb-3", "", "entry-content")
SPAM = "Situs slot dengan bonus anggota baru dan deposit pulsa tanpa potongan, daftar sekarang di agen resmi kami."
LEAD = "Tiga saksi diperiksa pengawas pemilu Kecamatan Mekarwangi karena laporan warga tentang kepala dusun mereka."
ITEMS = ("Memeriksa saksi lain dari dusun itu.", "Meminta rekaman dari warga.", "Menyusun kajian awal.")
LONG = tuple(f"{text} Kemudian {text} Lalu {text} Ini laporan {n}." for n, text in enumerate(PARAGRAPHS))
LIST = "".join(f"<li>{item}</li>" for item in ITEMS)


def p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(inner: str, *, name: str = "isi-berita", before: str = "", after: str = "") -> Article:
    found = clean_page(whole(f'{before}<div class="{name}">{inner}</div>{after}'), url=URL)
    assert isinstance(found, Article), found
    return found


def whole(body: str, heading: str = f"<h1>{TITLE}</h1>") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>'
        f'<nav><a href="/">Beranda</a></nav><div class="row">{heading}{body}</div></body></html>'
    ).encode()


def lines(article: Article) -> list[str]:
    return article.text.split("\n\n")


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    ("part", "texts"),
    [
        (f"<ul>{LIST}</ul>", ITEMS),
        (f"<ol>{LIST}</ol>", ITEMS),
        ("<h3>Tahapan yang Diawasi Warga</h3>", ("Tahapan yang Diawasi Warga",)),
        ("<h5>Tahapan yang Diawasi Warga</h5>", ("Tahapan yang Diawasi Warga",)),
        ("<dl><dt>Pelapor</dt><dd>Warga desa setempat</dd></dl>", ("Pelapor", "Warga desa setempat")),
        (f'<div dir="auto">{LEAD}</div>', (LEAD,)),
        ("<div>Kepala dusun tidak hadir malam itu.</div>", ("Kepala dusun tidak hadir malam itu.",)),
        (f"<div><div>{LEAD}</div><div>{ITEMS[0]}</div></div>", (LEAD, ITEMS[0])),
        (f'<div class="x11i5rnm xat24cr">{LEAD}</div>', (LEAD,)),
        (LEAD, (LEAD,)),
    ],
)
def test_what_stands_between_paragraphs_is_kept_whatever_the_classes(
    name: str, part: str, texts: tuple[str, ...]
) -> None:
    assert lines(read(p(*PARAGRAPHS[:3]) + part + p(*PARAGRAPHS[3:]), name=name)) == [
        *PARAGRAPHS[:3],
        *texts,
        *PARAGRAPHS[3:],
    ]


@pytest.mark.parametrize("name", CLASSES)
def test_text_without_an_element_opens_an_article(name: str) -> None:
    assert lines(read(LEAD + p(*PARAGRAPHS), name=name)) == [LEAD, *PARAGRAPHS]


def test_a_list_of_long_points_may_be_most_of_an_article() -> None:
    points = "".join(f"<li>{text}</li>" for text in PARAGRAPHS)
    assert lines(read(p(*PARAGRAPHS) + f"<ol>{points.replace('Kepala dusun', 'Kepala desa')}</ol>"))[5:] == [
        text.replace("Kepala dusun", "Kepala desa") for text in PARAGRAPHS
    ]


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        (p(*PARAGRAPHS[:3]) + f"<ul>{LIST}</ul>", (*PARAGRAPHS[:3], *ITEMS)),
        (
            "<ol>" + "".join(f"<li>{text}</li>" for text in PARAGRAPHS[:4]) + "</ol>" + p(LEAD),
            (*PARAGRAPHS[:4], LEAD),
        ),
        (p(*PARAGRAPHS[:3]) + f"<div>{LEAD}</div>", (*PARAGRAPHS[:3], LEAD)),
    ],
)
def test_a_short_article_and_one_of_points_are_whole_too(inner: str, texts: tuple[str, ...]) -> None:
    assert lines(read(inner)) == list(texts)


@pytest.mark.parametrize("name", ["isi-berita", "entry-content", "itemFullText", ""])
@pytest.mark.parametrize(
    "lead",
    [
        f"<p>{LEAD}</p>",
        f'<div class="itemIntroText"><p>{LEAD}</p></div>',
        f'<div class="lead">{LEAD}</div>',
        f"<h2>{LEAD}</h2>",
        f'<p class="lead">{LEAD}</p><div class="gambar"><img src="/1.jpg"></div>',
    ],
)
def test_a_lead_before_the_content_element_opens_the_article(name: str, lead: str) -> None:
    assert lines(read(p(*PARAGRAPHS), name=name, before=lead)) == [LEAD, *PARAGRAPHS]


def test_a_summary_that_the_article_says_again_is_no_lead() -> None:
    before = f'<div class="ringkas">{PARAGRAPHS[0]}</div><p class="lain">{LEAD[:60]} ...</p>'
    assert lines(read(p(*PARAGRAPHS), before=before)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "inner",
    [
        "<br><br>".join(PARAGRAPHS[:2]) + "<br><br><span>" + "<br>\n<br>".join(PARAGRAPHS[2:]) + "</span>",
        '<span style="font-family: arial;">' + "<br /><br />".join(PARAGRAPHS) + "</span>",
        f'{PARAGRAPHS[0]}<br><br><span>{PARAGRAPHS[1]}<br><br><img src="/a.jpg"><br><br>'
        + "<br><br>".join(PARAGRAPHS[2:])
        + "</span>",
        "<b><font>" + "<br><br>".join(PARAGRAPHS) + "</font></b>",
    ],
)
def test_breaks_in_inline_elements_part_paragraphs_in_their_order(inner: str) -> None:
    assert lines(read(inner, name="post-body entry-content")) == list(PARAGRAPHS)


def test_a_page_laid_out_by_tables_and_fonts_keeps_paragraphs_author_and_time() -> None:
    body = (
        f"<table><tr><td><font size=4><b>{TITLE}</b></font><br><font size=1>Jumat, 22 November 2024 - 14:05 WIB<br>"
        f"Oleh: Ratna Wulandari</font><br><br><font size=2>{'<br><br>'.join(PARAGRAPHS)}</font></td>"
        '<td><font size=1>BERITA LAIN<br><a href="/a">Warga Menata Lapangan Bola</a></font></td></tr></table>'
    )
    found = clean_page(whole(body, heading=""), url=URL)
    assert isinstance(found, Article)
    assert lines(found) == list(PARAGRAPHS)
    assert found.author == "Ratna Wulandari"
    assert found.published is not None
    assert found.published.isoformat() == "2024-11-22T14:05:00+07:00"


def test_preformatted_text_has_paragraphs_where_it_has_empty_lines() -> None:
    text = "\n\n".join(text.replace("dan", "dan\n", 1) for text in PARAGRAPHS)
    found = clean_page(whole(f"<pre>{text}</pre>"), url=URL)
    assert isinstance(found, Article)
    assert lines(found) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "hidden",
    [
        f'<div style="position:absolute;left:-9999px"><p>{SPAM}</p></div>',
        f'<p style="font-size:0">{SPAM}</p>',
        f'<p style="color:#fff; font-size: 1px">{SPAM}</p>',
        f"<p hidden>{SPAM}</p>",
        f'<p style="text-indent:-9999px">{SPAM}</p>',
    ],
)
def test_sentences_that_no_reader_sees_are_no_part_of_the_article(hidden: str) -> None:
    assert lines(read(p(*PARAGRAPHS[:3]) + hidden + p(*PARAGRAPHS[3:]))) == list(PARAGRAPHS)


def test_a_visible_style_hides_nothing() -> None:
    inner = "".join(
        f'<p style="font-size:1em;line-height:1;margin-left:-10px">{text}</p>' for text in PARAGRAPHS
    )
    assert lines(read(inner)) == list(PARAGRAPHS)


def test_the_folded_rest_of_an_article_is_read_where_a_button_unfolds_it() -> None:
    folded = f'<div id="more" style="display:none">{p(*LONG[2:])}</div>'
    assert lines(read(p(*LONG[:2]) + folded + "<button>Baca Selengkapnya</button>")) == list(LONG)
    hidden = f'<div style="display:none">{p(LEAD)}</div>'
    assert lines(read(p(*PARAGRAPHS) + hidden)) == list(PARAGRAPHS)
    spam = hidden.replace(LEAD, SPAM) + "<button>Baca Selengkapnya</button>"
    assert lines(read(p(*PARAGRAPHS) + spam)) == list(PARAGRAPHS)


def test_every_entry_of_a_live_report_is_kept() -> None:
    entries = "".join(
        f'<div class="entry"><time>1{number}.00 WIB</time><h4>Laporan dari TPS {number}</h4><p>{text}</p></div>'
        for number, text in enumerate(LONG[:3])
    )
    found = read(entries, name="liveblog")
    assert [line for line in lines(found) if line in LONG] == list(LONG[:3])


def test_readers_comments_are_told_by_their_shape() -> None:
    comments = "".join(
        f'<div class="butir"><b>Pembaca {number}</b> <span>22 November 2024 20:1{number}</span>'
        f"<p>{LEAD} {number}.</p></div>"
        for number in range(6)
    )
    found = read(p(*PARAGRAPHS), after=f'<div class="diskusi"><h3>Tanggapan Pembaca</h3>{comments}</div>')
    assert lines(found) == list(PARAGRAPHS)


def test_a_signature_below_the_content_element_names_the_author() -> None:
    found = read(p(*PARAGRAPHS), after="<p><span>Penulis:</span> Ratna Wulandari</p>")
    assert (found.author, lines(found)) == ("Ratna Wulandari", list(PARAGRAPHS))


def test_an_advertisement_in_a_paragraph_does_not_part_it() -> None:
    words = PARAGRAPHS[1].split(" ")
    broken = (
        f"<p>{' '.join(words[:4])}<div class='iklan-tengah'>ADVERTISEMENT</div> {' '.join(words[4:])}</p>"
    )
    assert lines(read(p(PARAGRAPHS[0]) + broken + p(*PARAGRAPHS[2:]))) == list(PARAGRAPHS)


def test_lettered_points_after_breaks_stay_lines_of_their_own() -> None:
    points = ("a. memeriksa saksi lain", "b. meminta rekaman dari warga")
    found = read(p(*PARAGRAPHS[:4]) + "<br><br>".join(points) + p(PARAGRAPHS[4]))
    assert lines(found) == [*PARAGRAPHS[:4], *points, PARAGRAPHS[4]]


@pytest.mark.parametrize("lost", ["strict", "ignore"])
def test_letters_that_were_encoded_twice_are_read_as_they_were_meant(lost: str) -> None:
    said = (
        "“Kami masih menunggu,” kata André Soépomo – warga – di kantor kecamatan itu pada hari Jumat malam…"
    )
    once = whole(f'<div class="isi">{p(said, *PARAGRAPHS)}</div>')
    twice = "".join(
        bytes([byte]).decode("cp1252", lost if lost == "ignore" else "replace").replace("\ufffd", chr(byte))
        for byte in once
    ).encode()
    found = clean_page(twice, url=URL)
    assert isinstance(found, Article)
    assert lines(found) == [said, *PARAGRAPHS]


def test_a_linked_reference_in_brackets_is_cut_from_the_end_of_a_paragraph() -> None:
    linked = f"{PARAGRAPHS[1]} <a href='/b/1'>(Baca juga: Warga Lain Menata Lapangan Bola)</a>"
    found = read(p(PARAGRAPHS[0], linked, *PARAGRAPHS[2:]))
    assert lines(found) == list(PARAGRAPHS)


def test_a_page_to_log_in_is_no_article() -> None:
    body = p(
        "Anda harus masuk terlebih dahulu untuk melihat halaman ini. Silakan masukkan alamat surel dan kata sandi "
        "yang telah Anda daftarkan, lalu tekan tombol masuk di bawah kolom itu."
    )
    form = f"<form>{body}<input type=password></form>"
    found = clean_page(whole(form, heading="<h1>Masuk</h1>").replace(TITLE.encode(), b"Masuk"), url=URL)
    assert isinstance(found, Refusal)
    assert (found.reason, found.detail) == ("empty", "the page asks its readers to log in")


WORDS = "Warga Desa Contohsari Perbaiki Jembatan Gantung"
CARD = f'<a href="/daerah/13/jembatan"><h4>{WORDS}</h4></a><p>{PARAGRAPHS[0][:70]} bersama warga …</p>'


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    "box",
    [
        f'<article class="teaser">{CARD}</article>',
        f'<div class="kartu">{CARD}</div>',
        f'<blockquote class="td_pull_quote"><p>{PARAGRAPHS[2]}</p></blockquote>',
        f'<figure class="wp-block-pullquote"><blockquote><p>{PARAGRAPHS[3]}</p></blockquote></figure>',
        f'<blockquote class="twitter-tweet"><p>{LEAD} {SPAM}</p>&mdash; (@akun) <a href="#">20 Nov</a></blockquote>',
    ],
)
def test_cards_repeated_quotes_and_embedded_posts_are_no_part_of_the_text(name: str, box: str) -> None:
    assert lines(read(p(*LONG[:3]) + box + p(*LONG[3:]), name=name)) == list(LONG)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    ("box", "texts"),
    [
        (f'<div class="x1"><div dir="auto">{LEAD}</div></div>', (LEAD,)),
        (f'<div class="x1"><div class="x2"><div dir="auto">{LEAD}</div></div></div>', (LEAD,)),
        (
            f'<div class="x1"><div dir="auto">{LEAD}</div><div dir="auto">{LONG[0]}</div></div>',
            (LEAD, LONG[0]),
        ),
        (f'<figure class="wp-block-pullquote"><blockquote><p>{LEAD}</p></blockquote></figure>', (LEAD,)),
    ],
)
def test_paragraphs_in_wrappers_and_quotations_in_frames_are_kept(
    name: str, box: str, texts: tuple[str, ...]
) -> None:
    kept = lines(read(p(*LONG[:3]) + box + p(*PARAGRAPHS[3:]), name=name))
    assert kept == [*LONG[:3], *texts, *PARAGRAPHS[3:]]


def test_paragraphs_that_share_a_box_with_a_repeated_quote_are_kept() -> None:
    box = f'<div class="bagian"><blockquote>{PARAGRAPHS[2]}</blockquote>{p(LEAD, LONG[3])}</div>'
    assert {LEAD, LONG[3]} < set(lines(read(p(*LONG[:3]) + box + p(*PARAGRAPHS[3:]))))


@pytest.mark.parametrize(
    "inline",
    [
        "<iconify-icon></iconify-icon>",
        "<istilah-desa>dusun</istilah-desa>",
        '<span style="display:block">dusun</span>',
    ],
)
@pytest.mark.parametrize("around", ["<p>{}</p>", "<div>{}<br><br></div>"])
def test_elements_within_a_line_part_no_paragraph(around: str, inline: str) -> None:
    found = read(
        p(*LONG[:3]) + around.format(f"Kepala {inline} itu menanti surat dari kecamatan pada hari Senin.")
    )
    said = "Kepala dusun itu" if "dusun" in inline else "Kepala itu"
    assert lines(found)[3:] == [f"{said} menanti surat dari kecamatan pada hari Senin."]


def test_marks_of_footnotes_do_not_run_into_the_text() -> None:
    marked = p('Dana itu Rp500 juta<sup><a href="#n2">2</a></sup>, kata Wulan Nirwana di kantor desa.')
    found = lines(read(p(*PARAGRAPHS) + marked + p("Luasnya 12 km<sup>2</sup> menurut data kecamatan itu.")))
    assert found[-2:] == [
        "Dana itu Rp500 juta, kata Wulan Nirwana di kantor desa.",
        "Luasnya 12 km2 menurut data kecamatan itu.",
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        '<span style="display: block">{}</span>',
        "<isi-berita>{}</isi-berita>",
        "<h4>{}</h4>",
        "<noscript><p>{}</p></noscript>",
    ],
)
def test_paragraphs_are_told_whatever_element_holds_them(paragraph: str) -> None:
    assert lines(read("".join(paragraph.format(text) for text in LONG))) == list(LONG)


def test_headings_between_paragraphs_stay_headings_and_a_noscript_beside_the_text_stays_unread() -> None:
    note = f"<noscript><p>{SPAM}</p></noscript>"
    found = lines(read(p(*LONG[:3]) + "<h4>Tahapan yang Diawasi Warga</h4>" + note + p(*LONG[3:])))
    assert found == [*LONG[:3], "Tahapan yang Diawasi Warga", *LONG[3:]]


def test_references_that_a_site_escaped_twice_are_read() -> None:
    said = "&amp;quot;Kami menunggu,&amp;amp;nbsp;kata warga&amp;rdquo; di kantor desa itu pada pagi hari, R&amp;amp;B."
    assert (
        lines(read(p(*PARAGRAPHS, said)))[-1]
        == '"Kami menunggu, kata warga” di kantor desa itu pada pagi hari, R&B.'
    )


def shell(data: object, kind: str = "application/json") -> Article | Refusal:
    """Read a page whose text only scripts show; `data` is what it brings for them."""
    head = f'<script id="__NEXT_DATA__" type="{kind}">{json.dumps(data)}</script>'
    return clean_page(page(head=head, body='<div id="app">Memuat</div>'), url=URL)


def test_text_that_only_scripts_show_is_read_from_their_data() -> None:
    own = {"title": TITLE, "content": p(*PARAGRAPHS)}
    other = {"title": "Warga Desa Rekaan Menata Kampung", "content": p(*LONG)}
    for data in (
        {"post": own},
        {"post": own, "related": [other]},
        {"related": [other], "page": {"x": [own]}},
    ):
        found = shell({"props": {"pageProps": data}})
        assert isinstance(found, Article) and lines(found) == list(PARAGRAPHS)
    styled = shell(
        {"title": TITLE, "content": f"{own['content']}<style>.x {{}}</style><script>y()<\\/script>"}
    )
    assert isinstance(styled, Article) and lines(styled) == list(PARAGRAPHS)
    for data in (
        {"cookies": p(*PARAGRAPHS)},
        {"related": [other, {"content": p(*PARAGRAPHS)}]},
        {"post": {"title": TITLE, "content": "x"}},
    ):
        assert isinstance(shell(data), Refusal)
    told = shell(
        {"@type": "NewsArticle", "headline": TITLE, "articleBody": p(*PARAGRAPHS)}, "application/ld+json"
    )
    assert isinstance(told, Article) and lines(told) == list(PARAGRAPHS)


@pytest.mark.parametrize("data", ["[" * 100_000, '{"a": ' * 50_000, "9" * 9000, '["x', "null"])
def test_data_of_scripts_of_any_shape_do_no_harm(data: str) -> None:
    head = f'<script type="application/json">{data}</script>'
    assert isinstance(clean_page(page(head=head, body="x"), url=URL), Refusal)
