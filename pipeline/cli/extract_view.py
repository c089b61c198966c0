"""An extraction as an analyst reads it on a terminal, in Indonesian; no text of an article is markup."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from nlp.records import Case, Document, Extraction, Mention, Official, Terlapor
from pipeline.cli.common import shown

_COLOURS = {
    "pelanggaran": "bold red",
    "pencegahan": "bold green",
    "informasi": "bold blue",
    "lainnya": "bold",
}
_MARKS = {"per": "bold", "role": "cyan", "org": "blue", "loc": "green", "date": "magenta", "law": "yellow"}
_EVIDENCE = "black on yellow"
_LONGEST = 20_000  # characters of the text that are shown


def view(document: Document, extraction: Extraction) -> Iterator[Text]:
    """Yield the lines to print: the findings first, then the text with mentions coloured, evidence marked."""
    yield _line(document.title or document.id, style="bold")
    kind = Text.assemble(
        "Jenis: ",
        (extraction.kind, _COLOURS.get(extraction.kind, "")),
        f" ({extraction.confidence:.0%})",
    )
    yield kind
    yield from _facts(extraction)
    for case in extraction.cases:
        yield from _case(case)
    yield from _list("Pejabat", [_official(official) for official in extraction.officials])
    yield from _list("Hadir tanpa nama", extraction.roles_present)
    yield from _list("Tempat", _values(extraction.mentions, "loc"))
    yield from _list("Tanggal", _values(extraction.mentions, "date"))
    yield Text("")
    yield _marked(document.text, extraction)


def _line(text: str, style: str = "") -> Text:
    return Text(shown(text), style=style)


def _facts(extraction: Extraction) -> Iterator[Text]:
    event = extraction.event
    facts = {
        "Tanda": ", ".join(extraction.flags),
        "Pemilihan": extraction.election or "",
        "Tentang": ", ".join(extraction.types),
        "Bentuk": ", ".join(extraction.bentuk),
        "Peristiwa": " · ".join(filter(None, (event.date, event.place))),
    }
    for name, value in facts.items():
        if value:
            yield _line(f"{name}: {value}")


def _case(case: Case) -> Iterator[Text]:
    """Yield a case; until a competent body decided, its act is only alleged."""
    decided = any(value == "terbukti" for value in case.outcome.values())
    word = "Perkara (terbukti)" if decided else "Perkara (diduga)"
    yield _line(f"{word}: {', '.join(case.types) or '-'}", style="bold red")
    details = {
        "terlapor": "; ".join(map(_terlapor, case.terlapor)),
        "waktu dan tempat": " · ".join(filter(None, (case.event_date, case.place))),
        "tahap": case.stage,
        "hasil": ", ".join(f"{track}: {value}" for track, value in case.outcome.items()),
        "bantahan": "ya" if case.denial else "",
    }
    for name, value in details.items():
        if value:
            yield _line(f"  {name}: {value}")


def _terlapor(accused: Terlapor) -> str:
    count = "beberapa orang" if accused.n is None else f"{accused.n} orang"
    return " – ".join(filter(None, (accused.name or count, accused.role, accused.category)))


def _official(official: Official) -> str:
    post = " ".join(filter(None, (official.status_prefix, official.role)))
    office = ", ".join(filter(None, (official.rank, post, official.institution)))
    return f"{official.name} – {office} [{official.category or '-'}; {official.capacity}]"


def _list(name: str, values: tuple[str, ...] | list[str]) -> Iterator[Text]:
    if values:
        yield _line(f"{name}:")
        yield from (_line(f"  {value}") for value in values)


def _values(mentions: tuple[Mention, ...], label: str) -> list[str]:
    """Return the distinct mentions of a label that have a value, with value and part in the article."""
    found: dict[str, None] = {}
    for mention in mentions:
        value = mention.code if label == "loc" else mention.iso
        if mention.label == label and value:
            part = mention.function if label == "loc" else mention.role
            doubt = f" ? {mention.conflict}" if mention.conflict else ""
            found[f"{mention.text} = {value}{f' ({part})' if part else ''}{doubt}"] = None
    return list(found)


def _marked(text: str, extraction: Extraction) -> Text:
    marked = Text(shown(text)[:_LONGEST])
    for mention in extraction.mentions:
        marked.stylize(_MARKS.get(mention.label, ""), mention.start, mention.end)
    for case in extraction.cases:
        for evidence in case.evidence:
            marked.stylize(_EVIDENCE, evidence.start, evidence.end)
    if len(text) > _LONGEST:
        marked.append(f"\n… {len(text) - _LONGEST:,} karakter lagi")
    return marked
