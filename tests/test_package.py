"""The package as users get it: a wheel in a bare environment outside the checkout; a quick command line."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tomllib
import venv
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.timeout(600)
def test_wheel_in_a_bare_environment_runs_the_demo(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)], check=True
    )
    (wheel,) = tmp_path.glob("wartawas-*.whl")
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=True)
    python = bare / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True)
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    for first in (True, False):
        ran = subprocess.run(
            [bare / "bin" / "wartawas", "demo", "--json"], cwd=outside, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        report = json.loads(ran.stdout)
        assert set(report) == {"fetched", "articles", "cases", "prevention", "events", "snapshot", "seconds"}
        assert report["seconds"] < 60
        assert report["fetched"] >= 60 if first else report["fetched"] == 0
        assert report["articles"] >= 60
        assert report["cases"] > 0
        assert Path(outside, report["snapshot"]).is_dir()


def test_lock_file_knows_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    (own,) = [package for package in locked if package["name"] == project["name"]]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.match(r"[\w.-]+", line).group().lower() for line in wanted}  # type: ignore[union-attr]
    assert names <= {row["name"] for row in own["metadata"]["requires-dist"]}, "run `uv lock`"


def test_help_answers_in_under_half_a_second_of_cpu() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(
        [Path(sys.executable).parent / "wartawas", "--help"], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "demo" in ran.stdout
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.5
