"""The settings of a run: one frozen object, read once from `wartawas.toml` and the environment."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CONTACT = "https://example.org/wartawas"


class SettingsError(ValueError):
    """A settings file or variable is wrong; the message names where, which key and which value."""


class Settings(BaseModel):
    """What a run may do and where it writes; every field can be set by WARTAWAS_<NAME>."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    var: Path = Field(Path("var"), description="folder of everything that runs write")
    sources: Path | None = Field(None, description="folder of further source files beside the shipped ones")
    contact: str = Field(CONTACT, description="page or mail address that the User-Agent names")
    workers: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, le=256)

    @property
    def ledger(self) -> Path:
        """Return the path of the crawl ledger (SQLite)."""
        return self.var / "ledger.sqlite"

    @property
    def archive(self) -> Path:
        """Return the folder of the WARC files."""
        return self.var / "archive"

    @property
    def store(self) -> Path:
        """Return the path of the DuckDB work file."""
        return self.var / "store" / "work.duckdb"

    @property
    def snapshots(self) -> Path:
        """Return the folder of the published snapshots."""
        return self.var / "snapshots"


def load_settings(path: Path | None = None, **overrides: Any) -> Settings:
    """Return the settings: `overrides` before WARTAWAS_* before the TOML file before the defaults.

    Without `path`, `wartawas.toml` of the working directory is read where it exists; sources that were added
    to `var`/sources are found without a word. Raises SettingsError.
    """
    file = path or Path("wartawas.toml")
    values: dict[str, Any] = {}
    if path or file.is_file():
        values |= _read_toml(file)
    names = Settings.model_fields
    if unknown := sorted(values.keys() - names.keys()):
        raise SettingsError(f"{file}: no setting {unknown[0]!r} (known: {', '.join(names)})")
    values |= {n: os.environ[f"WARTAWAS_{n.upper()}"] for n in names if f"WARTAWAS_{n.upper()}" in os.environ}
    values |= {key: value for key, value in overrides.items() if value is not None}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise SettingsError(f"setting {key}: {first['msg']} (value {first.get('input')!r})") from None
    if settings.sources is None and (added := settings.var / "sources").is_dir():
        return settings.model_copy(update={"sources": added})
    return settings


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such settings file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file}: not readable as TOML ({error})") from None
