"""`wartawas crawl`: fetches what the sources have published since the last time into the archive."""

from __future__ import annotations

import difflib
import json
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option, shown, table_text
from pipeline.machine_clock import check_clock
from pipeline.zone import WIB

if TYPE_CHECKING:
    from crawler.run import CrawlOptions, CrawlReport, Progress
    from crawler.source import Source
    from pipeline.settings import Settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    epilog="Example: wartawas crawl --source poskota --source guetilang · "
    "wartawas crawl --all --window 22:00-05:00 · wartawas crawl --all --since 2024-06-01 --until 2024-12-31 · "
    "wartawas crawl --all --shard 2/4"
)
@click.option("--source", "slugs", multiple=True, metavar="SLUG", help="Source to crawl; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Crawl every source.")
@click.option("--since", type=_DAY, help="Back-fill: articles from this day on (WIB).")
@click.option("--until", type=_DAY, help="Back-fill: articles up to this day, which is included (WIB).")
@click.option("--limit", type=click.IntRange(min=1), help="Pages asked at most of each source in this run.")
@click.option(
    "--shard",
    metavar="I/N",
    help="Crawl only the I-th of N shares of the sources, into a ledger and archive of its own.",
)
@click.option("--window", metavar="HH:MM-HH:MM", help="Crawl only in this part of the night (WIB).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one object.")
@settings_option
def crawl(
    slugs: tuple[str, ...],
    everything: bool,
    shard: str | None,
    as_json: bool,
    settings: Settings,
    **span: Any,
) -> None:
    """Fetch new, changed and due pages of the sources into the archive.

    Known pages are not fetched again before they are due. The exit code is 1 where a source named with
    --source gave nothing usable, or where no source did at all.
    """
    from pipeline.cli.failure import Failure

    if everything == bool(slugs):
        raise click.UsageError("Name sources with --source, or take all with --all.")
    if span["since"] and span["until"] and span["since"] > span["until"]:
        raise click.UsageError("--since is later than --until: no day lies between them.")
    # whoever stops it wants it to end in order, as Ctrl-C does, and its own process with it
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with failures():
        check_clock()
        sources = _chosen(slugs, settings)
        if shard is not None:
            sources, settings = _share(sources, shard, settings)
        options = _options(settings, **span)
        report = _crawl(sources, options, settings)
        click.echo(json.dumps(_row(report), ensure_ascii=False) if as_json else _table(report))
        problems = {slug: r.problem for slug, r in report.by_source.items() if r.problem}
        if problems and (slugs or report.nothing_answered):
            raise Failure(_complaint(problems))


def _chosen(slugs: tuple[str, ...], settings: Settings) -> list[Source]:
    from crawler.source import SourceError, load_sources

    known = load_sources(settings.sources)
    for slug in slugs:
        if slug not in known:
            near = difflib.get_close_matches(slug, known, 3, 0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else "; see `wartawas sources list`"
            raise SourceError(f"{shown(slug)!r}: no such source{hint}")
    return [known[slug] for slug in dict.fromkeys(slugs)] or list(known.values())


def _options(
    settings: Settings,
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    window: str | None,
) -> CrawlOptions:
    from crawler.run import CrawlOptions

    return CrawlOptions(
        contact=settings.contact,
        since=since.replace(tzinfo=WIB) if since else None,
        until=until.replace(tzinfo=WIB) + timedelta(days=1) if until else None,
        limit=limit,
        ends_at=_end_of(window, datetime.now(UTC)) if window else None,
    )


def _share(sources: list[Source], shard: str, settings: Settings) -> tuple[list[Source], Settings]:
    """Return the sources of one share, and settings whose ledger and archive are that share's own."""
    from crawler.source import in_shard
    from pipeline.cli.failure import Failure

    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", shard)
    index, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= index <= count:
        raise click.UsageError(f"--shard {shard!r}: write it as 2/4, the second of four.")
    mine = in_shard(sources, index, count)
    if not mine:
        raise Failure(f"shard {index}/{count} has no source: there are fewer hosts than shards")
    return mine, settings.model_copy(update={"var": settings.var / "shards" / f"{index}-of-{count}"})


def _crawl(sources: list[Source], options: CrawlOptions, settings: Settings) -> CrawlReport:
    from crawler.run import crawl as run_crawl

    with _display(len(sources)) as show:
        return run_crawl(
            sources,
            options,
            ledger_path=settings.ledger,
            archive_root=settings.archive,
            progress=show,
        )


@contextmanager
def _display(total: int) -> Iterator[Callable[[Progress], None]]:
    """Show on a terminal how far the crawl is; give the function that takes its progress."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    seen: dict[str, Progress] = {}
    console = Console(stderr=True)
    with Bar(
        *Bar.get_default_columns(), console=console, disable=not console.is_terminal, transient=True
    ) as bar:
        task = bar.add_task("Mengambil", total=total)

        def show(progress: Progress) -> None:
            seen[progress.source] = progress
            fetched = sum(p.fetched for p in seen.values())
            done = sum(p.phase == "done" for p in seen.values())
            bar.update(task, completed=done, description=f"Mengambil ({fetched} halaman)")

        yield show


def _end_of(window: str, now: datetime) -> datetime:
    """Return when the window closes in which `now` lies. Raises Failure outside of it."""
    from pipeline.cli.failure import Failure
    from pipeline.window import WindowError, window_end

    try:
        closes = window_end(window, now)
    except WindowError:
        raise click.UsageError(f"--window {window!r}: write it as 22:00-05:00.") from None
    if closes is None:
        raise Failure(
            f"it is {now.astimezone(WIB):%H:%M} WIB, outside the window {window}; run again within it, or "
            "without --window"
        )
    return closes


def _row(report: CrawlReport) -> dict[str, object]:
    return {
        "run": report.run,
        "status": report.status,
        "seconds": round(report.seconds, 1),
        "fetched": report.fetched,
        "requests": report.requests,
        "sources": {slug: asdict(r) for slug, r in sorted(report.by_source.items())},
    }


def _table(report: CrawlReport) -> str:
    from pipeline.morning import say_problem

    head = ("ditemukan", "diambil", "berubah", "tetap", "hilang", "dilewati", "gagal", "menunggu")
    rows = []
    for slug, r in sorted(report.by_source.items()):
        skipped, failed = sum(r.skipped.values()), sum(r.failed.values())
        numbers = (r.discovered, r.fetched, r.changed, r.unchanged, r.gone, skipped, failed, r.waiting)
        rows.append((slug, *numbers, say_problem(r.problem)))
    table = table_text(("sumber", *head, "masalah"), rows, numbers=head)
    return (
        f"{table}\n\n{report.fetched} halaman diambil dengan {report.requests} permintaan "
        f"dalam {report.seconds:.1f} detik (run {report.run}, {report.status})."
    )


def _complaint(problems: Mapping[str, str]) -> str:
    first = ", ".join(f"{slug}: {shown(problem)}" for slug, problem in list(problems.items())[:3])
    more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
    return f"{first}{more}; check the network, or the source with `wartawas sources check`"
