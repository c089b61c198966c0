from __future__ import annotations

import random
import re

import pytest

from nlp.corpus import MENTION_LABELS, load_corpus
from nlp.generator import generate, grammar, person, rename
from nlp.lexicon import regions


def test_generate_tags_all_labels_on_their_text() -> None:
    samples = generate(300, seed=3)
    labels = {span.label for sample in samples for span in sample.spans}
    assert labels == set(MENTION_LABELS)
    assert all(s.text[x.start : x.end] == x.text for s in samples for x in s.spans)
    assert not any(re.search(r"[{}<>]", sample.text) for sample in samples)


def test_generate_repeats_itself_for_one_seed() -> None:
    assert generate(20, seed=1) == generate(20, seed=1) != generate(20, seed=2)


def test_grammar_holds_no_symbol_that_nothing_uses() -> None:
    used = set(re.findall(r"\{(\w+)\}", "".join(line for lines in grammar().values() for line in lines)))
    assert set(grammar()) - used == {"paragraph"}


def test_person_gives_a_name_of_the_asked_length() -> None:
    rng = random.Random(1)
    assert {len(person(rng, 2).split()) for _ in range(50)} == {2}


@pytest.mark.parametrize("index", [0, 40, 77])
def test_rename_changes_names_and_places_but_no_labels(index: int) -> None:
    row = load_corpus(check=False)[index]
    sample = rename(row, seed="t")
    assert [span.label for span in sample.spans] == [span.label for span in row.spans]
    assert all(sample.text[x.start : x.end] == x.text for x in sample.spans)
    full = {x.text for x in row.spans if x.label == "per" and " " in x.text}
    assert not full & {x.text for x in sample.spans if x.label == "per"}
    dates = [x.text for x in row.spans if x.label in ("date", "law")]
    assert [x.text for x in sample.spans if x.label in ("date", "law")] == dates


def test_rename_gives_one_person_one_name_throughout() -> None:
    row = next(
        row
        for row in load_corpus(check=False)
        if sum(x.text == "Encep" for x in row.spans) != 1
        and any(
            " " in a.text and a.text.split()[0] == b.text
            for a in row.spans
            for b in row.spans
            if a.label == b.label == "per"
        )
    )
    before = [x.text for x in row.spans if x.label == "per"]
    after = [x.text for x in rename(row).spans if x.label == "per"]
    pairs = dict(zip(before, after, strict=True))
    for full in before:
        first = full.split()[0]
        if first in pairs and " " in full:
            assert pairs[full].split()[0] == pairs[first]


def test_regions_hold_every_level() -> None:
    lengths = {len(code) for code, _ in regions()}
    assert lengths == {2, 5, 8, 13}
    assert ("32.02", "Sukabumi") in regions()
