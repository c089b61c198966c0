"""Whom a case accuses: the trained models' word on every person and post, and the choice among them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from nlp.accused import Actor, Cast, Place, candidates_of, role_as
from nlp.accusing import actor_features, beside_features, joined, post_features
from nlp.bystanders import without_bystanders
from nlp.limits import Limits
from nlp.linear import Linear
from nlp.reading import Reading

_REPORTS = frozenset(("melaporkan", "mengadukan"))
_ALREADY = frozenset("yang telah sudah resmi kemudian lalu juga sempat akhirnya".split())
_NO_CASE = frozenset("balik kembali dana harta kekayaan hasil penerimaan penggunaan laporan kegiatan".split())


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How likely everybody is accused: each person, each category of post, and each that nobody named holds."""

    persons: list[float]
    posts: dict[str, float]
    lone: dict[str, float]


def suspect(
    models: Mapping[str, Linear],
    reading: Reading,
    cast: Cast,
    asserted: Sequence[float],
    chosen: set[int],
    *,
    text: Mapping[str, float],
) -> Suspicion:
    """Return how likely everybody is accused of what the sentences `chosen` assert.

    `text` gives each category's probability to be accused by the words alone.
    """
    persons = [
        models["person"].probabilities(actor_features(reading, actor, cast, asserted, chosen))["y"]
        for actor in cast.persons
    ]
    posts: dict[str, float] = {}
    lone: dict[str, float] = {}
    for category, post in cast.posts.items():
        features = actor_features(reading, post, cast, asserted, chosen)
        features |= beside_features(post, cast, persons, text)
        posts[category] = models["post"].probabilities(features)["y"]
        lone[category] = models["lone"].probabilities(features)["y"]
    return Suspicion(persons, posts, lone)


def choose_accused(
    models: Mapping[str, Linear],
    cast: Cast,
    suspicion: Suspicion,
    types: Mapping[str, float],
    limits: Limits,
    convicted: Container[str] = (),
) -> list[Actor]:
    """Return the accused: persons, each with the likeliest category, then posts that no person holds.

    Of the `convicted`, whose sentence says so, less is asked than of others. Who reported the act, suffered it, saw
    it or was cleared of it is left out.
    """
    persons, lone = suspicion.persons, suspicion.lone
    picked = {
        at
        for at, chance in enumerate(persons)
        if chance >= (limits.convicted if cast.persons[at].name in convicted else limits.person)
    }
    categories = [category_of(models, actor, cast, suspicion, types) for actor in cast.persons]
    held = {categories[at] for at in picked}
    unnamed = [c for c, chance in lone.items() if chance >= limits.post and c not in held]
    for category in list(unnamed):
        holders = [at for at in _holders(cast, category) if persons[at] >= limits.holder]
        if holders and not picked.intersection(holders):
            picked.add(max(holders, key=lambda at: persons[at]))
            unnamed.remove(category)
    if not picked and not unnamed:
        likely = max(range(len(persons)), key=lambda at: persons[at], default=None)
        post = max(lone, key=lambda category: lone[category], default=None)
        least = lone[post] if post else 0.0
        if likely is not None and persons[likely] >= max(limits.likely, least):
            picked = {likely}
        elif post and least >= limits.likely_post:
            unnamed = [post]
    chosen = [*(cast.persons[at] for at in sorted(picked)), *(cast.posts[category] for category in unnamed)]
    left = without_bystanders(cast, without_reporters(cast, chosen))
    picked = {
        at
        for at in picked
        if cast.persons[at].name in convicted or any(actor is cast.persons[at] for actor in left)
    }
    barred = _held_by_others(cast, picked)
    for at in picked:
        if categories[at] in barred and categories[at] != cast.persons[at].category:
            categories[at] = category_of(models, cast.persons[at], cast, suspicion, types, barred=barred)
    named = [_named(cast, at, categories[at]) for at in sorted(picked)]
    return named + [cast.posts[category] for category in unnamed]


def without_reporters(cast: Cast, accused: Sequence[Actor]) -> list[Actor]:
    """Return the accused but for those who reported somebody ("Budi melaporkan Ani", not "melaporkan balik")."""
    return [actor for actor in accused if not any(_reports(cast, actor, place) for place in actor.places)]


def _reports(cast: Cast, actor: Actor, place: Place) -> bool:
    after = (
        [word for word in cast.words(place)[place.right :][:3] if word not in _ALREADY] if actor.name else []
    )
    return after[:1] != [] and after[0] in _REPORTS and not _NO_CASE & set(after[1:2])


def _holders(cast: Cast, category: str) -> list[int]:
    return [at for at, actor in enumerate(cast.persons) if actor.category == category]


def _held_by_others(cast: Cast, picked: Container[int]) -> set[str]:
    """Return the categories of post that stand everywhere beside named persons, none of whom is accused.

    "Pengawas desa Nur menolak amplop JK": JK is no pengawas desa.
    """
    held: set[str] = set()
    people = [(at, person) for at, person in enumerate(cast.persons) if person.role != person.name]
    for category, post in cast.posts.items():
        holders = [
            {at for at, person in people if any(joined(one, place) for one in person.places)}
            for place in post.places
            if place.at >= 0
        ]
        if holders and all(beside and not any(at in picked for at in beside) for beside in holders):
            held.add(category)
    return held


def _named(cast: Cast, at: int, category: str) -> Actor:
    actor = cast.persons[at]
    post = cast.posts.get(category)
    if actor.category == category or not post:
        return Actor(actor.name, actor.role if actor.category == category else None, category, actor.places)
    role = role_as(actor, post, cast.reading)
    return Actor(actor.name, role, category, actor.places)


def category_of(
    models: Mapping[str, Linear],
    actor: Actor,
    cast: Cast,
    suspicion: Suspicion,
    types: Mapping[str, float],
    *,
    barred: Container[str] = (),
) -> str:
    """Return as what a person is accused, none of the `barred` posts; an organisation's category is known."""
    if actor.role == actor.name and actor.category:
        return actor.category
    chances = {
        category: models["office"].probabilities(
            post_features(actor, category, cast, suspicion.posts, types)
        )["y"]
        for category in candidates_of(actor, cast)
        if category == actor.category or category not in barred
    }
    return max(chances, key=lambda category: chances[category])
