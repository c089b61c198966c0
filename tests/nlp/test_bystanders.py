from __future__ import annotations

import pytest

from nlp.accused import Actor, find_cast
from nlp.bystanders import are_cleared, without_bystanders, without_victims
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document
from tests.nlp.tagged import cast_of, read_tags

RN = "<per>RN</per> kedapatan membagikan amplop. "


def _left(tagged: str) -> list[str | None]:
    text, mentions = read_tags(tagged)
    officials, _ = read_officials(text, mentions)
    cast = find_cast(read_document(Document("x", text), mentions), officials)
    return [actor.name for actor in without_bystanders(cast, cast.persons)]


@pytest.mark.parametrize(
    "told",
    [
        "<per>Salim Wonda</per> dikeroyok massa.",
        "Mobil <per>Salim Wonda</per> dilempari batu.",
        "<per>Salim Wonda</per> menuding lawannya bermain uang.",
        "Tuduhan itu dilontarkan seorang warga bernama <per>Salim Wonda</per>.",
        "Laporan tersebut dilayangkan oleh <per>Salim Wonda</per>, Kamis.",
        "<per>Salim Wonda</per>, warga Desa Toro yang melaporkan perkara ini, kini digugat.",
        "Saksi bernama <per>Salim Wonda</per> melihat amplop itu.",
        "Pelapor, <per>Salim Wonda</per>, membawa dua lembar uang.",
        "Majelis hakim yang diketuai <per>Salim Wonda</per> menyatakan kades itu terbukti bersalah.",
        "Sidang dipimpin oleh <per>Salim Wonda</per>.",
        "Saksi yang diperiksa adalah <per>Ani Toba</per> dan <per>Salim Wonda</per>.",
        "Para penerima, yakni <per>Salim Wonda</per> dan <per>Ani Toba</per>, sudah bersaksi.",
        "<role>Sekda</role> <per>Salim Wonda</per> meminta maaf setelah seorang staf kedapatan membagi amplop.",
        "<role>Kepala SMP</role>, <per>Salim Wonda</per>, meminta maaf kepada warga atas dugaan seorang guru berpihak.",
        "<role>Babinsa</role> <per>Salim Wonda</per> mengamankan seorang ketua RT yang membagikan amplop.",
        "Pengadu dalam perkara ini adalah <per>Salim Wonda</per>.",
        "Polisi menyatakan belum ada bukti keterlibatan <per>Salim Wonda</per>.",
        "RN mengajak memilih saat mendampingi suaminya, <role>calon bupati</role> <per>Salim Wonda</per>.",
        "<role>Ketua Apdesi</role>, <per>Salim Wonda</per>, mengaku tidak diundang.",
        "Selebaran berisi tuduhan bahwa <role>calon bupati Toro</role> <per>Salim Wonda</per> menipu ditemukan.",
        "Yang menangkap basah ialah <per>Salim Wonda</per>, anggota linmas.",
        "Yang melaporkan adalah <per>Salim Wonda</per>.",
        "Ketua RW, <per>Salim Wonda</per>, bukan pihak yang dilaporkan.",
        "<per>Salim Wonda</per> dinyatakan tidak terlibat.",
        "Bawaslu menegaskan <per>Salim Wonda</per> bukan terlapor.",
        "<per>Salim Wonda</per> hanya berstatus saksi.",
        "<per>Salim Wonda</per> yang disebut menerima uang telah dimintai keterangan sebagai saksi.",
        "Istrinya, <per>Salim Wonda</per>, sudah diperiksa sebagai saksi.",
        "<per>Salim Wonda</per> yang sempat dilaporkan dalam perkara ini tidak terbukti terlibat.",
        "Ia dilaporkan seorang warga bernama <per>Salim Wonda</per> karena membagi uang.",
        "Ia diadukan oleh tetangganya, <per>Salim Wonda</per>, kemarin.",
        "Bawaslu memastikan Sekda <per>Salim Wonda</per> tidak terlibat.",
        "Suara caleg <per>Salim Wonda</per> diduga dipangkas di kecamatan.",
        "Polisi mengusut perusakan baliho calon bupati <per>Salim Wonda</per>.",
        "Baliho milik <role>calon wakil wali kota nomor urut 2</role> <per>Salim Wonda</per> disayat.",
        "<per>Salim Wonda</per> hanya saksi kunci.",
        "Wajah pada stiker adalah <per>Salim Wonda</per>, calon anggota DPRD.",
        "Ia mencoblos lagi dengan surat pemberitahuan milik <per>Salim Wonda</per>.",
        "<role>Kepala Dinas</role>, <per>Salim Wonda</per>, memberi teguran kepada guru itu karena memakai rompi.",
        "<per>Salim Wonda</per> tidak terbukti mengetahui.",
        "<per>Salim Wonda</per> tidak tahu-menahu soal amplop itu.",
        "Camat <per>Salim Wonda</per> memecat stafnya karena kedapatan membagi amplop.",
        "Ketua komisi, <per>Salim Wonda</per>, menemukan kantor itu kosong.",
        "<per>DN</per>, anak calon anggota DPRD <per>Salim Wonda</per>, ikut diperiksa.",
        "Pengadu memberikan kuasa kepada <per>Ani Toba</per> dan <per>Salim Wonda</per>.",
        "Polisi mengusut penghadangan rombongan <role>calon bupati</role> <per>Salim Wonda</per>.",
        "Selebaran itu menjelekkan <role>calon bupati</role> <per>Salim Wonda</per>.",
        "<role>Bupati</role> <per>Salim Wonda</per> menonaktifkan <role>Lurah</role> <per>Eko</per>, yang diduga ikut.",
    ],
)
def test_who_stands_beside_the_accused_is_not_accused(told: str) -> None:
    left = _left(RN + told)
    assert "RN" in left
    assert "Salim Wonda" not in left


@pytest.mark.parametrize(
    "told",
    [
        "<per>Salim Wonda</per> menuding balik pelapornya.",
        "Pelapor mengadukan dua orang, yakni <per>Ani Toba</per> dan <per>Salim Wonda</per>.",
        "<per>Salim Wonda</per> menangkap layar lalu menyebarkannya.",
        "Camat <per>Salim Wonda</per> meminta maaf karena ia membagi amplop.",
        "Konvoi yang dipimpin <per>Salim Wonda</per> masuk ke halaman masjid.",
        "Menurut pelapor, <per>Salim Wonda</per> menyerahkan amplop.",
        "Laporan itu diajukan warga terhadap <per>Salim Wonda</per>.",
        "Laporan yang diajukan seorang relawan menuduh <per>Salim Wonda</per> membagi uang.",
        "Kuasa hukumnya berkata <per>Salim Wonda</per> bukan pelaku.",
        "<per>Salim Wonda</per> mengaku tidak terlibat.",
        "Dilaporkan oleh rivalnya, Caleg <per>Salim Wonda</per> angkat bicara.",
        "Baliho caleg <per>Salim Wonda</per> dipaku di pohon.",
        "Bupati <per>Salim Wonda</per> memecat camat yang menolak perintahnya.",
        "Selain <per>Salim Wonda</per>, PTPS juga menemukan dua orang lain.",
        "Istri kepala desa, <per>Salim Wonda</per>, ikut membagikan amplop.",
        "Warga menghadang <per>Salim Wonda</per> yang membagi amplop.",
        "Massa mengusir <per>Salim Wonda</per> setelah ia membagi amplop.",
        "Dilaporkan <per>Salim Wonda</per>, caleg nomor urut 3, membagi uang.",
        "<per>Salim Wonda</per> mendapat ancaman hukuman tiga tahun.",
        "Atas laporan warga, <role>Camat Toro</role> <per>Salim Wonda</per> diperiksa.",
    ],
)
def test_who_may_be_accused_stays(told: str) -> None:
    assert "Salim Wonda" in _left(RN + told)


def test_who_was_cleared_stays_where_nobody_else_is_accused() -> None:
    assert _left("<per>Salim Wonda</per> dinyatakan tidak terlibat.") == ["Salim Wonda"]


def test_whose_posters_were_torn_is_no_suspect() -> None:
    torn = cast_of(
        "Baliho pasangan calon bupati ditemukan rusak. Tim hukum paslon melapor.", "Baliho Paslon Dirobek"
    )
    assert "peserta.paslon" not in without_victims(torn, torn.posts)
    hung = cast_of("Baliho pasangan calon dipaku di pohon.", "Pasangan Calon Ditegur")
    assert "peserta.paslon" in without_victims(hung, hung.posts)


def test_all_are_cleared_only_where_an_authority_says_so_of_each() -> None:
    cast = cast_of("Bawaslu memastikan Sekda <per>Salim Wonda</per> tidak terlibat.")
    assert are_cleared(cast, cast.persons)
    cast = cast_of("Pengacaranya memastikan Sekda <per>Salim Wonda</per> tidak terlibat.")
    assert not are_cleared(cast, cast.persons)
    assert not are_cleared(cast, ())


def test_who_stands_in_a_list_of_the_cleared_is_cleared_too() -> None:
    told = "<per>Salim Wonda</per> dan <per>Nur Aini</per> dinyatakan tidak terbukti."
    assert _left(told) == ["Salim Wonda", "Nur Aini"]
    assert _left(RN + told) == ["RN"]


def test_an_unnamed_post_is_never_a_bystander() -> None:
    text, mentions = read_tags("Seorang camat dipukul warga.")
    cast = find_cast(read_document(Document("x", text), mentions), ())
    posts: list[Actor] = list(cast.posts.values())
    assert without_bystanders(cast, posts) == posts


@pytest.mark.parametrize(
    "told",
    [
        "Mereka mengeroyok <role>pengawas TPS</role> <per>Salim Wonda</per> di jalan.",
        "RN memukul seorang saksi bernama <per>Salim Wonda</per>.",
        "<per>Salim Wonda</per> (31), dipukuli di depan TPS.",
        "RN dilaporkan <per>Salim Wonda</per> pekan lalu.",
        "Massa mengusir <per>Salim Wonda</per> yang memotret pembagian amplop.",
        "Massa menghalangi <per>Salim Wonda</per> karena menegur warga yang membagi amplop.",
        "Laporan yang dibawa seorang warga bernama <per>Salim Wonda</per> tidak dilayani.",
        "Pengadunya seorang perempuan, inisial <per>Salim Wonda</per>.",
        "<per>Salim Wonda</per> menerima pesan bernada mengancam dari tim itu.",
        "Ketua majelis didampingi hakim anggota <per>Salim Wonda</per> membacakan putusan.",
    ],
)
def test_who_was_hurt_or_reported_it_is_not_accused(told: str) -> None:
    assert _left(RN + told) == ["RN"]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("RN adalah caleg dari <org>Partai Fajar Toro</org>.", ["RN"]),
        ("RN adalah calon anggota DPRD Kabupaten Toro dari <org>Partai Fajar Toro</org>.", ["RN"]),
        ("Uang itu dari <org>Partai Fajar Toro</org>.", ["RN", "Partai Fajar Toro"]),
        ("Caleg itu menerima uang dari <org>Partai Fajar Toro</org>.", ["RN", "Partai Fajar Toro"]),
        ("RN menjadi manajer di <org>PT Toro Abadi</org>.", ["RN"]),
        ("Uang itu milik <org>Partai Fajar Toro</org>.", ["RN", "Partai Fajar Toro"]),
    ],
)
def test_a_party_or_company_that_somebody_only_belongs_to_is_not_accused(told: str, left: list[str]) -> None:
    assert _left(RN + told) == left


def test_unnamed_victims_are_not_accused() -> None:
    text, mentions = read_tags("Massa mengeroyok anggota KPPS.")
    cast = find_cast(read_document(Document("x", text), mentions), ())
    assert "kpu.kpps" not in without_victims(cast, cast.posts)
