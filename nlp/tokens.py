"""Tokenisation: spaCy's Indonesian rules, and cuts where regional pages lost a blank."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

NAME = "wartawas.tokenizer.v1"
# "bubar.Warga", "Siregar,SH", "terlapor(AS)", "JAKARTA-Sidang": glued by careless typing
_INFIXES = (r"(?<=[\w)])[.,;:](?=[A-Z])", r"(?<=\w)[()](?=\w)", r"(?<=[A-Z]{2})[–-](?=\w)")


_MOST = 50_000  # words between blanks that are remembered
_SINGLE_BLANKS = re.compile(r"\S+(?: \S+)*")


class QuickTokenizer(Tokenizer):  # type: ignore[misc]
    """The Indonesian tokenizer, made from code alone, which remembers how it cut each word between blanks.

    A saved model holds nothing of it. spaCy's own memory of words knows only those of its vocabulary, which
    forgets what a page brought.
    """

    def __init__(self, *args: Any, **rules: Any) -> None:
        super().__init__(*args, **rules)
        self._known: dict[str, tuple[tuple[str, str], ...]] = {}
        self._spaced = tuple(rule for rule in self.rules if " " in rule.strip())

    def __call__(self, string: str) -> Doc:
        """Return the tokens of a text, the same as spaCy's."""
        if not _SINGLE_BLANKS.fullmatch(string) or any(rule in string for rule in self._spaced):
            return super().__call__(string)  # type: ignore[no-any-return]
        words: list[str] = []
        spaces: list[bool] = []
        norms: list[tuple[int, str]] = []
        for chunk in string.split(" "):
            pieces = self._known.get(chunk) or self._cut(chunk)
            for word, norm in pieces:
                if norm:
                    norms.append((len(words), norm))
                words.append(word)
                spaces.append(False)
            spaces[-1] = True
        spaces[-1] = False
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for at, norm in norms:
            doc[at].norm_ = norm
        return doc

    def _cut(self, chunk: str) -> tuple[tuple[str, str], ...]:
        """Return the (token, its own norm or "") of a word between blanks."""
        tokens = super().__call__(chunk)
        plain = [self.vocab[token.orth].norm_ for token in tokens]
        cut = tuple(
            (token.text, token.norm_ if token.norm_ != norm else "")
            for token, norm in zip(tokens, plain, strict=True)
        )
        if len(self._known) == _MOST:
            self._known = {}
        self._known[chunk] = cut
        return cut

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
