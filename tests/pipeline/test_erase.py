"""What is erased is nowhere any more: not in a byte of archive, ledger, store, snapshot, index or log."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from accused import PERSON, run_accused
from nights import NEW, WITHDRAWN, Installation
from sites import Site, make_posts, serve
from traces import raw_bytes, sound, traces
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import read_page
from crawler.erasure import TOMBSTONE
from pipeline.audit import list_erasures
from pipeline.database import connect, fetch
from pipeline.erase import EraseError, _decoded, erase_article, erase_person
from pipeline.names import NameUnclear, person_name
from pipeline.night_record import NightRecord, Stage, load_records, save_record
from pipeline.store import open_store
from pipeline.web.accounts import Accounts

NAME = "Mentari Kusumawardhani"
SLUG = "kabar-rekaan-nomor-00003"


@pytest.fixture
def at(two_nights: Installation, tmp_path: Path) -> Installation:
    return two_nights.copy(tmp_path)


@pytest.fixture(scope="module")
def accused(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return run_accused(tmp_path_factory.mktemp("accused"))


def test_article_is_erased_from_every_file(at: Installation) -> None:
    (url,) = {c.article_url for c in at.captures() if c.article_url.endswith(SLUG)}
    text = "pertemuan kabar rekaan nomor 00003"  # what only this article says
    assert traces(at.settings, text)
    desk = Accounts(at.settings.var / "desk" / "accounts.sqlite")
    for target in (f"{url}/?utm_source=x", f"{url}9"):
        desk.note("sari", "baca tautan", target, "::1")
    recap = at.settings.var / "reports" / "rekap-2026-03-01.html"
    recap.parent.mkdir()
    recap.write_text(f"<td>{text}</td>")
    problem, other = f"ValueError: {url} cannot be read", f"ValueError: {url}9 cannot be read"
    night = NightRecord("2026-03-01T010000Z-1", "2026-02-28", "2026-03-01T01:00:00+00:00", "done")
    night.stages = [Stage("process", "failed", problem=problem), Stage("link", "failed", problem=other)]
    save_record(at.settings.nights, night)
    for kind, words in (("html", problem), ("txt", problem), ("subject", other)):
        (at.settings.nights / f"{night.run}.{kind}").write_text(words)
    with open_store(at.settings.store) as store:
        for words in (problem, other):
            store.end_run(store.begin_run("nightly"), {}, words)
    row = erase_article(at.settings, url, reason="permintaan 1", who="uji")
    assert row.figures["articles"] == 1 and row.figures["emptied"] >= 1
    assert traces(at.settings, text) == []
    assert [seen.target for seen in desk.trail()] == [f"{url}9", "(dihapus)"]
    (kept,) = [one for one in load_records(at.settings.nights) if one.run == night.run]
    assert kept.problems == ["process: (dihapus)", f"link: {other}"] and kept.exit_code == 1
    assert [path.suffix for path in sorted(at.settings.nights.glob(f"{night.run}.*"))] == [
        ".json",
        ".subject",
    ]
    assert sound(at.settings) == []
    assert at.pages(SLUG) == ["skipped"]
    (capture,) = [c for c in at.captures() if c.article_url == url and c.kind == "response"]
    assert read_page(at.settings.archive, capture).body == TOMBSTONE
    with closing(connect(at.settings.store, read_only=True)) as con:
        assert fetch(con, "SELECT count(*) FROM articles") == [(3,)]
        problems = fetch(con, "SELECT problem FROM runs WHERE problem IS NOT NULL ORDER BY started_at")
        assert problems == [("(dihapus)",), (other,)]
        assert fetch(con, "SELECT reason FROM refusals WHERE reason = 'erased'") == [("erased",)]
        for table in ("pages", "refusals"):
            assert fetch(con, f"SELECT url FROM {table} WHERE contains(url, ?)", [SLUG]) == [], table
    assert at.snapshot().manifest["articles"] == 3
    assert len(list(at.settings.snapshots.glob("snap-*"))) == 1


def test_other_records_of_the_file_replay_as_before(at: Installation) -> None:
    bodies = {c.id: read_page(at.settings.archive, c).body for c in at.captures()}
    (url,) = {c.article_url for c in at.captures() if c.article_url.endswith(SLUG)}
    sizes = {path: path.stat().st_size for path in at.settings.archive.rglob("*.gz")}
    erase_article(at.settings, url, reason="r", who="uji")
    for capture in at.captures():
        assert (read_page(at.settings.archive, capture).body == bodies[capture.id]) is (
            capture.article_url != url
        )
    assert sizes == {path: path.stat().st_size for path in at.settings.archive.rglob("*.gz")}
    for path in sizes:
        with path.open("rb") as file:
            assert sum(1 for _ in ArchiveIterator(file)) > 1


def test_erased_article_never_comes_back(at: Installation) -> None:
    (source,) = {c.source for c in at.captures()}
    (url,) = {c.article_url for c in at.captures() if c.article_url.endswith(SLUG)}
    erase_article(at.settings, url, reason="r", who="uji")
    posts = make_posts(4, etag=False)
    with serve(Site(posts), port=int(source.rpartition("-")[2])) as site:
        at.night(site.source("sitemap", "feed"))
        assert not any(SLUG in path for path in site.pages_asked())
    at.process(whole=True)
    with closing(connect(at.settings.store, read_only=True)) as con:
        assert fetch(con, "SELECT count(*) FROM articles WHERE url LIKE ?", [f"%{SLUG}"]) == [(0,)]
        assert fetch(con, "SELECT url FROM pages WHERE contains(url, ?)", [SLUG]) == []
    assert traces(at.settings, "Kabar rekaan nomor 3") == []


def test_person_is_masked_in_pages_and_in_what_was_read_from_them(
    accused: Installation, tmp_path: Path
) -> None:
    at = accused.copy(tmp_path)
    first, last = PERSON.split()
    assert traces(at.settings, f"{first} {last}", last)
    row = erase_person(at.settings, PERSON.lower(), reason="putusan 7", who="uji")
    assert row.figures["emptied"] == 1  # the one whose address holds the name
    assert row.figures["masked"] == row.figures["read_anew"] == 2
    assert row.figures["left"] == 0
    # the address itself stays in the ledger, where it keeps the page from being fetched again
    held = {path.name for path, data in raw_bytes(at.settings) if last.lower().encode() in data.lower()}
    assert held == {"ledger.sqlite"}
    assert traces(at.settings, f"{first} {last}") == []
    assert sound(at.settings) == []
    with closing(connect(at.settings.store, read_only=True)) as con:
        texts = [text for (text,) in fetch(con, "SELECT text FROM article_versions")]
    assert len(texts) == 2
    assert sum("G******** W***********" in text for text in texts) == 2
    assert sum("W*********** membantah" in text for text in texts) == 1


def save_page(at: Installation, slug: str, url: str, author: str) -> None:
    """Save a page as `wartawas sources add` does."""
    folder = at.settings.own_sources / "pages" / slug
    folder.mkdir(parents=True)
    fields = {
        "url": url,
        "content_type": "text/html",
        "title": "Kabar",
        "author": author,
        "text": "Isi.\n\nLagi.",
    }
    (folder / "2026-03-01.json").write_text(json.dumps(fields, indent=1))
    (folder / "2026-03-01.html.gz").write_bytes(gzip.compress(f"<p>Oleh <b>{author}</b></p>".encode()))


def test_pages_saved_beside_the_sources_go_too(at: Installation) -> None:
    (url,) = {c.article_url for c in at.captures() if c.article_url.endswith(SLUG)}
    save_page(at, "satu", f"{url}?utm_source=x", "Redaksi")
    save_page(at, "dua", f"{url}9", "Redaksi")
    save_page(at, "tiga", f"{url}8", PERSON)
    assert erase_article(at.settings, url, reason="r", who="uji").figures["saved"] == 1
    left = {path.parent.name for path in at.settings.own_sources.glob("pages/*/*")}
    assert left == {"dua", "tiga"}
    assert erase_person(at.settings, PERSON, reason="r", who="uji").figures["saved"] == 1
    assert traces(at.settings, PERSON) == []
    assert {path.parent.name for path in at.settings.own_sources.glob("pages/*/*")} == {"dua"}


def test_audit_keeps_that_it_was_done_and_not_what(at: Installation) -> None:
    (url,) = {c.article_url for c in at.captures() if c.article_url.endswith(SLUG)}
    erase_article(at.settings, url, reason="permintaan 9", who="Sekretariat")
    file = at.settings.erasures
    assert url.encode() not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    (row,) = list_erasures(file, url)
    assert (row.kind, row.reason, row.who) == ("article", "permintaan 9", "Sekretariat")
    assert list_erasures(file, url + "x") == []
    with closing(sqlite3.connect(file)) as con:
        for statement in ("DELETE FROM erasures", "UPDATE erasures SET who = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="audit row"):
                con.execute(statement)


def test_erasure_that_was_killed_is_repeated(accused: Installation, tmp_path: Path) -> None:
    at = accused.copy(tmp_path)
    whole = tmp_path / "before"
    shutil.copytree(at.settings.var, whole)
    erase_person(at.settings, PERSON, reason="r", who="uji")
    # as if it had been killed between the archive and the ledger
    shutil.copytree(at.settings.archive, tmp_path / "archive")
    shutil.rmtree(at.settings.var)
    shutil.copytree(whole, at.settings.var)
    shutil.rmtree(at.settings.archive)
    shutil.copytree(tmp_path / "archive", at.settings.archive)
    assert sound(at.settings)
    erase_person(at.settings, PERSON, reason="r", who="uji")
    assert sound(at.settings) == []
    assert traces(at.settings, PERSON) == []


def test_what_is_unknown_is_refused_before_anything_changes(at: Installation) -> None:
    before = at.settings.store.read_bytes()
    with pytest.raises(EraseError, match="no such article"):
        erase_article(at.settings, "https://lain.example/x", reason="r", who="uji")
    with pytest.raises(EraseError, match="stands neither"):
        erase_person(at.settings, "Orang Takdikenal", reason="r", who="uji")
    with pytest.raises(NameUnclear, match="two words"):
        erase_person(at.settings, "Mentari", reason="r", who="uji")
    with pytest.raises(EraseError, match="needs a reason"):
        erase_article(at.settings, "https://lain.example/x", reason=" ", who="uji")
    assert at.settings.store.read_bytes() == before
    assert not at.settings.erasures.exists()
    assert NAME in WITHDRAWN and NEW


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{PERSON} hadir, kata Désa</p>".encode(),
        f"<p>{PERSON} hadir, kata Désa</p>".encode("latin-1"),
        f"\ufeff<p>{PERSON} hadir</p>".encode("utf-16-le"),
        f"\ufeff<p>{PERSON} hadir</p>".encode("utf-16-be"),
    ],
)
def test_name_is_masked_in_every_encoding_and_nothing_else_changes(body: bytes) -> None:
    text, encoding, errors = _decoded(body)
    assert text.encode(encoding, errors) == body
    masked = person_name(PERSON, common=frozenset()).mask(text).encode(encoding, errors)
    assert len(masked) == len(body)
    assert sum(a != b for a, b in zip(masked, body, strict=True)) == len(PERSON) - 3


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gatotkaca Wijayakusuma hadir", "G******** W*********** hadir"),
        ("GATOTKACA  WIJAYAKUSUMA", "G********  W***********"),
        ("<b>Gatotkaca</b>&nbsp;<i>Wijayakusuma</i>", "<b>G********</b>&nbsp;<i>W***********</i>"),
        ("/kades-gatotkaca-wijayakusuma-hadir", "/kades-g********-w***********-hadir"),
        ("#GatotkacaWijayakusuma", "#G********W***********"),
        ("Wijayakusuma hadir", "W*********** hadir"),
        ("bunga wijayakusuma mekar", "bunga wijayakusuma mekar"),
        ("Wijayakusumaan", "Wijayakusumaan"),
    ],
)
def test_name_is_masked_however_it_is_written(text: str, masked: str) -> None:
    assert person_name(PERSON, common=frozenset()).mask(text) == masked
    assert len(masked) == len(text)
