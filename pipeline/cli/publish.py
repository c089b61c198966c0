"""`wartawas publish` and `wartawas snapshots`: publish what was read, list, roll back, prune."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.shelf import Snapshot


@click.command(epilog="Example: wartawas publish")
@click.option("--json", "as_json", is_flag=True, help="Print the snapshot's manifest as one object.")
@click.option(
    "--rebuild", is_flag=True, help="Make all copies from nothing, so that nothing old lingers in them."
)
@settings_option
def publish(as_json: bool, rebuild: bool, settings: Settings) -> None:
    """Publish what the store holds as a new snapshot that readers take at once.

    A snapshot holds a masked database, Parquet and a full-text index, and an unmasked database that only
    its owner can read. What reviewers decided at the desk holds in it. If anything fails, the earlier snapshot
    stays current.
    """
    with failures():
        from pipeline.snapshots import publish as publish_snapshot
        from pipeline.store import open_store

        with open_store(settings.store, create=False) as store:
            snapshot = publish_snapshot(store, settings.snapshots, reviews=settings.reviews, rebuild=rebuild)
    click.echo(json.dumps(snapshot.manifest, ensure_ascii=False) if as_json else _line(snapshot))


@click.group()
def snapshots() -> None:
    """List, roll back or prune published snapshots."""


@snapshots.command("list", epilog="Example: wartawas snapshots list")
@click.option("--json", "as_json", is_flag=True, help="Print one manifest a line.")
@settings_option
def list_command(as_json: bool, settings: Settings) -> None:
    """List the snapshots, the current one with a star."""
    with failures():
        from pipeline.shelf import current_number, list_snapshots

        found = list_snapshots(settings.snapshots)
        current = current_number(settings.snapshots)
    for snapshot in found:
        mark = snapshot.number == current
        if as_json:
            click.echo(json.dumps({**snapshot.manifest, "current": mark}, ensure_ascii=False))
        else:
            click.echo(f"{'*' if mark else ' '} {_line(snapshot)}")
    if not found and not as_json:
        click.echo("Belum ada snapshot; jalankan `wartawas publish`.")


@snapshots.command(epilog="Example: wartawas snapshots rollback 12")
@click.argument("number", type=click.IntRange(1))
@settings_option
def rollback(number: int, settings: Settings) -> None:
    """Make an earlier snapshot the current one; nothing is removed."""
    with failures():
        from pipeline.shelf import roll_back

        snapshot = roll_back(settings.snapshots, number)
    click.echo(_line(snapshot))


@snapshots.command(epilog="Example: wartawas snapshots prune --keep 14")
@click.option(
    "--keep", type=click.IntRange(1), default=14, show_default=True, help="Newest snapshots to keep."
)
@settings_option
def prune(keep: int, settings: Settings) -> None:
    """Remove old snapshots; the current one always stays."""
    with failures():
        from pipeline.shelf import prune_snapshots

        removed = prune_snapshots(settings.snapshots, keep)
    click.echo(f"{len(removed)} snapshot dihapus" + (f": {', '.join(map(str, removed))}" if removed else ""))


def _line(snapshot: Snapshot) -> str:
    made = snapshot.manifest
    return (
        f"snapshot {snapshot.number} · {made['published']} · {made['articles']} artikel · "
        f"{made['cases']} dugaan kasus · {made['prevention']} kegiatan pencegahan · {snapshot.path}"
    )
