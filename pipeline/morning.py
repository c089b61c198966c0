"""The morning page: what is new, what is blind, lost, full, slow or strange after a night, for people to read.

It is made of the masked snapshot, the ledger and the nights' records, and names no accused person: a case is
its type, its place and its stage, and is "dugaan" until a competent body has decided.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from crawler.health import Night, source_nights
from crawler.ledger import Ledger
from crawler.source import load_sources
from pipeline.database import fetch
from pipeline.disk import DiskUse, measure_disk
from pipeline.label_reviews import LabelReviews
from pipeline.labels import load_labels
from pipeline.night_record import NightRecord, load_records
from pipeline.reviews import Reviews
from pipeline.settings import Settings
from pipeline.shelf import MASKED, connect_database
from pipeline.told import PAGE, Told, load_told
from pipeline.vitals import Sign, judge_vitals
from pipeline.zone import WIB

MOST_CASES = 40
_SLOW = 2.0  # times the usual duration
_SLOW_S = 60.0
_UNSURE = 0.6


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as the page shows it; `before` is the stage that was told last where it moved since."""

    event: str
    types: str
    place: str
    stage: str
    day: str
    articles: int
    outlets: int
    decided: bool
    before: str | None = None
    code: str | None = None
    type_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blind:
    """A source that is broken: its name, the first night of it, and why."""

    source: str
    name: str
    since: str
    why: str


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a stage took, the median of earlier nights (None: no history), and whether that is slow."""

    stage: str
    seconds: float
    usual: float | None
    slow: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many decisions of reviewers hold, and how many cases of little confidence wait for one."""

    decisions: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything that the page says; `fresh` and `moved` count all cases, their lists the first of them.

    `returned` counts articles of which an earlier reading counts again, as its model was put back.
    """

    record: NightRecord
    date: str
    fetched: int
    articles: int
    returned: int
    prevention: int
    fresh: int
    moved: int
    new_cases: tuple[CaseLine, ...]
    moved_cases: tuple[CaseLine, ...]
    blind: tuple[Blind, ...]
    losses: tuple[tuple[str, int], ...]
    reviewed: Reviewed | None
    disk: DiskUse
    durations: tuple[Duration, ...]
    signs: tuple[tuple[str, Sign], ...]

    @property
    def subject(self) -> str:
        """Return the subject of the mail: what matters in one line."""
        problems = len(self.record.problems)
        state = "tidak merayapi" if self.record.uncrawled else f"{len(self.blind)} sumber buta"
        state = f"{problems} tahap gagal" if problems else state
        return f"Wartawas {self.date}: {self.fresh} dugaan kasus baru, {self.moved} bergerak, {state}"


def write_morning(settings: Settings, record: NightRecord) -> Path:
    """Write the page of a night as HTML and text beside its record; return the HTML file."""
    page = make_morning(settings, record)
    settings.nights.mkdir(parents=True, exist_ok=True)
    path = settings.nights / f"{record.run}.html"
    path.write_text(render(page, "html"), encoding="utf-8")
    path.with_suffix(".txt").write_text(render(page, "txt"), encoding="utf-8")
    return path


def make_morning(settings: Settings, record: NightRecord, way: str = PAGE) -> Morning:
    """Return what the page of a night says; new and moved are the cases since readers were last told on this way."""
    history = [r for r in load_records(settings.nights) if r.run < record.run]
    figures = {stage.name: stage.figures for stage in record.stages}
    published = figures.get("publish", {})
    cases = changed_cases(settings, published.get("snapshot"), load_told(settings.nights, way))
    new = [line for line in cases if line.before is None]
    moved = [line for line in cases if line.before is not None]
    vitals = [r.vitals for r in history if r.vitals]
    return Morning(
        record=record,
        date=f"{datetime.fromisoformat(record.started_at).astimezone(WIB):%d-%m-%Y}",
        fetched=figures.get("crawl", {}).get("fetched", 0),
        articles=figures.get("process", {}).get("articles", 0),
        returned=figures.get("process", {}).get("returned", 0),
        prevention=figures.get("process", {}).get("kinds", {}).get("pencegahan", 0),
        fresh=len(new),
        moved=len(moved),
        new_cases=tuple(new[:MOST_CASES]),
        moved_cases=tuple(moved[:MOST_CASES]),
        blind=tuple(_blind(settings, record, history)),
        losses=tuple(_losses(settings, figures)),
        reviewed=_reviewed(settings, published.get("snapshot")),
        disk=measure_disk(settings),
        durations=tuple(_durations(record, history)),
        signs=tuple((_sign_name(s.name), s) for s in judge_vitals(record.vitals, vitals)),
    )


def render(page: Morning, kind: str) -> str:
    """Return the page as `html` or `txt`."""
    return _templates().get_template(f"morning.{kind}").render(page=page, words=load_words())


@cache
def load_words() -> dict[str, dict[str, str]]:
    """Return the Indonesian words of nights and sources by group and id."""
    return tomllib.loads(Path(__file__).with_name("morning.toml").read_text(encoding="utf-8"))


def say_problem(problem: str | None) -> str:
    """Return why a crawl left a source in words, with the detail that the crawl noted ("blocked: 403"); "" for None."""
    if problem is None:
        return ""
    name, _, detail = problem.partition(": ")
    words = load_words()["problems"].get(name)
    if words is None:
        return problem
    return f"{words} ({detail})" if detail else words


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline", "templates"), autoescape=select_autoescape(["html"]),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def changed_cases(settings: Settings, number: int | None, told: Told) -> list[CaseLine]:
    """Return the cases of a snapshot that were not told yet, or were told at an earlier stage."""
    now = _events(settings, number)
    stages = {label.id: label.name for label in load_labels() if label.group == "stage"}
    found = []
    for event, (types, place, stage, rank, day, articles, outlets, decided, code, ids) in now.items():
        earlier = told.get(event)
        if earlier and earlier[1] >= rank:
            continue
        found.append(
            CaseLine(
                event, types or "jenis belum disebut", place or "tempat belum disebut",
                stages.get(stage, stage or "-"), f"{day:%d-%m-%Y}" if day else "-", articles, outlets,
                decided, stages.get(earlier[0], "-") if earlier else None, code, tuple(ids),
            )
        )  # fmt: skip
    return sorted(found, key=lambda line: (-line.outlets, line.event))


def _events(settings: Settings, number: int | None) -> dict[str, Any]:
    file = settings.snapshots / f"snap-{number}" / MASKED
    if number is None or not file.is_file():
        return {}
    with closing(connect_database(file)) as db:
        return {event: rest for event, *rest in fetch(db, _CASES)}


_CASES = """
SELECT event_id, type_names(types), place_name(place), stage, stage_rank, first_day, articles, outlets, decided,
    place, types
FROM events WHERE kind = 'kasus'
"""


def _blind(settings: Settings, record: NightRecord, history: list[NightRecord]) -> list[Blind]:
    """Return the sick sources with the first night of their sickness, the longest first."""
    if not record.sick:
        return []
    names = {slug: source.name for slug, source in load_sources(settings.sources).items()}
    words = load_words()["findings"]
    found = []
    with Ledger(settings.ledger) as ledger:
        for slug, findings in record.sick.items():
            since = min(_first_sick(slug, record, history), _first_bad(source_nights(ledger, slug), record))
            why = "; ".join(words.get(finding, finding) for finding in findings)
            found.append(Blind(slug, names.get(slug, slug), since, why))
    return sorted(found, key=lambda one: (one.since, one.source))


def _first_sick(slug: str, record: NightRecord, history: list[NightRecord]) -> str:
    since = record.night
    for earlier in (r for r in history if r.stage("report")):
        if slug not in earlier.sick:
            break
        since = earlier.night
    return since


def _first_bad(nights: list[Night], record: NightRecord) -> str:
    """Return the first of the unbroken nights before this one on which the source gave nothing."""
    since = record.night
    for night in nights:
        if night.discovered and not night.problem:
            break
        since = night.night
    return since


def _losses(settings: Settings, figures: dict[str, dict[str, Any]]) -> list[tuple[str, int]]:
    """Return how many pages of the night were lost for each reason, the most frequent first."""
    words = load_words()["losses"]
    counts: Counter[str] = Counter()
    run = figures.get("crawl", {}).get("crawl_run")
    if run and settings.ledger.is_file():
        with Ledger(settings.ledger) as ledger:
            for row in ledger.tally.source_reports(run).values():
                for reason, n in [*row["skipped"].items(), *row["failed"].items()]:
                    counts[_loss(reason, words)] += n
    for reason, n in figures.get("process", {}).get("refused", {}).items():
        counts[_loss(reason, words)] += n
    return counts.most_common()


def _loss(reason: str, words: dict[str, str]) -> str:
    if reason.startswith("http_"):
        return f"{words['http_nnn']} {reason[5:]}"
    return words.get(reason, reason)


def _reviewed(settings: Settings, number: int | None) -> Reviewed | None:
    file = settings.snapshots / f"snap-{number}" / MASKED
    if not settings.reviews.is_file() or number is None or not file.is_file():
        return None
    with Reviews(settings.reviews) as reviews:
        decisions = len(reviews.decisions())
    with LabelReviews(settings.reviews) as labels:
        decisions += len(labels.held())
    with closing(connect_database(file)) as db:
        ((unsure,),) = fetch(
            db, "SELECT count(*) FROM cases WHERE confidence < ? AND review IS NULL", [_UNSURE]
        )
    return Reviewed(decisions, unsure)


def _durations(record: NightRecord, history: list[NightRecord]) -> list[Duration]:
    found = []
    for stage in record.stages:
        if stage.status not in {"done", "failed"}:
            continue
        past = [s.seconds for r in history if (s := r.stage(stage.name)) and s.status == "done"]
        usual = median(past) if past else None
        slow = usual is not None and stage.seconds > max(_SLOW * usual, usual + _SLOW_S)
        found.append(Duration(load_words()["stages"][stage.name], stage.seconds, usual, slow))
    return found


def _sign_name(name: str) -> str:
    group, _, key = name.partition(":")
    if not key:
        return load_words()["signs"][name]
    wanted = "kind" if group == "jenis" else "type"
    labels = {label.id: label.name for label in load_labels() if label.group == wanted}
    return f"bagian {labels.get(key, key)}"
