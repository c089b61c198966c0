"""Lists of events as an address asks for them: filters, order, page; every value reaches SQL as a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pipeline.filters import ANY, Filters, check_filters
from pipeline.search import search_articles
from pipeline.shelf import SEARCH
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
_HITS = 5_000  # articles that a word search hands on to the other filters
_DAYS = ("sejak", "sampai")


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


def parse_filters(query: Mapping[str, str], view: View) -> Filters:
    """Return the filters that an address asks for; raises ListingError or QuestionError for a wrong value."""
    names = [field.name for field in fields(Filters) if field.name not in _DAYS]
    values: dict[str, Any] = {name: (query.get(name) or "").strip()[:200] or None for name in names}
    values |= {name: _day(name, query.get(name)) for name in _DAYS}
    filters = Filters(**values)
    check_filters(view.db, filters)
    return filters


def parse_listing(query: Mapping[str, str], view: View) -> Listing:
    """Return the list that an address asks for; raises ListingError or QuestionError for a wrong value."""
    status, order = query.get("status") or None, query.get("urut") or "terbaru"
    if status is not None and status not in STATES:
        raise ListingError(f"status {status!r} tidak dikenal; pilih {', '.join(STATES)}")
    if order not in ORDERS:
        raise ListingError(f"urutan {order!r} tidak dikenal; pilih {', '.join(ORDERS)}")
    words = (query.get("q") or "").strip()[:200] or None
    return Listing(parse_filters(query, view), status, words, order, _page(query.get("hal")))


def list_events(view: View, kind: str, listing: Listing) -> tuple[list[dict[str, Any]], int]:
    """Return one page of events of a kind (`kasus` or `pencegahan`) as rows, and how many there are in all."""
    parts, values = ["kind = $kind"], {"kind": kind, "f": listing.filters.values()}
    if listing.status is not None:
        parts.append("split_part(status_of(decided, stage, outcomes), ' (', 1) = $status")
        values["status"] = listing.status
    if listing.q:
        values["hits"] = search_articles(view.path / SEARCH, listing.q, limit=_HITS) or [""]
        parts.append(
            "event_id IN (SELECT event_id FROM event_members WHERE list_contains($hits, article_id))"
        )
    where, order = " AND ".join(parts), ORDERS[listing.urut]
    total = view.row(f"SELECT count(*) AS n FROM events_where($f) WHERE {where}", values)  # noqa: S608
    rows = view.rows(
        f"""
        SELECT e.*, a.title, place_name(e.place) AS place_name, type_names(e.types) AS type_names,
            label_of('stage', e.stage) AS stage_name, status_of(e.decided, e.stage, e.outcomes) AS status,
            (SELECT x.text FROM event_members m JOIN evidence x ON x.case_id = m.case_id
             WHERE m.event_id = e.event_id AND m.article_id = e.first_article ORDER BY x.n LIMIT 1) AS evidence
        FROM (SELECT * FROM events_where($f) WHERE {where} ORDER BY {order}
              LIMIT {PER_PAGE} OFFSET {(listing.hal - 1) * PER_PAGE}) e
        LEFT JOIN articles a ON a.article_id = e.first_article
        ORDER BY {order}
        """,  # noqa: S608
        values,
    )
    return rows, int(total["n"]) if total else 0


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
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MAX_PAGE:
        raise ListingError(f"halaman {value!r}: beri bilangan 1 sampai {MAX_PAGE}")
    return int(value)
