"""Training of the recogniser: samples → spaCy documents → training loop → a model folder."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as run_loop
from spacy.util import load_config, registry

from nlp import dirt, generator
from nlp.corpus import MENTION_LABELS, Row, Span
from nlp.edits import Sample, nested
from nlp.ner import cut
from nlp.tokens import blank

CONFIG = Path(__file__).parent / "configs" / "ner.cfg"
_GO_ON: dict[str, Any] = {
    "training.optimizer.learn_rate.initial_rate": 0.0005,
    "training.batcher.size.start": 1500,
}
_ATTRIBUTES = ("ORTH", "ENT_IOB", "ENT_TYPE", "TAG")


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of what the recogniser is trained on, in copies of the corpus; `generated` in paragraphs."""

    clean: int = 1
    soiled: int = 2
    renamed: int = 2
    renamed_soiled: int = 2
    generated: int = 6_000


def entity_actions() -> dict[str, dict[str, int]]:
    """Return the recogniser's moves: begin, inside, last and unit (1-4) of each label, outside (5)."""
    labels = dict.fromkeys(MENTION_LABELS, 1)
    return {"0": {}, **dict.fromkeys("1234", labels), "5": {"": 1}}


registry.readers.register("wartawas.entity_labels.v1", func=entity_actions)


def training_samples(rows: Sequence[Row], mix: Mix) -> list[Sample]:
    """Return the articles, their soiled and renamed variants, and generated paragraphs."""
    samples = [Sample(row.text, row.spans) for _ in range(mix.clean) for row in rows]
    for n in range(mix.soiled):
        samples += dirt.soil_all(rows, seed=f"train {n}")
    for n in range(mix.renamed):
        samples += [generator.rename(row, seed=f"name {n}", places=0.7) for row in rows]
    for n in range(mix.renamed_soiled):
        moved = [_renamed_row(row, f"both {n}") for row in rows]
        samples += dirt.soil_all(moved, seed=f"both {n}")
    return samples + generator.generate(mix.generated)


def _renamed_row(row: Row, seed: str) -> Row:
    sample = generator.rename(row, seed=seed, places=0.7)
    return Row(id=row.id, text=sample.text, spans=sample.spans, kind=row.kind, title=row.title)


def to_docs(samples: Iterable[Sample], pipeline: Language) -> Iterator[Doc]:
    """Yield one document a paragraph: outer spans as entities, places inside them as B/I tags.

    Spans that don't begin and end with a token (glued words) can't be learnt and are left out.
    """
    for sample in samples:
        inner = nested(sample.spans)
        for start, end in cut(sample.text):
            doc = pipeline.make_doc(sample.text[start:end])
            for token in doc:
                token.tag_ = "O"
            within = [
                (i, span)
                for i, span in enumerate(sample.spans)
                if span.label != "ev" and start <= span.start and span.end <= end
            ]
            doc.set_ents([one for i, span in within if i not in inner and (one := _found(doc, span, start))])
            for i, span in within:
                if i in inner and (one := _found(doc, span, start)):
                    for token in one:
                        token.tag_ = "I"
                    one[0].tag_ = "B"
            yield doc


def _found(doc: Doc, span: Span, offset: int) -> Any:
    return doc.char_span(span.start - offset, span.end - offset, label=span.label)


def write_docs(samples: Iterable[Sample], path: Path) -> int:
    """Write the samples for spaCy's training loop; return the number of documents."""
    docs = DocBin(attrs=list(_ATTRIBUTES), docs=to_docs(samples, blank()))
    docs.to_disk(path)
    return len(docs)


def train_recogniser(
    train: Iterable[Sample],
    dev: Iterable[Sample],
    out: Path,
    *,
    work: Path,
    vectors: Path | None = None,
    max_steps: int | None = None,
    start: Path | None = None,
    progress: IO[str] | None = None,
) -> dict[str, float]:
    """Train on `train`, choose the best checkpoint by `dev`, write it to `out`; return its dev scores.

    `work` holds intermediate files; `vectors` is a spaCy vectors folder; `max_steps` shortens the run. `start` is a
    model folder to go on from: a third of the rate, its own vectors, and the last checkpoint is taken, since it knows
    the dev split by heart.
    """
    (work / "run").mkdir(parents=True, exist_ok=True)
    write_docs(train, work / "train.spacy")
    write_docs(dev, work / "dev.spacy")
    changes: dict[str, Any] = {
        "paths.train": str(work / "train.spacy"),
        "paths.dev": str(work / "dev.spacy"),
        "paths.vectors": str(vectors) if vectors else None,
        "components.tok2vec.model.embed.include_static_vectors": vectors is not None,
    }
    if max_steps is not None:  # a short run still warms up and is scored twice
        changes |= {
            "training.max_steps": max_steps,
            "training.eval_frequency": max(1, min(400, max_steps // 2)),
        }
        changes["training.optimizer.learn_rate.warmup_steps"] = min(250, max_steps // 4)
    if start is not None:
        changes |= _GO_ON | {"paths.vectors": str(_full_precision(start, work / "start"))}
    config = load_config(CONFIG, overrides=changes)
    if start is not None:
        config["initialize"]["components"] = {}
        config["components"] = {name: {"source": str(work / "start")} for name in config["nlp"]["pipeline"]}
    pipeline = init_nlp(config)
    log = progress or io.StringIO()
    run_loop(pipeline, work / "run", stdout=log, stderr=log)
    best = work / "run" / ("model-best" if start is None else "model-last")
    scores = _scores(best)
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(best, out)
    return scores


def _full_precision(model: Path, copy: Path) -> Path:
    """Copy a model whose word vectors are stored at half precision, which training cannot read."""
    shutil.copytree(model, copy)
    table = copy / "vocab" / "vectors"
    values = np.load(table, allow_pickle=False)
    with table.open("wb") as file:
        np.save(file, values.astype("float32"), allow_pickle=False)
    return copy


def _scores(folder: Path) -> dict[str, float]:
    performance = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["performance"]
    return {key: round(float(performance[key]), 4) for key in ("ents_p", "ents_r", "ents_f", "tag_acc")}
