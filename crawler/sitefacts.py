"""What a site's front page and its articles' addresses say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from crawler.discovery.markup import plain

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
)
_SECOND_LEVEL = frozenset("co go or web my sch ac net desa biz ponpes mil".split())
_MAX_LINKS = 3000
_NAME_OPENING = re.compile(r"([a-z]+-)?\d+-(?=\D)")
_NUMBERED = r"\d+-"
_HOME_WORDS = frozenset({"beranda", "home", "homepage", "halaman depan", "welcome"})
_BLOGGER = re.compile(
    rb"https?://www\.blogger\.com/(?:feeds|static|rearrange|navbar)|blogger-iframe", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What the front page declares; `generator` and `language` are as stated, `paths` those of links to the site."""

    name: str | None
    generator: str | None
    language: str | None
    cms: str
    feeds: tuple[str, ...]
    rest: str | None
    paths: tuple[str, ...] = ()


def read_front_page(body: bytes, url: str) -> FrontPage:
    """Return what a front page declares; whatever is missing or broken is None."""
    root = _tree(body)
    generator = _meta(root, "name", "generator")
    feeds = [
        urljoin(url, link.get("href") or "")
        for link in root.iter("link")
        if (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
        and "sitemap" not in (link.get("rel") or "").lower()
        and "comments" not in (link.get("href") or "")
    ]
    api = next(
        (link.get("href") for link in root.iter("link") if link.get("rel") == "https://api.w.org/"), None
    )
    title = root.find(".//title")
    text = title.text_content() if isinstance(title, lxml_html.HtmlElement) else None
    language = (root.get("lang") or _meta(root, "http-equiv", "content-language") or "").lower()
    code = re.split(r"[-_,; ]", language[:20])[0]
    return FrontPage(
        name=_meta(root, "property", "og:site_name") or _site_name(text, url),
        generator=generator,
        language={"in": "id"}.get(code, code) or None,  # "in" is what Java and Blogger still say
        cms=_cms(generator or "", api, body),
        feeds=tuple(dict.fromkeys(feed for feed in feeds if len(feed) < 400))[:3],
        rest=urljoin(urljoin(url, api), "wp/v2/posts") if api else None,
        paths=tuple(dict.fromkeys(_paths(root, url))),
    )


def article_pattern(urls: Sequence[str]) -> str | None:
    """Return the regular expression that the paths of nearly all `urls` share, where it tells articles.

    Only a shape with a date, a number or a fixed word does: /slug alone would fit a section as well.
    """
    split = [urlsplit(url).path.strip("/").split("/") for url in urls]
    shapes = Counter(
        tuple(_piece(piece, last=i == len(path) - 1) for i, piece in enumerate(path)) for path in split
    )
    if len(urls) < 5 or not shapes:
        return None
    shape, count = shapes.most_common(1)[0]
    if count < 0.95 * len(urls):
        return None
    chosen = [path for path in split if len(path) == len(shape)]
    pieces = [_fixed({path[i] for path in chosen}, kind) for i, kind in enumerate(shape)]
    pieces[-1] = _opening([path[-1] for path in chosen]) + pieces[-1]
    telling = any("\\d" in piece or "[" not in piece for piece in pieces[:-1]) or pieces[-1].endswith("html")
    telling = telling or _NUMBERED in pieces[-1]
    return f"^/{'/'.join(pieces)}$" if telling else None


def _opening(names: Sequence[str]) -> str:
    """Return the pattern of what all names open with, a number and perhaps one word before it: "berita-41-…"."""
    found = [_NAME_OPENING.match(name) for name in names]
    words = {match[1] or "" for match in found if match}
    return f"{words.pop()}{_NUMBERED}" if all(found) and len(words) == 1 else ""


def section_pattern(urls: Sequence[str], paths: Sequence[str]) -> str | None:
    """Return the pattern of addresses that were told from others by their look alone; None where it fits a section.

    `paths` are those of all links of the page. A name of one word, /berita/politik, is a section's.
    """
    pattern = article_pattern(urls)
    fitting = (path for path in paths if pattern and re.search(pattern, path))
    return None if any(re.fullmatch("[a-z]*", path.rpartition("/")[2]) for path in fitting) else pattern


def slug_of(host: str) -> str:
    """Return the slug for a host: its labels without www and the public ending."""
    labels = host.lower().removeprefix("www.").replace(":", ".").split(".")
    if not labels[-1].isdigit():
        labels = labels[:-1]
        if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
            labels = labels[:-1]
    return re.sub(r"[^a-z0-9-]+", "-", "-".join(labels)).strip("-")[:60] or "source"


def _paths(root: lxml_html.HtmlElement, url: str) -> Iterator[str]:
    host = urlsplit(url).netloc
    for link in islice(root.iter("a"), _MAX_LINKS):
        try:
            split = urlsplit(urljoin(url, (link.get("href") or "").strip()))
        except ValueError:
            continue
        if split.netloc.removeprefix("www.") == host.removeprefix("www."):
            yield split.path


def _tree(body: bytes) -> lxml_html.HtmlElement:
    try:
        return lxml_html.document_fromstring(
            body, parser=lxml_html.HTMLParser(huge_tree=False, no_network=True)
        )
    except (etree.LxmlError, ValueError):
        return lxml_html.document_fromstring("<html></html>")


def _meta(root: lxml_html.HtmlElement, key: str, value: str) -> str | None:
    found = (tag.get("content") for tag in root.iter("meta") if (tag.get(key) or "").lower() == value)
    return plain(next(found, None), 100)


def _site_name(title: str | None, url: str) -> str | None:
    """Return the part of a front page's title that names the site: like its host, or else the first."""
    pieces = [piece for part in re.split(r" [|–—·•-] ", title or "") if (piece := plain(part, 100))]
    named = [p for p in pieces if p.lower() not in _HOME_WORDS]
    host = re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").lower())
    alike = [p for p in named if re.sub(r"[^a-z0-9]", "", p.lower()) in host]
    return next(iter([*alike, *named]), None)


def _cms(generator: str, api: str | None, body: bytes) -> str:
    if "wordpress" in generator.lower() or api or body.count(b"/wp-content/") > 2:
        return "wordpress"
    return "blogger" if generator.lower() == "blogger" or _BLOGGER.search(body) else "custom"


def _piece(piece: str, *, last: bool) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", piece):
        return r"\d{4}"
    if re.fullmatch(r"\d\d", piece):
        return r"\d{2}"
    if piece.isascii() and piece.isdigit():
        return r"\d+"
    if last:
        return r"[^/]+\.html" if piece.endswith(".html") else "[^/]+"
    return "[a-z0-9-]+"


def _fixed(values: set[str], kind: str) -> str:
    only = next(iter(values))
    return re.escape(only).replace(r"\-", "-") if kind == "[a-z0-9-]+" and len(values) == 1 else kind
