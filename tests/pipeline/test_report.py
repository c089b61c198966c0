from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from click.testing import CliRunner
from press import fill_press

from pipeline import charts, handling, query, report, trends
from pipeline.cli import wartawas
from pipeline.filters import Filters
from pipeline.recap import Recap, silent_sources, weekly_recap
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import open_store

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    with open_store(folder / "store" / "work.duckdb") as store:
        fill_press(store)
        store.con.execute(
            "UPDATE article_versions SET title = ? || title WHERE article_id = 'amplop1'", [HOSTILE]
        )
        store.con.execute(
            "INSERT INTO sources VALUES ('demo', 'Demo', ['localhost'], NULL, NULL, NULL, false, true)"
        )
        publish(store, folder / "snapshots")
    return folder


def recap(var: Path, last: date = date(2024, 11, 26), **filters: str) -> Recap:
    with closing(current_snapshot(var / "snapshots").connect()) as db:
        return weekly_recap(db, last, Filters(**filters), snapshot=1, published="2024-11-27T00:00:00Z")


def test_a_week_tells_new_and_continued_cases_with_what_was_read(var: Path) -> None:
    # 20 to 26 November: amplop and ppk are new; the week before (13 to 19) had none
    told = recap(var)
    assert (told.first, told.all_cases, told.area) == (date(2024, 11, 20), 2, "Seluruh Indonesia")
    assert told.sentences[0].startswith(
        "2 dugaan kasus baru diberitakan, 2 lebih banyak daripada minggu sebelumnya; 0"
    )
    assert "Dasarnya 5 artikel yang dibaca minggu ini, 4 di antaranya" in told.sentences[2]
    # the week that ends on 7 October: kades and a prevention event
    earlier = recap(var, date(2024, 10, 7))
    assert earlier.sentences[1] == "1 kegiatan pencegahan diberitakan."
    assert list(earlier.cases["kode"]) == ["32.05.12.2011"]


def test_a_past_week_tells_cases_that_later_weeks_go_on_with(var: Path) -> None:
    # amplop was first told on the 25th and again on the 26th
    told = recap(var, date(2024, 11, 25))
    assert told.sentences[0].startswith("2 dugaan kasus baru") and told.all_cases == 2
    assert len(told.types) == 2


def test_a_recap_looks_back_as_many_days_as_it_says(var: Path) -> None:
    def candidates(last: date) -> int:
        return len(next(part.frame for part in recap(var, last).sections if part.title.startswith("Calon")))

    # amplop was first told on 25 November: the 30th day is 24 December
    assert (candidates(date(2024, 12, 24)), candidates(date(2024, 12, 25))) == (1, 0)
    # of 26 weeks up to Friday, 11 October, the first begins on 15 April: without the half of mutasi's
    assert str(recap(var, date(2024, 10, 11)).trend["mulai"].min().date()) == "2024-09-23"


def test_a_week_without_reading_is_not_called_quiet(var: Path) -> None:
    told = recap(var, date(2023, 1, 31))
    assert told.all_cases == 0 and "bukan tidak terjadi" in told.sentences[-1]


def test_a_region_is_told_by_its_kecamatan(var: Path) -> None:
    told = recap(var, wilayah="32.02")
    assert told.area == "Kabupaten Sukabumi" and list(told.regions["kode"]) == ["32.02.01"]


def test_the_page_runs_and_loads_nothing(var: Path) -> None:
    page = report.render_html(recap(var))
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert "<script" not in page and page.count("<svg") == 3
    # namespaces of SVG aside, addresses stand as text only
    assert not re.findall(r"""(?:src|href|action)\\s*=\\s*["']?https?:""", page)
    assert page.count("CONTOH – rekaan") == 2
    assert "Rekap mingguan Seluruh Indonesia, 20 November 2024 – 26 November 2024" in page
    for title in (
        "Dugaan kasus minggu ini",
        "Calon informasi awal",
        "Tenggat terdekat",
        "Sumber yang berhenti",
    ):
        assert title in page


def test_sources_that_stopped_are_not_those_that_never_gave_anything() -> None:
    names = ("lama", "baru", "belum", "juga-belum")
    frame = pd.DataFrame({
        "sumber": names, "nama": names, "wilayah": None, "artikel": [3, 5, 0, 0], "ditolak": 0,
        "terakhir": pd.to_datetime(["2024-10-01", "2024-11-20", None, None]), "hidup": [False, True, False, False],
    })  # fmt: skip
    told = silent_sources(frame)
    assert list(told.frame["sumber"]) == ["lama"]
    assert told.note.startswith("1 dari 1. ")
    assert told.note.endswith("2 sumber belum pernah memberi artikel.")
    rest = silent_sources(frame[frame["sumber"] != "lama"])
    assert rest.frame.empty and "2 sumber belum pernah" in rest.empty


def test_the_pdf_can_be_read_and_is_marked_on_every_page(var: Path, tmp_path: Path) -> None:
    report.write_pdf(recap(var), tmp_path / "a.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    assert len(pages) >= 2 and all("CONTOH – rekaan" in page for page in pages)
    text = " ".join(" ".join(pages).split())
    assert "26 Nov 2024" in text and "32.02.01" in text and "script" in text


def test_a_row_taller_than_a_page_is_drawn_and_a_title_may_look_like_a_day(var: Path, tmp_path: Path) -> None:
    told = recap(var)
    cases = told.cases.assign(bukti="kata panjang " * 400, alamat="https://kabar.example/" + "x" * 1500)
    cases["wilayah"] = "2024-13-45"
    report.write_pdf(replace(told, cases=cases), tmp_path / "a.pdf")
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages) >= 3
    assert "2024-13-45" in report.render_html(replace(told, cases=cases))


def test_a_recap_says_what_was_filtered(var: Path, tmp_path: Path) -> None:
    told = recap(var, jenis="politik_uang", pemilihan="pilkada 2024")
    assert report.title_of(told).endswith("(jenis Politik uang; pemilihan pilkada 2024)")
    assert "jenis Politik uang" in report.render_html(told)
    arguments = ["--jenis", "netralitas.asn", "--pemilihan", "pilkada 2024", "--sampai", "2024-11-24"]
    answer = CliRunner().invoke(
        wartawas, ["report", "--weekly", *arguments, "--var", str(var), "--out", str(tmp_path)]
    )
    names = [Path(line).name for line in answer.output.splitlines()]
    assert names[0] == "rekap-2024-11-24-netralitas.asn-pilkada-2024.html"


def test_the_command_writes_both_files(var: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> list[str]:
        answer = CliRunner().invoke(
            wartawas, ["report", *arguments, "--var", str(var), "--out", str(tmp_path)]
        )
        return answer.output.splitlines() or [str(answer.exception)]

    files = [Path(line) for line in run("--weekly", "--wilayah", "32.05", "--sampai", "2024-11-24")]
    assert [file.name for file in files] == ["rekap-2024-11-24-32.05.html", "rekap-2024-11-24-32.05.pdf"]
    assert all(file.stat().st_size > 10_000 for file in files)
    assert "tidak ada wilayah dengan kode ini" in run("--weekly", "--wilayah", "99")[0]
    assert "--weekly" in " ".join(run())


def test_charts_are_drawn_offline_with_indonesian_texts(var: Path) -> None:
    with closing(current_snapshot(var / "snapshots").connect()) as db:
        tren = trends.tren(db, Filters(sejak=date(2024, 9, 1)))
        drawn = {
            "tren": charts.trend_and_readings(tren),
            "jenis": charts.bars(query.kasus_per_jenis(db), "jenis", title="Dugaan kasus"),
            "intensitas": charts.bars(
                trends.intensitas(db), "wilayah", "per_1000_artikel", title="Intensitas"
            ),
            "pemilihan": charts.elections(
                trends.banding_pemilihan(db, pertama="pilkada 2020", kedua="pilkada 2024")
            ),
            "corong": charts.funnel(handling.corong(db)),
            "pencegahan": charts.prevention(query.pencegahan(db)),
        }
    svgs = {name: charts.svg(chart) for name, chart in drawn.items()}
    assert all(text.startswith("<svg") for text in svgs.values())
    assert "Masa tenang" in svgs["tren"] and "Pemungutan suara (pilkada 2024)" in svgs["tren"]
    assert "Okt" in svgs["tren"] and "Oct" not in svgs["tren"]
    assert charts.png(drawn["corong"]).startswith(b"\x89PNG")
    assert not any("http" in str(charts.specification(chart).get("data", "")) for chart in drawn.values())


def test_a_gap_in_the_reading_is_drawn_and_told(var: Path) -> None:
    with closing(current_snapshot(var / "snapshots").connect()) as db:
        text = charts.svg(charts.trend(trends.tren(db, Filters(sejak=date(2024, 9, 1)))))
    assert "abu-abu:" in text and "#c9ccd1" in text
