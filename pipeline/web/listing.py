"""Lists of events as an address asks for them: filters, order, page; every value reaches SQL as a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pipeline.query import Filters, check_filters
from pipeline.search import search_articles
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
STATES = ("diduga", "terbukti")
_HITS = 5_000  # articles that a word search hands on to the other filters


class ListingError(ValueError):
    """A filter in the address is wrong; the message names it, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What an address asks for. None does not restrict; `hal` counts from 1."""

    wilayah: str | None = None
    jenis: str | None = None
    bentuk: str | None = None
    tahap: str | None = None
    status: str | None = None
    jabatan: str | None = None
    media: str | None = None
    pemilu: str | None = None
    sejak: date | None = None
    sampai: date | None = None
    q: str | None = None
    urut: str = "terbaru"
    hal: int = 1

    def address(self, path: str = "", **changes: Any) -> str:
        """Return the address of this list with some values changed; the page starts anew unless given."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | {"hal": 1} | changes
        given = {k: v for k, v in values.items() if v not in (None, "", 1) and (k, v) != ("urut", "terbaru")}
        return f"{path}?{urlencode(given)}" if given else path or "?"

    @property
    def filters(self) -> Filters:
        """Return the part that the named questions take."""
        return Filters(wilayah=self.wilayah, sejak=self.sejak, sampai=self.sampai, jenis=self.jenis)

    def chosen(self) -> dict[str, Any]:
        """Return the filters that restrict, by name."""
        names = [f.name for f in fields(self) if f.name not in ("urut", "hal")]
        return {name: getattr(self, name) for name in names if getattr(self, name) not in (None, "")}


def parse_listing(query: Mapping[str, str], view: View) -> Listing:
    """Return the list that an address asks for; raises ListingError or QuestionError for a wrong value."""
    status, order = query.get("status") or None, query.get("urut") or "terbaru"
    if status is not None and status not in STATES:
        raise ListingError(f"status {status!r} tidak dikenal; pilih {' atau '.join(STATES)}")
    if order not in ORDERS:
        raise ListingError(f"urutan {order!r} tidak dikenal; pilih {', '.join(ORDERS)}")

    def plain(name: str) -> str | None:
        return (query.get(name) or "").strip()[:200] or None

    listing = Listing(
        wilayah=plain("wilayah"), jenis=plain("jenis"), bentuk=plain("bentuk"), tahap=plain("tahap"),
        status=status, jabatan=plain("jabatan"), media=plain("media"), pemilu=plain("pemilu"),
        sejak=_day("sejak", query.get("sejak")), sampai=_day("sampai", query.get("sampai")), q=plain("q"),
        urut=order, hal=_page(query.get("hal")),
    )  # fmt: skip
    check_filters(view.db, listing.filters)
    return listing


def list_events(view: View, kind: str, listing: Listing) -> tuple[list[dict[str, Any]], int]:
    """Return one page of events of a kind (`kasus` or `pencegahan`) as rows, and how many there are in all."""
    where, values = _conditions(view, kind, listing)
    total = view.row(f"SELECT count(*) AS n FROM events WHERE {where}", values)  # noqa: S608
    rows = view.rows(
        f"""
        SELECT e.*, a.title, place_name(e.place) AS place_name, type_names(e.types) AS type_names,
            label_of('stage', e.stage) AS stage_name,
            (SELECT x.text FROM event_members m JOIN evidence x ON x.case_id = m.case_id
             WHERE m.event_id = e.event_id AND m.article_id = e.first_article ORDER BY x.n LIMIT 1) AS evidence
        FROM (SELECT * FROM events WHERE {where} ORDER BY {ORDERS[listing.urut]}
              LIMIT {PER_PAGE} OFFSET {(listing.hal - 1) * PER_PAGE}) e
        LEFT JOIN articles a ON a.article_id = e.first_article
        ORDER BY {ORDERS[listing.urut]}
        """,  # noqa: S608
        values,
    )
    return rows, int(total["n"]) if total else 0


def _conditions(view: View, kind: str, listing: Listing) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition on `events` and its values; only fixed pieces of SQL are put together."""
    parts, values = ["kind = $kind"], {"kind": kind}

    def add(condition: str, name: str, value: Any) -> None:
        if value not in (None, ""):
            parts.append(condition)
            values[name] = value

    add("(place = $area OR starts_with(place, $area || '.'))", "area", listing.wilayah)
    add(
        "len(list_filter(types, lambda t: t = $type OR starts_with(t, $type || '.'))) > 0",
        "type",
        listing.jenis,
    )
    add("list_contains(bentuk, $bentuk)", "bentuk", listing.bentuk)
    add("stage = $stage", "stage", listing.tahap)
    add("len(list_filter(categories, lambda c: c = $office OR starts_with(c, $office || '.'))) > 0",
        "office", listing.jabatan)  # fmt: skip
    add("event_id IN (SELECT event_id FROM event_outlets WHERE outlet = $outlet)", "outlet", listing.media)
    add("first_article IN (SELECT article_id FROM articles WHERE election = $election)", "election",
        listing.pemilu)  # fmt: skip
    add("first_day >= $first", "first", listing.sejak)
    add("first_day <= $last", "last", listing.sampai)
    if listing.status is not None:
        parts.append("decided" if listing.status == "terbukti" else "NOT decided")
    if listing.q:
        hits = search_articles(view.path / "search.sqlite", listing.q, limit=_HITS)
        add("event_id IN (SELECT event_id FROM event_members WHERE list_contains($hits, article_id))", "hits",
            hits or [""])  # fmt: skip
    return " AND ".join(parts), values


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
