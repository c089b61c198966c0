"""Dates: every printed form with its value, what is no date, and what happened on it."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dates import find_dates, normalise


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:00+07:00")


# published | as printed | value
FORMS = [
    ("2024-07-26", "Kamis (25/07/2024)", "2024-07-25"),
    ("2024-07-26", "Jum’at (26/7/2024)", "2024-07-26"),
    ("2024-07-26", "Jum`at (26/7/2024)", "2024-07-26"),
    ("2024-10-17", "Rabu ( 16/10/2024)", "2024-10-16"),
    ("2023-10-11", "Rabu (11/10/2023)", "2023-10-11"),
    ("2023-10-11", "Rabu 11 Oktober 2023", "2023-10-11"),
    ("2024-01-22", "Senin, (22/01/2024)", "2024-01-22"),
    ("2024-01-23", "(22/1/2024)", "2024-01-22"),
    ("2023-11-29", "28/11/2023", "2023-11-28"),
    ("2024-07-27", "(26/07/24)", "2024-07-26"),
    ("2024-07-27", "26/7/24", "2024-07-26"),
    ("2023-12-08", "Kamis 7/12/2023", "2023-12-07"),
    ("2023-12-08", "Kamis, 7/12/2023", "2023-12-07"),
    ("2024-04-06", "Jumat (5/4)", "2024-04-05"),
    ("2024-08-30", "Kamis (29/8)", "2024-08-29"),
    ("2023-10-22", "Sabtu (21/10)", "2023-10-21"),
    ("2024-01-03", "Jumat (29/12)", "2023-12-29"),
    ("2023-10-01", "Rabu (27/9/2023) lalu", "2023-09-27"),
    ("2024-11-27", "Selasa malam (26/11)", "2024-11-26"),
    ("2024-11-27", "Selasa (26/11)", "2024-11-26"),
    ("2024-11-27", "Rabu (27/11/2024)", "2024-11-27"),
    ("2024-02-15", "14 Februari 2024", "2024-02-14"),
    ("2024-02-15", "14 pebruari 2024", "2024-02-14"),
    ("2024-02-15", "Rabu, 14 Feb 2024", "2024-02-14"),
    ("2020-01-09", "Rab, 8 Jan 2020", "2020-01-08"),
    ("2025-09-01", "Sabtu, 30 Agu 2025", "2025-08-30"),
    ("2024-03-09", "Jumat, 08 Mar. 2024", "2024-03-08"),
    ("2024-09-23", "Minggu, September 22, 2024, 07:42 WIB", "2024-09-22"),
    ("2026-01-02", "02 - Jan - 2026, 14:31", "2026-01-02"),
    ("2024-01-24", "23 Januari 2024 18:00", "2024-01-23"),
    ("2024-01-24", "23/01/2024 18.00 WIB", "2024-01-23"),
    ("2024-07-26", "2024-07-25T09:12:00+07:00", "2024-07-25"),
    ("2024-09-24", "23-25 September 2024", "2024-09-23/2024-09-25"),
    ("2024-01-05", "8-18 Januari 2024", "2024-01-08/2024-01-18"),
    ("2024-09-24", "23 s.d. 25 September", "2024-09-23/2024-09-25"),
    ("2024-08-30", "27 Agustus-29", "2024-08-27/2024-08-29"),
    ("2024-08-30", "27 sampai 29 Agustus 2024", "2024-08-27/2024-08-29"),
    ("2024-10-30", "25 September hingga 23 November 2024", "2024-09-25/2024-11-23"),
    ("2023-12-01", "28 November 2023-10 Februari 2024", "2023-11-28/2024-02-10"),
    ("2024-12-01", "akhir November", "2024-11"),
    ("2024-10-11", "Oktober 2024", "2024-10"),
    ("2024-09-20", "27 November mendatang", "2024-11-27"),
    ("2024-07-26", "bulan November mendatang", "2024-11"),
    ("2024-10-16", "Senin-Selasa (14-15/10/2024)", "2024-10-14/2024-10-15"),
    ("2024-10-16", "Sabtu dan Minggu (12-13/10)", "2024-10-12/2024-10-13"),
    ("2024-10-02", "Senin-Selasa (30/9-1/10/2024)", "2024-09-30/2024-10-01"),
    ("2024-09-01", "27/08/2024 s/d 29/08/2024", "2024-08-27/2024-08-29"),
    ("2024-09-01", "27-29/8/2024", "2024-08-27/2024-08-29"),
    ("2024-12-01", "27.11.2024", "2024-11-27"),
    ("2024-12-01", "27-11-2024", "2024-11-27"),
    ("2024-10-14", "Ahad, 13 Oktober 2024", "2024-10-13"),
    # relative to the article's own day
    ("2024-11-27", "dini hari tadi", "2024-11-27"),
    ("2024-11-27", "kemarin", "2024-11-26"),
    ("2024-11-27", "kemarin lusa", "2024-11-25"),
    ("2024-11-27", "dua hari lalu", "2024-11-25"),
    ("2024-11-27", "besok", "2024-11-28"),
    ("2024-11-27", "lusa", "2024-11-29"),
    ("2024-10-16", "tadi malam", "2024-10-15"),
    ("2024-10-16", "pagi ini", "2024-10-16"),
    ("2024-10-16", "pekan lalu", "2024-10-07/2024-10-13"),
    ("2024-10-16", "pekan depan", "2024-10-21/2024-10-27"),
    ("2024-10-16", "Senin pekan depan", "2024-10-21"),
    ("2024-10-16", "Senin pekan lalu", "2024-10-07"),
    ("2024-10-16", "Senin lalu", "2024-10-14"),
    ("2024-10-16", "Rabu lalu", "2024-10-09"),  # said on a Wednesday
    ("2024-10-16", "Senin kemarin", "2024-10-14"),
    ("2024-10-16", "Senin mendatang", "2024-10-21"),
    ("2024-10-16", "malam Minggu nanti", "2024-10-19"),
    ("2024-10-16", "malam Jumat", "2024-10-10"),
    ("2024-10-16", "bulan lalu", "2024-09"),
    ("2024-01-16", "bulan lalu", "2023-12"),
    ("2024-12-16", "awal tahun depan", "2025-01"),
    ("2024-10-31", "tanggal 21", "2024-10-21"),
    ("2024-10-09", "Selasa [8/10/2024]", "2024-10-08"),
    ("2024-11-25", "Kamis s.d. Sabtu (21-23/11)", "2024-11-21/2024-11-23"),
    ("2024-10-09", "5 dan 6 Oktober 2024", "2024-10-05/2024-10-06"),
    ("2024-10-09", "tanggal 27 bulan November", "2024-11-27"),
    ("2024-11-20", "Selasa dan Rabu (12 dan 13/11/2024)", "2024-11-12/2024-11-13"),
    ("2024-11-20", "24, 25, dan 26 November", "2024-11-24/2024-11-26"),
    ("2024-11-20", "Jumat Kliwon (15/11/2024)", "2024-11-15"),
    ("2024-11-20", "Rabu (20/Nov/2024)", "2024-11-20"),
    ("2024-11-20", "Sabtu malam Minggu", "2024-11-16"),
]


@pytest.mark.parametrize(("published", "printed", "value"), FORMS)
def test_normalise_reads_form(published: str, printed: str, value: str) -> None:
    read = normalise(printed, published=moment(published))
    assert read is not None
    assert read.iso == value


@pytest.mark.parametrize(("published", "printed", "value"), FORMS)
def test_find_dates_finds_form_in_a_sentence(published: str, printed: str, value: str) -> None:
    found = find_dates(f"Rapat itu digelar pada {printed}, kata panitia.", moment(published))
    assert [mention.iso for mention in found][:1] == [value]


@pytest.mark.parametrize(
    ("published", "printed", "kept", "other"),
    [
        ("2024-11-08", "Rabu (7/11/2024)", "2024-11-07", "2024-11-06"),
        ("2024-05-01", "Selasa (29/4/2024)", "2024-04-29", "2024-04-30"),
        ("2019-04-03", "Senin (2/4/2019)", "2019-04-02", "2019-04-01"),
        ("2023-12-11", "Sabtu (10/12/2023)", "2023-12-10", "2023-12-09"),
        ("2020-11-25", "Senin, 24 November 2020", "2020-11-24", "2020-11-23"),
        ("2024-10-05", "Jum'at, 3 Oktober 2024", "2024-10-03", "2024-10-04"),
    ],
)
def test_weekday_that_disagrees_keeps_the_day_and_shows_the_other(
    published: str, printed: str, kept: str, other: str
) -> None:
    read = normalise(printed, published=moment(published))
    assert read is not None
    assert (read.iso, read.conflict, read.alt) == (kept, "weekday", other)
    found = find_dates(f"Sidang dibuka {printed}.", moment(published))
    assert found[0].conflict == f"weekday:{other}"


def test_weekday_repairs_a_month_first_date_that_a_report_prints_in_the_future() -> None:
    read = normalise("Kamis (9/12/2024)", published=moment("2024-09-13"))
    assert read is not None
    assert (read.iso, read.method, read.conflict, read.alt) == (
        "2024-09-12",
        "weekday_fixed",
        "weekday",
        "2024-12-09",
    )


@pytest.mark.parametrize(
    ("published", "printed", "repair"),
    [
        ("2023-11-08", "Selasa (7/112/2023)", "2023-11-07"),
        ("2023-11-08", "Rabu (7/112/2023)", None),
        ("2023-11-08", "(7/112/2023)", None),
        ("2023-12-27", "26/26/2024", None),
        ("2023-07-12", "Selasa (11/7/2033)", "2023-07-11"),
        ("2019-03-30", "Jumat (29/3/3019)", "2019-03-29"),
        ("2024-02-28", "Jumat (30/2/2024)", None),
    ],
)
def test_impossible_day_has_no_value(published: str, printed: str, repair: str | None) -> None:
    read = normalise(printed, published=moment(published))
    assert read is not None
    assert (read.iso, read.conflict, read.alt) == (None, "impossible", repair)


@pytest.mark.parametrize(
    "text",
    [
        "UU 7/2017 tentang Pemilu",
        "UU Nomor 10 Tahun 2016",
        "PKPU 2/2024 dan Perbawaslu 7 Tahun 2022",
        "laporan nomor 03/Reg/LP/PB/Kab/16.34/X/2024",
        "surat nomor 112/PP.01.02/K.LA-10/10/2024",
        "Kodim 0622/Kabupaten Sukabumi",
        "RT 02/05 Dusun Krajan",
        "skor 2/1 untuk tuan rumah",
        "Pilkada serentak 2024 dan Pemilu tahun 2024",
        "12 Rabiul Awal 1446 H",
        "setiap Senin dan selepas salat Jumat",
        "setiap Senin pagi dan tiap hari Kamis malam",
        "program Jumat Curhat",
        "selama dua minggu atau 2x24 jam",
        "mahasiswa Universitas Sebelas Maret",
        "beberapa waktu lalu dan baru-baru ini",
        "Pilkada kemarin berjalan lancar",
        "masa tenang tinggal tiga hari",
        "Ketua panitia Mei Lestari menjelaskan",
        "Rp 7.122.023 dan 12/30 kursi",
        "acara 17 Agustus-an di kampung",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, moment("2024-10-16")) == ()


def test_parts_of_the_day_stand_inside_after_a_weekday_and_outside_after_a_bracket() -> None:
    text = "Warga berkumpul Selasa malam (26/11/2024), lalu Rabu (27/11/2024) malam dan Kamis pagi."
    assert [m.text for m in find_dates(text, moment("2024-11-28"))] == [
        "Selasa malam (26/11/2024)",
        "Rabu (27/11/2024)",
        "Kamis pagi",
    ]


def test_offsets_hold_in_the_original_text() -> None:
    text = "Apel digelar\u00a0Rabu\u00a0(16/10/2024) dan Jum\u2019at (18/10/2024)."
    for mention in find_dates(text, moment("2024-10-20")):
        assert text[mention.start : mention.end] == mention.text


def test_line_that_stamps_the_page_is_no_date_of_the_text() -> None:
    text = (
        "Camat Dilaporkan\nSenin, 21 Oktober 2024 | 07:55 WIB\nWarga melapor Jumat (18/10/2024) pukul 10.00."
    )
    assert [m.text for m in find_dates(text, moment("2024-10-21"))] == ["Jumat (18/10/2024)"]


@pytest.mark.parametrize(
    "printed", ["Rabu  (16/10/2024)", "Rabu,16  Oktober 2024", "Rabu(16/10/2024)", "RABU ( 16 / 10 / 2024 )"]
)
def test_careless_blanks_and_capitals_do_not_hide_a_date(printed: str) -> None:
    found = find_dates(f"Apel digelar {printed}.Warga pulang.", moment("2024-10-17"))
    assert [(m.text, m.iso) for m in found] == [(printed, "2024-10-16")]


@pytest.mark.parametrize("printed", ["Rabu (16/10/2024", "16-10-2024", "Sabtu malam Minggu"])
def test_a_date_is_one_whole(printed: str) -> None:
    found = find_dates(f"Apel digelar {printed}. Warga pulang.", moment("2024-10-17"))
    assert [m.text for m in found] == [printed]


def test_minggu_is_a_week_or_a_sunday() -> None:
    published = moment("2024-10-16")  # a Wednesday
    assert find_dates("Berkas masuk minggu lalu.", published)[0].iso == "2024-10-07/2024-10-13"
    assert find_dates("Kampanye digelar pada Minggu lalu.", published)[0].iso == "2024-10-13"
    assert find_dates("Kampanye digelar Minggu malam.", published)[0].iso == "2024-10-13"
    assert find_dates("Minggu depan (20/10) kampanye digelar.", published)[0].iso == "2024-10-20"


def test_a_range_that_runs_into_the_next_month_begins_in_the_month_before() -> None:
    found = find_dates("Bimtek digelar 30-2 Oktober 2024 di Agam.", moment("2024-10-03"))
    assert [m.iso for m in found] == ["2024-09-30/2024-10-02"]


def test_the_evening_before_a_weekday_is_no_second_weekday() -> None:
    (found,) = find_dates("Hajatan itu Sabtu malam Minggu (9/11/2024).", moment("2024-11-14"))
    assert (found.iso, found.conflict) == ("2024-11-09", None)


def test_a_week_or_month_ago_is_one_word() -> None:
    published = moment("2024-10-16")
    assert find_dates("Spanduk dipasang sepekan lalu.", published)[0].iso == "2024-10-07/2024-10-13"
    assert find_dates("Spanduk dipasang sebulan yang lalu.", published)[0].iso == "2024-09"


def test_lone_weekday_looks_back_unless_the_sentence_looks_ahead() -> None:
    published = moment("2024-10-16")
    assert find_dates("Ia dipergoki warga pada Senin.", published)[0].iso == "2024-10-14"
    assert find_dates("Ia akan dipanggil pada Senin.", published)[0].iso == "2024-10-21"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Majelis menjadwalkan pembuktian pada Kamis.", "2024-10-17"),
        ("Putusan dijanjikan Senin.", "2024-10-21"),
        ("Berkas itu paling cepat diplenokan Kamis.", "2024-10-17"),
        ("Ia menunggu sampai Senin.", "2024-10-21"),
        ("Ia lapor. Hingga Senin sore belum ada jawaban.", "2024-10-14"),
        ("Sampai Senin sore ditemukan 12 lembar rusak.", "2024-10-14"),
        ("Laporan masuk.\nHingga akhir September sudah ada 12.", "2024-09"),
    ],
)
def test_what_is_announced_lies_ahead_and_what_was_counted_until_a_day_behind(text: str, iso: str) -> None:
    assert find_dates(text, moment("2024-10-16"))[0].iso == iso


def test_year_is_inferred_around_the_turn_of_the_year() -> None:
    found = find_dates("Sidang dibuka 28 Desember, putusan menyusul 4 Januari.", moment("2024-01-02"))
    assert [m.iso for m in found] == ["2023-12-28", "2024-01-04"]
    assert {m.method for m in found} == {"year_inferred"}


def test_days_before_the_vote_count_from_the_election_that_the_text_is_about() -> None:
    published = moment("2024-11-20")
    assert find_dates("Pada H-7 Pilkada, logistik dikirim.", published)[0].iso == "2024-11-20"
    assert find_dates("Pada H-7 Pemilu, logistik dikirim.", moment("2024-02-05"))[0].iso == "2024-02-07"
    assert find_dates("Pada H-7 Pilkada, logistik dikirim.", published)[0].method == "calendar"


def test_stage_of_the_calendar_is_read_for_a_span_that_another_component_found() -> None:
    read = normalise("masa tenang", published=moment("2024-11-20"))
    assert read is not None
    assert (read.iso, read.method) == ("2024-11-24/2024-11-26", "calendar")


def test_statement_day_anchors_what_is_said_until_today() -> None:
    text = 'Ketua panitia, Senin (18/11/2024), berkata.\n\n"Sampai hari ini belum ada laporan," katanya.'
    assert [m.iso for m in find_dates(text, moment("2024-11-19"))] == ["2024-11-18", "2024-11-18"]


def test_normalise_counts_from_the_given_anchor() -> None:
    read = normalise("kemarin", anchor=date(2024, 10, 21), published=moment("2024-10-23"))
    assert read is not None
    assert read.iso == "2024-10-20"


def test_without_a_day_of_publication_the_latest_date_of_the_text_stands_in() -> None:
    found = find_dates("Rapat digelar Rabu (16/10/2024). Peserta pulang kemarin.")
    assert [m.iso for m in found] == ["2024-10-16", "2024-10-15"]
    assert find_dates("Peserta pulang kemarin.")[0].iso is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ('"Kami awasi," ujar Sarno Fiktif kepada wartawan, Senin (21/10/2024).', "statement"),
        ("Sosialisasi itu berlangsung di aula kecamatan, Rabu (16/10/2024).", "event"),
        ("Ia diduga membagikan amplop kepada warga pada Selasa malam (15/10/2024).", "event"),
        ("Laporan itu diregistrasi pada Jumat (18/10/2024).", "stage"),
        ("Berkas laporan diserahkan ke kantor panwas, Jumat (18/10/2024).", "stage"),
        ("Rabu (16/10/2024), panitia menggelar deklarasi damai.", "event"),
        ("Ia menyinggung pencoblosan 27 November 2024 nanti.", None),
        ('"Kejadiannya hari Minggu, 13 Oktober 2024 di rumahnya," kata Sarno.', "event"),
        ("Seorang relawan dilaporkan ke Bawaslu Mesuji, Kamis (17/10/2024), karena politik uang.", "stage"),
        ("Laporan itu diregistrasi Panwas di Ternate, Kamis (17/10/2024).", "stage"),
        ("Mengundang warga, ia membagikan uang, Kamis (17/10/2024).", "event"),
        ("Hal itu disampaikan Sarno Fiktif di kantornya, Senin (21/10/2024).", "statement"),
        ("Dikatakan Sarno, Senin (21/10/2024), berkas sudah lengkap.", "statement"),
        ("Laporan itu dilayangkan tim yang diketuai Sarno, Jumat (18/10/2024).", "stage"),
        ("Laporan itu disampaikan warga, Jumat (18/10/2024).", "stage"),
    ],
)
def test_date_role_follows_the_verb(text: str, role: str | None) -> None:
    assert find_dates(text, moment("2024-10-23"))[0].role == role


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for mention in find_dates(text, moment("2024-10-16")):
        assert text[mention.start : mention.end] == mention.text


@given(
    st.lists(
        st.sampled_from(
            "Senin Rabu (16/10/2024) 31 29 Februari 2023 - / . , s.d. hingga Oktober Minggu malam lalu "
            "kemarin "
            "0 99 2033 tanggal awal pekan depan H-7 ( )".split(" ")
        ),
        max_size=14,
    )
)
def test_any_row_of_date_words_is_read_without_a_crash(words: list[str]) -> None:
    for mention in find_dates(" ".join(words), moment("2024-10-16")):
        assert mention.end > mention.start


def test_long_page_is_read_without_quadratic_cost() -> None:
    piece = (
        "Rapat digelar Rabu (16/10/2024) di aula, kata Sarno Fiktif pada minggu lalu, "
        "25 September hingga 23 November. "
    )

    def seconds(times: int) -> float:
        begin = time.process_time()
        find_dates(piece * times, moment("2024-10-20"))
        return time.process_time() - begin

    seconds(10)
    assert seconds(1200) < 30 * max(seconds(120), 0.01)
