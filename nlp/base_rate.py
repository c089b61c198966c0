"""How often general news gets a case: the share in a thousand that nearly never should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.baseline import Baseline
from nlp.corpus import Row
from nlp.records import Document, Extraction
from nlp.train import may_train
from nlp.vectors import read_news

if TYPE_CHECKING:
    from nlp.figures import Reader


@dataclass(frozen=True, slots=True)
class BaseRate:
    """`articles` were read, `found` of them got a case; `baseline` is how many the plain yardstick calls one."""

    articles: int
    found: tuple[Mapping[str, Any], ...]
    baseline: int


def measure_base_rate(model: Reader, news: Path, rows: list[Row]) -> BaseRate:
    """Return which general articles get a case, of those that never trained; `rows` train the yardstick."""
    documents = [
        Document(id=one["url"], text=one["body"], title=one["title"] or None, url=one["url"])
        for one in read_news(news)
        if not may_train(one["url"])
    ]
    found = [_described(one) for one in model.extract_many(documents) if one.cases]
    said = Baseline(rows).predict(documents)
    return BaseRate(len(documents), tuple(found), sum(bool(one["cases"]) for one in said.values()))


def _described(extraction: Extraction) -> dict[str, Any]:
    case = extraction.cases[0]
    places = [(part.start, part.end) for part in case.evidence]
    return {
        "url": extraction.id,
        "kind": extraction.kind,
        "confidence": extraction.confidence,
        "types": list(case.types),
        "evidence": places,
    }
