"""Back-fills: one part a file, exactly once, whatever dies; a page that kills its reader costs itself alone."""

from __future__ import annotations

import fcntl
import gzip
import json
import multiprocessing
import os
import random
import shutil
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import warcs
from backfilling import BAIT, ROOT, finish, kill, lines, make_plan, rows_hash, start, urls
from nights import Installation, write_about
from ranges import Files, serve_files
from sites import Site, make_posts, serve

from crawler.canonical import canonical_url
from crawler.scan import BROKEN, PASSED
from pipeline.backfill.glance import is_indonesian
from pipeline.backfill.parts import read_part
from pipeline.backfill.run import backfill
from pipeline.backfill.runners import LocalRunner
from pipeline.backfill.unit import UnitReader
from pipeline.backfill.units import BackfillError, Unit, find_units
from pipeline.lock import LockError

ROWS = 34  # pages that are read, a batch holding 16


@dataclass(frozen=True)
class Run:
    """A back-fill that ran undisturbed but for its baits: the folder, what was made, the report."""

    folder: Path
    made: dict[str, warcs.Made]
    report: dict[str, Any]

    @property
    def out(self) -> Path:
        return self.folder / "out"


def plain(folder: Path) -> warcs.Made:
    return warcs.make_warc(folder / "b.warc.gz", ROWS, seed=2, foreign=0, broken=0, huge=0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three files: one with a bait in an article, a plain one, and one whose language cannot even be looked at."""
    folder = tmp_path_factory.mktemp("backfill")
    given = folder / "w"
    made = {"a": warcs.make_warc(given / "a.warc.gz", 60, bait=BAIT, huge=0.02), "b": plain(given)}
    deadly = warcs.response("https://kabar-maut.my.id/2024/10/7/kabar-yang-mematikan-pembacanya/",
                            f"<p>{BAIT} dan kata lain yang cukup panjang untuk dilihat</p>".encode(), 1)  # fmt: skip
    (given / "c.warc.gz").write_bytes(warcs.zip_record(deadly))
    return Run(folder, made, finish(start(folder, "w", "--out", "out", trap=True, workers=2), 1))


def test_every_article_has_one_row(run: Run) -> None:
    asked = {canonical_url(url) for made in run.made.values() for url in made.articles}
    assert sorted(urls(run.out)) == sorted(asked)
    assert run.report["articles"] == len(asked) - 1
    for name, made in run.made.items():
        line = lines(run.out)[name]
        assert line["records"] >= sum(made.counts.values())
        assert line["rows"] == line["pages"] == len(made.articles)
    assert lines(run.out)["a"]["broken"]


def test_a_page_that_kills_its_reader_costs_itself_alone(run: Run) -> None:
    assert run.report["refused"] == {"crashed": 1}
    (part,) = (path for path in (run.out / "parts").glob("a-*.parquet"))
    (bad,) = (row for batch in read_part(part, 100) for row in batch if row.refusal)
    assert bad.refusal
    assert bad.refusal.url == run.made["a"].bait
    assert "SIGKILL" in bad.refusal.detail


def test_a_file_that_kills_its_workers_is_quarantined_and_told(run: Run) -> None:
    assert [Path(unit).name for unit in run.report["quarantined"]] == ["c.warc.gz"]
    assert run.report["done"] == 2
    assert "c.warc.gz" in run.report["told"]
    assert "Traceback" not in run.report["told"]
    row = json.loads((run.out / "quarantine.jsonl").read_text())
    assert "SIGKILL" in row["detail"]
    passed_over = finish(start(run.folder, "w", "--out", "out", trap=True), 1)
    assert passed_over["already"] == 2
    assert len(passed_over["quarantined"]) == 1


def test_nobody_else_reads_the_parts(run: Run) -> None:
    files = [*run.out.rglob("*.parquet"), *run.out.glob("*.jsonl")]
    assert len(files) == 4
    for path in [run.out, *(run.out / "work").rglob("*/"), *files]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert list((run.out / "work").glob("[ab]-*")) == []


def test_killed_in_any_stage_the_rows_are_the_same(run: Run, tmp_path: Path) -> None:
    shutil.copytree(run.folder / "w", tmp_path / "w", ignore=shutil.ignore_patterns("[ac].*"))
    plan = make_plan(tmp_path / "out")
    (unit,) = find_units([str(tmp_path / "w")], plan.how)
    kills = 0
    for files in (1, 3, 4):  # while it looks through the file, after a first batch, after a second one
        ran = start(tmp_path, "w", "--out", "out")
        while ran.poll() is None and plan.progress(unit)[0] < files:
            time.sleep(0.01)
        kills += ran.poll() is None
        kill(ran)
        with (tmp_path / "out" / "manifest.jsonl").open("a") as file:
            file.write('{"torn": ')
    assert finish(start(tmp_path, "w", "--out", "out"))["done"] == 1
    assert kills
    assert rows_of(tmp_path / "out", "b") == rows_of(run.out, "b")
    (line,) = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    assert json.loads(line)["rows"] == ROWS


def test_a_killed_worker_is_replaced_and_goes_on(run: Run, tmp_path: Path) -> None:
    file, plan = plain(tmp_path).path, make_plan(tmp_path / "out")
    (unit,) = find_units([str(file)], plan.how)
    hit: list[int] = []

    def strike() -> None:
        while not hit:
            if plan.progress(unit)[0] >= 3:  # the scan, its pages, and a first batch
                for child in multiprocessing.active_children():
                    os.kill(child.pid or 0, signal.SIGKILL)
                    hit.append(plan.progress(unit)[0])
            time.sleep(0.01)

    threading.Thread(target=strike, daemon=True).start()
    report = backfill(plan, [unit], LocalRunner(1))
    assert hit
    assert report.whole
    assert lines(tmp_path / "out")["b"]["rows"] == ROWS
    assert rows_of(tmp_path / "out", "b") == rows_of(run.out, "b")


def rows_of(out: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of one part without the file's path, which differs."""
    (part,) = (out / "parts").glob(f"{name}-*.parquet")
    rows = pq.read_table(part).to_pylist()
    for row in rows:
        row["captures"] = [{**c, "warc": ""} for c in json.loads(row["captures"])]
    return rows


def test_a_unit_is_read_once_and_anew_for_another_model(tmp_path: Path) -> None:
    warcs.make_warc(tmp_path / "x.warc.gz", 3, foreign=0, broken=0, huge=0)
    plan = make_plan(tmp_path / "out")
    (unit,) = find_units([str(tmp_path / "x.warc.gz")], plan.how)
    reader = UnitReader(plan)
    try:
        first = reader.read(unit)
        (tmp_path / "x.warc.gz").unlink()
        (plan.work(unit) / "pages").mkdir(parents=True)  # what a kill leaves behind the part
        draft = plan.part(unit).with_name(f".{plan.part(unit).name}.99")
        draft.touch()
        assert reader.read(unit) == first
        assert not plan.work(unit).exists()
        assert not draft.exists()
        plan.work(unit).mkdir()
        assert backfill(plan, [unit], LocalRunner(1)).already == 1
        assert not plan.work(unit).exists()
    finally:
        reader.close()
    with pytest.raises(BackfillError, match="same wartawas everywhere"):
        UnitReader(type(plan)(plan.out, plan.sources, plan.how, "another"))
    assert type(plan)(plan.out, plan.sources, plan.how, "another").done(unit) is None


def test_two_that_read_one_file_do_it_one_after_the_other(tmp_path: Path) -> None:
    warcs.make_warc(tmp_path / "x.warc.gz", 1, foreign=0, broken=0, huge=0)
    plan = make_plan(tmp_path / "out")
    (unit,) = find_units([str(tmp_path / "x.warc.gz")], plan.how)
    plan.work(unit).mkdir(parents=True)
    reader, found = UnitReader(plan), []
    other = threading.Thread(target=lambda: found.append(reader.read(unit)))
    with (plan.work(unit) / ".lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        other.start()
        time.sleep(0.5)
        assert plan.progress(unit) == (0, 0)
    other.join()
    reader.close()
    assert found == [plan.done(unit)]


def test_work_in_progress_and_long_lists_are_no_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path / "out")
    (plan.out / "work" / "x" / "pages").mkdir(parents=True)
    for file in (tmp_path / "a.warc.gz", plan.out / "work" / "x" / "pages" / "1.warc.gz"):
        file.touch()
    found = find_units([str(tmp_path)], plan.how, besides=plan.out)
    assert [unit.address for unit in found] == [str(tmp_path / "a.warc.gz")]
    monkeypatch.setattr("pipeline.backfill.units._MAX_LIST", 40)
    (tmp_path / "l.paths").write_text("a.warc.gz\n" * 5)
    (tmp_path / "l.paths.gz").write_bytes(gzip.compress(b"a.warc.gz\n" * 5))
    for name in ("l.paths", "l.paths.gz"):
        with pytest.raises(BackfillError, match="larger than 40"):
            find_units([str(tmp_path / name)], plan.how)


def test_a_part_that_was_removed_or_damaged_is_made_again(tmp_path: Path) -> None:
    for name in "xy":
        warcs.make_warc(tmp_path / "w" / f"{name}.warc.gz", 2, foreign=0, broken=0, huge=0)
    plan = make_plan(tmp_path / "out")
    removed, damaged = units = find_units([str(tmp_path / "w")], plan.how)
    backfill(plan, units, LocalRunner(1))
    known = sorted(urls(tmp_path / "out"))
    plan.part(removed).unlink()
    plan.part(damaged).write_bytes(b"PAR1")
    assert backfill(plan, units, LocalRunner(1)).done == 2
    assert sorted(urls(tmp_path / "out")) == known


def test_files_that_cannot_be_read_are_named_and_the_others_done(tmp_path: Path) -> None:
    warcs.make_warc(tmp_path / "s" / "good.warc.gz", 2, foreign=0, broken=0, huge=0)
    (tmp_path / "s" / "bad.warc.gz").write_bytes(b"<html>moved</html>" * 99)
    with gzip.open(tmp_path / "s" / "warc.paths.gz", "wt") as file:
        file.write("gone.warc.gz\nbad.warc.gz\n\ngood.warc.gz\n")
    with serve_files(Files(tmp_path / "s")) as files:
        ran = start(tmp_path, f"{files.url}/warc.paths.gz", "--out", "out", workers=2)
        report = finish(ran, 1)
    assert report["done"] == 1
    assert report["articles"] == 2
    assert "404" in report["failed"][f"{files.url}/gone.warc.gz"]
    assert "not a WARC" in report["failed"][f"{files.url}/bad.warc.gz"]
    assert "2 files have no part" in report["told"]
    assert "start it again" in report["told"]


def test_a_file_that_is_no_warc_is_not_told_to_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "bad.warc.gz").write_bytes(b"<html>moved</html>" * 99)
    told = finish(start(tmp_path, "bad.warc.gz", "--out", "out"), 1)["told"]
    assert "1 file has no part: " in told
    assert told.rstrip().endswith("give WARC files only")


def test_one_back_fill_a_folder(tmp_path: Path) -> None:
    from pipeline.lock import hold_lock

    plan = make_plan(tmp_path / "out")
    (tmp_path / "out").mkdir()
    with (
        hold_lock(tmp_path / "out" / "backfill.lock", "backfill"),
        pytest.raises(LockError, match="backfill"),
    ):
        backfill(plan, [Unit("x.warc.gz")], LocalRunner(1))


def test_own_archive_is_read_with_what_discovery_said(tmp_path: Path) -> None:
    at = Installation(tmp_path)
    with serve(Site(make_posts(3, pages=2, etag=False))) as site:
        for slug, post in site.posts.items():
            post.text = write_about(slug)
        source = site.source("wp_rest")
        at.crawl(source)
    nightly = at.process(source)
    (unit,) = find_units([str(at.settings.archive)], make_plan(tmp_path).how)
    plan = make_plan(tmp_path / "out")
    plan = type(plan)(plan.out, {source.slug: source}, plan.how, plan.model)
    reader = UnitReader(plan)
    try:
        line = reader.read(unit)
    finally:
        reader.close()
    assert line["articles"] == nightly.articles == 3
    (part,) = (tmp_path / "out" / "parts").iterdir()
    for found in (row for batch in read_part(part, 10) for row in batch):
        assert found.captures[0].hints
        assert found.captures[0].warc == unit.name == f"{source.slug}/{Path(unit.address).name}"
        assert len(found.captures) == 2
        assert found.article
        assert "Halaman 2" in found.article.text


def test_lists_are_resolved_as_they_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    how = make_plan(tmp_path).how
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.warc.gz").touch()
    (tmp_path / "warc.paths").write_text(
        "crawl-data/CC-NEWS/2024/11/a.warc.gz\nhttps://x.example/b.warc.gz\n"
    )
    (tmp_path / "own.txt").write_text("# mine\nx.warc.gz\n")

    def addresses(*given: str, base: str | None = None) -> list[str]:
        return [unit.address for unit in find_units(given, how, base)]

    crawl = "https://data.commoncrawl.org/crawl-data/CC-NEWS/2024/11/a.warc.gz"
    assert addresses("warc.paths") == [crawl, "https://x.example/b.warc.gz"]
    assert addresses("warc.paths", base="http://mirror.example/cc")[0].startswith(
        "http://mirror.example/cc/crawl-data/"
    )
    assert addresses("own.txt", "x.warc.gz", ".") == [str(tmp_path / "x.warc.gz")]
    with serve_files(Files(tmp_path)) as files:
        assert addresses(f"{files.url}/warc.paths")[0] == f"{files.url}/crawl-data/CC-NEWS/2024/11/a.warc.gz"
    (tmp_path / "wrong.txt").write_text("x.warc.gz\n/etc/passwd\n")
    for given in ("wrong.txt", "none.warc.gz", "y.zip"):
        with pytest.raises(BackfillError, match=given.partition(".")[0]):
            find_units([given], how)


def test_glance_tells_languages_apart_before_parsing() -> None:
    dice = random.Random(4)
    for number in range(40):
        assert is_indonesian(warcs.article(number, dice)[1], "text/html")
        assert not is_indonesian(warcs.foreign_page(number, dice), "text/html")
    assert not is_indonesian(b"", "")
    began = time.process_time()
    for hostile in (b"<p " * 200_000, b"<" * 300_000, b"<script>" * 40_000, b"<!--" + b"x" * 400_000):
        is_indonesian(hostile, "")
    assert time.process_time() - began < 2


def test_rows_are_the_same_for_the_same_file(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run.out, copy)
    assert rows_hash(copy) == rows_hash(run.out)


def test_every_reason_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "backfill.md").read_text(encoding="utf-8")
    assert [reason for reason in PASSED if f"| {reason} |" not in guide] == []
    assert [reason for reason in BROKEN if f"`{reason}`" not in guide] == []
