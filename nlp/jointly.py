"""A second look at types, outcomes and persons: what the first models say of each, seen beside what they say of others.

The first models judge each type, each outcome of a track, and each person alone. Whether a second type or track counts
depends on how sure the others are, and whether a person is accused on whether those of the same list are: the features
of this module tell that, and one more model each weighs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from nlp.accused import Actor, Cast
from nlp.linear import odds
from nlp.references import Links, find_links
from nlp.taxonomy import load_taxonomy

_HEARD = 0.02  # a type that is less likely is no candidate, unless it is the likeliest
_LIKELY = 0.3  # a category of the accused that is taken into account
Outcome = tuple[str, str]


def type_features(chances: Mapping[str, float], accused: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the features of every type that may count; `chances` are the first model's probabilities.

    `accused` gives the probabilities of the categories of the accused.
    """
    rows = load_taxonomy().types
    ranked = sorted(chances, key=lambda kind: -chances[kind])
    pairs: dict[str, dict[str, float]] = {}
    for kind, chance in chances.items():
        if chance < _HEARD and kind != ranked[0]:
            continue
        others = [other for other in ranked if other != kind]
        siblings = [chances[other] for other in others if rows[other].parent == rows[kind].parent]
        strangers = [chances[other] for other in others if rows[other].parent != rows[kind].parent]
        best = chances[others[0]] if others else 0.0
        features = {
            "j:chance": odds(chance),
            "j:share": chance,
            "j:rank": min(4, ranked.index(kind)) / 2,
            "j:top": float(ranked[0] == kind),
            "j:rival": odds(best),
            "j:margin": chance - best,
            "j:sibling": max(siblings, default=0.0),
            "j:above sibling": chance - max(siblings) if siblings else 0.0,
            "j:stranger": max(strangers, default=0.0),
            "j:mass": sum(chances[other] for other in others),
            f"j:{kind}": 1.0,
            f"j:{kind} share": chance,
        }
        for category, likely in accused.items():
            if likely > _LIKELY:
                features[f"j:{kind}|{category}"] = likely
        pairs[kind] = {name: value for name, value in features.items() if value}
    return pairs


def outcome_features(chances: Mapping[Outcome, float]) -> dict[Outcome, dict[str, float]]:
    """Return the features of every (track, outcome); `chances` are the first model's probabilities."""
    totals: dict[str, float] = defaultdict(float)
    best: dict[str, Outcome] = {}
    for pair, chance in chances.items():
        totals[pair[0]] += chance
        if pair[0] not in best or chance > chances[best[pair[0]]]:
            best[pair[0]] = pair
    ranked = sorted(totals, key=lambda track: -totals[track])
    pairs: dict[Outcome, dict[str, float]] = {}
    for (track, outcome), chance in chances.items():
        others = [totals[other] for other in ranked if other != track]
        features = {
            "k:chance": odds(chance),
            "k:total": min(1.5, totals[track]),
            "k:share": chance / (totals[track] or 1.0),
            "k:best": float(best[track] == (track, outcome)),
            "k:rank": ranked.index(track) / 3,
            "k:first": float(ranked[0] == track),
            "k:rival": others[0],
            "k:second rival": others[1],
            "k:mass": sum(others),
            f"k:{track}": 1.0,
            f"k:{track}={outcome}": 1.0,
            f"k:{track} chance": chance,
            f"k:{outcome} chance": chance,
            f"k:{track}={outcome} chance": chance,
        }
        pairs[track, outcome] = {name: value for name, value in features.items() if value}
    return pairs


def person_features(
    cast: Cast,
    persons: Sequence[float],
    posts: Mapping[str, float],
    lone: Mapping[str, float],
    text: Mapping[str, float],
    chosen: Collection[int],
) -> list[dict[str, float]]:
    """Return the features of each person of a cast.

    The first models gave the probabilities that each of the `persons`, each category of post (`posts`), and somebody
    unnamed of it (`lone`) is accused; `text` those of each category by the words alone. `chosen` are the evidence
    sentences.
    """
    links = find_links(cast)
    ranked = sorted(range(len(persons)), key=lambda at: -persons[at])
    inside = [any(place.at in chosen for place in actor.places) for actor in cast.persons]
    found = []
    for at, (actor, chance) in enumerate(zip(cast.persons, persons, strict=True)):
        others = [other for number, other in enumerate(persons) if number != at]
        best = max(others, default=0.0)
        features = {
            "p:chance": odds(chance),
            "p:share": chance,
            "p:likely": float(chance > 0.5),
            "p:rank": min(4, ranked.index(at)) / 2,
            "p:top": float(ranked[0] == at),
            "p:rival": odds(best),
            "p:margin": chance - best,
            "p:mass": min(4.0, sum(others)) / 2,
            "p:over": min(4, sum(other > 0.5 for other in others)) / 2,
            "p:alone": float(not others),
            "p:many": min(10, len(persons)) / 5,
            "p:mentions": min(8, len(actor.places)) / 4,
            "p:inside": float(inside[at]),
            "p:inside share": inside[at] * chance,
            "p:others inside": min(4, sum(inside) - inside[at]) / 2,
            "p:best post": max(posts.values(), default=0.0),
            "p:best unnamed": max(lone.values(), default=0.0),
        }
        group = (actor.category or "nobody").partition(".")[0]
        features |= {f"p:{group}": 1.0, f"p:{group} share": chance}
        if actor.category:
            features |= {
                "p:post": posts.get(actor.category, 0.0),
                "p:unnamed": lone.get(actor.category, 0.0),
                "p:text": text.get(actor.category, 0.0),
            }
        for name, company in _company(cast, links, at, actor, chosen).items():
            likely = [persons[number] for number in company]
            if likely:
                features |= {
                    f"p:{name}": 1.0,
                    f"p:{name} most": max(likely),
                    f"p:{name} mean": sum(likely) / len(likely),
                    f"p:{name} least": min(likely),
                    f"p:{name} own": chance,
                }
        found.append({name: value for name, value in features.items() if value})
    return found


def _company(cast: Cast, links: Links, at: int, actor: Actor, chosen: Collection[int]) -> dict[str, set[int]]:
    """Return who shares a list with a person (at all, in evidence), "keduanya", and the category of his office."""
    lists = [(place.at, links.company.get((place.at, place.first), frozenset())) for place in actor.places]
    several = [many for many in links.several.values() if at in many]
    peers = [n for n, other in enumerate(cast.persons) if actor.category and other.category == actor.category]
    company = {
        "list": {n for _, many in lists for n in many},
        "evidence list": {n for sentence, many in lists if sentence in chosen for n in many},
        "several": {n for many in several for n in many},
        "peer": set(peers),
    }
    return {name: people - {at} for name, people in company.items()}
