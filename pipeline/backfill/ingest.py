"""Parts → the store: stored and linked piece by piece, so that a million articles need no more memory than a night.

Which parts a store holds already is noted beside it; a part that was ingested half is taken up again, and what it
had stored by then changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.source import Source
from pipeline import collector, events
from pipeline.audit import find_erased
from pipeline.backfill.parts import Found, PartError, part_line, read_part
from pipeline.database import scalar
from pipeline.store import Store, StoredArticle

BATCH = 10_000
LINK_EVERY = 20_000
"""Articles after which events are linked: what waits for it is looked through as a whole."""
_NOTES = "parts.jsonl"


@dataclass(slots=True)
class IngestReport:
    """What a run took in: parts, of them new ones, articles (of them new states), readings that were new, refusals."""

    parts: int = 0
    fresh: int = 0
    articles: int = 0
    states: int = 0
    readings: int = 0
    refused: int = 0
    erased: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    line: dict[str, Any]


@collector.paused()
def ingest_parts(
    store: Store,
    folder: Path,
    *,
    sources: Iterable[Source] = (),
    erasures: Path | None = None,
    reviews: Path | None = None,
    on_part: Callable[[IngestReport], None] | None = None,
    link_every: int = LINK_EVERY,
) -> IngestReport:
    """Store what the parts in `folder` hold, oldest pages first, and link it; return what was new.

    `sources` are entered as they are described now, and the parts' invented ones that are described nowhere as
    invented. An article whose address stands in the audit of `erasures` stays out. Raises PartError for a folder
    without parts and for a damaged one, and StoreError.
    """
    report = IngestReport()
    parts = _find_parts(folder)
    notes = _Notes(store)
    models = {part.line["model"] for part in parts}
    store.store_sources(sources)
    run = store.begin_run("ingest-parts", models.pop() if len(models) == 1 else None)
    waiting = 0
    for part in parts:
        report.parts += 1
        if part.line["hash"] not in notes.known:
            report.fresh += 1
            store.store_invented(part.line.get("invented", {}))
            for batch in read_part(part.path, BATCH):
                waiting += _store(store, _allowed(batch, erasures, report), part.line["model"], run, report)
                if waiting >= link_every:
                    report.events = events.link_events(store, reviews, batch=link_every)
                    waiting = 0
            notes.add(part.line)
        if on_part:
            on_part(report)
    report.events = events.link_events(store, reviews, batch=link_every)
    store.end_run(run, {name: getattr(report, name) for name in IngestReport.__slots__})
    return report


def _find_parts(folder: Path) -> list[_Part]:
    """Return the parts below a folder by the age of their first page: events begin with what was fetched first."""
    inside = folder / "parts" if (folder / "parts").is_dir() else folder
    files = sorted(path for path in inside.rglob("*.parquet") if not path.name.startswith("."))
    if not files:
        raise PartError(f"{folder}: no part (*.parquet) there; give the folder that `backfill --out` wrote")
    found = []
    for path in files:
        line = part_line(path)
        if line is None:
            raise PartError(f"{path}: no part of a back-fill, or a damaged one; remove it, or make it anew")
        found.append(_Part(path, line))
    return sorted(found, key=lambda part: (part.line["first"] or "", part.path.name))


def _allowed(batch: list[Found], erasures: Path | None, report: IngestReport) -> list[Found]:
    """Return what was not erased on request; captures of other machines lose the numbers they had there."""
    urls = {
        url for found in batch for capture in found.captures for url in (capture.article_url, capture.url)
    }
    gone = find_erased(erasures, urls) if erasures else set()
    kept = []
    for found in batch:
        if gone & {url for capture in found.captures for url in (capture.article_url, capture.url)}:
            report.erased += 1
            continue
        kept.append(replace(found, captures=tuple(replace(capture, id=0) for capture in found.captures)))
    return kept


def _store(store: Store, batch: list[Found], model: str, run: str, report: IngestReport) -> int:
    """Store a batch in one transaction; return how many readings were new."""
    good = [(f, f.article, f.extraction) for f in batch if f.article and f.extraction]
    bad = [(f.refusal, capture) for f in batch if f.refusal for capture in f.captures]
    with store.transaction():
        store.store_refusals(bad, model)
        states = store.store_articles(StoredArticle(article, f.captures) for f, article, _ in good)
        readings = store.store_extractions(((article, found) for _, article, found in good), run)
    report.articles += len(good)
    report.states += states
    report.readings += readings
    report.refused += len(batch) - len(good)
    return readings


class _Notes:
    """Which parts the store took in, by the hash of their rows, in a file beside it that names the store."""

    def __init__(self, store: Store) -> None:
        self._path = store.path.parent / _NOTES
        # the file's own random word tells whether the store is still the one that took them in
        self._store = hashlib.sha256(str(scalar(store.con, "SELECT salt FROM salts")).encode()).hexdigest()[
            :16
        ]
        self.known = {row["hash"] for row in self._rows() if row.get("store") == self._store}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for raw in self._path.read_bytes().splitlines() if self._path.is_file() else ():
            try:
                yield json.loads(raw)
            except ValueError:
                continue  # torn by a kill: the part is looked at again

    def add(self, line: dict[str, Any]) -> None:
        """Note a part; it may be noted twice."""
        row = {"store": self._store, "part": line["part"], "hash": line["hash"], "rows": line["rows"]}
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n" + json.dumps(row))
            file.flush()
            os.fsync(file.fileno())
        self.known.add(line["hash"])
