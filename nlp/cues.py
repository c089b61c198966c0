"""Phrases found in folded text in linear time: one trie of words for each book of cues.

A phrase is words with blanks between them. A word may be `a|b` (either), `bagi*` (anything that starts so),
`@sebar` (every verb form of the root: menyebar, disebarkan, penyebaran, sebar, …), `@~bagi` (the same without the
bare root) or `...` (up to four words). A word of the text may have -nya behind it ("rekomendasinya").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

WORD = re.compile(r"\w+(?:-\w+)*")
GAP = 4
_MOST = 20_000  # words that a book remembers
_VOWELS = "aiueo"
_OWN = "nya"  # his, its, the
_WHOLE = frozenset(
    "sebelumnya sesudahnya setelahnya tidaknya belumnya karenanya olehnya akhirnya dulunya awalnya keduanya hukumnya "
    "begitunya dapatnya bisanya siapnya tunggunya polisinya katanya menurutnya calonnya mantannya".split()
)  # say something else than the word before -nya
_TO_HIM = re.compile(
    r"(?:di|me)\w+(?:kan|i)nya|(?:dilapor|ditegur|dicegat)\w*nya"
)  # whom or by whom, not whose


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text with its offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a book in a text: its label, and the words [first, last) that it covers."""

    label: str
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    exact: dict[str, _Node] = field(default_factory=dict)
    prefix: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    labels: tuple[str, ...] = ()


def words_of(folded: str) -> list[Word]:
    """Return the words of a text that `nlp.text.fold` made, hyphens inside words kept."""
    return [Word(m.group(), m.start(), m.end()) for m in WORD.finditer(folded)]


class PhraseError(ValueError):
    """A phrase of the data files holds no word, or an empty choice of words."""


class Phrasebook:
    """Phrases by label, compiled once and looked up in one pass over the words of a text. Raises PhraseError."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        self._starts: dict[str, tuple[_Node, ...]] = {}  # a word → where phrases that it begins go on
        for label, texts in phrases.items():
            for text in texts:
                self._add(label, text)

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Return every phrase that the words hold, the longest per label and first word, in order.

        A passive written apart ("di laporkan") is read as one word, as regional pages write it so.
        """
        hits: list[Hit] = []
        texts = [word.text for word in words]
        known = self._starts
        for first, text in enumerate(texts):
            if (nodes := known.get(text)) is None:
                nodes = self._begin(text)
            if not nodes and text != "di":
                continue
            longest: dict[str, int] = {}
            for node in nodes:
                self._walk(node, texts, first + 1, longest)
            if text == "di" and first + 1 < len(texts):
                for node in self._after(self._root, "di" + texts[first + 1]):
                    self._walk(node, texts, first + 2, longest)
            hits.extend(Hit(label, first, last) for label, last in longest.items())
        return hits

    def _begin(self, text: str) -> tuple[_Node, ...]:
        if len(self._starts) == _MOST:
            self._starts = {}
        nodes = self._starts[text] = tuple(self._after(self._root, text))
        return nodes

    def _walk(self, node: _Node, texts: list[str], at: int, longest: dict[str, int]) -> None:
        for label in node.labels:
            longest[label] = max(at, longest.get(label, 0))
        if at >= len(texts) or not (node.exact or node.prefix or node.gap):
            return
        for child in self._after(node, texts[at]):
            self._walk(child, texts, at + 1, longest)
        if texts[at] == "di" and at + 1 < len(texts):
            for child in self._after(node, "di" + texts[at + 1]):
                self._walk(child, texts, at + 2, longest)
        if node.gap:
            for skip in range(GAP + 1):
                if at + skip < len(texts):
                    self._walk(node.gap, texts, at + skip, longest)

    @staticmethod
    def _after(node: _Node, text: str) -> list[_Node]:
        """Return where the phrases of a node go on with a word."""
        found = []
        if child := node.exact.get(text):
            found.append(child)
        # beside the word as it is: another label's phrase may have it so
        if _has_own(text) and (child := node.exact.get(text[: -len(_OWN)])):
            found.append(child)
        if node.prefix:
            beginnings = (node.prefix.get(text[:size]) for size in range(2, len(text) + 1))
            found += [child for child in beginnings if child]
        return found

    def _add(self, label: str, phrase: str) -> None:
        parts = phrase.split()
        if not parts or any(not choice.strip("@~*") for part in parts for choice in part.split("|")):
            raise PhraseError(f"{label}: phrase {phrase!r} holds no word, or an empty choice of words")
        choices = [_choices(part) for part in parts]
        for words in product(*choices):
            node = self._root
            for word in words:
                node = _child(node, word)
            if label not in node.labels:
                node.labels = (*node.labels, label)


@lru_cache(maxsize=1 << 14)
def _has_own(text: str) -> bool:
    """Tell whether -nya behind a word only says whose it is: "rekomendasinya", not "keduanya" or "dilaporkannya"."""
    return text.endswith(_OWN) and len(text) > 5 and text not in _WHOLE and not _TO_HIM.fullmatch(text)


def _choices(part: str) -> list[str]:
    found: list[str] = []
    for choice in part.split("|"):
        if choice.startswith("@~"):
            found += [form for form in verb_forms(choice[2:]) if form != choice[2:]]
        elif choice.startswith("@"):
            found += verb_forms(choice[1:])
        elif choice == "..." or choice.endswith("*"):
            found.append(choice)
        else:
            found += [" ".join(WORD.findall(choice))]
    return found


def _child(node: _Node, part: str) -> _Node:
    if part == "...":
        node.gap = node.gap or _Node()
        return node.gap
    if part.endswith("*"):
        return node.prefix.setdefault(part[:-1], _Node())
    for piece in part.split():
        node = node.exact.setdefault(piece, _Node())
    return node


@lru_cache(maxsize=4096)
def verb_forms(root: str) -> tuple[str, ...]:
    """Return the forms in which news writes the verb `root`: active, passive, nominal, doubled, bare.

    Both nasal and unchanged actives are made ("memposting", "memfitnah"); forms that no writer uses do no harm.
    """
    active = _active(root)
    doubled = f"{root}-{root}"
    stems = [root, doubled, f"di{root}", f"di{doubled}", f"ter{root}", f"ber{root}", f"diper{root}"]
    stems += [active, f"{active}-{root}", f"memper{root}", f"ku{root}"]
    forms = {stem + suffix for stem in stems for suffix in ("", "kan", "i", "nya", "kannya", "inya")}
    forms |= {f"pe{active[2:]}{suffix}" for suffix in ("", "an", "annya", "nya")} | {
        f"nge{root}",
        f"ng{root}",
    }
    return tuple(sorted(forms))


def _active(root: str) -> str:
    first, rest = root[0], root[1:]
    if first == "p" and rest and not root.startswith(("pr", "pl")):
        return "mem" + rest
    if first == "t" and not root.startswith("tr"):
        return "men" + rest
    if first == "k" and not root.startswith(("kh", "kl", "kr")):
        return "meng" + rest
    if first == "s" and not root.startswith(("sp", "st", "sw")):
        return "meny" + rest
    if first in "bfvp":
        return "mem" + root
    if first in "cdjzts":
        return "men" + root
    if first in _VOWELS + "ghk":
        return "meng" + root
    return "me" + root
