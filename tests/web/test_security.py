"""What must hold for every address of the desk: who may open it, that no text acts, that no input breaks it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desks import HOSTILE, PASSWORD, browse
from findings import accused_article, make_capture, make_extraction, prevention_article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sites import Site
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.database import scalar
from pipeline.events import link_events
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store
from pipeline.web.accounts import ROLES, Accounts
from pipeline.web.guard import COOKIE
from pipeline.web.saved import Saved

# Who may open each address. A new one without a rule here fails the test.
RULES = {
    "GET /": "lihat", "GET /kasus": "lihat", "GET /kasus/{event}": "lihat", "GET /pencegahan": "lihat",
    "GET /artikel/{article}": "lihat", "GET /pejabat": "lihat", "GET /sumber": "lihat", "GET /sumber/{source}": "lihat",
    "GET /proses": "lihat", "GET /metode": "lihat", "GET /tren": "lihat", "GET /grafik/{name}.{kind}": "lihat",
    "GET /peta": "lihat", "GET /tanya": "lihat", "GET /tanya/{name}": "lihat", "GET /unduh/{name}.{kind}": "lihat",
    "GET /daftar/{name}.{kind}": "lihat", "GET /saringan": "lihat", "GET /kasus/{event}/form-a": "lihat",
    "GET /kasus/{event}/form-a.txt": "lihat", "GET /rekap": "lihat", "GET /rekap/{day}.{kind}": "lihat",
    "GET /cari": "lihat", "GET /mutu": "lihat",
    "GET /umpan/{name}.{kind}": "kunci",
    "GET /arsip/{article}": "tinjau", "GET /arsip/{article}/salinan": "tinjau",
    "GET /arsip/{article}/halaman.pdf": "tinjau", "GET /baca": "tinjau", "GET /baca/{link}": "tinjau",
    "GET /tinjau": "tinjau", "GET /tinjau/{article}": "tinjau", "GET /tinjau/kejadian/{event}": "tinjau",
    "GET /audit": "admin", "GET /metrik": "admin",
    "GET /masuk": "semua", "GET /favicon.ico": "semua",
    "POST /masuk": "semua", "POST /keluar": "semua", "POST /saringan": "lihat", "POST /saringan/ubah": "lihat",
    "POST /saringan/kunci": "lihat", "POST /saringan/kunci/cabut": "lihat", "POST /baca": "tinjau",
    "POST /tinjau/{article}": "tinjau", "POST /tinjau/{article}/urungkan": "tinjau",
    "POST /tinjau/kejadian/{event}": "tinjau",
}  # fmt: skip
FILLED = {
    "name": "kasus",
    "kind": "json",
    "event": "x",
    "article": "a1",
    "source": "x",
    "day": "x",
    "link": "x",
}
FORMULA = '=HYPERLINK("http://jahat.example";"klik")'
PARAMETERS = (
    "wilayah kecamatan desa sejak sampai jenis bentuk tahap hasil jabatan media asal pemilihan tahapan status q urut"
    " hal snapshot satuan ukuran pertama kedua kata artikel id tingkat minimal per hari teratas jenis_berita minggu"
    " jalur lembaga limit ke kunci"
).split()


def routes_of(app: Starlette) -> dict[str, Route]:
    """Return the routes by method and path; HEAD is asked as GET is."""
    return {
        f"{method} {route.path}": route
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or ())
        if method != "HEAD"
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs in which every text that comes from outside is hostile."""
    var = tmp_path_factory.mktemp("jahat")
    pairs = []
    for n, (article, read) in enumerate([accused_article("a1"), prevention_article("p1")]):
        bad = replace(
            article, title=f"{FORMULA} {HOSTILE}", url=f"javascript:alert({n})//kabar.example/{HOSTILE}",
            text=f"{article.text}\n\n{HOSTILE}\n\n{FORMULA}", outlet=f"kabar{HOSTILE}.example",
            author=HOSTILE,
        )  # fmt: skip
        cases = tuple(
            replace(case, sanction=FORMULA + HOSTILE, reg_no=HOSTILE, next_announced=HOSTILE, legal_refs=(HOSTILE,),
                    forum=(HOSTILE,), reporter=HOSTILE,
                    terlapor=tuple(replace(t, role=HOSTILE) for t in case.terlapor))
            for case in read.cases
        )  # fmt: skip
        pairs.append((bad, make_extraction(bad, *cases, why=(HOSTILE,), roles_present=(HOSTILE,))))
    site = Site([])
    site.url = "http://127.0.0.1:9"
    source = site.source().model_copy(update={"slug": "kabar", "name": HOSTILE})
    with open_store(var / "store" / "work.duckdb") as store:
        store.store_sources([source])
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        store.end_run(store.begin_run("process", "m1"), {HOSTILE: {HOSTILE: 1}})
        link_events(store)
        publish(store, var / "snapshots")
    return var


@pytest.fixture(scope="module")
def client(hostile: Path) -> Iterator[TestClient]:
    """Return a browser at the hostile desk, which has an account of each role."""
    accounts = Accounts(hostile / "desk" / "accounts.sqlite")
    for role in ROLES:
        accounts.add(role, PASSWORD, role)
        Saved(accounts).save(role, HOSTILE, "/kasus", f"q={HOSTILE}")
    with browse(Settings(var=hostile)) as opened:
        yield opened


def become(client: TestClient, role: str | None) -> str:
    """Give the browser a fresh session of a role, or none; return the token of its forms."""
    client.cookies.clear()
    if role is None:
        client.get("/masuk")
        return client.cookies["wartawas_form"]
    accounts: Accounts = client.app.state.desk.accounts  # type: ignore[attr-defined]
    token = accounts.log_in(role, PASSWORD, "127.0.0.1")
    assert token
    client.cookies.set(COOKIE, token)
    session = accounts.session(token)
    assert session
    return session.csrf


def fill(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED[found[1]], path)


def case_of(client: TestClient) -> str:
    return re.findall(r"/kasus/[0-9a-f]{32}", client.get("/kasus").text)[0]


def test_every_address_has_a_rule(client: TestClient) -> None:
    assert set(routes_of(client.app)) == set(RULES)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [None, *ROLES])
def test_nobody_opens_what_is_not_for_their_role(client: TestClient, role: str | None) -> None:
    order = [None, *ROLES]
    token = become(client, role)
    for rule, wanted in RULES.items():
        method, path = rule.split(" ")
        if path == "/keluar":
            continue  # it would end this session
        may = wanted == "semua" or order.index(role) >= (1 if wanted == "kunci" else order.index(wanted))  # type: ignore[arg-type]
        if method == "GET":
            answer = client.get(fill(path))
            barred = answer.status_code in (401, 403) or answer.headers.get("location", "").startswith(
                "/masuk"
            )
        else:
            answer = client.post(fill(path), data={"csrf": token})
            barred = answer.status_code == 403 and not path.startswith("/masuk")
        assert barred != may, f"{rule} as {role}: {answer.status_code}"


def test_every_form_wants_its_token(client: TestClient) -> None:
    become(client, "admin")
    for rule in (rule for rule in RULES if rule.startswith("POST ")):
        path = fill(rule.removeprefix("POST "))
        for data in ({}, {"csrf": ""}, {"csrf": "tebakan"}):
            assert client.post(path, data=data).status_code == 403, rule
        foreign = {"sec-fetch-site": "cross-site"}
        assert client.post(path, data={"csrf": "x"}, headers=foreign).status_code == 403, rule
    assert client.get("/kasus").status_code == 200, "the session goes on"


def test_no_text_from_outside_becomes_markup(client: TestClient) -> None:
    become(client, "admin")
    case = case_of(client)
    prevention = re.findall(r"/kasus/[0-9a-f]{32}", client.get("/pencegahan").text)[0]
    pages = [
        "/", "/kasus", "/pencegahan", case, prevention, "/artikel/a1", "/artikel/p1", "/pejabat?jabatan=desa",
        "/sumber", "/sumber/kabar", "/proses", "/metode", "/tren", "/peta", "/peta?wilayah=32", "/tanya",
        "/tanya/rekap", "/tanya/berita", "/tanya/sumber", "/tanya/klaim", "/cari?kata=alert", "/rekap", "/saringan",
        "/audit", "/baca",
        f"{case}/form-a", "/tinjau", "/tinjau/a1", "/mutu", f"/tinjau/kejadian/{case.rpartition('/')[2]}",
        "/umpan/kasus.atom", "/rekap/2024-10-06.html",
    ]  # fmt: skip
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert not re.search(r"""(?:href|src|action)=["']?\s*javascript:""", answer.text, re.IGNORECASE), path
        assert ">49<" not in answer.text, f"{path}: a template was run"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert sum(HOSTILE[:7] in client.get(path).text.replace("&lt;", "<") for path in pages[:12]) > 4, (
        "it was shown"
    )


@pytest.mark.parametrize(
    "path", ["/daftar/kasus", "/daftar/pencegahan", "/unduh/rekap", "/unduh/berita", "/unduh/cari"]
)
def test_no_cell_of_a_file_runs(client: TestClient, path: str) -> None:
    become(client, "lihat")
    query = "?kata=jahat" if path.endswith("cari") else ""
    text = client.get(f"{path}.csv{query}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 1
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@")) or cell[:2] == "-="]
    with zipfile.ZipFile(io.BytesIO(client.get(f"{path}.xlsx{query}").content)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
        assert b"HYPERLINK" in b"".join(book.read(name) for name in book.namelist())
    assert sheets and not any(b"<f>" in sheet or b"<hyperlink " in sheet for sheet in sheets)


@pytest.mark.parametrize("step", ["../", "..%2f", "%2e%2e/", "..%5c", "....//", "%00", "/etc/", "..%252f"])
def test_no_path_leads_out_of_a_folder(client: TestClient, step: str) -> None:
    become(client, "admin")
    for pattern in (
        "/unduh/{}passwd.csv", "/daftar/{}kasus.csv", "/umpan/{}kasus.json", "/arsip/{}", "/arsip/{}/salinan",
        "/arsip/{}/halaman.pdf", "/rekap/{}2024-10-06.pdf", "/grafik/{}tren.svg", "/static/{}app.py", "/sumber/{}",
        "/unduh/rekap.csv?snapshot={}1", "/kasus/{}form-a.txt",
    ):  # fmt: skip
        answer = client.get(pattern.format(step * 4))
        assert answer.status_code in (200, 303, 400, 404), pattern
        assert b"root:" not in answer.content
        assert b"SQLite format" not in answer.content
        assert b"def make_app" not in answer.content
        if answer.status_code == 200:  # the browser itself went up to a page of the desk
            assert "snapshot=" in pattern or b"<html lang" in answer.content


def test_a_request_that_needs_too_much_memory_is_told_so(client: TestClient) -> None:
    become(client, "lihat")
    db = client.app.state.desk.view(None).db  # type: ignore[attr-defined]
    before = scalar(db, "SELECT current_setting('memory_limit')")
    db.execute("SET memory_limit = '10KB'")  # of all that have this file open in this process
    try:
        answer = client.get("/daftar/kasus.csv")
    finally:
        db.execute(f"SET memory_limit = '{before}'")
    assert answer.status_code == 503
    assert "persempit saringan" in answer.text


NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["' OR 1=1 --", '"; DROP TABLE events; --', "$f", "?1", "%", "_", "\x00", "\ud83d", "٣٢", "32.", "-1", "1e9",
         "NaN", "0001-01-01", "9999-12-31", "2024-02-30", "netralitas.", "..", "a" * 3000, "{{7*7}}", "💥", "NULL",
         "1" * 30, "000000001" + "9" * 5000]
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rule=st.sampled_from(sorted(rule for rule in RULES if rule.startswith("GET "))),
    words=st.lists(
        st.text(st.characters(exclude_characters="/?#"), min_size=1, max_size=20), min_size=3, max_size=3
    ),
    query=st.dictionaries(st.sampled_from(PARAMETERS), NASTY, max_size=4),
    role=st.sampled_from(["lihat", "admin"]),
)
def test_no_input_breaks_an_address(
    client: TestClient, rule: str, words: list[str], query: dict[str, str], role: str
) -> None:
    known = {
        "name": "rekap",
        "kind": "json",
        "event": "x",
        "article": "a1",
        "source": "kabar",
        "day": "2024-10-06",
    }
    place = iter(words)
    path = re.sub(
        r"\{(\w+)\}",
        lambda found: known.get(found[1], "x") if len(query) > 1 else _quoted(next(place)),
        rule.removeprefix("GET "),
    )
    if client.cookies.get(COOKIE) is None or client.__dict__.get("role") != role:
        become(client, role)
        client.__dict__["role"] = role
    plain = {key: value.encode("utf-8", "replace").decode() for key, value in query.items()}
    answer = client.get(path, params=plain)  # an exception in a handler is raised here
    assert answer.status_code in (200, 204, 303, 400, 403, 404), f"{path} {plain}: {answer.status_code}"
    assert "Traceback" not in answer.text


def _quoted(word: str) -> str:
    from urllib.parse import quote

    return quote(word.encode("utf-8", "replace").decode(), safe="")
