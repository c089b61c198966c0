"""The benchmark's bars on few pages of every template; tests/bench/clean_bench.py measures speed."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[1] / "bench"


SETS = "known unseen fresh wider blind last final heard regional later further newest".split()


@pytest.mark.parametrize("name", SETS)
def test_clean_holds_the_bars_of_the_benchmark(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    import clean_bench
    from clean_pages import make_pages

    pages = list(make_pages(105, name, seed=11))
    score = clean_bench.run(["wartawas"], pages, verbose=False)["wartawas"]
    for field, bar in clean_bench.BARS.items():
        assert getattr(score, field) / score.pages >= bar, (field, getattr(score, field) / score.pages)
    assert score.leaked.total() <= clean_bench.MAX_LEAKED * score.lines.total(), score.leaked
    assert score.invisible == 0
