"""A folder in which the demo has run, made once for all tests of the documentation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def after_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `var/demo` as `wartawas demo` leaves it."""
    folder = tmp_path_factory.mktemp("docs")
    command = [str(Path(sys.executable).with_name("wartawas")), "demo", "--json"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240)
    return folder


@pytest.fixture
def beside_demo(after_demo: Path, tmp_path: Path) -> Iterator[Path]:
    """Work in a copy of that folder, as a reader of the guides does."""
    folder = tmp_path / "reader"
    shutil.copytree(after_demo, folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)
