"""Views, feeds and takeaways in a real browser: filters without a full load, search, saved filters, Form A, print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_browser import AXE, CHROMIUM, PICTURES, enter

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs the program chromium (Debian's package of that name)"
)

NEW = ("/cari?kata=rapat", "/saringan", "/baca", "/rekap", "/tren", "/pejabat?jabatan=bawaslu", "/sumber/kabar",
       "/kasus?wilayah=32.05.12.2011", "/peta?wilayah=32")  # fmt: skip


def test_a_filter_changes_the_list_without_a_full_load(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/kasus")
    tab.evaluate("window.stays = true")
    tab.get_by_label("Provinsi atau kabupaten/kota").select_option("11")
    tab.get_by_text("Tidak ada yang cocok").wait_for()
    assert "wilayah=11" in tab.url
    tab.get_by_label("Provinsi atau kabupaten/kota").select_option("32.05")
    tab.locator("#hasil article.card").wait_for()
    tab.get_by_label("Kecamatan").select_option("32.05.12")
    tab.get_by_label("Desa atau kelurahan").select_option("32.05.12.2011")
    tab.wait_for_url("**desa=32.05.12.2011**")
    tab.locator("#hasil article.card").wait_for()
    assert tab.evaluate("window.stays"), "the page was not loaded anew"
    tab.reload()
    assert tab.locator("article.card").count() == 1, "the address holds the whole state"
    assert tab.evaluate("Object.keys(localStorage).length") == 0, "no page is left in the browser"


@pytest.mark.parametrize(
    ("path", "field", "value", "told"),
    [
        ("/kasus?sampai=2024-10-01", "#f-sejak", "2024-11-30", "Sejak 2024-11-30 sesudah sampai 2024-10-01"),
        ("/pencegahan", "#f-q", "%", "berikan sedikitnya satu kata"),
    ],
)
def test_a_wrong_filter_is_told_and_leaves_no_old_list(
    browser: object, address: str, path: str, field: str, value: str, told: str
) -> None:
    """The browser itself complains of the status 400, so this goes without the watchful tab, as do the next two."""
    with browser.new_context(base_url=address, locale="id-ID") as context:  # type: ignore[attr-defined]
        tab = context.new_page()
        enter(tab, "lihat")
        tab.goto(path)
        tab.locator(field).fill(value)
        tab.get_by_role("button", name="Tampilkan").click()
        tab.get_by_role("alert").wait_for()
        assert told in tab.get_by_role("alert").inner_text()
        assert tab.locator("#hasil").count() == 0


def test_without_a_network_the_old_list_is_hidden_until_there_is_one(browser: object, address: str) -> None:
    with browser.new_context(base_url=address, locale="id-ID") as context:  # type: ignore[attr-defined]
        tab = context.new_page()
        enter(tab, "lihat")
        tab.goto("/kasus")
        tab.route("**/kasus?*", lambda route: route.abort())
        tab.get_by_label("Provinsi atau kabupaten/kota").select_option("32.05")
        tab.get_by_role("alert").wait_for()
        assert "Tidak terhubung" in tab.get_by_role("alert").inner_text()
        assert not tab.locator("#hasil").is_visible()
        tab.unroute("**/kasus?*")
        tab.get_by_role("button", name="Tampilkan").click()
        tab.wait_for_url("**wilayah=32.05**")
        tab.locator("#hasil article.card").wait_for()
        assert tab.get_by_role("alert").count() == 0


def test_a_filter_after_the_session_ended_leads_to_the_login(browser: object, address: str) -> None:
    with browser.new_context(base_url=address, locale="id-ID") as context:  # type: ignore[attr-defined]
        tab = context.new_page()
        enter(tab, "lihat")
        tab.goto("/kasus")
        context.clear_cookies()
        tab.get_by_label("Provinsi atau kabupaten/kota").select_option("32.05")
        tab.wait_for_url("**/masuk?ke=**wilayah**")


def test_without_scripts_charts_are_pictures(browser: object, address: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:  # type: ignore[attr-defined]
        tab = context.new_page()
        enter(tab, "lihat")
        tab.goto("/tren?jenis=netralitas", wait_until="networkidle")
        picture = tab.locator(".chart img").first
        assert picture.evaluate("i => i.complete && i.naturalWidth > 200")
        assert "jenis=netralitas" in str(picture.get_attribute("src"))
        assert not tab.locator(".waits").first.is_visible()


@pytest.mark.parametrize("part", ["h1", "#hasil p"])
def test_every_name_of_a_type_fits_a_phone(tab: object, part: str) -> None:
    enter(tab, "lihat")
    tab.set_viewport_size({"width": 320, "height": 800})
    tab.goto("/kasus")
    tab.locator(part).first.evaluate(
        "e => e.textContent = [...document.querySelectorAll('#f-jenis option')].map(o => o.text).join('; ')"
    )
    assert "Manipulasi/pergeseran/penggelembungan" in tab.locator(part).first.inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_words_are_found_and_marked(tab: object) -> None:
    enter(tab, "lihat")
    tab.get_by_role("link", name="Cari", exact=True).click()
    tab.get_by_label("Kata", exact=True).fill("sosialisasi aparatur")
    tab.get_by_role("button", name="Cari").click()
    tab.locator("article.card").first.wait_for()
    assert "sosialisasi" in [text.lower() for text in tab.locator("article.card mark").all_inner_texts()]
    tab.locator("article.card h3 a").first.click()
    tab.get_by_text("Mengapa label ini?").wait_for()


def test_a_filter_is_saved_and_a_key_made(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/kasus?wilayah=32.05")
    tab.get_by_text("Simpan saringan ini").click()
    tab.get_by_label("Nama", exact=True).fill("Garut saya")
    tab.get_by_label("Kirim ringkasan").check()
    tab.get_by_role("button", name="Simpan").click()
    tab.get_by_role("link", name="Garut saya").click()
    assert tab.url.endswith("/kasus?wilayah=32.05")
    tab.goto("/saringan")
    tab.get_by_label("Nama kunci baru").fill("pembaca umpan")
    tab.get_by_role("button", name="Buat kunci").click()
    key = re.search(r"kunci=([\w-]+)", tab.inner_text("main"))
    assert key
    answer = tab.request.get(f"/umpan/kasus.json?kunci={key[1]}", headers={"Cookie": ""})
    assert answer.json()["jumlah"] == 1
    tab.get_by_role("button", name="Cabut pembaca umpan").click()
    tab.get_by_text("Belum ada kunci.").wait_for()
    tab.get_by_role("button", name="Hapus Garut saya").click()
    tab.get_by_text("Belum ada. Buka").wait_for()


def test_form_a_is_copied(tab: object) -> None:
    enter(tab, "lihat")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto("/kasus")
    tab.locator("article.card a").first.click()
    tab.get_by_role("link", name="Salin ke Form A").click()
    tab.get_by_role("button", name="Salin", exact=True).click()
    tab.get_by_text("Tersalin.").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "BAHAN INFORMASI AWAL" in copied
    assert "Sutrasna" not in copied


def test_the_first_page_is_light(tab: object) -> None:
    sizes: list[int] = []
    tab.on("response", lambda answer: sizes.append(len(answer.body())))
    enter(tab, "lihat")
    sizes.clear()
    for path in ("/", "/kasus"):
        tab.goto(path)
        assert sum(sizes) <= 150_000, f"{path}: {sum(sizes)} bytes"
        sizes.clear()


def test_a_printed_case_has_its_text_and_no_forms(tab: object) -> None:
    enter(tab, "lihat")
    tab.goto("/kasus")
    tab.locator("article.card a").first.click()
    tab.emulate_media(media="print")
    assert not tab.locator("header").is_visible()
    assert tab.locator("mark").first.is_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=PICTURES / "cetak-kasus.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), [(1200, "dark"), (360, "light")])
def test_new_pages_are_accessible_and_fit(tab: object, width: int, scheme: str) -> None:
    enter(tab, "tinjau")
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    tab.goto("/kasus")
    case = tab.locator("article.card a").first.get_attribute("href")
    faults = []
    for path in (*NEW, "/kasus", "/", case, f"{case}/form-a"):
        tab.goto(path)
        name = re.sub(r"[^\w-]+", "-", path.strip("/").partition("?")[0])[:30] or "hari-ini"
        name += "-wilayah" if "wilayah" in path else ""
        if path == "/tren":
            tab.locator(".chart svg").nth(4).wait_for()
        tab.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{path}: {wide} pixels wider than the window")
        tab.evaluate(Path(AXE).read_text(encoding="utf-8"))
        faults += [
            f"{path}: {found['id']}: {found['nodes'][0]['html'][:160]}"
            for found in tab.evaluate("axe.run()")["violations"]
            if found["impact"] in ("serious", "critical")
        ]
    assert faults == []
