from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from annotated import as_article, as_extraction, bcubed, other_case, same_template
from findings import WIB, find, make_article, make_capture, make_case, make_extraction, prevention_article
from stories import Pair, case_article, events_of, groups_of, store_pairs

from nlp import corpus
from nlp.records import EventRef, Terlapor
from pipeline import facets
from pipeline.chunks import chunks
from pipeline.database import fetch, scalar
from pipeline.events import link_events
from pipeline.rows import region_rows
from pipeline.store import Store, StoredArticle, open_store
from pipeline.stories import Member, Story
from pipeline.story import Facet, blocking_keys, compare, person_keys, vetoed


def add(store: Store, *pairs: Pair, hour: int = 0) -> None:
    store_pairs(store, *pairs, hour=hour)
    link_events(store)


def test_articles_about_one_case_become_one_event(store: Store) -> None:
    add(
        store,
        case_article("a"),
        case_article("b", outlet="lain.example", name="S. Wirabaya"),
        case_article("c", village="32.05.12", name="SW", stage="registrasi", later=5),
    )
    assert len(set(events_of(store).values())) == 1
    assert fetch(store.con, "SELECT kind, place, event_date, stage FROM events") == [
        ("kasus", "32.05.12.2011", "2024-09-28", "registrasi")
    ]


def test_a_follow_up_weeks_later_joins_and_moves_the_stage_forward_only(store: Store) -> None:
    add(store, case_article("a", stage="registrasi"))
    add(store, case_article("b", stage="putusan_sanksi", later=50), hour=1)
    add(store, case_article("c", stage="klarifikasi", later=51), hour=2)
    assert len(set(events_of(store).values())) == 1
    assert fetch(store.con, "SELECT stage FROM events") == [("putusan_sanksi",)]


# Each decoy differs from case "a" in what tells two cases apart, and shares the rest.
DECOYS = [
    ("another village head", {"name": "Hartono Dwisaputra", "village": "32.05.12.2004", "day": "2024-09-29"}),
    ("another kecamatan", {"name": "Hartono Dwisaputra", "village": "32.05.20.2009", "day": "2024-09-28"}),
    ("another kecamatan, nobody named", {"name": None, "village": "32.05.20.2009", "day": "2024-09-28"}),
    ("a namesake in another regency", {"village": "32.11.03.2001", "day": "2024-09-28"}),
    ("another type", {"name": None, "village": "32.05", "day": "2024-10-03", "types": ("politik_uang",)}),
    ("the same type in the same regency", {"name": "HD", "village": "32.05", "day": "2024-09-30"}),
    ("a month before", {"name": "Hartono Dwisaputra", "village": "32.05.12.2004", "day": "2024-08-20"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "values"), DECOYS, ids=[what for what, _ in DECOYS])
def test_another_case_stays_apart(what: str, values: dict[str, object], store: Store) -> None:
    add(store, case_article("a"), case_article("b", **values))  # type: ignore[arg-type]
    assert len(set(events_of(store).values())) == 2, what


def test_an_alias_is_a_name_of_its_own(store: Store) -> None:
    other = {"name": "Raditya Wirabaya alias Leo", "village": "32.05", "day": "2024-09-30"}
    add(store, case_article("a", name="Sutrasna Mahesa alias Gondes"), case_article("b", **other))  # type: ignore[arg-type]
    assert len(set(events_of(store).values())) == 2
    add(store, case_article("c", name="Sutrasna Mahesa", village="32.05.12", later=5), hour=1)
    assert events_of(store)["c"] == events_of(store)["a"]
    known = fetch(store.con, "SELECT facets FROM event_members WHERE article_id = 'a'")
    assert '["Gondes", "Sutrasna Mahesa"]' in known[0][0] or '["Sutrasna Mahesa", "Gondes"]' in known[0][0]


def bridging(key: str, *people: str, **values: Any) -> Pair:
    """Return a case article whose text names these persons."""
    article, found = case_article(key, text=f"Berita {key} memuat {', '.join(people)} di Garut.", **values)
    return article, replace(found, mentions=tuple(find(article.text, "per", name) for name in people))


# Articles "a" and "b" share too little to be one case; "c" fits both.
BRIDGE = (
    bridging("a", "Sutrasna Wirabaya"),
    bridging("b", "Rukmana Saputra", "Wening Astari", name=None, village="32.05", day=None, later=9),
    bridging("c", "Sutrasna Wirabaya", "Rukmana Saputra", "Wening Astari", later=8),
)


def test_a_later_article_shows_that_two_events_are_one(store: Store) -> None:
    add(store, *BRIDGE[:2])
    first = events_of(store)
    assert first["a"] != first["b"]
    add(store, BRIDGE[2], hour=1)
    assert events_of(store) == dict.fromkeys("abc", first["a"]), "the earlier event keeps its id"
    ((gone, kept, article, reasons),) = fetch(
        store.con, "SELECT gone_id, event_id, article_id, reasons FROM event_merges"
    )
    assert (gone, kept, article) == (first["b"], first["a"], "c")
    assert reasons[0] == "menyatukan dua kejadian"
    assert len(reasons) > 2
    for table in ("events", "event_members", "event_keys"):
        assert scalar(store.con, f"SELECT count(*) FROM {table} WHERE event_id = ?", [gone]) == 0


def test_two_events_that_contradict_each_other_stay_two(store: Store) -> None:
    other = bridging(
        "b", "Rukmana Saputra", "Wening Astari", name="Hartono Dwisaputra", village="32.05.33.2001"
    )
    add(store, BRIDGE[0], other)
    add(store, BRIDGE[2], hour=1)
    assert groups_of(store) == {frozenset("ac"), frozenset("b")}
    assert scalar(store.con, "SELECT count(*) FROM event_merges") == 0


def test_a_place_that_was_read_wrong_is_put_right_by_the_places_named(store: Store) -> None:
    article, found = case_article("a", text="Kades Wanakerta dilaporkan di Malangbong. Bawaslu mengkaji.")
    moved, wrong = case_article(
        "b", village="32.05.33", text="Laporan Kades Wanakerta diregistrasi di Malangbong."
    )
    named = [
        replace(one, mentions=(find(text.text, "loc", "Wanakerta", code="32.05.12.2011", codes=()),))
        for text, one in ((article, found), (moved, wrong))
    ]
    add(store, (article, named[0]), (moved, named[1]))
    assert groups_of(store) == {frozenset("ab")}


def sosialisasi(key: str, village: str, place: str, day: str, chair: str, hour: int = 9) -> Pair:
    text = (
        f"Panwaslu Kecamatan {village} menggelar sosialisasi pengawasan partisipatif bagi tokoh masyarakat. "
        f"Ketua Panwaslu {village}, {chair}, mengajak warga menolak politik uang dan menjaga netralitas. "
        "Kegiatan dihadiri camat, kapolsek, danramil, kepala desa, serta perwakilan organisasi kepemudaan. "
        "Pengawas mengingatkan bahwa pencegahan lebih baik daripada penindakan setelah pelanggaran terjadi."
    )
    article = make_article(key, text, published=datetime.fromisoformat(day).replace(hour=hour, tzinfo=WIB))
    found = make_extraction(article)
    return article, replace(found, event=EventRef(day, place), types=("netralitas.asn", "politik_uang.uang"))


def test_one_template_for_ten_kecamatan_stays_ten_events(store: Store) -> None:
    places = [f"32.02.{n:02}" for n in range(10, 20)]
    add(
        store,
        *(
            sosialisasi(f"t{n}", f"Kecamatan{n}", p, "2024-09-19", f"Ketua{n} Rekaan")
            for n, p in enumerate(places)
        ),
    )
    assert len(set(events_of(store).values())) == 10


def test_copies_of_one_press_release_are_one_event_and_one_text(store: Store) -> None:
    first = sosialisasi("s1", "Sukaraja", "32.02.31", "2024-09-19", "Rekaan Pertama")
    copy = sosialisasi("s2", "Sukaraja", "32.02.31", "2024-09-19", "Rekaan Pertama", hour=15)
    add(store, first, (replace(copy[0], outlet="lain.example"), copy[1]))
    assert len(set(events_of(store).values())) == 1
    assert scalar(store.con, "SELECT count(DISTINCT text_group) FROM article_texts") == 1


def test_an_article_that_mentions_a_case_in_passing_links_without_counting(store: Store) -> None:
    add(store, case_article("a"))
    article, found = prevention_article("p")
    case = make_case(article)
    add(store, (article, replace(found, flags=("mixed",), cases=(case,))), hour=1)
    parts = fetch(
        store.con, "SELECT part, is_primary FROM event_members WHERE article_id = 'p' ORDER BY part"
    )
    assert parts == [("terkait", False), ("utama", True)]
    assert fetch(store.con, "SELECT kind FROM events ORDER BY kind") == [("kasus",), ("pencegahan",)]


def test_news_of_a_case_that_is_read_as_information_begins_no_second_event(store: Store) -> None:
    article, found = case_article("i", later=4)
    add(store, case_article("a"), (article, replace(found, kind="informasi")))
    assert fetch(store.con, "SELECT part, is_primary FROM event_members WHERE article_id = 'i'") == [
        ("terkait", True)
    ]
    assert scalar(store.con, "SELECT count(*) FROM events") == 1


def test_links_say_why_without_naming_anybody(store: Store) -> None:
    add(store, case_article("a"), case_article("b"))
    reasons = fetch(store.con, "SELECT reasons FROM event_members WHERE score > 0")[0][0]
    assert "desa/kelurahan sama (+3)" in reasons
    assert "terlapor sama (+3)" in reasons
    assert "Sutrasna" not in str(reasons)


def test_linking_again_changes_nothing(store: Store) -> None:
    add(
        store,
        case_article("a"),
        case_article("b"),
        sosialisasi("s", "X", "32.02.31", "2024-09-19", "Rekaan Satu"),
    )
    before = (
        fetch(store.con, "SELECT * FROM event_members ORDER BY ALL"),
        fetch(store.con, "SELECT * FROM events"),
    )
    link_events(store)
    assert before == (
        fetch(store.con, "SELECT * FROM event_members ORDER BY ALL"), fetch(store.con, "SELECT * FROM events")
    )  # fmt: skip


def test_an_article_read_anew_moves_to_where_it_belongs(store: Store) -> None:
    alone, moved = case_article("a"), case_article("b")
    add(store, alone, moved)
    event = events_of(store)["a"]
    elsewhere = make_case(
        moved[0], place="32.11.03.2001", terlapor=(Terlapor("Hartono Dwisaputra", "Kades", None),)
    )
    store.store_extractions([(moved[0], replace(moved[1], model_version="m2", cases=(elsewhere,)))])
    link_events(store)
    assert events_of(store)["a"] == event
    assert events_of(store)["b"] != event
    assert fetch(store.con, "SELECT place FROM events ORDER BY place") == [
        ("32.05.12.2011",),
        ("32.11.03.2001",),
    ]


def test_an_event_keeps_its_id_when_its_only_article_is_read_anew(store: Store) -> None:
    article, found = case_article("a")
    add(store, (article, found))
    event = events_of(store)["a"]
    better = make_case(
        article, place="32.05.12.2011", stage="registrasi", types=("netralitas.kades", "politik_uang.uang")
    )
    store.store_extractions([(article, replace(found, model_version="m2", cases=(better,)))])
    link_events(store)
    assert events_of(store) == {"a": event}
    assert fetch(store.con, "SELECT stage FROM events") == [("registrasi",)]


def test_a_store_that_is_rebuilt_has_the_same_events_whatever_the_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [
        case_article(f"x{n}", village=f"32.05.12.20{n % 4:02}", day=f"2024-09-{1 + n % 5:02}")
        for n in range(24)
    ]
    villages = ("32.05", "32.05.20.2009", "32.05.12.2011", "32.05.20", "32.05.33.2001")
    pairs += [
        bridging(
            f"y{n}", f"Wening Astari {n % 6}", name=None, village=villages[n % 5], later=n % 11,
            day=f"2024-09-{20 + n % 7:02}",
        )
        for n in range(30)
    ]  # fmt: skip
    # a night fetches many pages in a second, and not in the order in which they appeared
    random.Random(3).shuffle(pairs)
    captured = [(a, make_capture(a, number=n), e) for n, (a, e) in enumerate(pairs, 1)]
    found = []
    for size, at_once in ((1, 54), (7, 54), (100, 54), (100, 11)):
        monkeypatch.setattr("pipeline.events._BATCH", size)
        with open_store(tmp_path / f"{size}-{at_once}.duckdb") as store:
            for stored in chunks(captured, at_once):
                store.store_articles(StoredArticle(a, (capture,)) for a, capture, _ in stored)
                store.store_extractions((a, e) for a, _, e in stored)
                link_events(store)
            found.append(
                fetch(store.con, "SELECT event_id, article_id, part, score FROM event_members ORDER BY ALL")
            )
    assert found[0] == found[1] == found[2] == found[3]


@pytest.mark.parametrize("size", [1, 100])
def test_an_event_has_the_keys_of_all_its_readings_once(
    size: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.events._BATCH", size)
    follow_up = case_article("d", stage="putusan_sanksi", later=50)
    add(store, *BRIDGE[:2], prevention_article("p"))
    add(store, BRIDGE[2], follow_up, hour=1)
    article, found = case_article("d", stage="registrasi", later=50, model="m2")
    add(store, (article, replace(found, mentions=())), hour=2)
    wanted: dict[str, set[int]] = {}
    for event, text in fetch(store.con, "SELECT event_id, facets FROM event_members"):
        facet = facets.load_facet(text)
        wanted.setdefault(event, set()).update(blocking_keys(facet), person_keys(facet).values())
    held = fetch(store.con, "SELECT event_id, list(key) FROM event_keys GROUP BY event_id")
    assert {event: sorted(keys) for event, keys in held} == {e: sorted(keys) for e, keys in wanted.items()}


def reading(place: str | None, *names: str, places: tuple[str, ...] = ()) -> Facet:
    return Facet("a", "e", None, "kasus", 1, place, None, ("x",), (), names, (), None, None, places=places)


NAME = "Sutrasna Wirabaya"
PLACED = [
    ("unknown", reading(None), reading("32.05.12.2011"), False),
    ("one lies in the other", reading("32.05"), reading("32.05.12.2011"), False),
    ("another village of the kecamatan", reading("32.05.12.2004"), reading("32.05.12.2011"), False),
    ("another kecamatan", reading("32.05.20"), reading("32.05.12.2011"), True),
    ("another kecamatan, the same accused", reading("32.05.20", NAME), reading("32.05.12", NAME), False),
    ("another regency", reading("32.11", NAME), reading("32.05.12.2011", NAME), True),
    ("another regency that one names too", reading("32.11", places=("32.05.12",)), reading("32.05.12"), False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "other", "out"), PLACED, ids=[what for what, *_ in PLACED])
def test_places_rule_an_event_out_before_anything_is_compared(
    what: str, one: Facet, other: Facet, out: bool
) -> None:
    for a, b in ((one, other), (other, one)):
        assert vetoed(a, b) is out, what
        assert (compare(a, b, alike=0.0, rarity={}, lonely=False).points < -50) is out


def test_facets_survive_the_store() -> None:
    facet = facets.load_facet(
        facets.write_facet(
            Facet("a", "e", None, "kasus", 1, "32", None, ("x",), (), ("N",), ("p",), None, "registrasi")
        )
    )
    assert facet.types == ("x",)
    assert facet.names == ("N",)


def test_story_clusters_of_the_corpus_are_found(store: Store) -> None:
    tested = corpus.test_ids()
    rows = [row for row in corpus.load_corpus(check=False) if row.id not in tested]
    add(store, *((as_article(row), as_extraction(row)) for row in rows))
    gold = {row.id: row.event for row in rows if row.event and "," not in row.event}
    precision, recall, f1 = bcubed(gold, events_of(store), gold)
    assert len(gold) > 40
    assert precision >= 0.98
    assert recall >= 0.94
    assert f1 >= 0.96
    alone = [row.id for row in rows if not row.event and row.kind != "lainnya"]
    joined = scalar(
        store.con,
        "SELECT count(*) FROM (SELECT event_id FROM event_members WHERE list_contains(?, article_id)"
        " GROUP BY event_id HAVING count(DISTINCT article_id) > 1)",
        [alone],
    )
    assert joined <= 0.02 * len(alone), "articles that were written about different events became one"


def test_decoys_made_of_real_clusters_stay_apart(store: Store) -> None:
    tested = corpus.test_ids()
    rows = [row for row in corpus.load_corpus(check=False) if row.id not in tested]
    told = [row for row in rows if row.event and "," not in row.event and len(row.event_place) >= 8]
    villages = [code for code, level, _, _ in region_rows() if level == "village"]
    decoys = []
    for n, row in enumerate(told):
        others = [v for v in villages if v[:5] == row.event_place[:5] and v[:8] != row.event_place[:8]]
        decoys += [make(row, n, others[n * 37 % len(others)]) for make in (other_case, same_template)]
    add(store, *((as_article(row), as_extraction(row)) for row in [*rows, *decoys]))
    event = events_of(store)
    real = {event[row.id] for row in rows if row.id in event}
    merged = [row.id for row in decoys if event[row.id] in real]
    assert len(decoys) >= 80
    assert len(merged) <= 0.05 * len(decoys), merged


def test_a_copy_without_a_date_is_counted_with_its_twin(store: Store) -> None:
    add(store, case_article("a"))
    article, read = case_article("b", outlet="lain.example")
    add(store, (replace(article, published=None), read), hour=24 * 400)
    assert len(set(events_of(store).values())) == 1
    assert scalar(store.con, "SELECT last_seen < '2024-11-01' FROM events")


@pytest.mark.parametrize(
    ("kind", "told", "day"),
    [
        ("kasus", {"2025-05-26": "2025-05-25", "2025-05-23": "2025-05-22"}, "2025-05-22"),
        ("kasus", {"2025-05-23": "2025-05-22", "2025-05-24": "2025-05-21"}, "2025-05-21"),
        ("kasus", {"2025-05-23": "2025-05", "2025-07-11": "2025-07-10"}, "2025-05"),
        ("kasus", {"2025-05-23": None, "2025-07-11": "2025-07-10"}, None),
        ("pencegahan", {"2025-05-23": "2025-05-30"}, "2025-05-30"),
    ],
)
def test_a_case_did_not_happen_after_its_first_report(
    kind: str, told: dict[str, str | None], day: str | None
) -> None:
    members = [
        Member(
            Facet(
                article=published, extraction=published, case=None, kind=kind,
                day=datetime.fromisoformat(published).toordinal(), place=None, date=date, types=(), categories=(),
                names=(), people=(), reg_no=None, stage=None,
            ),
            "utama", True, 0.0, (),
        )
        for published, date in told.items()
    ]  # fmt: skip
    seen = datetime.fromisoformat(min(told))
    assert Story("e", kind, seen, seen, members).date() == day
