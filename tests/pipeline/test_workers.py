"""The worker pool against items that segfault, hang, allocate without end or raise."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from orphans import outlives_its_parent

from pipeline.workers import Failed, WorkerPool, WorkerPoolError


def make_state() -> int:
    return 10


def make_nothing() -> None:
    raise ValueError("no model here")


def die_starting() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(state: int, item: str) -> object:
    if item == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if item == "exit":
        os._exit(3)
    if item == "hang":
        time.sleep(60)
    if item == "allocate":
        hoard = []
        while True:
            hoard.append(bytearray(32 * 2**20))
    if item == "raise":
        raise KeyError("a field")
    if item == "pid":
        return os.getpid()
    time.sleep(0.01 if item.endswith("0") else 0)
    return f"{item}+{state}"


def pool(**options: float) -> WorkerPool[int, str, object]:
    values = {"workers": 2, "timeout_s": 2.0, "memory_mb": 200, "attempts": 2, **options}
    return WorkerPool(make_state, work, **values)  # type: ignore[arg-type]


def test_pool_keeps_the_order() -> None:
    items = [str(number) for number in range(60)]
    with pool() as workers:
        assert list(workers.map(items)) == [(item, f"{item}+10") for item in items]


def test_pool_charges_only_the_guilty_item() -> None:
    items = ["1", "segfault", "2", "hang", "3", "allocate", "4", "raise", "5", "exit", "6"]
    with pool() as workers:
        answers = dict(workers.map(items))
    reasons = {item: answer.reason for item, answer in answers.items() if isinstance(answer, Failed)}
    assert reasons == {
        "segfault": "crashed",
        "hang": "timeout",
        "allocate": "memory",
        "raise": "error",
        "exit": "crashed",
    }
    assert [answers[str(n)] for n in range(1, 7)] == [f"{n}+10" for n in range(1, 7)]
    assert "SIGSEGV" in answers["segfault"].detail  # type: ignore[union-attr]
    assert "2x" in answers["exit"].detail  # type: ignore[union-attr]


def test_pool_kills_a_hanging_item_in_time() -> None:
    started = time.monotonic()
    with pool(workers=1, timeout_s=1.0) as workers:
        answers = list(workers.map(["hang", "1"]))
    assert time.monotonic() - started < 8
    assert answers[1] == ("1", "1+10")


def test_pool_takes_few_items_ahead() -> None:
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield str(number)

    with pool() as workers:
        answers = workers.map(items())
        for _ in range(5):
            next(answers)
        assert taken <= 5 + 2 * 8
        answers.close()  # type: ignore[attr-defined]


def test_pool_runs_again_after_an_abandoned_map() -> None:
    with pool() as workers:
        answers = workers.map(["1", "hang", "2"])
        assert next(answers) == ("1", "1+10")
        answers.close()  # type: ignore[attr-defined]
        assert list(workers.map(["7"])) == [("7", "7+10")]


def test_pool_reuses_its_workers() -> None:
    with pool(workers=1) as workers:
        assert len({pid for _, pid in workers.map(["pid"] * 20)}) == 1


def test_pool_of_nothing_starts_nothing() -> None:
    with pool() as workers:
        assert list(workers.map([])) == []


def test_workers_end_with_the_process_that_started_them() -> None:
    code = "from test_workers import pool\nfor _, pid in pool(workers=1, timeout_s=90).map(['pid', 'hang']):"
    code += " print(pid, flush=True)"
    assert not outlives_its_parent(code)


@pytest.mark.parametrize(("start", "says"), [(make_nothing, "no model here"), (die_starting, "died")])
def test_pool_says_when_no_worker_can_start(start: object, says: str) -> None:
    with (
        WorkerPool(start, work, workers=2) as workers,  # type: ignore[arg-type]
        pytest.raises(WorkerPoolError, match=says),
    ):
        list(workers.map(["1"]))
