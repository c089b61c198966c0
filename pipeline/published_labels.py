"""The labels of published articles, read back from an unmasked snapshot as reviewers and trainings need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from nlp.records import Case, Evidence, Terlapor
from pipeline.database import fetch
from pipeline.labelling import Labels


def labels_of(db: duckdb.DuckDBPyConnection, articles: Sequence[str]) -> dict[str, Labels]:
    """Return the labels of these articles as the (restricted) snapshot has them; unknown ids are left out."""
    keys = [list(articles)]
    accused: dict[str, list[Terlapor]] = {}
    for case, *values in fetch(db, _ACCUSED, keys):
        accused.setdefault(case, []).append(Terlapor(*values))
    proofs: dict[str, list[Evidence]] = {}
    for case, *values in fetch(db, _EVIDENCE, keys):
        proofs.setdefault(case, []).append(Evidence(*values))
    cases: dict[str, list[Case]] = {}
    for article, key, n, *values in fetch(db, _CASES, keys):
        told = tuple(accused.get(key, ())), tuple(proofs.get(key, ()))
        cases.setdefault(article, []).append(_case(f"{article}#{n}", *told, *values))
    return {
        key: Labels(kind, election, tuple(types), tuple(bentuk), day, place, tuple(cases.get(key, ())))
        for key, kind, election, types, bentuk, day, place in fetch(db, _ARTICLES, keys)
    }


def _case(key: str, accused: tuple[Terlapor, ...], proofs: tuple[Evidence, ...], *values: Any) -> Case:
    (types, bentuk, korban, reporter, place, day, origin, stage, announced, outcomes, forum, reg_no, sanction, denial,
     laws, confidence) = values  # fmt: skip
    return Case(
        id=key, types=tuple(types), bentuk=tuple(bentuk), terlapor=accused, korban=korban, reporter=reporter,
        place=place, event_date=day, source=origin, stage=stage, next_announced=announced,
        outcome=dict(pair.split("=", 1) for pair in outcomes), forum=tuple(forum), reg_no=reg_no, sanction=sanction,
        denial=denial, legal_refs=tuple(laws), evidence=proofs, confidence=confidence,
    )  # fmt: skip


# Each table is asked for these articles alone: a join would read it whole.
_ARTICLES = """
SELECT article_id, kind, election, types, bentuk, event_date, event_place FROM articles
WHERE list_contains(?, article_id)
"""
_CASES = """
SELECT article_id, case_id, n, types, bentuk, korban, reporter, place, event_date, origin, stage, next_announced,
    outcomes, forum, reg_no, sanction, denial, legal_refs, confidence
FROM cases WHERE list_contains(?, article_id) ORDER BY article_id, n
"""
_ACCUSED = """
SELECT case_id, name, role, category, persons FROM accused WHERE list_contains(?, article_id) ORDER BY case_id, n
"""
_EVIDENCE = """
SELECT case_id, start_at, end_at, text FROM evidence WHERE list_contains(?, article_id) ORDER BY case_id, n
"""
