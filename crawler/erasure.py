"""Erasing in the archive: records get another body in their place, and the ledger knows its checksum.

A record keeps its first byte and its length, since the ledger and revisit records point there: the new one is
packed better, and a comment of blanks in its gzip header fills what is left. The file is written anew beside
the old one and takes its name at the end, so that a power cut leaves one or the other.
"""

from __future__ import annotations

import hashlib
import os
import uuid
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import OPEN_SUFFIX, ArchiveError
from crawler.ledger import Ledger
from crawler.records import Capture

#: What stands in the place of a page that was erased.
TOMBSTONE = b"<!DOCTYPE html><title>Dihapus</title><p>Dihapus.</p>"
TOMBSTONE_SHA256 = hashlib.sha256(TOMBSTONE).hexdigest()
_NOWHERE = "https://erased.invalid/"  # readers take HTTP headers apart only below an address of the web
_BLOCK = 1 << 20


def rewrite_records(
    root: Path, warc: str, bodies: Iterable[tuple[Capture, Iterable[bytes]]]
) -> dict[int, bytes]:
    """Give records of one WARC file other bodies; return the body that each capture's record now has.

    Of the bodies of a capture the first that fits into its place is taken; a tombstone always comes last.
    Raises ArchiveError where the file cannot be read or a tombstone does not fit; it then stays as it was.
    """
    path = root / warc
    path = path if path.exists() else path.with_name(path.name + OPEN_SUFFIX)
    draft = path.with_name(f".{path.name}.draft")
    used: dict[int, bytes] = {}
    try:
        with path.open("rb") as old, draft.open("wb") as new:
            while block := old.read(_BLOCK):
                new.write(block)
            for capture, candidates in bodies:
                body, member = _fit(capture, candidates)
                new.seek(capture.offset)
                new.write(member)
                used[capture.id] = body
            new.flush()
            os.fsync(new.fileno())
        draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    except OSError as error:
        raise ArchiveError(f"{warc}: cannot be rewritten ({error.strerror or error})") from None
    finally:
        draft.unlink(missing_ok=True)
    return used


def enter_bodies(ledger: Ledger, captures: Mapping[int, Capture], used: Mapping[int, bytes]) -> None:
    """Let the ledger know the new bodies, and what refers to them; run it inside a transaction."""
    for number, body in used.items():
        ledger.set_body(captures[number], hashlib.sha256(body).hexdigest())


def _fit(capture: Capture, candidates: Iterable[bytes]) -> tuple[bytes, bytes]:
    for body in (*candidates, TOMBSTONE):
        member = _member(_record(capture, body), capture.length)
        if member is not None:
            return body, member
    raise ArchiveError(f"{capture.warc} at {capture.offset}: the record is too short for a tombstone")


def _record(capture: Capture, body: bytes) -> bytes:
    """Return a WARC record of a body; one that was erased does not tell its address."""
    erased = body == TOMBSTONE
    content_type = (
        b"text/html; charset=utf-8" if erased else capture.content_type.encode("latin-1", "replace")
    )
    resource = capture.kind == "resource"
    payload = body if resource else b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n%s" % (content_type, body)
    head = {
        "WARC-Type": "resource" if resource else "response",
        "WARC-Target-URI": _NOWHERE if erased else capture.url,
        "WARC-Date": f"{capture.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>",
        "WARC-Redacted": f"{datetime.now(UTC):%Y-%m-%d}",
        "Content-Type": content_type.decode("latin-1") if resource else "application/http; msgtype=response",
        "Content-Length": str(len(payload)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.1\r\n{lines}\r\n".encode() + payload + b"\r\n\r\n"


def _member(record: bytes, length: int) -> bytes | None:
    """Return the record as a gzip member of exactly `length` bytes, None where it needs more."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(record) + packer.flush()
    tail = zlib.crc32(record).to_bytes(4, "little") + (len(record) & 0xFFFFFFFF).to_bytes(4, "little")
    left = length - 10 - len(packed) - len(tail)
    if left < 0:
        return None
    comment = b" " * (left - 1) + b"\0" if left else b""
    head = b"\x1f\x8b\x08" + (b"\x10" if comment else b"\0") + b"\0\0\0\0\x02\xff"
    return head + comment + packed + tail
