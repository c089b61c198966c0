from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from deciding import decide as decide_labels
from findings import prevention_article
from stories import Pair, case_article, events_of, groups_of, store_pairs

from pipeline.database import fetch, scalar
from pipeline.decisions import join_events, split_event
from pipeline.events import link_events
from pipeline.labelling import rejected
from pipeline.review_file import ReviewError
from pipeline.reviews import Reviews, TextRef, forget_decisions
from pipeline.snapshots import publish
from pipeline.store import Store, StoreError, open_store
from tests.at_once import refused_at_once

A, B, C = (TextRef(f"https://kabar.example/{key}", key * 64) for key in "abc")
#: One case in two articles, and another case of the same village, read alike.
ONE = [case_article("a"), case_article("b", outlet="lain.example")]
OTHER = [case_article("c", name="Hartono Dwisaputra", day="2024-08-20", village="32.05.12.2004")]


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    return tmp_path / "reviews.sqlite"


def link(store: Store, reviews: Path, *pairs: Pair, hour: int = 0) -> None:
    store_pairs(store, *pairs, hour=hour)
    link_events(store, reviews)


def decide(store: Store, reviews: Path, tmp_path: Path, what: str, *keys: str) -> int:
    """Decide on what is published: join the events of two articles, or split one article off its event."""
    event = events_of(store)
    shown = publish(store, tmp_path / "snapshots", reviews=reviews)
    with Reviews(reviews) as file, closing(shown.connect(restricted=True)) as db:
        if what == "join":
            return join_events(file, db, *(event[key] for key in keys), reviewer="sari")
        return split_event(file, db, event[keys[0]], keys, reviewer="sari", note="lain perkara")


def test_decisions_are_kept_and_can_be_withdrawn(reviews: Path) -> None:
    with Reviews(reviews) as file:
        first = file.decide("split", [A], [B, C], reviewer="sari", note="lain desa")
        file.decide("join", [A], [B], reviewer="bayu")
        file.withdraw(first, reviewer="bayu")
        (held,) = file.decisions()
        assert (held.kind, held.left, held.right, held.reviewer) == ("join", (A,), (B,), "bayu")
        kept = file.decisions(active=False)[0]
        assert (kept.right, kept.note, kept.withdrawn_by) == ((B, C), "lain desa", "bayu")
        for number in (first, first + 50):
            with pytest.raises(ReviewError):
                file.withdraw(number, reviewer="sari")
        for sides in (([A], []), ([A], [A, B])):
            with pytest.raises(ReviewError, match="sisakan sedikitnya satu artikel"):
                file.decide("join", *sides, reviewer="sari")
        with pytest.raises(ReviewError, match="nama peninjaunya"):
            file.decide("join", [A], [B], reviewer=" ")
    assert reviews.stat().st_mode & 0o077 == 0


def test_no_decision_is_ever_changed_or_deleted(reviews: Path) -> None:
    with Reviews(reviews) as file:
        file.decide("join", [A], [B], reviewer="sari")
    with closing(sqlite3.connect(reviews)) as con:
        for statement in ("UPDATE decisions SET note = 'x'", "DELETE FROM decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
                con.execute(statement)


def test_reviewers_at_once_do_not_overwrite_each_other(reviews: Path) -> None:
    def work(name: str) -> None:
        with Reviews(reviews) as file:
            for _ in range(10):
                file.decide("split", [A], [B], reviewer=name)

    workers = [threading.Thread(target=work, args=(name,)) for name in ("sari", "bayu", "tuti")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with Reviews(reviews) as file:
        assert len(file.decisions()) == 30


def test_reviewers_may_open_a_file_at_once_that_is_not_there_yet(tmp_path: Path) -> None:
    # without waiting, about one in twenty is refused
    opened = refused_at_once(lambda path: Reviews(path).close(), ReviewError, tmp_path, rounds=60, openers=8)
    assert opened == []


def test_a_folder_in_its_place_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="cannot be kept there"):
        Reviews(tmp_path)


def test_joined_events_are_one_until_that_is_withdrawn(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE, *OTHER)
    before = events_of(store)
    assert len(groups_of(store)) == 2
    decision = decide(store, reviews, tmp_path, "join", "a", "c")
    link_events(store, reviews)
    assert groups_of(store) == {frozenset("abc")}
    assert scalar(store.con, "SELECT count(*) FROM events") == 1
    assert ["digabung oleh peninjau"] in [r for (r,) in fetch(store.con, "SELECT reasons FROM event_members")]
    with Reviews(reviews) as file:
        file.withdraw(decision, reviewer="sari")
    link_events(store, reviews)
    assert events_of(store) == before


def test_a_case_and_a_prevention_event_are_never_joined(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE, prevention_article("p"))
    before = groups_of(store)
    with pytest.raises(ReviewError, match="kasus dan kegiatan pencegahan tidak dapat digabung"):
        decide(store, reviews, tmp_path, "join", "a", "p")
    with Reviews(reviews) as file:  # a decision of before, or about articles that were read otherwise then
        file.decide("join", refs_of(store, "a", "b"), refs_of(store, "p"), reviewer="sari")
    link_events(store, reviews)
    assert groups_of(store) == before
    assert {kind for (kind,) in fetch(store.con, "SELECT kind FROM events")} == {"kasus", "pencegahan"}


def test_an_article_that_a_reviewer_rejected_joins_a_case_only_when_asked(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    copy = "Kades Sutrasna Wirabaya dilaporkan warga Wanakerta. Uraian yang sama dalam dua media."
    one, two, three = (
        case_article(key, text=copy, outlet=f"{key}.example", later=n) for n, key in enumerate("xyz")
    )
    link(store, reviews, one, two)
    assert groups_of(store) == {frozenset("xy")}
    decide_labels(reviews, two, lambda labels: rejected(labels, "bogus"), "reject")
    link_events(store, reviews)
    link(store, reviews, three, hour=1)
    assert groups_of(store) == {frozenset("xz"), frozenset("y")}
    assert fetch(store.con, "SELECT count(*) FROM event_members WHERE article_id = 'y'") == [(1,)]
    decide(store, reviews, tmp_path, "join", "x", "y")
    link_events(store, reviews)
    assert groups_of(store) == {frozenset("xyz")}
    link(store, reviews, case_article("w", text=copy, outlet="w.example", later=4), hour=2)
    assert groups_of(store) == {frozenset("wxyz")}


def test_no_case_takes_the_place_of_an_article_that_a_reviewer_rejected(store: Store, reviews: Path) -> None:
    copy = "Kades Sutrasna Wirabaya dilaporkan warga Wanakerta. Uraian yang sama dalam dua media."
    first = case_article("x", text=copy)
    decide_labels(reviews, first, lambda labels: rejected(labels, "bogus"), "reject")
    link(store, reviews, first)
    link(store, reviews, case_article("y", text=copy, outlet="lain.example", later=1), hour=1)
    assert groups_of(store) == {frozenset("x"), frozenset("y")}


def test_an_event_whose_only_case_a_reviewer_rejected_is_no_case_any_more(
    store: Store, reviews: Path
) -> None:
    copy = "Kades Sutrasna Wirabaya dilaporkan warga Wanakerta. Uraian yang sama dalam dua media."
    first = case_article("x", text=copy)
    article, read = case_article("y", text=copy, outlet="lain.example", later=1)
    link(store, reviews, first, (article, replace(read, kind="informasi", cases=())))
    assert groups_of(store) == {frozenset("xy")}
    assert fetch(store.con, "SELECT kind FROM events") == [("kasus",)]
    decide_labels(reviews, first, lambda labels: rejected(labels, "bogus"), "reject")
    link_events(store, reviews)
    assert {kind for (kind,) in fetch(store.con, "SELECT kind FROM events")} == {"informasi"}
    assert fetch(store.con, "SELECT stage FROM events WHERE stage IS NOT NULL") == []


def refs_of(store: Store, *articles: str) -> list[TextRef]:
    sql = "SELECT url, text_hash FROM articles JOIN article_versions USING (version_id) WHERE articles.article_id IN ?"
    return [TextRef(*row) for row in fetch(store.con, sql, [list(articles)])]


def test_a_split_holds_after_another_model_has_read_everything(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    link(store, reviews, *ONE)
    assert groups_of(store) == {frozenset("ab")}
    decision = decide(store, reviews, tmp_path, "split", "b")
    link_events(store, reviews)
    assert groups_of(store) == {frozenset("a"), frozenset("b")}
    again = [(article, replace(found, model_version="m2")) for article, found in ONE]
    link(store, reviews, *again, hour=1)
    link(store, reviews, case_article("d", later=2), hour=2)
    assert {len(group) for group in groups_of(store)} == {1, 2}, "a later article joins one, and unites none"
    with Reviews(reviews) as file:
        file.withdraw(decision, reviewer="sari")
    link_events(store, reviews)
    assert groups_of(store) == {frozenset("abd")}


def test_decisions_hold_in_a_store_that_is_rebuilt(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE, *OTHER)
    decide(store, reviews, tmp_path, "split", "b")
    decide(store, reviews, tmp_path, "join", "a", "c")
    link_events(store, reviews)
    wanted = groups_of(store)
    with open_store(tmp_path / "rebuilt" / "work.duckdb") as rebuilt:
        link(rebuilt, reviews, *OTHER)  # article by article, as an archive may be read
        link(rebuilt, reviews, *ONE[:1], hour=1)
        link(rebuilt, reviews, *ONE[1:], hour=2)
        assert groups_of(rebuilt) == wanted


def test_a_later_decision_overrules_an_earlier_one(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE)
    decide(store, reviews, tmp_path, "split", "b")
    link_events(store, reviews)
    decision = decide(store, reviews, tmp_path, "join", "a", "b")
    link_events(store, reviews)
    assert groups_of(store) == {frozenset("ab")}
    with Reviews(reviews) as file:
        file.withdraw(decision, reviewer="sari")
    link_events(store, reviews)
    assert len(groups_of(store)) == 2, "the split holds again"


def test_a_decision_follows_a_text_that_was_changed(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE)
    decide(store, reviews, tmp_path, "split", "b")
    article, found = ONE[1]
    changed = replace(article, text=article.text + " Ralat.")
    link(store, reviews, (changed, found), hour=3)
    assert len(groups_of(store)) == 2


def test_linking_without_the_file_of_decisions_is_refused(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    link(store, reviews, *ONE)
    decide(store, reviews, tmp_path, "split", "b")
    link_events(store, reviews)
    with pytest.raises(StoreError, match="follow 1 decisions of reviewers"):
        link_events(store, None)


def test_only_articles_of_the_event_can_be_split_off(store: Store, reviews: Path, tmp_path: Path) -> None:
    link(store, reviews, *ONE, *OTHER)
    with pytest.raises(ReviewError, match="artikel c: bukan bagian"):
        decide(store, reviews, tmp_path, "split", "a", "c")
    with pytest.raises(ReviewError, match="sisakan sedikitnya satu artikel"):
        decide(store, reviews, tmp_path, "split", "a", "b")


def test_an_erasure_takes_articles_and_notes_out_of_decisions(reviews: Path) -> None:
    with Reviews(reviews) as file:
        first = file.decide("join", [A], [B, C], reviewer="sari", note="Sutrasna lagi")
        file.decide("split", [B], [C], reviewer="sari", note="Sutrasna lain")
        file.withdraw(first, reviewer="bayu", note="A bukan Sutrasna")

    def hide(ref: TextRef, text: str) -> str | None:
        return None if ref == A else text.replace("Sutrasna", "S*******")

    assert forget_decisions(reviews, hide) == 3
    assert b"Sutrasna" not in reviews.read_bytes() and str(A.url).encode() not in reviews.read_bytes()
    with Reviews(reviews) as file:
        joined, split = file.decisions(active=False)
        assert (joined.left, joined.right, joined.note, joined.withdrawn_by) == ((), (B, C), "", "bayu")
        assert (split.left, split.right, split.note) == ((B,), (C,), "S******* lain")
        assert file.last() == 3
    assert forget_decisions(reviews, lambda ref, text: text) == 0
    with closing(sqlite3.connect(reviews)) as con, pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
        con.execute("UPDATE decisions SET note = 'x'")
