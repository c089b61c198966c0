"""What the generated parts share: where the repository lies, and tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SPECIAL = str.maketrans({"|": r"\|", "<": "&lt;", ">": "&gt;", "*": r"\*", "_": r"\_", "\n": " "})


def plain(text: object) -> str:
    """Return a text as Markdown that shows it as it stands, on one line."""
    return str(text).translate(_SPECIAL)


def code(text: object) -> str:
    """Return a text as code, "" for nothing."""
    shown = str(text).replace("|", r"\|").replace("\n", " ")
    return f"`{shown}`" if shown else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
