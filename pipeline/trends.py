"""Questions about more and less: rates with what was read behind them, intervals, elections and regions compared.

A rate is cases per 1,000 articles read ("intensitas pemberitaan") with a 95 % Poisson interval. It says how much is
reported, not how vulnerable a region is, and is no Indeks Kerawanan Pemilu.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from typing import Any, Literal

import duckdb
import pandas as pd

from pipeline.answer import LIST, Level, answer, checked_level
from pipeline.elections import load_elections, stages_between, voted_on_one_day
from pipeline.filters import ANY, Filters, QuestionError
from pipeline.intervals import add_rates, poisson_tail
from pipeline.labels import DATA

Unit = Literal["hari", "minggu", "bulan"]
_UNITS = {"hari": "day", "minggu": "week", "bulan": "month"}
_BEFORE = 8  # periods whose median number of sources is the usual one
_SOURCES = 6  # with fewer sources than that, half of them may be silent by chance
_NO_CASES = 0.5  # what a region without earlier cases is taken to have had in its 52 weeks


def tren(db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, satuan: Unit = "minggu") -> pd.DataFrame:
    """Return alleged cases over time by the first report, each day, week (from Monday) or month between the first
    and the last in which anything was read.

    Columns: mulai, kasus, dibaca, sumber, per_1000_artikel, bawah, atas, sumber_berhenti, celah, tahapan.
    `dibaca` and `sumber` are the articles and outlets behind it, `sumber_berhenti` counts outlets that gave
    their last article then and nothing since; `celah` marks what must not be read as quiet; `tahapan` lists the
    election stages of that time, by regulation.
    """
    if satuan not in _UNITS:
        raise QuestionError(f"satuan {satuan!r}: pilih salah satu dari {', '.join(_UNITS)}")
    frame = answer(db, "tren", f=filters.values(), satuan=_UNITS[satuan])
    frame = add_rates(frame)
    usual = frame["sumber"].shift().rolling(_BEFORE, min_periods=1).median()
    frame["celah"] = [_gap(n, before) for n, before in zip(frame["sumber"], usual, strict=True)]
    frame["tahapan"] = [
        _stages_of(day.date(), end.date())
        for day, end in zip(frame["mulai"], _ends(frame["mulai"], satuan), strict=True)
    ]
    order = "mulai kasus dibaca sumber per_1000_artikel bawah atas sumber_berhenti celah tahapan".split()
    return frame[order]


def _gap(sources: int, before: float) -> str | None:
    if sources == 0:
        return "tidak ada yang dibaca"
    return "sumber jauh berkurang" if before >= _SOURCES and sources * 2 < before else None


def _ends(starts: pd.Series[Any], satuan: str) -> pd.Series[Any]:
    if satuan == "bulan":
        return starts + pd.offsets.MonthEnd(0)
    return starts + pd.Timedelta(days=6 if satuan == "minggu" else 0)


def _stages_of(first: date, last: date) -> str | None:
    names = [f"{stage.name} ({election.id})" for election, stage in stages_between(first, last)]
    return "; ".join(names) or None


def kasus_per_bulan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by month of the first report.

    Columns: bulan, kasus, artikel_dibaca, sumber, per_1000_artikel, bawah, atas, sumber_berhenti, celah, tahapan.
    Every month between the first and the last reading is listed, also without a case; one with `sumber` 0 is a gap in
    the reading and not a quiet month. Otherwise as tren.
    """
    frame = tren(db, filters, satuan="bulan").rename(columns={"mulai": "bulan", "dibaca": "artikel_dibaca"})
    frame["bulan"] = [day.strftime("%Y-%m") for day in frame["bulan"]]
    return frame


def intensitas(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, tingkat: Level = "kabupaten"
) -> pd.DataFrame:
    """Return how intensely regions are reported: wilayah, kode, kasus, dibaca, sumber, per_1000_artikel, bawah, atas.

    The highest rate first. Not comparable where `dibaca` is small: look at the interval.
    """
    frame = answer(db, "kasus_per_wilayah", f=filters.values(), tingkat=checked_level(tingkat))
    frame = add_rates(frame[["wilayah", "kode", "kasus", "dibaca", "sumber"]])
    return frame.sort_values(
        ["per_1000_artikel", "kasus", "kode"], ascending=[False, False, True], ignore_index=True
    )


def tahapan(db: duckdb.DuckDBPyConnection, filters: Filters = ANY) -> pd.DataFrame:
    """Return alleged cases by election stage: of the elections asked for (filter pemilihan), or of all.

    Columns: pemilihan, tahapan, id, mulai, selesai, hari, kasus, temuan, laporan, pertama_diberitakan,
    dibaca, sumber, per_1000_artikel, bawah, atas, pasti. A case counts in each stage into which its act fell (its first
    report where the day of the act is unknown); `temuan` and `laporan` say where it came from. `pertama_diberitakan`
    are those first reported in these days, as the filter `tahapan` takes them, whenever the act was: theirs is the
    rate, since `dibaca` are articles of these days. Days are those of the regulation, `pasti` whether they were seen on
    published pages.
    """
    stages = [
        {"n": 0, "pemilihan": election.id, "tahapan": stage.name, "id": stage.id, "mulai": stage.start,
         "selesai": stage.end, "pasti": stage.verified}
        for election in load_elections().values()
        if filters.pemilihan in (None, election.id)
        for stage in election.stages
    ]  # fmt: skip
    for n, stage in enumerate(stages):
        stage["n"] = n
    counts = answer(db, "tahapan", f=filters.values(), tahapan=stages)
    frame = add_rates(counts, "pertama_diberitakan")
    return frame[[*(name for name in frame.columns if name != "pasti"), "pasti"]]


def banding_pemilihan(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, pertama: str, kedua: str, minggu: int = 26
) -> pd.DataFrame:
    """Return two elections week by week before voting, the same weeks beside each other.

    Columns: pemilihan, minggu, mulai, selesai, tahapan, kasus, pertama_diberitakan, dibaca, sumber, per_1000_artikel,
    bawah, atas. Week 0 ends on the day of voting; the two weeks after it are listed too. As in `tahapan`, `kasus` count
    by the day of the act, and the rate is that of `pertama_diberitakan`, the cases first reported in that week. All
    cases of a week count, whichever election they are about (filter pemilihan). Repeated votes of many days (psu) are
    refused.
    """
    known = voted_on_one_day()
    for name in (pertama, kedua):
        if name not in known:
            many = (
                " dipungut pada banyak hari, jadi minggunya tidak dapat dihitung;"
                if name in load_elections()
                else ""
            )
            raise QuestionError(f"pemilihan {name!r}:{many} pilih salah satu dari {', '.join(known)}")
    votes = [
        {"pemilihan": name, "hari_pungut": load_elections()[name].vote}
        for name in dict.fromkeys((pertama, kedua))
    ]
    weeks = answer(db, "banding_pemilihan", f=filters.values(), pemilihan=votes, minggu=minggu)
    frame = add_rates(weeks, "pertama_diberitakan")
    named = [
        "; ".join(
            stage.name
            for stage in load_elections()[row["pemilihan"]].stages
            if stage.start <= row["selesai"].date() and stage.end >= row["mulai"].date()
        )
        or None
        for row in frame.to_dict("records")
    ]
    frame.insert(4, "tahapan", pd.Series(named, dtype=object))
    return frame


def banding_wilayah(
    db: duckdb.DuckDBPyConnection, filters: Filters = ANY, *, pertama: str, kedua: str
) -> pd.DataFrame:
    """Return two regions side by side: ukuran, and for each region a column under its code with the value, and
    its interval per 1,000 articles read.

    Columns: ukuran, id, nilai_1, per_1000_1, bawah_1, atas_1, nilai_2, per_1000_2, bawah_2, atas_2.
    """
    from dataclasses import replace

    sides = []
    for n, code in enumerate((pertama, kedua), 1):
        frame = answer(db, "profil", f=replace(filters, wilayah=code).values())
        read = frame["nilai"].iloc[0]
        counts = frame["id"].notna()
        rates = add_rates(frame.assign(kasus=frame["nilai"].where(counts, 0), dibaca=read))
        side = pd.DataFrame({"ukuran": frame["ukuran"], "id": frame["id"], f"nilai_{n}": frame["nilai"]})
        for name, column in (("per_1000", "per_1000_artikel"), ("bawah", "bawah"), ("atas", "atas")):
            side[f"{name}_{n}"] = rates[column].where(counts)
        sides.append(side)
    joined = pd.concat([sides[0], sides[1].drop(columns=["ukuran", "id"])], axis=1)
    kept = joined["id"].isna() | (joined["nilai_1"] > 0) | (joined["nilai_2"] > 0)
    return joined[kept].reset_index(drop=True)


def lonjakan(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    tingkat: Level = "kabupaten",
    minimal: int = 3,
    per: date | None = None,
) -> pd.DataFrame:
    """Return where more cases of a group of types were first reported in the last seven days than the region's own
    52 weeks before lead to expect.

    Columns: wilayah, kode, jenis, id, mulai, kasus, biasa, lipat, peluang, dibaca. `biasa` is what is expected
    for as many articles as were read now, `peluang` how likely at least so many are by chance (Poisson); rows
    with a chance over 1 % are left out.
    """
    values = {"tingkat": checked_level(tingkat), "minimal": minimal, "per": per}
    frame = answer(db, "lonjakan", f=filters.values(), **values)
    weeks = [  # a region of which nothing was read now is not known to be quiet: the days count
        now / before if now and before else 1 / 52
        for now, before in zip(frame["dibaca"], frame["dibaca_sebelumnya"], strict=True)
    ]
    usual = [max(n, _NO_CASES) * week for n, week in zip(frame["sebelumnya"], weeks, strict=True)]
    frame["biasa"] = [round(n, 2) for n in usual]
    frame["lipat"] = [round(n / of, 1) if of else None for n, of in zip(frame["kasus"], usual, strict=True)]
    frame["peluang"] = [poisson_tail(n, of) for n, of in zip(frame["kasus"], usual, strict=True)]
    frame = frame[frame["peluang"] <= 0.01].sort_values(["peluang", "kode", "id"], ignore_index=True)
    return frame["wilayah kode jenis id mulai kasus biasa lipat peluang dibaca".split()]


def titik_buta(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    tingkat: Level = "kabupaten",
    limit: int | None = LIST,
) -> pd.DataFrame:
    """Return the regions of which least was read, beside the vulnerability index that Bawaslu published.

    Columns: wilayah, kode, dibaca, sumber, kasus, ikp, kelas_ikp, sumber_ikp. The index is that of the province;
    empty where no published figure is known. Few articles may mean that nothing happened or that nobody reports.
    """
    frame = answer(db, "titik_buta", f=filters.values(), tingkat=checked_level(tingkat), limit=limit)
    found = [_index(str(code)[:2]) for code in frame["kode"]]
    return frame.assign(
        ikp=pd.Series([score for score, _, _ in found], dtype=float),
        kelas_ikp=pd.Series([kind for _, kind, _ in found], dtype=object),
        sumber_ikp=pd.Series([name for _, _, name in found], dtype=object),
    )


def _index(province: str) -> tuple[float | None, str | None, str | None]:
    for index in _load_indexes():
        if province in index.get("scores", {}):
            score = float(index["scores"][province])
            kind = "tinggi" if score >= index["high"] else "sedang" if score >= index["middle"] else "rendah"
            return score, kind, index["name"]
        if province in index.get("classes", {}):
            return None, index["classes"][province], index["name"]
    return None, None, None


@cache
def _load_indexes() -> list[dict[str, Any]]:
    table = tomllib.loads((DATA / "taxonomy" / "ikp.toml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = table["index"]
    return entries
