"""Deaths in a back-fill: python tests/bench/backfill_kills.py [20] [--records 600] [--every 20] [--dask].

First everything is killed with -9 at so many random moments and started again: the rows must be those of a run
that nobody disturbed. Then one of two workers is killed every 20 seconds, of the local pool and (--dask) of a cluster:
every record must be there exactly once, and the page that kills whoever reads it (one a file) must cost itself alone.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "pipeline"), str(TESTS / "crawler")]

import warcs  # noqa: E402
from backfilling import BAIT, finish, kill, rows_hash, start, urls  # noqa: E402
from watching import descendants  # noqa: E402

from crawler.canonical import canonical_url  # noqa: E402


def kill_everything(folder: Path, kills: int, chance: random.Random, undisturbed: str) -> None:
    """Kill the whole back-fill so often; whenever one comes to its end, its rows must be those of `undisturbed`."""
    killed = whole = 0
    while killed < kills or not whole:
        out = f"killed-{whole}"
        ran = start(folder, "w", "--out", out, trap=True, workers=2)
        if killed < kills:
            time.sleep(chance.uniform(1.0, 20.0))
        if killed < kills and ran.poll() is None:
            kill(ran)
            killed += 1
            continue
        report = finish(ran)
        assert rows_hash(folder / out) == undisturbed
        whole += 1
    print(
        f"{kills} kill -9 of everything, {whole} times to the end: the same {report['articles']} articles (hash)",
        flush=True,
    )


@contextmanager
def strikes(every_s: float, pids: Any) -> Iterator[list[int]]:
    """Kill one of the processes that `pids()` gives every so many seconds."""
    hit: list[int] = []
    end = threading.Event()

    def strike() -> None:
        while not end.wait(every_s):
            if alive := pids():
                os.kill(alive[len(hit) % len(alive)], signal.SIGKILL)
                hit.append(alive[0])

    threading.Thread(target=strike, daemon=True).start()
    yield hit
    end.set()


def workers_of(pid: int) -> list[int]:
    """Return the processes below one that hold more than 100 MB: workers, and those that read for them."""
    found = []
    for child in descendants(pid):
        try:
            if int(Path(f"/proc/{child}/statm").read_text().split()[1]) * 4096 > 1e8:
                found.append(child)
        except OSError:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=20)
    parser.add_argument("--records", type=int, default=600)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--every", type=float, default=20.0)
    parser.add_argument("--dask", action="store_true")
    options = parser.parse_args()
    chance = random.Random(17)
    with tempfile.TemporaryDirectory(prefix="backfill-kills-") as name:
        folder = Path(name)
        each = options.records // options.files
        made = [warcs.make_warc(folder / "w" / f"{n}.warc.gz", each, seed=n + 1, bait=BAIT, largest=2_000_000)
                for n in range(options.files)]  # fmt: skip
        wanted = sorted(canonical_url(url) for one in made for url in one.articles)
        baits = sum(one.bait is not None for one in made)
        report = finish(start(folder, "w", "--out", "whole", trap=True, workers=2))
        assert report["refused"] == {"crashed": baits}
        assert report["articles"] == len(wanted) - baits
        print(
            f"{baits} pages that kill their reader cost themselves alone; {report['articles']} articles",
            flush=True,
        )
        if options.kills:
            kill_everything(folder, options.kills, chance, rows_hash(folder / "whole"))
        ran = start(folder, "w", "--out", "struck", trap=True, workers=2)
        with strikes(options.every, lambda: workers_of(ran.pid)) as hit:
            finish(ran)
        assert sorted(urls(folder / "struck")) == wanted
        print(
            f"local pool, a worker killed every {options.every:g} s ({len(hit)} in all): every record once",
            flush=True,
        )
        if options.dask:
            strike_cluster(folder, options.every, wanted)


def strike_cluster(folder: Path, every_s: float, wanted: list[str]) -> None:
    """Kill a Dask worker every so many seconds; every record must be there once."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:

        def pids() -> list[int]:
            processes = (worker.process for worker in cluster.workers.values())
            return [process.pid for process in processes if process and process.pid]

        ran = start(folder, "w", "--out", "dask", "--scheduler", cluster.scheduler_address, workers=None)
        with strikes(every_s, pids) as hit:
            finish(ran)
    assert sorted(urls(folder / "dask")) == wanted
    print(f"Dask, a worker killed every {every_s:g} s ({len(hit)} in all): every record once")


if __name__ == "__main__":
    main()
