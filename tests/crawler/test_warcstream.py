"""Foreign WARC files: every whole record is read, damage costs the record that it hit, forgeries nothing."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
from pathlib import Path

import pytest
import warcs
from warcio.archiveiterator import ArchiveIterator

from crawler.sieve import Passed, Sieve
from crawler.warcstream import Broken, Record, WarcError, WarcStream


def read(data: bytes, start: int = 0) -> tuple[list[Record], list[Broken]]:
    found = list(WarcStream(io.BytesIO(data[start:]), start))
    return [r for r in found if isinstance(r, Record)], [b for b in found if isinstance(b, Broken)]


def taken(data: bytes) -> list[str]:
    """Return the addresses of the pages that a sieve for the invented outlets takes."""
    sieve, urls = Sieve(warcs.sources().values(), lambda _body, _type: True), []
    for record in WarcStream(io.BytesIO(data)):
        if isinstance(record, Record):
            with contextlib.suppress(Passed):
                urls.append(sieve.take(record).url)
    return urls


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> warcs.Made:
    path = tmp_path_factory.mktemp("warcs") / "whole.warc.gz"
    return warcs.make_warc(path, 60, broken=0, huge=0.05, largest=2_000_000)


def test_records_are_those_that_a_full_parser_finds(whole: warcs.Made) -> None:
    data = whole.path.read_bytes()
    iterator, known = ArchiveIterator(io.BytesIO(data)), []
    for record in iterator:
        body = record.content_stream().read()
        known.append((record.rec_headers.get_header("WARC-Target-URI"), iterator.get_record_offset(), body))
    for packed, bytes_ in ((True, data), (False, gzip.decompress(data))):
        found = []
        for record in WarcStream(io.BytesIO(bytes_)):
            assert isinstance(record, Record)
            block = record.block(10**9)
            record.check()
            found.append(
                (record.header(b"warc-target-uri") or None, record.offset, block.partition(b"\r\n\r\n")[2])
            )
            assert record.leads
        assert [row[0] for row in found] == [row[0] for row in known]
        assert [row[2] for row in found][1:] == [row[2] for row in known][1:]  # the first is no HTTP record
        if packed:
            assert [row[1] for row in found] == [row[1] for row in known]


def test_one_member_may_hold_all_records(whole: warcs.Made) -> None:
    plain = gzip.decompress(whole.path.read_bytes())
    records, broken = read(gzip.compress(plain))
    assert (len(records), broken) == (61, [])
    assert [r.leads for r in records] == [True] + [False] * 60
    assert {r.offset for r in records} == {0}


def test_damage_costs_the_record_that_it_hit(tmp_path: Path) -> None:
    for seed in range(2, 12):
        made = warcs.make_warc(
            tmp_path / "x.warc.gz", 80, seed=seed, broken=0.4, huge=0.02, largest=1_500_000
        )
        data = made.path.read_bytes()
        assert set(made.articles) <= set(taken(data)), seed
        assert not [url for url in taken(data) if "rusak" in url], "a damaged page was taken"
        # cut anywhere, nothing but the last record is lost, and the end is found
        assert len(set(made.articles) - set(taken(data[:-700]))) <= 1


def test_damage_at_any_byte_never_raises_nor_loses_the_rest() -> None:
    dice = random.Random(5)
    pages = [warcs.article(n, dice) for n in range(6)]
    packed = [warcs.zip_record(warcs.response(url, page, n)) for n, (url, page) in enumerate(pages)]
    for _ in range(150):
        hit = dice.randrange(1, 5)
        hurt = bytearray(packed[hit])
        for _ in range(dice.choice((1, 3, 40))):
            hurt[dice.randrange(len(hurt))] ^= 1 << dice.randrange(8)
        data = b"".join(bytes(hurt) if n == hit else member for n, member in enumerate(packed))
        found = taken(data)
        assert {url for n, (url, _) in enumerate(pages) if n != hit} <= set(found)


def test_a_record_inside_a_page_is_no_record() -> None:
    forged = warcs.zip_record(
        warcs.response("https://rekaan-1.example/2024/10/1/kabar-palsu-dari-orang-lain/", b"x", 1)
    )
    page = b"<p>" + forged + b"</p>" + random.Random(1).randbytes(50_000)
    data = warcs.zip_record(warcs.response("https://evil.example/", page, 2))
    records, broken = read(data + warcs.zip_record(warcs.response("https://rekaan-2.example/x/", b"y", 3)))
    assert [r.header(b"warc-target-uri") for r in records] == [
        "https://evil.example/",
        "https://rekaan-2.example/x/",
    ]
    assert broken == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"<html>no archive</html>" * 50,
        b"\x1f\x8b\x08" + bytes(500),
        gzip.compress(b"halo", mtime=0),
    ],
)
def test_what_is_no_warc_is_named(data: bytes) -> None:
    with pytest.raises(WarcError):
        read(data)


def test_hostile_lengths_are_bounded() -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %s\r\n\r\nx"
    good = warcs.zip_record(warcs.response("https://rekaan-2.example/x/", b"y", 3))
    for length in (b"999999999999", b"-5", b"1e9", b"9" * 40, b""):
        records, broken = read(good + warcs.zip_record(head % length) + good)
        assert [r.header(b"warc-target-uri") for r in records][-1] == "https://rekaan-2.example/x/"
        assert broken
    endless = warcs.zip_record(b"WARC/1.0\r\n" + b"A: b\r\n" * 200_000)
    assert len(read(good + endless + good)[1]) == 1


def test_damage_is_named_where_it_is_and_none_goes_uncounted() -> None:
    members = [warcs.zip_record(warcs.response(f"https://rekaan-2.example/{n}/", b"y", n)) for n in range(3)]
    garbage = random.Random(2).randbytes(500)
    records, broken = read(members[0] + members[1] + garbage + members[2])
    start = len(members[0] + members[1])
    assert [r.offset for r in records] == [0, len(members[0]), start + len(garbage)]
    assert broken == [Broken(start, "gzip")]
    plain = [gzip.decompress(member) for member in members]
    whole = len(plain[0] + plain[1])
    for rest, reason in ((plain[2][:100], "truncated"), (bytes(512), "truncated"), (bytes(99_000), "head")):
        assert read(plain[0] + plain[1] + rest)[1] == [Broken(whole, reason)]
