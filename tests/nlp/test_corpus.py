from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp import corpus
from nlp.corpus import CORPUS, CorpusError, load_corpus, load_field, split, split_articles, untag

SAME_STORY = 0.25  # cosine of words and pairs: all pairs above it that were read follow one report

ARTICLE = (
    """=== x-001
title: Camat Diperiksa
outlet: kabar.example
published: 2024-10-24T16:05+07:00
kind: pelanggaran
flags:
election: pilkada 2024
types: netralitas.asn
bentuk:
stage: klarifikasi
outcome: hukum_lainnya=belum
source_of_case: temuan
event_place: 32.02.23
event_date: 2024-10-16
terlapor: - | Camat | pemda.camat
---
<ev><org>Bawaslu <loc code="32.02">Sukabumi</loc></org> memanggil camat.</ev> """
    + "kata " * 60
)


FIRST_WRITERS = frozenset("kasus lain netral ra rb rc rd re rf rg suara uang".split())


@pytest.fixture(scope="module")
def rows() -> list[corpus.Row]:
    return load_corpus()


def write(folder: Path, text: str) -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return folder


def test_corpus_loads_without_faults(rows: list[corpus.Row]) -> None:
    assert len(rows) >= 994
    assert all(row.text[span.start : span.end] == span.text for row in rows for span in row.spans)


def test_test_ids_follow_the_frozen_rule(rows: list[corpus.Row]) -> None:
    """The rule chose among the first 994 articles; later ones only train."""
    tested = corpus.test_ids()
    first = [row for row in rows if row.id.split("-")[0] in FIRST_WRITERS]
    group = corpus.groups(first)
    assert len(first) == 994
    assert {row.id for row in first if corpus.drawn(group[row.id], of=5)} == tested
    assert len(tested) == 214


def test_split_keeps_events_of_the_test_split_out_of_training(rows: list[corpus.Row]) -> None:
    train, dev, test = split(rows, corpus.test_ids())
    group = corpus.groups(rows)
    tested = {group[row.id] for row in test}
    assert len(test) == 214
    assert not tested & {group[row.id] for row in [*train, *dev]}
    assert not {group[row.id] for row in train} & {group[row.id] for row in dev}


def test_groups_join_events_that_share_an_article() -> None:
    base = corpus.parse_article("a", {"kind": "lainnya"}, "teks")
    rows = [
        replace(base, id="a", event="B, C"),
        replace(base, id="b", event="C"),
        replace(base, id="c", event="A, B"),
        replace(base, id="d", event="Z"),
        replace(base, id="e"),
    ]
    assert corpus.groups(rows) == {"a": "A", "b": "A", "c": "A", "d": "Z", "e": "e"}


def test_untag_gives_offsets_of_nested_spans() -> None:
    text, spans = untag('<org>Bawaslu <loc code="32">Jawa Barat</loc></org> dan <per>Asep</per>')
    assert text == "Bawaslu Jawa Barat dan Asep"
    assert [(s.label, s.start, s.end, s.code) for s in spans] == [
        ("org", 0, 18, None),
        ("loc", 8, 18, "32"),
        ("per", 23, 27, None),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<per>Asep", "never closed"),
        ("Asep</per>", "closes nothing"),
        ("<per><loc>Asep</loc></per>", "<loc> inside <per>"),
        ("<per> Asep</per>", "outer blanks"),
        ("<nama>Asep</nama>", "unknown tag"),
    ],
)
def test_untag_names_what_does_not_nest(body: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        untag(body)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: pelanggaran", "kind: berita", "kind 'berita'"),
        ("types: netralitas.asn", "types: netralitas.alien", "type 'netralitas.alien'"),
        ("stage: klarifikasi", "stage: entah", "stage 'entah'"),
        ("outcome: hukum_lainnya=belum", "outcome: pidana=mungkin", "outcome 'pidana=mungkin'"),
        ("pemda.camat", "pemda.raja", "terlapor category 'pemda.raja'"),
        ("event_place: 32.02.23", "event_place: 32.99.01", "region code '32.99.01'"),
        ("2024-10-24T16:05+07:00", "kemarin", "published 'kemarin'"),
        ("election: pilkada 2024", "election: pilpres", "election 'pilpres'"),
        ("kata kata", "", "fewer than 60 words"),
        ("<ev>", "", "closes nothing"),
        ("flags:", "warna: biru", "unknown header warna"),
        ("event_date: 2024-10-16", "event_date: 2024-13-16", "event_date '2024-13-16'"),
        ("event_date: 2024-10-16", "event_date: 2024-02-30", "event_date '2024-02-30'"),
        ("kind: pelanggaran", "kind: informasi", "fields of a case"),
    ],
)
def test_load_corpus_names_the_faulty_article_and_value(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert load_corpus(write(tmp_path, ARTICLE))[0].id == "x-001"
    faulty = ARTICLE.replace(old, new) if old != "kata kata" else ARTICLE.replace("kata " * 30, "")
    with pytest.raises(CorpusError, match=r"a\.txt x-001: .*" + message.replace("(", r"\(")):
        load_corpus(write(tmp_path, faulty))


def test_load_corpus_names_ids_used_twice(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ids used twice: x-001"):
        load_corpus(write(tmp_path, f"{ARTICLE}\n\n{ARTICLE}"))


def test_empty_folder_and_missing_test_ids_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no articles"):
        load_corpus(tmp_path)
    with pytest.raises(CorpusError, match=r"test_ids\.txt is missing"):
        corpus.test_ids(tmp_path)


def test_format_describes_every_header_and_tag() -> None:
    text = (CORPUS / "FORMAT.md").read_text(encoding="utf-8")
    for word in (*corpus.MENTION_LABELS, "ev"):
        assert f"`<{word}" in text
    for field in ("title", "kind", "flags", "types", "bentuk", "stage", "event_place", "terlapor", "event"):
        assert field in text


def test_no_two_articles_of_the_corpus_share_an_id() -> None:
    """What sentences tell (acts, steps) is noted by id: of two articles with one id, both would be taught wrongly."""
    found: dict[str, Path] = {}
    for path in sorted(CORPUS.rglob("*.txt")):
        for key, _, _ in split_articles(path.read_text(encoding="utf-8")):
            assert key not in found, f"{key} stands in {found[key]} and in {path}"
            found[key] = path
    assert len(found) > 5_000


def test_no_taught_article_tells_the_story_of_one_that_is_never_taught() -> None:
    """Both are built as real reports are: two that follow the same report would flatter the figures."""
    taught = load_field()
    held = [row for name in ("retold", "pages", "others") for row in load_corpus(CORPUS / name)]
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2).fit_transform(
        f"{row.title} {row.text}" for row in (*taught, *held)
    )
    alike = (vectors[: len(taught)] @ vectors[len(taught) :].T).tocoo()
    pairs = [
        f"{taught[one].id} and {held[other].id}: {share:.2f}"
        for one, other, share in zip(alike.row, alike.col, alike.data, strict=True)
        if share > SAME_STORY
    ]
    assert pairs == []
