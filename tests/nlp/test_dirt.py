from __future__ import annotations

import pytest

from nlp.corpus import Row, load_corpus
from nlp.dirt import soil, soil_all
from nlp.edits import Sample


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return load_corpus(check=False)[:200]


@pytest.fixture(scope="module")
def soiled(rows: list[Row]) -> list[Sample]:
    return soil_all(rows, seed="test")


@pytest.fixture(scope="module")
def texts(rows: list[Row]) -> list[str]:
    return [one.text for n in range(3) for one in soil_all(rows, seed=str(n))]


def test_soil_keeps_spans_on_their_text(soiled: list[Sample]) -> None:
    for sample in soiled:
        for span in sample.spans:
            assert sample.text[span.start : span.end] == span.text
            assert span.text.strip() == span.text != ""


def test_soil_gives_the_same_for_the_same_seed(rows: list[Row], soiled: list[Sample]) -> None:
    assert soil_all(rows, seed="test") == soiled
    assert soil_all(rows, seed="other") != soiled


@pytest.mark.parametrize(
    "sign",
    [
        "(Bawaslu)",  # long name with the short one in brackets
        "Baca Juga",
        "Undang -undang",
        "Jum`at",
        "\u00a0",
        "Editor: ",
        " WIB\n",  # time stamp
        "panwaslu",
        "( 1",  # a blank inside the date's bracket
    ],
)
def test_soil_puts_every_kind_of_dirt_somewhere(texts: list[str], sign: str) -> None:
    assert any(sign in text for text in texts)


def test_soil_drops_spans_of_a_lost_beginning_only(rows: list[Row], soiled: list[Sample]) -> None:
    kept = [len(sample.spans) / len(row.spans) for row, sample in zip(rows, soiled, strict=True)]
    assert all(share <= 1 for share in kept)
    assert 0.5 < sum(share == 1 for share in kept) / len(kept) < 1


def test_furniture_carries_no_spans(rows: list[Row]) -> None:
    titles = ["Bupati Rekaan Dilaporkan Warga"]
    for row in rows:
        sample = soil(row, titles=titles, seed="x")
        for line_start in (i for i in range(len(sample.text)) if sample.text.startswith(titles[0], i)):
            assert not any(line_start <= span.start < line_start + len(titles[0]) for span in sample.spans)
