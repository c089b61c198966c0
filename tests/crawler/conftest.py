"""A folder with a ledger and an archive for each test, or for the tests of a module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from places import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Place]:
    return lambda: Place(tmp_path_factory.mktemp("crawl"))
