"""Places of a text: their mentions with codes, and the function that each has in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.records import EventRef, Mention
from nlp.regions import Gazetteer, PlaceLink, PlaceSpan
from nlp.roles import load_roles
from nlp.scene import Scene, certain_code, is_origin
from nlp.text import fold

_AMBIGUOUS = "ambiguous"
_REST = re.compile(r"(?: [A-Z][a-z'\u2019]+){1,2}")


def find_place_mentions(
    text: str, mentions: Sequence[Mention], gazetteer: Gazetteer, home: str | None
) -> list[Mention]:
    """Return the place mentions of a text with their codes: those given, those missed, those inside offices.

    `mentions` come from the recogniser; `home` is the region code of the outlet.
    """
    hosts = [m for m in mentions if m.label in ("role", "org")]
    spans = {part for m in mentions if m.label == "loc" for part in _parts(m, gazetteer)}
    for host in hosts:
        inside = any(host.start <= a and b <= host.end for a, b in spans)
        if not inside and (nested := gazetteer.nested(text, host.start, host.end)):
            spans.add(nested)
    spans = {_whole(text, a, b, hosts, mentions) for a, b in spans}
    taken = [*spans, *((m.start, m.end) for m in mentions if m.label in ("per", "date", "law"))]
    spans |= set(gazetteer.find(text, taken, [(h.start, h.end) for h in hosts]))
    ordered = sorted(spans)
    asked = [PlaceSpan(a, b, _host(text, hosts, a, b)) for a, b in ordered]
    links = gazetteer.link(text, asked, home)
    return [_mention(text, a, b, link) for (a, b), link in zip(ordered, links, strict=True)]


def _parts(mention: Mention, gazetteer: Gazetteer) -> list[tuple[int, int]]:
    """Return a place's span, parted where another runs into it: "aula PGRI | Kecamatan X", "Desa X | Kecamatan Y"."""
    inner = gazetteer.find(mention.text)
    if not inner or inner[0] == (0, len(mention.text)):
        return [(mention.start, mention.end)]
    venue = mention.text[: inner[0][0]].rstrip(" ,")
    parts = [(mention.start + a, mention.start + b) for a, b in inner]
    if not venue:
        return parts if len(parts) > 1 else [(mention.start, mention.end)]
    # a lone "aula" or "balai" is no place by itself
    return [(mention.start, mention.start + len(venue)), *parts] if " " in venue else parts


def _whole(
    text: str, start: int, end: int, hosts: Sequence[Mention], mentions: Sequence[Mention]
) -> tuple[int, int]:
    """Return a place inside an office with the capitals that end the office's name: "Polres Cirebon | Kota".

    A village "Sungai Danau Indah" is not the "Sungai Danau" that the register knows.
    """
    host = next((h for h in hosts if h.start <= start and end < h.end), None)
    rest = _REST.fullmatch(text, end, host.end) if host else None
    if host is None or rest is None:
        return start, end
    words = set(fold(rest.group()).split())
    names = {word for m in mentions if m.label == "per" for word in fold(m.text).split()}
    return (start, end) if words & (names | set(load_roles().file.reading.divisions)) else (start, host.end)


def _host(text: str, hosts: Sequence[Mention], start: int, end: int) -> str | None:
    host = next((h for h in hosts if h.start <= start and end <= h.end), None)
    return text[host.start : host.end] if host else None


def _mention(text: str, start: int, end: int, link: PlaceLink) -> Mention:
    return Mention(
        label="loc",
        start=start,
        end=end,
        text=text[start:end],
        code=link.codes[0] if link.codes else None,
        codes=link.codes,
        method=link.method,
        conflict=_AMBIGUOUS if len(link.codes) > 1 else None,
    )


def place_functions(scene: Scene, event: EventRef) -> list[Mention]:
    """Return the scene's mentions with the function of each place.

    `institution` stands inside an office or organisation, `dateline` opens the article, `event` names where
    the event took place (or what holds it, in the same sentence), `origin` says where somebody comes from;
    every other coded place is a `comparison`.
    """
    venue = [
        m
        for m in scene.mentions
        if m.label == "loc" and event.place and certain_code(m) == event.place and _free(scene, m)
    ]
    there = {scene.sentence_of(m) for m in venue}
    return [
        replace(m, function=_function(scene, m, event, there)) if m.label == "loc" else m
        for m in scene.mentions
    ]


def _free(scene: Scene, mention: Mention) -> bool:
    return scene.host_of(mention) is None and not scene.is_dateline(mention)


def _function(scene: Scene, mention: Mention, event: EventRef, there: set[int]) -> str | None:
    if scene.host_of(mention) is not None:
        return "institution"
    if scene.is_dateline(mention):
        return "dateline"
    near = scene.sentence_of(mention) in there
    code = certain_code(mention)
    if code and event.place:
        if code == event.place or (near and event.place.startswith(f"{code}.")):
            return "event"
    elif near and not mention.code:
        return "event"  # a venue without a code: "aula PGRI"
    if is_origin(scene, mention):
        return "origin"
    return "comparison" if mention.code else None
