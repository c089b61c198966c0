"""Scores on the five real articles kept outside the repository: gold.json beside their texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.figures import EvaluationError, Reader
from nlp.records import Document, Extraction

_LEVEL = re.compile(r"^(?:Kabupaten|Kota|Kecamatan|Desa|Kelurahan|Provinsi)\s+", re.IGNORECASE)


def load_seeds(folder: Path | None) -> list[tuple[Document, dict[str, Any]]]:
    """Return each article with what must be found in it; raise EvaluationError without the folder."""
    if folder is None or not (folder / "gold.json").is_file():
        raise EvaluationError(
            f"{folder or 'no folder'}: the seeds are not part of the repository; "
            "set WARTAWAS_GOLD to a folder that holds seeds/gold.json"
        )
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return [
        (
            Document(
                id=one["file"],
                text=(folder / one["file"]).read_text(encoding="utf-8"),
                title=one.get("title"),
                url=one.get("url"),
                outlet=one["outlet"],
            ),
            one,
        )
        for one in gold
    ]


def score_seeds(folder: Path | None, model: Reader) -> dict[str, Any]:
    """Return how much of gold.json the model finds, each figure as found/wanted."""
    seeds = load_seeds(folder)
    found = list(model.extract_many([document for document, _ in seeds]))
    pairs = [(gold, one) for (_, gold), one in zip(seeds, found, strict=True)]
    n = len(pairs)
    return {
        "documents": n,
        "kind": f"{sum(gold['kind'] == one.kind for gold, one in pairs)}/{n}",
        "false cases": f"{sum(bool(one.cases) for _, one in pairs)}/{n}",
        "event date": f"{sum(gold['event']['date'] == one.event.date for gold, one in pairs)}/{n}",
        "event place": f"{sum(gold['event']['place'] == one.event.place for gold, one in pairs)}/{n}",
        "election": f"{sum(gold['election'] == one.election for gold, one in pairs)}/{n}",
        "officials": _share(pairs, _officials),
        "places": _share(pairs, _places),
        "dates": _share(pairs, _dates),
        "bentuk": _share(pairs, lambda gold, one: (set(gold["bentuk"]) & set(one.bentuk), gold["bentuk"])),
        "types": _share(pairs, lambda gold, one: (set(gold["types"]) & set(one.types), gold["types"])),
    }


def _share(pairs: list[tuple[dict[str, Any], Extraction]], compare: Any) -> str:
    both = [compare(gold, one) for gold, one in pairs]
    return f"{sum(len(hit) for hit, _ in both)}/{sum(len(wanted) for _, wanted in both)}"


def _officials(gold: Mapping[str, Any], one: Extraction) -> tuple[list[str], list[str]]:
    said = {(official.name.casefold(), official.category) for official in one.officials}
    wanted = [official["name"] for official in gold["officials"]]
    hit = [o["name"] for o in gold["officials"] if (o["name"].casefold(), o["category"]) in said]
    return hit, wanted


def _places(gold: Mapping[str, Any], one: Extraction) -> tuple[list[str], list[str]]:
    said = {(_LEVEL.sub("", m.text).casefold(), m.code) for m in one.mentions if m.label == "loc"}
    hit = []
    for text, codes in gold["places"].items():
        wanted = codes if isinstance(codes, list) else [codes]
        if any((_LEVEL.sub("", text).casefold(), code) in said for code in wanted):
            hit.append(text)
    return hit, list(gold["places"])


def _dates(gold: Mapping[str, Any], one: Extraction) -> tuple[list[str], list[str]]:
    said = {m.iso for m in one.mentions if m.label == "date"}
    return [text for text, iso in gold["dates"].items() if iso in said], list(gold["dates"])
