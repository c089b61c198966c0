"""Publishes while no file may grow beyond a limit, as on a full disk: for test_snapshots.py."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from findings import make_article, make_case, make_extraction

from pipeline import snapshots
from pipeline.shelf import SnapshotError
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, StoreError, open_store


def main(path: Path, root: Path, limit: int) -> int:
    with open_store(path) as store:
        article = make_article(f"full{limit}", "Berita terakhir sebelum cakram penuh. " * 50)
        store.store_articles([StoredArticle(article)])
        store.store_extractions([(article, make_extraction(article, make_case(article)))])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            publish(store, root)
        except (SnapshotError, StoreError) as error:
            print(error)
            return 3
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return 0


if __name__ == "__main__":
    snapshots._MANY = int(sys.argv[4])
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
