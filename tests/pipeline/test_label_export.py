from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings import ACCUSED, accused_article, make_capture, prevention_article
from test_label_reviews import labels_of, ref_of

from nlp import train
from nlp.corpus import CORPUS, load_corpus, parse_article, split_articles, untag
from nlp.records import Case, Evidence, Terlapor
from pipeline.article import Article
from pipeline.cli import wartawas
from pipeline.events import link_events
from pipeline.label_export import format_article, tag_text
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.labelling import Labels, rejected
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store

LONG = " Kalimat tambahan ini menerangkan jalannya rapat, siapa yang berbicara, dan apa yang disepakati di akhir acara."


def reviewed(folder: Path) -> Settings:
    """Return an installation where a case was corrected, a case rejected, and a short article confirmed."""
    settings = Settings(var=folder)
    pairs = [accused_article("a1"), accused_article("a2"), prevention_article("p1")]
    pairs = [
        (replace(a, text=a.text + LONG * (0 if a.id == "p1" else 5) + f" Kabar {a.id}. <b>=== "), f)
        for a, f in pairs
    ]
    with open_store(settings.store) as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, settings.snapshots)
    first = labels_of(pairs[0][1])
    case = replace(
        first.cases[0], stage="putusan_sanksi", outcome={"pidana": "terbukti"}, types=("politik_uang.barang",)
    )
    said: list[tuple[Article, Labels, Labels]] = [
        (pairs[0][0], first, replace(first, types=case.types, cases=(case,))),
        (pairs[1][0], labels_of(pairs[1][1]), rejected(labels_of(pairs[1][1]), "tidak_terkait")),
        (pairs[2][0], labels_of(pairs[2][1]), labels_of(pairs[2][1])),
    ]
    with LabelReviews(settings.reviews) as file:
        for article, before, after in said:
            model = Model("m1", 0.9, before)
            file.decide(Verdict(ref_of(article), "correct", before, after, model, "sari", "tinjau"), seen=0)
    return settings


def test_a_corrected_label_arrives_in_training(tmp_path: Path) -> None:
    settings = reviewed(tmp_path / "var")
    out = tmp_path / "labels"
    answer = CliRunner().invoke(
        wartawas, ["export", "--labels", str(out), "--json"], env={"WARTAWAS_VAR": str(settings.var)}
    )
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert (told["written"], told["skipped"]) == (2, {"fewer than 60 words": 1})
    assert out.stat().st_mode & 0o077 == 0
    assert (out / "tinjauan.txt").stat().st_mode & 0o077 == 0
    case, other = sorted(load_corpus(out), key=lambda row: row.kind, reverse=True)
    assert (case.kind, case.types, case.stage, case.outcome) == (
        "pelanggaran", ("politik_uang.barang",), "putusan_sanksi", "pidana=terbukti"
    )  # fmt: skip
    assert [one.name for one in case.terlapor] == ["Sutrasna Wirabaya"]
    assert case.published == "2024-10-01T09:00+07:00"
    assert case.spans[0].label == "ev"
    assert {"per", "loc"} <= {span.label for span in case.spans}
    assert case.text.startswith(ACCUSED)
    assert (other.kind, other.types, other.stage) == ("lainnya", ("netralitas.kades",), "")


def test_training_takes_reviewed_articles_for_the_judge_alone(tmp_path: Path) -> None:
    settings = reviewed(tmp_path / "var")
    env = {"WARTAWAS_VAR": str(settings.var)}
    CliRunner().invoke(wartawas, ["export", "--labels", str(tmp_path / "labels")], env=env)
    recognised, judged, dev = train.taught_rows(CORPUS, tmp_path / "labels")
    assert [row.id.startswith("tinjau-") for row in judged].count(True) == 2
    assert not any(row.id.startswith("tinjau-") for row in (*recognised, *dev))
    assert len(judged) == len(recognised) + 2


def test_a_reviewed_copy_of_a_test_article_is_left_out(tmp_path: Path) -> None:
    from nlp.corpus import split_articles, test_ids

    tested = test_ids(CORPUS)
    for path in sorted(CORPUS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        key = next((key for key, *_ in split_articles(text) if key in tested), None)
        if path.name != "test_ids.txt" and key:
            block = text.partition(f"=== {key}\n")[2].partition("\n=== ")[0]
            (tmp_path / "tinjauan.txt").write_text(f"=== tinjau-1\n{block}\n", encoding="utf-8")
            break
    assert len(load_corpus(tmp_path)) == 1
    recognised, judged, _ = train.taught_rows(CORPUS, tmp_path)
    assert judged == recognised


def test_tags_nest_and_keep_every_offset() -> None:
    text = "Ketua Bawaslu Garut, Lestari, hadir. Ia <i>bicara</i> di Garut."
    place = (14, 19, "loc", ' code="32.05"')
    spans = [
        place, (0, 19, "role", ""), (6, 19, "org", ""), (21, 28, "per", ""), (30, 50, "date", ' iso="2024"'),
        (5, 13, "per", ""),
    ]  # fmt: skip
    tagged = tag_text(text, {(0, 36): "", (20, 36): ""}, spans)
    plain, found = untag(tagged)
    assert plain == text.replace("<", "‹")
    assert [(s.label, s.start, s.end) for s in found] == [
        ("ev", 0, 36), ("role", 0, 19), ("loc", 14, 19), ("per", 21, 28)
    ]  # fmt: skip


def _two_cases(second: tuple[int, int]) -> str:
    text = f"Rudi membagikan uang. Siti merusak baliho. {LONG}"
    case = Case(
        id="x#1", types=("politik_uang.uang",), bentuk=(), terlapor=(Terlapor("Rudi", "kades, lama", "desa.kepala"),),
        korban=None, reporter=None, place=None, event_date=None, source="laporan", stage="registrasi",
        next_announced=None, outcome={"pidana": "belum"}, forum=(), reg_no=None, sanction=None, denial=False,
        legal_refs=(), evidence=(Evidence(0, 21, text[:21]),), confidence=0.9,
    )  # fmt: skip
    other = replace(
        case, id="x#2", types=("apk.perusakan",), terlapor=(Terlapor("Siti", "warga", "warga"),), stage="klarifikasi",
        evidence=(Evidence(*second, text[slice(*second)]),),
    )  # fmt: skip
    article = {
        "title": "Dua Laporan", "outlet": "kabar.example", "published": datetime(2024, 11, 1), "utc_offset": 420,
        "flags": [], "text": text, "text_hash": "0" * 64,
    }  # fmt: skip
    return format_article(article, Labels("pelanggaran", cases=(case, other)), [], [])


def test_several_cases_of_an_article_are_exported_apart() -> None:
    ((doc_id, header, body),) = split_articles(_two_cases((22, 42)))
    row = parse_article(doc_id, header, body)
    assert [(part.types, part.stage) for part in row.parts] == [
        (("politik_uang.uang",), "registrasi"),
        (("apk.perusakan",), "klarifikasi"),
    ]
    assert row.parts[0].terlapor[0].role == "kades, lama"
    assert [(span.case, span.text) for span in row.spans] == [
        (1, "Rudi membagikan uang."),
        (2, "Siti merusak baliho."),
    ]


def test_cases_that_share_their_evidence_are_exported_as_one() -> None:
    ((doc_id, header, body),) = split_articles(_two_cases((0, 21)))
    row = parse_article(doc_id, header, body)
    assert row.parts == ()
    assert row.stage == "registrasi"
    assert {one.name for one in row.terlapor} == {"Rudi", "Siti"}


def test_without_reviews_one_line_says_so(tmp_path: Path) -> None:
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        publish(store, tmp_path / "snapshots")
    env = {"WARTAWAS_VAR": str(tmp_path)}
    answer = CliRunner().invoke(wartawas, ["export", "--labels", str(tmp_path / "x")], env=env)
    assert answer.exit_code == 1
    assert "nothing has been reviewed yet" in str(answer.exception)


@pytest.mark.parametrize("more", [["kasus.csv"], ["--wilayah", "32"], ["--dataset", "d"], ["--limit", "3"]])
def test_labels_take_no_filter_and_no_file(tmp_path: Path, more: list[str]) -> None:
    answer = CliRunner().invoke(
        wartawas, ["export", "--labels", str(tmp_path / "x"), "--var", str(tmp_path), *more]
    )
    assert answer.exit_code == 2
    assert (
        f"takes no {more[0] if more[0].startswith('--') else 'FILE'}" in str(answer.exception) + answer.output
    )
