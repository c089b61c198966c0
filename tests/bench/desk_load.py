"""How fast the desk answers many users at once on a large database, and how much memory it takes for that.

`python tests/bench/desk_load.py --articles 1000000 --folder /tmp/desk --seconds 300` fills a published database (see
ask_bench.py; `--keep` takes the one that is there), starts `wartawas serve` over it, and lets users click through all
pages with filters, pausing between two clicks. A click loads the page and what a browser loads with it (charts).
`--night` lets real nights (`wartawas demo`: crawl, read, publish) run beside it at the priority of the systemd unit.
The exit code is 1 where a target is missed: median 300 ms, 95th percentile 800 ms (2 s with a night), 500 MB.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from ask_bench import make_snapshot

from pipeline.labels import load_labels
from pipeline.rows import region_rows
from pipeline.shelf import MANIFEST, MASKED, RESTRICTED, replace_file
from pipeline.web.accounts import Accounts

PASSWORD = "kuda-laut-biru-17"
REVIEWERS = 0.2  # share of the users who see names
WARTAWAS = [sys.executable, "-c", "from pipeline.cli import main; main()"]
CHARTS = ("tren", "jenis", "bentuk", "wilayah", "corong", "banding", "pencegahan")
QUESTIONS = (
    "baru",
    "kasus-per-jenis",
    "kasus-per-wilayah",
    "kasus-per-bulan",
    "corong",
    "mandek",
    "tenggat",
    "jabatan",
)


@dataclass(slots=True)
class Measured:
    """Milliseconds of every answer by kind of page, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: str, ms: float) -> None:
        with self.lock:
            self.took[page].append(ms)

    def all(self) -> list[float]:
        return sorted(ms for values in self.took.values() for ms in values)


class Choice:
    """What users ask for: pages by how often they are opened, with filters as people set them."""

    def __init__(self, seed: int, articles: int) -> None:
        self.dice = random.Random(seed)
        self.articles = articles
        self.regions = [row[0] for row in region_rows() if len(row[0]) in (2, 5, 8)]
        self.types = [label.id for label in load_labels() if label.group == "type"]

    def filters(self, **fixed: str) -> str:
        dice, chosen = self.dice, dict(fixed)
        if dice.random() < 0.6:
            chosen["wilayah"] = dice.choice(self.regions)
        if dice.random() < 0.4:
            chosen["jenis"] = dice.choice(self.types)
        if dice.random() < 0.3:
            chosen |= {"sejak": f"20{dice.randint(19, 23)}-0{dice.randint(1, 9)}-01", "sampai": "2024-12-31"}
        if dice.random() < 0.1:
            chosen["media"] = f"media{dice.randint(0, 599)}.example"
        return f"?{urlencode(chosen)}" if chosen else ""

    def click(self) -> tuple[str, list[str]]:
        """Return a kind of page and the addresses that a browser asks for it."""
        dice = self.dice
        story = dice.randrange(self.articles)
        words = dice.choice(["netral", "laporan netral", "pengawasan", '"pengawasan pemilihan"', "lapor*"])
        trend, asked = self.filters(), dice.choice(QUESTIONS)
        kinds: list[tuple[int, str, Callable[[], list[str]]]] = [
            (8, "hari ini", lambda: ["/"]),
            (
                20,
                "kasus",
                lambda: [f"/kasus{self.filters(urut=dice.choice(['terbaru', 'pertama', 'media', 'tahap']))}"],
            ),
            (5, "kasus, halaman lain", lambda: [f"/kasus{self.filters(hal=str(dice.randint(2, 20)))}"]),
            (6, "kasus, kata", lambda: [f"/kasus{self.filters(q=words)}"]),
            (18, "satu kasus", lambda: [f"/kasus/e{story - story % 100 + dice.randrange(32)}"]),
            (8, "satu artikel", lambda: [f"/artikel/a{4 + story}"]),
            (5, "pencegahan", lambda: [f"/pencegahan{self.filters()}"]),
            (6, "tren", lambda: [f"/tren{trend}", *(f"/grafik/{name}.json{trend}" for name in CHARTS)]),
            (6, "peta", lambda: [f"/peta{self.filters()}"]),
            (8, "cari", lambda: [f"/cari{self.filters(kata=words)}"]),
            (6, "pertanyaan", lambda: [f"/tanya/{asked}{self.filters()}"]),
            (3, "pejabat", lambda: ["/pejabat"]),
            (3, "sumber", lambda: ["/sumber"]),
            (2, "satu sumber", lambda: [f"/sumber/media{dice.randint(0, 599)}"]),
            (2, "umpan", lambda: [f"/umpan/kasus.atom{self.filters()}"]),
            (
                1,
                "unduhan",
                lambda: [f"/daftar/kasus.csv{self.filters(wilayah=dice.choice(self.regions[:38]))}"],
            ),
            (2, "lainnya", lambda: [dice.choice(["/proses", "/metode", "/tanya", "/rekap", "/saringan"])]),
        ]
        _, kind, make = dice.choices(kinds, [weight for weight, _, _ in kinds])[0]
        return kind, make()


def visit(user: int, port: int, choice: Choice, measured: Measured, ends: float, pause: float) -> None:
    """Click until the end as one user does, over one connection, after a log-in of their own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": log_in(connection, f"user{user}")}
    time.sleep(choice.dice.uniform(0, pause))
    while time.monotonic() < ends:
        kind, addresses = choice.click()
        for n, address in enumerate(addresses):
            began = time.perf_counter()
            try:
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except http.client.RemoteDisconnected:  # it had been idle for long: browsers ask again too
                connection.close()
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                measured.wrong.append(f"{address}: {error}")
                connection.close()
                continue
            if answer.status not in (200, 204, 404):
                measured.wrong.append(f"{address}: {answer.status}")
            measured.add(kind if n == 0 else f"{kind} (grafik)", (time.perf_counter() - began) * 1e3)
        time.sleep(choice.dice.uniform(0.5 * pause, 1.5 * pause))
    connection.close()


def log_in(connection: http.client.HTTPConnection, name: str) -> str:
    """Return the cookie of a new session."""
    connection.request("GET", "/masuk")
    page = connection.getresponse()
    body = page.read().decode()
    form = page.headers["set-cookie"].split(";")[0]
    token = re.search(r'name="csrf" value="([^"]+)"', body)
    assert token
    data = urlencode({"nama": name, "sandi": PASSWORD, "csrf": token[1], "ke": "/"})
    headers = {"Cookie": form, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/masuk", data, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303, answer.status
    return str(answer.headers["set-cookie"].split(";")[0])


def memory_mb(pid: int, name: str) -> float:
    """Return a figure of a process's memory (VmRSS, VmHWM) in megabytes."""
    found = re.search(rf"{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def run_nights(folder: Path, stop: threading.Event, done: list[float]) -> None:
    """Run one night after the other until told to stop; each works in an empty folder."""
    while not stop.is_set():
        began = time.monotonic()
        shutil.rmtree(folder, ignore_errors=True)
        command = ["nice", "-n", "10", *WARTAWAS, "demo", "--var", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as night:
            while night.poll() is None and not stop.wait(0.5):
                pass
            if night.poll() is None:
                night.terminate()
                return
        done.append(time.monotonic() - began)


def prepare(folder: Path, articles: int, users: int, *, keep: bool) -> None:
    """Fill the snapshot where it must be, and make the accounts."""
    snapshots = folder / "snapshots"
    if not (keep and (snapshots / "snap-1" / MANIFEST).is_file()):
        began = time.monotonic()
        snapshot = make_snapshot(snapshots, articles)
        # nothing in it has a name to be masked, so both databases are the same
        os.link(snapshot.path / MASKED, snapshot.path / RESTRICTED)
        print(f"database of {articles} articles made in {time.monotonic() - began:.0f} s", flush=True)
    replace_file(snapshots / "CURRENT", "snap-1\n")
    (folder / "desk" / "accounts.sqlite").unlink(missing_ok=True)
    accounts = Accounts(folder / "desk" / "accounts.sqlite")
    for user in range(users):
        accounts.add(f"user{user}", PASSWORD, "tinjau" if user < users * REVIEWERS else "lihat")


def start(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the desk and return it with its port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "WARTAWAS_VAR": str(folder)}
    server = subprocess.Popen(
        [*WARTAWAS, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    for _ in range(600):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
    raise SystemExit("the desk does not answer")


def report(measured: Measured, memory: float, *, night: bool) -> bool:
    """Print what was measured; return whether every target was met."""
    for page, took in sorted(measured.took.items(), key=lambda item: -statistics.median(item[1])):
        ordered = sorted(took)
        print(
            f"{page:24s} {len(took):6d} answers  median {statistics.median(took):6.0f} ms"
            f"  p95 {ordered[int(0.95 * len(ordered))]:6.0f} ms  longest {ordered[-1]:6.0f} ms"
        )
    everything = measured.all()
    median, late = statistics.median(everything), everything[int(0.95 * len(everything))]
    limit = 2_000 if night else 800
    print(f"all: {len(everything)} answers, median {median:.0f} ms (300), p95 {late:.0f} ms ({limit}), "
          f"memory of the server {memory:.0f} MB (500), {len(measured.wrong)} wrong")  # fmt: skip
    for line in measured.wrong[:10]:
        print("  wrong:", line)
    return median <= 300 and late <= limit and memory <= 500 and not measured.wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two clicks, on average")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--folder", type=Path, help="where the database is made, or lies with --keep")
    parser.add_argument("--keep", action="store_true", help="take the database that is there")
    parser.add_argument("--night", action="store_true", help="let nights run beside")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="desk-load-"))
    prepare(folder, options.articles, options.users, keep=options.keep)
    server, port = start(folder)
    measured, stop, nights = Measured(), threading.Event(), list[float]()
    began_with = memory_mb(server.pid, "VmRSS")
    try:
        ends = time.monotonic() + options.seconds
        threads = [
            threading.Thread(
                target=visit,
                args=(user, port, Choice(user, options.articles), measured, ends, options.pause),
            )
            for user in range(options.users)
        ]
        if options.night:
            threads.append(threading.Thread(target=run_nights, args=(folder / "night", stop, nights)))
        for thread in threads:
            thread.start()
        for thread in threads[: options.users]:
            thread.join()
        stop.set()
        memory = memory_mb(server.pid, "VmHWM")
    finally:
        stop.set()
        server.terminate()
        server.wait()
    if options.night:
        print(f"{len(nights)} nights ended beside, in {', '.join(f'{s:.0f}' for s in nights)} s")
    print(f"memory at the start {began_with:.0f} MB")
    sys.exit(0 if report(measured, memory, night=options.night) else 1)


if __name__ == "__main__":
    main()
