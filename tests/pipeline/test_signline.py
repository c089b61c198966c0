"""The lines beside a headline: when, counted from the fetch or stated, and the name without a label."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.signline import read_signline

JAKARTA = ZoneInfo("Asia/Jakarta")
FETCHED = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)  # 17:00 WIB
OUTLETS = frozenset({"portalandai"})


@pytest.mark.parametrize(
    ("line", "at", "minute"),
    [
        ("25 menit yang lalu", "2026-11-28T16:34", True),
        ("3 jam lalu | | | Penulis: Ratna Wulan", "2026-11-28T13:30", True),
        ("sejam yang lalu", "2026-11-28T15:30", True),
        ("2 hours ago", "2026-11-28T14:30", True),
        ("Diterbitkan: 1 hari yang lalu", "2026-11-27T00:00", False),
        ("Kemarin, 10:05 WIB", "2026-11-27T10:05", True),
        ("Hari ini | 10.05 WITA", "2026-11-28T10:05", True),
        ("Daerah - Kemarin", "2026-11-27T00:00", False),
        ("Rahmat Sadeli 3 jam yang lalu Dilihat 233 kali", "2026-11-28T13:30", True),
        ("Rabu, 25 November 2026 21:44 WIB Reporter : Ratna Wulan", "2026-11-25T21:44", True),
    ],
)
def test_signline_reads_when_the_article_appeared(line: str, at: str, minute: bool) -> None:
    found = read_signline(line, JAKARTA, FETCHED, OUTLETS)
    assert found is not None
    assert (found.moment.at.strftime("%Y-%m-%dT%H:%M"), found.moment.minute) == (at, minute)


def test_signline_counts_days_to_their_middle_after_midnight_too() -> None:
    night = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # 01:00 WIB on the 28th
    found = read_signline("1 hari yang lalu", JAKARTA, night, OUTLETS)
    assert found is not None
    assert found.moment.day == "2026-11-26"


@pytest.mark.parametrize(
    "line",
    [
        "Warga menunggu sejak 2 hari lalu di balai desa",
        "Pilkada serentak 27 November 2024",
        "Kebakaran kemarin siang",
        "3 minggu yang lalu",
        "2 bulan lalu",
        "30 hari yang lalu",
        "Bagikan",
        "",
    ],
)
def test_signline_takes_no_mentioned_time_for_the_article(line: str) -> None:
    assert read_signline(line, JAKARTA, FETCHED, OUTLETS) is None


def test_signline_counts_nothing_where_the_fetch_is_unknown() -> None:
    assert read_signline("3 jam lalu", JAKARTA, None, OUTLETS) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Rahmat Sadeli | 3 jam yang lalu | Dilihat 233 kali", "Rahmat Sadeli"),
        ("Lalu Wirajaya | Jum'at, 20 Nov 2026 | 10.05 WIB | Dilihat 1.233 kali", "Lalu Wirajaya"),
        ("Rahmat Sadeli - Rabu, 25 November 2026 21:44 WIB", "Rahmat Sadeli"),
        ("Rabu, 25 November 2026, 21:44 WIB | Rahmat Sadeli", "Rahmat Sadeli"),
        ("Super User | 3 jam yang lalu", None),
        ("Jawa Barat | 3 jam yang lalu", None),
        ("Berita Utama | Rabu, 25 November 2026 21:44", None),
        ("Portal Andai - Rabu, 25 November 2026 21:44", None),
        ("Rahmat Sadeli | Tuti Herawati | Rabu, 25 November 2026 21:44", None),
        ("Rabu, 25 November 2026 21:44 WIB", None),
    ],
)
def test_signline_names_one_person_or_nobody(line: str, name: str | None) -> None:
    found = read_signline(line, JAKARTA, FETCHED, OUTLETS)
    assert found is not None
    assert found.name == name
