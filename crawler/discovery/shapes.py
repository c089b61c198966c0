"""The shapes of addresses that tell articles from listings, as shapes.toml lists them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

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
_READ: tuple[str, ...] = tuple(_DATA["query_reads"])
_LISTS: tuple[str, ...] = tuple(_DATA["query_lists"])
_OTHER: tuple[str, ...] = tuple(_DATA["query_others"])
_NO_NEWS: tuple[str, ...] = tuple(_DATA["no_news"])
_ID_KEY = re.compile(r"(?:[a-z]+_?)?(?:id|no|kode)(?:_?[a-z]+)?|[ans]id")
_MAX_KEY = 40
_SEARCH_KEYS = frozenset("s q query cari search keyword kata tag url u text".split())
# /kategori-3-politik.html, /halkategori-3-2.html; "arsip-1998-dibuka-kembali" is a headline
_NUMBERED_LIST = re.compile(
    r"(?:hal)?(?:kategori|category|rubrik|tag|label|arsip|indeks|album|statis)-\d{1,3}(?:\W|$)"
)
_SECTION = re.compile(r"(?:/[a-z]+(?:-[a-z]+){0,2}){1,2}")
_CATEGORY = frozenset("kategori category categories rubrik".split())
_INDEX = frozenset({"indeks", "arsip"})
# a framework's way to show one row of a table: /berita/detail/503
_READ_NUMBER = re.compile(r"/(?:detail|read|baca|lihat|view|show|selengkapnya)/\d+$")
_SCRIPT = re.compile(r"(?:^|/)[^/.]*(?:\.(?:php\d?|aspx?|jsp|cfm))?$")


def is_listing(url: str) -> bool:
    """Return whether the canonical `url` shows a listing, a service page, a file or the outlet itself."""
    split = urlsplit(url)
    pieces = split.path.lower().strip("/").split("/")
    if pieces == [""]:
        return not (re.match(r"p=\d+$", split.query) or _asks_for_article(split.path, split.query))
    last = pieces[-1]
    if _NUMBERED_LIST.match(last):
        return True
    stem, _, ending = last.rpartition(".")
    if pieces[0] in _LISTING or (stem if ending in ("html", "htm", "php") else last) in _STATIC:
        return True
    return (bool(stem) and ending in _FILES) or (len(pieces) > 1 and pieces[-2] == "page")


def may_be_section(path: str) -> bool:
    """Return whether a menu's link with this path may lead to a section: one or two words, none of a service page."""
    pieces = path.strip("/").split("/")
    if not _SECTION.fullmatch(path.rstrip("/")) or pieces[-1] in (_STATIC | _LISTING) - _INDEX:
        return False
    return len(pieces) == 1 or pieces[0] in _CATEGORY | _INDEX or pieces[0] not in _LISTING


def looks_like_article(url: str) -> bool:
    """Return whether the canonical `url` can be nothing but an article, by the general shape alone."""
    split = urlsplit(url)
    if is_listing(url):
        return False
    if split.query:
        return _asks_for_article(split.path, split.query)
    return is_slug(split.path) or _shows_row(split.path.lower())


def _shows_row(path: str) -> bool:
    return bool(_READ_NUMBER.search(path)) and not any(word in path for word in (*_LISTS, *_NO_NEWS))


def _asks_for_article(path: str, query: str) -> bool:
    """Return whether a script is asked for one article: by its name, or by a number and a word that says so.

    Old PHP sites have but one script: media.php?module=detailberita&id=12.
    """
    pairs = [
        (key.lower(), value.lower()) for key, value in parse_qsl(query) if key.lower() not in _SEARCH_KEYS
    ]
    name = path.rpartition("/")[2].lower()
    said = " ".join([name, *(key for key, _ in pairs), *(value for _, value in pairs if value.isalpha())])
    if not _SCRIPT.search(path) or any(word in said for word in _LISTS):
        return False
    numbered = any(value.isdigit() and _numbers_article(key) for key, value in pairs)
    return any(_named(value) for _, value in pairs) or (numbered and any(word in said for word in _READ))


def _numbers_article(key: str) -> bool:
    known = len(key) <= _MAX_KEY and _ID_KEY.fullmatch(key) is not None
    return known and not any(word in key for word in _OTHER)


def _named(value: str) -> bool:
    return value.count("-") + value.count("_") + value.count(" ") >= 3 and is_slug(
        f"/{value.replace(' ', '-')}"
    )


def lists_articles(sitemap: str) -> bool:
    """Return whether a child sitemap may list articles, by the words of its name."""
    name = urlsplit(sitemap).path.lower().rpartition("/")[2].removesuffix(".gz").removesuffix(".xml")
    words = re.split(r"[-.]", re.sub(r"\d+", "", name))
    if "post" in words or "posts" in words or "news" in words:
        # wp-sitemap-posts-page-1.xml lists pages, post_tag-sitemap.xml tags, news-sitemap.xml articles
        return not {"page", "attachment"} & set(words)
    return not _SKIP & set(words) and name not in _SKIP
