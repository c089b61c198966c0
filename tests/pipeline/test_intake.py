"""Files given by hand: what is read, and what each wrong file is told."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.intake import HTML, ROW, TEXT, IntakeError, name_of, read_files


def test_html_text_and_rows_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>isi</p></body></html>")
    (tmp_path / "b.txt").write_text("Isi berita.")
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "x1", "text": "isi"}) + "\n\n")
    (tmp_path / "d.bin").write_bytes(b"\x00\x01")
    given = list(read_files([tmp_path]))
    assert [item.content_type for item in given] == [HTML, TEXT, ROW]
    assert given[2].url.endswith("c.jsonl#x1")


def test_html_without_ending_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "halaman"
    file.write_text("<!DOCTYPE html><p>isi</p>")
    assert next(read_files([file])).content_type == HTML


@pytest.mark.parametrize(("text", "kind"), [("<html><body>isi</body></html>", HTML), ("Isi berita.", TEXT)])
def test_files_in_utf_16_are_read(tmp_path: Path, text: str, kind: str) -> None:
    file = tmp_path / "halaman"
    file.write_bytes(text.encode("utf-16"))
    (given,) = read_files([file])
    assert (given.content_type, given.body) == (kind, text.encode("utf-16"))


def test_warc_gives_its_successful_pages(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, status in (("http://a.example/1", "200 OK"), ("http://a.example/2", "404 Not Found")):
            headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = BytesIO(b"<p>isi</p>")
            writer.write_record(writer.create_warc_record(url, "response", body, http_headers=headers))
    (page,) = read_files([file])
    assert (page.url, page.body) == ("http://a.example/1", b"<p>isi</p>")


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("kosong.txt", b"  \n", "empty"),
        ("gambar.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        ("gambar", b"\xff\xd8\xff\xe0abc", "binary"),
        ("rusak.jsonl", b'{"id": "a", "text": "x"}\n{"id": ', "line 2: not JSON"),
        ("tanpa.jsonl", b'{"id": "a"}\n', 'needs an object with "html" or "text"'),
        ("angka.jsonl", b'{"id": [], "text": "x"}\n', "id must be text"),
        (
            "hari.jsonl",
            b'{"id": "a", "text": "x", "published": "kemarin"}\n',
            "published must be an ISO time",
        ),
        ("hampa.jsonl", b"\n", "no line"),
        ("palsu.warc", b"bukan warc sama sekali\n", "WARC"),
    ],
)
def test_wrong_file_is_named_with_its_fault(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    with pytest.raises(IntakeError, match=message) as caught:
        list(read_files([file]))
    assert name in str(caught.value)


def test_missing_file_and_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"tidak-ada\.txt"):
        list(read_files([tmp_path / "tidak-ada.txt"]))
    with pytest.raises(IntakeError, match="no readable file"):
        list(read_files([tmp_path]))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_rows_with_a_byte_order_mark_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "baris.jsonl"
    rows = [{"id": "a", "text": "“Netral” – kata Ketua."}, {"id": "b", "text": "Harga cabai naik.ਊ"}]
    file.write_bytes("\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding))
    assert [json.loads(given.body) for given in read_files([file])] == rows


def test_rows_that_break_off_in_utf_16_are_named(tmp_path: Path) -> None:
    (tmp_path / "baris.jsonl").write_bytes('{"id": "a", "text": "isi"}'.encode("utf-16")[:-1])
    with pytest.raises(IntakeError, match=r"baris\.jsonl: not the UTF-16"):
        list(read_files([tmp_path / "baris.jsonl"]))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("naïve 1é.txt", "naïve 1é.txt"),
        ("100%25.txt", "100%25.txt"),
        ("dua\nbaris.txt", "dua%0Abaris.txt"),
    ],
)
def test_a_file_is_called_as_it_stands_on_the_disk(tmp_path: Path, name: str, shown: str) -> None:
    assert name_of((tmp_path / name).as_uri()) == shown


def test_the_end_of_an_address_stays_as_it_is_written() -> None:
    assert name_of("https://kabar.example/berita/na%C3%AFve/") == "na%C3%AFve"
