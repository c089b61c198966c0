"""The parts of the documentation that are made from data files, schemas, settings and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reference.accuracy import accuracy_text, in_words_text
from reference.commands import commands_text
from reference.reasons import refusals_text
from reference.settings import settings_text
from reference.tables import tables_text
from reference.taxonomy import taxonomy_text

PARTS: Mapping[str, Callable[[], str]] = {
    "accuracy": accuracy_text,
    "in-words": in_words_text,
    "commands": commands_text,
    "refusals": refusals_text,
    "settings": settings_text,
    "tables": tables_text,
    "taxonomy": taxonomy_text,
}
