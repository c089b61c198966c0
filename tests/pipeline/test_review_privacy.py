"""Names in what reviewers wrote are forgotten with all others: on request, and when their time has come."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accused import PERSON, run_accused
from nights import Installation
from traces import sound, traces

from pipeline.database import fetch
from pipeline.erase import erase_article, erase_person
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.published_labels import labels_of
from pipeline.retention import forget_old
from pipeline.reviews import Reviews, TextRef
from pipeline.settings import Retention
from pipeline.shelf import current_snapshot, prune_snapshots
from pipeline.store_erase import compact_store


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return an installation whose articles about the accused were all corrected and joined, the name in each note."""
    at = run_accused(tmp_path_factory.mktemp("ditinjau"))
    with closing(current_snapshot(at.settings.snapshots).connect(restricted=True)) as db:
        rows = fetch(db, "SELECT article_id, url, text_hash FROM articles WHERE kind = 'pelanggaran'")
        labels = labels_of(db, [key for key, *_ in rows])
    assert rows
    with LabelReviews(at.settings.reviews) as file:
        for key, url, text_hash in rows:
            model = Model("m", 0.9, labels[key])
            after = replace(labels[key], cases=tuple(replace(c, denial=True) for c in labels[key].cases))
            verdict = Verdict(
                TextRef(url, text_hash), "correct", labels[key], after, model, "sari", "tinjau", PERSON
            )
            file.decide(verdict, seen=0)
    refs = [TextRef(url, text_hash) for _, url, text_hash in rows]
    with Reviews(at.settings.reviews) as joins:
        joins.decide("join", refs[:1], refs[1:], reviewer="sari", note=PERSON)
    at.process()
    at.publish()
    return at


def test_an_erased_person_is_gone_from_decisions_too(reviewed: Installation, tmp_path: Path) -> None:
    at = reviewed.copy(tmp_path)
    assert [name for name in traces(at.settings, PERSON) if "reviews" in name]
    erase_person(at.settings, PERSON, reason="putusan 7", who="uji")
    assert traces(at.settings, PERSON) == []
    assert sound(at.settings) == []
    with closing(current_snapshot(at.settings.snapshots).connect()) as db:
        said = "SELECT review FROM articles WHERE kind = 'pelanggaran'"
        assert fetch(db, said) == [("dikoreksi",)] * 2, "what was decided about them holds"
        assert fetch(db, "SELECT DISTINCT denial FROM cases") == [(True,)]
        texts = fetch(db, "SELECT url, text_hash FROM articles WHERE kind = 'pelanggaran'")
    with Reviews(at.settings.reviews) as joins:
        (join,) = joins.decisions()
        assert {(ref.url, ref.text_hash) for ref in (*join.left, *join.right)} == set(texts)


def test_an_erased_article_takes_its_decisions_along(reviewed: Installation, tmp_path: Path) -> None:
    at = reviewed.copy(tmp_path)
    with LabelReviews(at.settings.reviews) as file:
        url = file.verdicts()[0].ref.url
        before = len(file.verdicts())
    assert url
    erase_article(at.settings, url, reason="r", who="uji")
    with LabelReviews(at.settings.reviews) as file:
        assert len(file.verdicts()) == before - 1
    assert url.encode() not in at.settings.reviews.read_bytes()


def test_names_in_decisions_are_forgotten_in_time_and_labels_stay(
    reviewed: Installation, tmp_path: Path
) -> None:
    at = reviewed.copy(tmp_path)
    settings = at.settings.model_copy(update={"retention": Retention(names_years=2)})
    forget_old(settings, datetime.now(UTC) + timedelta(days=800))
    compact_store(settings.store)
    at.process()
    at.publish(rebuild=True)
    prune_snapshots(settings.snapshots, 1)
    assert traces(settings, PERSON) == []
    with LabelReviews(settings.reviews) as file:
        assert {row.labels.kind for row in file.verdicts()} == {"pelanggaran"}
    with closing(current_snapshot(settings.snapshots).connect()) as db:
        assert {
            review for (review,) in fetch(db, "SELECT review FROM articles WHERE kind = 'pelanggaran'")
        } == {"dikoreksi"}
