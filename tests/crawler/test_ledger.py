"""The ledger: one state a page, all changes together or none, and sums that add up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Place
from crawler.frontier import REVISITS, Target, merge_hints, next_revisit
from crawler.health import FINDINGS
from crawler.ledger import PROBLEMS, REASONS, SCHEMA_VERSION, Ledger, LedgerError, write_ahead
from crawler.records import Capture, Entry, Hints, Step
from crawler.tally import ListingVisit
from tests.at_once import refused_at_once

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as made:
        yield made


def entry(number: int, lastmod: datetime | None = None, **hints: str) -> Entry:
    url = f"https://contoh.example/kabar/{number}"
    return Entry(url, Hints(hints.pop("origin", "sitemap"), **hints), lastmod, f"{url}/")


def find(ledger: Ledger, number: int) -> Target:
    found = ledger.pages.find(f"https://contoh.example/kabar/{number}", 1)
    assert found
    return found


def archive(ledger: Ledger, number: int, at: datetime = NOW, sha256: str = "a") -> int:
    """Mark a page as archived, at a place of the archive of its own."""
    target = find(ledger, number)
    urls = target.url, target.article_url
    values = Capture(0, "contoh", "r1", *urls, 1, "response", 200, "text/html", at, sha256, "", 0, 0)
    with ledger.transaction():
        offset = ledger.archive_end("contoh/r1.warc.gz")
        capture = ledger.add_capture(values, Place("contoh/r1.warc.gz", offset, 100))
        ledger.pages.set_archived(target, capture, at, etag=None, modified=None)
    return capture


def due(ledger: Ledger, now: datetime) -> list[str]:
    return [target.article_url[-1] for target in ledger.pages.due_targets("contoh", now, 0, 100)]


def test_entries_are_entered_once_with_the_address_to_fetch(ledger: Ledger) -> None:
    first = ledger.pages.add_entries("contoh", "r1", [entry(1), entry(2), entry(2)], NOW)
    second = ledger.pages.add_entries("contoh", "r1", [entry(2), entry(3)], NOW)
    assert (first.new, second.new) == (2, 1)
    assert find(ledger, 1).url == "https://contoh.example/kabar/1/"
    assert ledger.pages.counts() == {"discovered": {"": 3}}


def test_revisits_are_due_after_1_7_and_30_days(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1)], NOW)
    seen = []
    for day in range(45):
        now = NOW + day * DAY
        if day == 0 or due(ledger, now):
            archive(ledger, 1, now)
            seen.append(day)
    assert seen == [0, 1, 7, 30]
    assert next_revisit(NOW, NOW + REVISITS[-1]) is None


@pytest.mark.parametrize(
    ("stated", "known", "outcome", "due_now"),
    [
        (NOW + DAY, NOW, "changed", True),
        (NOW, NOW, "unchanged", False),
        (NOW - DAY, NOW, "unchanged", False),
        (None, NOW, "", True),
        (NOW - DAY, None, "", True),
    ],
)
def test_stated_change_decides_on_the_revisit(
    ledger: Ledger, stated: datetime | None, known: datetime | None, outcome: str, due_now: bool
) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1, known)], NOW)
    archive(ledger, 1)
    tomorrow = NOW + DAY
    assert due(ledger, tomorrow) == ["1"]
    found = ledger.pages.add_entries("contoh", "r2", [entry(1, stated)], tomorrow)
    assert (found.changed, found.unchanged) == (outcome == "changed", outcome == "unchanged")
    assert bool(due(ledger, tomorrow)) == due_now


def test_stated_change_stays_due_when_another_listing_repeats_it(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1, NOW - DAY), entry(2, NOW - DAY)], NOW)
    for number in (1, 2):
        archive(ledger, number)
    later = NOW + 7 * DAY
    # the second change is older than our visit by the site's clock, which may be slow
    stated = [entry(1, NOW + DAY), entry(2, NOW - timedelta(hours=1))]
    assert ledger.pages.add_entries("contoh", "r2", stated, later).changed == 2
    assert ledger.pages.add_entries("contoh", "r2", stated, later).unchanged == 0
    assert ledger.pages.pass_over_due("contoh", "sitemap", later) == 0
    assert sorted(due(ledger, later)) == ["1", "2"]


def test_page_whose_visit_failed_stays_due_though_listed_as_unchanged(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1, NOW - DAY)], NOW)
    archive(ledger, 1)
    ledger.pages.set_failed(find(ledger, 1), "timeout", NOW + DAY)
    assert ledger.pages.add_entries("contoh", "r2", [entry(1, NOW - DAY)], NOW + 2 * DAY).unchanged == 0
    assert due(ledger, NOW + 2 * DAY) == ["1"]


def test_failures_are_tried_on_later_nights_and_then_given_up(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1)], NOW)
    tried = 0
    for hour in range(0, 24 * 40, 12):
        now = NOW + timedelta(hours=hour)
        if hour == 0 or due(ledger, now):
            ledger.pages.set_failed(find(ledger, 1), "timeout", now)
            tried += 1
    assert tried == 5
    assert ledger.pages.counts() == {"failed": {"timeout": 1}}


def test_failed_revisit_keeps_what_is_archived(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1)], NOW)
    archive(ledger, 1)
    ledger.pages.set_failed(find(ledger, 1), "timeout", NOW + DAY)
    assert ledger.pages.counts() == {"archived": {"": 1}}
    assert due(ledger, NOW + 2 * DAY) == ["1"]


def test_transaction_is_all_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.transaction():
        ledger.pages.add_entries("contoh", "r1", [entry(1)], NOW)
        raise RuntimeError
    assert ledger.pages.counts() == {}


def test_captures_come_in_order_of_their_ids(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(n) for n in range(1, 4)], NOW)
    ids = [archive(ledger, n) for n in (2, 1, 3)]
    captures = list(ledger.captures())
    assert [c.id for c in captures] == ids
    assert [c.id for c in ledger.captures(after=ids[0])] == ids[1:]
    assert list(ledger.captures(source="lain")) == []
    assert captures[0].fetched_at == NOW
    assert ledger.archive_end("contoh/r1.warc.gz") == 300


def test_audit_finds_what_contradicts_itself(ledger: Ledger) -> None:
    ledger.pages.add_entries("contoh", "r1", [entry(1), entry(2)], NOW)
    ledger.tally.add_outcome("r1", "contoh", "discovered", n=2)
    archive(ledger, 1)
    assert ledger.audit() == []
    target = find(ledger, 2)
    values = Capture(0, "contoh", "r1", "u", "u", 1, "response", 200, "", NOW, "a", "", 0, 0)
    ledger.add_capture(values, Place("contoh/r1.warc.gz", 50, 100))
    found = ledger.audit()
    assert len(found) == 2 and "overlap" in " ".join(found) and "belong to no page" in " ".join(found)
    ledger.pages.add_entries("contoh", "r1", [entry(3)], NOW)
    assert "not counted" in " ".join(ledger.audit())
    with pytest.raises(sqlite3.IntegrityError):
        ledger.pages.set_archived(target, 999, NOW, etag=None, modified=None)


def test_listing_state_survives_a_failure(ledger: Ledger) -> None:
    step = Step("sitemap", "https://contoh.example/s.xml")
    child = Step("sitemap", "https://contoh.example/1.xml", 1)
    ledger.tally.start_source("r1", "contoh", "2026-03-01")
    good = ListingVisit(step, 200, '"e"', None, (child,), 7, "2026-03-01")
    ledger.tally.add_listing("r1", "contoh", good, NOW)
    ledger.tally.add_listing("r1", "contoh", ListingVisit(step, 304), NOW)
    state = ledger.tally.listing("contoh", step.url)
    assert state and (state.etag, state.follow) == ('"e"', (child,))
    ledger.tally.add_listing("r1", "contoh", ListingVisit(step, 500, problem="http_500"), NOW)
    assert ledger.tally.listing("contoh", step.url) is None  # asked without conditions after a failure


def test_merge_hints_adds_what_was_missing() -> None:
    old = Hints("sitemap", modified="2026-01-01")
    merged = merge_hints(old, Hints("feed", "Judul", "Penulis", "2025-12-31", "2026-02-01"))
    assert merged == Hints("sitemap", "Judul", "Penulis", "2025-12-31", "2026-02-01")
    assert merge_hints(merged, Hints("section", "Lain")).title == "Judul"
    assert merge_hints(merged, Hints("sitemap", "Ralat", published="2026-02-02")) == Hints(
        "sitemap", "Ralat", "Penulis", "2025-12-31", "2026-02-01"
    )


def test_second_crawl_is_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    running = pytest.raises(LedgerError, match="another crawl is running")
    with Ledger(path) as one, Ledger(path) as two, one.exclusive(), running, two.exclusive():
        pass
    with Ledger(path) as three, three.exclusive():
        pass


def test_newer_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="newer Wartawas"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"\x00\x01binary" * 200, b"teks biasa"])
def test_file_that_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="not usable as a crawl ledger"):
        Ledger(path)
    assert path.read_bytes() == content


def test_a_ledger_that_is_not_there_yet_may_be_opened_by_several_at_once(tmp_path: Path) -> None:
    # nearly every round refused somebody
    opened = refused_at_once(lambda path: Ledger(path).close(), LedgerError, tmp_path, rounds=10, openers=4)
    assert opened == []


def test_a_file_that_stays_locked_is_told_of(tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "a.sqlite")) as other,
        closing(sqlite3.connect(tmp_path / "a.sqlite", timeout=0)) as con,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(con, wait_s=0.05)


def test_foreign_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pages (x)")
    with pytest.raises(LedgerError, match=str(path)):
        Ledger(path)


def test_reasons_and_problems_are_explained() -> None:
    for name, text in (REASONS | PROBLEMS).items():
        assert name.isidentifier() and len(text) > 15


def test_every_reason_problem_and_finding_is_documented() -> None:
    text = (Path(__file__).parents[2] / "crawler" / "README.md").read_text(encoding="utf-8")
    for known in (REASONS, PROBLEMS, FINDINGS):
        for name, meaning in known.items():
            assert f"| `{name}` | {meaning} |" in text
