"""What speaks for each place of a text to be where its event took place: one row of numbers a code."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from nlp.event_words import load_event_words
from nlp.records import Mention
from nlp.roles import load_roles
from nlp.scene import CHAIN, Scene, is_origin
from nlp.text import fold

_FAR = 30  # sentences: "nowhere"
_NO_DATE = 999  # characters
_LEVELS = {2: 0, 5: 1, 8: 2}
_REGENCY = 5  # characters of a regency's code
# The lowest unit named for the act is the place (the annotators' guideline, which they keep unevenly). So a lower unit
# wins where it comes this near to the one that holds it: by the length of its code, chosen with whole writers held out
_LOWER = {8: 0.9, 13: 0.75}


@dataclass(frozen=True, slots=True)
class Site:
    """A place that stands on its own, not in an office's name, and what its sentence says."""

    mention: Mention
    sentence: int
    origin: bool
    at: bool  # "di X"
    venue: bool
    chain: bool  # the last part of "Desa Y, Kecamatan X"
    dated: bool  # the sentence holds the event's date
    otherwise_dated: bool
    speech: bool
    forum: bool
    quoted: bool


def place_features(scene: Scene, kind: int, event_date: str | None) -> dict[str, list[float]]:
    """Return a row for each place code of the text; `event_date` is the ISO day chosen for the event."""
    return _Map(scene, event_date).rows(kind)


def lowest(points: Mapping[str, float]) -> str:
    """Return the place with most points (of equals the first), or a lower unit in it that comes close."""
    chosen = max(points, key=lambda code: points[code])
    for length, share in _LOWER.items():
        inside = [code for code in points if len(code) == length and code.startswith(f"{chosen}.")]
        lower = max(inside, key=lambda code: points[code], default=None)
        if lower and len(chosen) >= _REGENCY and points[lower] >= share * points[chosen]:
            chosen = lower
    return chosen


class _Map:
    """The places of one text by code, and how they hold each other."""

    def __init__(self, scene: Scene, event_date: str | None) -> None:
        self.scene = scene
        self.dates = [m for m in scene.dates if event_date and (m.iso or "").startswith(event_date)]
        self.dated = {scene.sentence_of(m) for m in self.dates}
        self.otherwise = {scene.sentence_of(m) for m in scene.dates if m not in self.dates}
        self.codes: dict[str, list[Mention]] = defaultdict(list)
        for mention in scene.places:
            self.codes[mention.code or ""].append(mention)
        self.sites = {code: self._sites(mentions) for code, mentions in self.codes.items()}
        self.first = {code: min((s.sentence for s in self._good(code)), default=_FAR) for code in self.codes}
        self.titled = {code for code in self.codes if self._in_title(code)}

    def _sites(self, mentions: Iterable[Mention]) -> list[Site]:
        scene = self.scene
        return [self._site(m) for m in mentions if scene.host_of(m) is None and not scene.is_dateline(m)]

    def _site(self, mention: Mention) -> Site:
        scene, lists = self.scene, load_event_words().place
        sentence = scene.sentence_of(mention)
        words = {word.text for word in scene.words(sentence)}
        before = scene.before(mention, 3)
        chain = any(
            (child.code or "").startswith(f"{mention.code}.") and 0 <= mention.start - child.end <= CHAIN
            for child in scene.places
        )
        return Site(
            mention=mention,
            sentence=sentence,
            origin=is_origin(scene, mention),
            at="di" in before[-2:],
            venue=not lists["venue"].isdisjoint(before),
            chain=chain,
            dated=sentence in self.dated,
            otherwise_dated=sentence in self.otherwise,
            speech=not lists["speech"].isdisjoint(words),
            forum=not lists["forum"].isdisjoint(words),
            quoted='"' in scene.folded[scene.spans[sentence][0] : mention.start],
        )

    def _good(self, code: str) -> list[Site]:
        return [site for site in self.sites[code] if not site.origin]

    def _in_title(self, code: str) -> bool:
        levels = load_roles().file.reading.level_words
        title = f" {' '.join(re.findall(r'[a-z0-9]+', self.scene.title))} "
        for mention in self.codes[code]:
            words = re.findall(r"[a-z0-9]+", fold(mention.text))
            bare = words[1:] if len(words) > 1 and words[0] in levels else words
            if bare and f" {' '.join(bare)} " in title:
                return True
        return False

    def rows(self, kind: int) -> dict[str, list[float]]:
        """Return the row of each code."""
        regencies = {code[:5] for code in self.codes if len(code) >= 5}
        villages = sum(len(code) > 8 and bool(self.sites[code]) for code in self.codes)
        return {
            code: [
                kind,
                _LEVELS.get(len(code), 3),
                len(self.codes),
                len(self.scene.spans),
                len(regencies),
                villages,
                *self._own(code),
                *self._kin(code),
                *self._hosts(code),
            ]
            for code in self.codes
        }

    def _own(self, code: str) -> list[float]:
        """Return what the place's own mentions say."""
        good = self._good(code)
        mentions = self.codes[code]
        return [
            min(self.first[code], _FAR),
            len(good),
            len(self.sites[code]) - len(good),
            code in self.titled,
            any(s.dated for s in good),
            any(s.otherwise_dated for s in good),
            any(s.at for s in good),
            any(s.venue for s in good),
            any(s.chain for s in good),
            any(s.speech for s in good),
            any(s.forum for s in good),
            any(s.quoted for s in good),
            bool(good) and all(s.quoted for s in good),
            sum(self.scene.is_dateline(m) for m in mentions),
            mentions[0].start / max(1, len(self.scene.text)),
            self._distance(good),
        ]

    def _kin(self, code: str) -> list[float]:
        """Return how the place stands to those that it holds, that hold it, and that lie beside it."""
        below = [other for other in self.codes if other.startswith(f"{code}.")]
        above = [other for other in self.codes if code.startswith(f"{other}.")]
        beside = [
            other
            for other in self.codes
            if other != code and len(other) == len(code) and other[:5] == code[:5] and self.sites[other]
        ]
        first, first_below = self.first[code], self._first_of(below)
        return [
            first_below,
            first - first_below,
            len(below),
            sum(bool(self.sites[other]) for other in below),
            len(above),
            len(beside),
            sum(self.first[other] < _FAR for other in beside),
            any(other in self.titled for other in below),
            any(site.dated for other in below for site in self._good(other)),
            self._distance(site for other in below for site in self._good(other)),
            self._first_of(beside) - first,
            self._first_of(above) - first,
            max((len(self.sites[other]) for other in beside), default=0) - len(self.sites[code]),
        ]

    def _first_of(self, codes: Collection[str]) -> int:
        return min((self.first[code] for code in codes), default=_FAR)

    def _distance(self, sites: Iterable[Site]) -> int:
        """Return the characters between a site and the event's date, the least of all."""
        gaps = (
            min(abs(day.start - site.mention.end), abs(site.mention.start - day.end))
            for site in sites
            for day in self.dates
        )
        return min(gaps, default=_NO_DATE)

    def _hosts(self, code: str) -> list[float]:
        """Return how often the place stands in the name of which kind of office."""
        counts: Counter[str] = Counter()
        for mention in self.codes[code]:
            if (host := self.scene.host_of(mention)) is not None:
                counts["any"] += 1
                words = set(fold(host.text).split())
                counts.update(name for name, listed in load_event_words().host.items() if listed & words)
        return [counts["any"], *(counts[name] for name in sorted(load_event_words().host))]
