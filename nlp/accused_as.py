"""As what a person is accused: features of each post that may be his, by where it stands and who stands beside him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlp.accused import GENERIC, Actor, Cast, gap_between, joined
from nlp.linear import odds, word_features
from nlp.references import find_links
from nlp.taxonomy import load_taxonomy

_BEFORE, _BEHIND = 4, 6  # words beside a name that say who somebody is
_COPULA = frozenset(
    "ini adalah merupakan ialah berstatus menjabat sebagai selaku seorang bekerja berprofesi yakni yaitu".split()
)
_THINGS = frozenset(
    "kampanye baliho banner spanduk stiker poster suara tangan gambar foto kaus nomor kabar kartu nama iklan rapat "
    "umum rumah posko deklarasi kemenangan visi berlogo bergambar memilih mencoblos mendukung memenangkan dukungan "
    "untuk kepada bagi dari milik pemilihan pencalonan panggung acara kantor tps terhadap".split()
)  # before an office that is only what something is for: "rapat umum pasangan calon"


def description_features(person: Actor, cast: Cast) -> dict[str, float]:
    """Return the words before and behind a person's name wherever it stands, and his office's category."""
    features: dict[str, float] = {}
    for place in person.places:
        if place.at < 0:  # a headline has no room to say who somebody is
            continue
        words = cast.words(place)
        before, after = (
            words[max(0, place.first - _BEFORE) : place.first],
            words[place.last : place.last + _BEHIND],
        )
        features |= dict.fromkeys(word_features(before, "d:before "), 1.0)
        features |= dict.fromkeys(word_features(after, "d:behind "), 1.0)
    if person.category:
        features[f"d:category {person.category}"] = 1.0
    return features


def post_features(
    person: Actor,
    category: str,
    cast: Cast,
    accused: Mapping[str, float],
    types: Mapping[str, float],
    described: Mapping[str, float],
) -> dict[str, float]:
    """Return the features of a person being accused as `category`.

    `accused` gives each category's probability to be accused, `types` those of the types of violation, `described`
    each category's probability by the words beside the person's name.
    """
    post = cast.posts.get(category)
    features = {
        f"r:category {category}": 1.0,
        "r:official": float(person.category == category and category not in GENERIC),
        "r:official generic": float(person.category == category and category in GENERIC),
        "r:generic+office near": float(category in GENERIC and _office_near(person, cast)),
        "r:other official": float(person.category not in (None, category)),
        "r:accused": accused.get(category, 0.0),
        "r:most accused": float(bool(accused) and accused.get(category, 0.0) == max(accused.values())),
        "r:generic": float(category in GENERIC),
        "r:unsaid": float(post is None),
    }
    if post:
        gaps = [g for one in person.places for p in post.places if (g := gap_between(one, p)) is not None]
        features["r:in title"] = float(any(place.at < 0 for place in post.places))
        features["r:mentions"] = min(5, len(post.places)) / 3
        features["r:joined"] = float(any(joined(one, p) for one in person.places for p in post.places))
        features["r:nearest"] = float(bool(gaps) and _reach(gaps) == _nearest_of_all(person, cast))
        features.update(_linked(person, post, cast))
        features.update(_reference(person, post, cast))
        for gap in gaps:
            side = "after" if gap >= 0 else "before"
            size = gap if gap >= 0 else -gap - 1
            reach = 0 if size == 0 else 1 if size < 4 else 2 if size < 9 else 3
            features[f"r:{side} {reach}"] = 1.0
        features["r:apart"] = float(not gaps)
        features["r:nearest+title"] = features["r:nearest"] * features["r:in title"]
    rows = load_taxonomy().types
    fits = (p for name, p in types.items() if category in rows[name].actors)
    features["r:type"] = max(fits, default=0.0)
    features["r:official+accused"] = features["r:official"] * features["r:accused"]
    chance = described.get(category, 0.0)
    features["r:described"] = odds(chance)
    features["r:described share"] = chance
    features["r:most described"] = float(chance > 0 and chance == max(described.values()))
    features |= _beside_name(person, category, cast) | _company(person, category, cast)
    return {name: value for name, value in features.items() if value}


def _beside_name(person: Actor, category: str, cast: Cast) -> dict[str, float]:
    """Return which posts stand right beside a person's name: this one, another, a citizen's or none."""
    beside = {
        name
        for name, post in cast.posts.items()
        if any(joined(one, place) for one in person.places for place in post.places)
    }
    citizen = GENERIC[0]
    return {
        "r:beside another": float(bool(beside) and category not in beside),
        "r:beside generic": float(bool(beside) and beside <= set(GENERIC) and category in GENERIC),
        "r:beside citizen": float(beside == {citizen} and category != citizen),
        "r:beside none": float(not beside),
        "r:beside none+citizen": float(not beside and category == citizen),
    }


def _company(person: Actor, category: str, cast: Cast) -> dict[str, float]:
    """Return whether those who share a list, or a "keduanya", with a person are of a category."""
    links = find_links(cast)
    number = links.numbers.get(id(person))
    listed = {n for one in person.places for n in links.company.get((one.at, one.first), frozenset())}
    together = {n for several in links.several.values() if number in several for n in several}
    post = cast.posts.get(category)
    features: dict[str, float] = {}
    for name, numbers in (("listed", listed - {number}), ("together", together - {number})):
        others = [cast.persons[n] for n in numbers if n is not None]
        held = {other.category for other in others} - {None}
        beside = post is not None and any(
            joined(one, place) for other in others for one in other.places for place in post.places
        )
        features[f"r:{name}"] = float(bool(others))
        features[f"r:{name} same"] = float(category in held)
        features[f"r:{name} other"] = float(bool(held) and category not in held)
        features[f"r:{name} beside"] = float(beside)
        features[f"r:{name} beside, no office"] = float(beside and not person.category)
    return features


def _linked(person: Actor, post: Actor, cast: Cast) -> dict[str, float]:
    """Return how a post follows a person: "RS ini ketua RT", "MU, yang juga relawan", "menjabat camat"."""
    features: dict[str, float] = {}
    for one in person.places:
        for other in post.places:
            gap = gap_between(one, other)
            if gap is None or not 0 <= gap <= 7:
                continue
            between = cast.words(one)[one.last : other.first]
            if gap <= 4 and _COPULA & set(between):
                features["r:copula"] = 1.0
            if "juga" in between:
                features["r:also"] = 1.0
            if not any(
                p.at == one.at and one.last <= p.first < other.first for q in cast.persons for p in q.places
            ):
                features["r:no person between"] = 1.0
    return features


def _reference(person: Actor, post: Actor, cast: Cast) -> dict[str, float]:
    """Return whether a post points back at a person, belongs to others by name, or is only what something is for."""
    links = find_links(cast)
    number = links.numbers.get(id(person))
    inside = [place for place in post.places if place.at >= 0]
    owned = [bool(links.owners[place.at, place.first] - {number}) for place in inside]
    things = [_THINGS & set(cast.words(place)[max(0, place.first - 2) : place.first]) for place in inside]
    return {
        "r:meant": float(any(number in links.meant.get((p.at, p.first), ()) for p in inside)),
        "r:others'": float(bool(owned) and all(owned)),
        "r:thing": float(bool(things) and all(things)),
    }


def _office_near(person: Actor, cast: Cast) -> bool:
    """Tell whether an office stands close to a person: then he is not only a citizen."""
    return any(
        (gap := gap_between(one, p)) is not None and (gap if gap >= 0 else -gap - 1) <= 4
        for post in cast.posts.values()
        if post.category not in GENERIC
        for one in person.places
        for p in post.places
    )


def _reach(gaps: Sequence[int]) -> int:
    return min(gap if gap >= 0 else -gap - 1 for gap in gaps)


def _nearest_of_all(person: Actor, cast: Cast) -> int:
    gaps = [
        g
        for post in cast.posts.values()
        for one in person.places
        for p in post.places
        if (g := gap_between(one, p)) is not None
    ]
    return _reach(gaps) if gaps else -1
