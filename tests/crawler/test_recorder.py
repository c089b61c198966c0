"""The recorder: what cannot be written ends the crawl, whatever the reason is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from crawler.ledger import Ledger
from crawler.recorder import Desk, Recorder


def test_change_that_breaks_is_told_and_nothing_after_it_is_written(tmp_path: Path) -> None:
    told = threading.Event()
    answers: list[object] = []

    def at_once(call: Callable[[], None]) -> None:
        call()

    def broken(_: Desk) -> None:
        raise ValueError("a row of the ledger that nobody can read")

    recorder = Recorder(
        tmp_path / "ledger.sqlite", tmp_path / "archive", "r1", deliver=at_once, failed=lambda _: told.set()
    )
    recorder.submit(broken, answers.append)
    assert told.wait(10)
    recorder.submit(lambda desk: desk.ledger.tally.add_outcome("r1", "contoh", "gone"), answers.append)
    recorder.close()
    assert (str(recorder.error), answers) == ("a row of the ledger that nobody can read", [])
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.tally.sums() == {}
        assert ledger.audit() == []
