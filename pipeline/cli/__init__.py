"""The command `wartawas`: one module a group of commands; heavy imports stand inside the commands."""

from __future__ import annotations

import sys

import click

from pipeline.cli.failure import Failure


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wartawas")
def wartawas() -> None:
    """Read Indonesia's regional news and answer what was found about election supervision."""


def main() -> None:
    """Run the command line; a Failure ends it with one line on stderr and exit code 1."""
    try:
        wartawas(standalone_mode=True)
    except Failure as failure:
        click.echo(f"wartawas: {failure}", err=True)
        sys.exit(1)
