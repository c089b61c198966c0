"""Parts into the store: python tests/bench/backfill_merge.py [1000000] [--part 20000] [--folder F] [--keep].

Writes invented articles (those of store_bench.py: a fifth of them cases, a tenth copies) as parts in a process of its
own, then takes them in with `ingest_parts`, linked. Prints for each tenth what an article cost, and the peak of memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from store_bench import Generator

from pipeline.backfill.ingest import IngestReport, ingest_parts
from pipeline.backfill.parts import Found, join_rows, make_row, write_rows
from pipeline.store import open_store


def write_parts(folder: Path, total: int, size: int) -> None:
    """Write parts of so many articles each."""
    generator = Generator(total)
    (folder / "parts").mkdir(parents=True)
    for first in range(1, total + 1, size):
        files = []
        for begin in range(first, min(first + size, total + 1), 2_000):
            made = (generator.article(n) for n in range(begin, min(begin + 2_000, first + size, total + 1)))
            file = folder / f"rows-{begin}"
            write_rows(file, [make_row(Found((replace(c, id=0),), a, e, None)) for a, c, e in made])
            files.append(file)
        line = {"unit": f"/{first}.warc.gz", "id": str(first), "model": "m1"}
        join_rows(files, folder / "parts" / f"{first:09}.parquet", line)
        for file in files:
            file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--part", type=int, default=20_000, help="articles a part")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the folder there")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="backfill-merge-"))
    if not (folder / "parts").is_dir():
        child = multiprocessing.get_context("forkserver").Process(
            target=write_parts, args=(folder, options.articles, options.part)
        )
        child.start()
        child.join()
        assert child.exitcode == 0
    parts = len(list((folder / "parts").glob("*.parquet")))
    size = sum(path.stat().st_size for path in (folder / "parts").iterdir()) / 1e6
    print(f"{parts} parts, {size:.0f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
    began = last = time.monotonic()
    used = time.process_time()
    costs: list[float] = []
    before = 0

    def tell(report: IngestReport) -> None:
        nonlocal last, used, before
        if report.parts % max(1, parts // 10) == 0:
            now, cpu = time.monotonic(), time.process_time()
            costs.append((cpu - used) / (report.articles - before) * 1000)
            print(f"  {report.articles} articles: {costs[-1]:.2f} CPU ms an article, "
                  f"{(now - last) / (report.articles - before) * 1000:.2f} ms of time", flush=True)  # fmt: skip
            last, used, before = now, cpu, report.articles

    with open_store(folder / "store" / "work.duckdb") as store:
        report = ingest_parts(store, folder, on_part=tell)
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.articles} articles, {report.events} events in {took / 60:.1f} minutes (bar 40 for 1,000,000)"
    )
    print(
        f"peak {peak:.0f} MB (bar 3000); the dearest tenth costs {max(costs) / min(costs):.2f} times the cheapest,"
    )
    print(f"the last {costs[-1] / costs[0]:.2f} times the first (bar 1.5)")
    print(f"work.duckdb: {(folder / 'store' / 'work.duckdb').stat().st_size / 1e6:.0f} MB")
    if not options.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
