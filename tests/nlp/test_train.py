from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from nlp import train as training
from nlp.acts import load_acts
from nlp.corpus import CORPUS, CorpusError, untag
from nlp.edits import Sample
from nlp.lexicon import Lexicon
from nlp.ner import MODEL, load_recogniser
from nlp.ner_training import to_docs
from nlp.roles import load_roles
from nlp.taxonomy import DATA, load_taxonomy
from nlp.tokens import blank

SENTENCE = "Ketua Bawaslu Kabupaten Garut, Wening Astari, hadir di Cibatu pada Senin (5/8/2024)."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of three files: what a trial run needs."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("kasus-06.txt", "kasus-07.txt", "test_ids.txt"):
        (folder / name).write_bytes((CORPUS / name).read_bytes())
    return folder


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("acts.toml", "[[tindak]\n", "no valid TOML"),
        (
            "acts.toml",
            '[[tindak]]\njenis = "kampanye.tiada"\nsemua = ["kampanye"]\nbobot = 3\n',
            "kampanye.tiada",
        ),
        ("tiles.toml", "x = \n", "no valid TOML"),
        ("roles.toml", "[[role]]\nx = 1\n", "role"),
    ],
)
def test_a_faulty_file_of_the_taxonomy_is_named(tmp_path: Path, name: str, text: str, fault: str) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(DATA / "taxonomy", folder)
    assert training.check_words(folder).endswith(" types")
    for load in (load_taxonomy, load_acts, load_roles):
        load.cache_clear()
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}")
    with pytest.raises(ValueError, match=rf"{name}: .*{fault}"):
        training.check_words(folder)


def test_train_writes_a_recogniser_that_reads(small: Path, tmp_path: Path) -> None:
    log = io.StringIO()
    scores = training.train(tmp_path / "models", small, parts=("ner",), max_steps=24, progress=log)
    assert set(scores) == {"ner"}
    assert set(scores["ner"]) == {"ents_p", "ents_r", "ents_f", "tag_acc"}
    rows = [line.split() for line in log.getvalue().splitlines() if line.lstrip()[:1].isdigit()]
    losses = [float(row[3]) for row in rows]
    assert 0 < losses[-1] < losses[-2]  # of the second and first half of the run
    recogniser = load_recogniser(tmp_path / "models" / "ner")
    assert recogniser.version == f"wartawas_ner-{training.VERSION}"
    assert len(recogniser.recognise(["Ketua Bawaslu Kabupaten Garut hadir.", ""])) == 2


def test_training_goes_on_from_a_recogniser_and_takes_in_later_articles(small: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(small, corpus)
    rows = len(training.taught_rows(corpus)[0])
    pieces = (CORPUS / "later" / "campuran.txt").read_text(encoding="utf-8").split("\n=== ")
    (corpus / "later").mkdir()
    (corpus / "later" / "three.txt").write_text("\n=== ".join(pieces[:4]), encoding="utf-8")
    made = tmp_path / "models"
    shutil.copytree(MODEL, made / "ner")  # it may be the folder that it is written to
    training.train(made, corpus, training.Besides(start=made / "ner"), parts=("ner",), max_steps=4)
    meta = json.loads((made / "ner" / "meta.json").read_text(encoding="utf-8"))
    assert meta["trained_on"] == {
        "rows": rows + 3,
        "articles": 13293,
    }  # the vectors come from the shipped one
    assert load_recogniser(made / "ner").recognise([SENTENCE]) == load_recogniser().recognise([SENTENCE])


def test_train_names_an_unknown_part_and_an_empty_folder(small: Path, tmp_path: Path) -> None:
    with pytest.raises(training.TrainingError, match="no part parser"):
        training.train(tmp_path, small, parts=("parser",))
    with pytest.raises(training.TrainingError, match="--from"):
        training.train(tmp_path, small, training.Besides(start=MODEL), parts=("judge",))
    with pytest.raises(training.TrainingError, match=r"has no meta\.json"):
        training.train(tmp_path, small, training.Besides(start=tmp_path), parts=("ner",))
    with pytest.raises(CorpusError, match="holds no articles"):
        training.train(tmp_path, tmp_path)


def test_news_with_an_even_hash_never_train_the_judge() -> None:
    urls = [f"https://berita.example/{n}" for n in range(200)]
    assert 60 < sum(map(training.may_train, urls)) < 140


def test_to_docs_tags_places_inside_offices() -> None:
    text, spans = untag("<role>Camat <loc>Bungbulang</loc></role> di <loc>Garut</loc>.Warga senang")
    (doc,) = to_docs([Sample(text, spans)], blank())
    assert [(entity.label_, entity.text) for entity in doc.ents] == [
        ("role", "Camat Bungbulang"),
        ("loc", "Garut"),
    ]
    assert [token.text for token in doc if token.tag_ == "B"] == ["Bungbulang"]


def test_lexicon_marks_places_by_level_and_names() -> None:
    nlp = blank()
    lexicon = Lexicon()
    lexicon.initialize(list, nlp=nlp)
    doc = lexicon(nlp("Boven Digoel, Kalibunder, dan boven Asep"))
    marks = {token.text: token.lemma_ for token in doc}
    assert (marks["Boven"], marks["Digoel"]) == ("Br", "Ir")
    assert "k" in marks["Kalibunder"]
    assert marks["boven"] == marks["dan"] == ""
    assert marks["Asep"].endswith("n")
    copy = Lexicon().from_bytes(lexicon.to_bytes())
    assert [token.lemma_ for token in copy(nlp("Boven Digoel"))] == ["Br", "Ir"]
