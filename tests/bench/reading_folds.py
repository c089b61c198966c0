"""Print how well articles are read that neither the recogniser nor the choice of the event's place has seen.

    python tests/bench/reading_folds.py FOLDER [--folds 0,1,2,3] [--steps 1200] [--vectors FOLDER]

The articles outside the test split fall into four folds, the tellings of one event into one. For each fold a
recogniser is trained on the others (minutes to an hour; kept in FOLDER/m0 to m3 and used again), and forests for
events. Rules were written with these articles in view and the judge has seen their kinds: figures of a new text
are lower. `--vectors` is the folder that `wartawas train --news` made; without it scores are lower.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nlp.corpus import CORPUS, Row, groups, load_corpus, test_ids
from nlp.edits import Sample
from nlp.evaluate import predict
from nlp.events import Chooser
from nlp.events_training import date_example, fit, fit_duels, place_example
from nlp.judge import load_judge
from nlp.model import Model
from nlp.ner import load_recogniser
from nlp.ner_training import Mix, train_recogniser, training_samples
from nlp.regions import load_gazetteer
from nlp.repairs import Repairer
from nlp.roles import load_roles
from nlp.score import score_extract

FOLDS = 4
WATCHED = 25  # articles of the fold that training prints scores of
FIGURES = (
    "place codes", "date values", "event place exact", "event place, regency", "event date exact",
    "officials (person with role)",
)  # fmt: skip


def folds_of(rows: list[Row]) -> dict[str, int]:
    """Return the fold of each article by id."""
    named = groups(rows)
    order = {name: number for number, name in enumerate(sorted(set(named.values())))}
    return {row.id: order[named[row.id]] % FOLDS for row in rows}


def taught(folder: Path, kept: list[Row], held: list[Row], steps: int, vectors: Path | None) -> None:
    """Train a recogniser on `kept` where `folder` holds none yet."""
    if folder.is_dir():
        return
    samples = training_samples(kept, Mix(1, 1, 1, 1, generated=3000))
    watched = [Sample(row.text, row.spans) for row in held[:WATCHED]]
    with tempfile.TemporaryDirectory() as work:
        train_recogniser(
            samples, watched, folder, work=Path(work), vectors=vectors, max_steps=steps, progress=sys.stderr
        )


def reader(recogniser: Path, kept: list[Row]) -> Model:
    """Return a model with the fold's recogniser and forests."""
    roles, gazetteer = load_roles(), load_gazetteer()
    dates = [example for row in kept if (example := date_example(row))]
    places = [example for row in kept if (example := place_example(row))]
    return Model(
        recogniser=load_recogniser(recogniser),
        gazetteer=gazetteer,
        roles=roles,
        judge=load_judge(),
        chooser=Chooser(fit(dates), fit(places, leaf=2), fit_duels(places)),
        repairer=Repairer(roles, gazetteer),
        version="fold",
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", default="0,1,2,3")
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args(arguments)
    tested = test_ids(CORPUS)
    rows = [row for row in load_corpus(CORPUS) if row.id not in tested]
    fold_of = folds_of(rows)
    read, predicted = [], {}
    for number in map(int, given.folds.split(",")):
        kept = [row for row in rows if fold_of[row.id] != number]
        held = [row for row in rows if fold_of[row.id] == number]
        model = given.folder / f"m{number}"
        taught(model, kept, held, given.steps, given.vectors)
        predicted |= predict(held, reader(model, kept))
        read += held
    scores = score_extract([row.as_gold() for row in read], predicted)
    print(f"{'articles':30} {len(read)}")
    for label, table in scores["mentions"].items():
        print(f"{label:30} {table['f1']:.3f}")
    for name in FIGURES:
        value = scores[name]
        print(f"{name:30} {value if isinstance(value, float) else value['f1']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
