"""Measured accuracy: the figures with intervals of tests/bench/RESULTS.md, as its last measurement left them."""

from __future__ import annotations

import re

from reference.markdown import ROOT, table

RESULTS = ROOT / "tests" / "bench" / "RESULTS.md"
_TABLES = {
    split: re.compile(rf"^\| figure \| {split} \| 95 % interval \|.*\n(?:^\|.*\n)+", re.MULTILINE)
    for split in ("test", "retold")
}
_ROW = re.compile(r"^\| ([^|]+?) \| (0\.\d+|1\.0+) \| (\d\.\d+) – (\d\.\d+) \|", re.MULTILINE)
# What a figure means to a reader; True: the share that goes wrong is told, not the one that goes right.
_IN_WORDS = (
    ("false cases (documents)", True, "articles without a case", "get one all the same"),
    ("cases found (documents)", True, "articles with a case", "are missed"),
    ("kind accuracy", False, "articles", "get the right kind"),
    ("event place, regency", False, "acts and events", "get the right regency"),
    ("types of cases, top level", False, "types of cases", "are right by group"),
    ("types of cases", False, "types of cases", "are exactly right"),
    ("stage accuracy", False, "cases", "get the right stage"),
    ("terlapor name", False, "names of the accused", "are right"),
)


def figures(split: str = "test") -> dict[str, tuple[float, float, float]]:
    """Return value, lower and upper bound of each figure on a split, by its name in RESULTS.md."""
    text = "".join(found[0] for found in _TABLES[split].finditer(RESULTS.read_text(encoding="utf-8")))
    return {name: (float(value), float(low), float(high)) for name, value, low, high in _ROW.findall(text)}


def in_words_text() -> str:
    """Return what the figures mean, of a hundred, on written articles and on those built as real reports are."""
    known, retold = figures(), figures("retold")
    rows = []
    for name, wrong, whole, part in _IN_WORDS:
        (value, low, high), real = known[name], retold[name][0]
        if wrong:
            value, low, high, real = 1 - value, 1 - high, 1 - low, 1 - real
        share = f"{100 * value:.0f} {part}"
        rows.append([whole, share, f"{100 * low:.0f} to {100 * high:.0f}", f"{100 * real:.0f}"])
    return table(("of a hundred …", "so many …", "95 % interval", "built as real reports are"), rows)


def accuracy_text() -> str:
    """Return the tables of figures on the test split, each under the heading that it has in RESULTS.md."""
    parts = []
    for section in re.split(r"^## ", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        parts += [f"### {title.strip()}\n\n{found[0]}" for found in _TABLES["test"].finditer(body)]
    return "\n\n".join(parts)
