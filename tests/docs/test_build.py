"""The documentation is built offline without a warning, and a page that is opened asks no other host for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from guides import DOCS, ROOT

_LOADS = {
    "script",
    "link",
    "img",
    "iframe",
    "source",
    "video",
    "audio",
    "object",
    "embed",
    "form",
    "use",
    "image",
}
_FROM = {"src", "href", "data", "srcset", "action", "xlink:href", "poster"}
_ELSEWHERE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built pages; a warning is an error."""
    folder = tmp_path_factory.mktemp("built")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        str(DOCS),
        str(folder),
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return folder


class Loads(HTMLParser):
    """What a browser fetches by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.styles += [value or "" for key, value in attrs if key == "style"]
        if tag in _LOADS:
            self.addresses += [value or "" for key, value in attrs if key in _FROM]


def test_every_page_is_built(built: Path) -> None:
    wanted = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md")}
    assert {page for page in wanted if not (built / page).is_file()} == set()


def test_no_page_asks_another_host(built: Path) -> None:
    pages = list(built.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.addresses, page
        assert [one for one in loads.addresses if _ELSEWHERE.match(one)] == [], page
    for sheet in built.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"';]+", text) == [], sheet


def test_generated_parts_are_in_their_pages(built: Path) -> None:
    for page, words in {
        "taxonomy": "netralitas.kades", "data": "independent_texts", "commands": "--allow-private",
        "settings": "WARTAWAS_RETENTION_NAMES_YEARS", "limits": "get the right kind", "ledger": "not_indonesian",
    }.items():  # fmt: skip
        assert words in (built / f"{page}.html").read_text(encoding="utf-8"), page
        assert "generated:" not in (built / f"{page}.html").read_text(encoding="utf-8")
