"""Parts made by the workers of a Dask cluster: the extra `distributed`.

The scheduler gives the task of a worker that died to another one; here a task is what is left of a file, since
each attempt goes on where the one before ended. All machines see the same folder.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker, as_completed

from pipeline.backfill.unit import Plan, UnitReader
from pipeline.backfill.units import BackfillError, Unit
from pipeline.workers import Failed

_CONNECT_S = 20
_WAIT_S = 120  # for a first worker

_readers: dict[tuple[bytes, int], UnitReader] = {}


class DaskRunner:
    """Makes parts on the cluster of a scheduler, whose dashboard `dashboard` names."""

    def __init__(self, scheduler: str) -> None:
        try:
            self._client: Any = Client(scheduler, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
            self._client.wait_for_workers(1, timeout=_WAIT_S)
        except (OSError, TimeoutError, ValueError) as error:
            raise BackfillError(
                f"{scheduler}: no Dask scheduler with workers answers there ({type(error).__name__})"
            ) from None
        self.dashboard = self._client.dashboard_link
        self._name = uuid4().hex[:8]  # two back-fills on one scheduler may read the same file
        self._round = 0

    def run(self, plan: Plan, units: Sequence[Unit]) -> Iterator[tuple[Unit, dict[str, Any] | Failed]]:
        """Yield each unit as soon as it is done."""
        self._round += 1
        packed = pickle.dumps(plan)
        waiting = deque(units)
        pending: dict[Any, Unit] = {}
        finished: Any = as_completed([], loop=self._client.loop)  # type: ignore[no-untyped-call]

        def submit() -> None:
            # no more than there are threads: a file that waits behind another one stays there while a worker idles
            while waiting and len(pending) < self._threads():
                unit = waiting.popleft()
                future = self._submit(packed, unit)
                pending[future] = unit
                finished.add(future)

        submit()
        for future in finished:
            unit = pending.pop(future)
            if future.status in ("cancelled", "lost"):
                raise BackfillError("the Dask scheduler forgot its tasks or ended; start the back-fill again")
            result = _result(future)
            future.release()
            submit()
            if not isinstance(result, Failed) and plan.done(unit) is None:
                raise BackfillError(
                    f"{plan.out}: the part of {unit.address} is not there; --out must name a folder that all "
                    "workers share"
                )
            yield unit, result

    def close(self) -> None:
        """Leave the cluster; what it still holds of ours is dropped."""
        self._client.close()

    def _threads(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(1, threads)

    def _submit(self, packed: bytes, unit: Unit) -> Any:
        return self._client.submit(
            read_unit, packed, unit, key=f"{unit.id}-{self._name}-{self._round}", pure=False
        )


def read_unit(packed: bytes, unit: Unit) -> dict[str, Any]:
    """Make a unit's part in this worker; what reads articles is loaded once for each of its threads."""
    key = (packed, threading.get_ident())
    if key not in _readers:
        for old in [known for known in _readers if known[1] == key[1]]:
            _readers.pop(old).close()
        # Dask lets its workers give memory back after each use; the processes that read would pay for it all the time
        os.environ.pop("MALLOC_TRIM_THRESHOLD_", None)
        _readers[key] = UnitReader(pickle.loads(packed))  # noqa: S301 -- from our own client
    return _readers[key].read(unit)


def _result(future: Any) -> dict[str, Any] | Failed:
    error = future.exception()
    if error is None:
        line: dict[str, Any] = future.result()
        return line
    if isinstance(error, KilledWorker):
        return Failed("crashed", str(error).splitlines()[0][:500])
    return Failed("error", f"{type(error).__name__}: {error}"[:500])
