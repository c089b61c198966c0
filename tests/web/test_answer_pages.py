"""Answers as pages: what leads where, and how many rows there are."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from pipeline.labelling import choices_of
from pipeline.questions import QUESTIONS
from pipeline.web import answers
from pipeline.web.words import spoken

ASKED = {"pertama": "32", "kedua": "33", "kata": "warga"}


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name != "membership"])
def test_no_answer_leads_to_an_event_that_is_not_there(desk: TestClient, name: str) -> None:
    words = {need: ASKED.get(need, "a1") for need in QUESTIONS[name].needs}
    if name == "banding-pemilihan":
        words = {"pertama": "pilkada 2024", "kedua": "pilkada 2020"}
    page = desk.get(f"/tanya/{name}", params=words)
    assert page.status_code == 200, page.text
    for event in set(re.findall(r'href="(/kasus/[^"]+)">buka', page.text)):
        assert desk.get(event).status_code == 200, event


def test_a_page_that_does_not_show_every_row_says_so(
    desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = desk.get("/tanya/titik-buta").text
    assert "Lebih dari 300 baris; di sini 300 yang pertama" in text
    whole = len(desk.get("/unduh/titik-buta.csv").text.splitlines()) - 1
    assert whole > 300
    monkeypatch.setattr(answers, "SHOWN", whole)
    text = desk.get("/tanya/titik-buta").text
    assert f'role="status">{whole} baris. Unduh' in text
    monkeypatch.setattr(answers, "SHOWN", 2)
    assert "di sini 2 yang pertama" in desk.get("/tanya/jenis-berita").text


def test_words_say_what_ids_mean(desk: TestClient) -> None:
    page = desk.get("/tanya/banding-wilayah", params={"pertama": "32.05", "kedua": "33"}).text
    assert "Nilai: Kabupaten Garut" in page
    assert "Per 1000: Jawa Tengah" in page
    assert "Kelas IKP" in desk.get("/tanya/titik-buta").text
    bodies = choices_of("forum")
    assert (bodies["kejaksaan_pn"], bodies["pom_tni"], bodies["mk"]) == ("Kejaksaan/PN", "POM TNI", "MK")
    assert all(name[0].isupper() for name in bodies.values()), bodies
    assert spoken(["dikoreksi peninjau (peran tinjau), 2026-11-28"], "") == [
        "dikoreksi peninjau (peran tinjau), 28 November 2026"
    ]
