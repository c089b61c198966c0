"""What a user keeps on the desk: views saved under a name, with or without a digest by mail, and keys for feeds.

A key opens feeds for a program that cannot log in. It shows masked data whatever its owner's role, stands in the file
as SHA-256 only, and ends with its account or when it is revoked.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pipeline.web.accounts import Accounts

MAX_SAVED, MAX_KEYS = 100, 20
DIGEST = "/kasus"  # only the list of cases has news to tell
_NOT_KEPT = frozenset({"hal", "snapshot", "kunci", "csrf"})


class SavedError(ValueError):
    """A view or key cannot be kept; the message says why, in Indonesian."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A page with its filters under a name; `digest` asks for a mail of its new and moved cases each morning."""

    id: int
    owner: str
    title: str
    path: str
    query: str
    digest: bool

    @property
    def address(self) -> str:
        """Return the address of the page on this desk."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class FeedKey:
    """A key as its owner sees it again: never the key itself. Times are seconds since 1970."""

    id: int
    label: str
    created_at: float
    used_at: float | None


class Saved:
    """The saved views and feed keys of one installation, in the file of its accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    def save(self, owner: str, title: str, path: str, query: str, *, digest: bool = False) -> None:
        """Keep a view of a user; raises SavedError for a bad title, too many views, a digest of another page."""
        title = " ".join(title.split())
        if not 0 < len(title) <= 80 or not title.isprintable():
            raise SavedError("beri judul 1 sampai 80 huruf")
        if digest and path != DIGEST:
            raise SavedError("ringkasan pagi hanya untuk daftar kasus")
        kept = [(k, v) for k, v in parse_qsl(query[:4000]) if v and k not in _NOT_KEPT]
        with self.accounts.opened() as db:
            if db.execute("SELECT count(*) FROM saved WHERE name = ?", (owner,)).fetchone()[0] >= MAX_SAVED:
                raise SavedError(f"paling banyak {MAX_SAVED} saringan; hapus yang tidak dipakai")
            db.execute(
                "INSERT INTO saved (name, title, path, query, digest, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                (owner, title, path, urlencode(kept), int(digest), time.time()),
            )

    def views(self, owner: str | None = None) -> list[SavedView]:
        """Return the saved views of a user, or of everybody, by title."""
        if not self.accounts.path.is_file():
            return []
        with self.accounts.opened() as db:
            rows = db.execute(
                "SELECT id, name, title, path, query, digest FROM saved WHERE ?1 IS NULL OR name = ?1"
                " ORDER BY title, id",
                (owner,),
            ).fetchall()
        return [
            SavedView(n, name, title, path, query, bool(digest))
            for n, name, title, path, query, digest in rows
        ]

    def set_digest(self, owner: str, number: int, *, digest: bool) -> None:
        """Turn the digest of a user's own view on or off; nothing happens to another's."""
        with self.accounts.opened() as db:
            db.execute(
                "UPDATE saved SET digest = ? WHERE id = ? AND name = ? AND path = ?",
                (int(digest), number, owner, DIGEST),
            )

    def remove(self, owner: str, number: int) -> None:
        """Remove a user's own view; nothing happens to another's."""
        with self.accounts.opened() as db:
            db.execute("DELETE FROM saved WHERE id = ? AND name = ?", (number, owner))

    def mail_of(self, owner: str) -> str | None:
        """Return where a user's digests go, None where no address was set."""
        with self.accounts.opened() as db:
            row = db.execute("SELECT address FROM mails WHERE name = ?", (owner,)).fetchone()
        return str(row[0]) if row else None

    def make_key(self, owner: str, label: str) -> str:
        """Return a new feed key of a user, which is shown this once; raises SavedError."""
        label = " ".join(label.split())[:80] or "tanpa nama"
        key = secrets.token_urlsafe(32)
        with self.accounts.opened() as db:
            if (
                db.execute("SELECT count(*) FROM feed_keys WHERE name = ?", (owner,)).fetchone()[0]
                >= MAX_KEYS
            ):
                raise SavedError(f"paling banyak {MAX_KEYS} kunci; cabut yang tidak dipakai")
            db.execute(
                "INSERT INTO feed_keys (name, hash, label, created_at) VALUES (?, ?, ?, ?)",
                (owner, _digest(key), label, time.time()),
            )
        return key

    def keys(self, owner: str) -> list[FeedKey]:
        """Return a user's keys, the newest first."""
        with self.accounts.opened() as db:
            rows = db.execute(
                "SELECT id, label, created_at, used_at FROM feed_keys WHERE name = ? ORDER BY id DESC",
                (owner,),
            ).fetchall()
        return [FeedKey(*row) for row in rows]

    def revoke(self, owner: str, number: int) -> None:
        """End a user's own key; nothing happens to another's."""
        with self.accounts.opened() as db:
            db.execute("DELETE FROM feed_keys WHERE id = ? AND name = ?", (number, owner))

    def owner_of(self, key: str) -> str | None:
        """Return whose key this is, None for an unknown one; notes its use, once an hour at most."""
        if not key or not self.accounts.path.is_file():
            return None
        now, digest = time.time(), _digest(key)
        with self.accounts.opened() as db:
            row = db.execute("SELECT name, used_at FROM feed_keys WHERE hash = ?", (digest,)).fetchone()
            if row is not None and now - (row[1] or 0.0) > 3600:
                db.execute("UPDATE feed_keys SET used_at = ? WHERE hash = ?", (now, digest))
        return str(row[0]) if row else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
