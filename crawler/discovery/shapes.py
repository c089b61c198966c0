"""The shapes of addresses that tell articles from listings, as shapes.toml lists them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.canonical import is_slug

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("shapes.toml").read_text(encoding="utf-8"))
MONTHS: dict[str, int] = _DATA["months"]
ZONES: dict[str, int] = _DATA["zones"]
NEXT_WORDS: frozenset[str] = frozenset(_DATA["next_words"])
PROTECTED: tuple[str, ...] = tuple(_DATA["protected"])
_LISTING: frozenset[str] = frozenset(_DATA["listing"])
_STATIC: frozenset[str] = frozenset(_DATA["static"])
_FILES: frozenset[str] = frozenset(_DATA["files"])
_SKIP: frozenset[str] = frozenset(_DATA["sitemap_skip"])


def is_listing(url: str) -> bool:
    """Return whether the canonical `url` shows a listing, a service page, a file or the outlet itself."""
    split = urlsplit(url)
    pieces = split.path.lower().strip("/").split("/")
    if pieces == [""]:
        return not re.match(r"p=\d+$", split.query)
    last = pieces[-1]
    stem, _, ending = last.rpartition(".")
    if pieces[0] in _LISTING or (stem if ending in ("html", "htm", "php") else last) in _STATIC:
        return True
    return (bool(stem) and ending in _FILES) or (len(pieces) > 1 and pieces[-2] == "page")


def looks_like_article(url: str) -> bool:
    """Return whether the canonical `url` can be nothing but an article, by the general shape alone."""
    split = urlsplit(url)
    return not split.query and not is_listing(url) and is_slug(split.path)


def lists_articles(sitemap: str) -> bool:
    """Return whether a child sitemap may list articles, by the words of its name."""
    name = urlsplit(sitemap).path.lower().rpartition("/")[2].removesuffix(".gz").removesuffix(".xml")
    words = re.split(r"[-.]", re.sub(r"\d+", "", name))
    if "post" in words or "posts" in words or "news" in words:
        # wp-sitemap-posts-page-1.xml lists pages, post_tag-sitemap.xml tags, news-sitemap.xml articles
        return not {"page", "attachment"} & set(words)
    return not _SKIP & set(words) and name not in _SKIP
