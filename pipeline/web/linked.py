"""Reading a link on the desk: a reviewer pastes an address; a page tells what was read, or the reason why not."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.labels import load_labels
from pipeline.morning import load_words
from pipeline.onelink import read_link
from pipeline.settings import Settings
from pipeline.web.access import address_of, form_of, needs
from pipeline.web.desk import View
from pipeline.web.marked import marked_paragraphs
from pipeline.web.render import page, session_of, view_of
from pipeline.web.words import spoken

KEPT, WAITING = 50, 5
_EXAMPLE = "https://contoh.co.id/2024/11/berita"


@dataclass(slots=True)
class Link:
    """An address that somebody asked for: whose, since when (seconds since 1970), what came of it (None: not yet)."""

    id: str
    url: str
    owner: str
    asked_at: float
    result: dict[str, Any] | None = None


@dataclass(slots=True)
class Links:
    """The addresses asked for since the desk was started, the newest last; one is read at a time."""

    settings: Settings
    read: Callable[[str, Settings], dict[str, Any]] = read_link
    _known: OrderedDict[str, Link] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "link"))

    def ask(self, url: str, owner: str) -> Link | None:
        """Return the link that is now being read, or None where too many wait already."""
        with self._lock:
            if sum(link.result is None for link in self._known.values()) >= WAITING:
                return None
            link = Link(secrets.token_urlsafe(9), url, owner, time.time())
            self._known[link.id] = link
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._worker.submit(self._work, link)
        return link

    def find(self, number: str) -> Link | None:
        """Return the link with this id."""
        with self._lock:
            self._drop_erased()
            return self._known.get(number)

    def of(self, owner: str) -> list[Link]:
        """Return a user's links, the newest first."""
        with self._lock:
            self._drop_erased()
            return [link for link in reversed(self._known.values()) if link.owner == owner]

    def _drop_erased(self) -> None:
        """Forget what was asked for before the last erasure: it may hold what is erased, and is soon read again."""
        try:
            erased_at = self.settings.erasures.stat().st_mtime
        except FileNotFoundError:
            return
        for link in [link for link in self._known.values() if link.asked_at <= erased_at]:
            del self._known[link.id]

    def _work(self, link: Link) -> None:
        result = {"reason": "crashed", "detail": ""}
        try:
            result = self.read(link.url, self.settings)
        finally:
            link.result = result


@needs("tinjau")
def link_form(request: Request) -> Response:
    """Ask for an address, and list those that this user asked for."""
    return _form(request)


@needs("tinjau")
def ask_link(request: Request) -> Response:
    """Begin to read the address of the form."""
    form, session = form_of(request), session_of(request)
    url = form.get("alamat", "").strip()
    if not url.startswith(("http://", "https://")) or len(url) > 2000 or session is None:
        return _form(request, problem=f"Tulis alamat lengkap sebuah halaman berita, misalnya {_EXAMPLE}")
    link = _links(request).ask(url, session.name)
    if link is None:
        return _form(
            request, problem="Masih ada beberapa tautan yang menunggu; coba lagi sebentar.", status=429
        )
    request.app.state.desk.accounts.note(session.name, "baca tautan", url, address_of(request))
    return RedirectResponse(f"/baca/{link.id}", 303)


@needs("tinjau")
def link_page(request: Request) -> Response:
    """Show what was read at a link, that it is still being read, or why nothing was."""
    link = _links(request).find(request.path_params["link"])
    if link is None:
        raise HTTPException(404, "tautan ini tidak dikenal lagi; minta sekali lagi")
    result = link.result
    story = result if result and "text" in result else None
    known = None
    if result and result.get("url"):
        view = view_of(request)
        known = view.row("SELECT article_id FROM articles WHERE url = ?", [result["url"]])
    return page(
        request, "link.html", None, title=(story and story["title"]) or "Baca tautan", link=link, result=result,
        reason=result and explain(result), known=known, waited=time.time() - link.asked_at,
        article=story and _shown(view_of(request), story),
    )  # fmt: skip


def explain(result: dict[str, Any]) -> str | None:
    """Return in Indonesian why a link gave no article, None where it gave one."""
    reason = result.get("reason")
    if reason is None:
        return None
    if reason == "fetch":
        detail = str(result.get("detail", ""))
        return next((words for cue, words in _FETCH.items() if cue in detail), "halaman tidak dapat diambil")
    if str(reason).startswith("http_"):
        return f"situs menjawab {reason[5:]}"
    losses = load_words()["losses"]
    return _REASONS.get(reason) or losses.get(reason) or "halaman tidak dapat dibaca"


def _form(request: Request, *, problem: str | None = None, status: int = 400) -> Response:
    session = session_of(request)
    links = _links(request).of(session.name) if session else []
    return page(request, "link_form.html", None, status=status if problem else 200, title="Baca tautan",
                problem=problem, links=links, example=_EXAMPLE)  # fmt: skip


def _links(request: Request) -> Links:
    links: Links = request.app.state.links
    return links


def _shown(view: View, story: dict[str, Any]) -> dict[str, Any]:
    """Return the reading as the page shows it: marked paragraphs, cases and officials with names for ids."""
    found = story["extraction"]
    labels = {(label.group, label.id): label.name for label in load_labels()}
    proof = [
        {"start_at": e["start"], "end_at": e["end"]} for case in found["cases"] for e in case["evidence"]
    ]
    mentions = [
        {"label": m["label"], "start_at": m["start"], "end_at": m["end"], "code": m["code"], "iso": m["iso"],
         "place_name": view.place_name(m["code"])}
        for m in found["mentions"]
    ]  # fmt: skip
    cases = [
        case | {"type_names": "; ".join(labels.get(("type", t), t) for t in case["types"]),
                "stage_name": labels.get(("stage", case["stage"]), case["stage"]),
                "place_name": view.place_name(case["place"])}
        for case in found["cases"]
    ]  # fmt: skip
    officials = {  # an officer with rank and post has a record for each: the post is shown
        (o["name"], o["start"]): o for o in reversed(found["officials"])
    }
    return {
        "paragraphs": marked_paragraphs(story["text"], proof, mentions), "cases": cases,
        "why": spoken(story["why"], story["text"]),
        "kind": labels.get(("kind", found["kind"]), found["kind"]), "confidence": found["confidence"],
        "officials": list(reversed(officials.values())), "model": found["model_version"],
        "types": "; ".join(labels.get(("type", t), t) for t in found["types"]),
        "date": found["event"]["date"], "place": view.place_name(found["event"]["place"]),
    }  # fmt: skip


_FETCH = {
    "robots.txt forbids": "robots.txt situs itu melarang halaman ini diambil; itu dipatuhi",
    "not on the public web": "alamat itu tidak berada di web umum",
    "no such host": "nama situs itu tidak ditemukan",
    "no whole answer": "situs tidak menjawab sampai selesai dalam waktu yang diberikan",
    "redirects": "halaman itu terus mengalihkan ke alamat lain",
    "asks to come back": "situs meminta kami datang lagi nanti",
    "no secure connection": "sambungan aman ke situs itu gagal",
    "too_large": "halaman itu terlalu besar",
    "could not be archived": "halaman tidak dapat diarsipkan; periksa ruang cakram",
}
_REASONS = {
    "link": "itu bukan alamat halaman berita yang dapat diambil, atau situsnya ada di daftar yang tidak dibaca",
    "erased": "artikel ini dihapus atas permintaan dan tidak diambil lagi",
    "timeout": "tidak selesai dibaca dalam satu menit; coba lagi nanti",
    "crashed": "pembacaan gagal; coba lagi, atau beri tahu pengelola",
    "not_html": "alamat itu bukan halaman web (mungkin berkas)",
    "listing": "itu halaman depan atau daftar berita, bukan satu berita",
    "blocked": "situs menampilkan halaman tantangan alih-alih berita",
    "protected": "halaman itu meminta kata sandi",
    "empty": "halaman itu kosong",
}
