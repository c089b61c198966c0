"""Figures that a text claims: cases, reports, persons, envelopes, rupiah, each with what it counts."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from nlp.dates import find_dates
from nlp.laws import find_laws
from nlp.patterns import any_of
from nlp.records import Mention, Stat
from nlp.taxonomy import DATA
from nlp.text import fold, sentences

_RUPIAH = "rupiah"
_AREA = re.compile(
    r"\b(?:[Ss]e-?)?(?:Provinsi|Kabupaten|Kota|Kecamatan|Kab\.)\s(?:[A-Z][\w'’-]+)(?:\s(?!Drs|Dr\b|Dra|Hj?\b|Ir\b)[A-Z][\w'’-]+){0,2}"
)
_SPEAKER = re.compile(
    r"\b(?:kata|ujar|ucap|jelas|tutur|papar|ungkap|tegas|terang|imbuh|rinci|[Mm]enurut)\s"
    r"(?P<name>[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){0,3})"
)
_MOST_MEASURE_WORDS = 4
_MEASURED = ("cases", "things")
_WORD = re.compile(r"[^\s]+")
_MARKS = ",.;:()\"'!?"
_VERB = re.compile(r"(?:di|me[mnl]?|ber|ter)[a-z]{4,}")
# "Pada Pilkada 2020 pelanggaran meningkat": a year, no figure
_YEAR_BEFORE_UNIT = re.compile(
    r"(?:pilkada|pemilu|pilbup|pilgub|pileg|pilpres|serentak|tahun)\s(?:19|20)\d\d$"
)
_AS_OF = re.compile(r"\b(?:per|hingga|sampai(?: dengan)?|sejak|sepanjang|selama|pada)\s(?:tanggal\s)?$")


@dataclass(frozen=True, slots=True)
class StatWords:
    """The vocabulary of data/taxonomy/stats.toml; `topics` are the words that a unit needs beside it."""

    figure: re.Pattern[str]
    group_of: dict[str, str]
    topics: dict[str, re.Pattern[str]]
    amounts: dict[str, int]
    numbers: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    links: frozenset[str]
    stops: frozenset[str]


@lru_cache(maxsize=1)
def load_stat_words() -> StatWords:
    """Return the vocabulary of data/taxonomy/stats.toml."""
    table = tomllib.loads((DATA / "taxonomy" / "stats.toml").read_text(encoding="utf-8"))
    group_of = {unit: group["id"] for group in table["group"] for unit in group["units"]}
    approx, numbers = table["approx"], table["numbers"]
    before, amounts = any_of(approx["before"]), any_of(approx["amounts"])
    spelled, scales = any_of([*numbers["words"], *numbers["tens"]]), any_of(numbers["scales"])
    # "2.420", "200.000.000,00", "12,5", and "1.5 juta" as careless pages print it
    digits = rf"\d{{1,3}}(?:\.\d{{3}})+(?:,\d{{1,2}})?|\d{{1,3}}\.\d{{1,2}}(?=\s(?:{scales}))|\d{{1,6}}(?:,\d{{1,2}})?"
    figure = (
        rf"(?<![\w.,/-])(?P<approx>(?:{before})\s)?"
        rf"(?:rp\.?\s?(?P<money>{digits})(?:\s(?P<scale>{scales}))?"
        rf"|(?P<number>{digits}|(?:{spelled})(?:\s(?:{spelled})){{0,7}}|{amounts})"
        rf"(?:\s?\((?:{spelled})(?:\s(?:{spelled})){{0,7}}\))?(?:\s(?P<scale2>{scales}))?"
        rf"\s(?P<unit>{any_of(group_of)}))(?![\w/]|[.,]\d)"
    )
    return StatWords(
        figure=re.compile(figure),
        group_of=group_of,
        topics={
            group["id"]: re.compile(rf"\b(?:{any_of(group['topics'])})\b")
            for group in table["group"]
            if "topics" in group
        },
        amounts=approx["amounts"],
        numbers=numbers["words"],
        tens=numbers["tens"],
        scales=numbers["scales"],
        links=frozenset(table["measure"]["links"]),
        stops=frozenset(table["measure"]["stops"]),
    )


def find_stats(
    text: str,
    published: datetime | None = None,
    dates: Sequence[Mention] | None = None,
    names: Sequence[Mention] = (),
) -> tuple[Stat, ...]:
    """Return the figures of supervision in a text, in order.

    `unit` is as printed ("kasus temuan"), rupiah for money; `measure` is what is counted, `area` the place
    and `as_of` the day or range that the sentence names. `dates` (in text order) saves finding them again;
    `names` are the persons of the text in order, where no area goes on.
    """
    words = load_stat_words()
    folded = fold(text)
    found = find_dates(text, published) if dates is None else dates
    # numbers of dates and laws count nothing
    taken = [(date.start, date.end) for date in found] + [(law.start, law.end) for law in find_laws(text)]
    figures = _masked(folded, taken)
    stats: list[Stat] = []
    for start, end in sentences(text):
        matches = list(words.figure.finditer(figures, start, end))
        if matches:
            sentence = _sentence(text, folded, (start, end), found, names)
            stats += [
                _stat(text, folded, match, sentence)
                for match in matches
                if _relevant(folded, match, sentence)
            ]
    return tuple(stats)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a sentence says for all of its figures; `groups` are those whose topic words it holds."""

    start: int
    end: int
    groups: frozenset[str]
    area: str | None
    as_of: str | None
    speaker: str | None


def _masked(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces: list[str] = []
    last = 0
    for start, end in sorted(spans):
        if end > last:
            pieces += [folded[last:start], "\0" * (end - max(start, last))]
            last = end
    return "".join([*pieces, folded[last:]])


def _sentence(
    text: str, folded: str, span: tuple[int, int], dates: Sequence[Mention], names: Sequence[Mention]
) -> _Sentence:
    topics = load_stat_words().topics
    start, end = span
    speaker = _SPEAKER.search(text, start, end)
    return _Sentence(
        start,
        end,
        groups=frozenset(group for group, words in topics.items() if words.search(folded, start, end)),
        area=_area(text, start, end, names),
        as_of=_as_of(folded, start, end, dates),
        speaker=speaker["name"].rstrip(".") if speaker else None,
    )


def _area(text: str, start: int, end: int, names: Sequence[Mention]) -> str | None:
    """Return the first region of a sentence, without the name of a person right behind it."""
    area = _AREA.search(text, start, end)
    if area is None:
        return None
    at = bisect_left(names, area.start(), key=lambda name: name.start)
    stop = min(area.end(), names[at].start) if at < len(names) else area.end()
    return text[area.start() : stop].rstrip()


def _relevant(folded: str, match: re.Match[str], sentence: _Sentence) -> bool:
    """Return whether a figure belongs to supervision: by its unit, or by a word of its sentence."""
    words = load_stat_words()
    group = words.group_of[match["unit"] or _RUPIAH]
    if group == "cases":
        before = folded[max(sentence.start, match.start() - 12) : match.end("number")]
        return not _YEAR_BEFORE_UNIT.search(before)
    if match["number"] and _value(match["number"], words) <= 1:
        return False
    return group in sentence.groups


def _stat(text: str, folded: str, match: re.Match[str], sentence: _Sentence) -> Stat:
    words = load_stat_words()
    amount = match["money"] or match["number"]
    scale = match["scale"] or match["scale2"]
    return Stat(
        value=_value(amount, words) * (words.scales[scale] if scale else 1),
        unit=match["unit"] or _RUPIAH,
        measure=_measure(text, folded, match, sentence.end),
        area=sentence.area,
        as_of=sentence.as_of,
        approx=bool(match["approx"]) or amount in words.amounts,
        speaker=sentence.speaker,
        start=match.start() + len(match["approx"] or ""),
        end=match.end(),
    )


def _value(amount: str, words: StatWords) -> float:
    """Return a number as written: "2.420", "1,5", "dua puluh lima", "ratusan"."""
    if amount in words.amounts:
        return float(words.amounts[amount])
    if amount[0].isdigit():
        whole, _, part = amount.partition(",")
        if re.fullmatch(r"\d{1,3}\.\d{1,2}", whole):
            return float(whole)
        return float(f"{whole.replace('.', '')}.{part or 0}")
    return float(_spelled(amount.split(), words))


def _spelled(written: Sequence[str], words: StatWords) -> int:
    """Return a number in words: "dua puluh lima ribu", "seratus dua puluh"."""
    total = hundreds = part = 0
    for word in written:
        if word == "belas":
            part += 10
        elif word == "ribu":
            total, hundreds, part = total + max(1, hundreds + part) * 1000, 0, 0
        elif word in words.tens:
            hundreds, part = hundreds + max(1, part) * words.tens[word], 0
        elif words.numbers[word] >= 100:  # "seratus", "seribu"
            hundreds += words.numbers[word]
        else:
            part += words.numbers[word]
    return total + hundreds + part


def _measure(text: str, folded: str, match: re.Match[str], end: int) -> str | None:
    """Return the words behind a unit that say what is counted: "terkait politik uang" → "politik uang".

    Without such a link only small letters and abbreviations count, and never behind people: "26 kepala desa".
    """
    words = load_stat_words()
    group = words.group_of[match["unit"] or _RUPIAH]
    linked = False
    first = last = count = 0
    for word in _WORD.finditer(folded, match.end(), end):
        bare = word.group().strip(_MARKS)
        if bare in words.links and not count:
            linked = True
            continue
        written = text[word.start() : word.end()].strip(_MARKS)
        if (
            not bare
            or bare in words.stops
            or bare.isdigit()
            or _VERB.match(bare)
            or count == _MOST_MEASURE_WORDS
        ):
            break
        if not linked and (group not in _MEASURED or not (written.islower() or written.isupper())):
            break
        first, last = (first or word.start()), word.start() + len(word.group().rstrip(_MARKS))
        count += 1
        if word.group()[-1] in _MARKS:
            break
    return text[first:last] if count else None


def _as_of(folded: str, start: int, end: int, dates: Sequence[Mention]) -> str | None:
    first = bisect_left(dates, start, key=lambda date: date.start)
    for date in islice(dates, first, None):
        if date.start >= end:
            break
        if date.iso and _AS_OF.search(folded, max(start, date.start - 24), date.start):
            return date.iso
    return None
