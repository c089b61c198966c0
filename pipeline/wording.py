"""How texts are written: lines, sentences, headlines, and the folded forms in which they are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "´": "'", "\xa0": " "})
_NOT_LETTER = re.compile(r"[\W_]+")
_SHORT = 160  # characters of a link or a label
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_FULL_STOP = re.compile(r"\w\w\w\.[\"'”’)\]]*$|[\"”]$")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SMALL = frozenset(
    "dan di ke dari yang untuk pada dengan atau oleh dalam bagi soal kepada the of and in to via para".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of extracted text: p, head, item or row; `linked` when the whole of it was a link."""

    text: str
    kind: str = "p"
    linked: bool = False


def fold(text: str) -> str:
    """Return `text` in lower case with straight quotes, character for character as long as it was."""
    if text.isascii() and "`" not in text:
        return text.lower()
    folded = text.translate(_QUOTES)
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def squash(text: str) -> str:
    """Return only the letters and digits of `text`, folded: what two spellings of one title share."""
    return _squash_short(text) if len(text) <= _SHORT else _NOT_LETTER.sub("", text.lower())


@lru_cache(maxsize=1 << 13)
def _squash_short(text: str) -> str:
    """The same for what stands on many pages of a site: the words of its links and labels."""
    return _NOT_LETTER.sub("", text.lower())


def ends_sentence(text: str) -> bool:
    """Tell whether `text` ends as a sentence does, closing quotes and brackets aside."""
    return bool(_SENTENCE_END.search(text)) or text.endswith(("”", '"'))


def is_cut(text: str) -> bool:
    """Tell whether somebody cut `text` short: it ends in dots."""
    return text.rstrip().endswith(("…", "..."))


def is_prose(line: Line) -> bool:
    """Tell whether a line reads as a paragraph rather than as a label, a name or a headline."""
    words = line.text.count(" ") + 1
    return words >= 14 or (words >= 5 and line.kind != "head" and ends_sentence(line.text))


def is_headline(text: str) -> bool:
    """Tell whether `text` is written as Indonesian headlines are: short, no full stop, words in capitals."""
    words = [word for word in _WORD.findall(text) if word not in _SMALL]
    if not 3 <= len(words) <= 25 or ends_flatly(text):
        return False
    return len([word for word in words if word[0].isupper()]) * 5 >= len(words) * 3


def ends_flatly(text: str) -> bool:
    """Tell whether `text` ends with a full stop after a word, or with a quotation: headlines never do."""
    return _FULL_STOP.search(text) is not None
