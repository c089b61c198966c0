"""Hostile pages: a result or a reason within the time and memory that a worker has, and never a crash."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

import pytest
from pages import PARAGRAPHS, TITLE, page

from pipeline.article import Article, Refusal
from pipeline.clean import clean_page
from pipeline.markup import parse_html, to_utf8, without_unseen
from pipeline.workers import Failed, WorkerPool

URL = "https://kabarmekarwangi.example/1"
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS).encode()
MARKUP = b"<html><body><article>"
LINES = "\n" * 390_000
QUOTE = f"<blockquote>{PARAGRAPHS[1]} Lagi.</blockquote>"
TEXTS = (
    '<script type="application/json">'
    + json.dumps([{f"k{n}": "<p>a<p>b" + f"kata{n} " * 80 for n in range(3_000)}])
    + "</script>"
)


def linked_author(author: str) -> str:
    data = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {author}}}'
    return f"<script type='application/ld+json'>{data}</script>"


PAGES: dict[str, Callable[[], bytes]] = {
    "100 MB": lambda: MARKUP + b"<p>kata " * 12_500_000,
    "20,000 nested divs": lambda: MARKUP + b"<div>" * 20_000 + BODY + b"</div>" * 20_000,
    "20,000 nested spans": lambda: MARKUP + b"<p>" + b"<span>" * 20_000 + BODY,
    "20,000 nested lists": lambda: MARKUP + b"<ul><li>" * 20_000 + BODY,
    "5,000 nested tables": lambda: MARKUP + b"<table><tr><td>" * 5_000 + BODY,
    "700,000 elements": lambda: MARKUP + b"<br>" * 700_000 + BODY,
    "300,000 links": lambda: MARKUP + b"<a href=x>baca juga</a> " * 300_000,
    "one line of 9 MB": lambda: MARKUP + b"<p>" + PARAGRAPHS[0].encode() * 80_000,
    "an attribute of 9 MB": lambda: MARKUP + b"<div class='" + b"share " * 1_500_000 + b"'>" + BODY,
    "an element of 60,000 attributes": lambda: (
        MARKUP + b"<p " + b"".join(b"a%d='/ ' " % n for n in range(60_000)) + b">" + BODY
    ),
    "a word of 80,000 figures": lambda: MARKUP + b"<p>" + b"0" * 80_000 + b"</p>" + BODY,
    "a word of 80,000 letters at nobody": lambda: MARKUP + b"<p>" + b"a" * 80_000 + b"@</p>" + BODY,
    "data 200,000 deep": lambda: page(head=f"<script type='application/ld+json'>{'[' * 200_000}</script>"),
    "empty lines in broken data": lambda: page(head=f"<script type='application/ld+json'>{{{LINES}x</script>"),
    "comments that never end in broken data": lambda: page(
        head=f"<script type='application/ld+json'>{{{'/* ' * 130_000}x</script>"
    ),
    "an author 900 lists deep": lambda: page(head=linked_author("[" * 900 + "1" + "]" * 900)),
    "an author 400 names deep": lambda: page(head=linked_author('{"name":[' * 400 + '"x"' + "]}" * 400)),
    "data of thousands of texts": lambda: page(head=TEXTS * 4, body="x"),
    "thousands of quotations": lambda: page(body=f"<p>{PARAGRAPHS[2]}</p><div class='k'>{QUOTE}</div>" * 4_000),
    "a script that writes the body": lambda: MARKUP + b"<script>document.write('<p>x</p>')</script>" * 1000,
    "an unclosed script": lambda: MARKUP + b"<script>" + BODY * 100,
    "entities": lambda: MARKUP + BODY + b"&amp;" * 1_000_000,
    "random bytes": lambda: random.Random(1).randbytes(2_000_000),
    "random bytes after markup": lambda: MARKUP + random.Random(2).randbytes(2_000_000),
}  # fmt: skip

READABLE = {
    "null bytes": page().replace(b" saksi", b" \x00saksi"),
    "invalid bytes": page().replace(b" saksi", b" \xff\xfesaksi"),
    "UTF-8 called Latin-1": page()
    .replace(b'charset="utf-8"', b'charset="iso-8859-1"')
    .replace(b'"Kami', "“Kami".encode()),
    "Latin-1 called UTF-8": page().decode().replace("keterangan", "keterangan – resmi").encode("cp1252"),
    "UTF-16": page().decode().encode("utf-16"),
    "numbers of control characters": page().replace(
        b" saksi", b" &#8;&#1&#027;&#x1B;&#xfffe;&#65535;&#127;saksi"
    ),
    "numbers of no characters": page().replace(b" saksi", b" &#0;&#55296;&#xDFFF;&#x110000;saksi"),
    "no characters": page().replace(b" saksi", b" \xef\xbf\xbe\xef\xbf\xbfsaksi"),
    "half a page": page()[: page().index(b"Hasil kajian") + 20],
    "no head": MARKUP + BODY,
    "two bodies": page() + b"<body></body></html>",
}


def nothing() -> None:
    return None


def work(_state: None, body: bytes) -> Article | Refusal:
    return clean_page(body, url=URL)


def test_a_long_tag_of_few_attributes_keeps_them() -> None:
    picture = (
        b"<img class='isi /" + b" a" * 3000 + b"' alt=x src='data:image/png;base64," + b"a/b" * 3000 + b"'>"
    )
    tree = parse_html(b"<p>a" + picture + b"b</p><a " + b"x /" * 2000 + b" href=/c>c</a>")
    assert tree is not None and tree.findall(".//img")[0].get("alt") == "x"
    assert [a.attrib for a in tree.iter("a")] == [{}]


def test_to_utf8_keeps_numbers_of_characters() -> None:
    kept = b"&#9;&#10;&#80;&#8220;&#150;&#x96;&#x1f9;&#270;&#128512;&#1279;&#x;&#;&#8 &amp;#8;"
    assert to_utf8(kept, None) == kept.replace(b"&#8 ", b" ")
    with_zeros = b"&#" + b"0" * 500_000 + b"80;"
    assert to_utf8(with_zeros * 2, None) == with_zeros * 2


@pytest.mark.parametrize("opening", [b"<!--", b"<script>", b"<svg", b"<noscript>x"])
def test_what_no_reader_sees_is_taken_out_at_once(opening: bytes) -> None:
    began = time.process_time()
    page = opening * 500_000
    assert without_unseen(page) == page
    assert without_unseen(page + b"<STYLE> p {} </style \n>z") == page + b"z"
    assert time.process_time() - began < 5


def test_what_no_reader_sees_ends_where_it_ends() -> None:
    page = b"a<!-- <script> -->b<script>'<!--'</style></SCRIPT>c<svg><path/></svg >d<scripted>e</scripted>f<!-- -> g"
    assert without_unseen(page) == b"abcd<scripted>e</scripted>f<!-- -> g"
    assert without_unseen(page, (b"script",), b" ") == (
        b"a<!-- <script> -->b<script>'<!--'</style></SCRIPT>c".replace(
            b"<script> -->b<script>'<!--'</style></SCRIPT>", b" "
        )
        + b"<svg><path/></svg >d<scripted>e</scripted>f<!-- -> g"
    )


def test_clean_page_answers_hostile_pages_in_a_worker() -> None:
    with WorkerPool(nothing, work, workers=1, timeout_s=10.0, memory_mb=1500) as pool:
        list(pool.map([page()]))  # starting the worker is no part of the page's time
        for name, make in PAGES.items():
            body = make()
            began = time.monotonic()
            ((_, answer),) = list(pool.map([body]))
            assert time.monotonic() - began < 12, name
            assert isinstance(answer, Article | Refusal), (name, answer)
            assert not isinstance(answer, Failed)


@pytest.mark.parametrize("name", READABLE)
def test_clean_page_reads_damaged_pages(name: str) -> None:
    found = clean_page(READABLE[name], url=URL, content_type="text/html; charset=utf-8")
    assert isinstance(found, Article), found
    for text in (PARAGRAPHS[2], PARAGRAPHS[3]):
        assert text in found.text
    assert "\x00" not in found.text
    assert "�" not in found.text
    assert name == "no head" or found.title == TITLE


def test_clean_page_finds_text_below_the_depth_that_the_parser_follows() -> None:
    found = clean_page(PAGES["20,000 nested divs"](), url=URL)
    assert isinstance(found, Article)
    assert PARAGRAPHS[3] in found.text


@pytest.mark.parametrize("label", ["iso-8859-1", "latin-1", "ISO_8859-1", "us-ascii", "windows-1252"])
def test_western_labels_are_read_as_windows_1252(label: str) -> None:
    first = "GARUT – “Kami” kata ketua"
    body = page(body=f"<p>{first} pengawas.</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS))
    whole = body.replace(b'charset="utf-8"', f'charset="{label}"'.encode()).decode().encode("cp1252")
    found = clean_page(whole, url=URL)
    assert isinstance(found, Article)
    assert found.dateline == "GARUT" and found.text.startswith("“Kami” kata")
