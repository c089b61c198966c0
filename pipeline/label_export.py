"""Reviewed labels as annotated articles in the form of data/corpus (FORMAT.md there), for training.

Labels are the reviewers'; the persons, offices, places and dates tagged in the text are the model's own, which no
reviewer looked at: so these articles teach the judge and the choice of events, never the recogniser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from nlp.records import Case
from pipeline.database import fetch
from pipeline.label_reviews import LabelReviews, LabelRow
from pipeline.labelling import Labels
from pipeline.review_file import ReviewError
from pipeline.shelf import Snapshot

FILE = "tinjauan.txt"
_FLAGS = frozenset({"adv", "syndicated", "opinion"})
_LEAST_WORDS = 60  # below it the corpus takes no article
_MOST_CASES = 9  # FORMAT.md has case1 to case9
_OUTER = {"role": 1, "org": 1}
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}-\d\d-\d\d)?")
_HEADER = re.compile(r"[\s;|<>]+")


@dataclass(slots=True)
class LabelExport:
    """How many reviewed articles were written, and why others were not, by reason."""

    written: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


Span = tuple[int, int, str, str]  # start, end, label, attribute


def export_labels(reviews: Path, snapshot: Snapshot, folder: Path) -> LabelExport:
    """Write what reviewers confirmed and corrected to `folder`/tinjauan.txt, readable by its owner alone.

    Texts come from the snapshot's unmasked database, by address and text hash. Raises ReviewError where nothing has
    been reviewed.
    """
    if not reviews.is_file():
        raise ReviewError(
            f"{reviews}: nothing has been reviewed yet; reviewers decide at the desk (page Tinjau)"
        )
    with LabelReviews(reviews) as file:
        held = list(file.held().values())
    done = LabelExport()
    with closing(snapshot.connect(restricted=True)) as db:
        pieces = list(_articles(db, held, done))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{FILE}"
    draft.touch(mode=0o600)
    draft.write_text("".join(pieces), encoding="utf-8")
    draft.replace(folder / FILE)
    return done


def _articles(db: duckdb.DuckDBPyConnection, held: Sequence[LabelRow], done: LabelExport) -> Iterator[str]:
    for row in held:
        found = _find(db, row)
        why = _unfit(found, row.labels)
        if found is None or why:
            done.skipped[why] += 1
            continue
        done.written += 1
        yield format_article(
            found, row.labels, _mentions(db, found["article_id"]), _events(db, found["article_id"])
        )


def _find(db: duckdb.DuckDBPyConnection, row: LabelRow) -> dict[str, Any] | None:
    cursor = db.execute(_FIND, [row.ref.text_hash, row.ref.url])
    names = [column[0] for column in cursor.description]
    found = cursor.fetchone()
    return dict(zip(names, found, strict=True)) if found else None


_FIND = """
SELECT article_id, title, outlet, published, utc_offset, flags, text, text_hash FROM articles
WHERE rowid IN (SELECT rowid FROM articles WHERE text_hash = ? AND url IS NOT DISTINCT FROM ?)
"""


def _unfit(found: Mapping[str, Any] | None, labels: Labels) -> str:
    """Return why an article cannot be an example, "" where it can."""
    if found is None:
        return "the text has changed since, or is not in the snapshot"
    if found["published"] is None:
        return "no time of publication"
    if len(found["text"].split()) < _LEAST_WORDS:
        return f"fewer than {_LEAST_WORDS} words"
    if any(not one.category for case in labels.cases for one in case.terlapor):
        return "an accused without a category of office"
    return ""


def _mentions(db: duckdb.DuckDBPyConnection, article: str) -> list[Span]:
    rows = fetch(
        db,
        "SELECT start_at, end_at, label, code, iso FROM mentions WHERE article_id = ? ORDER BY n",
        [article],
    )
    spans = []
    for start, end, label, code, iso in rows:
        if label == "date" and not _ISO.fullmatch(iso or ""):
            continue
        attribute = (
            f' iso="{iso}"' if label == "date" else f' code="{code}"' if label == "loc" and code else ""
        )
        spans.append((start, end, label, attribute))
    return spans


def _events(db: duckdb.DuckDBPyConnection, article: str) -> list[str]:
    sql = "SELECT DISTINCT event_id FROM event_members WHERE article_id = ? AND part = 'utama' ORDER BY 1"
    return [key for (key,) in fetch(db, sql, [article])]


def format_article(
    article: Mapping[str, Any], labels: Labels, mentions: Iterable[Span], events: Sequence[str]
) -> str:
    """Return one annotated article; characters that would be read as tags or as a new article are replaced."""
    zone = timezone(timedelta(minutes=article["utc_offset"] or 0))
    first = labels.cases[0] if labels.cases else None
    flags = [flag for flag in article["flags"] if flag in _FLAGS]
    accused = [one for case in labels.cases for one in case.terlapor]
    header = {
        "title": _line(article["title"] or ""),
        "outlet": _line(article["outlet"] or ""),
        "published": article["published"].replace(tzinfo=UTC).astimezone(zone).isoformat(timespec="minutes"),
        "kind": labels.kind,
        "flags": ", ".join([*flags, *(["mixed"] if labels.mixed else [])]),
        "election": labels.election or "",
        "types": ", ".join(labels.types or (first.types if first else ())),
        "bentuk": ", ".join(labels.bentuk),
        "stage": first.stage if first else "",
        "outcome": "; ".join(f"{track}={value}" for track, value in first.outcome.items()) if first else "",
        "source_of_case": (first.source or "") if first else "",
        "event_place": labels.event_place or "",
        "event_date": (labels.event_date or "").partition("/")[0],
        "terlapor": "; ".join(
            f"{_line(one.name or '-')} | {_line(one.role or '')} | {one.category}" for one in accused
        ),
        "event": ", ".join(events),
    }
    numbers = {
        (proof.start, proof.end): number
        for number, case in enumerate(labels.cases, 1)
        for proof in case.evidence
    }
    several = 1 < len(labels.cases) <= _MOST_CASES and _apart(article["text"], numbers, len(labels.cases))
    if several:
        header |= dict.fromkeys(("types", "stage", "outcome", "source_of_case", "terlapor"), "")
        header |= {f"case{number}": _case_line(case) for number, case in enumerate(labels.cases, 1)}
    proofs = {place: f' case="{number}"' if several else "" for place, number in numbers.items()}
    head = "".join(f"{key}: {value}\n" for key, value in header.items())
    return f"=== tinjau-{article['text_hash'][:12]}\n{head}---\n{tag_text(article['text'], proofs, mentions)}\n\n"


def _apart(text: str, numbers: Mapping[tuple[int, int], int], cases: int) -> bool:
    """Tell whether each case has evidence of its own, which overlaps with none of another."""
    places = sorted(numbers)
    clear = all(before[1] <= after[0] for before, after in pairwise(places))
    whole = all(_whole(text, start, end) for start, end in places)
    return clear and whole and len(set(numbers.values())) == cases


def _case_line(case: Case) -> str:
    """Return one of several cases as FORMAT.md has it: types, stage, terlapor."""
    accused = (
        f"{_line((one.name or '-').replace(',', ' '))}, {_line(one.role or '')}, {one.category}"
        for one in case.terlapor
    )
    return f"{', '.join(case.types)} | {case.stage} | {'; '.join(accused)}"


def _line(text: str) -> str:
    return _HEADER.sub(" ", text).strip()


def tag_text(text: str, proofs: Mapping[tuple[int, int], str], mentions: Iterable[Span]) -> str:
    """Return the text with its evidence and mentions as tags that nest as FORMAT.md says; others are left out.

    `proofs` gives the attribute of each evidence sentence.
    """
    spans = _nested(text, proofs, mentions)
    opens: dict[int, list[Span]] = {}
    closes: dict[int, list[Span]] = {}
    for span in sorted(spans, key=lambda s: (s[0], -s[1], s[2] != "ev", s[2] == "loc")):
        opens.setdefault(span[0], []).append(span)
        closes.setdefault(span[1], []).insert(0, span)
    plain = re.sub(r"(?m)^===(?= )", "＝＝＝", text.replace("<", "‹"))
    pieces, last = [], 0
    for at in sorted({*opens, *closes}):
        pieces.append(plain[last:at])
        pieces += [f"</{label}>" for _, _, label, _ in closes.get(at, ())]
        pieces += [f"<{label}{attribute}>" for _, _, label, attribute in opens.get(at, ())]
        last = at
    return "".join([*pieces, plain[last:]]).strip()


def _nested(text: str, proofs: Mapping[tuple[int, int], str], mentions: Iterable[Span]) -> list[Span]:
    """Return the spans that may stand together: evidence outermost, a place inside an office or institution."""
    kept: list[Span] = []
    for (start, end), attribute in sorted(proofs.items()):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), "ev", kept[-1][3])
        elif _whole(text, start, end):
            kept.append((start, end, "ev", attribute))
    evidence = list(kept)
    chosen: list[Span] = []
    for span in sorted(mentions, key=lambda s: (s[0] - s[1], s[0])):  # the longer one first
        start, end, label, _ = span
        crossing = any(a < end and start < b and not (a <= start and end <= b) for a, b, _, _ in evidence)
        around = [s for s in chosen if s[0] < end and start < s[1]]
        inside = all(s[0] <= start and end <= s[1] and s[2] in _OUTER and label == "loc" for s in around)
        if _whole(text, start, end) and not crossing and inside and len(around) < 2:
            chosen.append(span)
    return [*evidence, *chosen]


def _whole(text: str, start: int, end: int) -> bool:
    piece = text[start:end]
    return 0 <= start < end <= len(text) and bool(piece) and piece == piece.strip()
