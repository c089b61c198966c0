"""The file of reviews as a file: rows that stay, an erasure that rewrites them, numbers that never come back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from deciding import decide, ref_of, with_case
from findings import accused_article, prevention_article

from pipeline.label_reviews import LabelReviews, forget_labels, move_labels, without_names
from pipeline.labelling import rejected
from pipeline.reviews import Reviews, TextRef, move_decisions


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    return tmp_path / "reviews.sqlite"


def test_no_row_is_changed_or_deleted(reviews: Path) -> None:
    decide(reviews, accused_article(), lambda labels: labels, "confirm")
    with closing(sqlite3.connect(reviews)) as con:
        for statement in ("UPDATE labels SET note = 'x'", "DELETE FROM labels"):
            with pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
                con.execute(statement)


def test_an_erasure_takes_decisions_and_names_along(reviews: Path) -> None:
    pair, other = accused_article(), prevention_article()
    decide(reviews, pair, with_case(stage="registrasi"), note="Sutrasna Wirabaya lagi")
    decide(reviews, other, lambda labels: labels, "confirm")
    with closing(sqlite3.connect(reviews)) as desk:  # whoever has the file open keeps its log of changes
        desk.execute("SELECT count(*) FROM labels").fetchall()
        masked = forget_labels(
            reviews, lambda ref, text: text.replace("Sutrasna Wirabaya", "S******* W*******")
        )
        assert masked == 2
        assert not any(b"Sutrasna" in file.read_bytes() for file in reviews.parent.glob("reviews.sqlite*"))
    gone = forget_labels(reviews, lambda ref, text: None if ref.url == pair[0].url else text)
    assert gone == 2
    with LabelReviews(reviews) as file:
        assert [row.ref for row in file.verdicts()] == [ref_of(other[0])]
    with closing(sqlite3.connect(reviews)) as con, pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
        con.execute("DELETE FROM labels")


def test_a_verdict_is_kept_whole_or_not_at_all(reviews: Path) -> None:
    pair = accused_article()
    with LabelReviews(reviews), closing(sqlite3.connect(reviews)) as con:
        con.execute(
            "CREATE TRIGGER full BEFORE INSERT ON labels WHEN NEW.field = 'kasus.stage'"
            " BEGIN SELECT raise(ABORT, 'no room'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="no room"):
        decide(reviews, pair, with_case(place="32.05.12", stage="registrasi"))
    with LabelReviews(reviews) as file:
        assert file.history(ref_of(pair[0])) == []


def test_numbers_that_an_erasure_took_never_come_back(reviews: Path) -> None:
    pair = accused_article()
    decide(reviews, prevention_article(), lambda labels: labels, "confirm")
    batch = decide(reviews, pair, with_case(stage="registrasi"))
    with LabelReviews(reviews) as file:
        taken = {row.id for row in file.history(ref_of(pair[0]))}
    assert forget_labels(reviews, lambda ref, text: None if ref.url == pair[0].url else text) == len(taken)
    assert decide(reviews, pair, with_case(stage="registrasi")) > batch
    with LabelReviews(reviews) as file:
        assert not taken & {row.id for row in file.history(ref_of(pair[0]))}


def test_a_file_of_an_earlier_version_keeps_its_decisions_and_learns_to_number(
    reviews: Path, tmp_path: Path
) -> None:
    pair, old = accused_article(), tmp_path / "old.sqlite"
    decide(reviews, pair, with_case(stage="registrasi"))
    with LabelReviews(reviews) as file:
        before = file.history(ref_of(pair[0]))
    with closing(sqlite3.connect(old)) as con:
        con.executescript(LabelReviews.schema.replace(" AUTOINCREMENT", ""))
        con.execute("ATTACH ? AS newer", [str(reviews)])
        con.execute("INSERT INTO labels SELECT * FROM newer.labels")
        con.commit()
        with pytest.raises(sqlite3.OperationalError, match="sqlite_sequence"):
            con.execute("SELECT * FROM main.sqlite_sequence")
    with LabelReviews(old) as file:
        assert file.history(ref_of(pair[0])) == before
    forget_labels(old, lambda ref, text: None)
    with LabelReviews(old) as file:
        assert file.verdicts() == []
    assert decide(old, pair, with_case(stage="registrasi")) > before[-1].id
    with closing(sqlite3.connect(old)) as con, pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
        con.execute("DELETE FROM labels")


def test_decisions_follow_a_text_in_which_a_name_was_masked(reviews: Path) -> None:
    pair, other = accused_article(), prevention_article()
    decide(reviews, pair, lambda labels: rejected(labels, "bogus"), "reject")
    old, kept = ref_of(pair[0]), ref_of(other[0])
    with Reviews(reviews) as file:
        file.decide("join", [old], [kept], reviewer="sari")
    move_labels(reviews, {old: "f" * 64})
    move_decisions(reviews, {old: "f" * 64})
    new = TextRef(old.url, "f" * 64)
    with LabelReviews(reviews) as labels, Reviews(reviews) as file:
        assert [row.ref for row in labels.verdicts()] == [new]
        (decision,) = file.decisions()
        assert (decision.left, decision.right) == ((new,), (kept,))
    with closing(sqlite3.connect(reviews)) as con:
        for table in ("labels", "decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="withdraw it"):
                con.execute(f"UPDATE {table} SET note = 'x'")


def test_a_sanction_that_names_somebody_is_forgotten_in_a_row_of_its_own(reviews: Path) -> None:
    said = {"sanction": "Sutrasna Wirabaya", "stage": "registrasi", "event_date": "2024-09-27"}
    decide(reviews, accused_article(), with_case(**said))
    forget_labels(reviews, lambda ref, text: without_names(text))
    with closing(sqlite3.connect(reviews)) as con:
        after = dict(con.execute("SELECT field, after FROM labels").fetchall())
    assert "utrasna" not in str(after)
    kept = {field: after[f"kasus.{field}"] for field in said}
    assert kept == {"sanction": '""', "stage": '"registrasi"', "event_date": '"2024-09-27"'}
    assert without_names('"pilkada 2024"') == '"pilkada 2024"'


def test_nobody_else_may_read_the_file_or_its_log(reviews: Path) -> None:
    with LabelReviews(reviews) as file:
        file.last()
        modes = {path.name: path.stat().st_mode & 0o077 for path in reviews.parent.glob("reviews.sqlite*")}
    assert len(modes) > 1 and not any(modes.values()), modes
