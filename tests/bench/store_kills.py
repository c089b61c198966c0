"""kill -9 in the middle of storing, linking, publishing and processing: python tests/bench/store_kills.py [50] [5].

The second number is the longest time in seconds that storing may run before it is killed: more on a busy machine.

Half of the kills hit a process that stores, links and publishes batch after batch, half hit `wartawas process`
and `wartawas publish` on an archive of invented pages. A reader looks at the current snapshot throughout. At the
end the second store must hold what one that nobody killed holds.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "pipeline"), str(TESTS / "crawler")]

import reading  # noqa: E402
import storing  # noqa: E402
from nights import OLD, Installation, write_about  # noqa: E402
from sites import Site, make_posts, serve  # noqa: E402
from test_store_kills import check_snapshots, check_store, run_and_kill  # noqa: E402

from pipeline.database import connect, fetch  # noqa: E402
from pipeline.shelf import current_number, list_snapshots  # noqa: E402
from pipeline.store import open_store  # noqa: E402

PAGES = 240
_CONTENT = (
    "SELECT article_id, version_id, extraction_id FROM articles ORDER BY 1",
    "SELECT event_id, article_id, part, score FROM event_members ORDER BY ALL",
    "SELECT event_id, kind, place, event_date, stage FROM events ORDER BY 1",
)


class Reader:
    """Another process that reads the current snapshot over and over."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, reading.__file__, str(root)]
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def end(self) -> dict[str, Any]:
        """Stop reading and return what was seen."""
        assert self._child.stdout is not None
        self._child.send_signal(signal.SIGTERM)
        seen: dict[str, Any] = json.loads(self._child.stdout.read().splitlines()[-1])
        assert self._child.wait() == 0
        return seen


def kill_storing(folder: Path, kills: int, chance: random.Random, longest_s: float = 5.0) -> None:
    """Kill storing.py so often; after each kill everything that it had acknowledged is there, once."""
    path, snapshots = folder / "store" / "work.duckdb", folder / "snapshots"
    told: dict[str, int] = {}
    reader = None
    for _ in range(kills):
        told |= run_and_kill(path, snapshots, told.get("stored", -1) + 1, chance.uniform(0.05, longest_s))
        with open_store(path) as store:
            check_store(store, told)
        check_snapshots(snapshots, told)
        if reader is None and current_number(snapshots):
            reader = Reader(snapshots)
    seen = reader.end() if reader else {"wrong": [], "reads": 0, "numbers": []}
    assert seen["wrong"] == [], seen
    batches = (told["stored"] + 1) * storing.SIZE
    print(
        f"storing, linking, publishing: {kills} kills, {batches} articles kept, {told.get('published', 0)} snapshots,"
    )
    print(f"  {seen['reads']} reads of {len(seen['numbers'])} snapshots beside it, none wrong", flush=True)


def kill_commands(folder: Path, kills: int, chance: random.Random) -> None:
    """Kill `wartawas process` and `wartawas publish` so often, then let them finish."""
    at = Installation(folder / "killed")
    with serve(Site(make_posts(PAGES, etag=False))) as site:
        for slug, post in site.posts.items():
            post.text = write_about(slug, OLD)
        source = site.source("sitemap")
        at.crawl(source)
    whole = at.copy(folder / "whole")
    run(whole, "process")
    hit = {"process": 0, "publish": 0}
    for n in range(kills):
        command = "publish" if n % 3 == 2 else "process"
        hit[command] += run(at, command, after_s=chance.uniform(0.2, 6.0))
        for snapshot in list_snapshots(at.settings.snapshots):
            with closing(snapshot.connect()) as db:
                assert fetch(db, "SELECT count(*) FROM articles") == [(snapshot.manifest["articles"],)]
    for command in ("process", "publish"):
        run(at, command)
    assert len(content(at, _CONTENT[0])) == PAGES
    for query in _CONTENT:
        assert content(at, query) == content(whole, query), query
    print(f"process, publish: {hit['process']} + {hit['publish']} of {kills} kills came before their end;")
    print(f"  {len(content(at, _CONTENT[0]))} articles as in the store that nobody killed", flush=True)


def run(at: Installation, command: str, after_s: float | None = None) -> bool:
    """Run a command; with `after_s` kill it then. Returns whether the kill came before its end."""
    given = {"WARTAWAS_VAR": str(at.settings.var), "WARTAWAS_WORKERS": "1"}
    child = subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", command], env={**os.environ, **given},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    if after_s is None:
        assert child.wait() == 0, child.stderr and child.stderr.read()
        return False
    time.sleep(after_s)
    early = child.poll() is None
    if early:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return early


def content(at: Installation, query: str) -> list[tuple[Any, ...]]:
    """Return rows of an installation's work file."""
    with closing(connect(at.settings.store, read_only=True)) as con:
        return fetch(con, query)


def main(kills: int, longest_s: float = 5.0) -> None:
    chance = random.Random(11)
    with tempfile.TemporaryDirectory(prefix="store-kills-") as folder:
        began = time.monotonic()
        kill_storing(Path(folder) / "storing", kills - kills // 2, chance, longest_s)
        kill_commands(Path(folder), kills // 2, chance)
        print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, float(sys.argv[2]) if len(sys.argv) > 2 else 5.0)
