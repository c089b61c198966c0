"""Invented training text: sentences from a grammar, and articles with other names and places put in.

A corpus of a thousand articles shows few names and fewer villages. The grammar (configs/generator.toml)
joins regions, offices, names and house styles; `rename` keeps an article's wording but moves it to
another place with other people. Both depend on their seed alone.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

from nlp.corpus import Row, Span, untag
from nlp.edits import Edit, Sample, apply_edits
from nlp.lexicon import name_parts, regions

GRAMMAR = Path(__file__).parent / "configs" / "generator.toml"
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_KIND = re.compile(
    r"^(?:(?:Kabupaten|Kota|Kecamatan|Desa|Kelurahan|Provinsi|Distrik|Nagari|Gampong|Kampung|Pekon|Kapanewon|"
    r"Kalurahan|Kab\.|Kec\.)\s+)+",
    re.IGNORECASE,
)
_KEPT = frozenset("bin binti br i ni h hj la wa ode haji al dan alias dg dr st".split())
_LEVELS = {2: "prov", 5: "kab", 8: "kec", 13: "desa"}
_MAX_DEPTH = 40
_COINED = 0.1  # chance that a part of a name stands in no list
_SYLLABLES = (
    "a i u e o ba be bi bo bu da de di do du ga gi go ha he hi ja je jo ka ke ki ko ku la le li lo lu "
    "ma me mi mo mu na ne ni no nda ndu nga ngo mba pa pe pi po pu ra re ri ro ru sa se si so su "
    "ta te ti to tu wa we wi ya yo nya"
).split()
_ENDINGS = ("", "", "n", "ng", "k", "s", "h", "l", "r", "m", "t", "p")
_NEW_PERSON = 0.4  # chance that a paragraph's next full name is another person


@cache
def grammar() -> dict[str, list[str]]:
    """Return the alternatives of each symbol."""
    rules: dict[str, list[str]] = tomllib.loads(GRAMMAR.read_text(encoding="utf-8"))["grammar"]
    return rules


@cache
def _regions_by_level() -> dict[str, tuple[tuple[str, str], ...]]:
    levels: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, name in regions():
        if not any(mark in name for mark in "/()0123456789."):
            levels[_LEVELS[len(code)]].append((code, name))
            if len(code) == 5 and code[3] == "7":  # x7.. is a city
                levels["kota"].append((code, name))
    return {level: tuple(names) for level, names in levels.items()}


@cache
def _region_names() -> dict[str, str]:
    return dict(regions())


def generate(count: int, *, seed: int = 0) -> list[Sample]:
    """Return `count` invented paragraphs with their spans."""
    rng = random.Random(seed)  # noqa: S311 - repeatable chance
    return [Paragraph(rng).write() for _ in range(count)]


class Paragraph:
    """One expansion of the grammar: its places belong together and its persons stay the same."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._values: dict[str, str] = {}
        for number in ("", "2", "3"):
            self._bind_places(number)

    def _bind_places(self, number: str) -> None:
        code, _ = self._rng.choice(_regions_by_level()["desa"])
        names = _region_names()
        for length, level in _LEVELS.items():
            self._values[level + number] = names[code[:length]]
        self._values["kota" + number] = self._rng.choice(_regions_by_level()["kota"])[1]
        for level in ("kab", "kec", "kota"):
            self._values[level.upper() + number] = self._values[level + number].upper()

    def write(self) -> Sample:
        """Return the paragraph's text and spans."""
        body = self._expand("{paragraph}", 0)
        text, spans = untag(re.sub(r"[ \u00a0]+(?=[.,] )", "", body).strip())
        return Sample(text, spans)

    def _expand(self, line: str, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError(f"{GRAMMAR.name}: {line!r} never ends")
        return _SLOT.sub(lambda match: self._fill(match.group(1), depth), line)

    def _fill(self, slot: str, depth: int) -> str:
        if slot in grammar():
            return self._expand(self._rng.choice(grammar()[slot]), depth + 1)
        if slot in self._values and not (slot == "name" and self._rng.random() < _NEW_PERSON):
            return self._values[slot]
        if slot in ("name", "name2", "name3", "short"):  # the short form takes a word of the last full name
            self._values[slot] = person(self._rng) if slot != "short" else self._short()
            return self._values[slot]
        return _number(slot, self._rng)

    def _short(self) -> str:
        full = self._values.get("name") or person(self._rng)
        return self._rng.choice([word for word in full.split() if len(word) > 2] or [full])


def _number(slot: str, rng: random.Random) -> str:
    """Return a number, initials, an honorific, a degree: what a grammar would only enumerate."""
    particles = _particles()
    makers = {
        "hon": lambda: rng.choice(particles["honorific"]),
        "degree": lambda: rng.choice(particles["degree"]),
        "age": lambda: str(rng.randrange(19, 70)),
        "INIT": lambda: "".join(rng.choices("ABCDEFHIJKLMNPRSTUWYZ", k=rng.choice((2, 2, 2, 3)))),
        "num": lambda: str(rng.randrange(2, 600)),
        "num2": lambda: f"{rng.randrange(1, 40):02d}",
        "num4": lambda: f"{rng.randrange(100, 1800):04d}",
        "digit": lambda: str(rng.randrange(1, 9)),
        "hour": lambda: f"{rng.randrange(24):02d}.{rng.randrange(60):02d}",
        "dd": lambda: f"{rng.randrange(1, 31):{rng.choice(('d', '02d'))}}",
        "mm": lambda: f"{rng.randrange(1, 13):{rng.choice(('d', '02d'))}}",
        "yyyy": lambda: str(rng.randrange(2014, 2026)),
        "yy": lambda: f"{rng.randrange(17, 26)}",
    }
    if slot not in makers:
        raise ValueError(f"{GRAMMAR.name}: unknown symbol {{{slot}}}")
    return makers[slot]()


@cache
def _particles() -> dict[str, list[str]]:
    from nlp.lexicon import NAMES

    table: dict[str, list[str]] = tomllib.loads(NAMES.read_text(encoding="utf-8"))["particles"]
    return table


def person(rng: random.Random, words: int | None = None) -> str:
    """Return an invented name of one to four words, mostly of one region's name parts."""
    groups = list(name_parts().values())
    given, family = rng.choice(groups)
    if rng.random() < 0.25:  # names travel
        _, family = rng.choice(groups)
    count = words or rng.choices((1, 2, 3, 4), weights=(12, 55, 28, 5))[0]
    parts = [rng.choice(given)]
    parts += [rng.choice(given) if rng.random() < 0.35 else rng.choice(family) for _ in range(count - 2)]
    parts += [rng.choice(family) if rng.random() < 0.8 else rng.choice(given)] if count > 1 else []
    for i in range(len(parts)):
        if rng.random() < _COINED:
            parts[i] = coined(rng)
    if count > 1 and rng.random() < 0.02:  # a wife keeps her father's name
        parts[-1] += f"-{rng.choice(family)}"
    if words is None and rng.random() < 0.12:
        parts.insert(0, rng.choice(_particles()["prefix"]))
    elif words is None and count > 2 and rng.random() < 0.1:
        parts[1] = rng.choice(_particles()["middle"])
    return " ".join(parts)


def coined(rng: random.Random) -> str:
    """Return a word of two or three syllables that no list of names holds: real pages are full of them."""
    syllables = rng.choices(_SYLLABLES, k=rng.choice((2, 2, 3)))
    return ("".join(syllables) + rng.choice(_ENDINGS)).capitalize()


def rename(row: Row, *, seed: str = "", places: float = 1.0) -> Sample:
    """Return the article with other names of persons and, with chance `places`, other places.

    A name or place stays the same throughout the article, short forms included.
    """
    rng = random.Random(f"{seed} {row.id}")  # noqa: S311 - repeatable chance
    words: dict[str, str] = {}
    moved: dict[str, str] = {}
    moves = rng.random() < places
    edits: list[Edit] = []
    for span in row.spans:
        if span.label == "per":
            edits += _renamed(span, words, rng)
        elif span.label == "loc" and span.code and moves:
            edits += _moved(span, moved, rng)
    return apply_edits(Sample(row.text, row.spans), edits)


def _renamed(span: Span, words: dict[str, str], rng: random.Random) -> list[Edit]:
    edits = []
    for match in _WORD.finditer(span.text):
        old = match.group()
        if old.lower() in _KEPT or len(old) == 1:
            continue
        key = old.lower()
        if key not in words:
            is_initials = old.isupper() and len(old) <= 3
            words[key] = _number("INIT", rng) if is_initials else rng.choice(person(rng, 2).split())
        new = words[key].upper() if old.isupper() else words[key]
        edits.append(Edit(span.start + match.start(), span.start + match.end(), new))
    return edits


def _moved(span: Span, moved: dict[str, str], rng: random.Random) -> list[Edit]:
    kind = _KIND.match(span.text)
    start = kind.end() if kind else 0
    old = span.text[start:]
    level = _LEVELS.get(len(span.code or ""))
    if not old or level is None:
        return []
    if old.lower() not in moved:
        pool = "kota" if level == "kab" and (span.code or "")[3] == "7" else level
        moved[old.lower()] = rng.choice(_regions_by_level()[pool])[1]
    new = moved[old.lower()]
    return [Edit(span.start + start, span.end, new.upper() if old.isupper() else new)]
