"""What a weekly recap holds: the frames of named questions for one week and region, and words about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb
import pandas as pd

from pipeline import handling, query, trends
from pipeline.database import scalar
from pipeline.filters import Filters, check_filters

DAYS = 7
_TREND_WEEKS = 26
_CASES = 60  # cases that are listed one by one
_LINES = 10
# in which group of labels the values of a filter have their names
_GROUPS = {"jenis": "type", "bentuk": "bentuk", "tahap": "stage", "hasil": "outcome", "jabatan": "office"}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a recap: its title, its table, what to say where the table is empty, and a note below it."""

    title: str
    frame: pd.DataFrame
    empty: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recap:
    """A week (both days belong to it) of a region, told from one snapshot; `chosen` are the other filters in words."""

    first: date
    last: date
    area: str
    snapshot: int
    published: str
    invented: bool
    sentences: Sequence[str]
    cases: pd.DataFrame
    all_cases: int
    trend: pd.DataFrame
    types: pd.DataFrame
    regions: pd.DataFrame
    prevention: pd.DataFrame
    sections: Sequence[Section]
    chosen: Sequence[str] = ()


def newest_day(db: duckdb.DuckDBPyConnection) -> date | None:
    """Return the newest day of publication that was read, None for an empty snapshot."""
    day: date | None = scalar(db, "SELECT max(last_day) FROM outlets")
    return day


def weekly_recap(
    db: duckdb.DuckDBPyConnection,
    last: date,
    filters: Filters = Filters(),  # noqa: B008
    *,
    snapshot: int,
    published: str,
) -> Recap:
    """Return the recap of the seven days that end on `last`; raises QuestionError for a wrong filter.

    A case belongs to the week if an article of that week tells it; it is new if its first article lies in it.
    """
    check_filters(db, filters)
    first = last - timedelta(days=DAYS - 1)
    week = replace(filters, sejak=first, sampai=last)
    before = replace(filters, sejak=first - timedelta(days=DAYS), sampai=first - timedelta(days=1))
    active = query.rekap(db, filters, aktif_sejak=str(first), aktif_sampai=str(last), limit=None)
    level: query.Level = "kecamatan" if filters.wilayah and len(filters.wilayah) >= 5 else "kabupaten"
    monday = last - timedelta(days=last.weekday(), weeks=_TREND_WEEKS - 1)  # of whole weeks, but for the last
    trend = trends.tren(db, replace(filters, sejak=monday, sampai=last))
    read = query.jenis_berita(db, week)
    area = scalar(db, "SELECT place_name(?)", [filters.wilayah]) if filters.wilayah else "Seluruh Indonesia"
    return Recap(
        first=first,
        last=last,
        area=str(area),
        snapshot=snapshot,
        published=published,
        invented=query.invented(db),
        sentences=_sentences(db, active, (week, before), read, first),
        cases=active.head(_CASES),
        all_cases=len(active),
        trend=trend,
        types=query.kasus_per_jenis(db, week),
        regions=query.kasus_per_wilayah(db, week, tingkat=level),
        prevention=query.pencegahan(db, week, tingkat=level),
        sections=_sections(db, filters, last),
        chosen=[_filter_words(db, *pair) for pair in other_filters(filters).items()],
    )


def other_filters(filters: Filters) -> dict[str, str]:
    """Return the filters of a recap beside its region and its days."""
    return {key: value for key, value in filters.given().items() if key not in ("wilayah", "sejak", "sampai")}


def _filter_words(db: duckdb.DuckDBPyConnection, key: str, value: str) -> str:
    sql = 'SELECT any_value(name) FROM labels WHERE "group" = ? AND id = ?'
    name = scalar(db, sql, [_GROUPS[key], value]) if key in _GROUPS else None
    return f"{key} {name or value}"


def _sentences(
    db: duckdb.DuckDBPyConnection,
    active: pd.DataFrame,
    weeks: tuple[Filters, Filters],
    read: pd.DataFrame,
    first: date,
) -> list[str]:
    # a case that this week mentions in passing and a later one tells is new in the later one
    new, earlier = (len(query.rekap(db, days, limit=None)) for days in weeks)
    known = int((pd.to_datetime(active["pertama"]) < pd.Timestamp(first)).sum())
    kinds = {row["id"]: row for row in read.to_dict("records")}
    change = new - earlier
    words = (
        "sama dengan"
        if change == 0
        else f"{abs(change)} lebih {'banyak' if change > 0 else 'sedikit'} daripada"
    )
    articles = int(read["artikel"].sum())
    lines = [
        f"{new} dugaan kasus baru diberitakan, {words} minggu sebelumnya; {known} kasus lama "
        "diberitakan kembali.",
        f"{kinds['pencegahan']['jumlah_kejadian']} kegiatan pencegahan diberitakan.",
        f"Dasarnya {articles} artikel yang dibaca minggu ini, {kinds['pelanggaran']['artikel']} di antaranya tentang "
        "dugaan pelanggaran.",
    ]
    if articles == 0:
        lines.append(
            "Tidak ada artikel yang dibaca: sepi di sini berarti tidak terbaca, bukan tidak terjadi."
        )
    return lines


def _sections(db: duckdb.DuckDBPyConnection, filters: Filters, last: date) -> list[Section]:
    spikes = trends.lonjakan(db, filters, per=last)
    clocks = handling.tenggat(db, filters, per=last, limit=None)
    candidates = handling.informasi_awal(
        db, replace(filters, sejak=last - timedelta(days=29), sampai=last), limit=_LINES
    )
    stalled = handling.mandek(db, replace(filters, sampai=last), per=last, limit=_LINES)
    return [
        Section("Lonjakan", spikes["wilayah kode jenis kasus biasa peluang".split()].round(4).head(_LINES),
                "Tidak ada lonjakan di luar kebiasaan wilayah.",
                "Dibandingkan dengan 52 minggu sebelumnya di wilayah itu sendiri, menurut artikel yang dibaca."),
        Section("Calon informasi awal", candidates["pertama jenis wilayah kode media naskah judul".split()],
                "Tidak ada dugaan di tiga media atau lebih tanpa laporan atau temuan.",
                "Diberitakan tiga media atau lebih dalam 30 hari, tanpa laporan atau temuan yang diketahui."),
        Section("Tenggat terdekat", clocks["sisa_hari batas langkah jenis wilayah tahap dasar".split()].head(_LINES),
                "Tidak ada tenggat yang berjalan.",
                f"{min(_LINES, len(clocks))} dari {len(clocks)}. Dihitung dari tanggal berita, sedangkan tenggat hukum "
                "berjalan sejak diketahui pengawas."),
        Section("Kasus tanpa kabar lebih dari 14 hari", stalled["terakhir hari jenis wilayah tahap media".split()],
                "Tidak ada.", f"Terbaru di atas, paling banyak {_LINES} baris; semuanya ada "
                "di halaman Tanya, “Kasus terbuka tanpa kabar lebih dari 14 hari”."),
        silent_sources(query.sumber(db)),
    ]  # fmt: skip


def silent_sources(frame: pd.DataFrame) -> Section:
    """Tell the sources that stopped; those of which nothing was ever read are only counted, as on the desk."""
    dead = frame[~frame["hidup"].astype(bool)]
    stopped = dead[dead["artikel"] + dead["ditolak"] > 0].sort_values("terakhir", ascending=False)
    unread = len(dead) - len(stopped)
    never = f" {unread} sumber belum pernah memberi artikel." if unread else ""
    return Section(
        "Sumber yang berhenti",
        stopped["sumber nama wilayah artikel terakhir".split()].head(_LINES),
        f"Semua sumber yang pernah memberi berita masih memberinya.{never}",
        f"{min(_LINES, len(stopped))} dari {len(stopped)}. Tidak ada yang dibaca darinya dalam 14 hari sebelum "
        f"pembacaan terakhir: celah, bukan ketenangan.{never}",
    )
