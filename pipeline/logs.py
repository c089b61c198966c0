"""The log of a night: JSON lines in a file for machines, short lines on stderr for people.

Each line names its run; where it speaks of a source or an address, those stand in `source` and `url`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from pipeline.zone import WIB

Log = structlog.stdlib.BoundLogger
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FIRST = ("timestamp", "level", "event")


@contextmanager
def open_log(file: Path, *, level: str = "info", console: bool = True, **bound: Any) -> Iterator[Log]:
    """Yield a log whose lines all hold `bound`; they are appended to `file` at once, and shown from `level` on.

    The file, which only its owner reads, takes every line down to debug.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    handlers: list[logging.Handler] = [_QuietFile(file, encoding="utf-8")]
    handlers[0].setFormatter(_formatter(structlog.processors.JSONRenderer(ensure_ascii=False)))
    if console:
        handlers.append(logging.StreamHandler(sys.stderr))
        handlers[1].setFormatter(_formatter(_for_people))
        handlers[1].setLevel(level.upper())
    logger = logging.Logger("wartawas", logging.DEBUG)
    for handler in handlers:
        logger.addHandler(handler)
    try:
        yield structlog.wrap_logger(
            logger,
            processors=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
            **bound,
        )
    finally:
        for handler in handlers:
            handler.close()


class _QuietFile(logging.FileHandler):
    """A file that takes what it can: a full disk must not end the night, nor fill the console with traces."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the line go."""

    def close(self) -> None:
        """Close the file, though what it still had to write does not fit on the disk."""
        with suppress(OSError):
            super().close()


def _formatter(renderer: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    )


def _for_people(_: Any, __: str, row: MutableMapping[str, Any]) -> str:
    """Return a line such as "21:00:04 WIB info crawl done fetched=120"; a trace stays in the file."""
    rest = " ".join(
        f"{key}={value}" for key, value in row.items() if key not in {*_FIRST, "run", "exception"}
    )
    moment = datetime.fromisoformat(str(row["timestamp"])).astimezone(WIB)  # as the window in the settings
    line = f"{moment:%H:%M:%S} WIB {row['level']:7} {row['event']} {rest}"
    return _CONTROL.sub("�", line.rstrip())
