"""The page of saved views and feed keys, and the forms that change them; each user's own alone."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.web.access import address_of, form_of, needs
from pipeline.web.accounts import Session
from pipeline.web.render import page, session_of
from pipeline.web.saved import Saved, SavedError

_PAGES = ("/kasus", "/pencegahan", "/tren", "/peta", "/cari", "/pejabat", "/rekap")


@needs("lihat")
def saved_page(request: Request) -> Response:
    """Show a user's saved views and feed keys."""
    return _page(request)


@needs("lihat")
def save(request: Request) -> Response:
    """Keep the view that a page's form names."""
    form, owner = form_of(request), _owner(request)
    path, _, query = form.get("alamat", "").partition("#")[0].partition("?")
    if not (path in _PAGES or path.startswith("/tanya/")):
        raise HTTPException(400, "halaman ini tidak dapat disimpan")
    try:
        _saved(request).save(
            owner.name, form.get("judul", ""), path, query, digest=form.get("ringkasan") == "ya"
        )
    except SavedError as error:
        return _page(request, problem=str(error))
    return RedirectResponse("/saringan", 303)


@needs("lihat")
def change(request: Request) -> Response:
    """Remove a saved view, or turn its digest on or off."""
    form, owner = form_of(request), _owner(request)
    number = _number(form.get("id"))
    if form.get("aksi") == "hapus":
        _saved(request).remove(owner.name, number)
    else:
        _saved(request).set_digest(owner.name, number, digest=form.get("aksi") == "kirim")
    return RedirectResponse("/saringan", 303)


@needs("lihat")
def make_key(request: Request) -> Response:
    """Make a feed key and show it, once."""
    form, owner = form_of(request), _owner(request)
    try:
        key = _saved(request).make_key(owner.name, form.get("nama", ""))
    except SavedError as error:
        return _page(request, problem=str(error))
    request.app.state.desk.accounts.note(
        owner.name, "kunci umpan dibuat", form.get("nama", ""), address_of(request)
    )
    return _page(request, key=key)


@needs("lihat")
def revoke_key(request: Request) -> Response:
    """End a feed key."""
    form, owner = form_of(request), _owner(request)
    _saved(request).revoke(owner.name, _number(form.get("id")))
    request.app.state.desk.accounts.note(
        owner.name, "kunci umpan dicabut", form.get("id", ""), address_of(request)
    )
    return RedirectResponse("/saringan", 303)


def _page(request: Request, *, problem: str | None = None, key: str | None = None) -> Response:
    saved, owner = _saved(request), _owner(request)
    return page(
        request, "saved.html", None, status=400 if problem else 200, title="Saringan tersimpan", problem=problem,
        key=key, views=saved.views(owner.name), keys=saved.keys(owner.name), mail=saved.mail_of(owner.name),
        base=str(request.base_url).rstrip("/"),
    )  # fmt: skip


def _saved(request: Request) -> Saved:
    return Saved(request.app.state.desk.accounts)


def _owner(request: Request) -> Session:
    session = session_of(request)
    if session is None:
        raise HTTPException(403, "masuk dahulu")
    return session


def _number(value: str | None) -> int:
    if not value or not value.isascii() or not value.isdigit() or len(value) > 15:
        raise HTTPException(400, "nomor tidak dikenal")
    return int(value)
