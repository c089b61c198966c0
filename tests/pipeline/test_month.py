"""A few simulated nights, small: the full month is `python tests/bench/month.py`, its figures in RESULTS.md."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "bench"))

from month import make_plan, run_month


@pytest.mark.timeout(900)
def test_a_few_nights_lose_nothing_and_name_every_blind_source(tmp_path: Path) -> None:
    month = run_month(tmp_path, nights=6, sites=6)
    assert month.wrong == []
    assert month.missed == []
    assert month.false_alarms == []
    assert month.kills == 1 and month.codes.count(1) == 1
    assert {text.partition(" situs")[0] for text in month.named} == {"outage", "gambling", "no text"}
    assert month.stored > 60
    assert set(month.reasons) == {"spun", "empty"}
    assert month.stored + sum(month.reasons.values()) == month.published


def test_plan_of_a_month_has_everything_that_goes_wrong() -> None:
    plan = make_plan(30, 40)
    kinds = {fault.kind for fault in plan.faults}
    assert kinds == {"outage", "gambling", "no text", "refusal", "empty feed", "old news"}
    assert len(plan.kills) == 5 and len(plan.full) == 1 and len(plan.clocks) == 2
    assert not plan.kills & plan.full
