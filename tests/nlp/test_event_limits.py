from __future__ import annotations

import pytest

from nlp.corpus import untag
from nlp.event_limits import bounding_days, is_of_handling
from nlp.records import Mention
from nlp.scene import Scene


def scene(tagged: str) -> Scene:
    text, spans = untag(tagged)
    return Scene(text, [Mention(s.label, s.start, s.end, s.text, iso=s.iso) for s in spans])


RANGE, DAY = '<date iso="2024-11-24/2024-11-26">24-26 November</date>', '<date iso="2024-11-24">Minggu</date>'


@pytest.mark.parametrize(
    "tagged",
    [
        f"Padahal masa tenang berlangsung {RANGE}.",
        f"Padahal masa tenang ({RANGE}) melarangnya.",
        f"Masa kampanye sudah berakhir pada {DAY}.",
        f"Kampanye Pilkada 2024 baru dimulai, {DAY}.",
        f"Anggota DPRD yang baru dilantik pada {DAY} itu hadir.",
    ],
)
def test_a_day_that_bounds_a_stage_is_no_acts(tagged: str) -> None:
    assert bounding_days(scene(tagged)) == {"2024-11-24"}


@pytest.mark.parametrize(
    "tagged",
    [
        f"Uang dibagikan pada masa tenang, {DAY}.",
        f"Uang dibagikan saat kampanye dialogis dibuka, {DAY}.",
        f"Uang dibagikan saat kampanye berlangsung, {DAY}.",
        f"Empat belas orang dilantik di pendopo, {DAY}.",
        f"Padahal masa tenang berlangsung {RANGE}. Uang dibagikan {DAY}.",
    ],
)
def test_a_day_of_an_act_bounds_nothing(tagged: str) -> None:
    assert bounding_days(scene(tagged)) == frozenset()


@pytest.mark.parametrize(
    ("roles", "handling"),
    [(("stage", "statement"), True), (("stage", "event"), False), (("stage", None), False)],
)
def test_a_day_is_of_the_handling_where_nothing_else_is_said_of_it(
    roles: tuple[str | None, ...], handling: bool
) -> None:
    text = "Dilaporkan Senin. Senin ia datang."
    mentions = [
        Mention("date", at, at + 5, "Senin", iso="2024-10-21", role=role)
        for at, role in zip((11, 18), roles, strict=True)
    ]
    assert is_of_handling(Scene(text, mentions), "2024-10-21") == handling
