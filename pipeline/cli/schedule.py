"""`wartawas schedule`: what starts a night every evening, for systemd or cron."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from pipeline.cli.common import failures

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(epilog="Example: sudo wartawas schedule --systemd --write /etc/systemd/system")
@click.option("--systemd", is_flag=True, help="Print a systemd service and its timer.")
@click.option("--cron", is_flag=True, help="Print a line for a crontab.")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Write the units into this folder.",
)
@click.option("--user", default="wartawas", show_default=True, help="Account that the night runs under.")
@click.option("--memory", default="3G", show_default=True, metavar="SIZE", help="Most memory of a night.")
@click.option("--settings", "file", type=_FILE, help="Settings file (default wartawas.toml of this folder).")
def schedule(
    systemd: bool, cron: bool, folder: Path | None, user: str, memory: str, file: Path | None
) -> None:
    """Print what starts `wartawas nightly` at the beginning of the night's window, with a random delay.

    It starts in the folder in which this command is called; there the settings are read.
    """
    if systemd == cron:
        raise click.UsageError("Choose --systemd or --cron.")
    if folder and cron:
        raise click.UsageError("--write is for --systemd; give the cron line to `crontab -e`.")
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", user):
        raise click.UsageError(f"--user {user!r}: no name of an account.")
    if not re.fullmatch(r"[1-9]\d*[MG]", memory):
        raise click.UsageError(f"--memory {memory!r}: write it as 3G or 900M.")
    with failures():
        from pipeline.schedule import Place, cron_line, local_zone, systemd_units
        from pipeline.settings import load_settings

        settings = load_settings(file)
        place = Place(_program(), Path.cwd(), user, file, memory)
        if cron:
            click.echo(cron_line(settings, place, local_zone()), nl=False)
            return
        units = systemd_units(settings, place)
        for name, text in units.items():
            if folder:
                (folder / name).write_text(text, encoding="utf-8")
                click.echo(f"{folder / name}")
            else:
                click.echo(f"# {name}\n{text}")
        if folder:
            click.echo(f"Next: systemctl daemon-reload && systemctl enable --now {list(units)[1]}")


def _program() -> Path:
    """Return the command as it was started, or the one beside this Python."""
    started = Path(sys.argv[0])
    beside = Path(sys.executable).parent / "wartawas"
    return started.absolute() if started.name == "wartawas" and started.is_file() else beside
