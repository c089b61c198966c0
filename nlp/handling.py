"""How far a case has come: features of each stage, outcome and source for models shared by all of them.

Every stage (and every pair of track and outcome) is judged by one model over features that say how strongly
handling.toml speaks for it, where, and what speaks for its rivals; a rare stage profits from the common ones.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.linear import char_features, odds, word_features
from nlp.reading import Reading, Sentence, Step, steps_of
from nlp.taxonomy import load_taxonomy
from nlp.told import UNSAID, Told, outcome_told, stage_orders

TRACKS = ("pidana", "administrasi", "kode_etik", "hukum_lainnya")
_ENDED = ("dihentikan", "tidak_diregistrasi")
_LEAD = 2  # sentences that count as the lead
Parts = dict[str, list[list[Step]]]


@dataclass(frozen=True, slots=True)
class Handling:
    """How far a case has come, as the models read it from the whole document."""

    stage: str
    outcome: dict[str, str]
    source: str | None


def read_steps(reading: Reading) -> Parts:
    """Return the handling steps of each sentence of title (t), lead (l) and body (b)."""
    parts: dict[str, Sequence[Sentence]] = {
        "t": [reading.title],
        "l": reading.sentences[:_LEAD],
        "b": reading.sentences[_LEAD:],
    }
    return {where: [steps_of(sentence) for sentence in sentences] for where, sentences in parts.items()}


def stage_words(reading: Reading) -> dict[str, float]:
    """Return the words from which stage and outcome are read: title and lead apart, and all."""
    lead = [word.text for part in (reading.title, *reading.sentences[:_LEAD]) for word in part.words]
    features = word_features(lead, prefix="t:")
    for sentence in reading.sentences:
        for name, n in word_features([word.text for word in sentence.words]).items():
            features[name] = features.get(name, 0.0) + n
    features.update(char_features(lead))
    return features


def stage_features(
    parts: Parts, text: Mapping[str, float], told: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Return the features of every stage, and of none (UNSAID).

    `text` gives the probability of each by the words alone, `told` features from what the sentences tell of it.
    """
    likeliest = max(text.values(), default=1.0)
    orders = stage_orders()
    named = _named_stages(parts)
    done = {stage for stage, marks in named.items() if any(key.startswith("kuat done") for _, key in marks)}
    early = {s for s, marks in named.items() if any(k == "kuat done" and w != "b" for w, k in marks)}
    running = {stage for stage in done if stage not in _ENDED}
    pairs: dict[str, dict[str, float]] = {}
    for stage, order in orders.items():
        features = {
            f"g:{stage}": 1.0,
            "g:unsaid": float(stage not in named),
            "g:undone": float(stage not in done),
            f"g:{stage}|nothing done": float(not done),
        }
        for (where, key), n in named.get(stage, {}).items():
            features[f"g:{where} {key}"] = 1.0
            features[f"g:{stage} {where} {key}"] = 1.0
            features[f"g:{where} {key} n"] = math.log1p(n)
        for name, others in (("done", done), ("early", early)):
            above = [other for other in others if orders[other] > order]
            features[f"g:above {name}"] = min(3, len(above)) / 3
            features[f"g:highest {name}"] = float(stage in others and not above)
            features.update({f"g:{stage}<{name} {other}": 1.0 for other in others})
        features["g:highest running"] = float(
            stage in running and all(orders[other] <= order for other in running)
        )
        features["g:only"] = float(done == {stage})
        chance = text.get(stage, 0.0)
        features["g:text"] = odds(chance)
        features["g:text top"] = float(chance == likeliest)
        features.update(told.get(stage, {}))
        pairs[stage] = {name: value for name, value in features.items() if value}
    return pairs


def _named_stages(parts: Parts) -> dict[str, Counter[tuple[str, str]]]:
    """Return for each stage how often it is named: by (part, strength and state)."""
    named: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for where, sentences in parts.items():
        for step in (step for steps in sentences for step in steps):
            strength, _, stage = step.label.partition(":")
            if strength in ("kuat", "lemah"):
                state = "other" if step.other else "done" if step.state == "done" else "planned"
                named[stage][where, f"{strength} {state}"] += 1
    return named


def outcome_features(
    parts: Parts,
    types: Mapping[str, float],
    accused: Mapping[str, float],
    stages: Mapping[str, float],
    text: Mapping[str, float],
    told: Told,
) -> dict[tuple[str, str], dict[str, float]]:
    """Return the features of every (track, outcome).

    `types`, `accused` (categories) and `stages` give the probabilities of what was decided before, `text` those of
    each `track=outcome` by the words alone, `told` those that each sentence tells.
    """
    said = _said(parts)
    heard = outcome_told(told, [(track, outcome) for track in TRACKS for outcome in load_taxonomy().outcomes])
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    for track in TRACKS:
        common = _track_features(track, said, types, accused)
        for outcome in load_taxonomy().outcomes:
            features = {f"o:{track}": 1.0, f"o:{outcome}": 1.0, f"o:{track}={outcome}": 1.0}
            end = "open" if outcome == "belum" else "ended"
            for name, value in common.items():
                features[f"o:{name}"] = value
                features[f"o:{name}&{end}"] = value
            for stage, chance in stages.items():
                if chance > 0.15:
                    features[f"o:{outcome}|{stage}"] = chance
                    features[f"o:{track}={outcome}|{stage}"] = chance
            features.update(_outcome_words(track, outcome, said))
            features.update(_outcome_text(track, outcome, text))
            features.update(heard[track, outcome])
            pairs[track, outcome] = {name: value for name, value in features.items() if value}
    return pairs


@dataclass(frozen=True, slots=True)
class _Said:
    """Outcomes and tracks as a text names them: by part, together in a sentence, and how often."""

    outcomes: set[tuple[str, str]]
    tracks: set[tuple[str, str]]
    together: set[tuple[str, str]]
    counts: Counter[str]


def _said(parts: Parts) -> _Said:
    said = _Said(set(), set(), set(), Counter())
    for where, sentences in parts.items():
        for steps in sentences:
            current = [step for step in steps if not step.other]
            outcomes = {s.label[6:] for s in current if s.label.startswith("hasil:") and s.state == "done"}
            tracks = [s.label[6:] for s in current if s.label.startswith("jalur:")]
            said.outcomes.update((where, outcome) for outcome in outcomes)
            said.tracks.update((where, track) for track in tracks)
            said.together.update((track, outcome) for track in tracks for outcome in outcomes)
            said.counts.update(tracks)
    return said


def _track_features(
    track: str, said: _Said, types: Mapping[str, float], accused: Mapping[str, float]
) -> dict[str, float]:
    rows = load_taxonomy().types
    features: dict[str, float] = {}

    def note(name: str, value: float) -> None:
        features[name] = max(value, features.get(name, 0.0))

    for name, chance in types.items():
        if chance > 0.2:
            boxes = rows[name].bawaslu_category
            note(f"{track}|{name}", chance)
            note(f"{track}|{rows[name].parent}", chance)
            note("box", chance * (track in boxes))
            note("first box", chance * (boxes[:1] == (track,)))
    for category, chance in accused.items():
        if chance > 0.3:
            note(f"{track}|who {category.split('.')[0]}", chance)
    for where in "tlb":
        note(f"said {where}", float((where, track) in said.tracks))
        note(f"{track} said {where}", float((where, track) in said.tracks))
    share = said.counts[track] / max(1, said.counts.total())
    features |= {f"{track} n": math.log1p(said.counts[track]), "share": share, f"{track} share": share}
    return features


def _outcome_words(track: str, outcome: str, said: _Said) -> dict[str, float]:
    features: dict[str, float] = {}
    for where in "tlb":
        if (where, outcome) in said.outcomes:
            features[f"o:word {where}"] = 1.0
            features[f"o:{outcome} word {where}"] = 1.0
            features[f"o:{track}={outcome} word {where}"] = 1.0
    if (track, outcome) in said.together:
        features |= {"o:together": 1.0, f"o:{outcome} together": 1.0, f"o:{track}={outcome} together": 1.0}
    for other_track, other in said.together:
        if other_track != track:
            features[f"o:{outcome}<other {other}"] = 1.0
        elif outcome == "belum" and other != "belum":
            features["o:open but ended"] = 1.0
    return features


def _outcome_text(track: str, outcome: str, text: Mapping[str, float]) -> dict[str, float]:
    rivals = [chance for name, chance in text.items() if name.startswith(f"{track}=")]
    chance = text.get(f"{track}={outcome}", 0.0)
    return {
        "o:text": odds(chance),
        "o:text top": float(bool(rivals) and chance == max(rivals)),
        "o:text track": min(1.0, sum(rivals)),
    }


def choose_outcomes(
    chances: Mapping[tuple[str, str], float], limit: float, *, stage: str = ""
) -> dict[str, str]:
    """Return the outcome of each track that the case runs on: of the likeliest one at least, if any step was taken."""
    totals: Counter[str] = Counter()
    best: dict[str, tuple[float, str]] = {}
    for (track, outcome), chance in chances.items():
        totals[track] += chance  # type: ignore[assignment]
        best[track] = max(best.get(track, (0.0, "")), (chance, outcome))
    tracks = [track for track in TRACKS if totals[track] >= limit]
    if not tracks and stage != UNSAID:
        tracks = [max(TRACKS, key=lambda track: totals[track])]
    return {track: best[track][1] for track in tracks}


def settle_proof(stage: str, outcomes: Mapping[str, str]) -> dict[str, str]:
    """Return the outcomes with nothing proven that a case at this stage can't have proven yet.

    Before anybody was heard there is no proof, of a breach of other laws none before Bawaslu reached its conclusion,
    of a crime none before a court decided. Among the annotated cases no outcome contradicts this.
    """
    order = stage_orders()
    reached = order[stage]
    proof = {"pidana": "sidang_administrasi_etik", "hukum_lainnya": "kajian_pleno"}
    return {
        track: "belum" if end == "terbukti" and reached < order[proof.get(track, "klarifikasi")] else end
        for track, end in outcomes.items()
    }


def source_features(parts: Parts) -> dict[str, float]:
    """Return the features from which the source of a case is read."""
    features: dict[str, float] = {}
    for where, sentences in parts.items():
        counts = Counter(
            f"{step.label} {step.state}"
            for steps in sentences
            for step in steps
            if step.label.startswith(("asal:", "kuat:", "lemah:")) and not step.other
        )
        features.update({f"q:{where} {name}": math.log1p(n) for name, n in counts.items()})
        features.update({f"q:any {name}": 1.0 for name in counts})
    return features
