"""`wartawas backup` and `wartawas restore`: what must not be lost, kept elsewhere and brought back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from pipeline.backup import Backup
    from pipeline.settings import Settings

_PATH = click.Path(path_type=Path)


@click.command(epilog="Example: wartawas backup /mnt/cadangan   ·   wartawas backup senin.tar --archive")
@click.argument("target", type=_PATH)
@click.option("--archive", is_flag=True, help="Copy the archived pages too; else they are only listed.")
@click.option("--check", is_flag=True, help="Write nothing: check the backup that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what it holds as one object.")
@settings_option
def backup(target: Path, archive: bool, check: bool, as_json: bool, settings: Settings) -> None:
    """Back up ledger, store, reviews and the archive's manifest to TARGET, a folder or a .tar file.

    A folder is brought up to date. Every file has its checksum, and is read again before the command ends.
    """
    with failures():
        from pipeline.backup import check_backup, make_backup

        made = check_backup(target) if check else make_backup(settings, target, archive=archive)
    _tell(made, as_json)


@click.command(epilog="Example: wartawas restore /mnt/cadangan --var /srv/wartawas/var")
@click.argument("source", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print what was restored as one object.")
@settings_option
def restore(source: Path, as_json: bool, settings: Settings) -> None:
    """Restore a backup into an empty folder, check it, and publish a snapshot from it.

    The folder is there when all of it is: whatever is interrupted is started again from nothing. What was erased
    after the backup was made comes back with it: repeat those erasures.
    """
    unpublished: list[str] = []

    def publish_restored(draft: Settings) -> None:
        from pipeline.shelf import SnapshotError
        from pipeline.snapshots import publish
        from pipeline.store import open_store

        if not draft.store.is_file():
            return
        try:
            with open_store(draft.store, create=False) as store:
                publish(store, draft.snapshots, reviews=draft.reviews, rebuild=True)
        except SnapshotError as error:  # what was restored is worth keeping without it
            unpublished.append(str(error).replace(str(draft.var), str(settings.var)))

    with failures():
        from pipeline.backup import restore_backup

        try:
            made = restore_backup(settings, source, publish_restored)
        except KeyboardInterrupt:
            raise Failure("interrupted; nothing was restored, start it again", code=130) from None
    _tell(made, as_json, advice="cadangan dengan `wartawas backup --archive` membawanya juga")
    if unpublished:
        raise Failure(f"restored, but {unpublished[0]}; run `wartawas publish --rebuild`")


def _tell(made: Backup, as_json: bool, advice: str = "--archive menyalinnya juga") -> None:
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False))
        return
    click.echo(f"Cadangan {made.made}: {len(made.files)} berkas, {made.bytes / 1e6:.1f} MB, checksum cocok.")
    pages = f"{len(made.archive)} berkas arsip {'ikut disalin' if made.whole else 'hanya didaftar'}"
    click.echo(f"{pages}." if made.whole else f"{pages}; {advice}.")
