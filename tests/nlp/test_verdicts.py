from __future__ import annotations

import pytest

from nlp.accused import Actor, find_cast
from nlp.reading import read_document
from nlp.records import Document, Mention
from nlp.verdicts import (
    fit_tracks,
    read_named,
    read_verdicts,
    settle_outcome,
    settle_stop,
    spare_acquitted,
)

NAMES = ("Bakri Lahai", "Siti Nuraini", "DT")


def _verdicts(text: str) -> tuple[set[str], set[str]]:
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    return read_verdicts(reading, find_cast(reading, ()))


@pytest.mark.parametrize(
    ("text", "freed", "punished"),
    [
        ("Hakim memvonis Bakri Lahai tiga bulan penjara.", set(), {"Bakri Lahai"}),
        ("Hakim menjatuhkan hukuman percobaan kepada Bakri Lahai.", set(), {"Bakri Lahai"}),
        ("Bakri Lahai dan Siti Nuraini divonis tiga bulan.", set(), {"Bakri Lahai", "Siti Nuraini"}),
        ("Rekannya, DT, diputus bebas karena terbukti hanya mengantar.", {"DT"}, set()),
        ("Hakim membebaskan Siti Nuraini dari dakwaan.", {"Siti Nuraini"}, set()),
        (
            "Hakim menjatuhkan vonis tiga tahun penjara dan denda Rp200 juta kepada Bakri Lahai.",
            set(),
            {"Bakri Lahai"},
        ),
        ("Hakim tinggi membatalkan putusan PN yang sebelumnya menghukum Bakri Lahai.", set(), set()),
        ("Pada tingkat pertama, hakim menyatakan Bakri Lahai terbukti bersalah.", set(), set()),
        ("Majelis menyatakan Siti Nuraini tidak terbukti bersalah.", {"Siti Nuraini"}, set()),
        ("Bakri Lahai divonis dua bulan, sedangkan DT dibebaskan.", {"DT"}, {"Bakri Lahai"}),
        ("Bakri Lahai belum divonis.", set(), set()),
        ("Pada pilkada 2020 Bakri Lahai divonis dua bulan.", set(), set()),
        ("Bakri Lahai menonton sidang itu.", set(), set()),
        ("Hakim memvonis bebas Kepala Desa Toro, Bakri Lahai, Rabu.", {"Bakri Lahai"}, set()),
        (
            "Hakim memvonis bebas Kepala Desa Toro, Bakri Lahai, dan Kepala Desa Sidondo, Siti Nuraini, Rabu.",
            {"Bakri Lahai", "Siti Nuraini"},
            set(),
        ),
        (
            "Pengadilan memutus lepas dari segala tuntutan hukum Lurah Toro, Bakri Lahai.",
            {"Bakri Lahai"},
            set(),
        ),
        ("Hakim menjatuhkan vonis bebas kepada Siti Nuraini.", {"Siti Nuraini"}, set()),
        ("DKPP merehabilitasi nama baik Siti Nuraini.", {"Siti Nuraini"}, set()),
        ("Hakim memvonis bersalah Bakri Lahai dan memvonis bebas DT.", {"DT"}, {"Bakri Lahai"}),
        ("Pengadilan tinggi membatalkan vonis bebas Bakri Lahai.", set(), set()),
        ("Pengacara meminta hakim membebaskan Bakri Lahai.", set(), set()),
        ("Bakri Lahai dibebaskan dari jabatannya.", set(), set()),
        ("Bakri Lahai dinyatakan bebas bersyarat.", set(), set()),
        ("Bakri Lahai mengaku tidak bersalah.", set(), set()),
        ("Jaksa menganggap Bakri Lahai terbukti melanggar pasal itu.", set(), set()),
        ("Kuasa hukum Bakri Lahai menolak berkomentar.", set(), set()),
        ("Pengadilan tinggi membatalkan putusan yang menghukum Bakri Lahai.", set(), set()),
        ("Bakri Lahai sempat divonis dua bulan.", set(), set()),
        ("Hakim sependapat dengan jaksa, Bakri Lahai terbukti melanggar pasal itu.", set(), {"Bakri Lahai"}),
    ],
)
def test_a_verdict_concerns_the_person_beside_it(text: str, freed: set[str], punished: set[str]) -> None:
    assert _verdicts(text) == (freed, punished)


def _accused(*names: str) -> list[Actor]:
    return [Actor(name, None, "warga") for name in names]


def test_who_was_acquitted_leaves_a_case_that_was_proven() -> None:
    left, outcome = spare_acquitted(_accused("A B", "DT"), {"pidana": "terbukti"}, {"DT"}, {"A B"})
    assert [actor.name for actor in left] == ["A B"]
    assert outcome == {"pidana": "terbukti"}


def test_where_all_accused_were_acquitted_nothing_was_proven() -> None:
    left, outcome = spare_acquitted(_accused("DT"), {"pidana": "terbukti"}, {"DT"}, set())
    assert [actor.name for actor in left] == ["DT"]
    assert outcome == {"pidana": "tidak_terbukti"}


def test_who_was_convicted_on_another_track_stays() -> None:
    left, _ = spare_acquitted(_accused("DT"), {"kode_etik": "terbukti"}, {"DT"}, {"DT"})
    assert [actor.name for actor in left] == ["DT"]


@pytest.mark.parametrize(
    ("title", "text", "said", "settled"),
    [
        ("Kuasa Hukum Kades Toro Puas", "Hakim memutus bebas kades itu.", "terbukti", "tidak_terbukti"),
        ("PN Poso Vonis Bebas Dua Kades", "Putusan dibacakan Kamis.", "terbukti", "tidak_terbukti"),
        ("", "Majelis hakim memutus bebas caleg itu.", "belum", "tidak_terbukti"),
        ("", "Hakim membebaskan camat itu dari dakwaan.", "terbukti", "tidak_terbukti"),
        ("", "Camat itu divonis bebas. Jaksa menganggapnya terbukti bersalah.", "terbukti", "tidak_terbukti"),
        ("", "Hakim memvonis bersalah camat itu.", "terbukti", "terbukti"),
        (
            "Sempat Divonis, Guru Itu Bebas di Tingkat Banding",
            "PT membatalkan putusan PN yang menghukum guru itu. Hakim tinggi membebaskan terdakwa dari dakwaan.",
            "terbukti",
            "tidak_terbukti",
        ),
        ("", "Dua kades divonis dua bulan, sedangkan seorang lagi divonis bebas.", "terbukti", "terbukti"),
        (
            "",
            "Kades itu divonis bebas, tetapi pengadilan tinggi menghukum kades itu.",
            "terbukti",
            "terbukti",
        ),
        ("", "Terpidana itu dinyatakan bebas bersyarat.", "terbukti", "terbukti"),
        ("", "Pengacara meminta hakim menjatuhkan putusan bebas.", "belum", "belum"),
        ("", "Camat itu tetap berpegang pada asas praduga tak bersalah.", "belum", "belum"),
        ("Kurang Bukti, Kasus Itu Dihentikan", "Unsurnya belum terbukti.", "terbukti", "dihentikan"),
        ("", "Dugaan itu belum terbukti.", "terbukti", "belum"),
        (
            "",
            "Pidananya tidak terbukti, tetapi kades itu terbukti melanggar UU Desa.",
            "terbukti",
            "terbukti",
        ),
    ],
)
def test_an_outcome_is_what_the_words_of_the_text_bear(
    title: str, text: str, said: str, settled: str
) -> None:
    cast = find_cast(read_document(Document("x", text, title)), ())
    assert settle_outcome(cast, (), {"pidana": said}) == {"pidana": settled}


def test_a_tribunal_of_ethics_closes_its_own_track() -> None:
    reading = read_document(Document("x", "DKPP merehabilitasi nama baik ketua KPU itu."))
    said = {"kode_etik": "belum", "pidana": "belum"}
    assert settle_outcome(find_cast(reading, ()), (), said) == {
        "kode_etik": "tidak_terbukti",
        "pidana": "belum",
    }


def test_the_acquittal_of_somebody_else_leaves_the_track_of_the_accused_open() -> None:
    text = "JT ditetapkan sebagai tersangka. Hakim sudah membebaskan DT dari dakwaan."
    mentions = [Mention("per", at, at + 2, name) for name in ("JT", "DT") if (at := text.find(name)) >= 0]
    cast = find_cast(read_document(Document("x", text), mentions), ())
    assert settle_outcome(cast, _accused("JT"), {"pidana": "belum"}) == {"pidana": "belum"}
    assert settle_outcome(cast, _accused("DT"), {"pidana": "belum"}) == {"pidana": "tidak_terbukti"}


def test_who_was_cleared_has_no_open_track() -> None:
    cast = find_cast(read_document(Document("x", "Kasus itu sudah dibahas.")), ())
    assert settle_outcome(cast, (), {"pidana": "belum"}, cleared=True) == {"pidana": "tidak_terbukti"}
    assert settle_outcome(cast, (), {"pidana": "belum"}) == {"pidana": "belum"}


@pytest.mark.parametrize(
    ("text", "stage", "outcome", "settled"),
    [
        ("Polisi menghentikan penyidikan kasus itu.", "penyidikan", {"pidana": "belum"}, "dihentikan"),
        ("Polisi belum menghentikan penyidikan kasus itu.", "penyidikan", {"pidana": "belum"}, "penyidikan"),
        ("Penyidikan dihentikan.", "diteruskan", {"pidana": "belum"}, "diteruskan"),
        (
            "Penyidikan kasus itu dihentikan.",
            "klarifikasi",
            {"pidana": "belum", "hukum_lainnya": "belum"},
            "klarifikasi",
        ),
    ],
)
def test_a_case_whose_only_track_was_stopped_has_ended(
    text: str, stage: str, outcome: dict[str, str], settled: str
) -> None:
    found, ends = settle_stop(read_document(Document("x", text)), stage, outcome)
    assert found == settled
    assert ("dihentikan" in ends.values()) is (settled == "dihentikan")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Bawaslu tidak menemukan pelanggaran dalam acara camat itu.", "tidak_terbukti"),
        ("Tim paslon menilai tidak ada pelanggaran, sedangkan Bawaslu memeriksa camat itu.", "belum"),
        ("Bawaslu belum menyatakan acara itu bukan pelanggaran.", "belum"),
    ],
)
def test_a_case_in_which_an_authority_found_nothing_has_ended(text: str, outcome: str) -> None:
    _, ends = settle_stop(read_document(Document("x", text)), "klarifikasi", {"pidana": "belum"})
    assert ends == {"pidana": outcome}


def test_candidates_are_judged_by_the_rules_of_the_election_not_by_other_laws() -> None:
    said = {"pidana": "dihentikan", "hukum_lainnya": "terbukti"}
    side, camat = Actor("A B", None, "peserta.paslon"), Actor("C D", None, "pemda.camat")
    assert fit_tracks(said, ["apk.penempatan"], [side]) == {
        "pidana": "dihentikan",
        "administrasi": "terbukti",
    }
    assert fit_tracks(said, ["apk.penempatan"], [side, camat]) == said
    assert fit_tracks(said, ["netralitas.asn"], [side]) == said


def test_the_parties_accused_are_named_behind_their_title() -> None:
    text = "Para teradu adalah Bakri Lahai dan Siti Nuraini. Saksi perkara itu adalah DT."
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == {"Bakri Lahai", "Siti Nuraini"}


def test_suspects_of_a_case_are_named_behind_it() -> None:
    text = (
        "Polisi menetapkan dua tersangka kasus uang, yakni Bakri Lahai (41) dan Siti Nuraini (29). DT hadir."
    )
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == {"Bakri Lahai", "Siti Nuraini"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bakri Lahai menjadi tersangka dugaan pemindahan suara.", {"Bakri Lahai"}),
        ("Bakri Lahai (41) ditetapkan sebagai tersangka.", {"Bakri Lahai"}),
        ("Bakri Lahai belum ditetapkan sebagai tersangka.", set()),
        ("Bakri Lahai mengatakan suaminya menjadi tersangka.", set()),
    ],
)
def test_who_has_become_a_suspect_is_accused(text: str, named: set[str]) -> None:
    mentions = [Mention("per", 0, len("Bakri Lahai"), "Bakri Lahai")]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Yang dilaporkan warga adalah Bakri Lahai.", {"Bakri Lahai"}),
        ("Pelakunya ialah Bakri Lahai dan Siti Nuraini.", {"Bakri Lahai", "Siti Nuraini"}),
        (
            "Dua kades dilaporkan. Keduanya adalah Bakri Lahai dan Siti Nuraini.",
            {"Bakri Lahai", "Siti Nuraini"},
        ),
        ("Dua saksi diperiksa. Keduanya adalah Bakri Lahai dan Siti Nuraini.", set()),
        ("Yang melaporkan adalah Bakri Lahai.", set()),
    ],
)
def test_a_sentence_that_says_who_it_was_names_the_accused(text: str, named: set[str]) -> None:
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == named


def test_the_parties_accused_are_named_by_number() -> None:
    text = "DKPP menegur Bakri Lahai (Teradu I) dan Teradu II, Siti Nuraini. Pengadu I, DT, hadir."
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == {"Bakri Lahai", "Siti Nuraini"}


@pytest.mark.parametrize(
    "text",
    [
        "Pengacara Teradu I, Siti Nuraini, membantah.",
        "Istri Teradu I, Siti Nuraini, hadir.",
        "Selain Teradu I, Siti Nuraini juga dimintai keterangan.",
        "Menurut saksi ahli Siti Nuraini, Teradu I melanggar kode etik.",
        "Di hadapan anggota majelis Siti Nuraini, Teradu I mengaku.",
    ],
)
def test_who_stands_beside_a_numbered_party_is_none(text: str) -> None:
    mentions = [Mention("per", text.index("Siti"), text.index("Siti") + len("Siti Nuraini"), "Siti Nuraini")]
    reading = read_document(Document("x", text), mentions)
    assert read_named(reading, find_cast(reading, ())) == set()


def test_whoever_tells_of_another_is_not_convicted() -> None:
    text = "Menurut Bakri Lahai, seorang pengawas TPS dijatuhi hukuman penjara 3 bulan."
    mentions = [Mention("per", 8, 8 + len("Bakri Lahai"), "Bakri Lahai")]
    reading = read_document(Document("x", text), mentions)
    assert read_verdicts(reading, find_cast(reading, ())) == (set(), set())
