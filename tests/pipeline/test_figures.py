from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from pipeline import charts, open_store
from pipeline import store as store_file
from pipeline.charts import Drawing, svg
from pipeline.figures import Figures
from pipeline.snapshots import publish
from pipeline.study_charts import calibration, confusion, network, overlap, points

KINDS = pd.DataFrame(
    {"sebenarnya": ["A", "A", "B", "B"], "terbaca": ["A", "B", "A", "B"], "artikel": [7, 3, 0, 0]}
)
STEPS = pd.DataFrame(
    {
        "keyakinan": [0.4, 0.9],
        "benar": [0.5, 0.8],
        "bawah": [0.2, 0.6],
        "atas": [0.8, 0.9],
        "artikel": [5, 20],
    }
)
PLACES = pd.DataFrame({"nama": ["Garut", "Cilacap"], "kegiatan": [3, 0], "kasus": [1, 2]})
OFFICES = pd.DataFrame({"nama": ["Camat", "Kepala desa"], "artikel": [4, 2]})
LINKS = pd.DataFrame({"dari": ["Camat"], "ke": ["Kepala desa"], "artikel": [2]})


@pytest.mark.parametrize(
    ("chart", "shown"),
    [
        (confusion(KINDS, title="Kekeliruan"), ("Kekeliruan", "sebenarnya", ">7<", ">3<")),
        (calibration(STEPS, title="Kalibrasi"), ("Kalibrasi", "bagian yang benar")),
        (points(PLACES, ("kegiatan", "x"), ("kasus", "y"), label="nama", title="Titik"), ("Titik", "Garut", "Cilacap")),
        (overlap(PLACES, ("kegiatan", "x"), ("kasus", "y"), rows="kecamatan", title="T"), ("kecamatan",)),
        (network(OFFICES, LINKS, title="Jaringan"), ("Jaringan", "Camat", "Kepala desa", "artikel bersama")),
        (network(OFFICES.head(0), LINKS.head(0), title="Kosong"), ("Kosong",)),
        (confusion(KINDS.assign(artikel=0), title="Kosong"), ("Kosong",)),
    ],
)  # fmt: skip
def test_charts_of_studies_are_drawn_with_their_words(chart: Drawing, shown: tuple[str, ...]) -> None:
    drawn = svg(chart)
    assert [word for word in shown if word not in drawn] == []


def test_figures_go_to_files_and_say_what_stands_behind_them(
    press_var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(press_var) as store:
        chart = charts.bars(store.jenis_berita(), "jenis_berita", "persen", title="Jenis", axis="persen")
        monkeypatch.setenv("WARTAWAS_FIGURES", str(tmp_path / "a"))
        figure = Figures(store)(chart, "01-jenis")
        assert (figure.svg, figure.png) == (tmp_path / "a" / "01-jenis.svg", tmp_path / "a" / "01-jenis.png")
        assert "snapshot 1 · 15 artikel dari 4 sumber (4 hidup)" in figure._repr_svg_()
        assert "rekaan" not in figure._repr_svg_()
        assert figure.png.read_bytes().startswith(b"\x89PNG")
        with pytest.raises(ValueError, match="small letters"):
            Figures(store, tmp_path)(chart, "../x")
        monkeypatch.delenv("WARTAWAS_FIGURES")
        assert Figures(store).folder == Path("gambar")


def drawn_trend(first: str, last: str) -> str:
    """Return the SVG of a trend that has one case each week."""
    weeks = pd.date_range(first, last, freq="W-MON")
    frame = pd.DataFrame(
        {"mulai": weeks, "kasus": 1, "dibaca": 50, "sumber": 3, "per_1000_artikel": 20.0, "bawah": 5.0, "atas": 60.0,
         "sumber_berhenti": 0, "celah": None, "tahapan": None}
    )  # fmt: skip
    return charts.svg(charts.trend(frame))


def test_a_trend_of_an_empty_store_is_an_empty_chart(tmp_path: Path) -> None:
    with store_file.open_store(tmp_path / "store" / "work.duckdb") as work:
        publish(work, tmp_path / "snapshots")
    with open_store(tmp_path) as store:
        drawn = svg(charts.trend_and_readings(store.tren(satuan="bulan")))
    assert "0 artikel dibaca" in drawn


def test_a_trend_over_several_elections_names_each_voting_apart_and_each_colour_once() -> None:
    text = drawn_trend("2020-01-06", "2025-06-30")
    heights = re.findall(r"translate\([\d.]+,([\d.]+)\)[^>]*>Pemungutan suara[^<]*</text>", text)
    assert len(heights) > 2
    assert len(set(heights)) == min(5, len(heights)), heights
    legend = re.findall(r">(Rekapitulasi[^<]*)</text>", text)
    assert len(legend) == 1, legend


@pytest.mark.parametrize(
    ("first", "last", "anchor"), [("2024-11-04", "2025-09-01", ""), ("2024-02-26", "2024-12-30", "end")]
)
def test_the_name_of_a_voting_day_stays_inside_the_chart(first: str, last: str, anchor: str) -> None:
    text = drawn_trend(first, last)
    named = re.search(r"<text([^>]*)>Pemungutan suara \(pilkada 2024\)</text>", text)
    assert named
    told = re.search(r'text-anchor="(\w+)"', named[1])
    assert (told[1] if told else "") in ((anchor,) if anchor else ("", "start"))
