from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from nlp.ner import MAX_PIECE, ModelError, Recogniser, cut, load_recogniser, repeated
from nlp.records import Mention


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser()


def found(recogniser: Recogniser, text: str) -> set[tuple[str, str]]:
    (mentions,) = recogniser.recognise([text])
    assert all(text[m.start : m.end] == m.text for m in mentions)
    return {(m.label, m.text) for m in mentions}


def test_recognise_finds_all_labels_and_places_inside_offices(recogniser: Recogniser) -> None:
    text = (
        "Ketua Bawaslu Kabupaten Garut, Asep Rekaan, SH, mengatakan hal itu melanggar Pasal 71 ayat (1) UU "
        "Nomor 10 Tahun 2016, Rabu (16/10/2024). Polres Garut memeriksa saksi di Kecamatan Cibatu."
    )
    assert {
        ("role", "Ketua Bawaslu Kabupaten Garut"),
        ("loc", "Garut"),
        ("per", "Asep Rekaan"),
        ("law", "Pasal 71 ayat (1) UU Nomor 10 Tahun 2016"),
        ("date", "Rabu (16/10/2024)"),
        ("org", "Polres Garut"),
        ("loc", "Kecamatan Cibatu"),
    } <= found(recogniser, text)


def test_recognise_reads_each_text_on_its_own(recogniser: Recogniser) -> None:
    texts = ["", "Camat Cibatu, Budi Santoso, hadir.", "\n \n", "Kapolres Garut AKBP Asep Suryana hadir."]
    alone = [recogniser.recognise([text])[0] for text in texts]
    assert recogniser.recognise(texts) == alone
    assert alone[0] == alone[2] == ()
    assert alone[1]


def test_recognise_gives_offsets_of_the_whole_text(recogniser: Recogniser) -> None:
    text = "Rapat dibuka.\n\nKetua KPU Garut, Budi Santoso, hadir.\n\nKetua KPU Garut, Budi Santoso, pulang."
    (mentions,) = recogniser.recognise([text])
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    assert [m.start for m in mentions if m.text == "Budi Santoso"] == [
        text.index("Budi"),
        text.rindex("Budi"),
    ]


def test_recognise_multiplies_on_one_thread(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = recogniser._pipeline
    threads: list[int] = []
    pipe = pipeline.pipe

    def watched(*args: object, **options: object) -> object:
        threads.extend(one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")
        return pipe(*args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(pipeline, "pipe", watched)
    recogniser.recognise(["Camat Cibatu, Budi Santoso, hadir."])
    assert threads
    assert set(threads) == {1}


def test_repeated_knows_a_name_again() -> None:
    mentions = [Mention("per", 0, 12, "Asep Fiktif"), Mention("org", 30, 42, "Yayasan Asep")]
    text = "Asep Fiktif pulang. Adapun di Yayasan Asep, kata Fiktif dan Asep, FIKTIF, tak ada Fiktif-fiktif."
    assert [(m.start, m.text) for m in repeated(text, mentions)] == [
        (text.index("kata Fiktif") + 5, "Fiktif")
    ]


def test_recognise_takes_a_text_of_twenty_thousand_words(recogniser: Recogniser) -> None:
    text = "warga melapor ke Bawaslu Kabupaten Garut tentang hal itu dan " * 2_000
    (mentions,) = recogniser.recognise([text])
    assert len(text.split()) >= 20_000
    assert sum(m.text == "Bawaslu Kabupaten Garut" for m in mentions) > 1_900


@pytest.mark.parametrize("text", ["x" * 5_000, "ab " * 3_000, "Satu. " * 2_000, "a\n" * 10, "Dr. " * 900])
def test_cut_covers_all_text_in_bounded_pieces(text: str) -> None:
    pieces = list(cut(text))
    assert all(0 < end - start <= MAX_PIECE for start, end in pieces)
    assert pieces == sorted(pieces)
    covered = "".join(text[start:end] for start, end in pieces)
    assert "".join(covered.split()) == "".join(text.split())


@settings(max_examples=40, deadline=None)
@given(
    text=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "Jum`at (26/7/2024)",
                    "BUPATI GARUT",
                    "Undang -undang",
                    "Kompol 1 Made",
                    "\u00a0",
                    ".Warga",
                    "(",
                    ")",
                ]
            ),
            st.text(max_size=12),
        ),
        max_size=12,
    ).map(" ".join)
)
def test_recognise_never_fails_and_never_gives_outer_blanks(recogniser: Recogniser, text: str) -> None:
    (mentions,) = recogniser.recognise([text])
    for mention in mentions:
        assert isinstance(mention, Mention)
        assert text[mention.start : mention.end] == mention.text == mention.text.strip() != ""


def test_load_recogniser_names_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no readable NER model in .*wartawas train"):
        load_recogniser(tmp_path)


def test_shipped_model_is_small_and_has_a_card() -> None:
    from nlp.ner import MODEL

    size = sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file())
    assert size <= 40_000_000
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("Data", "Licence", "Scores", "Limits"))


def test_cut_leaves_out_runs_of_marks() -> None:
    line = "-" * 60  # a line that parts a page is read, as ever
    text = f"Budi hadir.{'.' * 5000} Siti hadir {line} juga.{'_(' * 3000}\n{',' * 200_000}\nSelesai"
    pieces = [text[start:end].strip() for start, end in cut(text)]
    assert pieces == ["Budi hadir", f"Siti hadir {line} juga", "Selesai"]


def test_recognise_reads_a_text_of_marks_at_once(recogniser: Recogniser) -> None:
    began = time.process_time()
    for mark in ',"([-_/%':
        recogniser.recognise([mark * 100_000])
    assert time.process_time() - began < 20
