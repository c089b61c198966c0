"""What every command shares: its settings, one-line failures, hostile text made safe for a terminal."""

from __future__ import annotations

import errno
import os
import pwd
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from rich.console import Console

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def settings_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --var and --settings, and pass it the loaded Settings as `settings`."""

    @click.option(
        "--var", type=click.Path(path_type=Path, file_okay=False), help="Folder that runs write to."
    )
    @click.option(
        "--settings", "file", type=click.Path(path_type=Path), help="Settings file (default wartawas.toml)."
    )
    @wraps(function)
    def wrapped(*args: Any, var: Path | None, file: Path | None, **options: Any) -> Any:
        from pipeline.settings import load_settings

        with failures():  # the folder may be another account's wherever a command looks into it
            settings = load_settings(file, var=var)
            warn_of_variables()
            with _private(settings.var):
                return function(*args, settings=settings, **options)

    return wrapped


@contextmanager
def _private(var: Path) -> Iterator[None]:
    """Let the command that makes the folder for runs make it for this account alone: names stand all over it."""
    before = None if var.exists() else os.umask(0o077)
    try:
        yield
    finally:
        if before is not None:
            os.umask(before)


def warn_of_variables() -> None:
    """Say on stderr which variables WARTAWAS_* name no setting: whoever set one believes that it works."""
    from pipeline.settings import unknown_variables

    for name in unknown_variables(os.environ):
        click.echo(f"wartawas: {shown(name)} names no setting and is not used", err=True)


@contextmanager
def failures() -> Iterator[None]:
    """Turn every error that the packages raise for bad input or a bad environment into a Failure."""
    try:
        yield
    except Failure:
        raise
    except (ValueError, RuntimeError) as error:
        # only our own exceptions carry a message for people; anything else is a defect and shows its trace
        if type(error).__module__.partition(".")[0] in {"crawler", "nlp", "pipeline"}:
            raise Failure(str(error)) from None
        if str(error) == "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise KeyboardInterrupt from None
        raise
    except _out_of_memory() as error:
        reason = str(error).partition("\n")[0] or "no more to be had"
        raise Failure(
            f"not enough memory ({reason}): give this command more, or ask for less at once"
        ) from None
    except PermissionError as error:
        if error.filename is None:
            raise
        whose = f" ({owner})" if (owner := _owner(Path(str(error.filename)))) else ""
        raise Failure(f"{error.filename}: no permission to use this file or folder{whose}") from None
    except FileExistsError as error:
        raise Failure(f"{error.filename}: is there already: a file, or a link that leads nowhere") from None
    except OSError as error:
        if error.filename is None:
            raise
        raise Failure(f"{error.filename}: {error.strerror}") from None


@contextmanager
def printing() -> Iterator[None]:
    """Turn it into a Failure where standard output takes no more, as a file on a full disk; a closed pipe is no news.

    What is printed may wait in Python's buffer until the end, so that is emptied here.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout:  # there is none where whoever started it closed it
                sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or not _is_stuck():
            raise
        if error.errno == errno.EPIPE:
            sys.exit(1)
        raise Failure(f"standard output: {error.strerror}; what was to be printed is not all there") from None


def _is_stuck() -> bool:
    """Return whether standard output takes not even the end of a line; then it goes nowhere from now on."""
    try:
        print(flush=True)  # noqa: T201
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def _out_of_memory() -> tuple[type[BaseException], ...]:
    """Return what tells that memory is short; DuckDB's only where it was loaded: importing it takes its time."""
    duckdb = sys.modules.get("duckdb")
    return (MemoryError, duckdb.OutOfMemoryException) if duckdb else (MemoryError,)


def _owner(path: Path) -> str | None:
    """Return who owns a path, or the folder that hides it, as far as this account may know."""
    for place in (path, *path.absolute().parents):
        try:
            number = place.stat().st_uid
        except OSError:
            continue
        try:
            return f"{place} belongs to {pwd.getpwuid(number).pw_name}"
        except KeyError:
            return f"{place} belongs to account {number}"
    return None


def shown(text: str) -> str:
    """Return `text` without control and direction characters, fit for a terminal."""
    return _CONTROL.sub("�", text)


def plain() -> bool:
    """Return whether nothing is to be coloured, bold or italic: whoever sets NO_COLOR wants bare text."""
    return bool(os.environ.get("NO_COLOR"))


def open_console(**options: Any) -> Console:
    """Return the console for a command's answer."""
    from rich.console import Console

    return Console(color_system=None if plain() else "auto", **options)


def table_text(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Container[str] = ("artikel",)
) -> str:
    """Return rows as a table for a terminal; columns of `numbers` stand to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(shown(str(value)) for value in row))
    # no bold head: whoever prints the table makes its text safe, and would show the codes as signs
    width = None if Console().is_terminal else 160
    console = Console(width=width, markup=False, color_system=None)
    with console.capture() as text:
        console.print(table)
    return "\n".join(line.rstrip() for line in text.get().rstrip().splitlines())
