"""Named questions over a published snapshot: each function returns one DataFrame with fixed columns.

The SQL of a question stands in answers/<question>.sql. Column names and labels are Indonesian, since analysts
read them. Nothing here says that somebody has broken the law: a case is "diduga" until a competent body has
decided, and names are masked in the snapshot. A count depends on how much was read, so `total`, `sumber` and
`cakupan` give what stands behind it; a source "lives" while it gave an article in the last 14 days before the
newest one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb
import pandas as pd

from pipeline.database import scalar
from pipeline.shelf import MASKED, connect_database

Level = Literal["provinsi", "kabupaten", "kecamatan"]


class QuestionError(ValueError):
    """A question's filter is wrong; the message names the filter and the value."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events to count: of a region (Kemendagri code), first reported from one day to another.

    `jenis` is a type (`netralitas.asn`) or a group of types (`netralitas`). None does not restrict.
    """

    wilayah: str | None = None
    sejak: date | None = None
    sampai: date | None = None
    jenis: str | None = None


ANY = Filters()


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
        row = total(db).iloc[0]
    return Totals(
        articles=int(row["artikel"]),
        cases=int(row["kasus"]),
        prevention=int(row["pencegahan"]),
        events=int(row["kejadian"]),
        sources=int(row["sumber"]),
        living_sources=int(row["sumber_hidup"]),
    )


def total(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what the snapshot holds, in one row.

    Columns: artikel, artikel_dugaan, kasus, pencegahan, kejadian, sumber, sumber_hidup, dari, sampai.
    `artikel` counts articles read, `kasus` and `pencegahan` events counted once, `kejadian` all events;
    `dari` and `sampai` are the first and last day of publication.
    """
    return _answer(db, "total")


def baru(db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int = 50) -> pd.DataFrame:
    """Return the newest cases, one row a case.

    Columns: tanggal, status, jenis, wilayah, kode, tahap, artikel, media, naskah, judul, bukti, kejadian.
    A case is one row, however many outlets print it. `naskah` counts independent texts, `bukti` is the first
    sentence that asserts the act, `kejadian` the event's id, `status` "diduga" until a body has decided.
    """
    return _answer(db, "baru", **asdict(filters), limit=limit)


def kasus_per_jenis(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by type: jenis, id, kasus, artikel, media; a case of two types counts in both."""
    return _answer(db, "kasus_per_jenis", **asdict(filters))


def kasus_per_wilayah(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, tingkat: Level = "kabupaten"
) -> pd.DataFrame:
    """Return alleged cases by region: wilayah, kode, kasus, artikel, media, dibaca, sumber.

    `dibaca` counts all articles that were read about the region, `sumber` the outlets behind them: a region
    with twenty outlets looks worse than one with two.
    """
    return _answer(db, "kasus_per_wilayah", **asdict(filters), tingkat=_level(tingkat))


def kasus_per_bulan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by month of the first report.

    Columns: bulan, kasus, artikel_dibaca, sumber, per_1000_artikel.
    Every month between the first and the last is listed; one with `sumber` 0 is a gap in the reading and
    not a quiet month.
    """
    return _answer(db, "kasus_per_bulan", **asdict(filters))


def kasus_per_tahap(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by the furthest stage reached: tahap, id, urutan, kasus."""
    return _answer(db, "kasus_per_tahap", **asdict(filters))


def pencegahan(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, tingkat: Level = "kecamatan"
) -> pd.DataFrame:
    """Return prevention events by region: wilayah, kode, kegiatan, artikel, media, terakhir, kasus.

    `kegiatan` counts events once, `terakhir` is the day of the newest, `kasus` the alleged cases of the same
    region. Events whose place is known less exactly stand in a row without a code.
    """
    return _answer(db, "pencegahan", **asdict(filters), tingkat=_level(tingkat))


def artikel(db: duckdb.DuckDBPyConnection, id: str) -> pd.DataFrame:
    """Return one article with what was read from it: bagian, isi, awal, akhir, rincian.

    `id` is an article's, or an event's (the column `kejadian` of `baru`): then its first article is shown.

    One row a value, with the characters of the text that it stands on (`awal` to `akhir`); among the rows are
    the archived page with its SHA-256, the model version, and what the outlet changed since.
    Raises QuestionError for an unknown id.
    """
    first = scalar(db, "SELECT first_article FROM events WHERE event_id = ?", [id])
    frame = _answer(db, "artikel", id=first or id)
    if frame.empty:
        raise QuestionError(
            f"article {id!r}: not in this snapshot; take a `kejadian` of `wartawas query baru`, or an id of "
            "`wartawas query membership`"
        )
    return frame


def membership(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the event of every article: id, event_id; one that tells no event stands under its own id."""
    return _answer(db, "membership")


def sumber(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the sources: sumber, nama, wilayah, artikel, ditolak, pertama, terakhir, hidup.

    `ditolak` counts pages that gave no article.
    """
    return _answer(db, "sumber")


def cakupan(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what was fetched and read by source and day: sumber, hari, halaman, artikel, ditolak."""
    return _answer(db, "cakupan")


def invented(db: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the snapshot holds invented sources (the demo's), so that every answer must say so."""
    return bool(scalar(db, "SELECT count(*) FROM sources WHERE invented"))


def check_filters(db: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """Raise QuestionError where a filter can match nothing: an unknown region or type, days in wrong order."""
    area, kind = filters.wilayah, filters.jenis
    if area is not None and not scalar(db, "SELECT count(*) FROM regions WHERE code = ?", [area]):
        raise QuestionError(
            f"wilayah {area!r}: no region has this code; give a Kemendagri code such as 32, 32.13 or 32.13.02"
        )
    known = "SELECT count(*) FROM labels WHERE \"group\" = 'type' AND (id = ? OR starts_with(id, ? || '.'))"
    if kind is not None and not scalar(db, known, [kind, kind]):
        raise QuestionError(
            f"jenis {kind!r}: no such type; `wartawas query kasus-per-jenis` shows ids such as netralitas.asn"
        )
    if filters.sejak and filters.sampai and filters.sejak > filters.sampai:
        raise QuestionError(
            f"sejak {filters.sejak} is after sampai {filters.sampai}: give the earlier day first"
        )


def _answer(db: duckdb.DuckDBPyConnection, question: str, **values: Any) -> pd.DataFrame:
    try:
        return db.execute(_sql(question), values).df()
    except (duckdb.CatalogException, duckdb.BinderException):
        raise QuestionError(
            "the snapshot was published by another version of wartawas; run `wartawas publish` again"
        ) from None


@cache
def _sql(question: str) -> str:
    return Path(__file__).with_name("answers").joinpath(f"{question}.sql").read_text(encoding="utf-8")


def _level(tingkat: str) -> str:
    if tingkat not in get_args(Level):
        raise QuestionError(f"tingkat {tingkat!r}: give one of {', '.join(get_args(Level))}")
    return tingkat
