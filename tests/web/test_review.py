from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from desks import HOSTILE, PASSWORD, borrow, browse, log_in
from reviewing import Form, form_on, publish_for_review
from starlette.testclient import TestClient

from pipeline.database import fetch
from pipeline.label_reviews import LabelReviews
from pipeline.review_queue import is_drawn
from pipeline.settings import Settings
from pipeline.shelf import current_snapshot
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.web.accounts import Accounts

SENTENCE = "Panwascam Cibatu menggelar sosialisasi netralitas aparatur di aula kecamatan."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs to review, with two reviewers among its accounts."""
    var = tmp_path_factory.mktemp("tinjau")
    publish_for_review(var)
    accounts = Accounts(var / "desk" / "accounts.sqlite")
    for name, role in (("lihat", "lihat"), ("tinjau", "tinjau"), ("bayu", "tinjau"), ("admin", "admin")):
        accounts.add(name, PASSWORD, role)  # type: ignore[arg-type]
    return var


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """Return settings over the published folder whose reviews are this test's own."""
    return borrow(published, tmp_path, "snapshots", "desk", "store")


@pytest.fixture
def desk(settings: Settings) -> Iterator[TestClient]:
    with browse(settings, "tinjau") as client:
        yield client


@pytest.fixture
def second(settings: Settings) -> Iterator[TestClient]:
    """Return the browser of another reviewer."""
    with browse(settings, "bayu") as client:
        yield client


def save(client: TestClient, article: str = "a1", way: str = "", **changes: str) -> str:
    """Send the form of an article with changes and return where it leads."""
    form = form_on(client, f"/tinjau/{article}{way}") | {"putusan": "simpan"} | changes
    answer = client.post(f"/tinjau/{article}", data=form)
    assert answer.status_code == 303, unescape(answer.text)
    return answer.headers["location"]


def rows_of(settings: Settings) -> list[tuple[str, str]]:
    with LabelReviews(settings.reviews) as file:
        return [(row.action, row.field) for verdict in file.verdicts() for row in file.history(verdict.ref)]


def test_the_queue_shows_the_least_certain_first_and_marks_the_drawn(desk: TestClient) -> None:
    text = desk.get("/tinjau").text
    assert "64 artikel menunggu" in text
    shown = re.findall(r'href="/tinjau/(\w+)\?', text)
    assert set(shown[:4]) & {"a1", "b", "c"}
    assert text.count('<span class="mark">acak</span>') == 2, "one row and the explanation"
    assert "(keyakinan: jenis 90 %, kasus 80 %)" in desk.get("/tinjau/a1").text
    assert "(keyakinan: jenis 90 %)" in desk.get("/tinjau/p1").text
    only = desk.get("/tinjau?wilayah=32.05").text
    assert "/tinjau/a1?" in only
    assert "/tinjau/a1?" not in desk.get("/tinjau?wilayah=11").text
    for order in ("ulang", "kedua"):
        assert "/tinjau/a1?" not in desk.get(f"/tinjau?urut={order}").text


def test_a_correction_is_kept_and_the_next_article_offered(desk: TestClient, settings: Settings) -> None:
    goal = save(
        desk,
        catatan="menurut paragraf satu",
        **{"k0.tahap": "registrasi", "k0.tempat": "Cibatu, Kabupaten Garut"},
    )
    assert re.fullmatch(r"/tinjau/\w+\?urut=ragu&lalu=a1&keputusan=1&antrean=1", goal)
    assert "berlaku pada penerbitan berikutnya" in desk.get(goal).text
    assert rows_of(settings) == [
        ("correct", "artikel"),
        ("correct", "kasus.place"),
        ("correct", "kasus.stage"),
    ]
    page = desk.get("/tinjau/a1").text
    assert '<option value="registrasi" selected>' in page
    assert "menurut paragraf satu" in page
    assert "Sudah ditinjau, berlaku pada penerbitan berikutnya" in page
    assert "/tinjau/a1?" not in desk.get("/tinjau").text


def test_an_unchanged_form_confirms(desk: TestClient, settings: Settings) -> None:
    save(desk)
    save(desk, "p1")
    assert [row[0] for row in rows_of(settings)] == ["confirm", "confirm"]


@pytest.mark.parametrize(
    ("reason", "kind"), [("bogus", "informasi"), ("tidak_terkait", "lainnya"), ("pencegahan", "pencegahan")]
)
def test_one_key_rejects_the_case(desk: TestClient, settings: Settings, reason: str, kind: str) -> None:
    save(desk, putusan=f"tolak.{reason}")
    with LabelReviews(settings.reviews) as file:
        (row,) = file.verdicts()
    assert (row.action, row.labels.kind, row.labels.cases) == ("reject", kind, ())


def test_every_field_can_be_corrected(desk: TestClient, settings: Settings) -> None:
    save(
        desk, pemilihan="pemilu 2024", **{
            "k0.jenis.politik_uang.barang": "1", "k0.tanggal": "2024-09-27", "k0.asal": "temuan",
            "k0.tahap": "putusan_sanksi", "k0.hasil.pidana": "terbukti", "k0.hasil.administrasi": "belum",
            "k0.register": "01/Reg/LP/PB/Kab/13.13/X/2024", "k0.tempat": "32.05.12",
            "k0.sanksi": "dilaporkan ke Bawaslu", "k0.bantahan": "1", "k0.lembaga.gakkumdu": "1",
            "k0.bentuk.asn.medsos_unggah": "1", "k0.t0.jabatan": "Kepala Desa", "k0.t0.kategori": "desa.perangkat",
            "k0.t1.nama": "Yanuar Kertapati", "k0.t1.jumlah": "", "k0.bukti": "Sutrasna membantah.",
        },
    )  # fmt: skip
    with LabelReviews(settings.reviews) as file:
        (row,) = file.verdicts()
        fields = {one.field for one in file.history(row.ref)}
    (case,) = row.labels.cases
    assert row.labels.election == "pemilu 2024"
    assert case.types == ("netralitas.kades", "politik_uang.barang") == row.labels.types
    assert case.outcome == {"administrasi": "belum", "pidana": "terbukti"}
    assert (case.denial, case.source, case.forum, case.event_date) == (
        True,
        "temuan",
        ("gakkumdu",),
        "2024-09-27",
    )
    assert [(t.name, t.role, t.category, t.n) for t in case.terlapor] == [
        ("Sutrasna Wirabaya", "Kepala Desa", "desa.perangkat", 1), ("Yanuar Kertapati", None, None, None)
    ]  # fmt: skip
    assert case.evidence[0].text == "Sutrasna membantah."
    assert case.reporter == "Yanuar Kertapati", "what the form does not show stays"
    assert len(fields) == 15


def test_a_case_that_was_not_read_is_added_with_its_evidence(desk: TestClient, settings: Settings) -> None:
    fields = {"k0.jenis.politik_uang.barang": "1", "k0.bukti": SENTENCE, "k0.tahap": "laporan_temuan"}
    save(desk, "p1", jenis_berita="pelanggaran", **fields)
    with LabelReviews(settings.reviews) as file:
        (row,) = file.verdicts()
    assert row.labels.cases[0].evidence[0].end == len(SENTENCE)
    assert row.labels.types == ("politik_uang.barang",)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"k0.tempat": "Atlantis"}, "wilayah 'Atlantis'"),
        ({"k0.tanggal": "kemarin"}, "tanggal 'kemarin'"),
        ({"k0.tanggal": "2023-02-29"}, "tanggal '2023-02-29'"),
        ({"k0.bukti": "Kalimat ini tidak ada."}, "kalimat bukti tidak ada dalam naskah"),
        ({"k0.t0.nama": "Orang Lain"}, "tidak ada dalam naskah"),
        ({"k0.t0.jabatan": "Kades, Asep Sunandar"}, "jabatan 'Kades, Asep Sunandar' memuat kata"),
        ({"k0.tolak": "duplikat"}, "sedikitnya satu kasus"),
        ({"pemilihan": "lurah"}, "pemilihan 'lurah'"),
        ({"putusan": "tolak.entah"}, "tidak dikenal"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_typed_is_lost(
    desk: TestClient, settings: Settings, changes: Form, told: str
) -> None:
    form = form_on(desk, "/tinjau/a1") | {"putusan": "simpan", "k0.sanksi": "teguran tertulis"} | changes
    answer = desk.post("/tinjau/a1", data=form)
    assert answer.status_code == 400
    assert told in unescape(answer.text)
    assert "teguran tertulis" in answer.text or "putusan" in changes or "k0.tolak" in changes
    assert not settings.reviews.exists() or rows_of(settings) == []


def test_a_decision_is_undone_by_a_button(desk: TestClient, settings: Settings) -> None:
    goal = save(desk, putusan="tolak.bogus")
    undo = form_on(desk, goal, "/tinjau/a1/urungkan")
    assert desk.post("/tinjau/a1/urungkan", data=undo).status_code == 303
    page = desk.get("/tinjau/a1").text
    assert "diurungkan tinjau" in page
    assert "penerbitan berikutnya" not in page
    assert "64 artikel menunggu" in desk.get("/tinjau").text
    again = desk.post("/tinjau/a1/urungkan", data=undo)
    assert again.status_code == 409
    assert "sudah diurungkan" in again.text
    for batch, status in (("99", 404), ("x", 400), ("1" * 30, 400)):
        assert desk.post("/tinjau/a1/urungkan", data=undo | {"keputusan": batch}).status_code == status


def test_the_second_of_two_reviewers_sees_both_and_decides(
    desk: TestClient, second: TestClient, settings: Settings
) -> None:
    mine = form_on(desk, "/tinjau/a1") | {"putusan": "simpan", "k0.tahap": "klarifikasi"}
    save(second, **{"k0.tahap": "registrasi"})
    answer = desk.post("/tinjau/a1", data=mine)
    assert answer.status_code == 409
    assert "Belum ada yang disimpan" in answer.text
    assert "bayu" in answer.text
    assert "<strong>Diregistrasi</strong>" in answer.text
    assert "<strong>Klarifikasi</strong>" in answer.text
    assert len(rows_of(settings)) == 2
    again = dict(
        re.findall(
            r'<input type="hidden" name="([^"]*)" value="([^"]*)">',
            answer.text.partition('class="rulings"')[2],
        )
    )
    assert desk.post("/tinjau/a1", data={k: unescape(v) for k, v in again.items()}).status_code == 303
    with LabelReviews(settings.reviews) as file:
        assert [row.labels.cases[0].stage for row in file.verdicts()] == ["registrasi", "klarifikasi"]


def test_a_form_made_before_a_publication_is_not_applied_to_another_reading(desk: TestClient) -> None:
    form = form_on(desk, "/tinjau/a1") | {"putusan": "simpan", "bacaan": "0" * 16}
    answer = desk.post("/tinjau/a1", data=form)
    assert answer.status_code == 409
    assert "penerbitan baru" in answer.text


def test_a_second_opinion_is_blind_and_changes_nothing(
    desk: TestClient, second: TestClient, settings: Settings
) -> None:
    save(desk, **{"k0.tahap": "registrasi"}, catatan="rahasia")
    assert "/tinjau/a1?urut=kedua" in second.get("/tinjau?urut=kedua").text
    assert "/tinjau/a1?" not in desk.get("/tinjau?urut=kedua").text, "not for the one who decided first"
    page = second.get("/tinjau/a1?urut=kedua").text
    assert "rahasia" not in page
    assert '<option value="laporan_temuan" selected>' in page
    save(second, way="?urut=kedua", putusan="tolak.bogus")
    with LabelReviews(settings.reviews) as file:
        assert [(row.action, row.counts) for row in file.verdicts()] == [
            ("correct", True),
            ("opinion", False),
        ]
        assert next(iter(file.held().values())).labels.kind == "pelanggaran"
    assert "/tinjau/a1?" not in second.get("/tinjau?urut=kedua").text
    assert "jenis berita" in second.get("/mutu").text


def test_only_the_drawn_count_for_precision(desk: TestClient, settings: Settings) -> None:
    with closing(current_snapshot(settings.snapshots).connect(restricted=True)) as db:
        hashes = dict(fetch(db, "SELECT article_id, text_hash FROM articles WHERE kind = 'pencegahan'"))
    drawn = next(key for key, text in hashes.items() if is_drawn(text))
    save(desk, "a1", "?antrean=1", putusan="tolak.bogus")
    assert "0 di antaranya terambil acak" in desk.get("/mutu").text
    save(desk, drawn, "?antrean=1")
    page = desk.get("/mutu").text
    assert "2 artikel sudah ditinjau, 1 di antaranya terambil acak" in page
    precision = page.partition('id="ketepatan"')[2].partition("</section>")[0]
    assert "Pencegahan" in precision
    assert "Dugaan pelanggaran" not in precision


def test_events_are_split_joined_and_given_back(desk: TestClient, settings: Settings) -> None:
    with closing(current_snapshot(settings.snapshots).connect()) as db:
        events = dict(fetch(db, "SELECT article_id, event_id FROM event_members WHERE is_primary"))
    assert events["b"] == events["c"] != events["a1"]
    path = f"/tinjau/kejadian/{events['b']}"
    form = form_on(desk, path)
    assert desk.post(path, data=form | {"artikel.c": "1", "catatan": HOSTILE}).status_code == 303
    page = desk.get(path)
    assert "Dipisah" in page.text
    assert "<script>alert" not in page.text
    stale = desk.post(path, data=form | {"artikel.b": "1"})
    assert stale.status_code == 409
    assert "Anda sendiri baru saja memutuskan" in stale.text
    join = form_on(desk, path) | {"putusan": "gabung"}
    assert (
        desk.post(path, data=join | {"kejadian": f"http://127.0.0.1/kasus/{events['a1']}"}).status_code == 303
    )
    for values, told in (
        ({"kejadian": "bukan id"}, "alamat atau id"), ({"kejadian": "0" * 32}, "tidak ada"),
        ({"kejadian": events["b"]}, "sendiri"), ({"putusan": "pisah"}, "pilih artikel"),
        ({"putusan": "pisah", "artikel.a1": "1"}, "bukan bagian"),
        ({"putusan": "pisah", "artikel.b": "1", "artikel.c": "1"}, "sisakan"),
        ({"putusan": "urungkan", "keputusan": "77"}, "tidak ada"),
        ({"putusan": "urungkan", "keputusan": "x"}, "tidak dikenal"),
    ):  # fmt: skip
        answer = desk.post(path, data=form_on(desk, path) | {"putusan": "gabung"} | values)
        assert answer.status_code == 400
        assert told in answer.text
    undo = form_on(desk, path) | {"putusan": "urungkan", "keputusan": "1"}
    assert desk.post(path, data=undo).status_code == 303
    assert "diurungkan tinjau" in desk.get(path).text


def test_a_publication_takes_decisions_up(published: Path, tmp_path: Path) -> None:
    import shutil

    for name in ("snapshots", "desk", "store"):
        shutil.copytree(published / name, tmp_path / name)
    settings = Settings(var=tmp_path)
    with browse(settings, "tinjau") as client:
        save(client, putusan="tolak.tidak_terkait")
        with open_store(settings.store) as store:
            publish(store, settings.snapshots, reviews=settings.reviews)
        page = client.get("/tinjau/a1").text
        assert "Lainnya" in page
        assert "penerbitan berikutnya" not in page
        assert "ditolak peninjau (peran tinjau)" in client.get("/artikel/a1").text
        question = client.get("/tanya/beda-tinjauan").text
        assert "Dugaan pelanggaran" in question
        assert "dugaan kasus, satu per satu" in question
        assert "menerbitkan snapshot ini" in client.get("/proses").text
        log_in(client, "lihat")
        for path in ("/artikel/a1", "/kasus", "/mutu", "/tanya/kesepakatan"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert not any(name in answer.text for name in ("Sutrasna", "Wirabaya"))


PAGES = ("/tinjau", "/tinjau/a1", "/tinjau/kejadian/" + "0" * 32)


def test_roles_hold_by_direct_address(desk: TestClient, settings: Settings) -> None:
    form = form_on(desk, "/tinjau/a1") | {"putusan": "simpan"}
    assert log_in(desk, "lihat") == 303
    token = re.search(r'name="csrf" value="([^"]+)"', desk.get("/kasus").text)
    assert token
    for path in PAGES:
        assert desk.get(path).status_code == 403
    for path in ("/tinjau/a1", "/tinjau/a1/urungkan", PAGES[2]):
        assert desk.post(path, data=form | {"csrf": token[1]}).status_code == 403
    assert not settings.reviews.exists()
    desk.cookies.clear()
    for path in PAGES:
        assert desk.get(path).headers["location"].startswith("/masuk?ke=")
    assert desk.post("/tinjau/a1", data=form).status_code == 403


def test_forms_without_their_token_decide_nothing(
    desk: TestClient, second: TestClient, settings: Settings
) -> None:
    form = form_on(desk, "/tinjau/a1") | {"putusan": "simpan"}
    for token in ("", "tebakan", form_on(second, "/tinjau/a1")["csrf"]):
        for path in ("/tinjau/a1", "/tinjau/a1/urungkan", PAGES[2]):
            assert desk.post(path, data=form | {"csrf": token}).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    assert desk.post("/tinjau/a1", data=form, headers=foreign).status_code == 403
    assert not settings.reviews.exists()


def test_a_hostile_note_stays_text(desk: TestClient, second: TestClient) -> None:
    mine = form_on(desk, "/tinjau/a1") | {"putusan": "simpan", "catatan": HOSTILE}
    stale = form_on(second, "/tinjau/a1") | {"putusan": "simpan", "k0.sanksi": HOSTILE + "2"}
    assert desk.post("/tinjau/a1", data=mine).status_code == 303
    conflict = second.post("/tinjau/a1", data=stale)
    assert conflict.status_code == 409
    for text in (desk.get("/tinjau/a1").text, conflict.text):
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "{{7*7}}" in text


FIELDS = (
    "jenis_berita pemilihan tempat tanggal jenis. k0.jenis. k0.tempat k0.tahap k0.hasil.pidana k0.t0.nama k0.t0.jumlah"
    " k0.register k0.tolak k0.bukti terakhir bacaan urut wilayah antrean pendapat putusan"
).split()


@pytest.mark.parametrize(
    "value",
    ["' OR 1=1 --\x00", "a" * 3000, "😀\ud800", "9" * 40, "../<b>", "duplikat", "000000001" + "9" * 5000],
)
def test_no_value_breaks_a_page(desk: TestClient, value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    for path in ("/tinjau", "/tinjau/a1"):
        for name in ("urut", "wilayah", "hal", "lalu", "keputusan", "snapshot"):
            assert desk.get(path, params={name: value}).status_code in (200, 400, 503)
    plain = form_on(desk, "/tinjau/a1") | {"putusan": "simpan"}
    for name in FIELDS:
        sent = {**plain, f"{name}{value}": "1"} if name.endswith(".") else {**plain, name: value}
        assert desk.post("/tinjau/a1", data=sent).status_code in (303, 400, 409), name
    for name in ("putusan", "keputusan", "kejadian", "terakhir"):
        for path in ("/tinjau/a1/urungkan", PAGES[2]):
            sent = {"csrf": plain["csrf"], "putusan": "gabung", name: value}
            assert desk.post(path, data=sent).status_code in (303, 400, 404, 409)
