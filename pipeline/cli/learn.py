"""`wartawas train` and `wartawas evaluate`: the models, learnt from the corpus and measured on it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, open_console
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from nlp.evaluate import Evaluation

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_ROOT = Path(__file__).resolve().parents[2]
_CORPUS = _ROOT / "data" / "corpus"
_PARTS = ("ner", "judge", "events")
_ONLY_FOR = (
    ("--steps", "max_steps", ("ner",)),
    ("--public", "public", ("ner",)),
    ("--news", "news", ("ner", "judge")),
    ("--reviewed", "reviewed", ("judge", "events")),
)
_WITHOUT_NEWS = (("ner", "no word vectors"), ("judge", "no negatives from general news"))
_SPLITS = (
    "test",
    "dev",
    "dirty",
    "seeds",
    "several",
    "pages",
    "others",
    "retold",
    "news",
    "folds",
    "writers",
)


def _corpus(folder: Path | None) -> Path:
    """Return the folder named, or the checkout's: an installed wheel holds none."""
    chosen = folder or _CORPUS
    if not chosen.is_dir():
        raise Failure(
            f"{chosen} is missing: name the annotated corpus with --corpus (data/corpus of a checkout)"
        )
    return chosen


@click.command(epilog="Example: wartawas train --news ../news --out nlp/models")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the models."
)
@click.option("--corpus", type=_FOLDER, help="Annotated articles (default: data/corpus).")
@click.option("--news", type=_FOLDER, help="Folder of *.parquet with general news: word vectors, negatives.")
@click.option("--public", type=_FOLDER, help="Folder of public entity sets, to measure the configuration on.")
@click.option(
    "--reviewed", type=_FOLDER, help="Articles labelled at the desk (wartawas export --labels DIR)."
)
@click.option(
    "--part", "parts", type=click.Choice(_PARTS), multiple=True, help="Only this part (repeatable)."
)
@click.option(
    "--steps",
    "max_steps",
    type=click.IntRange(1),
    help="Stop the recogniser after so many steps (a trial run).",
)
@click.option(
    "--from", "start", type=_FOLDER, help="Recogniser to go on from (nlp/models/ner) instead of from nothing."
)
@click.option("--hold-dev", is_flag=True, help="Don't train on the dev split, so that it can be measured.")
@click.option("--check", is_flag=True, help="Only check data/taxonomy, the corpus and what --reviewed names.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as one object.")
def train(
    out: Path, corpus: Path | None, parts: tuple[str, ...], check: bool, as_json: bool, **options: Any
) -> None:
    """Train the recogniser, the judge and the choice of events on the annotated corpus; write them to --out.

    The frozen test split is never trained on. Without --news the models have no word vectors and no
    negatives from general news, and are weaker; `wartawas evaluate --model` measures by how much. --reviewed adds
    what reviewers confirmed and corrected; the recogniser does not learn from it.
    """
    chosen = set(parts or _PARTS)
    for option, name, those in _ONLY_FOR:
        if options[name] and chosen.isdisjoint(those):
            raise click.UsageError(f"{option} is only for --part {' or '.join(those)}")
    with failures():
        folder = _corpus(corpus)
        from nlp.train import Besides, check_corpus, check_words
        from nlp.train import train as run

        if check:
            click.echo(f"{check_words()}; {check_corpus(folder)}")
            if options["reviewed"]:
                click.echo(f"--reviewed: {check_corpus(options['reviewed'])}")
            return
        lost = [
            loss
            for part, loss in _WITHOUT_NEWS
            if part in chosen and not (part == "ner" and options["start"])
        ]
        if lost and not options["news"]:
            click.echo(
                f"wartawas: without --news there are {' and '.join(lost)}: expect lower scores", err=True
            )
        besides = Besides(*(options.pop(name) for name in ("news", "public", "reviewed", "start")))
        scores = run(out, folder, besides, parts=parts or _PARTS, progress=sys.stderr, **options)
    if as_json:
        click.echo(json.dumps(scores))
        return
    for part, figures in scores.items():
        click.echo(f"{part}: " + ", ".join(f"{key} {value:.4g}" for key, value in figures.items()))
    click.echo(f"written to {out}; measure them with: wartawas evaluate --model {out}")


@click.command(epilog="Example: wartawas evaluate --split dirty")
@click.option("--split", type=click.Choice(_SPLITS), default="test", show_default=True, help="What to read.")
@click.option("--corpus", type=_FOLDER, help="Annotated articles (default: data/corpus).")
@click.option("--model", type=_FOLDER, help="Folder of models (default: the shipped ones).")
@click.option("--news", type=_FOLDER, help="Folder of *.parquet with general news: for news, folds, writers.")
@click.option("--pin", is_flag=True, help="Raise the floors to these figures.")
@click.option("--lower", is_flag=True, help="With --pin: let floors fall as well.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one object.")
def evaluate(
    split: str,
    corpus: Path | None,
    model: Path | None,
    *,
    pin: bool,
    lower: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Score a model on a split of the corpus, with 95 % intervals; exit 1 where a figure is below its floor.

    test and dev are articles that training left out, dirty is the test split as careless pages give it,
    seeds are the real articles of $WARTAWAS_GOLD/seeds, several are texts that tell several cases and texts that
    only look so, pages are articles as messy as real pages, others are articles that name many beside the accused,
    retold are articles built as real reports are.
    Minutes long: news counts the cases found in general news, folds and writers train judges that leave each fifth
    of the events, or each writer, out.
    """
    if lower and not pin:
        raise click.UsageError("--lower needs --pin")
    if split == "news" and options["news"] is None:
        raise click.UsageError("--split news needs --news, the folder of general news")
    with failures():
        from nlp import evaluate as scoring
        from nlp.model import lacking, load_model

        folder = _corpus(corpus)
        reader = load_model(model)
        if model and (shipped := lacking(model)):
            click.echo(
                f"wartawas: {model} has no {', '.join(shipped)}: read with those that are shipped", err=True
            )
        gold = os.environ.get("WARTAWAS_GOLD")
        seeds = Path(gold) / "seeds" if gold else None
        evaluation = scoring.evaluate(
            split, reader, folder=folder, gold=seeds, version=reader.version, **options
        )
        floors = scoring.load_floors(folder)
        fallen = scoring.below_floors(evaluation, floors)
        if pin:
            click.echo(f"pinned in {scoring.pin_floors(evaluation, folder, lower=lower)}", err=True)
    if as_json:
        click.echo(json.dumps(_as_dict(evaluation, fallen), ensure_ascii=False))
    else:
        _print_table(evaluation, floors.get(split, {}))
    if fallen and not pin:
        raise Failure(f"{len(fallen)} figures fell below their floor: {'; '.join(fallen)}")


def _as_dict(evaluation: Evaluation, fallen: list[str]) -> dict[str, Any]:
    return {
        "split": evaluation.split,
        "documents": evaluation.documents,
        "model": evaluation.model,
        "figures": {
            key: {"value": one.value, "low": one.low, "high": one.high}
            for key, one in evaluation.figures.items()
        },
        "baseline": evaluation.baseline,
        "scores": evaluation.scores,
        "below_floor": fallen,
    }


def _print_table(evaluation: Evaluation, floors: dict[str, float]) -> None:
    from rich.table import Table

    table = Table(title=f"{evaluation.split}: {evaluation.documents} documents, model {evaluation.model}")
    for name in ("figure", "value", "95 % interval", "floor", "baseline"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for key, one in evaluation.figures.items():
        floor = floors.get(key)
        beside = evaluation.baseline.get(key)
        shown = ["" if figure is None else f"{figure:.3f}" for figure in (floor, beside)]
        table.add_row(key, f"{one.value:.3f}", f"{one.low:.3f} – {one.high:.3f}", *shown)
    console = open_console()
    console.print(table)
    for case in evaluation.scores.get("cases", ()):
        console.print(
            ", ".join(f"{key} {value}" for key, value in case.items()), markup=False, soft_wrap=True
        )
