"""What sentences tell of a case's handling, and the lines that teach it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import corpus
from nlp.corpus import CORPUS, CorpusError, load_corpus, load_later
from nlp.evidence import sentence_features
from nlp.reading import read_document
from nlp.records import Document
from nlp.sentence_notes import Note, load_asserting, load_steps
from nlp.text import sentences
from nlp.told import labels_of, outcome_told, stage_told, told_features

HEAD = "article\tstart\tstage\tstate\ttrack\toutcome\n"


def test_a_done_step_is_a_stage_with_its_tracks_and_outcomes_any_other_only_its_state() -> None:
    assert labels_of("penyidikan", "selesai", ["pidana"], "belum") == {
        "penyidikan",
        "jalur:pidana",
        "pidana=belum",
    }
    assert labels_of("registrasi", "selesai", [], "") == {"registrasi"}
    assert labels_of("penyidikan", "rencana", ["pidana"], "belum") == {"rencana"}


def test_lines_of_steps_are_read_and_an_article_without_steps_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(
        f"{HEAD}x-1\t-1\tregistrasi\tselesai\t\t\nx-1\t40\tklarifikasi\trencana\tpidana\tbelum\nx-2\t\t\t\t\t\n"
    )
    notes = load_steps(tmp_path)
    assert notes["x-1"] == [Note(-1, frozenset({"registrasi"})), Note(40, frozenset({"rencana"}))]
    assert notes["x-2"] == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x-1\t0\tregistrasi\tselesai", "expected 6"),
        ("x-1\t0\tregister\tselesai\t\t", "stage 'register'"),
        ("x-1\t0\tregistrasi\tdone\t\t", "state 'done'"),
        ("x-1\t0\tregistrasi\tselesai\tpidana+etik\t", "track 'etik'"),
        ("x-1\t0\tregistrasi\tselesai\tpidana\tmenang", "outcome 'menang'"),
        ("x-1\tawal\tregistrasi\tselesai\t\t", "awal"),
    ],
)
def test_a_faulty_line_of_steps_is_named(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "a.tsv").write_text(f"{HEAD}x-0\t\t\t\t\t\n{line}\n")
    with pytest.raises(CorpusError, match=f"a.tsv line 3.*{fault}"):
        load_steps(tmp_path)


def test_the_sentences_that_assert_the_act_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(
        "article\tstart\ttells\nx-1\t-1\tsebutan\nx-1\t9\ttindakan\nx-2\t0\trincian\n"
    )
    assert load_asserting(tmp_path) == {"x-1": frozenset({9}), "x-2": frozenset()}
    (tmp_path / "b.tsv").write_text("article\tstart\ttells\nx-1\t9\takibat\n")
    with pytest.raises(CorpusError, match="line 2: tells 'akibat'"):
        load_asserting(tmp_path)


def test_the_steps_of_the_corpus_stand_where_sentences_begin_and_none_is_of_a_test_article() -> None:
    rows = {
        row.id: row for row in [*load_corpus(), *load_later(), *load_corpus(CORPUS / "judge", check=False)]
    }
    steps = {article: {note.start for note in notes} for article, notes in load_steps().items()}
    acts = load_asserting()
    assert len(steps) > 2500
    assert len(acts) > 1000
    for told in (steps, acts):
        assert not corpus.test_ids() & set(told)
        assert set(told) <= set(rows)
        for article, found in told.items():
            assert found <= {-1, *(start for start, _ in sentences(rows[article].text))}, article


def test_a_sentence_knows_its_steps_and_those_of_the_one_before() -> None:
    reading = read_document(
        Document("x", "Laporan itu telah diregistrasi. Ia akan dipanggil.", "Kades Dilaporkan ke Bawaslu")
    )
    title, first, second = told_features(reading, [sentence_features(reading, at) for at in range(2)])
    assert title["s:is title"] == 1.0
    assert "h:kuat:registrasi done" in first
    assert "b:kuat:registrasi done" in second
    assert "h:kuat:registrasi done" not in second


def test_a_stage_told_beats_earlier_ones_and_knows_of_later_ones() -> None:
    told = [{"registrasi": 0.1}, {"registrasi": 0.9, "klarifikasi": 0.3}, {"klarifikasi": 0.8}]
    pairs = stage_told(told)
    assert pairs["klarifikasi"]["z:furthest"] == 1.0
    assert pairs["registrasi"]["z:furthest"] == 0.0
    assert pairs["registrasi"]["z:above"] == 0.8
    assert pairs["registrasi"]["z:beats"] == 1.0
    assert pairs["registrasi"]["z:registrasi<klarifikasi"] == 0.8
    assert pairs["klarifikasi"]["z:where"] == pytest.approx(2 / 3)


def test_a_track_that_ended_speaks_against_its_running_on() -> None:
    told = [{}, {"jalur:pidana": 0.9, "pidana=belum": 0.5}, {"jalur:pidana": 0.7, "pidana=dihentikan": 0.8}]
    pairs = outcome_told(told, [("pidana", "belum"), ("pidana", "dihentikan"), ("kode_etik", "belum")])
    assert pairs["pidana", "belum"]["z:rival"] == 0.8
    assert pairs["pidana", "belum"]["z:beats"] == 0.0
    assert pairs["pidana", "dihentikan"]["z:beats"] == 1.0
    assert pairs["pidana", "dihentikan"]["z:walked"] == 0.9
    assert pairs["kode_etik", "belum"]["z:walked"] == 0.0
