"""A crawl opens no door of its own, and no name leads it to a private address."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

from kills import start_crawl
from places import Place
from sites import Answer, Site, make_posts, serve


def listening(pid: int) -> set[str]:
    """Return the addresses on which a process listens, from /proc."""
    sockets = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1])
    return found


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_running_crawl_listens_nowhere(tmp_path: Path) -> None:
    with serve(Site(make_posts(100))) as site:
        assert listening(os.getpid()), "the site itself is seen to listen"
        crawl = start_crawl(tmp_path, site.source("sitemap", politeness={"delay_s": 0.2}))
        while not site.pages_asked() and crawl.poll() is None:
            time.sleep(0.01)
        (worker,) = children(crawl.pid)
        assert listening(worker) == listening(crawl.pid) == set()
        os.killpg(crawl.pid, signal.SIGKILL)
        crawl.wait()


def test_name_that_resolves_to_a_private_address_is_never_asked(place: Place) -> None:
    with serve(Site(make_posts(3))) as site:
        name = f"localhost:{urlsplit(site.url).port}"
        site.url = f"http://{name}"
        address = {"domains": [name], "site": f"http://{name}", "allow_private": False}
        source = site.source("sitemap", **address)
        report = place.crawl(source).by_source[source.slug]
        assert not site.log
        allowed = place.crawl(site.source("sitemap", **address | {"allow_private": True}))
    assert report.problem is not None and "private, loopback or link-local" in report.problem
    assert allowed.fetched == 3, "the same name is asked where the source allows it"


def test_redirect_to_another_host_is_not_followed(place: Place) -> None:
    with serve(Site(make_posts(3))) as inner, serve(Site(make_posts(3))) as outer:
        first = next(iter(outer.posts))
        away = Answer(302, b"", {"Location": f"{inner.url}/{first}/"})
        outer.rules.append(lambda path, _: away if path.startswith(f"/{first}") else None)
        source = outer.source("sitemap")
        report = place.crawl(source).by_source[source.slug]
    assert report.skipped == {"offsite": 1} and report.fetched == 2
    assert inner.log == []
