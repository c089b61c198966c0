"""Back-fills on a Dask cluster: the same parts as on this machine, also where workers are killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import warcs
from backfilling import finish, lines, make_plan, start, urls
from distributed import LocalCluster

from crawler.canonical import canonical_url
from pipeline.backfill.dask_runner import DaskRunner
from pipeline.backfill.run import backfill
from pipeline.backfill.runners import LocalRunner
from pipeline.backfill.units import BackfillError, find_units


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and one worker, watched by a nanny as `dask worker` has one."""
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as made:
        yield made


def test_killed_workers_lose_nothing_and_double_nothing(cluster: LocalCluster, tmp_path: Path) -> None:
    made = [
        warcs.make_warc(tmp_path / "w" / f"{name}.warc.gz", 34, seed=n, foreign=0, broken=0, huge=0)
        for n, name in enumerate("ab")
    ]
    plan = make_plan(tmp_path / "out")
    units = find_units([str(tmp_path / "w")], plan.how)
    hit: list[int] = []

    def strike() -> None:
        while not hit:
            if sum(plan.progress(unit)[0] for unit in units) >= 3:
                for worker in list(cluster.workers.values()):
                    os.kill(worker.process.pid, signal.SIGKILL)
                    hit.append(worker.process.pid)
            time.sleep(0.01)

    threading.Thread(target=strike, daemon=True).start()
    runner = DaskRunner(cluster.scheduler_address)
    try:
        assert runner.dashboard.startswith("http://127.0.0.1")
        report = backfill(plan, units, runner)
    finally:
        runner.close()
    assert hit
    assert report.whole
    assert sorted(urls(plan.out)) == sorted(canonical_url(url) for one in made for url in one.articles)
    straight = make_plan(tmp_path / "straight")
    backfill(straight, units[:1], LocalRunner(1))
    assert lines(straight.out)["a"]["hash"] == lines(plan.out)["a"]["hash"]


def test_every_file_is_read_where_there_are_more_than_workers(cluster: LocalCluster, tmp_path: Path) -> None:
    made = [
        warcs.make_warc(tmp_path / "w" / f"{n}.warc.gz", 1, seed=n, foreign=0, broken=0, huge=0)
        for n in range(5)
    ]
    plan = make_plan(tmp_path / "out")
    runner = DaskRunner(cluster.scheduler_address)
    try:
        report = backfill(plan, find_units([str(tmp_path / "w")], plan.how), runner)
    finally:
        runner.close()
    assert report.whole
    assert report.done == 5
    assert sorted(urls(plan.out)) == sorted(canonical_url(url) for one in made for url in one.articles)


def test_command_reads_on_the_cluster_and_names_its_dashboard(cluster: LocalCluster, tmp_path: Path) -> None:
    warcs.make_warc(tmp_path / "w" / "x.warc.gz", 4, foreign=0, broken=0, huge=0)
    (tmp_path / "w" / "bad.warc.gz").write_bytes(b"<html>moved</html>" * 99)
    ran = start(tmp_path, "w", "--out", "out", "--scheduler", cluster.scheduler_address, workers=None)
    report = finish(ran, 1)
    assert (report["done"], report["articles"]) == (1, 4)
    assert "not a WARC" in next(iter(report["failed"].values()))
    assert "http://127.0.0.1" in report["told"]
    assert "Traceback" not in report["told"]


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.backfill.dask_runner._CONNECT_S", 1)
    with pytest.raises(BackfillError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler"):
        DaskRunner("tcp://127.0.0.1:9")
