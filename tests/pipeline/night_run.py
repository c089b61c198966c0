"""An installation whose nights run as `wartawas nightly` runs them, against sites on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.probe import write_source
from crawler.source import Source
from pipeline.database import connect, fetch
from pipeline.night_record import NightRecord, load_records
from pipeline.settings import Settings

WARTAWAS = Path(sys.executable).parent / "wartawas"


@dataclass(frozen=True)
class NightHome:
    """A folder with settings and sources, in which nights are run as processes."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(var=self.folder / "var", workers=1, contact="uji@example.org")

    def write(self, *sources: Source, more: str = "") -> None:
        """Write the sources and the settings file."""
        for source in sources:
            write_source(source, self.folder / "var" / "sources")
        names = json.dumps([source.slug for source in sources])
        (self.folder / "wartawas.toml").write_text(
            f'contact = "uji@example.org"\nworkers = 1\n{more}\n[night]\nsources = {names}\n'
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [WARTAWAS, *(arguments or ("nightly", "--now", "--json"))],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **environment}, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=240)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def kill_at(self, stage: str, delay: float = 0.0, number: int = signal.SIGKILL) -> int:
        """Start a night, kill it with all its children so long after a stage began; return its exit code."""
        before = {record.run for record in load_records(self.settings.nights)}
        process = self.start()
        while process.poll() is None:
            fresh = [r for r in load_records(self.settings.nights) if r.run not in before]
            if fresh and fresh[0].stage(stage):
                break
            time.sleep(0.02)
        time.sleep(delay)
        if number == signal.SIGKILL:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.send_signal(number)
        process.communicate(timeout=120)
        return process.returncode

    def record(self) -> NightRecord:
        return load_records(self.settings.nights)[0]

    def page(self) -> str:
        return (self.settings.nights / f"{self.record().run}.txt").read_text(encoding="utf-8")

    def store_rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(connect(self.settings.store, read_only=True)) as con:
            return fetch(con, sql)

    def articles(self) -> Counter[str]:
        """Return how often each article's slug stands in the store."""
        rows = self.store_rows("SELECT url FROM articles")
        return Counter(url.rstrip("/").rpartition("/")[2] for (url,) in rows)
