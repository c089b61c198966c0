"""The command `wartawas`: one module a group of commands; heavy imports stand inside the commands."""

from __future__ import annotations

import sys

import click

from pipeline.cli.clean import clean
from pipeline.cli.crawl import crawl
from pipeline.cli.demo import demo
from pipeline.cli.doctor import doctor
from pipeline.cli.extract import extract
from pipeline.cli.failure import Failure
from pipeline.cli.learn import evaluate, train
from pipeline.cli.process import process
from pipeline.cli.publish import publish, snapshots
from pipeline.cli.query import query
from pipeline.cli.sources import sources


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wartawas")
def wartawas() -> None:
    """Read Indonesia's regional news and answer what was found about election supervision."""


for command in (
    clean, crawl, demo, doctor, evaluate, extract, process, publish, query, snapshots, sources, train,
):  # fmt: skip
    wartawas.add_command(command)


def main() -> None:
    """Run the command line; a Failure ends it with one line on stderr and exit code 1."""
    try:
        wartawas(standalone_mode=True)
    except Failure as failure:
        click.echo(f"wartawas: {failure}", err=True)
        sys.exit(1)
