"""The named questions as methods: each has the signature, the docstring and the checks of its function.

`store.kasus_per_wilayah(Filters(wilayah="32"), tingkat="kecamatan")` is `store.ask("kasus-per-wilayah", …)` with
types that an editor knows. Nothing is written twice: a method takes everything from the function that answers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, overload

import duckdb
import pandas as pd

from pipeline import handling, query, review_quality, search_query, trends
from pipeline.filters import ANY, Filters, QuestionError
from pipeline.questions import QUESTIONS

P = ParamSpec("P")


class Asking(Protocol):
    """What a method needs of its store: one way to ask."""

    def answer(self, name: str, filters: Filters, options: dict[str, Any]) -> pd.DataFrame:
        """Return the answer to a question of this name."""


class _Asked(Generic[P]):
    """A question as a method: `P` are its filters and options."""

    def __init__(self, function: Callable[Concatenate[duckdb.DuckDBPyConnection, P], pd.DataFrame]) -> None:
        self.function = function
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.replace("_", "-")
        self.__doc__ = (
            f"Question `{self.name}` ({QUESTIONS[self.name].summary}).\n\n    {self.function.__doc__}"
        )

    @overload
    def __get__(self, store: None, owner: type) -> _Asked[P]: ...
    @overload
    def __get__(self, store: Asking, owner: type) -> Callable[P, pd.DataFrame]: ...
    def __get__(self, store: Asking | None, owner: type) -> _Asked[P] | Callable[P, pd.DataFrame]:
        if store is None:
            return self
        asking = store
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        signature = inspect.Signature(parameters, return_annotation=pd.DataFrame)

        @wraps(self.function)
        def method(*args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
            given = dict(signature.bind(*args, **kwargs).arguments)
            filters = given.pop("filters", ANY)
            if not isinstance(filters, Filters):
                raise QuestionError(
                    f"pertanyaan {self.name}: {filters!r} bukan saringan; berikan Filters, misalnya "
                    'Filters(wilayah="32")'
                )
            # here None lifts the limit of a list; asked by name, 0 does
            options = {key: 0 if key == "limit" and value is None else value for key, value in given.items()}
            return asking.answer(self.name, filters, options)

        method.__doc__ = self.__doc__
        method.__signature__ = signature  # type: ignore[attr-defined]
        return method


class Questions:
    """Every question of `wartawas query`, as a method that returns a DataFrame; docs/questions.md lists them.

    Filters go first (`Filters(wilayah="32.05", jenis="netralitas")`), options by keyword. The docstring of a method
    tells its columns and units. All raise QuestionError for a filter or option that can match nothing.
    """

    baru = _Asked(query.baru)
    cari = _Asked(search_query.cari)
    berita = _Asked(query.berita)
    jenis_berita = _Asked(query.jenis_berita)
    kasus_per_jenis = _Asked(query.kasus_per_jenis)
    kasus_per_wilayah = _Asked(query.kasus_per_wilayah)
    kasus_per_bulan = _Asked(trends.kasus_per_bulan)
    kasus_per_tahap = _Asked(query.kasus_per_tahap)
    tren = _Asked(trends.tren)
    intensitas = _Asked(trends.intensitas)
    tahapan = _Asked(trends.tahapan)
    banding_pemilihan = _Asked(trends.banding_pemilihan)
    banding_wilayah = _Asked(trends.banding_wilayah)
    lonjakan = _Asked(trends.lonjakan)
    titik_buta = _Asked(trends.titik_buta)
    temuan_laporan = _Asked(handling.temuan_laporan)
    kotak = _Asked(handling.kotak)
    bentuk_teratas = _Asked(query.bentuk_teratas)
    bentuk_per_jabatan = _Asked(query.bentuk_per_jabatan)
    jabatan = _Asked(query.jabatan)
    corong = _Asked(handling.corong)
    mandek = _Asked(handling.mandek)
    tanpa_sanksi = _Asked(handling.tanpa_sanksi)
    alasan_henti = _Asked(handling.alasan_henti)
    informasi_awal = _Asked(handling.informasi_awal)
    tenggat = _Asked(handling.tenggat)
    vonis = _Asked(handling.vonis)
    mutasi = _Asked(handling.mutasi)
    peserta_berulang = _Asked(handling.peserta_berulang)
    penyelenggara = _Asked(handling.penyelenggara)
    pencegahan = _Asked(query.pencegahan)
    kegiatan = _Asked(query.kegiatan)
    klaim = _Asked(query.klaim)
    rekap = _Asked(query.rekap)
    artikel = _Asked(query.artikel)
    linimasa = _Asked(query.linimasa)
    sebaran = _Asked(query.sebaran)
    perubahan = _Asked(query.perubahan)
    membership = _Asked(query.membership)
    sumber = _Asked(query.sumber)
    cakupan = _Asked(query.cakupan)
    ketepatan = _Asked(review_quality.ketepatan)
    beda_tinjauan = _Asked(review_quality.beda_tinjauan)
    kesepakatan = _Asked(review_quality.kesepakatan)
    total = _Asked(query.total)
