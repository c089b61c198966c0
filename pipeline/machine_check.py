"""The machine and the installation: model, permissions, disk, clock, DNS, and whether nights run at all."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from crawler.source import SourceError, load_sources
from nlp.model import model_version
from pipeline.checks import ERROR, OK, WARNING, Check
from pipeline.disk import FULL, measure_disk
from pipeline.disk import WARNING as SCARCE
from pipeline.machine_clock import VERSION, is_past
from pipeline.night_record import load_records, nights_ahead, was_killed
from pipeline.settings import Settings
from pipeline.zone import WIB

_DNS_S = 5.0
_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
_TIMESYNC = Path("/run/systemd/timesync")
_AHEAD = timedelta(minutes=10)
_NIGHTLY = timedelta(hours=36)


def examine_machine(settings: Settings) -> Iterator[Check]:
    """Yield what was found, part by part; nothing is changed, and one name is looked up in the DNS."""
    yield _installation()
    yield from _permissions(settings)
    yield _disk(settings)
    yield _clock(settings)
    yield _dns(settings)
    yield from _nights(settings)


def _installation() -> Check:
    try:
        model = model_version()
    except (OSError, RuntimeError, ValueError) as error:
        return Check("model", ERROR, f"model bahasa tidak terbaca ({error}); pasang ulang wartawas")
    return Check("model", OK, f"wartawas {version('wartawas')}, model {model}", {"model": model})


def _permissions(settings: Settings) -> Iterator[Check]:
    faults = []
    if settings.var.is_dir() and not os.access(settings.var, os.W_OK | os.X_OK):
        faults.append(
            f"{settings.var}: tidak dapat ditulis oleh akun ini; periksa pemiliknya dengan `ls -ld`"
        )
    private = [
        settings.var, settings.archive, settings.store.parent, settings.reviews, settings.erasures,
        settings.smtp.password_file, settings.webhook.url_file, settings.webhook.secret_file,
    ]  # fmt: skip
    for path in filter(None, private):
        if path.exists() and path.stat().st_mode & 0o077:
            mode = "700" if path.is_dir() else "600"
            faults.append(f"{path}: dapat dibaca akun lain; jalankan `chmod {mode} {path}`")
    for fault in faults:
        yield Check("izin", ERROR, fault)
    if not faults:
        yield Check("izin", OK, "folder dan rahasia hanya terbuka bagi akun ini")


def _disk(settings: Settings) -> Check:
    use = measure_disk(settings)
    level = {FULL: ERROR, SCARCE: WARNING}.get(use.level, OK)
    advice = "" if level == OK else "; kosongkan ruang, atur retention, atau naikkan disk.budget_gb"
    return Check("disk", level, use.text + advice, {"used": use.used, "free": use.free})


def _clock(settings: Settings) -> Check:
    now = datetime.now(UTC)
    if is_past(now):
        told = f"jam menunjukkan {now.astimezone(WIB):%d-%m-%Y %H:%M} WIB, lebih awal dari wartawas {VERSION} sendiri"
        return Check("jam", ERROR, f"{told}: semua tanggal akan salah; setel jam dengan NTP")
    newest = _newest_capture(settings.ledger)
    if newest and newest > now + _AHEAD:
        told = f"jam menunjukkan {now.astimezone(WIB):%d-%m-%Y %H:%M} WIB, lebih awal dari halaman terakhir"
        return Check(
            "jam", ERROR, f"{told} ({newest.astimezone(WIB):%d-%m-%Y %H:%M} WIB); setel jam dengan NTP"
        )
    if _TIMESYNC.is_dir() and not _SYNCHRONIZED.exists():
        return Check("jam", WARNING, "jam belum disetel lewat jaringan; lihat `timedatectl`")
    return Check("jam", OK, f"{now.astimezone(WIB):%d-%m-%Y %H:%M} WIB")


def _newest_capture(ledger: Path) -> datetime | None:
    if not ledger.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as con:
            row = con.execute("SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:  # the ledger has a check of its own
        return None
    return datetime.fromisoformat(row[0]) if row else None


def _dns(settings: Settings) -> Check:
    try:
        sources = load_sources(settings.sources)
    except SourceError:
        return Check("dns", WARNING, "tidak diperiksa: berkas sumber tidak terbaca")
    names = [source.domains[0].partition(":")[0] for source in sources.values() if not source.allow_private]
    for name in names[:3]:  # one outlet may be gone; three at once are the resolver
        if _resolves(name):
            return Check("dns", OK, f"{name} ditemukan")
    return Check("dns", WARNING, "nama situs tidak ditemukan; periksa jaringan dan /etc/resolv.conf")


def _resolves(name: str) -> bool:
    """Return whether a name has an address; the system's resolver has no time limit of its own."""
    found: list[bool] = []

    def ask() -> None:
        try:
            found.append(bool(socket.getaddrinfo(name, 443)))
        except OSError:
            found.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_DNS_S)
    return found == [True]


def _nights(settings: Settings) -> Iterator[Check]:
    if ahead := nights_ahead(settings.nights):
        told = f"{len(ahead)} malam dimulai di masa depan ({ahead[-1]}): jam pernah melaju"
        yield Check("malam", ERROR, f"{told}; setel jam dengan NTP, lalu pindahkan {settings.nights}/NAMA.*")
    records = load_records(settings.nights, 1)
    if not records:
        yield Check("malam", WARNING, "belum pernah `wartawas nightly`; jadwalkan dengan `wartawas schedule`")
        return
    last = records[0]
    began = datetime.fromisoformat(last.started_at)
    told = f"malam terakhir dimulai {began.astimezone(WIB):%d-%m-%Y %H:%M} WIB"
    if datetime.now(UTC) - began > _NIGHTLY:
        yield Check("malam", ERROR, f"{told}: sesudahnya tidak ada; lihat `systemctl list-timers`")
    elif was_killed(settings.var, last):
        at = last.stages[-1].name if last.stages else "awal"
        yield Check("malam", ERROR, f"{told} dan terputus ({at}); `wartawas nightly --now` melanjutkannya")
    elif last.exit_code == 1 and last.status != "running":
        why = "; ".join(last.problems) or last.status
        yield Check("malam", ERROR, f"{told} dan gagal: {why}")
    elif last.uncrawled:
        yield Check("malam", WARNING, f"{told} dan tidak merayapi: {last.uncrawled}")
    else:
        yield Check("malam", OK, told)
