"""What becomes of a process when the one that started it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def outlives_its_parent(code: str) -> bool:
    """Run `code`, which prints the number of a process that it started; kill it, and tell whether that one stays.

    Modules of this folder can be imported; the process has 15 s to end.
    """
    paths = os.pathsep.join([*sys.path, str(Path(__file__).parent)])
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as ran:
        assert ran.stdout
        child = Path(f"/proc/{int(ran.stdout.readline())}")
        os.kill(ran.pid, signal.SIGKILL)
    until = time.monotonic() + 15
    while child.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return child.exists()
