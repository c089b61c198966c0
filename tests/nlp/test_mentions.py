"""One list of dates out of the rules and the recogniser."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp.dates import find_dates
from nlp.mentions import merge_dates
from nlp.records import Mention

PUBLISHED = datetime.fromisoformat("2024-10-17T08:00+07:00")


def span(text: str, part: str) -> Mention:
    start = text.index(part)
    return Mention("date", start, start + len(part), part)


@pytest.mark.parametrize(
    ("text", "spotted", "wanted"),
    [
        # a written day counts by itself, a time to come only where the recogniser spotted it
        ("Rapat digelar Rabu (16/10/2024).", [], [("Rabu (16/10/2024)", "2024-10-16")]),
        ('"Kalau begitu, besok semua boleh," katanya.', [], []),
        ("Rapat digelar besok.", ["besok"], [("besok", "2024-10-18")]),
        ("Pindah memilih diurus sampai H-7 pilkada 2024.", [], []),
        # what only the recogniser spotted needs a value
        ("Rapat digelar suatu ketika.", ["suatu ketika"], []),
    ],
)
def test_merge_dates_trusts_the_recogniser_with_relative_dates(
    text: str, spotted: list[str], wanted: list[tuple[str, str]]
) -> None:
    spans = [span(text, part) for part in spotted]
    merged = merge_dates(text, find_dates(text, PUBLISHED), spans, PUBLISHED)
    assert [(one.text, one.iso) for one in merged] == wanted
