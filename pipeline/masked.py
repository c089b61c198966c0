"""Masks over the rows of a snapshot: what an article's own readings and its event's articles say must be hidden."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

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
        self._plain: set[str] = set()  # the articles in which nothing is hidden

    def articles(self) -> Iterator[pa.Table]:
        """Yield the rows of `articles`, masked, some thousands at a time."""
        for start in range(0, self._raw.num_rows, _SLICE):
            raw = self._raw.slice(start, _SLICE)
            part = _masked(raw, ARTICLES, self._hides, {})
            before, after = _texts(raw), _texts(part)
            self._texts |= after
            self._plain |= {k for k in after if after[k] == before[k] and not self._hides[k].mask.runs}
            yield part

    def children(self, raw: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Return the rows of every table that hangs on articles, masked; the articles come first."""
        return {
            child.table: _masked(raw[child.table], child, self._hides, self._texts, self._plain)
            for child in CHILDREN
        }


def _texts(articles: pa.Table, column: str = "text") -> dict[str, str]:
    return dict(
        zip(articles.column("article_id").to_pylist(), articles.column(column).to_pylist(), strict=True)
    )


def _hides(con: duckdb.DuckDBPyConnection, texts: dict[str, str], titles: dict[str, str]) -> dict[str, _Hide]:
    """Return what to hide in each article of the chunk: what was read in it and in its event's articles."""
    names: dict[str, list[str]] = dict(fetch(con, _HIDDEN))
    spans = {key: list(zip(starts, ends, strict=True)) for key, starts, ends in fetch(con, _PERSONS)}
    earlier: dict[str, list[str]] = dict(fetch(con, _EVER_NAMED))
    hidden = {}
    for key, text in texts.items():
        found = names.get(key, []) + child_names(text, spans.get(key, ())) + child_names(titles[key] or "")
        if found:
            hidden[key] = found
    places: dict[str, list[str]] = dict(fetch(con, _PLACES, [list(hidden)]))
    hides = {}
    for key, text in texts.items():
        written = tuple(text[start:end] for start, end in spans.get(key, ()))
        mask = make_mask(hidden.get(key, ()), persons=written, places=places.get(key, ()))
        hides[key] = _Hide(mask, tuple(dict.fromkeys((*written, *earlier.get(key, ())))))
    return hides


_HIDDEN = "SELECT article_id, names FROM hidden SEMI JOIN chunk USING (article_id)"
_PERSONS = """
SELECT article_id, list(start_at), list(end_at) FROM chunk_mentions WHERE current AND label = 'per'
GROUP BY article_id
"""
# only where something is hidden do they matter: there are more of them than of anything else
_PLACES = """
SELECT article_id, list(text) FROM chunk_mentions
WHERE current AND label = 'loc' AND code IS NOT NULL AND article_id IN (SELECT unnest(?))
GROUP BY article_id
"""
_EVER_NAMED = """
SELECT article_id, list(DISTINCT text) FROM chunk_mentions WHERE label = 'per' AND NOT current GROUP BY article_id
"""


def _masked(
    table: pa.Table,
    spec: Projected,
    hides: dict[str, _Hide],
    texts: dict[str, str],
    plain: Collection[str] = (),
) -> pa.Table:
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
        table = _cut_anew(table, hides, texts, plain)
    return table


def _cut_anew(
    table: pa.Table, hides: dict[str, _Hide], texts: dict[str, str], plain: Collection[str]
) -> pa.Table:
    """Return the rows with `text` cut out of the masked texts; in the articles of `plain` it stays as it is.

    A text that is longer or shorter than its span is masked by itself.
    """
    hidden = pc.invert(pc.is_in(table.column("article_id"), value_set=pa.array(list(plain), pa.string())))
    size = pc.subtract(table.column("end_at"), table.column("start_at"))
    odd = pc.not_equal(pc.cast(pc.utf8_length(table.column("text")), size.type), size)
    touched = pc.or_(hidden, odd)
    columns = ("article_id", "start_at", "end_at", "text")
    rows = zip(*(table.filter(touched).column(name).to_pylist() for name in columns), strict=True)
    cut = [_cut(texts[k], start, end, value, hides[k].mask) for k, start, end, value in rows]
    index = table.schema.get_field_index("text")
    field = table.schema.field(index)
    before = table.column(index).combine_chunks()
    return table.set_column(
        index, field, pc.replace_with_mask(before, touched.combine_chunks(), pa.array(cut, field.type))
    )


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
