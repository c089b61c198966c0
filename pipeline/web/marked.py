"""An article's text in paragraphs of marked pieces: what was read stands where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# what each label is called on the page
KINDS = {"bukti": "bukti", "per": "orang", "role": "jabatan", "org": "lembaga", "loc": "tempat",
         "date": "tanggal", "law": "dasar hukum"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `evidence` where it belongs to an evidence sentence, `kind` of the mention in it."""

    text: str
    evidence: bool
    kind: str | None = None
    title: str = ""


def marked_paragraphs(
    text: str, evidence: Iterable[Mapping[str, Any]], mentions: Iterable[Mapping[str, Any]]
) -> list[list[Piece]]:
    """Return the text's paragraphs as pieces; spans outside the text are left out, nested ones cut short."""
    size = len(text)
    proof = [(max(0, e["start_at"]), min(size, e["end_at"])) for e in evidence]
    spans = _apart([m for m in mentions if 0 <= m["start_at"] < m["end_at"] <= size])
    cuts = sorted({0, size, *(b for pair in proof for b in pair), *(b for s in spans for b in s[:2])})
    paragraphs: list[list[Piece]] = [[]]
    at = 0
    for start, end in pairwise(cuts):
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        inside = at < len(spans) and spans[at][0] <= start
        kind, title = spans[at][2:] if inside else (None, "")
        proven = any(a <= start and end <= b for a, b in proof)
        for n, part in enumerate(text[start:end].split("\n\n")):
            if n:
                paragraphs.append([])
            if part:
                paragraphs[-1].append(Piece(part, proven, kind, title))
    return [paragraph for paragraph in paragraphs if paragraph]


def _apart(mentions: list[Mapping[str, Any]]) -> list[tuple[int, int, str, str]]:
    """Return the mentions as (start, end, kind, title) in text order, none overlapping: the longer wins."""
    taken: list[tuple[int, int, str, str]] = []
    for mention in sorted(mentions, key=lambda m: (m["start_at"] - m["end_at"], m["start_at"])):
        start, end = mention["start_at"], mention["end_at"]
        if all(end <= a or b <= start for a, b, _, _ in taken):
            taken.append((start, end, str(mention["label"]), _title(mention)))
    return sorted(taken)


def _title(mention: Mapping[str, Any]) -> str:
    kind = KINDS.get(str(mention["label"]), str(mention["label"]))
    value = mention.get("place_name") or mention.get("iso") or mention.get("code") or ""
    return f"{kind}: {value}" if value else kind
