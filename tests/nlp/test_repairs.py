from __future__ import annotations

import pytest
from tagged import read_tags

from nlp.records import Mention
from nlp.regions import load_gazetteer
from nlp.repairs import Repairer
from nlp.roles import load_roles


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return Repairer(load_roles(), load_gazetteer())


def shown(mentions: list[Mention]) -> list[str]:
    return [f"{m.label}:{m.text}" for m in mentions]


@pytest.mark.parametrize(
    ("tagged", "wanted"),
    [
        (
            "<role>Pj Bupati Boven</role> <per>Digoel Rudi Contoh</per> hadir.",
            "role:Pj Bupati Boven Digoel|per:Rudi Contoh",
        ),
        (
            "<role>Kepala Desa Mekarjati</role> <per>Tonggoh Rudi Contoh</per> hadir.",
            "role:Kepala Desa Mekarjati Tonggoh|per:Rudi Contoh",
        ),
        ("<role>Kepala Desa</role> <per>Timur Contoh</per> hadir.", "role:Kepala Desa|per:Timur Contoh"),
        (
            "<role>Ketua Bawaslu Parigi</role> <per>Moutong</per>, <per>Rudi Contoh</per>, hadir.",
            "role:Ketua Bawaslu Parigi Moutong|per:Rudi Contoh",
        ),
        (
            "<role>Ketua Bawaslu Katingan Rudi</role> <per>Contoh</per> hadir.",
            "role:Ketua Bawaslu Katingan|per:Rudi Contoh",
        ),
        (
            "Kata <role>Ketua Bawaslu Kabupaten Tangerang Rudi</role>, Rabu.",
            "role:Ketua Bawaslu Kabupaten Tangerang|per:Rudi",
        ),
        (
            "<role>Koordinator Divisi Penanganan Pelanggaran</role>, Data dan Informasi <org>Panwaslih Pidie</org>, "
            "<per>Rudi Contoh</per>, hadir.",
            "role:Koordinator Divisi Penanganan Pelanggaran, Data dan Informasi Panwaslih Pidie|per:Rudi Contoh",
        ),
        (
            "<role>Kordiv Pencegahan</role>, <per>Rudi Contoh</per>, hadir.",
            "role:Kordiv Pencegahan|per:Rudi Contoh",
        ),
        (
            "<role>Jaksa</role> <org>Kejari Agam</org>, <per>Rudi Contoh</per>, hadir.",
            "role:Jaksa Kejari Agam|per:Rudi Contoh",
        ),
        (
            "<role>Danramil 01/Agam</role> <role>Kapten</role> <per>Arh Rudi Contoh</per> hadir.",
            "role:Danramil 01/Agam|role:Kapten Arh|per:Rudi Contoh",
        ),
        (
            "<role>Danramil 01/Agam</role> <role>Kapten</role> <per>Cke</per> <per>Rudi</per> hadir.",
            "role:Danramil 01/Agam|role:Kapten Cke|per:Rudi",
        ),
        (
            "<role>Babinsa</role> <per>Serda Rudi Contoh</per> hadir.",
            "role:Babinsa|role:Serda|per:Rudi Contoh",
        ),
        (
            "<role>Perbekel</role> <per>Contohwasa I Ketut Umpama</per> hadir.",
            "role:Perbekel Contohwasa|per:I Ketut Umpama",
        ),
        (
            "<role>Perbekel</role> <per>Jro I Ketut Umpama</per> hadir.",
            "role:Perbekel|per:Jro I Ketut Umpama",
        ),
        ("<role>Pj Bupati Sila</role> <per>Contoh</per> hadir.", "role:Pj Bupati|per:Sila Contoh"),
        (
            "<role>Imum Mukim Kuta Contohan</role>, Tgk. <per>Rudi Contoh</per>, hadir.",
            "role:Imum Mukim Kuta Contohan|per:Rudi Contoh",
        ),
        (
            "<loc>Kelian Banjar Dinas Contoh</loc>, <per>Rudi Contoh</per>, hadir.",
            "role:Kelian Banjar Dinas Contoh|per:Rudi Contoh",
        ),
        (
            "Hadir Pasi Intel <org>Kodim 1707/Merauke</org> <role>Lettu Inf</role> <per>Rudi</per>.",
            "role:Pasi Intel Kodim 1707/Merauke|role:Lettu Inf|per:Rudi",
        ),
        (
            "<role>KETUA BAWASLU AGAM</role> <per>RUDI CONTOH MENGINGATKAN</per> CAMAT.",
            "role:KETUA BAWASLU AGAM|per:RUDI CONTOH",
        ),
        (
            "<role>Ketua Majelis Pungky</role> <per>Contoh</per> hadir.",
            "role:Ketua Majelis|per:Pungky Contoh",
        ),
        (
            "<role>Ketua Persatuan Perangkat Desa</role> (PPDI) Agam, <per>Rudi Contoh</per>, hadir.",
            "role:Ketua Persatuan Perangkat Desa (PPDI) Agam|per:Rudi Contoh",
        ),
        (
            "Hadir Pasi Ops <org>Kodim 1707/Merauke</org> <role>Lettu Inf</role> <per>Rudi</per>.\n\n"
            "<role>Camat Contoh</role> diam.",
            "role:Pasi Ops Kodim 1707/Merauke|role:Lettu Inf|per:Rudi|role:Camat Contoh",
        ),
        ("Dua orang relawan paslon, <per>MS</per>, hadir.", "role:relawan paslon|per:MS"),
        ("Begitu kata <per>Budiman. Farida</per> mengaku lega.", "per:Budiman|per:Farida"),
        ("Hadir pula <per>Moch. Farid</per> dari Toro.", "per:Moch. Farid"),
        ("<role>Ketua Bawaslu Tangerang Selatan</role> hadir.", "role:Ketua Bawaslu Tangerang Selatan"),
        (
            "<role>Ketua Panwascam Rudi Contoh</role> hadir. Kata <per>Contoh</per>.",
            "role:Ketua Panwascam|per:Rudi Contoh|per:Contoh",
        ),
        ("<role>Camat Wanatirta Hulu</role> hadir.", "role:Camat Wanatirta Hulu"),
        ("<role>Kepala Dinas Sosial Serang</role> hadir.", "role:Kepala Dinas Sosial Serang"),
        (
            "<role>Kapolsek Dlingo</role> <role>AKP</role> Contohwan ikut berjalan.",
            "role:Kapolsek Dlingo|role:AKP|per:Contohwan",
        ),
        (
            "<role>Kuasa hukum KPU Agam</role>, Rudi Contoh, SH, bicara.",
            "role:Kuasa hukum KPU Agam|per:Rudi Contoh",
        ),
        ("<role>Ketua KPU Agam</role>, Senin (7/10/2024), hadir.", "role:Ketua KPU Agam"),
        ("<role>Ketua KPU</role> Agam hadir.", "role:Ketua KPU"),
        ("<role>anggota KPPS TPS 05</role> Kampung Contoh, Distrik Misal", "role:anggota KPPS TPS 05"),
        (
            "<role>Akademisi</role> Boon <per>Contoh Misal</per> hadir.",
            "role:Akademisi|per:Boon Contoh Misal",
        ),
        (
            "<role>Asisten Tindak Pidana Umum</role> <per>Kejati Sulbar</per> <per>Rudi Contoh</per> hadir.",
            "role:Asisten Tindak Pidana Umum Kejati Sulbar|per:Rudi Contoh",
        ),
        ("Rapat <per>Bawaslu Contoh</per> usai.", "org:Bawaslu Contoh"),
        ("<org>Ketua Panitia Lomba</org> hadir.", "role:Ketua Panitia Lomba"),
        # offices that were left out
        ("Bakal calon bupati <per>Rudi Contoh</per> hadir.", "role:Bakal calon bupati|per:Rudi Contoh"),
        (
            "Kata mantan anggota KPU Agam <per>Rudi Contoh</per> tadi.",
            "role:mantan anggota KPU Agam|per:Rudi Contoh",
        ),
        (
            "Perwakilan <org>Partai Padi Emas</org>, <per>Rudi Contoh</per>, hadir.",
            "role:Perwakilan Partai Padi Emas|per:Rudi Contoh",
        ),
        (
            "<per>Rudi Contoh</per>, pensiunan guru di Kabupaten Agam.",
            "role:pensiunan guru di Kabupaten Agam|per:Rudi Contoh",
        ),
        (
            "<per>Rudi Contoh</per>, bidan Puskesmas Anggrek, hadir.",
            "per:Rudi Contoh|role:bidan Puskesmas Anggrek",
        ),
        ("<per>Rudi Contoh</per>, dokter berstatus ASN, hadir.", "per:Rudi Contoh|role:dokter"),
        (
            "Seorang pendamping desa berinisial <per>RC</per> diperiksa.",
            "role:pendamping desa|per:RC",
        ),
        ("Kata direkturnya, <per>Rudi Contoh</per>, Senin.", "role:direkturnya|per:Rudi Contoh"),
        ("Pengurus PGRI Agam, KH <per>Rudi Contoh</per>.", "role:Pengurus PGRI Agam|per:Rudi Contoh"),
        (
            "<role>Danrem Agam</role> Brigjen TNI <per>Rudi Contoh</per> hadir.",
            "role:Danrem Agam|role:Brigjen TNI|per:Rudi Contoh",
        ),
        (
            "<role>Camat Contoh</role>, <role>Kapten Rudi Misal</role>, hadir.",
            "role:Camat Contoh|role:Kapten|per:Rudi Misal",
        ),
        ("<role>Ketua panitia</role>, Contohwan, menolak.", "role:Ketua panitia|per:Contohwan"),
        ("Warga Desa Suka, <per>Rudi Contoh</per>, bertanya.", "per:Rudi Contoh"),
        ("<per>Rudi Contoh</per>, pemilik toko, bertanya.", "per:Rudi Contoh"),
        ("Seorang guru di Agam, <per>Rudi Contoh</per>, bertanya.", "per:Rudi Contoh"),
        ("Camat tidak hadir, kata <per>Rudi Contoh</per>.", "per:Rudi Contoh"),
        ("<per>Hidung Rudi Contoh</per> masih diperban.", "per:Rudi Contoh"),
        ("<per>Narasumber Rudi Contoh</per> hadir. <per>Narasumber</per> itu pulang.", "per:Rudi Contoh"),
        ("<per>Rudi Contoh</per>, SH, <per>MH</per> hadir.", "per:Rudi Contoh"),
        ("<per>RUDI CONTOH</per>, SH, <per>MH</per> hadir.", "per:RUDI CONTOH"),
        ("<per>AR</per>, <per>SH</per>, dan <per>BT</per> ditahan.", "per:AR|per:SH|per:BT"),
        (
            "<per>Rudi Contoh</per>, <per>Mei Misal</per>, <per>Ani</per>.",
            "per:Rudi Contoh|per:Mei Misal|per:Ani",
        ),
        ("Kata <per>Rudi Contoh</per>. <per>MA</per> lalu pergi.", "per:Rudi Contoh|per:MA"),
        ("<per>Nasib Rudi Contoh</per> belum jelas.", "per:Rudi Contoh"),
        ("<per>Nasib Sinaga</per> belum hadir.", "per:Nasib Sinaga"),
        ("<per>Menurut Saksi Rudi Contoh</per>, itu benar.", "per:Rudi Contoh"),
        ("Pelaku, <per>A.B.</per> dan <per>RT</per>, ditahan.", "per:A.B.|per:RT"),
        ("Kades <per>SD</per> (45) ditahan.", "role:Kades|per:SD"),
        ("<per>Hidung Rudi</per>, <per>Siti Misal</per>.", "per:Rudi|per:Siti Misal"),
        ("Pantarlih berinisial <per>WN</per> dan <per>RT</per> diam.", "per:WN|per:RT"),
        ("Kata <per>Rudi</per>. Ia diminta Pak <per>RT</per>. Kapal milik <per>UPT</per>.", "per:Rudi"),
        (
            "<org>KPU Kabupaten Tanjung Misal</org>. <role>Ketua KPU Tanjung</role> <per>Misal Rudi Contoh</per> diam.",
            "org:KPU Kabupaten Tanjung Misal|role:Ketua KPU Tanjung Misal|per:Rudi Contoh",
        ),
        (
            "<role>Ketua KPU Tanjung</role> <per>Rudi Contoh</per> diam, kata <org>KPU Kabupaten Tanjung Misal</org>.",
            "role:Ketua KPU Tanjung|per:Rudi Contoh|org:KPU Kabupaten Tanjung Misal",
        ),
    ],
)
def test_repair_sets_borders_between_offices_and_names_right(
    repairer: Repairer, tagged: str, wanted: str
) -> None:
    text, mentions = read_tags(tagged)
    fixed = repairer.repair(text, mentions)
    assert sorted(shown(fixed)) == sorted(wanted.split("|"))
    assert all(text[m.start : m.end] == m.text for m in fixed)


def test_a_place_named_elsewhere_ends_before_its_officers_name(repairer: Repairer) -> None:
    text, mentions = read_tags(
        "<role>Kepala Desa <loc>Kalimati Kulon Rudi</loc></role> diam. Warga <loc>Desa Kalimati Kulon</loc> resah."
    )
    assert shown(repairer.repair(text, mentions)) == [
        "role:Kepala Desa Kalimati Kulon",
        "per:Rudi",
        "loc:Desa Kalimati Kulon",
    ]


def test_repair_keeps_other_labels(repairer: Repairer) -> None:
    text, mentions = read_tags(
        'Di <loc code="13.06">Agam</loc>, <date iso="2024-10-07">Senin (7/10/2024)</date>.'
    )
    assert repairer.repair(text, mentions) == mentions


def test_repair_leaves_a_recognised_text_alone(repairer: Repairer) -> None:
    tagged = (
        "<role>Ketua Bawaslu <loc>Agam</loc></role>, <per>Rudi Contoh</per>, dan <per>Siti Misal</per> hadir."
    )
    text, mentions = read_tags(tagged)
    assert repairer.repair(text, mentions) == mentions
