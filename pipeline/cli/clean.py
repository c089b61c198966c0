"""`wartawas clean`: the article of one page or of many, without a crawl and without a store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import failures, settings_option, shown
from pipeline.machine_clock import is_past

if TYPE_CHECKING:
    from crawler.source import Source
    from pipeline.article import Article, Refusal
    from pipeline.intake import Given
    from pipeline.settings import Settings

TIMEOUT_S = 10.0
MEMORY_MB = 1024


@click.command(
    epilog="Example: wartawas clean page.html --url https://kabar.example/berita/1\n\n"
    "Example: wartawas clean pages.jsonl --json"
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="Address of the page, where FILES is one HTML or text file.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a page, in the order read.")
@settings_option
def clean(files: tuple[Path, ...], url: str | None, as_json: bool, settings: Settings) -> None:
    """Print the article of each page: title, author, time, text, and what was dropped around it.

    FILES are HTML or text files, folders of them, or JSON Lines with {"id", "url", "html"} or {"id", "text"}.
    A page that gives no article is named with its reason; a single one ends the command with exit code 1.
    """
    from pipeline.article import Refusal
    from pipeline.cli.failure import Failure

    with failures():
        if is_past(datetime.now(UTC)):
            click.echo(
                "wartawas: the clock of this machine is wrong, so no time counts as one of the future",
                err=True,
            )
        pages = _read(files, url)
        good = 0
        for page, result in _clean_all(pages, settings):
            good += not isinstance(result, Refusal)
            if isinstance(result, Refusal) and len(pages) == 1:
                raise Failure(f"{page.name}: no article ({result.reason}): {shown(result.detail)}")
            click.echo(json.dumps(as_row(result), ensure_ascii=False) if as_json else _readable(result))
        if not good:
            raise Failure(f"none of {len(pages)} pages gave an article; the reasons stand above")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to clean: how messages name it, the id that it was given, its address."""

    name: str
    id: str | None
    url: str | None
    given: Given


def as_row(result: Article | Refusal) -> dict[str, object]:
    """Return an article as the documented JSON object, or a refusal as {id, url, refused, detail}."""
    from pipeline.article import Refusal

    if isinstance(result, Refusal):
        return {"id": result.id, "url": result.url, "refused": result.reason, "detail": result.detail}
    return {
        "id": result.id,
        "url": result.url,
        "outlet": result.outlet,
        "title": result.title,
        "author": result.author,
        "published": result.published and result.published.isoformat(timespec="minutes"),
        "modified": result.modified and result.modified.isoformat(timespec="minutes"),
        "dateline": result.dateline,
        "text": result.text,
        "language": result.language,
        "quality": result.quality,
        "flags": list(result.flags),
        "provenance": result.provenance,
        "dropped": [{"kind": dropped.kind, "text": dropped.text} for dropped in result.dropped],
    }


def _read(files: tuple[Path, ...], url: str | None) -> list[_Page]:
    from pipeline.cli.failure import Failure
    from pipeline.intake import ROW, name_of, read_files

    pages = []
    for given in read_files(files):
        row = json.loads(given.body) if given.content_type == ROW else {}
        number = str(row.get("id") or "") or None
        address = row.get("url") if row else (None if given.url.startswith("file:") else given.url)
        pages.append(_Page(number or name_of(given.url), number, address, given))
    if url is not None:
        if len(pages) != 1:
            raise Failure(f"--url names the address of one page, but FILES hold {len(pages)}")
        if not url.lower().startswith(("http://", "https://")):
            raise Failure(f"--url {url!r}: an address begins with http:// or https://")
        pages = [replace(pages[0], url=url)]
    return pages


def _clean_all(pages: list[_Page], settings: Settings) -> Iterator[tuple[_Page, Article | Refusal]]:
    from functools import partial

    from pipeline.article import Refusal
    from pipeline.clean import make_id
    from pipeline.workers import Failed, WorkerPool

    workers = min(settings.workers, len(pages))
    start = partial(load_state, settings.sources)
    with WorkerPool(start, clean_one, workers=workers, timeout_s=TIMEOUT_S, memory_mb=MEMORY_MB) as pool:
        for page, result in pool.map(pages):
            if isinstance(result, Failed):
                identity = page.id or make_id(page.url or page.given.url)
                yield page, Refusal(identity, page.url, result.reason, result.detail)
            else:
                yield page, result


def load_state(folder: Path | None) -> dict[str, Source]:
    """Return what a worker needs: the known sources."""
    from crawler.source import load_sources

    return load_sources(folder)


def clean_one(sources: dict[str, Source], page: _Page) -> Article | Refusal:
    """Return the article of one page, or why it has none (run in a worker process)."""
    from crawler.source import find_source
    from pipeline.clean import clean_page, clean_text, make_id
    from pipeline.intake import ROW, TEXT
    from pipeline.markup import to_text

    given, url = page.given, page.url
    identity = page.id or make_id(url or given.url)
    source = find_source(sources, url) if url else None
    if given.content_type == ROW:
        row = json.loads(given.body)
        if row.get("html"):
            body = row["html"].encode("utf-8", "replace")
            return clean_page(
                body, url=url, content_type="text/html; charset=utf-8", source=source, article_id=identity
            )
        known = {key: row.get(key) for key in ("title", "published", "outlet")}
        return clean_text(row["text"], id=identity, url=url, source=source, **known)
    if given.content_type == TEXT:
        return clean_text(to_text(given.body), id=identity, url=url, source=source)
    return clean_page(
        given.body, url=url, content_type=given.content_type, source=source, article_id=identity
    )


def _readable(result: Article | Refusal) -> str:
    from pipeline.article import Refusal

    if isinstance(result, Refusal):
        return shown(f"{result.id}: ditolak ({result.reason}): {result.detail}\n")
    when = result.published.strftime("%d-%m-%Y %H:%M %Z") if result.published else "-"
    head = [
        result.title or "(tanpa judul)",
        f"{result.outlet or '-'} · {when} · {result.author or '-'}",
        f"bahasa {result.language} · mutu {result.quality:.2f}",
        *([f"tanda: {', '.join(result.flags)}"] if result.flags else []),
        *([f"tempat: {result.dateline}"] if result.dateline else []),
    ]
    dropped = [f"  [{row.kind}] {row.text}" for row in result.dropped]
    tail = ["", f"Dibuang ({len(dropped)}):", *dropped] if dropped else []
    return shown("\n".join([*head, "", result.text, *tail, ""]))
