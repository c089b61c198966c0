"""Archived pages → articles → extractions → events in the store: the second half of a night.

Cleaning and extraction run in worker processes, several pages at a time; a batch that kills its worker is
tried again page by page, so that only the guilty page is lost, with its reason. Everything can be run again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from crawler.archive import read_page
from crawler.ledger import Ledger, store_file
from crawler.records import Capture, RawPage
from crawler.source import Source, find_source
from nlp.model import Model, load_model, model_version
from nlp.records import Document, Extraction
from pipeline import events, ids
from pipeline.article import Article, Refusal
from pipeline.chunks import chunks
from pipeline.clean import clean_page, clean_text, join_parts
from pipeline.intake import ROW, TEXT, Given
from pipeline.markup import to_utf8
from pipeline.settings import Settings
from pipeline.store import Store, StoredArticle
from pipeline.workers import Failed, WorkerPool

BATCH = 16  # pages a task: long enough for the model's batches, short enough to spread over the workers
TIMEOUT_S = 20.0  # a page; a batch may take as many times that
MEMORY_MB = 1500
GIVEN = "berkas"  # the source of files that were given by hand


@dataclass(frozen=True, slots=True)
class Job:
    """The captures that make one article, in page order, and the source that they came from."""

    captures: tuple[Capture, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a job: an article with its extraction, or a refusal."""

    job: Job
    article: Article | None
    extraction: Extraction | None
    refusal: Refusal | None = None


@dataclass(slots=True)
class ProcessReport:
    """What a run read: pages, articles, refusals by reason, kinds, cases, and the events linked.

    `last` is the capture up to which this run, and those before it, left none unread; `returned` counts the articles
    that another version had read since this one, and whose reading is this one's again.
    """

    pages: int = 0
    returned: int = 0
    articles: int = 0
    cases: int = 0
    events: int = 0
    last: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Reader:
    """What a worker process holds: the archive's folder, the sources, the loaded model."""

    archive: Path
    sources: dict[str, Source]
    model: Model


def import_files(given: Iterable[Given], settings: Settings, run: str) -> list[Capture]:
    """Archive files given by hand and return their captures; the same file twice is archived once."""
    with Ledger(settings.ledger) as ledger:
        return [
            store_file(
                ledger, settings.archive, source=GIVEN, url=item.url, body=item.body,
                content_type=item.content_type, run=run,
            )
            for item in given
        ]  # fmt: skip


def process(
    settings: Settings,
    store: Store,
    sources: Mapping[str, Source],
    *,
    only: Iterable[Capture] | None = None,
    whole: bool = False,
    on_reading: Callable[[Reading], None] | None = None,
) -> ProcessReport:
    """Read every capture that this model version has not read yet (or those of `only`) into the store.

    Where it was put back after another one, its own readings hold again. With `whole` the archive is looked through
    from its beginning, else from where runs that ended came to. Articles appear in the store batch by batch, in the
    order of the archive; a killed run is simply started again. Returns what was read; raises StoreError or
    WorkerPoolError where nothing can be read at all.
    """
    version = model_version()
    report = ProcessReport()
    # the ledger comes first: one that cannot be read must leave the store as it was
    with Ledger(settings.ledger) as ledger:
        run = store.begin_run("process", version)
        store.store_sources(sources.values())
        if only is None:
            report.returned = store.point_to(version)  # a model that was put back is not asked again
            report.last = 0 if whole else store.looked_up_to(version)
            captures = _noted(ledger.captures(report.last), report)
            jobs = _jobs(ledger, captures, sources, partial(store.pending, model_version=version))
        else:
            # files are read again when they are given again: whoever asks wants to see the answer
            jobs = _jobs(ledger, only, sources, list)
        for readings in chunks(_read(jobs, settings, dict(sources)), 4 * BATCH):
            _store(store, readings, version, run)
            for reading in readings:
                _count(report, reading)
                if on_reading:
                    on_reading(reading)
    report.events = events.link_events(store, settings.reviews)
    store.end_run(run, _counts(report))
    return report


def _counts(report: ProcessReport) -> dict[str, object]:
    return {
        "pages": report.pages, "articles": report.articles, "cases": report.cases, "returned": report.returned,
        "kinds": dict(report.kinds), "refused": dict(report.refused), "last": report.last,
    }  # fmt: skip


def _noted(captures: Iterable[Capture], report: ProcessReport) -> Iterator[Capture]:
    for capture in captures:
        yield capture
        report.last = capture.id


def _count(report: ProcessReport, reading: Reading) -> None:
    report.pages += len(reading.job.captures)
    if reading.refusal:
        report.refused[reading.refusal.reason] += 1
    if reading.extraction:
        report.articles += 1
        report.kinds[reading.extraction.kind] += 1
        report.cases += len(reading.extraction.cases)


def _jobs(
    ledger: Ledger,
    captures: Iterable[Capture],
    sources: Mapping[str, Source],
    pending: Callable[[Iterable[Capture]], list[Capture]],
) -> Iterator[Job]:
    """Yield the work: those of the captures that are pending, with the other pages of their articles."""
    bodies = (capture for capture in captures if capture.kind != "revisit")
    seen: set[tuple[int, ...]] = set()
    for chunk in chunks(bodies, 1000):
        waiting = {capture.id for capture in pending(chunk)}
        for capture in chunk:
            if capture.id not in waiting:
                continue
            source = sources.get(capture.source)
            pages = [c for c in ledger.article_captures(capture.article_url) if c.kind != "revisit"]
            for group in generations(pages):
                key = tuple(c.id for c in group)
                if capture in group and key not in seen:
                    seen.add(key)
                    yield Job(group, source)


def generations(captures: Iterable[Capture]) -> list[tuple[Capture, ...]]:
    """Return the states of an article over time, each as the captures of its pages, first page first.

    A page that did not change since the state before is carried over into the next.
    """
    states: list[dict[int, Capture]] = []
    fresh: set[int] = set()
    for capture in captures:
        if not states or capture.part in fresh:
            states.append(dict(states[-1]) if states else {})
            fresh = set()
        states[-1][capture.part] = capture
        fresh.add(capture.part)
    return [tuple(state[part] for part in sorted(state)) for state in states if 1 in state]


def _read(jobs: Iterable[Job], settings: Settings, sources: dict[str, Source]) -> Iterator[Reading]:
    """Yield each job's reading; batches that failed come last, page by page."""
    poisoned: list[Job] = []
    start = partial(load_reader, settings.archive, sources)
    limits = {"workers": settings.workers, "memory_mb": MEMORY_MB}
    with WorkerPool(start, read_batch, timeout_s=TIMEOUT_S * BATCH, attempts=1, **limits) as pool:
        for batch, result in pool.map(chunks(jobs, BATCH)):
            if isinstance(result, Failed):
                poisoned += batch
            else:
                yield from result
    if poisoned:
        with WorkerPool(start, read_batch, timeout_s=TIMEOUT_S, attempts=2, **limits) as pool:
            for (job,), result in pool.map((job,) for job in poisoned):
                yield from [_failed(job, result)] if isinstance(result, Failed) else result


def _failed(job: Job, failure: Failed) -> Reading:
    capture = job.captures[0]
    refusal = Refusal(ids.page_id(capture), capture.url, failure.reason, failure.detail)
    return Reading(job, None, None, refusal)


def load_reader(archive: Path, sources: dict[str, Source]) -> Reader:
    """Return what a worker process needs to read pages of this archive."""
    return Reader(archive, sources, load_model())


def read_batch(reader: Reader, jobs: tuple[Job, ...]) -> list[Reading]:
    """Return what becomes of each job: its pages cleaned, the articles read together."""
    cleaned = [_clean(reader, job) for job in jobs]
    articles = [(job, found) for job, found in zip(jobs, cleaned, strict=True) if isinstance(found, Article)]
    documents = (document(article, _source(reader, job, article)) for job, article in articles)
    extractions = iter(list(reader.model.extract_many(documents)))
    return [
        Reading(job, found, next(extractions))
        if isinstance(found, Article)
        else Reading(job, None, None, found)
        for job, found in zip(jobs, cleaned, strict=True)
    ]


def document(article: Article, source: Source | None) -> Document:
    """Return the article as extraction reads it; the outlet's home region comes from its source."""
    return Document(
        id=article.id, text=article.text, title=article.title, url=article.url, published=article.published,
        outlet=article.outlet, home=source.home if source else None, flags=article.flags,
    )  # fmt: skip


def _source(reader: Reader, job: Job, article: Article) -> Source | None:
    return job.source or (find_source(reader.sources, article.outlet) if article.outlet else None)


def _clean(reader: Reader, job: Job) -> Article | Refusal:
    parts = [clean_capture(read_page(reader.archive, capture), job.source) for capture in job.captures]
    good = [part for part in parts if isinstance(part, Article)]
    if not isinstance(parts[0], Article):
        return parts[0]
    return join_parts(good) if len(good) > 1 else good[0]


def clean_capture(page: RawPage, source: Source | None) -> Article | Refusal:
    """Return the article of one archived page, or why it gave none."""
    capture = page.capture
    if capture.source == GIVEN and capture.content_type.startswith(ROW):
        return _clean_row(page)
    if capture.source == GIVEN and capture.content_type == TEXT:
        text = to_utf8(page.body, None).decode("utf-8")
        return clean_text(text, id=ids.article_id(capture.article_url, text), url=None)
    return clean_page(
        page.body,
        url=capture.article_url,
        content_type=capture.content_type,
        source=source,
        hints=capture.hints,
        fetched_at=capture.fetched_at,
        article_id=ids.article_id(capture.article_url, ""),
    )


def _clean_row(page: RawPage) -> Article | Refusal:
    """Clean one line of a JSON Lines file; an id given there is the article's id."""
    row = json.loads(page.body)
    number = str(row.get("id") or "") or ids.article_id(page.capture.article_url, "")
    if row.get("html"):
        body = row["html"].encode("utf-8", errors="surrogatepass")
        return clean_page(
            body, url=row.get("url"), content_type="text/html; charset=utf-8", article_id=number
        )
    published = row.get("published")
    return clean_text(
        row["text"],
        id=number,
        url=row.get("url"),
        title=row.get("title"),
        published=datetime.fromisoformat(published) if published else None,
        outlet=row.get("outlet"),
    )


def _store(store: Store, readings: Iterable[Reading], version: str, run: str) -> None:
    good = [r for r in readings if r.article and r.extraction]
    bad = [(r.refusal, capture) for r in readings if r.refusal for capture in r.job.captures]
    with store.transaction():
        store.store_refusals(bad, version)
        store.store_articles(StoredArticle(r.article, r.job.captures) for r in good if r.article)
        store.store_extractions(((r.article, r.extraction) for r in good if r.article and r.extraction), run)
