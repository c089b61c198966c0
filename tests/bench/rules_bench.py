"""Print how well the rules read the corpus outside its test split, and the time they take.

    python tests/bench/rules_bench.py [--floors]

Places are linked on the gold spans; dates and laws are found in the bare text. `--floors` exits with 1 where
a figure falls under its floor. The test split (data/corpus/test_ids.txt) is left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nlp.corpus import Row, load_corpus, test_ids
from nlp.dates import find_dates
from nlp.laws import find_laws
from nlp.records import Mention
from nlp.regions import PlaceSpan, load_gazetteer
from nlp.stats import find_stats

WORDS = 376  # an article of the length that the time budget is set for
FLOORS = {
    "place codes": 0.98,
    "nested places": 0.97,
    "date spans": 0.965,
    "date values": 0.96,
    "law spans": 0.955,
}


def f1(hit: int, said: int, gold: int) -> float:
    return 2 * hit / (said + gold) if said + gold else 0.0


def spans(row: Row, *labels: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in row.spans if span.label in labels]


def published(row: Row) -> datetime | None:
    return datetime.fromisoformat(row.published) if row.published else None


def place_codes(rows: Iterable[Row]) -> float:
    gazetteer = load_gazetteer()
    hit = said = gold = 0
    for row in rows:
        places = [span for span in row.spans if span.label == "loc"]
        for span, link in zip(
            places, gazetteer.link(row.text, [PlaceSpan(s.start, s.end) for s in places]), strict=True
        ):
            said += bool(link.codes)
            gold += span.code is not None
            hit += span.code is not None and link.codes[:1] == (span.code,)
    return f1(hit, said, gold)


def nested_places(rows: Iterable[Row]) -> float:
    gazetteer = load_gazetteer()
    hit = said = gold = 0
    for row in rows:
        places = spans(row, "loc")
        for start, end in spans(row, "role", "org"):
            last = max((place for place in places if start <= place[0] and place[1] <= end), default=None)
            found = gazetteer.nested(row.text, start, end)
            hit += found is not None and found == last
            said += found is not None
            gold += last is not None
    return f1(hit, said, gold)


def date_figures(rows: Sequence[Row]) -> tuple[float, float]:
    found = {row.id: find_dates(row.text, published(row)) for row in rows}
    hit = said = gold = right = valued = 0
    for row in rows:
        dates = [span for span in row.spans if span.label == "date"]
        hit += len({(m.start, m.end) for m in found[row.id]} & {(s.start, s.end) for s in dates})
        said += len(found[row.id])
        gold += len(dates)
        valued += sum(m.iso is not None for m in found[row.id])
        for span in dates:
            near = max(
                (m for m in found[row.id] if m.iso),
                key=lambda m: shared(m, span.start, span.end),
                default=None,
            )
            right += near is not None and shared(near, span.start, span.end) > 0.5 and near.iso == span.iso
    return f1(hit, said, gold), f1(right, valued, gold)


def shared(mention: Mention, start: int, end: int) -> float:
    both = max(0, min(mention.end, end) - max(mention.start, start))
    return both / max(1, max(mention.end, end) - min(mention.start, start))


def law_spans(rows: Iterable[Row]) -> float:
    hit = said = gold = 0
    for row in rows:
        want, have = set(spans(row, "law")), {(law.start, law.end) for law in find_laws(row.text)}
        hit, said, gold = hit + len(want & have), said + len(have), gold + len(want)
    return f1(hit, said, gold)


def milliseconds(rows: Sequence[Row]) -> float:
    """Return the CPU time of all rules together for an article of WORDS words."""
    gazetteer = load_gazetteer()
    words = sum(len(row.text.split()) for row in rows)
    begin = time.process_time()
    for row in rows:
        places = spans(row, "loc")
        gazetteer.link(row.text, [PlaceSpan(*place) for place in places])
        gazetteer.find(row.text, places)
        for start, end in spans(row, "role", "org"):
            gazetteer.nested(row.text, start, end)
        find_laws(row.text)
        find_stats(row.text, published(row), find_dates(row.text, published(row)))
    return 1000 * (time.process_time() - begin) * WORDS / words


def main(argv: Sequence[str]) -> int:
    held_out = test_ids()
    rows = [row for row in load_corpus() if row.id not in held_out]
    date_spans, date_values = date_figures(rows)
    figures = {
        "place codes": place_codes(rows),
        "nested places": nested_places(rows),
        "date spans": date_spans,
        "date values": date_values,
        "law spans": law_spans(rows),
    }
    print(f"{len(rows)} articles outside the test split")
    for name, figure in figures.items():
        print(f"{name:14} F1 {figure:.4f}  floor {FLOORS[name]}")
    print(f"{milliseconds(rows):.1f} ms of CPU for {WORDS} words, all rules together")
    return int("--floors" in argv and any(figures[name] < floor for name, floor in FLOORS.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
