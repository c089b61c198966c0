"""Section pages: the articles they link to, and the page after them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from crawler.discovery.entries import Printed, make_entry, unique
from crawler.discovery.markup import MarkupError, unpacked
from crawler.discovery.queries import digest
from crawler.discovery.shapes import NEXT_WORDS
from crawler.discovery.times import Moment, Window, parse_time, path_time
from crawler.records import Entry, Listing, Step
from crawler.source import Source

MAX_LINKS = 3000
MAX_BYTES = 5_000_000
NIGHT_PAGES = 2
BACKFILL_PAGES = 200
_SMALL = 64_000  # a page of this size may hold whatever it likes
_MAX_ATTRIBUTES = 250
_CLIMB = 4
#: An element and the absolute address, without fragment, to which it leads.
Link = tuple[etree._Element, str]
_PAGE_PATH = re.compile(r"(?:/(?:page|halaman|hal|index))?/(\d{1,4})$")
_PAGE_KEYS = frozenset({"page", "paged", "halaman", "hal", "p", "pg"})


def parse_section(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return the articles that a section page links to, and its next page within the night's bounds.

    A link's text may be cut short, so it gives no title. A page whose articles all lie before the window is
    the last; where they show no time, a night after the first asks two pages.
    """
    root = _document(body)
    links = list(_links(root, base))
    listed = [(element, href) for element, href in links if element.tag == "a" and _is_article(href, source)]
    times = _times(root, listed)
    found: list[Entry] = []
    moments: list[Moment] = []
    for element, href in listed:
        beside = _time_beside(element, times, source.zone)
        moment = beside or path_time(urlsplit(href).path, source.zone)
        entry = make_entry(
            Printed(href, published=beside), base, source, window, origin="section", trust="page"
        )
        found += [entry] if entry else []
        moments += [moment] if moment else []
    if not listed:
        return Listing((), problem=None if step.depth else "the page links to no article")
    shown = digest(href for _, href in listed)
    if shown == step.previous:
        return Listing(())  # the site ignores the page number
    follow = _next_page(step, links, moments, source, window)
    return Listing(unique(found), (Step("section", follow, step.depth + 1, shown),) if follow else ())


def _is_article(href: str, source: Source) -> bool:
    return make_entry(Printed(href), href, source, Window(), origin="section", trust="page") is not None


def _document(body: bytes) -> etree._Element:
    body = unpacked(body)[:MAX_BYTES]
    if not body.strip():
        raise MarkupError("the page is empty")
    options: dict[str, Any] = {"huge_tree": False, "no_network": True, "encoding": _encoding(body)}
    try:
        if len(body) > _SMALL:
            etree.fromstring(body, etree.HTMLParser(target=_AttributeCount(), **options))
        root = lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(**options))
    except MarkupError:
        raise
    except (etree.LxmlError, ValueError) as error:
        raise MarkupError(f"not readable as HTML ({str(error)[:100]})") from None
    return root


class _AttributeCount:
    """Refuses a page with a tag of very many attributes.

    The parser looks through all attributes of a tag at each further one when it builds the tree, and not when
    it only tells what it reads: of 700 kB in one tag the first takes minutes, the second no time.
    """

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Look at a tag."""
        if len(attributes) > _MAX_ATTRIBUTES:
            raise MarkupError(f"not readable as HTML (a tag with over {_MAX_ATTRIBUTES} attributes)")

    def close(self) -> None:
        """Look at nothing more."""


def _encoding(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None  # the page's own declaration decides
    return "utf-8"


def _links(root: etree._Element, base: str) -> Iterator[Link]:
    """Yield a page's links."""
    for declared in root.iter("base"):
        base = _joined(base, declared.get("href") or "") or base
        break
    for count, element in enumerate(root.iter("a", "link")):
        if count >= MAX_LINKS:
            return
        url = _joined(base, element.get("href") or "")
        if url and element.get("href") and url.startswith(("http://", "https://")):
            yield element, url.partition("#")[0]


def _joined(base: str, href: str) -> str | None:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return None


def _times(root: etree._Element, listed: list[Link]) -> dict[etree._Element, str]:
    """Return the time of each box of the page that holds one time and links to one article only."""
    times: defaultdict[etree._Element, set[str]] = defaultdict(set)
    for element in islice(root.iter("time"), MAX_LINKS):
        for box in islice(element.iterancestors(), _CLIMB * 2):
            times[box].add(element.get("datetime") or "")
    articles: defaultdict[etree._Element, set[str]] = defaultdict(set)
    for element, href in listed:
        for box in islice(element.iterancestors(), _CLIMB):
            articles[box].add(href)
    single = (box for box, hrefs in articles.items() if len(hrefs) == 1 and len(times.get(box, ())) == 1)
    return {box: next(iter(times[box])) for box in single}


def _time_beside(link: etree._Element, times: dict[etree._Element, str], zone: str) -> Moment | None:
    stated = (times[box] for box in islice(link.iterancestors(), _CLIMB) if box in times)
    return parse_time(next(stated, None), zone)


def _next_page(
    step: Step,
    links: list[Link],
    moments: list[Moment],
    source: Source,
    window: Window,
) -> str | None:
    if step.depth + 1 >= _limit(step, source, window, bool(moments)):
        return None
    if moments and all(window.ends_before(moment) for moment in moments):
        return None
    stem, page = _paged(step.url)
    for element, url in links:
        if (
            url != step.url
            and source.owns(url)
            and (_paged(url) == (stem, page + 1) or _says_next(element, url, step))
        ):
            return url
    return None


def _limit(step: Step, source: Source, window: Window, dated: bool) -> int:
    if window.until:
        return BACKFILL_PAGES
    stem = _paged(step.url)[0]
    declared = [way.pages for way in source.discovery if way.method == "section"]
    own = [
        w.pages
        for w in source.discovery
        if w.method == "section" and _paged(source.resolve(w.url))[0] == stem
    ]
    limit = (own or declared or [5])[0]
    return limit if window.since is None or dated else min(limit, NIGHT_PAGES)


def _says_next(element: etree._Element, url: str, step: Step) -> bool:
    """Return whether a link is marked as the next page and stays within the section."""
    marked = "next" in (element.get("rel") or "").lower().split()
    if element.tag == "a" and not marked:
        text = " ".join("".join(element.itertext()).lower().split())
        marked = text in NEXT_WORDS or text.strip("»›>→ ") in NEXT_WORDS
    here, there = urlsplit(step.url).path.rstrip("/"), urlsplit(url).path.rstrip("/")
    # /halkategori-3-2.html is followed by /halkategori-3-3.html
    return marked and (there.startswith(_PAGE_PATH.sub("", here)) or _shape(there) == _shape(here))


def _shape(path: str) -> str:
    return re.sub(r"\d+", "#", path)


def _paged(url: str) -> tuple[str, int]:
    """Return (address without its page number, that number from 1) of a listing's page."""
    split = urlsplit(url)
    query = parse_qsl(split.query, keep_blank_values=True)
    numbers = [
        int(value) for key, value in query if key in _PAGE_KEYS and value.isascii() and value.isdigit()
    ]
    rest = urlencode([(key, value) for key, value in query if key not in _PAGE_KEYS])
    path = split.path.rstrip("/")
    found = _PAGE_PATH.search(path)
    if found and not numbers:
        path, numbers = path[: found.start()], [int(found[1])]
    host = split.netloc.lower().removeprefix("www.")
    return f"{host}{path}?{rest}", numbers[0] if numbers and numbers[0] < 10_000 else 1
