"""How labels and their changes are told to reviewers: the names of fields, and values in words."""

from __future__ import annotations

from typing import Any

from pipeline.labelling import choices_of
from pipeline.labels import KINDS

FIELDS = {
    "artikel": "Seluruh artikel", "kind": "Jenis berita", "election": "Pemilihan", "types": "Jenis pelanggaran",
    "bentuk": "Bentuk", "event_date": "Tanggal", "event_place": "Tempat", "kasus": "Kasus",
    "kasus.types": "Jenis pelanggaran (kasus)", "kasus.bentuk": "Bentuk (kasus)", "kasus.terlapor": "Terlapor",
    "kasus.place": "Tempat (kasus)", "kasus.event_date": "Tanggal (kasus)", "kasus.source": "Asal",
    "kasus.stage": "Tahap", "kasus.outcome": "Hasil per jalur", "kasus.forum": "Lembaga",
    "kasus.reg_no": "Nomor register", "kasus.sanction": "Sanksi", "kasus.denial": "Bantahan",
    "kasus.evidence": "Kalimat bukti",
}  # fmt: skip
_GROUPS = {
    "types": "type", "bentuk": "bentuk", "source": "origin", "stage": "stage", "forum": "forum",
}  # fmt: skip


def value_words(field: str, value: Any) -> str:
    """Return the value of a field of a decision in words; a dash for nothing."""
    name = field.removeprefix("kasus.")
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return "ada" if value else "tidak ada"
    if field == "kind":
        return KINDS.get(str(value), str(value))
    if field == "kasus":
        return value_words("kasus.types", value["types"])
    if field == "artikel":
        count = len(value["cases"])
        return f"{KINDS.get(value['kind'], value['kind'])}" + (f", {count} kasus" if count else "")
    if name == "terlapor":
        named = [[str(part) for part in (t["name"], t["role"]) if part] for t in value]
        return "; ".join(", ".join(parts) or "tidak disebut" for parts in named)
    if name == "evidence":
        return " … ".join(proof["text"] for proof in value)
    if name == "outcome":
        tracks, outcomes = choices_of("track"), choices_of("outcome")
        return "; ".join(f"{tracks.get(k, k)}: {outcomes.get(v, v)}" for k, v in value.items())
    if name in _GROUPS:
        known = choices_of(_GROUPS[name])
        keys = value if isinstance(value, list) else [value]
        return "; ".join(known.get(str(key), str(key)) for key in keys)
    return str(value)
