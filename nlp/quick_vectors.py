"""Word vectors that remember what they worked out: most words of a page stood on the page before, too."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.vectors import Vectors  # type: ignore[import-not-found]

_MOST = 30_000  # words; 30,000 × 96 × 4 bytes = 12 MB


class QuickVectors(Vectors):  # type: ignore[misc]
    """Floret vectors at single precision, each word's worked out once."""

    known: dict[int, int]  # hash of a word → its row of `table`
    table: np.ndarray[Any, np.dtype[np.float32]]

    @classmethod
    def of(cls, vectors: Vectors) -> QuickVectors:
        """Return the same table; a table packaged at half precision can't be computed with."""
        quick = cls(strings=vectors.strings)
        quick.from_bytes(vectors.to_bytes())
        quick.data = quick.data.astype("float32")
        quick.known = {}
        quick.table = np.empty((_MOST, quick.data.shape[1]), dtype="float32")
        return quick

    def get_batch(self, keys: Any) -> Any:
        """Return one row a key (hashes of words)."""
        unique, places = np.unique(np.asarray(keys), return_inverse=True)
        if len(unique) > _MOST:
            return super().get_batch(keys)
        new = [key for key in unique.tolist() if key not in self.known]
        if len(self.known) + len(new) > _MOST:
            self.known = {}
            new = unique.tolist()
        if new:
            first = len(self.known)
            self.table[first : first + len(new)] = super().get_batch(new)
            self.known |= {key: first + i for i, key in enumerate(new)}
        rows = np.fromiter((self.known[key] for key in unique.tolist()), dtype="int64", count=len(unique))
        return self.table[rows[places]]
