"""Names on a page: the outlet's spellings, the author without labels, the title without the site's name."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.chrome import load_chrome, load_table
from pipeline.dateline import is_region
from pipeline.page import Page
from pipeline.wording import squash

if TYPE_CHECKING:
    from crawler.source import Source

MAX_AUTHOR = 80

# what steers a terminal, or turns the direction of what is printed after it
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_SITE_END = re.compile(r"\s+[-–—|»:•~]\s+|\s*[|»]\s*")
_FULL_NAME = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}")
_OUTLET_TYPES = ("Organization", "NewsMediaOrganization", "WebSite")


@dataclass(frozen=True, slots=True)
class _Patterns:
    label: re.Pattern[str]
    inside: re.Pattern[str]
    end: re.Pattern[str]
    nobody: re.Pattern[str]
    rubric: re.Pattern[str]
    around_outlet: re.Pattern[str]


@lru_cache(maxsize=1)
def _load_patterns() -> _Patterns:
    table = {key: value.replace("\n", "") for key, value in load_table()["byline"].items()}
    separator = r"(?:\s*[:=|/-]\s*|(?:\s+[\w.]+){1,2}\s*:\s*|\s+)"
    return _Patterns(
        label=re.compile(rf"^\W*(?:{table['labels']})\b{separator}", re.IGNORECASE),
        inside=re.compile(rf"\b(?:{table['inside']})\b(?:\s*:\s*\w|\s*(?-i:[A-Z])).*", re.IGNORECASE),
        end=re.compile(rf"\s*(?:{table['ends']})", re.IGNORECASE),
        nobody=re.compile(table["nobody"], re.IGNORECASE),
        rubric=re.compile(rf"\b(?:{table['rubrics']})\b", re.IGNORECASE),
        around_outlet=re.compile(rf"(?:{table['around_outlet']}|\d)*"),
    )


def outlet_names(page: Page | None, url: str | None, source: Source | None) -> frozenset[str]:
    """Return every squashed spelling of the outlet that the source, the page or the address gives."""
    names: set[str] = set()
    if source is not None:
        names |= {source.name, source.slug, *source.domains, *(_stem(domain) for domain in source.domains)}
    if page is not None:
        names |= {page.meta.get("og:site_name", ""), page.meta.get("application-name", "")}
        for node in page.json_ld:
            publisher = node.get("publisher")
            if isinstance(publisher, dict):
                names.add(plain(publisher.get("name")))
            if node.get("@type") in _OUTLET_TYPES:
                names |= {plain(node.get("name")), plain(node.get("alternateName"))}
    host = host_of(url) or ""
    if "." in host and not host.replace(".", "").isdigit():
        names |= {host, _stem(host)}
    return frozenset(squash(name) for name in names if len(squash(name)) >= 3)


def find_byline(text: str) -> str | None:
    """Return the part of a text that begins with a byline's label ("… | Penulis: Ratna Wulan"), or None."""
    found = _load_patterns().inside.search(text)
    return found.group() if found else None


def clean_author(raw: str, outlets: frozenset[str]) -> str | None:
    """Return the person that a byline names, without labels, dates and outlet; None where it names nobody."""
    patterns = _load_patterns()
    text = _one_line(html.unescape(raw))
    for _ in range(2):
        text = patterns.label.sub("", text)
    end = patterns.end.search(text, 1)
    text = (text[: end.start()] if end else text).strip(" ,:;|/-–—.*()[]")
    if len(text) > MAX_AUTHOR or "http" in text or "@" in text:
        return None
    pieces = [piece for piece in re.split(r"\s*[,&|/]\s*|\s+dan\s+|\s+-\s+", text) if piece]
    kept = [piece for piece in pieces if _is_person(piece, outlets, patterns)]
    if not kept:
        return None
    return text if len(kept) == len(pieces) else ", ".join(kept)


def looks_like_name(text: str) -> bool:
    """Tell whether a text without a label is likely a person: two to four names, no rubric and no place."""
    named = _FULL_NAME.fullmatch(text) is not None and not _load_patterns().rubric.search(text)
    return named and not is_region(text, load_chrome())


def _is_person(piece: str, outlets: frozenset[str], patterns: _Patterns) -> bool:
    """Tell a name from a role ("admin") and from the outlet's own ("Tim KabarDesa 01")."""
    key = squash(piece)
    if not any(c.isalpha() for c in piece) or key in outlets or patterns.nobody.fullmatch(piece):
        return False
    return not any(
        name in key and patterns.around_outlet.fullmatch(key.replace(name, "", 1)) for name in outlets
    )


def clean_title(raw: str, outlets: frozenset[str], heading: str | None = None) -> str | None:
    """Return a title without the site's name: cut where the rest is the outlet, or where the heading ends."""
    title = _one_line(html.unescape(html.unescape(raw)))
    own = _one_line(heading or "")
    key = squash(own)
    if len(own) > 10 and len(own) <= len(title) and squash(title).startswith(key) and key not in outlets:
        return own
    cut = _cut_site(title, outlets)
    while cut != title:
        title, cut = cut, _cut_site(cut, outlets)
    return title.strip() or None


def _cut_site(title: str, outlets: frozenset[str]) -> str:
    gaps = list(_SITE_END.finditer(title))
    if gaps and squash(title[gaps[-1].end() :]) in outlets:
        return title[: gaps[-1].start()]
    if gaps and squash(title[: gaps[0].start()]) in outlets:
        return title[gaps[0].end() :]
    # "Judul | Kabar Desa – Portal Berita dari Desa"
    named = (gap for gap, after in pairwise(gaps) if squash(title[gap.end() : after.start()]) in outlets)
    return title[: gap.start()] if (gap := next(named, None)) else title


def plain(value: Any) -> str:
    """Return a JSON value as one line of text, the empty string where it is none."""
    return _one_line(html.unescape(value)) if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    return _CONTROL.sub("", " ".join(text.split())).strip()


def host_of(url: str | None) -> str | None:
    """Return the bare host of an address, without www., m. and amp.; None where it has none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return re.sub(r"^(?:www\.|m\.|amp\.)+", "", host) if host else None


def _stem(domain: str) -> str:
    return domain.removeprefix("www.").split(".", 1)[0]
