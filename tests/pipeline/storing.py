"""Stores batch after batch and says so after each commit, until somebody kills it: for test_kills.py."""

from __future__ import annotations

import sys
from pathlib import Path

from findings import make_article, make_capture, make_case, make_extraction

from pipeline.events import link_events
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle, open_store

SIZE = 20


def store_batch(store: Store, number: int) -> None:
    """Store the articles of one batch, all or none."""
    pairs = []
    for n in range(number * SIZE, (number + 1) * SIZE):
        article = make_article(
            f"k{n}", f"Kasus nomor {n} di desa ke-{n}. Isi berita {n * 7919} tentang dugaan."
        )
        pairs.append((article, make_extraction(article, make_case(article))))
    with store.transaction():
        captures = {article.id: make_capture(article, number=int(article.id[1:]) + 1) for article, _ in pairs}
        store.store_articles(StoredArticle(article, (captures[article.id],)) for article, _ in pairs)
        store.store_extractions(pairs)


def main(path: Path, snapshots: Path, first: int) -> None:
    with open_store(path) as store:
        for number in range(first, first + 1000):
            store_batch(store, number)
            print("stored", number, flush=True)
            link_events(store)
            print("linked", number, flush=True)
            if number % 3 == 2:
                print("published", publish(store, snapshots).number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
