"""A process pool for hostile work: limits per item, dead workers replaced, poison items passed over.

The pool of the standard library fails every waiting task when one worker dies, and it knows no time limit.
Here each worker holds one item at a time, so that a death or a hang is charged to the item that caused it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import select
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

READY_S = 180.0
LOOK_AHEAD = 8
MAX_STARTS = 2


class WorkerPoolError(RuntimeError):
    """The workers cannot start at all, so that no item can be worked on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an item gave no result: timeout, crashed, memory or error, and a line of detail."""

    reason: str
    detail: str


@dataclass(slots=True)
class _Task:
    index: int
    item: Any
    deaths: int = 0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool
    due: float
    task: _Task | None = None


class WorkerPool(Generic[S, T, R]):
    """Apply `function(state, item)` in `workers` processes; `initializer()` makes each process's state.

    Both callables must be importable by name. `timeout_s` limits one item; `memory_mb` limits what a process
    may allocate beyond what its initializer loaded; an item that killed its worker `attempts` times failed.
    """

    def __init__(
        self,
        initializer: Callable[[], S],
        function: Callable[[S, T], R],
        *,
        workers: int = 1,
        timeout_s: float = 30.0,
        memory_mb: int = 1024,
        attempts: int = 2,
    ) -> None:
        self._calls = (initializer, function, memory_mb)
        self._size, self._timeout_s, self._attempts = max(1, workers), timeout_s, max(1, attempts)
        self._context = multiprocessing.get_context("forkserver")
        self._workers: list[_Worker] = []
        self._start_failures = 0

    def __enter__(self) -> WorkerPool[S, T, R]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def map(self, items: Iterable[T]) -> Iterator[tuple[T, R | Failed]]:
        """Yield each item with its result or with why it failed, in the order given.

        At most `workers * 8` items are taken ahead of the one that is yielded next: memory stays flat.
        Raises WorkerPoolError where no worker can start.
        """
        source = iter(items)
        waiting: deque[_Task] = deque()
        done: dict[int, tuple[T, R | Failed]] = {}
        taken, given, finished = 0, 0, False
        try:
            while True:
                for item in islice(source, given + self._size * LOOK_AHEAD - taken):
                    waiting.append(_Task(taken, item))
                    taken += 1
                if given == taken:
                    finished = True
                    return
                self._feed(waiting)
                for task, result in self._collect(waiting):
                    done[task.index] = (task.item, result)
                while given in done:
                    yield done.pop(given)
                    given += 1
        finally:
            if not finished:  # abandoned or failed: what still runs would answer to nobody
                self.close()

    def close(self) -> None:
        """Stop every worker at once; the pool may be used again."""
        for worker in self._workers:
            _stop(worker)
        self._workers.clear()

    def _feed(self, waiting: deque[_Task]) -> None:
        """Start as many workers as there is work for, and hand each idle one an item."""
        busy = sum(1 for worker in self._workers if worker.task)
        while len(self._workers) < min(self._size, busy + len(waiting)):
            self._workers.append(self._start())
        idle = [worker for worker in self._workers if worker.ready and worker.task is None]
        for worker in idle[: len(waiting)]:
            task = waiting.popleft()
            try:
                worker.pipe.send(task.item)
            except OSError:  # it died idle: nobody's fault
                waiting.appendleft(task)
                self._drop(worker)
            else:
                worker.task, worker.due = task, time.monotonic() + self._timeout_s

    def _collect(self, waiting: deque[_Task]) -> Iterator[tuple[_Task, Any]]:
        """Wait for an event and yield what came to its end; what is tried again goes back to `waiting`."""
        live = {worker.pipe: worker for worker in self._workers if worker.task or not worker.ready}
        if not live:
            return
        pause = max(0.0, min(worker.due for worker in live.values()) - time.monotonic())
        for pipe in wait(list(live), timeout=pause):
            worker = live[pipe]  # type: ignore[index]
            try:
                ok, value = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._bury(worker, waiting)
                continue
            task, worker.task = worker.task, None
            if task is not None:
                yield task, value if ok else Failed(*value)
            elif ok:
                worker.ready, self._start_failures = True, 0
            else:
                self.close()
                raise _no_worker(str(value))
        yield from self._expire()

    def _bury(self, worker: _Worker, waiting: deque[_Task]) -> Iterator[tuple[_Task, Any]]:
        """Charge a dead worker's item: it is tried again until it has killed as many as it may."""
        self._drop(worker)
        task = worker.task
        if task is None:
            self._start_failed(f"died while it started ({_death(worker)})")
            return
        task.deaths += 1
        if task.deaths < self._attempts:
            waiting.appendleft(task)
        else:
            yield task, Failed("crashed", f"killed its worker {task.deaths}x ({_death(worker)})")

    def _expire(self) -> Iterator[tuple[_Task, Any]]:
        now = time.monotonic()
        for worker in list(self._workers):
            if now < worker.due or (worker.ready and worker.task is None) or worker.pipe.poll():
                continue
            self._drop(worker)
            if worker.task is None:
                self._start_failed(f"was not ready after {READY_S:.0f} s")
            else:
                yield worker.task, Failed("timeout", f"took longer than {self._timeout_s:g} s")

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, *self._calls), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, ready=False, due=time.monotonic() + READY_S)

    def _drop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        _stop(worker)

    def _start_failed(self, detail: str) -> None:
        self._start_failures += 1
        if self._start_failures >= MAX_STARTS:
            self.close()
            raise _no_worker(f"it {detail}")


def _no_worker(why: str) -> WorkerPoolError:
    return WorkerPoolError(
        f"a worker process cannot start: {why}; `wartawas doctor` looks at the model, fewer `workers` need less memory;"
        ' a script of your own reads below `if __name__ == "__main__":`'
    )


def _stop(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _death(worker: _Worker) -> str:
    code = worker.process.exitcode
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _serve(
    pipe: Connection, initializer: Callable[[], Any], function: Callable[..., Any], memory_mb: int
) -> None:
    """Be a worker: make the state, then answer items one by one until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with, args=(pipe.fileno(),), daemon=True).start()
    try:
        state = initializer()
    except Exception as error:  # noqa: BLE001 - whatever it was, only the parent can tell the user
        pipe.send((False, _name(error)))
        return
    _limit_memory(memory_mb)
    with suppress(OSError):  # whoever started it is gone: the next look at the pipe ends it
        pipe.send((True, None))
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        answer = _attempt(function, state, item)
        try:
            pipe.send(answer)
        except OSError:
            return
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            pipe.send((False, ("error", f"its result cannot be handed on: {_name(error)}")))


def end_with(pipe: int) -> None:
    """End this process once nobody holds the pipe's other end, lest its work go on beside that of the next run."""
    gone = select.poll()
    gone.register(pipe, 0)  # no event but the one that is always told
    gone.poll()
    os._exit(1)


def _attempt(function: Callable[..., Any], state: Any, item: Any) -> tuple[bool, Any]:
    try:
        return True, function(state, item)
    except MemoryError:
        return False, ("memory", "needed more memory than a worker may take")
    except Exception as error:  # noqa: BLE001 - one bad item must not stop the others; its reason is counted
        return False, ("error", _name(error))


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _limit_memory(memory_mb: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - Path adds nothing here
        used = int(file.read().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = used + memory_mb * 2**20
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
