"""The morning page says what is new, moved, blind, lost, slow and strange, in Indonesian and without names."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deciding import decide, ref_of
from findings import (
    ACCUSED,
    accused_article,
    make_article,
    make_capture,
    make_extraction,
    prevention_article,
)
from stories import store_pairs

from crawler.health import FINDINGS
from crawler.ledger import PROBLEMS
from crawler.ledger import REASONS as LOST
from pipeline.events import link_events
from pipeline.morning import load_words, make_morning, render, say_problem, write_morning
from pipeline.night_record import STAGES, NightRecord, Stage, load_records, save_record
from pipeline.refusals import REASONS as REFUSED
from pipeline.reviews import Reviews, TextRef
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle
from pipeline.told import PAGE, keep_told
from pipeline.vitals import judge_vitals, night_vitals

NAMES = ("Sutrasna", "Wirabaya", "Yanuar", "Kertapati")


def make_record(run: str = "20260302T140000Z-aaaaaa", **values: object) -> NightRecord:
    plain = NightRecord(run, "2026-03-02", "2026-03-02T14:00:00+00:00", "done")
    return replace(plain, **values)  # type: ignore[arg-type]


def published(store: Store, settings: Settings) -> int:
    return publish(store, settings.snapshots).number


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


def test_new_and_moved_cases_are_told_without_names(filled: Store, settings: Settings) -> None:
    first = published(filled, settings)
    record = make_record(stages=[Stage("publish", "done", figures={"snapshot": first})])
    page = make_morning(settings, record)
    assert (page.fresh, page.moved) == (1, 0)
    keep_told(settings, first, PAGE)
    article, found = accused_article("a2", outlet="lain.example", published=datetime(2024, 10, 5, tzinfo=UTC))
    later = replace(found, cases=tuple(replace(c, stage="klarifikasi") for c in found.cases))
    filled.store_articles([StoredArticle(article, (make_capture(article, number=9, hour=90),))])
    filled.store_extractions([(article, later)])
    link_events(filled)
    second = published(filled, settings)
    record = make_record(stages=[Stage("publish", "done", figures={"snapshot": second})])
    page = make_morning(settings, record)
    assert (page.fresh, page.moved) == (0, 1)
    (line,) = page.moved_cases
    assert line.outlets == 2 and line.before != line.stage
    for kind in ("txt", "html"):
        text = render(page, kind)
        assert "Dugaan: " in text and "Garut" in text and line.stage in text
        assert not any(name in text for name in NAMES)
        assert ACCUSED[:40] not in text


def test_blind_sources_are_named_with_their_first_night(settings: Settings) -> None:
    for day in (27, 28):
        earlier = make_record(
            f"202602{day}T140000Z-aaaaaa", night=f"2026-02-{day}", stages=[Stage("report", "done")]
        )
        earlier.sick = {"poskota": ["layout_drift"]} if day == 28 else {}
        save_record(settings.nights, earlier)
    record = make_record(sick={"poskota": ["layout_drift", "spun"]})
    (blind,) = make_morning(settings, record).blind
    assert blind.since == "2026-02-28"
    assert blind.why == f"{load_words()['findings']['layout_drift']}; {load_words()['findings']['spun']}"
    path = write_morning(settings, record)
    assert f"({blind.source}), sejak malam 2026-02-28" in path.with_suffix(".txt").read_text(encoding="utf-8")


def test_slow_stage_and_failed_stage_stand_out(settings: Settings) -> None:
    for n in range(5):
        save_record(
            settings.nights,
            make_record(f"2026022{n}T140000Z-aaaaaa", stages=[Stage("crawl", "done", seconds=100.0)]),
        )
    stages = [Stage("crawl", "done", seconds=300.0), Stage("publish", "failed", problem="tidak <b>bisa</b>")]
    page = make_morning(settings, make_record(stages=stages))
    assert [(d.usual, d.slow) for d in page.durations] == [(100.0, True), (None, False)]
    assert "!! LAMBAT" in render(page, "txt")
    assert "tidak &lt;b&gt;bisa&lt;/b&gt;" in render(page, "html")
    assert "1 tahap gagal" in page.subject


def test_readings_of_a_model_that_was_put_back_are_told(settings: Settings) -> None:
    told = "40 artikel memakai lagi bacaan versi model"
    for figures in ({"articles": 3, "returned": 40}, {"articles": 3}):
        page = make_morning(settings, make_record(stages=[Stage("process", "done", figures=figures)]))
        for kind in ("txt", "html"):
            assert (told in render(page, kind)) == ("returned" in figures)


def test_night_that_did_not_fetch_says_so(settings: Settings) -> None:
    stages = [Stage("crawl", "skipped", problem="outside of the window"), Stage("retain", "skipped")]
    page = make_morning(settings, make_record(stages=stages))
    assert "tidak merayapi" in page.subject
    assert all("tidak merayapi: outside" in render(page, kind).lower() for kind in ("html", "txt"))


def test_review_backlog_is_told_where_reviews_exist(filled: Store, settings: Settings) -> None:
    figures = {"snapshot": published(filled, settings)}
    record = make_record(stages=[Stage("publish", "done", figures=figures)])
    assert make_morning(settings, record).reviewed is None
    with Reviews(settings.reviews) as reviews:
        left, right = TextRef("https://a.example/1", "a" * 64), TextRef("https://a.example/2", "b" * 64)
        reviews.decide("join", [left], [right], reviewer="peninjau")
    reviewed = make_morning(settings, record).reviewed
    assert reviewed is not None and reviewed.decisions == 1


def test_a_case_of_little_confidence_waits_until_somebody_has_decided(
    store: Store, settings: Settings
) -> None:
    article, found = accused_article()
    pair = (article, replace(found, cases=(replace(found.cases[0], confidence=0.4),)))
    store_pairs(store, pair)
    other = ref_of(prevention_article()[0])
    waiting = []
    for said in (other, ref_of(article)):
        decide(settings.reviews, pair, lambda labels: labels, "confirm", ref=said)
        link_events(store, settings.reviews)
        figures = {"snapshot": publish(store, settings.snapshots, reviews=settings.reviews).number}
        reviewed = make_morning(
            settings, make_record(stages=[Stage("publish", "done", figures=figures)])
        ).reviewed
        waiting.append(reviewed and reviewed.unsure)
    assert waiting == [1, 0]


def test_every_id_that_the_page_can_meet_has_its_words() -> None:
    words = load_words()
    assert set(words["findings"]) == set(FINDINGS)
    assert set(words["losses"]) >= (set(LOST) | set(REFUSED))
    assert set(words["stages"]) == set(STAGES)
    assert set(words["problems"]) == set(PROBLEMS)


def test_problems_of_sources_are_told_in_words_with_their_detail() -> None:
    assert say_problem("blocked: http_403") == "situs terus menolak kami (http_403)"
    assert say_problem("window_closed") == "jam perayapan habis sebelum semua halaman diambil"
    assert say_problem("of a later version") == "of a later version"


def night(articles: int, rate: float, dice: random.Random, **values: object) -> dict[str, object]:
    cases = sum(dice.random() < rate for _ in range(articles))
    kinds = {"pelanggaran": cases, "lainnya": articles - cases}
    confidence, unknown = dice.gauss(0.85, 0.01), abs(dice.gauss(0.04, 0.004))
    vitals = {"articles": articles, "kinds": kinds, "types": {"netralitas": cases}, "confidence": confidence,
              "unknown_words": unknown}  # fmt: skip
    return vitals | values


def test_steady_nights_raise_no_alarm_and_a_drift_does() -> None:
    dice = random.Random(7)
    history: list[dict[str, object]] = []
    alarms = signs = 0
    for _ in range(300):
        tonight = night(dice.randint(150, 400), 0.12, dice)
        found = judge_vitals(tonight, history[-28:])
        alarms += sum(sign.outside for sign in found)
        signs += sum(sign.low is not None for sign in found)
        history.append(tonight)
    assert signs > 1000
    assert alarms / signs < 0.02
    past = history[-28:]

    def outside(**values: object) -> set[str]:
        return {s.name for s in judge_vitals(night(300, 0.12, dice, **values), past) if s.outside}

    assert outside(kinds={"pelanggaran": 120, "lainnya": 180}) == {"jenis:pelanggaran", "jenis:lainnya"}
    assert outside(confidence=0.6) == {"keyakinan"}
    assert outside(unknown_words=0.2) == {"kata_asing"}
    assert "tipe:politik_uang" in outside(types={"politik_uang": 90})
    assert judge_vitals(night(300, 0.12, dice), past[:3])[0].low is None
    assert judge_vitals(night(5, 0.12, dice), past) == []


def test_vitals_count_what_was_read_since_and_words_never_seen(store: Store) -> None:
    common = [f"kata{chr(97 + n % 20)}{chr(97 + n // 20)}" for n in range(60)]
    dice = random.Random(1)
    old = [make_article(f"o{n}", " ".join(dice.sample(common, 40)) + ".") for n in range(220)]
    store.store_articles(map(StoredArticle, old))
    store.store_extractions([(a, make_extraction(a)) for a in old])
    store.con.execute("UPDATE extractions SET read_at = read_at - INTERVAL 1 DAY")
    began = datetime.now(UTC) - timedelta(minutes=5)
    new = make_article("n", " ".join([*common[:30], *["belumpernah"] * 10]) + ".")
    store.store_articles([StoredArticle(new)])
    store.store_extractions([(new, make_extraction(new))])
    path = store.path
    store.close()
    vitals = night_vitals(path, began)
    assert vitals["articles"] == 1 and vitals["kinds"] == {"pencegahan": 1}
    assert vitals["types"] == {"netralitas": 1}
    assert vitals["unknown_words"] == pytest.approx(10 / 40)


def test_records_come_back_newest_first_and_broken_ones_are_passed_over(settings: Settings) -> None:
    for run in ("20260301T140000Z-aaaaaa", "20260302T140000Z-aaaaaa"):
        save_record(
            settings.nights, make_record(run, stages=[Stage("crawl", "done", figures={"fetched": 3})])
        )
    (settings.nights / "20260303T140000Z-aaaaaa.json").write_text("{")
    found = load_records(settings.nights)
    assert [re.sub("T.*", "", record.run) for record in found] == ["20260302", "20260301"]
    assert found[0].stage("crawl") == Stage("crawl", "done", figures={"fetched": 3})
