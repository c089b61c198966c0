"""Which tables a data set holds, and which of their columns name somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ARTICLES = "SEMI JOIN chosen_articles USING (article_id)"
_EVENTS = "SEMI JOIN chosen_events USING (event_id)"
_ORDER = "ORDER BY article_id, n"
_AT = ("start_at", "end_at")
WITH_TEXTS = ("text", *_AT)  # columns that stay out unless full texts are asked for


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a data set.

    `chosen` narrows it to the chosen articles or events, `key` identifies a row, `links` are columns that lead to
    another table. `out` are columns that stay out; `texts` may print names, `urls` as well; `names` are nothing but
    names (of rows that are persons), `codes` ids that were made of names.
    """

    table: str
    chosen: str = ""
    key: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    out: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    persons: tuple[str, str] | None = None  # a column and the value that makes a row a person

    def named(self, row: Mapping[str, Any]) -> bool:
        """Return whether the columns `names` of this row name a person."""
        return self.persons is None or row[self.persons[0]] == self.persons[1]


_TO_ARTICLE = (("article_id", "articles"),)
_WRITTEN = ("mask_key", "written", "warc", "warc_offset", "review_role", "reviewed_at")

PARTS = (
    Part(
        "articles", f"{_ARTICLES} ORDER BY coalesce(published, first_seen), article_id", ("article_id",),
        out=("text", *_WRITTEN), texts=("title", "text", "roles_present", "why"), urls=("url", "page_url"),
    ),
    Part(
        "cases", f"{_ARTICLES} {_ORDER}", ("case_id",), _TO_ARTICLE,
        out=("terlapor", "korban", "reporter", *_WRITTEN), texts=("jabatan", "sanction", "next_announced"),
    ),
    Part(
        "evidence", f"{_ARTICLES} ORDER BY article_id, case_id, n", ("case_id", "n"),
        (*_TO_ARTICLE, ("case_id", "cases")), out=_AT, texts=("text",),
    ),
    Part("events", f"{_EVENTS} ORDER BY first_seen, event_id", ("event_id",), out=_WRITTEN),
    Part(
        "event_members", f"{_ARTICLES} ORDER BY event_id, article_id, case_id",
        links=(*_TO_ARTICLE, ("event_id", "events"), ("case_id", "cases")), texts=("reasons",),
    ),
    Part("stop_reasons", f"{_EVENTS} ORDER BY event_id, reason", ("event_id", "reason"), (("event_id", "events"),)),
    Part(
        "officials", f"{_ARTICLES} {_ORDER}", ("article_id", "n"), _TO_ARTICLE, out=_AT,
        texts=("role", "institution"), names=("name",), codes=("official_id",),
    ),
    Part(
        "registry",
        "WHERE official_id IN (SELECT official_id FROM officials SEMI JOIN chosen_articles USING (article_id))"
        " ORDER BY official_id",
        ("official_id",), texts=("institution", "roles"), names=("name",), codes=("official_id",),
    ),
    Part(
        "mentions", f"{_ARTICLES} {_ORDER}", ("article_id", "n"), _TO_ARTICLE, out=_AT,
        texts=("text",), names=("text",), persons=("label", "per"),
    ),
    Part(
        "stats", f"{_ARTICLES} {_ORDER}", ("article_id", "n"), _TO_ARTICLE, out=_AT, texts=("measure", "speaker"),
    ),
    Part("legal_refs", f"{_ARTICLES} {_ORDER}", ("article_id", "n"), _TO_ARTICLE, out=_AT, texts=("text",)),
    Part("sources", "ORDER BY source", ("source",)),
    Part("coverage", "ORDER BY source, day", ("source", "day")),
    Part("labels", 'ORDER BY "group", "rank", id', ("group", "id")),
    Part("regions", "ORDER BY code", ("code",)),
)  # fmt: skip

# Tables of a snapshot that a data set leaves out, and why.
LEFT_OUT = {
    "info": "facts of the snapshot stand in provenance.json",
    "runs": "runs of one installation say nothing about the news",
    "accused": "names nobody and repeats what `cases` tells",
    "revisions": "paragraphs that outlets changed or took back",
    "reviews": "who reviewed what is nobody else's matter",
    "outlets": "follows from articles",
    "readings": "follows from articles",
    "event_outlets": "follows from events",
    "event_claims": "follows from cases and stats",
    "event_merges": "only needed to follow ids between snapshots",
}
