"""Which WARC files are asked for: paths, folders, addresses, and lists of them as Common Crawl publishes."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.scan import DownloadError, Fetching, is_remote, open_file

COMMON_CRAWL = "https://data.commoncrawl.org/"
_SUFFIXES = (".warc.gz", ".warc")
_LISTS = (".paths", ".paths.gz", ".txt", ".txt.gz", ".list")
_MAX_LIST = 100_000_000
_LEDGER = "ledger.sqlite"


class BackfillError(ValueError):
    """A back-fill cannot be done as asked; the message says what is wrong where, and what would be right."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One WARC file: its path or address; for one of our own archives, ledger and place in the archive.

    `id` names its part and its work folder: the same file has the same id in every run.
    """

    address: str
    ledger: str | None = None
    archive: str | None = None

    @property
    def id(self) -> str:
        """The beginning of the file's name, and a hash of its whole address."""
        stem = self.address.rstrip("/").rpartition("/")[2].split(".warc")[0]
        kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem)
        return f"{kept[:60]}-{hashlib.sha256(self.address.encode()).hexdigest()[:16]}"

    @property
    def name(self) -> str:
        """What the store calls the file: its place in our own archive, else its address."""
        return Path(self.address).relative_to(self.archive).as_posix() if self.archive else self.address


def find_units(
    given: Sequence[str], how: Fetching, base: str | None = None, besides: Path | None = None
) -> list[Unit]:
    """Return the files that were asked for, each once, in the order given, but none below the folder `besides`.

    Lines of a list that are no whole addresses are taken from `base`; without it, from Common Crawl where they
    begin as its paths do, from the list's own host, or from its folder. Raises BackfillError and DownloadError.
    """
    found: dict[str, Unit] = {}
    for text in given:
        for unit in _units(text, how, base):
            if besides is None or not Path(unit.address).is_relative_to(besides):
                found.setdefault(unit.id, unit)
    if not found:
        raise BackfillError(f"{', '.join(given)}: names no WARC file")
    return list(found.values())


def _units(text: str, how: Fetching, base: str | None) -> Iterator[Unit]:
    name = text.lower().partition("?")[0]
    if name.endswith(_SUFFIXES):
        yield _unit(text)
    elif name.endswith(_LISTS):
        for line in _read_list(text, how):
            yield _unit(_resolved(line, text, base))
    elif not is_remote(text) and Path(text).is_dir():
        inside = sorted(path for path in Path(text).rglob("*") if path.name.lower().endswith(_SUFFIXES))
        if not inside:
            raise BackfillError(f"{text}: no WARC file ({', '.join(_SUFFIXES)}) in this folder")
        yield from map(_unit, map(str, inside))
    else:
        known = ", ".join((*_SUFFIXES, *_LISTS))
        raise BackfillError(f"{text}: neither a folder nor a file of a known ending ({known})")


def _unit(address: str) -> Unit:
    if is_remote(address):
        return Unit(address)
    if "://" in address:
        raise BackfillError(
            f"{address}: a back-fill reads files and http(s) addresses only; copy it here, or give its https address"
        )
    path = Path(address).resolve()
    if not path.is_file():
        raise BackfillError(f"{address}: no such file")
    # one of our own: <var>/archive/<source>/<run>.warc.gz beside <var>/ledger.sqlite
    archive = path.parent.parent
    ledger = archive.parent / _LEDGER
    if archive.name == "archive" and ledger.is_file():
        return Unit(str(path), str(ledger), str(archive))
    return Unit(str(path))


def _resolved(line: str, origin: str, base: str | None) -> str:
    if is_remote(line):
        return line
    if base is not None:
        return urljoin(base.rstrip("/") + "/", line) if is_remote(base) else str(Path(base) / line)
    if line.startswith(("crawl-data/", "contrib/")) and not is_remote(origin):
        return urljoin(COMMON_CRAWL, line)
    if is_remote(origin):
        split = urlsplit(origin)
        return f"{split.scheme}://{split.netloc}/{line.lstrip('/')}"
    return str(Path(origin).parent / line)


def _read_list(address: str, how: Fetching) -> list[str]:
    with open_file(address, how) as stream:
        pieces, size = [], 0
        while size <= _MAX_LIST and (piece := stream.read(1 << 16)):
            pieces.append(piece)
            size += len(piece)
    whole = b"".join(pieces)
    try:
        if whole.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(whole)) as file:
                whole = file.read(_MAX_LIST + 1)
        if len(whole) > _MAX_LIST:
            raise BackfillError(f"{address}: larger than {_MAX_LIST:,} bytes, which no list of files is")
        lines = [line.strip() for line in whole.decode("utf-8").splitlines()]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise BackfillError(f"{address}: no list of files (a path or an address a line)") from None
    kept = [line for line in lines if line and not line.startswith("#")]
    for line in kept:
        if not line.lower().partition("?")[0].endswith(_SUFFIXES) or not line.isprintable():
            raise BackfillError(f"{address}: {line[:100]!r} is no WARC file ({', '.join(_SUFFIXES)})")
    return kept


__all__ = ["BackfillError", "DownloadError", "Unit", "find_units"]
