from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from findings import WIB, accused_article, make_article, make_capture, make_refusal, prevention_article
from stories import case_article, store_pairs

from pipeline import query
from pipeline.cli import wartawas
from pipeline.cli.failure import Failure
from pipeline.cli.publish import publish as publish_command
from pipeline.cli.publish import snapshots as snapshots_command
from pipeline.cli.query import INVENTED, _show
from pipeline.cli.query import query as query_command
from pipeline.events import link_events
from pipeline.query import Filters, QuestionError
from pipeline.questions import QUESTIONS, ask
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import Store, StoredArticle, open_store
from pipeline.tables import cells, csv_text, json_rows


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """A folder of runs with two articles about one case, one in another regency, and a prevention event."""
    folder = tmp_path_factory.mktemp("var")
    pairs = [
        accused_article("a1"),
        accused_article("a2", outlet="lain.example", published=datetime(2024, 12, 1, 9, tzinfo=WIB)),
        prevention_article("p1"),
    ]
    with open_store(folder / "store" / "work.duckdb") as store:
        # the second outlet's page was fetched 20 days before the others: it is no living source
        ages = (0, -20 * 24, 0)
        captures = [make_capture(a, number=n, hour=ages[n]) for n, (a, _) in enumerate(pairs)]
        store.store_articles(StoredArticle(a, (c,)) for (a, _), c in zip(pairs, captures, strict=True))
        store.store_extractions(pairs)
        refused = make_capture(make_article("r", "Daftar."), number=9)
        store.store_refusals([(make_refusal(refused), refused)], "m1")
        link_events(store)
        publish(store, folder / "snapshots")
    return folder


@pytest.fixture
def db(var: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(current_snapshot(var / "snapshots").connect()) as con:
        yield con


def run(*arguments: str) -> Result:
    for command in (query_command, publish_command, snapshots_command):
        wartawas.add_command(command)
    return CliRunner().invoke(wartawas, arguments, catch_exceptions=True)


def test_every_answer_has_its_question() -> None:
    folder = Path(query.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    asked = set(re.findall(r'answer(?:_with_texts)?\(\s*db, "(\w+)"', code))
    assert {file.stem for file in (folder / "answers").glob("*.sql")} == asked


def test_baru_counts_a_case_once_and_says_diduga(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.baru(db)
    row = frame.iloc[0]
    assert len(frame) == 1
    assert (row["artikel"], row["media"], row["naskah"]) == (2, 2, 1)
    assert row["status"] == "diduga"
    assert row["wilayah"] == "Wanakerta, Kabupaten Garut"
    assert row["bukti"].startswith("Kepala Desa Wanakerta, S******* W*******, dilaporkan")


def test_newest_cases_are_those_that_became_known_last(tmp_path: Path) -> None:
    # the older case is told again after the younger one became known, elsewhere
    older, again = case_article("a1"), case_article("a2", outlet="lain.example", later=8)
    younger = case_article("b1", name="Wirya Sasmita", village="32.02.01.1001", day="2024-10-07", later=7)
    with open_store(tmp_path / "work.duckdb") as store:
        store_pairs(store, older, again, younger)
        link_events(store)
        publish(store, tmp_path / "snapshots")
    with closing(current_snapshot(tmp_path / "snapshots").connect()) as db:
        frame = query.baru(db)
        assert [f"{day:%m-%d}" for day in frame["tanggal"]] == ["10-08", "10-01"]
        (row,) = query.baru(db, Filters(sejak=date(2024, 10, 2))).to_dict("records")
        assert row["kejadian"] == frame["kejadian"][0]


def test_filters_cut_by_region_day_and_type(db: duckdb.DuckDBPyConnection) -> None:
    def cases(**values: object) -> int:
        return len(query.baru(db, Filters(**values)))  # type: ignore[arg-type]

    assert cases(wilayah="32") == cases(wilayah="32.05") == cases(wilayah="32.05.12.2011") == 1
    assert cases(wilayah="3") == cases(wilayah="32.0") == cases(wilayah="33") == 0
    assert cases(jenis="netralitas") == cases(jenis="netralitas.kades") == 1
    assert cases(jenis="netral") == cases(jenis="politik_uang") == 0
    assert cases(sejak=date(2024, 10, 1)) == cases(sampai=date(2024, 10, 1)) == 1
    assert cases(sejak=date(2024, 10, 2)) == cases(sampai=date(2024, 9, 30)) == 0


def test_kasus_per_wilayah_at_every_level(db: duckdb.DuckDBPyConnection) -> None:
    codes = {t: list(query.kasus_per_wilayah(db, tingkat=t)["kode"]) for t in get_args(query.Level)}
    assert codes == {"provinsi": ["32"], "kabupaten": ["32.05"], "kecamatan": ["32.05.12"]}
    assert query.kasus_per_wilayah(db).iloc[0]["dibaca"] == 3
    with pytest.raises(QuestionError, match="tingkat 'desa'"):
        query.kasus_per_wilayah(db, tingkat="desa")  # type: ignore[arg-type]


def test_pencegahan_stands_beside_the_cases_of_its_kecamatan(db: duckdb.DuckDBPyConnection) -> None:
    row = query.pencegahan(db).iloc[0]
    assert (row["wilayah"], row["kegiatan"], row["kasus"]) == ("Cibatu, Kabupaten Garut", 1, 1)


def test_total_and_totals_agree(db: duckdb.DuckDBPyConnection, var: Path) -> None:
    counted = query.totals(var / "snapshots" / "snap-1")
    assert counted == query.Totals(articles=3, cases=1, prevention=1, events=2, sources=2, living_sources=1)


def test_artikel_shows_where_each_value_stands(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.artikel(db, "a1")
    evidence = frame[frame["bagian"] == "bukti"].iloc[0]
    assert (evidence["awal"], evidence["akhir"]) == (0, accused_article()[0].text.index(".") + 1)
    assert "sha256 " in frame[frame["bagian"] == "halaman arsip"].iloc[0]["rincian"]
    with pytest.raises(QuestionError, match="'x': tidak ada dalam terbitan ini"):
        query.artikel(db, "x")


def test_sumber_counts_refused_pages(db: duckdb.DuckDBPyConnection) -> None:
    row = query.sumber(db).iloc[0]
    assert (row["sumber"], row["artikel"], row["ditolak"], row["hidup"]) == ("kabar", 3, 1, True)


def test_query_lists_its_questions() -> None:
    answer = run("query")
    assert answer.exit_code == 0
    assert [line.split()[0] for line in answer.output.splitlines()] == list(QUESTIONS)


def test_query_prints_json_and_csv_and_tables(var: Path) -> None:
    rows = [
        json.loads(line)
        for line in run("query", "membership", "--json", "--var", str(var)).output.splitlines()
    ]
    assert [set(row) for row in rows] == [{"id", "event_id"}] * 3
    assert rows[0]["event_id"] == rows[1]["event_id"] != rows[2]["event_id"]
    listed = run("query", "kasus-per-jenis", "--csv", "--var", str(var))
    assert listed.output.splitlines()[0] == "jenis,id,kasus,artikel,media"
    shown = run("query", "baru", "--var", str(var))
    assert "S******* W*******" in shown.output
    assert "3 artikel dari 2 sumber (1 hidup)" in " ".join(shown.output.split())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "baru"], 1, "run `wartawas publish`"),
        (["query", "apa"], 2, "pertanyaan 'apa' tidak ada"),
        (["query", "trend"], 2, "mungkin tren?"),
        (["query", "artikel"], 2, "berikan id artikel"),
        (["query", "banding-wilayah", "32"], 2, "berikan dua kode wilayah, misalnya 32.05 32.02"),
        (["query", "banding-pemilihan"], 2, "berikan dua pemilihan, misalnya 'pilkada 2020' 'pilkada 2024'"),
        (["export", "a.geojson", "total"], 2, "no column `kode`"),
        (["query", "total", "--jenis", "netralitas"], 2, "tidak menerima --jenis\n"),
        (["query", "baru", "--hari", "3"], 2, "tidak menerima --hari (menerimanya: mandek, tenggat)\n"),
        (["query", "baru", "--sejak", "kemarin"], 2, "does not match"),
        (["query", "baru", "--json", "--csv"], 2, "exclude each other"),
        (["query", "baru", "--snapshot", "7"], 1, "no snapshot 7"),
        (["snapshots", "rollback", "7"], 1, "no snapshot 7"),
        (["publish"], 1, "no such store"),
    ],
)
def test_wrong_use_gives_one_line(
    arguments: list[str], code: int, message: str, var: Path, tmp_path: Path
) -> None:
    folder = tmp_path if message in ("run `wartawas publish`", "no such store") else var
    answer = run(*arguments, "--var", str(folder))
    error = answer.exception
    told, ended = (
        (str(error), error.code) if isinstance(error, Failure) else (answer.output, answer.exit_code)
    )
    assert message in f"{told}\n"
    assert ended == code


def test_snapshots_are_listed_rolled_back_and_pruned(var: Path) -> None:
    assert run("publish", "--json", "--var", str(var)).exit_code == 0
    assert run("snapshots", "rollback", "1", "--var", str(var)).exit_code == 0
    marks = [line[:1] for line in run("snapshots", "list", "--var", str(var)).output.splitlines()]
    assert marks == ["*", " "]
    rows = [json.loads(x) for x in run("snapshots", "list", "--json", "--var", str(var)).output.splitlines()]
    assert [(row["number"], row["current"]) for row in rows] == [(1, True), (2, False)]
    assert "0 snapshot" in run("snapshots", "prune", "--keep", "1", "--var", str(var)).output


def test_a_snapshot_of_another_version_gives_one_line(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "old.duckdb")) as con:
        con.execute("CREATE TABLE articles (id VARCHAR)")
        with pytest.raises(QuestionError, match="versi wartawas yang lain"):
            query.total(con)


HOSTILE = pd.DataFrame(
    {
        "a": ["=HYPERLINK(1)", "+62", "-1", "@x", "\t=1", " =1", "aman"],
        "b": ["\x1b[31mmerah", "a\u202eb", "x\ny", "", None, "nol\x00", "z"],
        "n": [1.5, None, 2.0, 3.0, 4.0, 5.0, 6.0],
    }
)


def test_csv_holds_no_live_formula() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(HOSTILE, note="CONTOH"))))
    assert rows[0] == ["a", "b", "n", "catatan"]
    assert [row[0] for row in rows[1:]] == [
        "'=HYPERLINK(1)", "'+62", "'-1", "'@x", "'\t'=1", "' =1", "aman"
    ]  # fmt: skip
    assert rows[2][2] == ""
    assert [row[1] for row in rows[1:]] == ["[31mmerah", "ab", "x\ny", "", "", "nol", "z"]


def test_empty_answer_of_invented_sources_keeps_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    for rows, told in ((HOSTILE, ""), (HOSTILE.head(0), f"wartawas: {INVENTED}\n")):
        _show(rows, "", as_json=False, as_csv=True, invented=True)
        shown = capsys.readouterr()
        assert shown.out.splitlines()[0] == "a,b,n,catatan"
        assert shown.err == told
    _show(HOSTILE.head(0), "", as_json=True, as_csv=False, invented=True)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"wartawas: {INVENTED}\n")


def test_terminal_cells_hold_no_control_characters() -> None:
    shown = "".join(cell for row in cells(HOSTILE) for cell in row)
    assert all(char.isprintable() for char in shown)


def test_json_writes_missing_values_as_null() -> None:
    assert json.loads(list(json_rows(HOSTILE))[4]) == {"a": "\t=1", "b": None, "n": 4.0}
    assert json.loads(list(json_rows(HOSTILE))[1])["n"] is None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"wilayah": "Subang"}, "Subang"),
        ({"wilayah": "3213"}, "3213"),
        ({"wilayah": "99"}, "99"),
        ({"jenis": "asal"}, "asal"),
        ({"sejak": date(2024, 2, 1), "sampai": date(2024, 1, 1)}, "lebih awal"),
    ],
)
def test_a_filter_that_can_match_nothing_is_refused(
    db: duckdb.DuckDBPyConnection, wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(query.QuestionError, match=named):
        ask(db, "kasus-per-jenis", Filters(**wrong), {})


def test_an_event_id_shows_its_first_article(db: duckdb.DuckDBPyConnection) -> None:
    event = query.baru(db)["kejadian"][0]
    assert query.artikel(db, event).equals(query.artikel(db, "a1"))


def test_an_outlet_that_prints_two_events_counts_once(tmp_path: Path, empty_store: Path) -> None:
    article, read = prevention_article("p1")
    other = replace(
        article,
        id="p2",
        title="Bawaslu Ajak Pemilih Pemula Awasi Pilkada",
        text="Bawaslu mengundang ratusan siswa SMA ke aula sekolah untuk belajar mengawasi pilkada, Selasa.",
        published=datetime(2024, 11, 19, 9, tzinfo=WIB),
    )
    later = replace(read, id="p2", mentions=(), officials=(), event=replace(read.event, date="2024-11-19"))
    pairs = [(article, read), (other, later)]
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, tmp_path / "snapshots")
    with closing(current_snapshot(tmp_path / "snapshots").connect()) as con:
        row = query.pencegahan(con).iloc[0]
    assert (row["kegiatan"], row["media"]) == (2, 1)


@pytest.mark.parametrize(
    ("decided", "stage", "outcomes", "status"),
    [
        (True, "putusan_sanksi", ["pidana=terbukti"], "terbukti (putusan lembaga berwenang)"),
        (False, "putusan_sanksi", ["pidana=tidak_terbukti"], "tidak terbukti (putusan lembaga berwenang)"),
        (False, "putusan_sanksi", ["pidana=tidak_terbukti", "kode_etik=belum"], "diduga"),
        (False, "dihentikan", ["pidana=dihentikan"], "dihentikan"),
        (False, "tidak_diregistrasi", [], "tidak diregistrasi"),
        (False, "klarifikasi", ["pidana=belum"], "diduga"),
        (False, "putusan_sanksi", [], "diduga"),
    ],
)
def test_what_may_be_said_of_a_case(
    db: duckdb.DuckDBPyConnection, decided: bool, stage: str, outcomes: list[str], status: str
) -> None:
    found = db.execute("SELECT status_of(?, ?, ?::VARCHAR[])", [decided, stage, outcomes]).fetchone()
    assert found == (status,)


def test_a_stopped_case_is_never_called_proven(store: Store, tmp_path: Path) -> None:
    article, read = accused_article("a")
    stopped = tuple(
        replace(c, stage="dihentikan", outcome={"administrasi": "terbukti", "pidana": "dihentikan"})
        for c in read.cases
    )
    store.store_articles([StoredArticle(article, (make_capture(article),))])
    store.store_extractions([(article, replace(read, cases=stopped))])
    link_events(store)
    with closing(publish(store, tmp_path / "snapshots").connect()) as con:
        assert query.baru(con)["status"].tolist() == ["dihentikan"]
