"""Times every named question on a published database of 1,000,000 articles and 200,000 cases.

The database is filled by SQL rather than read from articles, so that the questions can be timed in minutes:
`python tests/bench/ask_bench.py --articles 1000000 --folder /tmp/ask`. Nobody in it exists.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from pipeline import prepared, projected, search, search_index, shelf
from pipeline.labels import load_labels
from pipeline.query import Filters
from pipeline.questions import QUESTIONS, ask
from pipeline.rows import region_rows

_FILL = Path(__file__).with_name("ask_bench.sql")


def make_snapshot(folder: Path, articles: int) -> shelf.Snapshot:
    """Return snapshot 1 below `folder` with so many articles, a fifth of them about cases."""
    path = folder / "snap-1"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    with closing(duckdb.connect(str(path / shelf.MASKED))) as db:
        db.execute(projected.SCHEMA.read_text(encoding="utf-8"))
        db.executemany(
            "INSERT INTO labels VALUES (?, ?, ?, ?)",
            [(label.group, label.id, label.name, label.rank) for label in load_labels()],
        )
        regions = list(region_rows())
        db.execute("CREATE TEMP TABLE r (code VARCHAR, level VARCHAR, name VARCHAR, parent VARCHAR)")
        for start in range(0, len(regions), 20_000):
            rows = regions[start : start + 20_000]
            db.execute("INSERT INTO regions SELECT unnest($c), unnest($l), unnest($n), unnest($p)", {
                "c": [r[0] for r in rows], "l": [r[1] for r in rows],
                "n": [r[2] for r in rows], "p": [r[3] for r in rows],
            })  # fmt: skip
        db.execute(f"SET VARIABLE total = {articles}")
        db.execute(_FILL.read_text(encoding="utf-8"))
        db.execute("INSERT INTO stop_reasons SELECT event_id, 'bukti' FROM events WHERE stage = 'dihentikan'")
        db.execute("CHECKPOINT")
        with closing(search_index.IndexWriter(None, path / shelf.SEARCH)) as index:
            rows = db.execute(_DOCUMENTS)
            for batch in iter(lambda: rows.fetchmany(10_000), []):
                index.add(batch)
            index.finish()
    with closing(duckdb.connect()) as db:
        db.execute(f"ATTACH '{path / shelf.MASKED}' AS published")
        prepared.prepare(db, reasons=False)
        db.execute("CHECKPOINT published")
    (path / shelf.MANIFEST).write_text(json.dumps({"number": 1, "published": "2024-12-31T20:00:00Z"}))
    return shelf.current_snapshot(folder, 1)


def times(snapshot: shelf.Snapshot, only: str | None) -> Iterator[tuple[str, float, int]]:
    """Yield each question, its median of five answers in milliseconds, and the rows of the answer."""
    for name, question in QUESTIONS.items():
        if only and name != only:
            continue
        narrowed = [Filters(), Filters(wilayah="32", jenis="netralitas")] if question.filters else [Filters()]
        for filters in narrowed:
            options = {key: EXAMPLES[key] for key in question.needs}
            options |= (
                {"pertama": "pilkada 2020", "kedua": "pilkada 2024"} if name == "banding-pemilihan" else {}
            )
            took, rows = [], 0
            for _ in range(5):
                with closing(snapshot.connect()) as db:
                    began = time.perf_counter()
                    rows = len(ask(db, name, filters, options))
                    took.append(time.perf_counter() - began)
            narrow = " (Jawa Barat, netralitas)" if filters != Filters() else ""
            yield name + narrow, statistics.median(took) * 1e3, rows


# A word that every article holds, one of two in three, one of one in twenty.
_DOCUMENTS = """
SELECT article_id, strftime(published, '%Y-%m-%dT%H:%M'), title,
    'pengawasan pemilihan' || CASE WHEN hash(article_id) % 3 > 0 THEN ' laporan' ELSE '' END
    || CASE WHEN hash(article_id) % 20 = 0 THEN ' netral' ELSE '' END
FROM articles ORDER BY published, article_id
"""
EXAMPLES = {"id": "e4", "kata": "netral", "pertama": "32.05", "kedua": "32.02"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="ask the snapshot that is there already")
    parser.add_argument("--only", help="time this question alone")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ask-bench-"))
    began = time.perf_counter()
    if options.keep and (folder / "snap-1" / shelf.MANIFEST).is_file():
        snapshot = shelf.current_snapshot(folder, 1)
    else:
        snapshot = make_snapshot(folder, options.articles)
        print(f"made in {time.perf_counter() - began:.0f} s")
    for word in ("pengawasan", "netral"):
        for ranked in (False, True):
            began = time.perf_counter()
            search.search_articles(snapshot.search_index, word, ranked=ranked)
            print(
                f"search {word}, {'ranked' if ranked else 'newest'} 50: {(time.perf_counter() - began) * 1e3:.0f} ms"
            )
    slow = []
    for name, took, rows in times(snapshot, options.only):
        print(f"{name}: {took:.0f} ms ({rows} rows)", flush=True)
        if took > 300:
            slow.append(name)
    print("over 300 ms:", ", ".join(slow) or "none")


if __name__ == "__main__":
    main()
