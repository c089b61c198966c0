"""Lists of events as an address asks for them: filters, order, page; every value reaches SQL as a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pipeline.elections import find_stage
from pipeline.filters import ANY, Filters, check_filters, outlets_named
from pipeline.search import search_articles
from pipeline.shelf import SEARCH
from pipeline.tables import day
from pipeline.web.desk import View

PER_PAGE = 50
MAX_PAGE = 2_000
ORDERS = {
    "terbaru": "last_day DESC NULLS LAST, first_day DESC, event_id",
    "pertama": "first_day DESC NULLS LAST, event_id",
    "terlama": "first_day ASC NULLS LAST, event_id",
    "media": "outlets DESC, articles DESC, event_id",
    "artikel": "articles DESC, event_id",
    "tahap": "stage_rank DESC, last_day DESC, event_id",
}
STATES = ("diduga", "terbukti", "tidak terbukti", "dihentikan", "tidak diregistrasi")
_HITS = 20_000  # the newest articles with the words sought that a list looks at
_FEW = 100_000  # articles that a search is told to look among
_DAYS = ("sejak", "sampai")
# in which group of labels the values of a filter have their names
_GROUPS = {"jenis": "type", "bentuk": "bentuk", "tahap": "stage", "hasil": "outcome", "jabatan": "office"}
_LEVELS = {"kecamatan": 5, "desa": 8}  # how much of its code names the area above


class ListingError(ValueError):
    """A filter in the address is wrong; the message names it, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What an address asks for: the filters of every question, the words sought, the order and the page."""

    filters: Filters = ANY
    status: str | None = None
    q: str | None = None
    urut: str = "terbaru"
    hal: int = 1

    def address(self, path: str = "", **changes: Any) -> str:
        """Return the address of this list with some values changed; the page starts anew unless given."""
        values = {**self.chosen(), "urut": self.urut, "hal": 1, **changes}
        given = {k: v for k, v in values.items() if v not in (None, "", 1) and (k, v) != ("urut", "terbaru")}
        return f"{path}?{urlencode(given)}" if given else path or "?"

    def chosen(self) -> dict[str, str]:
        """Return the filters that restrict, by name."""
        own = {"status": self.status, "q": self.q}
        return {**self.filters.given(), **{name: value for name, value in own.items() if value}}


def chosen_names(view: View, listing: Listing) -> list[str]:
    """Return the filters that restrict as people read them: "Kabupaten Garut", "sejak 1 Oktober 2024"."""
    return [_filter_name(view, key, value) for key, value in listing.chosen().items()]


def _filter_name(view: View, key: str, value: str) -> str:
    if key in _GROUPS:
        return view.names(_GROUPS[key], [value])
    if key in _DAYS:
        return f"{key} {day(value)}"
    if key == "wilayah":
        return view.place_name(value)
    if key == "tahapan" and (stage := find_stage(value)):
        return f"{stage.name} {value.partition(' ')[2]}"
    return f"memuat “{value}”" if key == "q" else value


def parse_filters(query: Mapping[str, str], view: View) -> Filters:
    """Return the filters that an address asks for; raises ListingError or QuestionError for a wrong value.

    A form names an area level by level (wilayah, kecamatan, desa): a lower one counts inside the one above it alone.
    """
    names = [field.name for field in fields(Filters) if field.name not in _DAYS]
    values: dict[str, Any] = {name: _given(query, name) for name in names}
    for name, size in _LEVELS.items():
        code = _given(query, name)
        if code and values["wilayah"] == code[:size]:
            values["wilayah"] = code
    if values["media"] and len(meant := outlets_named(view.db, values["media"])) == 1:
        values["media"] = meant[0]
    values |= {name: _day(name, query.get(name)) for name in _DAYS}
    filters = Filters(**values)
    check_filters(view.db, filters)
    return filters


def _given(query: Mapping[str, str], name: str) -> str | None:
    return (query.get(name) or "").strip()[:200] or None


def parse_listing(query: Mapping[str, str], view: View) -> Listing:
    """Return the list that an address asks for; raises ListingError or QuestionError for a wrong value."""
    status, order = query.get("status") or None, query.get("urut") or "terbaru"
    if status is not None and status not in STATES:
        raise ListingError(f"status {status!r} tidak dikenal; pilih {', '.join(STATES)}")
    if order not in ORDERS:
        raise ListingError(f"urutan {order!r} tidak dikenal; pilih {', '.join(ORDERS)}")
    words = (query.get("q") or "").strip()[:200] or None
    return Listing(parse_filters(query, view), status, words, order, _page(query.get("hal")))


def list_events(
    view: View, kind: str, listing: Listing, *, most: int = PER_PAGE
) -> tuple[list[dict[str, Any]], int]:
    """Return one page of events of a kind (`kasus` or `pencegahan`) as rows, and how many there are in all.

    A page holds `most` events; with more than PER_PAGE the rows begin at the first.
    """
    keys, total = list_keys(view, kind, listing, most=most)
    return load_events(view, keys), total


def list_keys(view: View, kind: str, listing: Listing, *, most: int) -> tuple[list[str], int]:
    """Return the ids of what list_events gives, and how many there are in all."""
    where, values = _condition(view, kind, listing)
    total = view.row(f"SELECT count(*) AS n FROM events_where($f) WHERE {where}", values)  # noqa: S608
    skipped = (listing.hal - 1) * PER_PAGE if most == PER_PAGE else 0
    chosen = view.rows(
        f"SELECT event_id FROM events_where($f) WHERE {where} ORDER BY {ORDERS[listing.urut]}"  # noqa: S608
        f" LIMIT {most} OFFSET {skipped}",
        values,
    )
    return [row["event_id"] for row in chosen], int(total["n"]) if total else 0


def load_events(view: View, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return events in the order of their ids, with names for their ids, their first article's title and evidence.

    Each table is asked for the rows of these events alone: a join would read it whole.
    """
    found = {row["event_id"]: row for row in view.rows(_EVENTS, {"keys": list(keys)})}
    firsts = {"keys": [row["first_article"] for row in found.values()]}
    titles = {row["article_id"]: row["title"] for row in view.rows(_TITLES, firsts)}
    told = {
        (row["event_id"], row["article_id"]): row["case_id"]
        for row in view.rows(_TOLD, {"keys": list(found)})
    }
    proofs = {row["case_id"]: row["text"] for row in view.rows(_PROOFS, firsts)}
    for key, row in found.items():
        case = told.get((key, row["first_article"]))
        row |= {
            "place_name": view.place_name(row["place"]), "type_names": view.names("type", row["types"]),
            "stage_name": view.names("stage", [row["stage"]]) if row["stage"] else None,
            "title": titles.get(row["first_article"]), "evidence": proofs.get(case),
        }  # fmt: skip
    return [found[key] for key in keys if key in found]


def matching_events(view: View, kind: str, listing: Listing, among: Sequence[str]) -> set[str]:
    """Return which of some events are in a list."""
    where, values = _condition(view, kind, listing)
    values["among"] = list(among)
    rows = view.rows(
        f"SELECT event_id FROM events_where($f) WHERE {where} AND list_contains($among, event_id)",  # noqa: S608
        values,
    )
    return {row["event_id"] for row in rows}


def _condition(view: View, kind: str, listing: Listing) -> tuple[str, dict[str, Any]]:
    """Return the condition on events that a list makes, and the values of its parameters."""
    parts, values = ["kind = $kind"], {"kind": kind, "f": listing.filters.values()}
    if listing.status is not None:
        parts.append("split_part(status_of(decided, stage, outcomes), ' (', 1) = $status")
        values["status"] = listing.status
    if listing.q:
        among = _few_articles(view, " AND ".join(parts), values) if listing.filters != ANY else None
        values["hits"] = search_articles(view.path / SEARCH, listing.q, limit=_HITS, among=among) or [""]
        parts.append(
            "event_id IN (SELECT event_id FROM event_members WHERE article_id IN (SELECT unnest($hits)))"
        )
    return " AND ".join(parts), values


def _few_articles(view: View, where: str, values: dict[str, Any]) -> list[str] | None:
    """Return the articles of the events that the other filters leave, None where they are many."""
    sql = f"""
        SELECT DISTINCT article_id FROM event_members
        WHERE event_id IN (SELECT event_id FROM events_where($f) WHERE {where}) LIMIT {_FEW + 1}
    """  # noqa: S608
    found = [row["article_id"] for row in view.rows(sql, values)]
    return found if len(found) <= _FEW else None


_EVENTS = """
SELECT *, status_of(decided, stage, outcomes) AS status FROM events WHERE event_id IN (SELECT unnest($keys))
"""
_TITLES = """
SELECT article_id, title FROM articles
WHERE rowid IN (SELECT rowid FROM articles WHERE article_id IN (SELECT unnest($keys)))
"""
_TOLD = """
SELECT event_id, article_id, min(case_id) AS case_id FROM event_members
WHERE event_id IN (SELECT unnest($keys)) GROUP BY ALL
"""
_PROOFS = """
SELECT case_id, min_by(text, n) AS text FROM evidence
WHERE rowid IN (SELECT rowid FROM evidence WHERE article_id IN (SELECT unnest($keys))) GROUP BY case_id
"""


def _day(name: str, value: str | None) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ListingError(
            f"{name} {value!r}: tulis tanggal sebagai TTTT-BB-HH, misalnya 2024-11-27"
        ) from None


def _page(value: str | None) -> int:
    if not value:
        return 1
    number = plain_number(value, MAX_PAGE)
    if number is None:
        raise ListingError(f"halaman {value!r}: beri bilangan 1 sampai {MAX_PAGE}")
    return number


def plain_number(text: str, most: int) -> int | None:
    """Return a number from 1 to `most` (below a thousand million) in plain digits; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if plain and 1 <= int(text) <= most else None
