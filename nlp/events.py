"""When and where the act or event of an article took place: chosen among its dates and places by forests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlp.event_dates import date_features
from nlp.event_limits import bounding_days, is_of_handling
from nlp.event_places import lowest, place_features
from nlp.event_words import load_event_words
from nlp.forest import Forest, forest_of
from nlp.records import Document, EventRef, Mention
from nlp.scene import Scene

if TYPE_CHECKING:
    from nlp.judge import Judgement

MODELS = Path(__file__).resolve().parent / "models" / "events"
_BEGINNING = 5  # sentences in which an event report tells where it was
_REACH = 9  # words between "digelar" and the place
_CHAIN = 30  # characters of one place name in a chain
_FINALISTS = 3  # places that are held against each other
# How a day must score that is only told of as one of the handling, beside others: at it, days invented for acts without
# one were three times those lost, by the scores of held-out articles
_SURE = 0.4
_OWN_WEIGHT = 0.5  # of a place's own score beside its duels
KINDS = ("pelanggaran", "pencegahan", "informasi", "lainnya")
_CASE = KINDS.index("pelanggaran")


class ChooserError(RuntimeError):
    """The trained forests are missing or can't be read."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Forests that score a text's dates and places, and one that holds two places against each other."""

    dates: Forest
    places: Forest
    duels: Forest

    def choose(self, scene: Scene, kind: int, published: date | None) -> EventRef:
        """Return the likeliest date and place; None where the text names none.

        No act took place on a day that bounds a stage, on one after publication ("dipanggil pekan depan"), nor on one
        of its handling that nothing else speaks for.
        """
        days = scored(self.dates, date_features(scene, kind, published))
        if kind == _CASE:
            bounds = bounding_days(scene)
            # days to come do not stand beside one of handling: counted as such they kept eight false days for one true
            last = published.isoformat() if published else "9"
            days = {day: score for day, score in days.items() if day not in bounds and day <= last}
        day = max(days, key=lambda day: days[day], default=None)
        place = winner(self.places, self.duels, place_features(scene, kind, day))
        if kind == _CASE and day and is_of_handling(scene, day) and (len(days) < 2 or days[day] < _SURE):
            day = None
        return EventRef(date=day, place=place)


def choose_event(chooser: Chooser, document: Document, scene: Scene, judgement: Judgement) -> EventRef:
    """Return when and where the document's act or event took place.

    A case's act counts before the event at which it was told of. The lowest unit named for the act or the
    venue is the place; where the text names none, that of an institution, and last the dateline.
    """
    kind = "pelanggaran" if judgement.cases else judgement.kind
    published = document.published.date() if document.published else None
    event = chooser.choose(scene, KINDS.index(kind), published)
    venue = named_venue(scene) if kind == "pencegahan" else None
    return replace(event, place=venue) if venue else event


def named_venue(scene: Scene) -> str | None:
    """Return where the text's beginning says that the event was held, None where it says nothing of it.

    "Acara digelar di Gedung X, Y": the lowest unit of that sentence's chain, said outside quotations.
    """
    words = load_event_words().place
    for place in scene.places:
        sentence = scene.sentence_of(place)
        if sentence >= _BEGINNING:
            return None
        before = scene.before(place, _REACH)
        at = max((i for i, word in enumerate(before) if word in words["held"]), default=None)
        if at is None or "di" not in before[at:] or scene.host_of(place):
            continue
        start = scene.spans[sentence][0]
        told = {word.text for word in scene.words(sentence)}
        if '"' not in scene.folded[start : place.start] and words["elsewhere"].isdisjoint(told):
            return _lowest(scene, place)
    return None


def _lowest(scene: Scene, place: Mention) -> str | None:
    """Return the lowest code of the chain that a place opens: "Desa Y, Kecamatan X"."""
    chain = [m for m in scene.places if 0 <= m.start - place.start <= 2 * _CHAIN and scene.host_of(m) is None]
    kin = [m.code for m in chain if m.code and place.code and _related(m.code, place.code)]
    return max(kin, key=len, default=place.code)


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def best(forest: Forest, rows: Mapping[str, list[float]]) -> str | None:
    """Return the key of the row that scores highest, the first of equals; None without rows."""
    points = scored(forest, rows)
    return max(points, key=lambda key: points[key], default=None)


def scored(forest: Forest, rows: Mapping[str, list[float]]) -> dict[str, float]:
    """Return the score of each row by its key."""
    if not rows:
        return {}
    scores = forest.scores(np.asarray(list(rows.values()), dtype=np.float32))
    return dict(zip(rows, map(float, scores), strict=True))


def winner(forest: Forest, duels: Forest, rows: Mapping[str, list[float]]) -> str | None:
    """Return the key that wins most against the others that score highest; None without rows.

    A row by itself can't tell a village from its kecamatan: which is meant shows when both are compared. In a
    close call the lower unit wins.
    """
    if len(rows) < 2:
        return best(forest, rows)
    return lowest(_points(forest, duels, rows))


def _points(forest: Forest, duels: Forest, rows: Mapping[str, list[float]]) -> dict[str, float]:
    """Return what the finalists win against each other, the likeliest by its own row first."""
    table = np.asarray(list(rows.values()), dtype=np.float32)
    scores = forest.scores(table)
    top = np.argsort(-scores, kind="stable")[:_FINALISTS]
    left, right = np.nonzero(~np.eye(len(top), dtype=bool))
    won = duels.scores(duel_rows(table[top[left]], table[top[right]]))
    points = scores[top] * len(top) * _OWN_WEIGHT
    np.add.at(points, left, won)
    codes = list(rows)
    return {codes[at]: float(score) for at, score in zip(top, points, strict=True)}


def duel_rows(ones: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what is known of pairs (n, features each): both sides and their difference (n, 3 × features)."""
    return np.concatenate([ones, others, ones - others], axis=1)


def load_chooser(folder: Path | None = None) -> Chooser:
    """Return the forests of a folder (default: those shipped). Raises ChooserError."""
    file = (folder or MODELS) / "forests.npz"
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return Chooser(*(forest_of(arrays, part) for part in ("dates", "places", "duels")))
    except (OSError, ValueError, KeyError) as error:
        raise ChooserError(f"{file}: no readable forests ({error}); run `wartawas train`") from error
