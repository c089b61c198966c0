"""Which texts are copies of which: each new text is compared with every earlier one through its bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline.database import fetch
from pipeline.duplicates import COPY, Signature, cut_bands, likeness, sign_texts
from pipeline.rows import Row
from pipeline.store import Store


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

    A text belongs to the earliest head that it shares most with, if that is 70 % of its shingles or more.
    """
    signatures = sign_texts([row.text for row in batch])
    bands = [cut_bands(signature) for signature in signatures]
    _forget(store, batch)
    near = _near(
        store, [(row.article, n, h) for row, hs in zip(batch, bands, strict=True) for n, h in enumerate(hs)]
    )
    heads = _signatures(store, {head for found in near.values() for head in found})
    fresh: dict[tuple[int, int], list[str]] = {}
    grouped: dict[str, Grouped] = {}
    new_bands: list[Row] = []
    for row, signature, hashes in zip(batch, signatures, bands, strict=True):
        here = {head for key in enumerate(hashes) for head in fresh.get(key, ())}
        group = _closest(signature, sorted(near.get(row.article, set()) | here), heads)
        if group is None:
            group = row.article
            heads[group] = signature
            for key in enumerate(hashes):
                fresh.setdefault(key, []).append(group)
            new_bands += [(row.article, row.version, n, h) for n, h in enumerate(hashes)]
        grouped[row.article] = Grouped(signature, group)
    store.insert("article_bands", new_bands)
    texts = [
        (r.article, r.version, r.extraction, grouped[r.article].group, grouped[r.article].signature.tobytes())
        for r in batch
    ]
    store.insert("article_texts", texts)
    return grouped


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


def _near(store: Store, bands: list[Row]) -> dict[str, set[str]]:
    schema = pa.schema([("article", pa.string()), ("band", pa.int16()), ("hash", pa.uint64())])
    found: dict[str, set[str]] = {}
    with store.frame(bands, schema):
        pairs = fetch(
            store.con,
            "SELECT DISTINCT batch.article, b.article_id FROM batch JOIN article_bands b USING (band, hash)",
        )
    for article, head in pairs:
        found.setdefault(article, set()).add(head)
    return found


def _signatures(store: Store, heads: set[str]) -> dict[str, Signature]:
    if not heads:
        return {}
    with store.frame([(head,) for head in sorted(heads)], pa.schema([("article_id", pa.string())])):
        rows = fetch(
            store.con, "SELECT article_id, signature FROM article_texts SEMI JOIN batch USING (article_id)"
        )
    return {article: np.frombuffer(raw, dtype=np.uint32) for article, raw in rows}
