"""A type is added by the guide alone: its blocks fit the data files, which are checked as they are read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from guides import DOCS, ROOT, blocks

from nlp.acts import load_acts
from nlp.taxonomy import load_taxonomy
from reference import taxonomy

NEW = "kampanye.contoh"


def _unpractised(file: Path) -> str:
    """Return a data file without what somebody who practises with the guide has put there already."""
    tables = re.split(r"(?m)^(?=\[)", file.read_text(encoding="utf-8"))
    text = "".join(table for table in tables if f'= "{NEW}"' not in table)
    return re.sub(r"(?m)^contoh_khas = .*\n", "", text)


def test_a_type_is_added_by_the_guide_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(ROOT / "data" / "taxonomy", folder)
    kind, words, act = (block.text for block in blocks(DOCS / "add-a-type.md", "toml"))
    types, acts = folder / "taxonomy.toml", folder / "acts.toml"
    types.write_text(f"{_unpractised(types)}\n{kind}", encoding="utf-8")
    text = _unpractised(acts).replace("[kata]\n", f"[kata]\n{words}", 1)
    acts.write_text(f"{text}\n{act}", encoding="utf-8")

    assert load_taxonomy(folder).types[NEW].parent == "kampanye"
    told = load_acts(folder).weights(["kampanye", "contoh_khas"])
    assert told[NEW] == 3
    assert NEW not in load_acts(folder).weights(["kampanye"])
    monkeypatch.setattr(taxonomy, "TAXONOMY", folder)
    assert f"`{NEW}`" in taxonomy.taxonomy_text(), "the reference shows it at its next build"
