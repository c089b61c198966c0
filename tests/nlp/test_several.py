"""Texts with several cases: what is cut where, and what the whole model makes of them."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from nlp import corpus
from nlp.accuse import Strangers, Suspicion
from nlp.accused import find_cast
from nlp.corpus import CORPUS, CorpusError, load_corpus, parse_article, split_articles
from nlp.examples import load_more
from nlp.model import load_model
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document, Extraction
from nlp.several import MOST, Portions, beginnings
from nlp.several_score import score_several
from nlp.turns import Acts
from tests.nlp.tagged import read_tags

TITLE = "Bawaslu Misal Tangani Dua Laporan Politik Uang dan Netralitas"
TAGGED = (
    "Dua laporan masuk ke <org>Bawaslu Kabupaten Misal</org> pekan ini.\n\n"
    '<per>Rudi Hartanto</per>, caleg DPRD, diduga membagikan amplop berisi uang kepada warga di <loc code="32.05.01">'
    "Kecamatan Garut Kota</loc>. <per>Rudi</per> membantah.\n\n"
    "<role>Camat Wanaraja</role> <per>Siti Aminah</per> dilaporkan karena mengajak stafnya memilih pasangan nomor 2 di "
    '<loc code="32.05.09">Kecamatan Wanaraja</loc>. Ia sudah dimintai keterangan.\n\n'
    "Kedua laporan itu diregistrasi. <per>Rudi</per> belum dipanggil."
)


def _acts(title: str = TITLE, *, tagged: str = TAGGED, told: tuple[int, ...] = (1, 3)) -> Acts:
    text, mentions = read_tags(tagged)
    reading = read_document(Document("x", text, title), mentions)
    cast = find_cast(reading, read_officials(text, mentions)[0])
    chances = [0.9 if person.name in ("Rudi Hartanto", "Siti Aminah") else 0.0 for person in cast.persons]
    asserted = [0.9 if at in told else 0.0 for at in range(len(reading.sentences))]
    return Acts(reading, asserted, cast, Suspicion(chances, {}, dict.fromkeys(cast.posts, 0.0)))


def test_the_second_act_is_seen_as_one_of_other_persons_at_another_place() -> None:
    acts = _acts()
    assert acts.places == [1, 3]
    ((at, features),) = acts.turns()
    assert at == 3
    assert (
        features["m:both named"] == features["m:new"] == features["m:apart"] == features["m:several"] == 1.0
    )
    assert "m:same paragraph" not in features
    assert "m:same person" not in features


def test_a_case_begins_where_the_model_is_sure_enough_and_the_first_act_always_begins_one() -> None:
    acts = _acts()
    assert beginnings(acts, {3: 0.6}, 0.5) == [1, 3]
    assert beginnings(acts, {3: 0.4}, 0.5) == [1]


def test_each_case_keeps_its_own_sentences_and_those_of_all() -> None:
    parts = Portions(_acts(), [1, 3])
    assert parts.spans == [range(1, 3), range(3, 7)]
    # "Rudi belum dipanggil" stands behind the second case but is of the first
    assert parts.sentences == [[0, 1, 2, 5, 6], [0, 3, 4, 5]]
    assert parts.strangers(0).names == {"Siti Aminah"}
    assert parts.strangers(1).names == {"Rudi Hartanto"}
    assert "pemda.camat" in parts.strangers(0).posts
    assert "pemda.camat" not in parts.strangers(1).posts


def test_the_act_that_begins_a_case_is_its_own_even_where_it_names_the_accused_of_another() -> None:
    assert 6 in Portions(_acts(), [1, 6]).sentences[1]


def test_what_is_cut_keeps_its_offsets_and_names_nobody_of_the_other_case() -> None:
    acts = _acts()
    part, asserted, own = Portions(acts, [1, 3]).cut(1)
    whole = acts.reading.document.text
    assert len(part.document.text) == len(whole)
    assert all(whole[s.start : s.end] == s.text for s in part.sentences)
    assert "Rudi" not in part.document.text
    assert {m.text for m in part.mentions if m.label == "per"} == {"Siti Aminah"}
    assert asserted[own[0]] == 0.9
    assert part.document.title == TITLE  # it speaks of two reports


def test_a_title_that_tells_only_of_the_other_case_is_left_out() -> None:
    for title in ("Rudi Bagi Amplop", "Dua Laporan Ditangani, Rudi Divonis"):
        parts = Portions(_acts(title), [1, 3])
        assert parts.cut(0)[0].document.title == title
        assert parts.cut(1)[0].document.title is None


ONE_LINE = TAGGED.replace("\n\n", " ")


def test_without_line_breaks_a_case_begins_with_its_act_not_behind_the_act_before() -> None:
    parts = Portions(_acts(tagged=ONE_LINE), [1, 3])
    assert parts.spans == [range(3), range(3, 7)]


@pytest.mark.parametrize(
    ("end", "cases"),
    [
        ("Laporan pertama naik ke penyidikan.", [0]),
        ("Laporan kedua naik ke penyidikan.", [1]),
        ("Camat itu membantah.", [1]),
        ("Ketua Bawaslu menutup rapat. Ia pulang.", [1]),
        ("Laporan pertama naik ke penyidikan. Ia ditahan.", [0]),
        ("Kedua laporan itu dihentikan.", [0, 1]),
        ("Rudi dan Siti Aminah membantah.", [0, 1]),
        ("Tersangka pertama masih buron.", [1]),
    ],
)
def test_what_follows_is_of_the_case_that_it_calls(end: str, cases: list[int]) -> None:
    tagged = TAGGED.replace("Kedua laporan itu diregistrasi. <per>Rudi</per> belum dipanggil.", end)
    tagged = tagged.replace("Rudi dan Siti Aminah m", "<per>Rudi</per> dan <per>Siti Aminah</per> m")
    parts = Portions(_acts(tagged=tagged), [1, 3])
    last = len(parts.acts.reading.sentences) - 1
    assert [n for n, told in enumerate(parts.sentences) if last in told] == cases


def test_one_accused_in_two_cases_is_accused_in_both() -> None:
    tagged = TAGGED.replace(
        "<role>Camat Wanaraja</role> <per>Siti Aminah</per> dilaporkan", "<per>Rudi</per> dilaporkan"
    )
    parts = Portions(_acts(tagged=tagged), [1, 3])
    assert parts.accused == [{"Rudi Hartanto"}, {"Rudi Hartanto"}]
    assert parts.sentences[1][:3] == [0, 3, 4]
    assert not parts.strangers(1).names


def test_a_lead_that_names_the_accused_of_one_case_is_of_that_case() -> None:
    tagged = TAGGED.replace(
        "Dua laporan masuk", "Caleg <per>Rudi Hartanto</per> dan yang lain dibahas"
    ).replace("<per>Rudi Hartanto</per>, caleg DPRD,", "<per>Rudi</per>")
    parts = Portions(_acts(tagged=tagged), [1, 3])
    assert 0 in parts.sentences[0]
    assert 0 not in parts.sentences[1]


def test_who_is_accused_elsewhere_is_suspected_of_nothing_here() -> None:
    acts = _acts()
    cleared = Portions(acts, [1, 3]).strangers(1).cleared(acts.cast, acts.suspicion)
    by_name = dict(zip([person.name for person in acts.cast.persons], cleared.persons, strict=True))
    assert by_name["Rudi Hartanto"] == 0.0
    assert by_name["Siti Aminah"] == 0.9
    assert Strangers(frozenset({"Rudi Hartanto"})).have("Rudi")
    assert not Strangers(frozenset({"Rudi Hartanto"})).have("Rudi Salam")
    assert not Strangers(frozenset({"Rudi Hartanto"})).have(None)


def test_the_next_number_begins_a_case_however_sure_the_model_is() -> None:
    tagged = TAGGED.replace(
        "<per>Rudi Hartanto</per>, caleg", "Laporan pertama menyebut <per>Rudi Hartanto</per>, caleg"
    )
    tagged = tagged.replace("<role>Camat", "Adapun laporan kedua menyebut <role>Camat")
    assert beginnings(_acts(tagged=tagged), {}, 0.5) == [1, 3]
    assert beginnings(_acts(tagged=tagged.replace("laporan kedua", "laporan ketiga")), {}, 0.5) == [1]


TEST_DKPP = (
    "JAYAPURA – DKPP memeriksa dua perkara yang berbeda dengan Teradu Yohanes Wanggai dan Teradu Marthen Yoku, Selasa "
    "(12/11/2024).\n\n"
    "Perkara pertama menyangkut Yohanes Wanggai, Ketua KPU Kabupaten Teluk Misal. Ia diduga menerima uang Rp20 juta "
    "dari seorang calon bupati.\n\n"
    "Perkara kedua menyangkut Marthen Yoku, anggota Bawaslu Kabupaten Bukit Misal. Ia diduga ikut rapat tim "
    "pemenangan pasangan calon nomor urut 2.\n\n"
    "Kedua perkara itu akan diputus pekan depan."
)


def test_a_lead_that_names_the_accused_of_two_cases_accuses_neither_in_the_others() -> None:
    found = _read(TEST_DKPP, "DKPP Periksa Dua Perkara Penyelenggara")
    assert len(found.cases) == 2
    named = [{one.name for one in case.terlapor} for case in found.cases]
    assert "Marthen Yoku" not in named[0]
    assert not {"Yohanes Wanggai", "Yohanes", "Wanggai"} & named[1]


def test_a_lead_that_sums_up_begins_no_case() -> None:
    tagged = TAGGED.replace(
        "Dua laporan masuk", "<per>Rudi Hartanto</per> dan <per>Siti Aminah</per> dilaporkan dan dibahas"
    )
    acts = _acts(tagged=tagged, told=(0, 1, 3))
    assert acts.places == [0, 1, 3]
    assert beginnings(acts, {3: 0.9}, 0.5) == [1, 3]
    assert beginnings(acts, {1: 0.9, 3: 0.9}, 0.5) == [1, 3]
    assert beginnings(acts, {}, 0.5) == [0]


def test_a_list_of_too_many_acts_is_one_case() -> None:
    text = "\n\n".join(f"Warga {n} merusak baliho." for n in range(MOST + 1))
    reading = read_document(Document("x", text))
    acts = Acts(reading, [0.9] * len(reading.sentences), find_cast(reading, ()), Suspicion([], {}, {}))
    acts.suspicion.lone.update(dict.fromkeys(acts.cast.posts, 0.0))
    assert beginnings(acts, dict.fromkeys(acts.places, 0.9), 0.5) == [0]


@pytest.mark.parametrize("mark", ["2. ", "2) ", "b. ", "- ", "• "])
def test_an_item_of_a_list_turns_to_another_case(mark: str) -> None:
    tagged = TAGGED.replace("<role>Camat", f"{mark}<role>Camat")
    acts = _acts(tagged=tagged, told=(1, 4 if mark == "2. " else 3))
    ((_, features),) = acts.turns()
    assert features["m:turn"] == 1.0


LIST = (
    "GARUT – Tiga laporan dugaan pelanggaran pemilihan ditangani Bawaslu Kabupaten Garut pekan ini.\n\n"
    "Laporan pertama menyangkut Rudi Hartanto, calon anggota DPRD, yang diduga membagikan amplop berisi uang "
    "Rp50 ribu kepada warga di Kecamatan Cibatu, Minggu (3/11/2024).\n\n"
    "Laporan kedua, Camat Wanaraja Siti Aminah diduga mengajak stafnya memilih pasangan calon nomor urut 2 saat "
    "apel, Senin (4/11/2024).\n\n"
    "Adapun laporan ketiga menyebut orang tidak dikenal merusak sembilan baliho pasangan calon nomor urut 1 di "
    "Kecamatan Malangbong, Selasa (5/11/2024).\n\n"
    "Ketiga laporan itu telah diregistrasi, kata Ketua Bawaslu Garut, Ahmad Maulana."
)
ONE = (
    "GARUT – Bawaslu Kabupaten Garut memeriksa Kepala Desa Randu Sewu, Rudi Hartanto, dan bendaharanya, Siti "
    "Aminah, Senin (4/11/2024).\n\n"
    "Rudi diduga membagikan amplop berisi uang Rp50 ribu kepada warga desanya di Kecamatan Cibatu agar memilih "
    "pasangan calon nomor urut 2, Minggu (3/11/2024). Siti menghitung dan memasukkan uang itu ke amplop.\n\n"
    "Keduanya membantah. Laporan itu diregistrasi Sabtu lalu, kata Ketua Bawaslu Garut, Ahmad Maulana."
)


def _read(text: str, title: str) -> Extraction:
    return load_model().extract(Document("x", text, title))


def test_a_list_of_reports_gives_a_case_each_with_its_own_accused() -> None:
    found = _read(LIST, "Bawaslu Garut Tangani Tiga Laporan Dugaan Pelanggaran")
    assert [case.id for case in found.cases] == ["x#1", "x#2", "x#3"]
    money, office, posters = found.cases
    assert money.types == ("politik_uang.uang",)
    assert [one.name for one in money.terlapor] == ["Rudi Hartanto"]
    assert "netralitas.asn" in office.types
    assert [one.name for one in office.terlapor] == ["Siti Aminah"]
    assert posters.types == ("apk.perusakan",)
    assert [one.name for one in posters.terlapor] == [None]
    assert {case.stage for case in found.cases} == {"registrasi"}
    assert set(found.types) == {name for case in found.cases for name in case.types}
    assert all(LIST[proof.start : proof.end] == proof.text for case in found.cases for proof in case.evidence)
    assert len({case.evidence[0].start for case in found.cases}) == 3


def test_the_first_of_several_cases_does_not_take_the_day_and_place_of_another() -> None:
    text = LIST.replace(" di Kecamatan Cibatu, Minggu (3/11/2024)", "")
    money, office, posters = _read(text, "Bawaslu Garut Tangani Tiga Laporan Dugaan Pelanggaran").cases
    assert (office.event_date, posters.event_date) == ("2024-11-04", "2024-11-05")
    assert money.event_date not in (office.event_date, posters.event_date)
    assert money.place not in (office.place, posters.place)


def test_one_act_of_two_persons_stays_one_case() -> None:
    found = _read(ONE, "Kades Randu Sewu dan Bendaharanya Diperiksa karena Bagi Uang")
    assert len(found.cases) == 1
    assert {one.name for one in found.cases[0].terlapor} >= {"Rudi Hartanto"}


def test_the_annotated_texts_say_which_sentence_asserts_which_case() -> None:
    told = [row for row in load_more() if row.parts]
    held = load_corpus(CORPUS / "several" / "test", check=False)
    assert not {row.id for row in told} & {row.id for row in held}
    assert not corpus.test_ids() & {row.id for row in (*told, *held)}
    for row in (*told, *held):
        numbers = {span.case for span in row.spans if span.label == "ev"}
        assert numbers == set(range(1, len(row.parts) + 1)), row.id
        assert set(row.types) == {name for part in row.parts for name in part.types}


def _article(header: str) -> str:
    body = '<ev case="1">Baliho dirusak.</ev> <ev case="2">Warga ditegur.</ev>'
    return f"=== x-1\ntitle: Judul\nkind: pelanggaran\n{header}\n---\n{body}\n"


def test_the_header_of_several_cases_is_read() -> None:
    ((doc_id, header, body),) = split_articles(
        _article(
            "case1: apk.perusakan | registrasi |\n"
            "case2: politik_uang.uang | klarifikasi | A, kades, lama, desa.kepala; -, B, warga"
        )
    )
    row = parse_article(doc_id, header, body)
    assert row.types == ("apk.perusakan", "politik_uang.uang")
    assert row.stage == "registrasi"
    assert [(one.name, one.role, one.category) for one in row.parts[1].terlapor] == [
        ("A", "kades, lama", "desa.kepala"),
        ("-", "B", "warga"),
    ]
    assert [span.case for span in row.spans] == [1, 2]
    assert "parts" not in row.as_gold()


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("case1: apk.perusakan", "types | stage | terlapor"),
        ("case2: apk.perusakan | registrasi |", "case2 instead of case1"),
        ("case1: apk.perusakan | registrasi |", "evidence is of the cases"),
        ("stage: registrasi\ncase1: a | b |\ncase2: a | b |", "stage beside case1"),
    ],
)
def test_a_faulty_header_of_several_cases_is_named(header: str, fault: str) -> None:
    ((doc_id, header_, body),) = split_articles(_article(header))
    with pytest.raises(CorpusError, match=re.escape(fault)):
        parse_article(doc_id, header_, body)


def test_the_score_counts_what_was_told_apart() -> None:
    ((doc_id, header, body),) = split_articles(
        "=== x-1\ntitle: Judul\nkind: pelanggaran\ncase1: apk.perusakan | registrasi |\n"
        "case2: politik_uang.uang | klarifikasi | A, kades, desa.kepala\n---\n"
        '<ev case="1">Baliho dirusak.</ev>\n\n<ev case="2">A membagikan uang.</ev>\n'
    )
    doc = asdict(parse_article(doc_id, header, body))
    second = {
        "types": ("politik_uang.uang",), "stage": "registrasi",
        "evidence": ({"start": doc["text"].index("A membagikan")},),
        "terlapor": ({"name": "A", "category": "desa.kepala"},),
    }  # fmt: skip
    first = {**second, "types": ("apk.perusakan",), "terlapor": (), "evidence": ({"start": 0},)}
    right = score_several([doc], {"x-1": {"cases": [first, second]}})
    assert right["several told apart"] == "1/1"
    assert right["cases told"]["f1"] == right["types of cases"]["f1"] == right["terlapor name"]["f1"] == 1.0
    assert right["stage accuracy"] == 0.5
    alone = score_several([doc], {"x-1": {"cases": [second]}})
    assert alone["cases told"]["f1"] == pytest.approx(2 / 3, abs=1e-3)
    assert alone["terlapor name"]["f1"] == 1.0
    merged = score_several(
        [doc], {"x-1": {"cases": [{**second, "types": ("politik_uang.uang", "apk.perusakan")}]}}
    )
    assert merged["several told apart"] == "0/1"
    assert merged["cases told"]["r"] == 0.5
    assert merged["types of cases"]["f1"] == 0.5
