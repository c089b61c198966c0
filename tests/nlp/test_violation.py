from __future__ import annotations

import pytest

from nlp.acts import load_acts
from nlp.reading import Reading, read_document
from nlp.records import Document
from nlp.violation import pair_features, type_words, without_acts


def _reading(text: str, title: str = "") -> Reading:
    return read_document(Document("x", text, title))


def test_type_words_come_from_title_and_evidence_else_from_the_lead() -> None:
    reading = _reading("Satu alfa. Dua beta. Tiga gama. Empat delta.", "Judul omega")
    chosen = type_words(reading, [3])
    assert {"w:omega", "w:delta"} <= set(chosen)
    assert "w:beta" not in chosen
    lead = type_words(reading, [])
    assert {"w:omega", "w:gama"} <= set(lead)
    assert "w:delta" not in lead


def test_type_words_hold_pieces_of_words_but_nothing_of_the_rules() -> None:
    features = type_words(_reading("Tim sukses membagikan amplop berisi uang."), [0])
    assert any(name.startswith("c:") for name in features)
    assert all(name.startswith(("w:", "c:")) for name in features)


def test_an_act_speaks_for_its_type_in_the_evidence() -> None:
    reading = _reading("Tim sukses membagikan amplop berisi uang kepada pemilih.")
    pairs = pair_features(reading, [0], {}, {})
    assert "v:e top" in pairs["politik_uang.uang"]
    assert pairs["politik_uang.uang"]["v:all"] > 0


def test_without_acts_only_words_and_actors_speak() -> None:
    reading = _reading("Tim sukses membagikan amplop berisi uang kepada pemilih.")
    known = pair_features(reading, [0], {"peserta.timses": 0.9}, {"politik_uang.uang": 0.8})[
        "politik_uang.uang"
    ]
    left = without_acts(known)
    assert {"v:text", "v:actor"} <= set(left)
    assert not any(
        name.startswith(("v:e", "v:l ", "v:all", "v:share")) or name.endswith("+e") for name in left
    )


def test_the_words_alone_are_enough_for_a_type_to_be_judged() -> None:
    pairs = pair_features(_reading("Kejadian itu diproses."), [0], {}, {"lain.survei": 0.6})
    assert "lain.survei" in pairs
    assert "lain.prokes" not in pairs


def test_forms_are_known_in_other_words_too() -> None:
    read = _reading("Camat menyuruh bawahannya hadir. Lurah memaku spanduk di pagar.")
    first, second = read.sentences
    assert "form:asn.kerahkan_asn" in first.cues
    assert "form:asn.pasang_apk" in second.cues


def test_a_sum_in_figures_is_money() -> None:
    reading = _reading("Anggota PPK itu menerima Rp15 juta dari perantara seorang caleg.")
    assert reading.sentences[0].acts["kode_etik.integritas"] == 2


def test_a_civil_servant_who_gives_his_card_forges_no_support() -> None:
    gives = _reading("Seorang PNS menyerahkan surat dukungan bagi calon perseorangan.")
    named = _reading("Nama seorang PNS dicatut dalam surat dukungan calon perseorangan.")
    assert gives.sentences[0].acts["pencalonan.dukungan"] == 1
    assert named.sentences[0].acts["pencalonan.dukungan"] == 3


def test_the_hour_of_an_act_is_no_blow() -> None:
    hour = _reading("Rapat itu digelar pukul 19.30 Wita. Pintu dibuka pukul 20.00.")
    blow = _reading("Simpatisan memukul pengawas desa. Warga pukul petugas KPPS.")
    assert all("kekerasan.fisik" not in sentence.acts for sentence in hour.sentences)
    assert all(sentence.acts["kekerasan.fisik"] == 2 for sentence in blow.sentences)


def test_money_asked_for_a_nomination_is_a_dowry_without_that_word() -> None:
    acts = _reading("Ketua DPC partai itu meminta Rp300 juta agar ia diusung.").sentences[0].acts
    assert acts["politik_uang.mahar"] == 2
    dues = _reading("Ketua DPC partai itu menyetor iuran Rp300 juta.").sentences[0].acts
    assert dues["politik_uang.mahar"] == 1


def test_what_is_done_too_early_is_no_campaign_out_of_time_by_that_alone() -> None:
    box = _reading("KPPS membuka kotak suara sebelum waktunya.").sentences[0].acts
    rally = _reading("Ia berkampanye di lapangan sebelum waktunya.").sentences[0].acts
    assert "kampanye.luar_jadwal" not in box
    assert rally["kampanye.luar_jadwal"] == 2


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Warga gampong menerima uang Rp50 ribu dari caleg.", "netralitas.kades"),
        ("Di Lembang, caleg membagikan sembako kepada warga.", "netralitas.kades"),
        ("Paslon itu diduga langgar aturan kampanye.", "kampanye.tempat_terlarang"),
        ("Panggung hiburan itu digelar tanpa izin tertulis pemilik rumah.", "wewenang.mutasi"),
        ("Tim paslon nomor urut satu membagikan Rp100 ribu kepada warga.", "politik_uang.mahar"),
        ("Berkas itu diserahkan secara berjenjang kepada Bawaslu RI.", "politik_uang.tsm"),
        ("KPPS melayani pemilih di TPS 4 sejak pagi.", "pungut_hitung.prosedur_tps"),
        ("Camat menekankan kepada kepala desa agar tidak ikut berkampanye.", "kekerasan.intimidasi"),
        ("Ketua Kadin menghadiri deklarasi dukungan.", "netralitas.asn"),
    ],
)
def test_words_of_daily_work_are_no_acts(sentence: str, kind: str) -> None:
    assert _reading(sentence).sentences[0].acts.get(kind, 0) < 2


@pytest.mark.parametrize(
    ("text", "title", "may_be"),
    [
        ("Kepala desa memasang baliho calon bupati.", "", False),
        ("Kepala desa memasang baliho calon bupati.", "Baliho Calon Dirusak Kades", True),
        ("Dua pria merobek baliho calon bupati.", "", True),
        ("Lurah mencopot spanduk pasangan calon.", "", True),
        ("Pengepul mengambil tujuh baliho calon bupati.", "", True),
        ("Tiang baliho calon itu dibacok hingga putus.", "", True),
    ],
)
def test_nothing_was_destroyed_where_no_word_says_so(text: str, title: str, may_be: bool) -> None:
    pairs = pair_features(_reading(text, title), [0], {}, {"apk.perusakan": 0.9})
    assert ("apk.perusakan" in pairs) == may_be


def test_an_article_without_a_case_may_be_about_any_type() -> None:
    reading = _reading("Bawaslu mengimbau warga menjaga baliho calon.")
    assert "apk.perusakan" in pair_features(reading, [], {}, {"apk.perusakan": 0.9})


@pytest.mark.parametrize(
    ("types", "categories", "left"),
    [
        (("politik_uang.uang", "netralitas.kades"), ("peserta.timses",), ("politik_uang.uang",)),
        (
            ("politik_uang.uang", "netralitas.kades"),
            ("desa.perangkat",),
            ("politik_uang.uang", "netralitas.kades"),
        ),
        (("politik_uang.uang", "netralitas.kades"), (), ("politik_uang.uang", "netralitas.kades")),
        (("netralitas.tni",), ("warga",), ("netralitas.tni",)),
    ],
)
def test_types_chosen_by_who_acted_need_somebody_of_that_office(
    types: tuple[str, ...], categories: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert load_acts().fit(types, categories) == left
