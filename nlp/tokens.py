"""Tokenisation: spaCy's Indonesian rules, and cuts where regional pages lost a blank."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

NAME = "wartawas.tokenizer.v1"
# "bubar.Warga", "Siregar,SH", "terlapor(AS)", "JAKARTA-Sidang": glued by careless typing
_INFIXES = (r"(?<=[\w)])[.,;:](?=[A-Z])", r"(?<=\w)[()](?=\w)", r"(?<=[A-Z]{2})[–-](?=\w)")


class QuickTokenizer(Tokenizer):  # type: ignore[misc]
    """The Indonesian tokenizer, made from code alone: a saved model holds nothing of it."""

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing."""
        return b""

    def from_bytes(self, bytes_data: bytes, **_: Any) -> QuickTokenizer:
        """Change nothing."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write nothing."""

    def from_disk(self, path: str | Path, **_: Any) -> QuickTokenizer:
        """Read nothing."""
        return self


def make_tokenizer() -> Callable[[Language], QuickTokenizer]:
    """Return the factory of the tokenizer that training and reading use.

    spaCy's Indonesian rules list 15,600 hyphenated words as special cases and build them one by one, three
    times while a pipeline is loaded (8 s); a set that is asked for membership keeps them whole as well.
    """

    def create(nlp: Language) -> QuickTokenizer:
        rules: dict[str, Any] = dict(nlp.Defaults.tokenizer_exceptions)
        joined = frozenset(word for word, tokens in rules.items() if "-" in word and tokens == [{ORTH: word}])
        infixes = [*(nlp.Defaults.infixes or ()), *_INFIXES]
        return QuickTokenizer(
            nlp.vocab,
            rules={word: tokens for word, tokens in rules.items() if word not in joined},
            prefix_search=compile_prefix_regex(nlp.Defaults.prefixes or ()).search,
            suffix_search=compile_suffix_regex(nlp.Defaults.suffixes or ()).search,
            infix_finditer=compile_infix_regex(infixes).finditer,
            token_match=joined.__contains__,
            url_match=nlp.Defaults.url_match,
        )

    return create


registry.tokenizers.register(NAME, func=make_tokenizer)


def blank() -> Language:
    """Return a pipeline that only cuts text into tokens."""
    nlp: Language = spacy.blank("id", config={"nlp": {"tokenizer": {"@tokenizers": NAME}}})
    return nlp
