"""Content encodings undone within limits: gzip, deflate, and the lies that servers tell about them."""

from __future__ import annotations

import re
import zlib

import brotli

MAX_BODY = 10 << 20
_LAYERS = 2
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br"})
_GZIP = b"\x1f\x8b\x08"
_UNREADABLE = (b"\x28\xb5\x2f\xfd", b"\x1f\x9d")  # zstd, compress
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MEMBERS = 1000
"""Streams in one gzip body: each of them costs a look at all that follows it; servers send one."""


class BodyError(ValueError):
    """A body cannot be decoded; `reason` is the ledger's reason: truncated, too_large or bad_encoding."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode_body(body: bytes, encoding: str, *, limit: int = MAX_BODY) -> bytes:
    """Return `body` with the content encodings of the header value `encoding` undone, at most `limit` bytes.

    A body that calls itself compressed and is not comes back as it is, as browsers show it, and so does one whose
    encoding is none that exists ("UTF-8", "none"). One that was packed once more than it says is unpacked. Raises
    BodyError: a bomb costs no more memory than `limit`.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name in _KNOWN]
    if len(names) > _LAYERS:
        raise BodyError("bad_encoding")
    for name in reversed(names):
        body = _undo(body, name, limit)
    if not names and body.startswith(_UNREADABLE) and encoding:
        raise BodyError("bad_encoding")
    if body.startswith(_GZIP):
        body = _untold(body, limit)
    if len(body) > limit:
        raise BodyError("too_large")
    return body


def _untold(body: bytes, limit: int) -> bytes:
    """Return what is packed in a body that did not say so; one that cannot be unpacked is meant as it is."""
    try:
        return _gunzip(body, limit)
    except BodyError:
        return body


def _undo(body: bytes, name: str, limit: int) -> bytes:
    if not body:
        return body
    if name == "br":
        return _unbrotli(body, limit)
    if name == "deflate":
        # RFC 9110 means zlib; many servers send it raw
        zlib_header = body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
        return _inflate(body, 15 if zlib_header else -15, limit)[0]
    return _gunzip(body, limit) if body[:2] == b"\x1f\x8b" else body


def _unbrotli(body: bytes, limit: int) -> bytes:
    """Undo what some servers send though nobody asked for it."""
    stream = brotli.Decompressor()
    try:
        out: bytes = stream.process(body, output_buffer_limit=limit + 1)
    except brotli.error:
        if _BINARY.search(body[:500]):
            raise BodyError("bad_encoding") from None
        return body
    if len(out) > limit:
        raise BodyError("too_large")
    if not stream.is_finished():
        raise BodyError("truncated")
    return out


def _gunzip(body: bytes, limit: int) -> bytes:
    pieces: list[bytes] = []
    left = limit
    while body[:2] == b"\x1f\x8b":
        if len(pieces) == _MEMBERS:
            raise BodyError("bad_encoding")
        piece, body = _inflate(body, 31, left)
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """Return what the first stream in `body` holds, and what follows that stream."""
    stream = zlib.decompressobj(wbits)
    try:
        out = stream.decompress(body, limit + 1)
    except zlib.error:
        raise BodyError("bad_encoding") from None
    if len(out) > limit:
        raise BodyError("too_large")
    if not stream.eof:
        raise BodyError("truncated")
    return out, stream.unused_data
