"""What one takes along from a case or a week: material for Form A, the archived page as PDF, the weekly recap."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from pipeline.filters import Filters
from pipeline.recap import DAYS, newest_day, weekly_recap
from pipeline.report import render_html, write_pdf
from pipeline.tables import day
from pipeline.web.access import address_of, needs
from pipeline.web.archived import raw_page
from pipeline.web.cases import Story
from pipeline.web.choices import choices
from pipeline.web.desk import Desk, View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.pages import story_of
from pipeline.web.pdf import page_pdf
from pipeline.web.render import page, session_of, view_of
from pipeline.web.words import moment

_WEEKS = 12
_QUOTES, _SOURCES = 5, 30
# A recap holds its styles and pictures in itself: in an origin of its own, without scripts, loading nothing.
_RECAP_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
}


def form_a(request: Request) -> Response:
    """Show what an event's articles give for Form A, as text to be copied; names stand as this reader may see them."""
    view = view_of(request)
    story = story_of(request, view)
    if story.event["kind"] != "kasus":
        raise HTTPException(404, "Form A hanya untuk dugaan kasus")
    return page(
        request,
        "form_a.html",
        view,
        title="Salin ke Form A",
        event=story.event,
        lines=form_lines(view, story),
    )


def form_file(request: Request) -> Response:
    """Return the material for Form A as a text file; names are masked in it for everybody, since files travel."""
    desk: Desk = request.app.state.desk
    view = desk.view(None, view_of(request).number)
    story = story_of(request, view)
    if story.event["kind"] != "kasus":
        raise HTTPException(404, "Form A hanya untuk dugaan kasus")
    name = f"bahan-form-a-{story.event['event_id'][:12]}.txt"
    text = "\r\n".join(form_lines(view, story)) + "\r\n"
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def form_lines(view: View, story: Story) -> list[str]:
    """Return the lines of Form A as far as news can fill them: what an overseer must add stays open."""
    event, own = story.event, [m for m in story.members if m["part"] == "utama"]
    persons = list(dict.fromkeys(name for case in story.cases for name in case["terlapor"]))
    offices = list(dict.fromkeys(office for case in story.cases for office in case["jabatan"]))
    laws = list(dict.fromkeys(law for case in story.cases for law in case["legal_refs"]))
    quotes = [m for m in own if m["evidence"]][:_QUOTES]
    marks = (
        ["CONTOH – REKAAN: orang, media, dan kejadian di bawah ini tidak nyata.", ""] if view.invented else []
    )
    return [
        *marks,
        "BAHAN INFORMASI AWAL – bukan laporan, bukan temuan, bukan alat bukti.",
        f"Disusun Wartawas dari pemberitaan yang diarsipkan (snapshot {view.number}). Periksa naskah aslinya.",
        "",
        "FORMULIR MODEL A – LAPORAN HASIL PENGAWASAN (terisi sebagian)",
        "",
        "I. Data pengawas",
        "   Nama, jabatan, nomor surat tugas: (diisi pengawas)",
        "II. Kegiatan pengawasan",
        "   Bentuk: pemantauan pemberitaan media",
        f"   Waktu: {_days(event['first_day'], event['last_day'])} (hari pemberitaan)",
        "   Sasaran dan tempat: (diisi pengawas)",
        "III. Uraian singkat hasil pengawasan",
        f"   {len(own)} artikel dari {event['outlets']} media memberitakan dugaan ini; "
        f"status menurut pemberitaan: {event['status']}.",
        "IV. Informasi dugaan pelanggaran",
        f"   1. Peristiwa (diduga): {event['type_names'] or 'jenis belum terbaca'}",
        f"   2. Tempat kejadian: {event['place_name'] or '(belum terbaca)'}"
        + (f" (kode Kemendagri {event['place']})" if event["place"] else ""),
        f"   3. Waktu kejadian: {day(event['event_date']) if event['event_date'] else '(tidak disebut berita)'}",
        f"   4. Terlapor (diduga): {', '.join(persons) or '(tidak disebut namanya)'}",
        f"      Jabatan: {', '.join(offices) or '(tidak disebut)'}",
        "   5. Pelapor dan saksi: (diisi pengawas)",
        "   6. Uraian menurut pemberitaan:",
        *(f"      - “{m['evidence']}” ({m['outlet']}, {moment(m['published'], m['utc_offset'])})" for m in quotes),
        f"   7. Bantahan: {'ada; baca naskahnya' if event['denial'] else 'tidak terbaca dalam berita'}",
        f"   8. Dasar hukum yang disebut berita: {'; '.join(laws) or '(tidak disebut)'}",
        f"   9. Tahap penanganan menurut berita: {event['stage_name'] or '(tidak disebut)'}",
        f"   10. Asal: {view.names('origin', event['origins']) or '–'}",
        *(["   11. Yang berbeda antarmedia:"] if story.conflicts else []),
        *(
            f"      - {matter}: " + "; ".join(f"{c.value} ({', '.join(c.outlets)})" for c in claims)
            for matter, claims in story.conflicts.items()
        ),
        "V. Sumber (halaman arsip)",
        *(line for m in own[:_SOURCES] for line in (
            f"   - {m['outlet']}, {moment(m['published'], m['utc_offset'])}: {m['title'] or '(tanpa judul)'}",
            f"     {m['url'] or '–'}",
            f"     diambil {moment(m['fetched_at'])}; SHA-256 {m['page_sha256'] or '–'}",
        )),
        "",
        "Setiap orang yang disebut diduga saja sampai lembaga yang berwenang memutus.",
    ]  # fmt: skip


def _days(first: date | None, last: date | None) -> str:
    return day(first) if first == last else f"{day(first)} sampai {day(last)}"


@needs("tinjau")
def archive_pdf(request: Request) -> Response:
    """Return an archived page as PDF with its hash; the look is noted in the audit trail."""
    view, session = view_of(request), session_of(request)
    key = request.path_params["article"]
    raw = raw_page(request, key)
    found = view.row("SELECT title FROM articles WHERE article_id = ?", [key]) or {}
    if session:
        request.app.state.desk.accounts.note(session.name, "arsip PDF", raw.capture.url, address_of(request))
    name = f"arsip-{raw.capture.sha256[:12]}.pdf"
    body = page_pdf(raw, str(found.get("title") or raw.capture.url), invented=view.invented)
    return Response(body, media_type="application/pdf",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


def recaps(request: Request) -> Response:
    """List the last weeks, each with its recap, for the area of the address."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    newest = newest_day(view.db)
    weeks = [newest - timedelta(weeks=n) for n in range(_WEEKS)] if newest else []
    return page(
        request, "recaps.html", view, title="Rekap mingguan", listing=Listing(filters), choices=choices(view, filters),
        weeks=[(last - timedelta(days=DAYS - 1), last) for last in weeks], query=request.url.query,
    )  # fmt: skip


def recap(request: Request) -> Response:
    """Return the recap of the week that ends on a day, as a page or as PDF; always masked."""
    desk: Desk = request.app.state.desk
    kind = request.path_params["kind"]
    try:
        last = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404, "tulis hari terakhir minggu itu sebagai TTTT-BB-HH") from None
    if kind not in ("html", "pdf") or not 2000 <= last.year <= 2100:
        raise HTTPException(404, "rekap ini tidak ada")
    view = desk.view(None, view_of(request).number)
    asked = parse_filters(request.query_params, view)
    filters = Filters(wilayah=asked.wilayah, jenis=asked.jenis, pemilihan=asked.pemilihan)
    told = weekly_recap(
        view.db, last, filters, snapshot=view.number, published=str(view.manifest.get("published", "?"))
    )
    if kind == "html":
        return HTMLResponse(render_html(told), headers=_RECAP_HEADERS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rekap-{last}.pdf"
        write_pdf(told, path)
        body = path.read_bytes()
    return Response(body, media_type="application/pdf",
                    headers={"Content-Disposition": f'attachment; filename="rekap-{last}.pdf"'})  # fmt: skip
