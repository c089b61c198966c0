"""`wartawas erase`: one article, or one person's name, erased on request everywhere."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option, table_text
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from pipeline.audit import Erasure
    from pipeline.settings import Settings


@click.command(
    epilog='Example: wartawas erase --article https://kabar.example/a --reason "surat 12/2026" --by "Sekretariat"'
)
@click.option("--article", metavar="URL", help="Erase the article at this address (or with this id).")
@click.option("--person", metavar="NAME", help="Mask this person's name, at least two words, everywhere.")
@click.option("--reason", default="", help="Why: the request or the decision that asks for it.")
@click.option("--by", "who", default="", help="Who asked for it.")
@click.option("--yes", is_flag=True, help="Do not ask again; nothing brings back what was erased.")
@click.option("--log", "listed", is_flag=True, help="List the erasures that were done.")
@click.option("--json", "as_json", is_flag=True, help="Print the audit row as one object.")
@settings_option
def erase(
    article: str | None,
    person: str | None,
    reason: str,
    who: str,
    yes: bool,
    listed: bool,
    as_json: bool,
    settings: Settings,
) -> None:
    """Erase from archive, ledger, store, snapshots, search index and logs; the audit keeps that it was done.

    All earlier snapshots and the recaps in `reports` are removed. Backups that were made before still hold what
    was erased: make a new one and remove those.
    """
    if listed:
        with failures():
            _list(settings, as_json)
        return
    if bool(article) == bool(person):
        raise click.UsageError("Give --article or --person.")
    if not (reason.strip() and who.strip()):
        raise click.UsageError("Give --reason and --by: an erasure is entered with both.")
    if not yes:
        _confirm(f"Erase {article or person} for ever?")
    with failures():
        from pipeline.erase import erase_article, erase_person
        from pipeline.names import NameUnclear

        try:
            if article:
                row = erase_article(settings, article, reason=reason, who=who)
            else:
                row = erase_person(settings, person or "", reason=reason, who=who)
        except NameUnclear as error:
            raise Failure(str(error), code=2) from None
    if as_json:
        click.echo(json.dumps(asdict(row), ensure_ascii=False))
    else:
        click.echo(_line(row))


def _confirm(question: str) -> None:
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError("There is no terminal to ask: give --yes.") from None
    if not agreed:
        raise Failure("nothing was erased")


def _list(settings: Settings, as_json: bool) -> None:
    from pipeline.audit import list_erasures

    rows = list_erasures(settings.erasures)
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row), ensure_ascii=False))
        return
    head = ("nomor", "waktu", "macam", "alasan", "oleh", "halaman", "artikel")
    table = [(row.id, row.at, row.kind, row.reason, row.who, *_counts(row.figures)) for row in rows]
    click.echo(table_text(head, table, numbers={"nomor", "halaman", "artikel"}))


def _counts(figures: dict[str, Any]) -> tuple[int, int]:
    """Return how many archived pages and articles a row tells of: an erasure names them otherwise than retention."""
    pages = sum(int(figures.get(key, 0)) for key in ("emptied", "masked", "pages"))
    return pages, int(figures.get("articles", 0)) + int(figures.get("names", 0))


def _line(row: Erasure) -> str:
    figures = row.figures
    return (
        f"Penghapusan {row.id}: {figures['emptied']} halaman arsip dikosongkan, {figures['masked']} disamarkan, "
        f"{figures['articles']} artikel dihapus dan {figures['read_anew']} dibaca ulang; "
        f"{figures['saved']} halaman contoh dan snapshot lama dihapus. "
        "Buat cadangan baru dan hapus cadangan lama."
    )
