"""The plain yardstick beside the judge: TF-IDF and logistic regression over words, from the corpus alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nlp.corpus import Row
from nlp.fitting import fit_one, fit_several
from nlp.linear import Linear, word_features
from nlp.reading import read_document
from nlp.records import Document

FIGURES = (
    "kind accuracy",
    "kind macro F1",
    "false cases (documents)",
    "cases found (documents)",
    "types",
    "types of cases",
    "types of cases, top level",
)


class Baseline:
    """A kind by words, and types by words where the kind is one of those that have types."""

    def __init__(self, rows: Sequence[Row]) -> None:
        features = [_words(Document(row.id, row.text, row.title)) for row in rows]
        typed = [at for at, row in enumerate(rows) if row.types]
        self.kind: Linear = fit_one(features, [row.kind for row in rows], c=100.0)
        self.types: Linear | None = None
        if typed:
            self.types = fit_several(
                [features[at] for at in typed], [set(rows[at].types) for at in typed], c=100.0
            )

    def predict(self, documents: Iterable[Document]) -> dict[str, dict[str, Any]]:
        """Return what it says of each document, in the shape that the scorer reads."""
        return {document.id: self._predict(document) for document in documents}

    def _predict(self, document: Document) -> dict[str, Any]:
        features = _words(document)
        kinds = self.kind.probabilities(features)
        kind = max(kinds, key=lambda name: kinds[name])
        types: list[str] = []
        if self.types and kind != "lainnya":
            chances = self.types.probabilities(features)
            best = max(chances.values())
            types = [name for name, chance in chances.items() if chance >= min(best, 0.3)]
        return {"kind": kind, "types": types, "cases": [{"types": types}] if kind == "pelanggaran" else []}


def _words(document: Document) -> dict[str, float]:
    reading = read_document(document)
    parts = (reading.title, *reading.sentences)
    return word_features([word.text for part in parts for word in part.words])
