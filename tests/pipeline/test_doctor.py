"""The doctor finds nothing wrong where nothing is, and names what was tampered with, lost or left behind."""

from __future__ import annotations

import json
import re
import zlib
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from nights import CHANGED, SAME, Installation

from crawler.archive import read_page
from crawler.records import Capture
from crawler.source import SHIPPED
from pipeline.archive_check import Walk
from pipeline.cli.doctor import doctor
from pipeline.database import connect
from pipeline.doctor import Check, examine
from pipeline.settings import Settings


@pytest.fixture
def at(two_nights: Installation, tmp_path: Path) -> Installation:
    """A copy of an installation that is well."""
    return two_nights.copy(tmp_path)


def examined(at: Installation) -> list[Check]:
    return list(examine(at.settings, samples=None))


def errors(at: Installation) -> str:
    return "\n".join(check.text for check in examined(at) if check.level == "error")


def store_sql(at: Installation, statement: str) -> None:
    with closing(connect(at.settings.store, read_only=False)) as con:
        con.execute(statement)


def capture_of(at: Installation, slug: str) -> Capture:
    return next(c for c in at.captures() if c.article_url.endswith(slug) and c.kind == "response")


def test_store_that_lost_its_second_half_is_one_line(at: Installation) -> None:
    size = at.settings.store.stat().st_size
    with at.settings.store.open("r+b") as file:
        file.truncate(size // 2)
    assert "pulihkan dari cadangan" in errors(at) or "cannot be opened" in errors(at)


def test_source_at_home_nowhere_is_named(at: Installation) -> None:
    folder = at.folder / "sources"
    folder.mkdir()
    source = (SHIPPED / "acehvoice.toml").read_text(encoding="utf-8")
    (folder / "acehvoice.toml").write_text(re.sub(r'home = "[\d.]+"', 'home = "99.99"', source))
    checks = examine(at.settings.model_copy(update={"sources": folder}))
    assert next(check.text for check in checks if check.name == "sumber").startswith(
        "acehvoice: home '99.99'"
    )


def test_nothing_is_wrong_after_two_nights(at: Installation) -> None:
    checks = {check.name: check for check in examined(at)}
    assert {check.level for check in checks.values()} == {"ok"}
    (sums,) = checks["jumlah"].figures["sources"].values()
    assert sums == {"discovered": 4, "archived": 3, "skipped": 0, "failed": 0, "gone": 1, "waiting": 0}
    pages = checks["halaman"].figures
    assert (pages["pages"], pages["read"], pages["refused"], pages["waiting"]) == (6, 6, 0, 0)
    assert checks["arsip"].figures["replayed"] == checks["arsip"].figures["captures"] == 7


def test_pages_that_wait_are_no_error(at: Installation) -> None:
    store_sql(at, "DELETE FROM article_pages WHERE page_id = (SELECT max(page_id) FROM article_pages)")
    store_sql(at, "UPDATE runs SET counts = NULL WHERE command = 'process'")  # as if they had been killed
    found = [check for check in examined(at) if check.name == "halaman"]
    assert [check.level for check in found] == ["warning"]
    assert "1 belum dibaca; jalankan `wartawas process`" in found[0].text


def test_page_that_no_run_will_read_is_an_error(at: Installation) -> None:
    # the newest page has an id so high that the others lie before the stretch that runs look at again
    at.sql("UPDATE captures SET id = 10000 WHERE id = (SELECT max(id) FROM captures WHERE kind = 'response')")
    store_sql(
        at, "UPDATE pages SET capture_id = 10000 WHERE capture_id = (SELECT max(capture_id) FROM pages)"
    )
    store_sql(
        at,
        "DELETE FROM article_pages WHERE page_id = (SELECT page_id FROM pages ORDER BY capture_id LIMIT 1)",
    )
    assert "1 halaman arsip terlewat" in errors(at)
    assert at.process().pages == 0
    assert at.process(whole=True).pages == 1
    assert "terlewat" not in errors(at)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM pages WHERE state = 'gone'", "ditemukan 4, tetapi yang berkeadaan 3"),
        ("UPDATE outcomes SET n = 5 WHERE outcome = 'discovered'", "ditemukan 5, tetapi yang berkeadaan 4"),
        (f"DELETE FROM captures WHERE url LIKE '%{SAME}%'", "pages of no capture are archived"),
        ("UPDATE captures SET offset = offset - 9 WHERE id > 2", "captures overlap"),
        (
            f"DELETE FROM captures WHERE url LIKE '%{SAME}%'",
            "1 halaman di penyimpanan tidak ada di buku besar",
        ),
    ],
)
def test_tampered_ledger_is_found(at: Installation, statement: str, found: str) -> None:
    at.sql(statement)
    assert found in errors(at)


def test_damaged_ledger_is_found(at: Installation) -> None:
    with at.settings.ledger.open("r+b") as file:
        file.seek(0, 2)
        size = file.tell()
        for page in range(4096, size, 4096):
            file.seek(page)
            file.write(b"\xff" * 64)
    assert "buku besar" in errors(at)


def test_tampered_archive_is_found(at: Installation) -> None:
    capture = capture_of(at, CHANGED)
    file = at.settings.archive / capture.warc
    packed = file.read_bytes()
    record = zlib.decompress(packed[capture.offset : capture.offset + capture.length], 31)
    forged = zlib.compress(record.replace(b"40 kepala desa", b"90 kepala desa"), 6, wbits=31)
    padding = capture.length - len(forged)
    assert abs(padding) < 30
    file.write_bytes(
        packed[: capture.offset]
        + forged
        + b"\0" * max(0, padding)
        + packed[capture.offset + capture.length :]
    )
    at.sql(f"UPDATE captures SET length = {len(forged)} WHERE id = {capture.id}")
    assert b"90 kepala desa" in read_page(at.settings.archive, capture_of(at, CHANGED)).body
    assert f"{capture.url}: isi rekaman" in errors(at)
    assert "SHA-256 berbeda" in errors(at)


def test_broken_short_and_missing_files_are_found(at: Installation) -> None:
    first, second = (at.settings.archive / warc for warc in sorted({c.warc for c in at.captures()}))
    middle = capture_of(at, CHANGED).offset + 30
    whole = bytearray(first.read_bytes())
    whole[middle : middle + 20] = b"\0" * 20
    first.write_bytes(whole)
    second.write_bytes(second.read_bytes()[:-10])
    text = errors(at)
    assert "rekaman tidak terbaca" in text and "buku besar mencatat" in text
    second.unlink()
    assert f"{second.name}: berkas arsip hilang" in errors(at)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE article_versions SET text = text || '.'", "teks yang berubah sejak disimpan"),
        ("DELETE FROM article_versions WHERE title LIKE '%diralat%'", "1 artikel tanpa keadaan teksnya"),
        ("DELETE FROM articles WHERE url LIKE '%00001'", "keadaan teks tanpa artikel"),
        ("UPDATE articles SET extraction_id = 'x'", "4 artikel yang menunjuk hasil baca dari teks lain"),
        ("DELETE FROM extractions", "baris mentions tanpa hasil baca"),
        ("DELETE FROM pages", "tautan artikel ke halaman yang tidak ada"),
        ("DELETE FROM events", "anggota dari kejadian yang tidak ada"),
    ],
)
def test_tampered_store_is_found(at: Installation, statement: str, found: str) -> None:
    store_sql(at, statement)
    assert found in errors(at)


def test_newer_model_and_unlinked_events_only_wait(at: Installation) -> None:
    store_sql(at, "UPDATE runs SET model_version = 'baru'")
    store_sql(at, "DELETE FROM article_texts")
    found = [(check.level, check.text) for check in examined(at) if check.name == "penyimpanan"]
    texts = " ".join(text for _, text in found)
    assert "4 artikel menunggu dibaca model terbaru" in texts and "4 artikel belum dikaitkan" in texts
    assert "error" not in {level for level, _ in found}


def test_snapshot_that_others_can_read_or_that_lost_rows_is_found(at: Installation) -> None:
    folder = at.snapshot().path
    (folder / "restricted.duckdb").chmod(0o644)
    assert "dapat dibaca orang lain" in errors(at)
    with closing(connect(folder / "wartawas.duckdb", read_only=False)) as con:
        con.execute("DELETE FROM articles")
    assert "manifesnya menyebut 4" in errors(at)
    (folder / "wartawas.duckdb").unlink()
    assert "snapshot 1 tidak terbaca" in errors(at)


def test_foreign_files_are_named(at: Installation) -> None:
    at.settings.store.write_bytes(b"bukan basis data" * 1000)
    assert "is no DuckDB database" in errors(at)
    at.settings.ledger.write_bytes(b"bukan basis data" * 1000)
    assert "not usable as a crawl ledger" in errors(at)


def test_sample_is_as_large_as_asked_and_repeatable() -> None:
    def sample(seed: int) -> list[int]:
        walk = Walk(3, Random(seed))
        for n in range(100):
            walk.take(Capture(n, "s", "r", "u", "u", 1, "response", 200, "", None, "", "w", n, 1))  # type: ignore[arg-type]
        return [capture.id for capture in walk.samples["s"]]

    assert len(sample(1)) == 3
    assert sample(1) == sample(1) != sample(2)


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(doctor, ["--var", str(settings.var), *arguments])


def test_command_says_what_is_wrong_and_ends_with_1(at: Installation, tmp_path: Path) -> None:
    good = run(at.settings)
    assert good.exit_code == 0, good.output
    assert "kontak belum diisi" in good.output and "salah" not in good.output
    at.sql("DELETE FROM pages WHERE state = 'gone'")
    bad = run(at.settings, "--json")
    assert bad.exit_code == 1
    levels = [json.loads(line)["level"] for line in bad.output.splitlines()]
    assert levels.count("error") >= 2


def test_fresh_installation_has_warnings_alone(tmp_path: Path) -> None:
    result = run(Settings(var=tmp_path / "var"))
    assert result.exit_code == 0
    assert "jalankan `wartawas crawl`" in result.output
    assert not (tmp_path / "var").exists()
