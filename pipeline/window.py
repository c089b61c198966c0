"""The night's window: the local hours in which pages are fetched."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from pipeline.zone import WIB


class WindowError(ValueError):
    """A window is not written as 21:00-05:00."""


def window_end(window: str, now: datetime) -> datetime | None:
    """Return when the window (WIB) closes in which `now` lies, in UTC; None outside of it.

    A window may cross midnight. Raises WindowError.
    """
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in window.split("-"))
    except ValueError:
        raise WindowError(f"window {window!r}: write it as 21:00-05:00") from None
    local = now.astimezone(WIB)
    for day in (local.date() - timedelta(days=1), local.date()):
        opens = datetime.combine(day, begin, WIB)
        closes = datetime.combine(day if end > begin else day + timedelta(days=1), end, WIB)
        if opens <= local < closes:
            return closes.astimezone(UTC)
    return None
