"""A thing that a thread or a process of its own works on, so that several are written at the same time."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Thread
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from pipeline.workers import end_with


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
        self._given.append(self._thread.submit(self._do, work))

    def ask(self, work: Callable[[T], R]) -> R:
        """Return what `work` gives for the thing when everything before is done; raises what went wrong."""
        asked = self._thread.submit(self._do, work)
        while self._given:
            self._given.popleft().result()
        return asked.result()

    def _do(self, work: Callable[[T], R]) -> R:
        return work(self._made.result())

    def _close(self) -> None:
        if self._made.exception() is None:
            self._made.result().close()


class FarHand(Hand[T]):
    """A hand whose thing lives in another process: much work in Python there holds up nothing here.

    What makes it, what it is given and what that returns must be picklable. The process ends with this one.
    """

    def __init__(self, make: Callable[[], T], *, waiting: int = 1) -> None:
        super().__init__(lambda: _Far(make), waiting=waiting)  # type: ignore[arg-type,return-value]

    def _do(self, work: Callable[[T], R]) -> R:
        far: Any = self._made.result()
        result: R = far.do(work)
        return result


class _Far:
    """The near end of a thing in another process.

    That process imports nothing of this one's main script, which may have begun to publish without asking whether
    it is the main one.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        command = [sys.executable, "-c", _FAR, str(theirs.fileno()), *sys.path]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        theirs.close()
        try:
            self.do(make)
        except BaseException:
            self.close()
            raise

    def do(self, work: Callable[..., Any]) -> Any:
        try:
            self._pipe.send(work)
            done, value = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise OSError(f"a process that wrote died ({self._process.wait()})") from None
        if not done:
            raise value
        return value

    def close(self) -> None:
        self._pipe.close()
        self._process.wait()


_FAR = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.hands import serve; serve(int(sys.argv[1]))"


def serve(descriptor: int) -> None:
    """Be the far end: make what the first work makes, do the others with it, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with, args=(descriptor,), daemon=True).start()
    pipe: Connection = Connection(descriptor)
    made: list[Any] = []
    with suppress(EOFError, OSError):
        while True:
            work = pipe.recv()
            try:
                value = work(*made)
            except Exception as error:  # noqa: BLE001 - whatever it was, only the other end can tell
                pipe.send((False, _portable(error)))
                continue
            pipe.send((True, value if made else None))
            made = made or [value]


def _portable(error: Exception) -> Exception:
    """Return an error as it can be raised in another process: by its words alone where it does not pickle."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever its class does when it is made anew
        return OSError(f"{type(error).__name__}: {error}")
    return error
