"""A text as its writer meant it: without what pages leave around a report, with blanks set right.

Headlines repeated in the body, bylines, time stamps, share bars and links to other articles are no part of a report;
what is read from the rest is moved back to where it stands in the text as given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from nlp.records import Document, Extraction
from nlp.text import fold

_TOP = 8  # lines above the report that may be headline, byline, time stamp
_LONG = 30  # words: a longer line is no headline
_PLAIN = 14  # words: a headline that is written like a sentence is no longer
_SHORT = 4  # words: a shorter one is a rubric, no headline
_LINK = 40  # words of "Baca juga: headline"
_SEE_ALSO = re.compile(
    r"(?:(?:baca|simak|lihat|tonton|berita|artikel) ?(?:juga|terkait|lainnya|selengkapnya) ?[:|].*"
    r"|(?:baca|simak|lihat|tonton) juga\b.*[^.\s!\"'\u201d\u2019)])",
    re.IGNORECASE,
)
_MAKER = re.compile(
    r"\(? ?(?:(?:penulis|editor|reporter|peliput|pewarta|kontributor|wartawan|laporan|redaktur|sumber|foto|fotografer|"
    r"jurnalis|penyunting) ?[:|]|by|laporan wartawan) .{1,80}",
    re.IGNORECASE,
)
_CODE = re.compile(r"\(? ?[\w.]{2,12}(?: ?[/*-] ?[\w.]{2,12}){0,3} ?\)")  # "(abc/xyz)" on a line of its own
_STAMP = re.compile(
    r"(?:(?:diterbitkan|terbit|dipublikasikan|publikasi|diperbarui|tayang|update) ?:? ?)?"
    r"(?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad),? ?)?\d{1,2}[ /.-](?:\d{1,2}|[a-z]{3,9})[ /.-]\d{2,4}"
    r"[ ,|-]*(?:(?:pukul |jam )?\d{1,2}[.:]\d{2}(?::\d{2})?)? ?(?:wib|wita|wit)?",
    re.IGNORECASE,
)
_BAR = re.compile(
    r"(?:comments?|shares?|bagikan|read also|leave a reply|advertisement|iklan|scroll to continue\b.*|x|"
    r"(?:(?:facebook|twitter|whatsapp|telegram|line|email|copy link|salin tautan)\b ?)+|"
    r"lebih (?:baru|lama)(?: lebih lama)?|"
    r"(?:follow|ikuti) (?:kami|us|berita|update|saluran|channel|google)\b.{0,60}|"
    r"(?:dilihat|dibaca) ?:? ?[\d.]+ ?(?:kali|x)?|"
    r"\d+ (?:komentar|comments?|views?|shares?)|(?:tags?|topik|halaman|kategori) ?: ?.{1,120}|your email address\b.*|"
    r"artikel ini (?:telah|sudah) tayang\b.*|(?:foto|ilustrasi|dok)(?: ?[:/] ?.{1,40})?) ?:?",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"[^a-z\n]{3,40}(?:\([^)\n]{1,20}\) ?)?[-\u2013\u2014|]|[\w. ]{3,30}[,.] [^a-z\n]{3,40}[-\u2013\u2014]"
)
_ENDS = re.compile(r"(?:[.\u2026;:,)]|[.!?][\"'\u201d\u2019)\]]+)\s*$")
_WHERE = re.compile(r"^kalimat (\d+)-(\d+)")
_REPAIRS = (
    (re.compile(r"(?<=\w)[ \t\u00a0]+(?=,\s)|(?<=\()[ \t\u00a0]+"), ""),  # "Budi , S.H." and "( 12/3/2024)"
    (re.compile(r"[ \t\u00a0\u2007\u202f]{2,}|[\t\u00a0\u2007\u202f]"), " "),
    (re.compile(r"(?<=[a-z]{2}),(?=[a-z]{3})"), ", "),
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A document to read, and where each of its characters stands in the text as given (None: unmoved)."""

    document: Document
    source: str
    places: Sequence[int] | None

    def restored(self, found: Extraction) -> Extraction:
        """Return what was read with the offsets and the wording of the text as given."""
        if self.places is None:
            return found
        moved: Extraction = self._moved(found)
        return replace(moved, why=tuple(_WHERE.sub(self._where, line) for line in moved.why))

    def _where(self, found: re.Match[str]) -> str:
        start, end = self._span(int(found[1]), int(found[2]))
        return f"kalimat {start}-{end}"

    def _moved(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(self._moved, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        held: dict[str, Any] = {field.name: getattr(value, field.name) for field in fields(value)}
        changed: dict[str, Any] = {
            name: self._moved(part) for name, part in held.items() if isinstance(part, tuple)
        }
        if "start" in held and "end" in held:
            start, end = self._span(held["start"], held["end"])
            changed |= {"start": start, "end": end}
            if "text" in held:
                changed["text"] = self.source[start:end]
        return replace(value, **changed)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        places = self.places or range(len(self.source) + 1)
        return places[start], places[end - 1] + 1 if end > start else places[start]


def plain(document: Document) -> Plain:
    """Return the report of a document; its headline stands as the title where the document has none."""
    text = document.text
    title, lines = _furniture(text, document.title or "")
    dropped = [(start, end, "") for start, end in lines]
    edits = sorted(
        [*dropped, *((m.start(), m.end(), new) for shape, new in _REPAIRS for m in shape.finditer(text))]
    )
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for start, end, new in edits:
        if start < at:
            continue
        pieces += [text[at:start], new]
        places += [*range(at, start), *[start] * len(new)]
        at = end
    if not pieces:
        return Plain(document, text, None)
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return Plain(replace(document, text="".join(pieces), title=title or None), text, places)


def _furniture(text: str, title: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the title, found where it was missing, and the lines (start, end) that are no part of the report."""
    lines = [match.span() for match in re.finditer(r"[^\n]+\n*", text) if not match.group().isspace()]
    written = [text[start:end].strip() for start, end in lines]
    out = {at for at, line in enumerate(written) if _is_furniture(line)}
    first = next((at for at, line in enumerate(written) if at not in out and _is_report(line)), None)
    if first is None:
        return title, []
    for at in range(min(first, _TOP)):
        heads = at not in out and _is_headline(written[at])
        if heads and not title:
            title = written[at]
        if heads and _same(written[at], title):
            out.add(at)
    return title, [lines[at] for at in sorted(out)]


def _is_furniture(line: str) -> bool:
    words = len(line.split())
    return (
        bool(words <= _LINK and _SEE_ALSO.fullmatch(line))
        or bool(words <= _LONG and (_MAKER.fullmatch(line) or _BAR.fullmatch(line) or _STAMP.fullmatch(line)))
        or bool(_CODE.fullmatch(line) and line.startswith("("))
    )


def _is_headline(line: str) -> bool:
    """Tell whether a line may be a headline: it is short, or in Title Case or capitals as no paragraph is."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    tall = sum(word[0].isupper() for word in words)
    return _SHORT <= len(line.split()) <= (_LONG if tall * 5 >= len(words) * 3 else _PLAIN)


def _is_report(line: str) -> bool:
    """Tell whether a line is a paragraph: it ends like a sentence, is long, or opens with a dateline."""
    return bool(not _is_headline(line) and len(line.split()) >= _PLAIN) or bool(
        _ENDS.search(line) or _DATELINE.match(line)
    )


def _same(line: str, title: str) -> bool:
    return re.findall(r"\w+", fold(line)) == re.findall(r"\w+", fold(title))
