"""The election calendar: whole, in order, and the right election for a text."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from nlp.election import find_election
from nlp.election_calendar import choose_election, load_elections


def test_stages_run_forward_and_end_with_the_vote() -> None:
    for election in load_elections():
        assert election.source
        for stage in election.stages:
            assert stage.start <= stage.end, (election.id, stage.id)


@pytest.mark.parametrize(
    "name", ["pilkada 2018", "pemilu 2019", "pilkada 2020", "pemilu 2024", "pilkada 2024"]
)
def test_quiet_days_lie_between_campaign_and_vote(name: str) -> None:
    election = next(election for election in load_elections() if election.id == name)
    campaign, quiet, vote = (election.stage(stage) for stage in ("kampanye", "masa_tenang", "pemungutan"))
    assert campaign and quiet and vote
    assert campaign.end + timedelta(days=1) == quiet.start
    assert quiet.end + timedelta(days=1) == vote.start == election.vote


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("pengawasan pilkada", date(2024, 10, 1), "pilkada 2024"),
        ("pengawasan pemilu", date(2023, 12, 1), "pemilu 2024"),
        ("pengawasan pemilu", date(2019, 3, 1), "pemilu 2019"),
        ("pengawasan pilkada", date(2018, 5, 1), "pilkada 2018"),
        ("belajar dari pemilu lalu untuk pilkada", date(2020, 10, 1), "pilkada 2020"),
        ("tahapan pilkada 2024", None, "pilkada 2024"),
        ("tahapan pilkada", None, None),
        ("tahapan pilkada", date(2010, 1, 1), None),
    ],
)
def test_choose_election(text: str, day: date | None, expected: str | None) -> None:
    chosen = choose_election(text, day)
    assert (chosen.id if chosen else None) == expected


VERDICT = "Pengadilan menghukum seorang relawan. Ia membagikan uang kepada pemilih di TPS. Bawaslu hadir."


@pytest.mark.parametrize(
    ("text", "published", "acted", "expected"),
    [
        (VERDICT, "2024-07-04", None, "pilkada 2024"),
        (VERDICT, "2024-07-04", "2024-02-13", "pemilu 2024"),
        (VERDICT, "2024-07-04", "2024-02", "pemilu 2024"),
        (VERDICT, "2024-07-04", "2024-03-05", "pemilu 2024"),  # its count
        (VERDICT, "2024-07-04", "2024-04-22", "pilkada 2024"),  # parties look for candidates
        (VERDICT, "2024-07-04", "2024-11-20", "pilkada 2024"),  # not yet: announced, or misread
        (VERDICT, "2025-03-14", "2024-11-27", "pilkada 2024"),
        (VERDICT + " Caleg DPRD itu bersyukur.", "2024-07-04", "2024-02-13", "pemilu 2024"),
        (VERDICT + " Calon bupati dan calon wakil bupati, paslon Pilkada 2024.", "2024-07-04", "2024-02-13",
         "pilkada 2024"),
    ],
)  # fmt: skip
def test_a_case_belongs_to_the_election_that_its_act_preceded(
    text: str, published: str, acted: str | None, expected: str
) -> None:
    assert find_election("", text, datetime.fromisoformat(published), acted) == expected


CALEG = "Bawaslu memeriksa perkara caleg itu. Suara caleg dikurangi di TPS, kata KPU."
PASLON = "Bawaslu memeriksa perkara paslon itu. Paslon itu membagikan uang di dekat TPS."


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        (CALEG, "2019-09-06", "pemilu 2019"),
        (CALEG, "2024-06-11", "pemilu 2024"),
        (CALEG + " Pilkada nanti lain lagi, kata Bawaslu.", "2024-06-11", "pilkada 2024"),
        (CALEG, "2024-10-14", "pilkada 2024"),  # in its campaign
        (PASLON, "2018-05-14", "pilkada 2018"),
        (PASLON, "2018-08-08", "pilkada 2018"),
        (PASLON, "2018-10-24", "pemilu 2019"),  # in its campaign
        ("Vonis pertama Pemilu 2019 dikenang. Pada Pemilu 2019 itu Bawaslu menyimpan berkasnya.", "2022-08-09",
         "pemilu 2019"),
    ],
)  # fmt: skip
def test_of_a_vote_that_is_over_the_courts_speak_on(text: str, published: str, expected: str) -> None:
    assert find_election("", text, datetime.fromisoformat(published)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Camat diduga mengajak memilih bakal caleg pada Pemilu 2024, kata Bawaslu.", "pemilu 2024"),
        (
            "Bawaslu menutup laporan Pilkada 2020. Pilkada 2020 selesai; Pemilu 2024 masih jauh.",
            "pilkada 2020",
        ),
    ],
)
def test_an_election_years_ahead_is_the_one_that_a_text_names_most(text: str, expected: str) -> None:
    assert find_election("", text, datetime(2021, 6, 1)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Camat diduga mengajak memilih bakal caleg pada Pemilu 2029, kata Bawaslu.", "pemilu 2029"),
        (
            "Bawaslu menilai Pilkada 2024 dan Pilkada 2018, kata Ketua Bawaslu.",
            "pilkada 2024",
        ),  # both are over
    ],
)
def test_an_election_that_no_calendar_has_yet_is_found_by_its_name(text: str, expected: str | None) -> None:
    assert find_election("", text, datetime(2026, 6, 1)) == expected


@pytest.mark.parametrize(
    ("text", "acted", "expected"),
    [
        ("Caleg itu diduga membagikan uang, kata Bawaslu.", "2024-02-11", "pemilu 2024"),
        ("Camat diduga mengajak memilih paslon, kata Bawaslu.", "2020-11", "pilkada 2020"),
        ("Camat diduga mengajak memilih paslon, kata Bawaslu.", None, "pilkada"),
    ],
)
def test_news_without_a_day_is_of_the_election_of_its_act(
    text: str, acted: str | None, expected: str
) -> None:
    assert find_election("", text, None, acted) == expected
