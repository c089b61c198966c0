"""What reviewers decided, in an SQLite file of its own: rows are only ever added, so each can be undone.

A decision names articles by URL and text hash and not by any id of the store: it holds after the archive was
read anew by another model, and in a store that was rebuilt from nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.review_file import ReviewError, ReviewFile

_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('join', 'split', 'withdraw')),
    withdraws  INTEGER UNIQUE REFERENCES decisions (id),
    sides      TEXT NOT NULL,
    reviewer   TEXT NOT NULL CHECK (reviewer <> ''),
    note       TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK ((kind = 'withdraw') = (withdraws IS NOT NULL))
);
CREATE TRIGGER IF NOT EXISTS decisions_stay BEFORE UPDATE ON decisions
BEGIN SELECT raise(ABORT, 'a decision is never changed: withdraw it'); END;
CREATE TRIGGER IF NOT EXISTS decisions_last BEFORE DELETE ON decisions
BEGIN SELECT raise(ABORT, 'a decision is never deleted: withdraw it'); END;
"""
_INSERT = (
    "INSERT INTO decisions (kind, withdraws, sides, reviewer, note, decided_at) VALUES (?, ?, ?, ?, ?, ?)"
)

Kind = Literal["join", "split"]


class RegroupConflict(ReviewError):
    """Somebody else decided about the same articles in between; `decisions` are theirs."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        super().__init__("kejadian ini baru saja digabung atau dipisah orang lain")
        self.decisions = tuple(decisions)


@dataclass(frozen=True, slots=True)
class TextRef:
    """An article as a reviewer saw it: its address (None for a text given by hand) and its text's SHA-256."""

    url: str | None
    text_hash: str


@dataclass(frozen=True, slots=True)
class Decision:
    """That the articles of both sides tell one event (`join`), or those of one side another (`split`).

    `withdrawn_by` is who undid it, None while it holds; times are UTC.
    """

    id: int
    kind: Kind
    left: tuple[TextRef, ...]
    right: tuple[TextRef, ...]
    reviewer: str
    note: str
    decided_at: datetime
    withdrawn_by: str | None = None


class Reviews(ReviewFile):
    """The decisions about events in the file of reviews."""

    table, schema = "decisions", _SCHEMA

    def decide(
        self,
        kind: Kind,
        left: Iterable[TextRef],
        right: Iterable[TextRef],
        *,
        reviewer: str,
        note: str = "",
        seen: int | None = None,
    ) -> int:
        """Keep a decision and return its number; a later one overrules an earlier one about the same pair.

        `seen` is the last number that the reviewer knew of (`last`). Raises RegroupConflict where a newer one is
        about any of the articles, ReviewError where a side is empty, or one article stands on both.
        """
        sides = [sorted({(ref.url or "", ref.text_hash) for ref in side}) for side in (left, right)]
        if not all(sides) or set(sides[0]) & set(sides[1]):
            raise ReviewError("sisakan sedikitnya satu artikel, dan jangan gabungkan artikel yang sama")
        with self._writing():
            if seen is not None and (newer := self._about({*sides[0], *sides[1]}, seen)):
                raise RegroupConflict(newer)
            return self._add(kind, None, json.dumps(sides), reviewer, note)

    def last(self) -> int:
        """Return the number of the last row, 0 where there is none."""
        return int(self._con.execute("SELECT coalesce(max(id), 0) FROM decisions").fetchone()[0])

    def _about(self, refs: set[tuple[str, str]], after: int) -> list[Decision]:
        """Return the decisions about any of these articles that were made, or undone, after a row."""
        rows = self._con.execute(
            "SELECT coalesce(withdraws, id) FROM decisions WHERE id > ?", (after,)
        ).fetchall()
        return [
            decision
            for decision in self.decisions(active=False)
            if (decision.id,) in rows
            and refs & {(ref.url or "", ref.text_hash) for ref in (*decision.left, *decision.right)}
        ]

    def withdraw(self, decision: int, *, reviewer: str, note: str = "") -> None:
        """Undo a decision: what it overruled holds again. Raises ReviewError for an unknown or undone one."""
        row = self._con.execute("SELECT kind FROM decisions WHERE id = ?", (decision,)).fetchone()
        if row is None or row[0] == "withdraw":
            raise ReviewError(f"keputusan {decision}: tidak ada")
        try:
            self._add("withdraw", decision, "[]", reviewer, note)
        except sqlite3.IntegrityError:
            raise ReviewError(f"keputusan {decision}: sudah diurungkan") from None

    def decisions(self, *, active: bool = True) -> list[Decision]:
        """Return the decisions that hold, oldest first, or with `active` False all that were ever made."""
        rows = self._con.execute(
            "SELECT d.id, d.kind, d.sides, d.reviewer, d.note, d.decided_at, w.reviewer"
            " FROM decisions d LEFT JOIN decisions w ON w.withdraws = d.id"
            " WHERE d.kind <> 'withdraw' ORDER BY d.id"
        ).fetchall()
        return [_decision(row) for row in rows if not (active and row[6])]

    def _add(self, kind: str, withdraws: int | None, sides: str, reviewer: str, note: str) -> int:
        if not reviewer.strip():
            raise ReviewError("keputusan perlu nama peninjaunya")
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            cursor = self._con.execute(_INSERT, (kind, withdraws, sides, reviewer.strip(), note, moment))
        except sqlite3.OperationalError as error:
            raise ReviewError(f"{self._path}: the decision was not kept ({error})") from None
        return int(cursor.lastrowid or 0)


def forget_decisions(path: Path, hide: Callable[[TextRef, str], str | None]) -> int:
    """Rewrite what reviewers decided, for an erasure, and return how many rows changed.

    `hide` takes (article, note) for each article of a decision and returns the note to keep, or None where the article
    goes, and the note with it. A row stays even without articles, so that no later one gets its number. Only an erasure
    may change a decision.
    """
    if not path.is_file():
        return 0
    changed = 0
    with Reviews.rewriting(path, "stay") as con:
        rows = con.execute(
            "SELECT d.id, d.sides, d.note, coalesce(w.sides, d.sides) FROM decisions d"
            " LEFT JOIN decisions w ON w.id = d.withdraws"
        ).fetchall()
        for number, sides, note, about in rows:
            kept = _without(sides, about, note, hide)
            if kept != (sides, note):
                con.execute("UPDATE decisions SET sides = ?, note = ? WHERE id = ?", (*kept, number))
                changed += 1
    return changed


def move_decisions(path: Path, moved: Mapping[TextRef, str]) -> None:
    """Let what was decided about these texts hold for those that took their place, given by their hashes."""
    if not moved or not path.is_file():
        return
    with Reviews.rewriting(path, "stay") as con:
        for number, written in con.execute("SELECT id, sides FROM decisions").fetchall():
            sides = json.loads(written)
            follow = [
                [(url, moved.get(TextRef(url or None, text_hash), text_hash)) for url, text_hash in side]
                for side in sides
            ]
            con.execute("UPDATE decisions SET sides = ? WHERE id = ?", (json.dumps(follow), number))


def _without(
    sides: str, about: str, note: str, hide: Callable[[TextRef, str], str | None]
) -> tuple[str, str]:
    """Return a row's sides and note without what `hide` takes; the note speaks of the articles of `about`."""
    gone = set()
    for url, text_hash in (pair for side in json.loads(about) for pair in side):
        kept = hide(TextRef(url or None, text_hash), note)
        if kept is None:
            gone.add((url, text_hash))
        note = kept or ""
    left = [[pair for pair in side if tuple(pair) not in gone] for side in json.loads(sides)]
    return json.dumps(left) if gone else sides, note


def _decision(row: tuple[object, ...]) -> Decision:
    number, kind, sides, reviewer, note, decided_at, withdrawn_by = row
    left, right = (
        tuple(TextRef(url or None, text_hash) for url, text_hash in side) for side in json.loads(str(sides))
    )
    return Decision(
        int(str(number)), "join" if kind == "join" else "split", left, right, str(reviewer), str(note),
        datetime.fromisoformat(str(decided_at)), None if withdrawn_by is None else str(withdrawn_by),
    )  # fmt: skip
