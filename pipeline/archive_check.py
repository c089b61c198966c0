"""Whether the archive holds what the manifest names: files of their full size, records that replay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from crawler.archive import OPEN_SUFFIX, ArchiveError, read_page
from crawler.ledger import Ledger
from crawler.records import Capture


@dataclass(slots=True)
class Walk:
    """What one walk over the manifest gathers: each file's acknowledged end, and a sample of each source.

    `size` is the number of samples a source, None for every record.
    """

    size: int | None
    random: Random
    captures: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[Capture]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def take(self, capture: Capture) -> None:
        """Count a capture; it may become a sample, each of its source with the same chance."""
        self.captures += 1
        self.ends[capture.warc] = max(self.ends.get(capture.warc, 0), capture.offset + capture.length)
        seen = self._seen[capture.source] = self._seen.get(capture.source, 0) + 1
        kept = self.samples.setdefault(capture.source, [])
        if self.size is None or len(kept) < self.size:
            kept.append(capture)
        elif (place := self.random.randrange(seen)) < self.size:
            kept[place] = capture


def walk_manifest(ledger: Ledger, walk: Walk) -> Iterator[Capture]:
    """Yield every capture of the manifest, and let `walk` gather what it needs on the way."""
    for capture in ledger.captures():
        walk.take(capture)
        yield capture


def check_files(root: Path, ends: Mapping[str, int]) -> Iterator[str]:
    """Yield a line for each file that is missing or shorter than the manifest says."""
    for warc, end in sorted(ends.items()):
        path = root / warc
        path = path if path.exists() else path.with_name(path.name + OPEN_SUFFIX)
        if not path.is_file():
            yield f"{warc}: berkas arsip hilang; pulihkan dari cadangan"
        elif path.stat().st_size < end:
            yield f"{warc}: {path.stat().st_size} bita, buku besar mencatat {end}; pulihkan dari cadangan"


def check_records(root: Path, samples: Mapping[str, Iterable[Capture]]) -> Iterator[str]:
    """Yield a line for each sample that does not read back as the bytes that were archived."""
    for captures in samples.values():
        for capture in captures:
            try:
                body = read_page(root, capture).body
            except ArchiveError as error:
                yield f"{capture.url}: rekaman tidak terbaca ({error})"
                continue
            if hashlib.sha256(body).hexdigest() != capture.sha256:
                yield f"{capture.url}: isi rekaman di {capture.warc} bukan yang diarsipkan (SHA-256 berbeda)"
