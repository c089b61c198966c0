"""Places in a text and the units of the Kemendagri register that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.region_cues import CueWords, load_cues
from nlp.region_finding import find_places, nested_place
from nlp.region_linking import PlaceLink, PlaceSpan, link_places
from nlp.region_names import RegionNames, kind_of, load_region_names, load_region_words

__all__ = ["Gazetteer", "PlaceLink", "PlaceSpan", "kind_of", "load_gazetteer"]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The register of regions with the words that tell which unit a name means."""

    names: RegionNames
    cues: CueWords

    def link(self, text: str, spans: Sequence[PlaceSpan], home: str | None = None) -> tuple[PlaceLink, ...]:
        """Return one link a span, in the order given.

        Level words decide first, then the parents that the text names, then the institution that holds
        the place, then `home`, the outlet's own region. Where several units remain, all their codes are
        kept, the likeliest first; where none fits, `codes` is empty and `within` may say where it lies.
        """
        return link_places(self.names, self.cues, text, spans, home)

    def find(
        self, text: str, spans: Sequence[tuple[int, int]] = (), hosts: Sequence[tuple[int, int]] = ()
    ) -> tuple[tuple[int, int], ...]:
        """Return the offsets of places that `spans` miss: a level word with a name of that level.

        Inside `hosts`, the offices and institutions of the text, the place is the bare name.
        """
        return find_places(self.names, self.cues, text, spans, hosts)

    def nested(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return the offsets of the bare place at the tail of an office or institution, or None."""
        return nested_place(self.names, self.cues, text, start, end)

    def name(self, code: str) -> str | None:
        """Return the register's name of a code, None for an unknown code."""
        return self.names.name(code)

    def path(self, code: str) -> str:
        """Return the name of a code with those of its parents, the nearest first."""
        return self.names.path(code)


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer, read once a process: about 0.4 s and 40 MB."""
    return Gazetteer(load_region_names(), load_cues(load_region_words()))
