"""Masks over the rows of a snapshot: what an article's own readings and its event's articles say must be hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.database import fetch
from pipeline.mask import Mask, child_names, make_mask, mask_name
from pipeline.projected import ARTICLES, CHILDREN, Projected

_SLICE = 2_000


@dataclass(frozen=True, slots=True)
class _Hide:
    mask: Mask
    persons: tuple[str, ...]  # everybody whom any state of the article names

    def people(self, text: str | None) -> str | None:
        """Return the text with every person that the article names, or ever named, masked."""
        if not text:
            return text
        return make_mask([*self.persons, *child_names(text)]).text(self.mask.text(text))


class Masker:
    """Masks the rows of the articles in the temporary tables `chunk` and `chunk_mentions`; `hidden` has names."""

    def __init__(self, con: duckdb.DuckDBPyConnection, articles: pa.Table) -> None:
        self._hides = _hides(con, _texts(articles), _texts(articles, "title"))
        self._raw = articles
        self._texts: dict[str, str] = {}

    def articles(self) -> Iterator[pa.Table]:
        """Yield the rows of `articles`, masked, some thousands at a time."""
        for start in range(0, self._raw.num_rows, _SLICE):
            part = _masked(self._raw.slice(start, _SLICE), ARTICLES, self._hides, {})
            self._texts |= _texts(part)
            yield part

    def children(self, raw: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Return the rows of every table that hangs on articles, masked; the articles come first."""
        return {child.table: _masked(raw[child.table], child, self._hides, self._texts) for child in CHILDREN}


def _texts(articles: pa.Table, column: str = "text") -> dict[str, str]:
    return dict(
        zip(articles.column("article_id").to_pylist(), articles.column(column).to_pylist(), strict=True)
    )


def _hides(con: duckdb.DuckDBPyConnection, texts: dict[str, str], titles: dict[str, str]) -> dict[str, _Hide]:
    """Return what to hide in each article of the chunk: what was read in it and in its event's articles."""
    names: dict[str, list[str]] = {key: [] for key in texts}
    for key, hidden in fetch(con, "SELECT article_id, names FROM hidden SEMI JOIN chunk USING (article_id)"):
        names[key] = list(hidden)
    persons: dict[str, list[tuple[int, int]]] = {key: [] for key in texts}
    places: dict[str, list[str]] = {key: [] for key in texts}
    for key, label, start, end, text in fetch(con, _PERSONS_AND_PLACES):
        if label == "per":
            persons[key].append((start, end))
        else:
            places[key].append(text)
    earlier: dict[str, list[str]] = {key: [] for key in texts}
    for key, name in fetch(con, _EVER_NAMED):
        earlier[key].append(name)
    hides = {}
    for key, text in texts.items():
        written = tuple(text[start:end] for start, end in persons[key])
        hidden = names[key] + child_names(text, persons[key]) + child_names(titles[key] or "")
        everybody = tuple(dict.fromkeys((*written, *earlier[key])))
        hides[key] = _Hide(make_mask(hidden, persons=written, places=places[key]), everybody)
    return hides


_PERSONS_AND_PLACES = """
SELECT article_id, label, start_at, end_at, text FROM chunk_mentions
WHERE current AND (label = 'per' OR (label = 'loc' AND code IS NOT NULL))
"""
_EVER_NAMED = "SELECT DISTINCT article_id, text FROM chunk_mentions WHERE label = 'per' AND NOT current"


def _masked(table: pa.Table, spec: Projected, hides: dict[str, _Hide], texts: dict[str, str]) -> pa.Table:
    keys = table.column("article_id").to_pylist()

    def put(column: str, hide: Callable[[_Hide], Callable[[str | None], str | None]]) -> pa.Table:
        values = table.column(column).to_pylist()
        return _with(table, column, [_each(v, hide(hides[k])) for k, v in zip(keys, values, strict=True)])

    before = table.column("name").to_pylist() if spec.key else []
    for column in spec.texts:
        table = put(column, lambda hide: hide.mask.text)
    if spec.key:
        shown = zip(before, table.column("name").to_pylist(), table.column(spec.key).to_pylist(), strict=True)
        table = _with(table, spec.key, [key if raw == name else None for raw, name, key in shown])
    for column in spec.names:
        table = put(column, lambda _: mask_name)
    for column in spec.people:
        table = put(column, lambda hide: hide.people)
    for column in spec.urls:
        table = put(column, lambda hide: hide.mask.url)
    if spec.spans:
        spans = zip(
            keys, *(table.column(name).to_pylist() for name in ("start_at", "end_at", "text")), strict=True
        )
        table = _with(
            table, "text", [_cut(texts[k], start, end, v, hides[k].mask) for k, start, end, v in spans]
        )
    return table


def _each(value: Any, hide: Any) -> Any:
    return [hide(item) for item in value] if isinstance(value, list) else hide(value)


def _cut(text: str, start: int, end: int, value: str, mask: Mask) -> str:
    """Return the stretch of the masked text: a name that begins before the stretch is hidden in it too."""
    piece = text[start:end]
    return piece if len(piece) == len(value) else (mask.text(value) or "")


def _with(table: pa.Table, column: str, values: list[Any]) -> pa.Table:
    index = table.schema.get_field_index(column)
    return table.set_column(
        index, table.schema.field(index), pa.array(values, table.schema.field(index).type)
    )
