"""Long streams of work in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield `items` in tuples of `size`, the last one shorter (itertools.batched came with Python 3.12)."""
    rest = iter(items)
    while chunk := tuple(islice(rest, size)):
        yield chunk
