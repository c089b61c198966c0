"""Who may use the desk: accounts, sessions, failed logins and the audit trail, in one SQLite file.

Passwords are kept as scrypt hashes, session tokens as SHA-256, so that a stolen file opens no door. Everything
is written before the answer leaves, so a restart forgets neither a session nor a series of failed logins.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import unquote_plus

from crawler.ledger import write_ahead

Role = Literal["lihat", "tinjau", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
IDLE_S = 8 * 3600  # a session ends so long after its last request
LIFE_S = 24 * 3600  # and in any case so long after the login
WINDOW_S = 15 * 60  # failed logins are counted over so long
# At one door a name is closed soon; for all doors late, or anybody who reaches the form could keep its owner out.
MAX_AT_DOOR, MAX_BY_NAME, MAX_BY_ADDRESS = 5, 50, 30
MIN_PASSWORD = 10
_SCRYPT = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 64 << 20, "dklen": 32}
_MAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9.-]{1,190}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL, created_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES users ON DELETE CASCADE, csrf TEXT NOT NULL,
    started_at REAL NOT NULL, seen_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS failures (at REAL NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS mails (
    name TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE, address TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS feed_keys (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL REFERENCES users ON DELETE CASCADE, hash TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL, created_at REAL NOT NULL, used_at REAL
) STRICT;
CREATE TABLE IF NOT EXISTS saved (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL REFERENCES users ON DELETE CASCADE, title TEXT NOT NULL,
    path TEXT NOT NULL, query TEXT NOT NULL, digest INTEGER NOT NULL, created_at REAL NOT NULL
) STRICT;
"""
_TEXTS = """
SELECT 'audit', id, target, '', '' FROM audit UNION ALL SELECT 'feed_keys', id, label, '', '' FROM feed_keys
UNION ALL SELECT 'saved', id, title, path, query FROM saved
"""
_FORGET = {
    "audit": "UPDATE audit SET target = '(dihapus)' WHERE id = ?",
    "feed_keys": "UPDATE feed_keys SET label = '(dihapus)' WHERE id = ?",
    "saved": "DELETE FROM saved WHERE id = ?",
}


class AccountError(ValueError):
    """An account cannot be made, changed or used; the message says why and what would be right."""


@dataclass(frozen=True, slots=True)
class User:
    """One account: its name, its role, when it was made (seconds since 1970)."""

    name: str
    role: Role
    created_at: float


@dataclass(frozen=True, slots=True)
class Session:
    """A login: whose it is, what they may do, and the token that their forms must carry."""

    name: str
    role: Role
    csrf: str

    def may(self, role: Role) -> bool:
        """Return whether this session has at least the given role."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what to what, from which address, and when (seconds since 1970)."""

    at: float
    name: str
    action: str
    target: str
    address: str


class Accounts:
    """The accounts of one installation; the file is made at the first account and readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exist(self) -> bool:
        """Return whether there is any account."""
        if not self.path.is_file():
            return False
        with self.opened() as db:
            return db.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None

    def users(self) -> list[User]:
        """Return all accounts by name."""
        if not self.path.is_file():
            return []
        with self.opened() as db:
            return [
                User(*row) for row in db.execute("SELECT name, role, created_at FROM users ORDER BY name")
            ]

    def add(self, name: str, password: str, role: Role) -> None:
        """Make an account; raises AccountError for a bad name, password or role, or one that exists."""
        _check_name(name)
        _check_password(password)
        _check_role(role)
        salt = os.urandom(16)
        with self.opened() as db:
            try:
                db.execute(
                    "INSERT INTO users VALUES (?, ?, ?, ?, ?)",
                    (name, role, salt, _hashed(password, salt), time.time()),
                )
            except sqlite3.IntegrityError:
                raise AccountError(
                    f"account {name!r} exists already; `wartawas user set` changes it"
                ) from None

    def set_mail(self, name: str, address: str) -> None:
        """Set where an account's digests go, nowhere for an empty address; raises AccountError."""
        if address and not _MAIL.fullmatch(address):
            raise AccountError(f"mail {address!r}: write it as name@host.example")
        with self.opened() as db:
            if not db.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone():
                raise _unknown(name)
            if address:
                db.execute("INSERT OR REPLACE INTO mails VALUES (?, ?)", (name, address))
            else:
                db.execute("DELETE FROM mails WHERE name = ?", (name,))

    def change(self, name: str, *, password: str | None = None, role: Role | None = None) -> None:
        """Set an account's password or role and end its sessions; raises AccountError."""
        with self.opened() as db:
            if password is not None:
                _check_password(password)
                salt = os.urandom(16)
                db.execute(
                    "UPDATE users SET salt = ?, hash = ? WHERE name = ?",
                    (salt, _hashed(password, salt), name),
                )
            if role is not None:
                _check_role(role)
                db.execute("UPDATE users SET role = ? WHERE name = ?", (role, name))
            if not db.execute("SELECT changes()").fetchone()[0]:
                raise _unknown(name)
            db.execute("DELETE FROM sessions WHERE name = ?", (name,))

    def remove(self, name: str) -> None:
        """Remove an account and its sessions; what it did stays in the audit trail. Raises AccountError."""
        with self.opened() as db:
            if not db.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount:
                raise _unknown(name)

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """Return the token of a new session, or None where name or password is wrong.

        Raises AccountError while too many logins have failed for this name, above all from this address, or from it.
        """
        now, door = time.time(), _door(address)
        with self.opened() as db:
            _check_throttle(db, name, door, now)
            row = db.execute("SELECT salt, hash FROM users WHERE name = ?", (name,)).fetchone()
        # an unknown name costs as much time as a wrong password, so that names cannot be tried out
        salt, stored = row or (b"\x00" * 16, b"\x00" * 32)
        right = hmac.compare_digest(_hashed(password[:1000], salt), stored) and row is not None
        token = secrets.token_urlsafe(32)
        with self.opened() as db:
            if not right:
                db.execute("INSERT INTO failures VALUES (?, ?, ?)", (now, name[:100], door))
            else:
                db.execute(
                    "DELETE FROM failures WHERE (name = ? AND address = ?) OR at < ?",
                    (name, door, now - WINDOW_S),
                )
                db.execute("DELETE FROM sessions WHERE started_at < ?", (now - LIFE_S,))
                db.execute(
                    "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
                    (_digest(token), name, secrets.token_urlsafe(32), now, now),
                )
            _audit(db, name[:100], "masuk" if right else "gagal masuk", "", address)
        return token if right else None

    def session(self, token: str) -> Session | None:
        """Return the session of a cookie's token, or None where it is unknown or over; notes that it lives."""
        if not token or not self.path.is_file():
            return None
        now = time.time()
        with self.opened() as db:
            row = db.execute(
                "SELECT name, role, csrf, seen_at FROM sessions JOIN users USING (name)"
                " WHERE token = ? AND seen_at > ? AND started_at > ?",
                (_digest(token), now - IDLE_S, now - LIFE_S),
            ).fetchone()
            if row is None:
                return None
            if now - row[3] > 60:  # a write a minute is enough to know that somebody is there
                db.execute("UPDATE sessions SET seen_at = ? WHERE token = ?", (now, _digest(token)))
        return Session(*row[:3])

    def log_out(self, token: str) -> None:
        """End the session of this token."""
        with self.opened() as db:
            db.execute("DELETE FROM sessions WHERE token = ?", (_digest(token),))

    def note(self, name: str, action: str, target: str, address: str) -> None:
        """Add a row to the audit trail."""
        with self.opened() as db:
            _audit(db, name, action, target[:1000], address)

    def trail(self, *, limit: int = 200, before: float | None = None) -> list[AuditRow]:
        """Return the newest rows of the audit trail, newest first."""
        if not self.path.is_file():
            return []
        with self.opened() as db:
            return [
                AuditRow(*row)
                for row in db.execute(
                    "SELECT at, name, action, target, address FROM audit WHERE at < ? ORDER BY id DESC LIMIT ?",
                    (before or time.time() + 1, limit),
                )
            ]

    def forget(self, holds: Callable[[str], bool]) -> int:
        """Take what `holds` tells out of the file, for an erasure; return how many rows changed or went.

        The audit trail keeps who did what and when, and no longer to what; saved views with it go.
        """
        if not self.path.is_file():
            return 0
        changed = 0
        with self.opened() as db:
            db.execute("PRAGMA secure_delete = ON")
            for table, number, *texts in db.execute(_TEXTS).fetchall():
                if any(holds(text) or holds(unquote_plus(text)) for text in texts):
                    db.execute(_FORGET[table], (number,))
                    changed += 1
        with closing(sqlite3.connect(self.path, timeout=10)) as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return changed

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file, made where it is missing; what is changed inside stands at the end, or nothing does."""
        fresh = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if fresh:
            self.path.touch(mode=0o600)
        with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            if fresh:
                write_ahead(db)
            db.executescript(_SCHEMA) if fresh or not _has_tables(db) else None
            yield db


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'saved'").fetchone() is not None


def _check_name(name: str) -> None:
    if not (1 < len(name) <= 60) or not all(c.isalnum() or c in "._-@" for c in name):
        raise AccountError(f"name {name!r}: use 2 to 60 letters, digits, dots, dashes or @")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(f"role {role!r}: give one of {', '.join(ROLES)}")


def _unknown(name: str) -> AccountError:
    return AccountError(f"there is no account {name!r}; `wartawas user list` shows them")


def _check_password(password: str) -> None:
    if not MIN_PASSWORD <= len(password) <= 1000:
        raise AccountError(f"the password must have {MIN_PASSWORD} to 1000 characters")


def _door(address: str) -> str:
    """Return what failed logins are counted by: whoever has one IPv6 address has the whole network around it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _check_throttle(db: sqlite3.Connection, name: str, door: str, now: float) -> None:
    since = now - WINDOW_S
    limits = (
        ("name = ? AND address = ?", (name, door), MAX_AT_DOOR),
        ("name = ?", (name,), MAX_BY_NAME),
        ("address = ?", (door,), MAX_BY_ADDRESS),
    )
    for condition, values, most in limits:
        count, oldest = db.execute(
            f"SELECT count(*), min(at) FROM failures WHERE {condition} AND at > ?",  # noqa: S608
            (*values, since),
        ).fetchone()
        if count >= most:
            minutes = int((oldest + WINDOW_S - now) // 60) + 1
            raise AccountError(f"terlalu banyak percobaan masuk yang gagal; coba lagi dalam {minutes} menit")


def _hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _audit(db: sqlite3.Connection, name: str, action: str, target: str, address: str) -> None:
    db.execute(
        "INSERT INTO audit (at, name, action, target, address) VALUES (?, ?, ?, ?, ?)",
        (time.time(), name, action, target, address),
    )
