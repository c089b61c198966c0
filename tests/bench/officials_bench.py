"""Print how well officials and events are read outside the test split, and the time they take.

    python tests/bench/officials_bench.py [--predicted] [--writers] [--floors]

Officials are linked on the gold spans, or with --predicted on the recogniser's (which was trained on these
articles: an upper bound). Event dates and places are those of articles held out in five folds; --writers also
holds out one writer (the first part of an id) after the other, minutes of work. A person whose
rank stands between post and name has only the rank as gold office; `set aside` leaves these persons out.
`--floors` exits with 1 where a figure falls under its floor.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nlp.corpus import CORPUS, Row, load_corpus, test_ids
from nlp.cues import words_of
from nlp.events import load_chooser, winner
from nlp.events_training import fit, fit_duels, kind_number, place_example, scene_of, train_events
from nlp.officials import read_officials
from nlp.places import find_place_mentions
from nlp.records import Mention, Official
from nlp.regions import load_gazetteer
from nlp.repairs import Repairer
from nlp.roles import load_roles
from nlp.score import gold_officials, prf, word_f1
from nlp.text import fold

WORDS = 376  # an article of the length that the time budget is set for
FLOORS = {
    "officials": 0.86,
    "officials, ranks set aside": 0.96,
    "event date exact": 0.91,
    "event place exact": 0.77,
    "event place, regency": 0.96,
}


def full(official: Official) -> str:
    parts = (
        official.status_prefix,
        official.rank,
        official.called or official.role,
        official.institution,
        official.jurisdiction,
    )
    return " ".join(filter(None, parts))


def is_rank(role: str) -> bool:
    words = words_of(fold(role))
    return any(found.first == 0 for found in load_roles().ranks.find(words))


def score(docs: Sequence[dict[str, Any]], read: Sequence[Sequence[Official]], *, aside: bool) -> float:
    """Return the F1 of (person, role) pairs as nlp.score counts them."""
    hit = said = gold = 0
    for doc, officials in zip(docs, read, strict=True):
        wanted = gold_officials(doc)
        ranked = {o.name.casefold() for o in officials if o.rank and o.role}
        left_out = {n.casefold() for n, role in wanted if is_rank(role)} & ranked if aside else set()
        names = {name.casefold() for name, _ in wanted}
        people = {span["text"].casefold() for span in doc["spans"] if span["label"] == "per"}
        pairs = {(o.name.casefold(), full(o)) for o in officials if o.name.casefold() not in left_out}
        said += sum(name in names or name not in people for name, _ in pairs)
        for name, role in wanted:
            if name.casefold() in left_out:
                continue
            gold += 1
            fits = [pair for pair in pairs if pair[0] == name.casefold() and word_f1(role, pair[1]) >= 0.6]
            if fits:
                hit += 1
                pairs.discard(fits[0])
    return prf(hit, said, gold)["f1"]


def gold_mentions(row: Row) -> list[Mention]:
    return [
        Mention(s.label, s.start, s.end, s.text, code=s.code, codes=(s.code,) if s.code else ())
        for s in row.spans
        if s.label not in ("ev", "date")
    ]


def predicted_mentions(rows: Sequence[Row]) -> list[list[Mention]]:
    from nlp.ner import load_recogniser

    gazetteer = load_gazetteer()
    repairer = Repairer(load_roles(), gazetteer)
    found: list[list[Mention]] = []
    for row, spotted in zip(rows, load_recogniser().recognise([row.text for row in rows]), strict=True):
        named = repairer.repair(row.text, [m for m in spotted if m.label in ("per", "role", "org", "loc")])
        places = find_place_mentions(row.text, named, gazetteer, None)
        found.append([*(m for m in named if m.label != "loc"), *places])
    return found


def milliseconds(rows: Sequence[Row], mentions: Sequence[Sequence[Mention]]) -> float:
    """Return the CPU time of repairs, officials and the event's choice for an article of 376 words."""
    gazetteer, roles, chooser = load_gazetteer(), load_roles(), load_chooser()
    repairer = Repairer(roles, gazetteer)
    scenes = [scene_of(row) for row in rows]
    begin = time.process_time()
    for row, marked, scene in zip(rows, mentions, scenes, strict=True):
        repairer.repair(row.text, marked)
        read_officials(row.text, marked, naming=gazetteer.name, roles=roles)
        chooser.choose(scene, kind_number(row), None)
    words = sum(len(row.text.split()) for row in rows)
    return 1000 * (time.process_time() - begin) * WORDS / words


def unseen_writers(rows: Sequence[Row]) -> dict[str, float]:
    """Return how often the event's place is right in the articles of writers that training did not see."""
    examples = [example for row in rows if (example := place_example(row))]
    writers = {example.id: example.id.split("-")[0] for example in examples}
    said: list[tuple[str, str]] = []
    for writer in sorted(set(writers.values())):
        kept = [e for e in examples if writers[e.id] != writer]
        places, duels = fit(kept, leaf=2), fit_duels(kept)
        said += [(winner(places, duels, e.rows) or "", e.right) for e in examples if writers[e.id] == writer]
    return {
        "event place, unseen writers": sum(a == b for a, b in said) / len(said),
        "its regency": sum(a[:5] == b[:5] for a, b in said) / len(said),
    }


def main(arguments: Sequence[str]) -> int:
    tested = test_ids(CORPUS)
    rows = [row for row in load_corpus(CORPUS) if row.id not in tested]
    mentions = predicted_mentions(rows) if "--predicted" in arguments else list(map(gold_mentions, rows))
    naming = load_gazetteer().name
    read = [read_officials(r.text, m, naming=naming)[0] for r, m in zip(rows, mentions, strict=True)]
    docs = [asdict(row) for row in rows]
    figures = {
        "officials": score(docs, read, aside=False),
        "officials, ranks set aside": score(docs, read, aside=True),
    }
    with tempfile.TemporaryDirectory() as folder:
        figures |= train_events(rows, Path(folder))
    if "--writers" in arguments:
        figures |= unseen_writers(rows)
    for name, value in figures.items():
        print(f"{name:30} {value:.3f}")
    print(f"{'ms an article':30} {milliseconds(rows, mentions):.1f}")
    low = [name for name, floor in FLOORS.items() if figures[name] < floor]
    if low:
        print("under the floor: " + ", ".join(low))
    return 1 if low and "--floors" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
