"""Reviewing in a real browser: by keys, by mouse and by keyboard alone; each page is kept as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_browser
from reviewing import publish_for_review
from test_browser import AXE, PICTURES, enter

pytest_plugins = ["test_browser"]  # its running desk, its browser and its watchful tab
pytestmark = test_browser.pytestmark


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("tinjau")
    publish_for_review(var)
    return var


def test_a_label_is_corrected_and_given_back(tab: object) -> None:
    enter(tab, "tinjau")
    tab.get_by_role("link", name="Tinjau", exact=True).click()
    tab.get_by_role("link", name="Kades Sutrasna Wirabaya Dilaporkan").click()
    assert "diduga mengajak warga memilih" in "".join(tab.locator("mark").all_inner_texts())
    tab.locator("[id='k0.tahap']").select_option("registrasi")
    tab.get_by_label("Catatan (hanya untuk peninjau)").fill("lihat paragraf satu")
    tab.get_by_role("button", name="Simpan koreksi").click()
    assert "berlaku pada penerbitan berikutnya" in tab.get_by_role("status").first.inner_text()
    tab.goto("/tinjau/a1")
    assert tab.locator("[id='k0.tahap']").input_value() == "registrasi"
    assert "Laporan diterima" in tab.get_by_role("region", name="Riwayat", exact=True).inner_text()
    tab.get_by_role("button", name="Urungkan keputusan").first.click()
    tab.get_by_text("(diurungkan tinjau)").first.wait_for()
    assert tab.locator("[id='k0.tahap']").input_value() == "laporan_temuan"


def test_going_back_puts_no_choice_of_before_on_another_case(tab: object) -> None:
    enter(tab, "tinjau")
    tab.goto("/tinjau/b")
    tab.locator("[id='k0.tahap']").select_option("putusan_sanksi")
    tab.locator("[id='k0.tolak']").select_option("bogus")
    tab.get_by_label("Catatan (hanya untuk peninjau)").fill("bukan kasus")
    tab.get_by_role("button", name="Simpan koreksi").click()
    tab.wait_for_url("**lalu=b**")
    tab.go_back()
    tab.get_by_text("bukan kasus").wait_for()
    assert tab.locator("[id='k0.tolak']").count() == 0, (
        "its case is rejected, the fields left are those of a new one"
    )
    assert tab.locator("[id='k0.tahap']").input_value() != "putusan_sanksi"
    assert tab.get_by_label("Catatan (hanya untuk peninjau)").input_value() == ""
    tab.get_by_role("button", name="Urungkan keputusan").first.click()
    tab.get_by_text("(diurungkan tinjau)").first.wait_for()


def test_the_queue_is_worked_through_by_keys(tab: object) -> None:
    enter(tab, "tinjau")
    tab.goto("/tinjau?wilayah=32.05")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/tinjau/*urut=ragu*")
    first = tab.url
    tab.keyboard.press("l")
    tab.wait_for_url(lambda url: url != first)
    second = tab.url
    tab.keyboard.press("1")
    tab.wait_for_url("**lalu=*")
    assert tab.url.partition("?")[0] != second.partition("?")[0]
    tab.keyboard.press("u")
    tab.get_by_text("(diurungkan tinjau)").first.wait_for()
    tab.keyboard.press("e")
    assert tab.evaluate("document.activeElement.id") == "koreksi"
    tab.get_by_label("Pakai pintasan papan tik").uncheck()
    here = tab.url
    tab.locator("h1").click()
    tab.keyboard.press("k")
    tab.wait_for_timeout(300)
    assert tab.url == here, "keys are off"
    tab.get_by_label("Pakai pintasan papan tik").check()


def test_a_letter_typed_into_a_field_is_no_key(tab: object) -> None:
    enter(tab, "tinjau")
    tab.goto("/tinjau/p1")
    tab.get_by_label("Catatan (hanya untuk peninjau)").press_sequentially("kk1l")
    assert tab.get_by_label("Catatan (hanya untuk peninjau)").input_value() == "kk1l"
    assert tab.url.endswith("/tinjau/p1")


def test_a_missed_case_is_added_from_a_selected_sentence(tab: object) -> None:
    enter(tab, "tinjau")
    tab.goto("/tinjau/q1")
    tab.locator(".text p").first.evaluate(
        "p => { const r = document.createRange(); r.setStart(p.firstChild, 0);"
        " r.setEnd(p.firstChild, 77); const s = getSelection(); s.removeAllRanges(); s.addRange(r); }"
    )
    tab.keyboard.press("b")
    field = tab.locator("[id='k0.bukti']")
    assert (
        field.input_value() == "Panwascam Cibatu menggelar sosialisasi netralitas aparatur di aula kecamatan."
    )
    tab.locator("details.card .boxes summary").first.click()
    tab.get_by_label("Netralitas anggota TNI").last.check()
    tab.get_by_label("Jenis berita").select_option("pelanggaran")
    tab.get_by_role("button", name="Simpan koreksi").click()
    assert "lalu=q1" in tab.url, tab.locator("[role=alert]").all_inner_texts()


def test_an_event_is_split(tab: object) -> None:
    enter(tab, "tinjau")
    tab.goto("/tinjau/c")
    tab.get_by_role("link", name="Pisahkan atau gabungkan artikelnya").click()
    tab.get_by_role("checkbox").last.check()
    tab.get_by_role("button", name="Pisahkan yang dipilih").click()
    assert "disusun ulang pada penerbitan berikutnya" in tab.get_by_role("status").inner_text()
    assert "Dipisah oleh tinjau" in tab.locator("article.card").first.inner_text()


@pytest.mark.parametrize("width", [1200, 360])
def test_what_two_reviewers_say_stands_side_by_side(browser: object, address: str, width: int) -> None:
    """The browser itself complains of the status 409, so this goes without the watchful tab."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900})
    tab = context.new_page()
    enter(tab, "tinjau")
    tab.goto("/tinjau/q7")
    tab.locator("input[name=bacaan]").evaluate("field => { field.value = 'lain'; }")
    tab.get_by_role("button", name="Keliru").click()
    assert "Belum ada yang disimpan" in tab.get_by_role("alert").inner_text()
    assert _faults(tab, "berubah", width) == []
    tab.get_by_role("button", name="Simpan punya saya").click()
    assert "lalu=q7" in tab.url
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
def test_every_page_is_accessible_and_fits(tab: object, width: int, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    enter(tab, "tinjau")
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto("/tinjau/q5")
    tab.get_by_role("button", name="Benar semua").click()
    tab.goto("/tinjau/b")
    event = tab.get_by_role("link", name="Pisahkan atau gabungkan artikelnya").get_attribute("href")
    faults = []
    for path in ("/tinjau", "/tinjau?urut=ulang", "/tinjau/a1", "/tinjau/q5", event, "/mutu"):
        tab.goto(path)
        if path == "/tinjau/a1":
            for closed in tab.locator("details.boxes summary").all()[:2]:
                closed.click()
        faults += _faults(tab, path.strip("/").replace("/", "-").replace("?", "-")[:40], width)
    assert faults == []


def _faults(tab: object, name: str, width: int) -> list[str]:
    tab.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        *([f"{name}: {wide} pixels wider than the window"] if wide > 0 else []),
        *(
            f"{name}: {found['id']}: {found['nodes'][0]['html'][:160]}"
            for found in tab.evaluate("axe.run()")["violations"]
            if found["impact"] in ("serious", "critical")
        ),
    ]
