"""Choose the unit that each place of a text means, from its own words, its neighbours and its outlet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.region_context import Context, Slot
from nlp.region_cues import Cue, CueWords
from nlp.region_names import RegionNames, kind_of, name_key
from nlp.region_variants import find_variant
from nlp.text import fold

_TIE = 0.25
_MOST_CODES = 4
_SURE, _VARIANT, _TOWN = 0.9, 0.6, 0.5
_CITY_AFTER = re.compile(r"\s+kota\b")


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place to link; `host` is the office or institution that holds it ("Camat Adiluwih"), if any."""

    start: int
    end: int
    host: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """The units a place may mean (one where it is certain), how that was found, and how sure it is.

    `level` is provinsi, kabupaten, kota, kecamatan or desa; `method` is level_word, institution, same_name,
    parent, home, name, variant, town or none; `confidence` runs from 0 to 1. `within` is the unit that
    holds a place without a code of its own (a town, an unlisted village).
    """

    codes: tuple[str, ...]
    level: str | None
    method: str
    confidence: float
    within: str | None = None


_NONE = PlaceLink((), None, "none", 0.0)


def link_places(
    names: RegionNames, cues: CueWords, text: str, spans: Sequence[PlaceSpan], home: str | None
) -> tuple[PlaceLink, ...]:
    """Return one link for each span (see Gazetteer.link)."""
    folded = fold(text)
    slots = [_slot(names, cues, folded, span) for span in spans]
    context = Context(folded, slots, home)
    links = [_choose(names, context, position) for position in range(len(slots))]
    codes = [link.codes[0] for link in links if len(link.codes) == 1]
    regencies = {code[:5] for code in codes if len(code) >= 5}
    only = regencies.pop() if len(regencies) == 1 else None
    return tuple(_located(context, links, position, only) for position in range(len(slots)))


def _slot(names: RegionNames, cues: CueWords, folded: str, span: PlaceSpan) -> Slot:
    written = folded[span.start : span.end]
    whole = name_key(written)
    own, offset = cues.own(written)
    left = cues.before(folded, span.start) or cues.inside(span.host)
    if own is not None:
        key = name_key(written[offset:])
        codes = _candidates(names, key, own)
        if codes or not _candidates(names, whole, left):
            return Slot(span.start, span.end, key, own, True, codes)
        # else the level word is part of the name: "Kota Agung", "Kampung Baru"
    if whole in names.no_unit:
        codes = ()
    elif cues.venue(written) and (left is None or "desa" not in left.kinds):
        codes = names.units(whole)  # "Teluk Dalam" is a kecamatan, "Pasar Gede" no village
    else:
        codes = _candidates(names, whole, left) or _extended(names, written)
    if left is not None and _CITY_AFTER.match(folded, span.end):  # "Polres Kediri Kota"
        codes = tuple(code for code in codes if kind_of(code) == "kota") or codes
    return Slot(span.start, span.end, whole, left, False, codes)


def _candidates(names: RegionNames, key: str, cue: Cue | None) -> tuple[str, ...]:
    if not key:
        return ()
    if cue is not None and cue.kinds == {"desa"}:
        return names.villages_named(key)
    found = names.units(key)
    if cue is not None and "kecamatan" in cue.kinds and not found:
        # "Camat Ternate Selatan": papers leave out the "Kota" of the register's "Kota Ternate Selatan"
        found = tuple(code for code in names.units(f"kota{key}") if kind_of(code) == "kecamatan")
    if cue is not None and cue.only:
        return tuple(code for code in found if kind_of(code) in cue.kinds)
    town = names.towns.get(key)
    if town:
        return found if town in found else (*found, town)
    return found + names.villages_named(key) if cue is None or "desa" in cue.kinds else found


def _extended(names: RegionNames, written: str) -> tuple[str, ...]:
    """Return the units of "Cirebon Kota" (the city, or the district of the centre) and "Pulau Palue"."""
    if written.endswith(" kota"):
        found = names.units(name_key(written.removesuffix(" kota")))
        cities = tuple(code for code in found if kind_of(code) == "kota")
        return cities or tuple(code for code in found if kind_of(code) == "kecamatan")
    if written.startswith("pulau "):
        found = names.units(name_key(written.removeprefix("pulau ")))
        return tuple(code for code in found if kind_of(code) == "kecamatan")
    return ()


def _choose(names: RegionNames, context: Context, position: int) -> PlaceLink:
    slot = context.slots[position]
    codes = _possible(names, context, position)
    if not codes:
        return _by_variant(names, context, slot) or _rare_village(context, slot) or _NONE
    same_name = context.same_name(slot)
    city = slot.key in names.bare_cities and (slot.cue is None or "kota" in slot.cue.kinds)
    ranked = sorted(
        ((context.score(position, code, same_name, city=city), code) for code in codes), reverse=True
    )
    best = [code for score, code in ranked if score >= ranked[0][0] - _TIE]
    if len(best) > _MOST_CODES or (len(best) > 1 and context.speaks_of_others(slot.key, best)):
        return _by_variant(names, context, slot) or _NONE
    code = best[0]
    if names.towns.get(slot.key) == code and len(code) == 5:
        return PlaceLink((), None, "town", _TOWN, within=code)
    method = _method(context, position, code, same_name)
    sure = _VARIANT if context.speaks_of_others(slot.key, best) else _SURE
    return PlaceLink(tuple(best), kind_of(code), method, sure / len(best))


def _possible(names: RegionNames, context: Context, position: int) -> list[str]:
    slot = context.slots[position]
    codes = [code for code in slot.codes if context.allows(slot, position, code)]
    if slot.cue is None and slot.key in names.common_words:
        codes = [code for code in codes if context.is_supported(slot.key, code)]
    if slot.cue is None and not context.same_name(slot) and sum(len(code) > 8 for code in slot.codes) > 1:
        # a district far away is not meant where many villages bear the name
        codes = [code for code in codes if len(code) <= 5 or context.allows_district(slot, position, code)]
    if not slot.own and slot.key in context.unlisted:
        codes = [code for code in codes if len(code) <= 5]
    return codes


def _by_variant(names: RegionNames, context: Context, slot: Slot) -> PlaceLink | None:
    """Return the unit of almost the same spelling in a region that the text names, if there is just one."""
    kinds = slot.cue.kinds if slot.cue is not None else frozenset()
    for kind in ("kecamatan", "desa"):
        if kinds == {kind} and (code := _variant(names, context, slot, kind)):
            return PlaceLink((code,), kind, "variant", _VARIANT)
    return None


def _variant(names: RegionNames, context: Context, slot: Slot, kind: str) -> str | None:
    # a long page repeats its places, and the search looks at every unit of its regions
    if (slot.key, kind) not in context.variants:
        context.variants[slot.key, kind] = find_variant(names, context.written(slot), kind, context.mass)
    return context.variants[slot.key, kind]


def _rare_village(context: Context, slot: Slot) -> PlaceLink | None:
    """Return the villages of a name that few bear, in a text that names no regency at all."""
    if slot.cue is None or "desa" not in slot.cue.kinds or not 0 < len(slot.codes) <= _MOST_CODES:
        return None
    if context.speaks_of_others(slot.key, slot.codes):
        return None
    return PlaceLink(slot.codes, "desa", "name", _TOWN / len(slot.codes))


def _method(context: Context, position: int, code: str, same_name: Sequence[str]) -> str:
    slot = context.slots[position]
    if slot.own:
        return "level_word"
    if slot.cue is not None and kind_of(code) in slot.cue.kinds:
        return "institution"
    if code in same_name:
        return "same_name"
    if context.is_chained(position, code) or context.is_supported(slot.key, code):
        return "parent"
    return "home" if context.home and code.startswith(context.home) else "name"


def _located(context: Context, links: Sequence[PlaceLink], position: int, only: str | None) -> PlaceLink:
    """Return the link; a place without a code lies in the next place, else in the text's `only` regency."""
    link, following = links[position], context.after[position]
    if link.codes or link.within or context.slots[position].cue is None:
        return link
    if following is not None and len(links[following].codes) == 1:
        return replace(link, within=links[following].codes[0])
    return replace(link, within=only)
