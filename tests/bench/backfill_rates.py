"""How fast a back-fill is: python tests/bench/backfill_rates.py [10000] [--files 4] [--dask] [--folder F].

Makes WARC files of so many mixed records in all (70 % in other languages, 5 % broken, 5 % huge), and prints what
the early filter costs a rejected record, what reading costs an article from WARC to Parquet, and the memory of the two
processes of a worker over time. With --dask the same files are read by the local pool, by one Dask worker and by two.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "pipeline"), str(TESTS / "crawler")]
os.environ.setdefault("OMP_NUM_THREADS", "1")

import warcs  # noqa: E402
from backfilling import lines, make_plan  # noqa: E402
from watching import Watch  # noqa: E402

from crawler.sieve import Passed, Sieve  # noqa: E402
from crawler.warcstream import Record, WarcStream  # noqa: E402
from pipeline.backfill.glance import is_indonesian  # noqa: E402
from pipeline.backfill.run import backfill  # noqa: E402
from pipeline.backfill.runners import LocalRunner, Runner  # noqa: E402
from pipeline.backfill.unit import Plan  # noqa: E402
from pipeline.backfill.units import Unit, find_units  # noqa: E402


def measure_filter(files: list[Path]) -> None:
    """Print what a rejected record costs in CPU time, by why it was rejected."""
    sieve = Sieve(warcs.sources().values(), is_indonesian)
    spent: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for path in files:
        with path.open("rb") as file:
            at = time.process_time()
            for record in WarcStream(file):
                reason = "kept"
                if isinstance(record, Record):
                    try:
                        sieve.take(record)
                    except Passed as passed:
                        reason = passed.reason + (", huge" if record.length > 1_000_000 else "")
                else:
                    reason = f"broken, {record.reason}"
                now = time.process_time()
                spent[reason] += now - at
                counts[reason] += 1
                at = now
    for reason in sorted(counts, key=lambda name: -spent[name]):
        print(f"  {counts[reason]:6} {reason}: {spent[reason] / counts[reason] * 1000:.3f} ms each")
    rejected = [reason for reason in counts if reason != "kept"]
    mean = sum(spent[r] for r in rejected) / max(1, sum(counts[r] for r in rejected))
    print(f"early filter: {mean * 1000:.3f} CPU ms a rejected record (bar 1 ms)", flush=True)


def measure_reading(plan: Plan, units: list[Unit], runner: Runner) -> float:
    """Make all parts with one worker; print rates and memory; return the wall seconds."""
    own = time.process_time()
    with Watch() as watch:
        began = time.monotonic()
        report = backfill(plan, units, runner)
        wall = time.monotonic() - began
        cpu = watch.cpu + time.process_time() - own
    scan = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.articles} articles of {report.records} records in {wall:.0f} s, {cpu:.0f} CPU s with starting:"
    )
    print(
        f"  {report.articles / wall:.1f} articles a second, {report.articles / cpu:.1f} a CPU second (bar 8)"
    )
    print(
        f"  memory of a worker's processes over time, MB: {watch.curve(8)}; peak {watch.peak:.0f} (bar 1200)"
    )
    print(f"  memory of this process {scan:.0f} MB", flush=True)
    return wall


def measure_dask(folder: Path, units: list[Unit]) -> None:
    """Print how long one and two Dask workers, and one and two processes of the local pool, take over the same."""
    from distributed import LocalCluster

    from pipeline.backfill.dask_runner import DaskRunner

    took: dict[str, float] = {}
    for workers in (1, 2):
        began = time.monotonic()
        backfill(make_plan(folder / f"local-{workers}"), units, LocalRunner(workers))
        took[f"local pool, {workers}"] = time.monotonic() - began
        # the cluster stands before the clock runs, as a users' cluster does
        with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
            runner = DaskRunner(cluster.scheduler_address)
            began = time.monotonic()
            report = backfill(make_plan(folder / f"dask-{workers}"), units, runner)
            took[f"Dask, {workers}"] = time.monotonic() - began
            runner.close()
        assert report.whole
    for name, seconds in took.items():
        print(f"  {name}: {seconds:.1f} s")
    print(f"two Dask workers: {took['Dask, 1'] / took['Dask, 2']:.2f} times one (bar 1.7)")
    print(
        f"Dask against the local pool: {took['Dask, 2'] / took['local pool, 2'] - 1:+.1%} (bar +10 %)",
        flush=True,
    )
    hashes = [{k: v["hash"] for k, v in lines(path).items()} for path in sorted(folder.glob("*-[12]"))]
    assert all(row == hashes[0] for row in hashes), "the four ways gave different rows"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=10_000)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--largest", type=int, default=12_000_000, help="bytes of the largest page")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="backfill-bench-"))
    each = options.records // options.files
    made = [warcs.make_warc(folder / "w" / f"{n}.warc.gz", each, seed=n + 1, largest=options.largest)
            for n in range(options.files)]  # fmt: skip
    size = sum(one.path.stat().st_size for one in made) / 1e6
    articles, load = sum(len(one.articles) for one in made), os.getloadavg()[0]
    print(f"{options.files} files, {size:.0f} MB, {articles} articles; load {load:.1f}", flush=True)
    measure_filter([one.path for one in made])
    plan = make_plan(folder / "out")
    units = find_units([str(folder / "w")], plan.how)
    measure_reading(plan, units, LocalRunner(1))
    assert sum(line["rows"] for line in lines(plan.out).values()) == sum(len(one.articles) for one in made)
    if options.dask:
        measure_dask(folder, units)
    if not options.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
