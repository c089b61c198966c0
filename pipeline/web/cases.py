"""One event as its page shows it: articles in their order, what each says, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.tables import day
from pipeline.web.desk import View
from pipeline.web.listing import load_events
from pipeline.web.words import event_title, number, office

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of a matter on which articles differ, as text, and the outlets that give it."""

    value: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An event with its articles (oldest first), the cases read in them, and the matters on which they differ."""

    event: Row
    members: list[Row]
    cases: list[Row]
    conflicts: dict[str, list[Claim]]


def load_story(view: View, key: str) -> Story | None:
    """Return an event with what its articles say, or None where the snapshot has none of this id."""
    events = load_events(view, [key])
    if not events:
        return None
    told = {row["article_id"]: row for row in view.rows(_MEMBERS, [key])}
    keys = {"keys": list(told)}
    cases = {row["case_id"]: row for row in view.rows(_CASES, keys)}
    proofs = {row["case_id"]: row["text"] for row in view.rows(_PROOFS, keys)}
    members = []
    for article in view.rows(_ARTICLES, keys):
        member = told[article["article_id"]]
        case = cases.get(member["case_id"])
        members.append(article | member | {
            "stage": case and case["stage"], "stage_name": case and view.names("stage", [case["stage"]]),
            "evidence": proofs.get(member["case_id"]), "case": case,
        })  # fmt: skip
    for member in members:
        if member["case"]:
            member["case"] |= {
                "type_names": view.names("type", member["case"]["types"]),
                "place_name": view.place_name(member["case"]["place"]), "stage_name": member["stage_name"],
                "outcome_names": view.outcomes(member["case"]["outcomes"]),
                "jabatan": list(filter(office, member["case"]["jabatan"])),
                "outlet": member["outlet"], "title": member["title"], "article_id": member["article_id"],
            }  # fmt: skip
    details = [member["case"] for member in members if member["case"]]
    return Story(events[0], members, details, find_conflicts(view, members))


def told_events(view: View, article: str) -> list[Row]:
    """Return the events that an article tells, its own before those in passing: event_id, part, kind, title."""
    rows = view.rows(_TOLD, [article])
    for row in rows:
        when = day(row["event_date"]) if row["event_date"] else None
        place = view.place_name(row["place"])
        row["title"] = event_title(row["kind"], view.names("type", row["types"]), place, when)
    return rows


def find_conflicts(view: View, members: Iterable[Row]) -> dict[str, list[Claim]]:
    """Return by matter the values that articles of one event give, for the matters on which outlets differ.

    Articles that mention the event in passing do not count; the value that most outlets give comes first. Who says
    less exactly when or where it was (a month, a regency) does not differ from who says it exactly, nor who states
    one figure from who states it among others.
    """
    own = {member["article_id"]: member for member in members if member["part"] == "utama"}
    stats = view.rows(_STATS, {"keys": [key for key, member in own.items() if member["is_primary"]]})
    claims: dict[str, dict[str, set[str]]] = {}
    figures: dict[str, dict[str, set[str]]] = {}
    nested: dict[str, set[str]] = {}
    for member in own.values():
        for matter, value, exact in _stated(view, member):
            claims.setdefault(matter, {}).setdefault(value, set()).add(member["outlet"] or "–")
            if exact:
                nested.setdefault(matter, set()).add(exact)
    for stat in stats:
        area = f" ({view.place_name(stat['area']) or stat['area']})" if stat["area"] else ""
        value = ("±" if stat["approx"] else "") + number(stat["value"], 0 if stat["value"] % 1 == 0 else 2)
        outlet = own[stat["article_id"]]["outlet"] or "–"
        words = " ".join(filter(None, (stat["unit"], stat["measure"])))
        figures.setdefault(f"jumlah {words}{area}", {}).setdefault(value, set()).add(outlet)
    claims |= {matter: values for matter, values in figures.items() if _rival(values)}
    return {
        matter: sorted(
            (Claim(value, tuple(sorted(outlets))) for value, outlets in values.items()),
            key=lambda claim: (-len(claim.outlets), claim.value),
        )
        for matter, values in claims.items()
        if len(values) > 1 and len(set().union(*values.values())) > 1 and _apart(nested.get(matter))
    }


def _apart(values: Iterable[str] | None) -> bool:
    """Tell whether two of these days or places exclude each other, and are not one inside the other."""
    return values is None or any(not (a.startswith(b) or b.startswith(a)) for a, b in combinations(values, 2))


def _rival(values: Mapping[str, set[str]]) -> bool:
    """Tell whether each of two outlets states a figure that the other does not."""
    stated: dict[str, set[str]] = {}
    for value, outlets in values.items():
        for outlet in outlets:
            stated.setdefault(outlet, set()).add(value)
    return any(a - b and b - a for a, b in combinations(stated.values(), 2))


def _stated(view: View, member: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what an article states of the event as (matter, value in words, ISO day or code of a place)."""
    case = member["case"] or {}
    when, where = case.get("event_date") or member["event_date"], case.get("place") or member["event_place"]
    if when:
        yield "tanggal kejadian", day(when), when
    if where:
        yield "tempat kejadian", view.place_name(where) or where, where
    for name, label in (("reg_no", "nomor register"), ("sanction", "sanksi")):
        if case.get(name):
            yield label, case[name], ""
    for outcome in case.get("outcomes") or ():
        track, _, value = outcome.partition("=")
        if value != "belum":
            yield f"hasil {view.names('track', [track])}", view.names("outcome", [value]), ""


_MEMBERS = """
SELECT article_id, case_id, part, is_primary, score, reasons FROM event_members WHERE event_id = ?
"""
_TOLD = """
SELECT event_id, m.part, kind, types, place, event_date FROM event_members m JOIN events USING (event_id)
WHERE article_id = ? ORDER BY m.part DESC, kind, event_id
"""
_ARTICLES = """
SELECT article_id, title, url, coalesce(outlet, source) AS outlet, published, utc_offset, first_seen, page_url,
    page_sha256, fetched_at, warc, event_date, event_place, why, model_version
FROM articles WHERE rowid IN (SELECT rowid FROM articles WHERE article_id IN (SELECT unnest($keys)))
ORDER BY published NULLS LAST, first_seen, article_id
"""
_CASES = """
SELECT * FROM cases WHERE rowid IN (SELECT rowid FROM cases WHERE article_id IN (SELECT unnest($keys)))
"""
_PROOFS = """
SELECT case_id, min_by(text, n) AS text FROM evidence
WHERE rowid IN (SELECT rowid FROM evidence WHERE article_id IN (SELECT unnest($keys))) GROUP BY case_id
"""
_STATS = """
SELECT * FROM stats WHERE rowid IN (SELECT rowid FROM stats WHERE article_id IN (SELECT unnest($keys)))
"""
