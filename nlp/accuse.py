"""Whom a case accuses: the trained models' word on every person and post, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nlp.accused import GENERIC, Actor, Cast, Place, candidates_of, joined, role_as
from nlp.accused_as import description_features, post_features
from nlp.accusing import actor_features, beside_features
from nlp.bystanders import is_cleared, is_finder, without_bystanders, without_victims
from nlp.favoured import is_favoured
from nlp.jointly import person_features
from nlp.limits import Limits
from nlp.linear import Linear
from nlp.mobilised import is_used, used_by
from nlp.onlookers import is_onlooker
from nlp.parties import reports_after
from nlp.reading import Reading
from nlp.references import belongs_to_others, find_links
from nlp.text import fold

_REPORTS = frozenset(("melaporkan", "mengadukan"))
_PAIR = frozenset(("pasangan", "paslon", "pasutri"))
_PAIRED = 4  # words of "pasangan nomor urut 2" before the names
_SOME = frozenset("seorang oknum salah satu sejumlah beberapa dua tiga para mantan eks calon anggota".split())
# their officers speak of the accused, and are never accused unless convicted or named so
_PURSUERS = ("kejaksaan", "pengadilan", "dkpp", "gakkumdu", "kuasa_hukum", "bkn", "kasn")
_LAW = (*_PURSUERS, "polri.")
_CHARGES = frozenset(
    "diduga dilaporkan dituding diadukan didakwa kedapatan kepergok divonis terbukti".split()
)
_ALREADY = frozenset("yang telah sudah resmi kemudian lalu juga sempat akhirnya".split())
_NO_CASE = frozenset("balik kembali dana harta kekayaan hasil penerimaan penggunaan laporan kegiatan".split())
_THEY_REPORT = re.compile(
    r"(?:\w+,? ){0,2}?(?:(?:ke)?(?:dua|tiga|empat|lima)nya|mereka)(?: \w+){0,2}? "
    rf"(?:mengadukan|melaporkan|mengeluhkan)\b(?! (?:{'|'.join(sorted(_NO_CASE))}))",
    re.IGNORECASE,
)  # "Ketiganya mengadukan pencatutan nama mereka": said of those named before


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
        0.0
        if is_onlooker(cast, actor)
        else models["person"].probabilities(actor_features(reading, actor, cast, asserted, chosen))["y"]
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


@dataclass(frozen=True, slots=True)
class Strangers:
    """Whom and which categories of post other cases of a text accuse, and this one does not."""

    names: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()

    def have(self, name: str | None) -> bool:
        """Tell whether somebody is one of them; a part of the text may have a part of a name."""
        words = set((name or "").split())
        return bool(words) and any(words <= set(known.split()) for known in self.names)

    def cleared(self, cast: Cast, suspicion: Suspicion) -> Suspicion:
        """Return the suspicion with none of them suspected."""
        pairs = zip(cast.persons, suspicion.persons, strict=True)
        return Suspicion(
            [0.0 if self.have(person.name) else chance for person, chance in pairs],
            {name: 0.0 if name in self.posts else chance for name, chance in suspicion.posts.items()},
            {name: 0.0 if name in self.posts else chance for name, chance in suspicion.lone.items()},
        )


def look_again(
    models: Mapping[str, Linear],
    cast: Cast,
    suspicion: Suspicion,
    chosen: set[int],
    *,
    text: Mapping[str, float],
) -> Suspicion:
    """Return the suspicion with every person seen beside the others; `text` is as in `suspect`."""
    model = models["person jointly"]
    rows = person_features(cast, suspicion.persons, suspicion.posts, suspicion.lone, text, chosen)
    return replace(suspicion, persons=[model.probabilities(features)["y"] for features in rows])


def choose_accused(
    models: Mapping[str, Linear],
    cast: Cast,
    suspicion: Suspicion,
    types: Mapping[str, float],
    limits: Limits,
    convicted: Container[str] = (),
    *,
    named: Container[str] = (),
) -> list[Actor]:
    """Return the accused: persons, each with the likeliest category, then posts that no person holds.

    Of the `convicted`, whose sentence says so, less is asked than of others, of the `named`, whom the text calls the
    parties accused, nothing. Who reported the act, suffered it, saw it or was cleared of it is left out.
    """
    neutrality = max(types, key=lambda name: types[name], default="").startswith("netralitas")
    beside = {
        at
        for at, actor in enumerate(cast.persons)
        if actor.name not in convicted
        and (
            is_finder(cast, actor)
            or is_onlooker(cast, actor)
            or is_favoured(cast, actor, neutrality=neutrality)
        )
    }
    persons = [0.0 if at in beside else chance for at, chance in enumerate(suspicion.persons)]
    theirs = held_by(cast, beside.issuperset, bare=True)
    lone = {c: suspicion.lone[c] for c in without_victims(cast, suspicion.lone) if c not in theirs}
    picked = {
        at
        for at, chance in enumerate(persons)
        if (chance >= limits.person and cast.persons[at].category not in _PURSUERS)
        or (chance >= limits.convicted and cast.persons[at].name in convicted)
        or cast.persons[at].name in named
    }
    office = cache(lambda at: category_of(models, cast.persons[at], cast, suspicion, types))
    held = {office(at) for at in picked}
    likely = [category for category, chance in lone.items() if chance >= limits.post and category not in held]
    unnamed = _without_used(cast, likely, held, others=bool(picked))
    for category in list(unnamed):
        holders = [
            at
            for at in _holders(cast, category)
            if persons[at] >= limits.holder and not is_cleared(cast, cast.persons[at])
        ]
        if holders and not picked.intersection(holders):
            picked.add(max(holders, key=lambda at: persons[at]))
            unnamed.remove(category)
    if not picked and not unnamed:
        picked, unnamed = likeliest_accused(cast, persons, lone, limits)
    left = _without_others(cast, picked, unnamed, convicted)
    if picked and not unnamed and all(is_cleared(cast, cast.persons[at]) for at in left):
        gone = {cast.persons[at].category for at in picked}
        rest = [0.0 if at in picked else chance for at, chance in enumerate(persons)]
        lone = {category: chance for category, chance in lone.items() if category not in gone}
        least = replace(limits, likely=limits.uncleared) if left else limits
        other, unnamed = likeliest_accused(cast, rest, lone, least)
        other = _without_others(cast, other, unnamed, convicted)
        left = other if other or unnamed else left
    picked = left | _partners(cast, left, beside)
    barred = held_by(cast, picked.isdisjoint)
    categories = {at: office(at) for at in picked}
    for at in picked:
        if categories[at] in barred and categories[at] != cast.persons[at].category:
            categories[at] = category_of(models, cast.persons[at], cast, suspicion, types, barred=barred)
    known = {at for at in picked if cast.persons[at].name in convicted or cast.persons[at].name in named}
    picked = {at for at in picked if at in known or categories[at] not in _PURSUERS}
    people = [_named(cast, at, categories[at]) for at in sorted(picked)]
    return people + [cast.posts[category] for category in unnamed]


def _without_others(
    cast: Cast, picked: set[int], unnamed: Sequence[str], convicted: Container[str]
) -> set[int]:
    """Return the persons picked without those whom the words beside them make something else than accused."""
    chosen = [*(cast.persons[at] for at in sorted(picked)), *(cast.posts[category] for category in unnamed)]
    left = without_bystanders(cast, without_reporters(cast, chosen))
    return {
        at
        for at in picked
        if cast.persons[at].name in convicted or any(actor is cast.persons[at] for actor in left)
    }


def _partners(cast: Cast, picked: set[int], beside: Container[int]) -> set[int]:
    """Return who makes a pair with somebody picked: "Pasangan nomor urut 2, A dan B, dilaporkan" accuses both."""
    links = find_links(cast)
    found: set[int] = set()
    for place in (place for at in picked for place in cast.persons[at].places):
        spot, words = (place.at, place.first), cast.words(place)
        other = links.company.get(spot, frozenset())
        if len(other) != 1 or not _PAIR & set(words[max(0, links.lists[spot][0] - _PAIRED) : place.first]):
            continue
        (at,) = other
        linked = any(
            one.at == place.at and "dan" in (words[place.last : one.first] or words[one.last : place.first])
            for one in cast.persons[at].places
        )
        if linked and at not in beside and not is_cleared(cast, cast.persons[at]):
            found.add(at)
    return found


def likeliest_accused(
    cast: Cast, persons: Sequence[float], lone: Mapping[str, float], limits: Limits
) -> tuple[set[int], list[str]]:
    """Return the person or else the post that is likeliest accused where nobody is surely; a charged post first."""
    likely = max(range(len(persons)), key=lambda at: persons[at], default=None)
    charged = [c for c, chance in lone.items() if chance >= limits.charged and _is_charged(cast, c)]
    post = max(charged or lone, key=lambda category: lone[category], default=None)
    least = lone[post] if post else 0.0
    if likely is not None and persons[likely] >= max(limits.likely, least):
        return {likely}, []
    if post and (charged or least >= limits.likely_post):
        return set(), [post]
    return set(), []


def _is_charged(cast: Cast, category: str) -> bool:
    """Tell whether the headline charges a post: "Wali Kota Diduga …", "Camat X Dilaporkan"."""
    places = [place for place in cast.posts[category].places if place.at < 0]
    return any(_CHARGES & set(cast.words(place)[place.right : place.right + 1]) for place in places)


def _without_used(cast: Cast, categories: Sequence[str], held: Container[str], *, others: bool) -> list[str]:
    """Return the posts accused, with whoever mobilised a post in its place: "pengerahan kades oleh camat".

    Where `others` are accused or whoever mobilised them is, those who were mobilised are not.
    """
    used = [category for category in categories if is_used(cast, category)]
    others = others or len(used) < len(categories)
    left: dict[str, None] = {}
    for category in categories:
        user = used_by(cast, category) if category in used else None
        if user is not None:
            if user not in held:
                left[user] = None
        elif category not in used or not others:
            left[category] = None
    return list(left)


def without_reporters(cast: Cast, accused: Sequence[Actor]) -> list[Actor]:
    """Return the accused but for those who reported somebody ("Budi melaporkan Ani", not "melaporkan balik")."""
    links = find_links(cast)
    together = {
        number
        for at, several in links.several.items()
        if _THEY_REPORT.match(cast.reading.sentences[at].text)
        for number in several
    }
    return [
        actor
        for actor in accused
        if (links.numbers.get(id(actor)) not in together or _is_charged_person(cast, actor))
        and not any(_reports(cast, actor, place) for place in actor.places)
    ]


def _is_charged_person(cast: Cast, actor: Actor) -> bool:
    """Tell whether the sentence that names somebody charges him: "Kades X dan Kades Y diduga …"."""
    return any(_CHARGES & set(cast.words(place)[place.right :]) for place in actor.places if place.at >= 0)


def _reports(cast: Cast, actor: Actor, place: Place) -> bool:
    if not actor.name:
        return False
    after = [word for word in cast.words(place)[place.right :][:3] if word not in _ALREADY]
    if after[:1] != [] and after[0] in _REPORTS and not _NO_CASE & set(after[1:2]):
        return True
    sentence = cast.sentence(place.at)
    end = sentence.words[place.last - 1].end - sentence.start
    return reports_after(fold(sentence.text), end)


def _holders(cast: Cast, category: str) -> list[int]:
    return [at for at, actor in enumerate(cast.persons) if actor.category == category]


def held_by(cast: Cast, whose: Callable[[set[int]], bool], *, bare: bool = False) -> set[str]:
    """Return the categories of post that stand everywhere beside named persons, all of them `whose`.

    With `bare` an office that stands alone is that of its only bearer in the text.
    "Pengawas desa Nur menolak amplop JK": JK is no pengawas desa. "Camat Ani mengatakan keduanya …": no camat did it.
    """
    held: set[str] = set()
    people = [(at, person) for at, person in enumerate(cast.persons) if person.role != person.name]
    for category, post in cast.posts.items():
        bearers = _holders(cast, category)
        holders = [
            {at for at, person in people if any(joined(one, place) for one in person.places)}
            or (set(bearers) if bare and len(bearers) == 1 and not _is_some(cast, place) else set())
            for place in post.places
            if place.at >= 0
        ]
        if holders and all(beside and whose(beside) for beside in holders):
            held.add(category)
    return held


def _is_some(cast: Cast, place: Place) -> bool:
    """Tell whether an office is one of many, not its only bearer in the text: "seorang lurah", "oknum anggotanya"."""
    return bool(_SOME & set(cast.words(place)[max(0, place.first - 2) : place.first]))


def _named(cast: Cast, at: int, category: str) -> Actor:
    actor = cast.persons[at]
    post = cast.posts.get(category)
    if actor.category == category or not post:
        return Actor(actor.name, actor.role if actor.category == category else None, category, actor.places)
    role = role_as(actor, post, cast.reading)
    return Actor(actor.name, role, category, actor.places)


def is_foreign(cast: Cast, actor: Actor, category: str) -> bool:
    """Tell whether a post cannot be a person's: the law's own posts that do not stand beside him, or whom he used.

    "Jaksa menuntut X" does not make X a prosecutor, nor "X menggerakkan kepala desa" a head of a village.
    """
    if is_used(cast, category):
        return True
    post = cast.posts.get(category)
    if post is None or not category.startswith(_LAW):
        return False
    return not any(joined(one, place) for one in actor.places for place in post.places)


def _is_anothers(cast: Cast, actor: Actor, category: str) -> bool:
    return category not in GENERIC[:1] and belongs_to_others(cast, actor, category)


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
    candidates = [
        category
        for category in candidates_of(actor, cast)
        if category == actor.category
        or not (
            category in barred or is_foreign(cast, actor, category) or _is_anothers(cast, actor, category)
        )
    ]
    if not candidates:  # every post of the text may belong to somebody else
        return GENERIC[0]
    described = models["office words"].probabilities(description_features(actor, cast))
    chances = {
        category: models["office"].probabilities(
            post_features(actor, category, cast, suspicion.posts, types, described)
        )["y"]
        for category in candidates
    }
    return max(chances, key=lambda category: chances[category])
