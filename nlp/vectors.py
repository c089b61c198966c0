"""Word vectors learnt from plain news text (floret: subwords hashed into one small table)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from nlp.tokens import blank

SIZE = 96  # dimensions
BUCKETS = 50_000  # rows; 96 × 50,000 × 2 bytes = 10 MB as packaged
_EPOCHS = 15
_MIN_COUNT = 3


class VectorsError(ValueError):
    """Vectors can't be learnt: the text or the package is missing."""


def read_news(folder: Path) -> list[dict[str, str]]:
    """Return url, title and body of the articles in `folder`/*.parquet; raise VectorsError without any."""
    import pyarrow.parquet as pq

    rows: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path, columns=["url", "title", "body"]).to_pylist()
        rows += [{key: value or "" for key, value in row.items()} for row in table]
    if not rows:
        raise VectorsError(f"{folder} holds no *.parquet with url, title and body: name a folder of news")
    return rows


def train_vectors(texts: Iterable[str], out: Path, *, work: Path) -> Path:
    """Learn vectors of lower-cased tokens from `texts` into the spaCy folder `out`; return it."""
    try:
        floret = import_module("floret")  # an extra that only training needs
    except ImportError:
        raise VectorsError("vectors need the package floret: pip install 'wartawas[train]'") from None
    from spacy.training.initialize import convert_vectors

    work.mkdir(parents=True, exist_ok=True)
    corpus = work / "vectors.txt"
    with corpus.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _lines(texts))
    table = work / "vectors.floret"
    model = floret.train_unsupervised(
        str(corpus), model="cbow", mode="floret", dim=SIZE, bucket=BUCKETS, minn=3, maxn=5, hashCount=2,
        epoch=_EPOCHS, minCount=_MIN_COUNT, thread=1, neg=10, verbose=0,
    )  # fmt: skip
    model.save_floret_vectors(str(table))
    pipeline = blank()
    convert_vectors(pipeline, table, truncate=0, prune=-1, mode="floret", attr="LOWER")
    pipeline.to_disk(out)
    return out


def _lines(texts: Iterable[str]) -> Iterator[str]:
    pipeline = blank()
    for text in texts:
        for line in text.splitlines():
            if words := [token.lower_ for token in pipeline.make_doc(line) if not token.is_space]:
                yield " ".join(words)
