"""The operators' page names commands, settings and files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline.cli import wartawas
from pipeline.settings import keys, variable

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


def test_every_command_and_option_of_the_page_exists() -> None:
    lines = re.findall(
        r"wartawas ((?:[a-z]+ ?)+)([^`\n]*)", "\n".join(re.findall(r"`[^`]*`|^.*venv/bin.*$", TEXT, re.M))
    )
    checked = 0
    for words, rest in lines:
        command: click.Command | None = None
        for word in words.split():
            commands = (
                command.commands
                if isinstance(command, click.Group)
                else wartawas.commands
                if command is None
                else {}
            )
            if word not in commands:
                break
            command = commands[word]
        if command is None:
            continue
        checked += 1
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0]):
            assert option in known, f"{command.name} {option}"
    assert checked > 15


def test_every_setting_of_the_page_exists_and_every_night_command_is_named() -> None:
    known = set(keys())
    tables = {key.partition(".")[0] for key in known if "." in key}
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", TEXT))
    assert {name for name in named if name.partition(".")[0] in tables} <= known
    assert set(re.findall(r"WARTAWAS_[A-Z_]+", TEXT)) <= {variable(key) for key in known}
    for command in ("config", "nightly", "morning", "schedule", "backup", "restore", "erase", "doctor"):
        assert f"wartawas {command}" in TEXT
