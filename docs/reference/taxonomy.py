"""The taxonomy as a reference: every id of data/taxonomy/*.toml with what it stands for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.labels import KINDS
from reference.markdown import ROOT, code, plain, table

TAXONOMY = ROOT / "data" / "taxonomy"


def read(name: str) -> dict[str, Any]:
    """Return one of the data files as it stands."""
    return tomllib.loads((TAXONOMY / f"{name}.toml").read_text(encoding="utf-8"))


def taxonomy_text() -> str:
    """Return the whole reference: kinds, types, forms, handling, offices, elections, laws, what the cues are."""
    taxonomy, status = read("taxonomy"), read("status")
    return "\n\n".join(
        [
            "## Kinds of article",
            _kinds(taxonomy["doc_kind"]),
            "## Types of violation",
            *(_category(row, taxonomy["type"]) for row in taxonomy["category"]),
            "## Forms of ASN partiality",
            _rows(taxonomy["asn_form"], ("id", "nama", "skb")),
            *_handling(status),
            "## Offices",
            _offices(),
            "## Elections and their stages",
            *(_election(row) for row in read("calendar")["election"]),
            "## Laws",
            "What is cited by these names is given its normal form; *checked* as for types.",
            _rows(read("laws")["law"], ("id", "title", "verified")),
            "## Smaller lists",
            *_smaller(),
        ]
    )


def _rows(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> str:
    """Return records as a table: `id` as code, truth as words, lists with commas."""
    heads = {
        "nama": "name",
        "gloss": "meaning",
        "verified": "checked",
        "deadline_verified": "deadline checked",
        "skb": "as the joint decree of 2022 puts it",
    }
    return table(
        [heads.get(key, key.replace("_", " ")) for key in keys],
        [[code(row[key]) if key == "id" else plain(_said(row.get(key, ""))) for key in keys] for row in rows],
    )


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _kinds(rows: Sequence[Mapping[str, Any]]) -> str:
    named = [{**row, "nama": KINDS[row["id"]]} for row in rows]
    return _rows(named, ("id", "nama", "gloss", "rule"))


def _category(category: Mapping[str, Any], types: Sequence[Mapping[str, Any]]) -> str:
    parts = [f"### {category['id']}: {plain(category['nama'])}", f"{plain(category['gloss'])}."]
    parts += [_type(row) for row in types if row["parent"] == category["id"]]
    return "\n\n".join(parts)


def _type(row: Mapping[str, Any]) -> str:
    lines = [
        f"**{code(row['id'])} {plain(row['nama'])}.** {plain(row['gloss'])}.",
        f"Box: {', '.join(map(code, row['bawaslu_category']))}. "
        f"Usual actors: {', '.join(map(code, row['actors'])) or 'any'}.",
        "Words that news uses: " + ", ".join(f"*{plain(cue)}*" for cue in row["cues"][:5]) + ", …",
    ]
    laws = [
        f"- {where}: {plain(law['text'])} ({'checked' if law['verified'] else 'to be checked'})"
        for where, key in (("Pemilu", "legal_pemilu"), ("Pilkada", "legal_pilkada"), ("Other", "legal_other"))
        for law in row.get(key, ())
    ]
    return "\n".join(lines) + "\n\n" + "\n".join(laws)


def _handling(status: Mapping[str, Any]) -> list[str]:
    sanctions = [{"id": name, "steps": steps} for name, steps in status["sanksi"].items()]
    return [
        "## Where a case comes from",
        _rows(status["sumber"], ("id", "gloss")),
        "## Stages of handling",
        "A stage only moves forward. What is planned moves nothing. *Deadline checked* says whether the days were read "
        "on published pages; those that were not may be wrong.",
        _rows(status["stage"], ("id", "order", "nama", "gloss", "decides", "deadline", "deadline_verified")),
        "## Results",
        "One on each track that a case runs on.",
        _rows(status["outcome"], ("id", "gloss")),
        "### Tracks",
        _rows(status["track"], ("id", "gloss", "path")),
        "### Forums",
        _rows(status["forum"], ("id", "gloss")),
        "### Sanctions",
        _rows(sanctions, ("id", "steps")),
        "### Why cases are stopped",
        _rows(read("stop_reasons")["reason"], ("id", "nama")),
        "### Deadlines",
        "*Checked* says whether the days were read on published pages; a clock that starts from news is a hint only.",
        _rows(read("deadlines")["deadline"], ("step", "stages", "general", "days", "workdays", "verified")),
    ]


def _offices() -> str:
    names = read("office_names")["office"]
    rows = [{**row, "nama": names.get(row["id"], "")} for row in read("roles")["category"]]
    capacities = ", ".join(map(code, read("roles")["meta"]["capacity_values"]))
    return f"{_rows(rows, ('id', 'nama', 'gloss'))}\n\nWhat a person is to an article (`capacity`): {capacities}."


def _election(election: Mapping[str, Any]) -> str:
    stages = _rows(election["stages"], ("id", "name", "start", "end", "verified"))
    return f"### {code(election['id'])}\n\nBy {plain(election['source'])}; votes on {election['vote']}.\n\n{stages}"


def _smaller() -> list[str]:
    return [
        "Groups of units of figures (`stats.toml`), published indexes (`ikp.toml`) and ways in which names are "
        "printed (`roles.toml`):",
        table(
            ("file", "id", "such as"),
            [
                *(
                    ["stats.toml", code(row["id"]), plain(_said(row["units"][:4]))]
                    for row in read("stats")["group"]
                ),
                *(["ikp.toml", code(row["id"]), plain(row["name"])] for row in read("ikp")["index"]),
                *(["roles.toml", code(row["id"]), plain(row["example"])] for row in read("roles")["pattern"]),
            ],
        ),
    ]
