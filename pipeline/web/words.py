"""How values are written for people who read Indonesian: days, moments, numbers, intervals, ids."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from pipeline.tables import cells, day, empty

_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
_FIGURE = re.compile(r"(-?\d+)(,\d+)?")
_POINTS = re.compile(r"\(([+-]\d+)\.(\d+)\)")
_CASE_ID = re.compile(r"(?:ambil |kolom )`kejadian` (?:dari|pada) `wartawas query baru`")
_QUERY = re.compile(r"`wartawas query ([\w-]+)`")
EVENT_KINDS = {"kasus": "Dugaan kasus", "pencegahan": "Kegiatan pencegahan", "informasi": "Kejadian lain"}
# what news calls somebody without telling an office, and a company whose name stands elsewhere
_NO_OFFICE = frozenset(
    "pria laki-laki lelaki wanita perempuan pemuda remaja anak bapak ibu kakek nenek orang seseorang warga oknum"
    " sosok pihak pelaku terduga terlapor tersangka terdakwa terpidana tertuduh korban saksi cv pt ud"
    " seorang sejumlah beberapa sekelompok kedua ketiga keempat kelima satu dua tiga empat lima".split()
)
_SENTENCE = re.compile(r"kalimat (\d+)-(\d+)")


def moment(value: datetime | None, offset: int | float | None = None) -> str:
    """Return a UTC moment in its outlet's zone (`offset` minutes east; else WIB): "5 Maret 2024 14.30 WIB"."""
    if empty(value) or value is None:
        return "–"
    minutes = 420 if offset is None or pd.isna(offset) else int(offset)
    local = value.replace(tzinfo=None) + timedelta(minutes=minutes)
    zone = {420: "WIB", 480: "WITA", 540: "WIT"}.get(minutes, f"UTC{minutes / 60:+.0f}")
    return f"{day(local.date())} {local:%H.%M} {zone}"


def table(frame: pd.DataFrame) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    """Return a frame's columns, each with whether it holds numbers, and its rows as Indonesians write them."""
    columns = [(column, frame[column].dtype.kind in "iuf") for column in frame.columns]
    rows = [
        [cell(text, numeric) for text, (_, numeric) in zip(row, columns, strict=True)] for row in cells(frame)
    ]
    return columns, rows


_ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def cell(text: str, numeric: bool = False) -> str:
    """Return a table's cell with a day, month or number in it written as Indonesians do; any other text as it is."""
    figure = _FIGURE.fullmatch(text) if numeric else None
    if figure:
        return number(int(figure[1])) + (figure[2] or "")
    return day(text) if _DAY.fullmatch(text) else text


def joined(reasons: Any, score: float) -> str:
    """Return why an article belongs to its event, with the points of each reason and their sum where it has any."""
    text = _POINTS.sub(r"(\1,\2)", words(reasons))
    return f"{text} (nilai {number(score, 2)})" if score else text


def spoken(reasons: Any, text: str) -> list[str]:
    """Return what spoke for an article's label, each sentence quoted from its text."""
    lines = []
    for reason in reasons:
        place = _SENTENCE.fullmatch(reason)
        quote = " ".join(text[int(place[1]) : int(place[2])].split()) if place else ""
        lines.append(f"“{quote}”" if quote else _ISO.sub(lambda iso: day(iso[0]), reason))
    return [line for line in lines if not line.startswith("model ")]


def moment_of(text: str) -> str:
    """Return a moment in ISO 8601 with its zone as one in WIB."""
    return moment(datetime.fromisoformat(text).astimezone(UTC))


def seconds(value: float) -> str:
    """Return seconds since 1970 as a moment in WIB."""
    return moment(datetime.fromtimestamp(value, UTC))


def number(value: Any, digits: int = 0) -> str:
    """Return a number as Indonesians write it: 1.234,5; a dash for nothing."""
    if empty(value):
        return "–"
    if isinstance(value, float) and math.isinf(value):
        return "∞"
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def share(value: Any) -> str:
    """Return a share of 0 to 1 as a whole percentage."""
    return "–" if empty(value) else f"{number(100 * value)} %"


def words(value: Any) -> str:
    """Return an id as words ("tidak_disebut" → "tidak disebut"); several are parted by commas."""
    if empty(value):
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(words(item) for item in value)
    return str(value).replace("_", " ")


def event_title(kind: str, *facts: str | None) -> str:
    """Return what an event is called: "Dugaan kasus: Politik uang, Kabupaten Garut"."""
    known = ", ".join(filter(None, facts))
    return f"{EVENT_KINDS[kind]}: {known}" if known else EVENT_KINDS[kind]


def office(written: str | None) -> str | None:
    """Return what news calls somebody's office, None where its words name none ("dua pria", "oknum")."""
    named = written and not all(word in _NO_OFFICE for word in written.lower().split())
    return written if named else None


def told(message: str) -> str:
    """Return a message of the command line in the words of the desk: pages in place of commands."""
    page = _CASE_ID.sub("salin dari alamat halaman kasus", message)
    return _QUERY.sub(r"halaman Tanya (\1)", page).replace(
        "jalankan `wartawas publish` lagi", "minta pengelola menerbitkannya lagi (`wartawas publish`)"
    )
