"""`wartawas nightly`: the whole night; `wartawas morning`: the page that it wrote."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option, shown
from pipeline.machine_clock import check_clock

if TYPE_CHECKING:
    from pipeline.night_record import NightRecord
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas nightly   ·   wartawas nightly --now --source poskota")
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Source to read; may be repeated.")
@click.option("--now", is_flag=True, help="Crawl outside of the night's window too.")
@click.option("--json", "as_json", is_flag=True, help="Print the night's record as one object.")
@settings_option
def nightly(slugs: tuple[str, ...], now: bool, as_json: bool, settings: Settings) -> None:
    """Crawl, read, link, publish, report and notify; a killed night goes on where it was.

    Exit codes: 0 all is well, 1 something failed (the record says what), 3 finished with sick sources.
    """
    from pipeline.cli.failure import Failure

    # a scheduler that stops the night wants it to end in order, as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with failures():
        from pipeline.nightly import NightOptions, run_night

        check_clock()
        record = run_night(settings, NightOptions(slugs=slugs, now=now))
    if as_json:
        click.echo(json.dumps(record.as_dict(), ensure_ascii=False, default=str))
    else:
        click.echo(shown(_summary(record)))
    if record.exit_code == 1:
        raise Failure("; ".join(record.problems) or f"the night ended as {record.status}")
    sys.exit(record.exit_code)


@click.command(epilog="Example: wartawas morning   ·   wartawas morning --html > pagi.html")
@click.option("--run", help="Night to show (default: the newest).")
@click.option("--html", "as_html", is_flag=True, help="Print the page as HTML.")
@click.option("--json", "as_json", is_flag=True, help="Print the night's record as one object.")
@settings_option
def morning(run: str | None, as_html: bool, as_json: bool, settings: Settings) -> None:
    """Show what the last night brought: the page that was written, and mailed, in the morning."""
    from pipeline.cli.failure import Failure
    from pipeline.night_record import load_records, was_killed

    records = [r for r in load_records(settings.nights, 10_000) if run in (None, r.run)]
    if not records:
        raise Failure(f"{settings.nights}: no such night; run `wartawas nightly`")
    record = records[0]
    if as_json:
        click.echo(json.dumps(record.as_dict(), ensure_ascii=False, default=str))
        return
    path = settings.nights / f"{record.run}.{'html' if as_html else 'txt'}"
    if not path.is_file():
        why = "; ".join(record.problems) or record.status
        if was_killed(settings.var, record):
            why = "it was killed, or the power was cut; `wartawas nightly --now` goes on"
        elif record.status == "running":
            why = f"it still runs ({record.stages[-1].name if record.stages else 'just begun'})"
        raise Failure(f"the night {record.run} wrote no page: {why}")
    text = path.read_text(encoding="utf-8")
    click.echo(text if as_html else shown(text))


def _summary(record: NightRecord) -> str:
    words = {"done": "selesai", "failed": "GAGAL", "skipped": "dilewati", "running": "terputus"}
    lines = [
        f"{stage.name:8} {words[stage.status]:9} {stage.seconds:8.1f} s  {stage.problem or ''}".rstrip()
        for stage in record.stages
    ]
    sick = ", ".join(sorted(record.sick)) or "tidak ada"
    report = record.stage("report")
    hint = " `wartawas morning` menampilkan halaman pagi." if report and report.status == "done" else ""
    return "\n".join([*lines, f"Sumber yang sakit: {sick}.{hint}"])
