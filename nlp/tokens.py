"""Tokenisation: spaCy's Indonesian rules, and cuts where regional pages lost a blank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

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


def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return the factory of the tokenizer that reading uses: the same tokens, loaded in no time.

    spaCy's Indonesian rules list 15,600 hyphenated words as special cases and build them one by one, three
    times while a pipeline is loaded (8 s); a set that is asked for membership keeps them whole as well.
    """

    def create(nlp: Language) -> Tokenizer:
        rules: dict[str, Any] = dict(nlp.Defaults.tokenizer_exceptions)
        joined = frozenset(word for word, tokens in rules.items() if "-" in word and tokens == [{ORTH: word}])
        infixes = [*(nlp.Defaults.infixes or ()), *_INFIXES]
        return Tokenizer(
            nlp.vocab,
            rules={word: tokens for word, tokens in rules.items() if word not in joined},
            prefix_search=compile_prefix_regex(nlp.Defaults.prefixes or ()).search,
            suffix_search=compile_suffix_regex(nlp.Defaults.suffixes or ()).search,
            infix_finditer=compile_infix_regex(infixes).finditer,
            token_match=joined.__contains__,
            url_match=nlp.Defaults.url_match,
        )

    return create


registry.tokenizers.register("wartawas.tokenizer.v1", func=make_tokenizer)
