from __future__ import annotations

import pytest
from tagged import read_tags

from nlp.officials import read_officials
from nlp.records import Official

NAMES = {"18.10": "Kabupaten Pringsewu", "18.10.07": "Adiluwih"}


def read(tagged: str) -> tuple[Official, ...]:
    text, mentions = read_tags(tagged)
    return read_officials(text, mentions, naming=NAMES.get)[0]


def offices(tagged: str) -> dict[str, tuple[str | None, str | None]]:
    return {o.name: (o.role, o.institution) for o in read(tagged)}


BAWASLU = '<role>Ketua Bawaslu <loc code="18.10">Pringsewu</loc></role>'
CAMAT = '<role>Camat <loc code="18.10.07">Adiluwih</loc></role>'
CHAIR = ("Ketua", "Bawaslu Kabupaten Pringsewu")
DISTRICT = ("Camat", "Kecamatan Adiluwih")


@pytest.mark.parametrize(
    "tagged",
    [
        f"{BAWASLU}, <per>Rudi Contoh</per>, mengatakan tidak.",
        f"{BAWASLU} <per>Rudi Contoh</per> mengatakan tidak.",
        f"{BAWASLU}, Drs. H. <per>Rudi Contoh</per>, M.Si, mengatakan tidak.",
        f"Kata <per>Rudi Contoh</per>, {BAWASLU}, tidak.",
        f"Kata <per>Rudi Contoh</per>, S.Pd, SE selaku {BAWASLU}.",
        f"Kata <per>Rudi Contoh</per> (45), {BAWASLU}.",
        f"{BAWASLU} yakni <per>Rudi Contoh</per> hadir.",
        f"<per>Rudi Contoh</per> hadir. {BAWASLU} <per>Rudi</per> bicara.",
        f'{BAWASLU}, <loc code="18">Provinsi Lampung</loc>, <per>Rudi Contoh</per> bicara.',
        f'{BAWASLU} di <loc>Gadingrejo</loc>, <loc code="18">Lampung</loc>, bernama <per>Rudi Contoh</per>.',
        f"{BAWASLU} sementara <per>Rudi Contoh</per> bicara.",
        f"{BAWASLU} <role>Koordinator Divisi Hukum</role> <per>Rudi Contoh</per> bicara.",
    ],
)
def test_read_officials_links_an_office_with_its_holder(tagged: str) -> None:
    assert offices(tagged) == {"Rudi Contoh": CHAIR}


def test_read_officials_gives_each_of_a_list_his_own_office() -> None:
    tagged = f"Hadir {BAWASLU}, <per>Rudi Contoh</per>, {CAMAT} <per>Siti Contoh</per>, dan lainnya."
    assert offices(tagged) == {"Rudi Contoh": CHAIR, "Siti Contoh": DISTRICT}


def test_read_officials_reads_lists_of_name_and_office() -> None:
    tagged = f"Hadir <per>Rudi Contoh</per>, {BAWASLU}, <per>Siti Misal</per>, {CAMAT}."
    assert offices(tagged) == {"Rudi Contoh": CHAIR, "Siti Misal": DISTRICT}


def test_read_officials_joins_post_and_rank() -> None:
    (official,) = read(
        '<role>Kapolsek <loc code="18.10.07">Adiluwih</loc></role> <role>AKP</role> <per>Rudi '
        "Contoh</per>, SH, hadir."
    )
    assert (official.rank, official.role, official.institution) == ("AKP", "Kapolsek", "Polsek Adiluwih")
    assert official.category == "polri.kapolsek"


def test_designations_tell_a_rank_apart_from_the_office() -> None:
    (official,) = read(
        '<role>Kapolsek <loc code="18.10.07">Adiluwih</loc></role>, <role>AKP</role> <per>Rudi Contoh</per>.'
    )
    office, rank = official.designations()
    assert (office["role"], office["institution"], office["rank"]) == ("Kapolsek", "Polsek Adiluwih", "AKP")
    assert (rank["name"], rank["role"], rank["institution"], rank["rank"]) == (
        "Rudi Contoh",
        None,
        None,
        "AKP",
    )
    assert office.keys() == rank.keys() and "rank_apart" not in rank


@pytest.mark.parametrize("role", ["AKP", "Camat Contoh", "AKP Kapolsek Contoh"])
def test_designations_are_one_where_nothing_stands_apart(role: str) -> None:
    (official,) = read(f"<role>{role}</role> <per>Rudi Contoh</per> hadir.")
    assert len(list(official.designations())) == 1


def test_designations_name_the_post_in_the_articles_words() -> None:
    (official,) = read(
        '<role>Ketua Panwascam <loc code="18.10.07">Adiluwih</loc></role> <per>Rudi Contoh</per>.'
    )
    (record,) = official.designations()
    assert (official.role, record["role"]) == ("Ketua", "Ketua Panwascam")
    assert record["institution"] == "Panwaslu Kecamatan Adiluwih" and "called" not in record


def test_designations_are_one_where_the_post_is_a_single_word() -> None:
    (official,) = read("<role>Babinsa</role> <role>Serda</role> <per>Rudi Contoh</per> hadir.")
    (record,) = official.designations()
    assert (record["role"], record["rank"]) == ("Babinsa", "Serda")


def test_read_officials_takes_the_institution_behind_dari() -> None:
    (official,) = read(
        "Narasumber <per>Sukarno</per>, ST dari <org>Badan Kesbangpol kabupaten <loc "
        'code="18.10">Pringsewu</loc></org>.'
    )
    assert (official.role, official.institution) == (None, "Badan Kesbangpol Kabupaten Pringsewu")
    assert official.category == "pemda.staf"


def test_read_officials_classes_a_policeman_by_rank_before_institution() -> None:
    tagged = (
        "<role>Aipda</role> <per>Rudi Contoh</per> dari <org>Polres <loc "
        'code="18.10">Pringsewu</loc></org> hadir.'
    )
    (official,) = read(tagged)
    assert (official.rank, official.institution) == ("Aipda", "Polres Pringsewu")
    assert official.category == "polri.anggota"


def test_read_officials_keeps_the_first_well_formed_of_repeated_offices() -> None:
    tagged = (
        '<role>Penjabat Bupati <loc code="18.10">Pringsewu</loc></role>, <per>Rudi Contoh</per>, hadir. '
        "<role>Penhabat Bupati</role> <per>Rudi Contoh</per> bicara."
    )
    (official,) = read(tagged)
    assert (official.status_prefix, official.role) == ("Pj", "Bupati")
    assert (official.institution, official.category) == ("Kabupaten Pringsewu", "pemda.pj")


def test_read_officials_does_not_take_the_client_for_the_lawyer() -> None:
    tagged = (
        "<per>Rudi Contoh</per> hadir. <role>Kuasa hukum</role> <per>Rudi</per>, <per>Siti "
        "Misal</per>, bicara."
    )
    assert offices(tagged) == {"Siti Misal": ("Kuasa hukum", None)}


def test_read_officials_gives_the_office_between_two_names_to_the_new_one() -> None:
    tagged = (
        f"<per>Rudi Contoh</per> hadir. Menurut <per>Rudi</per>, {BAWASLU}, <per>Siti "
        "Misal</per>, memaparkan."
    )
    assert offices(tagged) == {"Siti Misal": CHAIR}


def test_read_officials_does_not_reach_over_a_paragraph() -> None:
    assert offices(f"Acara dihadiri {BAWASLU}\n\n<per>Rudi Contoh</per> bicara.") == {}


def test_read_officials_leaves_persons_without_office_out() -> None:
    assert offices("<per>Rudi Contoh</per>, warga setempat, bertanya.") == {}


def test_read_officials_point_at_the_full_name() -> None:
    tagged = f"{BAWASLU}, Drs. <per>Rudi Contoh</per>, hadir."
    text, mentions = read_tags(tagged)
    (official,) = read_officials(text, mentions)[0]
    assert text[official.start : official.end] == "Rudi Contoh"


@pytest.mark.parametrize(
    ("tagged", "capacity"),
    [
        (f"{BAWASLU} <per>Rudi Contoh</per> mengatakan hal itu.", "pembicara_pers"),
        (f"{BAWASLU}, <per>Rudi Contoh</per>, turut hadir dalam acara.", "hadir"),
        (f"Acara dihadiri {BAWASLU}, <per>Rudi Contoh</per>.", "hadir"),
        (
            f'Acara dihadiri {BAWASLU}, <per>Rudi Contoh</per>. "Netral," tegas <per>Rudi</per>.',
            "pembicara_pers",
        ),
        (f"{BAWASLU} <per>Rudi Contoh</per> dalam sambutannya bersyukur.", "narasumber"),
        (f"{BAWASLU} <per>Rudi Contoh</per> diam saja.", "disebut"),
        (f"Menurut {BAWASLU} <per>Rudi Contoh</per>, terlapor diduga berkampanye.", "pembicara_pers"),
        (f"Warga dilaporkan ke {BAWASLU} <per>Rudi Contoh</per>.", "disebut"),
        (f"{BAWASLU}, <per>Rudi Contoh</per>, memastikan dilaporkan hanya seorang warga.", "pembicara_pers"),
        ("Terdakwa <per>Rudi Contoh</per>, <role>kepala desa</role>, diam.", "terlapor"),
        (f'"Kami memanggil terlapor," ujar {BAWASLU} <per>Rudi Contoh</per>.', "pembicara_pers"),
        (f"{BAWASLU} <per>Rudi Contoh</per> mengatakan pelapor sudah hadir.", "pembicara_pers"),
        (
            "<per>Rudi Contoh</per>, <role>dosen hukum</role>, datang. <per>Rudi</per> melaporkan hal itu.",
            "pelapor",
        ),
        ("<role>Kuasa hukum</role> <per>Rudi Contoh</per> bicara.", "kuasa_hukum"),
        ("<role>Hakim ketua</role> <per>Rudi Contoh</per> menjatuhkan pidana.", "pengambil_keputusan"),
        ("Pelapor <per>Rudi Contoh</per>, <role>advokat</role>, datang.", "kuasa_hukum"),
        (f"Acara dibuka Plt Sekretaris {BAWASLU}, <per>Rudi Contoh</per>.", "narasumber"),
        (
            'Tidak," beber <role>Kordiv Penanganan Pelanggaran Data Bawaslu X</role>, <per>Rudi Contoh</per>.',
            "pembicara_pers",
        ),
        (f"Jaksa menyebut {CAMAT} <per>Rudi Contoh</per> terbukti melanggar.", "disebut"),
        (f"Hakim memvonis {CAMAT} <per>Rudi Contoh</per> dua bulan.", "disebut"),
        ("Saksi, <role>Ketua RT 05</role>, <per>Rudi Contoh</per>, datang.", "saksi"),
        ("Pelapor <per>Rudi Contoh</per>, <role>dosen hukum</role>, datang.", "pelapor"),
    ],
)
def test_read_officials_tell_what_somebody_does(tagged: str, capacity: str) -> None:
    (official,) = read(tagged)
    assert official.capacity == capacity


def test_holders_of_one_office_are_listed_behind_it() -> None:
    board = '<role>anggota Bawaslu <loc code="18.10">Pringsewu</loc></role>'
    tagged = f"Hadir {board} <per>Rudi Contoh</per>, SH, <per>Siti Misal</per> dan <per>Umar Umpama</per>."
    assert offices(tagged) == dict.fromkeys(
        ("Rudi Contoh", "Siti Misal", "Umar Umpama"), ("Anggota", "Bawaslu Kabupaten Pringsewu")
    )
    assert list(offices(f"Hadir {CAMAT} <per>Rudi Contoh</per> dan <per>Siti Misal</per>.")) == [
        "Rudi Contoh"
    ]
    tagged = f"Hadir {board} <per>Rudi Contoh</per> dan <per>Siti Misal</per>, {CAMAT}."
    assert offices(tagged)["Siti Misal"] == DISTRICT


def test_a_party_stands_between_a_seat_and_its_holder() -> None:
    seat = '<role>anggota DPRD <loc code="18.10">Pringsewu</loc></role> dari <org>Partai Contoh</org>'
    assert offices(f"Kata {seat}, <per>Rudi Misal</per>.")["Rudi Misal"][0] == "Anggota"


def capacities(tagged: str) -> list[str | None]:
    return [official.capacity for official in read(tagged)]


def test_everybody_of_an_attendance_list_attended() -> None:
    listed = f"{BAWASLU}, <per>Rudi Contoh</per>, SH, {CAMAT} <per>Siti Misal</per> serta <role>PKD</role>"
    assert capacities(f"Hadir dalam acara itu {listed} <per>Umar Umpama</per>.") == ["hadir"] * 3
    assert capacities(f"{listed} <per>Umar Umpama</per> hadir.") == ["hadir"] * 3
    assert capacities(f"Karena tidak hadir, {listed} <per>Umar Umpama</per> dicari.") == ["disebut"] * 3
    told = f"Acara dihadiri warga, lalu memanggil {CAMAT} <per>Siti Misal</per>."
    assert capacities(told) == ["disebut"]


def test_read_officials_of_nothing_are_none() -> None:
    assert read_officials("", []) == ((), ())
