"""The settings as a reference: every key with its variable, its meaning and its default."""

from __future__ import annotations

import tomllib
from typing import Any

from pydantic import BaseModel

from pipeline.settings import Settings, Watch, is_secret, variable
from reference.markdown import code, plain, table


def settings_text() -> str:
    """Return a table for the plain keys, and one for each table of wartawas.toml."""
    parts = ["## Plain keys"]
    plain_keys = {name: field for name, field in Settings.model_fields.items() if not _is_table(field)}
    parts.append(_table(plain_keys, ""))
    for name, field in Settings.model_fields.items():
        if _is_table(field):
            kind: Any = field.annotation
            parts += [f"## {name}", (kind.__doc__ or "").strip(), _table(kind.model_fields, f"{name}.")]
    rows = [[code(f"watch.{key}"), plain(field.description)] for key, field in Watch.model_fields.items()]
    parts += ["## watch", f"{(Watch.__doc__ or '').strip()} Written as `[[watch]]`, as often as needed."]
    parts.append(table(("key", "meaning"), rows))
    return "\n\n".join(parts)


def _is_table(field: Any) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _table(fields: dict[str, Any], before: str) -> str:
    rows = [
        [code(before + name), _variable(before + name), _default(before + name), plain(field.description)]
        for name, field in fields.items()
        if name != "watch"
    ]
    return table(("key", "variable", "default", "meaning"), rows)


def _variable(key: str) -> str:
    return code(variable(key)) + (" (only so, or as a file)" if is_secret(key) else "")


def _default(key: str) -> str:
    """Return the default as wartawas.example.toml does not say it: what holds where nobody sets the key."""
    model: Any = Settings
    *tables, name = key.split(".")
    for part in tables:
        model = model.model_fields[part].annotation
    field = model.model_fields[name]
    if field.default_factory is not None:
        return "the number of cores"
    value = field.default
    if value is None or value in ("", ()):
        return ""
    shown = tomllib.loads(f"x = {value}")["x"] if isinstance(value, (int, float)) else value
    return code(shown)
