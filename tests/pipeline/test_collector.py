"""The search for cyclic garbage rests while events are linked, and goes on afterwards whatever happens."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from pipeline import collector, events
from pipeline.store import Store, open_store


def test_search_goes_on_after_nested_pauses_and_errors() -> None:
    with pytest.raises(KeyError), collector.paused():
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_a_search_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector.paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_linking_rests_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[bool] = []

    def note(store: Store, reviews: Path | None) -> None:
        searched.append(gc.isenabled())

    monkeypatch.setattr(events, "apply_labels", note)
    with open_store(tmp_path / "work.duckdb") as store:
        assert events.link_events(store) == 0
    assert searched == [False]
    assert gc.isenabled()
