"""Which election a document is about: its kind and year ("pilkada 2024"), from words and the date of publication."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

from nlp.election_calendar import load_elections
from nlp.text import fold

_AFTERMATH = timedelta(days=75)  # after its vote an election stays the talk of the news for so long
_AFTER_ACT = timedelta(days=35)  # acts of its count and recapitulation; whoever acts later seeks the next one
_HEADS = r"(?:wakil )?(?:bupati|gubernur|wali ?kota)"
_WORDS = {
    "psu": r"psu|pemungutan suara ulang",
    "pilkades": r"pilkades|pilkakam|pilkapekon|pilchiksung|pilwana|pilkuwu|pilhut|pilsanggar"
    r"|pemilihan (?:kepala desa|keuchik"
    r"|wali nagari|perbekel|kuwu|hukum tua|kepala kampung)",
    "pilkada": rf"pilkada|pilbup|pilgub|pilwalkot|pilwako|pilwali|pemilihan (?:kepala daerah|{_HEADS}|serentak)"
    rf"|(?:calon|paslon|bakal calon|pasangan calon) {_HEADS}|cabup|cawabup|cagub|cawagub"
    r"|cawalkot|cawali|bacabup|bacawalkot"
    r"|paslon|bapaslon|pasangan calon|calon perseorangan|pasal 187a?|uu (?:nomor )?10 (?:tahun )?2016",
    "pemilu": r"pileg|pilpres|caleg|bacaleg|calon anggota (?:dpr|dpd|dprd|dprk|dpra)|calon dpd|calon legislatif|capres"
    r"|cawapres|pemilihan (?:presiden|legislatif)|sipol|dapil|uu (?:nomor )?7 (?:tahun )?2017|anggota dprd terpilih",
    "pemilu ": r"pemilu|pemilihan umum",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _WORDS.items()}
_YEAR = re.compile(r"\b(pilkada|pemilu|pileg|pilpres|pilbup|pilgub|pemilihan)\b[^.\d]{0,25}\b(20[0-3]\d)\b")
_LINK = re.compile(
    r"\b(?:bawaslu|panwas\w*|kpu|kip|pilkada|pemilu|paslon|calon|kpps|tps|coblos\w*|caleg|gakkumdu|dkpp|netralitas)\b"
)
_BODIES = re.compile(
    r"(?:pengawas|pengawasan|penyelenggara|kehormatan penyelenggara|komisi) (?:pemilu|pemilihan umum)"
)


def find_election(title: str, text: str, published: datetime | None, acted: str | None = None) -> str | None:
    """Return kind and year of the election, None where the text is about none.

    Words that only one kind of vote has go first; where the text is silent, the vote that the calendar had next on the
    day or month `acted` of the act (ISO), else on that of publication: cases are tried long after their vote. What
    names no day of publication is taken for news of that act.
    """
    act = _day(acted)
    day = published.date() if published else act
    folded = _BODIES.sub(" ", fold(f"{title}\n{title}\n{text}"))
    counts = Counter({kind: len(pattern.findall(folded)) for kind, pattern in _PATTERNS.items()})
    if counts["pilkades"] > counts["pilkada"] + counts["pemilu"]:
        return f"pilkades {day.year}" if day else "pilkades"
    if sum(counts.values()) + len(_LINK.findall(folded)) < 2:
        return None
    named = Counter((_kind(word), int(year)) for word, year in _YEAR.findall(folded))
    if day is None:
        return _undated(counts, named)
    if counts["psu"] >= 2 and day > date(2025, 1, 31):
        return f"psu {day.year}"
    at, aftermath = (act, _AFTER_ACT) if act and act <= day else (day, _AFTERMATH)
    running = _running(at, aftermath)
    told = counts + Counter(kind for kind, _ in named.elements())
    return _best(
        counts, named, None if running and _is_of_the_last(told, at, day, running) else running, day.year
    )


def _kind(word: str) -> str:
    return "pemilu" if word in ("pemilu", "pileg", "pilpres") else "pilkada"


def _undated(counts: Counter[str], named: Counter[tuple[str, int]]) -> str | None:
    if named:
        kind, year = named.most_common(1)[0][0]
        return f"{kind} {year}"
    kind = "pilkada" if counts["pilkada"] >= counts["pemilu"] + counts["pemilu "] else "pemilu"
    return kind if counts[kind] + counts["pemilu "] else None


def _day(acted: str | None) -> date | None:
    """Return the day of an act; of a month its middle."""
    return date.fromisoformat(acted if len(acted) > len("2024-02") else f"{acted}-15") if acted else None


def _running(day: date, aftermath: timedelta) -> str | None:
    held = sorted(
        (e.vote, e.id) for e in load_elections() if e.vote + aftermath >= day and not e.id.startswith("psu")
    )
    return held[0][1] if held else None


def _is_of_the_last(told: Counter[str], at: date, published: date, running: str) -> bool:
    """Tell whether a text speaks only of the kind of vote held last before `at`, which is nearer than the next one.

    Of a vote that is over the courts speak on while the calendar has the next one of the other kind; once its
    campaign has begun it is the talk of the news.
    """
    kind, _ = _parts(running)
    other = "pilkada" if kind == "pemilu" else "pemilu"
    if told[kind] or not told[other]:
        return False
    following = next(election for election in load_elections() if election.id == running)
    campaign = following.stage("kampanye")
    if campaign and campaign.start <= published:
        return False
    past = [at - e.vote for e in load_elections() if e.id.startswith(other) and e.vote <= at]
    return bool(past) and min(past) < following.vote - at


def _best(
    counts: Counter[str], named: Counter[tuple[str, int]], running: str | None, year: int
) -> str | None:
    scores: dict[str, float] = {}
    known = [_parts(e.id) for e in load_elections() if not e.id.startswith("psu")]
    most = max(named, key=lambda key: named[key], default=None)
    if most and most[1] > year and most not in known:
        known.append(most)  # "Pemilu 2029" long before its calendar is decreed
    for kind, held in known:
        name = f"{kind} {held}"
        far = held > year + 2 or (held < year - 1 and name != running)
        if far and (kind, held) != most:  # far ahead or long ago only what is named most
            continue
        scores[name] = (
            counts[kind]
            + 0.4 * counts["pemilu "] * (kind == "pemilu")
            + 2 * named[kind, held]
            + 3 * (name == running)
            + 0.5 * (held == year)
        )
    return max(scores, key=lambda key: scores[key], default=None)


def _parts(election: str) -> tuple[str, int]:
    kind, year = election.split()
    return kind, int(year)
