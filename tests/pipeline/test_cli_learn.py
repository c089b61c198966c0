from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nlp.corpus import CORPUS
from nlp.model import MODELS
from pipeline.cli.failure import Failure
from pipeline.cli.learn import evaluate, train


def run(command: object, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("kasus-02.txt", "lain-07.txt", "test_ids.txt"):
        (folder / name).write_bytes((CORPUS / name).read_bytes())
    return folder


def test_train_check_counts_the_corpus(small: Path, tmp_path: Path) -> None:
    result = run(train, "--out", str(tmp_path), "--corpus", str(small), "--check")
    assert result.exit_code == 0
    assert "articles" in result.output and "test" in result.output


def test_train_names_the_faulty_article(small: Path, tmp_path: Path) -> None:
    text = (small / "lain-07.txt").read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(text.replace("kind: lainnya", "kind: gosip", 1), encoding="utf-8")
    result = run(train, "--out", str(tmp_path), "--corpus", str(tmp_path), "--check")
    assert isinstance(result.exception, Failure)
    assert "kind 'gosip'" in str(result.exception)


def test_train_writes_models_and_prints_scores(small: Path, tmp_path: Path) -> None:
    result = run(
        train, "--out", str(tmp_path), "--corpus", str(small), "--part", "ner", "--steps", "4", "--json"
    )
    assert result.exit_code == 0
    assert "ents_f" in json.loads(result.stdout)["ner"]
    assert "without --news there are no word vectors" in result.stderr
    assert (tmp_path / "ner" / "meta.json").is_file()


def test_evaluate_prints_figures_and_fails_below_a_floor(small: Path) -> None:
    result = run(evaluate, "--corpus", str(small), "--split", "test", "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert 0.5 < printed["figures"]["mentions.per"]["value"] <= 1
    (small / "floors.toml").write_text('[test]\n"mentions.per" = 1.01\n', encoding="utf-8")
    result = run(evaluate, "--corpus", str(small), "--split", "test")
    assert isinstance(result.exception, Failure)
    assert "mentions.per" in str(result.exception)
    assert "95 % interval" in result.stdout


def test_evaluate_names_missing_seeds(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARTAWAS_GOLD", raising=False)
    result = run(evaluate, "--corpus", str(small), "--split", "seeds")
    assert isinstance(result.exception, Failure)
    assert "WARTAWAS_GOLD" in str(result.exception)


def test_lower_needs_pin(small: Path) -> None:
    assert run(evaluate, "--corpus", str(small), "--lower").exit_code == 2


@pytest.mark.parametrize(
    ("part", "option", "told"),
    [
        ("judge", "--steps", "--part ner"),
        ("events", "--public", "--part ner"),
        ("events", "--news", "--part ner or judge"),
        ("ner", "--reviewed", "--part judge"),
    ],
)
def test_train_refuses_what_a_part_does_not_use(small: Path, part: str, option: str, told: str) -> None:
    value = "5" if option == "--steps" else str(small)
    result = run(train, "--out", str(small / "out"), "--corpus", str(small), "--part", part, option, value)
    assert result.exit_code == 2
    assert f"{option} is only for {told}" in result.stderr


def test_train_check_reads_what_reviewers_labelled(small: Path, tmp_path: Path) -> None:
    text = (small / "lain-07.txt").read_text(encoding="utf-8")
    (tmp_path / "tinjauan.txt").write_text(text.replace("kind: lainnya", "kind: gosip", 1), encoding="utf-8")
    arguments = ("--out", str(tmp_path), "--corpus", str(small), "--check", "--reviewed", str(tmp_path))
    result = run(train, *arguments)
    assert isinstance(result.exception, Failure)
    assert "kind 'gosip'" in str(result.exception)


def test_evaluate_says_which_parts_are_the_folders(small: Path, tmp_path: Path) -> None:
    result = run(evaluate, "--corpus", str(small), "--split", "test", "--model", str(tmp_path))
    assert isinstance(result.exception, Failure)
    assert f"{tmp_path}: holds none of ner, judge, events" in str(result.exception)
    shutil.copytree(MODELS / "events", tmp_path / "events")
    result = run(evaluate, "--corpus", str(small), "--split", "test", "--model", str(tmp_path))
    assert f"{tmp_path} has no ner, judge: read with those that are shipped" in result.stderr
