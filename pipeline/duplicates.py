"""Copies of a text: MinHash signatures over word shingles, cut into bands that find likely copies at once.

Only the first text of a group of copies (its head) keeps bands, so that a press release printed by a thousand
outlets costs one look-up for the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

Signature = npt.NDArray[np.uint32]
PERMUTATIONS = 64
BANDS = 16
COPY = 0.7  # from this share of equal shingles on, a text counts as a copy and not as an independent one
_ROWS = PERMUTATIONS // BANDS
_SHINGLE = 3
_SEED = 20241127
_WORD = re.compile(rb"\w+")
_MAX_WORDS = 3_000
_MIX = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)


def sign_texts(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Return one MinHash signature a text, as rows of 64 numbers; texts of the same words have the same."""
    if not texts:
        return np.empty((0, PERMUTATIONS), dtype=np.uint32)
    shingles = [_shingles(text) for text in texts]
    offsets = np.cumsum([0, *(len(found) for found in shingles)], dtype=np.uint64)
    flat = np.concatenate(shingles)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, PERMUTATIONS, _SEED)
    return np.array(matrix.to_rows(), dtype=np.uint32)


def likeness(a: Signature, b: Signature) -> float:
    """Return the estimated share of shingles that two texts have in common, 0 to 1."""
    return int(np.count_nonzero(a == b)) / PERMUTATIONS


def cut_bands(signature: Signature) -> list[int]:
    """Return the 16 band hashes of a signature: two texts that share one are likely copies."""
    parts = signature.reshape(BANDS, _ROWS).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (parts * _MIX).sum(axis=1, dtype=np.uint64)
        mixed ^= mixed >> np.uint64(29)
    return [int(value) for value in mixed]


def _shingles(text: str) -> npt.NDArray[np.uint64]:
    """Return the hashes of every three words in a row; a shorter text is one shingle.

    What is not ASCII falls away: outlets differ in quotes and dashes, and Indonesian needs no more.
    """
    words = _WORD.findall(text.casefold().encode("ascii", "ignore"))[:_MAX_WORDS]
    words += [b""] * (_SHINGLE - len(words))
    codes = np.array(list(map(crc32, words)), dtype=np.uint64)
    with np.errstate(over="ignore"):
        hashes = codes[:-2] * _MIX[0] + codes[1:-1] * _MIX[1] + codes[2:] * _MIX[2]
    mixed: npt.NDArray[np.uint64] = hashes ^ (hashes >> np.uint64(31))
    return mixed
