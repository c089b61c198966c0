"""Sphinx builds the documentation: `sphinx-build -W docs BUILD`, without any network.

Pages are Markdown (MyST). A line `<!-- generated: NAME -->` is replaced by what `reference` makes of the data
files, the schemas, the settings and the command line, so that a reference can not fall behind them.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "Wartawas"
author = "the Wartawas authors"
project_copyright = "2026, the Wartawas authors"
version = release = version_of("wartawas")
extensions = ["myst_parser"]
exclude_patterns = ["_build", "reference"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
nitpicky = True
html_theme = "furo"
html_title = "Wartawas"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}
highlight_language = "text"

_GENERATED = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.MULTILINE)


def fill_in(_: Any, __: str, source: list[str]) -> None:
    """Replace the marks of a page by the generated parts that they name."""
    from reference import PARTS

    source[0] = _GENERATED.sub(lambda mark: PARTS[mark[1]](), source[0])


def setup(app: Any) -> dict[str, bool]:
    """Connect `fill_in` with Sphinx."""
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
