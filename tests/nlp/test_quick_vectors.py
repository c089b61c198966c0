"""Word vectors that are worked out once."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import quick_vectors
from nlp.quick_vectors import QuickVectors
from nlp.tokens import blank


def test_remembered_rows_are_those_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    from spacy.vectors import Vectors

    monkeypatch.setattr(quick_vectors, "_MOST", 4)
    nlp = blank()
    data = np.random.default_rng(0).normal(size=(50, 8)).astype("float32")
    plain = Vectors(
        strings=nlp.vocab.strings, data=data, mode="floret", minn=2, maxn=3, hash_count=2, hash_seed=1
    )
    quick = QuickVectors.of(plain)
    words = ["rapat", "desa", "ketua", "rapat", "camat"]
    for some in (words[:2], words, ["kota", "lurah"], [*words, "kota", "lurah"]):  # forgets, and does without
        keys = np.array([nlp.vocab.strings.add(word) for word in some], dtype="uint64")
        assert np.allclose(quick.get_batch(keys), plain.get_batch(list(keys)).astype("float32"), atol=1e-6)
