"""Links and paths that pages show lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from guides import PAGES, ROOT, inline_code, name, prose

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:\.ci|\.github|crawler|data|docs|nlp|notebooks|pipeline|tests)/[\w./*{},-]*")
_NEAR = [ROOT / folder for folder in (".", "docs", "data", "data/corpus", "data/taxonomy", "tests/bench")]
_MADE = ("wartawas.toml", "data/demo/", "crawler/sources/<slug>.toml")  # what a reader makes, or is a pattern


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_pages_and_headings(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        goal = (page.parent / file).resolve() if file else page
        assert goal.exists(), f"{name(page)}: no {target}"
        if anchor:
            assert anchor in anchors(goal), f"{name(page)}: no heading {target}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_paths_of_the_repository_exist(page: Path) -> None:
    for shown in inline_code(page):
        if not _PATH.fullmatch(shown) or shown in _MADE:
            continue
        for path in expand(shown):
            assert any(any(folder.glob(path.rstrip("/"))) for folder in (page.parent, *_NEAR)), (
                f"{name(page)}: no {path}"
            )


def expand(path: str) -> list[str]:
    """Return the paths that `a/{b,c}.x` stands for."""
    found = re.search(r"\{([^}]*)\}", path)
    if found is None:
        return [path]
    return [path[: found.start()] + part + path[found.end() :] for part in found[1].split(",")]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
