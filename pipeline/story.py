"""Whether two readings tell the same event: points for and against, each with its reason.

A reading ("facet") is one case of an article, or the article as a whole where it reports no case. Likeness
of texts alone never decides: press releases about different villages share whole paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b

CASE, PREVENTION, INFORMATION = "kasus", "pencegahan", "informasi"
JOIN = 3.5  # points from which a reading belongs to an event
VETO = -100.0
_SAME_NAME = 3.0
_FEW = 5  # kecamatan that an article about one event names
_FRESH = 3  # days between an event and the article that reports it
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Facet:
    """What one reading says of an act or an event; `day` is the local day of publication as an ordinal.

    `names` are the accused as printed (names or initials), `people` every person named in the article,
    `group` the article of which its text is a copy; `passing` marks a case told beside the article's matter,
    `rejected` an article of which a reviewer said that it tells no case.
    `places` (kecamatan and below) and `dates` (days) are all that the article names, the event's or not.
    """

    article: str
    extraction: str
    case: str | None
    kind: str
    day: int
    place: str | None
    date: str | None
    types: tuple[str, ...]
    categories: tuple[str, ...]
    names: tuple[str, ...]
    people: tuple[str, ...]
    reg_no: str | None
    stage: str | None
    group: str | None = None
    passing: bool = False
    places: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    rejected: bool = False

    @property
    def regency(self) -> str | None:
        """Return the code of the regency of the place, or None where only a province or nothing is known."""
        return self.place[:5] if self.place and len(self.place) >= 5 else None


@dataclass(frozen=True, slots=True)
class Match:
    """The points that a comparison gave and the reasons, in Indonesian and without any person's name."""

    points: float
    reasons: tuple[str, ...]


Part = tuple[float, str] | None


def compare(a: Facet, b: Facet, *, alike: float, rarity: Mapping[str, float], lonely: bool) -> Match:
    """Return how much speaks for `a` and `b` being about the same event.

    `alike` is the likeness of their texts (0 to 1), `rarity` the weight of a shared person: 1 for somebody
    whom no other event of the regency names, less for an official who stands in many. `lonely` tells that
    they share a kecamatan and a group of types with each other and with no other event.
    """
    accused = _accused(a, b)
    parts = [
        _places(a, b, same_accused=accused is not None and accused[0] >= _SAME_NAME),
        _named_places(a, b),
        (1.0, "satu-satunya kasus sejenis di kecamatan itu") if lonely else None,
        _dates(a, b),
        _types(a, b),
        accused,
        _categories(a, b),
        _people(a, b, rarity),
        _texts(a, b, alike),
        _gap(a, b),
        _register(a, b),
    ]
    told = [part for part in parts if part is not None]
    return Match(
        sum(points for points, _ in told), tuple(f"{reason} ({points:+g})" for points, reason in told)
    )


def vetoed(a: Facet, b: Facet) -> bool:
    """Tell whether the places of two readings rule out that they tell one event: most that share a key are such."""
    first, second = (facet.place[:8] if facet.place else "" for facet in (a, b))
    if first.startswith(second) or second.startswith(first):
        return False
    accused = _accused(a, b)
    part = _places(a, b, same_accused=accused is not None and accused[0] >= _SAME_NAME)
    return part is not None and part[0] <= VETO


def _places(a: Facet, b: Facet, *, same_accused: bool) -> Part:
    if not a.place or not b.place:
        return None
    if a.place == b.place:
        depth = len(a.place)
        return {
            13: (3.0, "desa/kelurahan sama"),
            8: (2.0, "kecamatan sama"),
            5: (1.0, "kabupaten/kota sama"),
        }.get(depth, (0.0, "provinsi sama"))
    short, long = sorted((a.place, b.place), key=len)
    if long.startswith(short):
        return {8: (2.0, "kecamatan sama"), 5: (1.0, "kabupaten/kota sama")}.get(
            len(short), (0.0, "provinsi sama")
        )
    told = a.place in b.places or b.place in a.places
    told = told or bool(_districts(a) & _districts(b))
    if a.place[:5] != b.place[:5]:
        return (-2.0 if told else VETO), "kabupaten/kota berbeda"
    if a.place[:8] != b.place[:8]:
        if told:
            return -2.5, "kecamatan berbeda"
        # Two offices fill in one template; only a person accused by name can be misplaced by one outlet.
        return (-4.0 if same_accused else VETO), "kecamatan berbeda"
    return (-2.0 if same_accused or told else -4.0), "desa/kelurahan berbeda"


def _named_places(a: Facet, b: Facet) -> Part:
    """Weigh the kecamatan that both articles name: a reading that took the wrong one for the event's is caught."""
    first, second = _districts(a), _districts(b)
    if not first or not second:
        return None
    if first & second:
        return 1.0, "menyebut kecamatan yang sama"
    return -2.0, "menyebut kecamatan yang berlainan"


def _districts(facet: Facet) -> set[str]:
    """Return the kecamatan that an article names; one that lists many is about none of them."""
    found = {code[:8] for code in (facet.place or "", *facet.places) if len(code) >= 8}
    return found if len(found) <= _FEW else set()


def _dates(a: Facet, b: Facet) -> Part:
    first, second = _days(a.date), _days(b.date)
    if first is None or second is None:
        return None
    if first[0] != first[1] or second[0] != second[1]:
        overlaps = first[0] <= second[1] and second[0] <= first[1]
        return (0.5, "rentang tanggal bertemu") if overlaps else (-2.0, "rentang tanggal berbeda")
    gap = abs(first[0] - second[0])
    if gap > 2 and (a.date in b.dates or b.date in a.dates):
        return 0.5, "tanggal yang satu disebut pula oleh yang lain"
    if gap > 2 and _tells_a_stage(a, b, first[0], second[0]):
        return -0.5, "tanggal mungkin tanggal tahap"
    if gap > 2 and INFORMATION in (a.kind, b.kind):
        return None  # such an article has a date of its own: a sitting, a repeated vote
    if gap == 0:
        return 3.0, "tanggal sama"
    if gap <= 2:
        return 2.0 - 0.75 * gap, f"tanggal selisih {gap} hari"
    return (-1.5 if gap <= 7 else -3.0), f"tanggal selisih {gap} hari"


def _tells_a_stage(a: Facet, b: Facet, first: int, second: int) -> bool:
    """Tell whether the later date is of the days in which its article appeared: a hearing, a verdict.

    A follow-up often dates nothing but the stage that it reports.
    """
    late, early, date_late = (a, b, first) if first > second else (b, a, second)
    return late.day > early.day and 0 <= late.day - date_late <= _FRESH


def _types(a: Facet, b: Facet) -> Part:
    if not a.types or not b.types:
        return None
    if set(a.types) & set(b.types):
        return 1.0, "jenis sama"
    if {t.split(".")[0] for t in a.types} & {t.split(".")[0] for t in b.types}:
        return 0.5, "rumpun jenis sama"
    return -1.5, "jenis berbeda"


def _accused(a: Facet, b: Facet) -> Part:
    if any(_named_in(name, b.people) for name in a.names) or any(
        _named_in(name, a.people) for name in b.names
    ):
        return _SAME_NAME, "terlapor sama"
    if not a.names or not b.names:
        return None
    best = max(_name_points(x, y) for x in a.names for y in b.names)
    if best > 0:
        return best, "terlapor sama" if best >= _SAME_NAME else "inisial terlapor cocok"
    return best, "terlapor berbeda"


def _named_in(name: str, people: tuple[str, ...]) -> bool:
    """Tell whether the accused's whole name stands among the persons of the other article."""
    return " " in name and not _is_initials(name) and name.casefold() in people


def _name_points(x: str, y: str) -> float:
    first, second = (_WORD.findall(name) for name in (x, y))
    short, long = sorted((first, second), key=len)
    if _is_initials(x) or _is_initials(y):
        a, b = (_initials(words) for words in (first, second))
        return 1.5 if _initials_fit(a, b) else -1.0
    lowered = [word.casefold() for word in long]
    shared = [word for word in short if any(_same_word(word.casefold(), other) for other in lowered)]
    if short and len(shared) == len(short) and any(len(word) > 2 for word in shared):
        return _SAME_NAME
    return 0.0 if any(len(word) > 3 for word in shared) else -2.5


def _same_word(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) == 1 and word[0] == other[0])


def _is_initials(name: str) -> bool:
    return name.isupper() and all(len(word) <= 4 for word in _WORD.findall(name))


def _initials(words: list[str]) -> str:
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 4:
        return words[0].casefold()
    return "".join(word[0] for word in words).casefold()


def _initials_fit(a: str, b: str) -> bool:
    """Tell whether initials may be one person's: equal, a part in order, or one letter of four otherwise."""
    short, long = sorted((a, b), key=len)
    if a == b or (len(short) > 1 and _in_order(short, long)):
        return True
    return len(a) == len(b) >= 4 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(letter in rest for letter in short)


def _categories(a: Facet, b: Facet) -> Part:
    if not a.categories or not b.categories:
        return None
    same = set(a.categories) & set(b.categories)
    return (0.5, "jabatan terlapor sama") if same else (-0.5, "jabatan terlapor berbeda")


def _people(a: Facet, b: Facet, rarity: Mapping[str, float]) -> Part:
    shared = set(a.people) & set(b.people)
    if not shared:
        many = min(len(a.people), len(b.people)) >= 3
        return (-1.0, "tidak ada orang yang sama") if many else None
    points = min(2.5, sum(rarity.get(person, 1.0) for person in shared))
    return round(points, 2), f"{len(shared)} orang yang sama disebut"


def _texts(a: Facet, b: Facet, alike: float) -> Part:
    if alike >= 0.3 and (_apart(a.people, b.people) or _apart(_districts(a), _districts(b))):
        # the words of one form, filled in with other persons or another place
        return -1.0, "naskah serupa, tetapi orang atau tempatnya lain"
    if alike >= 0.7:
        return 3.0, "naskah hampir sama"
    if alike >= 0.3:
        return 1.5, "naskah mirip"
    return (0.5, "sebagian naskah sama") if alike >= 0.15 else None


def _apart(first: Collection[str], second: Collection[str]) -> bool:
    return bool(first and second) and set(first).isdisjoint(second)


def _gap(a: Facet, b: Facet) -> Part:
    gap = abs(a.day - b.day)
    if gap <= 3:
        return 0.5, "terbit berdekatan"
    if gap <= 21:
        return None
    if PREVENTION in (a.kind, b.kind):
        return -3.0, f"terbit berselang {gap} hari"
    return (-0.5 if gap <= 90 else -1.0), f"terbit berselang {gap} hari"


def _register(a: Facet, b: Facet) -> Part:
    if not a.reg_no or not b.reg_no:
        return None
    return (5.0, "nomor register sama") if a.reg_no == b.reg_no else (-1.0, "nomor register berbeda")


@lru_cache(maxsize=10_000)
def _days(iso: str | None) -> tuple[int, int] | None:
    """Return the first and last day that an ISO day, month or range stands for, as ordinals."""
    if not iso:
        return None
    begin, _, end = iso.partition("/")
    try:
        return _bound(begin, first=True), _bound(end or begin, first=False)
    except ValueError:
        return None


def _bound(iso: str, *, first: bool) -> int:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 3:
        return date(*parts).toordinal()
    year, month = (*parts, 1 if first else 12)[:2]
    if first:
        return date(year, month, 1).toordinal()
    return date(year + month // 12, month % 12 + 1, 1).toordinal() - 1


def blocking_keys(facet: Facet) -> set[int]:
    """Return the keys under which a reading is found: two that share none are never compared."""
    keys: list[tuple[str, ...]] = []
    if facet.reg_no:
        keys.append(("reg", facet.reg_no))
    area = _area(facet)
    if area:
        days = _days(facet.date)
        if days and days[0] == days[1]:
            keys += [("day", area, str(days[0] + shift)) for shift in (-1, 0, 1)]
        keys += [("name", area, name.casefold()) for name in facet.names]
    weeks = (facet.day // 7, facet.day // 7 + 1)
    keys += [("named", code, str(week)) for code in sorted(_districts(facet)) for week in weeks]
    own = {_key(*key) for key in keys} | set(district_keys(facet)) | set(week_keys(facet))
    return own | {copy_key(facet)} if facet.group else own


def copy_key(facet: Facet) -> int:
    """Return the key of a reading's text and all its copies."""
    return _key("copy", facet.group or "")


def week_keys(facet: Facet) -> list[int]:
    """Return a key for each group of types in the regency and week of a reading: many share it and little else."""
    area = _area(facet)
    tops = sorted({kind.split(".")[0] for kind in facet.types}) if area else []
    return [_key("week", area, top, str(facet.day // 7 + shift)) for top in tops for shift in (0, 1)]


def district_keys(facet: Facet) -> list[int]:
    """Return a key for each group of types in the kecamatan of a reading; none where that is not known.

    A prevention event has none: nobody follows one up weeks later, and there are many.
    """
    if not facet.place or len(facet.place) < 8 or facet.kind == PREVENTION:
        return []
    return [_key("district", facet.place[:8], top) for top in sorted({t.split(".")[0] for t in facet.types})]


def person_keys(facet: Facet) -> dict[str, int]:
    """Return a key for each person of a reading: those of one area count as one person."""
    return {person: _key("person", _area(facet), person) for person in facet.people}


def _area(facet: Facet) -> str:
    return facet.regency or (facet.place or "")[:2]


@lru_cache(maxsize=100_000)  # the readings of one place and week share most of their keys
def _key(*parts: str) -> int:
    return int.from_bytes(
        blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), "big"
    )
