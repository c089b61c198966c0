from __future__ import annotations

import importlib.util
import json
import os
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nlp import score
from nlp.corpus import load_corpus

GOLD = os.environ.get("WARTAWAS_GOLD")


def noisy_prediction(doc: dict[str, Any], rng: random.Random, docs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an extraction that is partly right: gold with some values lost, moved or borrowed."""
    other = rng.choice(docs)
    keep = lambda: rng.random() < 0.8  # noqa: E731
    mentions = [dict(span) for span in doc["spans"] if span["label"] != "ev" and keep()]
    for mention in mentions:
        if not keep():
            mention["end"] += 1
        if "code" in mention and not keep():
            mention["code"] = "32.02"
    evidence = [dict(span) for span in doc["spans"] if span["label"] == "ev" and keep()]
    case = {
        "types": [one for one in doc["types"] if keep()],
        "stage": doc["stage"] if keep() else "registrasi",
        "outcome": {"pidana": "belum"} if keep() else None,
        "source": doc["source_of_case"] or None,
        "terlapor": [{**one, "name": one["name"] if keep() else None} for one in doc["terlapor"]],
        "evidence": evidence,
    }
    return {
        "id": doc["id"],
        "kind": doc["kind"] if keep() else other["kind"],
        "flags": doc["flags"],
        "election": doc["election"].upper(),
        "types": [*doc["types"], *other["types"]][: rng.randrange(1, 4)],
        "bentuk": [one for one in doc["bentuk"] if keep()],
        "cases": [case] * rng.randrange(3) if doc["terlapor"] or not keep() else [],
        "mentions": mentions,
        "event": {"date": doc["event_date"] or None, "place": doc["event_place"][:8] or None},
        "officials": [
            {"name": name, "role": role if keep() else "Camat", "rank": None, "institution": None}
            for name, role in score.gold_officials(doc)
            if keep()
        ],
        "event_id": doc["event"] or None if keep() else "x",
    }


@pytest.fixture(scope="module")
def figures() -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    docs = [row.as_gold() for row in load_corpus()[::4]]
    rng = random.Random(5)
    predicted = {doc["id"]: noisy_prediction(doc, rng, docs) for doc in docs if rng.random() < 0.95}
    return docs, json.loads(json.dumps(predicted))


def reference() -> ModuleType:
    path = Path(str(GOLD)) / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("reference_score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not GOLD, reason="WARTAWAS_GOLD is not set: no reference scorer to compare with")
def test_score_equals_the_reference_scorer(
    figures: tuple[list[dict[str, Any]], dict[str, dict[str, Any]]],
) -> None:
    docs, predicted = figures
    gold = {doc["id"]: doc for doc in docs}
    assert score.score_extract(docs, predicted) == reference().score_extract(gold, predicted)
    assert score.score_event_clusters(docs, predicted) == reference().score_events(gold, predicted)


def test_score_of_a_perfect_reader_is_one() -> None:
    docs = [row.as_gold() for row in load_corpus()[:40]]
    predicted = {
        doc["id"]: {"kind": doc["kind"], "mentions": [s for s in doc["spans"] if s["label"] != "ev"]}
        for doc in docs
    }
    scores = score.score_extract(docs, predicted)
    assert scores["kind accuracy"] == 1
    assert {table["f1"] for table in scores["mentions"].values()} == {1.0}
    assert scores["place codes"]["f1"] == scores["date values"]["f1"] == 1.0


def test_score_counts_a_missing_document_as_wrong() -> None:
    docs = [row.as_gold() for row in load_corpus()[:4]]
    scores = score.score_extract(docs, {docs[0]["id"]: {"kind": docs[0]["kind"]}})
    assert (scores["missing"], scores["kind accuracy"]) == (3, 0.25)


def test_score_leaves_one_word_offices_aside() -> None:
    doc = {
        "text": "Kompol Budi dan Ketua RT",
        "spans": [
            {"label": "role", "start": 0, "end": 6, "text": "Kompol"},
            {"label": "role", "start": 16, "end": 24, "text": "Ketua RT"},
        ],
    }
    said = {"mentions": [{"label": "role", "start": 16, "end": 24}]}
    assert score.score_mentions([(doc, said)])["role"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 1}


def test_officials_match_by_name_and_words_of_the_role() -> None:
    doc = {
        "text": "Ketua Bawaslu Garut, Asep Fiktif",
        "spans": [
            {"label": "role", "start": 0, "end": 19, "text": "Ketua Bawaslu Garut"},
            {"label": "per", "start": 21, "end": 32, "text": "Asep Fiktif"},
        ],
    }
    assert score.gold_officials(doc) == [("Asep Fiktif", "Ketua Bawaslu Garut")]
    assert score.word_f1("Ketua Bawaslu Garut", "ketua bawaslu") == pytest.approx(0.8)
