"""A forest of decision trees kept as plain arrays: nothing to unpickle, scored with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FIELDS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True)
class Forest:
    """Nodes of all trees in one table: a row goes left where its feature is at most the threshold.

    `feature` is negative at a leaf, whose `value` is the share of right answers among its training rows.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean answer of the trees for each row (n, features) → (n,)."""
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots))).copy()
        at = np.arange(len(rows))[:, None]
        while True:
            feature = self.feature[node]
            inner = feature >= 0
            if not inner.any():
                break
            low = rows[at, np.where(inner, feature, 0)] <= self.threshold[node]
            node = np.where(inner, np.where(low, self.left[node], self.right[node]), node)
        mean: NDArray[np.float32] = self.value[node].mean(axis=1)
        return mean

    def arrays(self, prefix: str) -> dict[str, NDArray[np.float32]]:
        """Return the fields as named arrays, ready for numpy.savez."""
        return {f"{prefix}.{name}": getattr(self, name) for name in _FIELDS}


def forest_of(arrays: Mapping[str, NDArray[np.float32]], prefix: str) -> Forest:
    """Return the forest that `arrays` made; raise KeyError where a field is missing."""
    kinds = (np.int32, np.int16, np.float32, np.int32, np.int32, np.float32)
    return Forest(*(arrays[f"{prefix}.{n}"].astype(k) for n, k in zip(_FIELDS, kinds, strict=True)))
