from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deciding import decide, labels_of, ref_of, verdict, with_case
from findings import accused_article, make_capture, prevention_article
from stories import store_pairs

from nlp.records import Case, Terlapor
from pipeline.database import fetch, scalar
from pipeline.events import link_events
from pipeline.label_reviews import (
    LabelReviews,
    ReviewConflict,
)
from pipeline.labelling import LabelError, changes, check_labels, read_labels, rejected, write_labels
from pipeline.review_file import ReviewError
from pipeline.shelf import SnapshotError, current_snapshot
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle, StoreError


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    return tmp_path / "reviews.sqlite"


def kind_of(store: Store, article: str = "a1") -> tuple[str, int]:
    """Return the kind as which an article is read now, and its cases."""
    ((kind, cases),) = fetch(
        store.con,
        "SELECT e.kind, (SELECT count(*) FROM cases c WHERE c.extraction_id = e.extraction_id)"
        " FROM articles JOIN extractions e USING (extraction_id) WHERE articles.article_id = ?",
        [article],
    )
    return kind, cases


def test_a_verdict_is_one_row_for_each_label_that_it_changes(reviews: Path) -> None:
    pair = accused_article()
    batch = decide(reviews, pair, with_case(stage="registrasi", place="32.05.12"), note="lihat paragraf satu")
    with LabelReviews(reviews) as file:
        rows = file.history(ref_of(pair[0]))
        assert [(row.field, row.batch) for row in rows] == [
            ("artikel", batch), ("kasus.place", batch), ("kasus.stage", batch)
        ]  # fmt: skip
        stage = rows[-1]
        assert (stage.before, stage.after, stage.reviewer, stage.note) == (
            "laporan_temuan", "registrasi", "sari", "lihat paragraf satu"
        )  # fmt: skip
        assert stage.span is not None
        assert pair[0].text[slice(*stage.span)].startswith("Kepala Desa Wanakerta")
        assert file.held()[ref_of(pair[0])].labels.cases[0].stage == "registrasi"
    assert reviews.stat().st_mode & 0o077 == 0


def test_undoing_is_a_row_and_gives_back_what_held_before(reviews: Path) -> None:
    pair = accused_article()
    first = decide(reviews, pair, with_case(stage="registrasi"))
    second = decide(reviews, pair, lambda labels: rejected(labels, "bogus"), "reject")
    with LabelReviews(reviews) as file:
        ref = ref_of(pair[0])
        assert file.held()[ref].action == "reject"
        file.withdraw(second, reviewer="bayu", role="admin")
        assert file.held()[ref].batch == first
        assert [row.withdrawn_by for row in file.verdicts()] == [None, "bayu"]
        assert file.history(ref)[-1].action == "withdraw"
        for batch, told in ((second, "sudah diurungkan oleh bayu"), (99, "tidak ada")):
            with pytest.raises(ReviewError, match=told):
                file.withdraw(batch, reviewer="sari", role="tinjau")


def test_of_two_reviewers_at_once_the_second_is_shown_the_first(reviews: Path) -> None:
    pair = accused_article()
    said = verdict(pair, rejected(labels_of(pair[1]), "pencegahan"), "reject")
    outcomes: list[str] = []

    def work(name: str) -> None:
        with LabelReviews(reviews) as file:
            try:
                file.decide(replace(said, reviewer=name), seen=0)
            except ReviewConflict as conflict:
                outcomes.append(f"{name} sees {conflict.rows[0].reviewer}")
            else:
                outcomes.append("kept")

    with LabelReviews(reviews):
        pass
    workers = [threading.Thread(target=work, args=(name,)) for name in ("sari", "bayu")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert next(told for told in outcomes if told != "kept") in ("bayu sees sari", "sari sees bayu")
    assert outcomes.count("kept") == 1


def test_labels_hold_after_another_model_has_read_everything(store: Store, reviews: Path) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    link_events(store, reviews)
    batch = decide(reviews, pair, with_case(stage="registrasi", outcome={"pidana": "terbukti"}))
    link_events(store, reviews)
    assert scalar(store.con, "SELECT stage FROM events") == "registrasi"
    blind = replace(pair[1], model_version="m2", kind="lainnya", cases=(), officials=())
    store_pairs(store, (pair[0], blind), hour=1)
    assert kind_of(store) == ("lainnya", 0), "the new model sees no case"
    link_events(store, reviews)
    assert kind_of(store) == ("pelanggaran", 1)
    with LabelReviews(reviews) as file:
        file.withdraw(batch, reviewer="sari", role="tinjau")
    link_events(store, reviews)
    assert kind_of(store) == ("lainnya", 0), "without the decision the newest model's reading holds"
    assert scalar(store.con, "SELECT count(*) FROM events WHERE kind = 'kasus'") == 0


def test_a_changed_text_is_not_labelled_silently(store: Store, reviews: Path) -> None:
    article, found = accused_article()
    store_pairs(store, (article, found))
    decide(reviews, (article, found), lambda labels: rejected(labels, "tidak_terkait"), "reject")
    link_events(store, reviews)
    assert kind_of(store) == ("lainnya", 0)
    changed = replace(article, text=article.text + " Ralat: laporan itu telah diregistrasi.")
    store_pairs(store, (changed, found), hour=3)
    link_events(store, reviews)
    assert kind_of(store) == ("pelanggaran", 1)
    with LabelReviews(reviews) as file:
        assert file.history(ref_of(changed)) == []
        assert len(file.history(ref_of(changed), any_text=True)) > 0


def test_undoing_gives_the_reading_of_the_model_back(store: Store, reviews: Path) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    link_events(store, reviews)
    before = fetch(store.con, "SELECT event_id, kind, stage, types FROM events")
    batch = decide(reviews, pair, lambda labels: rejected(labels, "bogus"), "reject")
    link_events(store, reviews)
    assert scalar(store.con, "SELECT count(*) FROM events WHERE kind = 'kasus'") == 0
    assert scalar(store.con, "SELECT count(*) FROM articles a JOIN officials o USING (extraction_id)"
                             " WHERE o.capacity = 'terlapor'") == 0  # fmt: skip
    with LabelReviews(reviews) as file:
        file.withdraw(batch, reviewer="sari", role="tinjau")
    link_events(store, reviews)
    assert fetch(store.con, "SELECT event_id, kind, stage, types FROM events") == before
    assert apply_again(store, reviews) == 0


def published(store: Store, reviews: Path, folder: Path) -> list[tuple[str, str | None, str | None]]:
    """Publish, and return how each article is read, its review, and the stage of its event."""
    with closing(publish(store, folder / "snapshots", reviews=reviews).connect()) as db:
        return fetch(
            db,
            "SELECT a.kind, a.review, e.stage FROM articles a LEFT JOIN event_members USING (article_id)"
            " LEFT JOIN events e USING (event_id) ORDER BY a.article_id",
        )


def test_publishing_alone_shows_what_was_decided_and_what_was_undone(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    shown = [published(store, reviews, tmp_path)]
    decide(reviews, pair, with_case(stage="registrasi"))
    shown.append(published(store, reviews, tmp_path))
    batch = decide(reviews, pair, lambda labels: rejected(labels, "tidak_terkait"), "reject")
    shown.append(published(store, reviews, tmp_path))
    assert shown == [
        [("pelanggaran", None, "laporan_temuan")],
        [("pelanggaran", "dikoreksi", "registrasi")],
        [("lainnya", "ditolak", None)],
    ]
    with LabelReviews(reviews) as file:
        file.withdraw(batch, reviewer="sari", role="tinjau")
    assert published(store, reviews, tmp_path) == shown[1]


def test_nothing_is_published_beside_a_file_of_decisions_that_cannot_be_read(
    filled: Store, reviews: Path, tmp_path: Path
) -> None:
    first = publish(filled, tmp_path / "snapshots", reviews=reviews)
    reviews.write_bytes(b"bukan basis data" * 100)
    with pytest.raises(SnapshotError, match=r"reviews\.sqlite: reviews cannot be"):
        publish(filled, tmp_path / "snapshots", reviews=reviews)
    assert current_snapshot(tmp_path / "snapshots") == first


def apply_again(store: Store, reviews: Path) -> int:
    from pipeline.reviewed import apply_labels

    return apply_labels(store, reviews)


def test_what_is_published_carries_the_review_and_unmasks_nobody(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    pairs = [accused_article(), prevention_article()]
    store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
    store.store_extractions(pairs)
    link_events(store, reviews)
    first = publish(store, tmp_path / "snapshots").manifest["revision"]
    decide(reviews, pairs[0], lambda labels: rejected(labels, "tidak_terkait"), "reject", drawn=True)
    decide(reviews, pairs[1], lambda labels: labels, "confirm", role="admin")
    link_events(store, reviews)
    with closing(publish(store, tmp_path / "snapshots", reviews=reviews).connect()) as db:
        assert scalar(db, "SELECT count(*) FROM articles WHERE written > ?", [first]) == 2
        rows = fetch(
            db,
            "SELECT article_id, kind, review, review_role, reviewed_at IS NOT NULL FROM articles ORDER BY 1",
        )
        assert rows == [
            ("a1", "lainnya", "ditolak", "tinjau", True), ("p1", "pencegahan", "dikonfirmasi", "admin", True)
        ]  # fmt: skip
        ((kind, reviewed, role),) = fetch(db, "SELECT kind, reviewed, review_role FROM events")
        assert (kind, reviewed, role) == ("pencegahan", 1, "admin")
        assert scalar(db, "SELECT count(*) FROM cases") == 0
        said = fetch(
            db,
            "SELECT article_id, review, reviewer, drawn, kind_read, kind, types, len(cases_read), cases"
            " FROM reviews ORDER BY batch",
        )
        assert said[0] == ("a1", "ditolak", 1, True, "pelanggaran", "lainnya", ["netralitas.kades"], 1, [])
        for table in ("articles", "officials", "mentions", "evidence", "reviews", "accused"):
            whole = str(fetch(db, f"SELECT * FROM {table}"))
            assert not any(name in whole for name in ("Sutrasna", "Wirabaya", "sari"))


def test_an_accused_person_whom_a_reviewer_names_is_masked(
    store: Store, reviews: Path, tmp_path: Path
) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    named = (Terlapor("Lestari Adiguna", "Ketua Bawaslu Garut", "bawaslu.anggota", 1),)
    decide(reviews, pair, with_case(terlapor=named))
    link_events(store, reviews)
    with closing(publish(store, tmp_path / "snapshots", reviews=reviews).connect()) as db:
        assert fetch(db, "SELECT name, role, category, persons FROM accused") == [
            ("L****** A******", "Ketua Bawaslu Garut", "bawaslu.anggota", 1)
        ]
        assert "Lestari" not in str(fetch(db, "SELECT * FROM articles"))


def test_a_name_in_an_office_or_a_sanction_is_not_published(store: Store, reviews: Path) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    named = (Terlapor(None, "Kepala Desa Wanakerta, Asep Sunandar", "desa.kepala", 1),)
    decide(reviews, pair, with_case(terlapor=named, sanction="teguran untuk Asep Sunandar"))
    link_events(store, reviews)
    assert fetch(store.con, _SAID) == [(None, "desa.kepala", None)]


_SAID = """
SELECT t.role, t.category, c.sanction FROM articles JOIN cases c USING (extraction_id)
JOIN case_terlapor t USING (extraction_id)
"""


def test_readings_without_the_file_of_decisions_are_refused(store: Store, reviews: Path) -> None:
    pair = accused_article()
    store_pairs(store, pair)
    decide(reviews, pair, with_case(stage="registrasi"))
    link_events(store, reviews)
    store_pairs(store, (pair[0], replace(pair[1], model_version="m2")), hour=1)
    link_events(store, reviews)  # the same decision about the reading of another model
    with pytest.raises(StoreError, match="follow 1 decisions of reviewers"):
        link_events(store, None)


def test_labels_survive_json() -> None:
    labels = labels_of(accused_article()[1])
    assert read_labels(write_labels(labels)) == labels


def test_changes_tell_cases_apart_by_their_evidence() -> None:
    labels = labels_of(accused_article()[1])
    (case,) = labels.cases
    twin = replace(case, terlapor=(Terlapor("Yanuar Kertapati", None, None, 1),))
    two = replace(labels, cases=(case, twin))
    assert [c.field for c in changes(labels, two)] == ["kasus"]
    (gone,) = changes(two, labels)
    assert (gone.field, gone.after) == ("kasus", None)
    assert gone.before["terlapor"][0]["name"] == "Yanuar Kertapati"
    fields = [c.field for c in changes(two, replace(labels, cases=(case, replace(twin, denial=True))))]
    assert fields == ["kasus.denial"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"types": ()}, "sedikitnya satu jenis"),
        ({"types": ("sihir",)}, "tidak dikenal"),
        ({"stage": "entah"}, "tahap"),
        ({"outcome": {"pidana": "menang"}}, "hasil"),
        ({"outcome": {"adat": "belum"}}, "jalur"),
        ({"place": "99.99"}, "wilayah"),
        ({"event_date": "kemarin"}, "tanggal"),
        ({"event_date": "2024-02-30"}, "tanggal"),
        ({"event_date": "0000-01-01"}, "tanggal"),
        ({"event_date": "2024-11-26/2024-11-24"}, "tanggal"),
        ({"reg_no": "Sutrasna Wirabaya"}, "nomor register"),
        ({"sanction": "x" * 300}, "lebih dari 200"),
        ({"terlapor": (Terlapor("Orang Lain", None, None, 1),)}, "tidak ada dalam naskah"),
        ({"terlapor": (Terlapor(None, "Kepala Desa Wanakerta, Asep Sunandar", None, 1),)}, "jabatan 'Kepala"),
        ({"sanction": "teguran untuk asep sunandar"}, "sanksi 'teguran"),
        ({"evidence": ()}, "kalimat bukti"),
    ],
)
def test_a_label_that_is_none_is_refused(values: dict[str, Any], told: str) -> None:
    article, found = accused_article()
    labels = with_case(**values)(labels_of(found))
    with pytest.raises(LabelError, match=told):
        check_labels(labels, article.text, lambda code: code.startswith("32."))


def test_an_article_about_a_case_needs_one() -> None:
    article, found = accused_article()
    labels = labels_of(found)
    check_labels(labels, article.text, lambda code: True)
    with pytest.raises(LabelError, match="sedikitnya satu kasus"):
        check_labels(replace(labels, cases=()), article.text, lambda code: True)
    with pytest.raises(LabelError, match="berita lain"):
        check_labels(replace(labels, kind="lainnya"), article.text, lambda code: True)


def test_case_record_is_complete(reviews: Path) -> None:
    """A decision keeps every field of a case, so that it can be told again when a model no longer reads it."""
    pair = accused_article()
    decide(reviews, pair, lambda labels: labels, "confirm")
    with LabelReviews(reviews) as file:
        (row,) = file.verdicts()
    assert isinstance(row.labels.cases[0], Case)
    assert row.labels.cases == pair[1].cases
