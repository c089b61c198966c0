"""The WARC archive: raw responses, one gzip member a record, one file a source and run.

A file carries the suffix `.open` until its run closed it. Only what the ledger's manifest names counts: after
a crash the tail that nobody acknowledged is cut off, torn or whole, so that nothing stands there twice.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.encoding import MAX_BODY, BodyError, decode_body
from crawler.records import Capture, RawPage

OPEN_SUFFIX = ".open"
MAX_RECORD = MAX_BODY + (1 << 20)
MAX_MEMBER = 5 * MAX_BODY
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,120}")
_SAME_DIGEST = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class ArchiveError(RuntimeError):
    """A record of the archive cannot be read or written; the message names the file and the place in it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An HTTP response as it came from the network: status, headers and body with its content encoding on."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file relative to the archive's folder, first byte, number of bytes."""

    warc: str
    offset: int
    length: int


class WarcWriter:
    """Appends records to one WARC file; what is written counts only after `sync`."""

    def __init__(self, root: Path, name: str, end: int) -> None:
        self.name = name
        self._path = root / name
        self._file = _open_for_append(self._path, end)
        self._end = self._file.tell()
        self._dirty = False
        if self._end == 0:
            self._append(_info_record(name), level=6)

    def write_response(self, page: Fetched) -> Place:
        """Append the response as it was sent, transfer encoding undone; return its place."""
        record = _builder().create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=_http_headers(page),
            warc_headers_dict={"WARC-Date": _warc_date(page.at)},
        )
        # a body that was sent compressed gains nothing from more effort
        packed = any(name.lower() == "content-encoding" for name, _ in page.headers)
        return self._append(record, level=1 if packed else 6)

    def write_revisit(self, page: Fetched, original: Capture) -> Place:
        """Append a revisit record: the page is what it was at `original`."""
        record = _builder().create_warc_record(
            page.url,
            "revisit",
            http_headers=_http_headers(page),
            warc_headers_dict={
                "WARC-Date": _warc_date(page.at),
                "WARC-Profile": _NOT_MODIFIED if page.status == 304 else _SAME_DIGEST,
                "WARC-Refers-To-Target-URI": original.url,
                "WARC-Refers-To-Date": _warc_date(original.fetched_at),
                "WARC-Refers-To-Filename": original.warc,
                "WARC-Refers-To-File-Offset": str(original.offset),
            },
        )
        return self._append(record, level=6)

    def write_resource(self, url: str, body: bytes, content_type: str, at: datetime) -> Place:
        """Append a file that was given by hand; return its place."""
        record = _builder().create_warc_record(
            url,
            "resource",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": _warc_date(at)},
        )
        return self._append(record, level=6)

    def sync(self) -> None:
        """Bring everything written to the disk."""
        if self._dirty:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._dirty = False

    def close(self) -> None:
        """Sync and give the file its final name."""
        self.sync()
        self._file.close()
        _open_path(self._path).rename(self._path)
        _sync_folder(self._path.parent)

    def abandon(self) -> None:
        """Let the file go as it is, without acknowledging anything: the next run cuts and closes it."""
        self._file.close()

    def _append(self, record: ArcWarcRecord, level: int) -> Place:
        plain = BytesIO()
        WARCWriter(plain, gzip=False).write_record(record)
        member = zlib.compress(plain.getbuffer(), level, wbits=31)
        self._file.write(member)
        place = Place(self.name, self._end, len(member))
        self._end += len(member)
        self._dirty = True
        return place


class Archive:
    """The folder of the WARC files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, source: str, run: str, end: int = 0) -> WarcWriter:
        """Return a writer for the file of `source` in `run`; a file that exists is cut at `end` bytes first.

        Raises ArchiveError where the names do not make a file name.
        """
        return WarcWriter(self.root, warc_name(source, run), end)

    def recover(self, acknowledged: Callable[[str], int]) -> list[str]:
        """Close the files that a killed run left open; return their names.

        `acknowledged` says up to which byte the ledger knows a file. The rest is cut off; a file of which
        nothing was acknowledged is removed.
        """
        found = []
        for path in sorted(self.root.glob(f"*/*{OPEN_SUFFIX}")):
            final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
            name = final.relative_to(self.root).as_posix()
            end = acknowledged(name)
            if end == 0:
                path.unlink()
            else:
                with path.open("r+b") as file:
                    _cut(file, end, path)
                path.rename(final)
            _sync_folder(path.parent)
            found.append(name)
        return found


def warc_name(source: str, run: str) -> str:
    """Return the archive-relative name of the file of `source` in `run`. Raises ArchiveError."""
    for part in (source, run):
        if not _NAME.fullmatch(part):
            raise ArchiveError(f"{part!r} cannot name an archive file: use letters, digits, '-', '_' and '.'")
    return f"{source}/{run}.warc.gz"


def read_page(root: Path, capture: Capture) -> RawPage:
    """Return the archived page of `capture`, its transfer and content encodings undone.

    A revisit comes with its own headers and the body of the record that it refers to. Raises ArchiveError
    where the record is missing, damaged, or larger than the limits.
    """
    record = _read_record(root, capture.warc, capture.offset, capture.length)
    headers = _record_headers(record)
    if record.rec_type == "revisit":
        warc = record.rec_headers.get_header("WARC-Refers-To-Filename") or ""
        offset = int(record.rec_headers.get_header("WARC-Refers-To-File-Offset") or -1)
        original = _read_record(root, warc, offset, None)
        return RawPage(capture, headers, _decoded_body(original, capture))
    return RawPage(capture, headers, _decoded_body(record, capture))


def _decoded_body(record: ArcWarcRecord, capture: Capture) -> bytes:
    encoding = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
    body = record.raw_stream.read(MAX_MEMBER + 1)
    try:
        return decode_body(body, encoding or "", limit=MAX_MEMBER)
    except BodyError as error:
        raise ArchiveError(f"{capture.warc} at {capture.offset}: body not readable ({error})") from None


def _record_headers(record: ArcWarcRecord) -> tuple[tuple[str, str], ...]:
    if record.http_headers is None:
        return (("Content-Type", record.rec_headers.get_header("Content-Type") or ""),)
    return tuple((str(name), str(value)) for name, value in record.http_headers.headers)


def _read_record(root: Path, warc: str, offset: int, length: int | None) -> ArcWarcRecord:
    path = root / warc
    where = f"{warc} at {offset}"
    if not path.resolve().is_relative_to(root.resolve()):
        raise ArchiveError(f"{where}: outside the archive")
    if not path.exists():
        path = _open_path(path)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            packed = file.read(length if length is not None else MAX_RECORD)
        unpacker = zlib.decompressobj(31)
        plain = unpacker.decompress(packed, MAX_MEMBER + MAX_RECORD)
    except (OSError, ValueError, zlib.error) as error:
        raise ArchiveError(f"{where}: no readable record ({error})") from None
    if not unpacker.eof:
        raise ArchiveError(f"{where}: the record is cut short or too large")
    record = next(iter(ArchiveIterator(BytesIO(plain))), None)
    if record is None:
        raise ArchiveError(f"{where}: no WARC record")
    return record


def _open_for_append(path: Path, end: int) -> BinaryIO:
    # names stand in the archive as the outlets print them: its folders are for their owner alone
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    target = _open_path(path)
    if path.exists():
        path.rename(target)
    file = target.open("r+b" if target.exists() else "x+b")
    _cut(file, end, target)
    _sync_folder(path.parent)
    return file


def _cut(file: BinaryIO, end: int, path: Path) -> None:
    size = file.seek(0, os.SEEK_END)
    if size < end:
        file.close()
        raise ArchiveError(
            f"{path}: {size} bytes where the ledger acknowledged {end}; restore it from a backup"
        )
    file.truncate(end)
    file.seek(end)
    os.fsync(file.fileno())


def _open_path(path: Path) -> Path:
    return path.with_name(path.name + OPEN_SUFFIX)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _builder() -> WARCWriter:
    return WARCWriter(BytesIO(), gzip=False, warc_version="1.1")


def _info_record(name: str) -> ArcWarcRecord:
    info = {"software": "wartawas", "format": "WARC File Format 1.1"}
    return _builder().create_warcinfo_record(name.rpartition("/")[2], info)


def _http_headers(page: Fetched) -> StatusAndHeaders:
    # the body is stored with its transfer encoding undone: the header would make readers undo it again
    kept = [(name, value) for name, value in page.headers if name.lower() != "transfer-encoding"]
    return StatusAndHeaders(f"{page.status} {page.reason}".strip(), kept, protocol="HTTP/1.1")


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
