"""Strip the chrome from extracted lines, and keep what was dropped, with its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.article import Dropped
from pipeline.chrome import (
    Chrome,
    Line,
    Rule,
    ends_sentence,
    fold,
    is_suspect,
    is_headline,
    is_prose,
    load_chrome,
    match_line,
    squash,
)
from pipeline.dateline import is_region, outlet_alone, split_prefix

_INLINE = re.compile(
    r"[\"”’'.!?)\]…]\s*[(\[]?((?:baca|simak|lihat|tonton)\s?(?:juga|pula)\b\s*[:;>»–—-]+\s*)([^\n]{8,200})$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[{]\s*([^()\[\]{}]{1,48}?)\s*[)\]}]\s*[.*]*\s*$")
_STARS = re.compile(r"\s*(?:\*{1,5}|#{2,})\s*$")
_CREDIT = re.compile(
    r"\s*[(\[]?\s*(?:foto|photo|dok(?:umentasi)?\.?|doc\.?|ist(?:imewa)?|sumber foto|antara foto|ilustrasi)\b[^()\[\]]{0,60}[)\]]\.?$"
    r"|\s*[/|]\s*(?:foto\s?:\s?)?(?:ist(?:imewa)?|dok\b.{0,30})\.?$",
    re.IGNORECASE,
)
_CODE_WORDS = re.compile(
    r"(?:\*+|red(?:aksi)?|rls|rilis|release|ril|hms|humas|tim|adv\w*|advertorial|pariwara|inforial|adm|admin|net|int|bbs|dbs|ist|kontributor|"
    r"wan|ant(?:ara)?|prokopim|diskominfo|kominfo|cr\d?|mg\d?|nu online)",
    re.IGNORECASE,
)
_ADV = re.compile(r"\b(?:adv\w*|pariwara|inforial|advertensi)\b", re.IGNORECASE)
_ALIEN = re.compile(
    r"\b(?:ANTARA|JPNN|JawaPos|Tribun\w*|Kompas|detik\w*|Liputan6|Tempo|CNN|VIVA|Republika|Suara\.com)\b"
)
_DAY = re.compile(r"\d{1,2}/\d{1,2}")
_NAME = re.compile(r"[A-Z][\w'’-]*\.?|[A-Z](?:\.[A-Z])*\.?")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")
_MAX_FOLLOWERS = 8
_CREDIT_REACH = 90
_CREDIT_WORDS = ("foto", "photo", "(dok", "/dok", "[dok", "doc", "(ist", "/ist", "/ ist", "| ist", "[ist", "ilustrasi")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page before its lines are read; all squashed: title, the outlet's names, links' texts."""

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
        self.dropped.append(Dropped(kind, text))


def strip_chrome(lines: list[Line], facts: PageFacts) -> Stripped:
    """Return the lines of the article without chrome, each dropped line with its kind.

    A line goes only where its label, its place on the page or a link says what it is; a sentence that begins like
    chrome stays.
    """
    chrome, out = load_chrome(), Stripped()
    suspects = {index for index, line in enumerate(lines) if is_suspect(line, chrome)}
    first, last = _bounds(lines, suspects, facts, chrome)
    kept: list[Line] = []
    words, seen = sum(line.text.count(" ") + 1 for line in lines), 0
    follow = _Followers()
    for index, line in enumerate(lines):
        zone = "head" if index < first else "tail" if index > last else "body"
        seen += line.text.count(" ") + 1
        again = index <= max(first, 2) or zone == "tail" or line.kind == "head"
        kind = "title" if again and _is_title(line, facts) else None
        suspect = kind is None and index in suspects
        found = match_line(line, zone, facts.links, chrome=chrome) if suspect else None
        if found:
            rule, tail = found
            kind = rule.kind
            _note(rule, line, out)
            follow.open(rule, tail)
        kind = kind or follow.take(line) or _by_position(line, zone, kept, facts, chrome)
        if kind is None:
            kept.append(line)
        else:
            out.drop(kind, line.text)
        if found and found[0].ends and seen * 2 > words and kept:
            for rest in lines[index + 1 :]:
                out.drop(found[0].kind, rest.text)
            break
    out.lines = kept
    _strip_prefix(out, facts, chrome)
    _strip_inside(out, facts, chrome)
    _strip_end(out, chrome)
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
        named = self.kind in ("editor", "byline")
        if named:
            fits = line.text.count(" ") <= 3 and line.text[:1].isupper() and not ends_sentence(line.text)
        else:
            alone = self.bare and not _NUMBERED.match(line.text)
            fits = line.linked or (alone and line.text.count(" ") < 25 and is_headline(line.text))
        self.left = self.left - 1 if fits else 0
        return self.kind if fits else None


def _bounds(lines: list[Line], suspects: set[int], facts: PageFacts, chrome: Chrome) -> tuple[int, int]:
    """Return the indexes of the first and the last line that read as paragraphs of the article."""

    def is_paragraph(index: int) -> bool:
        line = lines[index]
        if not is_prose(line) or _is_title(line, facts):
            return False
        return index not in suspects or not match_line(line, "body", facts.links, chrome=chrome)

    first = next((index for index in range(len(lines)) if is_paragraph(index)), None)
    if first is None:
        return 0, len(lines)
    return first, next(index for index in range(len(lines) - 1, -1, -1) if is_paragraph(index))


def _is_title(line: Line, facts: PageFacts) -> bool:
    key = facts.title_key
    return bool(key) and abs(len(line.text) - len(key)) < len(key) and squash(line.text) == key


def _by_position(line: Line, zone: str, kept: list[Line], facts: PageFacts, chrome: Chrome) -> str | None:
    """Name what an unlabelled short line is, from where it stands: before the first or after the last paragraph."""
    text, words = line.text, line.text.count(" ") + 1
    if words > 25:
        return None
    if not any(c.isalnum() for c in text):
        return "code"
    if zone == "head" and line.kind != "item":
        if outlet_alone(text, facts.outlets):
            return "outlet"
        if is_region(text, chrome):
            return "dateline"
        if words <= 15 and not ends_sentence(text) and text[-1] != "," and not _DAY.search(text):
            return "byline" if fold(text).startswith(("oleh ", "oleh:", "catatan ", "laporan ")) else "subtitle"
    if line.linked and words >= 4 and is_headline(text):
        return "related"
    code = _BRACKET.fullmatch(text)
    if code and zone != "head" and is_code(code.group(1), alone=True):
        return "code"
    if zone == "tail" and line.kind == "p" and kept and kept[-1].kind == "p" and ends_sentence(kept[-1].text):
        names = text.split()
        if 2 <= len(names) <= 4 and all(_NAME.fullmatch(name) for name in names):
            return "byline"
    return None


def _note(rule: Rule, line: Line, out: Stripped) -> None:
    """Keep what a dropped line tells about the whole article."""
    if rule.flag:
        out.flags.add(rule.flag)
    if rule.kind == "byline":
        out.author_lines.append(line.text)


def _strip_prefix(out: Stripped, facts: PageFacts, chrome: Chrome) -> None:
    """Cut outlet and dateline from the first paragraph; an outlet's name alone on a line goes too."""
    for dropped in out.dropped:
        if dropped.kind == "outlet":
            out.outlet = outlet_alone(dropped.text, facts.outlets)
        elif dropped.kind == "dateline":
            out.dateline = dropped.text
    if not out.lines:
        return
    first = out.lines[0]
    prefix, text = split_prefix(first.text, facts.outlets, chrome=chrome)
    if prefix is not None:
        out.lines[0] = Line(text, first.kind, first.linked)
        out.dateline, out.outlet = prefix.place or out.dateline, prefix.outlet or out.outlet
        out.drop("dateline", prefix.raw.strip())


def _strip_inside(out: Stripped, facts: PageFacts, chrome: Chrome) -> None:
    """Cut chrome that stands at the end of a paragraph: a link to another article, a picture's credit."""
    kept = []
    for index, line in enumerate(out.lines):
        text = line.text
        found = _INLINE.search(text) if "juga" in text.lower() else None
        if found:
            text = _cut_inline(text, found, facts, out)
        credit = _find_credit(text)
        if credit:
            if credit.start() == 0 or (
                index <= 1 < len(out.lines) - index and _is_caption(text, credit.start(), chrome)
            ):
                out.drop("caption", text)
                continue
            if ends_sentence(text[: credit.start()].rstrip()):
                out.drop("caption", text[credit.start() :].strip())
                text = text[: credit.start()].rstrip()
        kept.append(line if text == line.text else Line(text, line.kind, line.linked))
    out.lines = kept


def _find_credit(text: str) -> re.Match[str] | None:
    tail = text[-_CREDIT_REACH:].lower()
    if not any(word in tail for word in _CREDIT_WORDS):
        return None
    return _CREDIT.search(text, max(0, len(text) - _CREDIT_REACH))


def _is_caption(text: str, end: int, chrome: Chrome) -> bool:
    return text.count(" ") < 45 and not chrome.speech.search(fold(text[:end])) and '"' not in fold(text[:end])


def _cut_inline(text: str, found: re.Match[str], facts: PageFacts, out: Stripped) -> str:
    value = found.group(2).rstrip(" )]")
    start = found.start(1)
    whole = squash(value)
    if whole in facts.links or (is_headline(value) and not facts.links):
        out.drop("related", text[start:].strip())
        return text[:start].rstrip(" ([")
    for end in range(len(value), 8, -1):
        if (
            value[end - 1 : end].isalnum()
            and value[end : end + 1] in (" ", "")
            and squash(value[:end]) in facts.links
        ):
            out.drop("related", text[start : found.start(2) + end].strip())
            return f"{text[:start].rstrip()} {value[end:].lstrip()}".strip()
    return text


def _strip_end(out: Stripped, chrome: Chrome) -> None:
    """Cut reporter codes and advertising marks from the end of the last paragraphs: "(ADV)", "( Jon)", "***"."""
    for _ in range(3):
        if not out.lines:
            return
        last = out.lines[-1]
        text = _STARS.sub("", last.text)
        found = _BRACKET.search(text)
        if found and is_code(found.group(1), alone=ends_sentence(text[: found.start()].rstrip())):
            text = text[: found.start()]
        if text == last.text:
            return
        mark = last.text[len(text) :].strip()
        out.drop("adv" if _ADV.search(mark) else "code", mark)
        if _ADV.search(mark):
            out.flags.add("adv")
        if _ALIEN.search(mark):
            out.flags.add("syndicated")
        out.lines[-1:] = [Line(text.rstrip(), last.kind, last.linked)] if text.strip() else []


def is_code(inside: str, *, alone: bool) -> bool:
    """Tell a reporter's code from an abbreviation or an aside in brackets.

    `alone` when a sentence ended before the bracket, or the bracket is the whole line; else only well-known codes and
    names with a slash count: "Kepala Desa (Kades)" stays.
    """
    pieces = [piece for piece in re.split(r"[\s/&,.+-]+", inside) if piece]
    if not pieces:
        return True
    if _CODE_WORDS.fullmatch(pieces[0]) and len(pieces) <= 5:
        return True
    if len(pieces) > 4 or any(c.isdigit() for c in inside) or not all(len(piece) <= 15 for piece in pieces):
        return False
    lettered = all(re.fullmatch(r"[^\W\d_]+\**|\*+", piece) for piece in pieces)
    return lettered and (alone or "/" in inside or "*" in inside)
