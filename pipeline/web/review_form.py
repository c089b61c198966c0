"""A reviewer's form → labels: every value as it was written, so that a wrong one is shown again and not lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.records import Case, Evidence, Terlapor
from pipeline.labelling import (
    MAX_ACCUSED,
    REASONS,
    Labels,
    choices_of,
    new_case,
    rejected,
    settled,
)
from pipeline.web.listing import plain_number

TRACKS = tuple(choices_of("track"))
DROPPED = {**REASONS, "duplikat": "duplikat kasus lain dalam artikel ini"}
_MAX_PROOFS = 10
_FIELD = re.compile(r"k(\d\d?)\.", re.ASCII)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form says: the labels, and with the cases that it takes out (`draft`), for the form to be shown again.

    `origin` are the labels that the form was made from, `dropped` says why cases are taken out (by number, from 1).
    `note` is the reviewer's.
    """

    origin: Labels
    draft: Labels
    labels: Labels
    dropped: Mapping[int, str] = field(default_factory=dict)
    note: str = ""

    @property
    def told(self) -> str:
        """Return the reasons in words, for the decision's note."""
        return "; ".join(f"kasus {n}: {DROPPED[reason]}" for n, reason in self.dropped.items())


def parse_form(
    form: Mapping[str, str],
    origin: Labels,
    text: str,
    find_place: Callable[[str], str],
    *,
    certain: bool = True,
) -> Filled:
    """Return the labels that a form says, which was made from the labels `origin` of an article of this text.

    Of a case that it names by id, what no field shows stays; where it is not `certain` that the form was made from
    these labels, only if the case has evidence of it too. A case that the form does not hold is none. `find_place`
    turns the name of a region into its code, or gives back what it cannot tell. Values are not checked here.
    """
    left = list(origin.cases)
    cases: list[Case] = []
    dropped: dict[int, str] = {}
    for n in sorted({int(found[1]) for key in form if (found := _FIELD.match(key))}):
        old = next((case for case in left if _is_meant(form, n, case, certain=certain)), None)
        if old is not None:
            left.remove(old)
        elif not _given(form, n):
            continue
        fresh = new_case(max([len(origin.cases), *(_number(case) for case in (*origin.cases, *cases))]) + 1)
        cases.append(_parse_case(form, n, old or fresh, text, find_place))
        if (reason := form.get(f"k{n}.tolak", "")) in DROPPED:
            dropped[len(cases)] = reason
    draft = Labels(
        kind=form.get("jenis_berita", origin.kind)[:40],
        election=_text(form, "pemilihan"),
        types=_chosen(form, "jenis.", origin.types, "type"),
        bentuk=_chosen(form, "bentuk.", origin.bentuk, "bentuk"),
        event_date=_text(form, "tanggal"),
        event_place=_place(form, "tempat", find_place),
        cases=tuple(cases),
    )
    labels = replace(draft, cases=tuple(case for n, case in enumerate(cases, 1) if n not in dropped))
    reasons = set(dropped.values())
    if labels.kind == "pelanggaran" and not labels.cases and len(reasons) == 1 and reasons <= REASONS.keys():
        labels = rejected(labels, reasons.pop())
    if labels.cases != origin.cases or labels.kind != origin.kind:
        labels = settled(labels)
    return Filled(origin, draft, labels, dropped, form.get("catatan", ""))


def _is_meant(form: Mapping[str, str], n: int, case: Case, *, certain: bool) -> bool:
    """Tell whether block `n` of a form is about this case; another reading may have given its id to another one."""
    if form.get(f"k{n}.ada") != case.id:
        return False
    lines = {_BLANKS.sub(" ", line).strip() for line in form.get(f"k{n}.bukti", "").splitlines()}
    return certain or any(_BLANKS.sub(" ", proof.text).strip() in lines for proof in case.evidence)


def _number(case: Case) -> int:
    """Return the number of a case that a reviewer added, so that the next one gets another; 0 of one that was read."""
    found = re.fullmatch(r"tinjau#(\d{1,6})", case.id)
    return int(found[1]) if found else 0


def _given(form: Mapping[str, str], n: int) -> bool:
    return bool(form.get(f"k{n}.bukti", "").strip()) or any(key.startswith(f"k{n}.jenis.") for key in form)


def _parse_case(
    form: Mapping[str, str], n: int, old: Case, text: str, find_place: Callable[[str], str]
) -> Case:
    outcome = {track: value for track in TRACKS if (value := form.get(f"k{n}.hasil.{track}", ""))}
    return replace(
        old,
        types=_chosen(form, f"k{n}.jenis.", old.types, "type"),
        bentuk=_chosen(form, f"k{n}.bentuk.", old.bentuk, "bentuk"),
        terlapor=_accused(form, n),
        place=_place(form, f"k{n}.tempat", find_place),
        event_date=_text(form, f"k{n}.tanggal"),
        source=_text(form, f"k{n}.asal"),
        stage=form.get(f"k{n}.tahap", old.stage)[:60],
        outcome=outcome,
        forum=_chosen(form, f"k{n}.lembaga.", old.forum, "forum"),
        reg_no=_text(form, f"k{n}.register"),
        sanction=_text(form, f"k{n}.sanksi"),
        denial=form.get(f"k{n}.bantahan") == "1",
        evidence=_proofs(form.get(f"k{n}.bukti", ""), old.evidence, text),
    )


def _text(form: Mapping[str, str], name: str) -> str | None:
    return _BLANKS.sub(" ", form.get(name, "")).strip()[:1000] or None


def _place(form: Mapping[str, str], name: str, find_place: Callable[[str], str]) -> str | None:
    written = _text(form, name)
    return find_place(written) if written else None


def _chosen(form: Mapping[str, str], prefix: str, before: Sequence[str], group: str) -> tuple[str, ...]:
    """Return the ids whose boxes are ticked: those that were there before in their order, then the new ones."""
    ticked = {key.removeprefix(prefix)[:80] for key in form if key.startswith(prefix)}
    order = list(choices_of(group))
    kept = [key for key in before if key in ticked]
    fresh = sorted(
        ticked - set(kept), key=lambda key: (order.index(key) if key in order else len(order), key)
    )
    return (*kept, *fresh)


def _accused(form: Mapping[str, str], n: int) -> tuple[Terlapor, ...]:
    found: list[Terlapor] = []
    for m in range(MAX_ACCUSED + 1):
        name, role, category = (_text(form, f"k{n}.t{m}.{part}") for part in ("nama", "jabatan", "kategori"))
        if name or role or category:
            found.append(Terlapor(name, role, category, _count(form.get(f"k{n}.t{m}.jumlah", "1"))))
    return tuple(found)


def _count(written: str) -> int | None:
    """Return how many persons an entry stands for; None for several, whose number is not told."""
    return plain_number(written.strip(), 9_999)


def _proofs(written: str, before: Sequence[Evidence], text: str) -> tuple[Evidence, ...]:
    """Return the evidence sentences, one a line, with their offsets; one that is not in the text has none (0, 0)."""
    known = {_BLANKS.sub(" ", proof.text).strip(): proof for proof in before}
    found: list[Evidence] = []
    for line in written.splitlines()[: 4 * _MAX_PROOFS]:
        squashed = _BLANKS.sub(" ", line).strip()
        if squashed and len(found) < _MAX_PROOFS:
            found.append(known.get(squashed) or _find(squashed, text))
    return tuple(found)


def _find(sentence: str, text: str) -> Evidence:
    words = sentence.split(" ")[:200]
    match = re.search(r"\s+".join(re.escape(word) for word in words), text)
    if match is None:
        return Evidence(0, 0, sentence[:500])
    return Evidence(match.start(), match.end(), match.group())
