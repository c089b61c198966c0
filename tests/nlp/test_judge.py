"""Whom the judge accuses: a headline changes nothing, the acquitted and the press stay out, who is convicted is in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlp.evidence import hands_over, lead_with_act
from nlp.judge import choose_evidence, load_judge
from nlp.linear import ModelError, save_models
from nlp.model import load_model
from nlp.reading import is_background, read_document
from nlp.records import Case, Document, Extraction, Mention

BODIES = {
    "Darmawan Setiadi": (
        "Kepala Desa Sukarena, Darmawan Setiadi, dilaporkan ke Bawaslu Kabupaten Garut karena mengajak warga memilih "
        "nomor urut 2 dalam rapat desa, Selasa (15/10/2024). Ketua Bawaslu Garut, Herlan Purnama, menyatakan laporan "
        "itu telah diregistrasi. Darmawan membantah tuduhan tersebut."
    ),
    "Sulaiman Rangkuti": (
        "Camat Sukajaya, Sulaiman Rangkuti, diduga mengarahkan kepala desa agar memenangkan calon bupati petahana, "
        "Kamis (17/10/2024). Video pertemuan itu beredar di media sosial. Panwascam telah meminta keterangan Sulaiman "
        "dan empat saksi, kata anggota Bawaslu Mandi Sinaga."
    ),
    "Yustina Bere": (
        "Bawaslu Kabupaten Belu menerima laporan terhadap calon anggota DPRD, Yustina Bere, yang dituding membagikan "
        "uang Rp100 ribu kepada pemilih di Kecamatan Lasiolat, Jumat (9/2/2024). Pelapor, Marsel Nahak, menyerahkan "
        "dua lembar uang dan rekaman video sebagai bukti."
    ),
    "Rudi Hermansyah": (
        "Seorang anggota tim sukses bernama Rudi Hermansyah kedapatan menyebar sembako berstiker pasangan calon di "
        "Kecamatan Lubuk Pakam, Minggu (24/11/2024) malam. Warga membawanya ke kantor Panwascam. Rudi mengaku hanya "
        "disuruh."
    ),
}
TITLES = (
    "{name} Dilaporkan ke Bawaslu",
    "Diduga Melanggar, {name} Diperiksa Bawaslu",
    "Bawaslu Tangani Laporan terhadap {name}",
    "Kasus {name} Bergulir, Pengawas Kumpulkan Bukti",
    "{last} Bantah Tuduhan Pelanggaran",
    "Nama {name} Terseret Dugaan Pelanggaran Pemilihan",
)


def _read(text: str, title: str) -> Extraction:
    return load_model().extract(Document("x", text, title))


def _names(extraction: Extraction) -> set[str]:
    return {who.name for case in extraction.cases for who in case.terlapor if who.name}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("name", BODIES)
def test_a_headline_with_the_name_of_the_accused_keeps_it(name: str, title: str) -> None:
    headline = title.format(name=name, last=name.split(maxsplit=1)[0])
    assert _names(_read(BODIES[name], headline)) == {name}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Darmawan Setiadi", "Herlan Purnama: Laporan terhadap Kades Sudah Diregistrasi"),
        ("Sulaiman Rangkuti", "Mandi Sinaga Ungkap Pemeriksaan Camat"),
        ("Yustina Bere", "Marsel Nahak Laporkan Caleg ke Bawaslu"),
    ],
)
def test_a_headline_with_the_name_of_somebody_else_accuses_nobody_else(name: str, title: str) -> None:
    assert _names(_read(BODIES[name], title)) == {name}


def _case(text: str, title: str) -> Case:
    cases = _read(text, title).cases
    assert cases
    return cases[0]


def test_who_is_acquitted_is_not_in_the_record_of_the_convicted() -> None:
    text = (
        "Pengadilan Negeri Sungguminasa memvonis Hasanuddin Talli, seorang kepala dusun di Desa Julubori, dengan "
        "pidana penjara 36 bulan, Kamis (12/12/2024).\n\nIa terbukti membagikan amplop berisi uang kepada pemilih "
        "dua hari sebelum pencoblosan. Tetangganya, TS, diputus bebas karena hanya mengantar.\n\nPenasihat hukum "
        "terdakwa, Firdaus Amir, memastikan banding."
    )
    case = _case(text, "Kepala Dusun Pembagi Amplop Divonis 36 Bulan")
    assert "Hasanuddin Talli" in {who.name for who in case.terlapor}
    assert "TS" not in {who.name for who in case.terlapor}
    assert case.outcome["pidana"] == "terbukti"
    assert case.sanction


def test_an_acquittal_of_the_only_accused_proves_nothing_and_sanctions_nobody() -> None:
    text = (
        "Majelis hakim Pengadilan Negeri Sampang membebaskan Moh. Rofiqi, calon anggota DPRD, dari dakwaan membagikan "
        "uang kepada pemilih, Rabu (28/2/2024). Jaksa sebelumnya menuntut terdakwa pidana penjara empat bulan. "
        "Menurut hakim, saksi tidak melihat Rofiqi menyerahkan uang."
    )
    case = _case(text, "Caleg Terdakwa Politik Uang Divonis Bebas")
    assert "terbukti" not in case.outcome.values()
    assert case.sanction is None


@pytest.mark.parametrize(
    "byline", ["Penulis: Anggi Prameswari", "(Anggi Prameswari)", "Laporan wartawan Anggi Prameswari"]
)
def test_whoever_wrote_the_article_is_never_accused(byline: str) -> None:
    text = BODIES["Yustina Bere"]
    for written in (f"{text}\n\n{byline}", f"{byline}\n\n{text}"):
        assert "Anggi Prameswari" not in _names(_read(written, "Caleg Dituding Membagikan Uang"))


def test_the_judge_answers_why_with_sentences_cues_and_its_version() -> None:
    extraction = _read(BODIES["Yustina Bere"], "Caleg Dituding Membagikan Uang")
    evidence = extraction.cases[0].evidence[0]
    assert f"kalimat {evidence.start}-{evidence.end}" in extraction.why
    assert any(line.startswith("model judge-") for line in extraction.why)


def test_one_sentence_is_evidence_even_when_unsure_others_need_the_limit() -> None:
    assert choose_evidence([0.1, 0.2, 0.05], 0.3) == [1]
    assert choose_evidence([0.4, 0.9, 0.35, 0.5], 0.3) == [1, 3, 0]
    assert choose_evidence([], 0.3) == []


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="wartawas train"):
        load_judge(tmp_path)


def test_a_pelanggaran_must_be_surer_than_any_other_kind() -> None:
    judge = load_model().judge
    assert judge.choose_kind({"pelanggaran": 0.9, "informasi": 0.1}) == "pelanggaran"
    assert judge.choose_kind({"pelanggaran": 0.6, "informasi": 0.25, "lainnya": 0.15}) == "informasi"
    assert judge.choose_kind({"pelanggaran": 0.3, "informasi": 0.45, "lainnya": 0.25}) == "informasi"


def test_a_pelanggaran_that_tells_no_act_must_be_surer_still() -> None:
    judge, kinds = load_model().judge, {"pelanggaran": 0.9, "informasi": 0.1}
    assert judge.choose_kind(kinds, vague=True) == "informasi"
    assert judge.choose_kind({"pelanggaran": 0.97, "informasi": 0.03}, vague=True) == "pelanggaran"


def test_a_document_that_is_surely_of_a_case_needs_no_sentence_that_surely_asserts_it() -> None:
    judge = load_model().judge
    document = Document("x", BODIES["Yustina Bere"], "Caleg Dituding Membagikan Uang")
    reading = read_document(document, [Mention("loc", 0, 7, "Bawaslu")])
    asserted = [0.01] * len(reading.sentences)
    surely = judge.kind_chances(reading, judge.assert_sentences(reading))
    assert surely["pelanggaran"] > 0.99
    assert judge.kind_chances(reading, asserted)["pelanggaran"] > 0
    assert judge.kind_chances(reading, [0.0] * len(asserted))["pelanggaran"] == 0


def test_a_document_without_any_person_place_or_day_tells_of_no_case() -> None:
    judge, document = (
        load_model().judge,
        Document("x", BODIES["Yustina Bere"], "Caleg Dituding Membagikan Uang"),
    )
    without = read_document(document)
    assert judge.kind_chances(without, judge.assert_sentences(without))["pelanggaran"] == 0


def test_the_evidence_is_led_by_a_sentence_that_tells_the_act() -> None:
    text = "Caleg itu diduga membagikan amplop berisi uang. Yang bersangkutan sudah kami klarifikasi."
    reading = read_document(Document("x", text))
    assert lead_with_act(reading, [0.03, 0.06], [1], 0.3) == [0]
    assert lead_with_act(reading, [0.03, 0.9], [1], 0.3) == [1]
    assert lead_with_act(reading, [0.001, 0.06], [1], 0.3) == [1]
    assert lead_with_act(reading, [0.1, 0.35], [1], 0.3) == [0, 1]
    assert lead_with_act(reading, [], [], 0.3) == []


def test_the_proof_that_a_reporter_hands_over_is_not_the_act() -> None:
    text = "Laporan itu dibuat oleh Jumadil. Ia menyerahkan amplop berisi uang. Ia menyerahkan uang."
    reading = read_document(Document("x", text))
    assert [hands_over(reading, at) for at in range(3)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "published", "old"),
    [
        ("Pada Pilkada 2018, seorang kades divonis tiga bulan.", 2024, True),
        ("Pada 2019, seorang caleg terbukti membagi uang.", 2024, True),
        ("Pemantau mencontohkan kasus Pilkada 2020 ketika seorang ASN dijatuhi sanksi.", 2024, True),
        ("Pada Pilkada 2024, seorang kades divonis tiga bulan.", 2025, False),
        ("Pada Pemilu 2019, seorang caleg divonis enam bulan.", 2019, False),
        ("Lima tahun silam ketua PPK itu dihukum enam bulan.", 2024, True),
        ("Setahun lalu ketua PPK itu dihukum enam bulan.", 2024, False),
        ("Ketua PPK itu dihukum enam bulan karena berkampanye tiga tahun lalu.", 2024, False),
        ("Kades itu divonis tiga bulan karena melanggar UU Nomor 10 Tahun 2016.", 2024, False),
        ("Caleg itu dieksekusi. Vonisnya jatuh pada Pemilu 2019.", 2024, False),
        ("Pada Pilkada 2018, ia menjadi anggota PPS.", 2024, False),
    ],
)
def test_a_verdict_of_an_earlier_election_is_background(text: str, published: int, old: bool) -> None:
    reading = read_document(Document("x", text, published=datetime(published, 11, 20, tzinfo=UTC)))
    assert is_background(reading, reading.sentences[0]) is old


def test_a_list_of_forms_in_a_text_without_a_case_is_taken_whole() -> None:
    text = (
        "GARUT – Panwaslu Kecamatan Cibatu menggelar sosialisasi netralitas ASN di aula kecamatan, Rabu (4/9/2024).\n\n"
        "Ketua Panwaslu Kecamatan Cibatu, Lestari Adiguna, menyebut lima larangan bagi ASN: sosialisasi di medsos, "
        "mengadakan acara yang mengarah ke keberpihakan, foto bersama calon, hadir di deklarasi, dan pendekatan ke "
        'parpol.\n\n"Kami ingin ASN paham sebelum terjadi pelanggaran," katanya.'
    )
    (found,) = load_model().extract_many([Document(id="a", text=text)])
    assert not found.cases
    assert set(found.bentuk) == {
        "asn.sosialisasi_medsos", "asn.kegiatan_keberpihakan", "asn.foto_bersama", "asn.hadir_deklarasi",
        "asn.pendekatan_parpol",
    }  # fmt: skip


def test_an_old_verdict_makes_no_case() -> None:
    said = _read(
        "MALANG – Bawaslu Kota Malang memetakan 87 TPS rawan, Rabu (20/11/2024). Pada Pilkada 2018, seorang lurah "
        'di Kecamatan Sukun divonis dua bulan karena berkampanye. "Jangan sampai terulang," kata Ketua Bawaslu '
        "Kota Malang, Bayu Lestarianto.",
        "Bawaslu Kota Malang Petakan TPS Rawan",
    )
    assert said.cases == ()


def test_a_child_brought_to_a_rally_is_not_accused() -> None:
    said = _read(
        "KEDIRI – Tim pemenangan pasangan calon nomor urut 1 dilaporkan ke Bawaslu Kabupaten Kediri karena diduga "
        "melibatkan anak dalam kampanye di Lapangan Pare, Minggu (20/10/2024). Salah satu anak, Galih Perkasa (9), "
        "siswa SD, diberi kaus oleh panitia. Laporan itu sudah diregistrasi.",
        "Libatkan Anak, Tim Pemenangan Dilaporkan",
    )
    assert said.cases
    assert "Galih Perkasa" not in _names(said)


def test_the_accused_gets_no_office_of_somebody_named_beside_him() -> None:
    text = (
        "Pengawas desa Marlina Tuhu mendapat penghargaan Bawaslu Brebes, Kamis (5/12/2024), setelah menolak amplop "
        "dan melaporkan orang yang menyodorkannya. Orang suruhan calon itu, berinisial JK, kini berstatus tersangka."
    )
    found = _read(text, "Orang Suruhan Calon Jadi Tersangka Usai Sodorkan Amplop")
    assert [(who.name, who.category) for case in found.cases for who in case.terlapor] == [
        ("JK", "peserta.timses")
    ]


def test_a_rumour_that_the_police_deny_accuses_nobody() -> None:
    text = (
        "Polres Toli membantah kabar bahwa calon anggota DPRD, Endang Laruma, telah ditetapkan sebagai tersangka "
        "politik uang. Yang bersangkutan belum pernah diperiksa, kata Kasatreskrim AKP Dodi Saru, Minggu (3/3/2024)."
    )
    assert not _read(text, "Beredar Kabar Caleg Jadi Tersangka, Polisi Membantah").cases


def test_a_prosecutor_who_speaks_of_the_suspect_is_not_accused() -> None:
    text = (
        "Kejaksaan Negeri Bengkalis menerima pelimpahan perkara pidana pemilihan dengan tersangka Kepala Dinas "
        "Perhubungan Bengkalis, Rusli Anwar, Kamis (14/11/2024). Kepala Seksi Pidana Umum Kejari Bengkalis, Maruli "
        "Tambunan, mengatakan tersangka diduga memakai kapal dinas untuk mengangkut rombongan calon bupati."
    )
    assert _names(_read(text, "Kejari Terima Tahap Dua Kadis Tersangka Pidana Pemilu")) == {"Rusli Anwar"}


def test_a_judge_of_an_earlier_version_is_told_so(tmp_path: Path) -> None:
    save_models(tmp_path, {}, {"version": "judge-0", "limits": {}})
    with pytest.raises(ModelError, match="earlier wartawas"):
        load_judge(tmp_path)


@pytest.mark.parametrize(
    ("title", "text", "spared"),
    [
        (
            "Massa Rusak Kantor KPU",
            "Kantor KPU Kabupaten Puncak dirusak massa pendukung calon bupati pada Kamis (5/12/2024). Massa melempar "
            "batu dan memecahkan kaca kantor KPU. Polisi memeriksa Yance Lambeng sebagai tersangka.",
            "kpu",
        ),
        (
            "Panwascam Temukan Tim Paslon Bagikan Stiker",
            "Anggota Panwascam Cikupa, Siti Wardaya, melihat tim paslon membagikan ratusan stiker di masjid Al-Falah, "
            "Kecamatan Cikupa, Kabupaten Tangerang, Jumat (4/10/2024). Panwascam mencatatnya sebagai temuan dan "
            "memanggil ketua tim paslon, Joko Lambeng.",
            "bawaslu.panwascam",
        ),
    ],
)
def test_whose_office_is_attacked_and_who_finds_things_are_not_accused(
    title: str, text: str, spared: str
) -> None:
    said = _read(text, title)
    assert said.cases
    assert spared not in {who.category for case in said.cases for who in case.terlapor}


def test_where_nothing_names_an_election_there_is_no_case() -> None:
    text = (
        "Kepala Desa Sukarena, Darmawan Setiadi, dilaporkan ke polisi karena mengancam warga yang menolak pembangunan "
        "pasar, Selasa (15/10/2024). Ia diduga membagikan uang Rp100 ribu kepada warga agar diam. Polres Garut telah "
        "memeriksa empat saksi."
    )
    assert load_model().extract(Document("x", text, title="Kades Diduga Ancam Warga, Bagi Uang")).cases == ()


def test_a_type_counts_from_its_limit_on_and_the_likeliest_where_none_reaches_it() -> None:
    judge = load_judge()
    limit = judge.limits.types
    reaching = {"politik_uang.uang": limit, "netralitas.asn": limit + 0.1, "apk.perusakan": limit - 0.01}
    assert judge._picked_types("types", reaching) == ("netralitas.asn", "politik_uang.uang")
    below = {"politik_uang.uang": limit - 0.2, "apk.perusakan": limit - 0.01}
    assert judge._picked_types("types", below) == ("apk.perusakan",)
    assert judge._picked_types("about", {"apk.perusakan": judge.limits.about - 0.01}) == ()
