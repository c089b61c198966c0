"""The options of single questions, checked before they reach SQL: they come from command lines and addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from pipeline.filters import QuestionError, known_ids

_COUNTS = {
    "limit": 10_000_000, "hari": 36_500, "minimal": 1_000_000, "teratas": 1_000, "minggu": 520,
}  # fmt: skip
_IDS = {"jenis_berita": "kind", "lembaga": "forum", "jalur": "track"}


def check_options(db: duckdb.DuckDBPyConnection, given: dict[str, Any]) -> None:
    """Put numbers and days that were given as text into their types, in place.

    Raises QuestionError for one that is none, and for an id that the snapshot does not know.
    """
    for name, most in _COUNTS.items():
        if name in given:
            given[name] = _count(name, given[name], most)
    if "per" in given:
        given["per"] = _day(given["per"])
    for name in ("id", "pertama", "kedua"):
        if not str(given.get(name, "")).isprintable():
            raise QuestionError(f"{name}: berisi karakter yang tidak dipakai nilai mana pun")
    for name, group in _IDS.items():
        if name in given and given[name] not in known_ids(db, group):
            raise QuestionError(
                f"{name} {given[name]!r}: pilih salah satu dari {', '.join(known_ids(db, group))}"
            )


def _count(name: str, value: Any, most: int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text[:12]) <= most and len(text) <= 12):
        raise QuestionError(f"{name} {text[:40]!r}: berikan bilangan bulat dari 0 sampai {most}")
    return int(text)


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise QuestionError(f"per {str(value)[:40]!r}: berikan hari sebagai YYYY-MM-DD") from None
