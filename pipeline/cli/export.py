"""`wartawas export`: the answer to a question as a file, with what it was made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.query import Asked, answer_question, filter_options, question_options

if TYPE_CHECKING:
    from pipeline.export import About
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas export kasus.xlsx rekap --wilayah 32 --jenis netralitas")
@click.argument("out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("name", default="rekap")
@click.argument("words", nargs=-1)
@filter_options
@question_options
@click.option("--limit", type=click.IntRange(0), default=0, help="Rows at most; all unless given.")
@click.option("--snapshot", type=click.IntRange(1), help="Ask this snapshot instead of the current one.")
@click.option("--koordinat", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="CSV with kode, lon, lat of regions, for the points of GeoJSON.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one object.")
@settings_option
def export(
    out: Path,
    name: str,
    words: tuple[str, ...],
    settings: Settings,
    snapshot: int | None,
    limit: int,
    koordinat: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Write the answer to the question NAME into FILE: .csv, .xlsx, .parquet, .jsonl or .geojson.

    `wartawas query` lists the questions; `rekap` (the default) gives every case with its archived page. The file
    says what was filtered and whether it is complete; .csv and .jsonl say it in FILE.keterangan.json.
    """
    with failures():
        from pipeline.export import load_points, write_export

        points = load_points(koordinat) if koordinat else None
        asked, about = _prepare(settings, name, words, snapshot, options, limit=limit, path=out)
        written = write_export(asked.frame.head(about.baris), about, out, points)
    if as_json:
        from dataclasses import asdict

        click.echo(
            json.dumps({"files": [str(path) for path in written], **asdict(about)}, ensure_ascii=False)
        )
        return
    whole = "lengkap" if about.lengkap else "TIDAK LENGKAP"
    filtered = ", ".join(f"{key} {value}" for key, value in about.saringan.items()) or "tanpa saringan"
    click.echo(f"{out}: {about.baris} baris ({whole}), {filtered}, snapshot {about.snapshot}")


def _prepare(
    settings: Settings,
    name: str,
    words: tuple[str, ...],
    snapshot: int | None,
    options: dict[str, Any],
    *,
    limit: int,
    path: Path,
) -> tuple[Asked, About]:
    """Return the answer and what is told about it; a row more than the limit is asked to see whether it cuts."""
    from pipeline.export import describe_answer
    from pipeline.questions import QUESTIONS

    given = dict(options)
    question = QUESTIONS.get(name)
    if question is not None and "limit" in question.options:
        given["limit"] = limit + 1 if limit else 0
    asked = answer_question(settings, name, words, snapshot, given)
    others = {key: str(value) for key, value in options.items() if value is not None}
    about = describe_answer(
        (" ".join([name, *words]), QUESTIONS[name].summary), {**others, **asked.filters.given()}, asked.snapshot,
        asked.totals, rows=len(asked.frame), limit=limit, path=path, invented=asked.invented,
    )  # fmt: skip
    return asked, about
