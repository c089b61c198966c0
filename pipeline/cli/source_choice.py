"""Which sources a command is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.source import Source
    from pipeline.settings import Settings


def chosen_sources(slugs: tuple[str, ...], settings: Settings) -> list[Source]:
    """Return the sources of these names, or all; raises SourceError for a name that is not known."""
    from crawler.source import SourceError, load_sources

    known = load_sources(settings.sources)
    for slug in slugs:
        if slug not in known:
            raise SourceError(f"{slug}: no such source; `wartawas sources list` shows them")
    return [known[slug] for slug in slugs] if slugs else list(known.values())
