"""A night runs whole, alone, in its window; what fails or is killed loses nobody else's work."""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest
from findings import accused_article
from night_run import NightHome
from nights import write_about
from sites import Site, make_posts, serve
from stories import store_pairs

from crawler.source import Source
from pipeline.ids import text_hash
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.labelling import Labels, rejected
from pipeline.lock import LockError, hold_lock
from pipeline.logs import _QuietFile, open_log
from pipeline.night_record import NightRecord, Stage, load_records, night_of, prune_logs, save_record
from pipeline.reviews import TextRef
from pipeline.shelf import current_number
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.window import WindowError, window_end
from pipeline.zone import WIB


def make_site(count: int) -> Site:
    site = Site(make_posts(count, etag=False))
    for slug, post in site.posts.items():
        post.text = write_about(slug)
    return site


def dead_source() -> Source:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Source.model_validate(
        {
            "slug": "situs-mati", "name": "Situs Mati", "domains": [f"127.0.0.1:{port}"],
            "site": f"http://127.0.0.1:{port}", "allow_private": True, "politeness": {"delay_s": 0},
            "discovery": [{"method": "feed", "url": "/feed/"}],
        }
    )  # fmt: skip


@dataclass
class Lived:
    """What stands after a life of three nights: all well, one dead source, snapshots not writable."""

    home: NightHome
    outputs: list[tuple[int, dict[str, object], str]]
    pages: list[str]
    counts: list[int]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    home = NightHome(tmp_path_factory.mktemp("nightly"))
    told = Lived(home, [], [], [])

    def night() -> None:
        ran = home.run()
        told.outputs.append((ran.returncode, json.loads(ran.stdout), ran.stderr))
        told.pages.append(home.page())
        told.counts.append(sum(home.articles().values()))

    with serve(make_site(6)) as site:
        home.write(site.source("sitemap"))
        night()
        fresh = make_posts(3, start=datetime.now(UTC) - timedelta(hours=4))
        for n, post in enumerate(fresh):
            post.slug, post.text = f"kabar-susulan-nomor-{n:05d}", write_about(f"susulan {n}")
            site.posts[post.slug] = post
        home.write(site.source("sitemap"), dead_source())
        (home.folder / "blocked").mkdir()
        home.settings.snapshots.rename(home.folder / "blocked" / "snapshots")
        home.settings.snapshots.write_text("")  # nothing can be published there
        night()
        home.settings.snapshots.unlink()
        (home.folder / "blocked" / "snapshots").rename(home.settings.snapshots)
        night()
        yield told


def test_good_night_ends_with_0_and_leaves_its_record(lived: Lived) -> None:
    code, record, log = lived.outputs[0]
    assert code == record["exit_code"] == 0
    stages = {stage["name"]: stage["status"] for stage in record["stages"]}  # type: ignore[attr-defined]
    assert list(stages) == ["crawl", "process", "link", "retain", "publish", "report", "notify"]
    assert set(stages.values()) == {"done", "skipped"}
    assert stages["retain"] == stages["notify"] == "skipped"
    assert lived.counts[0] == 6
    assert "6 halaman diambil, 6 artikel dibaca" in lived.pages[0]
    assert "publish done" in log


def test_second_night_reads_what_is_new_though_publishing_fails(lived: Lived) -> None:
    code, record, log = lived.outputs[1]
    assert code == record["exit_code"] == 1
    assert "publish" in log and "wartawas: publish: " in log
    assert "Traceback" not in log
    assert lived.counts[1] == 9
    assert "TAHAP GAGAL: publish" in lived.pages[1]
    assert "Situs Mati (situs-mati), sejak malam" in lived.pages[1]


def test_third_night_publishes_all_and_only_sources_are_sick(lived: Lived) -> None:
    code, record, _ = lived.outputs[2]
    assert code == record["exit_code"] == 3
    assert record["sick"] == {"situs-mati": ["unreachable"]}
    publish = next(s for s in record["stages"] if s["name"] == "publish")  # type: ignore[attr-defined]
    assert publish["figures"]["articles"] == 9
    assert set(lived.home.articles().values()) == {1}
    assert "TAHAP GAGAL" not in lived.pages[2]


def test_runs_table_tells_of_each_night(lived: Lived) -> None:
    rows = lived.home.store_rows(
        "SELECT counts, problem FROM runs WHERE command = 'nightly' ORDER BY started_at"
    )
    assert [json.loads(counts)["publish"] for counts, _ in rows] == ["done", "failed", "done"]
    assert [problem is None for _, problem in rows] == [True, False, True]


def test_every_file_of_a_night_is_documented(lived: Lived) -> None:
    readme = Path(__file__).parents[2] / "data" / "README.md"
    told = readme.read_text(encoding="utf-8").partition("# Beside them (`var/`)")[2]
    rows = [row.split(" | ")[0] for row in told.splitlines() if row.startswith("| `")]
    names = [re.sub("<.*?>", "*", name) for row in rows for name in re.findall("`(.*?)`", row)]
    known = [
        *(f"{name}*" if name.endswith("/") else name for name in names),
        "store/work.duckdb",
        "snapshots/*",
    ]
    var = lived.home.settings.var
    files = [path.relative_to(var).as_posix() for path in var.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [file for file in files if not any(fnmatch(file, pattern) for pattern in known)] == []


def test_log_lines_are_json_with_run_source_and_address(lived: Lived) -> None:
    record = load_records(lived.home.settings.nights)[1]
    file = lived.home.settings.nights / f"{record.run}.log.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {row["run"] for row in rows} == {record.run}
    (dead,) = [row for row in rows if row.get("source") == "situs-mati" and row["event"] == "source crawled"]
    assert dead["url"].startswith("http://127.0.0.1:") and "unreachable" in dead["problem"]
    read = [row for row in rows if row["event"] == "article read"]
    assert len(read) == 3 and all(row["url"] and row["source"] for row in read)


def test_console_tells_the_time_of_the_window_with_its_zone(lived: Lived) -> None:
    record = load_records(lived.home.settings.nights)[-1]
    began = datetime.fromisoformat(record.started_at).astimezone(WIB)
    (_, _, shown) = lived.outputs[0]
    first = next(line for line in shown.splitlines() if " WIB " in line)
    told = datetime.strptime(first.partition(" WIB ")[0], "%H:%M:%S").replace(
        year=began.year, month=began.month, day=began.day, tzinfo=WIB
    )
    gap = (told - began) % timedelta(days=1)
    assert min(gap, timedelta(days=1) - gap) < timedelta(minutes=2)


def test_morning_shows_the_newest_page(lived: Lived) -> None:
    ran = lived.home.run("morning")
    assert ran.stdout.strip() == lived.pages[2].strip()
    html = lived.home.run("morning", "--html").stdout
    assert html.startswith("<!DOCTYPE html>") and "situs-mati" in html


def test_second_start_says_who_runs(lived: Lived) -> None:
    with hold_lock(lived.home.settings.var / "nightly.lock", "nightly"):
        ran = lived.home.run("nightly", "--now")
    assert ran.returncode == 1
    assert "`wartawas nightly` (process " in ran.stderr and "runs since" in ran.stderr
    assert len(load_records(lived.home.settings.nights)) == 3


def test_full_disk_stops_fetching_and_is_told(lived: Lived) -> None:
    ran = lived.home.run("nightly", "--now", "--json", WARTAWAS_DISK_MIN_FREE_GB="900000")
    record = json.loads(ran.stdout)
    stages = {stage["name"]: stage["status"] for stage in record["stages"]}
    assert ran.returncode == 1
    assert (stages["crawl"], stages["process"], stages["publish"]) == ("failed", "failed", "failed")
    assert stages["report"] == "done"
    assert "no room on the disk" in ran.stderr
    assert "DISK (full)" in lived.home.page()


def test_outside_of_the_window_nothing_is_fetched_but_the_rest_is_done(lived: Lived) -> None:
    later = datetime.now(WIB) + timedelta(hours=3)
    window = f"{later:%H:%M}-{later + timedelta(hours=2):%H:%M}"
    ran = lived.home.run("nightly", "--json", WARTAWAS_NIGHT_WINDOW=window)
    record = json.loads(ran.stdout)
    stages = {stage["name"]: stage["status"] for stage in record["stages"]}
    assert ran.returncode == 3, "one source is sick, and nothing else is wrong"
    assert stages["crawl"] == "skipped" and stages["publish"] == "done"
    assert f"outside of the window {window}" in ran.stderr
    assert f"TIDAK MERAYAPI: outside of the window {window}" in lived.home.page()


def test_schedule_that_always_misses_the_window_fails(tmp_path: Path) -> None:
    home = NightHome(tmp_path)
    home.write(dead_source())
    later = datetime.now(WIB) + timedelta(hours=3)
    window = f"{later:%H:%M}-{later + timedelta(hours=2):%H:%M}"
    tonight = date.fromisoformat(night_of(datetime.now(UTC)))
    before = f"{tonight - timedelta(days=1)}"
    late = Stage("crawl", "skipped", problem="outside of the window")
    # the night before was killed while it fetched, and read in the morning; tonight a start came too late already
    for run, night, crawl in (
        ("a", before, Stage("crawl", "failed")),
        ("b", before, late),
        ("c", f"{tonight}", late),
    ):
        record = NightRecord(
            f"20260301T140000Z-{run}", night, "2026-03-01T14:00:00+00:00", "done", stages=[crawl]
        )
        save_record(home.settings.nights, record)
    assert home.run("nightly", WARTAWAS_NIGHT_WINDOW=window).returncode == 0
    (home.settings.nights / "20260301T140000Z-a.json").unlink()  # as if it had only been too late
    ran = home.run("nightly", WARTAWAS_NIGHT_WINDOW=window)
    assert ran.returncode == 1
    assert "as the night before: correct the schedule or night.window" in ran.stderr


def test_nothing_is_published_without_what_reviewers_decided(tmp_path: Path) -> None:
    home = NightHome(tmp_path)
    home.write(dead_source())
    pair = accused_article()
    labels = Labels(pair[1].kind, cases=pair[1].cases)
    with open_store(home.settings.store) as store:
        store_pairs(store, pair)
        with LabelReviews(home.settings.reviews) as file:
            said = Verdict(
                TextRef(pair[0].url, text_hash(pair[0])), "reject", labels, rejected(labels, "bogus"),
                Model("m", 0.9, labels), "sari", "tinjau",
            )  # fmt: skip
            file.decide(said, seen=0)
        before = publish(store, home.settings.snapshots, reviews=home.settings.reviews).number
        # as if it had been read anew by another model
        store_pairs(store, (pair[0], replace(pair[1], model_version="m2")), hour=1)
    home.settings.reviews.rename(tmp_path / "away")
    later = datetime.now(WIB) + timedelta(hours=3)
    window = f"{later:%H:%M}-{later + timedelta(hours=2):%H:%M}"
    ran = home.run("nightly", "--json", WARTAWAS_NIGHT_WINDOW=window)
    stages = {stage["name"]: stage["status"] for stage in json.loads(ran.stdout)["stages"]}
    assert (stages["link"], stages["publish"]) == ("failed", "failed")
    assert "restore it from a backup" in ran.stderr
    assert current_number(home.settings.snapshots) == before


def test_killed_nights_go_on_and_lose_nothing(tmp_path: Path) -> None:
    home = NightHome(tmp_path)
    with serve(make_site(12)) as site:
        home.write(site.source("sitemap"))
        assert home.kill_at("crawl", 1.2) == -signal.SIGKILL
        assert home.kill_at("process", 1.0) == -signal.SIGKILL
        assert home.kill_at("publish", 0.1) == -signal.SIGKILL
        ran = home.run()
    assert ran.returncode == 0, ran.stderr
    assert [record.status for record in load_records(home.settings.nights)] == ["done", *["lost"] * 3]
    assert home.articles() == dict.fromkeys(site.posts, 1)
    assert "earlier night was lost" in ran.stderr
    doctor = home.run("doctor", "--json")
    levels = [json.loads(line)["level"] for line in doctor.stdout.splitlines()]
    assert "error" not in levels, doctor.stdout


def test_scheduler_that_stops_a_night_ends_it_in_order(tmp_path: Path) -> None:
    home = NightHome(tmp_path)
    with serve(make_site(3)) as site:
        home.write(site.source("sitemap"))
        assert home.kill_at("process", 0.3, signal.SIGTERM) == 130
        assert home.record().status == "interrupted"
        assert home.run().returncode == 0
    assert sum(home.articles().values()) == 3


def test_old_logs_are_removed(tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"2026030{n}T140000Z-a.log.jsonl").write_text("")
    (tmp_path / "20260301T140000Z-a.json").write_text("")
    prune_logs(tmp_path, keep=2)
    assert sorted(path.name[:8] for path in tmp_path.glob("*.log.jsonl")) == ["20260303", "20260304"]
    assert (tmp_path / "20260301T140000Z-a.json").is_file()


def test_console_shows_from_its_level_on_and_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_log(tmp_path / "a.log.jsonl", level="warning", run="r1") as log:
        log.info("quiet", source="s")
        log.warning("loud", url="https://x.example/\x1b[31m")
    told = capsys.readouterr().err
    assert "loud" in told and "quiet" not in told and "\x1b" not in told
    rows = [json.loads(line) for line in (tmp_path / "a.log.jsonl").read_text().splitlines()]
    assert [row["event"] for row in rows] == ["quiet", "loud"]
    assert all(row["run"] == "r1" and row["timestamp"] and row["level"] for row in rows)


def test_log_on_a_full_disk_ends_without_a_trace() -> None:
    file = _QuietFile("/dev/full")
    file.emit(logging.LogRecord("a", logging.INFO, "", 1, "a line", None, None))
    file.close()


def test_lock_is_free_again_after_the_block(tmp_path: Path) -> None:
    with (
        hold_lock(tmp_path / "a.lock", "backup"),
        pytest.raises(LockError, match="wartawas backup"),
        hold_lock(tmp_path / "a.lock", "nightly"),
    ):
        pass
    with hold_lock(tmp_path / "a.lock", "nightly"):
        pass


@pytest.mark.parametrize(
    ("local", "end"),
    [
        ("2026-03-01T22:00", "2026-03-01T22:00"),
        ("2026-03-02T04:59", "2026-03-01T22:00"),
        ("2026-03-02T05:00", None),
    ],
)
def test_window_crosses_midnight(local: str, end: str | None) -> None:
    found = window_end("21:00-05:00", datetime.fromisoformat(local).replace(tzinfo=WIB))
    assert (found and f"{found:%Y-%m-%dT%H:%M}") == end


def test_window_after_midnight_is_of_the_day_in_wib() -> None:
    now = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # 01.30 of 2 March in WIB
    assert window_end("00:30-05:00", now) == datetime(2026, 3, 1, 22, tzinfo=UTC)
    assert window_end("02:00-05:00", now) is None


def test_wrong_window_is_named() -> None:
    with pytest.raises(WindowError, match="21 to 5"):
        window_end("21 to 5", datetime.now(UTC))


def test_night_belongs_to_its_evening() -> None:
    assert night_of(datetime(2026, 3, 2, 4, 0, tzinfo=WIB)) == "2026-03-01"
    assert night_of(datetime(2026, 3, 2, 13, 0, tzinfo=WIB)) == "2026-03-02"
