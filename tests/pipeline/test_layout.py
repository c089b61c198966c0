"""Layouts of sources: the shape of the day of the fetch is used; what is missing is read generally."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pages import PARAGRAPHS, TITLE, page

from crawler.source import Discovery, Layout, PageLayout, Source
from pipeline.article import Article
from pipeline.clean import clean_page
from pipeline.layout import find_layout, read_layout

URL = "https://kabarmekarwangi.example/1/saksi"
TEXT = "\n\n".join(PARAGRAPHS)
FETCHED = datetime(2024, 10, 17, 3, 0, tzinfo=UTC)


def source(*layouts: PageLayout) -> Source:
    return Source(
        slug="kabarmekarwangi", name="Kabar Mekarwangi", domains=("kabarmekarwangi.example",),
        discovery=(Discovery(method="feed", url="/feed"),), layout=Layout(page=layouts),
    )  # fmt: skip


def clean(body: bytes, *layouts: PageLayout) -> Article:
    found = clean_page(body, url=URL, source=source(*layouts), fetched_at=FETCHED)
    assert isinstance(found, Article), found
    return found


def test_find_layout_takes_the_shape_of_the_day() -> None:
    old = PageLayout(until=date(2024, 6, 30), body="td.isi")
    new = PageLayout(since=date(2024, 7, 1), body="div.isi")
    known = source(old, new)
    assert find_layout(known, datetime(2024, 6, 30, tzinfo=UTC)) == old
    assert find_layout(known, datetime(2024, 7, 1, tzinfo=UTC)) == new
    assert find_layout(known, None) == new
    assert find_layout(source(old), FETCHED) is None
    assert find_layout(None, FETCHED) is None


@pytest.mark.parametrize(
    "selector", [".kru b", "//p[@class='kru']/b", "./body//p/b", "//p[@class='kru']/b/text()"]
)
def test_layout_reads_css_and_xpath(selector: str) -> None:
    body = page(before='<p class="kru">Kru <b>Yoga Lesmana</b></p>')
    found = clean(body, PageLayout(author=selector))
    assert (found.author, found.provenance["author"]) == ("Yoga Lesmana", "layout")
    assert found.text.endswith(TEXT)


def test_layout_reads_an_attribute() -> None:
    body = page(before='<p data-turun="2024-10-16 09:12">x</p>')
    found = clean(body, PageLayout(date="//@data-turun"))
    assert found.published == datetime.fromisoformat("2024-10-16T09:12+07:00")
    assert found.provenance["published"] == "layout"


def test_layout_that_finds_nothing_leaves_the_general_way() -> None:
    layout = PageLayout(body="div.tidak-ada", title="h6", author="h6", date="h6")
    found = clean(page(), layout)
    assert (found.text, found.title) == (TEXT, TITLE)
    assert "layout" not in found.provenance.values()


def test_layout_drops_what_it_names() -> None:
    promo = "<p class='sela'>Kami mengajak pembaca menabung sampah setiap Sabtu pagi di halaman kantor.</p>"
    found = clean(
        page(after="", body="".join(f"<p>{p}</p>" for p in PARAGRAPHS) + promo), PageLayout(drop=".sela")
    )
    assert found.text == TEXT


def test_layout_does_not_read_a_body_inside_a_body_twice() -> None:
    inner = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    found = clean(page(body=f"<div class=isi><div class=isi>{inner}</div></div>"), PageLayout(body="div.isi"))
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        ({"body": "div["}, "neither XPath nor CSS"),
        ({"body": "//div[["}, "neither XPath nor CSS"),
        ({"since": date(2024, 7, 1), "until": date(2024, 6, 1), "body": "p"}, "later than until"),
        ({"since": date(2024, 7, 1)}, "names no part"),
        ({"bodi": "p"}, "Extra inputs"),
    ],
)
def test_wrong_layouts_are_refused(layout: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PageLayout.model_validate(layout)


def test_layout_with_an_unknown_function_finds_nothing() -> None:
    assert read_layout(page(), None, PageLayout(body="//p[tidak-ada()]")).body is None
