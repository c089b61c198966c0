"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, its level (ok, warning, error), a line for people, figures."""

    name: str
    level: str
    text: str
    figures: dict[str, Any] = field(default_factory=dict)
