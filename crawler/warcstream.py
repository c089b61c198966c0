"""A stream of WARC records read at the speed of its decompression: heads alone, bodies only where asked for.

Full parsers build every header of every record; of a public crawl we want one record in fifty. Memory stays
flat whatever a record claims to be, and damage costs the record that it hit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

_inflater: Any = zlib
with suppress(ImportError):  # three to four times as fast, where the extra brought it
    from isal import isal_zlib

    _inflater = isal_zlib

_CHUNK = 1 << 16
_PIECE = 1 << 20  # plain bytes that are unpacked at a time
_KEPT = 8 << 20  # packed bytes of a damaged member that are searched for the next one
_MAX_HEAD = 1 << 16
_MAGIC = b"\x1f\x8b\x08"
_START = re.compile(rb"WARC/\d\.\d\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_DAMAGE = (zlib.error, _inflater.error, EOFError)


class WarcError(ValueError):
    """A file is no WARC at all; the message says what stands at its beginning."""


class Readable(Protocol):
    """What the records come from: an open file, or a download."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, b"" at the end."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A place in the file that holds no readable record, and what is wrong there."""

    offset: int
    reason: str  # gzip | truncated | head


@dataclass(slots=True)
class Record:
    """A record's head; `offset` is the first byte of the file's member that holds it.

    `block` gives its content, once, as long as the next record was not asked for. `leads` tells that the
    record stands at the member's beginning, so that reading can begin there.
    """

    offset: int
    headers: dict[bytes, bytes]
    length: int
    leads: bool
    _plain: _Plain = field(repr=False)

    def header(self, name: bytes) -> str:
        """Return a WARC header by its name in small letters, "" without it."""
        return self.headers.get(name, b"").decode("utf-8", "replace")

    def block(self, limit: int) -> bytes:
        """Return the record's content, at most `limit` bytes. Raises EOFError where it breaks off or is damaged."""
        wanted = min(limit, self._plain.left)
        try:
            found = self._plain.take(wanted)
        except _DAMAGE as error:
            raise EOFError(str(error)) from None
        if len(found) < wanted:
            raise EOFError(f"{len(found)} of {wanted} bytes")
        return found

    def check(self) -> None:
        """Read on to the member's end, whose checksum is that of what was read. Raises EOFError where it is not."""
        try:
            self._plain.skip(self._plain.left)
            more = self._plain.drop_blank()
        except _DAMAGE as error:
            raise EOFError(str(error)) from None
        if more and not self._plain.at_record():
            raise EOFError("the member goes on where the record should end")


class WarcStream:
    """The records of `stream`, which is open at byte `start` of its file: there a record begins.

    Iterating gives each Record, and a Broken for each damaged place. Raises WarcError where the file's
    beginning is no WARC.
    """

    def __init__(self, stream: Readable, start: int = 0) -> None:
        self._plain = _Plain(stream, start)
        self._start = start

    @property
    def offset(self) -> int:
        """The byte at which the member begins that is being read."""
        return self._plain.member

    @property
    def position(self) -> int:
        """How many bytes of the file were taken from the stream, counted from its beginning."""
        return self._plain.taken

    def __iter__(self) -> Iterator[Record | Broken]:
        plain, first = self._plain, True
        while True:
            try:
                record = self._next(first)
            except _DAMAGE as error:
                if first and self._start == 0:
                    raise WarcError("not a WARC file: no readable record at its beginning") from None
                yield Broken(plain.member, "truncated" if isinstance(error, EOFError) else "gzip")
                plain.resynchronise()
                continue
            if record is None:
                if first and self._start == 0:
                    raise WarcError("not a WARC file: it is empty")
                return
            if isinstance(record, Broken) and first and self._start == 0:
                raise WarcError("not a WARC file: no record at its beginning")
            first = False
            yield record
            if isinstance(record, Broken):
                plain.resynchronise()
                continue
            try:
                plain.skip(plain.left)
            except _DAMAGE as error:
                yield Broken(plain.member, "truncated" if isinstance(error, EOFError) else "gzip")
                plain.resynchronise()

    def _next(self, first: bool) -> Record | Broken | None:
        plain = self._plain
        leads = plain.at_member_start
        while not plain.drop_blank():
            if not plain.next_member():
                return None
            leads = True
        leads = plain.mark(leads)
        head = plain.take_head()
        if head is None:
            return Broken(plain.member, "truncated" if plain.exhausted else "head")
        headers = _headers(head)
        length = headers.get(b"content-length", b"")
        if not _START.match(head) or not length.isdigit() or len(length) > 15:
            return Broken(plain.member, "head")
        plain.left = int(length)
        return Record(plain.member, headers, plain.left, leads, plain)


class _Plain:
    """The unpacked bytes of a file, gzip member by member; a file that is not packed is one member."""

    def __init__(self, stream: Readable, start: int) -> None:
        self._stream = stream
        self._raw = b""  # packed bytes that were not unpacked yet
        self._window: list[bytes] = []  # packed bytes of this member that were
        self._buffer = b""
        self._at = 0
        self._unpacker: Any = None
        self._packed: bool | None = None
        self._damage: Exception | None = None
        self._fresh = True
        self.taken = start
        self.member = start
        self.left = 0

    @property
    def at_member_start(self) -> bool:
        """Whether nothing of the member was read yet."""
        return self._fresh

    @property
    def exhausted(self) -> bool:
        """Whether everything was read."""
        return not self._raw and self._at >= len(self._buffer)

    def take(self, size: int) -> bytes:
        """Return `size` bytes of the member, fewer at its end."""
        pieces, missing = [], size
        while missing > 0:
            if self._at >= len(self._buffer) and not self._fill():
                break
            piece = self._buffer[self._at : self._at + missing]
            self._at += len(piece)
            missing -= len(piece)
            pieces.append(piece)
        self.left = max(0, self.left - (size - missing))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes. Raises EOFError where the member ends before."""
        self.left = 0
        while size > 0:
            here = len(self._buffer) - self._at
            if here >= size:
                self._at += size
                return
            size -= here
            self._at = len(self._buffer)
            if not self._fill():
                raise EOFError("the record breaks off")

    def drop_blank(self) -> bool:
        """Pass over line ends between records; return whether the member goes on."""
        self._fresh_off()
        while True:
            rest = self._buffer[self._at :]
            kept = rest.lstrip(b"\r\n")
            self._at += len(rest) - len(kept)
            if kept:
                return True
            if not self._fill():
                return False

    def at_record(self) -> bool:
        """Return whether a record may begin here."""
        here = self._buffer[self._at : self._at + 5]
        return b"WARC/".startswith(here)

    def mark(self, leads: bool) -> bool:
        """Note where a record begins; return whether reading can begin there, as in all files not packed."""
        if self._packed is False:
            self.member = self.taken - len(self._raw) - (len(self._buffer) - self._at)
            return True
        return leads

    def take_head(self) -> bytes | None:
        """Return the bytes up to the first blank line, None where there is none within 64 KiB."""
        while True:
            end = _HEAD_END.search(self._buffer, self._at, self._at + _MAX_HEAD)
            if end:
                head = self._buffer[self._at : end.start()] + b"\r\n"
                self._at = end.end()
                return head
            if len(self._buffer) - self._at >= _MAX_HEAD:
                return None
            rest = self._buffer[self._at :]
            if not self._fill():
                return None
            self._buffer, self._at = rest + self._buffer, 0

    def next_member(self) -> bool:
        """Go to the next member; return False at the end of the file."""
        if self._packed is False:
            return False
        if len(self._raw) < 18:
            self._more()
        if not self._raw:
            return False
        self._begin(self.taken - len(self._raw))
        return True

    def resynchronise(self) -> None:
        """Go to the next place where a record begins, or to the end of the file."""
        if self._packed is False:
            self._resynchronise_plain()
            return
        raw = b"".join(self._window) + self._raw
        base, begin = self.taken - len(raw), 1
        while True:
            found = raw.find(_MAGIC, begin)
            if found >= 0 and found + 512 > len(raw) and (more := self._stream.read(_CHUNK)):
                self.taken += len(more)
                raw += more
                continue
            if found < 0:
                kept = raw[-2:]
                base += len(raw) - len(kept)
                raw, begin = kept, 0
                more = self._stream.read(_CHUNK)
                if not more:
                    self._raw = b""
                    self._begin(self.taken)
                    return
                self.taken += len(more)
                raw += more
                continue
            if _begins_record(raw[found : found + 512]):
                self._raw = raw[found:]
                self._begin(base + found)
                return
            begin = found + 1

    def _resynchronise_plain(self) -> None:
        rest = self._buffer[self._at :]
        while not (found := _START.search(rest)):
            piece = self._stream.read(_CHUNK)
            if not piece:
                self._buffer, self._at, self.left = b"", 0, 0
                return
            self.taken += len(piece)
            rest = rest[-16:] + piece
        self._buffer, self._at, self.left = rest, found.start(), 0

    def _begin(self, member: int) -> None:
        self.member, self.left = member, 0
        self._buffer, self._at, self._fresh = b"", 0, True
        self._unpacker, self._window, self._damage = None, [], None

    def _fresh_off(self) -> None:
        if self._packed is None:
            self._more()
            self._packed = self._raw.startswith(_MAGIC[:2])

    def _more(self) -> None:
        piece = self._stream.read(_CHUNK)
        self.taken += len(piece)
        self._raw += piece

    def _fill(self) -> bool:
        """Unpack the next bytes of the member into the buffer; return False at its end."""
        self._fresh = False
        if self._packed is False:
            if not self._raw:
                self._more()
            self._buffer, self._at, self._raw = self._raw, 0, b""
            return bool(self._buffer)
        if self._damage is not None:
            raise self._damage
        if self._unpacker is None:
            self._unpacker = _inflater.decompressobj(31)
        try:
            return self._unpack()
        except _DAMAGE as error:
            self._damage = error
            raise

    def _unpack(self) -> bool:
        while not self._unpacker.eof:
            if not self._raw:
                self._more()
                if not self._raw:
                    if not self._window:
                        return False  # nothing of a member stands here: it is the file's end
                    raise EOFError("the file breaks off")
            raw, self._raw = self._raw, b""
            self._remember(raw)
            plain = self._unpacker.decompress(raw, _PIECE)
            self._raw = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
            self._forget(len(self._raw))
            if plain:
                self._buffer, self._at = plain, 0
                return True
        return False

    def _remember(self, raw: bytes) -> None:
        self._window.append(raw)
        if len(self._window) * _CHUNK > _KEPT:
            self._window.pop(0)

    def _forget(self, size: int) -> None:
        """Take the last `size` bytes off the window: they were not unpacked."""
        if size:
            self._window[-1] = self._window[-1][:-size]


def _begins_record(raw: bytes) -> bool:
    try:
        return bool(_START.match(zlib.decompressobj(31).decompress(raw, 16)))
    except zlib.error:
        return False


def _headers(head: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in head.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found
