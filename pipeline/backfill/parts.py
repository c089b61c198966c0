"""Parts: what one WARC file gave, as Parquet; a row an article's state, or a page that gave none and why.

They are internal work files: names stand in them as the outlets print them, so only their owner can read them
(mode 0600), and whatever is published from them goes through the store and its masks.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from crawler.records import Capture
from nlp.records import Extraction
from pipeline.article import Article, Refusal
from pipeline.rows import own_host

_KEY = b"wartawas.part"
_WHOLE = ("captures", "article", "extraction", "refusal")
_COUNTED = ("kind", "refused", "cases", "fetched_at", "source", "url")
#: The first columns are for whoever looks into a part; the last four, JSON of the records, are what is stored.
SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("fetched_at", pa.timestamp("us")),
        ("published", pa.string()),
        ("kind", pa.string()),
        ("cases", pa.int32()),
        ("refused", pa.string()),
        *((name, pa.string()) for name in _WHOLE),
    ]
)


class PartError(ValueError):
    """A part cannot be read or written; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row of a part: the captures, and either article and extraction or the refusal."""

    captures: tuple[Capture, ...]
    article: Article | None
    extraction: Extraction | None
    refusal: Refusal | None


def make_row(found: Found) -> dict[str, Any]:
    """Return the row of a reading."""
    first, article, extraction = found.captures[0], found.article, found.extraction
    refusal = found.refusal
    published = article.published if article else None
    return {
        "article_id": article.id if article else None,
        "url": storable(first.article_url),
        "source": first.source,
        "fetched_at": first.fetched_at.replace(tzinfo=None),
        "published": published.isoformat() if published else None,
        "kind": extraction.kind if extraction else None,
        "cases": len(extraction.cases) if extraction else None,
        "refused": refusal.reason if refusal else None,
        "captures": _write([asdict(capture) for capture in found.captures]),
        "article": _write(asdict(article)) if article else None,
        "extraction": _write(asdict(extraction)) if extraction else None,
        "refusal": _write(asdict(refusal)) if refusal else None,
    }


def write_rows(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write a file of rows; it stands there whole, or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with _private(draft) as out:
        pq.write_table(pa.Table.from_pylist(list(rows), SCHEMA), out, compression="zstd")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def join_rows(files: Iterable[Path], target: Path, line: dict[str, Any]) -> dict[str, Any]:
    """Write the rows of `files`, in their order, as one part; return its line: `line` with what the rows say.

    The line stands in the part too, so that a part without its line in the manifest is none the less whole. `invented`
    names the sources that the machine itself served, with their hosts: the demo's, which no list of sources has.
    """
    digest, kinds, refused = hashlib.sha256(), Counter[str](), Counter[str]()
    invented: dict[str, set[str]] = {}
    rows = cases = 0
    times: list[datetime] = []
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with _private(draft) as out:
        with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
            for file in files:
                table = pq.read_table(file)
                writer.write_table(table)
                for row in table.select([*_WHOLE, *_COUNTED]).to_pylist():
                    digest.update(json.dumps([row[name] for name in _WHOLE]).encode())
                    kinds.update([row["kind"]] if row["kind"] else [])
                    refused.update([row["refused"]] if row["refused"] else [])
                    cases += row["cases"] or 0
                    times.append(row["fetched_at"])
                    if host := own_host(row["url"]):
                        invented.setdefault(row["source"], set()).add(host)
                rows += table.num_rows
            whole = line | {
                "part": target.name, "rows": rows, "articles": kinds.total(), "cases": cases,
                "kinds": dict(sorted(kinds.items())), "refused": dict(sorted(refused.items())),
                "first": min(times).isoformat() if times else None,
                "last": max(times).isoformat() if times else None, "hash": digest.hexdigest(),
                "invented": {source: sorted(hosts) for source, hosts in sorted(invented.items())},
            }  # fmt: skip
            writer.add_key_value_metadata({_KEY.decode(): json.dumps(whole)})
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    return whole


def part_line(file: Path) -> dict[str, Any] | None:
    """Return the manifest line that stands in a part; None where the file is no whole part."""
    try:
        metadata = pq.read_metadata(file).metadata or {}
        line: dict[str, Any] = json.loads(metadata[_KEY])
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return None
    return line


def read_part(file: Path, size: int) -> Iterator[list[Found]]:
    """Yield what stands in a part, `size` rows at a time. Raises PartError."""
    try:
        with pq.ParquetFile(file) as rows:
            for batch in rows.iter_batches(size, columns=list(_WHOLE)):
                yield [_found(row) for row in batch.to_pylist()]
    except (OSError, pa.ArrowException, ValidationError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise PartError(
            f"{file}: cannot be read as a part ({reason}); make it anew with `backfill`"
        ) from None


def storable(text: str) -> str:
    """Return a text with lone surrogates, which no file format takes, put to '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _found(row: dict[str, Any]) -> Found:
    captures = tuple(_read(tuple[Capture, ...], row["captures"]))
    article = row["article"] and _read(Article, row["article"])
    extraction = row["extraction"] and _read(Extraction, row["extraction"])
    refusal = row["refusal"] and _read(Refusal, row["refusal"])
    return Found(captures, article or None, extraction or None, refusal or None)


def _read(kind: Any, text: str) -> Any:
    return _adapter(kind).validate_json(text)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _write(value: Any) -> str:
    return storable(json.dumps(value, ensure_ascii=False, default=datetime.isoformat))


def _private(path: Path) -> Any:
    """Open a file anew that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
