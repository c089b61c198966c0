from __future__ import annotations

import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nlp
from nlp.model import _NOT_FOR_READING, Model, _version, load_model, model_version
from nlp.records import Document, Extraction
from nlp.roles import DATA, load_roles

PUBLISHED = datetime.fromisoformat("2024-10-17T09:30:00+07:00")
TEXT = (
    "PRINGSEWU – Panwaslu Kecamatan Adiluwih menggelar sosialisasi netralitas ASN di aula "
    "PGRI di Kecamatan Adiluwih, "
    "Kabupaten Pringsewu, Rabu (16/10/2024).\n\n"
    "Acara dihadiri Camat Adiluwih, Kapolsek Adiluwih, dan para kepala pekon.\n\n"
    "Ketua Panwaslu Kecamatan Adiluwih, Budi Contohnya, S.Pd, mengatakan ASN harus netral "
    "dalam Pilkada 2024.\n\n"
    '"Jangan berpihak," tegas Budi.\n\n'
    "Penjabat Bupati Pringsewu, Siti Misalnya, mengingatkan Pasal 71 ayat (1) UU Nomor 10 Tahun 2016."
)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module")
def found(model: Model) -> Extraction:
    return model.extract(
        Document("satu", TEXT, title="Panwaslu Adiluwih Sosialisasi Netralitas ASN", published=PUBLISHED)
    )


def test_extract_reads_the_whole_of_an_event_report(found: Extraction) -> None:
    assert (found.id, found.kind, found.cases) == ("satu", "pencegahan", ())
    assert (found.event.date, found.event.place) == ("2024-10-16", "18.10.07")
    offices = {
        o.name: (o.status_prefix, o.role, o.institution, o.category, o.capacity) for o in found.officials
    }
    assert offices == {
        "Budi Contohnya": (None, "Ketua", "Panwaslu Kecamatan Adiluwih", "bawaslu.panwascam", "narasumber"),
        "Siti Misalnya": ("Pj", "Bupati", "Kabupaten Pringsewu", "pemda.pj", "narasumber"),
    }
    assert found.roles_present == ("Camat Adiluwih", "Kapolsek Adiluwih")
    assert [ref.text for ref in found.legal_refs] == ["Pasal 71 ayat (1) UU Nomor 10 Tahun 2016"]


def test_extract_points_into_the_text(found: Extraction) -> None:
    assert all(TEXT[m.start : m.end] == m.text for m in found.mentions)
    assert all(TEXT[o.start : o.end] == o.name for o in found.officials)
    starts = [m.start for m in found.mentions]
    assert starts == sorted(starts)


def test_extract_gives_places_a_function_and_dates_a_value(found: Extraction) -> None:
    places = {(m.text, m.code, m.function) for m in found.mentions if m.label == "loc"}
    assert ("PRINGSEWU", "18.10", "dateline") in places
    assert ("Kecamatan Adiluwih", "18.10.07", "event") in places
    assert [m.iso for m in found.mentions if m.label == "date"] == ["2024-10-16"]


def test_extract_many_keeps_the_order_and_needs_no_list(model: Model) -> None:
    docs = (Document(str(i), TEXT if i % 2 else "Harga cabai naik di pasar.") for i in range(7))
    read = list(model.extract_many(docs, batch=3))
    assert [one.id for one in read] == [str(i) for i in range(7)]
    assert read[1].officials and not read[0].officials
    assert {one.model_version for one in read} == {model.version}


def test_extract_of_the_package_reads_one_text() -> None:
    read = nlp.extract(TEXT, PUBLISHED, "pringsewu.example", id="dua")
    assert (read.id, read.event.date) == ("dua", "2024-10-16")


@pytest.mark.parametrize(
    ("text", "published", "said"),
    [
        (None, None, "text is NoneType"),
        (b"Berita", None, "text is bytes"),
        ("Berita.", PUBLISHED.date(), "published is date"),
        ("Berita.", "2024-11-27", "published is str .value '2024-11-27'"),
    ],
)
def test_extract_says_what_it_was_given_instead(text: Any, published: Any, said: str) -> None:
    with pytest.raises(TypeError, match=f"^{said}.* was expected"):
        nlp.extract(text, published)


def test_a_case_stands_at_the_event_that_was_chosen(model: Model) -> None:
    text = (
        "PRINGSEWU – Bawaslu Kabupaten Pringsewu meregistrasi laporan dugaan politik uang. "
        "Seorang perangkat desa diduga membagikan "
        "amplop berisi uang kepada warga di Kecamatan Adiluwih, Rabu (16/10/2024).\n\n"
        '"Laporan sudah kami terima dan diregistrasi," ujar Ketua Bawaslu Pringsewu, Budi '
        "Contohnya, Senin (21/10/2024)."
    )
    published = datetime.fromisoformat("2024-10-22T09:00+07:00")
    read = model.extract(
        Document("k", text, title="Perangkat Desa Diduga Bagikan Amplop", published=published)
    )
    assert read.kind == "pelanggaran"
    assert [(case.event_date, case.place) for case in read.cases[:1]] == [(read.event.date, read.event.place)]
    assert read.event.date == "2024-10-16"
    assert (read.event.place or "").startswith("18.10")


def test_an_unnamed_accused_takes_the_name_of_nobody_who_was_cleared(model: Model) -> None:
    text = (
        "SRAGEN - Foto yang memperlihatkan seorang guru ASN mengacungkan satu jari di samping baliho calon beredar "
        "di Kecamatan Gemolong. Kepala dinas menyerahkan penanganannya kepada Bawaslu.\n\nKetua Bawaslu Sragen, Budi "
        "Misalnya, mengatakan pihaknya menelusuri identitas guru itu, Kamis (17/10/2024). Warganet sempat menyebut "
        "nama Endah Contohnya, guru SD setempat. Namun Budi menegaskan Endah bukan orang dalam foto itu."
    )
    (case,) = model.extract(Document("foto", text, "Foto Guru Acungkan Satu Jari Ditelusuri Bawaslu")).cases
    assert [(accused.name, accused.category) for accused in case.terlapor] == [(None, "asn.guru")]


def test_capacities_are_those_of_the_data_file(found: Extraction) -> None:
    assert {o.capacity for o in found.officials} <= set(load_roles().file.meta.capacity_values)


def test_version_follows_the_files_that_reading_depends_on(model: Model, tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"1")
    first = _version([tmp_path])
    assert first == _version([tmp_path])
    (tmp_path / "weights.bin").write_bytes(b"2")
    assert len({first, _version([tmp_path]), model.version}) == 3
    assert len(first) == 12


def test_version_does_not_follow_files_that_no_reading_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(DATA / "taxonomy", tmp_path / "taxonomy")
    monkeypatch.setattr("nlp.model.DATA", tmp_path)
    first = model_version()
    for name in _NOT_FOR_READING:
        (tmp_path / "taxonomy" / name).write_text("# another name of an office\n", encoding="utf-8")
    assert model_version() == first
    (tmp_path / "taxonomy" / "calendar.toml").write_text("# another day\n", encoding="utf-8")
    assert model_version() != first


def test_load_model_reads_a_folder_and_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    with pytest.raises(RuntimeError, match="wartawas train"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n ",
        "\x00\x1b[31m\u202e",
        "The council met on Monday to discuss the budget of the school.",
        "Panitia Pilkades nyieun rapat jeung warga di balé désa, Salasa isuk-isuk.",
        "KETUA BAWASLU AGAM, BUDI CONTOH, MENGATAKAN ASN HARUS NETRAL.WARGA SETUJU.",
        "Ketua\u00a0Panwaslu\u00a0Adiluwih,\u00a0Budi Contoh , S.Pd ,SE,Jum`at(26/7/2024)hadir.",
        "Ketua " * 3000,
        "()[]{}\"'“”" * 200,
    ],
    ids=["empty", "blank", "control", "english", "sundanese", "capitals", "glued", "repeated", "marks"],
)
def test_extract_reads_anything_without_failing(model: Model, text: str) -> None:
    assert isinstance(model.extract(Document("x", text)), Extraction)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                "Ketua Bawaslu",
                "Agam",
                ",",
                "Budi Contoh",
                "S.H.",
                "AKP",
                "(16/10/2024)",
                "Rabu",
                "di",
                "Kecamatan",
                "\n",
                '"',
                ".",
                "dihadiri",
                "Camat",
                "dan",
                "Pj",
                "1 Made",
                "é",
                "\u202e",
                "Desa",
                "diduga",
                "UU 7/2017",
                "kata",
                "Polres",
                "-",
            ]
        ),
        max_size=60,
    )
)
def test_extract_never_fails_on_shuffled_words(model: Model, words: list[str]) -> None:
    text = " ".join(words)
    read = model.extract(Document("x", text))
    assert all(text[m.start : m.end] == m.text for m in read.mentions)
    json.dumps(read.as_dict())


def test_time_grows_with_the_length_of_the_text(model: Model) -> None:
    def seconds(times: int) -> float:
        document = Document("x", "\n\n".join([TEXT] * times), published=PUBLISHED)
        begin = time.process_time()
        model.extract(document)
        return time.process_time() - begin

    seconds(2)
    assert seconds(200) < 25 * max(seconds(20), 0.1)


# ------------------------------------------------------------------ the five real articles, kept outside
def seeds() -> list[tuple[Document, dict[str, Any]]]:
    folder = os.environ.get("WARTAWAS_GOLD")
    if not folder:
        pytest.skip("WARTAWAS_GOLD is not set: the reference articles are not in the repository")
    from nlp.seeds import load_seeds

    return load_seeds(Path(folder) / "seeds")


def test_seeds_give_every_official_with_category_rank_and_institution(model: Model) -> None:
    keys = ("name", "role", "institution", "category", "status_prefix", "rank", "capacity")
    for document, gold in seeds():
        said = {o.name: o for o in model.extract(document).officials}
        for official in gold["officials"]:
            assert official["name"] in said, document.id
            got = {key: getattr(said[official["name"]], key) for key in keys}
            assert got == {key: official[key] for key in keys}, document.id
        assert len(said) == len(gold["officials"]), document.id


def test_seeds_give_every_event_and_attendance_list(model: Model) -> None:
    for document, gold in seeds():
        read = model.extract(document)
        assert (read.event.date, read.event.place) == (gold["event"]["date"], gold["event"]["place"]), (
            document.id
        )
        assert list(read.roles_present) == gold["roles_present"], document.id
