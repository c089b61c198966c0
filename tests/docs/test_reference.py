"""Whatever somebody may meet is documented: commands, settings, tables, reasons, ids; a test says what is not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from guides import PAGES, ROOT, command_lines

from crawler.health import FINDINGS
from crawler.ledger import PROBLEMS, REASONS
from crawler.sieve import BROKEN, PASSED
from pipeline import refusals
from pipeline.cli import wartawas
from pipeline.questions import QUESTIONS
from pipeline.settings import OTHERS, Settings, Watch, keys, variable
from reference import PARTS
from reference.accuracy import figures, in_words_text
from reference.commands import each_command
from reference.tables import documented, schemas, tables_text
from reference.taxonomy import TAXONOMY

WRITTEN = {page: page.read_text(encoding="utf-8") for page in PAGES}


def test_every_command_and_option_is_explained() -> None:
    text = PARTS["commands"]()
    sections = dict(re.findall(r"^## (wartawas [\w -]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    missing = []
    for name, command in each_command():
        assert command.help, f"{name} does not say what it does"
        for option in command.params:
            if isinstance(option, click.Option) and option.name not in ("var", "file", "help"):
                row = re.search(rf"^\| .*`{option.opts[-1]}`.* \| \S+ \S+", sections[name], re.MULTILINE)
                missing += [] if row else [f"{name} {option.opts[-1]}"]
    assert not missing


def test_commands_without_the_options_of_all_others_are_named() -> None:
    options = {name: {o for p in command.params for o in p.opts} for name, command in each_command()}
    lacking = {name: {"--var", "--settings"} - taken for name, taken in options.items()}
    exceptions = {name.removeprefix("wartawas "): some for name, some in lacking.items() if some}
    both = {"--var", "--settings"}
    assert exceptions == {"train": both, "evaluate": both, "schedule": {"--var"}}
    text = WRITTEN[ROOT / "docs" / "commands.md"]
    assert all(f"`{name}`" in text.partition("| option")[0] for name in exceptions)


def test_every_command_is_told_about_in_a_guide() -> None:
    shown = {" ".join(words) for page in PAGES if page.name != "commands.md" for words in command_lines(page)}
    names = [name.removeprefix("wartawas ") for name, _ in each_command()]
    assert [name for name in names if not any(line.startswith(name) for line in shown)] == []


def test_every_command_that_a_message_names_can_be_called() -> None:
    groups = {name for name, command in wartawas.commands.items() if isinstance(command, click.Group)}
    texts = [
        *WRITTEN.items(),
        *((path, path.read_text("utf-8")) for path in (ROOT / "pipeline").rglob("*.py")),
    ]
    bare = [
        (path.name, line)
        for path, text in texts
        for line in text.splitlines()
        if re.search(rf"`wartawas ({'|'.join(groups)})`", line) and not line.startswith('"""')
    ]
    assert bare == []


def test_every_setting_is_explained() -> None:
    text = PARTS["settings"]()
    missing = [key for key in keys() if key != "watch" and f"| `{key}` | `{variable(key)}`" not in text]
    missing += [key for key in Watch.model_fields if f"| `watch.{key}` |" not in text]
    assert not missing
    fields = [*Settings.model_fields.items(), *Watch.model_fields.items()]
    assert [key for key, field in fields if not (field.description or _is_table(field.annotation))] == []


def test_every_variable_is_a_setting_or_one_of_the_others() -> None:
    known = {variable(key) for key in keys()} | OTHERS
    read = {
        (str(path.relative_to(ROOT)), name)
        for folder in ("crawler", "nlp", "pipeline", "notebooks", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "test_settings.py"
        for name in re.findall(r"[\"'$ {](WARTAWAS_[A-Z_]*[A-Z])\b", path.read_text("utf-8"))
    }
    assert {(path, name) for path, name in read if name not in known} == set()
    text = WRITTEN[ROOT / "docs" / "settings.md"]
    assert [name for name in OTHERS if f"`{name}`" not in text] == []


def _is_table(kind: Any) -> bool:
    return bool(isinstance(kind, type) and kind.__doc__)


@pytest.mark.parametrize("part", sorted(schemas()))
def test_every_table_and_column_is_explained(part: str) -> None:
    known, told = schemas()[part], next(t for name, t in documented().items() if name.startswith(part))
    assert {table: list(columns) for table, columns in told.items()} == {
        table: list(columns) for table, columns in known.items()
    }


def test_no_table_is_made_that_no_chapter_knows() -> None:
    made = {
        (path.name, table)
        for package in ("crawler", "pipeline")
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in (".py", ".sql") and "migrations" not in path.parts
        for table in re.findall(
            r"^\s*CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)", path.read_text("utf-8"), re.MULTILINE
        )
    }
    known = {table for tables in schemas().values() for table in tables}
    assert len(made) > 30
    assert {(file, table) for file, table in made if table not in known} == set()


def test_the_dictionary_gives_each_column_its_type() -> None:
    text = tables_text()
    assert "| `event_id` | `VARCHAR` |" in text
    assert "| `article_url` | `TEXT` |" in text
    assert not re.search(r"^\| `\w+` \|  \|", text, re.MULTILINE), "a column without its type"


def test_every_reason_is_explained() -> None:
    ledger = WRITTEN[ROOT / "crawler" / "README.md"]
    named = [name for known in (REASONS, PROBLEMS, FINDINGS) for name in known]
    assert [name for name in named if f"| `{name}` | " not in ledger] == []
    text = PARTS["refusals"]()
    assert [name for name in refusals.REASONS if f"| `{name}` | " not in text] == []
    text = WRITTEN[ROOT / "docs" / "backfill.md"]
    assert [name for name in PASSED if f"| {name} | " not in text] == []
    assert [name for name in BROKEN if f"`{name}`" not in text] == []


def test_every_id_of_the_taxonomy_is_explained() -> None:
    text = PARTS["taxonomy"]()
    missing = [
        f"{path.name}: {found}"
        for path in sorted(TAXONOMY.glob("*.toml"))
        for found in ids(tomllib.loads(path.read_text(encoding="utf-8")))
        if f"`{found}" not in text
    ]
    assert not missing


def test_a_deadline_says_whether_it_was_checked() -> None:
    stages = tomllib.loads((TAXONOMY / "status.toml").read_text(encoding="utf-8"))["stage"]
    lines = [line for line in PARTS["taxonomy"]().splitlines() if line.startswith("| ")]
    for stage in stages:
        said = {True: "yes", False: "no", None: ""}[stage.get("deadline_verified")]
        assert ("deadline" in stage) == bool(said), stage["id"]
        (row,) = (line for line in lines if line.startswith(f"| `{stage['id']}` | {stage['order']} |"))
        assert row.rsplit("|", 2)[1].strip() == said, row


def ids(values: object) -> Iterator[str]:
    """Yield every `id` of a data file, and the names under which its sanctions and offices stand."""
    if isinstance(values, dict):
        if isinstance(values.get("id"), str):
            yield values["id"]
        for key in ("sanksi", "office"):
            yield from values.get(key, {})
        for value in values.values():
            yield from ids(value)
    elif isinstance(values, list):
        for value in values:
            yield from ids(value)


def test_every_question_stands_in_the_list() -> None:
    text = WRITTEN[ROOT / "docs" / "questions.md"]
    assert [name for name in QUESTIONS if f"| `{name}` |" not in text] == []


def test_measured_figures_are_those_of_the_results() -> None:
    known = figures()
    assert all(low <= value <= high for value, low, high in known.values())
    assert len(known) > 20
    value = known["kind accuracy"][0]
    assert f"| {100 * value:.0f} get the right kind | " in in_words_text()
    assert f"| kind accuracy | {value:.3f} |" in PARTS["accuracy"]()


def test_every_page_of_the_desk_is_told_to_analysts() -> None:
    menu = (ROOT / "pipeline" / "web" / "templates" / "base.html").read_text(encoding="utf-8")
    names = re.findall(r'\("/[a-z]*", "([\w ]+)"\)', menu)
    assert len(names) >= 10
    text = WRITTEN[ROOT / "docs" / "analysts.md"]
    assert [name for name in names if f"| {name} |" not in text] == []


def test_every_decision_says_why_what_was_measured_and_what_it_costs() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert len(pages) > 15
    for page in pages:
        marks = re.findall(r"^\*\*(\w+)\.\*\* \S", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert marks == ["Decision", "Why", "Measured", "Price"], page.name


def test_the_readme_stays_short() -> None:
    assert len(WRITTEN[ROOT / "README.md"].splitlines()) <= 130
    assert Path(ROOT / "docs" / "index.md") in WRITTEN
