"""From which probability on the judge counts something; stored with the models that they were chosen for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """From which probability on something counts."""

    asserted: float = 0.02  # a sentence asserts an act: under it there is no case at all
    hinted: float = 0.004  # a sentence may assert one: enough where the document as a whole is that of a case
    sure: float = 0.95  # the kind says so, where the sentences alone leave it open
    vague: float = (
        0.2  # a sentence asserts one whose words acts.toml does not know: under it the kind must be sure
    )
    pelanggaran: float = 0.8  # the kind that says so: under it the next likely one is taken, to be reviewed
    evidence: float = 0.6  # a second and third sentence of evidence
    types: float = 0.45  # types of a case
    about: float = 0.35  # types that a document without a case is about
    person: float = 0.6  # somebody named is accused
    convicted: float = 0.2  # somebody whom a sentence says to be convicted
    post: float = 0.4  # somebody unnamed is accused
    holder: float = 0.5  # somebody named who holds the office of an unnamed accused
    likely: float = 0.5  # where nobody is accused so far: somebody named
    uncleared: float = 0.3  # where everybody likelier was cleared: somebody named
    likely_post: float = 0.15  # and somebody unnamed
    charged: float = 0.05  # or somebody unnamed whom the headline charges
    another: float = 0.3  # a sentence begins another case than the act before it
    mixed: float = 0.7  # a case beside the subject
    opinion: float = 0.5
    form: float = 0.4
    outcome: float = 0.42
