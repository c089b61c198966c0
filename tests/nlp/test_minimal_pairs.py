"""Minimal pairs: nearly the same words report a case, or forbid, fear, deny or count it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from nlp.model import load_model
from nlp.records import Document

PAIRS = tomllib.loads(Path(__file__).with_name("minimal_pairs.toml").read_text(encoding="utf-8"))["pair"]
FLOOR = 0.95  # of the texts


def test_minimal_pairs_are_told_apart() -> None:
    documents, wanted = [], []
    for number, pair in enumerate(PAIRS):
        titles = {"ada": pair["judul"], "tiada": pair.get("judul_tiada", pair["judul"])}
        for side, title in titles.items():
            documents.append(Document(id=f"{number}-{side}", text=pair[side], title=title))
            wanted.append(side == "ada")
    found = [bool(extraction.cases) for extraction in load_model().extract_many(documents)]
    wrong = [d.id for d, want, got in zip(documents, wanted, found, strict=True) if want != got]
    assert len(PAIRS) >= 120
    assert 1 - len(wrong) / len(documents) >= FLOOR, f"{len(wrong)} of {len(documents)} texts: {wrong}"
