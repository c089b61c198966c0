"""Back-fills of invented WARC files, run as a user runs them, with pages that kill whoever reads them."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import warcs

from crawler.scan import Fetching
from nlp.model import model_version
from pipeline.backfill.parts import part_line
from pipeline.backfill.unit import Plan

BAIT = "UMPANMAUT"
ROOT = Path(__file__).resolve().parents[2]
_TRAP = f"""
import os
import pipeline.language as language
known = language.guess_language
def guess(text):
    if "{BAIT}" in text:
        os.kill(os.getpid(), 9)
    return known(text)
language.guess_language = guess
"""


def make_plan(out: Path) -> Plan:
    """Return the plan of a back-fill of the invented outlets."""
    return Plan(out, warcs.sources(), Fetching("test@example.org", pause_s=0.01), model_version())


def start(
    folder: Path, *arguments: object, trap: bool = False, workers: int | None = 1
) -> subprocess.Popen[str]:
    """Start `wartawas backfill` in a folder, in a process group of its own; with `trap`, BAIT kills its reader."""
    settings = folder / "wartawas.toml"
    if not settings.exists():
        warcs.source_files(folder / "src")
        settings.write_text('sources = "src"\ncontact = "test@example.org"\n')
    paths = [str(ROOT)]
    if trap:
        (folder / "trap").mkdir(exist_ok=True)
        (folder / "trap" / "sitecustomize.py").write_text(_TRAP)
        paths.insert(0, str(folder / "trap"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "backfill",
        *map(str, arguments),
    ]
    command += ["--json"] + (["--workers", str(workers)] if workers else [])
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def finish(ran: subprocess.Popen[str], code: int = 0) -> dict[str, Any]:
    """Return the report of a back-fill that ends with this exit code, and its one line as `told`."""
    out, err = ran.communicate(timeout=600)
    assert ran.returncode == code, err
    assert out, err
    report: dict[str, Any] = json.loads(out.splitlines()[-1])
    return report | {"told": err}


def kill(ran: subprocess.Popen[str]) -> None:
    """Kill a back-fill with all its processes, as a power cut does."""
    os.killpg(ran.pid, signal.SIGKILL)
    ran.communicate()


def lines(out: Path) -> dict[str, dict[str, Any]]:
    """Return the lines that stand in the parts, by the stem of their file's name."""
    found = {}
    for path in sorted((out / "parts").glob("*.parquet")):
        line = part_line(path)
        assert line is not None
        found[Path(line["unit"]).name.partition(".")[0]] = line
    return found


def rows_hash(out: Path) -> str:
    """Return one hash over every row of every part, whatever the order of files."""
    rows = (row for path in (out / "parts").glob("*.parquet") for row in pq.read_table(path).to_pylist())
    digests = [hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest() for row in rows]
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def urls(out: Path) -> list[str]:
    """Return the address of every row of every part."""
    return [u for path in (out / "parts").glob("*.parquet") for u in pq.read_table(path)["url"].to_pylist()]
