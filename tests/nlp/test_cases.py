from __future__ import annotations

import pytest

from nlp.accused import Actor, Place
from nlp.cases import assemble_case
from nlp.cues import words_of
from nlp.handling import Handling
from nlp.reading import read_document
from nlp.records import Case, Document, Mention

TEXT = (
    "Dua relawan membagikan amplop kepada warga, Senin (25/11/2024). Laporan nomor 012/LP/PB/Kab/13.22/XI/2024 telah "
    "diregistrasi. Keduanya membantah. Bawaslu akan memanggil saksi pekan depan."
)


def _case(
    text: str = TEXT, *, outcome: str = "belum", stage: str = "registrasi", actor: Actor | None = None
) -> Case:
    reading = read_document(Document("d", text), [Mention("date", 43, 62, text[43:62], iso="2024-11-25")])
    return assemble_case(
        reading,
        [0],
        ("politik_uang.uang",),
        (),
        [actor or Actor(None, "relawan", "peserta.relawan", [Place(0, 1, 2, 1, 2)])],
        Handling(stage, {"pidana": outcome}, "laporan"),
        0.9,
    )


def test_a_case_holds_its_evidence_with_offsets_its_number_and_the_denial() -> None:
    case = _case()
    assert case.id == "d#1"
    assert TEXT[case.evidence[0].start : case.evidence[0].end] == case.evidence[0].text
    assert case.reg_no == "012/LP/PB/Kab/13.22/XI/2024"
    assert case.denial


def test_unnamed_accused_are_counted_by_the_word_before_them() -> None:
    assert _case().terlapor[0].n == 2
    several = _case("Sejumlah relawan membagikan amplop kepada warga di kota, Senin (25/11/2024).")
    assert several.terlapor[0].n is None


@pytest.mark.parametrize(
    ("said", "n"),
    [
        ("Rabu (27/11/2024) | relawan", 1),
        ("Pada 26 Oktober 2024 | relawan", 1),
        ("Rabu (23/10/2024), | relawan", 1),
        ("Video berdurasi 40 detik memperlihatkan | relawan", 1),
        ("Membawa 200 amplop, | relawan", 1),
        ("Pukul 10.40 WIB | relawan", 1),
        ("Pukul 10.40 | relawan", 1),
        ("Di RT 3 | relawan", 1),
        ("Di TPS 03 | relawan", 1),
        ("Paslon nomor urut dua, | relawan", 1),
        ("Nomor urut dua | relawan", 1),
        ("Dihukum enam bulan, | relawan", 1),
        ("Ada tiga kasus yang melibatkan | relawan", 1),
        ("Bawaslu memeriksa 17 | relawan", 17),
        ("Sebanyak 1.200 | relawan", 1200),
        ("Lima (5) orang | relawan", 5),
        ("Dua belas oknum | relawan", 12),
        ("Dua puluh | relawan", 20),
        ("Ketiganya merupakan | relawan", 3),
        ("Dua orang pria yang diduga | relawan", 2),
        ("Satu di antaranya | relawan", 1),
        ("Polisi menangkap para | relawan", None),
        ("Sejumlah orang yang diduga | relawan", None),
        ("Malam itu | sekelompok massa", None),
        ("Malam itu | ratusan warga", None),
        ("Malam itu | massa", None),
    ],
)
def test_a_number_counts_only_those_right_behind_it(said: str, n: int | None) -> None:
    before, who = said.split("|")
    first, size = len(words_of(before)), len(who.split())
    actor = Actor(None, who.strip(), "peserta.relawan", [Place(0, first, first + size, first, first + size)])
    assert (
        _case(f"{before}{who.strip()} membagikan amplop kepada warga di kota.", actor=actor).terlapor[0].n
        == n
    )


def test_a_number_inside_a_place_counts_nobody() -> None:
    text = "Di SD Contoh 2 relawan membagikan amplop."
    reading = read_document(Document("d", text), [Mention("loc", 3, 14, text[3:14])])
    actor = Actor(None, "relawan", "peserta.relawan", [Place(0, 4, 5, 4, 5)])
    handling = Handling("registrasi", {"pidana": "belum"}, "laporan")
    assert assemble_case(reading, [0], (), (), [actor], handling, 0.9).terlapor[0].n == 1


def test_figures_of_other_sentences_count_nobody() -> None:
    text = "Pantarlih itu tidak mencoklit. Sebanyak 62 pantarlih bertugas di sana."
    actor = Actor(None, "pantarlih", "kpu.pantarlih", [Place(0, 0, 1, 0, 1), Place(1, 2, 3, 2, 3)])
    assert _case(text, actor=actor).terlapor[0].n == 1


def test_the_number_of_a_report_is_not_that_of_the_accused() -> None:
    text = "Laporan ketiga menyebut relawan membagikan amplop kepada warga di kota."
    lone = Actor(None, "relawan", "peserta.relawan", [Place(0, 3, 4, 3, 4)])
    assert _case(text, actor=lone).terlapor[0].n == 1
    both = Actor(None, "relawan", "peserta.relawan", [Place(0, 2, 3, 2, 3)])
    assert (
        _case("Dugaan kedua relawan membagikan amplop kepada warga di kota.", actor=both).terlapor[0].n == 2
    )
    joint = Actor(None, "relawan", "peserta.relawan", [Place(0, 1, 2, 1, 2)])
    assert _case("Ketiga relawan membagikan amplop kepada warga di kota.", actor=joint).terlapor[0].n == 3


def test_a_plan_is_announced_not_done_and_ends_with_the_case() -> None:
    plan = _case(
        "Dua relawan membagikan amplop kepada warga, ia akan dimintai klarifikasi besok."
    ).next_announced
    assert plan is not None
    assert plan.startswith("dimintai klarifikasi")
    assert _case(stage="tidak_diregistrasi").next_announced is None


def test_a_sanction_stands_only_in_a_case_that_was_proven() -> None:
    text = "Dua relawan divonis pidana penjara tiga bulan karena membagikan amplop, Senin (25/11/2024)."
    assert (
        _case(text, outcome="terbukti", stage="putusan_sanksi").sanction
        == "pidana penjara tiga bulan karena membagikan amplop"
    )
    assert _case(text, outcome="tidak_terbukti", stage="putusan_sanksi").sanction is None


def test_a_sanction_ends_with_a_word_and_keeps_its_sums() -> None:
    fine = "pidana penjara dua bulan dengan percobaan empat bulan dan denda Rp3.000.000 subsider satu bulan kurungan"
    told = f"Dua relawan dijatuhi {fine}, Senin (25/11/2024)."
    assert _case(told, outcome="terbukti", stage="putusan_sanksi").sanction == f"dijatuhi {fine}"
    endless = f"Dua relawan dijatuhi {fine} dan " + "kewajiban " * 40
    cut = _case(f"{endless}.", outcome="terbukti", stage="putusan_sanksi").sanction
    assert cut and len(cut) < 200 and cut.endswith(" kewajiban")


def _reporter(text: str, *names: str) -> str | None:
    mentions = [Mention("per", at, at + len(name), name) for name in names if (at := text.find(name)) >= 0]
    reading = read_document(Document("d", text), mentions)
    accused = [Actor("Yenita Marpaung", "camat", "pemda.camat", [])]
    return assemble_case(
        reading, [0], (), (), accused, Handling("registrasi", {"pidana": "belum"}, "laporan"), 0.9
    ).reporter


def test_the_accused_never_reported_the_case() -> None:
    assert _reporter("Foto dari pelapor memperlihatkan Yenita di panggung.", "Yenita") is None
    assert _reporter("Pelapor, Hasbi Nurdin, menyerahkan foto Yenita.", "Hasbi Nurdin") == "Hasbi Nurdin"


def test_an_unnamed_accused_is_called_as_in_the_evidence() -> None:
    text = "Tim salah satu pasangan calon menerima uang. Sebelumnya bendahara tim hadir."
    reading = read_document(Document("d", text))
    post = Actor(None, "bendahara tim", "peserta.timses", [Place(1, 1, 3, 1, 3), Place(0, 0, 1, 0, 1)])
    case = assemble_case(
        reading, [0], (), (), [post], Handling("registrasi", {"pidana": "belum"}, "laporan"), 0.9
    )
    assert case.terlapor[0].role == "Tim"


def test_an_unnamed_accused_is_not_called_by_whom_he_mobilised() -> None:
    text = "Ia meminta para bidan memenangkan calon itu. Kepala puskesmas itu belum diperiksa."
    reading = read_document(Document("d", text))
    post = Actor(None, "kepala puskesmas", "asn.pns", [Place(0, 3, 4, 3, 4), Place(1, 0, 2, 0, 2)])
    case = assemble_case(
        reading, [0], (), (), [post], Handling("registrasi", {"pidana": "belum"}, "laporan"), 0.9
    )
    assert case.terlapor[0].role == "kepala puskesmas"


FOUR_VILLAGES = ("33.05.12.2028", "33.05.14.2011")


@pytest.mark.parametrize(
    ("codes", "place"),
    [
        (FOUR_VILLAGES, "33.05"),
        (FOUR_VILLAGES[:1], "33.05.12.2028"),
        (("33.05.12.2001", "33.05.12"), "33.05.12"),
        (("33.05.12.2028", "32.05.12.2028"), None),
        (("33.05", "33.71"), "33"),
    ],
)
def test_a_case_lies_where_all_that_its_place_may_mean_lie(codes: tuple[str, ...], place: str | None) -> None:
    text = "Kepala desa di Desa Contoh mengajak warga memilih calon."
    mention = Mention("loc", 15, 26, text[15:26], code=codes[0], codes=codes)
    reading = read_document(Document("d", text), [mention])
    handling = Handling("registrasi", {"pidana": "belum"}, "laporan")
    assert assemble_case(reading, [0], (), (), [], handling, 0.9).place == place
