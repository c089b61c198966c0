"""Content encodings are undone within limits, and each fault has its reason."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.encoding import BodyError, decode_body

TEXT = b"Rapat karangan di Desa Rekaan. " * 100
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(TEXT) + RAW.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), "X-GZIP"),
        (gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"\0\0", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (DEFLATED, "deflate"),
        (gzip.compress(zlib.compress(TEXT), mtime=0), "deflate, gzip"),
        (TEXT, "gzip"),  # says that it is packed, and is not
        (TEXT, "br"),
        (TEXT, "UTF-8"),
        (TEXT, "none"),
        (TEXT, "binary, utf-8, text"),
        (gzip.compress(TEXT, mtime=0), "UTF-8, gzip"),
        (brotli.compress(TEXT), "br"),
        (gzip.compress(TEXT, mtime=0), ""),
        (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "gzip"),
    ],
)
def test_decode_body_gives_what_was_packed(body: bytes, encoding: str) -> None:
    assert decode_body(body, encoding) == TEXT


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(TEXT, mtime=0)[:-10], "gzip", "truncated"),
        (gzip.compress(TEXT, mtime=0)[:15] + b"\xff\xff\xff" * 9, "gzip", "bad_encoding"),
        (b"\0" + TEXT, "br", "bad_encoding"),
        (brotli.compress(TEXT)[:-10], "br", "truncated"),
        (brotli.compress(b"\0" * 5000), "br", "too_large"),
        (b"\x28\xb5\x2f\xfd" + TEXT, "zstd", "bad_encoding"),
        (gzip.compress(TEXT, mtime=0), "gzip, gzip, gzip", "bad_encoding"),
        (gzip.compress(b"\0" * 5000, mtime=0), "gzip", "too_large"),
        (b"\0" * 5000, "", "too_large"),
    ],
)
def test_decode_body_names_the_fault(body: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(body, encoding, limit=4000)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "body", [gzip.compress(b"\0" * 5000), gzip.compress(TEXT)[:-10], b"\x1f\x8b\x08 gambar"]
)
def test_a_body_that_does_not_say_that_it_is_packed_and_cannot_be_unpacked_stays_as_it_is(
    body: bytes,
) -> None:
    assert decode_body(body, "", limit=4000) == body


def test_a_bomb_of_brotli_costs_no_more_than_the_limit() -> None:
    tracemalloc.start()
    with pytest.raises(BodyError, match="too_large"):
        decode_body(brotli.compress(b"\0" * (64 << 20), quality=5), "br", limit=1 << 20)
    assert tracemalloc.get_traced_memory()[1] < 100 << 20
    tracemalloc.stop()


def test_decode_body_bounds_many_members() -> None:
    with pytest.raises(BodyError, match="too_large"):
        decode_body(gzip.compress(b"\0" * 1000) * 20, "gzip", limit=10_000)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "gzip, deflate", "br", "utf-8", ""]))
def test_decode_body_gives_bytes_or_a_reason(body: bytes, encoding: str) -> None:
    try:
        assert len(decode_body(b"\x1f\x8b" + body, encoding, limit=1000)) <= 1000
    except BodyError as error:
        assert error.reason in {"truncated", "too_large", "bad_encoding"}
