"""`wartawas query`: ready questions over the published snapshot, as tables, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, open_console, settings_option
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from pipeline.query import Filters, Totals
    from pipeline.settings import Settings
    from pipeline.shelf import Snapshot

_DAY = click.DateTime(["%Y-%m-%d"])
INVENTED = "CONTOH – rekaan"
_WRAPPED = 8  # a table of so many columns is read with wrapped cells, a wider one as cards
_SHORT = 45
_WORD = 20


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the filters that the questions take."""
    for option in reversed(_FILTERS):
        function = option(function)
    return function


def question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that single questions take; a question refuses those that it does not."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_FILTERS = (
    click.option("--wilayah", help="Kemendagri code: 32, 32.02, 32.02.23 or 32.02.23.2001."),
    click.option(
        "--sejak", type=_DAY, help="First day of the first report (articles: of publication), YYYY-MM-DD."
    ),
    click.option(
        "--sampai", type=_DAY, help="Last day of the first report (articles: of publication), YYYY-MM-DD."
    ),
    click.option("--jenis", help="Type or group of types: netralitas, netralitas.asn, politik_uang, …"),
    click.option("--bentuk", help="Form of ASN partiality: asn.medsos_unggah, …"),
    click.option("--tahap", help="Stage of handling: laporan_temuan, registrasi, klarifikasi, …"),
    click.option("--hasil", help="Result on any track: belum, terbukti, tidak_terbukti, dihentikan, …"),
    click.option("--jabatan", help="Office of the accused: desa.kepala, desa, asn, peserta.paslon, …"),
    click.option("--media", help="Outlet, by its domain."),
    click.option(
        "--asal", type=click.Choice(["resmi", "media"]), help="Official sites (.go.id) or the press."
    ),
    click.option("--pemilihan", help="Election: 'pilkada 2024', 'pemilu 2024', …"),
    click.option("--tahapan", help="Days of an election stage: 'kampanye pilkada 2024'."),
)
_OPTIONS = (
    click.option(
        "--tingkat", type=click.Choice(["provinsi", "kabupaten", "kecamatan"]), help="Level of regions."
    ),
    click.option("--satuan", type=click.Choice(["hari", "minggu", "bulan"]), help="Unit of time (tren)."),
    click.option(
        "--jenis-berita", help="Kind of article (berita): pelanggaran, pencegahan, informasi, lainnya."
    ),
    click.option("--urut", type=click.Choice(["baru", "cocok"]), help="Newest or best first (cari)."),
    click.option("--hari", type=click.IntRange(0, 3650), help="Days (mandek: 14, tenggat: 30)."),
    click.option("--per", type=_DAY, help="Day that counts as today; the newest day read."),
    click.option("--minimal", type=click.IntRange(1, 1000), help="Least number: outlets, cases."),
    click.option("--lembaga", help="Body that cases went to (tanpa-sanksi): bkn, kasn, dkpp, …"),
    click.option("--jalur", help="Track (corong): administrasi, pidana, kode_etik, hukum_lainnya."),
    click.option("--teratas", type=click.IntRange(1, 100), help="How many in each box (bentuk-teratas)."),
    click.option("--minggu", type=click.IntRange(1, 200), help="Weeks before voting (banding-pemilihan)."),
)


@click.command(epilog="Example: wartawas query kasus-per-wilayah --tingkat kecamatan --wilayah 32.02 --csv")
@click.argument("name", required=False)
@click.argument("words", nargs=-1)
@filter_options
@question_options
@click.option("--limit", type=click.IntRange(0, 10_000_000), help="Rows at most (lists: 200; 0: all).")
@click.option("--snapshot", type=click.IntRange(1), help="Ask this snapshot instead of the current one.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a row.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@settings_option
def query(
    name: str | None,
    words: tuple[str, ...],
    settings: Settings,
    snapshot: int | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,
) -> None:
    """Ask a question by its NAME; without one, list the questions.

    Some take WORDS: `artikel`, `linimasa` and `sebaran` an id, `cari` what to search for, `banding-wilayah` two
    codes, `banding-pemilihan` two elections. Every answer comes from a published snapshot: names of accused
    persons are masked, cases are "diduga".
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if name is None:
        _list_questions(as_json=as_json)
        return
    with failures():
        asked = answer_question(settings, name, words, snapshot, options)
    _show(asked.frame, asked.heading, as_json=as_json, as_csv=as_csv, invented=asked.invented)


def print_answer(settings: Settings, name: str, **options: Any) -> None:
    """Print the answer to a question from the current snapshot as a table; raises Failure."""
    with failures():
        asked = answer_question(settings, name, (), None, options)
    print_frame(asked.frame, asked.heading, invented=asked.invented)


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with what is printed above it, the filters given, and whether its sources are invented."""

    frame: pd.DataFrame
    heading: str
    snapshot: Snapshot
    totals: Totals
    filters: Filters
    invented: bool


def answer_question(
    settings: Settings, name: str, words: Sequence[str], number: int | None, options: dict[str, Any]
) -> Asked:
    """Return the answer to a question of the command line; raises Failure with code 2 for a wrong one."""
    from pipeline.query import QuestionError, invented, totals
    from pipeline.questions import ask, find_question, named_words
    from pipeline.shelf import current_snapshot

    try:
        question = find_question(name)
    except QuestionError as error:
        raise Failure(str(error), code=2) from None
    options = {key: _day(value) if isinstance(value, datetime) else value for key, value in options.items()}
    filters = take_filters(options)
    snapshot = current_snapshot(settings.snapshots, number)
    with closing(snapshot.connect()) as db:
        try:
            frame = ask(db, name, filters, {**options, **named_words(name, words)})
        except QuestionError as error:
            raise Failure(str(error), code=2) from None
        example = invented(db)
    counted = totals(snapshot.path)
    heading = (
        f"{question.summary} · snapshot {snapshot.number} · {counted.articles} artikel dari "
        f"{counted.sources} sumber ({counted.living_sources} hidup)"
    )
    return Asked(frame, heading, snapshot, counted, filters, example)


def take_filters(options: dict[str, Any]) -> Filters:
    """Take the filters out of a command's options and return them."""
    from pipeline.query import Filters

    given: dict[str, Any] = {key: options.pop(key, None) for key in Filters.__slots__}
    for key in ("sejak", "sampai"):
        given[key] = _day(given[key]) if isinstance(given[key], datetime) else given[key]
    return Filters(**given)


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _show(frame: pd.DataFrame, heading: str, *, as_json: bool, as_csv: bool, invented: bool) -> None:
    from pipeline.tables import csv_text, json_rows

    note = INVENTED if invented else None
    if note and frame.empty and (as_json or as_csv):  # there is no row that could say it
        click.echo(f"wartawas: {note}", err=True)
    if as_json:
        for row in json_rows(frame, note=note):
            click.echo(row)
    elif as_csv:
        click.echo(csv_text(frame, note=note), nl=False)
    else:
        print_frame(frame, heading, invented=invented)


def print_frame(frame: pd.DataFrame, heading: str, *, invented: bool = False) -> None:
    """Print a frame under its heading, as a table or, where that is too wide, as cards."""
    from rich.text import Text

    from pipeline.tables import cells

    console = open_console(highlight=False)
    console.print(Text(f"{INVENTED} · {heading}" if invented else heading, style="italic"))
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
