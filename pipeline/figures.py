"""Figures of a notebook: each is written to files, says what stands behind it, and shows itself without a network."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt

from pipeline.charts import Drawing, png, svg
from pipeline.export import INVENTED

if TYPE_CHECKING:
    from pipeline.reader import PublishedStore

VARIABLE = "WARTAWAS_FIGURES"
_NAME = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart that was written: its two files, shown by a notebook as SVG."""

    svg: Path
    png: Path

    def _repr_svg_(self) -> str:
        return self.svg.read_text(encoding="utf-8")


class Figures:
    """Writes the charts of one store: `figures = Figures(store)`, then `figures(chart, "02-tahapan")`.

    They go to the folder `folder`, else to WARTAWAS_FIGURES, else to `gambar` beside the notebook, as SVG and PNG. Each
    says from which snapshot it comes, how much had been read, and where it is invented; set `note` for figures that are
    not of the store's articles.
    """

    def __init__(self, store: PublishedStore, folder: str | Path | None = None) -> None:
        self.folder = Path(folder or os.environ.get(VARIABLE) or "gambar")
        facts = store.facts
        origin = f"snapshot {facts.snapshot}" if facts.snapshot else "berkas Parquet"
        read = f"{facts.articles} artikel dari {facts.sources} sumber ({facts.living_sources} hidup)"
        self.note = f"{INVENTED + ' · ' if facts.invented else ''}{origin} · {read}"

    def __call__(self, chart: Drawing, name: str) -> Figure:
        """Write a chart under a name of small letters, digits and hyphens; raises ValueError for another name."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"figure {name!r}: name it in small letters, digits and hyphens")
        note = alt.TitleParams(
            self.note, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color="#555b66"
        )
        inner: Any = chart
        whole = alt.vconcat(inner).properties(title=note)
        self.folder.mkdir(parents=True, exist_ok=True)
        figure = Figure(self.folder / f"{name}.svg", self.folder / f"{name}.png")
        figure.svg.write_text(svg(whole), encoding="utf-8")
        figure.png.write_bytes(png(whole))
        return figure
