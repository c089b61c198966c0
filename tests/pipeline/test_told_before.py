"""Each case is told once: whoever published it, and though a notice was not taken or the store was in use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from night_run import NightHome
from receivers import serve_webhook
from stories import case_article, store_pairs
from test_nightly import dead_source

from pipeline.nightly import NightOptions, run_night
from pipeline.settings import Settings, Webhook
from pipeline.shelf import prune_snapshots
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.told import PAGE, load_told


def prepare(folder: Path) -> Settings:
    """Return the settings of an installation that has read one alleged case and published it by hand."""
    home = NightHome(folder)
    home.write(dead_source())
    with open_store(home.settings.store) as store:
        store_pairs(store, case_article("a1"))
        publish(store, home.settings.snapshots)
    return home.settings.model_copy(update={"sources": home.settings.var / "sources"})


def told(settings: Settings) -> str:
    """Run a night and return the first line of its page that counts cases."""
    record = run_night(settings, NightOptions(slugs=("situs-mati",), console=False))
    page = (settings.nights / f"{record.run}.txt").read_text(encoding="utf-8")
    return next(line for line in page.splitlines() if line.startswith("DUGAAN KASUS BARU"))


def test_cases_published_between_two_nights_are_told_once(tmp_path: Path) -> None:
    settings = prepare(tmp_path)
    assert told(settings) == "DUGAAN KASUS BARU (1)"
    with open_store(settings.store) as store:
        for key, name, village in (
            ("b", "Hartono Dwisaputra", "32.03.01.2001"),
            ("c", "Kosim Raharja", "32.04.05.2001"),
        ):
            store_pairs(store, case_article(key, name=name, village=village, day="2024-11-07"))
            publish(store, settings.snapshots)
    prune_snapshots(settings.snapshots, 1)  # as an erasure does
    assert told(settings) == "DUGAAN KASUS BARU (2)"
    assert told(settings) == "DUGAAN KASUS BARU (0)"


def test_next_notice_makes_up_for_one_that_was_not_taken(tmp_path: Path) -> None:
    with serve_webhook() as inbox:
        hook = Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/"})
        settings = prepare(tmp_path).model_copy(update={"webhook": hook})
        inbox.status = 500
        assert told(settings) == "DUGAAN KASUS BARU (1)"
        inbox.status = 200
        assert told(settings) == "DUGAAN KASUS BARU (0)"
        told(settings)
    subjects = [json.loads(body)["subject"].partition(": ")[2][:20] for _, _, body in inbox.posts]
    assert subjects == ["1 dugaan kasus baru,", "1 dugaan kasus baru,", "0 dugaan kasus baru,"]


def test_unreadable_note_of_what_was_told_tells_all_again(tmp_path: Path) -> None:
    (tmp_path / "told-page.json").write_text('{"e": 3')
    assert load_told(tmp_path, PAGE) == {}


@pytest.mark.parametrize(("held_s", "published"), [(1.0, "done"), (60.0, "failed")])
def test_night_waits_for_the_store_and_writes_its_page_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held_s: float, published: str
) -> None:
    settings = prepare(tmp_path)
    monkeypatch.setattr("pipeline.nightly._PATIENCE_S", 3.0)
    monkeypatch.setattr("pipeline.nightly._LOOK_S", 0.2)
    held = f"c = duckdb.connect({str(settings.store)!r}); print(1, flush=True); time.sleep({held_s})"
    with subprocess.Popen(
        [sys.executable, "-c", f"import duckdb, time; {held}"], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout and other.stdout.readline()
        record = run_night(settings, NightOptions(slugs=("situs-mati",), console=False))
        other.kill()
    stages = {stage.name: stage.status for stage in record.stages}
    assert (stages["publish"], stages["report"]) == (published, "done")
    assert (settings.nights / f"{record.run}.txt").is_file()
