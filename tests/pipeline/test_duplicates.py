from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.duplicates import BANDS, COPY, PERMUTATIONS, cut_bands, likeness, sign_texts

WORDS = [f"kata{n}" for n in range(2000)]


def text(seed: int, size: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=size))


def test_likeness_estimates_the_share_of_equal_shingles() -> None:
    whole = text(1)
    half = " ".join([*whole.split()[:150], *text(2).split()[:150]])
    same, changed, other = (likeness(*sign_texts([whole, t])) for t in (whole, half, text(3)))
    assert same == 1.0
    assert 0.15 < changed < 0.55  # a third of all shingles
    assert other < 0.1


def test_copies_share_a_band_and_other_texts_do_not() -> None:
    whole = text(1)
    copy = "JAKARTA – " + whole + " (red)"
    signatures = sign_texts([whole, copy, *(text(n) for n in range(2, 60))])
    bands = [set(enumerate(cut_bands(signature))) for signature in signatures]
    assert likeness(signatures[0], signatures[1]) >= COPY
    assert bands[0] & bands[1]
    assert not any(bands[0] & other for other in bands[2:])


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_has_a_signature_that_never_changes(texts: list[str]) -> None:
    signatures = sign_texts(texts)
    assert signatures.shape == (len(texts), PERMUTATIONS)
    assert np.array_equal(signatures, sign_texts(texts))
    for signature in signatures:
        assert len(cut_bands(signature)) == BANDS
        assert all(0 <= value < 2**64 for value in cut_bands(signature))


def test_signatures_are_the_same_in_every_version() -> None:
    (signature,) = sign_texts(["Bawaslu menerima laporan dugaan pelanggaran netralitas kepala desa"])
    assert signature[:3].tolist() == FIRST


FIRST = [3246107246, 2078113807, 3354479664]
