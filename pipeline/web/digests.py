"""Saved views whose owners asked for a digest: which of the night's cases each one lets through."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from urllib.parse import parse_qsl

from pipeline.filters import QuestionError
from pipeline.query import invented
from pipeline.search import SearchError
from pipeline.settings import Settings, Watch
from pipeline.shelf import current_snapshot
from pipeline.web.accounts import Accounts
from pipeline.web.desk import View
from pipeline.web.listing import ListingError, matching_events, parse_listing
from pipeline.web.saved import Saved


def digests_wanted(settings: Settings) -> bool:
    """Return whether any user of the desk asked for a digest."""
    return any(view.digest for view in _saved(settings).views())


def digest_watches(
    settings: Settings, number: int, events: Sequence[str]
) -> tuple[list[tuple[Watch, frozenset[str]]], list[str]]:
    """Return each digest that a desk user asked for with the events of snapshot `number` in it, and what failed.

    Only events of `events` count, and masked data alone is looked at. A view whose filters the snapshot does not
    know any more is told of by name.
    """
    saved = _saved(settings)
    wanted = [view for view in saved.views() if view.digest]
    found, failed = [], []
    if not (wanted and events):
        return [], []
    snapshot = current_snapshot(settings.snapshots, number)
    with closing(snapshot.connect()) as db:
        window = View(number, snapshot.path, snapshot.manifest, db, False, invented(db))
        for view in wanted:
            try:
                listing = parse_listing(dict(parse_qsl(view.query)), window)
                inside = matching_events(window, "kasus", listing, events)
            except (ListingError, QuestionError, SearchError) as error:
                failed.append(f"saved view {view.title!r} of {view.owner}: {error}")
                continue
            address = saved.mail_of(view.owner)
            watch = Watch(name=view.title, to=(address,) if address else ())
            found.append((watch, frozenset(inside)))
    return found, failed


def _saved(settings: Settings) -> Saved:
    return Saved(Accounts(settings.var / "desk" / "accounts.sqlite"))
