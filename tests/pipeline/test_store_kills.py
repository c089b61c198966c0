"""kill -9 while a process stores, links and publishes: nothing acknowledged is lost, nothing is half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import storing

from pipeline.database import fetch, scalar
from pipeline.shelf import current_number, current_snapshot, list_snapshots
from pipeline.store import Store, open_store

ROUNDS = int(os.environ.get("WARTAWAS_KILLS", "3"))


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path, snapshots = tmp_path / "store" / "work.duckdb", tmp_path / "snapshots"
    chance = random.Random(7)
    told: dict[str, int] = {}
    for _ in range(ROUNDS):
        told |= run_and_kill(path, snapshots, told.get("stored", -1) + 1, chance.uniform(0.05, 1.0))
        with open_store(path) as store:
            check_store(store, told)
        check_snapshots(snapshots, told)
    assert told["stored"] >= ROUNDS - 1


def run_and_kill(path: Path, snapshots: Path, first: int, after_s: float) -> dict[str, int]:
    """Run storing.py, kill it so long after its first commit, and return the last number of each line."""
    command = [sys.executable, storing.__file__, str(path), str(snapshots), str(first)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    lines = [child.stdout.readline()]
    time.sleep(after_s)
    child.send_signal(signal.SIGKILL)
    lines += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    return {word: int(number) for word, number in (line.split() for line in lines if line.endswith("\n"))}


def check_store(store: Store, told: dict[str, int]) -> None:
    articles = scalar(store.con, "SELECT count(*) FROM articles")
    assert articles % storing.SIZE == 0, "half a batch"
    assert articles >= (told["stored"] + 1) * storing.SIZE, "an acknowledged batch is lost"
    for table in ("article_versions", "extractions", "cases", "case_evidence", "pages"):
        assert scalar(store.con, f"SELECT count(*) FROM {table}") == articles, table
    linked = scalar(store.con, "SELECT count(DISTINCT article_id) FROM event_members")
    assert linked >= (told.get("linked", -1) + 1) * storing.SIZE
    assert scalar(store.con, "SELECT count(*) FROM event_members") == linked, "an article is counted twice"
    assert fetch(store.con, "SELECT event_id FROM event_members ANTI JOIN events USING (event_id)") == []


def check_snapshots(root: Path, told: dict[str, int]) -> None:
    number = current_number(root)
    assert (number or 0) >= told.get("published", 0)
    for snapshot in list_snapshots(root):
        with snapshot.connect() as db:
            assert scalar(db, "SELECT count(*) FROM articles") == snapshot.manifest["articles"]
    if number is not None:
        assert current_snapshot(root).number == number
