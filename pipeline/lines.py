"""Strip the chrome from extracted lines, and keep what was dropped, with its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.article import Dropped
from pipeline.chrome import Chrome, Rule, is_suspect, load_chrome, match_line
from pipeline.codes import BRACKET, Cut, cut_code, cut_credit, cut_related, is_code
from pipeline.dateline import is_region, outlet_alone, split_prefix
from pipeline.furniture import find_furniture, is_service
from pipeline.wording import Line, ends_sentence, fold, is_headline, is_prose, squash

_CODE_MARKS = frozenset("/#~*–—-")
_DAY = re.compile(r"\d{1,2}/\d{1,2}")
_NAME = re.compile(r"[A-Z][\w'’-]*\.?|[A-Z](?:\.[A-Z])*\.?")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")
_LETTERED = re.compile(r"[A-Za-z][.)]\s")
_LABEL = re.compile(r"[A-Z][\w.&/ ]{1,24}\s?:\s?[A-Z@]")
_MAX_FOLLOWERS, _MAX_FOOTER, _MAX_LABEL, _OWN_NAME, _MAX_AFTER = 8, 10, 5, 7, 6
SIGNED = ("oleh ", "oleh:", "catatan ", "laporan ")
"""How a line under the headline opens that says who wrote."""
_CLOSING = frozenset("byline editor code adv tags share follow copyright count page comment".split())
"""Kinds of chrome after which, below the last paragraph, an article's own text does not go on."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page before its lines are read, all squashed: title, the outlet's names, links."""

    title_key: str = ""
    outlets: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


@dataclass(slots=True)
class Stripped:
    """The article's own lines, what was dropped from between them, and what the dropped lines said."""

    lines: list[Line] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    dateline: str | None = None
    outlet: str | None = None
    author_lines: list[str] = field(default_factory=list)

    def drop(self, kind: str, text: str) -> None:
        """Note a line, or a part of one, that is no part of the article."""
        self.dropped.append(Dropped(kind, text))


def strip_chrome(lines: list[Line], facts: PageFacts) -> Stripped:
    """Return the lines of the article without chrome, each dropped line with its kind.

    A line goes only where its label, its place on the page or a link says what it is; a sentence that begins
    like chrome stays.
    """
    chrome, out = load_chrome(), Stripped()
    suspects = {index for index, line in enumerate(lines) if is_suspect(line, chrome)}
    first, last = _bounds(lines, suspects, facts, chrome)
    words, seen = sum(line.text.count(" ") + 1 for line in lines), 0
    follow, closed = _Followers(), False
    for index, line in enumerate(lines):
        zone = "head" if index < first else "tail" if index > last else "body"
        seen += line.text.count(" ") + 1
        again = index <= max(first, 2) or zone == "tail" or line.kind == "head"
        kind = "title" if again and _is_title(line, facts) else None
        suspect = kind is None and index in suspects
        found = match_line(line, zone, facts.links, chrome=chrome) if suspect else None
        if found:
            kind = found[0].kind
            _note(found[0], line, out)
            follow.open(*found)
        spot = _Spot(line, lines[index + 1 : index + 3], zone, out.lines, closed)
        kind = kind or follow.take(line) or _by_position(spot, facts, chrome)
        near_end = zone == "tail" and len(lines) - index <= _MAX_FOOTER
        closed = closed or (near_end and kind in _CLOSING and (found is not None or kind == "code"))
        if kind is None:
            out.lines.append(line)
        else:
            out.drop(kind, line.text)
        if found and found[0].ends and seen * 2 > words and out.lines:
            for rest in lines[index + 1 :]:
                out.drop(found[0].kind, rest.text)
            break
    _strip_prefix(out, facts, chrome)
    _strip_ends(out, facts)
    return out


@dataclass(slots=True)
class _Followers:
    """How many lines may still be dropped because they hang on a label such as "Baca juga:"."""

    kind: str = ""
    left: int = 0
    bare: bool = False

    def open(self, rule: Rule, tail: str) -> None:
        empty = not any(c.isalnum() for c in tail)
        if rule.opens:
            self.kind, self.left, self.bare = rule.kind, _MAX_FOLLOWERS, empty
        elif rule.rest == "names" and empty:
            self.kind, self.left, self.bare = rule.kind, 1, True

    def take(self, line: Line) -> str | None:
        if not self.left:
            return None
        if self.kind in ("editor", "byline"):
            fits = line.text.count(" ") <= 3 and line.text[:1].isupper() and not ends_sentence(line.text)
        else:
            alone = self.bare and not _NUMBERED.match(line.text)
            cut = cut_code(line.text) if alone else None
            text = cut.text if cut else line.text
            fits = line.linked or (alone and text.count(" ") < 25 and is_headline(text))
        self.left = self.left - 1 if fits else 0
        self.bare = self.bare and not line.linked  # where one headline is a link, the next ones are too
        return self.kind if fits else None


def _bounds(lines: list[Line], suspects: set[int], facts: PageFacts, chrome: Chrome) -> tuple[int, int]:
    """Return the indexes of the first and the last line that read as paragraphs of the article."""

    def is_paragraph(index: int) -> bool:
        line = lines[index]
        if not is_prose(line) or _is_title(line, facts) or _leads_away(line, facts):
            return False
        if is_service(line.text, facts.outlets, near_end=index >= len(lines) - _MAX_AFTER):
            return False
        return index not in suspects or not match_line(line, "body", facts.links, chrome=chrome)

    first = next((index for index in range(len(lines)) if is_paragraph(index)), None)
    if first is None:
        return 0, len(lines)
    return first, next(index for index in range(len(lines) - 1, -1, -1) if is_paragraph(index))


def _is_title(line: Line, facts: PageFacts) -> bool:
    key = facts.title_key
    return bool(key) and abs(len(line.text) - len(key)) < len(key) and squash(line.text) == key


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line in its place: the zone it stands in, up to two lines after it, the article's lines before it.

    `closed` when the chrome that ends an article stood above it.
    """

    line: Line
    after: list[Line]
    zone: str
    kept: list[Line]
    closed: bool

    @property
    def words(self) -> int:
        return self.line.text.count(" ") + 1


def _by_position(spot: _Spot, facts: PageFacts, chrome: Chrome) -> str | None:
    """Name what a short line without a label is, by where it stands."""
    text = spot.line.text
    if _is_service(spot, facts):
        return None if chrome.speech.search(fold(text)) else "follow"
    if spot.words > 30:
        return None
    if not any(c.isalnum() for c in text):
        return "code"
    if spot.zone == "head":
        return _at_head(spot, facts, chrome)
    if spot.words >= 4 and _leads_away(spot.line, facts):
        return "related"
    if _heads_links(spot, facts):
        return "related"
    code = BRACKET.fullmatch(text)
    if code and is_code(code.group(1), alone=True):
        return "code"
    folded = fold(text)
    if chrome.call.match(folded) and _names_outlet(text, facts) and not chrome.speech.search(folded):
        return "follow"
    listed = spot.line.kind in ("item", "row") or _NUMBERED.match(text)
    furniture = None if listed else find_furniture(text, facts.outlets, tail=spot.zone == "tail")
    return furniture or (_at_tail(spot, facts, chrome) if spot.zone == "tail" else None)


def _is_service(spot: _Spot, facts: PageFacts) -> bool:
    """Tell whether a line is about the outlet and its readers; short ones in the body may be subheadings."""
    text, line = spot.line.text, spot.line
    if _NUMBERED.match(text) or _LETTERED.match(text):
        return False
    if spot.zone == "body" and spot.words <= _MAX_LABEL and (line.kind != "p" or ends_sentence(text)):
        return False
    asks = spot.zone == "head" and text.endswith("?")
    return is_service(text, facts.outlets, near_end=asks or spot.zone == "tail")


def _heads_links(spot: _Spot, facts: PageFacts) -> bool:
    """Tell whether a short line is the heading of what follows: links to other articles."""
    text = spot.line.text
    if spot.words > 6 or spot.line.kind == "row" or text[-1] in ".!?," or not text[0].isupper():
        return False
    if spot.line.kind == "item":
        return len(spot.after) == 2 and all(line.linked and line.kind == "item" for line in spot.after)
    links = 1 if text.endswith(":") else 2
    return len(spot.after) >= links and all(_leads_away(line, facts) for line in spot.after[:links])


def _at_head(spot: _Spot, facts: PageFacts, chrome: Chrome) -> str | None:
    text = spot.line.text
    if spot.line.kind == "item":
        return None
    if outlet_alone(text, facts.outlets):
        return "outlet"
    if is_region(text, chrome):
        return "dateline"
    folded = fold(text)
    if spot.words > 15 or ends_sentence(text) or text[-1] == "," or _DAY.search(text):
        return None
    if chrome.speech.search(folded) and not is_headline(text):
        return None
    return "byline" if folded.startswith(SIGNED) else "subtitle"


def _at_tail(spot: _Spot, facts: PageFacts, chrome: Chrome) -> str | None:
    """Name what a short line is that comes after the last sentence; lists belong to the article.

    A last sentence without its full stop has words in small letters; labels, names and counts have not.
    """
    text, kept = spot.line.text, spot.kept
    speaks = bool(chrome.speech.search(fold(text)))
    if spot.closed and not speaks:
        return "footer"
    if _is_finished(text) or text.endswith((":", ",", ";")):
        return None
    if spot.words <= 5 and text.islower():
        return "tags"
    # a page marks its lists, so that what was left after its last sentence hides nothing; a copied text does not
    said = next((line for line in reversed(kept) if is_prose(line)), None) if facts.links else None
    before = said or (kept[-1] if kept else None)
    if spot.line.kind in ("item", "row") or before is None or not _is_finished(before.text) or speaks:
        return None
    if _LABEL.match(text):
        return "byline" if spot.words <= 7 else None
    if _names_outlet(text, facts) and spot.words <= 14 and not any(c.isdigit() for c in text):
        return "follow"
    kind = _bare(text)
    if kind and spot.after and _bare(spot.after[0].text) == kind:
        return None
    return kind or ("footer" if facts.links and spot.words <= _MAX_LABEL else None)


def _bare(text: str) -> str | None:
    """Return byline for a name that stands alone, count for a number: two in a row are a list's entries."""
    words = text.split()
    if 2 <= len(words) <= 4 and all(_NAME.fullmatch(word) for word in words):
        return "byline"
    return None if any(c.isalpha() for c in text) else "count"


def _is_finished(text: str) -> bool:
    """Tell whether a paragraph ends as a sentence does, a reporter's code behind it aside."""
    if ends_sentence(text):
        return True
    cut = cut_code(text) if text[-1:] in ")]}*#" or set(text[-16:]) & _CODE_MARKS else None
    return cut is not None


def _names_outlet(text: str, facts: PageFacts) -> bool:
    """Tell whether a text holds the outlet's name; short ones ("oto", "bali") are parts of other words."""
    key = squash(text)
    return any(len(name) >= _OWN_NAME and name in key for name in facts.outlets)


def _leads_away(line: Line, facts: PageFacts) -> bool:
    """Tell whether a line is a link to another article, with a short label before it or none."""
    if line.linked:
        return is_headline(line.text)
    if ends_sentence(line.text) and not line.text.endswith(("?", "!")):
        return False
    label, colon, rest = line.text.partition(":")
    if colon and label.count(" ") < _MAX_LABEL and squash(rest) in facts.links:
        return True
    words = line.text.split(" ")
    rests = (" ".join(words[size:]) for size in range(1, min(6, len(words) - 3)))
    return any(squash(rest) in facts.links for rest in rests)


def _note(rule: Rule, line: Line, out: Stripped) -> None:
    """Keep what a dropped line tells about the whole article."""
    if rule.flag:
        out.flags.add(rule.flag)
    if rule.kind == "byline":
        out.author_lines.append(line.text)


def _strip_prefix(out: Stripped, facts: PageFacts, chrome: Chrome) -> None:
    """Cut outlet and dateline from the first paragraph; take them from lines that hold nothing else."""
    for dropped in out.dropped:
        if dropped.kind == "outlet":
            out.outlet = outlet_alone(dropped.text, facts.outlets)
        elif dropped.kind == "dateline":
            out.dateline = dropped.text
    if not out.lines:
        return
    prefix, text = split_prefix(out.lines[0].text, facts.outlets, chrome=chrome)
    if prefix is not None:
        out.lines[0] = replace(out.lines[0], text=text)
        out.dateline, out.outlet = prefix.place or out.dateline, prefix.outlet or out.outlet
        out.drop("dateline", prefix.raw.strip())


def _strip_ends(out: Stripped, facts: PageFacts) -> None:
    """Cut what paragraphs end with: links to other articles, photo credits, at last the reporter's code."""
    lines, out.lines = out.lines, []
    for index, line in enumerate(lines):
        text = _apply(cut_related(line.text, facts.links), line.text, out)
        leading, last = index <= 1 < len(lines) - index, index == len(lines) - 1
        text = _apply(cut_credit(text, leading=leading, last=last), text, out)
        if text:
            out.lines.append(line if text == line.text else replace(line, text=text))
    for _ in range(3):
        at = next((n for n in range(len(out.lines) - 1, -1, -1) if is_prose(out.lines[n])), -1)
        for index in {len(out.lines) - 1, max(at, len(out.lines) - _MAX_AFTER)} if out.lines else ():
            code = cut_code(out.lines[index].text)
            if code:
                out.flags |= code.flags
                text = _apply(code, "", out)
                out.lines[index : index + 1] = [replace(out.lines[index], text=text)] if text else []
                break
        else:
            return


def _apply(cut: Cut | None, text: str, out: Stripped) -> str:
    if cut is None:
        return text
    out.drop(cut.kind, cut.cut)
    return cut.text
