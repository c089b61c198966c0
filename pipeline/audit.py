"""The audit of erasures (SQLite): what was erased, when, why and by whom, without saying what it was.

A row holds a fingerprint: whoever knows the address or the name can prove that it was erased, nobody can read
it out of the row. Rows are only ever added.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS salt (word TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS erasures (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('article', 'person', 'pages', 'names')),
    fingerprint TEXT,
    reason      TEXT NOT NULL CHECK (reason <> ''),
    who         TEXT NOT NULL CHECK (who <> ''),
    figures     TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS addresses (erasure INTEGER NOT NULL REFERENCES erasures, fingerprint TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS erasures_stay BEFORE UPDATE ON erasures
BEGIN SELECT raise(ABORT, 'an audit row is never changed'); END;
CREATE TRIGGER IF NOT EXISTS erasures_last BEFORE DELETE ON erasures
BEGIN SELECT raise(ABORT, 'an audit row is never deleted'); END;
"""
_PRINTS = (
    "SELECT fingerprint FROM erasures WHERE fingerprint IS NOT NULL UNION SELECT fingerprint FROM addresses"
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """One row: its number, moment (UTC), kind, fingerprint, reason, who asked for it, and what was done."""

    id: int
    at: str
    kind: str
    fingerprint: str | None
    reason: str
    who: str
    figures: dict[str, Any]


def add_erasure(
    path: Path,
    kind: str,
    subject: str | None,
    *,
    reason: str,
    who: str,
    figures: Mapping[str, Any],
    addresses: Iterable[str] = (),
) -> Erasure:
    """Enter an erasure and return its row; `subject` is the address or name, of which a fingerprint is kept.

    So are those of all `addresses` of the articles that went.
    """
    with closing(_connect(path)) as con, con:
        print_ = None if subject is None else _fingerprint(con, subject)
        row = (datetime.now(UTC).isoformat(timespec="seconds"), kind, print_, reason.strip(), who.strip())
        text = json.dumps(dict(figures))
        added = con.execute(
            "INSERT INTO erasures (at, kind, fingerprint, reason, who, figures) VALUES (?, ?, ?, ?, ?, ?)",
            (*row, text),
        )
        prints = [(added.lastrowid, _fingerprint(con, address)) for address in sorted(addresses)]
        con.executemany("INSERT INTO addresses VALUES (?, ?)", prints)
    return list_erasures(path)[-1]


def list_erasures(path: Path, subject: str | None = None) -> list[Erasure]:
    """Return the rows, oldest first; with `subject`, those that erased this address or name."""
    if not path.is_file():
        return []
    with closing(_connect(path)) as con, con:
        rows = con.execute(
            "SELECT id, at, kind, fingerprint, reason, who, figures FROM erasures"
            " WHERE ?1 IS NULL OR fingerprint = ?1"
            " OR id IN (SELECT erasure FROM addresses WHERE fingerprint = ?1) ORDER BY id",
            (None if subject is None else _fingerprint(con, subject),),
        ).fetchall()
    return [
        Erasure(number, at, kind, fingerprint, why, who, json.loads(figures))
        for number, at, kind, fingerprint, why, who, figures in rows
    ]


def find_erased(path: Path, subjects: Iterable[str]) -> set[str]:
    """Return those of the addresses or names that were erased."""
    if not path.is_file():
        return set()
    with closing(_connect(path)) as con, con:
        prints = {row[0] for row in con.execute(_PRINTS)}
        return {subject for subject in subjects if _fingerprint(con, subject) in prints} if prints else set()


def _fingerprint(con: sqlite3.Connection, subject: str) -> str:
    row = con.execute("SELECT word FROM salt").fetchone()
    if row is None:
        row = (secrets.token_hex(16),)
        con.execute("INSERT INTO salt VALUES (?)", row)
    folded = " ".join(subject.casefold().split())
    return hmac.new(row[0].encode(), folded.encode(), hashlib.sha256).hexdigest()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    con = sqlite3.connect(path, timeout=10)
    con.executescript(_SCHEMA)
    path.chmod(0o600)
    return con
