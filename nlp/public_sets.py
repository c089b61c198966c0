"""Public entity sets as a yardstick: our configuration trained on a set's own split, scored on its test.

The sets (token, tag in two or three columns, a blank line between sentences) are not part of the
repository. Their labels are persons, organisations and places; ours are mapped onto them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from nlp.corpus import Span
from nlp.edits import Sample, nested
from nlp.generator import generate

LABELS = {
    "PER": "per", "PERSON": "per", "ORG": "org", "ORGANISATION": "org", "ORGANIZATION": "org",
    "LOC": "loc", "PLACE": "loc", "LOCATION": "loc",
}  # fmt: skip
_SPLITS = {
    "train": ("train.txt", "train_preprocess.txt"),
    "dev": ("dev.txt", "valid_preprocess.txt"),
    "test": ("test.txt", "test_preprocess.txt"),
}
_GENERATED = 2_000  # paragraphs


class PublicSetError(ValueError):
    """A folder holds no public entity set in the form that is understood."""


def read_split(folder: Path, name: str) -> list[Sample]:
    """Return the sentences of a split (train, dev, test), tokens joined by blanks."""
    path = next((folder / file for file in _SPLITS[name] if (folder / file).is_file()), None)
    if path is None:
        raise PublicSetError(f"{folder} holds neither {' nor '.join(_SPLITS[name])}: name a set's folder")
    samples = [_sample(rows) for rows in _sentences(path)]
    if not samples:
        raise PublicSetError(f"{path} holds no sentences of token and tag columns")
    return samples


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split()
        if not columns:
            if rows:
                yield rows
            rows = []
        elif len(columns) < 2:
            raise PublicSetError(f"{path}:{number}: {line!r} has no tag")
        else:
            rows.append((columns[0], columns[-1]))
    if rows:
        yield rows


def _sample(rows: list[tuple[str, str]]) -> Sample:
    text = " ".join(token for token, _ in rows)
    spans: list[Span] = []
    at = 0
    for token, tag in rows:
        mark, _, kind = tag.partition("-")
        end = at + len(token)
        if mark == "B" or (mark == "I" and not (spans and spans[-1].end == at - 1)):
            spans.append(Span(LABELS[kind.upper()], at, end, token))
        elif mark == "I":
            last = spans.pop()
            spans.append(Span(last.label, last.start, end, text[last.start : end]))
        at = end + 1
    return Sample(text, tuple(spans))


def generated_samples(count: int = _GENERATED) -> list[Sample]:
    """Return generated paragraphs without offices, as these sets know none."""
    samples = []
    for sample in generate(count, seed=11):
        inner = nested(sample.spans)
        outer = [span for i, span in enumerate(sample.spans) if i not in inner]
        if not any(span.label == "role" for span in outer):
            samples.append(
                Sample(sample.text, tuple(span for span in outer if span.label in LABELS.values()))
            )
    return samples


def benchmark(
    folder: Path,
    *,
    work: Path,
    vectors: Path | None = None,
    max_steps: int | None = None,
    progress: IO[str] | None = None,
) -> dict[str, float]:
    """Train on the set's train split and generated text, return exact-span scores on its test split."""
    from nlp.ner import load_recogniser
    from nlp.ner_training import train_recogniser
    from nlp.score import prf

    train = [*read_split(folder, "train"), *generated_samples()]
    out = work / "model"
    train_recogniser(
        train,
        read_split(folder, "dev"),
        out,
        work=work,
        vectors=vectors,
        max_steps=max_steps,
        progress=progress,
    )
    test = read_split(folder, "test")
    found = load_recogniser(out).recognise([sample.text for sample in test])
    hit = said = gold = 0
    for sample, mentions in zip(test, found, strict=True):
        wanted = {(span.label, span.start, span.end) for span in sample.spans}
        got = {(one.label, one.start, one.end) for one in mentions}
        hit += len(wanted & got)
        said += len(got)
        gold += len(wanted)
    return prf(hit, said, gold)
