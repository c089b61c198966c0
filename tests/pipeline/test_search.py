from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.search import SearchError, search_articles
from pipeline.search_index import Doc, IndexWriter, load_state, month_file
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
    return write_index(None, tmp_path / "search", *DOCS)


def write_index(before: Path | None, folder: Path, *docs: Doc, gone: Mapping[str, str] | None = None) -> Path:
    """Return the folder of an index that goes on from `before`."""
    with closing(IndexWriter(before, folder)) as writer:
        writer.forget(gone or {})
        writer.add(docs)
        writer.finish()
    return folder


def test_a_word_finds_its_other_forms_the_newest_first(index: Path) -> None:
    assert search_articles(index, "laporan") == ["c", "a"]
    assert search_articles(index, "pengawasan") == search_articles(index, "AWAS") == ["b", "a"]
    assert search_articles(index, "uang laporan") == ["c", "a"]
    assert search_articles(index, "cafe") == ["d"]


def test_a_search_among_some_articles_finds_no_other(index: Path) -> None:
    assert search_articles(index, "laporan", among=["a", "b", "tidakada"]) == ["a"]
    assert search_articles(index, "pengawas", among=["a", "b"], ranked=True) == ["b", "a"]
    assert search_articles(index, "laporan", among=[]) == []
    assert search_articles(index, "laporan", among=["'; DROP TABLE docs; --"]) == []


def test_a_phrase_and_a_prefix_stand_as_printed(index: Path) -> None:
    assert search_articles(index, '"pembagian uang"') == ["a"]
    assert search_articles(index, '"uang pembagian"') == []
    assert search_articles(index, "logis*") == ["b"]
    assert search_articles(index, '"masa tenang" logis*') == ["b"]


def test_the_best_hit_has_the_word_in_its_title(index: Path) -> None:
    assert search_articles(index, "pengawas", ranked=True, limit=1) == ["b"]


def test_a_changed_article_is_found_by_its_new_text_alone(index: Path, tmp_path: Path) -> None:
    changed = ("a", "2024-11-01T02:00", "Diralat", "Redaksi meralat berita.")
    later = write_index(index, tmp_path / "later", changed, gone={"a": "2024-10"})
    assert search_articles(later, "laporan") == ["c"]
    assert search_articles(later, "ralat") == ["a"]
    assert load_state(later) == {"2024-10": 3, "2024-11": 1}
    assert search_articles(index, "laporan") == ["c", "a"], "the index before stays as it was"


def test_months_come_newest_first_and_are_shared_where_nothing_changed(index: Path, tmp_path: Path) -> None:
    docs = [
        ("e", "2024-11-01T02:00", None, "Laporan kedua."),
        ("f", "2024-09-01T02:00", None, "Laporan lama."),
    ]
    later = write_index(index, tmp_path / "later", *docs)
    assert search_articles(later, "laporan") == ["e", "c", "a", "f"]
    assert search_articles(later, "laporan", limit=2) == ["e", "c"]
    assert set(search_articles(later, "laporan", ranked=True)) == {"a", "c", "e", "f"}
    assert month_file(later, "2024-10").stat().st_ino == month_file(index, "2024-10").stat().st_ino
    emptied = write_index(later, tmp_path / "emptied", gone={"f": "2024-09"})
    assert not month_file(emptied, "2024-09").exists()
    assert search_articles(emptied, "laporan") == ["e", "c", "a"]


def test_a_month_with_many_dead_rows_is_made_anew(tmp_path: Path) -> None:
    docs = [(f"k{n}", "2024-10-01T02:00", None, f"berita nomor {n}") for n in range(1_200)]
    first = write_index(None, tmp_path / "first", *docs)
    changed = docs[:400]
    with closing(IndexWriter(first, tmp_path / "second")) as writer:
        writer.forget({key: "2024-10" for key, *_ in changed})
        writer.add(changed)
        assert writer.finish() == ["2024-10"]
        writer.remake("2024-10", docs)
        assert writer.close() == 1_200
    assert sorted(search_articles(tmp_path / "second", "berita", limit=9_999)) == sorted(
        key for key, *_ in docs
    )
    with closing(sqlite3.connect(month_file(tmp_path / "second", "2024-10"))) as con:
        assert con.execute("SELECT count(*) FROM docs").fetchone() == (1_200,)


def test_a_large_month_that_empties_is_dropped_not_made_anew(tmp_path: Path) -> None:
    docs = [(f"k{n}", "2024-10-01T02:00", None, f"berita nomor {n}") for n in range(1_200)]
    first = write_index(None, tmp_path / "first", *docs, ("z", "2024-11-01T02:00", None, "berita lain"))
    with closing(IndexWriter(first, tmp_path / "second")) as writer:
        writer.forget({key: "2024-10" for key, *_ in docs})
        assert writer.finish() == []
        assert writer.close() == 1
    assert not month_file(tmp_path / "second", "2024-10").exists()


def test_a_wiped_text_is_in_no_row_of_the_month(index: Path, tmp_path: Path) -> None:
    with closing(IndexWriter(index, tmp_path / "later")) as writer:
        writer.wipe([DOCS[0]])
        writer.forget({"a": "2024-10"})
        writer.add([("a", "2024-10-01T02:00", "Kades dilaporkan", "W**** melaporkan.")])
        writer.finish()
    with closing(sqlite3.connect(month_file(tmp_path / "later", "2024-10"))) as con:
        found = {
            word: con.execute("SELECT count(*) FROM words WHERE words MATCH ?", [word]).fetchone()[0]
            for word in ("warga", "pembagian", "kades", "pengawas")
        }
    assert found == {"warga": 0, "pembagian": 0, "kades": 1, "pengawas": 1}


def test_an_index_that_is_missing_or_of_another_layout_says_what_to_do(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "2024-10.sqlite")) as con:
        con.executescript("CREATE TABLE docs (row INTEGER, article_id TEXT, published TEXT, live INTEGER)")
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(SearchError, match="publish"):
            search_articles(folder, "uang")


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
    path = tmp_path_factory.getbasetemp() / "any"
    if not path.exists():
        write_index(None, path, *DOCS)
    try:
        search_articles(path, words)
    except SearchError as error:
        assert "sedikitnya satu kata" in str(error)


def test_stems_bring_the_words_of_supervision_together() -> None:
    families = [
        "melanggar pelanggaran dilanggar", "melaporkan laporan dilaporkan pelapor", "membagikan pembagian dibagikan",
        "kampanye berkampanye dikampanyekan mengampanyekan", "memilih pemilih pemilihan",
        "mengawasi pengawasan diawasi awas", "menerima diterima penerimaan terima", "meminta diminta permintaan",
        "menelusuri ditelusuri penelusuran", "menemukan ditemukan temuan", "menangani ditangani penanganan",
        "meneruskan diteruskan penerusan", "memeriksa diperiksa periksa", "menyatakan dinyatakan pernyataan",
        "menindaklanjuti ditindaklanjuti", "merusak perusakan dirusak", "menuntut dituntut penuntutan tuntutan",
    ]  # fmt: skip
    for family in families:
        assert len(set(stems(family))) == 1, family


def test_words_that_only_look_alike_stay_apart() -> None:
    for one, other in (
        ("pemilu", "pilu"),
        ("kejari", "mengejar"),
        ("pengajian", "kajian"),
        ("uang", "ruang"),
    ):
        assert stems(one) != stems(other), (one, other)


def test_of_stems_the_index_keeps_those_that_differ_from_their_words(tmp_path: Path) -> None:
    text = "Laporan warga: pengawas desa melaporkan uang."
    index = write_index(None, tmp_path / "index", ("a", "2024-10-01T02:00", None, text))
    with closing(sqlite3.connect(month_file(index, "2024-10"))) as con:
        con.execute("CREATE VIRTUAL TABLE temp.kept USING fts5vocab(main, words, col)")
        kept = {term for term, column in con.execute("SELECT term, col FROM kept") if column == "text_stems"}
    assert kept == {stem for word in re.findall(r"\w+", text.lower()) for stem in stems(word) if stem != word}
    assert kept and "desa" not in kept
    for word in ("melapor", "lapor", "desa", "desa-melaporkan", "pengawasan"):
        assert search_articles(index, word) == ["a"], word
    assert search_articles(index, "uang-desa") == [], "joined words are a phrase"


def test_words_in_other_letters_are_found_by_themselves(tmp_path: Path) -> None:
    words = ["café", "がっこう", "한국", "йога", "أحمد", "άγιος", "3½"]
    index = write_index(None, tmp_path / "index", ("a", "2024-10-01T02:00", None, " ".join(words)))
    for word in words:
        assert search_articles(index, word) == ["a"], word


def test_words_end_where_no_letter_digit_or_underscore_follows() -> None:
    text = "“Café—Rapat” ke-2: a_b, 3½ km², ‘Ma’ruf’… 東京/Ñandú\u00a0x\u2028y"
    bare = "“Cafe—Rapat” ke-2: a_b, 3½ km², ‘Ma’ruf’… 東京/Nandu\u00a0x\u2028y".lower()
    assert stems(text) == [stem for word in re.findall(r"\w+", bare) for stem in stems(word)]
    assert len(stems(text)) == 13


def test_a_snippet_shows_the_words_around_the_first_match() -> None:
    text = "awal " * 40 + "petugas membagikan amplop " + "akhir " * 40
    assert snippet(text, "pembagian").startswith("… ") and "petugas membagikan amplop" in snippet(
        text, "pembagian"
    )
    assert snippet("", "x") == ""
    assert snippet("Satu kalimat saja.", "lain") == "Satu kalimat saja"
