"""Named questions over a published snapshot: each function returns one DataFrame with fixed columns.

Here stand the lists and counts; pipeline.trends has rates, comparisons and spikes, pipeline.handling the course of
cases, pipeline.search_query full text; pipeline.questions lists them all. The SQL of a question stands in
answers/<question>.sql. Column names and labels are Indonesian, since analysts
read them. Nothing here says that somebody has broken the law: a case is "diduga" until a competent body has
decided, and names are masked in the snapshot. A count depends on how much was read, so `total`, `sumber` and
`cakupan` give what stands behind it; a source "lives" while it gave an article in the last 14 days before the
newest one. Lists stop at `limit` rows; None lifts that.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.answer import LIST, Level, answer, answer_with_texts, checked_level
from pipeline.database import scalar
from pipeline.filters import ANY, Filters, QuestionError, check_filters
from pipeline.intervals import add_shares
from pipeline.shelf import MASKED, connect_database

__all__ = ["ANY", "Filters", "Level", "QuestionError", "check_filters"]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a snapshot holds: articles read, events by kind, outlets of which so many are living."""

    articles: int
    cases: int
    prevention: int
    events: int
    sources: int
    living_sources: int


def totals(snapshot: Path) -> Totals:
    """Return the totals of the snapshot in this folder."""
    with closing(connect_database(snapshot / MASKED)) as db:
        return totals_of(db)


def totals_of(db: duckdb.DuckDBPyConnection) -> Totals:
    """Return the totals of an open snapshot."""
    row = total(db).iloc[0]
    return Totals(
        articles=int(row["artikel"]),
        cases=int(row["kasus"]),
        prevention=int(row["pencegahan"]),
        events=int(row["semua_kejadian"]),
        sources=int(row["sumber"]),
        living_sources=int(row["sumber_hidup"]),
    )


def total(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what the snapshot holds, in one row.

    Columns: artikel, artikel_dugaan, kasus, pencegahan, semua_kejadian, sumber, sumber_hidup, dari, sampai.
    `artikel` counts articles read, `kasus` and `pencegahan` events counted once, `semua_kejadian` all events;
    `dari` and `sampai` are the first and last day of publication.
    """
    return answer(db, "total")


def baru(db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = 50) -> pd.DataFrame:
    """Return the newest cases, one row a case.

    Columns: tanggal, status, jenis, wilayah, kode, tahap, artikel, media, naskah, judul, bukti, kejadian.
    A case is one row, however many outlets print it; `tanggal` is the day of its first report, as `sejak` and
    `sampai` take it, and `rekap` gives the last one too. `naskah` counts independent texts, `bukti` is the first
    sentence that asserts the act, `kejadian` the event's id, `status` "diduga" until a body has decided.
    """
    return answer(db, "baru", f=filters.values(), limit=limit)


def rekap(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    aktif_sejak: str | None = None,
    aktif_sampai: str | None = None,
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return cases with what stands behind each: archived page, SHA-256, model; for recaps and exports.

    Columns: pertama, terakhir, hari_kejadian, status, jenis, id_jenis, wilayah, kode_provinsi, kode_kabupaten,
    kode_kecamatan, kode, jabatan_terlapor, tahap, hasil, dibantah, pemilihan, artikel, media, naskah, judul,
    bukti, media_pertama, alamat, sha256, diambil, model, kejadian. `diambil` is UTC. Both `aktif_sejak` and
    `aktif_sampai` (days) given keep the cases that an article of those days tells.
    """
    values = {"aktif_sejak": aktif_sejak, "aktif_sampai": aktif_sampai, "limit": limit}
    return answer(db, "rekap", f=filters.values(), **values)


def jenis_berita(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return what the articles read are about: jenis_berita, id, artikel, jumlah_kejadian, media, persen,
    bawah, atas.

    `persen` is the share of the articles read, with its 95 % interval (Wilson). A filter on cases (jenis,
    tahap, …) narrows `jumlah_kejadian` only.
    """
    frame = answer(db, "jenis_berita", f=filters.values())
    return add_shares(frame, "artikel", float(frame["artikel"].sum()))


def berita(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    jenis_berita: str | None = None,
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return articles, the newest first.

    Columns: tanggal, media, judul, jenis_berita, jenis, wilayah, kode, keyakinan, alamat, sha256, id, kejadian.
    `jenis_berita` keeps one kind (pelanggaran, pencegahan, informasi, lainnya).
    """
    return answer(db, "berita", f=filters.values(), jenis_berita=jenis_berita, limit=limit)


def kasus_per_jenis(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by type: jenis, id, kasus, artikel, media; a case of two types counts in both."""
    return answer(db, "kasus_per_jenis", f=filters.values())


def kasus_per_wilayah(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, tingkat: Level = "kabupaten"
) -> pd.DataFrame:
    """Return alleged cases by region: peringkat, wilayah, kode, kasus, artikel, media, dibaca, sumber.

    `dibaca` counts all articles that were read about the region or by outlets at home there, `sumber` the
    outlets behind them: a region with twenty outlets looks worse than one with two. A case whose place is known
    less exactly than `tingkat` stands in no row.
    """
    return answer(db, "kasus_per_wilayah", f=filters.values(), tingkat=checked_level(tingkat))


def kasus_per_tahap(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by the furthest stage reached: tahap, id, urutan, kasus."""
    return answer(db, "kasus_per_tahap", f=filters.values())


def jabatan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return the offices of the accused, never their names: jabatan, id, kasus, artikel, media, persen, bawah, atas.

    A case that accuses two offices counts in both; `persen` is the share of all cases, with its interval.
    """
    frame = answer(db, "jabatan", f=filters.values())
    return add_shares(frame, "kasus", list(frame["semua"])).drop(columns="semua")


def bentuk_per_jabatan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return forms of partiality by office of the accused: bentuk, id, jabatan, id_jabatan, kasus, artikel."""
    return answer(db, "bentuk_per_jabatan", f=filters.values())


def bentuk_teratas(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, teratas: int = 5
) -> pd.DataFrame:
    """Return the most frequent types inside each box of violations: kotak, bentuk, id, kasus, peringkat."""
    return answer(db, "bentuk_teratas", f=filters.values(), teratas=teratas)


def pencegahan(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, tingkat: Level = "kecamatan"
) -> pd.DataFrame:
    """Return prevention events by region: wilayah, kode, kegiatan, peserta, artikel, media, terakhir, kasus.

    `kegiatan` counts events once, `peserta` sums the participants that articles give (empty where none does),
    `terakhir` is the day of the newest, `kasus` the alleged cases of the same region. Events whose place is
    known less exactly stand in a row without a code.
    """
    return answer(db, "pencegahan", f=filters.values(), tingkat=checked_level(tingkat))


def kegiatan(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST
) -> pd.DataFrame:
    """Return prevention events one by one, the newest first.

    Columns: tanggal, hari_kegiatan, wilayah, kode, peserta, judul, artikel, media, kejadian. `tanggal` is the day
    of the first report.
    """
    return answer(db, "kegiatan", f=filters.values(), limit=limit)


def klaim(db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST) -> pd.DataFrame:
    """Return figures that articles state, those first on which outlets differ; claims, never counts of cases.

    Columns: tanggal, angka, satuan, ukuran, wilayah, per_tanggal, kira_kira, menurut, media, berbeda, alamat,
    id, kejadian. `berbeda`: another outlet gives another figure for the same thing in the same event.
    """
    return answer(db, "klaim", f=filters.values(), limit=limit)


def perubahan(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST
) -> pd.DataFrame:
    """Return what outlets changed in articles after they were archived.

    Columns: terlihat, media, judul, keadaan, alinea_dihapus, alinea_ditambah, judul_berubah, dihapus,
    ditambahkan, alamat, sha256, id. `terlihat` is when the change was fetched (UTC), `keadaan` its number;
    paragraphs are divided by ¶.
    """
    return answer(db, "perubahan", f=filters.values(), limit=limit)


def artikel(db: duckdb.DuckDBPyConnection, id: str) -> pd.DataFrame:
    """Return one article with what was read from it: bagian, isi, awal, akhir, rincian.

    `id` is an article's, or an event's (the column `kejadian` of `baru`): then its first article is shown.

    One row a value, with the characters of the text that it stands on (`awal` to `akhir`); among the rows are
    the archived page with its SHA-256, why the article got its label, the model version, and what the outlet
    changed since. Raises QuestionError for an unknown id.
    """
    first = scalar(db, "SELECT first_article FROM events WHERE event_id = ?", [id])
    frame = answer(db, "artikel", id=first or id)
    if frame.empty:
        raise QuestionError(
            f"artikel {id!r}: tidak ada dalam terbitan ini; ambil `kejadian` dari "
            "`wartawas query baru`, atau id dari "
            "`wartawas query membership`"
        )
    return frame


def linimasa(db: duckdb.DuckDBPyConnection, id: str) -> pd.DataFrame:
    """Return the course of one case as its articles tell it, the oldest first.

    Columns: tanggal, tahap, hasil, sanksi, dibantah, media, judul, bukti, dihitung, alamat, sha256, id.
    `id` is an event's (column `kejadian`) or that of an article in it; `dihitung` says whether an article tells
    the event or mentions it in passing. Raises QuestionError for an unknown id.
    """
    return answer(db, "linimasa", id=_event(db, id))


def sebaran(db: duckdb.DuckDBPyConnection, id: str) -> pd.DataFrame:
    """Return how an event spread from outlet to outlet, the first article first.

    Columns: waktu_setempat, jam_sejak_pertama, media, media_baru, sumber_resmi, judul, alamat, sha256, id.
    `id` as for linimasa.
    """
    return answer(db, "sebaran", id=_event(db, id))


def membership(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the event of every article: id, event_id; one that tells no event stands under its own id."""
    return answer_with_texts(db, "membership")


def sumber(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the sources: sumber, nama, wilayah, artikel, ditolak, pertama, terakhir, hidup.

    `ditolak` counts pages that gave no article.
    """
    return answer(db, "sumber")


def cakupan(db: duckdb.DuckDBPyConnection, *, limit: int | None = 1_000) -> pd.DataFrame:
    """Return what was fetched and read by source and day: sumber, hari, halaman, artikel, ditolak."""
    return answer(db, "cakupan", limit=limit)


def invented(db: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the snapshot holds invented sources (the demo's), so that every answer must say so."""
    return bool(scalar(db, "SELECT count(*) FROM sources WHERE invented"))


def _event(db: duckdb.DuckDBPyConnection, id: str) -> str:
    """Return the id of the event, or of the event that an article tells."""
    if scalar(db, "SELECT count(*) FROM events WHERE event_id = ?", [id]):
        return id
    found = scalar(
        db, "SELECT event_id FROM event_members WHERE article_id = ? ORDER BY is_primary DESC LIMIT 1", [id]
    )
    if found is None:
        raise QuestionError(
            f"kejadian {id!r}: tidak ada dalam terbitan ini; ambil `kejadian` dari `wartawas query baru`"
        )
    return str(found)
