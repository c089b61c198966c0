"""A simulated month: nights of `wartawas nightly` over local sites, with everything that goes wrong in a month.

    nice -n 10 python tests/bench/month.py                      # 30 nights, 40 sites
    python tests/bench/month.py --nights 6 --sites 8            # small

The command runs as it does on a server, as a process, on a clock that is moved from night to night. Outages,
refusals, changed layouts, a site taken over by gambling, one that repeats old news, clocks that jump, a disk that
is full and kills stand in a plan; what must hold at the end is compared with it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("crawler", "pipeline", "bench")]

from month_texts import gambling, news  # noqa: E402
from night_run import NightHome  # noqa: E402
from sites import Answer, Post, Site, serve  # noqa: E402

from crawler.ledger import Ledger  # noqa: E402
from pipeline.machine_clock import RELEASED  # noqa: E402
from pipeline.night_record import load_records  # noqa: E402
from pipeline.vitals import judge_vitals  # noqa: E402

WIB = ZoneInfo("Asia/Jakarta")
START = (
    (RELEASED + timedelta(days=59)).astimezone(WIB).replace(hour=21, minute=5)
)  # no clock stands before that
_CLOCK = """\
import os
if os.environ.get("MONTH_CLOCK"):
    import datetime, time_machine
    now = datetime.datetime.now(datetime.timezone.utc)
    time_machine.travel(now + datetime.timedelta(seconds=float(os.environ["MONTH_CLOCK"])), tick=True).start()
"""
_FSIZE = 120_000  # bytes: what a file may grow to on the night of the full disk


@dataclass(frozen=True)
class Fault:
    """What is wrong with one site from one night to another, and which findings name it."""

    kind: str
    site: int
    first: int
    last: int
    findings: frozenset[str]

    def holds(self, site: int, night: int) -> bool:
        return self.site == site and self.first <= night <= self.last


@dataclass
class Plan:
    """The faults of sites, and the nights with kills, a full disk, and clocks that are wrong (hours)."""

    faults: list[Fault]
    kills: set[int]
    full: set[int]
    clocks: dict[int, float]


@dataclass
class Month:
    """What came of it."""

    nights: int = 0
    published: int = 0
    stored: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    source_nights: int = 0
    false_alarms: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    signs: tuple[int, int] = (0, 0)
    kills: int = 0

    @property
    def false_rate(self) -> float:
        return len(self.false_alarms) / max(1, self.source_nights)


def make_plan(nights: int, sites: int) -> Plan:
    """Return the plan of a month, or of less: faults of which a shorter one has no night are left out."""
    last = nights - 1
    gone = frozenset({"unreachable"})
    faults = [
        Fault("outage", 1, 2, min(4, last), gone),
        Fault("gambling", 2, 3, last, frozenset({"spun"})),
        Fault("no text", 3, 3, last, frozenset({"texts_short"})),
    ]
    if nights >= 15 and sites >= 10:
        faults += [
            Fault("refusal", 4, 12, 14, frozenset({"blocked", "feed_dead", "unreachable", "pages_failing"})),
            Fault("empty feed", 5, 16, last, frozenset({"layout_drift", "feed_dead", "silent"})),
            Fault("old news", 6, 18, last, frozenset({"old_news"})),
            Fault("outage", 7, 20, 20, gone),
        ]
    kills = {4, 9, 14, 19, 25} if nights > 6 else {2}
    return Plan(faults, {n for n in kills if n < nights}, {n for n in (23,) if n < nights} or {last - 1},
                {13: -1.0, 21: 1.0} if nights >= 15 else {1: -1.0})  # fmt: skip


class Town:
    """The sites, each with its habits, and what each has published."""

    def __init__(self, sites: int, seed: int) -> None:
        self.dice = random.Random(seed)
        self.sites = [Site([]) for _ in range(sites)]
        self.rates = [self.dice.choice((1, 2, 2, 3, 3, 4, 5, 6)) for _ in range(sites)]
        self.rates[:8] = [4, 6, 6, 6, 5, 5, 6, 4][:sites]  # sites with faults have something to lose
        self.count = 0
        self.broken: dict[int, str] = {}
        for n, site in enumerate(self.sites):
            site.rules.append(lambda path, _, n=n: self._answer(n, path))

    def publish(self, night: int, at: datetime, plan: Plan) -> None:
        """Let every site publish what it does in a day; on the first night a few of the days before."""
        self.broken = {f.site: f.kind for f in plan.faults if f.holds(f.site, night)}
        for n, site in enumerate(self.sites):
            site.now = at
            many = self._poisson(self.rates[n] * (0.7 if at.weekday() >= 5 else 1.0)) + (
                4 if night == 0 else 0
            )
            if self.broken.get(n) in {"gambling", "no text", "old news"}:
                many = max(many, 6)
            old = sorted(site.posts.values(), key=lambda post: post.published)
            for _ in range(many):
                when = at.astimezone(UTC) - timedelta(minutes=self.dice.randint(10, 23 * 60))
                self._add(n, site, when.replace(microsecond=0), old)

    def _add(self, n: int, site: Site, when: datetime, old: list[Post]) -> None:
        self.count += 1
        title, text = news(self.dice, self.count)
        if self.broken.get(n) == "gambling":
            title, text = gambling(self.dice, self.count)
        elif self.broken.get(n) == "old news" and old:
            again = self.dice.choice(old[: max(1, len(old) // 2)])
            title, text = again.title, again.text
        slug = "-".join([*title.lower().replace(",", "").split()[:6], f"{self.count:05d}"])
        site.posts[slug] = Post(slug, title, when, when, text=text, etag=False)

    def _answer(self, n: int, path: str) -> Answer | None:
        kind = self.broken.get(n)
        if kind == "outage":
            return Answer(reset=True)
        if kind == "refusal":
            return Answer(403, b"<html><title>403</title></html>", {"Content-Type": "text/html"})
        if kind == "empty feed" and path.startswith("/feed"):
            rss = b'<rss version="2.0"><channel><title>kosong</title></channel></rss>'
            return Answer(body=rss, headers={"Content-Type": "application/rss+xml"})
        if kind == "no text" and path.strip("/") in self.sites[n].posts:
            shell = b"<html><head><title>Memuat</title></head><body><div id=app></div></body></html>"
            return Answer(body=shell, headers={"Content-Type": "text/html"})
        return None

    def _poisson(self, rate: float) -> int:
        limit, k, p = 2.718281828**-rate, 0, self.dice.random()
        while p > limit:
            k, p = k + 1, p * self.dice.random()
        return k


def run_month(folder: Path, *, nights: int, sites: int, seed: int = 1, tell: bool = False) -> Month:
    """Live through the nights in `folder` and return what came of it."""
    plan, town, month = make_plan(nights, sites), Town(sites, seed), Month(nights=nights)
    home = NightHome(folder)
    clock = folder / "clock"
    clock.mkdir(parents=True)
    (clock / "sitecustomize.py").write_text(_CLOCK)
    with ExitStack() as stack:
        for site in town.sites:
            stack.enter_context(serve(site))
        # 14 entries are more than a site publishes in a day: none falls out of the feed between two nights
        sources = [
            site.source("feed", slug=f"situs-{n:02d}", name=f"Situs {n:02d}")
            for n, site in enumerate(town.sites)
        ]
        home.write(*sources, more='log_level = "error"')
        for night in range(nights):
            at = START + timedelta(days=night)
            town.publish(night, at, plan)
            offset = at.timestamp() - time.time() + 3600 * plan.clocks.get(night, 0)
            paths = os.pathsep.join(filter(None, [str(clock), os.environ.get("PYTHONPATH")]))
            environment = {"MONTH_CLOCK": f"{offset:.0f}", "PYTHONPATH": paths}
            _live_night(home, night, plan, environment, month, town.dice)
            _judge(home, night, plan, month, sites)
            if tell:
                told = f"exit {month.codes[-1]}, {month.cpu[-1]:.1f} s CPU, sick {sorted(home.record().sick)}"
                print(f"night {night}: {told}", flush=True)
    _audit(home, town, month)
    month.signs = count_alarms(home)
    return month


def _live_night(
    home: NightHome, night: int, plan: Plan, environment: dict[str, str], month: Month, dice: random.Random
) -> None:
    """Run a night; on a night with a kill, once before with a kill at some moment of some stage."""
    if night in plan.kills:
        with _environment(environment):
            home.kill_at(dice.choice(("crawl", "process", "publish")), dice.uniform(0.0, 1.0))
        month.kills += 1
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = home.start(**environment)
    if night in plan.full:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_FSIZE, _FSIZE))
    _, err = process.communicate(timeout=1800)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    month.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    month.codes.append(process.returncode)
    if (process.returncode == 1) != (night in plan.full) or "Traceback" in err:
        month.wrong.append(f"night {night} ended with {process.returncode}: {err[-300:]}")


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _judge(home: NightHome, night: int, plan: Plan, month: Month, sites: int) -> None:
    """Compare the sources that the morning page names with those that are broken."""
    if night in plan.full:
        return
    record = home.record()
    page = home.page()
    for n in range(sites):
        slug = f"situs-{n:02d}"
        fault = next((f for f in plan.faults if f.holds(n, night)), None)
        told = set(record.sick.get(slug, ()))
        if fault is None:
            month.source_nights += 1
            recovering = any(f.site == n and f.last == night - 1 for f in plan.faults)
            if told and not recovering:
                month.false_alarms.append(f"night {night} {slug}: {sorted(told)}")
        elif told & fault.findings and f"({slug}), sejak malam" in page:
            if night == fault.first:
                month.named.append(f"{fault.kind} {slug}")
        else:
            month.missed.append(f"night {night} {slug} ({fault.kind}): {sorted(told)}")


def _audit(home: NightHome, town: Town, month: Month) -> None:
    """Compare what was published with what is stored: once each, or with a reason."""
    articles = home.articles()
    refused = {
        url.rstrip("/").rpartition("/")[2]: reason
        for url, reason in home.store_rows(
            "SELECT p.url, r.reason FROM refusals r JOIN pages p USING (page_id)"
        )
    }
    with Ledger(home.settings.ledger) as ledger:
        rows = ledger._con.execute("SELECT article_url, state, reason FROM pages").fetchall()
    states = {url.rstrip("/").rpartition("/")[2]: (state, reason) for url, state, reason in rows}
    for site in town.sites:
        for slug in site.posts:
            month.published += 1
            if articles[slug] == 1:
                month.stored += 1
            elif articles[slug] > 1:
                month.wrong.append(f"{slug}: stored {articles[slug]} times")
            elif slug in refused:
                month.reasons[refused[slug]] += 1
            elif slug in states and states[slug][1]:
                month.reasons[str(states[slug][1])] += 1
            elif slug in states:
                month.reasons[str(states[slug][0])] += 1
            else:
                month.reasons["never listed"] += 1
    doctor = home.run("doctor", "--full", "--json")
    for line in doctor.stdout.splitlines():
        check = json.loads(line)
        if check["level"] == "error" and check["name"] not in {"jam", "malam"}:
            month.wrong.append(f"doctor: {check['text']}")
    lost = sum(record.status == "lost" for record in load_records(home.settings.nights, 1000))
    if lost > month.kills:
        month.wrong.append(f"{lost} nights lost, {month.kills} killed")


def count_alarms(home: NightHome) -> tuple[int, int]:
    """Return how many signs of the model had a band over all nights, and how many of them left it."""
    records = [r for r in load_records(home.settings.nights, 1000) if r.vitals]
    judged = [
        sign
        for n, r in enumerate(records)
        for sign in judge_vitals(r.vitals, [e.vitals for e in records[n + 1 :]])
    ]
    return sum(sign.low is not None for sign in judged), sum(sign.outside for sign in judged)


def growth(month: Month, plan: Plan) -> float | None:
    """Return by how much late nights cost more CPU than those of the second week (0.05: 5 % more).

    In the first week there is little yet to be asked again. Nights with a kill or a full disk, and those that
    catch up after one, are no measure.
    """
    odd = plan.full | {n + 1 for n in plan.full} | plan.kills
    good = [cost for n, cost in enumerate(month.cpu) if n > 6 and n not in odd]
    if len(good) < 12:
        return None
    return sum(good[-6:]) / sum(good[:6]) - 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="month-"))
    began = time.monotonic()
    month = run_month(folder, nights=options.nights, sites=options.sites, seed=options.seed, tell=True)
    more = growth(month, make_plan(options.nights, options.sites))
    report: dict[str, Any] = {
        "published": month.published, "stored": month.stored, "reasons": dict(month.reasons),
        "wrong": month.wrong, "missed": month.missed, "named": month.named,
        "false_alarms": month.false_alarms, "false_rate": round(month.false_rate, 4), "kills": month.kills,
        "codes": month.codes, "signs_and_alarms": month.signs,
        "growth": more and round(more, 3), "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    print(json.dumps(report, indent=1, ensure_ascii=False))
    if not options.keep:
        shutil.rmtree(folder)
    return bool(month.wrong or month.missed or month.false_rate > 0.02)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
