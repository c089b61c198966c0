"""The quick tokenizer cuts as spaCy's own Indonesian rules do, and where regional pages lost a blank."""

from __future__ import annotations

import time

import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokenizer import Tokenizer

from nlp.corpus import CORPUS, load_corpus
from nlp.tokens import blank, make_tokenizer


def test_quick_tokenizer_gives_the_same_tokens() -> None:
    slow = spacy.blank("id")
    slow.tokenizer.infix_finditer = make_tokenizer()(slow).infix_finditer
    quick = blank()
    texts = [row.text for row in load_corpus(CORPUS)[::5]]
    differing = [
        t for t in texts if [w.text for w in slow.tokenizer(t)] != [w.text for w in quick.tokenizer(t)]
    ]
    # one word in a quarter of a million is cut otherwise, beside a bracket
    assert len(differing) <= 1


def test_quick_tokenizer_is_made_at_once() -> None:
    nlp = blank()
    begun = time.process_time()
    make_tokenizer()(nlp)
    assert time.process_time() - begun < 1.0


def test_hyphenated_words_stay_whole_and_glued_sentences_are_cut() -> None:
    tokens = [token.text for token in make_tokenizer()(blank())("Anak-anak bubar.Warga pulang")]
    assert tokens == ["Anak-anak", "bubar", ".", "Warga", "pulang"]


QUICK = blank()
PIECES = [
    "Jum'at",
    "Dr.",
    "iur.",
    "(26/7/2024)",
    "anak-anak",
    "bubar.Warga",
    "Rp2,5",
    "“Ya,”",
    "SH.,M.H",
    "\u200b",
    "\n",
    " ",
]


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=8),
    st.sampled_from([" ", "", "  "]),
)
def test_remembered_words_are_cut_as_spacy_cuts_them(pieces: list[str], joint: str) -> None:
    quick = QUICK.tokenizer
    text = joint.join(pieces)
    for _ in range(2):  # cut, then remembered
        found = [(token.text, token.whitespace_, token.norm_) for token in quick(text)]
        assert found == [
            (token.text, token.whitespace_, token.norm_) for token in Tokenizer.__call__(quick, text)
        ]
