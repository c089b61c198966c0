"""Full text combined with all filters: the index finds, the snapshot's database narrows and shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.answer import answer
from pipeline.database import fetch, scalar
from pipeline.filters import ANY, Filters, QuestionError
from pipeline.search import SearchError, search_articles, search_terms
from pipeline.shelf import SEARCH
from pipeline.stems import stems

Order = Literal["baru", "cocok"]
_WORD = re.compile(r"\w+")
_AROUND = 15  # words of a snippet before and after the first match
_FEW = 100_000  # articles that a search is told to look among
_WIDENED = 20  # how many times more hits are taken when the filters leave too few


def cari(
    db: duckdb.DuckDBPyConnection,
    filters: Filters = ANY,
    *,
    kata: str,
    urut: Order = "baru",
    limit: int | None = 50,
) -> pd.DataFrame:
    """Return the articles that hold every word: the newest first, or with `urut` "cocok" the best.

    Columns: tanggal, media, judul, cuplikan, jenis_berita, jenis, wilayah, kode, alamat, sha256, id, kejadian,
    dihitung ("terkait": the article only touches the event). A word also finds its other forms (awas,
    pengawasan), "a phrase" stands in quotes as printed, `awal*` finds whatever begins so. `cuplikan` is the text around
    the first word. Raises QuestionError where there is no word.
    """
    if urut not in ("baru", "cocok"):
        raise QuestionError(f"urut {urut!r}: pilih baru atau cocok")
    index = Path(
        str(scalar(db, "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"))
    )
    index = index.with_name(SEARCH)
    wanted = limit or 1_000_000_000
    take, among = wanted, None
    while True:
        try:
            hits = search_articles(index, kata, limit=take, ranked=urut == "cocok", among=among)
        except SearchError as error:
            raise QuestionError(str(error)) from None
        frame = _shown(db, hits, filters, wanted, kata)
        if len(frame) >= wanted or len(hits) < take:
            return frame
        if take == wanted:
            among = few_articles(db, filters)
        take *= _WIDENED


def few_articles(db: duckdb.DuckDBPyConnection, filters: Filters) -> list[str] | None:
    """Return the ids of the articles that the filters leave, or None where they leave many or all of them."""
    if filters == ANY:
        return None
    sql = f"SELECT article_id FROM articles_where($f) LIMIT {_FEW + 1}"  # noqa: S608 - a number of this module
    found = [str(key) for (key,) in fetch(db, sql, {"f": filters.values()})]
    return found if len(found) <= _FEW else None


def _shown(
    db: duckdb.DuckDBPyConnection, hits: list[str], filters: Filters, limit: int, kata: str
) -> pd.DataFrame:
    table = pa.table({"article_id": pa.array(hits, pa.string()), "n": pa.array(range(len(hits)), pa.int64())})
    db.register("search_hits", table)
    try:
        frame = answer(db, "cari", f=filters.values(), limit=limit)
    finally:
        db.unregister("search_hits")
    frame["cuplikan"] = [snippet(text, kata) for text in frame["cuplikan"]]
    return frame


def snippet(text: str, kata: str) -> str:
    """Return the words of the text around the first place that matches what was asked for."""
    terms = search_terms(kata)
    begins = tuple(bare.lower() for bare, _, prefix in terms if prefix)
    wanted = {stem for bare, _, prefix in terms if not prefix for stem in stems(bare)}
    words = list(_WORD.finditer(text))
    found = next(
        (n for n, word in enumerate(words)
         if (begins and word.group().lower().startswith(begins)) or wanted.intersection(stems(word.group()))),
        0,
    )  # fmt: skip
    if not words:
        return ""
    first, last = max(0, found - _AROUND), min(len(words) - 1, found + _AROUND)
    piece = " ".join(text[words[first].start() : words[last].end()].split())
    return ("… " if first else "") + piece + (" …" if last < len(words) - 1 else "")
