"""Legal references in a text, each with its normal form: "UU 10/2016 ps 71 ayat (1) jo. ps 188"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.law_list import KnownLaws, LawPatterns, load_laws
from nlp.patterns import compile_form
from nlp.records import LegalRef
from nlp.text import fold

_JOINED = compile_form(r"(?:,?\s(?:jo\.?|juncto|junto|yuncto|subsider|subs\.?)\s|\s)")
_JO = re.compile(r"\b(?:jo|juncto|junto|yuncto)\b")
_AND = r"(?:,\s?(?:dan\s|atau\s|serta\s)?|\s(?:dan|atau|serta)\s)"
_LAW_AHEAD = r"\s(?:uu|undang|kuhp|perbawaslu|pkpu|peraturan|qanun)(?![a-z])"
# "Pasal 490, 491, dan 493 UU ...": numbers alone, up to the law that they are of
_BARE_MORE = compile_form(rf"{_AND}(?P<no>\d{{1,3}}[a-z]?)(?=(?:{_AND}\d{{1,3}}[a-z]?){{0,4}}{_LAW_AHEAD})")
_TO = re.compile(r"\s*(?:-|\b(?:hingga|sampai(?: dengan)?|s\.?d\.?)(?=\s))\s*(?:pasal\s)?")
# between two references of one list: "Pasal 280 ayat (1), Pasal 523, dan Pasal 521 UU ..."
_LIST = re.compile(r"\s*(?:,|\b(?:dan|atau|serta)\b)[\s,]*(?:(?:dan|atau|serta)\s+)?")
_SPACES = re.compile(r"\s+")
_MOST_UNITS = 6


@dataclass(frozen=True, slots=True)
class _Unit:
    """An article ("71 ayat (1)") or a law ("UU 10/2016") of a reference; `joined`: "jo." stands before it."""

    start: int
    end: int
    article: str | None = None
    law: str | None = None
    conflict: str | None = None
    joined: bool = False


def find_laws(text: str) -> tuple[LegalRef, ...]:
    """Return the legal references of a text in order.

    `normal` names the law first and then its articles; an article that stands alone takes the law with
    which the text cites it elsewhere. `conflict` is `year:UU 7/2017` where a year looks misprinted.
    """
    patterns, known = load_laws()
    folded = fold(text)
    chains = list(_chains(text, folded, patterns, known))
    cited = {
        _number(unit.article): law
        for chain in chains
        for unit, law in _with_laws(chain)
        if unit.article is not None and law is not None
    }
    laws = _of_lists(folded, chains)
    return tuple(_reference(text, chain, cited, law) for chain, law in zip(chains, laws, strict=True))


def _of_lists(folded: str, chains: Sequence[Sequence[_Unit]]) -> list[str | None]:
    """Return for each reference the law that stands behind the last article of its list."""
    laws: list[str | None] = [None] * len(chains)
    for at in range(len(chains) - 2, -1, -1):
        chain, following = chains[at], chains[at + 1]
        bare = all(unit.law is None for unit in chain) and following[0].article is not None
        if bare and _LIST.fullmatch(folded, chain[-1].end, following[0].start):
            laws[at] = _with_laws(following)[0][1] or laws[at + 1]
    return laws


def _chains(text: str, folded: str, patterns: LawPatterns, known: KnownLaws) -> Iterator[list[_Unit]]:
    at = 0
    while (trigger := patterns.trigger.search(folded, at)) is not None:
        chain = _chain(text, folded, trigger.start(), patterns, known)
        if chain:
            yield chain
        at = max(trigger.start() + 1, chain[-1].end if chain else 0)


def _chain(text: str, folded: str, start: int, patterns: LawPatterns, known: KnownLaws) -> list[_Unit]:
    """Return the articles and laws that one reference joins."""
    units: list[_Unit] = []
    at, joined = start, False
    while len(units) < _MOST_UNITS:
        unit = _article(folded, at, patterns) or _law(text, folded, at, patterns, known)
        if unit is None or (units and not joined and (unit.law is None) == (units[-1].law is None)):
            break  # two articles, or two laws, side by side are two references
        units.append(replace(unit, joined=joined))
        while unit.article and (more := _BARE_MORE.match(folded, units[-1].end)):
            units.append(_Unit(more.start("no"), more.end(), article=more["no"].upper(), joined=False))
        gap = _JOINED.match(folded, units[-1].end)
        if gap is None:
            break
        at, joined = gap.end(), _JO.search(gap.group()) is not None or "subs" in gap.group()
    return units


def _article(folded: str, at: int, patterns: LawPatterns) -> _Unit | None:
    match = patterns.article.match(folded, at)
    if match is None:
        return None
    number = _TO.sub("-", match["no"]).replace(" ", "").upper()
    return _Unit(match.start(), match.end(), article=number + _SPACES.sub(" ", match["subs"] or ""))


def _law(text: str, folded: str, at: int, patterns: LawPatterns, known: KnownLaws) -> _Unit | None:
    match = patterns.named.match(folded, at)
    if match is not None and text[at].isupper():  # "undang-undang pemilu" in small letters is no citation
        return _Unit(match.start(), match.end(), law=known.named(match.group()))
    joint = _joint(text, folded, at, patterns)
    if joint is not None:
        return joint
    match = patterns.ruling.match(folded, at)
    if match is not None:
        return _Unit(match.start(), match.end(), law=f"Putusan MK {match['ruling'].upper()}")
    match = patterns.numbered.match(folded, at)
    if match is None:
        return None
    kind = known.kind(match["kind"])
    law = f"{kind} {int(match['number'])}/{match['year']}"
    end = match.end()
    title = patterns.title.match(text, end)
    likely = known.misprint(law, fold(title["title"]) if title else "")
    return _Unit(
        match.start(), title.end() if title else end, law=law, conflict=f"year:{likely}" if likely else None
    )


def _joint(text: str, folded: str, at: int, patterns: LawPatterns) -> _Unit | None:
    """Return a joint decree (SKB): one with a number or year, or whose name is capitalised and told apart."""
    match = patterns.joint.match(folded, at)
    if match is None:
        return None
    number, year = match["number"], match["year"]
    title = patterns.title.match(text, match.end())
    end = title.end() if title else match.end()
    if not year and (not text[at].isupper() or not (match["of"] or match["on"] or title)):
        return None
    law = f"SKB {number}/{year}" if number and year else f"SKB {year}" if year else "SKB"
    return _Unit(match.start(), end, law=law)


def _with_laws(chain: Sequence[_Unit]) -> list[tuple[_Unit, str | None]]:
    """Return each unit with its law: the one behind an article, else the one before it."""
    laws: list[str | None] = [unit.law for unit in chain]
    for at in range(len(chain) - 2, -1, -1):
        laws[at] = laws[at] or laws[at + 1]
    for at in range(1, len(chain)):
        laws[at] = laws[at] or laws[at - 1]
    return list(zip(chain, laws, strict=True))


def _number(article: str) -> str:
    return article.partition(" ")[0]


def _reference(
    text: str, chain: Sequence[_Unit], cited: dict[str, str], of_list: str | None = None
) -> LegalRef:
    """Return the reference; an article without a law takes that of its list, else that cited elsewhere."""
    normal = ""
    last: str | None = None
    articles = [(unit, law) for unit, law in _with_laws(chain) if unit.article is not None]
    for unit, named in articles or [(unit, unit.law) for unit in chain]:
        law = named or of_list or cited.get(_number(unit.article or ""))
        joint = " jo. " if unit.joined else ", "
        written = [law if law != last else None, f"ps {unit.article}" if unit.article else None]
        normal += (joint if normal else "") + " ".join(filter(None, written))
        last = law or last
    start, end = chain[0].start, chain[-1].end
    conflict = next((unit.conflict for unit in chain if unit.conflict), None)
    return LegalRef(start, end, text[start:end], normal or None, conflict)
