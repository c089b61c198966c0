"""An archived page as PDF: its text in the order of the page, with its hash and the time of fetching on every leaf."""

from __future__ import annotations

import hashlib
import html
import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.records import RawPage
from pipeline.intake import page_in
from pipeline.markup import flatten_html, parse_html, to_utf8
from pipeline.tables import legible
from pipeline.web.words import moment

_BLOCKS = frozenset(
    "html body main article section header footer aside nav div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody"
    " tfoot tr caption blockquote pre figure figcaption address form br hr".split()
)
_HEADS = frozenset("h1 h2 h3 h4 h5 h6 title".split())
_DROPPED = frozenset("script style noscript template iframe object embed svg math select textarea".split())
_MOST = 400_000  # characters of a page
_LONGEST = 4_000  # of a paragraph, which is broken there


def page_pdf(page: RawPage, title: str, *, invented: bool = False) -> bytes:
    """Return a PDF of an archived page's text with its address, SHA-256, time of fetching and page numbers."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles = _styles()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=20 * mm,
        title=legible(title)[:200], author="Wartawas", subject=page.capture.sha256,
    )  # fmt: skip
    whole = hashlib.sha256(page.body).hexdigest() == page.capture.sha256
    capture = page.capture
    facts = [
        f"Alamat: {capture.url}",
        f"Diambil: {moment(capture.fetched_at)}",
        f"SHA-256 halaman: {capture.sha256}",
        f"Berkas arsip: {capture.warc}, byte {capture.offset} sampai {capture.offset + capture.length}",
        "Isi arsip cocok dengan SHA-256 ini." if whole else "PERHATIAN: isi arsip tidak cocok dengan SHA-256 ini.",
        "Teks halaman saja, tanpa gambar dan tata letak. Berita adalah bahan informasi awal, bukan alat bukti.",
    ]  # fmt: skip
    story: list[Any] = [_paragraph(title, styles["title"])]
    if invented:
        story.append(_paragraph("CONTOH – rekaan", styles["head"]))
    story += [_paragraph(fact, styles["note"]) for fact in facts]
    story.append(Spacer(1, 10))
    for heading, text in page_blocks(*page_in(page.body, capture.content_type)):
        story.append(_paragraph(text, styles["head" if heading else "plain"]))
    foot = f"SHA-256 {capture.sha256} · diambil {moment(capture.fetched_at)}"

    def draw(canvas: Any, laid: Any) -> None:
        canvas.setFont("Vera", 6.5)
        canvas.drawString(20 * mm, 12 * mm, foot)
        canvas.drawRightString(190 * mm, 8 * mm, f"halaman {laid.page}")

    if len(story) == len(facts) + 2 + invented:
        story.append(Paragraph("(halaman ini tidak berisi teks)", styles["note"]))
    document.build(story, onFirstPage=draw, onLaterPages=draw)
    return out.getvalue()


def page_blocks(body: bytes, content_type: str | None) -> Iterator[tuple[bool, str]]:
    """Yield the blocks of a page's text in their order, each with whether it is a heading; bounded in length."""
    kind = content_type or "html"
    tree = parse_html(to_utf8(body, content_type)) if "html" in kind else None
    if tree is not None and not tree.text_content().strip():
        tree = flatten_html(body, content_type)
    if tree is None:
        lines = to_utf8(body, content_type).decode("utf-8", "replace")[:_MOST].split("\n")
        yield from ((False, piece) for line in lines for piece in _pieces(line))
        return
    spent, heading, gathered = 0, False, list[str]()
    for is_break, tag, text in _walk(tree):
        if is_break:
            for piece in _pieces(" ".join(gathered)):
                spent += len(piece)
                yield heading, piece
            gathered, heading = [], tag in _HEADS
            if spent > _MOST:
                yield False, "… (halaman dipotong di sini)"
                return
        if text:
            gathered.append(text)
    yield from ((heading, piece) for piece in _pieces(" ".join(gathered)))


def _walk(tree: Any) -> Iterator[tuple[bool, str, str]]:
    """Yield (whether a new block begins, the tag that begins it, text) through a page's elements."""
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _DROPPED or tag == "head":
                walk.skip_subtree()
            else:
                yield tag in _BLOCKS, tag, element.text or ""
        else:
            yield tag in _BLOCKS, "", element.tail or ""


def _pieces(text: str) -> Iterator[str]:
    plain = " ".join(legible(text).split())
    for start in range(0, len(plain), _LONGEST):
        yield plain[start : start + _LONGEST]


def _paragraph(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(html.escape(legible(text)[:_LONGEST]) or "–", style)


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):  # they come with reportlab
        pdfmetrics.registerFont(TTFont(name, file))
    plain = ParagraphStyle("plain", fontName="Vera", fontSize=9.5, leading=13.5, spaceAfter=5)
    return {
        "plain": plain,
        "title": ParagraphStyle("title", plain, fontName="VeraBd", fontSize=14, leading=18),
        "head": ParagraphStyle("head", plain, fontName="VeraBd", fontSize=11, leading=15, spaceBefore=6),
        "note": ParagraphStyle("note", plain, fontSize=8, leading=11, spaceAfter=2),
    }
