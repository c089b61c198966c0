"""The questions by the name under which they are asked, with the filters and options that each one takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

import duckdb
import pandas as pd

from pipeline import handling, query, review_quality, search_query, trends
from pipeline.filters import Filters, QuestionError, check_filters
from pipeline.options import check_options


@dataclass(frozen=True, slots=True)
class Question:
    """A question: what it answers in one line, its function, which options it takes and which it needs.

    `needs` are the words that follow its name: an id, words to search for, two regions or elections.
    """

    summary: str
    ask: Callable[..., pd.DataFrame]
    filters: bool = True
    options: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_LISTED = ("limit",)
_PLACED = ("tingkat",)
_TWO = ("pertama", "kedua")

QUESTIONS: Mapping[str, Question] = {
    "baru": Question("dugaan kasus terbaru: jenis, tempat, tahap, bukti", query.baru, options=_LISTED),
    "cari": Question(
        "cari kata, \"frasa\", atau awal* kata dalam artikel", search_query.cari,
        options=("limit", "urut"), needs=("kata",),
    ),
    "berita": Question(
        "artikel terbaru, dengan jenis berita, tempat, dan arsipnya", query.berita,
        options=("limit", "jenis_berita"),
    ),
    "jenis-berita": Question("dugaan pelanggaran, pencegahan, informasi, lainnya", query.jenis_berita),
    "kasus-per-jenis": Question("dugaan kasus menurut jenis pelanggaran", query.kasus_per_jenis),
    "kasus-per-wilayah": Question(
        "dugaan kasus menurut provinsi, kabupaten/kota, atau kecamatan", query.kasus_per_wilayah, options=_PLACED
    ),
    "kasus-per-bulan": Question(
        "dugaan kasus menurut bulan, dengan jumlah artikel dan sumber yang dibaca", trends.kasus_per_bulan
    ),
    "kasus-per-tahap": Question("dugaan kasus menurut tahap penanganan", query.kasus_per_tahap),
    "tren": Question("dugaan kasus per minggu (hari, bulan) dengan tahapan pemilihan", trends.tren,
                     options=("satuan",)),
    "intensitas": Question("dugaan kasus per 1.000 artikel menurut wilayah; bukan IKP", trends.intensitas,
                           options=_PLACED),
    "tahapan": Question("dugaan kasus menurut tahapan saat perbuatannya (temuan, laporan)", trends.tahapan),
    "banding-pemilihan": Question(
        "dua pemilihan, minggu demi minggu menjelang pemungutan suara", trends.banding_pemilihan,
        options=("minggu",), needs=_TWO,
    ),
    "banding-wilayah": Question("dua wilayah berdampingan", trends.banding_wilayah, needs=_TWO),
    "lonjakan": Question("lonjakan tujuh hari terakhir terhadap riwayat wilayah itu sendiri", trends.lonjakan,
                         options=("tingkat", "minimal", "per")),
    "titik-buta": Question("wilayah yang paling sedikit diberitakan, di samping IKP", trends.titik_buta,
                           options=("tingkat", "limit")),
    "temuan-laporan": Question("rekap temuan, laporan, registrasi, dan hasil", handling.temuan_laporan),
    "kotak": Question("administrasi, pidana, kode etik, hukum lainnya", handling.kotak),
    "bentuk-teratas": Question("jenis terbanyak di setiap kotak", query.bentuk_teratas, options=("teratas",)),
    "bentuk-per-jabatan": Question("bentuk ketidaknetralan ASN menurut jabatan", query.bentuk_per_jabatan),
    "jabatan": Question("jabatan terlapor, bukan nama", query.jabatan),
    "corong": Question("berapa kasus sampai ke langkah mana (--jalur pidana: Gakkumdu)", handling.corong,
                       options=("jalur",)),
    "mandek": Question("kasus terbuka tanpa kabar lebih dari 14 hari", handling.mandek,
                       options=("hari", "per", "limit")),
    "tanpa-sanksi": Question("kasus diteruskan ke BKN (lembaga lain) tanpa sanksi", handling.tanpa_sanksi,
                             options=("lembaga", "per", "limit")),
    "alasan-henti": Question("alasan kasus dihentikan atau tidak diregistrasi", handling.alasan_henti),
    "informasi-awal": Question("dugaan kasus di tiga media atau lebih tanpa laporan atau temuan",
                               handling.informasi_awal, options=("minimal", "limit")),
    "tenggat": Question("tenggat penanganan, dihitung dari tanggal berita", handling.tenggat,
                        options=("hari", "per", "limit")),
    "vonis": Question("kasus pidana yang sudah diputus: pasal dan hukuman", handling.vonis, options=_LISTED),
    "mutasi": Question("dugaan mutasi pejabat dan masa larangannya", handling.mutasi, options=_LISTED),
    "peserta-berulang": Question("peserta yang diduga berulang kali, tanpa nama", handling.peserta_berulang,
                                 options=("minimal", "limit")),
    "penyelenggara": Question("dugaan terhadap penyelenggara pemilihan", handling.penyelenggara, options=_LISTED),
    "pencegahan": Question(
        "kegiatan pencegahan menurut kecamatan (atau tingkat lain)", query.pencegahan, options=_PLACED
    ),
    "kegiatan": Question("kegiatan pencegahan satu per satu", query.kegiatan, options=_LISTED),
    "klaim": Question("angka yang disebut artikel, dan yang berbeda antarmedia", query.klaim, options=_LISTED),
    "rekap": Question("kasus dengan arsip, SHA-256, dan model di belakangnya", query.rekap, options=_LISTED),
    "artikel": Question(
        "satu artikel dengan bukti, pejabat, tempat, tanggal, dan arsipnya", query.artikel,
        filters=False, needs=("id",),
    ),
    "linimasa": Question("perjalanan satu kasus: tahap, tanggal, sumber, kutipan", query.linimasa,
                         filters=False, needs=("id",)),
    "sebaran": Question("awal mula dan sebaran satu kejadian antarmedia", query.sebaran,
                        filters=False, needs=("id",)),
    "perubahan": Question("artikel yang diubah setelah diarsipkan", query.perubahan, options=_LISTED),
    "membership": Question("kejadian tempat setiap artikel bergabung", query.membership, filters=False),
    "sumber": Question("sumber berita: artikel dibaca, ditolak, masih hidup", query.sumber, filters=False),
    "cakupan": Question("halaman dan artikel per sumber dan hari", query.cakupan, filters=False, options=_LISTED),
    "ketepatan": Question("presisi dan kepekaan bacaan menurut tinjauan acak, per bulan dan label",
                          review_quality.ketepatan, filters=False),
    "beda-tinjauan": Question("beda model dan peninjau, per bulan dan label", review_quality.beda_tinjauan,
                              filters=False),
    "kesepakatan": Question("kesepakatan dua peninjau atas artikel yang sama", review_quality.kesepakatan,
                            filters=False),
    "total": Question("jumlah artikel, kasus, kegiatan, dan sumber hidup", query.total, filters=False),
}  # fmt: skip

_WANTED = {
    "id": "berikan id artikel atau kejadian (kolom `kejadian` pada `wartawas query baru`)",
    "kata": "berikan sedikitnya satu kata untuk dicari",
    "banding-pemilihan": "berikan dua pemilihan, misalnya 'pilkada 2020' 'pilkada 2024'",
    "banding-wilayah": "berikan dua kode wilayah, misalnya 32.05 32.02",
}


def ask(
    db: duckdb.DuckDBPyConnection, name: str, filters: Filters, options: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the answer to the question of this name; options whose value is None do not count as given.

    `limit` cuts the answer of every question; 0 lifts the limit that lists have of themselves.

    Raises QuestionError for an unknown name, a filter that the question does not take, or a missing one.
    """
    question = find_question(name)
    given = {key: value for key, value in options.items() if value is not None}
    rows = None if "limit" in question.options else given.pop("limit", None)
    taken = {*question.options, *question.needs}
    odd = sorted(set(given) - taken) + ([] if question.filters else sorted(filters.given()))
    if odd:
        named = ", ".join("--" + option.replace("_", "-") for option in odd)
        known = [*taken, *(field.name for field in fields(Filters) if question.filters)]
        hint = _takers(odd[0]) or ("" if odd[0] in Filters.__slots__ else _near(odd[0], known))
        raise QuestionError(f"pertanyaan {name}: tidak menerima {named}{hint}")
    for need in question.needs:
        if need not in given:
            raise QuestionError(f"pertanyaan {name}: {_WANTED.get(name) or _WANTED[need]}")
    if question.filters:
        check_filters(db, filters)
    if question.ask is trends.banding_wilayah:
        for code in (given["pertama"], given["kedua"]):
            check_filters(db, Filters(wilayah=code))
    check_options(db, given)
    if given.get("limit") == 0:
        given["limit"] = None
    frame = question.ask(db, *([filters] if question.filters else []), **given)
    return frame.head(rows) if rows else frame


def find_question(name: str) -> Question:
    """Return the question of this name; raises QuestionError, which names the nearest one, where there is none."""
    if name not in QUESTIONS:
        raise QuestionError(
            f"pertanyaan {name!r} tidak ada{_near(name, QUESTIONS)}; daftarnya: `wartawas query`"
        )
    return QUESTIONS[name]


def _takers(option: str) -> str:
    """Say which questions take an option: one that another takes is no misspelling."""
    names = [name for name, question in QUESTIONS.items() if option in question.options]
    return f" (menerimanya: {', '.join(names)})" if names else ""


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f" (mungkin {near[0]}?)" if near else ""


def named_words(name: str, words: Sequence[str]) -> dict[str, str]:
    """Return the words that followed a question's name as the options that it needs.

    Raises QuestionError for a word too many.
    """
    question = QUESTIONS.get(name)
    needs = question.needs if question else ()
    if needs == ("kata",):
        return {"kata": " ".join(words)} if words else {}
    if len(words) > len(needs):
        raise QuestionError(f"pertanyaan {name}: tidak menerima {words[len(needs)]!r}")
    return dict(zip(needs, words, strict=False))
