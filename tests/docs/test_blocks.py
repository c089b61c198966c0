"""Every block of the guides does what it says: Python runs, shell parses, commands exist with their options."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from guides import DOCS, PAGES, blocks, calls, command_lines, name

from pipeline.cli import wartawas
from pipeline.questions import QUESTIONS

DEMO = "var/demo"  # calls that name this folder are made, in the order of the page
RUN = [
    page for page in PAGES if blocks(page, "python") or any(DEMO in words for words in command_lines(page))
]


@pytest.mark.parametrize("page", RUN, ids=name)
def test_blocks_run_in_their_order(page: Path, beside_demo: Path) -> None:
    for block in blocks(page, "toml", "html", "text", "json"):
        if block.file:
            file = beside_demo / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    names: dict[str, object] = {"__name__": "docs"}
    for block in blocks(page, "python", "sh"):
        if block.language == "python":
            source = "\n" * (block.line - 1) + block.text  # so that a trace names the page's own line
            exec(compile(source, str(page), "exec", dont_inherit=True), names)
            continue
        for words in calls(block):
            if DEMO in words and words[0] not in ("serve", "demo"):
                ran = CliRunner().invoke(wartawas, words)
                assert ran.exit_code == 0, (words, ran.output, ran.exception)
                assert ran.stdout.strip(), words


def test_the_first_five_minutes_ask_what_the_demo_published() -> None:
    shown = [words for words in command_lines(DOCS / "start.md") if DEMO in words]
    assert {words[0] for words in shown} == {"query", "export", "serve"}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "sh")], ids=name)
def test_shell_blocks_parse(page: Path) -> None:
    for block in blocks(page, "sh"):
        ran = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
        assert ran.returncode == 0, f"{name(page)}:{block.line}: {ran.stderr}"


def test_every_block_has_a_language_that_is_checked() -> None:
    known = {"sh", "python", "toml", "html", "text", "json", "sql", "r", "{toctree}", "{include}"}
    for page in PAGES:
        for block in blocks(page, *_languages(page)):
            assert block.language in known, f"{name(page)}:{block.line}: a block of {block.language!r}"


@pytest.mark.parametrize("page", [page for page in PAGES if list(command_lines(page))], ids=name)
def test_every_command_line_is_one_that_the_program_takes(page: Path) -> None:
    for words in command_lines(page):
        if problem := find_problem(words):
            pytest.fail(f"{name(page)}: `wartawas {' '.join(words)}`: {problem}")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("querry baru", "no command querry"),
        ("query --wilyah 32", "No such option"),
        ("query barru", "no question barru"),
        ("export x.xlsx barru", "no question barru"),
        ("export --asal pemerintah x.xlsx", "'pemerintah' is not one of"),
        ("backup a b", "too many words"),
        ("query baru --wilayah 32", None),
        ("sources", None),
        ("--version", None),
    ],
)
def test_a_wrong_command_line_is_noticed(line: str, problem: str | None) -> None:
    found = find_problem(line.split())
    assert found == problem if problem is None else problem in (found or "")


def find_problem(words: list[str]) -> str | None:
    """Return why the program would not take these words, None where it would."""
    command: click.Command = wartawas
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    context = click.Context(command, info_name=command.name)
    context.resilient_parsing = isinstance(command, click.Group)
    try:
        values, rest, _ = command.make_parser(context).parse_args(list(words))
        for parameter in command.params:
            given = values.get(parameter.name or "")
            if isinstance(parameter.type, click.Choice) and isinstance(given, str) and given.islower():
                parameter.type.convert(given, parameter, context)
    except click.UsageError as error:
        return error.format_message()
    if rest and not isinstance(command, click.Group):
        return f"too many words: {rest}"
    asked = values.get("name") if command.name in ("query", "export") else None
    if isinstance(asked, str) and asked.islower() and asked not in QUESTIONS:
        return f"no question {asked}"
    return None


def _languages(page: Path) -> set[str]:
    opens = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
    return {line[3:].split()[0] if line[3:].strip() else "" for line in opens[::2]}
