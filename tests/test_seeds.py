"""Five real articles that every keyword system reports as violations: none is one.

Reads the folder named by WARTAWAS_GOLD (seeds/*.txt and seeds/gold.json), and skips where it is not set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOLD = os.environ.get("WARTAWAS_GOLD")
WARTAWAS = Path(sys.executable).parent / "wartawas"

pytestmark = [
    pytest.mark.skipif(not GOLD, reason="WARTAWAS_GOLD names the folder of the five seeds; it is not set"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return (gold, what `wartawas process --json` printed) for each seed."""
    folder = Path(str(GOLD)) / "seeds"
    files = sorted(folder.glob("*.txt"))
    ran = subprocess.run(
        [WARTAWAS, "process", "--json", "--var", tmp_path_factory.mktemp("var"), *files],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed = [json.loads(line) for line in ran.stdout.splitlines()]
    gold = {row["file"]: row for row in json.loads((folder / "gold.json").read_text(encoding="utf-8"))}
    return [(gold[row["file"].rpartition("/")[2]], row) for row in printed]


def test_seeds_are_prevention_without_a_case(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    assert len(pairs) == 5
    assert [(row["kind"], row["cases"]) for _, row in pairs] == [("pencegahan", [])] * 5


def test_seeds_event_dates_and_places(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    assert [row["event"] for _, row in pairs] == [gold["event"] for gold, _ in pairs]


def test_seeds_officials(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    wanted = {(g["file"], o["name"], o["category"]) for g, _ in pairs for o in g["officials"]}
    found = {(g["file"], o["name"], o["category"]) for g, row in pairs for o in row["officials"]}
    assert len(wanted) == 11
    assert wanted - found == set()
    assert found - wanted == set()


def test_seeds_chrome_is_gone_and_the_advertorial_flagged(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for gold, row in pairs:
        lines = row["text"].splitlines()
        assert not [line for line in gold["boilerplate"] if line in lines], gold["file"]
        assert not row["text"].startswith(gold["outlet_prefix"])
        assert not row["text"].endswith(("(ADV)", "( Jon)", "(fuljo/Christ)"))
        assert row["flags"] == gold["flags"]
