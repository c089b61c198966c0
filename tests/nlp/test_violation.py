from __future__ import annotations

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
