"""Writing a source down as the TOML that load_source reads."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from crawler.source import Source


def format_source(source: Source) -> str:
    """Return the TOML text of `source`, without what has its default value."""
    values = source.model_dump(exclude_defaults=True)
    values.pop("slug")
    if values.get("site") == f"https://{source.domains[0]}":
        values.pop("site", None)
    # a reader should see at once where a source stands and that nobody has checked it yet
    shown = {"zone": source.zone, "cms": source.cms, "verified": source.verified}
    order = list(Source.model_fields)
    values = dict(sorted((values | shown).items(), key=lambda item: order.index(item[0])))
    tables = {key: values.pop(key) for key in ("politeness", "layout", "expect") if key in values}
    pages = tables["layout"].pop("page", ()) if "layout" in tables else ()
    ways = values.pop("discovery")
    blocks = [_lines(values)]
    blocks += ["[[discovery]]\n" + _lines(way) for way in ways]
    blocks += [f"[{key}]\n" + _lines(table) for key, table in tables.items() if table]
    blocks += ["[[layout.page]]\n" + _lines(page) for page in pages]
    return "\n".join(blocks)


def write_source(source: Source, folder: Path) -> Path:
    """Write `source` into `folder`, whole or not at all, and return the file."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # may be the first folder of an installation
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{source.slug}.toml"
    half = path.with_suffix(".part")
    half.write_text(format_source(source), encoding="utf-8")
    half.replace(path)
    return path


def _lines(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # a pattern is easier to read without doubled backslashes
        literal = "\\" in value and "'" not in value and value.isprintable()
        return f"'{value}'" if literal else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    return repr(value)
