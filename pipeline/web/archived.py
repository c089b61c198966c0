"""An archived page as reviewers see it: its facts, and a static copy that runs nothing and loads nothing."""

from __future__ import annotations

import hashlib
from html import escape

from lxml.html import HtmlElement
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawler.archive import read_page
from crawler.ledger import Ledger
from crawler.records import RawPage
from pipeline.intake import page_in
from pipeline.markup import flatten_html, parse_html, to_utf8
from pipeline.web.access import address_of, needs
from pipeline.web.render import page, session_of, view_of

# In an origin of its own, without scripts, without anything from outside, framed by this desk only.
_COPY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
_KEPT = frozenset(
    "html body main article section header footer aside nav div p span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table"
    " thead tbody tfoot tr td th caption blockquote pre code em strong b i u s small sub sup br hr figure"
    " figcaption time address".split()
)
_DROPPED = frozenset(
    "script style noscript template iframe object embed svg math head select textarea".split()
)
_VOID = frozenset({"br", "hr"})
_MAX_DEPTH = 200
_STYLE = (
    "<style>body{font:15px/1.5 sans-serif;margin:1em;max-width:50em;color:#111;background:#fff}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>"
)


@needs("tinjau")
def archived(request: Request) -> Response:
    """Show where an article's page is archived, that its bytes are those of the hash, and its static copy."""
    view = view_of(request)
    key = request.path_params["article"]
    found = view.row("SELECT * FROM articles WHERE article_id = ?", [key])
    raw = raw_page(request, key)
    whole = hashlib.sha256(raw.body).hexdigest() == raw.capture.sha256
    return page(
        request, "archived.html", view, title="Halaman arsip", article=found, whole=whole,
        size=len(raw.body), headers=raw.headers,
    )  # fmt: skip


@needs("tinjau")
def static_copy(request: Request) -> Response:
    """Return the archived page reduced to its text and structure; the look is noted in the audit trail."""
    session = session_of(request)
    raw = raw_page(request, request.path_params["article"])
    if session:
        request.app.state.desk.accounts.note(session.name, "arsip", raw.capture.url, address_of(request))
    return HTMLResponse(make_copy(*page_in(raw.body, raw.capture.content_type)), headers=_COPY_HEADERS)


def make_copy(body: bytes, content_type: str | None) -> str:
    """Return an HTML page that holds the text and plain structure of another, and nothing that acts."""
    tree = parse_html(to_utf8(body, content_type)) if "html" in (content_type or "html") else None
    if tree is not None and not tree.text_content().strip():
        tree = flatten_html(body, content_type)  # nested deeper than the parser follows
    if tree is None:
        return f"<!doctype html>{_STYLE}<pre>{escape(to_utf8(body, content_type).decode('utf-8'))}</pre>"
    pieces: list[str] = []
    _copy(tree, pieces, 0)
    return f"<!doctype html><meta charset=utf-8>{_STYLE}{''.join(pieces)}"


def _copy(element: HtmlElement, pieces: list[str], depth: int) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag and tag not in _DROPPED:
        kept = tag in _KEPT and tag not in ("html", "body") and depth < _MAX_DEPTH
        if kept:
            pieces.append(f"<{tag}>")
        if tag == "img" and (alt := element.get("alt")):
            pieces.append(f"[gambar: {escape(alt)}]")
        pieces.append(escape(element.text or ""))
        if depth < _MAX_DEPTH:
            for child in element:
                _copy(child, pieces, depth + 1)
        else:
            pieces.append(escape(" ".join(text for child in element for text in child.itertext())))
        if kept and tag not in _VOID:
            pieces.append(f"</{tag}>")
    pieces.append(escape(element.tail or "") if depth else "")


def raw_page(request: Request, key: str) -> RawPage:
    """Return the archived page behind an article; raises HTTPException 404 where there is none."""
    settings = request.app.state.desk.settings
    found = view_of(request).row(
        "SELECT page_url, page_sha256 FROM articles WHERE article_id = ? AND page_sha256 IS NOT NULL", [key]
    )
    if found is None or not settings.ledger.is_file():
        raise HTTPException(404, "halaman arsip artikel ini tidak ada di sini")
    with Ledger(settings.ledger) as ledger:
        capture = ledger.find_capture(found["page_url"], found["page_sha256"])
    if capture is None:
        raise HTTPException(404, "halaman arsip artikel ini tidak ada di buku perayapan")
    return read_page(settings.archive, capture)
