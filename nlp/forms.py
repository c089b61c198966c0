"""Which forms (bentuk) a civil servant's partisanship took: features of each form for one shared model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nlp.linear import odds
from nlp.reading import Reading
from nlp.taxonomy import load_taxonomy

_LABEL = "form:"
_LIST = 3  # forms in one sentence that make it a list of them
_HEARD = 0.05  # how likely a form that no cue names must be by the words alone, to be a candidate


def listed_forms(reading: Reading) -> frozenset[str]:
    """Return the forms that one sentence lists, as a guideline does; none where no sentence names three of them."""
    named = [
        {name.removeprefix(_LABEL) for name in sentence.cues if name.startswith(_LABEL)}
        for sentence in reading.sentences
    ]
    most = max(named, key=len, default=set())
    return frozenset(most) if len(most) >= _LIST else frozenset()


def form_features(
    reading: Reading, chosen: Sequence[int], text: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Return the features of every form that a cue of the text names, or that its words make likely.

    `chosen` are the evidence sentences, if any, `text` gives each form's probability by the words alone.
    """
    evidence = [reading.sentences[at] for at in chosen]
    listed = listed_forms(reading)
    ranked = sorted(text, key=lambda form: -text[form])
    pairs: dict[str, dict[str, float]] = {}
    for form in load_taxonomy().forms:
        cue = _LABEL + form
        inside = [at for at, sentence in enumerate(reading.sentences) if cue in sentence.cues]
        in_evidence = sum(sentence.cues[cue] for sentence in evidence)
        in_title = cue in reading.title.cues
        named = bool(inside) or in_title
        heard = text.get(form, 0.0)
        if not named and heard < _HEARD:
            continue
        rivals = {name for sentence in evidence for name in sentence.cues if name.startswith(_LABEL)} - {cue}
        features = {
            f"b:{form}": 1.0,
            "b:text": odds(heard),
            "b:share": heard,
            f"b:{form} text": heard,
            "b:rank": min(4, ranked.index(form)) / 2 if form in text else 2.0,
            "b:case": float(bool(chosen)),
        }
        if named:
            features |= {
                "b:evidence": float(in_evidence > 0),
                "b:evidence n": math.log1p(in_evidence),
                f"b:{form} evidence": float(in_evidence > 0),
                "b:title": float(in_title),
                f"b:{form} title": float(in_title),
                "b:body": math.log1p(len(inside)),
                "b:alone": float(in_evidence > 0 and not rivals),
                "b:rivals": min(4, len(rivals)) / 2,
                "b:listed": float(form in listed),
                "b:listed case": float(bool(chosen) and form in listed),
                **{f"b:{form}<{rival}": 1.0 for rival in rivals},
            }
        else:
            features |= {"b:unnamed": 1.0, "b:unnamed share": heard}
        pairs[form] = {name: value for name, value in features.items() if value}
    return pairs
