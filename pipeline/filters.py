"""What a question may be narrowed to, and the checks that tell a filter which can match nothing."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import duckdb

from pipeline.database import scalar
from pipeline.elections import find_stage, load_elections


class QuestionError(ValueError):
    """A question's filter is wrong; the message names the filter and the value."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events or articles to count; None does not restrict.

    wilayah: Kemendagri code of any level · sejak, sampai: days of the first report (of publication for
    articles) · jenis: a type (`netralitas.asn`) or a group of types (`netralitas`) · bentuk: a form of ASN
    partiality · tahap: a stage of handling · hasil: what became of a case on any track · jabatan: category of
    the accused (`desa.kepala`, `desa`; for articles also of officials named in them) · media: an outlet ·
    asal: resmi (.go.id) or media · pemilihan: an election · tahapan: a stage of an election and the election
    (`kampanye pilkada 2024`), whose days narrow sejak and sampai.

    Raises QuestionError for a value of another type.
    """

    wilayah: str | None = None
    sejak: date | None = None
    sampai: date | None = None
    jenis: str | None = None
    bentuk: str | None = None
    tahap: str | None = None
    hasil: str | None = None
    jabatan: str | None = None
    media: str | None = None
    asal: str | None = None
    pemilihan: str | None = None
    tahapan: str | None = None

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is None:
                continue
            if name in ("sejak", "sampai"):
                if not isinstance(value, date) or isinstance(value, datetime):
                    raise QuestionError(f"{name} {value!r}: berikan hari, misalnya {name}=date(2024, 10, 1)")
            elif not isinstance(value, str):
                raise QuestionError(f'{name} {value!r}: berikan teks, misalnya {name}="{value}"')

    def values(self) -> dict[str, Any]:
        """Return the filters as the macros of a snapshot take them, with the days of `tahapan` applied."""
        stage = find_stage(self.tahapan) if self.tahapan else None
        days = self
        if stage is not None:
            days = replace(
                self,
                sejak=max(filter(None, (self.sejak, stage.start))),
                sampai=min(filter(None, (self.sampai, stage.end))),
            )
        return {key: value for key, value in asdict(days).items() if key != "tahapan"}

    def given(self) -> dict[str, str]:
        """Return the filters that restrict, as they were asked."""
        return {key: str(value) for key, value in asdict(self).items() if value is not None}


ANY = Filters()
_LABELS = {"bentuk": "bentuk", "tahap": "stage", "hasil": "outcome"}


def check_filters(db: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """Raise QuestionError where a filter can match nothing: an unknown id, days in wrong order."""
    for name, value in filters.given().items():
        if not value.isprintable():  # nothing that is asked for holds control characters or halves of others
            raise QuestionError(f"{name}: berisi karakter yang tidak dipakai nilai mana pun")
    area = filters.wilayah
    if area is not None and not scalar(db, "SELECT count(*) FROM regions WHERE code = ?", [area]):
        raise QuestionError(
            f"wilayah {area!r}: tidak ada wilayah dengan kode ini; berikan kode Kemendagri "
            "seperti 32, 32.13, atau 32.13.02"
        )
    _check_group(db, "jenis", "type", filters.jenis, "`wartawas query kasus-per-jenis` menampilkan")
    _check_group(db, "jabatan", "office", filters.jabatan, "`wartawas query jabatan` menampilkan")
    for name, group in _LABELS.items():
        value = getattr(filters, name)
        if value is not None and value not in known_ids(db, group):
            raise QuestionError(
                f"{name} {value!r}: tidak dikenal; pilih salah satu dari {', '.join(known_ids(db, group))}"
            )
    if filters.media is not None and filters.media not in (meant := outlets_named(db, filters.media)):
        told = f"maksudnya {' atau '.join(meant)}?" if meant else "berikan nama host seperti contoh.co.id"
        raise QuestionError(f"media {filters.media!r}: tidak ada yang dibaca dengan nama ini; {told}")
    if filters.asal not in (None, "resmi", "media"):
        raise QuestionError(f"asal {filters.asal!r}: pilih resmi atau media")
    if filters.pemilihan is not None and filters.pemilihan not in load_elections():
        raise QuestionError(
            f"pemilihan {filters.pemilihan!r}: pilih salah satu dari {', '.join(load_elections())}"
        )
    if filters.tahapan is not None and find_stage(filters.tahapan) is None:
        raise QuestionError(
            f"tahapan {filters.tahapan!r}: berikan tahapan dan pemilihannya, misalnya 'kampanye pilkada 2024' "
            "(daftarnya: `wartawas query tahapan`)"
        )
    days = filters.values()
    if days["sejak"] and days["sampai"] and days["sejak"] > days["sampai"]:
        raise QuestionError(
            f"sejak {days['sejak']} sesudah sampai {days['sampai']}: berikan hari yang lebih awal lebih dulu"
        )


def outlets_named(db: duckdb.DuckDBPyConnection, written: str) -> list[str]:
    """Return the outlets that somebody means: a host or source as articles have it, an address, or a name in any case.

    A source of which nothing was read is one too: its answer is nothing, and not wrong.
    """
    bare = written.strip().casefold()
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", bare).partition("/")[0]
    for sql in (_AS_READ, _OF_SOURCES, _UNREAD):
        values = {key: value for key, value in (("bare", bare), ("host", host)) if f"${key}" in sql}
        if found := [str(name) for (name,) in db.execute(sql, values).fetchall()]:
            return found
    return []


_AS_READ = "SELECT outlet FROM outlets WHERE lower(outlet) = $host ORDER BY 1"
_OF_SOURCES = """
SELECT DISTINCT outlet FROM outlets JOIN sources s ON outlet = s.source OR list_contains(s.domains, outlet)
WHERE $host = s.source OR list_contains(s.domains, $host) OR lower(s.name) = $bare ORDER BY 1
"""
_UNREAD = """
SELECT CASE WHEN $host = source OR list_contains(domains, $host) THEN $host ELSE domains[1] END FROM sources
WHERE $host = source OR list_contains(domains, $host) OR lower(name) = $bare ORDER BY 1
"""


def _check_group(db: duckdb.DuckDBPyConnection, name: str, group: str, value: str | None, where: str) -> None:
    known = "SELECT count(*) FROM labels WHERE \"group\" = ? AND (id = ? OR starts_with(id, ? || '.'))"
    if value is not None and not scalar(db, known, [group, value, value]):
        example = "netralitas.asn" if name == "jenis" else "desa.kepala"
        raise QuestionError(f"{name} {value!r}: tidak ada {name} dengan id ini; {where} id seperti {example}")


def known_ids(db: duckdb.DuckDBPyConnection, group: str) -> list[str]:
    """Return the ids of a group of labels, in their order."""
    rows = db.execute('SELECT id FROM labels WHERE "group" = ? ORDER BY "rank", id', [group]).fetchall()
    return [str(key) for (key,) in rows]
