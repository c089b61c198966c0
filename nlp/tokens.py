"""Tokenisation: spaCy's Indonesian rules, and cuts where regional pages lost a blank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, registry

# "bubar.Warga", "Siregar,SH", "terlapor(AS)", "JAKARTA-Sidang": glued by careless typing
_INFIXES = (r"(?<=[\w)])[.,;:](?=[A-Z])", r"(?<=\w)[()](?=\w)", r"(?<=[A-Z]{2})[–-](?=\w)")


def split_glued(nlp: Language) -> Language:
    """Add the cuts to a pipeline's tokenizer and return the pipeline."""
    tokenizer: Any = nlp.tokenizer  # spaCy types it as any callable
    infixes = [*(nlp.Defaults.infixes or ()), *_INFIXES]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def make_split_glued() -> Callable[[Language], Language]:
    """Return the callback that configs/ner.cfg names."""
    return split_glued


registry.callbacks.register("wartawas.split_glued.v1", func=make_split_glued)


def blank() -> Language:
    """Return a pipeline that only cuts text into tokens."""
    return split_glued(spacy.blank("id"))
