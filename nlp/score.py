"""Scores of what was extracted against the annotated corpus: one scorer for all figures.

Gold documents are the dicts of `Row.as_gold`, predictions those of `Extraction.as_dict` (the lines of
`wartawas extract --json`), by id. A gold document without a prediction counts as wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from nlp.corpus import MENTION_LABELS

Doc = Mapping[str, Any]
Pairs = Sequence[tuple[Doc, Doc]]
_GAP = re.compile(
    r"^[\s,]*(?:(?:berinisial|bernama|yaitu|yakni|adalah|,)\s*)?"
    r"(?:(?:H|Hj|Drs?|Dra|KH|Ir|Prof|Tgk|Tgh|Ust(?:adz)?)\.?\s+)*$",
    re.IGNORECASE,
)
_NAME_PARTS = ("status_prefix", "rank", "role", "institution", "jurisdiction")
_SAME_ROLE = 0.6  # F1 over the words of two roles from which they count as the same


def prf(hit: float, said: float, gold: float) -> dict[str, float]:
    """Return precision, recall and F1 to three digits, with `n` gold items."""
    p, r = (hit / said if said else 0.0), (hit / gold if gold else 0.0)
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(f1, 3), "n": gold}


def micro(pairs: Iterable[tuple[Iterable[Any], Iterable[Any]]]) -> dict[str, float]:
    """Return the scores of (gold, predicted) sets, counted together."""
    hit = said = gold = 0
    for left, right in pairs:
        expected, found = set(left), set(right)
        hit += len(expected & found)
        said += len(found)
        gold += len(expected)
    return prf(hit, said, gold)


def score_extract(docs: Sequence[Doc], predicted: Mapping[str, Doc]) -> dict[str, Any]:
    """Return every figure about documents, cases, mentions, values and officials."""
    pairs = [(doc, predicted.get(doc["id"], {})) for doc in docs]
    return {
        "documents": len(docs),
        "missing": sum(not pred for _, pred in pairs),
        **_score_kind(pairs),
        **_score_types(pairs),
        **_score_cases(pairs),
        "mentions": score_mentions(pairs),
        "place codes": _linked(pairs, "loc", "code"),
        "date values": _linked(pairs, "date", "iso"),
        **_score_events(pairs),
        "officials (person with role)": _score_officials(pairs),
    }


def is_case(gold: Doc) -> bool:
    """Tell whether the gold document holds a case."""
    return bool(gold["kind"] == "pelanggaran" or "mixed" in gold.get("flags", []))


def _score_kind(pairs: Pairs) -> dict[str, Any]:
    kinds = sorted({doc["kind"] for doc, _ in pairs})
    right = sum(doc["kind"] == pred.get("kind") for doc, pred in pairs)
    table = {
        kind: prf(
            sum(doc["kind"] == kind == pred.get("kind") for doc, pred in pairs),
            sum(pred.get("kind") == kind for _, pred in pairs),
            sum(doc["kind"] == kind for doc, _ in pairs),
        )
        for kind in kinds
    }
    return {
        "kind accuracy": round(right / max(1, len(pairs)), 3),
        "kind": table,
        "kind macro F1": round(sum(one["f1"] for one in table.values()) / max(1, len(kinds)), 3),
    }


def _score_types(pairs: Pairs) -> dict[str, Any]:
    guilty = [pair for pair in pairs if is_case(pair[0])]
    innocent = [pair for pair in pairs if not is_case(pair[0])]
    found = sum(bool(pred.get("cases")) for _, pred in guilty)
    false = sum(bool(pred.get("cases")) for _, pred in innocent)
    cases = sum(len(pred.get("cases", [])) for _, pred in guilty)
    return {
        "false cases (documents)": f"{false}/{len(innocent)}",
        "cases found (documents)": f"{found}/{len(guilty)}",
        "types": micro((doc["types"], pred.get("types", [])) for doc, pred in pairs),
        "types of cases": micro((doc["types"], _case_types(pred)) for doc, pred in guilty),
        "types of cases, top level": micro(
            (_tops(doc["types"]), _tops(_case_types(pred))) for doc, pred in guilty
        ),
        "cases a document": round(cases / max(1, found), 2),
        "types, top level": micro((_tops(doc["types"]), _tops(pred.get("types", []))) for doc, pred in pairs),
        "bentuk": micro((doc["bentuk"], pred.get("bentuk", [])) for doc, pred in pairs),
    }


def _case_types(pred: Doc) -> set[str]:
    return {one for case in pred.get("cases", []) for one in case.get("types", [])}


def _tops(types: Iterable[str]) -> set[str]:
    return {one.split(".")[0] for one in types}


def _score_cases(pairs: Pairs) -> dict[str, Any]:
    guilty = [pair for pair in pairs if is_case(pair[0])]
    first = [(doc, best_case(doc, pred)) for doc, pred in guilty if doc.get("stage")]
    stage = sum(case.get("stage") == doc["stage"] for doc, case in first)
    source = sum((case.get("source") or "") == doc.get("source_of_case", "") for doc, case in first)
    elections = sum(
        (pred.get("election") or "").casefold() == doc.get("election", "").casefold() for doc, pred in pairs
    )
    return {
        "stage accuracy": round(stage / max(1, len(first)), 3),
        "outcome by track": micro(
            (_outcome(doc), (case.get("outcome") or {}).items()) for doc, case in first
        ),
        "source of case accuracy": round(source / max(1, len(first)), 3),
        "flags": micro((doc.get("flags", []), pred.get("flags", [])) for doc, pred in pairs),
        "election accuracy": round(elections / max(1, len(pairs)), 3),
        "terlapor category": micro(
            (_categories([doc]), _categories(pred.get("cases", []))) for doc, pred in guilty
        ),
        "terlapor name": micro(
            (_accused([doc]) - {"-"}, _accused(pred.get("cases", []))) for doc, pred in guilty
        ),
        "evidence": _score_evidence(guilty),
    }


def best_case(doc: Doc, pred: Doc) -> Doc:
    """Return the predicted case that shares most types and accused with the gold case, or an empty dict."""
    accused = {one.get("category") for one in doc["terlapor"]}

    def fit(case: Doc) -> tuple[int, int]:
        who = {one.get("category") for one in case.get("terlapor", [])} & accused
        return len(set(case.get("types", [])) & set(doc["types"])), len(who)

    cases: Sequence[Doc] = pred.get("cases", [])
    return max(cases, key=fit, default={})


def _outcome(doc: Doc) -> Iterable[tuple[str, str]]:
    parts = (part.strip().partition("=") for part in doc.get("outcome", "").split(";") if "=" in part)
    return {track: value for track, _, value in parts}.items()


def _categories(cases: Iterable[Doc]) -> set[str | None]:
    return {one.get("category") for case in cases for one in case.get("terlapor", [])}


def _accused(cases: Iterable[Doc]) -> set[str]:
    names = (one.get("name") for case in cases for one in case.get("terlapor", []))
    return {name.casefold() for name in names if name}


def _score_evidence(guilty: Pairs) -> dict[str, Any]:
    evidence = [
        (
            [span for span in doc["spans"] if span["label"] == "ev"],
            [one for case in pred.get("cases", []) for one in case.get("evidence", [])],
        )
        for doc, pred in guilty
    ]
    found = sum(any(overlap(a, b) > 0.5 for a in gold for b in said) for gold, said in evidence)
    right = sum(any(overlap(a, b) > 0.5 for a in gold) for gold, said in evidence for b in said)
    precision = prf(right, sum(len(said) for _, said in evidence), 1)["p"]
    return {"found": f"{found}/{len(evidence)}", "precision": precision}


def score_mentions(pairs: Pairs) -> dict[str, dict[str, float]]:
    """Return the exact-span scores of each label; a span is its place and its text."""
    return {
        label: micro((_spans(doc["spans"], label), _spans(_read(doc, pred), label)) for doc, pred in pairs)
        for label in MENTION_LABELS
    }


def _read(doc: Doc, pred: Doc) -> list[dict[str, Any]]:
    return [{**one, "text": doc["text"][one["start"] : one["end"]]} for one in pred.get("mentions", [])]


def _spans(spans: Iterable[Doc], label: str) -> set[tuple[int, int]]:
    """One-word offices ("camat", "Kompol") are neutral: annotators tag them unevenly."""
    chosen = (one for one in spans if one["label"] == label)
    return {(one["start"], one["end"]) for one in chosen if label != "role" or len(one["text"].split()) != 1}


def overlap(a: Doc, b: Doc) -> float:
    """Return the shared part of two spans over their union, so that a long span can't match everything."""
    shared = max(0, min(a["end"], b["end"]) - max(a["start"], b["start"]))
    return float(shared / max(1, max(a["end"], b["end"]) - min(a["start"], b["start"])))


def _linked(pairs: Pairs, label: str, key: str) -> dict[str, float]:
    """Score values (place codes, dates) of mentions; a value where gold has none counts as wrong."""
    hit = said = gold = 0
    for doc, pred in pairs:
        mentions = {
            (one["start"], one["end"]): one
            for one in pred.get("mentions", [])
            if one["label"] == label and one.get(key)
        }
        wanted = [span for span in doc["spans"] if span["label"] == label and span.get(key)]
        gold += len(wanted)
        said += len(mentions)
        for span in wanted:
            nearest = max(mentions.values(), key=lambda one, span=span: overlap(one, span), default=None)  # type: ignore[misc]
            hit += nearest is not None and overlap(nearest, span) > 0.5 and nearest[key] == span[key]
    return prf(hit, said, gold)


def _score_events(pairs: Pairs) -> dict[str, float]:
    placed = [(doc["event_place"], _event(pred, "place")) for doc, pred in pairs if doc.get("event_place")]
    dated = [(doc["event_date"], _event(pred, "date")) for doc, pred in pairs if doc.get("event_date")]
    return {
        "event place exact": round(sum(a == b for a, b in placed) / max(1, len(placed)), 3),
        "event place, regency": round(sum(a[:5] == b[:5] for a, b in placed) / max(1, len(placed)), 3),
        "event date exact": round(sum(a == b for a, b in dated) / max(1, len(dated)), 3),
    }


def _event(pred: Doc, key: str) -> str:
    return (pred.get("event") or {}).get(key) or ""


def gold_officials(doc: Doc) -> list[tuple[str, str]]:
    """Return (person, role) pairs that stand side by side; a person keeps the longest adjacent office."""
    spans = [span for span in doc["spans"] if span["label"] in ("per", "role")]
    best: dict[str, str] = {}
    for a, b in pairwise(spans):
        if a["label"] == b["label"] or not _GAP.match(doc["text"][a["end"] : b["start"]]):
            continue
        per, role = (a, b) if a["label"] == "per" else (b, a)
        if len(role["text"].split()) > len(best.get(per["text"], "").split()):
            best[per["text"]] = role["text"]
    return list(best.items())


def _score_officials(pairs: Pairs) -> dict[str, float]:
    """Score distinct (person, role) pairs: the name exact, the role by its words, each gold pair hit once."""
    hit = said = total = 0
    for doc, pred in pairs:
        gold = gold_officials(doc)
        names = {name.casefold() for name, _ in gold}
        found = {((one.get("name") or "").casefold(), _full_role(one)) for one in pred.get("officials", [])}
        people = {span["text"].casefold() for span in doc["spans"] if span["label"] == "per"}
        # a person named without an adjacent office is neutral: the office may stand elsewhere
        said += sum(name in names or name not in people for name, _ in found)
        total += len(gold)
        for name, role in gold:
            same = (pair for pair in found if pair[0] == name.casefold())
            match = max(same, key=lambda pair, role=role: word_f1(role, pair[1]), default=None)  # type: ignore[misc]
            if match and word_f1(role, match[1]) >= _SAME_ROLE:
                hit += 1
                found.discard(match)
    return prf(hit, said, total)


def _full_role(official: Doc) -> str:
    return " ".join(filter(None, (official.get(part) for part in _NAME_PARTS)))


def word_f1(a: str, b: str) -> float:
    """Return the F1 over the distinct words of two phrases."""
    x, y = (set(re.findall(r"\w+", text.casefold())) for text in (a, b))
    return 2 * len(x & y) / (len(x) + len(y)) if x and y else 0.0


def score_event_clusters(docs: Sequence[Doc], predicted: Mapping[str, Doc]) -> dict[str, Any]:
    """Return B-cubed scores of `event_id` over the documents that belong to exactly one gold event."""
    events = {doc["id"]: doc["event"].strip() for doc in docs if doc.get("event") and "," not in doc["event"]}
    said = {key: str(predicted.get(key, {}).get("event_id", f"none-{key}")) for key in events}
    by_gold, by_said = _clusters(events), _clusters(said)
    n = max(1, len(events))
    p = sum(len(by_said[said[i]] & by_gold[events[i]]) / len(by_said[said[i]]) for i in events) / n
    r = sum(len(by_said[said[i]] & by_gold[events[i]]) / len(by_gold[events[i]]) for i in events) / n
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    bcubed = {"p": round(p, 3), "r": round(r, 3), "f1": round(f1, 3)}
    return {
        "documents": len(events),
        "gold events": len(by_gold),
        "predicted events": len(by_said),
        "bcubed": bcubed,
    }


def _clusters(keys: Mapping[str, str]) -> dict[str, set[str]]:
    clusters: dict[str, set[str]] = defaultdict(set)
    for document, key in keys.items():
        clusters[key].add(document)
    return clusters
