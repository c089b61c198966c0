"""The settings of a run: one frozen object, read once from `wartawas.toml` and the environment.

Every key of wartawas.example.toml can also be set by the environment: WARTAWAS_<KEY>, and WARTAWAS_<TABLE>_<KEY>
for one that stands in a table. Secrets come from the environment or from a file of their own, never from here.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from pipeline.labels import knows_region, knows_type, load_labels

CONTACT = "https://example.org/wartawas"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WINDOW = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
PREFIX = "WARTAWAS_"
# variables that are no settings: what the Python interface and the notebooks read, and what tests do
OTHERS = frozenset(
    PREFIX + name
    for name in "STORE FIGURES LABELS ARCHIVE GOLD WORDPRESS WORDPRESS_POSTS KILLS PICTURES".split()
)


class SettingsError(ValueError):
    """Settings are wrong; the message names each wrong key, where it was set, its value and what is allowed."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Night(_Table):
    """When a night runs, and what of it is kept."""

    window: str = Field(
        default="21:00-05:00",
        pattern=_WINDOW,
        description="part of the night (WIB) in which pages are fetched",
    )
    reading_minutes: int = Field(
        default=60,
        ge=0,
        le=600,
        description="minutes at the window's end that are kept for reading and publishing",
    )
    sources: tuple[str, ...] = Field(default=(), description="sources that a night reads; empty: all of them")
    random_delay_minutes: int = Field(
        default=20, ge=0, le=240, description="the scheduler starts up to so much later"
    )
    keep_snapshots: int = Field(
        default=14, ge=1, le=10_000, description="newest snapshots that a night keeps"
    )


class Smtp(_Table):
    """The mail server that takes the morning page; no mail without a host."""

    host: str = Field(default="", description="mail server; empty: no mail is sent")
    port: int = Field(default=587, ge=1, le=65_535, description="its port")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls, none (no password, or this machine)"
    )
    user: str = Field(default="", description="name to log in with; empty: no log-in")
    password: SecretStr | None = Field(default=None, description="password")
    password_file: Path | None = Field(default=None, description="file that holds nothing but the password")
    sender: str = Field(default="", description="address that the mail comes from")
    to: tuple[str, ...] = Field(default=(), description="addresses that get the morning page")

    @model_validator(mode="after")
    def _whole(self) -> Smtp:
        if not self.host:
            return self
        if "@" not in self.sender or not self.to:
            raise ValueError("a mail server needs `sender` (an address) and `to` (a list of addresses)")
        if any("@" not in address or not address.isprintable() for address in (self.sender, *self.to)):
            raise ValueError("each address is written as name@host")
        if self.user and self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("a password is sent over starttls or tls only: set `security`")
        return self


class Webhook(_Table):
    """The address that gets the morning page as JSON; nothing is sent without it."""

    url: SecretStr | None = Field(default=None, description="address (https, or http on this machine)")
    url_file: Path | None = Field(default=None, description="file that holds nothing but the address")
    secret: SecretStr | None = Field(default=None, description="signs what is sent")
    secret_file: Path | None = Field(default=None, description="file that holds nothing but the secret")


class Retention(_Table):
    """What is forgotten by itself."""

    pages_days: int = Field(
        default=0, ge=0, le=36_500, description="archived pages are emptied after so many days; 0: never"
    )
    names_years: int = Field(
        default=0, ge=0, le=100, description="names of persons are masked after so many years; 0: never"
    )


class Disk(_Table):
    """What may be used of the disk."""

    budget_gb: float = Field(
        default=0, ge=0, le=1_000_000, description="size that `var` may have; 0: no limit"
    )
    min_free_gb: float = Field(
        default=2, ge=0, le=1_000_000, description="free space below which a night does not start"
    )
    warn_percent: int = Field(
        default=80, ge=1, le=100, description="share of the budget from which the morning page warns"
    )


class Watch(_Table):
    """A saved filter: whoever stands in `to` is told of each new or moved case in it."""

    name: str = Field(min_length=1, max_length=80, description="what the mail calls it")
    wilayah: str = Field(
        default="", pattern=r"^(\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)?$", description="region"
    )
    jenis: str = Field(default="", pattern=r"^[a-z_.]*$", description="type or group of types")
    to: tuple[str, ...] = Field(default=(), description="addresses; the webhook is told in any case")

    @model_validator(mode="after")
    def _whole(self) -> Watch:
        if self.wilayah and not knows_region(self.wilayah):
            raise ValueError(f"no region has the code {self.wilayah!r}; write one as 32, 32.05 or 32.05.12")
        if self.jenis and not knows_type(self.jenis):
            groups = ", ".join(key.id for key in load_labels() if key.group == "type" and "." not in key.id)
            raise ValueError(f"no type has the id {self.jenis!r}; write a group ({groups}) or netralitas.asn")
        if any("@" not in address or not address.isprintable() for address in self.to):
            raise ValueError("each address is written as name@host")
        return self


class Settings(_Table):
    """What a run may do and where it writes; every field can be set by WARTAWAS_<NAME>."""

    var: Path = Field(default=Path("var"), description="folder of everything that runs write")
    sources: Path | None = Field(
        default=None,
        description="folder of further source files beside the shipped ones (default: `sources` in `var`)",
    )
    contact: str = Field(
        default=CONTACT, min_length=1, description="page or mail address that the User-Agent names"
    )
    workers: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="processes that read pages (default: one a core)",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    night: Night = Night()
    smtp: Smtp = Smtp()
    webhook: Webhook = Webhook()
    retention: Retention = Retention()
    disk: Disk = Disk()
    watch: tuple[Watch, ...] = Field(default=(), max_length=1000, description="saved filters")

    @property
    def own_sources(self) -> Path:
        """Return the folder that `wartawas sources add` writes into: of source files and saved pages."""
        return self.sources or self.var / "sources"

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

    @property
    def reviews(self) -> Path:
        """Return the path of the reviewers' decisions (SQLite)."""
        return self.var / "reviews.sqlite"

    @property
    def erasures(self) -> Path:
        """Return the path of the audit of erasures (SQLite)."""
        return self.var / "erasures.sqlite"

    @property
    def nights(self) -> Path:
        """Return the folder of the nights' records, pages and logs."""
        return self.var / "nights"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting's value comes from: default, file, environment or option, and the name it has there."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


DEFAULT = Origin("default")


def load_settings(path: Path | None = None, **overrides: Any) -> Settings:
    """Return the settings: `overrides` before WARTAWAS_* before the TOML file before the defaults.

    Without `path`, `wartawas.toml` of the working directory is read where it exists; sources that were added
    to `var`/sources are found without a word. A variable that is nearly that of a setting is refused, as is a
    key of the file that is none. Raises SettingsError.
    """
    return trace_settings(path, **overrides)[0]


def trace_settings(path: Path | None = None, **overrides: Any) -> tuple[Settings, dict[str, Origin]]:
    """Return the settings as `load_settings` does, and where each key that is no default comes from."""
    file = path or Path("wartawas.toml")
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    if path or os.path.lexists(file):  # a broken link or a folder of that name was meant as settings
        _take_file(file, values, origins)
    _take_environment(os.environ, values, origins)
    for key, value in overrides.items():
        if value is not None:
            _put(values, key, value)
            origins[key] = Origin("option", f"--{key.replace('_', '-')}")
    for key in ("var", "sources"):
        if values.get(key) == "":
            raise SettingsError(f"setting {key} ({origins[key]}): is empty; name a folder (. is this one)")
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_complaint(error, origins)) from None
    if settings.sources is None and (added := settings.var / "sources").is_dir():
        return settings.model_copy(update={"sources": added}), origins
    return settings, origins


def keys(model: type[BaseModel] = Settings, before: str = "") -> Iterator[str]:
    """Yield every key, those of tables as `table.key`, in the order of the documentation."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _Table):
            yield from keys(kind, f"{name}.")
        else:
            yield before + name


def variable(key: str) -> str:
    """Return the environment variable of a key."""
    return PREFIX + key.replace(".", "_").upper()


def unknown_variables(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Return the variables WARTAWAS_* that name no setting, each with the one that is probably meant, or None."""
    known = {variable(key): key for key in keys() if key != "watch"}
    strange = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return {name: _near(name, known) for name in strange if name not in OTHERS}


def _near(name: str, known: Iterable[str]) -> str | None:
    tail = name.removeprefix(PREFIX)
    whole = [one for one in known if tail and one.endswith(f"_{tail}")]
    return next(iter(whole or difflib.get_close_matches(name, known, 1, 0.85)), None)


def is_secret(key: str) -> bool:
    """Return whether the value of a key is never shown, and never read from the settings file."""
    return key in {"smtp.password", "webhook.url", "webhook.secret"}


def value_of(settings: Settings, key: str) -> Any:
    """Return the value of a key such as `disk.budget_gb`."""
    found: Any = settings
    for part in key.split("."):
        found = getattr(found, part)
    return found


def read_secret(given: SecretStr | None, file: Path | None) -> str | None:
    """Return a secret of the environment or of a file, None where neither is set. Raises SettingsError."""
    if given is not None:
        return given.get_secret_value()
    if file is None:
        return None
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: the secret cannot be read ({error})") from None
    if not text or "\n" in text:
        raise SettingsError(f"{file}: expected one line that holds nothing but the secret")
    return text


def _take_file(file: Path, values: dict[str, Any], origins: dict[str, Origin]) -> None:
    known = list(keys())
    top = {key.partition(".")[0] for key in known}
    tables = top - set(known)
    for name, value in _read_toml(file).items():
        if name in tables and not isinstance(value, dict):
            raise SettingsError(f"{file}: {name} is a table: write [{name}] and its keys below it")
        nested = name in tables
        rows = {f"{name}.{key}": inner for key, inner in value.items()} if nested else {name: value}
        for key, inner in rows.items():
            if key not in known:
                beside = [k for k in known if k.startswith(f"{name}.")] if nested else sorted(top)
                raise SettingsError(f"{file}: no setting {key!r} (known: {', '.join(beside)})")
            if is_secret(key):
                raise SettingsError(
                    f"{file}: {key} is a secret and does not stand here; set {variable(key)} or {key}_file"
                )
            _put(values, key, inner)
            origins[key] = Origin("file", str(file))


def _take_environment(
    environment: Mapping[str, str], values: dict[str, Any], origins: dict[str, Origin]
) -> None:
    for name, near in unknown_variables(environment).items():
        if near is not None:
            raise SettingsError(f"{name}: no such setting; did you mean {near}?")
    for key in keys():
        if key != "watch" and (name := variable(key)) in environment:
            text: Any = environment[name]
            if _is_list(key):
                text = [part.strip() for part in text.split(",") if part.strip()]
            _put(values, key, text)
            origins[key] = Origin("environment", name)


def _is_list(key: str) -> bool:
    return key in {"night.sources", "smtp.to"}


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *tables, name = key.split(".")
    for table in tables:
        values = values.setdefault(table, {})
    values[name] = value


def _complaint(error: ValidationError, origins: Mapping[str, Origin]) -> str:
    """Return one line that names every wrong value, where it was set, and what would be right."""
    told = []
    for row in error.errors():
        location = [str(part) for part in row["loc"] if not isinstance(part, int)]
        key = ".".join(location)
        whole = origins.get(key) or origins.get(location[0])
        origin = whole or next((o for k, o in origins.items() if k.startswith(f"{key}.")), DEFAULT)
        problem = row["msg"].removeprefix("Value error, ")
        if row["type"] == "tuple_type":
            problem = f"write it as a list: {json.dumps([row['input']], default=str)}"
        if row["type"] == "string_pattern_mismatch" and key == "night.window":
            problem = "write it as 21:00-05:00"
        shown = "" if is_secret(key) or isinstance(row.get("input"), dict) else f" = {row.get('input')!r}"
        told.append(f"setting {key}{shown} ({origin}): {problem}")
    return "; ".join(told)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        why = "a link that leads nowhere, no" if file.is_symlink() else "no such"
        raise SettingsError(f"{file}: {why} settings file") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read as a settings file ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not readable as TOML ({error})") from None
