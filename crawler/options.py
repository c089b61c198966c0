"""What one crawl may do: the options of a run, and what is told of it while it goes on and at its end."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

DEFAULT_CONTACT = "https://example.org/wartawas"


def user_agent(contact: str) -> str:
    """Return the name under which every request goes out."""
    try:
        number = version("wartawas")
    except PackageNotFoundError:
        number = "0"
    return f"Wartawas/{number} (+{contact})"


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How a crawl behaves. Seconds throughout; `since` and `until` bound the articles' times (back-fill).

    `delay_s` overrides the sources' own delay; `limit` bounds the pages asked of each source in this run;
    `ends_at` is when the night window closes. `max_wait_s` is the longest wait that a host may ask for before
    it is left alone for this run.
    """

    contact: str = DEFAULT_CONTACT
    delay_s: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    ends_at: datetime | None = None
    concurrency: int = 1
    timeout_s: float = 30.0
    backoff_s: float = 3.0
    max_wait_s: float = 900.0
    obey_robots: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        values = asdict(self)
        for name in ("since", "until", "ends_at"):
            values[name] = values[name].isoformat() if values[name] else None
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> CrawlOptions:
        """Return the options that `to_json` wrote."""
        times = {n: datetime.fromisoformat(values[n]) for n in ("since", "until", "ends_at") if values[n]}
        return cls(**(values | times))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source has come in the running crawl."""

    source: str
    phase: str  # discovery | pages | done
    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    waiting: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a crawl did with one source. `fetched` counts pages archived, first or changed captures."""

    discovered: int = 0
    fetched: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    requests: int = 0
    answered: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did: its run id, how it ended (finished, stopped, failed), and each source's figures."""

    run: str
    status: str
    seconds: float
    fetched: int
    requests: int
    by_source: dict[str, SourceReport]

    @property
    def nothing_answered(self) -> bool:
        """Return whether no source at all gave a usable answer."""
        return not any(report.answered or report.fetched for report in self.by_source.values())

    @property
    def nothing_reached(self) -> bool:
        """Return whether no host of any source could be reached, as where this machine has no network."""
        problems = [report.problem or "" for report in self.by_source.values()]
        return self.nothing_answered and all(problem.startswith("unreachable") for problem in problems)
