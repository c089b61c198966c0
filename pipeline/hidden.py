"""What a page holds and no reader sees: links and sentences of a break-in, and the rest of a text behind a button."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from pipeline.chrome import load_chrome
from pipeline.markup import text_of
from pipeline.paragraphs import size_of

_STYLED = etree.XPath("(//@style|//@hidden)/..")  # half the time of //*[@style or @hidden]
_FOLDED = re.compile(r"display:none|(?<![\w-])(?:max-)?height:[01](?:px)?(?:;|!|$)")
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|font-size:(?:0(?:px|pt|%|r?em)?|1p[xt])(?:;|!|$)|"
    r"(?:left|right|top|bottom|text-indent|margin-left|margin-top):-(?:\d{4,}|9\d\d)"
)
_MORE = re.compile(
    r"(?:(?:baca|lihat|tampilkan|buka|muat) )?(?:selengkapnya|lebih (?:banyak|lanjut)|semua(?:nya)?|lanjutan(?:nya)?)"
    r"|lanjut(?:kan)? (?:baca|membaca)|(?:read|show|load|see) (?:more|all|full)|continue reading"
)
_NEVER_HIDDEN = frozenset("html body main article".split())
_PROSE, _MAX_CONTROL, _NEAR, _MAX_FOLDED, _MIN_NOSCRIPT = 80, 60, 3, 1000, 400


def show_rest(tree: HtmlElement) -> None:
    """Make visible the folded rest of an article: prose that goes on after paragraphs, with a control to unfold it.

    Spam is hidden too, and nothing unfolds it.
    """
    told: dict[HtmlElement, bool] = {}
    for element in _STYLED(tree)[:_MAX_FOLDED]:
        if element.get("hidden") is None and not _FOLDED.search(_style(element)):
            continue
        parent = element.getparent()
        if parent is None:
            continue
        if parent not in told:
            told[parent] = any(size_of(part) >= _PROSE for part in parent.findall("p"))
        if (
            told[parent]
            and _goes_on(element)
            and any(_MORE.fullmatch(label) for label in _labels_beside(element))
        ):
            for name in ("hidden", "style", "aria-hidden"):
                element.attrib.pop(name, None)


def open_noscript(tree: HtmlElement) -> None:
    """Make visible what a page keeps for readers without scripts, where that is its text and nothing else is."""
    kept = {part: _prose_of(part) for part in tree.iter("noscript")}
    inside = sum(kept.values())
    if inside >= _MIN_NOSCRIPT and _prose_of(tree) < 2 * inside:
        for part in kept:
            part.tag = "div"


def _prose_of(element: HtmlElement) -> int:
    return sum(size for part in element.iter("p") if (size := size_of(part)) >= _PROSE)


def find_hidden(tree: HtmlElement) -> list[HtmlElement]:
    """Return the outermost elements that their own style or attribute keeps from being seen.

    What holds the headline, or a good part of the page's text, is shown by a script, so it stays.
    """
    found = [
        element
        for element in _STYLED(tree)
        if element.tag not in _NEVER_HIDDEN
        and (element.get("hidden") not in (None, "until-found") or _UNSEEN.search(_style(element)))
        and "font-size" not in "".join(part.get("style") or "" for part in element.iterdescendants())
    ]
    if not found:
        return []
    whole = size_of(tree)
    inside = set(found)
    return [
        element
        for element in found
        if size_of(element) * 3 < whole
        and element.find(".//h1") is None
        and not any(outer in inside for outer in element.iterancestors())
    ]


def _style(element: HtmlElement) -> str:
    return "".join((element.get("style") or "").split()).lower()


def _goes_on(element: HtmlElement) -> bool:
    """Tell whether an element holds prose, without a link farm or gambling terms."""
    if not any(size_of(part) >= _PROSE for part in element.iter("p")):
        return False
    text = "".join(element.itertext())
    linked = sum(size_of(link) for link in element.iter("a"))
    return linked * 4 < len(text) and not load_chrome().any_spam.search(text.lower())


def _labels_beside(element: HtmlElement) -> Iterator[str]:
    for sideways in (element.itersiblings(), element.itersiblings(preceding=True)):
        for number, sibling in enumerate(sideways):
            if number >= _NEAR:
                break
            label = text_of(sibling, _MAX_CONTROL + 1).lower().strip(" .…»>+▼↓")
            if len(label) <= _MAX_CONTROL:
                yield label
