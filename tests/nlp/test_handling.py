from __future__ import annotations

import pytest

from nlp.handling import (
    choose_outcomes,
    read_steps,
    settle_proof,
    source_features,
    stage_features,
    stage_words,
)
from nlp.reading import Reading, read_document, steps_of
from nlp.records import Document
from nlp.told import stage_told


def _reading(text: str, title: str = "") -> Reading:
    return read_document(Document("x", text, title))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Polisi menetapkan pelaku sebagai tersangka.", "done"),
        ("Polisi akan menetapkan tersangka.", "rencana"),
        ("Tidak ada tersangka.", "ingkar"),
        ("Pelaku bisa menjadi tersangka.", "andai"),
        ("Soal jadi tersangka atau tidaknya, penyidik belum bicara.", "andai"),
    ],
)
def test_a_step_is_done_planned_denied_or_supposed(text: str, state: str) -> None:
    states = {s.state for s in steps_of(_reading(text).sentences[0]) if s.label == "kuat:penyidikan"}
    assert state in states


def test_only_what_is_done_makes_the_highest_stage() -> None:
    reading = _reading("Bawaslu telah meregistrasi laporan itu. Terlapor akan dimintai klarifikasi besok.")
    pairs = stage_features(read_steps(reading), {}, {})
    assert "g:highest done" in pairs["registrasi"]
    assert "g:highest done" not in pairs["klarifikasi"]
    assert "g:undone" in pairs["klarifikasi"]


def test_a_case_may_have_no_stage_where_no_step_is_told() -> None:
    reading = _reading("Camat itu terekam membagikan amplop.")
    pairs = stage_features(read_steps(reading), {}, stage_told([{}, {"klarifikasi": 0.1}]))
    assert pairs["tidak_disebut"]["g:tidak_disebut|nothing done"] == 1
    assert pairs["tidak_disebut"]["z:tidak_disebut|silent"] == 0.9


def test_the_words_tell_their_likeliest_stage() -> None:
    pairs = stage_features(read_steps(_reading("Kasus itu.")), {"banding": 0.7, "registrasi": 0.1}, {})
    assert "g:text top" in pairs["banding"]
    assert pairs["banding"]["g:text"] > pairs["registrasi"]["g:text"]


def test_stage_words_keep_title_and_lead_apart() -> None:
    features = stage_words(_reading("Alfa. Beta. Gama delta.", "Judul omega"))
    assert {"t:omega", "t:beta", "w:gama"} <= set(features)
    assert "t:gama" not in features


def test_every_track_that_runs_gets_its_likeliest_outcome() -> None:
    chances = {("pidana", "terbukti"): 0.6, ("pidana", "belum"): 0.3, ("kode_etik", "belum"): 0.1}
    assert choose_outcomes(chances, 0.45) == {"pidana": "terbukti"}
    assert choose_outcomes({**chances, ("kode_etik", "belum"): 0.5}, 0.45) == {
        "pidana": "terbukti",
        "kode_etik": "belum",
    }
    assert choose_outcomes({("pidana", "belum"): 0.1}, 0.45) == {"pidana": "belum"}


def test_where_no_step_was_taken_no_track_is_guessed() -> None:
    assert choose_outcomes({("pidana", "belum"): 0.1}, 0.45, stage="tidak_disebut") == {}
    assert choose_outcomes({("pidana", "belum"): 0.6}, 0.45, stage="tidak_disebut") == {"pidana": "belum"}


def test_sources_are_read_from_what_was_done() -> None:
    features = source_features(read_steps(_reading("Warga melaporkan caleg itu ke Bawaslu.")))
    assert any("asal:laporan done" in name for name in features)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Panwas tidak memberi nomor register pada aduan itu.", "kuat:tidak_diregistrasi"),
        ("Aduan itu tak mendapat registrasi.", "hasil:tidak_diregistrasi"),
        ("Penyidik menutup penyelidikan itu.", "kuat:dihentikan"),
        ("Sidang etik menjatuhinya penempatan khusus sepekan.", "kuat:putusan_sanksi"),
        ("Putusan koreksi itu dibacakan.", "kuat:banding"),
        ("Jalur pidananya sudah buntu.", "hasil:dihentikan"),
    ],
)
def test_a_step_is_known_by_other_wordings(text: str, label: str) -> None:
    assert "done" in {s.state for s in steps_of(_reading(text).sentences[0]) if s.label == label}


@pytest.mark.parametrize(
    ("text", "stage", "states"),
    [
        ("Bila lengkap, kata anggota itu, laporan langsung diregistrasi.", "registrasi", {"andai"}),
        ("Jika pelapor datang, laporan sudah diregistrasi.", "registrasi", {"done"}),
        ("Jika dulu hanya ditegur, kini camat itu ditetapkan sebagai tersangka.", "penyidikan", {"done"}),
        ("Kalau ada yang bertanya, laporan itu kami registrasi Senin lalu.", "registrasi", {"done"}),
        ("Jika Jumat lalu ia mangkir, hari ini polisi menahan tersangka.", "penyidikan", {"done"}),
        ("Jika lengkap, laporan diregistrasi lalu dikaji.", "registrasi", {"andai"}),
        ("Jika kini laporan diregistrasi, camat itu dipanggil.", "registrasi", {"andai"}),
        ("Bawaslu akan memanggil camat dan dua lurah untuk dimintai keterangan.", "klarifikasi", {"rencana"}),
        ("Camat datang ke kantor itu untuk dimintai keterangan.", "klarifikasi", {"done"}),
    ],
)
def test_conditions_and_aims_turn_what_hangs_on_them(text: str, stage: str, states: set[str]) -> None:
    steps = steps_of(_reading(text).sentences[0])
    assert {step.state for step in steps if step.label == f"kuat:{stage}"} == states


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ketua RT itu menahan surat undangan milik warga.", "kuat:penyidikan"),
        ("Lawan politik ingin menjatuhkan nama calon itu.", "kuat:putusan_sanksi"),
        ("Calon itu mantan terpidana korupsi.", "kuat:inkrah_eksekusi"),
        ("Sampah itu diangkut truk.", "kuat:rekomendasi"),
        ("Angka itu tak ada dalam laporan dana kampanye.", "asal:laporan"),
        ("Laporan penerimaan sumbangan diperiksa auditor.", "asal:laporan"),
        ("Mereka tiba setelah TPS ditutup.", "hasil:dihentikan"),
        ("Jaksa menilai unsur kampanye tidak terpenuhi.", "hasil:terbukti"),
    ],
)
def test_words_of_daily_life_are_no_steps(text: str, label: str) -> None:
    assert label not in {step.label for step in steps_of(_reading(text).sentences[0])}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Panwaslu menolak meregister laporan itu.", "kuat:tidak_diregistrasi"),
        ("Laporan itu sedang dikaji syarat formalnya.", "kuat:kajian_awal"),
        ("Staf kami menelaah kelengkapan berkas.", "kuat:kajian_awal"),
        ("Hakim menjatuhkan pidana penjara tiga bulan.", "kuat:putusan_sanksi"),
        ("Penyidik menahan tersangka.", "kuat:penyidikan"),
        ("Dalam laporan warga itu, camat disebut membagi uang.", "asal:laporan"),
        ("Pengadu mencabut aduannya.", "hasil:dicabut"),
        ("Forum itu bersepakat menghentikan perkaranya.", "hasil:dihentikan"),
        ("Berkasnya dikirimkan Bawaslu kepada Inspektorat.", "kuat:diteruskan"),
        ("Pelapor diminta menambah saksi.", "kuat:kajian_awal"),
        ("Jaksa dan polisi menyepakati perkara itu dinaikkan.", "kuat:gakkumdu_pembahasan_2"),
        ("Caleg itu melawan vonis hakim.", "kuat:banding"),
        ("Pengawas desa mencatat nama penerimanya.", "asal:temuan"),
        ("Surat itu dikirim ke Komisi Aparatur Sipil Negara.", "jalur:hukum_lainnya"),
        ("Laporan tersebut tidak bisa diregistrasi.", "kuat:tidak_diregistrasi"),
        ("Sebulan kemudian ia mengambil kembali laporannya.", "hasil:dicabut"),
        ("Pengadilan tinggi meringankan hukumannya.", "kuat:banding"),
    ],
)
def test_steps_in_other_words_are_read(text: str, label: str) -> None:
    assert label in {step.label for step in steps_of(_reading(text).sentences[0]) if step.state == "done"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Sebelum diregistrasi, laporan itu dikaji kelengkapannya.", "kuat:tidak_diregistrasi"),
        ("Saksi melayangkan surat keberatan kepada KPU Kota Palu.", "kuat:banding"),
        ("Calon wakil bupati itu menarik diri dari pencalonan.", "hasil:dicabut"),
        ("Partai itu merekomendasikan Ali sebagai calon bupati.", "hasil:terbukti"),
        ("Camat itu diduga menabrak aturan netralitas.", "hasil:terbukti"),
        ("Massa menghadang rombongan calon gubernur.", "asal:ott"),
    ],
)
def test_what_is_only_part_of_the_way_is_no_end(text: str, label: str) -> None:
    assert label not in {step.label for step in steps_of(_reading(text).sentences[0])}


@pytest.mark.parametrize(
    "text",
    [
        "Bawaslu Kediri menghentikan kasus itu pada 2020 karena tidak terbukti.",
        "Kasus itu ditutup dengan alasan tidak cukup bukti.",
    ],
)
def test_an_own_case_is_not_taken_for_anothers(text: str) -> None:
    steps = [step for step in steps_of(_reading(text).sentences[0]) if step.label.startswith("hasil:")]
    assert steps
    assert not any(step.other for step in steps)


@pytest.mark.parametrize(
    ("stage", "track", "end", "settled"),
    [
        ("informasi_awal", "pidana", "terbukti", "belum"),
        ("penyidikan", "pidana", "terbukti", "belum"),
        ("putusan_sanksi", "pidana", "terbukti", "terbukti"),
        ("registrasi", "kode_etik", "terbukti", "belum"),
        ("kajian_pleno", "hukum_lainnya", "terbukti", "terbukti"),
        ("klarifikasi", "hukum_lainnya", "terbukti", "belum"),
        ("klarifikasi", "administrasi", "terbukti", "terbukti"),
        ("rekomendasi", "administrasi", "terbukti", "terbukti"),
        ("tidak_disebut", "administrasi", "terbukti", "belum"),
        ("informasi_awal", "pidana", "dihentikan", "dihentikan"),
    ],
)
def test_nothing_is_proven_before_the_step_that_proves_it(
    stage: str, track: str, end: str, settled: str
) -> None:
    assert settle_proof(stage, {track: end}) == {track: settled}
