"""Reads the current snapshot over and over until it is told to end: for test_snapshots.py."""

from __future__ import annotations

import json
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

from pipeline.database import scalar
from pipeline.search import search_articles
from pipeline.snapshots import current_snapshot


def main(root: Path) -> None:
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    seen: dict[str, list[object]] = {"numbers": [], "wrong": []}
    reads = 0
    print("reading", flush=True)
    while not stopped:
        snapshot = current_snapshot(root)
        with closing(snapshot.connect()) as db:
            articles = scalar(db, "SELECT count(*) FROM articles")
            members = scalar(db, "SELECT count(DISTINCT article_id) FROM event_members")
        found = len(search_articles(snapshot.search_index, "desa"))
        if not articles == members == snapshot.manifest["articles"] or found > articles:
            seen["wrong"].append([snapshot.number, articles, members])
        if snapshot.number not in seen["numbers"]:
            seen["numbers"].append(snapshot.number)
        reads += 1
        time.sleep(0.02)
    print(json.dumps({**seen, "reads": reads}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
