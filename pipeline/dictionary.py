"""What every table and column of a snapshot holds, in words: read from data/README.md, which a test keeps complete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.labels import DATA

_CHAPTER = "A snapshot"
_COLUMN = re.compile(r"^- `(\w+)`: (.+(?:\n  +.+)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableWords:
    """What a table holds, and what each of its columns holds by name."""

    description: str
    columns: dict[str, str]


@cache
def load_dictionary(file: Path = DATA / "README.md") -> dict[str, TableWords]:
    """Return the tables of a snapshot with their descriptions, in the order of data/README.md."""
    text = file.read_text(encoding="utf-8")
    chapters = re.split(r"^# ", text, flags=re.MULTILINE)
    chapter = next(body for body in chapters if body.startswith(_CHAPTER))
    tables = {}
    for section in re.split(r"^## ", chapter, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        head = body.split("\n- `", maxsplit=1)[0]
        columns = {key: " ".join(words.split()) for key, words in _COLUMN.findall(body)}
        tables[name.strip()] = TableWords(" ".join(head.split()), columns)
    return tables
