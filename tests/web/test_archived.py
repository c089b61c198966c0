from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from desks import browse, log_in

from pipeline.events import link_events
from pipeline.intake import HTML, ROW, Given, page_in
from pipeline.process import import_files, process
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.web.archived import make_copy
from pipeline.web.pdf import page_blocks

PAGE = """<html><head><title>Panwascam</title><script>alert(1)</script>
<link rel=stylesheet href=http://luar.example/x.css>
<meta http-equiv=refresh content="0;url=http://luar.example"></head>
<body onload="alert(2)"><h1>Panwascam Cibatu Gelar Rapat</h1>
<p style="background:url(http://luar.example/y.png)">Panwascam Cibatu menggelar rapat koordinasi di aula kecamatan,
Senin (30/9/2024). Ketua Panwascam mengingatkan aparatur desa agar tidak memihak dalam
pemilihan bupati yang akan datang.</p>
<img src="http://luar.example/z.png" alt="Rapat &lt;b&gt;"><a href="javascript:alert(3)">tautan</a>
<form action="http://luar.example"><input></form>
<iframe src="http://luar.example"></iframe><svg onload="alert(4)"></svg></body></html>"""


def test_a_copy_holds_the_text_and_nothing_that_acts() -> None:
    copy = make_copy(PAGE.encode(), "text/html; charset=utf-8")
    assert "menggelar rapat koordinasi" in copy
    assert "[gambar: Rapat &lt;b&gt;]" in copy
    assert not re.search(r"script|onload|href|src=|url\(|iframe|http", copy)


def test_a_copy_of_a_page_nested_without_end_is_made() -> None:
    copy = make_copy(b"<div>" * 20_000 + b"isi", "text/html")
    assert "isi" in copy


@pytest.mark.parametrize(
    "row", [{"html": PAGE}, {"title": "Rapat", "text": "Mereka menggelar rapat koordinasi."}]
)
def test_of_a_line_of_json_lines_the_page_or_text_inside_is_shown(row: dict[str, str]) -> None:
    """To whoever reviews, braces and quotes are no page."""
    inside = page_in(json.dumps({"url": "https://kabar.example/1", **row}).encode(), ROW)
    copy = make_copy(*inside)
    assert "menggelar rapat koordinasi" in copy and "kabar.example" not in copy
    shown = [text for _, text in page_blocks(*inside)]
    assert any("menggelar rapat koordinasi" in text for text in shown)
    assert not any("{" in text for text in shown)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"id": 3}'])
def test_of_other_json_its_signs_are_shown(body: bytes) -> None:
    assert page_in(body, ROW) == (body, ROW)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(var=tmp_path_factory.mktemp("arsip"), workers=1)
    with open_store(settings.store) as store:
        given = import_files([Given("https://kabar.example/rapat", PAGE.encode(), HTML)], settings, "uji")
        process(settings, store, {}, only=given)
        link_events(store)
        publish(store, settings.snapshots)
    return settings


def test_reviewers_see_the_archived_page_whole(installation: Settings, tmp_path: Path) -> None:
    from desks import PASSWORD

    from pipeline.web.accounts import Accounts

    accounts = Accounts(installation.var / "desk" / "accounts.sqlite")
    for role in ("lihat", "tinjau"):
        accounts.add(role, PASSWORD, role)
    with browse(installation, "tinjau") as client:
        key = _article(installation)
        shown = client.get(f"/arsip/{key}")
        assert "cocok dengan SHA-256" in shown.text
        copy = client.get(f"/arsip/{key}/salinan")
        assert "menggelar rapat koordinasi" in copy.text
        assert "sandbox" in copy.headers["content-security-policy"]
        assert "script-src" not in copy.headers["content-security-policy"]
        assert accounts.trail()[0].action == "arsip"
        assert client.get("/arsip/tidakada/salinan").status_code == 404
        log_in(client, "lihat")
        assert client.get(f"/arsip/{key}/salinan").status_code == 403


def _article(settings: Settings) -> str:
    from pipeline.web.desk import Desk

    row = Desk(settings).view(None).row("SELECT article_id FROM articles")
    assert row
    return str(row["article_id"])
