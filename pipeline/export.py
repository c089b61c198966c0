"""Files to take along: an answer as CSV, XLSX, Parquet, JSON Lines or GeoJSON, with what it was made from.

Every file says (in itself or in FILE.keterangan.json beside it) which question was asked, what was filtered, which
snapshot answered and how much had been read, and whether it holds all rows. Nothing in it runs: texts from the web
stay texts. Days and months are ISO 8601 in every format but XLSX, where they are dates that a spreadsheet shows in
Indonesian. Files are written beside their place and moved there when they are whole.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.database import utc_now
from pipeline.drafts import draft_of
from pipeline.headings import heading
from pipeline.query import Totals
from pipeline.shelf import Snapshot
from pipeline.tables import csv_text, day, json_rows, legible, plain_rows

_SHEET_ROWS = 1_048_575  # what a sheet holds below its heading
_CELL = 32_767
_WIDEST = 60
# what a cell of an XLSX file holds as a date, and how a spreadsheet shows it: in Indonesian (language 0x421)
_DATES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"), "[$-421]d mmmm yyyy hh\\.mm"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "[$-421]d mmmm yyyy"),
    (re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"), "[$-421]mmmm yyyy"),
)
_RANGE = re.compile(r"\d{4}-\d\d(?:-\d\d)?/\d{4}-\d\d(?:-\d\d)?")
_BOM = "\ufeff"  # without it spreadsheets take UTF-8 for their own code page


class ExportError(ValueError):
    """A file cannot be written as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class About:
    """What stands behind an export. `lengkap` says whether it holds every row; `catatan` what a reader must know."""

    pertanyaan: str
    ringkasan: str
    saringan: Mapping[str, str]
    snapshot: int
    diterbitkan: str
    dibuat: str
    artikel_dibaca: int
    sumber: int
    sumber_hidup: int
    baris: int
    lengkap: bool
    catatan: tuple[str, ...]


NOTES = (
    "Semua kasus adalah dugaan sampai diputus lembaga berwenang; nama terlapor dan anak disamarkan.",
    "Angka menghitung pemberitaan yang dibaca, bukan register; intensitas pemberitaan bukan Indeks Kerawanan Pemilu.",
    "Kode wilayah adalah teks, bukan angka: 32.10 bukan 32.1. Baca kolomnya sebagai teks (di Parquet sudah begitu).",
)
INVENTED = "CONTOH – rekaan"
FORMATS = ("csv", "xlsx", "parquet", "jsonl", "geojson")
Points = Mapping[str, tuple[float, float]]


def write_export(frame: pd.DataFrame, about: About, path: Path, points: Points | None = None) -> list[Path]:
    """Write the frame to `path` in the format of its suffix; return the files written.

    Each row also gets the number of the snapshot. `points` are coordinates (longitude, latitude) by region code for
    GeoJSON; a place takes that of the smallest region around it that has one, whose code is `kode_titik`, and has no
    geometry where none has. Raises ExportError for another suffix, and for rows without places.
    """
    kind = path.suffix.lstrip(".").lower()
    writer = _WRITERS.get(kind)
    if writer is None:
        raise ExportError(f"{path}: end its name in one of {', '.join('.' + name for name in FORMATS)}")
    if "snapshot" not in frame.columns:
        frame = frame.assign(snapshot=about.snapshot)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = [path]
    with ExitStack() as drafts:  # both are moved when both are whole
        draft = drafts.enter_context(draft_of(path))
        if kind == "geojson":
            _write_geojson(frame, about, draft, points or {})
        else:
            writer(frame, about, draft)
        if kind in ("csv", "jsonl"):
            beside = path.with_name(path.name + ".keterangan.json")
            told = json.dumps(asdict(about), ensure_ascii=False, indent=1) + "\n"
            drafts.enter_context(draft_of(beside)).write_text(told, encoding="utf-8")
            written.append(beside)
    return written


def describe_answer(
    question: tuple[str, str],
    filters: Mapping[str, str],
    snapshot: Snapshot,
    totals: Totals,
    *,
    rows: int,
    limit: int,
    path: Path,
    invented: bool,
) -> About:
    """Return what stands behind the answer of so many rows that `path` is to hold; `limit` 0 means all.

    `question` is what was asked and its summary.
    `baris` is how many rows the file takes: fewer than there are where the limit or a spreadsheet cuts them.
    """
    kept = min(rows, limit) if limit else rows
    notes = [*([INVENTED] if invented else []), *NOTES]
    if path.suffix.lower() == ".xlsx" and kept > _SHEET_ROWS:
        kept = _SHEET_ROWS
        notes.append("Lembar kerja tidak dapat memuat semua baris; pakai .csv atau .parquet.")
    return About(
        pertanyaan=question[0],
        ringkasan=question[1],
        saringan=dict(filters),
        snapshot=snapshot.number,
        diterbitkan=str(snapshot.manifest.get("published", "?")),
        dibuat=f"{utc_now():%Y-%m-%dT%H:%M:%SZ}",
        artikel_dibaca=totals.articles,
        sumber=totals.sources,
        sumber_hidup=totals.living_sources,
        baris=kept,
        lengkap=kept == rows,
        catatan=tuple(notes),
    )


def load_points(path: Path) -> dict[str, tuple[float, float]]:
    """Return coordinates from a CSV file with the columns kode, lon and lat (degrees, WGS 84); raises ExportError."""
    points = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                lon, lat = float(row["lon"]), float(row["lat"])
                if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                    raise ExportError(
                        f"{path}: {row['kode']} lies at {lon}, {lat}, which is no place on Earth"
                    )
                points[row["kode"]] = (lon, lat)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(f"{path}: a CSV with the columns kode, lon, lat was expected ({error})") from None
    return points


def about_lines(about: About) -> Iterator[tuple[str, str]]:
    """Yield what stands behind an export as (label, text), for sheets and reports."""
    yield "Pertanyaan", f"{about.pertanyaan} – {about.ringkasan}"
    chosen = "; ".join(f"{key} = {value}" for key, value in about.saringan.items())
    yield "Saringan", chosen or "tidak ada (seluruh data)"
    yield "Baris", f"{about.baris} – {'lengkap' if about.lengkap else 'TIDAK LENGKAP'}"
    yield "Snapshot", f"{about.snapshot}, diterbitkan {_utc(about.diterbitkan)}"
    yield "Dibuat", _utc(about.dibuat)
    yield "Dibaca", f"{about.artikel_dibaca} artikel dari {about.sumber} sumber ({about.sumber_hidup} hidup)"
    for note in about.catatan:
        yield "Catatan", note


def _utc(moment: str) -> str:
    """Return "2024-12-01T00:30:00Z" as "1 Desember 2024 00.30 UTC"."""
    return f"{day(moment[:10])} {moment[11:16].replace(':', '.')} UTC" if moment.endswith("Z") else moment


def _write_csv(frame: pd.DataFrame, about: About, path: Path) -> None:
    path.write_text(_BOM + csv_text(frame, note=_mark(about)), encoding="utf-8", newline="")


def _write_jsonl(frame: pd.DataFrame, about: About, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in json_rows(frame, note=_mark(about)):
            file.write(row + "\n")


def _write_parquet(frame: pd.DataFrame, about: About, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = {b"keterangan": json.dumps(asdict(about), ensure_ascii=False).encode()}
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **told}), path)


def _write_geojson(frame: pd.DataFrame, about: About, path: Path, points: Points) -> None:
    if "kode" not in frame.columns:
        raise ExportError(
            f"{about.pertanyaan}: its rows have no places (no column `kode`); take another format"
        )
    features = []
    codes = []
    columns = list(frame.columns)
    for row in plain_rows(frame):
        values = dict(zip(columns, row, strict=True))
        code = _nearest(values["kode"] or "", points)
        codes.append((code, values["kode"]))
        geometry = {"type": "Point", "coordinates": list(points[code])} if code else None
        properties = {**values, "kode_titik": code}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    placed, above = sum(bool(at) for at, _ in codes), sum(bool(at) and at != code for at, code in codes)
    text = f"{placed} dari {len(features)} baris memiliki koordinat, {above} di antaranya dari wilayah di atasnya"
    told = {**asdict(about), "titik": f"{text} (kode_titik)"}
    document = {"type": "FeatureCollection", "keterangan": told, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _nearest(code: str, points: Points) -> str | None:
    """Return the code of a region or of the smallest one around it that has a point, None where none has."""
    while code and code not in points:
        code = code.rpartition(".")[0]
    return code or None


def _write_xlsx(frame: pd.DataFrame, about: About, path: Path) -> None:
    from xlsxwriter.exceptions import FileCreateError

    made = io.BytesIO()  # a zip file on a full disk cannot be closed, and prints a trace of its own
    try:
        _write_book(frame, about, made)
    except FileCreateError as error:  # around what went wrong with its temporary files
        raise (error.args[0] if isinstance(error.args[0], OSError) else error) from None
    path.write_bytes(made.getbuffer())


def _write_book(frame: pd.DataFrame, about: About, made: io.BytesIO) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": f"Wartawas: {about.ringkasan}", "comments": _mark(about) or ""})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"valign": "top"})
        dates = [(form, book.add_format({"valign": "top", "align": "left", "num_format": shown}))
                 for form, shown in _DATES]  # fmt: skip
        data = book.add_worksheet("Data")
        mark = _mark(about)
        columns = [*frame.columns, *(["catatan"] if mark else [])]
        rows = [[*row, *([mark] if mark else [])] for row in plain_rows(frame)]
        for n, column in enumerate(columns):
            data.set_column(n, n, _width(column, rows[:200], n))
        data.freeze_panes(1, 0)
        data.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        for n, column in enumerate(columns):
            data.write_string(0, n, heading(column), bold)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate(row):
                _write_cell(data, y, x, value, dates, plain)
        told = book.add_worksheet("Keterangan")
        told.set_column(0, 0, 14)
        told.set_column(1, 1, 100)
        for y, (label, text) in enumerate(about_lines(about)):
            told.write_string(y, 0, label, bold)
            told.write_string(y, 1, legible(text)[:_CELL], plain)


def _write_cell(sheet: Any, y: int, x: int, value: Any, dates: Any, plain: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(y, x, "ya" if value else "tidak", plain)
    elif isinstance(value, (int, float)):
        sheet.write_number(y, x, value, plain)
    elif (found := _as_date(value, dates)) is not None:
        sheet.write_datetime(y, x, *found)
    else:
        sheet.write_string(y, x, legible(_words(value))[:_CELL], plain)


def _as_date(value: Any, dates: Any) -> tuple[datetime, Any] | None:
    """Return a text that is a day, month or moment as a date with its format; None for any other value."""
    if not isinstance(value, str):
        return None
    shown = next((shown for form, shown in dates if form.fullmatch(value)), None)
    if shown is None:
        return None
    try:
        found = datetime.fromisoformat(f"{value}-01" if len(value) == len("2024-10") else value)
    except ValueError:
        return None
    return (found, shown) if found.year >= 1900 else None  # a sheet knows no earlier day


def _words(value: Any) -> str:
    """Return a value as people read it: ranges of days and months in words, lists parted by semicolons."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return day(value) if isinstance(value, str) and _RANGE.fullmatch(value) else str(value)


def _width(column: str, rows: list[list[Any]], n: int) -> float:
    longest = max((len(_shown(row[n])) for row in rows if row[n] is not None), default=0)
    return float(min(_WIDEST, max(10, longest + 1, len(heading(column)) // 2 + 2)))


def _shown(value: Any) -> str:
    """Return about what a spreadsheet shows of a value."""
    if isinstance(value, str) and any(form.fullmatch(value) for form, _ in _DATES):
        return f"{day(value[:10])}{value[10:16]}"
    return _words(value)


def _mark(about: About) -> str | None:
    """Return the mark that invented data carry in every row."""
    return INVENTED if INVENTED in about.catatan else None


_WRITERS: dict[str, Callable[[pd.DataFrame, About, Path], None]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
    "geojson": lambda frame, about, path: _write_geojson(frame, about, path, {}),
}
