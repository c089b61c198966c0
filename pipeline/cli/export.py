"""`wartawas export`: the answer to a question as a file, with what it was made from."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.common import failures, settings_option
from pipeline.cli.failure import Failure
from pipeline.cli.query import Asked, answer_question, filter_options, question_options, take_filters

if TYPE_CHECKING:
    from pipeline.export import About
    from pipeline.settings import Settings


@click.command(epilog="Example: wartawas export kasus.xlsx rekap --wilayah 32 --jenis netralitas")
@click.argument("out", metavar="FILE", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.argument("name", default="rekap")
@click.argument("words", nargs=-1)
@filter_options
@question_options
@click.option("--limit", type=click.IntRange(0), default=0, help="Rows at most; all unless given.")
@click.option("--snapshot", type=click.IntRange(1), help="Ask this snapshot instead of the current one.")
@click.option("--koordinat", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="CSV with kode, lon, lat of regions, for the points of GeoJSON.")  # fmt: skip
@click.option("--dataset", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
              help="Write the tables as a data set for researchers instead of FILE; takes filters.")  # fmt: skip
@click.option("--texts", is_flag=True, help="With --dataset: add full texts (they belong to the outlets).")
@click.option("--officials", is_flag=True, help="With --dataset: keep the names of officials.")
@click.option("--labels", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
              help="Write what reviewers confirmed and corrected as annotated articles, with names, for"
              " `wartawas train --reviewed DIR`.")  # fmt: skip
@click.option("--force", is_flag=True, help="With --dataset: replace the data set that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one object.")
@settings_option
def export(
    out: Path | None,
    name: str,
    words: tuple[str, ...],
    settings: Settings,
    snapshot: int | None,
    limit: int,
    koordinat: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Write the answer to the question NAME into FILE: .csv, .xlsx, .parquet, .jsonl or .geojson.

    `wartawas query` lists the questions; `rekap` (the default) gives every case with its archived page. The file
    says what was filtered and whether it is complete; .csv and .jsonl say it in FILE.keterangan.json.

    --dataset DIR writes Parquet tables with their dictionary, licence, provenance and checksums; persons are
    pseudonyms, the accused are not named at all.
    """
    labels = options.pop("labels")
    if labels is not None:
        if odd := _given_besides({"labels", "snapshot", "as_json", "var", "file"}):
            raise click.UsageError(f"--labels writes all that was reviewed, and takes no {', '.join(odd)}")
        _write_labels(settings, labels, snapshot, as_json=as_json)
        return
    folder, kept = options.pop("dataset"), {key: options.pop(key) for key in ("texts", "officials", "force")}
    if folder is not None:
        if out is not None or limit or koordinat:
            raise click.UsageError("--dataset takes no FILE, question, --limit or --koordinat")
        _write_dataset(settings, folder, snapshot, {**options, **kept}, as_json=as_json)
        return
    if out is None or any(kept.values()):
        raise click.UsageError("give a FILE, or --dataset DIR (which --texts, --officials and --force need)")
    with failures():
        from pipeline.export import FORMATS, ExportError, load_points, write_export

        if out.suffix.lstrip(".").lower() not in FORMATS:
            endings = ", ".join("." + name for name in FORMATS)
            raise Failure(f"{out}: end its name in one of {endings}", code=2)
        points = load_points(koordinat) if koordinat else None
        asked, about = _prepare(settings, name, words, snapshot, options, limit=limit, path=out)
        try:
            written = write_export(asked.frame.head(about.baris), about, out, points)
        except ExportError as error:  # this answer cannot be written in this format
            raise Failure(str(error), code=2) from None
    if as_json:
        from dataclasses import asdict

        click.echo(
            json.dumps({"files": [str(path) for path in written], **asdict(about)}, ensure_ascii=False)
        )
        return
    whole = "lengkap" if about.lengkap else "TIDAK LENGKAP"
    filtered = ", ".join(f"{key} {value}" for key, value in about.saringan.items()) or "tanpa saringan"
    click.echo(f"{out}: {about.baris} baris ({whole}), {filtered}, snapshot {about.snapshot}")


def _given_besides(known: set[str]) -> list[str]:
    """Return what the command line gives beside these parameters, as it is called there."""
    context = click.get_current_context()
    given = [
        param
        for param in context.command.params
        if param.name and param.name not in known
        and context.get_parameter_source(param.name) is click.core.ParameterSource.COMMANDLINE
    ]  # fmt: skip
    return [
        param.opts[0] if isinstance(param, click.Option) else param.human_readable_name for param in given
    ]


def _write_dataset(
    settings: Settings, folder: Path, number: int | None, options: dict[str, Any], *, as_json: bool
) -> None:
    """Write the data set and say what it holds; raises Failure, with code 2 for a wrong filter."""
    from dataclasses import asdict

    from pipeline.dataset import DatasetOptions, write_dataset
    from pipeline.filters import QuestionError
    from pipeline.shelf import current_snapshot

    filters = take_filters(options)
    force, texts, officials = (bool(options.pop(key)) for key in ("force", "texts", "officials"))
    odd = [f"--{key.replace('_', '-')}" for key, value in options.items() if value is not None]
    if odd:
        raise click.UsageError(f"--dataset takes no {', '.join(odd)}")
    with failures():
        snapshot = current_snapshot(settings.snapshots, number)
        chosen = DatasetOptions(filters, texts=texts, officials=officials)
        try:
            report = write_dataset(snapshot, folder, chosen, force=force)
        except QuestionError as error:
            raise Failure(str(error), code=2) from None
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    rows = report.rows
    click.echo(
        f"{folder}: {len(rows)} tabel dari snapshot {report.snapshot}: {rows['articles']} artikel, "
        f"{rows['events']} kejadian; README.md menerangkannya, SHA256SUMS memeriksanya"
    )


def _prepare(
    settings: Settings,
    name: str,
    words: tuple[str, ...],
    snapshot: int | None,
    options: dict[str, Any],
    *,
    limit: int,
    path: Path,
) -> tuple[Asked, About]:
    """Return the answer and what is told about it; a row more than the limit is asked to see whether it cuts."""
    from pipeline.export import describe_answer
    from pipeline.questions import QUESTIONS

    given = dict(options)
    question = QUESTIONS.get(name)
    if question is not None and "limit" in question.options:
        given["limit"] = limit + 1 if limit else 0
    asked = answer_question(settings, name, words, snapshot, given)
    others = {
        key: str(value.date() if isinstance(value, datetime) else value)
        for key, value in options.items()
        if value is not None
    }
    about = describe_answer(
        (" ".join([name, *words]), QUESTIONS[name].summary), {**others, **asked.filters.given()}, asked.snapshot,
        asked.totals, rows=len(asked.frame), limit=limit, path=path, invented=asked.invented,
    )  # fmt: skip
    return asked, about


def _write_labels(settings: Settings, folder: Path, number: int | None, *, as_json: bool) -> None:
    with failures():
        from pipeline.label_export import export_labels
        from pipeline.shelf import current_snapshot

        done = export_labels(settings.reviews, current_snapshot(settings.snapshots, number), folder)
    if as_json:
        click.echo(
            json.dumps({"folder": str(folder), "written": done.written, "skipped": dict(done.skipped)})
        )
        return
    click.echo(f"{folder}: {done.written} reviewed articles, names included: keep the folder private")
    for reason, count in done.skipped.most_common():
        click.echo(f"  {count} left out: {reason}")
