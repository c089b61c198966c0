"""Articles that tell more than one event: each event shows its own evidence, and leads to the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import PASSWORD, browse
from findings import make_article, make_capture, make_case, make_extraction
from starlette.testclient import TestClient

from nlp.records import EventRef, Evidence, Extraction, Terlapor
from pipeline.article import Article
from pipeline.database import fetch
from pipeline.events import link_events
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store
from pipeline.web.accounts import Accounts

MIXED = (
    "Panwascam Cibatu menggelar rapat pencegahan. Seorang sekretaris desa diduga ikut pawai calon. "
    "Di Desa Kertajaya dua pria diduga membagikan amplop kepada warga."
)
FIRST, SECOND = MIXED.split(". ")[1:]


def evidence(sentence: str) -> tuple[Evidence]:
    start = MIXED.index(sentence)
    return (Evidence(start, start + len(sentence), sentence),)


def mixed_article() -> tuple[Article, Extraction]:
    article = make_article("campur", MIXED, title="Rapat Pencegahan di Cibatu")
    office, plain = (Terlapor(None, role, None, 1) for role in ("Sekretaris Desa", "dua pria"))
    cases = (
        make_case(article, types=("netralitas.kades",), terlapor=(office,), evidence=evidence(FIRST)),
        make_case(
            article, types=("politik_uang.uang",), terlapor=(plain,), evidence=evidence(SECOND),
            place="32.05.12.2005", outcome={"kode_etik": "terbukti"},
        ),
    )  # fmt: skip
    return article, make_extraction(article, *cases, kind="pencegahan")


def news_article() -> tuple[Article, Extraction]:
    article = make_article(
        "kabar", "KPU Sukabumi menetapkan jadwal debat. Debat digelar dua kali.", title="Debat"
    )
    return article, make_extraction(
        article, kind="informasi", types=(), event=EventRef("2024-11-05", "32.02")
    )


def touching_article() -> tuple[Article, Extraction]:
    """Return news of something else that touches the case of money."""
    article = make_article(
        "lewat",
        "KPU Garut menggelar debat. Dua pria di Desa Kertajaya diduga membagikan amplop.",
        title="KPU",
    )
    case = make_case(
        article,
        types=("politik_uang.uang",),
        terlapor=(Terlapor(None, "dua pria", None, 1),),
        place="32.05.12.2005",
    )
    return article, make_extraction(article, case, kind="informasi")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a folder of runs with both articles, and their events by kind and first type."""
    var = tmp_path_factory.mktemp("dua")
    pairs = [mixed_article(), news_article(), touching_article()]  # linked in this order
    with open_store(var / "store" / "work.duckdb") as store:
        store.store_articles(
            StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs, 1)
        )
        store.store_extractions(pairs)
        link_events(store)
        store.end_run(store.begin_run("nightly"), {"crawl": "done", "process": "failed"})
        store.end_run(store.begin_run("process"), {"articles": 2, "cases": 4, "refused": {"listing": 3}})
        publish(store, var / "snapshots")
        rows = fetch(
            store.con,
            "SELECT DISTINCT event_id, kind, case_id FROM event_members JOIN events USING (event_id)",
        )
        types = dict(fetch(store.con, "SELECT case_id, types[1] FROM cases"))
    accounts = Accounts(var / "desk" / "accounts.sqlite")
    for role in ("lihat", "tinjau"):
        accounts.add(role, PASSWORD, role)
    return var, {types.get(case, kind): event for event, kind, case in rows}


@pytest.fixture
def client(told: tuple[Path, dict[str, str]]) -> Iterator[TestClient]:
    """Return a browser at that desk, logged in as a reviewer."""
    with browse(Settings(var=told[0]), "tinjau") as made:
        yield made


def marks(page: str) -> str:
    return " ".join(re.findall(r"<mark[^>]*>(.*?)</mark>", page))


def test_each_event_marks_its_own_evidence_and_leads_to_the_others(
    client: TestClient, told: tuple[Path, dict[str, str]]
) -> None:
    events = told[1]
    assert len(set(events.values())) == 4, "two cases, a prevention event, and other news"
    official = client.get(f"/kasus/{events['netralitas.kades']}").text
    money = client.get(f"/kasus/{events['politik_uang.uang']}").text
    meeting = client.get(f"/kasus/{events['pencegahan']}").text
    assert (FIRST in marks(official), SECOND.rstrip(".") in marks(official)) == (True, False)
    assert (FIRST in marks(money), SECOND.rstrip(".") in marks(money)) == (False, True)
    assert marks(meeting) == "" and "Kegiatan pencegahan: " in meeting
    for page, others in ((official, ("politik_uang.uang", "pencegahan")), (meeting, ("netralitas.kades",))):
        note = page.partition("Artikel ini juga menceritakan")[2].partition("</p>")[0]
        assert all(events[other] in note for other in others)


def test_an_article_names_its_events_by_what_they_are(client: TestClient) -> None:
    for path in ("/artikel/campur", "/tinjau/campur"):
        page = client.get(path).text
        assert "Kegiatan pencegahan: " in page
        assert page.count("Dugaan kasus: ") >= 2
    assert "Pencegahan, 2 kasus" in client.get("/tinjau").text


def test_news_without_a_case_is_no_prevention_event(
    client: TestClient, told: tuple[Path, dict[str, str]]
) -> None:
    page = client.get(f"/kasus/{told[1]['informasi']}").text
    assert "Kejadian lain" in page
    assert "Bukan dugaan kasus" in page
    assert "Kegiatan pencegahan" not in page


def test_a_search_tells_which_article_only_touches_its_event(client: TestClient) -> None:
    cards = client.get("/cari?kata=KPU").text.split('<article class="card">')
    (touching,) = (card for card in cards if "/artikel/lewat" in card)
    (news,) = (card for card in cards if "/artikel/kabar" in card)
    assert "Kejadian yang disebut sepintas" in touching
    assert "Kejadian yang diceritakannya" in news


def test_words_that_are_no_office_are_not_shown_as_one(
    client: TestClient, told: tuple[Path, dict[str, str]]
) -> None:
    event = f"/kasus/{told[1]['politik_uang.uang']}"
    facts = client.get(event).text.partition("Terlapor (diduga)")[2].partition("</dd>")[0]
    assert "tidak disebut namanya" in facts
    assert "pria" not in facts
    assert "Jabatan: (tidak disebut)" in client.get(f"{event}/form-a").text
    assert "Sekretaris Desa" in client.get(f"/kasus/{told[1]['netralitas.kades']}").text


def test_results_are_told_by_their_names(client: TestClient, told: tuple[Path, dict[str, str]]) -> None:
    facts = client.get(f"/kasus/{told[1]['politik_uang.uang']}").text.partition("Hasil per jalur")[2][:80]
    assert "kode etik: terbukti" in facts.lower()


def test_the_page_of_runs_tells_nights_in_indonesian(client: TestClient) -> None:
    page = client.get("/proses").text
    assert "proses malam" in page
    assert "merayapi: selesai, membaca: gagal" in page
    assert "kasus dalam artikel 4, ditolak: halaman daftar, bukan artikel 3" in page
