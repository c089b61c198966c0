from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nlp import evaluate as scoring
from nlp.corpus import CORPUS, CorpusError, load_corpus
from nlp.evaluate import EvaluationError, Figure, below_floors, evaluate, pin_floors
from nlp.examples import load_more
from nlp.figures import flatten
from nlp.records import Document, EventRef, Extraction, Mention

GOLD = os.environ.get("WARTAWAS_GOLD")
FILES = ("kasus-02.txt", "kasus-07.txt", "lain-07.txt", "test_ids.txt")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name in FILES:
        (folder / name).write_bytes((CORPUS / name).read_bytes())
    return folder


class Echo:
    """A reader that knows the answers and forgets the kind of every `forget`-th document."""

    def __init__(self, folder: Path, split: str, forget: int) -> None:
        self._rows = {row.id: row for row in scoring.rows_of(split, folder)}
        self._forget = forget

    def extract_many(self, docs: Iterable[Document], batch: int = 64) -> Iterator[Extraction]:
        for n, document in enumerate(docs, 1):
            row = self._rows[document.id]
            mentions = [
                Mention(span.label, span.start, span.end, span.text, code=span.code, iso=span.iso)
                for span in row.spans
                if span.label != "ev"
            ]
            yield Extraction(
                id=row.id,
                kind="" if n % self._forget == 0 else row.kind,
                confidence=1.0,
                flags=row.flags,
                election=row.election or None,
                types=row.types,
                bentuk=row.bentuk,
                event=EventRef(row.event_date or None, row.event_place or None),
                cases=(),
                officials=(),
                roles_present=(),
                mentions=tuple(mentions),
                stats=(),
                legal_refs=(),
                model_version="echo",
            )


def test_evaluate_gives_each_figure_an_interval_around_it(small: Path) -> None:
    evaluation = evaluate("test", Echo(small, "test", forget=2), folder=small, resamples=40)
    kind = evaluation.figures["kind accuracy"]
    assert kind.low <= kind.value <= kind.high
    assert kind.low < kind.high
    assert evaluation.figures["mentions.per"] == Figure(1.0, 1.0, 1.0)
    assert evaluation.documents == len(scoring.rows_of("test", small))


def test_evaluate_repeats_itself(small: Path) -> None:
    first, again = (
        evaluate("test", Echo(small, "test", forget=2), folder=small, resamples=10) for _ in range(2)
    )
    assert first == again


def test_dirty_split_is_the_test_split_soiled_and_of_second_pages_only_mentions_count() -> None:
    clean, dirty = scoring.rows_of("test", CORPUS), scoring.rows_of("dirty", CORPUS)
    assert [row.id for row in clean] == [row.id for row in dirty]
    assert sum(a.text != b.text for a, b in zip(clean, dirty, strict=True)) > 0.8 * len(clean)
    cut = [a.id for a, b in zip(clean, dirty, strict=True) if len(a.spans) != len(b.spans)]
    assert 0 < len(cut) < len(clean)
    whole = Echo(CORPUS, "dirty", forget=999)

    class Forgetful:
        """A reader that knows no kind of a second page."""

        def extract_many(self, docs: Iterable[Document], batch: int = 64) -> Iterator[Extraction]:
            for found in whole.extract_many(docs):
                yield replace(found, kind="") if found.id in cut else found

    figures = evaluate("dirty", Forgetful(), folder=CORPUS, resamples=2).figures
    assert figures["kind accuracy"] == Figure(1.0, 1.0, 1.0)
    assert figures["mentions.per"] == Figure(1.0, 1.0, 1.0)
    assert evaluate("dirty", whole, folder=CORPUS, resamples=2).documents == len(clean)


@pytest.mark.parametrize(("name", "articles"), [("pages", 120), ("others", 126), ("retold", 416)])
def test_nothing_trains_on_the_articles_kept_apart(name: str, articles: int) -> None:
    kept = scoring.rows_of(name)
    trained = [*load_corpus(), *load_more()]
    assert len(kept) == articles
    assert not {row.id for row in kept} & {row.id for row in trained}
    assert not {row.text for row in kept} & {row.text for row in trained}


def test_flatten_turns_tables_and_fractions_into_numbers() -> None:
    scores = {
        "documents": 4,
        "false cases (documents)": "1/4",
        "cases found (documents)": "3/4",
        "kind": {"pelanggaran": {"p": 1.0, "r": 0.5, "f1": 0.667, "n": 2}},
        "evidence": {"found": "1/2", "precision": 0.5},
    }
    assert flatten(scores) == {
        "false cases (documents)": 0.75,
        "cases found (documents)": 0.75,
        "kind.pelanggaran": 0.667,
        "evidence.found": 0.5,
        "evidence.precision": 0.5,
    }


def test_floors_rise_and_fall_only_when_told(small: Path, tmp_path: Path) -> None:
    good = evaluate("test", Echo(small, "test", forget=99), folder=small, resamples=2)
    bad = replace(good, figures={**good.figures, "kind accuracy": Figure(0.5, 0.4, 0.6)})
    pin_floors(good, tmp_path)
    floors = scoring.load_floors(tmp_path)
    assert below_floors(good, floors) == []
    assert below_floors(bad, floors) == [f"kind accuracy 0.5 < {good.figures['kind accuracy'].value}"]
    pin_floors(bad, tmp_path)
    assert scoring.load_floors(tmp_path) == floors
    pin_floors(bad, tmp_path, lower=True)
    assert scoring.load_floors(tmp_path)["test"]["kind accuracy"] == 0.5


def test_a_figure_that_is_gone_counts_as_fallen(small: Path) -> None:
    empty = scoring.Evaluation("test", 1, {}, {}, "x")
    assert below_floors(empty, {"test": {"kind accuracy": 0.9}}) == ["kind accuracy missing < 0.9"]


def test_unknown_split_and_missing_seeds_are_named(small: Path, tmp_path: Path) -> None:
    reader = Echo(small, "dev", forget=2)
    with pytest.raises(EvaluationError, match="no split 'train'"):
        evaluate("train", reader, folder=small)
    with pytest.raises(EvaluationError, match="WARTAWAS_GOLD"):
        evaluate("seeds", reader, folder=small, gold=tmp_path)
    with pytest.raises(CorpusError, match="test_ids"):
        evaluate("test", reader, folder=_without_ids(small, tmp_path))


def _without_ids(small: Path, folder: Path) -> Path:
    (folder / FILES[0]).write_bytes((small / FILES[0]).read_bytes())
    return folder


@pytest.mark.skipif(not GOLD, reason="WARTAWAS_GOLD is not set: the seeds are not part of the repository")
def test_seeds_are_scored_as_found_of_wanted() -> None:
    from nlp.model import load_model

    evaluation = evaluate("seeds", load_model(), gold=Path(str(GOLD)) / "seeds")
    assert evaluation.scores["kind"] == "5/5"
    assert evaluation.scores["false cases"] == "0/5"
    assert evaluation.figures["officials"].value >= 9 / 11


@pytest.mark.parametrize("split", sorted(scoring.load_floors()))
def test_the_model_that_is_shipped_stands_on_its_floors(split: str) -> None:
    from nlp.model import load_model

    assert below_floors(evaluate(split, load_model(), resamples=2), scoring.load_floors()) == []
