"""The clean article: what cleaning hands to extraction and to the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that cleaning removed from the body, and what kind of chrome it was."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article's clean text and metadata, each value with its origin in `provenance`.

    Paragraphs of `text` are separated by a blank line. `published` and `modified` carry their zone.
    `quality` runs from 0 to 1. `flags` holds any of adv, opinion, gallery, live, not_article, syndicated.
    """

    id: str
    url: str | None
    outlet: str | None
    title: str | None
    author: str | None
    published: datetime | None
    modified: datetime | None
    dateline: str | None
    text: str
    language: str
    quality: float
    flags: tuple[str, ...]
    provenance: dict[str, str]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page gave no article: a reason id (empty, listing, not_indonesian, …) and a line for people."""

    id: str
    url: str | None
    reason: str
    detail: str
