"""Questions about the course of cases: how far they came, which stand still, which clocks run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from pipeline.answer import LIST, answer
from pipeline.elections import load_elections
from pipeline.filters import ANY, Filters
from pipeline.intervals import add_shares
from pipeline.labels import DATA


def temuan_laporan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return cases by origin and result in one row, as the commission's own recap lays them out.

    Columns: per_tanggal, kasus, temuan, laporan, asal_lain, diregistrasi, tidak_diregistrasi, hasil_terbukti,
    hasil_tidak_terbukti, proses. They count cases that the news tells, not the register; `per_tanggal` is the newest
    day read. `diregistrasi` and `hasil_terbukti` count as in corong: a result on any track proves no case.
    """
    return answer(db, "temuan_laporan", f=filters.values())


def kotak(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return cases by track: kotak, id, kasus, hasil_terbukti, hasil_tidak_terbukti, dihentikan, proses.

    A case on two tracks counts on both. `hasil_terbukti` counts as in corong: a result on a track proves no case.
    """
    return answer(db, "kotak", f=filters.values())


def corong(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, jalur: str | None = None
) -> pd.DataFrame:
    """Return how far cases came: langkah, kasus, hasil_terbukti, persen, bawah, atas (share of the first step).

    `jalur` keeps one track and counts its steps alone: pidana gives the funnel of Gakkumdu. The news falls silent
    about most cases, so a step counts what is known to have happened. `hasil_terbukti` counts a result on any track
    (or on `jalur`), also one of a supervisory body, while a case's status is "terbukti" by the decision of a
    competent institution alone.
    """
    frame = answer(db, "corong", f=filters.values(), jalur=jalur)
    return add_shares(frame, "kasus", float(frame["kasus"].iloc[0]) if len(frame) else 0.0)


def mandek(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    hari: int = 14,
    per: date | None = None,
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return open cases without news for more than `hari` days before `per` (the newest day read).

    Columns: terakhir, hari, status, jenis, wilayah, kode, tahap, artikel, media, kejadian.
    """
    return answer(db, "mandek", f=filters.values(), hari=hari, per=per, limit=limit)


def tanpa_sanksi(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    lembaga: str = "bkn",
    per: date | None = None,
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return cases that went to a body and of which no decision or sanction is known.

    Columns: terakhir, hari, status, jenis, wilayah, kode, tahap, lembaga, artikel, media, kejadian; `hari` since
    the last news.
    """
    return answer(db, "tanpa_sanksi", f=filters.values(), lembaga=lembaga, per=per, limit=limit)


def alasan_henti(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return why cases were stopped or not registered: alasan, id, kasus, persen, bawah, atas.

    A case may have several reasons; `persen` is the share of all stopped cases.
    """
    frame = answer(db, "alasan_henti", f=filters.values())
    return add_shares(frame, "kasus", list(frame["semua"])).drop(columns="semua")


def informasi_awal(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, minimal: int = 3, limit: int | None = LIST
) -> pd.DataFrame:
    """Return alleged cases in at least `minimal` outlets of which no report or finding is known.

    Columns: pertama, terakhir, status, jenis, wilayah, kode, tahap, media, naskah, artikel, judul, kejadian.
    """
    return answer(db, "informasi_awal", f=filters.values(), minimal=minimal, limit=limit)


def vonis(db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST) -> pd.DataFrame:
    """Return criminal cases that came to a verdict of a court; what became of them on other tracks does not count.

    Columns: tanggal, status, jenis, wilayah, kode, pasal, hukuman, lembaga, tahap, kejadian. `tanggal` is the day
    of the last report: the verdict comes last, and the first may be months before it.
    """
    return answer(db, "vonis", f=filters.values(), limit=limit)


def mutasi(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST
) -> pd.DataFrame:
    """Return alleged transfers of officials, with whether they fell into the days in which that is banned.

    Columns: tanggal, hari_mutasi, larangan, pemilihan, status, wilayah, kode, tahap, artikel, media, judul,
    kejadian. `tanggal` is the day of the first report, `larangan` is ya or tidak where the day of the act is
    known, else "tidak tahu".
    """
    frame = answer(db, "mutasi", f=filters.values(), limit=limit)
    found = [_ban(day) for day in frame["hari_mutasi"]]
    frame.insert(2, "larangan", pd.Series([word for word, _ in found], dtype=object))
    frame.insert(3, "pemilihan", pd.Series([election for _, election in found], dtype=object))
    return frame


def _ban(day: Any) -> tuple[str, str | None]:
    if pd.isna(day):
        return "tidak tahu", None
    for election in load_elections().values():
        for stage in election.stages:
            if stage.id == "larangan_mutasi" and stage.start <= day.date() <= stage.end:
                return "ya", election.id
    return "tidak", None


def peserta_berulang(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, minimal: int = 2, limit: int | None = LIST
) -> pd.DataFrame:
    """Return sides of contests that are accused in several cases: wilayah, kode, pihak, status, kasus, terbukti.

    A side is an office as articles word it, never a person; both sides of a contest are shown alike.
    """
    return answer(db, "peserta_berulang", f=filters.values(), minimal=minimal, limit=limit)


def penyelenggara(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, limit: int | None = LIST
) -> pd.DataFrame:
    """Return cases that accuse organisers of elections, or concern their code of ethics.

    Columns: tanggal, status, jabatan, jenis, wilayah, kode, tahap, dibantah, artikel, media, kejadian. `tanggal`
    is the day of the first report.
    """
    return answer(db, "penyelenggara", f=filters.values(), limit=limit)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a step may take in a kind of election, for cases at some stages."""

    general: bool
    stages: tuple[str, ...]
    step: str
    days: int
    workdays: bool
    verified: bool

    def ends(self, start: date) -> tuple[date, bool]:
        """Return the last day, counted from the day after `start`, and whether holidays were left out as due.

        Holidays are known of a few years only; in others weekends alone are left out.
        """
        if not self.workdays:
            return start + timedelta(days=self.days), True
        from lokal import add_working_days

        try:
            return add_working_days(start, self.days), True
        except ValueError:
            return _after_weekdays(start, self.days), False


def _after_weekdays(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


@cache
def load_deadlines() -> tuple[Deadline, ...]:
    """Return the deadlines of data/taxonomy/deadlines.toml."""
    table = tomllib.loads((DATA / "taxonomy" / "deadlines.toml").read_text(encoding="utf-8"))
    return tuple(Deadline(**{**entry, "stages": tuple(entry["stages"])}) for entry in table["deadline"])


def tenggat(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    hari: int = 30,
    per: date | None = None,
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return the clocks of cases with news in the last `hari` days, the shortest time first.

    Columns: sisa_hari, batas, langkah, dasar, pertama, terakhir, status, jenis, wilayah, kode, tahap, media,
    kejadian. Days count from the last news ("dari tanggal berita"), while the law counts from when the supervisor
    knew; `dasar` says whether the term itself still has to be checked.
    """
    stages = sorted({stage for deadline in load_deadlines() for stage in deadline.stages})
    frame = answer(db, "tenggat", f=filters.values(), tahapan_kasus=stages, hari=hari, per=per)
    national = {key: election.general for key, election in load_elections().items()}
    rows = []
    for row in frame.to_dict("records"):
        deadline = _deadline(str(row["id_tahap"]), national.get(str(row["pemilihan"]), False))
        ends, holidays = deadline.ends(row["terakhir"].date())
        note = "dari tanggal berita" + ("" if deadline.verified else "; tenggat perlu diperiksa")
        note += "" if holidays else "; libur nasional belum dikurangi"
        rows.append(((ends - row["hari_ini"].date()).days, ends, deadline.step, note))
    frame.insert(0, "sisa_hari", pd.Series([row[0] for row in rows], dtype="int64"))
    frame.insert(1, "batas", pd.to_datetime(pd.Series([row[1] for row in rows], dtype=object)))
    frame.insert(2, "langkah", pd.Series([row[2] for row in rows], dtype=object))
    frame.insert(3, "dasar", pd.Series([row[3] for row in rows], dtype=object))
    frame = frame.drop(columns=["hari_ini", "id_tahap", "pemilihan"])
    frame = frame.sort_values(["sisa_hari", "kejadian"], ignore_index=True)
    return frame if limit is None else frame.head(limit)


def _deadline(stage: str, general: bool) -> Deadline:
    return next(d for d in load_deadlines() if stage in d.stages and d.general == general)
