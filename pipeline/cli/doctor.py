"""`wartawas doctor`: the machine is fit, and nothing was lost between discovery and finding, or it is named."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, plain, settings_option, shown

if TYPE_CHECKING:
    from pipeline.settings import Settings

_LEVELS = {"ok": ("baik", "green"), "warning": ("perhatian", "yellow"), "error": ("salah", "red")}


@click.command(epilog="Example: wartawas doctor   (a few archived records a source) · wartawas doctor --full")
@click.option(
    "--samples",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="Records to replay of each source.",
)
@click.option("--full", is_flag=True, help="Replay every record of the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a check.")
@settings_option
def doctor(samples: int, full: bool, as_json: bool, settings: Settings) -> None:
    """Check the machine, and that every page found is accounted for in ledger, archive, store and snapshot.

    Nothing is changed. The exit code is 1 where something is wrong; what only waits for the next run is a
    warning.
    """
    from pipeline.cli.failure import Failure

    errors = 0
    with failures():
        from itertools import chain

        from pipeline.doctor import examine
        from pipeline.machine_check import examine_machine

        found = chain(examine_machine(settings), examine(settings, samples=None if full else samples))
        for check in found:
            errors += check.level == "error"
            if as_json:
                click.echo(json.dumps(asdict(check), ensure_ascii=False))
            else:
                word, colour = _LEVELS[check.level]
                mark = f"{word:9}" if plain() else click.style(f"{word:9}", fg=colour)
                click.echo(f"{mark}  {check.name:11}  {shown(check.text)}")
    if errors:
        raise Failure(f"{errors} of the checks found something wrong; see the lines above")
