"""The health of an installation, proved from discovery to finding: every page is accounted for, or named.

Nothing is changed. While the work file is examined no other process can write it, so the night comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from random import Random

import duckdb

from crawler.ledger import Ledger, LedgerError
from crawler.source import SourceError, load_sources
from pipeline.archive_check import Walk, check_files, check_records, walk_manifest
from pipeline.checks import ERROR, OK, WARNING, Check
from pipeline.database import StoreError, connect, fetch, newest_version, scalar, schema_version
from pipeline.labels import knows_region
from pipeline.settings import CONTACT, Settings
from pipeline.shelf import RESTRICTED, Snapshot, SnapshotError, current_snapshot
from pipeline.store_check import Fates, Fault, check_articles, check_rows, count_fates

__all__ = ["ERROR", "OK", "WARNING", "Check", "examine"]


def examine(settings: Settings, *, samples: int | None = 3, seed: int | None = None) -> Iterator[Check]:
    """Yield what was found, part by part; `samples` archived records a source are replayed (None: all).

    The records are chosen at random, the same ones again with the same `seed`.
    """
    yield from _settings(settings)
    yield from _ledger_and_store(settings, samples, Random(seed))  # noqa: S311 -- a sample, no secret
    yield from _snapshot(settings)


def _settings(settings: Settings) -> Iterator[Check]:
    try:
        sources = load_sources(settings.sources)
    except SourceError as error:
        yield Check("sumber", ERROR, f"berkas sumber tidak terbaca: {error}")
    else:
        homeless = [s for s in sources.values() if s.home and not knows_region(s.home)]
        for source in homeless:
            yield Check("sumber", ERROR, f"{source.slug}: home {source.home!r} bukan kode wilayah Kemendagri")
        if not homeless:
            yield Check("sumber", OK, f"{len(sources)} sumber dikenal", {"sources": len(sources)})
    if settings.contact == CONTACT:
        yield Check(
            "kontak", WARNING, "kontak belum diisi: tulis `contact` di wartawas.toml sebelum merayapi"
        )


def _ledger_and_store(settings: Settings, samples: int | None, random: Random) -> Iterator[Check]:
    if not settings.ledger.is_file():
        yield Check("buku besar", WARNING, f"{settings.ledger}: belum ada; jalankan `wartawas crawl`")
        return
    try:
        with Ledger(settings.ledger) as ledger:
            yield from _ledger(ledger)
            walk = Walk(samples, random)
            con, problem = _open_store(settings)
            if problem:
                yield problem
            if con is None:
                for _ in walk_manifest(ledger, walk):
                    pass
            else:
                try:
                    with closing(con):
                        yield from _store(con, ledger, walk)
                except duckdb.Error as error:
                    yield _unreadable(settings, error)
            yield from _archive(settings, walk)
    except LedgerError as error:
        yield Check("buku besar", ERROR, f"buku besar tidak dapat dipakai: {error}")


def _ledger(ledger: Ledger) -> Iterator[Check]:
    faults = ledger.audit()
    for fault in faults:
        yield Check("buku besar", ERROR, f"buku besar bertentangan dengan dirinya: {fault}")
    sums = ledger.tally.sums()
    odd = [slug for slug, figures in sums.items() if figures.discovered != figures.accounted]
    for slug in odd:
        s = sums[slug]
        yield Check(
            "jumlah", ERROR, f"{slug}: ditemukan {s.discovered}, tetapi yang berkeadaan {s.accounted}"
        )
    if faults or odd:
        return
    total = sum(figures.discovered for figures in sums.values())
    named = {slug: asdict(figures) for slug, figures in sums.items()}
    waiting = sum(figures.waiting for figures in sums.values())
    yield Check(
        "jumlah",
        OK,
        f"{total} halaman dari {len(sums)} sumber ditemukan = diarsipkan + dilewati + gagal + hilang + "
        f"menunggu ({waiting})",
        {"sources": named},
    )


def _open_store(settings: Settings) -> tuple[duckdb.DuckDBPyConnection | None, Check | None]:
    path = settings.store
    if not path.is_file():
        return None, Check("penyimpanan", WARNING, f"{path}: belum ada; jalankan `wartawas process`")
    try:
        con = connect(path, read_only=True)
    except StoreError as error:
        level = WARNING if "in use" in str(error) else ERROR
        return None, Check("penyimpanan", level, f"tidak diperiksa: {error}")
    try:
        version = schema_version(con)
    except StoreError as error:
        con.close()
        return None, Check("penyimpanan", ERROR, f"{path}: {error}")
    except duckdb.Error as error:
        con.close()
        return None, _unreadable(settings, error)
    if version != newest_version():
        con.close()
        what = (
            "jalankan `wartawas process`" if version < newest_version() else "pasang wartawas yang lebih baru"
        )
        known = newest_version()
        return None, Check("skema", ERROR, f"{path}: skema {version}, wartawas ini memakai {known}; {what}")
    return con, Check("skema", OK, f"skema penyimpanan {version}", {"schema": version})


def _unreadable(settings: Settings, error: duckdb.Error) -> Check:
    reason = str(error).splitlines()[0]
    return Check("penyimpanan", ERROR, f"{settings.store}: rusak ({reason}); pulihkan dari cadangan")


def _store(con: duckdb.DuckDBPyConnection, ledger: Ledger, walk: Walk) -> Iterator[Check]:
    fates = count_fates(con, ledger, walk_manifest(ledger, walk))
    yield from _fates(fates)
    faults = [*check_rows(con), *check_articles(con)]
    yield from (_fault(fault) for fault in faults)
    if not any(fault.error for fault in faults):
        articles = scalar(con, "SELECT count(*) FROM articles")
        (cases, events) = fetch(con, "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM events)")[0]
        yield Check(
            "penyimpanan",
            OK,
            f"{articles} artikel, {cases} bacaan kasus, {events} kejadian: semua tautan dan bukti cocok",
            {"articles": articles, "cases": cases, "events": events},
        )


def _fates(fates: Fates) -> Iterator[Check]:
    figures = fates.as_dict()
    if fates.stranded:
        yield Check(
            "halaman",
            ERROR,
            f"{fates.stranded} halaman arsip terlewat: tidak pernah dibaca; jalankan "
            "`wartawas process --all`",
            figures,
        )
    if fates.unknown:
        yield Check(
            "halaman", ERROR, f"{fates.unknown} halaman di penyimpanan tidak ada di buku besar", figures
        )
    if fates.partless:
        yield Check(
            "halaman", WARNING, f"{fates.partless} halaman lanjutan menunggu halaman pertamanya", figures
        )
    level = WARNING if fates.waiting else OK
    advice = "; jalankan `wartawas process`" if fates.waiting else ""
    yield Check(
        "halaman",
        level,
        f"{fates.pages} halaman arsip = {fates.read} menjadi artikel + {fates.refused} ditolak + "
        f"{fates.waiting + fates.partless + fates.stranded} belum dibaca{advice}",
        figures,
    )


def _fault(fault: Fault) -> Check:
    return Check("penyimpanan", ERROR if fault.error else WARNING, f"{fault.count} {fault.text}")


def _archive(settings: Settings, walk: Walk) -> Iterator[Check]:
    broken = [*check_files(settings.archive, walk.ends), *check_records(settings.archive, walk.samples)]
    for line in broken:
        yield Check("arsip", ERROR, line)
    open_files = sum(1 for _ in settings.archive.glob("*/*.open"))
    if open_files:
        yield Check(
            "arsip", WARNING, f"{open_files} berkas arsip belum ditutup: perayapan berjalan, atau mati"
        )
    if not broken:
        tried = sum(map(len, walk.samples.values()))
        text = (
            f"{len(walk.ends)} berkas utuh; {tried} dari {walk.captures} rekaman dibaca ulang, SHA-256 cocok"
        )
        yield Check(
            "arsip", OK, text, {"files": len(walk.ends), "captures": walk.captures, "replayed": tried}
        )


def _snapshot(settings: Settings) -> Iterator[Check]:
    try:
        snapshot = current_snapshot(settings.snapshots)
    except SnapshotError as error:
        level = ERROR if settings.snapshots.is_dir() else WARNING
        text = "belum ada snapshot; jalankan `wartawas publish`" if level == WARNING else str(error)
        yield Check("snapshot", level, text)
        return
    try:
        yield _published(snapshot)
    except (SnapshotError, duckdb.Error) as error:
        yield Check("snapshot", ERROR, f"snapshot {snapshot.number} tidak terbaca: {error}")


def _published(snapshot: Snapshot) -> Check:
    with closing(snapshot.connect()) as db:
        articles = scalar(db, "SELECT count(*) FROM articles")
        masked = scalar(db, "SELECT value FROM info WHERE key = 'masked'")
    named = f"snapshot {snapshot.number}"
    stated = snapshot.manifest.get("articles")
    if masked != "true":
        return Check(
            "snapshot", ERROR, f"{named} tidak disamarkan; tarik dengan `wartawas snapshots rollback`"
        )
    if articles != stated:
        return Check("snapshot", ERROR, f"{named} berisi {articles} artikel, manifesnya menyebut {stated}")
    restricted = snapshot.path / RESTRICTED
    if restricted.exists() and restricted.stat().st_mode & 0o077:
        return Check("snapshot", ERROR, f"{restricted}: dapat dibaca orang lain; jalankan chmod 600")
    return Check("snapshot", OK, f"{named}: {articles} artikel terbit", {"number": snapshot.number})
