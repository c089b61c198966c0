"""What was annotated sentence by sentence: the steps of the handling, and which sentences assert the act.

The files are described in data/corpus/FORMAT.md; none is of an article of the test split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.corpus import CORPUS, CorpusError, known_ids
from nlp.told import PLANNED, labels_of

_STATES = frozenset(("selesai", *PLANNED))
_TELLS = ("tindakan", "rincian", "sebutan")


@dataclass(frozen=True, slots=True)
class Note:
    """What the sentence that begins at character `start` tells (-1: the title): a step, its state, tracks, outcome."""

    start: int
    labels: frozenset[str]


def load_steps(folder: Path = CORPUS / "steps") -> dict[str, list[Note]]:
    """Return the annotated steps by article, an empty list for an article that tells none.

    Raises CorpusError where a line does not say what it should.
    """
    notes: dict[str, list[Note]] = {}
    for path, number, fields in _lines(folder):
        try:
            article, note = _note(fields)
        except ValueError as error:
            raise CorpusError(f"{path} line {number}: {error}") from None
        notes.setdefault(article, []).extend([note] if note else [])
    return notes


def _note(fields: Sequence[str]) -> tuple[str, Note | None]:
    article, start, stage, state, tracks, outcome = fields
    if not start:
        return article, None
    ids = known_ids()
    named = tracks.split("+") if tracks else []
    wrong = [f"stage {stage!r}"] if stage not in ids["stage"] else []
    wrong += [f"state {state!r}"] if state not in _STATES else []
    wrong += [f"track {name!r}" for name in named if name not in ids["track"]]
    wrong += [f"outcome {outcome!r}"] if outcome and outcome not in ids["outcome"] else []
    if wrong:
        raise ValueError(f"unknown {', '.join(wrong)}")
    return article, Note(int(start), frozenset(labels_of(stage, state, named, outcome)))


def load_asserting(folder: Path = CORPUS / "acts") -> dict[str, frozenset[int]]:
    """Return by article the characters at which its sentences begin that assert the act (-1: the title).

    Unlike evidence, which is one to three of them, these are all. Raises CorpusError where a line does not say what
    it should.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    for path, number, fields in _lines(folder):
        try:
            article, start, tells = fields
            if tells not in _TELLS:
                raise ValueError(f"tells {tells!r}, not one of {', '.join(_TELLS)}")
            found[article] |= {int(start)} if tells == _TELLS[0] else set()
        except ValueError as error:
            raise CorpusError(f"{path} line {number}: {error}") from None
    return {article: frozenset(starts) for article, starts in found.items()}


def _lines(folder: Path) -> Iterator[tuple[Path, int, list[str]]]:
    """Yield the file, number and fields of every line but the headings."""
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
            yield path, number, line.split("\t")
