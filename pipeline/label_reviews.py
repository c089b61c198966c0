"""What reviewers decided about the labels of articles: rows that are only ever added, beside joins and splits.

A decision hangs on an article's address and the hash of its text, on a field and, for a case, on the span of its
evidence: it outlives every id of the store and every model. Whoever decides says which row was the last one seen,
so that two reviewers never overwrite each other unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.labelling import Labels, changes, read_labels, write_labels
from pipeline.mask import mask_name
from pipeline.review_file import ReviewError, ReviewFile
from pipeline.reviews import TextRef

Action = Literal["confirm", "correct", "reject", "opinion", "withdraw"]
WHOLE = "artikel"  # the field of the row that holds all labels of an article after a decision
_MAX_NOTE = 2_000
_ID = re.compile(r"[a-z0-9_./-]+(?: \d{4})?")  # "pilkada 2024" too
_SCHEMA = """
CREATE TABLE IF NOT EXISTS labels (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    batch      INTEGER NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('confirm', 'correct', 'reject', 'opinion', 'withdraw')),
    withdraws  INTEGER UNIQUE REFERENCES labels (id),
    url        TEXT NOT NULL,
    text_hash  TEXT NOT NULL,
    field      TEXT NOT NULL,
    span_start INTEGER,
    span_end   INTEGER,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    model      TEXT NOT NULL,
    drawn      INTEGER NOT NULL,
    reviewer   TEXT NOT NULL CHECK (reviewer <> ''),
    role       TEXT NOT NULL,
    note       TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK ((action = 'withdraw') = (withdraws IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS labels_of ON labels (url, text_hash);
CREATE INDEX IF NOT EXISTS labels_batch ON labels (batch);
CREATE TRIGGER IF NOT EXISTS labels_stay BEFORE UPDATE ON labels
BEGIN SELECT raise(ABORT, 'a decision is never changed: withdraw it'); END;
CREATE TRIGGER IF NOT EXISTS labels_last BEFORE DELETE ON labels
BEGIN SELECT raise(ABORT, 'a decision is never deleted: withdraw it'); END;
"""
_COLUMNS = (
    "id, batch, action, withdraws, url, text_hash, field, span_start, span_end, before, after, model, drawn,"
    " reviewer, role, note, decided_at"
)

_NEXT_ID = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'labels'"


class ReviewConflict(ReviewError):
    """Somebody else decided about the article in between; `rows` are theirs."""

    def __init__(self, rows: Sequence[LabelRow]) -> None:
        super().__init__("artikel ini baru saja ditinjau orang lain")
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Model:
    """What the model had read when a reviewer decided: its version, its confidence in the kind, its labels."""

    version: str
    confidence: float
    labels: Labels


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One decision: who, when (UTC), about which text and field, what stood before and after.

    Rows of one `batch` were decided at once; the one of field `artikel` holds all labels and what the model had
    read. `withdrawn_by` is who undid the batch, None while it holds.
    """

    id: int
    batch: int
    action: Action
    ref: TextRef
    field: str
    span: tuple[int, int] | None
    before: Any
    after: Any
    model: Model | None
    drawn: bool
    reviewer: str
    role: str
    note: str
    decided_at: datetime
    withdraws: int | None = None
    withdrawn_by: str | None = None

    @property
    def labels(self) -> Labels:
        """Return all labels of the article after this decision (rows of field `artikel` only)."""
        return read_labels(self.after)

    @property
    def counts(self) -> bool:
        """Tell whether the row sets an article's labels: of field `artikel`, no second opinion, not undone."""
        return (
            self.field == WHOLE
            and self.action in ("confirm", "correct", "reject")
            and self.withdrawn_by is None
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """That somebody decided about a text; `counts` is False for a second opinion."""

    ref: TextRef
    reviewer: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer says of an article: which labels were shown, which are right, and what the model had read."""

    ref: TextRef
    action: Action
    before: Labels
    after: Labels
    model: Model
    reviewer: str
    role: str
    note: str = ""
    drawn: bool = False


class LabelReviews(ReviewFile):
    """The decisions about labels in the file of reviews."""

    table, schema = "labels", _SCHEMA

    def decide(self, verdict: Verdict, *, seen: int) -> int:
        """Keep a verdict as rows, one for each label that it changes, and return their batch.

        `seen` is the last row about the text that the reviewer had before them (`last_row`). Raises ReviewConflict
        where there is a newer one, ReviewError where it cannot be kept.
        """
        if not verdict.reviewer.strip():
            raise ReviewError("keputusan perlu nama peninjaunya")
        ref, v = verdict.ref, verdict
        whole = (WHOLE, None, None, write_labels(v.before), write_labels(v.after))
        parts = [] if v.action == "opinion" else changes(v.before, v.after)
        told = [(c.field, *(c.span or (None, None)), c.before, c.after) for c in parts]
        model = {
            "version": v.model.version,
            "confidence": v.model.confidence,
            "labels": write_labels(v.model.labels),
        }
        with self._writing():
            batch = self._next_batch()
            if newer := [row for row in self.history(ref) if row.id > seen]:
                raise ReviewConflict(newer)
            for field, start, end, before, after in (whole, *told):
                self._add(
                    batch, v.action, None, ref, (field, start, end), before, after,
                    model if field == WHOLE else None, v.drawn, v.reviewer, v.role, v.note,
                )  # fmt: skip
        return batch

    def withdraw(self, batch: int, *, reviewer: str, role: str, note: str = "") -> TextRef:
        """Undo a batch, by a row of its own, and return which text it was about: what held before holds again.

        Raises ReviewError for an unknown batch or one that was undone.
        """
        if not reviewer.strip():
            raise ReviewError("keputusan perlu nama peninjaunya")
        with self._writing():
            number = self._next_batch()
            row = self.whole(batch)
            if row is None or row.action == "withdraw":
                raise ReviewError(f"keputusan {batch}: tidak ada")
            if row.withdrawn_by is not None:
                raise ReviewError(f"keputusan {batch}: sudah diurungkan oleh {row.withdrawn_by}")
            self._add(
                number, "withdraw", row.id, row.ref, (WHOLE, None, None), row.after, row.before, None, False,
                reviewer, role, note,
            )  # fmt: skip
        return row.ref

    def history(self, ref: TextRef, *, any_text: bool = False) -> list[LabelRow]:
        """Return every row about a text, oldest first; with `any_text` about any text of its address."""
        if any_text and ref.url:
            return self._select("l.url = ?", (ref.url,))
        return self._select("l.url = ? AND l.text_hash = ?", (ref.url or "", ref.text_hash))

    def last(self) -> int:
        """Return the number of the last row of all, 0 where there is none."""
        return int(self._con.execute("SELECT coalesce(max(id), 0) FROM labels").fetchone()[0])

    def last_row(self, ref: TextRef) -> int:
        """Return the number of the last row about a text, 0 where there is none."""
        found = self._con.execute(
            "SELECT coalesce(max(id), 0) FROM labels WHERE url = ? AND text_hash = ?",
            (ref.url or "", ref.text_hash),
        ).fetchone()
        return int(found[0])

    def whole(self, batch: int) -> LabelRow | None:
        """Return the row of field `artikel` of a batch, None where there is no such batch."""
        return next(iter(self._select("l.batch = ? AND l.field = ?", (batch, WHOLE))), None)

    def verdicts(self) -> list[LabelRow]:
        """Return every row of field `artikel`, undone ones and second opinions too, oldest first."""
        return self._select("l.field = ? AND l.action <> 'withdraw'", (WHOLE,))

    def decided(self) -> list[Decided]:
        """Return who decided about which texts, without what was undone: for a queue, which needs no labels."""
        rows = self._con.execute(
            "SELECT url, text_hash, reviewer, action <> 'opinion' FROM labels l WHERE field = ?"
            " AND action <> 'withdraw' AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id)",
            (WHOLE,),
        )
        return [Decided(TextRef(url or None, text), who, bool(counts)) for url, text, who, counts in rows]

    def held(self) -> dict[TextRef, LabelRow]:
        """Return the decision that holds for each text: the last one that was not undone."""
        return {row.ref: row for row in self.verdicts() if row.counts}

    def held_of(self, refs: Iterable[TextRef]) -> dict[TextRef, LabelRow]:
        """Return the decision that holds for each of some texts, by looking at these alone."""
        found = {ref: [row for row in self.history(ref) if row.counts] for ref in refs}
        return {ref: rows[-1] for ref, rows in found.items() if rows}

    def _select(self, where: str, values: Sequence[Any]) -> list[LabelRow]:
        columns = ", ".join(f"l.{name.strip()}" for name in _COLUMNS.split(","))
        sql = (
            f"SELECT {columns}, w.reviewer FROM labels l"  # noqa: S608 - `where` is of this module
            " LEFT JOIN labels o ON o.batch = l.batch AND o.field = 'artikel'"
            f" LEFT JOIN labels w ON w.withdraws = o.id WHERE {where} ORDER BY l.id"
        )
        return [_row(row) for row in self._con.execute(sql, values)]

    def _next_batch(self) -> int:
        """Return the id of the next row: a batch has the number of its first one, and no number comes back."""
        return int(self._con.execute(_NEXT_ID).fetchone()[0])

    def _add(self, *values: Any) -> None:
        batch, action, withdraws, ref, place, before, after, model, drawn, reviewer, role, note = values
        self._con.execute(
            f"INSERT INTO labels ({_COLUMNS}) VALUES (NULL{', ?' * 16})",  # noqa: S608
            (
                batch, action, withdraws, ref.url or "", ref.text_hash, *place, _json(before), _json(after),
                _json(model), int(drawn), reviewer.strip(), role, note.strip()[:_MAX_NOTE],
                datetime.now(UTC).isoformat(timespec="microseconds"),
            ),
        )  # fmt: skip


def forget_labels(path: Path, hide: Callable[[TextRef, str], str | None]) -> int:
    """Rewrite what reviewers wrote, for an erasure, and return how many rows changed or went.

    `hide` takes (article, text) for each value and returns the text to keep, or None to drop the row. Only an erasure
    may change a decision.
    """
    if not path.is_file():
        return 0
    changed = 0
    with LabelReviews.rewriting(path, "stay", "last") as con:
        for number, url, text_hash, *texts in con.execute(
            "SELECT id, url, text_hash, before, after, model, note FROM labels"
        ).fetchall():
            kept = [hide(TextRef(url or None, text_hash), text) for text in texts]
            if any(text is None for text in kept):
                con.execute("DELETE FROM labels WHERE id = ?", (number,))
            elif kept != texts:
                con.execute(
                    "UPDATE labels SET before = ?, after = ?, model = ?, note = ? WHERE id = ?",
                    (*kept, number),
                )
            else:
                continue
            changed += 1
    return changed


def move_labels(path: Path, moved: Mapping[TextRef, str]) -> None:
    """Let what reviewers decided about these texts hold for texts of the same lengths, given by their hashes."""
    if not moved or not path.is_file():
        return
    with LabelReviews.rewriting(path, "stay", "last") as con:
        con.executemany(
            "UPDATE labels SET text_hash = ? WHERE url = ? AND text_hash = ?",
            [(text_hash, ref.url or "", ref.text_hash) for ref, text_hash in moved.items()],
        )


def without_names(text: str) -> str:
    """Return one value of a decision with names masked and evidence left to its offsets; of a note nothing.

    A text that stands alone stays where it is an id, a code or a day: a sanction may name somebody.
    """
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    kept = not isinstance(value, str) or _ID.fullmatch(value)
    return _json(_nameless(value) if kept else "")


def _nameless(value: Any) -> Any:
    if isinstance(value, list):
        return [_nameless(item) for item in value]
    if isinstance(value, dict):
        kept = {key: _nameless(item) for key, item in value.items()}
        kept |= {key: mask_name(value[key]) for key in ("name", "korban", "reporter") if key in value}
        return kept | {key: "" for key in ("text", "role", "sanction") if value.get(key)}
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(values: tuple[Any, ...]) -> LabelRow:
    (number, batch, action, withdraws, url, text_hash, field, start, end, before, after, model, drawn,
     reviewer, role, note, decided_at, withdrawn_by) = values  # fmt: skip
    read = json.loads(model)
    return LabelRow(
        number, batch, action, TextRef(url or None, text_hash), field, None if start is None else (start, end),
        json.loads(before), json.loads(after),
        read and Model(read["version"], read["confidence"], read_labels(read["labels"])), bool(drawn), reviewer,
        role, note, datetime.fromisoformat(decided_at), withdraws, withdrawn_by,
    )  # fmt: skip
