"""Trains the judge on the annotated corpus, with general news as documents about something else."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from nlp.accused import GENERIC, Cast, find_cast
from nlp.accusing import actor_features, post_features
from nlp.contrast import contrasts_of
from nlp.corpus import CORPUS, Row, groups, load_corpus
from nlp.cues import Phrasebook, words_of
from nlp.evidence import sentence_features, settled
from nlp.fitting import fit_one, fit_several
from nlp.forms import form_features
from nlp.handling import outcome_features, read_steps, source_features, stage_features
from nlp.judge import Judge, Limits, choose_evidence
from nlp.kind import flag_features, kind_features
from nlp.linear import Features, Linear, save_models
from nlp.officials import read_officials
from nlp.reading import Reading, read_document
from nlp.records import Document, Mention, Official
from nlp.taxonomy import load_taxonomy
from nlp.text import fold
from nlp.violation import pair_features, type_words

FOLDS = 5
NEWS = 1500  # general articles that are enough to tell what has nothing to do with elections
NEWS_WEIGHT = 0.2  # general articles must not outvote what election news say
CONTRAST_WEIGHT = 0.3  # nor made texts real ones
NEWS_SENTENCES = 4  # of each general article, as sentences that assert no election offence
Models = dict[str, Linear]


@dataclass(slots=True)
class Example:
    """An annotated article with what was read from it, and what models that did not see it say of it."""

    row: Row | None  # None: general news
    weight: float  # beside an annotated article, which weighs 1
    reading: Reading
    officials: tuple[Official, ...]
    fold: int
    asserted: list[float] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    accused: dict[str, float] = field(default_factory=dict)
    types: dict[str, float] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    sentences: list[Features] = field(default_factory=list)  # features of each, made once

    @property
    def gold(self) -> Row:
        """Return the annotation; general news has none."""
        if self.row is None:
            raise ValueError(f"{self.reading.document.id} is not annotated")
        return self.row


def train_judge(
    rows: Sequence[Row], news: Sequence[str], out: Path, more: Sequence[Row] | None = None
) -> dict[str, float]:
    """Train on `rows` and the general `news`, write the models to `out`, return what they say of their own data.

    A news text is a title, a line break and a body. Of the news a fixed sample is taken that names no election:
    what does may be anything, and nobody annotated it. `more` are short articles that only the judge trains on
    (default: data/corpus/judge).
    """
    rows = [*rows, *(load_more() if more is None else more)]
    examples = read_examples(rows, choose_news(news), contrasts=list(contrasts_of(CORPUS / "judge")))
    models = fit_judge(examples)
    stamp = hashlib.sha256("".join(sorted(f"{row.id} {row}" for row in rows)).encode()).hexdigest()[:8]
    version = f"judge-{len(rows)}-{stamp}"
    save_models(out, models, {"version": version, "limits": asdict(Limits())})
    judge = Judge(models, Limits(), version)
    known = [one for one in examples if one.weight == 1]
    right = sum(judge.judge_reading(one.reading, one.officials).kind == one.gold.kind for one in known)
    return {
        "articles": len(rows),
        "news": len(news),
        "kind accuracy on its own data": right / max(1, len(known)),
    }


def load_more() -> list[Row]:
    """Return the articles of data/corpus/judge, none where the folder is absent.

    Their entities were tagged by the recogniser and looked through only quickly: they train nothing else.
    """
    folder = CORPUS / "judge"
    return load_corpus(folder, check=False) if folder.is_dir() else []


def choose_news(news: Sequence[str], most: int = NEWS) -> list[str]:
    """Return at most `most` of the news that name no election, the same ones for the same input."""
    book = Phrasebook({"election": load_taxonomy().file.cue_strength.election_words})
    ordered = sorted(news, key=lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
    plain = (text for text in ordered if text.strip() and not book.find(words_of(fold(text))))
    return list(islice(plain, most))


def read_examples(
    rows: Sequence[Row],
    news: Sequence[str],
    mentions: Mapping[str, tuple[Mention, ...]] | None = None,
    contrasts: Sequence[Row] = (),
) -> list[Example]:
    """Return the articles read once, each with its fold: articles of one event share one.

    `mentions` replaces an article's annotated spans by what a recogniser found there; `contrasts` are made
    texts that teach what makes a case, and nothing else.
    """
    group = groups([*rows, *contrasts])
    keys = sorted(set(group.values()))
    random.Random(7).shuffle(keys)  # noqa: S311 - folds, no secret
    fold = {key: at % FOLDS for at, key in enumerate(keys)}
    examples: list[Example] = []
    for row in (*rows, *contrasts):
        spans = (mentions or {}).get(row.id) or gold_mentions(row)
        officials, _ = read_officials(row.text, spans)
        weight = 1.0 if len(examples) < len(rows) else CONTRAST_WEIGHT
        reading = read_document(gold_document(row), spans)
        examples.append(Example(row, weight, reading, officials, fold[group[row.id]]))
    for at, text in enumerate(news):
        title, _, body = text.partition("\n")
        reading = read_document(Document(f"news-{at}", body.strip() or title, title if body else None))
        examples.append(Example(None, NEWS_WEIGHT, reading, (), at % FOLDS))
    return examples


def gold_document(row: Row) -> Document:
    """Return an annotated article as the document that would be judged."""
    published = datetime.fromisoformat(row.published) if row.published else None
    return Document(row.id, row.text, row.title or None, None, published, row.outlet)


def gold_mentions(row: Row) -> tuple[Mention, ...]:
    """Return the annotated spans as mentions."""
    return tuple(
        Mention(s.label, s.start, s.end, s.text, code=s.code, iso=s.iso) for s in row.spans if s.label != "ev"
    )


def fit_judge(examples: Sequence[Example]) -> Models:
    """Return the models, each fitted on what the models before it say of articles that they did not see."""
    for one in examples:
        if not one.sentences:
            one.sentences = [sentence_features(one.reading, at) for at in range(len(one.reading.sentences))]
    models = {"evidence": _fit_evidence(examples)}
    for partial, held in _folds(examples, lambda kept: {"evidence": _fit_evidence(kept)}):
        for one in held:
            model = partial.models["evidence"]
            known = zip(one.reading.sentences, one.sentences, strict=True)
            one.asserted = [settled(sentence, model.probabilities(f)["y"]) for sentence, f in known]
            one.chosen = choose_evidence(one.asserted, partial.limits.evidence)
    models |= _fit_kind(examples)
    articles = [one for one in examples if one.weight == 1]
    cases = [one for one in articles if one.gold.is_case]
    models |= _fit_accused(cases)
    for partial, held in _folds(cases, _fit_accused):
        for one in held:
            cast = find_cast(one.reading, one.officials)
            _, one.accused = partial.accuse(one.reading, cast, one.asserted, set(one.chosen))
    models |= _fit_types("types", cases)
    for partial, held in _folds(cases, lambda kept: _fit_types("types", kept)):
        for one in held:
            one.types = partial.type_chances("types", one.reading, one.chosen, one.accused)
    models |= _fit_offices(cases) | _fit_stages(cases)
    for partial, held in _folds(cases, _fit_stages):
        for one in held:
            one.stages = partial.stage_chances(stage_features(read_steps(one.reading)))
    models |= _fit_outcomes(cases)
    others = [one for one in articles if not one.gold.is_case]
    about = [one for one in others if one.gold.kind in ("pencegahan", "informasi")]
    for one in about:
        one.chosen = []
    return models | _fit_types("about", about) | _fit_forms([*cases, *about])


def _folds(
    examples: Sequence[Example], fit: Callable[[Sequence[Example]], Models]
) -> Iterable[tuple[Judge, list[Example]]]:
    """Yield for each fold the judge fitted without it, and its examples."""
    for number in range(FOLDS):
        held = [one for one in examples if one.fold == number]
        if held:
            yield Judge(fit([one for one in examples if one.fold != number]), Limits(), ""), held


def _fit_evidence(examples: Sequence[Example]) -> Linear:
    features: list[Features] = []
    labels: list[str] = []
    weights: list[float] = []
    for one in examples:
        for at, known in enumerate(one.sentences if one.row else one.sentences[:NEWS_SENTENCES]):
            features.append(known)
            labels.append("y" if one.row and is_evidence(one.row, one.reading, at) else "n")
            weights.append(one.weight if one.row else 1.0)
    return fit_one(features, labels, c=1.0, text_weight=2.0, most=30_000, weights=weights)


def is_evidence(row: Row, reading: Reading, at: int) -> bool:
    """Tell whether sentence `at` is annotated as evidence (more than half shared with an annotated span)."""
    start, end = reading.sentences[at].start, reading.sentences[at].end
    for span in row.spans:
        shared = min(end, span.end) - max(start, span.start)
        if span.label == "ev" and shared > 0 and shared / (max(end, span.end) - min(start, span.start)) > 0.5:
            return True
    return False


def _fit_kind(examples: Sequence[Example]) -> Models:
    features = [kind_features(one.reading, one.asserted) for one in examples]
    labels = [one.row.kind if one.row else "lainnya" for one in examples]
    weights = [one.weight for one in examples]
    models = {"kind": fit_one(features, labels, c=1.0, text_weight=6.0, most=100_000, weights=weights)}
    beside = [one for one in examples if one.weight == 1 and one.gold.kind in ("pencegahan", "informasi")]
    flags = [flag_features(one.reading, one.asserted) for one in beside]
    for flag in ("mixed", "opinion"):
        models[flag] = fit_one(flags, [_yes(flag in one.gold.flags) for one in beside], c=0.3)
    return models


def _fit_accused(cases: Sequence[Example]) -> Models:
    persons: tuple[list[Features], list[str]] = ([], [])
    posts: tuple[list[Features], list[str]] = ([], [])
    for one in cases:
        names = {t.name.casefold() for t in one.gold.terlapor}
        categories = {t.category for t in one.gold.terlapor}
        cast = find_cast(one.reading, one.officials)
        for actor in (*cast.persons, *cast.posts.values()):
            features, labels = persons if actor.name else posts
            features.append(actor_features(one.reading, actor, cast, one.asserted, set(one.chosen)))
            labels.append(
                _yes(actor.name.casefold() in names if actor.name else actor.category in categories)
            )
    return {"person": fit_one(*persons, c=1.0), "post": fit_one(*posts, c=1.0)}


def _fit_types(name: str, examples: Sequence[Example]) -> Models:
    words = [type_words(one.reading, one.chosen) for one in examples]
    labels = [set(one.gold.types) for one in examples]
    rows: list[Features] = []
    right: list[str] = []
    for number in sorted({one.fold for one in examples}):
        kept = [at for at, one in enumerate(examples) if one.fold != number]
        partial = fit_several([words[at] for at in kept], [labels[at] for at in kept])
        for at, one in enumerate(examples):
            if one.fold == number:
                text = partial.probabilities(words[at])
                for kind, features in pair_features(one.reading, one.chosen, one.accused, text).items():
                    rows.append(features)
                    right.append(_yes(kind in labels[at]))
    return {f"{name} words": fit_several(words, labels), name: fit_one(rows, right, c=0.2)}


def _fit_offices(cases: Sequence[Example]) -> Models:
    rows: list[Features] = []
    right: list[str] = []
    for one in cases:
        gold = {t.name.casefold(): t.category for t in one.gold.terlapor if t.name != "-"}
        cast: Cast = find_cast(one.reading, one.officials)
        for actor in cast.persons:
            category = gold.get((actor.name or "").casefold())
            for candidate in dict.fromkeys([*cast.posts, *GENERIC[:1]]) if category else ():
                rows.append(post_features(actor, candidate, cast, one.accused, one.types))
                right.append(_yes(candidate == category))
    return {"office": fit_one(rows, right, c=1.0)}


def _fit_stages(cases: Sequence[Example]) -> Models:
    rows: list[Features] = []
    right: list[str] = []
    for one in cases:
        for stage, features in stage_features(read_steps(one.reading)).items():
            rows.append(features)
            right.append(_yes(stage == one.gold.stage))
    return {"stage": fit_one(rows, right, c=1.0)}


def _fit_outcomes(cases: Sequence[Example]) -> Models:
    rows: list[Features] = []
    right: list[str] = []
    sources: list[Features] = []
    for one in cases:
        parts = read_steps(one.reading)
        gold = outcomes_of(one.gold)
        for (track, outcome), features in outcome_features(parts, one.types, one.accused, one.stages).items():
            rows.append(features)
            right.append(_yes(gold.get(track) == outcome))
        sources.append(source_features(parts))
    source = fit_one(sources, [one.gold.source_of_case for one in cases], c=0.3)
    return {"outcome": fit_one(rows, right, c=0.5), "source": source}


def _fit_forms(examples: Sequence[Example]) -> Models:
    rows: list[Features] = []
    right: list[str] = []
    for one in examples:
        if "netralitas.asn" in one.gold.types:
            for form, features in form_features(one.reading, one.chosen).items():
                rows.append(features)
                right.append(_yes(form in one.gold.bentuk))
    return {"form": fit_one(rows, right, c=0.5)}


def _yes(truth: bool) -> str:
    return "y" if truth else "n"


def outcomes_of(row: Row) -> dict[str, str]:
    """Return the outcome of each track that the header names."""
    parts = (part.strip().partition("=") for part in row.outcome.split(";"))
    return {track.strip(): value.strip() for track, _, value in parts if value}
