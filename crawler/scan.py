"""Foreign WARC files looked through for pages of the sources: what is wanted goes into an archive of our own.

A scan can be killed at any moment: it writes down how far it came, and goes on from there.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.archive import Archive, Fetched, WarcWriter
from crawler.download import UNKNOWN, DownloadError, Fetching, FileChangedError, Version, is_remote, open_file
from crawler.records import Capture
from crawler.sieve import BROKEN, PASSED, Page, Passed, Sieve
from crawler.warcstream import Broken, Record, WarcError, WarcStream

__all__ = [
    "BROKEN",
    "PASSED",
    "DownloadError",
    "Fetching",
    "Scan",
    "Sieve",
    "WarcError",
    "is_remote",
    "open_file",
    "scan_warc",
]

_PAGES, _STATE = "pages", "scan.json"
_NOTE_S = 10.0
_NOTE_RECORDS = 5_000
_NAMED = 100  # damaged places that are named one by one
_VERSION = 1


@dataclass(slots=True)
class Scan:
    """What was found in a file up to byte `offset`: all of it where `done`. `file` tells the file that was read.

    `captures` stand in the archive of the scan's own folder, numbered from 1; `origins` says for each which
    first byte and how many bytes of the file it was (0 where that is not known).
    """

    offset: int = 0
    done: bool = False
    records: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    damage: list[tuple[int, str]] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    origins: list[tuple[int, int]] = field(default_factory=list)
    pages_end: int = 0
    read: int = 0
    file: Version = UNKNOWN

    def origin(self, capture: Capture, name: str) -> Capture:
        """Return one of `captures` as it stands in the scanned file, which is called `name`."""
        offset, length = self.origins[capture.id - 1]
        return replace(capture, id=0, warc=name, offset=offset, length=length)


def scan_warc(address: str, folder: Path, sieve: Sieve, how: Fetching, *, note_s: float = _NOTE_S) -> Scan:
    """Return what the sieve takes of the WARC at a path or an HTTP address; `folder` keeps pages and state.

    A scan of the same folder that was interrupted goes on, and begins anew after it found that the file had
    changed meanwhile; one that was done is not made again. Raises DownloadError and WarcError.
    """
    scan = _load(folder) or Scan()
    if scan.done:
        return scan
    writer = Archive(folder).open(_PAGES, "1", scan.pages_end)
    try:
        with open_file(address, how, scan.offset, scan.file) as stream:
            for _ in _steps(scan, WarcStream(stream, scan.offset), sieve, writer, note_s):
                scan.file = stream.version
                _save(scan, folder)
    except FileChangedError:
        writer.abandon()
        (folder / _STATE).unlink(missing_ok=True)  # half of one and half of another is neither
        raise
    except BaseException:
        writer.abandon()
        raise
    writer.close()
    scan.done = True
    _save(scan, folder)
    return scan


def _steps(
    scan: Scan, records: WarcStream, sieve: Sieve, writer: WarcWriter, note_s: float
) -> Iterator[None]:
    """Scan, and yield wherever the scan's state can be written down."""
    noted, at_note = time.monotonic(), scan.records
    open_end = False  # whether the length of the page that was taken last is still to be found
    for record in records:
        if open_end:
            begun = scan.origins[-1][0]
            scan.origins[-1] = (begun, max(0, record.offset - begun))
            open_end = False
        late = scan.records - at_note >= _NOTE_RECORDS or time.monotonic() - noted >= note_s
        if late and isinstance(record, Record) and record.leads:
            scan.offset, scan.read = record.offset, records.position
            writer.sync()
            yield
            noted, at_note = time.monotonic(), scan.records
        open_end = _take(scan, record, sieve, writer)
    scan.read = records.position
    if open_end:
        begun = scan.origins[-1][0]
        scan.origins[-1] = (begun, max(0, records.position - begun))


def _take(scan: Scan, record: Record | Broken, sieve: Sieve, writer: WarcWriter) -> bool:
    """Count a record; return whether it was taken."""
    scan.records += 1
    if isinstance(record, Broken):
        _damaged(scan, record.offset, record.reason)
        return False
    try:
        page = sieve.take(record)
    except Passed as passed:
        if passed.reason == "truncated":  # counted by the stream, which stumbles over the same place
            scan.records -= 1
        elif passed.reason in BROKEN:
            _damaged(scan, record.offset, passed.reason)
        else:
            scan.passed[passed.reason] += 1
        return False
    _keep(scan, page, writer)
    scan.origins.append((record.offset, 0))
    return True


def _keep(scan: Scan, page: Page, writer: WarcWriter) -> None:
    headers = (("Content-Type", page.content_type),)
    place = writer.write_response(Fetched(page.url, 200, "OK", headers, page.body, page.at))
    scan.pages_end = place.offset + place.length
    scan.captures.append(
        Capture(
            len(scan.captures) + 1, page.source, "backfill", page.url, page.article_url, page.part, "response",
            200, page.content_type, page.at, page.sha256, place.warc, place.offset, place.length,
        )
    )  # fmt: skip


def _damaged(scan: Scan, offset: int, reason: str) -> None:
    scan.broken[reason] += 1
    if len(scan.damage) < _NAMED:
        scan.damage.append((offset, reason))


def _save(scan: Scan, folder: Path) -> None:
    row = {name: getattr(scan, name) for name in Scan.__slots__} | {"version": _VERSION}
    row["captures"] = [asdict(capture) for capture in scan.captures]
    draft = folder / f".{_STATE}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(row, file, default=datetime.isoformat)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _STATE)


def _load(folder: Path) -> Scan | None:
    """Return the state that a scan left, None where there is none that can be used."""
    try:
        row: dict[str, Any] = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        if row.pop("version") != _VERSION:
            return None
        row["captures"] = [
            Capture(**{**c, "fetched_at": datetime.fromisoformat(c["fetched_at"])}) for c in row["captures"]
        ]
        row["file"] = tuple(row.get("file", UNKNOWN))
        pairs = {name: [tuple(pair) for pair in row[name]] for name in ("damage", "origins")}
        counts = {name: Counter(row[name]) for name in ("passed", "broken")}
        return Scan(**(row | pairs | counts))
    except (OSError, ValueError, KeyError, TypeError):
        return None
