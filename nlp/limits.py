"""From which probability on the judge counts something; stored with the models that they were chosen for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """From which probability on something counts."""

    asserted: float = 0.02  # a sentence asserts an act: under it there is no case at all
    pelanggaran: float = 0.8  # the kind that says so: under it the next likely one is taken, to be reviewed
    evidence: float = 0.3  # a second and third sentence of evidence
    types: float = 0.45  # types of a case
    about: float = 0.35  # types that a document without a case is about
    person: float = 0.6  # somebody named is accused
    convicted: float = 0.2  # somebody whom a sentence says to be convicted
    post: float = 0.4  # somebody unnamed is accused
    holder: float = 0.25  # somebody named who holds the office of an unnamed accused
    likely: float = 0.35  # where nobody is accused so far: somebody named
    likely_post: float = 0.15  # and somebody unnamed
    mixed: float = 0.7  # a case beside the subject
    opinion: float = 0.5
    form: float = 0.4
    outcome: float = 0.42
