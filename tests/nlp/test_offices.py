from __future__ import annotations

import pytest

from nlp.institutions import Place
from nlp.offices import Office, read_membership, read_office
from nlp.roles import load_roles

NAMES = {
    "18": "Lampung",
    "18.10": "Kabupaten Pringsewu",
    "18.10.07": "Adiluwih",
    "32": "Jawa Barat",
    "32.72": "Kota Sukabumi",
    "32.02.32": "Sukabumi",
    "33.74": "Kota Semarang",
    "34.04.13.2001": "Banyurejo",
    "91.71.03": "Abepura",
    "31": "Daerah Khusus Ibukota Jakarta",
    "13.06.08.2002": "Tabek Panjang",
    "71.74.01.1001": "Gogagoman",
}


def read(text: str, name: str = "", code: str | None = None) -> Office:
    start = text.rindex(name) if name else 0
    places = [Place(start, start + len(name), name, code)] if name else []
    return read_office(load_roles(), text, places, NAMES.get)


@pytest.mark.parametrize(
    ("text", "name", "code", "wanted"),
    [
        (
            "KETUA BAWASLU PRINGSEWU",
            "PRINGSEWU",
            "18.10",
            "None|Ketua|Bawaslu Kabupaten Pringsewu|bawaslu.anggota",
        ),
        (
            "Sekretaris Distrik Abepura",
            "Abepura",
            "91.71.03",
            "None|Sekretaris Distrik|Distrik Abepura|pemda.camat",
        ),
        ("Staf Ahli Bupati Bidang Hukum", "", None, "None|Staf Ahli Bupati Bidang Hukum|None|pemda.sekda"),
        ("Ketua PKDP Contohan", "Contohan", None, "None|Ketua|PKDP Contohan|None"),
        ("Kepala SLB Negeri Contohan", "Contohan", None, "None|Kepala|SLB Negeri Contohan|None"),
        ("Pengawas kelurahan Contohan", "Contohan", None, "None|Pengawas kelurahan|None|bawaslu.pkd"),
        ("Kaur Keuangan Desa Contohan", "Contohan", None, "None|Kaur Keuangan|Desa Contohan|desa.perangkat"),
        (
            "Kelian Banjar Dinas Contohan",
            "Contohan",
            None,
            "None|Kelian Banjar Dinas|Banjar Dinas Contohan|desa.dusun",
        ),
        ("Ketua Tuha Peuet Contohan", "Contohan", None, "None|Ketua|Tuha Peuet Contohan|desa.bpd"),
        (
            "Ketua Panwaslucam Adiluwih",
            "Adiluwih",
            "18.10.07",
            "None|Ketua|Panwaslu Kecamatan Adiluwih|bawaslu.panwascam",
        ),
        (
            "ketua panwaslu kecamatan Adiluwih",
            "Adiluwih",
            "18.10.07",
            "None|Ketua|Panwaslu Kecamatan Adiluwih|bawaslu.panwascam",
        ),
        ("Ketua Panwascam", "", None, "None|Ketua|Panwaslu Kecamatan|bawaslu.panwascam"),
        ("Ketua Bawaslu Jabar", "Jabar", "32", "None|Ketua|Bawaslu Provinsi Jawa Barat|bawaslu.anggota"),
        (
            "Ketua Badan Pengawas Pemilu (Bawaslu) kabupaten Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Ketua|Bawaslu Kabupaten Pringsewu|bawaslu.anggota",
        ),
        ("Anggota Bawaslu RI", "", None, "None|Anggota|Bawaslu RI|bawaslu.ri"),
        (
            "Kepala Sekretariat Panwascam Adiluwih",
            "Adiluwih",
            "18.10.07",
            "None|Kepala Sekretariat|Panwaslu Kecamatan Adiluwih|bawaslu.sekretariat",
        ),
        (
            "Koordinator Divisi Hukum dan Penyelesaian Sengketa Bawaslu Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Koordinator Divisi Hukum dan Penyelesaian Sengketa|Bawaslu Kabupaten "
            "Pringsewu|bawaslu.anggota",
        ),
        (
            "Anggota KPU Pringsewu divisi teknis",
            "Pringsewu",
            "18.10",
            "None|Anggota divisi teknis|KPU Kabupaten Pringsewu|kpu.anggota",
        ),
        (
            "Sekretaris KPU Kabupaten Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Sekretaris|KPU Kabupaten Pringsewu|kpu.sekretariat",
        ),
        ("Ketua KPU DKI Jakarta", "DKI Jakarta", "31", "None|Ketua|KPU Provinsi DKI Jakarta|kpu.anggota"),
        ("Ketua PPD Abepura", "Abepura", "91.71.03", "None|Ketua|PPD Distrik Abepura|kpu.ppk"),
        ("Camat Sukabumi", "Sukabumi", "32.02.32", "None|Camat|Kecamatan Sukabumi|pemda.camat"),
        ("Camat Sukabumi", "Sukabumi", "32.72", "None|Camat|Kecamatan Sukabumi|pemda.camat"),
        ("Camat Wanatirta Hulu", "", None, "None|Camat|Kecamatan Wanatirta Hulu|pemda.camat"),
        ("Bupati Pringsewu", "Pringsewu", "18.10", "None|Bupati|Kabupaten Pringsewu|pemda.bupati"),
        ("Penjabat atau Pj Bupati Pringsewu", "Pringsewu", "18.10", "Pj|Bupati|Kabupaten Pringsewu|pemda.pj"),
        ("Penhabat Bupati Pringsewu", "Pringsewu", "18.10", "Pj|Bupati|Kabupaten Pringsewu|pemda.pj"),
        ("Pejabat Wali Kota Sukabumi", "Sukabumi", "32.72", "Pj|Wali Kota|Kota Sukabumi|pemda.pj"),
        ("Plt. Wakil Gubernur Lampung", "Lampung", "18", "Plt|Wakil Gubernur|Provinsi Lampung|pemda.pj"),
        ("Pj Sekda Pringsewu", "Pringsewu", "18.10", "Pj|Sekda|Kabupaten Pringsewu|pemda.sekda"),
        (
            "pelaksana tugas Kepala BKPSDM Pringsewu",
            "Pringsewu",
            "18.10",
            "Plt|Kepala|BKPSDM Kabupaten Pringsewu|pemda.kepala_dinas",
        ),
        (
            "Kepala Dinas Sosial Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Kepala|Dinas Sosial Kabupaten Pringsewu|pemda.kepala_dinas",
        ),
        ("mantan Ketua KPU Pringsewu", "Pringsewu", "18.10", "mantan|Ketua|KPU Kabupaten Pringsewu|warga"),
        ("Kapolsek Adiluwih", "Adiluwih", "18.10.07", "None|Kapolsek|Polsek Adiluwih|polri.kapolsek"),
        (
            "Kasat Reskrim Polres Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Kasat Reskrim|Polres Pringsewu|polri.perwira",
        ),
        ("Dandim 0424/Tanggamus", "", None, "None|Dandim|Kodim 0424/Tanggamus|tni.dandim"),
        ("Lurah Banyurejo", "Banyurejo", "34.04.13.2001", "None|Lurah|Kalurahan Banyurejo|desa.kepala"),
        ("Lurah Gogagoman", "Gogagoman", "71.74.01.1001", "None|Lurah|Kelurahan Gogagoman|pemda.lurah"),
        (
            "Wali Nagari Tabek Panjang",
            "Tabek Panjang",
            "13.06.08.2002",
            "None|Wali Nagari|Nagari Tabek Panjang|desa.kepala",
        ),
        (
            "Ketua DPC PDI Perjuangan Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Ketua|DPC PDI Perjuangan Pringsewu|parpol.pengurus",
        ),
        (
            "calon Wali Kota Semarang nomor urut 2",
            "Semarang",
            "33.74",
            "None|Calon Wali Kota nomor urut 2|None|peserta.paslon",
        ),
        ("caleg DPRD Kota Semarang", "Semarang", "33.74", "None|Caleg DPRD Kota|None|peserta.caleg"),
        (
            "Kuasa hukum Bawaslu Pringsewu",
            "Pringsewu",
            "18.10",
            "None|Kuasa hukum|Bawaslu Kabupaten Pringsewu|kuasa_hukum",
        ),
        ("dosen hukum Universitas Padi Emas", "", None, "None|Dosen hukum|Universitas Padi Emas|akademisi"),
        ("Kepala KUA", "", None, "None|Kepala|KUA|asn.kemenag"),
        ("kuasa hukumnya", "", None, "None|Kuasa hukumnya|None|kuasa_hukum"),
        ("istri kepala desa", "", None, "None|Istri kepala desa|None|warga"),
        ("PKD Banyurejo", "Banyurejo", "34.04.13.2001", "None|PKD|Kalurahan Banyurejo|bawaslu.pkd"),
    ],
)
def test_read_office_takes_a_phrase_apart(text: str, name: str, code: str | None, wanted: str) -> None:
    office = read(text, name, code)
    got = f"{office.status_prefix}|{office.role}|{office.institution}|{office.category}"
    if text.startswith("PKD"):
        wanted = wanted.replace("|Kalurahan", "|PKD Kalurahan")
    assert got == wanted


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Ketua Panwascam Adiluwih", "Ketua Panwascam"),
        ("Ketua Panwaslu Kecamatan Adiluwih", None),
        ("Ketua Bawaslu Pringsewu", None),
        ("Penjabat Bupati Pringsewu", "Penjabat Bupati"),
        ("Pelaksana Tugas Ketua Panwaslucam Adiluwih", "Pelaksana Tugas Ketua Panwaslucam"),
        ("Pj. Bupati Pringsewu", None),
        ("mantan Bupati Pringsewu", None),
    ],
)
def test_called_keeps_the_articles_words_where_normal_forms_lose_them(text: str, called: str | None) -> None:
    assert read(text, text.rsplit(maxsplit=1)[-1]).called == called


@pytest.mark.parametrize(
    ("text", "rank", "category"),
    [
        ("Kombes Pol", "Kombes Pol", "polri.perwira"),
        ("akbp", "AKBP", "polri.perwira"),
        ("Aipda", "Aipda", "polri.anggota"),
        ("Letkol Inf", "Letkol Inf", "tni.perwira"),
        ("Serda", "Serda", "tni.anggota"),
        ("Ajun Komisaris Polisi", "AKP", "polri.perwira"),
    ],
)
def test_read_office_reads_a_rank_without_a_post(text: str, rank: str, category: str) -> None:
    assert read(text) == Office(category=category, rank=rank)


def test_read_office_reads_a_rank_behind_the_post() -> None:
    office = read("Kapolsek Adiluwih AKP", "Adiluwih", "18.10.07")
    assert (office.role, office.rank, office.institution) == ("Kapolsek", "AKP", "Polsek Adiluwih")


def test_read_office_keeps_the_place_as_written() -> None:
    assert read("Ketua Bawaslu Jabar", "Jabar", "32").jurisdiction == "Jabar"


@pytest.mark.parametrize(
    ("text", "name", "code", "institution", "category"),
    [
        (
            "Badan Kesbangpol kabupaten Pringsewu",
            "Pringsewu",
            "18.10",
            "Badan Kesbangpol Kabupaten Pringsewu",
            "pemda.staf",
        ),
        ("polres Pringsewu", "Pringsewu", "18.10", "Polres Pringsewu", "polri.perwira"),
        ("Perkumpulan Padi Emas", "", None, "Perkumpulan Padi Emas", "lsm"),
        ("Sanggar Tari Melati", "", None, "Sanggar Tari Melati", None),
    ],
)
def test_read_membership_classes_people_by_their_institution(
    text: str, name: str, code: str | None, institution: str, category: str | None
) -> None:
    places = [Place(text.rindex(name), len(text), name, code)] if name else []
    office = read_membership(load_roles(), text, places, NAMES.get)
    assert (office.role, office.institution, office.category) == (None, institution, category)


@pytest.mark.parametrize(
    "text", ["", " ", ",,,", "Pj", "Pj.", "oknum", "-", "calon", "Ketua Ketua Ketua", "1" * 5000]
)
def test_read_office_never_fails_on_odd_phrases(text: str) -> None:
    assert isinstance(read(text), Office)
