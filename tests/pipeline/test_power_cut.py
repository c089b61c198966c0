"""A power cut at any moment: the files as they are just then open again, and the night goes on from them."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from night_run import NightHome
from nights import write_about
from sites import Site, make_posts, serve

from pipeline.night_record import load_records

MOMENTS = {"crawl": 0.9, "process": 0.4}


def copy_at(home: NightHome, stage: str, delay: float, target: Path) -> None:
    """Start a night, stop every process of it at a moment of a stage, copy its files, and kill it."""
    process = home.start()
    while process.poll() is None:
        records = load_records(home.settings.nights)
        if records and records[0].status == "running" and records[0].stage(stage):
            break
        time.sleep(0.01)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGSTOP)
    shutil.copytree(home.folder, target)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)


@pytest.mark.parametrize("stage", MOMENTS)
def test_copied_files_open_and_the_night_goes_on(tmp_path: Path, stage: str) -> None:
    home = NightHome(tmp_path / "home")
    home.folder.mkdir()
    site = Site(make_posts(10, etag=False))
    for slug, post in site.posts.items():
        post.text = write_about(slug)
    with serve(site):
        home.write(site.source("sitemap"))
        dice = random.Random()
        copy_at(home, stage, MOMENTS[stage] + dice.uniform(0, 0.5), tmp_path / "copy")
        copied = NightHome(tmp_path / "copy")
        ran = copied.run()
    assert ran.returncode == 0, ran.stderr
    assert copied.articles() == dict.fromkeys(site.posts, 1)
    doctor = copied.run("doctor", "--full", "--json")
    assert [c for c in map(json.loads, doctor.stdout.splitlines()) if c["level"] == "error"] == []
