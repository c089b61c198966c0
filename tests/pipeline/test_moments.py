"""Times as pages and feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.moments import read_moment, zone_of

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-07-25T09:12:00+07:00", "2024-07-25T09:12+07:00"),
        ("2024-07-25T02:12:00Z", "2024-07-25T09:12+07:00"),
        ("2024-07-25T09:12:33.123456789+0700", "2024-07-25T09:12+07:00"),
        ("2024-07-25 09:12", "2024-07-25T09:12+07:00"),
        ("Thu, 25 Jul 2024 02:12:00 +0000", "2024-07-25T09:12+07:00"),
        ("Kamis, 25 Juli 2024 | 09:12 WIB", "2024-07-25T09:12+07:00"),
        ("Kamis, 25 Juli 2024 - 09.12 Wita", "2024-07-25T09:12+08:00"),
        ("Jumat, 08 Mar. 2024 | 14:31 WIB", "2024-03-08T14:31+07:00"),
        ("02 - Jan - 2026, 14:31", "2026-01-02T14:31+07:00"),
        ("23/01/2024 18.00 WIT", "2024-01-23T18:00+09:00"),
        ("14 pebruari 2024 pukul 07:05", "2024-02-14T07:05+07:00"),
        ("Minggu, September 22, 2024, 07:42 WIB", "2024-09-22T07:42+07:00"),
        ("July 25, 2024 9:12 pm", "2024-07-25T21:12+07:00"),
        ("Nopember 3, 2024 12:05 am", "2024-11-03T00:05+07:00"),
        ("Oleh Ratna - 16/10/2024, 20:15", "2024-10-16T20:15+07:00"),
        ("Rabu, 4/11/26 09:12", "2026-11-04T09:12+07:00"),
        ("20 Nov '26, 07.40 WITA", "2026-11-20T07:40+08:00"),
        ("2026/11/18 19:20", "2026-11-18T19:20+07:00"),
        ("2026-11-18 19.20 WIT", "2026-11-18T19:20+09:00"),
        ("2026-11-18 19:20:33 WITA", "2026-11-18T19:20+08:00"),
        ("Rabu, 25 November 2026 pkl. 21.44", "2026-11-25T21:44+07:00"),
        ("Rabu, 25 Nov 2026, Pukul : 21.44 WIB", "2026-11-25T21:44+07:00"),
        ("Rabu, 25 November 2026 / 21:44 WIB", "2026-11-25T21:44+07:00"),
        ("25 November 2026 (21:44 WIB)", "2026-11-25T21:44+07:00"),
        ("Ahad, 8 Nopember 2026 M / 27 Jumadil Awal 1448 H, 13.20 WIB", "2026-11-08T13:20+07:00"),
        ("Thu, 11/05/2026 - 13:02", "2026-11-05T13:02+07:00"),
        ("Kamis, 5/11/2026 - 13:02", "2026-11-05T13:02+07:00"),
        ("Sun, 11/22/2026 - 09:33", "2026-11-22T09:33+07:00"),
        ("Thu Nov 19 2026 20:58:00 GMT+0800 (Waktu Indonesia Tengah)", "2026-11-19T20:58+08:00"),
        ("19 Nov 2026 20:58 UTC+7", "2026-11-19T20:58+07:00"),
        ("19 Nov 2026 13:58 GMT", "2026-11-19T20:58+07:00"),
        ("14:07 WITA, 27 Nov 2026", "2026-11-27T14:07+08:00"),
        ("14.07 WIB | Jumat, 27 November 2026", "2026-11-27T14:07+07:00"),
        ("Pukul 14.07, 27/11/2026", "2026-11-27T14:07+07:00"),
        ("21-Nov-26 01:26", "2026-11-21T01:26+07:00"),
        ("1795763220", "2026-11-27T14:07+07:00"),
        ("1795763220123", "2026-11-27T14:07+07:00"),
    ],
)
def test_read_moment_reads_clock_and_zone(raw: str, expected: str) -> None:
    moment = read_moment(raw, JAKARTA)
    assert moment is not None
    assert moment.minute
    assert moment.at.isoformat(timespec="minutes") == expected


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("Thu, 17 Oct 2024 17:30:00 -0700", "Asia/Jakarta", "2024-10-18T07:30+07:00"),
        ("2024-10-17T17:30:00.000-07:00", "Asia/Makassar", "2024-10-18T08:30+08:00"),
        ("2024-10-18T00:30:00+07:00", "Asia/Makassar", "2024-10-18T00:30+07:00"),
    ],
)
def test_read_moment_puts_a_foreign_zone_on_the_source_clock(raw: str, zone: str, expected: str) -> None:
    moment = read_moment(raw, ZoneInfo(zone))
    assert moment is not None
    assert moment.at.isoformat(timespec="minutes") == expected


@pytest.mark.parametrize(
    ("raw", "expected", "changed"),
    [
        (
            "Update: Rabu, 11 Nov 2026 06:01 WIB | Terbit: Selasa, 10 Nov 2026 22:19 WIB",
            "2026-11-10T22:19",
            False,
        ),
        ("Selasa, 10 Nov 2026 22:19 (Diperbarui: Rabu, 11 Nov 2026 06:01)", "2026-11-10T22:19", False),
        ("Terakhir diperbarui pada Rabu, 11/11/2026 06:01", "2026-11-11T06:01", True),
        ("Last updated on 2026-11-11 06:01", "2026-11-11T06:01", True),
    ],
)
def test_read_moment_takes_no_change_for_the_publication(raw: str, expected: str, changed: bool) -> None:
    moment = read_moment(raw, JAKARTA)
    assert moment is not None
    assert (moment.at.strftime("%Y-%m-%dT%H:%M"), moment.changed) == (expected, changed)


@pytest.mark.parametrize(
    "raw",
    [
        "25 Juli 2024",
        "25/07/2024",
        "Juli 25, 2024",
        "2024-07-25",
        "July 25th, 2024",
        "25/07/24",
        "Kamis (25/7/24)",
        "Rp 12.50 25 Juli 2024",
        "25-Jul-24",
    ],
)
def test_read_moment_knows_when_only_the_day_is_given(raw: str) -> None:
    moment = read_moment(raw, JAKARTA)
    assert moment is not None
    assert (moment.day, moment.minute, moment.zoned) == ("2024-07-25", False, False)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "kemarin",
        "31/02/2024",
        "2024-13-01",
        "7/112/2023",
        "2 jam lalu",
        "99 Foo 2024",
        "skor 4/11/26 imbang",
        "Senin, 4/11/26",
        "0812345678",
        "21 Nov 26",
    ],
)
def test_read_moment_guesses_nothing(raw: str) -> None:
    assert read_moment(raw, JAKARTA) is None


@given(st.text(max_size=80))
def test_read_moment_never_raises(raw: str) -> None:
    read_moment(raw, zone_of(None))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_read_moment_keeps_the_instant(value: datetime) -> None:
    at = value.replace(second=0, microsecond=0)
    moment = read_moment(at.isoformat(), JAKARTA)
    assert moment is not None
    assert moment.at == at
