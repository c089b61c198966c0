"""What the tests of the documentation share: its pages, their blocks, and the command lines that they show."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "crawler/README.md")),
        ROOT / "crawler" / "sources" / "README.md",
        *(page for page in DOCS.rglob("*.md") if "_build" not in page.parts),
    ]
)
_FENCE = re.compile(r"^```([\w{}-]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_FILE = re.compile(r"(?:#|<!--) ([\w./-]+\.(?:toml|html|jsonl|csv|txt))(?: -->)?\n")
_ENDS = frozenset("| || && ; > >> < & ·".split())


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the line of its first line of text, its language and its text."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The file that the block's first line names, for blocks that show a whole file."""
        found = _FILE.match(self.text)
        return found[1] if found else None


def name(page: Path) -> str:
    """Return how a test calls a page."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, *languages: str) -> list[Block]:
    """Return the page's blocks in these languages."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text[: found.start(2)].count("\n") + 1, found[1], found[2])
        for found in _FENCE.finditer(text)
        if found[1] in languages
    ]


def prose(page: Path) -> str:
    """Return the page without its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def inline_code(page: Path) -> list[str]:
    """Return every piece of code inside the page's sentences."""
    return _INLINE.findall(prose(page))


def command_lines(page: Path) -> Iterator[list[str]]:
    """Yield the words after `wartawas` of each call that the page shows, in blocks and in sentences."""
    for block in blocks(page, "sh"):
        yield from calls(block)
    for code in inline_code(page):
        yield from _calls(code)


def calls(block: Block) -> Iterator[list[str]]:
    """Yield the words after `wartawas` of each call of a shell block."""
    for line in block.text.replace("\\\n", " ").splitlines():
        yield from _calls(line)


def _calls(line: str) -> Iterator[list[str]]:
    try:
        words = shlex.split(line.replace(";", " ; "), comments=True)
    except ValueError:  # a quotation mark of a sentence
        return
    starts = [n for n, word in enumerate(words) if word == "wartawas" or word.endswith("/bin/wartawas")]
    for start in starts:
        if start and words[start - 1] not in {*_ENDS, "sudo"}:
            continue  # the name of an account, a user or a volume
        rest = words[start + 1 :]
        yield rest[: next((n for n, word in enumerate(rest) if word in _ENDS), len(rest))]
