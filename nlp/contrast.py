"""Short training texts: an act asserted, forbidden, feared, denied or counted, and acts with what was done about them.

The annotated corpus tells cases at length; what makes a case is often one word. The texts are made from the acts
and frames of data/corpus/judge/contrast.toml and the sentences of steps.toml, the same ones for the same seed.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nlp.corpus import Accused, Row, Span

_KINDS = {"kasus": "pelanggaran", "cegah": "pencegahan", "info": "informasi"}


def make_contrasts(path: Path, *, rounds: int = 1, seed: int = 3) -> list[Row]:
    """Return `rounds` texts of each kind for every act of the file; those of an act share an event, hence a fold."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rng = random.Random(seed)  # noqa: S311 - a draw of frames, no secret
    return [
        _contrast(f"kontras-{at}-{turn}-{frame}", at, act, frame, table, rng)
        for at, act in enumerate(table["acts"])
        for turn in range(rounds)
        for frame in _KINDS
    ]


def _contrast(
    doc_id: str, at: int, act: list[str], frame: str, table: Mapping[str, Any], rng: random.Random
) -> Row:
    kind_of_act, category, actor, deed = act
    frames = table[frame]
    values = {
        "a": actor,
        "b": deed,
        "p": rng.choice(table["places"]),
        "t": rng.choice(table["days"]),
        "n": str(rng.randint(4, 90)),
    }
    asserted = _capital(rng.choice(frames["act"]).format_map(values))
    sentences = [asserted, *rng.sample(frames["after"], rng.randint(1, 2))]
    if rng.random() < 0.25:
        sentences.insert(0, sentences.pop())
    text = " ".join(sentences)
    is_case = frame == "kasus"
    start = text.index(asserted)
    return Row(
        id=doc_id,
        text=text,
        spans=(Span("ev", start, start + len(asserted), asserted),) if is_case else (),
        kind=_KINDS[frame],
        title=_capital(rng.choice(frames["titles"]).format_map(values)),
        published="2024-11-25T08:00+07:00",
        types=(kind_of_act,),
        terlapor=(Accused("-", actor, category),) if is_case else (),
        event=f"kontras-{at}",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def make_steps(path: Path, steps: Path, *, rounds: int = 2, seed: int = 5) -> list[Row]:
    """Return `rounds` texts for every sentence of `steps`: an act of `path`, then what was done about it."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    told = tomllib.loads(steps.read_text(encoding="utf-8"))["step"]
    rng = random.Random(seed)  # noqa: S311 - a draw of acts, no secret
    return [
        _step(f"langkah-{at}-{turn}", step, table, rng)
        for at, step in enumerate(told)
        for turn in range(rounds)
    ]


def _step(doc_id: str, step: Mapping[str, str], table: Mapping[str, Any], rng: random.Random) -> Row:
    at = rng.randrange(len(table["acts"]))
    act = table["acts"][at]
    row = _contrast(doc_id, at, act, "kasus", table, rng)
    asserted = row.spans[0].text
    text = f"{asserted} {step['text']}"
    title = row.title if rng.random() < 0.5 else " ".join(step["text"].split()[:8])
    return replace(
        row,
        text=text,
        title=title,
        spans=(Span("ev", 0, len(asserted), asserted),),
        stage=step["stage"],
        outcome=step["outcome"],
        source_of_case=step["source"],
    )


def contrasts_of(folder: Path) -> Iterator[Row]:
    """Yield the made texts of a corpus folder, none where it has no contrast.toml."""
    path, steps = folder / "contrast.toml", folder / "steps.toml"
    if path.is_file():
        yield from make_contrasts(path)
        if steps.is_file():
            yield from make_steps(path, steps)
