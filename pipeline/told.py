"""What readers were told last: the stage of every case, with which the next night compares its own.

It stands beside the nights' records and apart from the snapshots: one may be published between two nights, by hand
or by an erasure (which also removes those before it), or by a night that was killed before anybody was told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from pipeline.database import fetch
from pipeline.night_record import write_json
from pipeline.settings import Settings
from pipeline.shelf import MASKED, connect_database

PAGE, NOTICE = "page", "notice"

Told = Mapping[str, tuple[str, int]]


def load_told(nights: Path, way: str) -> Told:
    """Return the stage that each case was last told with on a `way` (PAGE, NOTICE), and its rank, by event.

    Empty where nothing was told yet or the file cannot be read: telling a case twice is better than never.
    """
    try:
        rows = json.loads(_file(nights, way).read_text(encoding="utf-8"))
        return {event: (stage, int(rank)) for event, (stage, rank) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_told(settings: Settings, number: int | None, way: str) -> None:
    """Note that the cases of a snapshot were told; without one (nothing was published) nothing changes."""
    file = settings.snapshots / f"snap-{number}" / MASKED
    if number is None or not file.is_file():
        return
    with closing(connect_database(file)) as db:
        rows = fetch(db, "SELECT event_id, stage, stage_rank FROM events WHERE kind = 'kasus'")
    settings.nights.mkdir(parents=True, exist_ok=True)
    write_json(_file(settings.nights, way), {event: [stage, rank] for event, stage, rank in rows})


def _file(nights: Path, way: str) -> Path:
    return nights / f"told-{way}.json"
