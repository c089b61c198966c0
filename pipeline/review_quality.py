"""How good the readings are, by what reviewers say: precision and recall, disagreement, and their own agreement.

Cases (group `kasus`) are counted one by one, all else by article. Precision and recall come from the randomly drawn
articles alone; an article that was shown for being uncertain says nothing of the others. Months are those in which a
reviewer decided, in WIB.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from pipeline.answer import answer
from pipeline.intervals import wilson
from pipeline.label_reviews import LabelRow
from pipeline.labelling import Labels, choices_of, types_of
from pipeline.labels import KINDS

ALWAYS = "semua"  # the month that stands for all of them
CASE = "kasus"  # the group whose members are cases


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict: about which text, by whom, when, drawn or not, what the model had read, what is said of it.

    `counts` tells that it was not undone and is no second opinion.
    """

    text: str
    reviewer: str
    month: str
    drawn: bool
    counts: bool
    withdrawn: bool
    read: Mapping[str, frozenset[str]]
    said: Mapping[str, frozenset[str]]


def judged_rows(rows: Iterable[LabelRow]) -> list[Judged]:
    """Return the verdicts of the file of reviews as they stand now, oldest first."""
    return [
        Judged(
            f"{row.ref.url or ''} {row.ref.text_hash}", row.reviewer, _month(row.decided_at), row.drawn, row.counts,
            row.withdrawn_by is not None,
            _labels_of(row.model.labels), _labels_of(row.labels),
        )
        for row in rows
        if row.model is not None
    ]  # fmt: skip


def judged_snapshot(db: duckdb.DuckDBPyConnection) -> list[Judged]:
    """Return the verdicts that a snapshot knows of, oldest first; raises QuestionError for an old snapshot."""
    rows = answer(db, "tinjauan").to_dict("records")
    return [
        Judged(
            row["text"], str(row["reviewer"]), _month(row["reviewed_at"]), row["drawn"],
            not row["withdrawn"] and row["review"] != "pendapat", row["withdrawn"],
            _labels(row["kind_read"], row["types_read"], row["cases_read"]),
            _labels(row["kind"], row["types"], row["cases"]),
        )
        for row in rows
    ]  # fmt: skip


def ketepatan(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return how far the model's labels hold on drawn articles, by month, kind and type.

    Columns: bulan ("semua" for all), golongan, label, nama, artikel (reviewed in that month), model, peninjau, sama,
    presisi, presisi_bawah, presisi_atas, kepekaan, kepekaan_bawah, kepekaan_atas (per cent, Wilson 95 %).
    """
    return precision_recall(judged_snapshot(db))


def beda_tinjauan(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return where reviewers (of any article) and model differ, by month, kind and type.

    Columns: bulan, golongan, label, nama, artikel (in which either sees the label; of `kasus` the cases that either
    sees), dihapus (the model alone), ditambah (the reviewer alone), berbeda, persen, bawah, atas.
    """
    return disagreement(judged_snapshot(db))


def kesepakatan(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return how often the first two reviewers of an article say the same, and Cohen's kappa.

    Columns: ukuran (of the kind, of case or none, of the types), artikel, sama, persen, bawah, atas, kappa (missing
    where chance alone would agree always).
    Reviewers saw each other's decisions unless one gave a second opinion, so this is the most that can be hoped for.
    """
    return agreement(judged_snapshot(db))


def precision_recall(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return the answer of `ketepatan` from these verdicts."""
    columns = ("presisi", "presisi_bawah", "presisi_atas", "kepekaan", "kepekaan_bawah", "kepekaan_atas")
    rows = []
    for key, found in _by_label([one for one in _final(judged) if one.drawn]):
        read, said, both, total = found
        shares = (*_share(both, read), *_share(both, said))
        rows.append((*key, total, read, said, both, *shares))
    names = ["bulan", "golongan", "label", "nama", "artikel", "model", "peninjau", "sama", *columns]
    return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(columns, float))


def disagreement(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return the answer of `beda-tinjauan` from these verdicts."""
    rows = []
    for key, (read, said, both, _) in _by_label(_final(judged)):
        either, differ = read + said - both, read + said - 2 * both
        rows.append((*key, either, read - both, said - both, differ, *_share(differ, either)))
    names = ["bulan", "golongan", "label", "nama", "artikel", "dihapus", "ditambah", "berbeda"]
    frame = pd.DataFrame(rows, columns=[*names, "persen", "bawah", "atas"])
    return frame.astype({"persen": float, "bawah": float, "atas": float})


def agreement(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return the answer of `kesepakatan` from these verdicts."""
    by_text: dict[str, dict[str, Judged]] = defaultdict(dict)
    for one in judged:
        if not one.withdrawn:
            by_text[one.text][one.reviewer] = one
    pairs = [tuple(by.values())[:2] for by in by_text.values() if len(by) > 1]
    views: Mapping[str, Callable[[Judged], str]] = {
        "jenis berita": lambda one: next(iter(one.said["jenis berita"])),
        "dugaan pelanggaran atau bukan": lambda one: str("pelanggaran" in one.said["jenis berita"]),
        "jenis pelanggaran": lambda one: " ".join(sorted(one.said["jenis pelanggaran"])),
    }
    rows = []
    for name, view in views.items():
        answers = [(view(a), view(b)) for a, b in pairs]
        same = sum(a == b for a, b in answers)
        rows.append((name, len(answers), same, *_share(same, len(answers)), kappa(answers)))
    frame = pd.DataFrame(rows, columns=["ukuran", "artikel", "sama", "persen", "bawah", "atas", "kappa"])
    return frame.astype({"persen": float, "bawah": float, "atas": float, "kappa": float})


def kappa(answers: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of pairs of answers: agreement beyond chance, 1 at most; NaN where it is not defined."""
    if not answers:
        return math.nan
    whole = len(answers)
    observed = sum(a == b for a, b in answers) / whole
    first, second = Counter(a for a, _ in answers), Counter(b for _, b in answers)
    chance = sum(first[key] * second[key] for key in first) / (whole * whole)
    return math.nan if chance >= 1 else round((observed - chance) / (1 - chance), 3)


Key = tuple[str, str, str, str]


def _by_label(judged: Sequence[Judged]) -> list[tuple[Key, tuple[int, int, int, int]]]:
    """Return for each month, group and label: by the model, by reviewers, by both, and all articles of the month."""
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    totals: Counter[str] = Counter()
    for one in judged:
        for month in (ALWAYS, one.month):
            totals[month] += 1
            for group, read in one.read.items():
                for label in read | one.said[group]:
                    found = counts[month, group, CASE if group == CASE else label]
                    found[0] += label in read
                    found[1] += label in one.said[group]
                    found[2] += label in read and label in one.said[group]
    names = {
        "jenis berita": KINDS,
        "jenis pelanggaran": choices_of("type"),
        CASE: {CASE: "dugaan kasus, satu per satu"},
    }
    return [
        ((month, group, label, names[group].get(label, label)), (*found, totals[month]))  # type: ignore[misc]
        for (month, group, label), found in sorted(counts.items(), key=lambda item: _order(*item[0]))
    ]


def _order(month: str, group: str, label: str) -> tuple[bool, str, str, str]:
    return month != ALWAYS, month, group, label


def _final(judged: Sequence[Judged]) -> list[Judged]:
    """Return for each text the verdict that holds."""
    return list({one.text: one for one in judged if one.counts}.values())


def _labels_of(labels: Labels) -> dict[str, frozenset[str]]:
    return _labels(labels.kind, types_of(labels), [case.id for case in labels.cases])


def _labels(kind: str, types: Iterable[str], cases: Iterable[str]) -> dict[str, frozenset[str]]:
    return {"jenis berita": frozenset([kind]), "jenis pelanggaran": frozenset(types), CASE: frozenset(cases)}


def _share(part: int, whole: int) -> tuple[float, float, float]:
    if not whole:
        return math.nan, math.nan, math.nan
    low, high = wilson(part, whole)
    return round(100 * part / whole, 1), round(100 * low, 1), round(100 * high, 1)


def _month(moment: Any) -> str:
    plain: datetime = moment.replace(tzinfo=None)
    return f"{plain + timedelta(hours=7):%Y-%m}"
