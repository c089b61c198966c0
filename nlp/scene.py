"""A text with its mentions, as the choice of an event's date and place looks at it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from nlp.cues import Word, words_of
from nlp.event_words import load_event_words
from nlp.records import Mention
from nlp.region_names import parents
from nlp.text import fold, sentences

CHAIN = 14  # characters between "Desa Y" and "Kecamatan X" of one chain
_DATELINE_REACH = 60
_DASH = re.compile(r"\s*(?:,[^\n,]{0,30})?\s*(?:\([^)\n]{0,40}\))?\s*(?:[-\u2013\u2014]|--)")


class Scene:
    """Sentences with their words, and where mentions stand in them; mentions in text order."""

    def __init__(self, text: str, mentions: Sequence[Mention], title: str = "") -> None:
        self.text, self.title = text, fold(title)
        self.folded = fold(text)
        self.mentions = sorted(mentions, key=lambda m: (m.start, -m.end))
        self.spans = sentences(text)
        self._starts = [start for start, _ in self.spans]
        self._words: dict[int, list[Word]] = {}
        self._hosts = [m for m in self.mentions if m.label in ("role", "org")]
        self._host_starts = [m.start for m in self._hosts]

    @cached_property
    def places(self) -> list[Mention]:
        """Return the places of which it is certain where they lie, with the code of that."""
        places = [m for m in self.mentions if m.label == "loc" and m.code]
        return [replace(m, code=code) for m in places if (code := certain_code(m))]

    @cached_property
    def dates(self) -> list[Mention]:
        """Return the dates that have a value."""
        return [m for m in self.mentions if m.label == "date" and m.iso]

    def sentence_of(self, mention: Mention) -> int:
        """Return the number of the sentence in which a mention begins."""
        return max(0, bisect_right(self._starts, mention.start) - 1)

    def words(self, sentence: int) -> list[Word]:
        """Return the words of a sentence, with offsets in the text."""
        if sentence not in self._words:
            start, end = self.spans[sentence]
            found = words_of(self.folded[start:end])
            self._words[sentence] = [Word(w.text, w.start + start, w.end + start) for w in found]
        return self._words[sentence]

    def before(self, mention: Mention, count: int) -> list[str]:
        """Return up to `count` words of its sentence before a mention, the nearest last."""
        words = self.words(self.sentence_of(mention))
        return [w.text for w in words if w.end <= mention.start][-count:]

    def after(self, mention: Mention, count: int) -> list[str]:
        """Return up to `count` words of its sentence behind a mention."""
        words = self.words(self.sentence_of(mention))
        return [w.text for w in words if w.start >= mention.end][:count]

    def host_of(self, mention: Mention) -> Mention | None:
        """Return the office or organisation that holds a place."""
        at = bisect_right(self._host_starts, mention.start) - 1
        for host in self._hosts[max(0, at - 1) : at + 1]:
            if host.start <= mention.start and mention.end <= host.end:
                return host
        return None

    def is_dateline(self, mention: Mention) -> bool:
        """Tell whether a place opens the article: in capitals, or with a dash behind it."""
        if mention.start >= _DATELINE_REACH:
            return False
        return mention.text.isupper() or _DASH.match(self.text, mention.end) is not None


def certain_code(mention: Mention) -> str | None:
    """Return the lowest unit that holds every unit which a place may mean, None where they share none.

    Of four villages of one name in a regency nobody knows which is meant: the regency is certain.
    """
    codes = mention.codes or ((mention.code,) if mention.code else ())
    units = [{code, *parents(code)} for code in codes]
    return max(set.intersection(*units), key=len, default=None) if units else None


def is_origin(scene: Scene, mention: Mention) -> bool:
    """Tell whether a place says where somebody comes from: "warga X", "asal Desa Y, Kecamatan X".

    "kepada warga di X" and "kepada sejumlah warga X" do not: there something was done.
    """
    head = mention
    for child in scene.places:  # the whole chain "Desa Y, Kecamatan X" hangs on the word before it
        held = (child.code or "").startswith(f"{mention.code}.")
        if held and 0 <= mention.start - child.end <= CHAIN:
            head = child
    lists, before = load_event_words().place, scene.before(head, 3)
    if before[-1:] == ["di"]:
        return before[-2:][0] in lists["residence"]
    to = [word for word in before[:-1] if word not in lists["some"]][-1:]
    if not lists["people"].isdisjoint(before[-1:]) and not lists["recipient"].isdisjoint(to):
        return False
    return not lists["origin"].isdisjoint(before[-1:])
