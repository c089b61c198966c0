"""Which article a reviewer is shown next: the least certain first, and one in twenty drawn at random.

The draw is a fixed one: an article is drawn where the head of its text's hash lies in a range that holds one hash in
twenty. Drawn articles are shown in the order of their hashes and never for being uncertain, so those that were
reviewed are a fair sample of the queue: they alone tell how good the readings are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import duckdb

from pipeline.label_reviews import Decided
from pipeline.reviews import TextRef

SEED = 0x7000  # where the range of drawn hashes begins, by their first four digits
ONE_IN = 20
PER_PAGE = 20  # one of them drawn
SURE = 0.9  # from which confidence an article about something else is not asked about
MOST = 20_000  # articles that are held ready; more where many have been decided about
ORDERS = {
    "ragu": "paling ragu dahulu",
    "wilayah": "menurut wilayah",
    "ulang": "perlu diperiksa ulang: naskahnya berubah",
    "kedua": "penilaian kedua: sudah ditinjau satu orang",
}
_FROM, _TO = f"{SEED:04x}", f"{SEED + round(0x10000 / ONE_IN):04x}"


@dataclass(frozen=True, slots=True)
class Said:
    """What was decided so far, as the queue needs it, and who asks."""

    rows: Sequence[Decided]
    reviewer: str

    def done(self) -> set[TextRef]:
        """Return the texts that have been decided about."""
        return {row.ref for row in self.rows if row.counts}

    def once(self) -> set[TextRef]:
        """Return the texts that one other reviewer has decided about, and nobody a second time."""
        by: dict[TextRef, set[str]] = {}
        for row in self.rows:
            by.setdefault(row.ref, set()).add(row.reviewer)
        return {ref for ref, names in by.items() if len(names) == 1 and self.reviewer not in names}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be asked about: its row in the snapshot, its text, how sure the reading is, its place."""

    row: int
    ref: TextRef
    sure: float
    place: str | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The articles of a snapshot (in one region) to ask about: the least certain first, and those drawn.

    `total` and `total_drawn` count all of them, those beyond the ones held ready too.
    """

    unsure: tuple[Candidate, ...]
    drawn: tuple[Candidate, ...]
    total: int
    total_drawn: int

    def waiting(self, said: Said) -> tuple[int, int]:
        """Return how many articles still wait, and how many of them are drawn; large numbers are nearly right."""
        done = said.done()
        if self.total == len(self.unsure) + len(self.drawn):
            left = [sum(one.ref not in done for one in found) for found in (self.unsure, self.drawn)]
            return sum(left), left[1]
        drawn = sum(is_drawn(ref.text_hash) for ref in done)
        return max(0, self.total - len(done)), max(0, self.total_drawn - drawn)


def is_drawn(text_hash: str) -> bool:
    """Tell whether an article with a text of this hash belongs to the random sample."""
    return _FROM <= text_hash[:4] < _TO


def enough(said: Said) -> int:
    """Return how many candidates to hold so that many are left after those decided about."""
    held = MOST
    while held < 2 * len(said.rows):
        held *= 2
    return held


def find_candidates(db: duckdb.DuckDBPyConnection, most: int, region: str | None = None) -> Candidates:
    """Return the articles to ask about, up to `most`; it looks through the whole snapshot once."""
    values = {"region": region, "most": most}
    found = [
        [
            Candidate(row, TextRef(url, text), sure, place)
            for row, url, text, sure, place in _rows(db, sql, values)
        ]
        for sql in (_UNSURE, _SAMPLE)
    ]
    ((total, drawn),) = _rows(db, _COUNT, {"region": region})
    return Candidates(tuple(found[0]), tuple(found[1]), total, drawn)


def queue(
    db: duckdb.DuckDBPyConnection,
    found: Candidates,
    said: Said,
    order: str,
    *,
    region: str | None = None,
    page: int = 1,
) -> list[dict[str, Any]]:
    """Return one page of the queue as rows: article_id, title, outlet, day, kind, place, `sure`, `drawn`.

    `order` is one of ORDERS; `region` is that of the candidates.
    """
    if order in ("ulang", "kedua"):
        sql, refs = (_CHANGED, said.done()) if order == "ulang" else (_AMONG, said.once())
        known = sorted((ref.url or "", ref.text_hash) for ref in refs)
        values = {"urls": [url for url, _ in known], "hashes": [text for _, text in known], "region": region}
        rows = _rows(db, sql, values | {"limit": PER_PAGE, "skip": (page - 1) * PER_PAGE})
        return _details(db, dict(rows))
    most = PER_PAGE - 1
    ordered: Iterable[Candidate] = found.unsure
    if order == "wilayah":
        ordered = sorted(found.unsure, key=lambda one: (one.place is None, one.place or "", one.sure))
    done = said.done()
    chosen = list(_page(ordered, done, (page - 1) * most, most))
    for one in _page(found.drawn, done, page - 1, 1):  # anywhere, so that nobody learns to pass it over
        chosen.insert(int(one.ref.text_hash[-4:], 16) % (len(chosen) + 1), one)
    return _details(db, {one.row: one.sure for one in chosen})


def _page(found: Iterable[Candidate], done: set[TextRef], skip: int, most: int) -> Iterator[Candidate]:
    return islice((one for one in found if one.ref not in done), skip, skip + most)


def _details(db: duckdb.DuckDBPyConnection, chosen: dict[int, float]) -> list[dict[str, Any]]:
    cursor = db.execute(_DETAILS, {"rows": list(chosen)})
    names = [column[0] for column in cursor.description]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return [
        rows[key] | {"sure": sure, "drawn": is_drawn(rows[key]["text_hash"])} for key, sure in chosen.items()
    ]


def _rows(db: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return db.execute(sql, values).fetchall()


# ruff: noqa: S608 - what is put in is of this module
_INSIDE = "($region IS NULL OR event_place = $region OR starts_with(event_place, $region || '.'))"
_ASKED = f"(kind <> 'lainnya' OR confidence < {SURE}) AND {_INSIDE}"
_DRAWN = f"(text_hash >= '{_FROM}' AND text_hash < '{_TO}')"
_UNSURE = f"""
SELECT a.row, a.url, a.text_hash, least(a.confidence, coalesce(c.least, 1)) AS sure, a.event_place
FROM (SELECT rowid AS row, article_id, url, text_hash, confidence, event_place FROM articles
      WHERE {_ASKED} AND NOT {_DRAWN}) a
LEFT JOIN (SELECT article_id, min(confidence) AS least FROM cases GROUP BY article_id) c USING (article_id)
ORDER BY sure, a.row LIMIT $most
"""
_SAMPLE = f"""
SELECT rowid, url, text_hash, confidence, event_place FROM articles
WHERE {_ASKED} AND {_DRAWN} ORDER BY text_hash, rowid LIMIT $most // 10
"""
_COUNT = f"SELECT count(*), count(*) FILTER ({_DRAWN}) FROM articles WHERE {_ASKED}"
_DETAILS = """
SELECT rowid, article_id, text_hash, title, coalesce(outlet, source) AS outlet,
    day_of(day, first_seen, utc_offset) AS day, kind, event_place
FROM articles WHERE rowid IN (SELECT unnest($rows::BIGINT[]))
"""
_DECIDED = """
(SELECT unnest($urls::VARCHAR[]) AS url, unnest($hashes::VARCHAR[]) AS text_hash) d
ON d.text_hash = a.text_hash AND d.url = coalesce(a.url, '')
"""
_AMONG = f"""
SELECT a.rowid, a.confidence FROM articles a SEMI JOIN {_DECIDED}
WHERE {_INSIDE} ORDER BY a.article_id LIMIT $limit OFFSET $skip
"""
# an address whose text was decided about once, and is another now
_CHANGED = f"""
SELECT row, confidence FROM (
    SELECT a.rowid AS row, a.confidence, a.text_hash, a.url FROM articles a
    SEMI JOIN (SELECT unnest($urls::VARCHAR[]) AS url) u ON u.url = a.url WHERE {_INSIDE}
) a ANTI JOIN {_DECIDED}
ORDER BY row DESC LIMIT $limit OFFSET $skip
"""
