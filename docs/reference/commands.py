"""The command line as a reference: every command with its options, taken from the program itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from pipeline.cli import wartawas
from reference.markdown import code, plain, table

_EVERYWHERE = ("--var", "--settings", "--help")


def each_command(
    group: click.Group = wartawas, before: str = "wartawas"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its whole name ("wartawas sources add")."""
    for name, command in sorted(group.commands.items()):
        whole = f"{before} {name}"
        if isinstance(command, click.Group):
            yield from each_command(command, whole)
        else:
            yield whole, command


def commands_text() -> str:
    """Return one section a command: what it does, how it is called, its options."""
    return "\n".join(_section(name, command) for name, command in each_command())


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", (command.help or "").replace("\b", ""))]
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f"## {name}", *map(plain, paragraphs), f"```text\n{name} {usage}\n```"]
    if rows := [row for option in command.params if (row := _option(option))]:
        parts.append(table(("option", "meaning"), rows))
    if command.epilog:
        examples = command.epilog.replace("Example:", "").split("·")
        parts.append("Example: " + " · ".join(code(" ".join(one.split())) for one in examples))
    return "\n\n".join(parts) + "\n"


def _option(parameter: click.Parameter) -> list[str] | None:
    if not isinstance(parameter, click.Option) or set(parameter.opts) & set(_EVERYWHERE):
        return None
    meaning = plain(parameter.help or "")
    if isinstance(parameter.type, click.Choice):
        meaning += " One of " + ", ".join(code(choice) for choice in parameter.type.choices) + "."
    if parameter.required:
        meaning += " Needed."
    return [", ".join(code(name) for name in parameter.opts), meaning]
