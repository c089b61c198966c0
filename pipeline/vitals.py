"""The model's vital signs of a night, and whether they left the band in which earlier nights kept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

from pipeline.database import connect, fetch

MIN_NIGHTS = 7
MIN_ARTICLES = 20
_REFERENCE = 3000  # articles before this night whose words count as known
_WIDTH = 3.0  # standard deviations: with ten signs a night, one false alarm in 40 nights
_RARE = 0.02  # share below which the rate of a type says nothing


@dataclass(frozen=True, slots=True)
class Sign:
    """One vital sign: its value tonight, and the band in which earlier nights kept it (None: too few)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def outside(self) -> bool:
        """Return whether the value left its band."""
        return self.low is not None and self.high is not None and not self.low <= self.value <= self.high


def night_vitals(store: Path, began: datetime) -> dict[str, Any]:
    """Return what was read since `began`: articles, kinds, groups of types, confidence, unknown words.

    A word is unknown where none of the 3,000 articles read before has it. Raises StoreError.
    """
    since = began.astimezone(UTC).replace(tzinfo=None)
    with closing(connect(store, read_only=True)) as con:
        kinds = dict(
            fetch(con, "SELECT kind, count(*) FROM extractions WHERE read_at >= ? GROUP BY kind", [since])
        )
        types = dict(fetch(con, _TYPES, [since]))
        ((confidence,),) = fetch(con, "SELECT avg(confidence) FROM extractions WHERE read_at >= ?", [since])
        ((before, words, unknown),) = fetch(con, _WORDS, {"since": since, "reference": _REFERENCE})
    known_enough = before >= 10 * MIN_ARTICLES and words
    return {
        "articles": sum(kinds.values()),
        "kinds": kinds,
        "types": types,
        "confidence": None if confidence is None else round(confidence, 4),
        "unknown_words": round(unknown / words, 5) if known_enough else None,
    }


def judge_vitals(tonight: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> list[Sign]:
    """Return every sign of tonight with its band over the nights of `history`.

    Nights of fewer than 20 articles say nothing, and a band needs 7 nights.
    """
    if tonight.get("articles", 0) < MIN_ARTICLES:
        return []
    past = [night for night in history if night.get("articles", 0) >= MIN_ARTICLES]
    signs = [_rate(f"jenis:{kind}", tonight, past, "kinds", kind) for kind in sorted(tonight["kinds"])]
    groups = sorted({*tonight["types"], *(group for night in past for group in night["types"])})
    for group in groups:
        sign = _rate(f"tipe:{group}", tonight, past, "types", group)
        if max(sign.value, sign.high or 0) >= _RARE:
            signs.append(sign)
    signs += _measure("keyakinan", "confidence", tonight, past, least=0.03)
    signs += _measure("kata_asing", "unknown_words", tonight, past, least=0.02)
    return signs


def _rate(
    name: str, tonight: Mapping[str, Any], past: Sequence[Mapping[str, Any]], of: str, key: str
) -> Sign:
    """Return the share of articles that are of a kind or type; the band allows for chance and for habit."""
    value = tonight[of].get(key, 0) / tonight["articles"]
    if len(past) < MIN_NIGHTS:
        return Sign(name, value)
    shares = [night[of].get(key, 0) / night["articles"] for night in past]
    usual = mean(shares)
    floor = max(usual, 1 / tonight["articles"])  # a rate that was always 0 has a band too
    chance = sqrt(floor * (1 - floor) / tonight["articles"])
    half = _WIDTH * max(chance, pstdev(shares))
    return Sign(name, value, max(0.0, usual - half), min(1.0, usual + half))


def _measure(
    name: str, key: str, tonight: Mapping[str, Any], past: Sequence[Mapping[str, Any]], *, least: float
) -> list[Sign]:
    value = tonight.get(key)
    if value is None:
        return []
    values = [night[key] for night in past if night.get(key) is not None]
    if len(values) < MIN_NIGHTS:
        return [Sign(name, value)]
    half = max(_WIDTH * pstdev(values), least)
    return [Sign(name, value, max(0.0, mean(values) - half), min(1.0, mean(values) + half))]


_TYPES = """
SELECT split_part(t.id, '.', 1) AS "group", count(DISTINCT e.extraction_id)
FROM (SELECT extraction_id, unnest(types) AS id FROM extractions WHERE read_at >= ?) t
JOIN extractions e USING (extraction_id) GROUP BY 1
"""
_WORDS = r"""
WITH before AS (
    SELECT version_id FROM extractions WHERE read_at < $since ORDER BY read_at DESC, version_id LIMIT $reference
),
known AS (
    SELECT DISTINCT unnest(regexp_extract_all(lower(text), '[a-z]{3,}')) AS word
    FROM article_versions SEMI JOIN before USING (version_id)
),
tonight AS (
    SELECT unnest(regexp_extract_all(lower(text), '[a-z]{3,}')) AS word FROM article_versions
    SEMI JOIN (SELECT version_id FROM extractions WHERE read_at >= $since) USING (version_id)
)
SELECT (SELECT count(*) FROM before), count(*), count(*) FILTER (WHERE k.word IS NULL)
FROM tonight LEFT JOIN known k USING (word)
"""
