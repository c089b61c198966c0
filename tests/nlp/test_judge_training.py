"""What the judge is trained on: the weights of the articles that came later."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp import corpus
from nlp.corpus import CORPUS, load_corpus, load_later, split
from nlp.examples import kind_shares, read_examples
from nlp.fitting import fit_several


def test_added_articles_weigh_so_that_kinds_keep_the_shares_they_have_among_the_first() -> None:
    rows = split(load_corpus(CORPUS), corpus.test_ids(CORPUS))[1][:60]
    more = load_later()[::30][:60]
    shares = kind_shares(read_examples(rows, [], more=more))
    first, added = Counter(row.kind for row in rows), Counter(row.kind for row in more)
    assert added["pelanggaran"] / 60 > first["pelanggaran"] / 60
    assert shares["pelanggaran"] < 1
    for kind, count in added.items():
        assert count * shares[kind] == pytest.approx(first[kind])


def test_without_added_articles_nothing_is_weighed() -> None:
    rows = split(load_corpus(CORPUS), corpus.test_ids(CORPUS))[1][:5]
    assert kind_shares(read_examples(rows, [])) == {}


def test_without_articles_a_model_of_labels_says_nothing() -> None:
    assert fit_several([], []).probabilities({"w:camat": 1.0}) == {}
