"""What costs most of a new snapshot, made ready before anybody asks: the day's news, the registers, the review queue.

A thread of its own looks every few seconds which snapshot is the current one. Nobody waits for it: a page that is
asked for earlier waits for its own part alone, as it would without this.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import duckdb

from pipeline.database import StoreError
from pipeline.review_file import ReviewError
from pipeline.shelf import SnapshotError, current_number
from pipeline.web import pages, registers, review
from pipeline.web.accounts import Session
from pipeline.web.choices import choices
from pipeline.web.desk import Desk

EVERY_S = 2.0
_log = logging.getLogger(__name__)


@contextmanager
def keep_warm(desk: Desk, every_s: float = EVERY_S) -> Iterator[None]:
    """Make the current snapshot ready, and each that becomes it, as long as the context is open."""
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(desk, stop, every_s), name="warm")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _watch(desk: Desk, stop: threading.Event, every_s: float) -> None:
    ready: int | None = None
    while not stop.wait(every_s):
        try:
            number = current_number(desk.settings.snapshots)
            if number not in (None, ready):
                ready = number  # also where it fails: pages tell what is wrong with it
                warm(desk, stop)
        except (SnapshotError, StoreError, ReviewError, duckdb.Error, sqlite3.Error, OSError) as error:
            _log.warning("the new snapshot could not be made ready: %s", error)


def warm(desk: Desk, stop: threading.Event | None = None) -> None:
    """Make ready what the first pages of the current snapshot need: masked, and as read where there are reviewers.

    It ends early once `stop` is set; raises what a page would raise.
    """
    reviewers = any(user.role != "lihat" for user in desk.accounts.users())
    views = [desk.view(None), *([desk.view(Session("", "tinjau", ""))] if reviewers else [])]
    desk.let_go(but=views[0].number)
    makes: list[Callable[[], object]] = [
        partial(make, view) for view in views for make in (choices, pages.news, registers.offices)
    ]
    if reviewers:
        said = review.said_so_far(desk.settings, "")
        makes.append(lambda: review.candidates(views[-1], said, None))
    for make in makes:
        if stop is None or not stop.is_set():
            make()
