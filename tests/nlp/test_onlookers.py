from __future__ import annotations

import pytest

from nlp.accuse import held_by
from nlp.onlookers import is_onlooker
from tests.nlp.tagged import cast_of

SW = "<per>Salim Wonda</per>"


def _looks_on(tagged: str) -> bool:
    cast = cast_of(tagged)
    person = next(actor for actor in cast.persons if actor.name == "Salim Wonda")
    return is_onlooker(cast, person)


@pytest.mark.parametrize(
    "told",
    [
        f"<role>Ketua DPRD Toro</role>, {SW}, menyoroti dugaan mobilisasi ASN. Sejumlah ASN memakai kaus calon.",
        f"{SW} mengecam pembagian amplop oleh seorang relawan.",
        f"<role>Camat Toro</role> {SW} mendesak Bawaslu mengusut pembagian uang itu.",
        f"<role>Camat Toro</role>, {SW}, mengatakan keduanya tertangkap membagikan amplop.",
        f"Bawaslu memeriksa <role>Kepala Puskesmas Toro</role>, {SW}, sebagai saksi karena ambulans dipakai kampanye.",
        f"Bawaslu mengklarifikasi {SW} sebagai saksi dalam kasus mobil dinas itu.",
        f"Camat menegaskan {SW} bukan orang dalam foto itu.",
        f"{SW} diperiksa penyidik Gakkumdu sebagai saksi.",
        f"<role>Kepala Desa Toro</role>, {SW}, memenuhi panggilan Gakkumdu sebagai saksi.",
        f"Bupati melantik {SW} sebagai <role>Kepala Dinas</role> menggantikan <per>Eko Toba</per> yang dicopot.",
        f"Panwascam memanggil <per>Ani Toba</per>, <per>Budi Toba</per>, dan {SW}. Ketiganya diperiksa sebagai saksi.",
        f"Pendukung <role>calon bupati</role> {SW} merusak baliho lawannya.",
        f"Tiga pendukung <role>calon bupati</role> nomor urut 2, {SW}, membagikan uang.",
        f"Dua anggota tim sukses pasangan calon {SW} membagikan uang.",
        f"Saksi paslon, {SW}, melihat ketua KPPS mencoblos sisa surat suara.",
        f"{SW} mengaku mendengar camat itu mengajak warga memilih.",
        f"Nama <per>Ani Toba</per> dan {SW} dicatut tim calon bupati.",
        f"{SW} pernah divonis karena berkampanye di sekolah. Kini pendukung {SW} merusak baliho.",
        f"{SW} memenuhi syarat. Sementara itu, pendukung {SW} diduga merusak baliho.",
        f"Rumah {SW} didatangi tiga orang yang membagikan beras.",
        f"Camat itu membagikan uang di rumah {SW}.",
        f"Camat melantik {SW} sebagai <role>Pj Keuchik Toro</role>. Ia mengganti <per>Eko</per>, yang diduga curang.",
        f"<role>Sekda Toro</role> {SW} angkat bicara soal oknum pegawai yang berfoto mendukung calon.",
        f"<role>Dandim Toro</role> {SW} membenarkan seorang anggotanya mengarahkan warga memilih calon.",
        f"<role>Camat Toro</role> {SW} mengatakan dua stafnya membagikan amplop.",
        f"Dua camat diperiksa, Jumat (11/10/2024). Pada Pilkada 2018, camat {SW} dinyatakan terbukti melanggar.",
        f"Sementara itu, pendukung {SW} diduga merusak baliho lawannya.",
    ],
)
def test_who_did_nothing_himself_looks_on(told: str) -> None:
    assert _looks_on(told)


@pytest.mark.parametrize(
    "told",
    [
        f"{SW} menyesalkan laporan terhadap dirinya. Ia membagikan amplop.",
        f"{SW} mengecam lawannya. <role>Camat</role> {SW} diduga membagikan amplop.",
        f"{SW} dipanggil bersama enam anggotanya sebagai saksi.",
        f"{SW} menggantikan ketua KPPS yang sakit, lalu mencoblos dua kali.",
        f"<role>Ketua tim sukses</role> {SW} membagikan uang.",
        f"Seorang pendukung <role>calon bupati</role>, {SW}, membagikan uang.",
        f"Relawan bernama {SW} merusak baliho.",
        f"Pendukung {SW} membagikan uang. {SW} membagikan uang pula.",
        f"Pemilik warung {SW} membagikan uang.",
        f"Camat itu membagikan uang di rumah {SW}. {SW} membagikan uang pula.",
        f"Direktur itu naik panggung kampanye. {SW} membagikan uang.",
    ],
)
def test_who_acts_himself_does_not_look_on(told: str) -> None:
    assert not _looks_on(told)


def test_an_office_is_not_accused_either_where_all_who_hold_it_only_tell_of_others() -> None:
    told = f"<role>Camat Toro</role>, {SW}, mengatakan keduanya tertangkap membagikan amplop."
    held = {}
    for text in (told, f"{told} <role>Camat</role> lain ikut membagikan."):
        cast = cast_of(text)
        onlookers = {at for at, actor in enumerate(cast.persons) if is_onlooker(cast, actor)}
        held[text] = "pemda.camat" in held_by(cast, onlookers.issuperset)
    assert list(held.values()) == [True, False]
