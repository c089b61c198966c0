from __future__ import annotations

import random

import pytest

from pipeline import copies
from pipeline.copies import TextRow, group_texts
from pipeline.duplicates import Signature, likeness
from pipeline.store import Store

WORDS = [f"kata{n}" for n in range(5_000)]
FORM = " ".join(random.Random(0).choices(WORDS, k=240))


def filled(number: int) -> str:
    """Return a form of 240 words with 80 others: three of five shingles are the form's."""
    return f"{FORM} {' '.join(random.Random(number).choices(WORDS, k=80))}"


def row(key: str, text: str) -> TextRow:
    return TextRow(key, f"v{key}", f"x{key}", text)


def test_a_copy_belongs_to_the_earliest_text(store: Store) -> None:
    first = group_texts(store, [row("a", FORM), row("b", f"{FORM} (red)"), row("c", filled(1)[-500:])])
    later = group_texts(store, [row("d", f"JAKARTA – {FORM}")])
    assert [first[key].group for key in "abc"] == ["a", "a", "c"]
    assert later["d"].group == "a"


def test_a_form_of_many_texts_costs_each_a_few_comparisons(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0

    def count(a: Signature, b: Signature) -> float:
        nonlocal compared
        compared += 1
        return likeness(a, b)

    monkeypatch.setattr(copies, "likeness", count)
    texts = {f"{n:03}": filled(n) for n in range(1, 801)}
    rows = [row(key, text) for key, text in texts.items()]
    grouped = group_texts(store, rows[:400]) | group_texts(store, rows[400:])
    heads = [key for key in texts if grouped[key].group == key]
    assert len(heads) > 500  # different texts of one form are no copies
    assert compared < 800 * 60  # each with each would be four times as many
    compared = 0
    copy = group_texts(store, [row("copy", f"{texts[heads[-1]]} (red)")])
    assert copy["copy"].group == heads[-1]
    assert compared < 100
