"""The weekly recap as HTML (one file, charts inside, nothing loaded from anywhere) and as PDF."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline import charts
from pipeline.export import INVENTED
from pipeline.headings import heading
from pipeline.recap import Recap
from pipeline.tables import day, legible, plain_rows
from pipeline.zone import WIB

if TYPE_CHECKING:
    import altair as alt

CASES = "terakhir status jenis wilayah kode tahap artikel media bukti media_pertama alamat sha256".split()
_NOTES = (
    "Semua kasus adalah dugaan sampai diputus oleh lembaga berwenang; nama terlapor dan anak disamarkan.",
    "Angka menghitung kejadian yang diberitakan dan terbaca, masing-masing sekali, bukan isi register pengawas. "
    "Intensitas pemberitaan bukan Indeks Kerawanan Pemilu.",
    "Wilayah dengan banyak media tampak lebih ramai daripada wilayah dengan sedikit media.",
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def title_of(recap: Recap) -> str:
    """Return the recap's title, which says what was filtered."""
    chosen = f" ({'; '.join(recap.chosen)})" if recap.chosen else ""
    return f"Rekap mingguan {recap.area}, {day(recap.first)} – {day(recap.last)}{chosen}"


def _published(recap: Recap) -> str:
    """Return when the snapshot was published, in WIB."""
    try:
        moment = datetime.fromisoformat(recap.published).astimezone(WIB)
    except ValueError:
        return recap.published
    return f"{day(moment.date())} {moment:%H.%M} WIB"


def render_html(recap: Recap) -> str:
    """Return the recap as one HTML page."""
    page: str = _template("recap.html").render(
        title=title_of(recap),
        recap=recap,
        published=_published(recap),
        mark=INVENTED if recap.invented else None,
        charts=[charts.svg(chart) for chart in _charts(recap)],
        tables=_tables(recap),
        notes=_NOTES,
        font=_FONT_STACK,
    )
    return page


def _charts(recap: Recap) -> Iterator[alt.TopLevelMixin]:
    if len(recap.trend) > 1:
        yield charts.trend_and_readings(recap.trend)
    if len(recap.types):
        yield charts.bars(recap.types, "jenis", title="Dugaan kasus baru menurut jenis, minggu ini")
    if len(recap.regions):
        yield charts.bars(recap.regions, "wilayah", title="Dugaan kasus baru menurut wilayah, minggu ini")


_FONT_STACK = "'Liberation Sans', Arial, Helvetica, sans-serif"


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True).get_template(name)


def _tables(recap: Recap) -> list[dict[str, Any]]:
    """Return the tables of a recap as title, headings, rows of texts, note and what to say where one is empty."""
    left_out = recap.all_cases - len(recap.cases)
    cut = (
        f"{left_out} kasus lain tidak dicantumkan; semuanya dapat diunduh di halaman Kasus."
        if left_out
        else ""
    )
    prevention = recap.prevention.head(15)
    parts = [
        ("Dugaan kasus minggu ini", recap.cases[CASES], "Tidak ada dugaan kasus yang diberitakan.", cut),
        ("Kegiatan pencegahan", prevention, "Tidak ada kegiatan pencegahan yang diberitakan.", ""),
        *((part.title, part.frame, part.empty, part.note) for part in recap.sections),
    ]
    return [
        {"title": title, "heads": [heading(column) for column in frame.columns], "rows": _texts(frame),
         "empty": empty, "note": note, "columns": list(frame.columns)}
        for title, frame, empty, note in parts
    ]  # fmt: skip


def _texts(frame: pd.DataFrame) -> list[list[str]]:
    return [[_text(value) for value in row] for row in plain_rows(frame)]


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):  # a title may be written like a day that there is not
            told = date.fromisoformat(value)
            return f"{told.day} {charts.DATES['shortMonths'][told.month - 1]} {told.year}"
    return legible("; ".join(map(str, value)) if isinstance(value, list) else str(value))


def write_pdf(recap: Recap, path: Path) -> None:
    """Write the recap as PDF in A4, with the mark and the page's number on every page."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    document = SimpleDocTemplate(
        str(path), pagesize=landscape(A4), leftMargin=14 * mm, rightMargin=14 * mm, topMargin=14 * mm,
        bottomMargin=16 * mm, title=title_of(recap), author="Wartawas", subject=INVENTED if recap.invented else "",
    )  # fmt: skip
    styles = _styles()
    foot = _foot(recap)
    document.build(list(_story(recap, styles, document.width)), onFirstPage=foot, onLaterPages=foot)


def _foot(recap: Recap) -> Callable[[Any, Any], None]:
    left = (
        f"Wartawas · snapshot {recap.snapshot}, {_published(recap)} · dugaan sampai diputus lembaga berwenang"
    )

    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Vera", 7)
        canvas.setFillGray(0.35)
        canvas.drawString(document.leftMargin, 22, f"{INVENTED} · {left}" if recap.invented else left)
        canvas.drawRightString(document.leftMargin + document.width, 22, f"halaman {document.page}")
        canvas.restoreState()

    return draw


@cache
def _styles() -> dict[str, Any]:
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):  # they come with reportlab
        pdfmetrics.registerFont(TTFont(name, file))
    plain = ParagraphStyle("plain", fontName="Vera", fontSize=9, leading=13)
    return {
        "plain": plain,
        "title": ParagraphStyle("title", plain, fontName="VeraBd", fontSize=15, leading=20, spaceAfter=4),
        "head": ParagraphStyle(
            "head",
            plain,
            fontName="VeraBd",
            fontSize=11,
            leading=15,
            spaceBefore=10,
            spaceAfter=3,
            keepWithNext=1,
        ),
        "mark": ParagraphStyle("mark", plain, fontName="VeraBd", textColor=colors.HexColor("#b3261e")),
        "note": ParagraphStyle("note", plain, fontSize=7.5, leading=10, textColor=colors.HexColor("#555b66")),
        "cell": ParagraphStyle("cell", plain, fontSize=6.8, leading=8.6, splitLongWords=1),
        "cellhead": ParagraphStyle("cellhead", plain, fontName="VeraBd", fontSize=6.8, leading=8.6),
    }


def _story(recap: Recap, styles: dict[str, Any], width: float) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    yield Paragraph(html.escape(title_of(recap)), styles["title"])
    if recap.invented:
        yield Paragraph(INVENTED, styles["mark"])
    for sentence in recap.sentences:
        yield Paragraph("• " + html.escape(sentence), styles["plain"])
    yield Spacer(1, 8)
    for chart in _charts(recap):
        yield _picture(charts.png(chart), width * 0.78)
        yield Spacer(1, 6)
    for table in _tables(recap):
        head = Paragraph(html.escape(table["title"]), styles["head"])
        if not table["rows"]:
            yield KeepTogether([head, Paragraph(html.escape(table["empty"]), styles["plain"])])
            continue
        yield head
        yield _table(table, styles, width)
        if table["note"]:
            yield Paragraph(html.escape(table["note"]), styles["note"])
    yield Paragraph("Cara membaca", styles["head"])
    for note in _NOTES:
        yield Paragraph("• " + html.escape(note), styles["note"])


def _picture(image: bytes, width: float) -> Any:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    wide, high = ImageReader(io.BytesIO(image)).getSize()
    points = min(width, wide / 2 * 0.75)  # drawn at two pixels a point of the chart
    return Image(io.BytesIO(image), width=points, height=points * high / wide, hAlign="LEFT")


# How wide a column is drawn, against 1 for an ordinary one.
_WIDTHS = {
    "bukti": 3.2, "jenis": 2.2, "judul": 2.6, "alamat": 2.2, "sha256": 2.0, "wilayah": 1.9, "dasar": 1.9, "tahap": 1.6,
    "langkah": 1.5, "artikel": 0.9, "media": 0.9, "naskah": 0.9, "kasus": 0.9, "hari": 0.7, "sisa_hari": 0.7,
    "kegiatan": 1.0, "peserta": 1.0, "nama": 2.0, "media_pertama": 1.7, "kode": 1.7, "status": 1.2, "terakhir": 1.5,
    "pertama": 1.5,
}  # fmt: skip


def _table(table: dict[str, Any], styles: dict[str, Any], width: float) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    parts = [_WIDTHS.get(column, 1.2) for column in table["columns"]]
    spread = width if sum(parts) > 8 else width * sum(parts) / 8
    rows = [[Paragraph(html.escape(head), styles["cellhead"]) for head in table["heads"]]]
    rows += [[Paragraph(html.escape(cell), styles["cell"]) for cell in row] for row in table["rows"]]
    drawn = LongTable(
        rows, colWidths=[spread * part / sum(parts) for part in parts], repeatRows=1, hAlign="LEFT",
        splitInRow=1,  # a long sentence or address may make a row taller than a page
    )  # fmt: skip
    drawn.setStyle(
        TableStyle([
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor("#1f5a99")),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#d5d8dc")),
            ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ])
    )  # fmt: skip
    return drawn
