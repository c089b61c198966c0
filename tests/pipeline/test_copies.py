from __future__ import annotations

import random
from dataclasses import replace

import pytest
from findings import find
from stories import Pair, case_article, events_of, store_pairs

from pipeline import copies
from pipeline.copies import TextRow, group_texts
from pipeline.database import fetch
from pipeline.duplicates import Signature, likeness
from pipeline.events import link_events
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


def linked(store: Store, *pairs: Pair, hour: int = 0) -> None:
    store_pairs(store, *pairs, hour=hour)
    link_events(store)


def test_a_copy_about_another_place_is_not_even_looked_at(store: Store) -> None:
    form = " ".join(f"kalimat{n} dari rilis yang sama" for n in range(40)) + "."
    away = {"name": None, "day": None, "types": ("politik_uang.uang",), "later": 20}
    linked(store, case_article("a", text=form, name=None, day=None))
    first = fetch(store.con, "SELECT event_id FROM events")
    linked(store, case_article("b", text=form, village="32.11.03.2001", **away), hour=1)  # type: ignore[arg-type]
    assert len(set(events_of(store).values())) == 2
    assert fetch(store.con, "SELECT event_id FROM near") == []
    linked(store, case_article("c", text=form, village="32.05.12", **away), hour=2)  # type: ignore[arg-type]
    assert fetch(store.con, "SELECT event_id FROM near") == first
    article, found = case_article("d", text=form, village="32.11.03.2001", **away)  # type: ignore[arg-type]
    both = replace(
        find(form, "loc", "rilis"), code="32.05.12", codes=("32.05.12",)
    )  # it names the other kecamatan too
    linked(store, (article, replace(found, mentions=(both,))), hour=3)
    assert set(first) <= set(fetch(store.con, "SELECT event_id FROM near"))
