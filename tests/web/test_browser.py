"""The desk in a real browser: what a person sees and does, with the keyboard too; each page is kept as a picture."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from desks import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs the program chromium (Debian's package of that name)"
)
pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
AXE = Path(__file__).with_name("axe.min.js")
PICTURES = Path(os.environ.get("WARTAWAS_PICTURES", "var/pictures"))
PAGES = (
    "/",
    "/kasus",
    "/pencegahan",
    "/peta",
    "/tanya",
    "/tanya/tren",
    "/pejabat",
    "/sumber",
    "/proses",
    "/metode",
)


def enter(tab: object, role: str) -> None:
    tab.goto("/")  # type: ignore[attr-defined]
    tab.get_by_label("Nama").fill(role)  # type: ignore[attr-defined]
    tab.get_by_label("Kata sandi").fill(PASSWORD)  # type: ignore[attr-defined]
    tab.get_by_role("button", name="Masuk").click()  # type: ignore[attr-defined]
    tab.get_by_role("heading", name="Hari ini").wait_for()  # type: ignore[attr-defined]


def test_a_reader_filters_cases_and_sees_the_evidence(tab: object) -> None:
    enter(tab, "lihat")
    tab.get_by_role("link", name="Kasus", exact=True).click()
    tab.get_by_label("Provinsi atau kabupaten/kota").select_option("32.05")
    tab.get_by_role("button", name="Tampilkan").click()
    tab.wait_for_url("**wilayah=32.05**")
    assert "1 dugaan kasus" in tab.get_by_role("status").inner_text()
    tab.locator("article.card a").first.click()
    assert "diduga mengajak warga memilih" in "".join(tab.locator("mark").all_inner_texts())
    assert "Sutrasna" not in tab.content()
    tab.go_back()
    tab.get_by_label("Provinsi atau kabupaten/kota").select_option("11")
    tab.get_by_role("button", name="Tampilkan").click()
    tab.get_by_text("Tidak ada yang cocok").wait_for()


def test_a_reviewer_sees_names(tab: object) -> None:
    enter(tab, "tinjau")
    tab.get_by_role("link", name="Kasus", exact=True).click()
    tab.locator("article.card a").first.click()
    assert "Sutrasna Wirabaya" in tab.content()
    assert "nama tampil" in tab.content()


def test_the_map_is_used_by_keyboard(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/peta")
    tab.get_by_role("link", name="Jawa Barat").first.focus()
    tab.keyboard.press("Enter")
    tab.get_by_text("Kabupaten dan kota").wait_for()
    assert "wilayah=32" in tab.url
    assert "Kabupaten Garut" in tab.content()


def test_charts_are_drawn_under_the_strict_policy(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/tren")
    # The charts are drawn in any order: what is waited for is the words that only the drawn second one has.
    tab.locator(".chart").nth(1).get_by_text("Netralitas").first.wait_for()
    assert tab.locator(".chart").nth(1).locator("svg").count() == 1


def test_a_table_is_downloaded(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/tanya/kasus-per-jenis")
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("jenis,")


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_is_accessible_and_fits(tab: object, width: int) -> None:
    enter(tab, "admin")
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto("/kasus")
    event = tab.locator("article.card a").first.get_attribute("href")
    faults = []
    for path in (*PAGES, event, "/artikel/a1", "/audit", "/masuk"):
        tab.goto(path)
        name = path.strip("/").replace("/", "-")[:40] or "hari-ini"
        tab.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{path}: {wide} pixels wider than the window")
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        faults += [
            f"{path}: {found['id']}: {found['nodes'][0]['html'][:160]}"
            for found in tab.evaluate("axe.run()")["violations"]
            if found["impact"] in ("serious", "critical")
        ]
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_have_contrast(tab: object, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    enter(tab, "lihat")
    for path in ("/", "/kasus", "/peta"):
        tab.goto(path)
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        result = tab.evaluate("axe.run({runOnly: ['color-contrast']})")
        assert [node["html"][:120] for v in result["violations"] for node in v["nodes"]] == []
