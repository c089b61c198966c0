"""Two reviewers of one article, and forms that are sent again: what is kept is what the form in hand says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from desks import PASSWORD, borrow, browse
from findings import make_article, make_capture, make_case, make_extraction
from reviewing import Form, form_on
from starlette.testclient import TestClient

from nlp.records import Evidence, Terlapor
from pipeline.events import link_events
from pipeline.label_reviews import LabelReviews
from pipeline.labelling import Labels
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store
from pipeline.web.accounts import Accounts

FIRST = "Kepala Desa Wanakerta, Sutrasna Wirabaya, diduga mengajak warga memilih satu pasangan calon."
SECOND = "Camat Cibatu, Yanuar Kertapati, diduga membagikan uang kepada warga."
TEXT = f"{FIRST} {SECOND} Keduanya dilaporkan ke Bawaslu pada pilkada 2024."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs with one article that tells two cases."""
    var = tmp_path_factory.mktemp("dua")
    article = make_article("dua", TEXT, title="Kades dan camat dilaporkan")
    first = make_case(article, reporter="Bawaslu")
    second = make_case(
        article, id="dua#2", types=("politik_uang.barang",), evidence=(_proof(SECOND),), stage="klarifikasi",
        terlapor=(Terlapor("Yanuar Kertapati", "Camat Cibatu", None, 1),), place="32.05.12",
    )  # fmt: skip
    read = make_extraction(article, first, second, types=(*first.types, *second.types))
    with open_store(var / "store" / "work.duckdb") as store:
        store.store_articles([StoredArticle(article, (make_capture(article),))])
        store.store_extractions([(article, read)])
        link_events(store)
        publish(store, var / "snapshots")
    accounts = Accounts(var / "desk" / "accounts.sqlite")
    for name in ("ayu", "bayu"):
        accounts.add(name, PASSWORD, "tinjau")
    return var


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    return borrow(published, tmp_path, "snapshots", "desk", "store")


@pytest.fixture
def ayu(settings: Settings) -> Iterator[TestClient]:
    with browse(settings, "ayu") as client:
        yield client


@pytest.fixture
def bayu(settings: Settings) -> Iterator[TestClient]:
    with browse(settings, "bayu") as client:
        yield client


def _proof(sentence: str) -> Evidence:
    at = TEXT.index(sentence)
    return Evidence(at, at + len(sentence), sentence)


def held(settings: Settings) -> Labels:
    with LabelReviews(settings.reviews) as file:
        return next(iter(file.held().values())).labels


def insist(client: TestClient, form: Form) -> str:
    """Send a form that comes too late, press the button that keeps it all the same, and return what was asked."""
    answer = client.post("/tinjau/dua", data=form)
    assert answer.status_code == 409
    sent = answer.text.partition('class="rulings"')[2]
    again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', sent))
    kept = client.post("/tinjau/dua", data={name: unescape(value) for name, value in again.items()})
    assert kept.status_code == 303, unescape(kept.text)
    return unescape(answer.text)


def test_who_insists_keeps_the_other_case_that_was_rejected_meanwhile(
    ayu: TestClient, bayu: TestClient, settings: Settings
) -> None:
    form = form_on(bayu, "/tinjau/dua") | {"putusan": "simpan", "k1.tolak": "bogus"}
    mine = form_on(ayu, "/tinjau/dua") | {"putusan": "simpan", "k0.tolak": "bogus"}
    assert ayu.post("/tinjau/dua", data=mine).status_code == 303
    assert [case.id for case in held(settings).cases] == ["dua#1"]
    assert "ditinjau orang lain" in insist(bayu, form)
    (case,) = held(settings).cases
    assert (case.id, case.evidence, case.place) == ("dua#0", (_proof(FIRST),), "32.05.12.2011")
    assert [one.name for one in case.terlapor] == ["Sutrasna Wirabaya"]
    assert case.reporter == "Bawaslu", "what no field shows is of the case that the form was about"


def test_who_insists_that_all_is_right_keeps_both_cases(
    ayu: TestClient, bayu: TestClient, settings: Settings
) -> None:
    form = form_on(bayu, "/tinjau/dua") | {"putusan": "simpan"}
    whole = form_on(ayu, "/tinjau/dua") | {"putusan": "tolak.bogus"}
    assert ayu.post("/tinjau/dua", data=whole).status_code == 303
    assert held(settings).cases == ()
    insist(bayu, form)
    with LabelReviews(settings.reviews) as file:
        (row, *_) = (row for row in file.verdicts() if row.counts)
        assert row.model is not None
        assert held(settings) == row.model.labels


def test_who_insists_leaves_out_a_case_that_was_added_meanwhile(
    ayu: TestClient, bayu: TestClient, settings: Settings
) -> None:
    form = form_on(bayu, "/tinjau/dua") | {"putusan": "simpan", "k0.tahap": "registrasi"}
    added = {"k2.jenis.netralitas.asn": "1", "k2.bukti": SECOND}
    assert (
        ayu.post("/tinjau/dua", data=form_on(ayu, "/tinjau/dua") | {"putusan": "simpan"} | added).status_code
        == 303
    )
    assert [case.id for case in held(settings).cases] == ["dua#0", "dua#1", "tinjau#3"]
    insist(bayu, form)
    assert [(case.id, case.stage) for case in held(settings).cases] == [
        ("dua#0", "registrasi"),
        ("dua#1", "klarifikasi"),
    ]


def test_a_form_of_another_reading_keeps_what_it_shows_and_takes_nothing_over(
    bayu: TestClient, settings: Settings
) -> None:
    """The id of a case may be another one's in a new reading; its evidence tells."""
    form = form_on(bayu, "/tinjau/dua") | {"putusan": "simpan", "semula": "0" * 16, "bacaan": "0" * 16}
    insist(bayu, form | {"k0.ada": "dua#1", "k1.ada": "dua#0"})
    assert [(case.evidence, case.reporter) for case in held(settings).cases] == [
        ((_proof(FIRST),), None),
        ((_proof(SECOND),), None),
    ]
    insist(bayu, form)
    assert [case.evidence for case in held(settings).cases] == [(_proof(FIRST),), (_proof(SECOND),)]


def test_what_one_kept_in_another_tab_is_not_called_somebody_elses(bayu: TestClient) -> None:
    form = form_on(bayu, "/tinjau/dua") | {"putusan": "simpan"}
    assert bayu.post("/tinjau/dua", data=form | {"k0.tahap": "registrasi"}).status_code == 303
    told = insist(bayu, form | {"k0.tahap": "klarifikasi"})
    assert "Anda sendiri sudah menyimpan" in told
    assert "orang lain" not in told


def test_what_was_kept_is_said_until_it_is_undone(ayu: TestClient, bayu: TestClient) -> None:
    form = form_on(ayu, "/tinjau/dua") | {"putusan": "simpan"}
    goal = ayu.post("/tinjau/dua", data=form).headers["location"]
    assert "berlaku pada penerbitan berikutnya" in ayu.get(goal).text
    opinion = form_on(bayu, "/tinjau/dua?urut=kedua") | {"putusan": "simpan", "k0.tahap": "registrasi"}
    there = bayu.get(bayu.post("/tinjau/dua", data=opinion).headers["location"]).text
    assert "Penilaian kedua tersimpan" in there
    assert "penerbitan berikutnya" not in there
    undo = form_on(ayu, goal, "/tinjau/dua/urungkan")
    assert ayu.post("/tinjau/dua/urungkan", data=undo).status_code == 303
    assert "Tersimpan" not in ayu.get(goal).text


def test_a_rejected_case_stays_rejected_when_another_value_was_wrong(
    bayu: TestClient, settings: Settings
) -> None:
    form = form_on(bayu, "/tinjau/dua") | {
        "putusan": "simpan",
        "k0.tolak": "duplikat",
        "k1.tanggal": "kemarin",
        "catatan": "lihat <b>paragraf</b> dua",
    }
    answer = bayu.post("/tinjau/dua", data=form | {"k2.jenis.netralitas.asn": "1", "k2.bukti": SECOND})
    assert answer.status_code == 400
    assert '<option value="duplikat" selected>' in answer.text
    again = _form_in(answer.text) | {"putusan": "simpan"}
    assert (again["k1.tanggal"], again["catatan"]) == ("kemarin", "lihat <b>paragraf</b> dua")
    again |= {"k1.tanggal": "2024-09-27", "k2.tolak": "bogus"}
    assert bayu.post("/tinjau/dua", data=again).status_code == 303
    (case,) = held(settings).cases
    assert (case.id, case.event_date, case.place) == ("dua#1", "2024-09-27", "32.05.12")


def _form_in(html: str) -> Form:
    class Shown:
        def get(self, path: str) -> Shown:
            self.text = html
            return self

    return form_on(Shown(), "/tinjau/dua")  # type: ignore[arg-type]
