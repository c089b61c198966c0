"""WARC records are written as the web sent them, read back whole, and cut to what the ledger acknowledges."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, ArchiveError, Fetched, Place, read_page
from crawler.ledger import Ledger, store_file
from crawler.records import Capture

AT = datetime(2026, 3, 1, 20, 15, 30, tzinfo=UTC)
HTML = b"<html><p>Kabar rekaan dari Desa Contoh.</p></html>"


def fetched(body: bytes = HTML, status: int = 200, **headers: str) -> Fetched:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Fetched("https://contoh.example/kabar/1", status, "OK", named, body, AT)


def at(place: Place, kind: str = "response") -> Capture:
    url = "https://contoh.example/kabar/1"
    return Capture(
        1,
        "contoh",
        "r1",
        url,
        url,
        1,
        kind,
        200,
        "text/html",
        AT,
        "x",
        place.warc,
        place.offset,
        place.length,
    )


def test_read_page_undoes_the_content_encoding(tmp_path: Path) -> None:
    writer = Archive(tmp_path).open("contoh", "r1")
    packed = gzip.compress(HTML)
    place = writer.write_response(fetched(packed, Content_Encoding="gzip", Transfer_Encoding="chunked"))
    writer.close()
    page = read_page(tmp_path, at(place))
    assert page.body == HTML
    assert ("Content-Encoding", "gzip") in page.headers
    with (tmp_path / place.warc).open("rb") as file:
        records = [(r.rec_type, r.raw_stream.read()) for r in ArchiveIterator(file, check_digests="raise")]
    assert [kind for kind, _ in records] == ["warcinfo", "response"]
    assert records[1][1] == packed  # the body stands there as it was sent


def test_read_page_follows_a_revisit_to_its_original(tmp_path: Path) -> None:
    first = Archive(tmp_path).open("contoh", "r1")
    original = at(first.write_response(fetched()))
    first.close()
    second = Archive(tmp_path).open("contoh", "r2")
    place = second.write_revisit(fetched(b"", 304, ETag='"a"'), original)
    second.close()
    page = read_page(tmp_path, at(place, "revisit"))
    assert page.body == HTML
    assert ("ETag", '"a"') in page.headers


def test_file_is_open_until_closed_and_readable_meanwhile(tmp_path: Path) -> None:
    writer = Archive(tmp_path).open("contoh", "r1")
    place = writer.write_response(fetched())
    writer.sync()
    assert [path.name for path in tmp_path.glob("*/*")] == ["r1.warc.gz.open"]
    assert read_page(tmp_path, at(place)).body == HTML
    writer.close()
    assert [path.name for path in tmp_path.glob("*/*")] == ["r1.warc.gz"]


@pytest.mark.parametrize("torn", [1, 40, 10_000])
def test_recover_cuts_what_nobody_acknowledged(tmp_path: Path, torn: int) -> None:
    archive = Archive(tmp_path)
    writer = archive.open("contoh", "r1")
    place = writer.write_response(fetched())
    lost = writer.write_response(fetched(HTML * 9))
    writer.sync()
    writer.abandon()
    path = tmp_path / f"{place.warc}.open"
    path.write_bytes(path.read_bytes()[: lost.offset + torn])
    assert archive.recover({place.warc: place.offset + place.length}.__getitem__) == [place.warc]
    assert (tmp_path / place.warc).stat().st_size == lost.offset
    assert read_page(tmp_path, at(place)).body == HTML
    with pytest.raises(ArchiveError, match=r"contoh/r1.*record"):
        read_page(tmp_path, at(lost))


def test_recover_removes_a_file_without_captures(tmp_path: Path) -> None:
    writer = Archive(tmp_path).open("contoh", "r1")
    writer.sync()
    writer.abandon()
    assert Archive(tmp_path).recover(lambda _: 0) == ["contoh/r1.warc.gz"]
    assert list(tmp_path.glob("*/*")) == []


def test_recover_refuses_a_file_that_lost_acknowledged_records(tmp_path: Path) -> None:
    writer = Archive(tmp_path).open("contoh", "r1")
    place = writer.write_response(fetched())
    writer.sync()
    writer.abandon()
    with pytest.raises(ArchiveError, match="acknowledged"):
        Archive(tmp_path).recover(lambda _: place.offset + place.length + 5)


@pytest.mark.parametrize("damage", [b"", b"kein WARC", b"\x1f\x8b\x08\x00"])
def test_read_page_names_a_damaged_place(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "contoh").mkdir()
    (tmp_path / "contoh" / "r1.warc.gz").write_bytes(damage)
    with pytest.raises(ArchiveError, match=r"contoh/r1\.warc\.gz at 0"):
        read_page(tmp_path, at(Place("contoh/r1.warc.gz", 0, 100)))


def test_read_page_stays_inside_the_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="outside"):
        read_page(tmp_path / "archive", at(Place("../rahasia", 0, 10)))


@pytest.mark.parametrize("name", ["../x", "", ".x", "a/b", "a" * 200])
def test_open_refuses_names_that_make_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="cannot name"):
        Archive(tmp_path).open(name, "r1")


def test_store_file_keeps_the_same_bytes_once(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Ledger(tmp_path / "ledger.sqlite") as ledger:

        def store(body: bytes, run: str) -> Capture:
            url = "file:///berita.txt"
            return store_file(
                ledger, archive, source="files", url=url, body=body, content_type="text/plain", run=run
            )

        first, second = store(b"satu", "r1"), store(b"dua", "r1")
        assert store(b"satu", "r2") == first
        assert [c.id for c in ledger.captures()] == [first.id, second.id] == [1, 2]
        assert [read_page(archive, c).body for c in ledger.captures()] == [b"satu", b"dua"]
        assert list(ledger.captures()) == [first, second]
        assert ledger.audit() == []
    assert len(list(archive.glob("*/*"))) == 1
