"""`wartawas process`: reads what was archived, or files given by hand, into the store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option, shown
from pipeline.cli.failure import Failure
from pipeline.machine_clock import check_clock

if TYPE_CHECKING:
    from pipeline.process import ProcessReport, Reading
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas process   (what was crawled) · wartawas process pages/*.html --json")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--all", "whole", is_flag=True, help="Look through the whole archive for pages that were passed over."
)
@click.option("--json", "as_json", is_flag=True, help="Print one object a document, in the order read.")
@settings_option
def process(files: tuple[Path, ...], whole: bool, as_json: bool, settings: Settings) -> None:
    """Clean, extract and link archived pages that were not read yet.

    With FILES (HTML, text, JSON Lines or WARC, or folders of them) those are archived and read instead; where none
    of them gives an article the exit code is 1. Each page is an article of its own: `wartawas backfill` reads WARC
    files so that an article on several pages is one.
    """
    if whole and files:
        raise click.UsageError("Give FILES, or --all for the archive.")
    with failures():
        check_clock()
        readings, report = _run(files, settings, whole=whole)
    if as_json:
        for reading in readings:
            click.echo(json.dumps(_row(reading), ensure_ascii=False, default=str))
    else:
        _print(readings if files else [], report)
    if files and not report.articles:
        raise Failure("no page that was given is an article; the reasons stand above")


def _run(files: tuple[Path, ...], settings: Settings, *, whole: bool) -> tuple[list[Reading], ProcessReport]:
    from crawler.source import load_sources
    from pipeline.intake import read_files
    from pipeline.process import import_files
    from pipeline.process import process as run_process
    from pipeline.progress import progress
    from pipeline.store import open_store

    readings: list[Reading] = []
    # files are read and checked before anything is written
    given = list(read_files(files)) if files else None
    if given is None and not settings.ledger.is_file():
        raise Failure(
            f"{settings.ledger}: no crawl yet, nothing to read: run `wartawas crawl`, or give FILES"
        )
    sources = load_sources(settings.sources)
    with open_store(settings.store) as store, progress("Membaca halaman") as step:
        only = import_files(given, settings, "process") if given is not None else None

        def keep(reading: Reading) -> None:
            step()
            if given is not None:
                readings.append(reading)

        report = run_process(settings, store, sources, only=only, whole=whole, on_reading=keep)
    return readings, report


def _row(reading: Reading) -> dict[str, object]:
    file = reading.job.captures[0].article_url
    article, refusal = reading.article, reading.refusal
    if article is None or reading.extraction is None:
        return {"file": file, "refused": refusal and refusal.reason, "detail": refusal and refusal.detail}
    extra = {"file": file, "title": article.title, "outlet": article.outlet, "text": article.text,
             "published": article.published and article.published.isoformat()}  # fmt: skip
    return {**reading.extraction.as_dict(), **extra}


def _print(readings: list[Reading], report: ProcessReport) -> None:
    from pipeline.intake import name_of

    for reading in readings:
        name = shown(name_of(reading.job.captures[0].article_url))
        if reading.refusal:
            click.echo(f"{name}: ditolak ({reading.refusal.reason}): {shown(reading.refusal.detail)}")
        elif reading.extraction:
            found = reading.extraction
            click.echo(
                f"{name}: {found.kind} · {len(found.cases)} kasus · {len(found.officials)} pejabat · "
                f"tanggal {found.event.date or '-'} · tempat {found.event.place or '-'} · "
                f"{', '.join(found.types) or '-'}"
            )
    kinds = ", ".join(f"{n} {kind}" for kind, n in report.kinds.most_common())
    click.echo(f"{report.pages} halaman dibaca: {report.articles} artikel ({kinds or 'tidak ada'}), "
               f"{report.cases} dugaan kasus.")  # fmt: skip
    if report.returned:
        click.echo(f"  {report.returned} artikel memakai lagi bacaan versi model ini, yang sudah ada.")
    for reason, n in report.refused.most_common():
        click.echo(f"  {n} ditolak: {reason}")
