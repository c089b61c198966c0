"""Children in the news: nobody under 18 is ever accused by name."""

from __future__ import annotations

import re

from nlp.persons import ALIAS, Person

_NUMERALS = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
_AGE = re.compile(
    rf"(?:(?-i:{ALIAS}|\s*,?\s*alias\s+\w+)[\"\u201d']?)*\s*(?:\(\s*(?P<bracket>\d{{1,2}})\s*(?:tahun|thn|th)?\.?\s*\)|,?\s*(?:yang\s+)?(?:masih\s+)?(?:ber)?(?:usia|umur)\s+"
    rf"(?:(?P<digits>\d{{1,2}})|(?P<word>(?:{'|'.join(_NUMERALS)})(?: belas)?))\s+(?:tahun|thn|th)\b)",
    re.IGNORECASE,
)  # behind a name, with or without his alias
_CHILD = re.compile(
    r"(?P<guardian>\w*)\s*\b(?:(?:bocah|balita|pelajar)(?:\s+(?:laki-laki|perempuan|[A-Z]{2,3}N?|kelas \w+))*"
    r"|(?:siswa|siswi|murid|pelajar)\s+(?:kelas\s+\w+\s+)?(?:SD|SMP|MTs|MI|TK|PAUD)N?(?:\s+(?!dan\b)\w+){0,3}"
    r"|(?:seorang|salah satu|salah seorang)\s+anak(?:\s+laki-laki|\s+perempuan)?(?=\s*,|\s+ber|\s+inisial)"
    r"|anak(?:\s+laki-laki|\s+perempuan)?(?=\s+bernama|\s+berinisial))"
    r"(?:\s+bernama|\s+berinisial|\s+inisial|\s*,)?\s*$",
    re.IGNORECASE,
)  # before a name
_GUARDIANS = frozenset(
    "guru ayah ibu ibunda tua wali kepala kakek nenek paman bibi kakak orangtua mantan eks".split()
)
_ADULT = 18
_LEAST_AGE = 4  # a smaller number in brackets counts something else


def is_child(text: str, person: Person) -> bool:
    """Tell whether a text says that a person is under 18, or calls him a child where it gives no age."""
    ages = [age for mention in person.mentions if (age := _age_after(text, mention.end)) is not None]
    if ages:
        return max(ages) < _ADULT
    for mention in person.mentions:
        called = _CHILD.search(text, max(0, mention.start - 80), mention.start)
        if called and called["guardian"].lower() not in _GUARDIANS:
            return True
    return False


def _age_after(text: str, at: int) -> int | None:
    found = _AGE.match(text, at)
    if not found:
        return None
    if word := found["word"]:
        one, _, teen = word.lower().partition(" ")
        return _NUMERALS.index(one) + 1 + (10 if teen else 0)
    age = int(found["bracket"] or found["digits"])
    return age if age >= _LEAST_AGE else None
