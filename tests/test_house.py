"""The rules of the house, held by a machine: sizes, cycles, and documentation of what is public."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("crawler", "nlp", "pipeline")
FOLDERS = (*PACKAGES, "docs", "notebooks", "tests")
MOST_LINES = 400
MOST_FUNCTION = 80
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(*folders: str) -> dict[Path, str]:
    """Return the text of each module of these folders."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in found}


@cache
def functions(*folders: str) -> dict[str, int]:
    """Return the lines of each function, by where it stands."""
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, text in modules(*folders).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    }


def share_up_to(sizes: list[int], most: int) -> float:
    return sum(size <= most for size in sizes) / len(sizes)


def test_no_module_is_long() -> None:
    sizes = {
        str(path): len(text.splitlines()) for path, text in modules(*PACKAGES, "docs", "notebooks").items()
    }
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}
    assert share_up_to(list(sizes.values()), 150) >= 0.5, "the median module has at most 150 lines"


def test_no_test_module_is_long() -> None:
    sizes = {str(path): len(text.splitlines()) for path, text in modules("tests").items()}
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}


def test_no_function_is_long() -> None:
    assert {at: lines for at, lines in functions(*FOLDERS).items() if lines > MOST_FUNCTION} == {}
    assert share_up_to(list(functions(*PACKAGES).values()), 40) >= 0.95


def test_no_import_cycle() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    arrows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert list(cycles(arrows)) == []


def test_a_cycle_is_noticed() -> None:
    assert list(cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()})) == [["a", "b", "c"]]


def cycles(arrows: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield the groups of modules that reach each other, by taking away whatever is at an end."""
    left = {module: set(targets) for module, targets in arrows.items()}
    for turned in (False, True):
        while ends := [module for module, targets in left.items() if not targets & left.keys()]:
            for module in ends:
                del left[module]
        if not turned:
            left = {module: {one for one in left if module in left[one]} for module in left}
    if left:
        yield sorted(left)


@pytest.mark.parametrize("package", PACKAGES)
def test_public_code_says_what_it_does(package: str) -> None:
    silent = []
    for path, text in modules(package).items():
        tree = ast.parse(text)
        if not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            if isinstance(node, (*Function.__args__, ast.ClassDef)) and not node.name.startswith("_"):
                silent += [] if ast.get_docstring(node) else [f"{path}:{node.lineno} {node.name}"]
    assert silent == []
