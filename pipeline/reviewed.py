"""Reviewers' labels in the store: for each text that they decided about, a reading of its own over the model's.

The model's reading stays beside it, so that an undone decision gives it back, and names that it took for those of
accused persons stay hidden. Another model's reading gets the same labels as soon as it is there; another text gets
none, its reviewers are asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from nlp.records import EventRef, Extraction
from pipeline import ids, rows
from pipeline.database import StoreError, fetch, scalar
from pipeline.label_reviews import LabelReviews, LabelRow
from pipeline.labelling import Labels, stands_in, types_of
from pipeline.reviews import TextRef
from pipeline.store import Store

STATES = {"confirm": "dikonfirmasi", "correct": "dikoreksi", "reject": "ditolak", "opinion": "pendapat"}
_CASES = ("cases", "case_terlapor", "case_outcomes", "case_evidence")
_COPIED = ("mentions", "stats", "legal_refs")
_REFS = pa.schema([("n", pa.int64()), ("url", pa.string()), ("text_hash", pa.string())])
_POINTS = pa.schema([("article_id", pa.string()), ("extraction_id", pa.string())])
_BASES = pa.schema([("extraction_id", pa.string()), ("base_id", pa.string()), ("accused", pa.bool_())])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An article's reading that is to be: over which one of the model, in place of which, by which decision."""

    article: str
    base: str
    current: str
    row: LabelRow

    @property
    def key(self) -> str:
        return ids.digest("reviewed", self.base, str(self.row.batch))


def apply_labels(store: Store, reviews: Path | None) -> int:
    """Let the articles that reviewers decided about be read as they say; return how many are read otherwise now.

    Those wait to be linked, and count as changed for publishing. Raises StoreError where the file of decisions is
    gone that readings follow.
    """
    if reviews is None or not reviews.is_file():
        if number := int(scalar(store.con, "SELECT count(DISTINCT batch) FROM reviewed_extractions")):
            raise StoreError(
                f"{store.path}: its readings follow {number} decisions of reviewers, but "
                f"{reviews or 'their file'} is not there; restore it from a backup"
            )
        return 0
    with LabelReviews(reviews) as file:
        said = file.verdicts()
    if not said and not scalar(store.con, "SELECT count(*) FROM reviews"):
        return 0
    articles = _find(store, [row.ref for row in said])
    held = {row.ref: row for row in said if row.counts}
    wanted = [_Wanted(*articles[ref], row) for ref, row in held.items() if ref in articles]
    with store.transaction():
        _note(store, said, articles)
        return _read_as_said(store, wanted, {row.batch for row in held.values()})


def _find(store: Store, refs: Sequence[TextRef]) -> dict[TextRef, tuple[str, str, str]]:
    """Return the article whose present text a decision is about, the model's reading of it and the current one."""
    asked = list(dict.fromkeys(refs))
    with store.frame([(n, ref.url, ref.text_hash) for n, ref in enumerate(asked)], _REFS):
        found = fetch(store.con, _FIND)
    return {asked[n]: (article, base, current) for n, article, base, current in found}


_FIND = """
SELECT b.n, min(a.article_id), min_by(coalesce(r.base_id, a.extraction_id), a.article_id),
    min_by(a.extraction_id, a.article_id)
FROM batch b JOIN article_versions v USING (text_hash)
JOIN articles a ON a.version_id = v.version_id AND a.url IS NOT DISTINCT FROM b.url
LEFT JOIN reviewed_extractions r USING (extraction_id)
WHERE a.extraction_id IS NOT NULL
GROUP BY b.n
"""


def _read_as_said(store: Store, wanted: Sequence[_Wanted], held: set[int]) -> int:
    changed = [one for one in wanted if one.current != one.key]
    points = [(one.article, one.key) for one in changed]
    moved = {one.article for one in changed}
    points += [
        (article, base)
        for article, base, batch in fetch(store.con, _REVIEWED)
        if batch not in held and article not in moved
    ]
    if not points:
        return 0
    known = {key for (key,) in fetch(store.con, "SELECT extraction_id FROM reviewed_extractions")}
    _write(store, [one for one in changed if one.key not in known])
    with store.frame(points, _POINTS):
        store.con.execute(_POINT, [store.next_revision()])
    return len(points)


_REVIEWED = """
SELECT article_id, base_id, batch FROM articles JOIN reviewed_extractions USING (extraction_id) ORDER BY article_id
"""
_POINT = """
UPDATE articles SET extraction_id = b.extraction_id, revision = ? FROM batch b
WHERE articles.article_id = b.article_id
"""


def _write(store: Store, fresh: Sequence[_Wanted]) -> None:
    """Add the readings of these decisions: their labels, and what else the model found in the text."""
    if not fresh:
        return
    bases = [(one.key, one.base, bool(one.row.labels.cases)) for one in fresh]
    with store.frame(bases, _BASES):
        found = {row[0]: row[1:] for row in fetch(store.con, _BASE)}
        for table in _COPIED:
            store.con.execute(
                f"INSERT INTO {table} SELECT b.extraction_id, t.* EXCLUDE (extraction_id)"  # noqa: S608
                f" FROM batch b JOIN {table} t ON t.extraction_id = b.base_id"
            )
        store.con.execute(_OFFICIALS)
    tables: dict[str, list[rows.Row]] = {
        "extractions": [],
        "reviewed_extractions": [],
        **{t: [] for t in _CASES},
    }
    for one in fresh:
        version, run, title, text, read = found[one.key]
        reading = _extraction(one.row, title, text, read)
        moment = one.row.decided_at.astimezone(UTC).replace(tzinfo=None)
        tables["extractions"].append(rows.extraction_row(one.key, version, reading, run, moment))
        for table, values in rows.child_rows(one.key, reading).items():
            if table in _CASES:
                tables[table] += values
        state = STATES[one.row.action]
        tables["reviewed_extractions"].append((one.key, one.base, one.row.batch, state, one.row.role, moment))
    for table, values in tables.items():
        store.insert(table, values)


_BASE = """
SELECT b.extraction_id, e.version_id, e.run_id, coalesce(v.title, ''), v.text, e
FROM batch b JOIN extractions e ON e.extraction_id = b.base_id JOIN article_versions v USING (version_id)
"""
# where reviewers left no case, nobody is accused
_OFFICIALS = """
INSERT INTO officials
SELECT b.extraction_id, o.* EXCLUDE (extraction_id)
    REPLACE (CASE WHEN o.capacity = 'terlapor' AND NOT b.accused THEN 'disebut' ELSE o.capacity END AS capacity)
FROM batch b JOIN officials o ON o.extraction_id = b.base_id
"""


def _extraction(row: LabelRow, title: str, text: str, read: Mapping[str, Any]) -> Extraction:
    """Return the model's reading with a reviewer's labels; names that the text no longer holds are left out."""
    labels = _without_lost_names(row.labels, title, text)
    flags = [flag for flag in read["flags"] if flag != "mixed"]
    if labels.mixed:
        flags.append("mixed")
    why = f"{STATES[row.action]} peninjau (peran {row.role}), {row.decided_at:%Y-%m-%d}"
    return Extraction(
        id=read["article_id"], kind=labels.kind, confidence=read["confidence"], flags=tuple(flags),
        election=labels.election, types=labels.types, bentuk=labels.bentuk,
        event=EventRef(labels.event_date, labels.event_place), cases=labels.cases, officials=(),
        roles_present=tuple(read["roles_present"]), mentions=(), stats=(), legal_refs=(),
        model_version=read["model_version"], why=(why, *read["why"]),
    )  # fmt: skip


def _without_lost_names(labels: Labels, title: str, text: str) -> Labels:
    """Leave out names that are not in the text: those of which time or an erasure has masked it.

    So it is with an office or a sanction, in which a name may stand: no mask would know it.
    """
    article = f"{title}\n{text}"

    def held(value: str | None) -> str | None:
        return value if value and stands_in(value, article) else None

    return replace(
        labels,
        cases=tuple(
            replace(
                case,
                terlapor=tuple(
                    replace(
                        one, name=one.name if one.name and one.name in text else None, role=held(one.role)
                    )
                    for one in case.terlapor
                ),
                sanction=held(case.sanction),
                evidence=tuple(
                    replace(e, text=text[e.start : e.end]) for e in case.evidence if e.end <= len(text)
                ),
            )
            for case in labels.cases
        ),
    )


def _note(store: Store, said: Sequence[LabelRow], articles: Mapping[TextRef, Sequence[str]]) -> None:
    """Put what reviewers said beside the readings, for publishing: labels and a number for each of them, no name."""
    numbers = {name: n for n, name in enumerate(dict.fromkeys(row.reviewer for row in said), 1)}
    values = [
        (
            row.batch, articles.get(row.ref, (None,))[0], row.ref.text_hash, STATES[row.action],
            numbers[row.reviewer], row.role, _utc(row.decided_at), row.drawn, row.withdrawn_by is not None,
            row.model.version, row.model.labels.kind, row.labels.kind, types_of(row.model.labels),
            types_of(row.labels), [case.id for case in row.model.labels.cases], [case.id for case in row.labels.cases],
        )
        for row in said
        if row.model is not None
    ]  # fmt: skip
    store.con.execute("DELETE FROM reviews")
    store.insert("reviews", values)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
