"""The quick tokenizer cuts as spaCy's own Indonesian rules do, and where regional pages lost a blank."""

from __future__ import annotations

import time

import spacy

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
