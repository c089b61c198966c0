"""Lines made of a page's furniture, "Salin link artikel", and sentences in which an outlet speaks of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.chrome import load_table
from pipeline.wording import fold

MAX_WORDS = 14
MAX_SERVICE, MAX_CONTACT, MAX_PLAIN = 40, 16, 6
_WORD = re.compile(r"[^\W\d_]+")
# an address is looked for where a word begins: from each of its letters, a word of 80,000 takes half a minute
_CONTACT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@\w[\w-]*(?:\.\w+)+|(?:\+62|\b0)8\d{2}[- .]?\d{3,4}[- .]?\d{3,4}\b"
)
_UNTIL = ("hingga", "sampai", "saat", "ketika")
"""How the sentence begins in which an article tells that somebody did not answer the outlet."""
_CLAUSE = re.compile(r"[.?!,;:]\s")
_HERE = re.compile(r"\bdi ?sini\b|\b(?:di bawah|tautan|link) (?:ini|berikut)\b")
_ITSELF = re.compile(
    r"(?:tulisan|artikel|konten|berita|opini|naskah|situs) ini\b|isi (?:berita|artikel|tulisan|konten)\b"
)
_MAKERS = re.compile(r"(?:catatan redaksi|ralat|koreksi|isi|penulis|redaksi|pembaca)\b")
_YOURS = re.compile(r"\b(?!ber|ke|di|men|per)\w{4,}mu\b")
"""A noun that is the reader's, as in "kotamu"; "bertemu" and "ketemu" are verbs."""
_ASKED = re.compile(r"\b(?:anda|kamu|kalian|\w{4,}mu)\b|\b(?:berita|artikel|tulisan|konten) ini\b")
_CONTACTS = ("@", "08", "+628")  # without one of them there is no address and no number
_QUOTES = frozenset("\"'“”‘’")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    kinds: dict[str, str]
    fillers: frozenset[str]
    joints: frozenset[str]
    service: frozenset[str]
    addressed: frozenset[str]
    calls: frozenset[str]
    served: frozenset[str]  # `kinds` and `service`: without one of them a line is about something else

    def holds(self, word: str) -> bool:
        """Tell whether a word is of any of these lists."""
        return any(
            word in words for words in (self.kinds, self.fillers, self.service, self.addressed, self.calls)
        )


def find_furniture(text: str, outlets: frozenset[str], *, tail: bool = False) -> str | None:
    """Return the kind of a line whose every word belongs to a page's furniture, None for any other.

    Names of the outlet count as such words. A sentence has others, whatever it begins with. In the `tail` of
    an article one word with a colon is enough ("Halaman:").
    """
    folded = fold(text)
    if not _QUOTES.isdisjoint(folded):
        return None
    words = _WORD.findall(folded)
    if not 1 <= len(words) <= MAX_WORDS:
        return None
    known = _load_vocabulary()
    kinds = [known.kinds[word] for word in words if word in known.kinds]
    single = len(words) == 1 and not any(c.isdigit() for c in folded) and not (tail and text.endswith(":"))
    goes_on = words[-1] in known.joints and not text.endswith(":")
    if not kinds or single or goes_on:
        return None
    rest = "".join(" " if word in known.kinds or word in known.fillers else word for word in words)
    if all(piece in outlets for piece in rest.split()):
        return max(kinds, key=kinds.count)
    return None


def is_service(text: str, outlets: frozenset[str], *, near_end: bool = False) -> bool:
    """Tell whether a sentence is about the outlet and its readers, not about any event.

    Most of its words must be of that kind, and it must turn to the reader ("Anda", "pilih") or name the outlet.
    `near_end` of the article half of them are enough where it says "Anda", or an address or a number to write to.
    """
    if text.count(" ") > MAX_SERVICE or not _QUOTES.isdisjoint(text):
        return False
    folded, known = fold(text), _load_vocabulary()
    contact = any(mark in text for mark in _CONTACTS) and bool(_CONTACT.search(text))
    words = _WORD.findall(_CONTACT.sub(" ", folded) if contact else folded)
    if not 2 <= len(words) <= MAX_SERVICE or words[0] in _UNTIL:
        return False
    if near_end and len(words) <= MAX_CONTACT and (contact or (text[-1] == "?" and _ASKED.search(folded))):
        return True
    if contact and len(words) <= MAX_CONTACT and words[0] in known.calls:
        return True
    if known.served.isdisjoint(words):
        return False
    own = _outlet_words(words, outlets)
    addressed = not known.addressed.isdisjoint(words) or bool(_YOURS.search(folded))
    about_itself = near_end and bool(_ITSELF.match(folded))
    calls = _opens(folded, known.calls)
    makers = near_end and bool(_MAKERS.match(folded))
    if not (contact or own or addressed or about_itself or makers or calls or _HERE.search(folded)):
        return False
    strange = sum(
        number not in own and not known.holds(word) and not _YOURS.match(word)
        for number, word in enumerate(words)
    )
    empty = sum(word in known.joints for word in words)
    served = sum(word in known.service or word in known.kinds for word in words)
    to_reader = near_end and addressed and len(words) <= (MAX_CONTACT if served > 1 else MAX_PLAIN)
    share = 2 if to_reader else 3 if own or about_itself or (near_end and calls) else 4
    return strange * share <= len(words) and (len(words) - strange - empty) * 3 >= len(words)


def _opens(folded: str, calls: frozenset[str]) -> bool:
    """Tell whether a clause of the text opens with one of the calls."""
    return any((found := _WORD.search(clause)) and found.group() in calls for clause in _CLAUSE.split(folded))


def _outlet_words(words: list[str], outlets: frozenset[str]) -> set[int]:
    """Return the places of the words that make up the outlet's name."""
    found: set[int] = set()
    whole = "".join(words)
    if not any(name in whole for name in outlets):
        return found
    for start in range(len(words)):
        joined = ""
        for end in range(start, min(start + 4, len(words))):
            joined += words[end]
            if joined in outlets:
                found.update(range(start, end + 1))
    return found


@lru_cache(maxsize=1)
def _load_vocabulary() -> _Vocabulary:
    table = load_table()["furniture"]
    kinds = {word: row["kind"] for row in table["group"] for word in row["words"].split()}
    names = ("fillers", "joints", "service", "addressed", "calls")
    lists = {name: frozenset(table[name].split()) for name in names}
    return _Vocabulary(kinds, **lists, served=lists["service"].union(kinds))
