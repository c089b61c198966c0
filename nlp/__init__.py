"""Text → structured findings: kind, cases, officials, places, dates, with the evidence behind each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.records import Extraction

__all__ = ["extract"]


def extract(
    text: str,
    published: datetime | None = None,
    outlet: str | None = None,
    *,
    id: str = "",
    title: str | None = None,
    url: str | None = None,
    home: str | None = None,
    flags: tuple[str, ...] = (),
) -> Extraction:
    """Return what a clean text says; the model is loaded at the first call.

    `published` is a datetime that carries its zone, `home` the region code of the outlet. Raises TypeError where `text`
    is no str or `published` no datetime, RuntimeError where the trained model is missing.
    """
    _check(text, published)
    from nlp.model import load_model
    from nlp.records import Document

    document = Document(
        id=id, text=text, title=title, url=url, published=published, outlet=outlet, home=home, flags=flags
    )
    return load_model().extract(document)


def _check(text: object, published: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}, a str was expected")
    if published is not None and not isinstance(published, datetime):
        raise TypeError(
            f"published is {type(published).__name__} (value {published!r}), a datetime with its zone was expected, "
            "as datetime.fromisoformat gives it"
        )
