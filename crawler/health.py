"""Source health, read from the ledger: whether a source is well, has no news, or is broken, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import median

from crawler.ledger import Ledger
from crawler.source import Source

#: What speaks for a broken source, and what it means.
FINDINGS = {
    "unreachable": "its host or its robots.txt could not be had on the last night",
    "blocked": "it answered with refusals or challenge pages",
    "feed_dead": "discovery pages that once worked have failed several times in a row",
    "layout_drift": "discovery pages that once listed articles can be read and list none",
    "sudden_drop": "far fewer new articles than on its usual nights",
    "below_expectation": "fewer new articles than its file expects",
    "silent": "no new article for far longer than usual",
    "pages_failing": "more than half of the pages asked on the last night failed",
    "dates_missing": "most of its new articles have no date",
    "texts_short": "most of its new pages gave no text of an article's length",
    "spun": "most of its new pages are gambling promotion or text by machine: it may have been taken over",
    "old_news": "most of its new articles repeat its own old ones, or are dated weeks back",
}
DEAD_AFTER = 3
MIN_NIGHTS = 5
_DROP = 0.3
_MOST = 0.5
_HISTORY = 30
#: Chance alone makes small numbers small: the articles that must be missing before silence is a fault, and the
#: standard deviations (of counts that come by chance) before a drop is one. A Sunday counts as less than chance.
_SILENCE = 9.0
_CHANCE = 3.0


@dataclass(frozen=True, slots=True)
class Quality:
    """What cleaning says of a source's pages of the last night: read, without a date, too short.

    `spun` counts those refused as text by machine, `fresh` the new articles, of which `repeated` are old news.
    """

    pages: int
    undated: int
    short: int
    spun: int = 0
    fresh: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Night:
    """One night of a source, all its runs added up."""

    night: str
    discovered: int
    asked: int
    failed: int
    blocked: int
    complete: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: ok, no_news, broken or unknown; `usual` is the median of new articles a night."""

    source: str
    status: str
    findings: tuple[str, ...]
    night: str | None
    discovered: int
    usual: float | None
    quiet_nights: int
    problem: str | None


def source_health(
    ledger: Ledger, sources: Iterable[Source], quality: Mapping[str, Quality] | None = None
) -> list[Health]:
    """Return the health of each source on its last night, against its expectations and its own history.

    Nothing new on a night on which everything could be read is no news; it is a fault only where it lasts
    far longer than usual. A source that was never crawled is unknown.
    """
    return [_health(ledger, source, (quality or {}).get(source.slug)) for source in sources]


def _health(ledger: Ledger, source: Source, quality: Quality | None) -> Health:
    nights = source_nights(ledger, source.slug)
    if not nights:
        return Health(source.slug, "unknown", (), None, 0, None, 0, None)
    last, before = nights[0], nights[1:]
    # the first night brings whatever the site still lists, which says nothing of a usual night
    usual = median(night.discovered for night in before[:-1]) if len(before) > MIN_NIGHTS else None
    quiet = next((n for n, night in enumerate(nights) if night.discovered), len(nights))
    found = [
        *_access(last),
        *_listings(ledger, source.slug),
        *_amounts(source, last, usual, quiet),
        *_texts(quality),
        *(_repeats(quality) if len(before) > MIN_NIGHTS else ()),
    ]
    status = "broken" if found else "ok" if last.discovered else "no_news"
    return Health(source.slug, status, tuple(found), last.night, last.discovered, usual, quiet, last.problem)


def _access(last: Night) -> list[str]:
    problem = (last.problem or "").partition(":")[0]
    found = ["unreachable"] if problem in ("unreachable", "robots_unavailable", "host_overloaded") else []
    if problem == "blocked" or last.blocked > _MOST * last.asked > 0:
        found.append("blocked")
    elif last.failed > _MOST * last.asked > 0:
        found.append("pages_failing")
    return found


def _listings(ledger: Ledger, slug: str) -> list[str]:
    dead, drifted, alive = ledger.tally.listing_faults(slug, DEAD_AFTER)
    # one of several ways may die while another still finds everything: that is worth saying, and no more
    if alive:
        return []
    return [name for name, count in (("feed_dead", dead), ("layout_drift", drifted)) if count]


def _amounts(source: Source, last: Night, usual: float | None, quiet: int) -> list[str]:
    if not last.complete:
        return []
    if last.discovered == 0:
        expected = max(float(source.expect.min_articles_night), usual or 0.0)
        return ["silent"] if expected >= 1 and quiet >= max(DEAD_AFTER, _SILENCE / expected) else []
    if usual is not None and last.discovered < min(_DROP * usual, usual - _CHANCE * sqrt(usual)):
        return ["sudden_drop"]
    return ["below_expectation"] if last.discovered < source.expect.min_articles_night else []


def _texts(quality: Quality | None) -> list[str]:
    if quality is None or quality.pages < MIN_NIGHTS:
        return []
    counts = {"dates_missing": quality.undated, "texts_short": quality.short, "spun": quality.spun}
    return [name for name, count in counts.items() if count > _MOST * quality.pages]


def _repeats(quality: Quality | None) -> list[str]:
    """Tell a source that prints its old news again; on its first nights every source lists old articles."""
    if quality is None or quality.fresh < MIN_NIGHTS:
        return []
    return ["old_news"] if quality.repeated > _MOST * quality.fresh else []


def source_nights(ledger: Ledger, slug: str) -> list[Night]:
    """Return the newest 30 nights of a source, newest first."""
    return [_night(row) for row in ledger.tally.nights(slug, _HISTORY)]


def _night(row: sqlite3.Row) -> Night:
    return Night(
        row["night"],
        row["discovered"],
        row["asked"],
        row["failed"],
        row["blocked"],
        bool(row["complete"]),
        row["problem"],
    )
