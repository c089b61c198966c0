"""Answers as people and programs take them: cells of a table, JSON Lines, CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# where a spreadsheet parts cells by semicolons, as it does in Indonesia, a cell begins behind each of them, and quotes
# do not hold a line break: they do not stand at the beginning of what it takes for a cell
_PARTED = re.compile(r"""([;\t\r\n][\s\ufeff"]*)(?=[=+@-])""")
_CELL = 160
_YES_NO = {True: "ya", False: "tidak"}
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
_WEEKDAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()


def json_rows(frame: pd.DataFrame, *, note: str | None = None) -> Iterator[str]:
    """Yield one JSON object a row; a missing value is null, a day or time is ISO 8601.

    With `note`, every object ends in a key `catatan` that holds it.
    """
    extra = {} if note is None else {"catatan": note}
    for row in plain_rows(frame):
        yield json.dumps({**dict(zip(frame.columns, row, strict=True)), **extra}, ensure_ascii=False)


def csv_text(frame: pd.DataFrame, *, note: str | None = None) -> str:
    """Return the frame as CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front.

    Characters that steer a terminal or turn the direction of a text are left out. With `note`, every row ends in
    a column `catatan` that holds it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    extra = [] if note is None else [note]
    head = [] if note is None else ["catatan"]
    writer.writerow([*frame.columns, *head])
    for row in plain_rows(frame):
        writer.writerow([_harmless(value) for value in [*row, *extra]])
    return out.getvalue()


def cells(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield each row as short texts without control characters, fit for a terminal."""
    for row in plain_rows(frame):
        yield [_cell(value) for value in row]


def plain_rows(frame: pd.DataFrame) -> Iterator[list[Any]]:
    """Yield each row as plain values: None where one is missing, a day or time as ISO 8601."""
    for row in frame.itertuples(index=False, name=None):
        yield [_plain(value) for value in row]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of an answer for a page; what stands for nothing is None there, never "nan"."""
    return [
        {str(name): None if empty(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def empty(value: Any) -> bool:
    """Return whether a value of a row stands for nothing."""
    if isinstance(value, (list, tuple, str)):
        return not value
    return bool(pd.isna(value))


def day(value: Any, *, weekday: bool = False) -> str:
    """Return a day, an ISO date, month or range as "5 Maret 2024", "Maret 2024" or "5 Maret 2024 – 9 Maret 2024".

    A text that is none of them stays as it is; nothing is a dash.
    """
    if empty(value):
        return "–"
    if isinstance(value, (date, datetime)):
        text = f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        return f"{_WEEKDAYS[value.weekday()]}, {text}" if weekday else text
    first, _, last = str(value).partition("/")
    return f"{_iso_day(first)} – {_iso_day(last)}" if last else _iso_day(first)


def _iso_day(text: str) -> str:
    try:
        if len(text) == 7:
            return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"
        return day(date.fromisoformat(text))
    except (ValueError, IndexError):
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, (list, np.ndarray)):
        return [_plain(item) for item in value]
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _harmless(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if isinstance(value, bool):
        return _YES_NO[value]
    if not isinstance(value, str):
        return "" if value is None else value
    text = _PARTED.sub(r"\1'", _UNSEEN.sub("", value))
    return "'" + text if text.lstrip(" \n\u00a0\ufeff").startswith(_FORMULA) else text


def legible(text: str) -> str:
    """Return the text without control and direction characters."""
    return _CONTROL.sub(" ", text)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".").replace(".", ",")
    text = _CONTROL.sub(" ", "; ".join(map(str, value)) if isinstance(value, list) else str(value)).strip()
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
