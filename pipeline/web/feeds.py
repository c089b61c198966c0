"""A list with its filters as Atom, JSON or a file: for programs, spreadsheets and feed readers. Always masked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pipeline.chunks import chunks
from pipeline.export import INVENTED, describe_answer, write_export
from pipeline.query import totals_of
from pipeline.shelf import current_snapshot
from pipeline.tables import day, legible
from pipeline.web.access import address_of
from pipeline.web.answers import MOST
from pipeline.web.desk import Desk, View
from pipeline.web.listing import Listing, chosen_names, list_events, list_keys, load_events, parse_listing
from pipeline.web.render import session_of
from pipeline.web.saved import Saved

LISTS = {"kasus": "Dugaan kasus", "pencegahan": "Kegiatan pencegahan"}
FED = ("atom", "json")
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/octet-stream",
}
ENTRIES = 100  # of a feed
_CHUNK = 2_500  # rows that are loaded at a time for a file
_PRESUMED = "Dugaan sampai diputus lembaga berwenang; nama terlapor dan anak disamarkan."


def feed(request: Request) -> Response:
    """Return a filtered list as Atom or JSON, for a session or for whoever has a key (`kunci`, or a Bearer token)."""
    desk: Desk = request.app.state.desk
    name, kind = request.path_params["name"], request.path_params["kind"]
    if name not in LISTS or kind not in FED:
        raise HTTPException(404, "umpan ini tidak ada")
    if (
        session_of(request) is None
        and desk.accounts.exist()
        and Saved(desk.accounts).owner_of(_key(request)) is None
    ):
        return PlainTextResponse("kunci umpan tidak berlaku\n", 401, headers={"WWW-Authenticate": "Bearer"})
    view = desk.view(None, _number(request))
    listing = parse_listing(request.query_params, view)
    rows, total = list_events(view, name, listing, most=ENTRIES)
    if kind == "json":
        return JSONResponse(_json(view, name, listing, rows, total))
    return Response(_atom(request, view, name, listing, rows), media_type="application/atom+xml")


def table(request: Request) -> Response:
    """Return a filtered list as a file of at most MOST rows; names are masked in it for everybody."""
    desk: Desk = request.app.state.desk
    name, kind = request.path_params["name"], request.path_params["kind"]
    if name not in LISTS or kind not in FILES:
        raise HTTPException(404, "berkas ini tidak ada")
    view = desk.view(None, _number(request))
    listing = parse_listing(request.query_params, view)
    keys, total = list_keys(view, name, listing, most=MOST)
    records = [_record(view, row) for some in chunks(keys, _CHUNK) for row in load_events(view, some)]
    frame = pd.DataFrame(records, columns=list(_COLUMNS))
    snapshot = current_snapshot(desk.settings.snapshots, view.number)
    file = f"wartawas-{name}-snapshot-{view.number}.{kind}"
    session = session_of(request)
    if session:
        desk.accounts.note(session.name, "unduh", f"{file}?{request.url.query}", address_of(request))
    with TemporaryDirectory() as folder:
        path = Path(folder) / file
        about = describe_answer(
            (name, LISTS[name]), listing.chosen(), snapshot, view.once("sums", lambda: totals_of(view.db)),
            rows=total, limit=MOST, path=path, invented=view.invented,
        )  # fmt: skip
        write_export(frame, about, path)
        body = path.read_bytes()
    return Response(body, media_type=FILES[kind],
                    headers={"Content-Disposition": f'attachment; filename="{file}"'})  # fmt: skip


def _key(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.query_params.get("kunci", "")


def _number(request: Request) -> int | None:
    number = request.query_params.get("snapshot", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


_COLUMNS = (
    "kejadian", "status", "jenis", "id_jenis", "bentuk", "wilayah", "kode", "hari_kejadian", "tahap", "hasil",
    "jabatan_terlapor", "dibantah", "pemilihan", "artikel", "media", "naskah", "pertama", "terakhir", "judul", "bukti",
)  # fmt: skip


def _record(view: View, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kejadian": row["event_id"], "status": row["status"] if row["kind"] == "kasus" else None,
        "jenis": row["type_names"], "id_jenis": "; ".join(row["types"]), "bentuk": view.names("bentuk", row["bentuk"]),
        "wilayah": row["place_name"], "kode": row["place"], "hari_kejadian": row["event_date"],
        "tahap": row["stage_name"], "jabatan_terlapor": view.names("office", row["categories"]),
        "hasil": view.outcomes(row["outcomes"]),
        "dibantah": row["denial"], "pemilihan": row["election"], "artikel": row["articles"], "media": row["outlets"],
        "naskah": row["independent_texts"], "pertama": row["first_day"], "terakhir": row["last_day"],
        "judul": row["title"], "bukti": row["evidence"],
    }  # fmt: skip


def _json(view: View, name: str, listing: Listing, rows: list[dict[str, Any]], total: int) -> dict[str, Any]:
    plain = [
        {
            key: value.isoformat() if hasattr(value, "isoformat") else value
            for key, value in _record(view, row).items()
        }
        for row in rows
    ]
    notes = [*([INVENTED] if view.invented else []), _PRESUMED]
    return {
        "judul": _title(view, name, listing),
        "daftar": name, "saringan": listing.chosen(), "urut": listing.urut, "snapshot": view.number,
        "diterbitkan": view.manifest.get("published"), "jumlah": total, "baris": plain, "catatan": notes,
    }  # fmt: skip


def _atom(request: Request, view: View, name: str, listing: Listing, rows: list[dict[str, Any]]) -> str:
    base = str(request.base_url).rstrip("/")
    kept = urlencode([(k, v) for k, v in parse_qsl(request.url.query) if k not in ("kunci", "snapshot")])
    mark = f"{INVENTED} · " if view.invented else ""
    page = f"{base}/{name}{f'?{kept}' if kept else ''}"
    entries = "".join(_entry(base, mark, row) for row in rows)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">'
        f"<id>urn:wartawas:{name}:{escape(kept)}</id><title>{_text(_title(view, name, listing))}</title>"
        f"<updated>{escape(str(view.manifest.get('published', '1970-01-01T00:00:00Z')))}</updated>"
        f'<link rel="alternate" href={quoteattr(page)}/><author><name>Wartawas</name></author>'
        f"<subtitle>{_PRESUMED}</subtitle>{entries}</feed>\n"
    )


def _title(view: View, name: str, listing: Listing) -> str:
    """Return a feed's title, with its filters as people read them."""
    mark = f"{INVENTED} · " if view.invented else ""
    chosen = "; ".join(chosen_names(view, listing))
    return f"{mark}Wartawas: {LISTS[name]}{f' ({chosen})' if chosen else ''}"


def _entry(base: str, mark: str, row: dict[str, Any]) -> str:
    where = row["place_name"] or "tempat kurang rinci"
    state = f"{row['status']}: " if row["kind"] == "kasus" else ""
    facts = [f"Tahap: {row['stage_name']}" if row["stage_name"] else "",
             f"Kejadian: {day(row['event_date'])}" if row["event_date"] else "",
             f"{row['articles']} artikel, {row['outlets']} media", row["evidence"] or ""]  # fmt: skip
    moment: datetime = row["last_seen"]
    title = f"{mark}{state}{row['type_names'] or 'jenis belum terbaca'}, {where}"
    address = f"{base}/kasus/{row['event_id']}"
    return (
        f"<entry><id>urn:wartawas:kejadian:{escape(row['event_id'])}</id><title>{_text(title)}</title>"
        f'<updated>{moment:%Y-%m-%dT%H:%M:%SZ}</updated><link rel="alternate" href={quoteattr(address)}/>'
        f"<summary>{_text(' · '.join(filter(None, facts)))}</summary></entry>"
    )


def _text(text: str) -> str:
    """Return a text as XML holds it: escaped, and without the characters that it cannot hold."""
    return escape("".join(c for c in legible(text) if c.isprintable()))
