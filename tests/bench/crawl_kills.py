"""Kill a crawl with SIGKILL N times at random moments; then one run to the end, and a check of everything.

    python tests/bench/crawl_kills.py [KILLS=50] [POSTS=3000]

Prints the number of kills, of pages archived before the last run, and every fault found; exit 1 with faults.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "crawler"), str(Path(__file__).parents[2])]

from kills import faults, kill_crawls, lost_runs, start_crawl  # noqa: E402
from sites import Site, make_posts, serve  # noqa: E402


def main() -> int:
    kills, posts = (int(value) for value in [*sys.argv[1:], *("50", "3000")[len(sys.argv) - 1 :]])
    site = Site(make_posts(posts), packed=True)
    with tempfile.TemporaryDirectory() as name, serve(site):
        folder, source = (
            Path(name),
            site.source("sitemap", politeness={"delay_s": 0, "pages_per_night": 10**6}),
        )
        began = time.monotonic()
        before = kill_crawls(folder, site, source, kills=kills, seed=posts)
        code = start_crawl(folder, source).wait()
        seconds = time.monotonic() - began
        lost = lost_runs(folder)
        found = faults(folder, site, source)
    asked = len(site.pages_asked())
    print(f"{lost} of {kills} kills came while a run was under way")
    print(f"{kills} kills in {seconds:.0f} s, {before} of {posts} pages archived before the last run")
    print(f"{asked} page requests: {asked - posts} of them repeated work that a kill had undone")
    print("\n".join(found) or "nothing missing, nothing twice, all WARCs replay")
    return 1 if found or code else 0


if __name__ == "__main__":
    sys.exit(main())
