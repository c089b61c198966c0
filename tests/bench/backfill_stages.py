"""What each stage costs an article, in CPU milliseconds: python tests/bench/backfill_stages.py [200].

Made pages (`tests/crawler/warcs.py`) go through scan, archive, cleaning, reading, part and store, one stage after the
other in one process with one thread; bytes are those that stand on the disk afterwards.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "pipeline"), str(TESTS / "crawler")]

import warcs  # noqa: E402

from crawler.archive import read_page  # noqa: E402
from crawler.scan import Fetching, Sieve, scan_warc  # noqa: E402
from nlp.model import load_model  # noqa: E402
from pipeline import ids  # noqa: E402
from pipeline.article import Article  # noqa: E402
from pipeline.backfill.glance import is_indonesian  # noqa: E402
from pipeline.backfill.parts import Found, join_rows, make_row, write_rows  # noqa: E402
from pipeline.clean import clean_page  # noqa: E402
from pipeline.events import link_events  # noqa: E402
from pipeline.process import document  # noqa: E402
from pipeline.snapshots import publish  # noqa: E402
from pipeline.store import StoredArticle, open_store  # noqa: E402


def main(count: int) -> None:
    def timed(what: str, work: Callable[[], Any], per: int = count) -> Any:
        began = time.process_time()
        result = work()
        print(f"{what}: {(time.process_time() - began) / per * 1000:.2f} ms", flush=True)
        return result

    model = timed("load the model, once", load_model, 1)
    with tempfile.TemporaryDirectory(prefix="stages-") as name:
        folder = Path(name)
        made = warcs.make_warc(folder / "a.warc.gz", count, foreign=0, broken=0, huge=0)
        print(f"a packed page: {made.path.stat().st_size / count / 1000:.1f} kB")
        sieve = Sieve(warcs.sources().values(), is_indonesian)
        scan = timed("scan, keep", lambda: scan_warc(str(made.path), folder / "w", sieve, Fetching("x")))
        bodies = timed("read the page back", lambda: [read_page(folder / "w", c).body for c in scan.captures])
        print(f"a plain page: {sum(map(len, bodies)) / count / 1000:.1f} kB")
        articles = timed(
            "clean",
            lambda: [clean(capture, body) for capture, body in zip(scan.captures, bodies, strict=True)],
        )
        good = [(c, a) for c, a in zip(scan.captures, articles, strict=True) if isinstance(a, Article)]
        words = sum(len(article.text.split()) for _, article in good) / len(good)
        print(f"{len(good)} articles of {words:.0f} words")
        random.Random(1).shuffle(good)
        found = timed("read (NLP)", lambda: list(model.extract_many(document(a, None) for _, a in good)))
        print(f"  memory with the model: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        rows = [Found((c,), a, e, None) for (c, a), e in zip(good, found, strict=True)]

        def part() -> None:
            write_rows(folder / "rows", [make_row(row) for row in rows])
            join_rows([folder / "rows"], folder / "part.parquet", {"unit": "a"})

        timed("write the part", part)
        with open_store(folder / "store" / "work.duckdb") as store:

            def keep() -> None:
                with store.transaction():
                    store.store_articles(StoredArticle(a, (c,)) for c, a in good)
                    store.store_extractions((a, e) for (_, a), e in zip(good, found, strict=True))

            timed("store (a small store)", keep)
            timed("link (a small store)", lambda: link_events(store))
            timed("publish (a first time, few articles)", lambda: publish(store, folder / "snapshots"))
        print(f"a row of the part: {(folder / 'part.parquet').stat().st_size / len(good) / 1000:.1f} kB")
    print(f"load {os.getloadavg()[0]:.1f}")


def clean(capture: Any, body: bytes) -> Any:
    return clean_page(
        body, url=capture.article_url, content_type=capture.content_type, fetched_at=capture.fetched_at,
        article_id=ids.article_id(capture.article_url, ""),
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
