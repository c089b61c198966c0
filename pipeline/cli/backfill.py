"""`wartawas backfill`, `ingest-parts` and `lake`: years at once from WARC files, and out again as Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option, shown
from pipeline.cli.failure import Failure
from pipeline.machine_clock import check_clock

if TYPE_CHECKING:
    from pipeline.backfill.ingest import IngestReport
    from pipeline.backfill.run import BackfillReport
    from pipeline.backfill.runners import Runner
    from pipeline.settings import Settings


@click.command(
    epilog="Example: wartawas backfill arsip/ --out parts · wartawas backfill "
    "https://data.commoncrawl.org/crawl-data/CC-NEWS/2024/11/warc.paths.gz --out parts --limit 10 · "
    "wartawas backfill warc.paths.gz --out /bersama/parts --scheduler tcp://10.0.0.5:8786"
)
@click.argument("warc_or_list", nargs=-1, required=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that the parts go to.",
)
@click.option("--workers", type=click.IntRange(1), help="Processes of this machine (default: as set).")
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers read instead (tcp://…).")
@click.option("--base", metavar="URL", help="Where a list's relative paths begin.")
@click.option("--limit", type=click.IntRange(1), help="Only so many of the files, the first ones.")
@click.option("--again", is_flag=True, help="Try files in quarantine once more.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one object.")
@settings_option
def backfill(warc_or_list: tuple[str, ...], out: Path, as_json: bool, settings: Settings, **how: Any) -> None:
    """Read WARC files into one Parquet part each: pages of the sources, and Indonesian ones below .id.

    WARC_OR_LIST are WARC files, folders of them, or lists of their paths (.paths.gz), here or on the web. What
    was killed is started again and goes on. Parts are work files for `ingest-parts`: they hold names unmasked and
    are readable by their owner only. The exit code is 1 where a file has no part in the end.
    """
    if how["workers"] and how["scheduler"]:
        raise click.UsageError("Give --workers for this machine, or --scheduler for a cluster.")
    with failures():
        check_clock()
        report = _run(warc_or_list, out, settings, **how)
    click.echo(json.dumps(_report(report), ensure_ascii=False) if as_json else _summary(report, out))
    if not report.whole:
        raise Failure(_complaint(report))


def _run(
    given: tuple[str, ...], out: Path, settings: Settings, *, workers: int | None, scheduler: str | None,
    base: str | None, limit: int | None, again: bool,
) -> BackfillReport:  # fmt: skip
    from crawler.scan import Fetching
    from crawler.source import load_sources
    from nlp.model import model_version
    from pipeline.backfill.run import backfill as run_backfill
    from pipeline.backfill.unit import Plan
    from pipeline.backfill.units import find_units

    how = Fetching(settings.contact)
    plan = Plan(out.resolve(), load_sources(settings.sources), how, model_version())
    units = find_units(given, how, base, besides=plan.out)[:limit]
    with _runner(workers or settings.workers, scheduler) as runner, _display(len(units)) as show:
        return run_backfill(plan, units, runner, again=again, on_part=show)


@contextmanager
def _runner(workers: int, scheduler: str | None) -> Iterator[Runner]:
    if scheduler is None:
        from pipeline.backfill.runners import LocalRunner

        yield LocalRunner(workers)
        return
    try:
        from pipeline.backfill.dask_runner import DaskRunner
    except ImportError:
        raise Failure("--scheduler needs the extra: pip install 'wartawas[distributed]'") from None
    runner = DaskRunner(scheduler)
    click.echo(f"Dasbor Dask: {runner.dashboard}", err=True)
    try:
        yield runner
    finally:
        runner.close()


@contextmanager
def _display(total: int) -> Iterator[Callable[[BackfillReport], None]]:
    """Show on a terminal how many files are through, with the articles so far and an estimate of the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        Remaining(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Membaca berkas", total=total)

        def show(report: BackfillReport) -> None:
            through = report.done + len(report.failed) + len(report.quarantined)
            bar.update(task, completed=through, description=f"Membaca berkas ({report.articles} artikel)")

        yield show


def _report(report: BackfillReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in type(report).__slots__}


def _summary(report: BackfillReport, out: Path) -> str:
    kinds = ", ".join(f"{n} {kind}" for kind, n in report.kinds.most_common()) or "tidak ada"
    lines = [
        f"{report.done} dari {report.files} berkas selesai ({report.already} sudah ada): {report.records} rekaman, "
        f"{report.articles} artikel ({kinds}), {report.cases} dugaan kasus · {out}"
    ]
    for title, counts in (("dilewati", report.passed), ("rusak", report.broken), ("ditolak", report.refused)):
        lines += [f"  {n} {title}: {reason}" for reason, n in counts.most_common() if n]
    return "\n".join(lines)


def _complaint(report: BackfillReport) -> str:
    from crawler.scan import WarcError

    bad = {**report.failed, **report.quarantined}
    first = next(iter(bad))
    more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
    foreign = [told.startswith(WarcError.__name__) for told in report.failed.values()]
    if not foreign:
        advice = "see quarantine.jsonl; `--again` tries once more"
    else:
        advice = "give WARC files only" if all(foreign) else "start it again"
    count = f"{len(bad)} file{'s have' if len(bad) > 1 else ' has'} no part"
    return f"{count}: {shown(first)}: {shown(bad[first])}{more}; {advice}"


@click.command("ingest-parts", epilog="Example: wartawas ingest-parts parts && wartawas publish")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the report as one object.")
@settings_option
def ingest_parts(folder: Path, as_json: bool, settings: Settings) -> None:
    """Take the parts of a back-fill into the store, and link their articles to events.

    A part that was taken in already changes nothing; articles erased on request stay out.
    """
    with failures():
        from crawler.source import load_sources
        from pipeline.backfill.ingest import ingest_parts as run_ingest
        from pipeline.progress import progress
        from pipeline.store import open_store

        with open_store(settings.store) as store, progress("Memasukkan bagian") as step:
            report = run_ingest(
                store, folder, sources=load_sources(settings.sources).values(), erasures=settings.erasures,
                reviews=settings.reviews, on_part=lambda _: step(),
            )  # fmt: skip
    if as_json:
        click.echo(json.dumps({name: getattr(report, name) for name in type(report).__slots__}))
    else:
        click.echo(_ingested(report))


def _ingested(report: IngestReport) -> str:
    erased = f", {report.erased} dihapus atas permintaan" if report.erased else ""
    return (
        f"{report.fresh} bagian baru dari {report.parts}: {report.articles} artikel, {report.readings} pembacaan baru, "
        f"{report.refused} halaman ditolak{erased}; {report.events} kejadian di simpanan."
    )


@click.command(
    epilog="Example: wartawas lake danau/ · wartawas lake s3://bucket/wartawas --option endpoint_url=http://…"
)
@click.argument("target")
@click.option(
    "--snapshot", "number", type=click.IntRange(1), help="Snapshot to write (default: the current one)."
)
@click.option("--whole", is_flag=True, help="Write every file anew, not only those that changed.")
@click.option(
    "--option", "pairs", multiple=True, metavar="KEY=VALUE", help="Passed to the file system (fsspec)."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one object.")
@settings_option
def lake(
    target: str, number: int | None, whole: bool, pairs: tuple[str, ...], as_json: bool, settings: Settings
) -> None:
    """Write a published snapshot as Parquet by year, month and province, here or to object storage.

    The lake holds the masked tables only; DuckDB, pandas and `open_store` read it.
    """
    options: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise click.UsageError(f"--option {pair!r}: write it as KEY=VALUE.")
        options[key] = value
    with failures():
        from pipeline.lake import write_lake
        from pipeline.shelf import current_snapshot

        report = write_lake(
            current_snapshot(settings.snapshots, number), target, whole=whole, options=options
        )
    if as_json:
        row = {name: getattr(report, name) for name in type(report).__slots__} | {
            "tables": sorted(report.tables)
        }
        click.echo(json.dumps(row))
    else:
        click.echo(
            f"snapshot {report.snapshot}: {report.written} berkas ditulis ({report.size / 1e6:.1f} MB), "
            f"{report.kept} tetap, {report.removed} dihapus · {shown(target)}"
        )
