"""How the ledger writes instants and hints as text."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

from crawler.records import Hints


def utc_text(at: datetime) -> str:
    """Return the instant as the ledger writes it: UTC, to the second, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def text_utc(text: str | None) -> datetime | None:
    """Return the instant that `utc_text` wrote."""
    return datetime.fromisoformat(text) if text else None


def hints_json(hints: Hints | None) -> str | None:
    """Return the hints as the ledger stores them."""
    return json.dumps(asdict(hints), ensure_ascii=False) if hints else None


def json_hints(text: str | None) -> Hints | None:
    """Return the hints that `hints_json` wrote."""
    return Hints(**json.loads(text)) if text else None
