"""A thing that a thread of its own works on, so that several are written at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar


class _Closes(Protocol):
    def close(self) -> Any: ...


T = TypeVar("T", bound=_Closes)
R = TypeVar("R")


class Hand(Generic[T]):
    """One thread that makes a thing, does to it what it is given, in order, and closes it at the end."""

    def __init__(self, make: Callable[[], T], *, waiting: int = 1) -> None:
        self._waiting = waiting
        self._thread = ThreadPoolExecutor(1)
        self._made = self._thread.submit(make)
        self._given: deque[Future[Any]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for waiting in self._given:
            waiting.cancel()
        self._thread.submit(self._close)
        self._thread.shutdown()

    def give(self, work: Callable[[T], object]) -> None:
        """Let the thread do something to its thing; raises what went wrong with earlier work.

        It waits while as much waits as may, so that memory stays bounded.
        """
        while len(self._given) > self._waiting:
            self._given.popleft().result()
        self._given.append(self._thread.submit(lambda: work(self._made.result())))

    def ask(self, work: Callable[[T], R]) -> R:
        """Return what `work` gives for the thing when everything before is done; raises what went wrong."""
        asked = self._thread.submit(lambda: work(self._made.result()))
        while self._given:
            self._given.popleft().result()
        return asked.result()

    def _close(self) -> None:
        if self._made.exception() is None:
            self._made.result().close()
