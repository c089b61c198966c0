"""The papers of a data set, made from what was written: datapackage.json, dictionary, README, licence, provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

from pipeline.checksums import file_sha256
from pipeline.database import utc_now
from pipeline.dictionary import TableWords, load_dictionary
from pipeline.export import INVENTED

SUMS = "SHA256SUMS"
_TEXTS = Path(__file__).with_name("templates") / "dataset"
_KINDS: Mapping[str, dict[str, Any]] = {
    "VARCHAR": {"type": "string"},
    "VARCHAR[]": {"type": "list", "delimiter": ";", "itemType": "string"},
    "BOOLEAN": {"type": "boolean"},
    "SMALLINT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "DATE": {"type": "date"},
    "TIMESTAMP": {"type": "datetime"},
}
_MADE_OTHERWISE = {
    ("officials", "name"): "pseudonym of the person",
    (
        "officials",
        "official_id",
    ): "pseudonym of whom in `registry` the row names; null where that is not sure",
    ("registry", "official_id"): "pseudonym of the official",
    ("registry", "name"): "pseudonym of the longest spelling of the name",
    ("mentions", "text"): "as written; a pseudonym where `label` is per",
}
_WITH_NAMES = {
    ("officials", "name"): "name of the official",
    ("registry", "name"): "the longest spelling of the name",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A table that was written: rows, columns (name, type of DuckDB, may be null), key, links, what stayed out."""

    name: str
    rows: int
    columns: tuple[tuple[str, str, bool], ...]
    key: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a data set comes from: its snapshot, the models, what was chosen, how much had been read."""

    snapshot: int
    published: str
    models: tuple[str, ...]
    filters: Mapping[str, str]
    articles_read: int
    sources: int
    living_sources: int
    texts: bool
    officials: bool
    invented: bool


def write_papers(folder: Path, tables: Sequence[Described], about: Provenance) -> None:
    """Write what belongs to the tables in `folder`: they describe these files and nothing else."""
    made = f"{utc_now():%Y-%m-%dT%H:%M:%SZ}"
    words = load_dictionary()
    provenance = {
        **asdict(about), "made": made, "wartawas": version("wartawas"), "rows": {t.name: t.rows for t in tables},
    }  # fmt: skip
    _write_json(folder / "provenance.json", provenance)
    texts = _placeholders(tables, about, made)
    for source in sorted(_TEXTS.glob("*.txt")):
        name = "README.md" if source.name == "README.txt" else source.name
        text = Template(source.read_text(encoding="utf-8")).substitute(texts)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "dictionary.md").write_text(_dictionary(tables, words, about), encoding="utf-8")
    _write_json(folder / "datapackage.json", _package(folder, tables, words, about, made))


def describe(words: Mapping[str, TableWords], table: str, column: str, *, officials: bool) -> str:
    """Return what a column of a data set holds, nothing for one that data/README.md does not tell."""
    made = _WITH_NAMES if officials else {}
    text = made.get((table, column)) or _MADE_OTHERWISE.get((table, column))
    return text or words[table].columns.get(column, "")


def _package(
    folder: Path, tables: Sequence[Described], words: Mapping[str, TableWords], about: Provenance, made: str
) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"wartawas-snapshot-{about.snapshot}",
        "title": "Wartawas: election supervision in Indonesia's regional news" + _mark(about),
        "description": "Findings read from news by a model. All cases are alleged until a competent body has decided; "
        "counts are of what was reported and read, not of what happened.",
        "version": f"{about.snapshot}.0.0",
        "created": made,
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/",
             "title": "Findings alone; LICENCE.txt says what it does not cover"},
        ],
        "sources": [{"title": "The articles behind each row: columns `url` and `page_sha256` of `articles`"}],
        "wartawas:provenance": "provenance.json",
        "resources": [_resource(folder, table, words, about) for table in tables],
    }  # fmt: skip


def _resource(
    folder: Path, table: Described, words: Mapping[str, TableWords], about: Provenance
) -> dict[str, Any]:
    file = folder / f"{table.name}.parquet"
    fields = [
        {
            "name": name,
            **_KINDS[kind],
            "description": describe(words, table.name, name, officials=about.officials),
            **({} if null else {"constraints": {"required": True}}),
        }
        for name, kind, null in table.columns
    ]
    schema: dict[str, Any] = {"fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.links:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": to, "fields": [column]}}
            for column, to in table.links
        ]
    return {
        "name": table.name, "path": file.name, "format": "parquet",
        "mediatype": "application/vnd.apache.parquet", "description": words[table.name].description,
        "bytes": file.stat().st_size, "hash": f"sha256:{file_sha256(file)}", "schema": schema,
    }  # fmt: skip


def _dictionary(tables: Sequence[Described], words: Mapping[str, TableWords], about: Provenance) -> str:
    lines = ["# Data dictionary", ""]
    for table in tables:
        lines += [f"## {table.name}", "", f"{words[table.name].description} ({table.rows} rows)", ""]
        lines += ["| column | type | may be empty | holds |", "|---|---|---|---|"]
        lines += [
            f"| `{name}` | {_KINDS[kind]['type']} | {'yes' if null else 'no'} |"
            f" {describe(words, table.name, name, officials=about.officials).replace('|', '/')} |"
            for name, kind, null in table.columns
        ]
        gone = [name for name in table.out if name in words[table.name].columns]
        lines += ["", f"Left out: {', '.join(f'`{name}`' for name in gone)}.", ""] if gone else [""]
    return "\n".join(lines)


def _placeholders(tables: Sequence[Described], about: Provenance, made: str) -> dict[str, str]:
    rows = {table.name: table.rows for table in tables}
    chosen = "; ".join(f"{key} = {value}" for key, value in about.filters.items())
    return {
        "mark": _mark(about),
        "snapshot": str(about.snapshot), "published": about.published, "made": made,
        "models": ", ".join(about.models), "version": version("wartawas"),
        "filters": chosen or "none: everything that was read",
        "articles_read": str(about.articles_read), "articles": str(rows.get("articles", 0)),
        "events": str(rows.get("events", 0)), "cases": str(rows.get("cases", 0)),
        "sources": str(about.sources), "living": str(about.living_sources),
        "tables": "\n".join(f"| `{table.name}.parquet` | {table.rows} |" for table in tables),
        "persons": _PERSONS[about.officials],
        "texts": "Full texts are included, for work inside your institution alone: they belong to the outlets,"
        " and masks in them keep the length of a name."
        if about.texts else "Full texts are left out: they belong to the outlets. `url` leads to them.",
    }  # fmt: skip


_PERSONS = {
    False: "Persons are pseudonyms (`orang-…`), one for each person throughout this data set; the key was thrown away.",
    True: "Officials are named, because the press named them in that capacity; other persons are pseudonyms.",
}


def _mark(about: Provenance) -> str:
    return f" ({INVENTED})" if about.invented else ""


def _write_json(file: Path, document: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
