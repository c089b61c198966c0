from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import search
from pipeline.search import SearchError, search_articles
from pipeline.search_query import snippet
from pipeline.stems import stems

DOCS = [
    ("a", "2024-10-01T02:00", "Kades dilaporkan", "Warga melaporkan dugaan pembagian uang kepada pengawas."),
    ("b", "2024-10-03T02:00", "Pengawasan masa tenang", "Pengawas mengawasi distribusi logistik pemilihan."),
    ("c", "2024-10-02T02:00", None, "Tidak ada laporan pada hari itu; uang kas desa utuh."),
    ("d", "2024-10-02T02:00", "Jalan", "Café baru dibuka di Sukabumi."),
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "search.sqlite"
    with closing(search.open_index(path)) as con:
        assert search.index_documents(con, DOCS) == 4
        con.commit()
    return path


def test_a_word_finds_its_other_forms_the_newest_first(index: Path) -> None:
    assert search_articles(index, "laporan") == ["c", "a"]
    assert search_articles(index, "pengawasan") == search_articles(index, "AWAS") == ["b", "a"]
    assert search_articles(index, "uang laporan") == ["c", "a"]
    assert search_articles(index, "cafe") == ["d"]


def test_a_phrase_and_a_prefix_stand_as_printed(index: Path) -> None:
    assert search_articles(index, '"pembagian uang"') == ["a"]
    assert search_articles(index, '"uang pembagian"') == []
    assert search_articles(index, "logis*") == ["b"]
    assert search_articles(index, '"masa tenang" logis*') == ["b"]


def test_the_best_hit_has_the_word_in_its_title(index: Path) -> None:
    assert search_articles(index, "pengawas", ranked=True, limit=1) == ["b"]


def test_a_changed_article_is_found_by_its_new_text_alone(index: Path) -> None:
    with closing(search.open_index(index)) as con:
        search.index_documents(con, [("a", "2024-10-01T02:00", "Diralat", "Redaksi meralat berita.")])
        con.commit()
        assert search.live_documents(con) == 4
    assert search_articles(index, "laporan") == ["c"]
    assert search_articles(index, "ralat") == ["a"]


def test_an_index_of_another_layout_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as con:
        con.executescript("CREATE TABLE docs (row INTEGER, article_id TEXT, published TEXT, live INTEGER);"
                          "CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL)")  # fmt: skip
    with closing(search.open_index(path)) as con:
        assert search.must_be_remade(con)
    with pytest.raises(SearchError, match="publish"):
        search_articles(path, "uang")
    with pytest.raises(SearchError, match="publish"):
        search_articles(tmp_path / "none.sqlite", "uang")


HOSTILE = [
    '"', '""', "*", "a*b*", 'uang" OR "', "title:uang", "{text}: uang", "uang NOT desa", "NEAR(uang desa, 2)", "^uang",
    "uang)", "((((", "'; DROP TABLE docs; --", "uang\x00desa", "\ud800", "%", "_", "-uang", "+uang", "🗳", "a" * 10_000,
    '"' + "uang " * 300,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_never_act_or_break(index: Path, words: str) -> None:
    try:
        assert set(search_articles(index, words)) <= {"a", "b", "c", "d"}
    except SearchError as error:
        assert "sedikitnya satu kata" in str(error)
    assert search_articles(index, "uang") == ["c", "a"]


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_searched_for(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sqlite"
    if not path.exists():
        with closing(search.open_index(path)) as con:
            search.index_documents(con, DOCS)
            con.commit()
    try:
        search_articles(path, words)
    except SearchError as error:
        assert "sedikitnya satu kata" in str(error)


def test_stems_bring_the_words_of_supervision_together() -> None:
    families = [
        "melanggar pelanggaran dilanggar", "melaporkan laporan dilaporkan pelapor", "membagikan pembagian dibagikan",
        "kampanye berkampanye dikampanyekan", "memilih pemilih pemilihan",
    ]  # fmt: skip
    for family in families:
        assert len(set(stems(family))) == 1, family


def test_a_snippet_shows_the_words_around_the_first_match() -> None:
    text = "awal " * 40 + "petugas membagikan amplop " + "akhir " * 40
    assert snippet(text, "pembagian").startswith("… ") and "petugas membagikan amplop" in snippet(
        text, "pembagian"
    )
    assert snippet("", "x") == ""
    assert snippet("Satu kalimat saja.", "lain") == "Satu kalimat saja"
