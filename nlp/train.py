"""The training workflow: convert → train → evaluate → package, for each of the model's parts."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import RootModel

from nlp.acts import load_acts
from nlp.corpus import Row, load_corpus, load_later, split, test_ids
from nlp.cues import Phrasebook, PhraseError
from nlp.date_guards import load_guards
from nlp.date_roles import load_role_cues
from nlp.edits import Sample
from nlp.election_calendar import load_elections
from nlp.event_words import load_event_words
from nlp.law_list import load_laws
from nlp.region_cues import load_cues
from nlp.region_names import load_region_names, load_region_words
from nlp.roles import load_roles
from nlp.stats import load_stat_words
from nlp.taxonomy import DATA, TaxonomyError, load_taxonomy, read_rows
from nlp.word_check import check_names
from nlp.wordlists import load_actors, load_handling, load_topics

PARTS = ("ner", "judge", "events")
VERSION = "1.0.0"
_LICENSE = "Apache-2.0"


class TrainingError(ValueError):
    """Training can't start; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What one training of the recogniser needs."""

    rows: list[Row]
    dev: list[Row]
    texts: list[str]
    out: Path
    work: Path
    public: Path | None
    start: Path | None
    max_steps: int | None
    progress: IO[str] | None


@dataclass(frozen=True, slots=True)
class Besides:
    """The folders that a training reads besides the corpus; each may be missing.

    `news` (*.parquet) gives word vectors and negatives for the judge; without it both are weaker. `public` (public
    entity sets, one folder each) is a yardstick: the recogniser's configuration is trained on each set's own train
    split and scored on its test split, and nothing of the sets enters the model. `reviewed` holds articles that
    reviewers labelled (`wartawas export --labels`): the judge and the choice of events learn from them, the
    recogniser does not, since nobody corrected their mentions. `start` holds a recogniser to go on from.
    """

    news: Path | None = None
    public: Path | None = None
    reviewed: Path | None = None
    start: Path | None = None


def train(
    out: Path,
    corpus: Path,
    besides: Besides = Besides(),
    parts: Sequence[str] = PARTS,
    *,
    max_steps: int | None = None,
    hold_dev: bool = False,
    progress: IO[str] | None = None,
) -> dict[str, dict[str, float]]:
    """Train `parts` on the corpus folder and write each to `out`/<part>; return their scores.

    The frozen test split is never read for training. The dev split is trained on as well, unless `hold_dev` keeps
    it for measuring; `max_steps` shortens a trial run.
    """
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise TrainingError(f"no part {', '.join(sorted(unknown))}: name {' or '.join(PARTS)}")
    rows, judged, dev = taught_rows(corpus, besides.reviewed, hold_dev=hold_dev)
    if besides.start and (hold_dev or "ner" not in parts):
        raise TrainingError(
            "--from: only for --part ner, and without --hold-dev (its model knows the dev split)"
        )
    for name in ("meta.json", "vocab/vectors"):
        if besides.start and not (besides.start / name).is_file():
            raise TrainingError(
                f"--from: {besides.start} has no {name}; name a recogniser like nlp/models/ner"
            )
    later = load_later(corpus)  # the judge reads those of this project by itself
    articles = _read_news(besides.news)
    done: dict[str, dict[str, float]] = {}
    if "ner" in parts:
        texts = [f"{one['title']}\n{one['body']}" for one in articles]
        with tempfile.TemporaryDirectory() as work:
            known = [*rows, *later]
            run = _Run(
                known, dev, texts, out / "ner", Path(work), besides.public, besides.start, max_steps, progress
            )
            done |= _train_ner(run)
    if "judge" in parts:
        from nlp.judge_training import train_judge

        negatives = [f"{one['title']}\n\n{one['body']}" for one in articles if may_train(one["url"])]
        done["judge"] = train_judge(judged, negatives, out / "judge")
    if "events" in parts:
        from nlp.events_training import train_events

        done["events"] = train_events(judged, out / "events", later)
    return done


def taught_rows(
    corpus: Path, reviewed: Path | None = None, *, hold_dev: bool = False
) -> tuple[list[Row], list[Row], list[Row]]:
    """Return what the recogniser learns from, what the judge and the choice of events do, and the dev split.

    Of the articles that reviewers labelled those are left out whose text the frozen test split holds. Raises
    CorpusError where a folder holds none, or one is faulty.
    """
    every, tested = load_corpus(corpus), test_ids(corpus)
    train_rows, dev, test_rows = split(every, tested)
    rows = train_rows if hold_dev else [*train_rows, *dev]
    closed = {row.text for row in test_rows}
    more = [row for row in load_corpus(reviewed) if row.text not in closed] if reviewed else []
    return rows, [*rows, *more], dev


def check_corpus(corpus: Path) -> str:
    """Return what the corpus holds, in one line; raise CorpusError where an article is faulty."""
    rows = load_corpus(corpus)
    train_rows, dev_rows, test_rows = split(rows, test_ids(corpus))
    words = sum(len(row.text.split()) for row in rows)
    return (
        f"{len(rows)} articles, {words:,} words: {len(train_rows)} train, {len(dev_rows)} dev, "
        f"{len(test_rows)} test"
    )


def check_words(folder: Path | None = None) -> str:
    """Return how many types data/taxonomy (or `folder`) holds; raise TaxonomyError or RolesError where a
    file is faulty."""
    folder = folder or DATA / "taxonomy"
    for file in sorted(folder.glob("*.toml")):
        read_rows(file, RootModel[dict[str, Any]])
    load_roles(folder / "roles.toml")
    acts = load_acts(folder)
    phrases = {
        "acts.toml": (acts.groups, acts.forms),
        "actors.toml": (load_actors(folder),),
        "handling.toml": (load_handling(folder),),
        "topics.toml": (load_topics(folder),),
    }
    for name, groups in phrases.items():
        for group in groups:
            try:
                Phrasebook(group)
            except PhraseError as error:
                raise TaxonomyError(f"{folder / name}: {error}") from None
    for load in (load_elections, load_region_names, check_names):
        load(folder)
    load_cues(load_region_words(folder))
    if folder == DATA / "taxonomy":
        for name, read in _OTHER_WORDS.items():
            try:
                read()
            except (AttributeError, KeyError, TypeError, re.error) as error:
                raise TaxonomyError(
                    f"{folder / name}: does not fit: {type(error).__name__} {error}"
                ) from error
    return f"{len(load_taxonomy(folder).types)} types"


# files whose readers know no other folder
_OTHER_WORDS: dict[str, Callable[[], object]] = {
    "date_words.toml": lambda: (load_guards(), load_role_cues()),
    "event_words.toml": load_event_words,
    "laws.toml": load_laws,
    "stats.toml": load_stat_words,
}


def may_train(url: str) -> bool:
    """Tell whether a general article may train the judge: those with an even SHA-1 of the URL only test."""
    return int(hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


def _read_news(news: Path | None) -> list[dict[str, str]]:
    from nlp.vectors import read_news

    return read_news(news) if news else []


def _train_ner(run: _Run) -> dict[str, dict[str, float]]:
    from nlp.ner_training import Mix, train_recogniser, training_samples
    from nlp.public_sets import benchmark
    from nlp.vectors import train_vectors

    vectors = None
    if run.texts and (run.public or not run.start):
        plain = [f"{row.title}\n{row.text}" for row in run.rows]
        vectors = train_vectors([*run.texts, *plain], run.work / "vectors", work=run.work)
    mix = Mix() if run.max_steps is None else Mix(1, 1, 0, 0, generated=min(500, 4 * run.max_steps))
    if run.start:
        mix = Mix(1, 1, 1, 1, generated=min(1000, 4 * (run.max_steps or 1000)))
    news = _trained_on(run.start).get("articles", 0) if run.start else len(run.texts)
    dev = [Sample(row.text, row.spans) for row in run.dev]
    card = run.out / "README.md"
    described = card.read_bytes() if card.is_file() else None
    common: dict[str, Any] = {"vectors": vectors, "max_steps": run.max_steps, "progress": run.progress}
    samples = training_samples(run.rows, mix)
    done = {"ner": train_recogniser(samples, dev, run.out, work=run.work, start=run.start, **common)}
    if described:  # the model card stands beside what it describes
        card.write_bytes(described)
    _package(run.out, rows=len(run.rows), articles=news)
    for folder in sorted(path for path in run.public.iterdir() if path.is_dir()) if run.public else []:
        done[folder.name] = benchmark(folder, work=run.work / folder.name, **common)
    return done


def _trained_on(model: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((model / "meta.json").read_text(encoding="utf-8")).get(
        "trained_on", {}
    )
    return found


def _package(folder: Path, **counts: int) -> None:
    """Halve the vectors' precision (and size), and write into meta.json what the model was trained on.

    The configuration forgets the paths of the machine that trained.
    """
    import numpy as np
    from spacy.util import load_config

    config = load_config(folder / "config.cfg")
    config["paths"] = dict.fromkeys(config["paths"])
    config.to_disk(folder / "config.cfg")
    vectors = folder / "vocab" / "vectors"
    with vectors.open("rb") as file:
        table = np.load(file, allow_pickle=False)
    with vectors.open("wb") as file:
        np.save(file, table.astype("float16"), allow_pickle=False)
    path = folder / "meta.json"
    meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    meta |= {
        "name": "wartawas_ner",
        "version": VERSION,
        "license": _LICENSE,
        "description": "Persons, offices, institutions, places, dates and laws in Indonesian regional news",
        "trained_on": counts,
    }
    path.write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
