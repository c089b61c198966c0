"""How many seed-sized articles a core reads from clean text to cases, and what of that the judge takes.

    python tests/bench/cases_bench.py [ARTICLES]        goal: at least 11 a second a core

CPU time of one process. The articles are those of the corpus, joined or cut to the seeds' mean length (376 words).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from nlp.corpus import CORPUS, load_corpus
from nlp.figures import to_document
from nlp.model import Model, load_model
from nlp.records import Document

WORDS = 376
ROUNDS = 3


def seed_sized(count: int) -> list[Document]:
    """Return documents of WORDS words each, made of whole paragraphs of the corpus as far as they go."""
    documents: list[Document] = []
    pending: list[Document] = []
    for row in _cycle(count):
        pending.append(to_document(row))
        text = "\n\n".join(document.text for document in pending)
        if len(text.split()) >= WORDS:
            cut = " ".join(text.split(" ")[:WORDS])
            documents.append(replace(pending[0], id=str(len(documents)), text=cut))
            pending = []
        if len(documents) == count:
            break
    return documents


def _cycle(count: int) -> Iterator[object]:
    rows = load_corpus(CORPUS, check=False)
    for _ in range(1 + 4 * count // len(rows)):
        yield from rows


def articles_a_second(model: Model, documents: list[Document]) -> float:
    """Return documents read per second of this process's CPU time."""
    start = time.process_time()
    cases = sum(len(one.cases) for one in model.extract_many(documents))
    assert cases
    return len(documents) / (time.process_time() - start)


def main(count: int) -> None:
    """Print the rate of the whole reading and of the judge alone, the best of ROUNDS."""
    model = load_model()
    documents = seed_sized(count)
    articles_a_second(model, documents[:20])  # caches fill
    whole = max(articles_a_second(model, documents) for _ in range(ROUNDS))
    spotted = model.recogniser.recognise([document.text for document in documents])
    start = time.process_time()
    for document, mentions in zip(documents, spotted, strict=True):
        model.judge.judge(document, mentions, ())
    alone = len(documents) / (time.process_time() - start)
    sys.stdout.write(f"{len(documents)} articles of {WORDS} words: {whole:.1f} a second, judge {alone:.1f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
