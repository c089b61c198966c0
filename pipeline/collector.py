"""Python's search for cyclic garbage, paused while many objects live that form no cycles.

It looks through every living object again and again: while a night is stored and linked that takes a third of the
time and finds nothing, for rows and readings go as soon as nobody holds them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Pause the search, and afterwards let it run as before; pauses may nest."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
