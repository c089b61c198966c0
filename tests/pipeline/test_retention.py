"""What is older than the settings keep is forgotten: pages are emptied, names masked; findings stay."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accused import PERSON, run_accused
from click.testing import CliRunner
from findings import accused_article, find, make_article, make_extraction
from nights import Installation
from stories import store_pairs
from traces import sound, traces

from crawler.archive import read_page
from crawler.erasure import TOMBSTONE
from pipeline.audit import add_erasure, list_erasures
from pipeline.cli import wartawas
from pipeline.database import connect, fetch
from pipeline.retention import ClockError, Forgotten, check_clock, clean_snapshots, forget_old
from pipeline.settings import Retention, Settings
from pipeline.shelf import MANIFEST, prune_snapshots
from pipeline.store import Store
from pipeline.store_erase import compact_store
from pipeline.store_names import mask_names

LATER = datetime.now(UTC) + timedelta(days=800)


def keeping(at: Installation, **values: int) -> Settings:
    return at.settings.model_copy(update={"retention": Retention(**values)})


def counts(at: Installation) -> list[tuple[int, ...]]:
    with closing(connect(at.settings.store, read_only=True)) as con:
        return fetch(
            con,
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM cases), (SELECT count(*) FROM events),"
            " (SELECT count(*) FROM mentions), (SELECT count(*) FROM pages), (SELECT count(*) FROM article_pages)",
        )


def test_old_pages_are_emptied_and_what_was_read_stays(two_nights: Installation, tmp_path: Path) -> None:
    at = two_nights.copy(tmp_path)
    before = counts(at)
    settings = keeping(at, pages_days=365)
    bodies = sum(capture.kind != "revisit" for capture in at.captures())
    assert forget_old(settings, datetime.now(UTC)) == Forgotten(0, 0, 0)
    done = forget_old(settings, LATER)
    assert done == Forgotten(bodies, 0, max(capture.id for capture in at.captures()))
    assert counts(at) == before
    assert {read_page(settings.archive, capture).body for capture in at.captures()} == {TOMBSTONE}
    assert traces(settings, "40 kepala desa") != []  # the articles' texts stay
    assert not [name for name in traces(settings, "40 kepala desa") if ".gz" in name]
    assert sound(settings) == []
    at.process(whole=True)
    assert counts(at) == before
    again = forget_old(settings, LATER)
    assert again and again.pages == 0
    (row,) = list_erasures(settings.erasures)
    assert (row.kind, row.reason, row.fingerprint) == ("pages", "retention.pages_days", None)


def test_pages_saved_beside_the_sources_go_with_the_age_of_pages(
    two_nights: Installation, tmp_path: Path
) -> None:
    at = two_nights.copy(tmp_path)
    folder = at.settings.own_sources / "pages" / "situs"
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    for days in (10, 400):
        base = folder / f"{(now - timedelta(days=days)).date()}"
        base.with_suffix(".json").write_text(json.dumps({"url": "https://kabar.example/a"}))
        base.with_suffix(".html.gz").write_bytes(b"no archive")
    forget_old(keeping(at, names_years=30), now)
    assert len(list(folder.iterdir())) == 4
    done = forget_old(keeping(at, pages_days=365), now)
    assert done and done.pages == 1 and len(list(folder.iterdir())) == 2


def test_of_many_names_in_one_article_none_stays(store: Store) -> None:
    names = [f"{a}{b}rana Pertiwi" for a in "ABCDEFGHIJKLMNOP" for b in "aeiouyrlnthskmpg"]
    article = make_article("a1", f"Hadir {', '.join([*names, 'Zainal Mutaqin'])}.")
    people = tuple(find(article.text, "per", name) for name in (*names, "Zainal Mutaqin"))
    store_pairs(store, (article, make_extraction(article, mentions=people)))
    mask_names(store, ["a1"])
    ((text,),) = fetch(store.con, "SELECT text FROM article_versions")
    assert text.endswith("Z***** M******.") and not re.search(r"[a-z]", text.removeprefix("Hadir"))


def test_a_name_in_an_office_or_a_sanction_is_forgotten_too(store: Store) -> None:
    """Whoever publishes later knows no name any more by which to mask it there."""
    article, found = accused_article()
    case = replace(
        found.cases[0], sanction="teguran untuk Sutrasna Wirabaya", next_announced="Sutrasna dipanggil"
    )
    chief = replace(found.officials[0], institution="Tim Sutrasna Wirabaya")
    read = replace(found, cases=(case,), officials=(chief,), roles_present=("istri Sutrasna Wirabaya",))
    store_pairs(store, (article, read))
    mask_names(store, ["a1"])
    for table in ("cases", "officials", "extractions", "case_terlapor", "mentions"):
        assert "utrasna" not in str(fetch(store.con, f"SELECT * FROM {table}")), table
    assert fetch(store.con, "SELECT sanction FROM cases") == [("teguran untuk S******* W*******",)]
    assert fetch(store.con, "SELECT role FROM case_terlapor") == [("Kepala Desa Wanakerta",)]


def test_old_names_are_masked_everywhere(tmp_path: Path) -> None:
    at = run_accused(tmp_path)
    before = counts(at)
    settings = keeping(at, names_years=2)
    assert forget_old(settings, datetime.now(UTC) + timedelta(days=600)) == Forgotten(0, 0)
    done = forget_old(settings, LATER)
    assert done and (done.names, done.pages) == (3, 3)
    compact_store(settings.store)
    at.publish(rebuild=True)
    prune_snapshots(settings.snapshots, 1)
    assert counts(at) == before
    assert traces(settings, PERSON) == []
    assert sound(settings) == []
    with closing(connect(settings.store, read_only=True)) as con:
        names = {name for (name,) in fetch(con, "SELECT name FROM case_terlapor WHERE name IS NOT NULL")}
        assert all("*" in name for name in names)
        titles = [title for (title,) in fetch(con, "SELECT title FROM article_versions")]
    assert not any("GATOTKACA" in title for title in titles)
    again = forget_old(settings, LATER)
    assert again and (again.names, again.pages) == (0, 0)


def test_snapshots_from_before_names_were_forgotten_are_told_from_later_ones(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)

    def publish_at(number: int, moment: datetime) -> None:
        folder = settings.snapshots / f"snap-{number}"
        folder.mkdir(parents=True)
        (folder / MANIFEST).write_text(json.dumps({"published": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}))

    now = datetime.now(UTC)
    publish_at(1, now - timedelta(days=2))
    publish_at(2, now - timedelta(days=1))
    add_erasure(settings.erasures, "pages", None, reason="r", who="w", figures={})
    assert clean_snapshots(settings) is None
    add_erasure(settings.erasures, "names", None, reason="r", who="w", figures={})
    assert (
        clean_snapshots(settings) == 0
    )  # the next one is written anew, and the night keeps one more beside it
    publish_at(3, now + timedelta(hours=1))
    assert clean_snapshots(settings) == 1


def test_a_clock_that_ran_ahead_forgets_nothing(two_nights: Installation, tmp_path: Path) -> None:
    at = two_nights.copy(tmp_path)
    settings = keeping(at, pages_days=365)
    check_clock(settings, datetime.now(UTC))  # all pages are new: there is nothing that a clock could betray
    with pytest.raises(ClockError, match="check the clock"):
        check_clock(settings, LATER)
    ids = [capture.id for capture in at.captures()]
    for number, capture in enumerate(ids[1:4]):  # three more nights of that time
        at.sql(
            f"UPDATE captures SET fetched_at = '{LATER - timedelta(days=number + 1):%FT%T+00:00}' WHERE id = {capture}"
        )
    check_clock(settings, LATER)
    check_clock(at.settings, datetime.now(UTC) + timedelta(days=9000))  # nothing is to be forgotten


def test_pages_of_a_night_whose_clock_ran_ahead_are_forgotten_with_their_neighbours(
    two_nights: Installation, tmp_path: Path
) -> None:
    at = two_nights.copy(tmp_path)
    first, second, *_, last = (capture.id for capture in at.captures())
    at.sql(f"UPDATE captures SET fetched_at = '2099-01-01T00:00:00+00:00' WHERE id IN ({second}, {last})")
    done = forget_old(keeping(at, pages_days=365), LATER)
    assert done and first < done.last < last
    bodies = {c.id: read_page(at.settings.archive, c).body for c in at.captures()}
    assert bodies[second] == TOMBSTONE


def test_log_of_erasures_counts_what_retention_forgot(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    add_erasure(
        settings.erasures, "pages", None, reason="r", who="retensi", figures={"pages": 5217, "names": 43}
    )
    told = CliRunner().invoke(wartawas, ["erase", "--log", "--var", str(tmp_path)]).output
    assert "5217" in told and "43" in told


def test_without_limits_everything_is_kept(two_nights: Installation) -> None:
    assert forget_old(two_nights.settings, LATER) is None


@pytest.mark.parametrize("stop", ["store", "archive"])
def test_retention_that_was_killed_goes_on(
    two_nights: Installation, tmp_path: Path, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = two_nights.copy(tmp_path)
    settings = keeping(at, pages_days=365)
    place = {"store": "rewrite_pages", "archive": "add_erasure"}[stop]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"pipeline.retention.{place}", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_old(settings, LATER)
    forget_old(settings, LATER)
    assert sound(settings) == []
    assert {read_page(settings.archive, capture).body for capture in at.captures()} == {TOMBSTONE}
