"""Two events that share persons and place, and are two all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stories import case_article, events_of, store_pairs
from test_events import BRIDGE

from pipeline.database import scalar
from pipeline.events import link_events
from pipeline.store import Store


@pytest.mark.parametrize(("later", "events"), [(399, 1), (401, 2)])
def test_what_comes_more_than_a_year_later_is_another_case(later: int, events: int, store: Store) -> None:
    store_pairs(store, case_article("a"), case_article("b", stage="putusan_sanksi", later=later))
    link_events(store)
    assert len(set(events_of(store).values())) == events


def test_two_events_that_one_article_tells_stay_two(store: Store) -> None:
    """A round-up that tells both says that they are two, whatever a later article fits."""
    store_pairs(store, *BRIDGE[:2])
    link_events(store)
    (article, first), (_, second) = (
        case_article("d", text="Berita d memuat dua laporan di Garut.", later=8, **values)  # type: ignore[arg-type]
        for values in ({}, {"name": "Rukmana Saputra", "village": "32.05", "day": None})
    )
    store_pairs(store, (article, replace(first, cases=(*first.cases, *second.cases))), hour=1)
    link_events(store)
    assert scalar(store.con, "SELECT count(DISTINCT event_id) FROM event_members WHERE article_id = 'd'") == 2
    store_pairs(store, BRIDGE[2], hour=2)
    link_events(store)
    assert scalar(store.con, "SELECT count(*) FROM events") == 2
