"""`wartawas query`: ready questions over the published snapshot, as tables, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from pipeline.settings import Settings

_DAY = click.DateTime(["%Y-%m-%d"])
_INVENTED = "CONTOH – rekaan"
_WRAPPED = 8  # a table of so many columns is read with wrapped cells, a wider one as cards
_SHORT = 45
_WORD = 20


@click.command(epilog="Example: wartawas query kasus-per-wilayah --tingkat kecamatan --wilayah 32.02 --csv")
@click.argument("name", required=False)
@click.argument("id", required=False)
@click.option("--wilayah", help="Kemendagri code: 32, 32.02, 32.02.23 or 32.02.23.2001.")
@click.option("--jenis", help="Type or group of types: netralitas, netralitas.asn, politik_uang, …")
@click.option("--sejak", type=_DAY, help="First day of publication, YYYY-MM-DD.")
@click.option("--sampai", type=_DAY, help="Last day of publication, YYYY-MM-DD.")
@click.option(
    "--tingkat", type=click.Choice(["provinsi", "kabupaten", "kecamatan"]), help="Level of regions."
)
@click.option("--limit", type=click.IntRange(1, 100_000), help="Rows at most (baru: 50).")
@click.option("--snapshot", type=click.IntRange(1), help="Ask this snapshot instead of the current one.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a row.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@settings_option
def query(
    name: str | None,
    settings: Settings,
    snapshot: int | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,
) -> None:
    """Ask a question by its NAME; without one, list the questions. `artikel` takes an article's ID.

    Every answer comes from a published snapshot: names of accused persons are masked, cases are "diduga".
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if name is None:
        _list_questions(as_json=as_json)
        return
    with failures():
        frame, heading, invented = _answer(settings, name, snapshot, options)
    _show(frame, heading, as_json=as_json, as_csv=as_csv, invented=invented)


def print_answer(settings: Settings, name: str, **options: Any) -> None:
    """Print the answer to a question from the current snapshot as a table; raises Failure."""
    with failures():
        frame, heading, invented = _answer(settings, name, None, options)
    _print_table(frame, heading, invented=invented)


def _answer(
    settings: Settings, name: str, number: int | None, options: dict[str, Any]
) -> tuple[pd.DataFrame, str, bool]:
    from pipeline.query import Filters, QuestionError, invented, totals
    from pipeline.questions import QUESTIONS, ask
    from pipeline.snapshots import current_snapshot

    if name not in QUESTIONS:
        raise Failure(f"no question {name!r}; `wartawas query` lists them", code=2)
    days = {key: _day(options.pop(key, None)) for key in ("sejak", "sampai")}
    filters = Filters(wilayah=options.pop("wilayah", None), jenis=options.pop("jenis", None), **days)
    snapshot = current_snapshot(settings.snapshots, number)
    with closing(snapshot.connect()) as db:
        try:
            frame = ask(db, name, filters, options)
        except QuestionError as error:
            raise Failure(str(error), code=2) from None
        example = invented(db)
    counted = totals(snapshot.path)
    heading = (
        f"{QUESTIONS[name].summary} · snapshot {snapshot.number} · {counted.articles} artikel dari "
        f"{counted.sources} sumber ({counted.living_sources} hidup)"
    )
    return frame, heading, example


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _show(frame: pd.DataFrame, heading: str, *, as_json: bool, as_csv: bool, invented: bool) -> None:
    from pipeline.tables import csv_text, json_rows

    if as_json:
        for row in json_rows(frame, note=_INVENTED if invented else None):
            click.echo(row)
    elif as_csv:
        click.echo(csv_text(frame, note=_INVENTED if invented else None), nl=False)
    else:
        _print_table(frame, heading, invented=invented)


def _print_table(frame: pd.DataFrame, heading: str, *, invented: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from pipeline.tables import cells

    console = Console(highlight=False)
    console.print(Text(f"{_INVENTED} · {heading}" if invented else heading, style="italic"))
    if frame.empty:
        console.print("Tidak ada yang cocok.")
        return
    rows = list(cells(frame))
    widths = [_longest_word([str(column), *values]) for column, values in _columns(frame, rows)]
    if sum(widths) + 3 * len(widths) + 1 <= console.width:
        console.print(_table(frame, rows, widths))
        return
    for row in rows:
        console.print()
        for line in _card(frame.columns, row):
            console.print(Text(line))


def _columns(frame: pd.DataFrame, rows: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
    for number, column in enumerate(frame.columns):
        yield column, [row[number] for row in rows]


def _longest_word(texts: Iterable[str]) -> int:
    # a rare longer word ("ibadah/pendidikan/fasilitas") is broken rather than the table given up
    return min(_WORD, max((len(word) for text in texts for word in text.split()), default=1))


def _table(frame: pd.DataFrame, rows: list[list[str]], widths: list[int]) -> Table:
    """Return the rows as a table whose cells break between words only."""
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column, width in zip(frame.columns, widths, strict=True):
        numeric = frame[column].dtype.kind in "iuf"
        table.add_column(column, justify="right" if numeric else "left", min_width=width, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _card(columns: Iterable[str], row: list[str]) -> Iterator[str]:
    """Yield a row's lines where a table would be too wide: short values side by side, long ones alone."""
    pairs = [(column, value) for column, value in zip(columns, row, strict=True) if value != "–"]
    short = [f"{column}: {value}" for column, value in pairs if len(value) <= _SHORT]
    if short:
        yield " · ".join(short)
    yield from (f"  {column}: {value}" for column, value in pairs if len(value) > _SHORT)


def _list_questions(*, as_json: bool) -> None:
    import json

    from pipeline.questions import QUESTIONS

    if as_json:
        for name, question in QUESTIONS.items():
            click.echo(json.dumps({"name": name, "summary": question.summary}, ensure_ascii=False))
        return
    width = max(map(len, QUESTIONS))
    for name, question in QUESTIONS.items():
        click.echo(f"{name:{width}}  {question.summary}")
