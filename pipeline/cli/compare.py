"""`wartawas compare`: what changed between two snapshots, split into news, model and reviews."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option

if TYPE_CHECKING:
    from pipeline.compare import Comparison
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas compare 11 12")
@click.argument("old", type=click.IntRange(1))
@click.argument("new", type=click.IntRange(1))
@click.option("--details", is_flag=True, help="List the events that changed, at most 1,000.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@settings_option
def compare(old: int, new: int, details: bool, as_json: bool, settings: Settings) -> None:
    """Say what changed from snapshot OLD to NEW, and how much of it news, another model or reviewers brought."""
    with failures():
        from pipeline.compare import compare_snapshots
        from pipeline.shelf import current_snapshot

        found = compare_snapshots(
            current_snapshot(settings.snapshots, old),
            current_snapshot(settings.snapshots, new),
            settings.reviews,
        )
    if as_json:
        click.echo(json.dumps(_as_object(found, details=details), ensure_ascii=False))
    else:
        _print(found, details=details)


def _as_object(found: Comparison, *, details: bool) -> dict[str, object]:
    from pipeline.tables import json_rows

    def rows(frame: object) -> list[object]:
        return [json.loads(row) for row in json_rows(frame)]  # type: ignore[arg-type]

    told: dict[str, object] = {
        "old": found.old,
        "new": found.new,
        "models": {"old": list(found.models[0]), "new": list(found.models[1])},
        "totals": rows(found.totals),
        "changed": rows(found.changed),
    }
    return {**told, "changes": rows(found.changes)} if details else told


def _print(found: Comparison, *, details: bool) -> None:
    from pipeline.cli.query import print_frame

    same = found.models[0] == found.models[1]
    models = "model sama" if same else f"model {', '.join(found.models[0])} → {', '.join(found.models[1])}"
    print_frame(found.totals, f"snapshot {found.old} → {found.new} · {models}")
    print_frame(found.changed, "kejadian yang berubah, menurut sebab")
    if details:
        print_frame(found.changes, "satu per satu")
