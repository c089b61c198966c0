"""The command `wartawas`: one module a group of commands; heavy imports stand inside the commands."""

from __future__ import annotations

import io
import os
import sys

import click

from pipeline.cli.backfill import backfill, ingest_parts, lake
from pipeline.cli.clean import clean
from pipeline.cli.common import printing
from pipeline.cli.compare import compare
from pipeline.cli.config import config
from pipeline.cli.crawl import crawl
from pipeline.cli.demo import demo
from pipeline.cli.doctor import doctor
from pipeline.cli.erase import erase
from pipeline.cli.export import export
from pipeline.cli.extract import extract
from pipeline.cli.failure import Failure
from pipeline.cli.keep import backup, restore
from pipeline.cli.learn import evaluate, train
from pipeline.cli.nightly import morning, nightly
from pipeline.cli.process import process
from pipeline.cli.publish import publish, snapshots
from pipeline.cli.query import query
from pipeline.cli.report import report
from pipeline.cli.schedule import schedule
from pipeline.cli.serve import serve, user
from pipeline.cli.sources import sources


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wartawas")
def wartawas() -> None:
    """Read Indonesia's regional news and answer what was found about election supervision."""


for command in (
    backfill, backup, clean, compare, config, crawl, demo, doctor, erase, evaluate, export, extract, ingest_parts, lake,
    morning, nightly, process, publish, query, report, restore, schedule, serve, snapshots, sources, train, user,
):  # fmt: skip
    wartawas.add_command(command)


def _write_any_character() -> None:
    """Let no locale end a command: files and pipes get UTF-8, a terminal `?` for what it cannot show.

    Answers are full of signs (–, …, ·) that Latin-1 and ASCII lack. Whoever sets PYTHONIOENCODING gets it.
    """
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):  # not where the shell closed it
            kept = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=stream.encoding if kept else "utf-8", errors=errors)


def main() -> None:
    """Run the command line; whatever ends it early is told in one line on stderr.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    _write_any_character()
    try:
        with printing():
            sys.exit(wartawas(standalone_mode=False))
    except Failure as failure:
        click.echo(f"wartawas: {failure}", err=True)
        sys.exit(failure.code)
    except click.exceptions.NoArgsIsHelpError as error:  # a group of commands alone: its help is the message
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "wartawas"
        click.echo(f"wartawas: {error.format_message()} (`{command} --help` shows what it takes)", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("wartawas: interrupted; what was committed stands, start it again to go on", err=True)
        sys.exit(130)
