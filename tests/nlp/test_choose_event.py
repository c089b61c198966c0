from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from nlp.corpus import Row, untag
from nlp.event_dates import date_features
from nlp.event_places import lowest, place_features
from nlp.events import Chooser, ChooserError, best, duel_rows, load_chooser, named_venue, winner
from nlp.events_training import _planted, train_events
from nlp.forest import Forest, forest_of
from nlp.places import place_functions
from nlp.records import EventRef, Mention
from nlp.scene import Scene, is_origin

CASE, PREVENTION = 0, 1


def scene(tagged: str, title: str = "", roles: tuple[str | None, ...] = ()) -> Scene:
    text, spans = untag(tagged)
    parts = iter(roles)
    mentions = [
        Mention(
            s.label,
            s.start,
            s.end,
            s.text,
            code=s.code,
            codes=(s.code,) if s.code else (),
            iso=s.iso,
            role=next(parts, None) if s.label == "date" else None,
        )
        for s in spans
    ]
    return Scene(text, mentions, title)


@pytest.fixture(scope="module")
def chooser() -> Chooser:
    return load_chooser()


def test_no_act_took_place_after_its_report(chooser: Chooser) -> None:
    case = scene(
        '<loc code="18.10">PRINGSEWU</loc> – Seorang caleg diduga membagikan amplop kepada warga '
        '<loc code="18.10.07">Kecamatan Adiluwih</loc>. Bawaslu akan memanggilnya '
        '<date iso="2024-02-19/2024-02-25">pekan depan</date>.',
        roles=(None,),
    )
    assert chooser.choose(case, CASE, date(2024, 2, 15)) == EventRef(None, "18.10.07")
    assert chooser.choose(case, CASE, date(2024, 2, 26)).date == "2024-02-19"


def test_choose_takes_the_act_before_the_statement_and_its_village(chooser: Chooser) -> None:
    case = scene(
        '<loc code="18.10">PRINGSEWU</loc> – <org>Bawaslu Kabupaten <loc '
        'code="18.10">Pringsewu</loc></org> memeriksa seorang '
        'perangkat desa yang diduga membagikan uang di <loc code="18.10.07.2003">Desa Contoh</loc>, '
        '<loc code="18.10.07">Kecamatan Adiluwih</loc>, <date iso="2024-10-16">Rabu (16/10/2024)</date>.\n'
        '"Laporannya kami terima," ujar <role>Ketua Bawaslu <loc '
        'code="18.10">Pringsewu</loc></role>, <per>Rudi Contoh</per>, '
        '<date iso="2024-10-21">Senin (21/10/2024)</date>. Kasus serupa pernah ada di <loc '
        'code="18.06">Tanggamus</loc>.',
        "Perangkat Desa di Adiluwih Diduga Bagikan Uang",
        ("event", "statement"),
    )
    assert chooser.choose(case, CASE, date(2024, 10, 22)) == EventRef("2024-10-16", "18.10.07.2003")


BROCHURES = (
    'Dua orang kedapatan membagikan brosur di <loc code="61.01.05">Kecamatan Pemangkat</loc>, <date '
    'iso="2024-11-25">Senin (25/11/2024)</date> pagi. Padahal masa tenang berlangsung <date '
    'iso="2024-11-24/2024-11-26">24-26 November 2024</date>.'
)


def test_choose_takes_no_bound_of_a_stage_for_the_day_of_an_act(chooser: Chooser) -> None:
    case = scene(BROCHURES, roles=("event", "event"))
    assert chooser.choose(case, CASE, date(2024, 11, 26)) == EventRef("2024-11-25", "61.01.05")
    assert chooser.choose(scene("Padahal" + BROCHURES.split("Padahal")[1]), CASE, None).date is None


REPORT = (
    '<date iso="2024-10-24">Kamis (24/10/2024)</date> seorang relawan dilaporkan ke Bawaslu karena diduga membagikan '
    'uang di <loc code="18.11.07">Kecamatan Tanjung Raya</loc> beberapa waktu lalu.'
)


def test_choose_leaves_the_day_of_an_act_empty_where_only_its_handling_has_one(chooser: Chooser) -> None:
    step = scene(REPORT, roles=("stage",))
    assert chooser.choose(step, CASE, date(2024, 10, 25)) == EventRef(None, "18.11.07")
    assert chooser.choose(step, PREVENTION, date(2024, 10, 25)).date == "2024-10-24"
    assert chooser.choose(scene(REPORT, roles=("event",)), CASE, date(2024, 10, 25)).date == "2024-10-24"


VENUE = 'Acara digelar di Gedung Melati, <loc code="32.73">Bandung</loc>.'
HALL = (
    'Rapat di laksanakan di Hotel Melati, <loc code="32.73.01.1001">Kelurahan Contoh</loc>, '
    '<loc code="32.73.01">Kecamatan Contoh</loc>, <loc code="32.73">Kota Bandung</loc>.'
)
HOST = '<role>Pj Wali Kota <loc code="32.72">Sukabumi</loc></role> hadir.\n'


@pytest.mark.parametrize(
    ("tagged", "place"),
    [
        (HOST + VENUE, "32.73"),
        (HALL, "32.73.01.1001"),
        (VENUE.replace("Acara", "Acara serupa"), None),
        (VENUE.replace("digelar", "akan digelar"), None),
        (f'"{VENUE}" katanya.', None),
        (HOST, None),
        ("Hujan turun.\n" * 6 + VENUE, None),
    ],
)
def test_named_venue_is_where_the_text_says_that_the_event_was_held(tagged: str, place: str | None) -> None:
    assert named_venue(scene(tagged)) == place


@pytest.mark.parametrize(
    ("before", "origin"),
    [
        ("Warga", True),
        ("Ia berasal dari", True),
        ("Uang dibagikan kepada warga di", False),
        ("Uang dibagikan kepada warga", False),
        ("Uang dibagikan kepada puluhan warga", False),
        ("Bansos untuk petani", False),
        ("Uang diberikan kepada Ali warga", True),
        ("Laporan itu dari warga", True),
        ("Sejumlah warga", True),
        ("Ia tinggal di", True),
        ("Video diambil dari kebun teh", False),
    ],
)
def test_is_origin_tells_where_somebody_comes_from(before: str, origin: bool) -> None:
    one = scene(f'{before} <loc code="18.10.07">Kecamatan Adiluwih</loc>.')
    assert is_origin(one, one.places[0]) == origin


def test_choose_falls_back_to_the_institution_and_says_nothing_without_any(chooser: Chooser) -> None:
    named = scene('<org>Panwaslu Kecamatan <loc code="18.10.07">Adiluwih</loc></org> menggelar apel.')
    assert chooser.choose(named, PREVENTION, None) == EventRef(None, "18.10.07")
    assert chooser.choose(scene("Apel digelar."), PREVENTION, None) == EventRef(None, None)


def test_features_of_all_candidates_have_one_length() -> None:
    one = scene(
        'Di <loc code="18.10">Pringsewu</loc> dan <loc code="32">Jawa Barat</loc>, <date '
        'iso="2024-11">November</date> '
        'hingga <date iso="2024-09-25/2024-11-23">25 September-23 November</date>, <date '
        'iso="2024-10-01">1 Oktober</date>.'
    )
    places = place_features(one, CASE, "2024-10-01")
    dates = date_features(one, CASE, None)
    assert set(places) == {"18.10", "32"}
    assert set(dates) == {"2024-11", "2024-09-25", "2024-10-01"}
    assert len({len(row) for row in places.values()}) == len({len(row) for row in dates.values()}) == 1


def test_forest_scores_as_the_trees_that_it_was_made_of() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(300, 6)).astype(np.float32)
    answers = rows[:, 0] + rows[:, 3] > 0.3
    model = ExtraTreesClassifier(n_estimators=20, min_samples_leaf=3, random_state=1).fit(rows, answers)
    forest = _planted(model)
    assert np.allclose(forest.scores(rows), model.predict_proba(rows)[:, 1], atol=1e-5)
    assert np.allclose(forest_of(forest.arrays("x"), "x").scores(rows), forest.scores(rows))


def planted(rows: list[list[float]], answers: list[bool]) -> Forest:
    model = ExtraTreesClassifier(n_estimators=20, random_state=1)
    return _planted(model.fit(np.asarray(rows, dtype=np.float32), answers))


def test_winner_is_who_wins_the_duels_of_those_that_score_highest() -> None:
    alone = planted([[x] for x in range(10)], [x >= 5 for x in range(10)])
    sides = np.asarray([[x] for x in range(10)], dtype=np.float32)
    ones, others = np.repeat(sides, 10, axis=0), np.tile(sides, (10, 1))
    smaller = planted(duel_rows(ones, others).tolist(), (ones < others)[:, 0].tolist())
    rows = {"a": [0.0], "b": [9.0], "c": [6.0], "d": [7.0]}
    assert best(alone, rows) in ("b", "c", "d")
    assert winner(alone, smaller, rows) == "c"
    assert winner(alone, smaller, {"a": [0.0]}) == "a"
    assert winner(alone, smaller, {}) is None


@pytest.mark.parametrize(
    ("points", "place"),
    [
        ({"18.10.07": 2.0, "18.10.07.2001": 1.6}, "18.10.07.2001"),
        ({"18.10.07": 2.0, "18.10.07.2001": 1.2}, "18.10.07"),
        ({"18.10": 2.0, "18.10.07": 1.85}, "18.10.07"),
        ({"18.10": 2.0, "18.10.07": 1.7}, "18.10"),
        ({"18.10": 2.0, "18.10.07": 1.9, "18.10.07.2001": 1.8}, "18.10.07.2001"),
        ({"18.10.07": 2.0, "18.10.08.2001": 1.9}, "18.10.07"),  # not in it
        ({"18": 2.0, "18.10.07": 1.9}, "18"),  # news of a province
        ({"18.10": 1.0, "18.71": 1.0}, "18.10"),
    ],
)
def test_the_lower_unit_wins_a_close_call(points: dict[str, float], place: str) -> None:
    assert lowest(points) == place


def test_load_chooser_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ChooserError, match=r"forests\.npz.*wartawas train"):
        load_chooser(tmp_path)
    (tmp_path / "forests.npz").write_bytes(b"no archive")
    with pytest.raises(ChooserError, match=r"forests\.npz"):
        load_chooser(tmp_path)


def made_up(number: int) -> Row:
    code = f"18.10.0{number % 9 + 1}"
    text, spans = untag(
        f'<loc code="18.10">PRINGSEWU</loc> – Acara digelar di <loc code="{code}">Kecamatan Contoh</loc>, '
        '<date iso="2024-10-16">Rabu (16/10/2024)</date>.\nTanggapan baru, Senin (21/10/2024), '
        f"kata warga nomor {number}."
    )
    return Row(
        id=f"x-{number}",
        title="Acara",
        outlet="x.example",
        published="2024-10-22T08:00+07:00",
        kind="pencegahan",
        text=text,
        spans=spans,
        event_place=code,
        event_date="2024-10-16",
    )


def test_train_events_writes_forests_that_choose_right(tmp_path: Path) -> None:
    scores = train_events([made_up(number) for number in range(40)], tmp_path)
    assert scores == {"event date exact": 1.0, "event place exact": 1.0, "event place, regency": 1.0}
    row = made_up(77)
    mentions = [Mention(s.label, s.start, s.end, s.text, code=s.code) for s in row.spans if s.label == "loc"]
    chosen = load_chooser(tmp_path).choose(Scene(row.text, mentions, row.title), PREVENTION, None)
    assert chosen.place == row.event_place


def test_nothing_took_place_in_one_of_several_villages_of_a_name() -> None:
    text = "Kepala desa di Desa Karangsari, Kabupaten Kebumen, mengajak warga memilih calon."
    village = Mention(
        "loc", 15, 30, text[15:30], code="33.05.14.2011", codes=("33.05.14.2011", "33.05.12.2028")
    )
    regency = Mention("loc", 32, 49, text[32:49], code="33.05", codes=("33.05",))
    unclear = Scene(text, [village, regency])
    assert list(place_features(unclear, CASE, None)) == ["33.05"]
    elsewhere = Mention(
        "loc", 15, 30, text[15:30], code="33.05.14.2011", codes=("33.05.14.2011", "32.05.12.2028")
    )
    assert list(place_features(Scene(text, [elsewhere, regency]), CASE, None)) == ["33.05"]
    functions = [m.function for m in place_functions(unclear, EventRef(None, "33.05"))]
    assert functions == ["event", "event"]
