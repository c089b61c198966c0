"""`wartawas sources health`: which sources are well, which had no news, and which are broken, and why."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option, shown, table_text
from pipeline.cli.source_choice import chosen_sources

if TYPE_CHECKING:
    from crawler.health import Health, Quality
    from crawler.source import Source
    from pipeline.settings import Settings

SICK = 3  # the exit code where a source is broken
_STATUS = {"ok": "baik", "no_news": "tak ada berita", "broken": "rusak", "unknown": "belum dirayapi"}


@click.command(epilog="Example: wartawas sources health --json")
@click.argument("slugs", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Show sources that were never crawled too.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a source.")
@settings_option
def health(slugs: tuple[str, ...], everything: bool, as_json: bool, settings: Settings) -> None:
    """Tell sources without news from broken ones, by the last night, their history and their expectations.

    Without SLUGS, every source that was ever crawled is judged; one that has no source file any more (as those of
    the demo) is only named. The exit code is 3 where one is broken.
    """
    from pipeline.cli.failure import Failure

    with failures():
        from crawler.health import source_health
        from crawler.ledger import Ledger

        if not settings.ledger.is_file():
            raise Failure(f"{settings.ledger}: no crawl yet, so nothing is known; run `wartawas crawl`")
        chosen = chosen_sources(slugs, settings)
        with Ledger(settings.ledger) as ledger:
            found = source_health(ledger, chosen, _quality(settings))
            unknown = set() if slugs else ledger.tally.sources() - {source.slug for source in chosen}
    crawled = [one for one in found if slugs or everything or one.status != "unknown"]
    if as_json:
        for one in crawled:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
    else:
        click.echo(_table(crawled, chosen))
    if unknown:
        names = shown(", ".join(sorted(unknown)))
        click.echo(f"wartawas: crawled but not judged, for no source file is theirs: {names}", err=True)
    if any(one.status == "broken" for one in crawled):
        sys.exit(SICK)


def _quality(settings: Settings) -> dict[str, Quality]:
    from pipeline.database import StoreError
    from pipeline.source_quality import source_quality

    if not settings.store.is_file():
        return {}
    try:
        return source_quality(settings.store)
    except StoreError as error:
        click.echo(f"wartawas: dates and lengths of texts were not judged: {error}", err=True)
        return {}


def _table(found: list[Health], chosen: list[Source]) -> str:
    from pipeline.morning import load_words, say_problem

    order, words = ["broken", "no_news", "ok", "unknown"], load_words()["findings"]
    rows = [
        (
            one.source,
            _STATUS[one.status],
            one.night or "-",
            one.discovered if one.night else "-",
            "-" if one.usual is None else f"{one.usual:g}",
            "; ".join(words[finding] for finding in one.findings)
            + (f" ({say_problem(one.problem)})" if one.problem else ""),
        )
        for one in sorted(found, key=lambda one: (order.index(one.status), one.source))
    ]
    head = ("sumber", "keadaan", "malam", "artikel baru", "biasanya", "sebab")
    counts = ", ".join(
        f"{n} {_STATUS[status]}" for status in order if (n := sum(one.status == status for one in found))
    )
    table = table_text(head, rows, numbers={"artikel baru", "biasanya"})
    return shown(
        f"{table}\n\n{len(found)} dari {len(chosen)} sumber yang dikenal pernah dirayapi: {counts or '-'}."
    )
