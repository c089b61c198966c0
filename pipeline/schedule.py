"""What starts a night every evening: systemd units or a line for cron, for this installation."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.settings import Settings
from pipeline.zone import WIB

SERVICE = "wartawas-nightly.service"
TIMER = "wartawas-nightly.timer"


class ScheduleError(ValueError):
    """A unit cannot be written for this installation; the message says which path or name, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a night runs: the program, the folder it starts in, the account, its settings, its limits."""

    program: Path
    folder: Path
    user: str = "wartawas"
    settings_file: Path | None = None
    memory: str = "3G"


def systemd_units(settings: Settings, place: Place) -> dict[str, str]:
    """Return the service and the timer by file name. Raises ScheduleError."""
    begin, _, end = settings.night.window.partition("-")
    paths = {
        "program": place.program, "folder": place.folder,
        "var": (place.folder / settings.var).resolve(),
    }  # fmt: skip
    values = {
        **{name: _unit_path(path) for name, path in paths.items()},
        "settings": f" --settings {_unit_path(place.settings_file)}" if place.settings_file else "",
        "user": place.user, "memory": place.memory, "cpu": 100 * settings.workers, "begin": begin,
        "delay": settings.night.random_delay_minutes, "limit": _minutes(begin, end) + 120,
    }  # fmt: skip
    return {name: _templates().get_template(name).render(values) for name in (SERVICE, TIMER)}


def cron_line(settings: Settings, place: Place, zone: ZoneInfo) -> str:
    """Return a line for the crontab of a machine in `zone`: cron knows no other."""
    begin = settings.night.window.partition("-")[0]
    local = _at(begin).astimezone(zone)
    delay = settings.night.random_delay_minutes * 60
    command = [str(place.program), "nightly"]
    if place.settings_file:
        command += ["--settings", str(place.settings_file)]
    run = f"cd {shlex.quote(str(place.folder))} && sleep $(shuf -i 0-{delay} -n 1) && nice -n 10 {shlex.join(command)}"
    if "%" in run:
        raise ScheduleError(f"{place.folder}: cron cannot take a % in a path")
    return (
        f"# {begin} WIB is {local:%H:%M} in this machine's zone ({zone.key}).\n"
        f"{local:%M %H} * * * {run} >/dev/null 2>&1\n"
    )


def _at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime.now(WIB).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _minutes(begin: str, end: str) -> int:
    length = (_at(end) - _at(begin)) % timedelta(days=1)
    return int((length or timedelta(days=1)).total_seconds() // 60)


def _unit_path(path: Path) -> str:
    """Return an absolute path as systemd reads it: % doubled; blanks and quotes are not had in every place."""
    text = str(path.absolute())
    if any(character in text for character in " \t\n\"'\\;"):
        raise ScheduleError(f"{text!r}: systemd units need a path without blanks, quotes and backslashes")
    return text.replace("%", "%%")


def local_zone() -> ZoneInfo:
    """Return this machine's time zone, UTC where it does not say."""
    try:
        target = Path("/etc/localtime").resolve()
        return ZoneInfo(str(target).partition("zoneinfo/")[2] or "UTC")
    except (OSError, ValueError, KeyError):
        return ZoneInfo("UTC")


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline", "templates"), undefined=StrictUndefined, keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 -- units are no HTML; paths are checked above
    )  # fmt: skip
