"""What paragraphs end with: reporters' codes, advertising marks, photo credits, links to other articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.chrome import load_chrome, load_table
from pipeline.wording import ends_sentence, fold, is_headline, squash

BRACKET = re.compile(r"\s*\*{0,5}\s*[(\[{]\s*([^()\[\]{}]{1,60}?)\s*[)\]}]\s*[.*]*\s*$")

_STARS = re.compile(r"\s*(?:\*{1,5}|#{2,})\s*$")
_SLASHED = re.compile(
    r"(?<=[.!?\"”’)])\s*(?:\*?/{1,2}|~|#|[-–—]{1,2}|\*{1,3})\s*([A-Za-z]{2,12}(?:[/&][A-Za-z]{1,12}){0,3})\s*$"
)
_NUMBERED = re.compile(r"[A-Za-z]{1,4}[ -]?\d{1,3}|[A-Za-z]{1,10}\d{1,2}")
_INITIALS = re.compile(r"\([a-z]{2,3}\)")
_SHORT = re.compile(r"[a-z]{1,5}\d{0,2}|\*+")
_LABELLED = re.compile(r"[^\W\d_]{3,12}\s?:\s?[\w./]+(?: [\w./]+){0,2}")
_SITE = re.compile(r"\w\.(?:com|co\.id|id|net|news|tv)\b", re.IGNORECASE)
_INLINE = re.compile(
    r"[\"”’'.!?)\]…]\s*[(\[]?((?:baca|simak|lihat|tonton)\s?(?:juga|pula)\b\s*[:;>»–—-]+\s*)([^\n]{8,200})$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\s*[(\[]?\s*(?:foto|photo|dok(?:umentasi)?\.?|doc\.?|ist(?:imewa)?|sumber foto|antara foto|ilustrasi)\b"
    r"[^()\[\]]{0,60}[)\]]\.?$"
    r"|(?<=[\w.,)])\s+(?:(?:foto|photo|sumber foto)\s?:|dok(?:\.|umentasi)?\s?[:/])\s?[^\"“:]{2,40}$"
    r"|\s*[/|]\s*(?:foto\s?:\s?)?(?:ist(?:imewa)?|dok\b.{0,30})\.?$"
    r"|\s*[|–-]\s*foto\s?:\s?\S.{0,40}$",
    re.IGNORECASE,
)
_SIGNED_PICTURE = re.compile(
    r"\w\.?\s+(?:[\[(]|[|–-]\s?)[A-Z][\w.]+(?: [A-Z]\w+)?/[A-Z]\w+(?: [A-Z]\w+){1,2}[\])]?$"
)
_CREDIT_REACH, _CAPTION_WORDS, _SIGNED_WORDS = 90, 25, 12
_CREDIT_WORDS = (
    "foto",
    "photo",
    "doc",
    "ilustrasi",
    " dok/",
    " dok:",
    " dok.",
    "(dok",
    "/dok",
    "[dok",
    "(ist",
    "/ist",
    "/ ist",
    "| ist",
    "[ist",
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A paragraph without what was cut from its end: the kind of that, and its text. `flags` it sets."""

    text: str
    kind: str
    cut: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Codes:
    words: re.Pattern[str]
    adv: re.Pattern[str]
    agencies: re.Pattern[str]


@lru_cache(maxsize=1)
def _load_codes() -> _Codes:
    table = {key: value.replace("\n", "") for key, value in load_table()["code"].items()}
    return _Codes(
        re.compile(table["words"], re.IGNORECASE),
        re.compile(rf"\b(?:{table['adv']})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{table['agencies']})\b"),
    )


def cut_code(text: str) -> Cut | None:
    """Return an article's last paragraph without the code at its end: "(ADV)", "( Jon)", "//rat", "***"."""
    codes = _load_codes()
    rest = _STARS.sub("", text)
    found = BRACKET.search(rest)
    if found and (
        is_code(found.group(1), alone=_stands_alone(rest, found))
        or _INITIALS.fullmatch(found.group().strip())
    ):
        rest = rest[: found.start()]
    elif slashed := _SLASHED.search(rest):
        rest = rest[: slashed.start()]
    if rest == text:
        return None
    mark = text[len(rest) :].strip()
    adv = bool(codes.adv.search(mark))
    flags = {flag for flag, holds in (("adv", adv), ("syndicated", codes.agencies.search(mark))) if holds}
    return Cut(rest.rstrip(), "adv" if adv else "code", mark, frozenset(flags))


def is_code(inside: str, *, alone: bool) -> bool:
    """Tell a reporter's code from an abbreviation or an aside in brackets.

    `alone` when a sentence ended before the bracket, or the bracket is the whole line; else only well-known
    codes and names with a slash count: "Kepala Desa (Kades)" stays.
    """
    pieces = [piece for piece in re.split(r"[\s/&,.+-]+", inside) if piece]
    if not pieces or (_load_codes().words.fullmatch(pieces[0]) and len(pieces) <= 5):
        return True
    if alone and (_NUMBERED.fullmatch(inside) or _SITE.search(inside) or _LABELLED.fullmatch(inside)):
        return True
    if "/" in inside and all(_SHORT.fullmatch(piece) for piece in pieces):
        return True
    if len(pieces) > 4 or any(c.isdigit() for c in inside) or any(len(piece) > 15 for piece in pieces):
        return False
    lettered = all(re.fullmatch(r"[^\W\d_]+\**|\*+", piece) for piece in pieces)
    return lettered and (alone or "/" in inside or "*" in inside)


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].rstrip()
    return found.group().strip().startswith("[") or before.endswith(")") or ends_sentence(before)


def cut_credit(text: str, *, leading: bool, last: bool) -> Cut | None:
    """Return a paragraph without the photo credit at its end, or an empty one where all of it is a caption.

    `leading` when it stands at the head of the article, as captions do; elsewhere only the credit goes. `last`
    when it ends the article: names in brackets are the reporters' there.
    """
    if not last and "/" in text and text.count(" ") < _SIGNED_WORDS and _SIGNED_PICTURE.search(text):
        return Cut("", "caption", text)
    if not any(word in text[-_CREDIT_REACH:].lower() for word in _CREDIT_WORDS):
        return None
    found = _CREDIT.search(text, max(0, len(text) - _CREDIT_REACH))
    if found is None:
        return None
    before = text[: found.start()].rstrip()
    folded = fold(before)
    quiet = text.count(" ") < 45 and '"' not in folded and not load_chrome().speech.search(folded)
    labelled = bool(set(":/|") & set(found.group())) and text.count(" ") < _CAPTION_WORDS
    if not before or ((leading or labelled) and quiet):
        return Cut("", "caption", text)
    return Cut(before, "caption", text[found.start() :].strip()) if ends_sentence(before) else None


def cut_related(text: str, links: frozenset[str]) -> Cut | None:
    """Return a paragraph without the "Baca juga: …" that follows its last sentence.

    Where the page's links are known, only their texts go, and prose that follows them stays.
    """
    found = _INLINE.search(text) if "juga" in text.lower() or "pula" in text.lower() else None
    if found is None:
        return None
    value, start = found.group(2).rstrip(" )]"), found.start(1)
    linked = squash(value) in links or squash(found.group(1) + value) in links
    if linked or (is_headline(value) and not links):
        return Cut(text[:start].rstrip(" (["), "related", text[start:].strip())
    for end in range(len(value) - 1, 8, -1):
        if value[end] == " " and squash(value[:end]) in links:
            rest = f"{text[:start].rstrip()} {value[end:].lstrip()}"
            return Cut(rest, "related", text[start : found.start(2) + end].strip())
    return None
