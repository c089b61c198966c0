"""Telephone and identity numbers in a text, however people space them, told from sums, years and file numbers."""

from __future__ import annotations

import re

# What stands between the groups of one number: "0812–3456", "0812 / 3456", "+62 (0) 812", blanks of every width.
_BETWEEN = r"[\s\xad\u200b-\u2015\u2060\u2212\uff08\uff09\uff0d-\uff0f./()-]"
_GAP = _BETWEEN + r"{0,4}"
_LONG_NUMBER = re.compile(rf"\d(?:{_GAP}\d){{7}}")
# Digits of full width are digits to \d. Without its plus 62 is a sum as often: what follows must be a mobile
# number or be joined to it.
_PREFIX = (
    rf"(?:[+＋][6６][2２]{_GAP}(?:[0０]{_GAP})?"
    rf"|[6６][2２](?:{_GAP}(?=[8８])|(?=[2-9２-９]))"
    r"|[0０][\s.(-]?(?![0０]))"
)
_PHONE = re.compile(rf"(?<!\w)(?<!\d[.,]){_PREFIX}\d{{2,13}}(?:{_BETWEEN}{{1,4}}\d{{2,13}}){{0,4}}(?!\d)")
_LEAST, _MOST = 9, 13  # digits of a telephone number written with 0
_GROUP = re.compile(r"\d+")
_FIGURES = re.compile(
    r"62\.\d{3}(?:\.\d{3})*"
    rf"(?:{_GAP}(?:\d{{1,3}}(?:\.\d{{3}})+|(?:19|20)\d\d))*"  # sums, and a year behind them
    r"|0(?!8\d\d)\d{1,3}(?:[./]\d+)*/(?:19|20)\d\d"  # the number of a letter
    rf"|0\d{{1,2}}(?:{_GAP}0\d{{1,2}})+"  # polling stations in a row
)
# it begins with the code of a province, and nobody writes it with parentheses
_PARTED = r"[\s\xad\u200b-\u2015\u2060\u2212\uff0d.-]"
_NIK = re.compile(
    rf"(?<!\d)[1-9１-９]\d{{3}}(?:{_PARTED}{{0,3}}\d{{4}}){{3}}(?!\d)"
    rf"|(?<!\d)[1-9１-９]\d{{5}}(?:{_PARTED}{{1,3}}\d{{6}}){_PARTED}{{1,3}}\d{{4}}(?!\d)"
)
_YEARS = re.compile(rf"(?:(?:19|20)\d\d{_PARTED}{{0,3}}){{4}}")


def hide_numbers(text: str) -> str:
    """Return the text with the digits of telephone and identity numbers masked; its length stays the same."""
    if not _LONG_NUMBER.search(text):
        return text
    text = _NIK.sub(lambda found: found[0] if _YEARS.fullmatch(found[0]) else _masked(found[0]), text)
    pieces: list[str] = []
    done = at = 0
    while found := _PHONE.search(text, at):
        end = _phone_end(found)
        at = end or found.start() + 1
        if end:
            pieces += [text[done : found.start()], _masked(text[found.start() : end])]
            done = end
    return "".join([*pieces, text[done:]])


def _phone_end(found: re.Match[str]) -> int | None:
    """Return where the number ends in a match, which may hold a year or the next number; None: it is none."""
    digits, end = 0, found.start()
    # "+62 (0)" stands for the one 0 with which the number is written in the country
    most = _MOST + (2 if found[0][0] in "+＋" else 1 if found[0][0] in "6６" else 0)
    for group in _GROUP.finditer(found[0]):
        if digits >= _LEAST and digits + len(group[0]) > most:
            break
        digits += len(group[0])
        end = found.start() + group.end()
    if digits < _LEAST or digits > _MOST + 3 or _FIGURES.fullmatch(found.string, found.start(), end):
        return None
    return end


def _masked(number: str) -> str:
    return re.sub(r"\d", "*", number)
