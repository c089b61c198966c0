"""The prefix of an article's first sentence: outlet, place and dash ("KabarDesa.example, SUKABUMI – …")."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.chrome import Chrome
from pipeline.wording import squash

MAX_PREFIX = 90

_DASH = re.compile(
    r"\s*[.,]?\s*(?:[–—―]+|--+)\s*|\s*[.,\s]\s*-\s*(?=\S)|(?<=[\w\])])-\s+|\s*\|\s*|\s*:\s+(?=[A-Z\"“])"
)
_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|co\.id|id|or\.id|go\.id|web\.id|my\.id|ac\.id|net"
    r"|org|tv|news|info|co|online|media|press|today|asia|xyz|site|example|test)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\(?\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}\)?|\(?\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\)?"
)
_PIECES = re.compile(r"[,|()\[\]/–—]|\s-\s")
_CODE = re.compile(r"[A-Z]{2,4}")
_START = re.compile(r"[A-Z\d\"“”'‘’(«]")


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stood before the first sentence: `raw` as printed, the place, and the outlet's domain or name."""

    raw: str
    place: str | None
    outlet: str | None


def split_prefix(text: str, outlets: frozenset[str], *, chrome: Chrome) -> tuple[Prefix | None, str]:
    """Return the outlet or dateline prefix of a first paragraph, if any, and the paragraph without it.

    `outlets` are squashed names of the outlet. A place without an outlet beside it must be written in
    capitals or be a region of Indonesia: "Bawaslu – lembaga itu …" keeps all its words.
    """
    for dash in _DASH.finditer(text, 0, MAX_PREFIX):
        head, body = text[: dash.start()], text[dash.end() :]
        if not head or not _START.match(body):
            continue
        prefix = _read_head(head.strip(), text[: dash.end()], outlets, dash.group().strip(), chrome)
        if prefix is not None:
            deeper, rest = (
                split_prefix(body, outlets, chrome=chrome) if prefix.place is None else (None, body)
            )
            if deeper is not None and deeper.place is not None:
                return Prefix(prefix.raw + deeper.raw, deeper.place, prefix.outlet or deeper.outlet), rest
            return prefix, body
    return None, text


def outlet_alone(text: str, outlets: frozenset[str]) -> str | None:
    """Return the outlet that a line names and nothing else, or None."""
    stripped = text.strip(" -–—:|()[]")
    found = _DOMAIN.fullmatch(stripped)
    if found:
        return _bare_domain(stripped)
    return stripped if squash(stripped) in outlets and len(stripped) < 60 else None


def _read_head(head: str, raw: str, outlets: frozenset[str], dash: str, chrome: Chrome) -> Prefix | None:
    """Return what a text before a dash says, or None where it is the beginning of a sentence."""
    rest = _DATE.sub(",", head)
    outlet, found = None, _DOMAIN.search(rest)
    if found:
        outlet = _bare_domain(found.group())
        rest = f"{rest[: found.start()]} , {rest[found.end() :]}"
    pieces = [piece.strip(" .:") for piece in _PIECES.split(rest) if piece.strip(" .:")]
    named = next((piece for piece in pieces if squash(piece) in outlets), None)
    if named:
        outlet = outlet or named
        pieces.remove(named)
    elif pieces and (opening := _opening_outlet(pieces[0], outlets)):
        outlet, pieces[0] = opening, pieces[0][len(opening) :].strip()
    if not pieces:
        # an outlet that is called like its town: what stands before the dash is the town
        own_town = named if named and is_region(named, chrome) else None
        return Prefix(raw, own_town, None if own_town else outlet) if outlet else None
    place, *others = pieces
    if others and _CODE.fullmatch(others[-1]):
        outlet = outlet or others.pop()
    sure = is_region(place, chrome)
    beside = outlet is not None and dash != ":"
    if not sure and (dash == ":" or not _may_be_place(place, beside_outlet=beside, chrome=chrome)):
        return None
    if any(len(other.split()) > 3 or _not_place(other, chrome) for other in others):
        return None
    parts = others if sure and not all(is_region(other, chrome) for other in others) else []
    return Prefix(raw, ", ".join(piece for piece in pieces if piece not in parts and piece != outlet), outlet)


def _opening_outlet(piece: str, outlets: frozenset[str]) -> str | None:
    """Return the outlet's name where a piece opens with it and a place follows: "KabarDesa SUKABUMI"."""
    words = piece.split()
    for size in range(len(words) - 1, 0, -1):
        if squash(" ".join(words[:size])) in outlets:
            return " ".join(words[:size])
    return None


def _not_place(text: str, chrome: Chrome) -> bool:
    words = [word.strip(".'").upper() for word in text.split()]
    return any(word in chrome.not_places for word in words) or any(c.isdigit() for c in text)


def _may_be_place(place: str, *, beside_outlet: bool, chrome: Chrome) -> bool:
    words = place.split()
    names = [word for word in words if word.strip(".").lower() not in chrome.levels]
    if not names or _not_place(place, chrome) or not all(word[0].isupper() for word in names):
        return False
    if all(word.isupper() for word in names):
        return len(words) <= 6 and max(map(len, names)) >= 3
    return beside_outlet and len(words) <= 4


def is_region(place: str, chrome: Chrome) -> bool:
    """Tell whether a piece, level words aside, is the name of a region or of a town that is none."""
    names = [word for word in place.split() if word.strip(".").lower() not in chrome.levels]
    if not 1 <= len(names) <= 5 or not names[0][0].isupper() or _not_place(place, chrome):
        return False
    name = squash(" ".join(names))
    return name in chrome.towns or name in _regions()


def _bare_domain(text: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.lower())


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    """Return the squashed names of every province, regency, city and kecamatan, without their level words."""
    # importing lokal compiles hundreds of patterns; only its table is wanted here
    spec = find_spec("lokal")
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    packed = Path(spec.submodule_search_locations[0]) / "data" / "wilayah.json.gz"
    names: dict[str, str] = json.loads(gzip.decompress(packed.read_bytes()))
    level = re.compile(
        r"^(?:kabupaten|kota administrasi|kota|kab\.|provinsi|kecamatan|distrik) ", re.IGNORECASE
    )
    return frozenset(squash(level.sub("", name)) for name in names.values())
