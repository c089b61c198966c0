"""Scores texts that tell several cases, and texts that only look so: were the cases told apart, and read rightly?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nlp.score import prf

_Case = Mapping[str, Any]


def score_several(
    docs: Sequence[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the figures of articles whose `parts` are their cases (rows of the corpus as dictionaries).

    `several told apart` and `one kept whole` are the texts with as many cases as they tell. A predicted case is the
    annotated one in whose sentence, else in whose paragraph, its first evidence stands. One that is missing counts as
    wrong in all else, one too many in all but the stage.
    """
    several, one, stages = [0, 0], [0, 0], [0, 0]
    cases, types, categories, names = ([0, 0, 0] for _ in range(4))  # right, predicted, annotated
    for doc in docs:
        found = list(predicted.get(doc["id"], {}).get("cases", ()))
        texts = one if len(doc["parts"]) == 1 else several
        texts[0] += len(found) == len(doc["parts"])
        texts[1] += 1
        pairs = _matched(doc, found)
        cases[0] += sum(case is not None for _, case in pairs)
        cases[1] += len(found)
        cases[2] += len(doc["parts"])
        unmatched = [case for case in found if not any(case is other for _, other in pairs)]
        for part, case in [*pairs, *((None, case) for case in unmatched)]:
            gold = list(part["terlapor"]) if part else []
            said = list(case["terlapor"]) if case else []
            _add(types, set(part["types"] if part else ()), set(case["types"] if case else ()))
            _add(categories, {a["category"] for a in gold}, {a["category"] for a in said} - {None})
            _add(names, {a["name"] for a in gold} - {"-"}, {a["name"] for a in said} - {None})
            if part:
                stages[0] += bool(case) and case["stage"] == part["stage"]
                stages[1] += 1
    return {
        "documents": len(docs),
        "several told apart": f"{several[0]}/{several[1]}",
        "one kept whole": f"{one[0]}/{one[1]}",
        "cases told": prf(*cases),
        "types of cases": prf(*types),
        "terlapor category": prf(*categories),
        "terlapor name": prf(*names),
        "stage accuracy": stages[0] / max(1, stages[1]),
    }


def _matched(doc: Mapping[str, Any], found: Sequence[_Case]) -> list[tuple[Mapping[str, Any], _Case | None]]:
    """Return each annotated case with the predicted one that is proved by the same paragraph, in order."""
    proofs = {
        number: [s["start"] for s in doc["spans"] if s["label"] == "ev" and (s["case"] or 1) == number]
        for number in range(1, len(doc["parts"]) + 1)
    }
    matched: dict[int, _Case] = {}
    for same in (int, lambda start: doc["text"].count("\n", 0, start)):  # the sentence, then the paragraph
        for number, starts in proofs.items():
            taken = [id(case) for case in matched.values()]
            places = {same(start) for start in starts}
            fitting = (
                one for one in found if id(one) not in taken and same(one["evidence"][0]["start"]) in places
            )
            if number not in matched and (case := next(fitting, None)):
                matched[number] = case
    return [(part, matched.get(number)) for number, part in enumerate(doc["parts"], 1)]


def _add(counts: list[int], gold: set[str], said: set[str]) -> None:
    counts[0] += len(gold & said)
    counts[1] += len(said)
    counts[2] += len(gold)
