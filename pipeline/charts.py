"""Charts as Altair specifications, for reports, the desk and notebooks; vl-convert makes files of them offline.

Each function takes the frame of a named question and returns a chart whose texts are Indonesian. A chart shows what
stands behind it: intervals, gaps in the reading, election stages. Cases are "diduga" in every title.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

import altair as alt
import pandas as pd

from pipeline.elections import stages_between
from pipeline.tables import MONTHS

WIDTH = 640
TREND = "Dugaan kasus per 1.000 artikel yang dibaca"
Drawing = alt.TopLevelMixin
_BLUE, _ORANGE, _GREY = "#1f5a99", "#c2570c", "#8a8f98"
# one colour for each of _DRAWN
_BANDS = ["#dfe8f2", "#e3efe0", "#f3eed3", "#f3d9c4", "#f0c3b0", "#e6ddf0"]
_TICKS = 12
_BROKEN: Any = "break-paths-filter-domains"  # a line ends where nothing was read
_LONG = 34
# Stages that are drawn as bands: the long or decisive ones, in the order of colours.
_DRAWN = ("data_pemilih", "pendaftaran", "kampanye", "masa_tenang", "pemungutan", "rekapitulasi")
FORMATS = {
    "decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""],
}  # fmt: skip
DATES = {
    "dateTime": "%A, %e %B %Y %X", "date": "%d/%m/%Y", "time": "%H.%M.%S", "periods": ["AM", "PM"],
    "days": ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
    "shortDays": ["Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"],
    "months": MONTHS,
    "shortMonths": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
}  # fmt: skip
_CONFIG: dict[str, Any] = {
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260,
             "gridColor": "#e6e8eb", "domainColor": "#8a8f98", "tickColor": "#8a8f98"},
    "title": {"fontSize": 13, "anchor": "start", "subtitleFontSize": 11, "subtitleColor": "#555b66"},
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "orient": "bottom", "labelLimit": 300},
    "view": {"stroke": None},
}  # fmt: skip


def trend(frame: pd.DataFrame, *, title: str = TREND) -> Drawing:
    """Return the rate of `tren` over time with its interval, election stages as bands, gaps in grey.

    The line breaks where nothing was read. The lower strip counts the articles behind each point.
    """
    data = frame.assign(mulai=pd.to_datetime(frame["mulai"]))
    base = alt.Chart(data).encode(x=_time(data))
    band = base.mark_area(opacity=0.2, color=_BLUE).encode(
        y=alt.Y("bawah:Q", title="per 1.000 artikel"), y2="atas:Q"
    )
    line = base.mark_line(color=_BLUE, point=alt.OverlayMarkDef(size=22, color=_BLUE), invalid=_BROKEN).encode(
        y="per_1000_artikel:Q",
        tooltip=[
            alt.Tooltip("mulai:T", title="Mulai", format="%e %b %Y"), alt.Tooltip("kasus:Q", title="Dugaan kasus"),
            alt.Tooltip("dibaca:Q", title="Artikel dibaca"), alt.Tooltip("sumber:Q", title="Sumber"),
        ],
    )  # fmt: skip
    layers: list[alt.Chart | alt.LayerChart] = [*_stage_layers(data), *_gap_layers(data), band, line]
    return alt.layer(*layers).properties(
        width=WIDTH, height=230, title=alt.TitleParams(title, subtitle=_read_note(data))
    )


def readings(frame: pd.DataFrame) -> Drawing:
    """Return how many articles stand behind each point of `tren`."""
    data = frame.assign(mulai=pd.to_datetime(frame["mulai"]))
    base: alt.Chart = alt.Chart(data).mark_bar(color=_GREY)
    articles = alt.Y("dibaca:Q", title="artikel dibaca", axis=alt.Axis(tickCount=3, tickMinStep=1))
    drawn: Drawing = base.encode(x=_time(data), y=articles).properties(width=WIDTH, height=60)
    return drawn


def trend_and_readings(frame: pd.DataFrame, *, title: str = TREND) -> Drawing:
    """Return the trend with what was read under it."""
    drawn: Drawing = alt.vconcat(cast(Any, trend(frame, title=title)), cast(Any, readings(frame)))
    return drawn


def _time(data: pd.DataFrame) -> alt.X:
    """Return the time axis that a trend and the readings under it share."""
    if data.empty:  # nothing was read: no days to span
        return alt.X("mulai:T", title=None)
    span = [day.isoformat() for day in (data["mulai"].min(), data["mulai"].max() + timedelta(days=6))]
    months = (data["mulai"].max() - data["mulai"].min()).days > 200
    axis = alt.Axis(format="%b %Y" if months else "%e %b", tickCount=8)
    return alt.X("mulai:T", title=None, scale=alt.Scale(domain=span), axis=axis)


def _counts(title: str, values: pd.Series[Any]) -> alt.X:
    """Return an axis of counts, which has no ticks between whole numbers."""
    most = float(values.max()) if len(values) else 0.0
    few = most <= _TICKS and bool((values.dropna() % 1 == 0).all())
    axis = alt.Axis(values=list(range(int(most) + 1)), format="d") if few else alt.Axis()
    return alt.X(f"{values.name}:Q", title=title, axis=axis)


def bars(
    frame: pd.DataFrame,
    label: str,
    value: str = "kasus",
    *,
    title: str,
    limit: int = 12,
    axis: str = "dugaan kasus",
) -> Drawing:
    """Return one bar a row, the longest first, at most `limit`; with columns bawah and atas also their intervals.

    The value stands at the end of its bar.
    """
    data = frame.nlargest(limit, value)
    data = data.assign(nama=_names(data[label]))
    base = alt.Chart(data).encode(
        y=alt.Y("nama:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=_counts(axis, data[value]),
    )
    chart: Any = base.mark_bar(color=_BLUE, height={"band": 0.7})
    if {"bawah", "atas"} <= set(data.columns) and value not in ("kasus", "kegiatan"):
        chart = alt.layer(chart, base.mark_rule(color="#222").encode(x="bawah:Q", x2="atas:Q"))
    else:
        text = base.mark_text(align="left", dx=3, fontSize=11).encode(text=alt.Text(f"{value}:Q"))
        chart = alt.layer(chart, text)
    cut = f"{limit} teratas dari {len(frame)}" if len(frame) > limit else ""
    return cast(
        Drawing,
        chart.properties(
            width=WIDTH - 240,
            height=alt.Step(22),
            title=alt.TitleParams(title, subtitle=cut) if cut else title,
        ),
    )


def elections(frame: pd.DataFrame, *, title: str = "Dua pemilihan menjelang pemungutan suara") -> Drawing:
    """Return `banding_pemilihan`: one line an election by weeks before voting, with intervals."""
    base = alt.Chart(frame).encode(
        x=alt.X("minggu:Q", title="minggu terhadap hari pemungutan suara", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "pemilihan:N",
            title=None,
            scale=alt.Scale(range=[_ORANGE, _BLUE]),
            legend=alt.Legend(symbolOpacity=1),
        ),
    )
    vote = (
        alt.Chart(pd.DataFrame({"minggu": [0]}))
        .mark_rule(strokeDash=[4, 3], color=_GREY)
        .encode(x="minggu:Q")
    )
    band = base.mark_area(opacity=0.15).encode(
        y=alt.Y("bawah:Q", title="dugaan kasus per 1.000 artikel"), y2="atas:Q"
    )
    line = base.mark_line(point=True, invalid=_BROKEN).encode(y="per_1000_artikel:Q")
    return alt.layer(vote, band, line).properties(width=WIDTH, height=230, title=title)


def funnel(frame: pd.DataFrame, *, title: str = "Sampai di mana dugaan kasus diberitakan") -> Drawing:
    """Return the steps of `corong` as bars in their order."""
    data = frame.assign(
        tulisan=[
            f"{n} ({f'{share:g}'.replace('.', ',')} %)"
            for n, share in zip(frame["kasus"], frame["persen"].fillna(0), strict=True)
        ]
    )
    base = alt.Chart(data).encode(
        y=alt.Y("langkah:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=_counts("dugaan kasus", data["kasus"]),
    )
    text = base.mark_text(align="left", dx=3, fontSize=11).encode(text="tulisan:N")
    return alt.layer(base.mark_bar(color=_BLUE, height={"band": 0.7}), text).properties(
        width=WIDTH - 240, height=alt.Step(22), title=title
    )


def prevention(
    frame: pd.DataFrame, *, title: str = "Pencegahan dan dugaan kasus di wilayah yang sama"
) -> Drawing:
    """Return `pencegahan` as points: prevention events against alleged cases, one point a region."""
    data = frame[frame["kode"].notna()]
    drawn: Drawing = (
        alt.Chart(data)
        .mark_circle(size=70, opacity=0.6, color=_BLUE)
        .encode(
            x=alt.X("kegiatan:Q", title="kegiatan pencegahan", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("kasus:Q", title="dugaan kasus", axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip("wilayah:N"), alt.Tooltip("kegiatan:Q"), alt.Tooltip("kasus:Q")],
        )
        .properties(width=WIDTH - 240, height=220, title=title)
    )
    return drawn


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return the chart as a Vega-Lite document, for the desk and for notebooks."""
    spec: dict[str, Any] = chart.to_dict()
    spec["config"] = {**spec.get("config", {}), **_CONFIG}
    return spec


def svg(chart: alt.TopLevelMixin) -> str:
    """Return the chart as SVG."""
    import vl_convert as vlc

    text: str = vlc.vegalite_to_svg(specification(chart), format_locale=FORMATS, time_format_locale=DATES)
    return text


def png(chart: alt.TopLevelMixin, *, scale: float = 2.0) -> bytes:
    """Return the chart as PNG, so many pixels for each point of its size."""
    import vl_convert as vlc

    image: bytes = vlc.vegalite_to_png(
        specification(chart), scale=scale, format_locale=FORMATS, time_format_locale=DATES
    )
    return image


def _stage_layers(data: pd.DataFrame) -> list[alt.Chart]:
    """Return the election stages of the chart's time as bands; a stage of one day as a line."""
    if data.empty:
        return []
    first, last = data["mulai"].min().date(), data["mulai"].max().date() + timedelta(days=6)
    found = [
        {"tahapan": f"{stage.name} ({election.id})", "nama": stage.name, "mulai": _clip(stage.start, first, last),
         "selesai": _clip(stage.end + timedelta(days=1), first, last), "hari": (stage.end - stage.start).days + 1,
         "urut": _DRAWN.index(stage.id)}
        for election, stage in stages_between(first, last)
        if stage.id in _DRAWN
    ]  # fmt: skip
    if not found:
        return []
    stages = pd.DataFrame(found).sort_values(["urut", "mulai"])
    # one name for each colour, and the lines of several elections named below one another
    stages["nama"] = stages.groupby("urut")["nama"].transform(lambda names: min(names, key=len))
    wide, short = stages[stages["hari"] > 1], stages[stages["hari"] == 1]
    short = short.assign(tinggi=[2 + 12 * (n % 5) for n in range(len(short))])
    layers = []
    if len(wide):
        names = dict(zip(wide["nama"], wide["urut"], strict=True))
        layers.append(
            alt.Chart(wide).mark_rect(opacity=0.75).encode(
                x="mulai:T", x2="selesai:T",
                color=alt.Color("nama:N", title=None, sort=list(names), legend=alt.Legend(columns=3),
                                scale=alt.Scale(domain=list(names), range=[_BANDS[n] for n in names.values()])),
            )
        )  # fmt: skip
    if len(short):
        layers.append(alt.Chart(short).mark_rule(color=_ORANGE, strokeDash=[4, 3]).encode(x="mulai:T"))
        # a name stands where there is room for it: right of a line in the first half, left of one in the second
        half = data["mulai"].min() + (data["mulai"].max() - data["mulai"].min()) / 2
        early = pd.to_datetime(short["mulai"]) < half
        for lines, mark in (
            (short[early], {"align": "left", "dx": 4}),
            (short[~early], {"align": "right", "dx": -4}),
        ):
            layers.append(
                alt.Chart(lines).mark_text(**mark, baseline="top", color=_ORANGE, fontSize=10)  # type: ignore[arg-type]
                .encode(x="mulai:T", y=alt.Y("tinggi:Q", scale=None, axis=None), text="tahapan:N")
            )  # fmt: skip
    return layers


def _gap_layers(data: pd.DataFrame) -> list[alt.Chart]:
    """Return what must not be read as quiet as grey bands."""
    gaps = data[data["celah"].notna()]
    if gaps.empty or len(data) < 2:
        return []
    step = data["mulai"].iloc[1] - data["mulai"].iloc[0]
    spans = pd.DataFrame({"mulai": gaps["mulai"] - step / 2, "selesai": gaps["mulai"] + step / 2})
    return [alt.Chart(spans).mark_rect(color="#c9ccd1", opacity=0.55).encode(x="mulai:T", x2="selesai:T")]


def _read_note(data: pd.DataFrame) -> list[str]:
    read = f"{int(data['dibaca'].sum())} artikel dibaca; pita biru: interval 95 %"
    gaps = int(data["celah"].notna().sum())
    return [read + (f"; abu-abu: {gaps} waktu tanpa atau dengan jauh lebih sedikit bacaan" if gaps else "")]


def _clip(day: date, first: date, last: date) -> str:
    return min(max(day, first), last).isoformat()


def _names(texts: Iterable[object]) -> list[str]:
    """Return short names, all different: two bars of one name would be drawn on each other."""
    names: list[str] = []
    for text in map(str, texts):
        name = text if len(text) <= _LONG else text[: _LONG - 1].rstrip() + "…"
        while name in names:
            name += "\u200a"  # a hair space
        names.append(name)
    return names
