"""`wartawas serve` and `wartawas user`: the analysts' desk, and who may use it."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.web.accounts import Accounts

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # M_… of mallopt(3)


@click.command(epilog="Example: wartawas serve --port 8765   (then open http://127.0.0.1:8765)")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--name", "names", multiple=True, help="Host name under which the desk is reached (a proxy's).")
@click.option(
    "--proxy", help="Address of a reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed."
)
@settings_option
def serve(host: str, port: int, names: tuple[str, ...], proxy: str | None, settings: Settings) -> None:
    """Serve the analysts' desk over the published snapshots.

    Without accounts it answers on this machine only and shows masked names; `wartawas user add` makes one.
    """
    _hold_memory_together()  # before anything that holds memory is loaded
    import uvicorn

    from pipeline.web.app import make_app

    with failures():
        app = make_app(settings, hosts=frozenset({*_LOOPBACK, host.lower(), *(n.lower() for n in names)}))
    if host not in _LOOPBACK and not app.state.has_accounts():
        raise Failure(
            f"{host}: without accounts the desk listens on this machine only; make one with `wartawas user add`",
            code=2,
        )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"{host} port {port}: cannot listen there ({error.strerror}); choose another --port"
            ) from None
    if not settings.snapshots.is_dir():
        click.echo("wartawas: nothing has been published yet; the desk will say so", err=True)
    click.echo(f"Meja kerja: http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl-C menghentikan)")
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=30,
        proxy_headers=proxy is not None, forwarded_allow_ips=proxy,
    )  # fmt: skip


def _hold_memory_together() -> None:
    """Let all threads share two arenas: with one each, what requests gave back would stay theirs for ever.

    Tables go back at once: they lie outside of the arenas, and Arrow keeps no pool of its own.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(OSError, AttributeError):  # another C library than glibc does not know it
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENA_MAX, 2)
        libc.mallopt(_MMAP_THRESHOLD, 256 * 1024)


@click.group()
def user() -> None:
    """Make, change and list the accounts of the desk."""


@user.command(epilog="Example: wartawas user add sari --role tinjau")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["lihat", "tinjau", "admin"]), default="lihat", show_default=True,
    help="lihat reads, tinjau sees names and reviews, admin sees the audit trail too.",
)  # fmt: skip
@click.option("--password-file", type=click.File("r"), help="File with the password (-: standard input).")
@settings_option
def add(name: str, role: str, password_file: TextIO | None, settings: Settings) -> None:
    """Make an account NAME; the password is asked for."""
    with failures():
        _accounts(settings).add(name, _password(password_file), role)  # type: ignore[arg-type]
    click.echo(f"{name}: {role}")


@user.command("list", epilog="Example: wartawas user list")
@settings_option
def list_users(settings: Settings) -> None:
    """List the accounts with their roles."""
    for account in _accounts(settings).users():
        click.echo(f"{account.name}\t{account.role}")


@user.command("set", epilog="Example: wartawas user set sari --role admin")
@click.argument("name")
@click.option("--role", type=click.Choice(["lihat", "tinjau", "admin"]), help="New role.")
@click.option("--password", "ask", is_flag=True, help="Ask for a new password.")
@click.option("--password-file", type=click.File("r"), help="File with the new password (-: standard input).")
@click.option("--mail", help="Address for the digests of saved filters; '' for none.")
@settings_option
def change(
    name: str, role: str | None, ask: bool, password_file: TextIO | None, mail: str | None, settings: Settings
) -> None:
    """Change an account's role, password or mail address; a new role or password logs it out everywhere."""
    if role is None and not ask and password_file is None and mail is None:
        raise click.UsageError("give --role, --password, --password-file or --mail")
    password = _password(password_file) if ask or password_file else None
    with failures():
        if mail is not None:
            _accounts(settings).set_mail(name, mail)
        if password is not None or role is not None:
            _accounts(settings).change(name, password=password, role=role)  # type: ignore[arg-type]
    click.echo(f"{name}: changed")


@user.command(epilog="Example: wartawas user remove sari")
@click.argument("name")
@settings_option
def remove(name: str, settings: Settings) -> None:
    """Remove an account; its audit trail stays."""
    with failures():
        _accounts(settings).remove(name)
    click.echo(f"{name}: removed")


def _accounts(settings: Settings) -> Accounts:
    from pipeline.web.accounts import Accounts

    return Accounts(settings.var / "desk" / "accounts.sqlite")


def _password(file: TextIO | None) -> str:
    if file is not None:
        return file.read().rstrip("\r\n")
    try:
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError(
            "There is no terminal to ask: give --password-file (-: standard input)."
        ) from None
    return password
