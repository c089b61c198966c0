from __future__ import annotations

import pytest

from nlp.baseline import Baseline
from nlp.corpus import Row
from nlp.evaluate import EvaluationError, evaluate
from nlp.figures import share_with_interval
from nlp.records import Document
from nlp.trials import calibration_error, errors_reviewed


def test_calibration_compares_confidence_with_what_was_right_bin_by_bin() -> None:
    assert calibration_error([(0.5, True), (0.5, False)] * 10, bins=2) == pytest.approx(0.0)
    assert calibration_error([(1.0, False)] * 10) == pytest.approx(1.0)
    mixed = [(0.6, False)] * 5 + [(0.9, True)] * 5
    assert calibration_error(mixed, bins=2) == pytest.approx((0.6 + 0.1) / 2)


def test_errors_reviewed_is_the_share_among_the_least_certain() -> None:
    judged = [(0.3, False), *[(0.9, True)] * 8, (0.95, False)]
    assert errors_reviewed(judged, 0.1) == 0.5
    assert errors_reviewed([(0.9, True)] * 10) == 1.0


def test_a_share_has_an_interval_even_where_all_hit() -> None:
    figure = share_with_interval(100, 100)
    assert figure.value == 1.0
    assert 0.95 < figure.low < 1.0
    assert share_with_interval(0, 0).value == 1.0


def test_the_baseline_reads_kinds_and_types_from_words() -> None:
    rows = [
        Row(f"{kind}-{n}", f"{word} {word} hari ini", (), kind, types=types)
        for n in range(4)
        for kind, word, types in (
            ("pelanggaran", "membagikan amplop", ("politik_uang.uang",)),
            ("lainnya", "sepak bola", ()),
            ("pelanggaran", "merusak baliho", ("apk.perusakan",)),
        )
    ]
    said = Baseline(rows).predict(
        [Document("a", "Warga membagikan amplop hari ini"), Document("b", "Final sepak bola hari ini")]
    )
    assert said["a"]["cases"] == [{"types": ["politik_uang.uang"]}]
    assert said["b"] == {"kind": "lainnya", "types": [], "cases": []}


def test_the_base_rate_needs_news() -> None:
    class Nobody:
        def extract_many(self, docs: object, batch: int = 64) -> list[object]:
            return []

    with pytest.raises(EvaluationError, match="--news"):
        evaluate("news", Nobody())  # type: ignore[arg-type]
