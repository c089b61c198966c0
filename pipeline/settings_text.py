"""The settings as a documented TOML file: what `wartawas config --example` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pipeline.settings import Settings, Watch, is_secret, variable

_HEAD = """\
# Settings of Wartawas: copy this file to wartawas.toml and take the # away where you want another value.
# What is written here is the default, but for lines that say otherwise. Every key can also be set by the
# environment: WARTAWAS_CONTACT, WARTAWAS_SMTP_HOST, … (lists with commas). `wartawas config` shows what holds and
# where it comes from.
"""


def example_toml() -> str:
    """Return a settings file with every key, its meaning and its default, all of them commented out."""
    plain, tables = [], []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            doc = (kind.__doc__ or "").strip()
            lines = [line for key in kind.model_fields for line in _lines(kind, key, f"{name}.{key}")]
            tables.append("\n".join([f"# {doc}", f"[{name}]", *lines]))
        elif name == "watch":
            tables.append(_watch())
        else:
            plain += _lines(Settings, name, name)
    return "\n\n".join([_HEAD.rstrip(), "\n".join(plain), *tables]) + "\n"


def _watch() -> str:
    """Return an example of a saved filter, which may stand several times."""
    lines = [
        f"# {key} = {_toml(_EXAMPLES[f'watch.{key}'])}  # {field.description}"
        for key, field in Watch.model_fields.items()
    ]
    return "\n".join(
        [f"# {(Watch.__doc__ or '').strip()} May be repeated. An example:", "# [[watch]]", *lines]
    )


def _lines(model: type[BaseModel], name: str, key: str) -> list[str]:
    field = model.model_fields[name]
    if is_secret(key):
        return [f"# {name}: {field.description}; a secret: set {variable(key)}, or {name}_file"]
    default: Any = None if field.default is PydanticUndefined else field.default
    value = _EXAMPLES.get(key, default)
    remark = " (example; no default)" if key.endswith("_file") else ""
    return [f"# {name} = {_toml(value)}  # {field.description}{remark}"]


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return json.dumps(str(value) if isinstance(value, Path) else value)


# What stands in the file where the default is nothing that TOML could write, or depends on the machine.
_EXAMPLES = {
    "sources": "var/sources",
    "workers": 2,
    "watch.name": "Garut, netralitas",
    "watch.wilayah": "32.05",
    "watch.jenis": "netralitas",
    "watch.to": ("pengawas@example.org",),
    "smtp.password_file": "/etc/wartawas/smtp-password",
    "webhook.url_file": "/etc/wartawas/webhook-url",
    "webhook.secret_file": "/etc/wartawas/webhook-secret",
}
