"""Charts of studies: confusion and calibration of a reader, two measures against each other, a network of offices.

As in pipeline.charts, each function takes a frame and returns a chart with Indonesian texts; persons are never drawn.
"""

from __future__ import annotations

import math
from typing import Any, cast

import altair as alt
import pandas as pd

from pipeline.charts import WIDTH, Drawing

_BLUE, _ORANGE, _GREY = "#1f5a99", "#c2570c", "#8a8f98"
_WHITE = alt.value("#ffffff")
_TICKS = 12


def confusion(
    frame: pd.DataFrame, *, title: str, truth: str = "sebenarnya", said: str = "terbaca"
) -> Drawing:
    """Return how often each truth was read as what: columns of those names with labels, and `artikel`.

    Shades are shares of a row, so that a rare kind is judged as strictly as a frequent one; numbers are counts.
    """
    whole = frame.groupby(truth)["artikel"].transform("sum")
    data = frame.assign(bagian=(frame["artikel"] / whole).fillna(0.0))
    base = alt.Chart(data).encode(
        x=alt.X(f"{said}:N", title="terbaca sebagai", sort=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y(f"{truth}:N", title="sebenarnya", sort=None, axis=alt.Axis(ticks=False)),
    )
    shade = alt.Color("bagian:Q", title="bagian baris", scale=alt.Scale(domain=[0, 1], scheme="blues"))
    text = base.mark_text(fontSize=12).encode(
        text="artikel:Q",
        color=alt.condition("datum.bagian > 0.6", _WHITE, alt.value("#1b1f26")),
    )
    drawn = alt.layer(base.mark_rect().encode(color=shade), text)
    return cast(Drawing, drawn.properties(width=360, height=alt.Step(40), title=title))


def calibration(frame: pd.DataFrame, *, title: str) -> Drawing:
    """Return confidence against how often it was right, one row a bin.

    Columns: keyakinan, benar, bawah, atas (0 to 1) and artikel. A point on the dashed line is as sure as it should be,
    one below it too sure of itself.
    """
    line = (
        alt.Chart(pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]}))
        .mark_line(strokeDash=[4, 3], color=_GREY)
        .encode(x="x:Q", y="y:Q")
    )
    base = alt.Chart(frame).encode(
        x=alt.X("keyakinan:Q", title="keyakinan rata-rata", scale=alt.Scale(domain=[0, 1]))
    )
    share = alt.Y("benar:Q", title="bagian yang benar", scale=alt.Scale(domain=[0, 1]))
    reach = base.mark_rule(color=_BLUE).encode(y=alt.Y("bawah:Q", title=None), y2="atas:Q")
    points = base.mark_circle(color=_BLUE, opacity=1).encode(
        y=share, size=alt.Size("artikel:Q", title="artikel", scale=alt.Scale(range=[40, 300]))
    )
    return cast(Drawing, alt.layer(line, reach, points).properties(width=320, height=280, title=title))


def points(frame: pd.DataFrame, x: tuple[str, str], y: tuple[str, str], *, label: str, title: str) -> Drawing:
    """Return two measures against each other, one point a row: x and y are (column, what the axis says).

    `label` is the column that names a row; the outermost rows carry their names.
    """
    data = frame.dropna(subset=[x[0], y[0]])
    across = alt.X(f"{x[0]}:Q", title=x[1], scale=alt.Scale(zero=False, padding=30))
    up = alt.Y(f"{y[0]}:Q", title=y[1], axis=_whole(data[y[0]]))
    far = data.assign(jauh=data[x[0]].rank() + data[y[0]].rank()).nlargest(8, "jauh")
    dots = alt.Chart(data).mark_circle(size=70, opacity=0.6, color=_BLUE).encode(x=across, y=up)
    ordered = far.sort_values(x[0])
    names = [  # every second name stands higher, so that neighbours do not print over each other
        alt.Chart(ordered.iloc[n::2])
        .mark_text(dy=dy, fontSize=10, limit=140)
        .encode(x=across, y=up, text=f"{label}:N")
        for n, dy in enumerate((-11, -24))
    ]
    return cast(Drawing, alt.layer(dots, *names).properties(width=WIDTH - 60, height=300, title=title))


def overlap(frame: pd.DataFrame, x: tuple[str, str], y: tuple[str, str], *, rows: str, title: str) -> Drawing:
    """Return two counts against each other where many rows share a point: its size and number say how many `rows`."""
    counts = frame.groupby([x[0], y[0]], as_index=False).size()
    base = alt.Chart(counts).encode(
        x=alt.X(f"{x[0]}:Q", title=x[1], axis=_whole(counts[x[0]]), scale=alt.Scale(padding=25)),
        y=alt.Y(f"{y[0]}:Q", title=y[1], axis=_whole(counts[y[0]]), scale=alt.Scale(padding=25)),
    )
    dots = base.mark_circle(opacity=0.7, color=_BLUE).encode(
        size=alt.Size("size:Q", title=rows, scale=alt.Scale(range=[120, 900]), legend=None)
    )
    text = base.mark_text(fontSize=11, dx=18, align="left").encode(text="size:Q")
    note = alt.TitleParams(title, subtitle=f"angka di samping titik: {rows}")
    return cast(Drawing, alt.layer(dots, text).properties(width=360, height=260, title=note))


def _whole(values: pd.Series[Any]) -> alt.Axis:
    """Return an axis of counts, which has no ticks between whole numbers."""
    most = int(values.max()) if len(values) else 0
    return alt.Axis(values=list(range(most + 1)), format="d") if most <= _TICKS else alt.Axis(format="d")


def network(nodes: pd.DataFrame, edges: pd.DataFrame, *, title: str) -> Drawing:
    """Return a network on a circle: nodes nama, artikel; edges dari, ke (names), artikel.

    A circle has no near and far that a reader could take for closeness; only the width of a line counts.
    """
    places = _circle(nodes)
    ends = places[["nama", "x", "y"]]
    lines = edges.merge(ends.rename(columns={"nama": "dari"}), on="dari").merge(
        ends.rename(columns={"nama": "ke", "x": "x2", "y": "y2"}), on="ke"
    )
    plain: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-1.9, 1.9])}
    upright: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-1.2, 1.2])}
    drawn_lines = (
        alt.Chart(lines)
        .mark_rule(color=_GREY, opacity=0.6)
        .encode(
            x=alt.X("x:Q", **plain), y=alt.Y("y:Q", **upright), x2="x2:Q", y2="y2:Q",
            strokeWidth=alt.StrokeWidth("artikel:Q", title="artikel bersama", scale=alt.Scale(range=[0.5, 6])),
        )
    )  # fmt: skip
    dots = (
        alt.Chart(places)
        .mark_circle(color=_BLUE, opacity=1)
        .encode(
            x=alt.X("x:Q", **plain), y=alt.Y("y:Q", **upright),
            size=alt.Size("artikel:Q", title="artikel", scale=alt.Scale(range=[40, 400])),
        )
    )  # fmt: skip
    layers: list[Any] = [drawn_lines, dots]
    for right in (True, False):
        side = places[places["kanan"] == right]
        layers.append(
            alt.Chart(side)
            .mark_text(align="left" if right else "right", fontSize=11, limit=190)
            .encode(x=alt.X("xt:Q", **plain), y=alt.Y("yt:Q", **upright), text="nama:N")
        )
    return cast(Drawing, alt.layer(*layers).properties(width=WIDTH, height=400, title=title))


def _circle(nodes: pd.DataFrame) -> pd.DataFrame:
    angles = [2 * math.pi * n / max(1, len(nodes)) for n in range(len(nodes))]
    return nodes.assign(
        x=[math.cos(a) for a in angles], y=[math.sin(a) for a in angles], xt=[1.1 * math.cos(a) for a in angles],
        yt=[1.1 * math.sin(a) for a in angles], kanan=[math.cos(a) >= 0 for a in angles],
    )  # fmt: skip
