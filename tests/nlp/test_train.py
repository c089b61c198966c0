from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from nlp import train as training
from nlp.acts import load_acts
from nlp.corpus import CORPUS, CorpusError, untag
from nlp.cues import Phrasebook, PhraseError
from nlp.edits import Sample
from nlp.election_calendar import load_elections
from nlp.lexicon import Lexicon
from nlp.ner import MODEL, load_recogniser
from nlp.ner_training import to_docs
from nlp.roles import load_roles
from nlp.taxonomy import DATA, TaxonomyError, load_taxonomy
from nlp.tokens import blank

ELECTION = """
[[election]]
id = "pemilu {}"
general = true
source = "contoh"
vote = {}
words = ["pemilu 2029"]
stages = [{{ id = "pemungutan", name = "Pemungutan suara", start = 2029-02-14, end = {}, verified = false }}]
"""
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
        ("calendar.toml", "[[elections]]\n", "elections"),
        (
            "calendar.toml",
            ELECTION.format("2029", "2029-02-14", "2029-02-14").replace("words", "kata"),
            "words",
        ),
        ("calendar.toml", ELECTION.format("2024", "2024-02-14", "2024-02-14"), "'pemilu 2024' is used twice"),
        ("calendar.toml", ELECTION.format("2029", "2028-02-14", "2029-02-14"), "not in the year"),
        ("calendar.toml", ELECTION.format("2029", "2029-02-14", "2029-02-13"), "ends on 2029-02-13"),
        (
            "calendar.toml",
            ELECTION.format("2029", "2029-02-14", "2029-02-14").replace("pemungutan", "x"),
            "the vote",
        ),
        ("regions.toml", '[alias]\n"rekaan" = "32.02"\n', "alias"),
        (
            "deadlines.toml",
            '[[deadline]]\ngeneral = true\nstages = ["tiada"]\nstep = "x"\ndays = 7\n'
            "workdays = true\nverified = false\n",
            "'tiada' is no stage",
        ),
        ("ikp.toml", '[[index]]\nid = "x"\nname = "x"\nskor = 1\n', "skor"),
        ("office_names.toml", '"tiada" = "x"\n', "'tiada' is no category"),
        ("roles.toml", '[[category]]\nid = "partai.baru"\ngloss = "x"\n', "has no name for 'partai.baru'"),
        ("registry.toml", 'fewer = ["x"]\n', "fewer"),
        ("stop_reasons.toml", '[[reason]]\nid = "x"\nnama = "x"\ncues = ["("]\n', "no regular expression"),
        ("tiles.toml", '[[tile]]\nprovince = "11"\n', "column"),
    ],
)
def test_a_faulty_file_of_the_taxonomy_is_named(tmp_path: Path, name: str, text: str, fault: str) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(DATA / "taxonomy", folder)
    for load in (load_taxonomy, load_acts, load_roles, load_elections):
        load.cache_clear()
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}")
    named = "office_names.toml" if "has no name" in fault else name
    with pytest.raises(ValueError, match=rf"{named}: .*{fault}"):
        training.check_words(folder)


def test_the_taxonomy_that_is_shipped_holds_together() -> None:
    assert training.check_words().endswith(" types")


def test_the_file_of_an_empty_phrase_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(DATA / "taxonomy", folder)
    text = (folder / "acts.toml").read_text(encoding="utf-8")
    (folder / "acts.toml").write_text(
        text.replace("\n[kata]\n", '\n[kata]\ncontoh = ["uang", ""]\n'), encoding="utf-8"
    )
    with pytest.raises(TaxonomyError, match=r"acts.toml: contoh: phrase '' holds no word"):
        training.check_words(folder)


def test_a_name_of_a_region_has_a_code_that_exists(tmp_path: Path) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(DATA / "taxonomy", folder)
    text = (folder / "regions.toml").read_text(encoding="utf-8")
    (folder / "regions.toml").write_text(text.replace("[aliases]\n", '[aliases]\n"rekaan" = "18.99"\n'))
    with pytest.raises(TaxonomyError, match=r"regions.toml: aliases.'rekaan': '18.99' is no code"):
        training.check_words(folder)


@pytest.mark.parametrize("phrase", ["", "  ", "@", "uang|", "bagi @~"])
def test_a_phrase_without_a_word_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError, match="contoh_khas"):
        Phrasebook({"contoh_khas": [phrase]})


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
