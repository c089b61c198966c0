"""The judge: decides kind, types and cases of documents that were already read for mentions and officials."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

from nlp import jointly
from nlp.accuse import Strangers, Suspicion, choose_accused, look_again, suspect
from nlp.accused import Cast, find_cast
from nlp.acts import load_acts
from nlp.bystanders import are_cleared
from nlp.cases import assemble_case
from nlp.election import find_election
from nlp.evidence import hands_over, lead_with_act, sentence_features, settled
from nlp.forms import form_features, listed_forms
from nlp.handling import (
    Handling,
    Parts,
    choose_outcomes,
    outcome_features,
    read_steps,
    settle_proof,
    source_features,
    stage_features,
    stage_words,
)
from nlp.kind import agree, flag_features, kind_features, kind_views
from nlp.limits import Limits
from nlp.linear import Linear, ModelError, load_models
from nlp.own_case import CLOSED, is_undecided
from nlp.presented import read_presented
from nlp.reading import Reading, is_background, read_document
from nlp.records import Case, Document, Mention, Official
from nlp.several import Portions, beginnings
from nlp.told import UNSAID, Told, read_told, stage_told
from nlp.turns import Acts
from nlp.unreal import is_denied, is_staged
from nlp.verdicts import (
    fit_tracks,
    read_named,
    read_verdicts,
    settle_outcome,
    settle_stop,
    spare_acquitted,
)
from nlp.violation import pair_features, type_words

_LATER_MODELS = (
    "types jointly",
    "outcome jointly",
    "person jointly",
    "form words",
    "another case",
    "told",
)  # that a folder of an earlier version may lack
MODELS = Path(__file__).resolve().parent / "models" / "judge"
NOBODY = Strangers()
_SITUATED = frozenset(("per", "loc", "date"))  # labels of mentions of which a case has at least one
_ADVERTORIAL = re.compile(
    r"(?i)\(\s*adv\w*\s*\)|\badvertorial\b|\(?kerja ?sama (?:berbayar|pemkab|diskominfo)|\badv\b\s*\)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge found; `confidence` is that of the kind, `why` names the sentences and cues behind it."""

    kind: str
    confidence: float
    flags: tuple[str, ...]
    election: str | None
    types: tuple[str, ...]
    bentuk: tuple[str, ...]
    cases: tuple[Case, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Everybody whom a text names, how likely each is accused, offices by words alone, and whom other cases accuse."""

    cast: Cast
    suspicion: Suspicion
    offices: Mapping[str, float]
    strangers: Strangers
    words: Mapping[str, float]  # those of `type_words`, counted once for offices, types and forms


class Judge:
    """Decides kind, types and cases with the trained models of a folder."""

    def __init__(self, models: Mapping[str, Linear], limits: Limits, version: str) -> None:
        self.models = models
        self.limits = limits
        self.version = version

    def judge(
        self, document: Document, mentions: Sequence[Mention], officials: Sequence[Official]
    ) -> Judgement:
        """Return the judgement on one document; `mentions` and `officials` are what was read from its text."""
        return self.judge_reading(read_document(document, mentions), officials)

    def judge_reading(self, reading: Reading, officials: Sequence[Official]) -> Judgement:
        """Return the judgement on a document that was cut and looked through."""
        asserted = self.assert_sentences(reading)
        kinds = self.kind_chances(reading, asserted)
        chosen = choose_evidence(asserted, self.limits.evidence)
        chosen = lead_with_act(reading, asserted, chosen, self.limits.evidence)
        vague = not any(reading.sentences[at].acts or asserted[at] >= self.limits.vague for at in chosen)
        kind = self.choose_kind(kinds, vague=vague)
        flags = self._flags(reading, asserted, kind)
        has_case = bool(chosen) and (kind == "pelanggaran" or "mixed" in flags)
        cases: tuple[Case, ...] = ()
        types: tuple[str, ...] = ()
        bentuk: tuple[str, ...] = ()
        if has_case:
            cases = self._cases(reading, chosen, asserted, officials, kinds)
            types = tuple(dict.fromkeys(name for case in cases for name in case.types))
            bentuk = tuple(dict.fromkeys(name for case in cases for name in case.bentuk))
        elif kind in ("pencegahan", "informasi"):
            words = type_words(reading, ())
            types = self._picked_types("about", self.type_chances("about", reading, (), {}, words=words))
            bentuk = self._forms(reading, (), types, words=words)
        document, acted = reading.document, cases[0].event_date if cases else None
        election = find_election(document.title or "", document.text, document.published, acted)
        if kind == "lainnya" and not (election or "").startswith("pilkades"):
            election = None
        why = _why(reading, cases, kind, self.version)
        return Judgement(kind, round(kinds[kind], 4), flags, election, types, bentuk, cases, why)

    def kind_chances(self, reading: Reading, asserted: Sequence[float]) -> dict[str, float]:
        """Return the probability of each kind; without a sentence that asserts an act there is no pelanggaran.

        Where the document as a whole is surely that of a case, a sentence that may assert one is enough, unless the
        text recalls an old case or repeats a denied rumour, whose words make it look like one. Without
        any person, place or day it only explains ("misalnya, seorang relawan kedapatan …"); where nothing names an
        election, its bodies or its means, it is about something else.
        """
        views = kind_views(kind_features(reading, asserted))
        kinds = agree([self.models[f"kind {view}"].probabilities(seen) for view, seen in views.items()])
        most = max(asserted, default=0.0)
        sure = kinds["pelanggaran"] >= self.limits.sure and most >= self.limits.hinted
        hinted = most >= self.limits.asserted or (sure and not any(_is_taken_back(reading)))
        elsewhere = not any("election" in s.cues for s in (reading.title, *reading.sentences))
        if not hinted or elsewhere or _SITUATED.isdisjoint(mention.label for mention in reading.mentions):
            kinds["pelanggaran"] = 0.0
            total = sum(kinds.values()) or 1.0
            kinds = {kind: chance / total for kind, chance in kinds.items()}
        return kinds

    def choose_kind(self, kinds: Mapping[str, float], *, vague: bool = False) -> str:
        """Return the likeliest kind; a pelanggaran must be more than that, and surer where no act is told (`vague`)."""
        kind = likeliest(kinds)
        if kind != "pelanggaran" or kinds[kind] >= (self.limits.sure if vague else self.limits.pelanggaran):
            return kind
        return likeliest({name: chance for name, chance in kinds.items() if name != kind})

    def assert_sentences(self, reading: Reading) -> list[float]:
        """Return each sentence's probability to assert an act of a case; what is only played asserts nothing."""
        if is_staged(reading):
            return [0.0] * len(reading.sentences)
        model = self.models["evidence"]
        return [
            0.0
            if back or hands_over(reading, at)
            else settled(sentence, model.probabilities(sentence_features(reading, at))["y"])
            for at, (sentence, back) in enumerate(
                zip(reading.sentences, _is_taken_back(reading), strict=True)
            )
        ]

    def _flags(self, reading: Reading, asserted: Sequence[float], kind: str) -> tuple[str, ...]:
        flags = set(reading.document.flags) & {"adv", "syndicated", "opinion"}
        if _ADVERTORIAL.search(reading.document.text):
            flags.add("adv")
        if kind in ("pencegahan", "informasi"):
            features = flag_features(reading, asserted)
            for flag, limit in (("mixed", self.limits.mixed), ("opinion", self.limits.opinion)):
                if self.models[flag].probabilities(features)["y"] >= limit:
                    flags.add(flag)
        return tuple(sorted(flags))

    def _cases(
        self,
        reading: Reading,
        chosen: Sequence[int],
        asserted: Sequence[float],
        officials: Sequence[Official],
        kinds: Mapping[str, float],
    ) -> tuple[Case, ...]:
        """Return the cases that the text tells, mostly one; each of several is read from its own sentences."""
        suspects = self._suspects(reading, chosen, asserted, officials)
        acts = Acts(reading, asserted, suspects.cast, suspects.suspicion)
        model = self.models["another case"]
        turns = {at: model.probabilities(features)["y"] for at, features in acts.turns()}
        starts = beginnings(acts, turns, self.limits.another)
        if len(starts) < 2:
            return (self._case(reading, chosen, asserted, suspects, kinds),)
        cases: list[Case] = []
        portions = Portions(acts, starts)
        for number in range(len(starts)):
            part, inside, own = portions.cut(number)
            chances = [chance if at in own else 0.0 for at, chance in enumerate(inside)]
            sure = choose_evidence(chances, self.limits.evidence)
            suspects = self._suspects(part, sure, inside, officials, portions.strangers(number))
            case = self._case(part, sure, inside, suspects, kinds, own=own)
            cases.append(replace(case, id=f"{reading.document.id}#{number + 1}"))
        return tuple(cases)

    def _suspects(
        self,
        reading: Reading,
        chosen: Sequence[int],
        asserted: Sequence[float],
        officials: Sequence[Official],
        strangers: Strangers = NOBODY,
    ) -> Suspects:
        cast_ = find_cast(reading, officials)
        words = type_words(reading, chosen)
        offices = self.models["actor words"].probabilities(words)
        suspicion = suspect(self.models, reading, cast_, asserted, set(chosen), text=offices)
        return Suspects(cast_, strangers.cleared(cast_, suspicion), offices, strangers, words)

    def _case(
        self,
        reading: Reading,
        chosen: Sequence[int],
        asserted: Sequence[float],
        suspects: Suspects,
        kinds: Mapping[str, float],
        *,
        own: Sequence[int] = (),
    ) -> Case:
        """Return the case that the sentences `chosen` prove; of several, `own` are its sentences alone."""
        cast_, strangers, words = suspects.cast, suspects.strangers, suspects.words
        suspicion = look_again(self.models, cast_, suspects.suspicion, set(chosen), text=suspects.offices)
        suspicion = strangers.cleared(cast_, suspicion)
        posts = suspicion.posts
        chances = self.type_chances("types", reading, chosen, posts, words=words)
        types = self._picked_types("types", self.types_jointly(chances, posts))
        freed, punished = read_verdicts(reading, cast_)
        punished = {name for name in punished if not strangers.have(name)}
        called = read_named(reading, cast_) | read_presented(cast_, chosen)
        named = {name for name in called - freed if not strangers.have(name)}
        accused = choose_accused(
            self.models, cast_, suspicion, chances, self.limits, punished - freed, named=named
        )
        handling = self.handle(reading, chances, posts, undecided=is_undecided(cast_, accused))
        accused, outcome = spare_acquitted(accused, handling.outcome, freed, punished)
        types = load_acts().fit(types, [actor.category for actor in accused if actor.category])
        outcome = settle_outcome(cast_, accused, outcome, cleared=are_cleared(cast_, accused))
        stage, outcome = settle_stop(reading, handling.stage, fit_tracks(outcome, types, accused))
        handling = replace(handling, stage=stage, outcome=outcome)
        bentuk = self._forms(reading, chosen, types, words=words)
        sure = max(kinds["pelanggaran"], asserted[chosen[0]])
        return assemble_case(reading, chosen, types, bentuk, accused, handling, sure, own=own)

    def handle(
        self,
        reading: Reading,
        types: Mapping[str, float],
        accused: Mapping[str, float],
        *,
        undecided: bool = False,
    ) -> Handling:
        """Return stage, outcome and source as the models read them; of an `undecided` case nothing is proven."""
        parts = read_steps(reading)
        words = stage_words(reading)
        sentences = [sentence_features(reading, at) for at in range(len(reading.sentences))]
        told = read_told(self.models["told"], reading, sentences)
        stages = self.stage_chances(parts, words, told)
        text = self.models["outcome words"].probabilities(words)
        model = self.models["outcome"]
        outcomes = outcome_features(parts, types, accused, stages, text, told)
        chances = {pair: model.probabilities(features)["y"] for pair, features in outcomes.items()}
        again = jointly.outcome_features(chances)
        model = self.models["outcome jointly"]
        chances = {pair: model.probabilities(features)["y"] for pair, features in again.items()}
        source = likeliest(self.models["source"].probabilities(source_features(parts)))
        stage = likeliest(stages)
        outcome = choose_outcomes(chances, self.limits.outcome, stage=stage)
        if undecided and stage in CLOSED:
            stage = likeliest({name: chance for name, chance in stages.items() if name not in CLOSED})
            outcome = {track: "belum" if end == "terbukti" else end for track, end in outcome.items()}
        # where no step is told, nothing says how the case came up
        return Handling(stage, settle_proof(stage, outcome), None if stage == UNSAID else source or None)

    def stage_chances(self, parts: Parts, words: Mapping[str, float], told: Told) -> dict[str, float]:
        """Return the probability of each stage, summing to 1."""
        model = self.models["stage"]
        text = self.models["stage words"].probabilities(words)
        pairs = stage_features(parts, text, stage_told(told))
        chances = {stage: model.probabilities(features)["y"] for stage, features in pairs.items()}
        total = sum(chances.values()) or 1.0
        return {stage: chance / total for stage, chance in chances.items()}

    def type_chances(
        self,
        name: str,
        reading: Reading,
        chosen: Sequence[int],
        accused: Mapping[str, float],
        *,
        words: Mapping[str, float],
    ) -> dict[str, float]:
        """Return the probability of each type; `name` is `types` for a case, `about` for any other document.

        `words` are those of `type_words`.
        """
        text = self.models[f"{name} words"].probabilities(words)
        pairs = pair_features(reading, chosen, accused, text)
        return {kind: self.models[name].probabilities(features)["y"] for kind, features in pairs.items()}

    def types_jointly(self, chances: Mapping[str, float], accused: Mapping[str, float]) -> dict[str, float]:
        """Return the probability of each type of a case, seen beside its rivals; `chances` has that of each alone."""
        model = self.models["types jointly"]
        pairs = jointly.type_features(chances, accused)
        return {kind: model.probabilities(features)["y"] for kind, features in pairs.items()}

    def _picked_types(self, name: str, chances: Mapping[str, float]) -> tuple[str, ...]:
        limit = self.limits.types if name == "types" else self.limits.about
        found = [kind for kind, chance in chances.items() if chance >= limit]
        if not found and name == "types":
            found = [likeliest(chances) if chances else "lain.lainnya"]
        return tuple(sorted(found, key=lambda kind: -chances.get(kind, 0.0)))

    def _forms(
        self, reading: Reading, chosen: Sequence[int], types: Sequence[str], *, words: Mapping[str, float]
    ) -> tuple[str, ...]:
        if "netralitas.asn" not in types:
            return ()
        text = self.models["form words"].probabilities(words)
        pairs = form_features(reading, chosen, text)
        model = self.models["form"]
        chances = {form: model.probabilities(features)["y"] for form, features in pairs.items()}
        found = {form for form, chance in chances.items() if chance >= self.limits.form}
        # a text without a case that means one form of a list means all of it
        listed = frozenset() if chosen else listed_forms(reading)
        if found & listed:
            found |= listed & chances.keys()
        return tuple(form for form in chances if form in found)


def choose_evidence(asserted: Sequence[float], limit: float) -> list[int]:
    """Return the one to three sentences that assert the act, the surest first."""
    ranked = sorted(range(len(asserted)), key=lambda at: -asserted[at])[:3]
    return [at for place, at in enumerate(ranked) if place == 0 or asserted[at] >= limit]


def _is_taken_back(reading: Reading) -> list[bool]:
    """Tell of each sentence whether it recalls an old case or repeats what an authority denies."""
    return [is_background(reading, one) or is_denied(reading, one) for one in reading.sentences]


def likeliest(chances: Mapping[str, float]) -> str:
    """Return the name with the highest probability."""
    return max(chances, key=lambda name: chances[name])


def _why(reading: Reading, cases: Sequence[Case], kind: str, version: str) -> tuple[str, ...]:
    """Return lines that say what spoke for the kind: evidence sentences with offsets, cues, the model version."""
    lines = [f"kalimat {proof.start}-{proof.end}" for case in cases for proof in case.evidence]
    cues: dict[str, None] = {}
    for sentence in (reading.title, *reading.sentences):
        for hit in sentence.hits:
            if hit.label == f"kind:{kind}":
                cues[" ".join(word.text for word in sentence.words[hit.first : hit.last])] = None
    return (*lines, *(f"isyarat {cue!r}" for cue in list(cues)[:5]), f"model {version}")


@lru_cache(maxsize=2)
def load_judge(path: Path | None = None) -> Judge:
    """Return the judge trained in `path` (default: the one shipped); raise ModelError where it can't be read."""
    models, extra = load_models(path or MODELS)
    if lacking := [name for name in _LATER_MODELS if name not in models]:
        raise ModelError(
            f"{path or MODELS}: was trained by an earlier wartawas (it lacks {', '.join(lacking)}); "
            "run `wartawas train --part judge`"
        )
    known = {field.name for field in fields(Limits)}
    limits = {k: v for k, v in cast(dict[str, float], extra.get("limits", {})).items() if k in known}
    return Judge(models, Limits(**limits), str(extra.get("version", "?")))
