"""`backup`, `restore` and `erase` as commands: answers after a restore, wrong usage, what is told."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from pathlib import Path

import pytest
from accused import PERSON, run_accused
from click.testing import CliRunner, Result
from nights import Installation
from small_disk import small_disk

from pipeline.cli import wartawas
from pipeline.cli.failure import Failure
from pipeline.database import fetch
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.labelling import rejected
from pipeline.published_labels import labels_of
from pipeline.questions import QUESTIONS
from pipeline.reviews import TextRef


@pytest.fixture(scope="module")
def accused(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return run_accused(tmp_path_factory.mktemp("accused"))


def run(at: Installation, *arguments: str, give: str | None = None) -> Result:
    return CliRunner().invoke(wartawas, [*arguments, "--var", str(at.settings.var)], input=give)


def query_hash(at: Installation) -> tuple[int, str]:
    """Return how many questions were answered, and the hash of all their answers."""
    hasher, answered = hashlib.sha256(), 0
    for name in QUESTIONS:
        result = run(at, "query", name, "--json")
        if result.exit_code == 0:  # some need a word to look for
            answered += 1
            hasher.update(f"{name}\n{result.stdout}".encode())
    return answered, hasher.hexdigest()


def test_every_question_has_the_same_answer_after_a_restore(accused: Installation, tmp_path: Path) -> None:
    before = query_hash(accused)
    assert before[0] >= 8
    made = run(accused, "backup", str(tmp_path / "b.tar"), "--archive", "--json")
    assert made.exit_code == 0 and json.loads(made.stdout)["whole"] is True
    assert "checksum cocok" in run(accused, "backup", str(tmp_path / "b.tar"), "--check").output
    new = Installation(tmp_path / "new")
    assert run(new, "restore", str(tmp_path / "b.tar")).exit_code == 0
    assert {
        path.stat().st_mode & 0o077 for path in new.settings.var.rglob("*") if "snap" not in str(path)
    } == {0}
    assert query_hash(new) == before
    again = run(new, "restore", str(tmp_path / "b.tar"))
    assert isinstance(again.exception, Failure) and "is not empty" in str(again.exception)


def test_an_interrupted_restore_leaves_nothing_and_goes_on_when_started_again(
    accused: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(accused, "backup", str(tmp_path / "b")).exit_code == 0
    new = Installation(tmp_path / "new")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.snapshots.publish", interrupted)
        result = run(new, "restore", str(tmp_path / "b"))
    assert isinstance(result.exception, Failure) and result.exception.code == 130
    assert "nothing was restored" in str(result.exception)
    assert not list(new.settings.var.parent.iterdir())
    again = run(new, "restore", str(tmp_path / "b"))
    assert again.exit_code == 0, again.exception
    assert "`wartawas backup --archive`" in again.output and "; --archive" not in again.output
    assert query_hash(new) == query_hash(accused)


def test_a_restore_that_cannot_publish_keeps_what_it_restored(
    accused: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(accused, "backup", str(tmp_path / "b")).exit_code == 0
    new = Installation(tmp_path / "new")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.snapshots._fill", full)
        result = run(new, "restore", str(tmp_path / "b"))
    told = str(result.exception)
    assert isinstance(result.exception, Failure) and str(new.settings.snapshots) in told, told
    assert "there is no earlier snapshot; run `wartawas publish --rebuild`" in told
    assert run(new, "publish", "--rebuild").exit_code == 0
    assert query_hash(new) == query_hash(accused)


def test_a_full_disk_names_the_target_of_backup_and_restore(
    accused: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, new = tmp_path / "b", Installation(tmp_path / "new")
    for target in (place, tmp_path / "b.tar"):
        with small_disk(3_000):
            result = run(accused, "backup", str(target), "--archive")
        assert isinstance(result.exception, Failure), result.exception
        assert str(result.exception).startswith(f"{target}: "), result.exception
    assert run(accused, "backup", str(place), "--archive").exit_code == 0
    with small_disk(3_000):
        result = run(new, "restore", str(place))
    assert str(result.exception) == f"{new.settings.var}: File too large"
    assert not list(new.settings.var.parent.iterdir())


def test_a_restored_backup_is_published_as_reviewers_have_it(accused: Installation, tmp_path: Path) -> None:
    at = accused.copy(tmp_path)
    with closing(at.snapshot().connect(restricted=True)) as db:
        rows = fetch(db, "SELECT article_id, url, text_hash FROM articles WHERE kind = 'pelanggaran'")
        labels = labels_of(db, [key for key, *_ in rows])
    with LabelReviews(at.settings.reviews) as file:
        for key, url, text_hash in rows:
            read = labels[key]
            said = Verdict(
                TextRef(url, text_hash),
                "reject",
                read,
                rejected(read, "bogus"),
                Model("m", 0.9, read),
                "s",
                "tinjau",
            )
            file.decide(said, seen=0)
    assert run(at, "backup", str(tmp_path / "b.tar")).exit_code == 0
    new = Installation(tmp_path / "new")
    assert run(new, "restore", str(tmp_path / "b.tar")).exit_code == 0
    with closing(new.snapshot().connect()) as db:
        assert fetch(db, "SELECT kind, review FROM articles WHERE review IS NOT NULL") == [
            ("informasi", "ditolak")
        ] * len(rows)
        assert fetch(db, "SELECT * FROM events WHERE kind = 'kasus'") == []


def test_erasure_asks_first_and_tells_what_it_did(accused: Installation, tmp_path: Path) -> None:
    at = accused.copy(tmp_path)
    asked = ("erase", "--person", PERSON, "--reason", "surat 1", "--by", "Sekretariat")
    before = at.settings.store.read_bytes()
    assert run(at, *asked, give="n\n").exit_code == 1
    assert at.settings.store.read_bytes() == before
    told = run(at, *asked, give="y\n")
    assert told.exit_code == 0 and "1 halaman arsip dikosongkan, 2 disamarkan" in told.output
    listed = run(at, "erase", "--log")
    assert "surat 1" in listed.output and PERSON.split()[1] not in listed.output
    (row,) = map(json.loads, run(at, "erase", "--log", "--json").stdout.splitlines())
    assert (row["kind"], row["who"], row["figures"]["left"]) == ("person", "Sekretariat", 0)


def test_erasure_without_a_terminal_names_the_option_that_agrees(tmp_path: Path) -> None:
    asked = ("erase", "--person", PERSON, "--reason", "surat 1", "--by", "Sekretariat")
    told = CliRunner().invoke(wartawas, [*asked, "--var", str(tmp_path)], input="")
    assert told.exit_code == 2 and "--yes" in told.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--yes",),
        ("--article", "a", "--person", "b c", "--yes"),
        ("--article", "a", "--reason", "r", "--yes"),
    ],
)
def test_wrong_usage_is_refused(accused: Installation, arguments: tuple[str, ...]) -> None:
    assert run(accused, "erase", *arguments).exit_code == 2
