"""What speaks for each date of a text to be its event's: one row of numbers a day or month."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from nlp.event_words import load_event_words
from nlp.records import Mention
from nlp.scene import Scene

ROLES = ("event", "statement", "stage", None)
_UNKNOWN_GAP = 400  # days
_NONE = 9


def date_features(scene: Scene, kind: int, published: date | None) -> dict[str, list[float]]:
    """Return a row for each day or month of the text, by its ISO value; a range counts by its first day.

    Without `published` the latest day of the text stands in for it.
    """
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in scene.dates:
        groups[(mention.iso or "").split("/")[0]].append(mention)
    days = sorted(filter(None, map(_day, groups)))
    today = published or (days[-1] if days else None)
    past = [day for day in days if today is None or day <= today]
    order = list(groups)
    rows: dict[str, list[float]] = {}
    roles: dict[str, Counter[str | None]] = {}
    for iso, mentions in groups.items():
        day = _day(iso)
        roles[iso] = Counter(m.role for m in mentions)
        rank = past.index(day) if day in past else _NONE
        rows[iso] = [
            kind,
            len(groups),
            len(mentions),
            min(scene.sentence_of(m) for m in mentions),
            order.index(iso),
            max(-60, min((today - day).days, _UNKNOWN_GAP)) if today and day else _UNKNOWN_GAP,
            rank,
            len(past) - 1 - rank if day in past else _NONE,
            0 if day else 2,
            all("/" in (m.iso or "") for m in mentions),
            *(roles[iso][role] for role in ROLES),
            mentions[0].start / max(1, len(scene.text)),
            *_around(scene, mentions),
        ]
    for row in rows.values():
        row.extend(sum(role in seen for seen in roles.values()) for role in ROLES[:3])
    return rows


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _around(scene: Scene, mentions: Sequence[Mention]) -> list[float]:
    """Return how often the date stands beside a quotation, ahead, as a limit, with an act, how written."""
    words = load_event_words().date
    counts = [0.0] * 7
    for mention in mentions:
        start, end = scene.spans[scene.sentence_of(mention)]
        before, after = scene.before(mention, 8), scene.after(mention, 6)
        seen = (
            '"' in scene.folded[start:end],
            not words["ahead"].isdisjoint([*before[-5:], *after[:2]]),
            not words["bound"].isdisjoint(before[-1:]),
            not words["alleged"].isdisjoint([*before, *after]),
            any(c.isdigit() for c in mention.text),
            re.search(r"\d{4}", mention.text) is not None,
            end - mention.end < 4,
        )
        counts = [count + value for count, value in zip(counts, seen, strict=True)]
    return counts
