"""The clock of this machine: nothing is read by one that stands before Wartawas was made.

A time later than its fetch is taken for a mistake of the page. With a clock in the past (an empty battery, a
virtual machine that was set back) that is every time, and the fetch would stand in without a word.
"""

from __future__ import annotations

from datetime import UTC, datetime

VERSION = "0.1.0"
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment before which `VERSION` cannot run: a constant, since the times of files come from the same clock."""


class ClockError(RuntimeError):
    """The clock cannot be right; the message says what it shows and what to do."""


def is_past(now: datetime) -> bool:
    """Return whether a clock that shows `now` stands before this version was made."""
    return now < RELEASED


def check_clock() -> None:
    """Raise ClockError where this machine's clock cannot be right, before anything is written by it."""
    now = datetime.now(UTC)
    if is_past(now):
        raise ClockError(
            f"the clock of this machine shows {now:%Y-%m-%d %H:%M} UTC, before Wartawas {VERSION} was made, so every "
            "date would be wrong; set it, by NTP at best, and start again"
        )
