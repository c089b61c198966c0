from __future__ import annotations

import math
from dataclasses import replace

import pytest

from pipeline.review_quality import Judged, agreement, disagreement, kappa, precision_recall


def judged(
    number: int, read: str, said: str, *, drawn: bool = True, by: str = "sari", month: str = "2026-11"
) -> Judged:
    """Return a verdict; labels are "kind" or "kind type type", a case is told by its number ("#0")."""

    def labels(text: str) -> dict[str, frozenset[str]]:
        kind, *rest = text.split()
        cases = frozenset(word for word in rest if word.startswith("#"))
        return {
            "jenis berita": frozenset([kind]),
            "jenis pelanggaran": frozenset(rest) - cases,
            "kasus": cases,
        }

    return Judged(f"teks {number}", by, month, drawn, True, False, labels(read), labels(said))


CASE, PREVENTION, OTHER = "pelanggaran netralitas.asn", "pencegahan", "lainnya"


def test_precision_and_recall_come_from_the_drawn_alone() -> None:
    rows = [judged(n, CASE, CASE) for n in range(6)]
    rows += [judged(n, CASE, PREVENTION) for n in range(6, 8)]
    rows += [judged(n, PREVENTION, CASE, month="2026-12") for n in range(8, 12)]
    rows += [judged(n, CASE, PREVENTION, drawn=False) for n in range(12, 50)]
    frame = precision_recall(rows).set_index(["bulan", "label"])
    whole = frame.loc[("semua", "pelanggaran")]
    assert (whole["artikel"], whole["model"], whole["peninjau"], whole["sama"]) == (12, 8, 10, 6)
    assert (whole["presisi"], whole["kepekaan"]) == (75.0, 60.0)
    assert (whole["presisi_bawah"], whole["presisi_atas"]) == (40.9, 92.9), "Wilson, 6 of 8"
    december = frame.loc[("2026-12", "pelanggaran")]
    assert math.isnan(december["presisi"])
    assert december["kepekaan"] == 0.0
    assert frame.loc[("semua", "netralitas.asn")]["sama"] == 6


def test_an_undone_verdict_and_an_opinion_do_not_count() -> None:
    rows = [judged(1, CASE, PREVENTION), replace(judged(1, CASE, CASE), counts=False)]
    frame = precision_recall(rows).set_index(["bulan", "label"])
    assert frame.loc[("semua", "pelanggaran")]["sama"] == 0


def test_disagreement_tells_what_was_added_and_what_was_taken_out() -> None:
    rows = [judged(1, CASE, PREVENTION, drawn=False), judged(2, PREVENTION, CASE), judged(3, CASE, CASE)]
    row = disagreement(rows).set_index(["bulan", "label"]).loc[("2026-11", "netralitas.asn")]
    assert (row["artikel"], row["dihapus"], row["ditambah"], row["berbeda"]) == (3, 1, 1, 2)
    assert row["persen"] == 66.7
    assert row["nama"].startswith("Netralitas")


def test_a_rejected_case_is_a_disagreement() -> None:
    rows = [
        judged(1, "informasi politik_uang #0 #1", "informasi politik_uang #1"),
        judged(2, f"{CASE} #0", f"{CASE} #0"),
    ]
    row = disagreement(rows).set_index(["bulan", "label"]).loc[("semua", "kasus")]
    assert (row["artikel"], row["dihapus"], row["ditambah"], row["berbeda"], row["persen"]) == (
        3,
        1,
        0,
        1,
        33.3,
    )
    whole = precision_recall(rows).set_index(["bulan", "label"]).loc[("semua", "kasus")]
    assert (whole["model"], whole["peninjau"], whole["sama"], whole["presisi"]) == (3, 2, 2, 66.7)


def test_agreement_takes_two_reviewers_of_one_text() -> None:
    rows = [judged(n, CASE, CASE, by=name) for n in range(4) for name in ("sari", "bayu")]
    rows += [judged(9, CASE, CASE), replace(judged(9, CASE, PREVENTION, by="bayu"), counts=False)]
    rows += [judged(10, CASE, CASE), judged(11, CASE, CASE), judged(11, CASE, PREVENTION)]
    frame = agreement(rows).set_index("ukuran")
    assert frame.loc["jenis berita", "artikel"] == 5, "one reviewer twice is no pair"
    assert frame.loc["jenis berita", "persen"] == 80.0
    case = "dugaan pelanggaran atau bukan"
    assert tuple(frame.loc[case, ["artikel", "sama"]]) == (5, 4)
    rows.append(replace(judged(12, PREVENTION, PREVENTION), counts=False))
    rows.append(judged(12, PREVENTION, OTHER, by="bayu"))
    later = agreement(rows).set_index("ukuran")
    assert tuple(later["sama"]) == (4, 5, 5), "two kinds that are no case agree that it is none"
    assert later.loc[case, "kappa"] == 0.571
    assert agreement([]).loc[0, "artikel"] == 0


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15, 0.4),
    ],
)
def test_kappa_is_agreement_beyond_chance(answers: list[tuple[str, str]], value: float) -> None:
    assert kappa(answers) == pytest.approx(value)


def test_kappa_is_not_defined_where_everybody_says_the_same() -> None:
    assert math.isnan(kappa([("a", "a")] * 5))
    assert math.isnan(kappa([]))
