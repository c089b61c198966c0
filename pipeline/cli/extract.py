"""`wartawas extract`: what clean texts say, without a crawl and without a store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, open_console, settings_option, shown
from pipeline.cli.failure import Failure

if TYPE_CHECKING:
    from crawler.source import Source
    from nlp.records import Document, Extraction
    from pipeline.settings import Settings

_KEYS = (
    "id kind confidence flags election types bentuk event cases officials roles_present mentions stats "
    "legal_refs"
).split()


@click.command(epilog="Example: wartawas extract artikel.txt · wartawas extract artikel.jsonl --json")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one object a document, in the order read.")
@settings_option
def extract(files: tuple[Path, ...], as_json: bool, settings: Settings) -> None:
    """Print what each text says: kind, cases with their evidence, officials, places, dates, figures.

    FILES are texts, with their headline on the first line if they have one, or JSON Lines with {"id", "url",
    "title", "text", "published", "outlet", "flags"}, where only id and text are needed. Pages with markup go
    through `wartawas clean` first.
    """
    with failures():
        documents = list(_documents(files, settings))
        from nlp.model import load_model

        model = load_model()
        for number, extraction in enumerate(model.extract_many(documents)):
            if as_json:
                click.echo(json.dumps(as_row(extraction), ensure_ascii=False))
            else:
                _show(documents[number], extraction)


def as_row(extraction: Extraction) -> dict[str, Any]:
    """Return an extraction as the documented JSON object."""
    values = extraction.as_dict()
    return {key: values[key] for key in _KEYS}


def _documents(files: tuple[Path, ...], settings: Settings) -> Iterator[Document]:
    from crawler.source import load_sources
    from nlp.records import Document
    from pipeline.intake import HTML, ROW, name_of, read_files
    from pipeline.markup import to_text

    sources = load_sources(settings.sources)
    for given in read_files(files):
        if given.content_type == ROW:
            yield _from_row(json.loads(given.body), given.url, sources)
        elif given.content_type.startswith(HTML):
            raise Failure(
                f"{name_of(given.url)}: a page with markup: make it text with `wartawas clean` first"
            )
        else:
            yield Document(id=name_of(given.url), text=to_text(given.body))


def _from_row(row: dict[str, Any], where: str, sources: dict[str, Source]) -> Document:
    """Return a line of JSON Lines as a document; the outlet's home region comes from its source."""
    from crawler.source import find_source
    from nlp.records import Document

    if not isinstance(row.get("text"), str):
        raise Failure(f'{where}: needs "text"; a page with "html" goes through `wartawas clean` first')
    flags = row.get("flags") or []
    if not isinstance(flags, list) or not all(isinstance(flag, str) for flag in flags):
        raise Failure(f"{where}: flags must be a list of words (value {flags!r})")
    known = [find_source(sources, address) for address in (row.get("url"), row.get("outlet")) if address]
    source = next(filter(None, known), None)
    return Document(
        id=str(row.get("id") or where),
        text=row["text"],
        title=row.get("title"),
        url=row.get("url"),
        published=_moment(row.get("published"), source),
        outlet=row.get("outlet"),
        home=source.home if source else None,
        flags=tuple(flags),
    )


def _moment(written: str | None, source: Source | None) -> Any:
    """Return a publication time with its zone: as written, else the outlet's, else WIB."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pipeline.zone import WIB

    if not written:
        return None
    moment = datetime.fromisoformat(written)  # checked when the line was read
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(source.zone) if source else WIB)


def _show(document: Document, extraction: Extraction) -> None:
    from pipeline.cli.extract_view import view

    console = open_console(highlight=False, soft_wrap=True)
    for line in view(document, extraction):
        console.print(line)
    console.print(shown(""))
