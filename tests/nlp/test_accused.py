from __future__ import annotations

from pathlib import Path

import pytest

from nlp.accuse import is_foreign, likeliest_accused, without_reporters
from nlp.accused import candidates_of, find_cast, gap_between, nearest, role_as
from nlp.accusing import actor_features, beside_features
from nlp.bystanders import is_finder
from nlp.limits import Limits
from nlp.reading import read_document
from nlp.records import Document
from nlp.taxonomy import TaxonomyError
from nlp.wordlists import load_actors
from tests.nlp.tagged import cast_of, read_tags


def test_everybody_named_and_every_post_is_in_thecast_of() -> None:
    cast = cast_of(
        "<role>Kepala Desa Rawa Indah</role>, <per>Samsul Huda</per>, ditegur. Seorang relawan ikut diperiksa."
    )
    assert [(actor.name, actor.category) for actor in cast.persons] == [("Samsul Huda", "desa.kepala")]
    assert {"desa.kepala", "peserta.relawan"} <= set(cast.posts)


def test_kin_and_pensioners_of_an_office_are_citizens() -> None:
    cast = cast_of("Istri kepala desa itu, <per>Nur Aini</per>, membagikan beras.")
    assert "warga" in cast.posts
    assert "desa.kepala" not in cast.posts


@pytest.mark.parametrize(
    "tagged",
    [
        "Warga diperiksa Bawaslu. Penulis: <per>Edo Manurung</per>",
        "Warga diperiksa Bawaslu.\n\n(<per>Edo Manurung</per>)",
        "Wartawan <per>Edo Manurung</per> merekam kejadian itu.",
        "<per>Edo Manurung</per>, jurnalis setempat, merekam kejadian itu.",
    ],
)
def test_the_press_is_no_part_of_thecast_of(tagged: str) -> None:
    assert cast_of(tagged).persons == []


def test_a_person_may_be_accused_as_what_the_text_says_or_as_a_citizen() -> None:
    cast = cast_of("<role>Camat Sukajaya</role>, <per>Dedi Kusnadi</per>, bertemu seorang relawan.")
    candidates = candidates_of(cast.persons[0], cast)
    assert candidates[0] == "pemda.camat"
    assert {"peserta.relawan", "warga"} <= set(candidates)


def test_gaps_count_words_within_a_sentence_only() -> None:
    cast = cast_of("<per>Ali Tono</per> memanggil <per>Budi Raya</per>. <per>Citra Ayu</per> hadir.")
    one, other, third = (actor.places[0] for actor in cast.persons)
    assert gap_between(one, other) == 1
    assert gap_between(other, one) == -2
    assert gap_between(one, third) is None
    assert nearest([one], [third]) is None


def test_a_headline_adds_nothing_of_its_own_to_a_persons_features() -> None:
    tagged = "<role>Camat Sukajaya</role>, <per>Dedi Kusnadi</per>, diduga mengajak warga memilih calon."
    text, mentions = read_tags(tagged)
    plain, named = (
        actor_features(cast.reading, cast.persons[0], cast, [0.9], {0})
        for cast in (
            find_cast(read_document(Document("x", text, title), mentions), ())
            for title in ("Rapat di Kecamatan", "Dedi Kusnadi di Kecamatan")
        )
    )
    assert {name for name in named if name.startswith("a:t ") or "title" in name} == set()
    assert set(plain) <= set(named)


@pytest.mark.parametrize(
    ("tagged", "cast"),
    [
        ("Salah satu anak, <per>Galih Perkasa</per> (9), mengibarkan bendera.", []),
        ("<per>Galih Perkasa</per> (41) membagikan uang.", ["Galih Perkasa"]),
        ("<per>Galih Perkasa</per>, yang berusia sebelas tahun, berjoget.", []),
        ("<per>Galih Perkasa</per>, berusia dua belas tahun, berjoget.", []),
        ("<per>Galih Perkasa</per>, berusia delapan belas tahun, berjoget.", ["Galih Perkasa"]),
        ("<per>Galih Perkasa</per>, berusia 52 tahun, berjoget.", ["Galih Perkasa"]),
        ("Seorang bocah bernama <per>Galih Perkasa</per> berjoget.", []),
        ("Seorang siswi SMP, <per>Galih Perkasa</per>, berorasi.", []),
        ("Seorang pelajar SMA, <per>Galih Perkasa</per> (18), mencoblos dua kali.", ["Galih Perkasa"]),
        ("Guru siswa SD, <per>Galih Perkasa</per>, mengajak memilih.", ["Galih Perkasa"]),
        ("Anak bupati, <per>Galih Perkasa</per>, membagikan uang.", ["Galih Perkasa"]),
        ("Calon bupati <per>Galih Perkasa</per> (2) berorasi.", ["Galih Perkasa"]),
    ],
)
def test_a_child_is_never_in_thecast_of(tagged: str, cast: list[str]) -> None:
    assert [actor.name for actor in cast_of(tagged).persons] == cast


def test_unnamed_children_are_not_in_the_cast_but_heirs_of_an_office_are() -> None:
    assert "warga" not in cast_of("Seorang anak dan dua pelajar mengibarkan bendera.").posts
    assert "warga" in cast_of("Anak seorang camat membagikan uang.").posts


def test_whoever_drives_somebody_else_is_not_in_thecast_of() -> None:
    assert "warga" not in cast_of("Mobil desa itu dibawa sopirnya.").posts
    assert "warga" in cast_of("Seorang sopir membagikan amplop.").posts


def test_a_common_word_names_only_the_person_beside_it() -> None:
    cast = cast_of("Pemilih itu pulang. <per>Rudi Tanjung</per> diperiksa.")
    assert role_as(cast.persons[0], cast.posts["warga"], cast.reading) is None
    cast = cast_of("Seorang sopir, <per>Rudi Tanjung</per>, diperiksa.")
    assert role_as(cast.persons[0], cast.posts["warga"], cast.reading) == "sopir"


@pytest.mark.parametrize(
    ("tagged", "left"),
    [
        ("<per>Rudi Tanjung</per> resmi melaporkan camat itu.", []),
        ("<per>Rudi Tanjung</per> melaporkan balik camat itu.", ["Rudi Tanjung"]),
        ("<per>Rudi Tanjung</per> melaporkan dana kampanye.", ["Rudi Tanjung"]),
        ("Camat itu melaporkan <per>Rudi Tanjung</per>.", ["Rudi Tanjung"]),
    ],
)
def test_who_reports_is_not_accused(tagged: str, left: list[str]) -> None:
    cast = cast_of(tagged)
    assert [actor.name for actor in without_reporters(cast, cast.persons)] == left


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("Seorang turis asal Jerman ikut berorasi.", "warga.wna"),
        ("Panitia jalan sehat menyediakan doorprize.", "peserta.timses"),
        ("Tim sebuah bakal pasangan calon mencatut KTP.", "peserta.timses"),
        ("Puluhan warga menghadang rombongan itu.", "massa"),
        ("Pelaku yang belum diketahui merobek baliho.", "otk"),
        ("Analis kebijakan itu ikut rapat tim.", "asn.pns"),
        ("Juru parkir itu menyobek baliho.", "warga"),
        ("Tiga orang bersepeda motor menyobek baliho.", "otk"),
        ("Uang itu dibawa lelaki berhelm yang tidak dikenal.", "otk"),
        ("Panwas memanggil tim pasangan nomor urut 3.", "peserta.timses"),
        ("Seorang pendukung salah satu caleg memukulnya.", "peserta.relawan"),
        ("Guru les asal Australia ikut berorasi.", "warga.wna"),
    ],
)
def test_plain_words_for_people_are_in_thecast_of(sentence: str, category: str) -> None:
    assert category in cast_of(sentence).posts


def test_a_number_of_a_party_is_nobody() -> None:
    assert [one.name for one in cast_of("Sukardi selaku teradu <per>I</per> hadir.").persons] == []
    assert [one.name for one in cast_of("Seorang guru berinisial <per>IV</per> hadir.").persons] == ["IV"]


@pytest.mark.parametrize(
    ("tagged", "words"),
    [
        ("Jaksa sebelumnya menuntut <per>Rudi Tanjung</per> tiga tahun.", (3, 5)),
        ("Kepala desa, <per>Rudi Tanjung</per>, mencopot kepala dusun.", (0, 4)),
        ("Camat baru <per>Rudi Tanjung</per>, ketua panitia, hadir.", (0, 6)),
    ],
)
def test_an_office_parted_by_a_verb_is_not_beside_a_name(tagged: str, words: tuple[int, int]) -> None:
    place = cast_of(tagged).persons[0].places[0]
    assert (place.left, place.right) == words


def test_nobody_holds_the_office_of_who_prosecutes_him_or_whom_he_mobilised() -> None:
    cast = cast_of("Jaksa menuntut <per>Rudi Tanjung</per>. Ia terbukti menggerakkan kepala desa.")
    rudi = cast.persons[0]
    assert is_foreign(cast, rudi, "kejaksaan")
    assert is_foreign(cast, rudi, "desa.kepala")
    cast = cast_of("Kepala desa <per>Rudi Tanjung</per> ditegur.")
    assert not is_foreign(cast, cast.persons[0], "desa.kepala")


def test_whom_the_headline_charges_is_accused_where_nobody_is_surely() -> None:
    cast = cast_of("Bantuan itu dibagikan untuk kampanye seorang caleg.", "Wali Kota Diduga Pakai Bansos")
    lone = {"pemda.wali_kota": 0.1, "peserta.caleg": 0.2}
    assert likeliest_accused(cast, [], lone, Limits()) == (set(), ["pemda.wali_kota"])
    cast = cast_of("Bantuan itu dibagikan untuk kampanye seorang caleg.", "Wali Kota Bicara soal Bansos")
    assert likeliest_accused(cast, [], lone, Limits()) == (set(), ["peserta.caleg"])


def test_a_category_that_roles_do_not_know_is_named(tmp_path: Path) -> None:
    (tmp_path / "actors.toml").write_text('"warga.antah" = ["siapa saja"]\n', encoding="utf-8")
    with pytest.raises(TaxonomyError, match=r"warga\.antah"):
        load_actors(tmp_path)


def test_what_the_words_say_of_a_category_is_a_feature_of_its_post() -> None:
    cast = cast_of("Seorang relawan dan seorang camat diperiksa.")
    said = {"peserta.relawan": 0.9, "pemda.camat": 0.1}
    likely = beside_features(cast.posts["peserta.relawan"], cast, [], said)
    other = beside_features(cast.posts["pemda.camat"], cast, [], said)
    assert likely["a:text"] > other["a:text"]
    assert (likely["a:text top"], other["a:text top"]) == (1.0, 0.0)


def test_an_office_spoken_to_is_not_held_by_who_speaks() -> None:
    cast = cast_of(
        "Kepada <role>penyidik</role>, <per>FZ</per> mengaku. Menurut <role>camat</role>, <per>Budi Raya</per>, benar."
    )
    assert [actor.places[0].left for actor in cast.persons] == [2, 1]


def test_an_office_behind_a_quotation_is_that_of_whoever_speaks() -> None:
    cast = cast_of(
        '"Sekarang terlapornya <per>FR</per>," kata <role>anggota Bawaslu</role> <per>Sukri Pallawa</per>.'
    )
    words = [word.text for word in cast.reading.sentences[0].words]
    assert [words[p.places[0].left : p.places[0].right] for p in cast.persons] == [
        ["fr"],
        ["anggota", "bawaslu", "sukri", "pallawa"],
    ]


def test_the_numbers_of_the_parties_are_nobodys_names() -> None:
    cast = cast_of("Teradu <per>I</per>, <per>II</per>, <per>III</per> dan <per>V</per> direhabilitasi.")
    assert cast.persons == []


def test_a_place_read_into_a_name_leaves_the_office_to_him() -> None:
    cast = cast_of(
        "<role>Bupati</role> <per>Muara Contoh Budi Fiktif Rao</per> dilaporkan di <loc>Muara Contoh</loc>."
    )
    assert [(actor.name, actor.category) for actor in cast.persons] == [("Budi Fiktif Rao", "pemda.bupati")]


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("Mandor kebun itu mengunci gerbang.", "perusahaan"),
        ("Sopir ambulans itu ikut konvoi.", "nonasn.honorer"),
        ("Dua kepala lingkungan membagikan beras.", "nonasn.rt_rw"),
        ("Operator dinas kependudukan mencetak KTP.", "disdukcapil"),
        ("Staf sekretariat Panwaslu meminta uang.", "bawaslu.sekretariat"),
    ],
)
def test_workers_are_told_from_their_bodies(sentence: str, category: str) -> None:
    assert set(cast_of(sentence).posts) == {category}


@pytest.mark.parametrize("alias", ["<per>Gondes</per>", "Gondes", '"Gondes"'])
def test_a_person_and_his_alias_are_one(alias: str) -> None:
    cast = cast_of(f"<per>Rustam Halim</per> alias {alias} merobek baliho. Gondes lari.")
    assert [person.name for person in cast.persons] == ["Rustam Halim alias Gondes"]


@pytest.mark.parametrize(
    ("tagged", "category"),
    [
        ("<role>Kepala Bagian Umum</role>, <per>Rustam Halim</per>, diperiksa.", "pemda.kepala_dinas"),
        ("<role>Kabid Sarana Dinas Pasar</role>, <per>Rustam Halim</per>, diperiksa.", "pemda.kepala_dinas"),
        ("<role>Kasubag Umum</role>, <per>Rustam Halim</per>, diperiksa.", "asn.pns"),
        ("<role>Sekretaris Dinas Pasar</role>, <per>Rustam Halim</per>, diperiksa.", "pemda.kepala_dinas"),
        ("<role>Kepala UPT Pasar</role>, <per>Rustam Halim</per>, diperiksa.", "pemda.staf"),
        ("<role>staf Dinas Pasar</role>, <per>Rustam Halim</per>, diperiksa.", "asn.pns"),
        ("<role>staf kelurahan</role>, <per>Rustam Halim</per>, diperiksa.", "pemda.staf"),
    ],
)
def test_civil_servants_are_what_the_list_says(tagged: str, category: str) -> None:
    cast = cast_of(tagged)
    assert category in (cast.persons[0].category, *cast.posts)
    assert cast.persons[0].category in (None, category)


@pytest.mark.parametrize(
    ("code", "category"), [("34.02", "desa.kepala"), ("34.71", "pemda.lurah"), ("32.71", "pemda.lurah")]
)
def test_a_lurah_of_yogyakartas_regencies_heads_a_village(code: str, category: str) -> None:
    place = f'<loc code="{code}">Sari</loc>, <loc code="{code[:2]}">provinsi itu</loc>'
    cast = cast_of(f"Lurah itu dipanggil Bawaslu. Ia memimpin warga di {place}.")
    assert category in cast.posts
    assert len(cast.posts.keys() & {"desa.kepala", "pemda.lurah"}) == 1


@pytest.mark.parametrize(
    ("role", "category"),
    [
        ("Saksi salah satu pasangan calon", "peserta.timses"),
        ("Direktur perusahaan air minum", "nonasn.bumn"),
        ("Kawil Dusun Batu Toro", "desa.dusun"),
    ],
)
def test_an_office_named_for_somebody_elses_is_its_own(role: str, category: str) -> None:
    cast = cast_of(f"<role>{role}</role>, <per>Rustam Halim</per>, diperiksa.")
    assert cast.persons[0].category == category


def test_an_office_as_such_is_no_head_of_it() -> None:
    posts = cast_of("Dinas Pertamanan memasang baliho calon.").posts
    assert "pemda" in posts
    assert "pemda.kepala_dinas" not in posts


@pytest.mark.parametrize(
    "tagged",
    [
        "<per>Rudi Tanjung</per>, pedagang di Pasar Toro, melaporkan camat itu.",
        "<per>Rudi Tanjung</per> bersama tiga tetangganya melaporkan camat itu.",
    ],
)
def test_who_reports_after_a_clause_is_not_accused(tagged: str) -> None:
    cast = cast_of(tagged)
    assert without_reporters(cast, cast.persons) == []


def test_the_end_of_a_places_name_is_nobody() -> None:
    cast = cast_of("Kepala Pekon <per>Jaya</per> ditegur. Warga <loc>Tanjung Beringin Jaya</loc> kecewa.")
    assert cast.persons == []
    other = cast_of("Camat <per>Makmur</per> ditegur. Warga <loc>Desa Suka Makmur</loc> kecewa.")
    assert [actor.name for actor in other.persons] == ["Makmur"]


def test_a_place_that_was_read_as_a_name_is_nobody() -> None:
    cast = cast_of(
        "Kepala Jorong <per>Koto Lansa</per>, <per>Syafril</per>, dan staf KIP Kabupaten <per>Krueng</per> hadir."
    )
    assert [actor.name for actor in cast.persons] == ["Syafril"]
    cast = cast_of(
        "Wali Kota <per>Rudi</per>, Sekretaris Kabupaten <per>Ani</per>, dan Kades <per>Budi</per>, lalu bubar."
    )
    assert [actor.name for actor in cast.persons] == ["Rudi", "Ani", "Budi"]


def test_an_office_with_a_name_stays_with_it() -> None:
    place = cast_of("Camat dengan inisial <per>AT</per> ditegur.").persons[0].places[0]
    assert place.left < place.first


@pytest.mark.parametrize("name", ["Dinas Riset Toro", "Harian Opini Toro", "Tim Riset Universitas Toro"])
def test_not_whoever_has_to_do_with_research_polls(name: str) -> None:
    assert cast_of(f"<org>{name}</org> dilaporkan ke <org>Bawaslu Toro</org>.").persons == []


@pytest.mark.parametrize("name", ["Sentra Jajak Timur", "Nusa Polling Center", "Pusat Riset Nalar"])
def test_whoever_polls_by_its_name_is_a_survey_body(name: str) -> None:
    cast = cast_of(f"<org>{name}</org> dilaporkan ke <org>Bawaslu Toro</org>.")
    assert [(actor.name, actor.category) for actor in cast.persons] == [(name, "lembaga_survei")]


def test_an_office_before_bersama_is_not_that_of_the_name_after_it() -> None:
    cast = cast_of("Camat bersama <per>Ali Tono</per> ditegur. <per>Budi Raya</per> selaku lurah hadir.")
    places = {actor.name: actor.places[0] for actor in cast.persons}
    assert places["Ali Tono"].left == places["Ali Tono"].first
    assert places["Budi Raya"].right > places["Budi Raya"].last


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Keduanya mengadukan pencatutan nama mereka oleh partai.", []),
        ("Mereka lalu melaporkan sebuah partai.", []),
        ("Keduanya melaporkan balik pelapornya.", ["Ali Tono", "Budi Raya"]),
        ("Keduanya dilaporkan warga.", ["Ali Tono", "Budi Raya"]),
    ],
)
def test_those_who_report_together_are_not_accused(told: str, left: list[str]) -> None:
    cast = cast_of(f"<per>Ali Tono</per> dan <per>Budi Raya</per> datang ke kantor Bawaslu. {told}")
    assert [actor.name for actor in without_reporters(cast, cast.persons)] == left


def test_a_supervisor_who_only_tells_is_not_accused() -> None:
    cast = cast_of(
        "<role>Ketua Panwaslu Kecamatan Cikande</role>, <per>Ali Tono</per>, dalam sambutannya meminta semua netral. "
        "Menurut <per>Ali</per>, seorang pengawas TPS diberhentikan."
    )
    assert is_finder(cast, cast.persons[0])
    for deed in ("diduga meminta uang", "terbukti mengajak warga memilih", "meminta uang kepada caleg"):
        blamed = cast_of(f"<role>Ketua Panwaslu Kecamatan Cikande</role>, <per>Ali Tono</per>, {deed}.")
        assert not is_finder(blamed, blamed.persons[0])


def test_those_charged_stay_accused_when_they_report_something() -> None:
    cast = cast_of(
        "<per>Ali Tono</per> dan <per>Budi Raya</per> diduga curang. Keduanya melaporkan seorang warga."
    )
    assert len(without_reporters(cast, cast.persons)) == 2
