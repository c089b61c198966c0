"""Linear models over named features, kept as plain arrays and JSON: nothing to unpickle, quick to load.

A feature is a name and a value. Names that start with `w:`, `t:` or `c:` are n-grams (of the words of a text, of
its title and lead, of characters), weighted by TF-IDF and scaled to length 1 within their block; all others are
dense values, divided by the scale that training saw.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCKS = ("w:", "t:", "c:")
Features = Mapping[str, float]
Vector = tuple[NDArray[np.int32], NDArray[np.float32]]


class ModelError(RuntimeError):
    """A trained model can't be read; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows: name → column, with the factor of each (idf, or 1 / scale)."""

    columns: dict[str, int]
    factors: list[float]  # a list: single ones are read far more quickly than of an array
    text_weight: float = 1.0
    # of each column: which block of n-grams it is of, "" for none; empty where no column is of any
    blocks: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        shared = {block: block for block in BLOCKS}  # one string each, not one a column
        blocks = tuple(shared.get(name[:2], "") for name in self.columns)
        object.__setattr__(self, "blocks", blocks if any(blocks) else ())

    def vector(self, features: Features) -> Vector:
        """Return (columns, values) of the known features."""
        column_of, factors = self.columns.get, self.factors
        known = [
            (column, value)
            for name, value in features.items()
            if (column := column_of(name)) is not None and value
        ]
        if not self.blocks:
            columns = [column for column, _ in known]
            values = [value * factors[column] for column, value in known]
        else:
            columns, values = self._with_text(known)
        return np.asarray(columns, dtype=np.int32), np.asarray(values, dtype=np.float32)

    def _with_text(self, known: list[tuple[int, float]]) -> tuple[list[int], list[float]]:
        factors, block_of = self.factors, self.blocks
        columns: list[int] = []
        values: list[float] = []
        blocks: dict[str, tuple[list[int], list[float]]] = {}
        for column, value in known:
            if block := block_of[column]:
                at, weights = blocks.setdefault(block, ([], []))
                at.append(column)
                weights.append(factors[column] if value == 1 else (1 + math.log(value)) * factors[column])
            else:
                columns.append(column)
                values.append(value * factors[column])
        for at, weights in blocks.values():
            scale = self.text_weight / math.sqrt(sum([weight * weight for weight in weights]))
            columns += at
            values += [weight * scale for weight in weights]
        return columns, values


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic model: `classes` with a row of weights and a bias each (one row where there are two)."""

    vocabulary: Vocabulary
    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    several: bool = False  # each class is decided alone (sigmoid), not one of all (softmax)

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Return the raw score of each class."""
        columns, values = self.vocabulary.vector(features)
        raw: NDArray[np.float32] = self.weights[:, columns] @ values + self.bias
        return raw

    def probabilities(self, features: Features) -> dict[str, float]:
        """Return the probability of each class; they sum to 1 unless the classes are decided alone."""
        raw = self.scores(features)
        if self.several:
            return {name: _sigmoid(float(x)) for name, x in zip(self.classes, raw, strict=True)}
        if len(self.classes) == 2:
            yes = _sigmoid(float(raw[0]))
            return {self.classes[0]: 1 - yes, self.classes[1]: yes}
        powers = np.exp(raw - raw.max())
        powers /= powers.sum()
        return {name: float(p) for name, p in zip(self.classes, powers, strict=True)}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def odds(chance: float) -> float:
    """Return a probability as a feature for a model above: half its logarithmic odds, raised above zero for most."""
    return 3 + math.log((chance + 1e-3) / (1 - chance + 1e-3)) / 2


def word_features(words: Sequence[str], prefix: str = "w:", longest: int = 2) -> dict[str, float]:
    """Return counts of the words and their n-grams up to `longest`, digits made alike."""
    shaped = ["#" * len(word) if word.isdigit() else word for word in words]
    counts: dict[str, float] = {}
    for size in range(1, longest + 1):
        for at in range(len(shaped) - size + 1):
            name = prefix + " ".join(shaped[at : at + size])
            counts[name] = counts.get(name, 0.0) + 1
    return counts


def char_features(
    words: Iterable[str], prefix: str = "c:", sizes: tuple[int, ...] = (4,)
) -> dict[str, float]:
    """Return counts of the character n-grams of the words, their ends marked."""
    counts: dict[str, float] = {}
    for word in words:
        padded = f" {word} "
        for size in sizes:
            for at in range(max(1, len(padded) - size + 1)):
                name = prefix + padded[at : at + size]
                counts[name] = counts.get(name, 0.0) + 1
    return counts


def save_models(folder: Path, models: Mapping[str, Linear], extra: Mapping[str, object]) -> None:
    """Write models as weights.npz and model.json in `folder`; `extra` goes into the JSON as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[np.float32] | NDArray[np.float16]] = {}
    described: dict[str, object] = {}
    for name, model in models.items():
        arrays[f"{name}.weights"] = model.weights.astype(np.float16)
        arrays[f"{name}.bias"] = model.bias
        arrays[f"{name}.factors"] = np.asarray(model.vocabulary.factors, dtype=np.float16)
        described[name] = {
            "classes": model.classes,
            "several": model.several,
            "text_weight": model.vocabulary.text_weight,
            "features": list(model.vocabulary.columns),
        }
    with (folder / "weights.npz").open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    text = json.dumps({"models": described, **extra}, ensure_ascii=False, separators=(",", ":"))
    (folder / "model.json").write_text(text, encoding="utf-8")


def load_models(folder: Path) -> tuple[dict[str, Linear], dict[str, object]]:
    """Return what `save_models` wrote; raise ModelError where files are missing or don't fit together."""
    try:
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            models = {name: _restored(name, spec, arrays) for name, spec in described.pop("models").items()}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: no readable model ({error}); run `wartawas train`") from error
    return models, described


def _restored(name: str, spec: Mapping[str, object], arrays: Mapping[str, NDArray[np.float32]]) -> Linear:
    features = list(spec["features"])  # type: ignore[call-overload]
    weights = arrays[f"{name}.weights"].astype(np.float32)
    if weights.shape[1] != len(features):
        raise ValueError(f"{name} has {len(features)} features and {weights.shape[1]} weights")
    vocabulary = Vocabulary(
        {feature: column for column, feature in enumerate(features)},
        arrays[f"{name}.factors"].astype(np.float32).tolist(),
        float(spec["text_weight"]),  # type: ignore[arg-type]
    )
    return Linear(
        vocabulary,
        tuple(spec["classes"]),  # type: ignore[arg-type]
        weights,
        arrays[f"{name}.bias"].astype(np.float32),
        bool(spec["several"]),
    )
