"""The questions by the name under which they are asked, with the filters that each one takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from pipeline import query
from pipeline.query import Filters, QuestionError


@dataclass(frozen=True, slots=True)
class Question:
    """A question: what it answers in one line, its function, and which options it takes."""

    summary: str
    ask: Callable[..., pd.DataFrame]
    filters: bool = True
    options: tuple[str, ...] = ()


QUESTIONS: Mapping[str, Question] = {
    "baru": Question("dugaan kasus terbaru: jenis, tempat, tahap, bukti", query.baru, options=("limit",)),
    "kasus-per-jenis": Question("dugaan kasus menurut jenis pelanggaran", query.kasus_per_jenis),
    "kasus-per-wilayah": Question(
        "dugaan kasus menurut provinsi, kabupaten/kota, atau kecamatan",
        query.kasus_per_wilayah,
        options=("tingkat",),
    ),
    "kasus-per-bulan": Question(
        "dugaan kasus menurut bulan, dengan jumlah artikel dan sumber yang dibaca", query.kasus_per_bulan
    ),
    "kasus-per-tahap": Question("dugaan kasus menurut tahap penanganan", query.kasus_per_tahap),
    "pencegahan": Question(
        "kegiatan pencegahan menurut kecamatan (atau tingkat lain)", query.pencegahan, options=("tingkat",)
    ),
    "artikel": Question(
        "satu artikel dengan bukti, pejabat, tempat, tanggal, dan arsipnya",
        query.artikel,
        filters=False,
        options=("id",),
    ),
    "membership": Question("kejadian tempat setiap artikel bergabung", query.membership, filters=False),
    "sumber": Question("sumber berita: artikel dibaca, ditolak, masih hidup", query.sumber, filters=False),
    "cakupan": Question("halaman dan artikel per sumber dan hari", query.cakupan, filters=False),
    "total": Question("jumlah artikel, kasus, kegiatan, dan sumber hidup", query.total, filters=False),
}


def ask(
    db: duckdb.DuckDBPyConnection, name: str, filters: Filters, options: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the answer to the question of this name; options whose value is None do not count as given.

    `limit` cuts the answer of every question.

    Raises QuestionError for an unknown name, a filter that the question does not take, or a missing one.
    """
    question = QUESTIONS.get(name)
    if question is None:
        raise QuestionError(f"no question {name!r}; `wartawas query` lists them")
    given = {key: value for key, value in options.items() if value is not None}
    rows = None if "limit" in question.options else given.pop("limit", None)
    odd = sorted(set(given) - set(question.options)) + ([] if question.filters else _set_filters(filters))
    if odd:
        raise QuestionError(f"question {name}: takes no {', '.join('--' + option for option in odd)}")
    if "id" in question.options and "id" not in given:
        raise QuestionError(
            f"question {name}: give the id of an article or event (column `kejadian` of `wartawas query baru`)"
        )
    if question.filters:
        query.check_filters(db, filters)
    frame = question.ask(db, *([filters] if question.filters else []), **given)
    return frame if rows is None else frame.head(rows)


def _set_filters(filters: Filters) -> list[str]:
    return [name for name in ("wilayah", "sejak", "sampai", "jenis") if getattr(filters, name) is not None]
