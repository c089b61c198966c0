"""What one article is said to report: the labels that a model reads and that a reviewer confirms or corrects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any

from nlp.records import Case, Evidence, Terlapor
from pipeline.elections import load_elections
from pipeline.labels import KINDS, UNKNOWN_STAGE, load_labels

REASONS = {
    "bogus": "keliru: naskah tidak memberitakan dugaan pelanggaran",
    "tidak_terkait": "tidak terkait pemilu atau pilkada",
    "pencegahan": "kegiatan pencegahan, bukan kasus",
}
_KIND_AFTER = {"bogus": "informasi", "tidak_terkait": "lainnya", "pencegahan": "pencegahan"}
MAX_CASES, MAX_ACCUSED = 20, 20
_MAX_TEXT = 200  # characters of a value that a reviewer writes
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATE = re.compile(rf"{_DAY}(?:/{_DAY})?|\d{{4}}-(?:0[1-9]|1[0-2])")
_ELECTION = re.compile(r"(?:pemilu|pilkada|psu|pilkades|tidak_jelas) (?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?")
# a number under which a case is filed has digits and a slash, and is no sentence about a person
_REGISTER = re.compile(r"(?=.*\d)(?=.*/)[\w./ -]{3,60}")
#: The labels of a case that a reviewer sets, by the name that its decision's field has after `kasus.`.
CASE_FIELDS = (
    "types", "bentuk", "terlapor", "place", "event_date", "source", "stage", "outcome", "forum", "reg_no", "sanction",
    "denial", "evidence",
)  # fmt: skip
_OF_ARTICLE = ("kind", "election", "types", "bentuk", "event_date", "event_place")


class LabelError(ValueError):
    """A label cannot be what a reviewer says; the message names it and what is allowed, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one article; ids are those of data/taxonomy, `cases` have their evidence in its text."""

    kind: str
    election: str | None = None
    types: tuple[str, ...] = ()
    bentuk: tuple[str, ...] = ()
    event_date: str | None = None
    event_place: str | None = None
    cases: tuple[Case, ...] = ()

    @property
    def mixed(self) -> bool:
        """Tell whether an article that is about something else reports a case beside it."""
        return bool(self.cases) and self.kind != "pelanggaran"


@dataclass(frozen=True, slots=True)
class Change:
    """One label before and after: of the article (no span) or of the case whose evidence stands at the span."""

    field: str
    span: tuple[int, int] | None
    before: Any
    after: Any


def types_of(labels: Labels) -> list[str]:
    """Return the types that an article is about and those of its cases, in order."""
    return sorted({*labels.types, *(key for case in labels.cases for key in case.types)})


def write_labels(labels: Labels) -> dict[str, Any]:
    """Return the labels as a JSON object."""
    return asdict(labels)


def read_labels(values: Mapping[str, Any]) -> Labels:
    """Return the labels that a JSON object holds."""
    known = {field.name for field in fields(Labels)} - {"cases"}
    plain = {key: _tuples(value) for key, value in values.items() if key in known}
    return Labels(**plain, cases=tuple(_read_case(case) for case in values.get("cases", ())))


def _read_case(values: Mapping[str, Any]) -> Case:
    plain = {key: _tuples(value) for key, value in values.items()}
    plain["terlapor"] = tuple(Terlapor(**one) for one in values["terlapor"])
    plain["evidence"] = tuple(Evidence(**one) for one in values["evidence"])
    return Case(**plain)


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def new_case(number: int) -> Case:
    """Return an empty case, for one that the model did not read."""
    return Case(
        id=f"tinjau#{number}", types=(), bentuk=(), terlapor=(), korban=None, reporter=None, place=None,
        event_date=None, source=None, stage=UNKNOWN_STAGE, next_announced=None, outcome={}, forum=(), reg_no=None,
        sanction=None, denial=False, legal_refs=(), evidence=(), confidence=1.0,
    )  # fmt: skip


def rejected(labels: Labels, reason: str) -> Labels:
    """Return the labels of an article whose cases a reviewer rejected for a reason of REASONS."""
    if reason not in REASONS:
        raise LabelError(f"alasan {reason!r} tidak dikenal; pilih {', '.join(REASONS)}")
    return replace(labels, kind=_KIND_AFTER[reason], cases=(), bentuk=())


def settled(labels: Labels) -> Labels:
    """Return the labels with those of the article drawn from its cases, where cases are what it is about."""
    if labels.kind != "pelanggaran" or not labels.cases:
        return labels
    first = labels.cases[0]
    return replace(
        labels,
        types=tuple(dict.fromkeys(t for case in labels.cases for t in case.types)),
        bentuk=tuple(dict.fromkeys(b for case in labels.cases for b in case.bentuk)),
        event_date=first.event_date,
        event_place=first.place,
    )


def stands_in(value: str, article: str) -> bool:
    """Tell whether every word of a value stands in an article too: a name from elsewhere could not be masked."""
    return {*_WORD.findall(value.casefold())} <= {*_WORD.findall(article.casefold())}


def check_labels(labels: Labels, text: str, is_region: Callable[[str], bool], *, title: str = "") -> None:
    """Raise LabelError for the first label that is none, or whose evidence or accused is not in the text.

    Words of an office or a sanction may stand in the `title` too.
    """
    if labels.kind not in KINDS:
        raise LabelError(f"jenis berita {labels.kind!r} tidak dikenal; pilih {', '.join(KINDS)}")
    if labels.kind == "pelanggaran" and not labels.cases:
        raise LabelError(
            "dugaan pelanggaran perlu sedikitnya satu kasus: tambahkan kasus, atau pilih jenis lain"
        )
    if labels.kind == "lainnya" and labels.cases:
        raise LabelError("berita lain tidak memuat kasus: tolak kasusnya, atau pilih jenis berita lain")
    if labels.election and not _ELECTION.fullmatch(labels.election):
        raise LabelError(
            f"pemilihan {labels.election!r}: tulis seperti 'pilkada 2024'; dikenal {_elections()}"
        )
    _check_ids("jenis pelanggaran", "type", labels.types)
    _check_ids("bentuk", "bentuk", labels.bentuk)
    _check_moment(labels.event_date)
    _check_place(labels.event_place, is_region)
    if len(labels.cases) > MAX_CASES:
        raise LabelError(f"paling banyak {MAX_CASES} kasus dalam satu artikel")
    for number, case in enumerate(labels.cases, 1):
        try:
            _check_case(case, text, is_region)
            _check_copied(case, f"{title}\n{text}")
        except LabelError as error:
            raise LabelError(f"kasus {number}: {error}") from None


def _check_case(case: Case, text: str, is_region: Callable[[str], bool]) -> None:
    if not case.types:
        raise LabelError("pilih sedikitnya satu jenis pelanggaran")
    _check_ids("jenis pelanggaran", "type", case.types)
    _check_ids("bentuk", "bentuk", case.bentuk)
    _check_ids("tahap", "stage", [case.stage])
    _check_ids("asal", "origin", [case.source] if case.source else [])
    _check_ids("lembaga", "forum", case.forum)
    _check_ids("jalur", "track", case.outcome)
    _check_ids("hasil", "outcome", case.outcome.values())
    _check_moment(case.event_date)
    _check_place(case.place, is_region)
    if case.reg_no and not _REGISTER.fullmatch(case.reg_no):
        raise LabelError(f"nomor register {case.reg_no!r}: tulis seperti 01/Reg/LP/PB/Kab/13.13/X/2024")
    for value in (case.sanction, *(part for one in case.terlapor for part in (one.name, one.role))):
        if value and len(value) > _MAX_TEXT:
            raise LabelError(f"isian lebih dari {_MAX_TEXT} huruf: {value[:40]!r}…")
    if len(case.terlapor) > MAX_ACCUSED:
        raise LabelError(f"paling banyak {MAX_ACCUSED} terlapor")
    for one in case.terlapor:
        if one.name and one.name not in text:
            raise LabelError(
                f"nama terlapor {one.name!r} tidak ada dalam naskah: salin seperti tertulis di sana"
            )
        _check_ids("jabatan", "office", [one.category] if one.category else [])
    if not case.evidence:
        raise LabelError("salin kalimat bukti dari naskah")
    for proof in case.evidence:
        if not 0 <= proof.start < proof.end <= len(text) or text[proof.start : proof.end] != proof.text:
            raise LabelError("kalimat bukti tidak ada dalam naskah: salin utuh dari sana")


def _check_copied(case: Case, article: str) -> None:
    written = [("jabatan", one.role) for one in case.terlapor] + [("sanksi", case.sanction)]
    for name, value in written:
        if value and not stands_in(value, article):
            raise LabelError(f"{name} {value!r} memuat kata yang tidak ada dalam naskah: salin dari sana")


def _check_ids(name: str, group: str, ids: Any) -> None:
    known = choices_of(group).keys()
    for key in ids:
        if key not in known:
            raise LabelError(f"{name} {str(key)[:60]!r} tidak dikenal")


@cache
def choices_of(group: str) -> dict[str, str]:
    """Return the ids that a label may have, with their names; a group of types is no type."""
    named = {label.id: label.name for label in load_labels() if label.group == group}
    return {key: name for key, name in named.items() if group != "type" or "." in key}


def _check_moment(value: str | None) -> None:
    if value and not _is_moment(value):
        raise LabelError(f"tanggal {value[:40]!r}: tulis 2024-11-27, 2024-11, atau 2024-11-24/2024-11-26")


def _is_moment(value: str) -> bool:
    """Tell a month, a day, or a range of two days in their order: all of them days that there are."""
    if not (value.isascii() and _DATE.fullmatch(value)):
        return False
    first, _, last = value.partition("/")
    try:
        day = date.fromisoformat(first if len(first) > len("2024-11") else f"{first}-01")
        return not last or day <= date.fromisoformat(last)
    except ValueError:
        return False


def _check_place(code: str | None, is_region: Callable[[str], bool]) -> None:
    if code and not (_CODE.fullmatch(code) and is_region(code)):
        raise LabelError(
            f"wilayah {code[:60]!r}: beri kode Kemendagri atau nama yang hanya satu, misalnya 32.05.12"
        )


def _elections() -> str:
    return ", ".join(load_elections())


def changes(before: Labels, after: Labels) -> list[Change]:
    """Return what differs, label by label; cases are told apart by where their evidence stands."""
    derived = ("types", "bentuk", "event_date", "event_place") if after.kind == "pelanggaran" else ()
    found = [
        Change(name, None, _plain(getattr(before, name)), _plain(getattr(after, name)))
        for name in _OF_ARTICLE
        if name not in derived and getattr(before, name) != getattr(after, name)
    ]
    for old, new in _pairs(before.cases, after.cases):
        span = _span(old or new)
        if old is None or new is None:
            found.append(Change("kasus", span, _plain(old), _plain(new)))
            continue
        found += [
            Change(f"kasus.{name}", span, _plain(getattr(old, name)), _plain(getattr(new, name)))
            for name in CASE_FIELDS
            if getattr(old, name) != getattr(new, name)
        ]
    return found


def _pairs(before: Sequence[Case], after: Sequence[Case]) -> Iterator[tuple[Case | None, Case | None]]:
    """Yield each case with what became of it: the one that shares most of its evidence and its accused."""
    left = list(before)
    for new in after:
        best = max(left, key=lambda old: _likeness(old, new), default=None)
        if best is not None and _likeness(best, new) > (0, 0):
            left.remove(best)
            yield best, new
        else:
            yield None, new
    yield from ((old, None) for old in left)


def _likeness(a: Case, b: Case) -> tuple[int, int]:
    shared = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a.evidence for y in b.evidence)
    return shared, int(a.terlapor == b.terlapor and bool(a.terlapor)) + int(a.id == b.id)


def _span(case: Case | None) -> tuple[int, int] | None:
    return (case.evidence[0].start, case.evidence[0].end) if case and case.evidence else None


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return json.loads(json.dumps(value, default=asdict))
