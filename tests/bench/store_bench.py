"""How fast the store is: python tests/bench/store_bench.py [100000] [--copies 9] [--night 20000] [--folder DIR].

Stores invented articles (two readings each, a fifth of them cases), links and publishes them: the small store. The
large one grows from it by copies of itself (store_grow.py) to 1,000,000 articles and is published from nothing. Then
nights of both are measured in turn, each in a process of its own as nights are; medians say what one costs, and how
much more an article costs in the large store. Making the articles up is taken off. A folder that is given stays; with
`--again`, and the numbers that it was made with, more nights are measured on what it holds. Questions are timed by
ask_bench.py. Prints one figure a line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from typing import Any

from store_grow import grow

from crawler.records import Capture
from nlp.records import Case, EventRef, Evidence, Extraction, Mention, Official, Terlapor
from pipeline.article import Article
from pipeline.database import scalar
from pipeline.events import link_events
from pipeline.labels import load_labels
from pipeline.rows import region_rows
from pipeline.snapshots import current_snapshot, prune_snapshots, publish
from pipeline.store import Store, StoredArticle, open_store

WIB = timezone(timedelta(hours=7))
BATCH = 1_000
SYLLABLES = (
    "ba ca da ga ha ja ka la ma na pa ra sa ta wa ya bu du gu ku lu mu nu pu ru su tu di li mi".split()
)
OFFICES = ("desa.kepala", "asn.pns", "pemda.camat", "peserta.paslon", "peserta.relawan", "kpu.ppk")
Pair = tuple[Article, Capture, Extraction]


class Generator:
    """Invented articles by number: the same number always gives the same article."""

    def __init__(self, total: int) -> None:
        chance = random.Random(1)
        self.total = total
        self.night: tuple[int, datetime] | None = None  # its first number and the day before it
        self.words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(30_000)]
        weights = [1 / (n + 10) for n in range(len(self.words))]
        self.pool = chance.choices(self.words, weights, k=400_000)
        self.villages = [code for code, level, _, _ in region_rows() if level == "village"]
        self.types = [label.id for label in load_labels() if label.group == "type" and "." in label.id]
        self.stages = [label.id for label in load_labels() if label.group == "stage"]

    def article(self, number: int) -> Pair:
        """Return article, page and reading of this number; one in ten is the copy of an earlier one."""
        chance = random.Random(number)
        origin = (
            chance.randrange(max(1, number - 5_000), number)
            if number > 10 and chance.random() < 0.1
            else number
        )
        story = random.Random(origin)
        start = story.randrange(len(self.pool) - 400)
        people = [self._name(story) for _ in range(4)]
        text = " ".join(self.pool[start : start + 220]) + ". " + ". ".join(people) + " hadir."
        day = self._published(number, chance)
        outlet = f"media{chance.randrange(600)}.example"
        url = f"https://{outlet}/{number}"
        article = Article(
            f"n{number}", url, outlet, " ".join(self.pool[start : start + 9]), None, day, None, None, text,
            "id", 0.9, (), {}, (),
        )  # fmt: skip
        capture = Capture(
            number, outlet.split(".", maxsplit=1)[0], "bench", url, url, 1, "response", 200, "text/html",
            day.astimezone(UTC) + timedelta(hours=3), hashlib.sha256(url.encode()).hexdigest(), "b.gz", 0, 1,
        )  # fmt: skip
        return article, capture, self._reading(article, story, people, start)

    def _published(self, number: int, chance: random.Random) -> datetime:
        """Return when an article appeared: a store's through the years, a night's on its day, one in twenty late."""
        if self.night is None or number < self.night[0]:
            minutes = number * 3_000_000 // max(self.total, 1)
            return datetime(2019, 1, 1, 8, tzinfo=WIB) + timedelta(minutes=minutes)
        late = chance.randrange(30) if chance.random() < 0.05 else 0
        return self.night[1] + timedelta(days=1 - late, minutes=chance.randrange(20 * 60))

    def _reading(self, article: Article, story: random.Random, people: list[str], start: int) -> Extraction:
        kind = story.choices(("pelanggaran", "pencegahan", "informasi", "lainnya"), (20, 25, 20, 35))[0]
        place = story.choice(self.villages)[: story.choice((5, 8, 13, 13))]
        day = (article.published or datetime.now(WIB)).date() - timedelta(days=story.randrange(5))
        types = tuple(story.sample(self.types, story.choice((1, 1, 2))))
        spans = [(article.text.index(name), name) for name in people]
        mentions = tuple(Mention("per", at, at + len(name), name) for at, name in spans) + tuple(
            Mention("loc", n * 9, n * 9 + 8, article.text[n * 9 : n * 9 + 8], code=place, codes=(place,))
            for n in range(6)
        )
        officials = tuple(
            Official(name, "Ketua", "Bawaslu", None, None, None, None, "narasumber", at, at + len(name))
            for at, name in spans[1:3]
        )
        case = Case(
            "c", types, (), (Terlapor(people[0], "Kepala Desa", story.choice(OFFICES), 1),), None, None,
            place, day.isoformat(), "laporan", story.choice(self.stages), None, {"pidana": "belum"}, (), None,
            None, False, (), (Evidence(0, 60, article.text[:60]),), 0.8,
        )  # fmt: skip
        return Extraction(
            article.id, kind, 0.9, (), "pilkada 2024", types, (), EventRef(day.isoformat(), place),
            (case,) if kind == "pelanggaran" else (), officials, (), mentions, (), (), "m1", (),
        )  # fmt: skip

    def _name(self, story: random.Random) -> str:
        return " ".join("".join(story.choices(SYLLABLES, k=3)).capitalize() for _ in range(2))


def fill(store: Store, generator: Generator, first: int, last: int, *, readings: int = 2) -> None:
    """Store these articles, each read by so many model versions."""
    for begin in range(first, last, BATCH):
        pairs = [generator.article(n) for n in range(begin, min(begin + BATCH, last))]
        with store.transaction():
            store.store_articles(StoredArticle(a, (c,)) for a, c, _ in pairs)
            for version in range(readings):
                store.store_extractions((a, replace(e, model_version=f"m{version}")) for a, _, e in pairs)


def timed(what: str, work: Callable[[], Any], per: int | None = None) -> Any:
    """Run `work`, print how long it took (and how many a second), return what it returned."""
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    rate = f", {per / took:,.0f} a second ({per / used:,.0f} a CPU-second)" if per else ""
    print(f"{what}: {took:.2f} s (CPU {used:.2f} s){rate}", flush=True)
    return result


def night(folder: Path, generator: Generator, size: int) -> dict[str, float]:
    """Store, link and publish a night on what a folder holds; return seconds, CPU seconds and memory by name."""
    figures: dict[str, float] = {}

    def measure(step: str, work: Callable[[], Any]) -> None:
        began, cpu = time.perf_counter(), cpu_s()
        work()
        figures[step] = time.perf_counter() - began
        figures[f"{step} CPU"] = cpu_s() - cpu

    with open_store(folder / "store" / "work.duckdb") as store:
        first = int(scalar(store.con, "SELECT max(capture_id) FROM pages")) + 1
        newest = scalar(store.con, "SELECT max(published) FROM article_versions")
        generator.night = first, newest.replace(hour=0, minute=0, tzinfo=WIB)
        measure("make up", lambda: all(generator.article(n) for n in range(first, first + size)))
        measure("store", lambda: fill(store, generator, first, first + size, readings=1))
        for kind in ("", " CPU"):
            figures[f"store{kind}"] -= figures.pop(f"make up{kind}")
        measure("link", lambda: link_events(store))
        measure("publish", lambda: publish(store, folder / "snapshots"))
    prune_snapshots(folder / "snapshots", 1)
    figures["peak MB"] = peak_mb()
    return figures


def cpu_s() -> float:
    """Return the CPU seconds of this process and of those that it started and that ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak_mb() -> float:
    """Return the most memory that this process alone has held (ru_maxrss would also count what its parent held)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def build(small: Path, large: Path, generator: Generator, articles: int, copies: int) -> None:
    """Make both stores and publish them."""
    with open_store(small / "store" / "work.duckdb") as store:
        timed(
            f"store {articles} articles, 2 readings each",
            lambda: fill(store, generator, 1, articles + 1),
            articles,
        )
        timed("link events", lambda: link_events(store), articles)
        timed("publish", lambda: publish(store, small / "snapshots"), articles)
    shutil.copytree(small / "store", large / "store")
    with open_store(large / "store" / "work.duckdb") as store:
        days = 3_000_000 * articles // generator.total // 1440 + 1
        timed("grow the store", lambda: list(grow(store, copies, days)))
        timed("publish from nothing", lambda: publish(store, large / "snapshots"))


def compare(folders: dict[str, Path], options: argparse.Namespace) -> None:
    """Measure nights of the small and the large store in turn and print the medians."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    for _ in range(options.nights):
        for name, folder in folders.items():
            command = [
                sys.executable, __file__, str(options.articles), "--copies", str(options.copies),
                "--night", str(options.night), "--folder", str(folder), "--one",
            ]  # fmt: skip
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found[name].append(json.loads(done.stdout))
            print(name, {step: round(value, 1) for step, value in found[name][-1].items()}, flush=True)
    middle = {
        name: {step: median(night[step] for night in nights) for step in nights[0]}
        for name, nights in found.items()
    }
    for name, steps in middle.items():
        print(f"{name}, medians of {options.nights}: { ({k: round(v, 1) for k, v in steps.items()}) }")
    cost = {name: steps["store CPU"] + steps["link CPU"] for name, steps in middle.items()}
    if len(cost) == 2:
        print(
            f"CPU for storing and linking an article: {cost['large'] / cost['small']:.2f} times the small store's"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=100_000, help="that are stored one by one")
    parser.add_argument("--copies", type=int, default=9, help="of them that the large store then grows by")
    parser.add_argument("--night", type=int, default=20_000)
    parser.add_argument("--nights", type=int, default=3, help="that are measured of each store")
    parser.add_argument("--folder", type=Path, help="that stays there; else a temporary one")
    parser.add_argument("--again", action="store_true", help="measure more nights on what the folder holds")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    generator = Generator(options.articles * (options.copies + 1))
    if options.one:
        print(json.dumps(night(options.folder, generator, options.night)))
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="store-bench-"))
    folders = {"small": folder / "small", "large": folder / "large"}
    if not options.again:
        build(folders["small"], folders["large"], generator, options.articles, options.copies)
    compare(folders, options)
    for name, place in folders.items():
        made = current_snapshot(place / "snapshots")
        print(f"{name}: { ({k: made.manifest[k] for k in ('articles', 'cases', 'events')}) }")
        for file in (place / "store" / "work.duckdb", *sorted(made.path.iterdir())):
            parts = file.rglob("*") if file.is_dir() else [file]
            print(f"  {file.name}: {sum(part.stat().st_size for part in parts) / 1e6:.0f} MB")
    if not options.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
