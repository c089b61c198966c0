"""Which texts are copies of which: each new text is compared with every earlier one through its bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from pipeline.database import fetch
from pipeline.duplicates import COPY, Signature, cut_bands, likeness, sign_texts
from pipeline.rows import Row
from pipeline.store import Store

_MOST = 32  # different texts of one band: a band of more is a form that many fill in, and tells nothing about copies


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text to be grouped: its article, the states it belongs to, title and text as one string."""

    article: str
    version: str
    extraction: str
    text: str


@dataclass(frozen=True, slots=True)
class Grouped:
    """A text's signature, and the article whose text it is a copy of (its own id where it is no copy)."""

    signature: Signature
    group: str


def group_texts(store: Store, batch: Sequence[TextRow]) -> dict[str, Grouped]:
    """Record the group of each text of the batch, in order, and return it by article.

    A text belongs to the earliest head that it shares most with, if that is 70 % of its shingles or more. Forms
    with which thousands of different texts are filled in (prices, prayer times) are compared by what is rare in each.
    """
    signatures = sign_texts([row.text for row in batch])
    bands = [tuple(enumerate(cut_bands(signature))) for signature in signatures]
    _forget(store, batch)
    near = _load_near(store, {key for keys in bands for key in keys})
    heads = _signatures(store, {head for found in near.bands.values() for head in found})
    grouped: dict[str, Grouped] = {}
    new_bands: list[Row] = []
    for row, signature, keys in zip(batch, signatures, bands, strict=True):
        group = _closest(signature, sorted({head for key in keys for head in near.heads(key)}), heads)
        if group is None:
            group = row.article
            heads[group] = signature
            near.add(keys, group)
            new_bands += [(row.article, row.version, n, h) for n, h in keys]
        grouped[row.article] = Grouped(signature, group)
    store.insert("article_bands", new_bands)
    texts = [
        (r.article, r.version, r.extraction, grouped[r.article].group, grouped[r.article].signature.tobytes())
        for r in batch
    ]
    store.insert("article_texts", texts)
    return grouped


@dataclass(frozen=True, slots=True)
class _Near:
    """The heads of each band, those of the store and new ones; a band of too many has none, and stays so."""

    bands: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    forms: set[tuple[int, int]] = field(default_factory=set)

    def heads(self, key: tuple[int, int]) -> list[str]:
        """Return the heads that have a band."""
        return self.bands.get(key, [])

    def add(self, keys: Sequence[tuple[int, int]], head: str) -> None:
        """Take in a text that is no copy."""
        for key in keys:
            if key in self.forms:
                continue
            found = self.bands.setdefault(key, [])
            found.append(head)
            if len(found) > _MOST:
                self.forms.add(key)
                del self.bands[key]


def _closest(signature: Signature, found: Sequence[str], heads: dict[str, Signature]) -> str | None:
    scored = [(likeness(signature, heads[head]), head) for head in found if head in heads]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= COPY else None


def _forget(store: Store, batch: Sequence[TextRow]) -> None:
    """Drop what an earlier reading of these articles left; their copies keep the group's name."""
    with store.frame([(row.article,) for row in batch], pa.schema([("article_id", pa.string())])):
        if fetch(store.con, "SELECT 1 FROM article_texts SEMI JOIN batch USING (article_id) LIMIT 1"):
            store.con.execute("DELETE FROM article_bands WHERE article_id IN (SELECT article_id FROM batch)")
            store.con.execute("DELETE FROM article_texts WHERE article_id IN (SELECT article_id FROM batch)")


def _load_near(store: Store, keys: set[tuple[int, int]]) -> _Near:
    near = _Near()
    with store.frame(sorted(keys), pa.schema([("band", pa.int16()), ("hash", pa.uint64())])):
        for band, value, heads in fetch(store.con, _HEADS, {"most": _MOST}):
            if heads is None:
                near.forms.add((band, value))
            else:
                near.bands[band, value] = heads
    return near


_HEADS = """
SELECT band, hash, CASE WHEN count(*) <= $most THEN list(article_id) END
FROM article_bands SEMI JOIN batch USING (band, hash) GROUP BY band, hash
"""


def _signatures(store: Store, heads: set[str]) -> dict[str, Signature]:
    if not heads:
        return {}
    with store.frame([(head,) for head in sorted(heads)], pa.schema([("article_id", pa.string())])):
        rows = fetch(store.con, _SIGNATURES)
    return {article: np.frombuffer(raw, dtype=np.uint32) for article, raw in rows}


_SIGNATURES = """
SELECT article_id, signature FROM article_texts
WHERE rowid IN (SELECT x.rowid FROM article_texts x SEMI JOIN batch USING (article_id))
"""
