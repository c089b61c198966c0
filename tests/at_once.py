"""Files that several open at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path


def refused_at_once(
    open_file: Callable[[Path], object], error: type[Exception], folder: Path, *, rounds: int, openers: int
) -> list[str]:
    """Return what was told whoever opened a new file together with others and was refused, over all rounds."""
    refused: list[str] = []

    def try_it(path: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            open_file(path)
        except error as told:
            refused.append(str(told))

    for number in range(rounds):
        together = threading.Barrier(openers)
        path = folder / f"{number}.sqlite"
        threads = [threading.Thread(target=try_it, args=(path, together)) for _ in range(openers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return refused
