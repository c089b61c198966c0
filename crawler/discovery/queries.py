"""Query strings of the pages that discovery asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def with_query(url: str, values: Mapping[str, str | int]) -> str:
    """Return `url` with the given query values set, in place of those it had."""
    split = urlsplit(url)
    kept = [
        (key, value) for key, value in parse_qsl(split.query, keep_blank_values=True) if key not in values
    ]
    return urlunsplit(split._replace(query=urlencode([*kept, *values.items()]), fragment=""))


def query_number(url: str, key: str, default: int = 1) -> int:
    """Return the positive number that the query of `url` gives for `key`, or `default`."""
    return number(dict(parse_qsl(urlsplit(url).query)).get(key)) or default


def digest(urls: Iterable[str | None]) -> str:
    """Return a short digest of what a page lists, by which a page shown twice is known."""
    text = "\n".join(url or "" for url in urls)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def number(text: str | None) -> int | None:
    """Return the number that `text` is, if it is one of at most nine digits."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def stamp(moment: datetime) -> str:
    """Return `moment` as ISO 8601 in UTC, as WordPress and Blogger read it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
