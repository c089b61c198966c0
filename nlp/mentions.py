"""One list of dates and of laws out of two readers: the rules and the recogniser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from nlp.date_roles import date_role
from nlp.dates import normalise
from nlp.records import LegalRef, Mention
from nlp.text import fold

_LOOSE = ("relative", "calendar")


def merge_dates(
    text: str, found: Sequence[Mention], spotted: Iterable[Mention], published: datetime | None
) -> list[Mention]:
    """Return the dates that the rules found and those that only the recogniser spotted, with values.

    Whether "besok", "pekan ini" or "H-7" means a day or just a time to come, the recogniser knows better:
    such a date counts where it spotted one too.
    """
    seen = list(spotted)
    sure = [one for one in found if one.method not in _LOOSE or _touches(one, seen)]
    extra: list[Mention] = []
    folded = ""
    for mention in seen:
        if _touches(mention, sure):
            continue
        value = normalise(mention.text, published=published)
        if value is None:
            continue
        folded = folded or fold(text)
        role = date_role(text, folded, mention.start, mention.end)
        extra.append(
            replace(
                mention,
                iso=value.iso,
                precision=value.precision,
                method=value.method,
                conflict=value.conflict,
                role=role,
            )
        )
    return sorted([*sure, *extra], key=lambda m: m.start)


def merge_laws(text: str, found: Sequence[LegalRef], spotted: Iterable[Mention]) -> list[Mention]:
    """Return law mentions: the rules' references, and those that only the recogniser spotted."""
    ruled = [Mention("law", ref.start, ref.end, ref.text, conflict=ref.conflict) for ref in found]
    return sorted([*ruled, *(m for m in spotted if not _touches(m, ruled))], key=lambda m: m.start)


def _touches(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(other.start < mention.end and mention.start < other.end for other in others)
