"""A disk that fills up while publishing: python tests/bench/store_full_disk.py [60]. Needs root, to mount the disk.

Mounts a disk of so many MB in memory (tmpfs), publishes 300 articles there, fills it up to 2 MB, 400 kB and 60 kB,
and publishes again each time, with the search index in a thread and in a process of its own. The earlier snapshot
must stay current and readable, the error be one line that says why, no draft be left, and after room was made the
next publication must hold every article.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))

from findings import make_article, make_case, make_extraction

from pipeline import snapshots
from pipeline.database import fetch
from pipeline.shelf import SnapshotError, current_snapshot
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle, open_store

ARTICLES = 300
LEFT = (2_000_000, 400_000, 60_000)  # bytes


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """Yield the folder of a disk of so many MB."""
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder:
        options = f"size={size_mb}m,mode=700"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
            sys.exit(f"{folder}: no disk could be mounted there; run this as root")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def store_one(store: Store, name: str) -> None:
    """Store one article about a case."""
    article = make_article(name, f"Berita {name} tentang seorang kades di Garut. " * 40)
    store.store_articles([StoredArticle(article)])
    store.store_extractions([(article, make_extraction(article, make_case(article)))])


def publish_on_full_disk(store: Store, root: Path, ballast: Path, left: int) -> str:
    """Leave so many bytes free, publish, make room again; return the error."""
    disk = os.statvfs(root)
    ballast.write_bytes(b"x" * max(0, disk.f_bavail * disk.f_frsize - left))
    try:
        publish(store, root)
    except SnapshotError as error:
        return str(error)
    finally:
        ballast.unlink()
    raise AssertionError(f"published with {left} bytes left")


def check(size_mb: int, many: int) -> None:
    """Go through all fillings; from `many` changed articles on the index is written by a process of its own."""
    snapshots._MANY = many
    with small_disk(size_mb) as disk, open_store(disk / "store" / "work.duckdb") as store:
        root = disk / "snapshots"
        for number in range(ARTICLES):
            store_one(store, f"a{number}")
        first = publish(store, root).number
        for number, left in enumerate(LEFT):
            store_one(store, f"b{number}")
            error = publish_on_full_disk(store, root, disk / "ballast", left)
            assert "\n" not in error, error
            assert "No space left on device" in error, error
            assert error.endswith("the earlier snapshot stays current"), error
            assert not [path for path in root.iterdir() if path.name.startswith(".")], list(root.iterdir())
            current = current_snapshot(root)
            assert current.number == first
            with closing(current.connect()) as db:
                assert fetch(db, "SELECT count(*) FROM articles") == [(ARTICLES,)]
            print(f"{left:>9,} bytes left: {error}", flush=True)
        made = publish(store, root)
        assert made.manifest["articles"] == ARTICLES + len(LEFT)
        print(f"room again: snapshot {made.number} with {made.manifest['articles']} articles", flush=True)


def main() -> None:
    size_mb = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    for many, where in ((10**9, "a thread"), (0, "a process of its own")):
        print(f"the index written by {where}:", flush=True)
        check(size_mb, many)


if __name__ == "__main__":
    main()
