"""`wartawas config`: the effective settings, each with where it comes from; secrets are never shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, shown, table_text, warn_of_variables

if TYPE_CHECKING:
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas config   ·   wartawas config --example > wartawas.toml")
@click.option("--var", type=click.Path(path_type=Path, file_okay=False), help="Folder that runs write to.")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), help="Settings file (default wartawas.toml)."
)
@click.option(
    "--example", is_flag=True, help="Print a settings file with every key, its meaning and default."
)
@click.option("--json", "as_json", is_flag=True, help="Print one object a key.")
def config(var: Path | None, file: Path | None, example: bool, as_json: bool) -> None:
    """Show the settings that commands use, and whether each is a default or where it was set.

    The exit code is 1 where a value is wrong, with its key, its place and what is allowed.
    """
    from pipeline.settings_text import example_toml

    if example:
        click.echo(example_toml(), nl=False)
        return
    with failures():
        from pipeline.settings import DEFAULT, keys, trace_settings

        settings, origins = trace_settings(file, var=var)
        rows = [(key, _value(settings, key), str(origins.get(key, DEFAULT))) for key in keys()]
    if as_json:
        for key, value, origin in rows:
            click.echo(json.dumps({"key": key, "value": value, "origin": origin}, ensure_ascii=False))
    else:
        table = [(key, json.dumps(value, ensure_ascii=False), origin) for key, value, origin in rows]
        click.echo(shown(table_text(("key", "value", "origin"), table)))
    warn_of_variables()


def _value(settings: Settings, key: str) -> Any:
    from pipeline.settings import is_secret, value_of

    value: Any = settings.own_sources if key == "sources" else value_of(settings, key)
    if is_secret(key):
        return None if value is None else "(set, not shown)"
    if key == "watch":
        return [watch.model_dump() for watch in value]
    return str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
