"""Where a text still stands in an installation, the archive unpacked; what the doctor finds wrong."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.doctor import examine
from pipeline.settings import Settings


def raw_bytes(settings: Settings) -> Iterator[tuple[Path, bytes]]:
    """Yield every file below `var`, and the records of the archive unpacked."""
    for path in settings.var.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path, data
            if path.suffix == ".gz":
                unpacked = b""
                while data:
                    member = zlib.decompressobj(31)
                    unpacked += member.decompress(data)
                    data = member.unused_data
                yield path, unpacked


def traces(settings: Settings, *texts: str) -> list[str]:
    """Return the files that hold one of these texts in plain bytes, in any case."""
    found = []
    for path, data in raw_bytes(settings):
        lowered = data.lower()
        found += [f"{text} in {path.name}" for text in texts if text.lower().encode() in lowered]
    return found


def sound(settings: Settings) -> list[str]:
    return [f"{c.name}: {c.text}" for c in examine(settings, samples=None) if c.level == "error"]
