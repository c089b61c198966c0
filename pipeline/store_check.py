"""Whether the work file adds up: each archived page read, refused or waiting, each link with both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa

from crawler.ledger import Ledger
from crawler.records import Capture
from pipeline import ids
from pipeline.chunks import chunks
from pipeline.database import fetch, scalar
from pipeline.rows import CHILD_TABLES
from pipeline.store import looked_up_to

_PAGE = pa.schema([("page_id", pa.string())])


@dataclass(frozen=True, slots=True)
class Fault:
    """So many rows contradict themselves, or only wait for the next run."""

    count: int
    text: str
    error: bool = True


@dataclass(slots=True)
class Fates:
    """What became of the archived pages: pages = read + refused + waiting + partless + stranded.

    `waiting` will be read by the next run, `partless` are further pages of an article whose first page was
    never archived, `stranded` are pages that runs no longer look at. `unknown` counts pages of the store
    that the ledger does not have.
    """

    pages: int = 0
    read: int = 0
    refused: int = 0
    waiting: int = 0
    partless: int = 0
    stranded: int = 0
    unknown: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


def count_fates(con: duckdb.DuckDBPyConnection, ledger: Ledger, captures: Iterable[Capture]) -> Fates:
    """Return what became of each capture that holds a body."""
    fates = Fates()
    known = 0
    passed = looked_up_to(con, scalar(con, _MODEL) or "")
    for chunk in chunks((capture for capture in captures if capture.kind != "revisit"), 1000):
        pages = {ids.page_id(capture): capture for capture in chunk}
        con.register("batch", pa.table({"page_id": list(pages)}, schema=_PAGE))
        found = fetch(con, _FATES)
        con.unregister("batch")
        fates.pages += len(pages)
        known += sum(stored for _, stored, _, _ in found)
        for key, _, read, refused in found:
            if read or refused:
                fates.read += read
                fates.refused += not read
            else:
                _unread(fates, ledger, pages[key], passed)
    # pages that came in parts stand in archives elsewhere: they have no number here
    fates.unknown = scalar(con, "SELECT count(*) FROM pages WHERE capture_id > 0") - known
    return fates


def _unread(fates: Fates, ledger: Ledger, capture: Capture, passed: int) -> None:
    if capture.part > 1 and not any(c.part == 1 for c in ledger.article_captures(capture.article_url)):
        fates.partless += 1
    elif capture.id <= passed:
        fates.stranded += 1
    else:
        fates.waiting += 1


# The model is that of the newest run: to ask the installed one would mean to load it.
_MODEL = """
SELECT model_version FROM runs WHERE command = 'process' AND model_version IS NOT NULL
ORDER BY started_at DESC LIMIT 1
"""
_FATES = """
SELECT page_id, page_id IN (SELECT page_id FROM pages WHERE capture_id > 0) AS stored,
    page_id IN (SELECT page_id FROM article_pages) AS read,
    page_id IN (SELECT page_id FROM refusals) AS refused
FROM batch
"""


def check_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Yield what contradicts itself among the rows of the work file."""
    for text, query in _CONTRADICTIONS.items():
        count = scalar(con, query)
        if count:
            yield Fault(count, text)
    for table in CHILD_TABLES:
        count = scalar(con, f"SELECT count(*) FROM {table} ANTI JOIN extractions USING (extraction_id)")  # noqa: S608
        if count:
            yield Fault(count, f"baris {table} tanpa hasil baca")


def check_articles(con: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Yield how many articles wait for the newest model, or to be linked to events."""
    for text, query in _WAITING.items():
        count = scalar(con, query)
        if count:
            yield Fault(count, f"{text}; jalankan `wartawas process`", error=False)


_CONTRADICTIONS = {
    "artikel tanpa keadaan teksnya": (
        "SELECT count(*) FROM articles a LEFT JOIN article_versions v USING (version_id)"
        " WHERE v.article_id IS DISTINCT FROM a.article_id"
    ),
    "keadaan teks tanpa artikel": (
        "SELECT count(*) FROM article_versions ANTI JOIN articles USING (article_id)"
    ),
    "teks yang berubah sejak disimpan (SHA-256 berbeda)": (
        "SELECT count(*) FROM article_versions"
        " WHERE sha256(coalesce(title, '') || chr(31) || text) <> text_hash"
    ),
    "artikel yang menunjuk hasil baca dari teks lain": (
        "SELECT count(*) FROM articles a LEFT JOIN extractions e USING (extraction_id)"
        " WHERE a.extraction_id IS NOT NULL AND e.version_id IS DISTINCT FROM a.version_id"
    ),
    "hasil baca tanpa teks": "SELECT count(*) FROM extractions ANTI JOIN article_versions USING (version_id)",
    "artikel hasil rayapan tanpa halaman arsip": (
        "SELECT count(*) FROM articles ANTI JOIN article_pages USING (version_id) WHERE source IS NOT NULL"
    ),
    "tautan artikel ke halaman yang tidak ada": (
        "SELECT count(*) FROM article_pages ANTI JOIN pages USING (page_id)"
    ),
    "halaman ditolak yang tidak tercatat": "SELECT count(*) FROM refusals ANTI JOIN pages USING (page_id)",
    "bukti yang tidak ada di tempatnya dalam teks": (
        "SELECT count(*) FROM case_evidence b JOIN extractions e USING (extraction_id)"
        " JOIN article_versions v USING (version_id)"
        " WHERE substring(v.text, b.start_at + 1, b.end_at - b.start_at) <> b.text"
    ),
    "anggota kejadian tanpa artikel": (
        "SELECT count(*) FROM event_members ANTI JOIN articles USING (article_id)"
    ),
    "anggota dari kejadian yang tidak ada": (
        "SELECT count(*) FROM event_members ANTI JOIN events USING (event_id)"
    ),
    "kejadian yang digabungkan ke kejadian yang tidak ada": (
        "SELECT count(*) FROM event_merges ANTI JOIN events USING (event_id)"
    ),
    "kejadian yang digabungkan tetapi masih ada": (
        "SELECT count(*) FROM event_merges m JOIN events e ON e.event_id = m.gone_id"
    ),
    "kejadian tanpa artikel": "SELECT count(*) FROM events ANTI JOIN event_members USING (event_id)",
}
_WAITING = {
    "artikel menunggu dibaca model terbaru": (
        "SELECT count(*) FROM articles a LEFT JOIN extractions e USING (extraction_id)"  # noqa: S608
        f" WHERE e.model_version IS DISTINCT FROM ({_MODEL})"
    ),
    "artikel belum dikaitkan ke kejadian": (
        "SELECT count(*) FROM articles a LEFT JOIN article_texts t USING (article_id)"
        " WHERE a.extraction_id IS NOT NULL AND t.extraction_id IS DISTINCT FROM a.extraction_id"
    ),
    "dugaan kasus belum dikaitkan ke kejadian": (
        "SELECT count(*) FROM articles JOIN cases USING (extraction_id)"
        " ANTI JOIN event_members USING (case_id)"
    ),
}
