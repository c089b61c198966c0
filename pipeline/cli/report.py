"""`wartawas report`: the weekly recap as HTML and PDF."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.failure import Failure
from pipeline.cli.query import filter_options
from pipeline.drafts import draft_of

if TYPE_CHECKING:
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas report --weekly --wilayah 32.02 --sampai 2024-11-24")
@click.option("--weekly", is_flag=True, help="The seven days that end on --sampai (the newest day read).")
@filter_options
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files (var/reports)."
)
@click.option("--snapshot", type=click.IntRange(1), help="Tell this snapshot instead of the current one.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one object.")
@settings_option
def report(
    weekly: bool, out: Path | None, snapshot: int | None, as_json: bool, settings: Settings, **options: Any
) -> None:
    """Write a recap in Indonesian, as a page and as PDF, with charts: cases, prevention, spikes, deadlines, gaps.

    The files hold charts and texts in themselves and load nothing.
    """
    if not weekly:
        raise click.UsageError("say which report: --weekly")
    if options.get("sejak"):
        raise click.UsageError("a week is named by its last day: give --sampai, not --sejak")
    with failures():
        files = _write_weekly(settings, out or settings.var / "reports", snapshot, options)
    if as_json:
        click.echo(json.dumps({"files": [str(file) for file in files]}, ensure_ascii=False))
    else:
        for file in files:
            click.echo(str(file))


def _write_weekly(
    settings: Settings, folder: Path, number: int | None, options: dict[str, Any]
) -> list[Path]:
    from pipeline.filters import Filters, QuestionError
    from pipeline.recap import newest_day, other_filters, weekly_recap
    from pipeline.report import render_html, write_pdf
    from pipeline.shelf import current_snapshot

    asked = options.pop("sampai", None)
    filters = Filters(
        **{key: None if isinstance(value, datetime) else value for key, value in options.items()}
    )
    snapshot = current_snapshot(settings.snapshots, number)
    with closing(snapshot.connect()) as db:
        last = asked.date() if asked else newest_day(db)
        if last is None:
            raise Failure("nothing was read yet: there is no week to tell")
        try:
            recap = weekly_recap(
                db,
                last,
                filters,
                snapshot=snapshot.number,
                published=str(snapshot.manifest.get("published", "?")),
            )
        except QuestionError as error:
            raise Failure(str(error), code=2) from None
    folder.mkdir(parents=True, exist_ok=True)
    told = ["rekap", str(last), filters.wilayah or "", *other_filters(filters).values()]
    stem = "-".join(re.sub(r"[^\w.-]+", "-", part) for part in told if part)
    page, pdf = folder / f"{stem}.html", folder / f"{stem}.pdf"
    with draft_of(page) as draft:
        draft.write_text(render_html(recap), encoding="utf-8")
    with draft_of(pdf) as draft:
        write_pdf(recap, draft)
    return [page, pdf]
