"""The lake: a published snapshot as Parquet by year, month and province, on a disk or in object storage.

It holds what the masked database holds and nothing else: names of accused persons and of children are masked. Any
reader of Parquet takes it, `open_store` too. Files are replaced as a whole, and those alone in which something changed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import fetch, quoted, scalar
from pipeline.parquet import WHOLE_TABLES, tables_cut_with
from pipeline.remote import network_errors
from pipeline.shelf import Snapshot

# ruff: noqa: S608 -- tables and columns are those of this module
MANIFEST = "lake.json"
_LAYOUT = 2
_CUT = "year={}/month={}/province={}"
_NOWHERE = "__HIVE_DEFAULT_PARTITION__"  # what such folders call a partition without a value


@dataclass(frozen=True, slots=True)
class _Family:
    """A table that is cut by a day and a province, and those whose rows follow it by its key."""

    table: str
    key: str
    day: str
    province: str
    without: str
    children: tuple[str, ...]


FAMILIES = (
    _Family(
        "articles", "article_id", "day_of(day, first_seen, utc_offset)", "nullif(left(event_place, 2), '')",
        "(mask_key, written, month)",
        tables_cut_with("articles"),
    ),
    _Family(
        "events", "event_id", "coalesce(first_day, first_seen::DATE)", "nullif(province, '')",
        "(written, month, province)", tables_cut_with("events"),
    ),
)  # fmt: skip
"""The cut tables; `province` stands in the path alone, where events have it as a column."""


class LakeError(RuntimeError):
    """The lake cannot be written; the message says where, why, and what to do."""


@dataclass(slots=True)
class LakeReport:
    """What was written: the snapshot's number, files and bytes written, files left as they were, files removed."""

    snapshot: int
    written: int = 0
    kept: int = 0
    removed: int = 0
    size: int = 0
    tables: set[str] = field(default_factory=set)


def write_lake(
    snapshot: Snapshot, target: str, *, whole: bool = False, options: dict[str, Any] | None = None
) -> LakeReport:
    """Bring the lake at a path or an address (`s3://bucket/lake`) up to a snapshot; return what was done.

    `options` go to the file system (endpoint_url, key, …). With `whole` every file is written anew; an
    interrupted run is simply started again. Raises LakeError, also for a folder that holds anything but a lake.
    """
    report = LakeReport(snapshot.number)
    with _file_system(target, options or {}) as (fs, root), closing(snapshot.connect()) as db:
        db.execute("SET threads = 1")  # one file a partition
        state = _state(db)
        _claim(fs, root, target)
        there = _listed(fs, root)
        before = {} if whole else _manifest(fs, root)
        if not _leads_to(before, state, db) or not there.issuperset(before["files"]):
            before = {}
        cuts: dict[str, dict[str, int]] = {}
        files: list[str] = []
        for family in FAMILIES:
            cuts[family.table], changed = _find_cuts(db, family, before)
            for table in (family.table, *family.children):
                stay = [
                    name for name in before.get("files", ()) if _stays(name, table, cuts, family, changed)
                ]
                report.kept += len(stay)
                files += stay
                files += _put_cut(db, family, table, fs, root, report)
        for table in WHOLE_TABLES:
            files += _put_whole(db, table, fs, root, report)
        made = {**state, "snapshot": snapshot.number, "cuts": cuts, "files": sorted(files)}
        fs.pipe_file(f"{root}/{MANIFEST}", json.dumps(made, indent=1).encode())
        for name in sorted(there - set(files)):  # those of an interrupted run too
            with suppress(FileNotFoundError):
                fs.rm_file(f"{root}/{name}")
            report.removed += 1
    report.tables = {name.partition("/")[0] for name in files}
    return report


def _state(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return what a later snapshot must follow from for the lake to go on: rules, publication and revision."""
    info = dict(fetch(db, "SELECT key, value FROM info"))
    return {
        "layout": _LAYOUT,
        "rules": info["layout"],
        "run": info["run"],
        "revision": int(info["revision"]),
    }


def _leads_to(before: dict[str, Any], state: dict[str, Any], db: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether this snapshot goes on from the one in the lake: made by the same rules from the same store.

    A store that was restored, or made anew, does not know the publication that the lake was written from.
    """
    if any(before.get(key) != state[key] for key in ("layout", "rules")):
        return False
    known = scalar(db, "SELECT count(*) FROM runs WHERE run_id = ?", [before["run"]])
    return bool(known) and bool(before["revision"] <= state["revision"])


def _find_cuts(
    db: duckdb.DuckDBPyConnection, family: _Family, before: dict[str, Any]
) -> tuple[dict[str, int], set[str]]:
    """Return the rows of each partition, and the partitions that changed: the table `cut` holds their keys."""
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE cut AS SELECT {family.key}, written, year({family.day}) AS year,"
        f" strftime({family.day}, '%m') AS month, {family.province} AS province FROM {family.table}"
    )
    rows = fetch(
        db, "SELECT year, month, province, count(*), max(written) FROM cut GROUP BY ALL ORDER BY ALL"
    )
    known: dict[str, int] = before.get("cuts", {}).get(family.table, {})
    since = before.get("revision", -1)
    found, changed = {}, set()
    for year, month, province, count, newest in rows:
        name = _CUT.format(year, month, province or _NOWHERE)
        found[name] = count
        if newest > since or known.get(name) != count:
            changed.add(name)
    db.execute("CREATE OR REPLACE TEMP TABLE changed (name VARCHAR)")
    if changed:
        db.executemany("INSERT INTO changed VALUES (?)", [[name] for name in sorted(changed)])
    name = f"format('{_CUT}', year, month, coalesce(province, '{_NOWHERE}'))"
    db.execute(f"DELETE FROM cut WHERE {name} NOT IN (FROM changed)")
    return found, changed


def _stays(
    name: str, table: str, cuts: dict[str, dict[str, int]], family: _Family, changed: set[str]
) -> bool:
    """Tell a file of `table` whose partition is still there and unchanged."""
    own, _, rest = name.partition("/")
    cut = rest.rpartition("/")[0]
    return own == table and cut in cuts[family.table] and cut not in changed


def _put_cut(
    db: duckdb.DuckDBPyConnection, family: _Family, table: str, fs: Any, root: str, report: LakeReport
) -> Iterator[str]:
    """Write the changed partitions of one table; yield the files' names in the lake."""
    without = family.without if table == family.table else "(month)"
    select = (
        f"SELECT t.* EXCLUDE {without}, c.year, c.month, c.province FROM {table} t JOIN cut c USING ({family.key})"
        f" ORDER BY c.year, c.month, c.province, t.{family.key}"
    )
    with tempfile.TemporaryDirectory(prefix="lake-") as folder:
        draft = Path(folder) / table
        options = f"FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year, month, province){_note(db)}"
        db.execute(f"COPY ({select}) TO {quoted(draft)} ({options})")
        by_cut: dict[Path, list[Path]] = {}
        for file in sorted(draft.rglob("*.parquet")):
            by_cut.setdefault(file.parent, []).append(file)
        for parent, parts in by_cut.items():
            for number, file in enumerate(parts):
                last = f"part-{number}.parquet" if number else "part.parquet"
                name = f"{table}/{parent.relative_to(draft).as_posix()}/{last}"
                _put(file, fs, f"{root}/{name}", report)
                yield name


def _put_whole(
    db: duckdb.DuckDBPyConnection, table: str, fs: Any, root: str, report: LakeReport
) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lake-") as folder:
        draft = Path(folder) / "part.parquet"
        db.execute(f"COPY (FROM {table}) TO {quoted(draft)} (FORMAT parquet, COMPRESSION zstd{_note(db)})")
        name = f"{table}/part.parquet"
        _put(draft, fs, f"{root}/{name}", report)
        yield name


def _put(file: Path, fs: Any, target: str, report: LakeReport) -> None:
    """Bring a file into the lake, where it appears as a whole: on a disk by a rename, elsewhere by itself."""
    folder, _, name = target.rpartition("/")
    fs.makedirs(folder, exist_ok=True)
    protocols = (fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol
    if "file" in protocols:
        fs.put_file(str(file), f"{folder}/.{name}")
        Path(folder, f".{name}").replace(target)
    else:
        fs.put_file(str(file), target)
    report.written += 1
    report.size += file.stat().st_size


def _note(db: duckdb.DuckDBPyConnection) -> str:
    invented = scalar(db, "SELECT count(*) FROM sources WHERE invented")
    return ", KV_METADATA {catatan: 'CONTOH – rekaan'}" if invented else ""


def _claim(fs: Any, root: str, target: str) -> None:
    """Mark an empty place as a lake before anything is written there; raise LakeError for one that is neither."""
    fs.invalidate_cache()
    if fs.exists(f"{root}/{MANIFEST}"):
        return
    with suppress(FileNotFoundError):
        if fs.ls(root, detail=False):
            raise LakeError(
                f"{target}: is not empty and is no lake (no {MANIFEST}); give an empty or a new folder"
            )
    fs.makedirs(root, exist_ok=True)
    fs.pipe_file(f"{root}/{MANIFEST}", b"{}")


def _listed(fs: Any, root: str) -> set[str]:
    """Return the files below the lake's tables by their names in the lake."""
    fs.invalidate_cache()
    families = (table for family in FAMILIES for table in (family.table, *family.children))
    found: set[str] = set()
    for table in (*families, *WHOLE_TABLES):
        with suppress(FileNotFoundError):
            found.update(str(path).removeprefix(f"{root}/") for path in fs.find(f"{root}/{table}"))
    return found


def _manifest(fs: Any, root: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(fs.cat_file(f"{root}/{MANIFEST}"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


@contextmanager
def _file_system(target: str, options: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield the file system and the path there. What was replaced before an error stands."""
    try:
        from fsspec.core import url_to_fs

        fs, root = url_to_fs(target, **options)
    except ImportError:
        raise LakeError(f"{target}: install the extra that writes there: wartawas[remote]") from None
    except ValueError as error:
        raise LakeError(f"{target}: {error}") from None
    expected: tuple[type[Exception], ...] = (duckdb.Error, *network_errors())
    try:
        yield fs, str(root).rstrip("/")
    except expected as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise LakeError(f"{target}: the lake was not written to its end ({reason}); start it again") from None
