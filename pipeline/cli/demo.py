"""`wartawas demo`: the whole way of an article, shown on five invented sites."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option
from pipeline.machine_clock import check_clock

if TYPE_CHECKING:
    from pipeline.demo import DemoReport
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas demo")
@click.option("--json", "as_json", is_flag=True, help="Print one object instead of tables.")
@settings_option
def demo(as_json: bool, settings: Settings) -> None:
    """Run the main job on five invented sites on this machine: crawl, read, publish, answer.

    Everything is written to the folder `demo` inside the folder for runs; a second run fetches nothing new.
    """
    with failures():
        from pipeline.demo import run_demo
        from pipeline.progress import progress

        check_clock()
        apart = settings.model_copy(update={"var": settings.var / "demo"})
        with progress("Membaca artikel", total=None) as step:
            report = run_demo(apart, lambda text: click.echo(text, err=True), step)
        if as_json:
            click.echo(json.dumps(asdict(report), ensure_ascii=False))
        else:
            _print(report, apart)


def _print(report: DemoReport, settings: Settings) -> None:
    from pipeline.cli.query import print_answer
    from pipeline.demo import files_of
    from pipeline.demo_feeds import LABEL

    click.echo(
        f"\n{LABEL}\n\n{report.fetched} halaman baru diambil; {report.articles} artikel dibaca dalam "
        f"{report.seconds:g} detik:\n  {report.cases} dugaan kasus, {report.prevention} kegiatan pencegahan, "
        f"{report.events} kejadian setelah salinan dan kelanjutan digabung.\n"
    )
    for name in ("baru", "pencegahan"):
        print_answer(settings, name, limit=8)
    click.echo("\nBerkas:")
    for what, path in files_of(settings, report.snapshot):
        click.echo(f"  {what}: {path}")
    click.echo(
        f"\nCoba lagi:\n  wartawas query --var {settings.var} baru\n"
        f"  wartawas query --var {settings.var} kasus-per-jenis --csv"
    )
