"""How the ledger writes instants and hints as text."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

from crawler.records import Hints

_HINTS = [field.name for field in fields(Hints)]


def utc_text(at: datetime) -> str:
    """Return the instant as the ledger writes it: UTC, to the second, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def text_utc(text: str | None) -> datetime | None:
    """Return the instant that `utc_text` wrote."""
    return datetime.fromisoformat(text) if text else None


def hints_json(hints: Hints | None) -> str | None:
    """Return the hints as the ledger stores them."""
    if hints is None:
        return None
    values = {name: getattr(hints, name) for name in _HINTS}
    return json.dumps(values, ensure_ascii=False)


def json_hints(text: str | None) -> Hints | None:
    """Return the hints that `hints_json` wrote."""
    return Hints(**json.loads(text)) if text else None
