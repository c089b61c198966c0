"""The tables of a snapshot that are written article by article, and which of their columns are masked.

The rows of a table come from projections/<table>.sql, for the articles of the temporary table `chunk`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("projections")
SCHEMA = Path(__file__).with_name("published.sql")


@dataclass(frozen=True, slots=True)
class Projected:
    """A published table and its masked columns.

    `texts` are free texts (or lists of them), `names` nothing but names of accused persons, `people` texts
    in which nobody at all is named (a victim, who may be a child; a reporter), `urls` web addresses. A `key`
    leads to other articles that print the name, so it goes where `name` is masked. Where `spans` is set,
    `text` is cut out of the article's masked text at start_at and end_at.
    """

    table: str
    texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    key: str | None = None
    spans: bool = False


ARTICLES = Projected("articles", texts=("title", "text", "roles_present", "why"), urls=("url", "page_url"))
CHILDREN = (
    Projected(
        "cases",
        texts=("jabatan", "sanction", "next_announced"),
        names=("terlapor",),
        people=("korban", "reporter"),
    ),
    Projected("accused", texts=("role",), names=("name",)),
    Projected("evidence", spans=True),
    Projected("officials", texts=("name", "role", "institution", "jurisdiction"), key="official_id"),
    Projected("mentions", spans=True),
    # a place in capitals may run on into the name behind it: "Kecamatan Cibatu Sutrasna …"
    Projected("stats", texts=("measure", "area", "speaker")),
    Projected("legal_refs", spans=True),
    # an outlet that corrects a text may do so to take a name back: what it dropped names nobody
    Projected("revisions", people=("text",)),
)


@cache
def projection(name: str) -> str:
    """Return the SQL of projections/<name>.sql."""
    return _FOLDER.joinpath(f"{name}.sql").read_text(encoding="utf-8")
