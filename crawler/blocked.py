"""The block list: sites that look like news and are copies, look-alikes or machine-made text."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from crawler.canonical import canonical_url, host_of

_FILE = Path(__file__).with_name("blocked.toml")


class Blocked(BaseModel):
    """A site, or the part of it below `path`, that is no source; why, and since when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: str = Field(pattern=r"^[a-z0-9.-]+$")
    path: str = Field(default="/", pattern=r"^/")
    reason: str = Field(min_length=5)
    date: date


@cache
def load_blocked() -> tuple[Blocked, ...]:
    """Return the block list."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["site"]
    return tuple(Blocked.model_validate(row) for row in rows)


def find_blocked(url: str) -> Blocked | None:
    """Return the block list's entry for a URL, its subdomains included; None if the site is not blocked."""
    form = canonical_url(url)
    host = f".{host_of(form).partition(':')[0]}"
    if host == ".":
        return None
    path = urlsplit(form).path
    for entry in load_blocked():
        whole = "." in entry.domain
        inside = host.endswith(f".{entry.domain}") if whole else f".{entry.domain}." in host
        if inside and path.startswith(entry.path):
            return entry
    return None
