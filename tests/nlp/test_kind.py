from __future__ import annotations

from nlp.evidence import sentence_features, settled
from nlp.kind import flag_features, kind_features
from nlp.reading import read_document
from nlp.records import Document


def test_the_surest_sentence_and_its_place_are_features_of_the_kind() -> None:
    reading = read_document(
        Document("x", "Camat hadir di acara. Relawan diduga membagikan uang. Hujan turun.")
    )
    features = kind_features(reading, [0.1, 0.9, 0.05])
    assert features["d:assert 0"] == 0.9
    assert features["d:assert lead"] == 0.9
    assert round(features["d:best place"], 2) == 0.33


def test_the_election_is_missed_where_nobody_names_it() -> None:
    far = read_document(Document("x", "Relawan diduga membagikan uang."))
    near = read_document(Document("x", "Relawan diduga membagikan uang jelang pilkada."))
    assert kind_features(far, [0.5])["d:election nowhere"] == 1.0
    assert kind_features(near, [0.5])["d:election nowhere"] == 0.0


def test_a_sentence_that_forbids_asserts_nothing_unless_something_was_done() -> None:
    sentences = read_document(
        Document(
            "x", "Relawan dilarang membagikan uang. Relawan yang dilarang itu kedapatan membagikan uang."
        )
    ).sentences
    assert settled(sentences[0], 0.8) < 0.1
    assert settled(sentences[1], 0.8) == 0.8


def test_a_sentence_knows_whether_words_block_what_it_says() -> None:
    reading = read_document(
        Document("x", "Relawan dilarang membagikan uang. Relawan diduga membagikan uang.")
    )
    assert sentence_features(reading, 0)["s:blocked"] > 0
    assert sentence_features(reading, 1)["s:blocked"] == 0


def test_an_opinion_shows_by_first_persons_and_a_columns_name() -> None:
    reading = read_document(
        Document("x", "Saya kira kita perlu bertanya. Aku ragu.", "Opini: Uang dan Suara")
    )
    features = flag_features(reading, [0.0, 0.0])
    assert features["d:column"] == 1.0
    assert features["d:own voice"] > 1
