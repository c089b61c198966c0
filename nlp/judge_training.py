"""Trains the judge on the annotated corpus, with general news as documents about something else."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from nlp import jointly
from nlp.accuse import suspect
from nlp.accused import Actor, Cast, candidates_of
from nlp.accused_as import description_features, post_features
from nlp.accusing import actor_features, beside_features
from nlp.contrast import contrasts_of
from nlp.corpus import CORPUS, Accused, Row
from nlp.evidence import sentence_features, settled
from nlp.examples import (
    FOLDS,
    MADE_WEIGHT,
    Example,
    choose_news,
    is_evidence,
    kind_shares,
    load_more,
    pairs_unseen,
    read_examples,
    with_field_twice,
    words_unseen,
)
from nlp.fitting import fit_one, fit_several
from nlp.forms import form_features
from nlp.handling_training import fit_handling
from nlp.judge import Judge, choose_evidence
from nlp.kind import VIEWS, flag_features, kind_features, kind_views
from nlp.limits import Limits
from nlp.linear import Features, Linear, save_models
from nlp.sentence_notes import load_asserting
from nlp.several_training import fit_another
from nlp.violation import pair_features, type_words, without_acts

WITHOUT_ACTS = 0.5  # of the articles count once more as if acts.toml knew nothing of them
MORE_FORMS = (
    0.4  # of the articles of data/corpus/later and judge beside cues: they name more forms than others do
)
NEWS_SENTENCES = (
    4  # of each general article, from anywhere in it, as sentences that assert no election offence
)
TOLD_AGAIN = 0.25  # of the weight of evidence: sentences that assert the act too, but not so well
Models = dict[str, Linear]


def train_judge(
    rows: Sequence[Row], news: Sequence[str], out: Path, more: Sequence[Row] | None = None
) -> dict[str, float]:
    """Train on `rows` and the general `news`, write the models to `out`, return what they say of their own data.

    A news text is a title, a line break and a body. Of the news a fixed sample is taken that names no election:
    what does may be anything, and nobody annotated it. `more` are short articles that only the judge trains on
    (default: data/corpus/judge, several, later and field).
    """
    more = load_more() if more is None else more
    contrasts = list(contrasts_of(CORPUS / "judge"))
    examples = read_examples(rows, choose_news(news), contrasts=contrasts, more=more)
    rows = [*rows, *more]
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


def fit_kind(examples: Sequence[Example]) -> Models:
    """Return the models that tell evidence sentences and kinds; notes in each example what others say of it."""
    note_asserted(examples)
    return fit_noted(examples)


def note_asserted(examples: Sequence[Example]) -> None:
    """Note in each example which of its sentences assert an act, as models say that did not see its fold."""
    for one in examples:
        if not one.sentences:
            one.sentences = [sentence_features(one.reading, at) for at in range(len(one.reading.sentences))]
    for partial, held in _folds(examples, lambda kept: {"evidence": _fit_evidence(kept)}):
        for one in held:
            model = partial.models["evidence"]
            known = zip(one.reading.sentences, one.sentences, strict=True)
            one.asserted = [settled(sentence, model.probabilities(f)["y"]) for sentence, f in known]
            one.chosen = choose_evidence(one.asserted, partial.limits.evidence)


def fit_noted(examples: Sequence[Example]) -> Models:
    """Return the models that tell evidence sentences and kinds of examples whose sentences are noted."""
    return {"evidence": _fit_evidence(examples)} | _fit_kind(examples)


def fit_judge(examples: Sequence[Example]) -> Models:
    """Return the models, each fitted on what the models before it say of articles that they did not see."""
    examples = with_field_twice(examples)
    models = fit_kind(examples)
    articles = [one for one in examples if one.weight == 1]
    cases = [one for one in articles if one.gold.is_case]
    models |= _fit_actor_words(cases)
    models |= _fit_accused(cases)
    for partial, held in _folds(cases, _fit_accused):
        for one in held:
            one.suspicion = suspect(
                partial.models, one.reading, one.cast, one.asserted, set(one.chosen), text=one.offices
            )
    models |= {"person jointly": _fit_persons_jointly(cases), "another case": fit_another(cases)}
    # those of `several` have no outcome, and stage and types of each case apart
    cases = [one for one in cases if not one.gold.parts]
    made = _made(examples)
    told = [one for one in made if one.gold.is_case]
    models |= _fit_types("types", cases, told) | _fit_offices(cases)
    models |= {"types jointly": _fit_types_jointly(cases)}
    staged = [one for one in told if one.gold.stage]
    models |= fit_handling(cases, staged)
    others = [one for one in articles if not one.gold.is_case]
    about = [one for one in others if one.gold.kind in ("pencegahan", "informasi")]
    for one in about:
        one.chosen = []
    warned = [one for one in made if not one.gold.is_case]
    return models | _fit_types("about", about, warned) | _fit_forms([*cases, *about])


def _made(examples: Sequence[Example]) -> list[Example]:
    """Return the made texts, those that tell a case with the sentences that do so."""
    made = [one for one in examples if one.row and one.weight < 1]
    for one in made:
        places = range(len(one.reading.sentences))
        one.chosen = [at for at in places if is_evidence(one.gold, one.reading, at)]
    return made


def _folds(
    examples: Sequence[Example], fit: Callable[[Sequence[Example]], Models]
) -> Iterable[tuple[Judge, list[Example]]]:
    """Yield for each fold the judge fitted without it, and its examples."""
    for number in range(FOLDS):
        held = [one for one in examples if one.fold == number]
        if held:
            yield Judge(fit([one for one in examples if one.fold != number]), Limits(), ""), held


def _fit_evidence(examples: Sequence[Example]) -> Linear:
    """Return the model of sentences that assert an act: the annotated evidence, and all others annotated as such."""
    features: list[Features] = []
    labels: list[str] = []
    weights: list[float] = []
    rng = random.Random(5)  # noqa: S311 - a draw of sentences, no secret
    asserting = load_asserting()
    for one in examples:
        told = asserting.get(one.row.id, frozenset()) if one.row else frozenset()
        places = range(len(one.sentences))
        # the first ones alone would teach that the first sentences of a text assert nothing
        drawn = places if one.row else rng.sample(places, min(NEWS_SENTENCES, len(places)))
        for at in drawn:
            proves = bool(one.row and is_evidence(one.row, one.reading, at))
            asserts = one.reading.sentences[at].start in told
            features.append(one.sentences[at])
            labels.append(_yes(proves or asserts))
            share = TOLD_AGAIN if asserts and not proves else 1.0
            weights.append(share * (one.weight if one.row else 1.0))
    return fit_one(features, labels, c=1.0, text_weight=2.0, most=30_000, weights=weights)


def _fit_kind(examples: Sequence[Example]) -> Models:
    views = [kind_views(kind_features(one.reading, one.asserted)) for one in examples]
    labels = [one.row.kind if one.row else "lainnya" for one in examples]
    shares = kind_shares(examples)
    weights = [one.weight * (shares.get(one.gold.kind, 1.0) if one.more else 1.0) for one in examples]
    models = {
        f"kind {view}": fit_one(
            [seen[view] for seen in views], labels, c=c, text_weight=6.0, most=60_000, weights=weights
        )
        for view, c in VIEWS.items()
    }
    beside = [one for one in examples if one.weight == 1 and one.gold.kind in ("pencegahan", "informasi")]
    flags = [flag_features(one.reading, one.asserted) for one in beside]
    for flag in ("mixed", "opinion"):
        models[flag] = fit_one(flags, [_yes(flag in one.gold.flags) for one in beside], c=0.3)
    return models


def _fit_actor_words(cases: Sequence[Example]) -> Models:
    """Return the model of who is accused over words; notes in each example what one that did not see it says."""
    words = [type_words(one.reading, one.chosen) for one in cases]
    labels = [{accused.category for accused in one.gold.terlapor} for one in cases]

    def fit(at: Sequence[int]) -> Linear:
        return fit_several([words[i] for i in at], [labels[i] for i in at])

    for one, said in zip(cases, words_unseen(cases, words, fit), strict=True):
        one.offices = said
    return {"actor words": fit(range(len(cases)))}


def _fit_accused(cases: Sequence[Example]) -> Models:
    casts = [one.cast for one in cases]
    persons = [_actors(one, cast, cast.persons) for one, cast in zip(cases, casts, strict=True)]
    labels = [_named_in(one.gold, cast) for one, cast in zip(cases, casts, strict=True)]
    rows: list[Features] = []
    posts: list[str] = []
    lone: list[str] = []
    for number in sorted({one.fold for one in cases}):
        kept = [at for at, one in enumerate(cases) if one.fold != number]
        partial = _fit_persons([persons[at] for at in kept], [labels[at] for at in kept])
        for at, one in enumerate(cases):
            if one.fold != number:
                continue
            chances = [partial.probabilities(features)["y"] for features in persons[at]]
            actors = list(casts[at].posts.values())
            for actor, features in zip(actors, _actors(one, casts[at], actors), strict=True):
                holders = [t for t in one.gold.terlapor if t.category == actor.category]
                rows.append({**features, **beside_features(actor, casts[at], chances, one.offices)})
                posts.append(_yes(bool(holders)))
                lone.append(_yes(any(not any(_is_named(t, a) for a in casts[at].persons) for t in holders)))
    return {
        "person": _fit_persons(persons, labels),
        "post": fit_one(rows, posts, c=0.3, text_weight=0.3),
        "lone": fit_one(rows, lone, c=0.3, text_weight=0.3),
    }


def _fit_persons_jointly(cases: Sequence[Example]) -> Linear:
    rows: list[Features] = []
    right: list[str] = []
    for one in cases:
        if found := one.suspicion:
            rows += jointly.person_features(
                one.cast, found.persons, found.posts, found.lone, one.offices, one.chosen
            )
            right += _named_in(one.gold, one.cast)
    return fit_one(rows, right, c=0.2)


def _named_in(gold: Row, cast: Cast) -> list[str]:
    return [_yes(any(_is_named(accused, actor) for accused in gold.terlapor)) for actor in cast.persons]


def _is_named(accused: Accused, actor: Actor) -> bool:
    """Tell whether an annotated name is the actor's; it may be written with a rank or a title ("AKP Budi Raya")."""
    annotated, name = accused.name.casefold(), (actor.name or "").casefold()
    return bool(name) and (annotated == name or annotated.endswith(f" {name}"))


def _actors(one: Example, cast: Cast, actors: Sequence[Actor]) -> list[Features]:
    return [actor_features(one.reading, actor, cast, one.asserted, set(one.chosen)) for actor in actors]


def _fit_persons(features: Sequence[Sequence[Features]], labels: Sequence[Sequence[str]]) -> Linear:
    return fit_one(
        [f for row in features for f in row], [y for row in labels for y in row], c=0.3, text_weight=0.3
    )


def _fit_types(name: str, examples: Sequence[Example], made: Sequence[Example]) -> Models:
    """Return the model over words (which also reads the `made` texts) and the one over pairs for types.

    Half of the articles count twice in the latter, once as if acts.toml knew nothing of them: new articles hold
    acts in words that the file lacks. Notes in each example what models that did not see it say of its types.
    """
    words = [type_words(one.reading, one.chosen) for one in (*examples, *made)]
    labels = [set(one.gold.types) for one in (*examples, *made)]
    weights = [1.0] * len(examples) + [MADE_WEIGHT] * len(made)

    def fit_words(at: Sequence[int]) -> Linear:
        kept, names, shares = [words[i] for i in at], [labels[i] for i in at], [weights[i] for i in at]
        return fit_several(kept, names, shares)

    unseen = words_unseen(examples, words, fit_words)
    pairs = [
        pair_features(one.reading, one.chosen, one.accused, text)
        for one, text in zip(examples, unseen, strict=True)
    ]
    rng = random.Random(11)  # noqa: S311 - a draw of articles, no secret
    twice = [rng.random() < WITHOUT_ACTS for _ in examples]

    def fit_pairs(at: Sequence[int]) -> Linear:
        rows: list[Features] = []
        right: list[str] = []
        for i in at:
            for kind, features in pairs[i].items():
                for known in (features, without_acts(features))[: 1 + twice[i]]:
                    rows.append(known)
                    right.append(_yes(kind in labels[i]))
        return fit_one(rows, right, c=0.2)

    for one, said in zip(examples, pairs_unseen(examples, pairs, fit_pairs), strict=True):
        one.types = said
    every = range(len(examples))
    return {f"{name} words": fit_words(range(len(words))), name: fit_pairs(every)}


def _fit_types_jointly(cases: Sequence[Example]) -> Linear:
    rows: list[Features] = []
    right: list[str] = []
    for one in cases:
        for kind, features in jointly.type_features(one.types, one.accused).items():
            rows.append(features)
            right.append(_yes(kind in one.gold.types))
    return fit_one(rows, right, c=0.2)


def _fit_offices(cases: Sequence[Example]) -> Models:
    """Return the model of what a person accused is called over the words beside his name, and the one over posts."""
    known = [
        (one, actor, category)
        for one in cases
        for actor in one.cast.persons
        if (category := next((t.category for t in one.gold.terlapor if _is_named(t, actor)), None))
    ]
    words = [description_features(actor, one.cast) for one, actor, _ in known]

    def fit(at: Sequence[int]) -> Linear:
        return fit_several([words[i] for i in at], [{known[i][2]} for i in at])

    rows: list[Features] = []
    right: list[str] = []
    for (one, actor, category), said in zip(
        known, words_unseen([one for one, _, _ in known], words, fit), strict=True
    ):
        for candidate in candidates_of(actor, one.cast):
            rows.append(post_features(actor, candidate, one.cast, one.accused, one.types, said))
            right.append(_yes(candidate == category))
    return {"office words": fit(range(len(known))), "office": fit_one(rows, right, c=1.0)}


def _fit_forms(examples: Sequence[Example]) -> Models:
    known = [one for one in examples if "netralitas.asn" in one.gold.types]
    words = [type_words(one.reading, one.chosen) for one in known]

    def fit_words(at: Sequence[int]) -> Linear:
        return fit_several([words[i] for i in at], [set(known[i].gold.bentuk) for i in at])

    rows: list[Features] = []
    right: list[str] = []
    weights: list[float] = []
    for one, text in zip(known, words_unseen(known, words, fit_words), strict=True):
        for form, features in form_features(one.reading, one.chosen, text).items():
            rows.append(features)
            right.append(_yes(form in one.gold.bentuk))
            weights.append(MORE_FORMS if one.more else 1.0)
    return {"form words": fit_words(range(len(known))), "form": fit_one(rows, right, c=0.5, weights=weights)}


def _yes(truth: bool) -> str:
    return "y" if truth else "n"
