"""One article or one person erased on request: from archive, ledger, store, snapshots, index, records and logs.

An article's archived pages become tombstones and are never fetched again. A person's name is masked in the
archived pages themselves, which are then read anew: so everything that is derived from them follows, and no
later model brings the name back. Each step can be repeated, so an erasure that was killed is started again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from crawler.archive import read_page
from crawler.erasure import TOMBSTONE, enter_bodies, rewrite_records
from crawler.ledger import Ledger
from crawler.records import Capture, Hints
from crawler.source import Source, find_source, load_sources
from nlp.model import model_version
from pipeline.article import Refusal
from pipeline.audit import Erasure, add_erasure
from pipeline.events import link_events
from pipeline.ids import text_hash_of
from pipeline.label_reviews import forget_labels, move_labels
from pipeline.lock import hold_lock
from pipeline.markup import without_unseen
from pipeline.mask import COMMON
from pipeline.names import PersonName, person_name
from pipeline.night_record import HIDDEN, forget_in_records
from pipeline.process import process
from pipeline.reviews import TextRef, forget_decisions, move_decisions
from pipeline.sample import SavedPage, saved_pages
from pipeline.settings import Settings
from pipeline.shelf import prune_snapshots
from pipeline.snapshots import publish
from pipeline.store import Store, open_store
from pipeline.store_erase import (
    compact_store,
    find_articles,
    hide_in_runs,
    pages_of,
    remove_articles,
    states_of,
)
from pipeline.store_names import masked_texts
from pipeline.web.accounts import Accounts


class EraseError(RuntimeError):
    """Nothing was erased, or something is left; the message says what and what to do."""


@dataclass(slots=True)
class Erased:
    """What was done: archived pages emptied or masked, articles removed, those read anew, saved pages removed."""

    emptied: int = 0
    masked: int = 0
    articles: int = 0
    read_anew: int = 0
    log_lines: int = 0
    left: int = 0
    saved: int = 0


@dataclass(slots=True)
class _Plan:
    """The captures whose records (`changed`) or hints change, and the addresses of articles that go.

    `unknown` says that nothing was found.
    `name` is the name that is masked in records of articles that stay; `texts` and `addresses` are all that the
    articles that go ever had.
    """

    unknown: str
    name: PersonName | None = None
    captures: dict[int, Capture] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    hints: dict[int, Hints | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    texts: set[TextRef] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)


def erase_article(settings: Settings, url: str, *, reason: str, who: str) -> Erasure:
    """Erase the article at an address (or with an id of the store) and return its audit row.

    Raises EraseError where neither the ledger nor the store knows it.
    """

    def plan(ledger: Ledger, store: Store) -> _Plan:
        addresses = {url, *ledger.article_urls(url)}
        unknown = f"{url}: no such article, neither in the ledger nor in the store"
        made = _Plan(unknown, articles=find_articles(store, addresses))
        captures = [c for address in addresses for c in ledger.article_captures(address)]
        captures += [c for n in pages_of(store, made.articles) if (c := ledger.capture(n))]
        for capture in list(captures):
            captures += ledger.article_captures(capture.article_url)
        for capture in captures:
            _empty(made, capture)
        return made

    return _erase(settings, plan, "article", url, reason, who)


def erase_person(settings: Settings, name: str, *, reason: str, who: str) -> Erasure:
    """Mask a person's name wherever it stands and return the audit row.

    An article whose address holds the name is erased as a whole: an address cannot be masked. Raises
    NameUnclear for a name of one word, and EraseError where the name stands nowhere, or could not all be found.
    """
    person = person_name(name, common=COMMON)

    def plan(ledger: Ledger, store: Store) -> _Plan:
        unknown = "the name stands neither in the archive nor in the store"
        made = _Plan(unknown, person, articles=find_articles(store, (), name=person.sql))
        for capture in ledger.captures():
            _plan_page(made, settings.archive, capture, person)
        for capture in [c for url in made.gone for c in ledger.article_captures(url)]:
            _empty(made, capture)
        return made

    row = _erase(settings, plan, "person", name, reason, who)
    if row.figures["left"]:
        raise EraseError(
            f"{row.figures['left']} articles still hold the name, written in a way that was not found in their "
            "pages; erase them with --article (`wartawas query cari` finds them)"
        )
    return row


def _plan_page(plan: _Plan, archive: Path, capture: Capture, person: PersonName) -> None:
    if person.stands_in(capture.article_url) or person.stands_in(capture.url):
        _empty(plan, capture)
        return
    if capture.hints and any(person.stands_in(text) for text in (capture.hints.title, capture.hints.author)):
        plan.captures[capture.id] = capture
        plan.hints[capture.id] = _masked_hints(capture.hints, person)
    if capture.kind == "revisit":  # it has no body of its own
        return
    body = read_page(archive, capture).body
    # a body that is not the ledger's: an erasure that was killed had come as far as the archive
    if person.stands_in(_decoded(body)[0]) or sha256(body).hexdigest() != capture.sha256:
        plan.captures[capture.id] = capture
        plan.changed.add(capture.id)


def _bodies(archive: Path, plan: _Plan, capture: Capture) -> Iterator[bytes]:
    """Yield the bodies that may take a record's place, the fullest first."""
    if plan.name is None or capture.article_url in plan.gone:
        yield TOMBSTONE
        return
    text, encoding, errors = _decoded(read_page(archive, capture).body)
    masked = plan.name.mask(text).encode(encoding, errors)
    yield masked
    yield without_unseen(masked)


def _decoded(body: bytes) -> tuple[str, str, str]:
    """Return a body as text, with what encodes it back to the same bytes.

    A name is the same bytes in nearly all encodings; the two that differ have a mark at their beginning.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark) and len(body) % 2 == 0:
            return body.decode(encoding, "surrogatepass"), encoding, "surrogatepass"
    return body.decode("utf-8", "surrogateescape"), "utf-8", "surrogateescape"


def _masked_hints(hints: Hints, person: PersonName) -> Hints:
    title, author = (text and person.mask(text) for text in (hints.title, hints.author))
    return replace(hints, title=title, author=author)


def _empty(plan: _Plan, capture: Capture) -> None:
    plan.captures[capture.id] = capture
    plan.changed.add(capture.id)
    plan.gone.add(capture.article_url)


def _erase(
    settings: Settings,
    plan: Callable[[Ledger, Store], _Plan],
    kind: str,
    subject: str,
    reason: str,
    who: str,
) -> Erasure:
    """Carry a plan out, from the archive to the logs, and enter it into the audit."""
    if not reason.strip() or not who.strip():
        raise EraseError("an erasure needs a reason and the name of who asked for it")
    sources = load_sources(settings.sources)
    done = Erased()
    with hold_lock(settings.var / "nightly.lock", "erase"), Ledger(settings.ledger) as ledger:
        with ledger.exclusive(), open_store(settings.store, create=False) as store:
            made = plan(ledger, store)
            _note_gone(made, ledger, store)
            saved = _saved(settings, made, subject)
            if not (made.articles or made.captures or saved):
                raise EraseError(made.unknown)
            changed = [made.captures[number] for number in sorted(made.changed)]
            rewrite_pages(settings.archive, ledger, changed, partial(_bodies, settings.archive, made))
            _change_ledger(ledger, made, sources)
            forget_labels(settings.reviews, partial(_hide_label, made))
            forget_decisions(settings.reviews, partial(_hide_label, made))
            _read_anew(settings, ledger, store, sources, made, done)
            if kind == "person":
                person = person_name(subject, common=COMMON)
                done.left = len(find_articles(store, (), name=person.sql))
            in_log = (
                made.name.stands_in if made.name else _mentions({subject, *made.addresses, *made.articles})
            )
            done.log_lines = hide_in_runs(store, in_log, HIDDEN)
        ledger.compact()
        compact_store(settings.store)
        with open_store(settings.store) as store:
            publish(store, settings.snapshots, reviews=settings.reviews, rebuild=True)
        prune_snapshots(settings.snapshots, 1)
        for recap in (settings.var / "reports").glob(
            "rekap-*"
        ):  # made of earlier snapshots, and soon made again
            recap.unlink()
        for page in saved:
            page.remove()
        done.saved = len(saved)
        done.log_lines += forget_in_records(settings.nights, in_log)
        done.log_lines += sum(_clear_log(path, in_log) for path in _logs(settings))
        done.log_lines += Accounts(settings.var / "desk" / "accounts.sqlite").forget(in_log)
        done.emptied = sum(c.article_url in made.gone for c in made.captures.values())
        done.masked = len(made.changed) - done.emptied
        figures = asdict(done)
        return add_erasure(
            settings.erasures,
            kind,
            subject,
            reason=reason,
            who=who,
            figures=figures,
            addresses=made.addresses,
        )


def rewrite_pages(
    archive: Path,
    ledger: Ledger,
    captures: Iterable[Capture],
    bodies: Callable[[Capture], Iterable[bytes]],
) -> None:
    """Give archived pages other bodies, file by file, each entered into the ledger at once.

    `bodies` gives those of one page that may take its place, each when it is asked for.
    """
    by_file: dict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        by_file[capture.warc].append(capture)
    for warc, rows in by_file.items():
        used = rewrite_records(archive, warc, [(capture, bodies(capture)) for capture in rows])
        with ledger.transaction():
            enter_bodies(ledger, {capture.id: capture for capture in rows}, used)


def _note_gone(plan: _Plan, ledger: Ledger, store: Store) -> None:
    """Note texts and addresses of the articles that go: those of which no page is left to be read anew."""
    states = states_of(store, plan.articles | find_articles(store, plan.gone))
    stay = {
        state.article
        for state in states
        if (capture := ledger.capture(state.capture)) and capture.article_url not in plan.gone
    }
    for state in states:
        if state.article not in stay:
            plan.texts.add(state.ref)
            plan.addresses |= state.addresses
    plan.addresses |= plan.gone | {c.url for c in plan.captures.values() if c.article_url in plan.gone}


def _hide_label(plan: _Plan, ref: TextRef, text: str) -> str | None:
    """Return what stays of a reviewer's decision about an article; None where the article goes."""
    if ref in plan.texts or ref.url in plan.addresses or (plan.name and plan.name.stands_in(ref.url)):
        return None
    return plan.name.mask(text) if plan.name else text


def _saved(settings: Settings, plan: _Plan, subject: str) -> list[SavedPage]:
    """Return the pages saved beside the sources that hold the name, or are an article that goes."""

    def goes(page: SavedPage) -> bool:
        if plan.name:
            return any(map(plan.name.stands_in, (*page.fields.values(), _decoded(page.body)[0])))
        hashed = text_hash_of(page.fields.get("title"), page.fields.get("text", ""))
        return gone(page.url) or hashed in hashes

    gone, hashes = _mentions({subject, *plan.addresses}), {ref.text_hash for ref in plan.texts}
    return [page for page in saved_pages(settings.own_sources) if goes(page)]


def _change_ledger(ledger: Ledger, plan: _Plan, sources: Mapping[str, Source]) -> None:
    with ledger.transaction():
        for number, hints in plan.hints.items():
            ledger.set_hints(plan.captures[number], hints)
        for article_url in plan.gone:
            ledger.erase_article(article_url)
        for address in plan.addresses - plan.gone:  # what a part brought may wait here, or be found tomorrow
            if source := find_source(sources, address):
                ledger.erase_article(source.canonical(address), source.slug)


def _read_anew(
    settings: Settings,
    ledger: Ledger,
    store: Store,
    sources: Mapping[str, Source],
    plan: _Plan,
    done: Erased,
) -> None:
    """Remove what was read from the changed pages, and read those that stay once more."""
    touched = {capture.article_url for capture in plan.captures.values()}
    plan.articles |= find_articles(store, touched)
    numbers = pages_of(store, plan.articles) | plan.captures.keys()
    touched |= {capture.article_url for n in numbers if (capture := ledger.capture(n))}
    if plan.name:  # the masked text has another hash, and what reviewers said of it must hold all the same
        moved = masked_texts(store, plan.articles, plan.name.mask)
        move_labels(settings.reviews, moved)
        move_decisions(settings.reviews, moved)
    before = [plan.captures.get(c.id, c) for url in touched for c in ledger.article_captures(url)]
    remove_articles(store, plan.articles, before)
    now = [capture for url in sorted(touched) for capture in ledger.article_captures(url)]
    gone = [capture for capture in now if capture.article_url in plan.gone and capture.kind != "revisit"]
    stay = [capture for capture in now if capture.article_url not in plan.gone]
    refusals = [(Refusal("", None, "erased", "erased on request"), capture) for capture in gone]
    store.store_refusals(refusals, model_version())
    done.articles = len(plan.articles)
    if stay:
        done.read_anew = process(settings, store, sources, only=stay).articles
    link_events(store, settings.reviews)  # links hold names: before the file is compacted


def _mentions(addresses: Iterable[str]) -> Callable[[str], bool]:
    """Tell lines that hold one of the addresses or ids, however its end is written."""
    paths = sorted({url.partition("://")[2].rstrip("/") or url for url in addresses})
    found = re.compile(rf"(?:{'|'.join(map(re.escape, paths))})(?![\w-])")
    return lambda line: found.search(line) is not None


def _logs(settings: Settings) -> Iterator[Path]:
    yield from settings.nights.glob("*.log.jsonl")
    yield from (settings.var / "logs").glob("*.log")


def _clear_log(path: Path, in_log: Callable[[str], bool]) -> int:
    """Remove the lines that speak of what was erased; return how many."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not in_log(line)]
    if len(kept) < len(lines):
        draft = path.with_suffix(".draft")
        draft.write_text("".join(kept), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(path)
    return len(lines) - len(kept)
