from __future__ import annotations

from collections import Counter

from nlp import corpus
from nlp.contrast import contrasts_of
from nlp.corpus import CORPUS, Row, load_corpus
from nlp.examples import choose_news, load_more, outcomes_of, read_examples
from nlp.taxonomy import load_taxonomy

LEAST = 12  # training examples of every type


def test_every_type_has_training_examples_outside_the_test_split() -> None:
    frozen = corpus.test_ids(CORPUS)
    rows = [row for row in load_corpus(CORPUS, check=False) if row.id not in frozen] + load_more()
    assert not frozen & {row.id for row in rows}
    told = Counter(kind for row in rows for kind in row.types)
    few = {kind: told[kind] for kind in load_taxonomy().types if told[kind] < LEAST}
    assert few == {}


def test_made_texts_tell_every_type_and_stage_and_mark_their_evidence() -> None:
    made = list(contrasts_of(CORPUS / "judge"))
    taxonomy = load_taxonomy()
    assert {kind for row in made for kind in row.types} == set(taxonomy.types)
    assert {row.stage for row in made if row.stage} >= set(taxonomy.stages) - {taxonomy.unknown_stage}
    for row in made:
        assert all(row.text[span.start : span.end] == span.text for span in row.spans)
        assert bool(row.spans) == row.is_case
        assert set(outcomes_of(row)) <= set(taxonomy.tracks)
        assert set(outcomes_of(row).values()) <= set(taxonomy.outcomes)


def test_made_texts_are_the_same_every_time() -> None:
    assert list(contrasts_of(CORPUS / "judge")) == list(contrasts_of(CORPUS / "judge"))


def test_tellings_of_one_event_share_a_fold() -> None:
    rows = [Row(f"a-{n}", "Warga diperiksa.", (), "informasi", event=f"e{n // 2}") for n in range(12)]
    folds = {one.gold.id: one.fold for one in read_examples(rows, [])}
    assert all(folds[f"a-{n}"] == folds[f"a-{n + 1}"] for n in range(0, 12, 2))
    assert len(set(folds.values())) > 1


def test_news_that_name_an_election_are_not_taken_for_other_subjects() -> None:
    news = ["Banjir\n\nAir naik.", "Pilkada\n\nCalon bupati berkampanye jelang pilkada.", " "]
    assert choose_news(news) == [news[0]]
