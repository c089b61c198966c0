"""Invented articles with their pages and extractions, for tests of the store: nobody in them exists."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from crawler.records import Capture
from nlp.records import Case, EventRef, Evidence, Extraction, Mention, Official, Terlapor
from pipeline.article import Article, Refusal

WIB = timezone(timedelta(hours=7))
MODEL = "m1"


def make_article(
    key: str, text: str, *, title: str = "Kabar", outlet: str = "kabar.example", **values: Any
) -> Article:
    """Return an article of an invented outlet, published on 1 October 2024 at nine unless told otherwise."""
    published = values.pop("published", datetime(2024, 10, 1, 9, 0, tzinfo=WIB))
    url = values.pop("url", f"https://{outlet}/{key}")
    plain = Article(
        key, url, outlet, title, None, published, None, None, text, "id", 0.9, (), {"title": "og"}, ()
    )
    return replace(plain, **values)


def make_capture(article: Article, *, number: int = 1, source: str = "kabar", hour: int = 0) -> Capture:
    """Return the archived page behind an article, fetched on 2 October 2024 plus so many hours."""
    body = hashlib.sha256(f"{article.url}{article.text}".encode()).hexdigest()
    url = article.url or article.id
    fetched = datetime(2024, 10, 2, tzinfo=UTC) + timedelta(hours=hour)
    return Capture(
        number, source, "run-1", url, url, 1, "response", 200, "text/html", fetched, body,
        "kabar.warc.gz", 10, 20,
    )  # fmt: skip


def make_refusal(capture: Capture, reason: str = "listing") -> Refusal:
    """Return why a page gave no article."""
    return Refusal(capture.url, capture.url, reason, "a list of links")


def find(text: str, label: str, piece: str, **values: Any) -> Mention:
    """Return the mention of `piece` where it first stands in `text`."""
    start = text.index(piece)
    return Mention(label, start, start + len(piece), piece, **values)


def make_case(article: Article, **values: Any) -> Case:
    """Return a case of a village head in Cibatu, Garut; its evidence is the text's first sentence."""
    end = article.text.index(".") + 1
    plain = Case(
        id=f"{article.id}#1", types=("netralitas.kades",), bentuk=(),
        terlapor=(Terlapor("Sutrasna Wirabaya", "Kepala Desa Wanakerta", "desa.kepala", 1),),
        korban=None, reporter=None, place="32.05.12.2011", event_date="2024-09-28", source="laporan",
        stage="laporan_temuan", next_announced=None, outcome={"pidana": "belum"}, forum=(), reg_no=None,
        sanction=None, denial=False, legal_refs=(), evidence=(Evidence(0, end, article.text[:end]),),
        confidence=0.8,
    )  # fmt: skip
    return replace(plain, **values)


def make_extraction(article: Article, *cases: Case, **values: Any) -> Extraction:
    """Return an extraction: of kind pelanggaran where there is a case, else a prevention event."""
    first = cases[0] if cases else None
    plain = Extraction(
        id=article.id, kind="pelanggaran" if cases else "pencegahan", confidence=0.9, flags=(),
        election="pilkada 2024", types=first.types if first else ("netralitas.asn",), bentuk=(),
        event=EventRef(first.event_date if first else "2024-09-30", first.place if first else "32.05.12"),
        cases=cases, officials=(), roles_present=("Camat Cibatu",), mentions=(), stats=(), legal_refs=(),
        model_version=MODEL, why=("diduga",),
    )  # fmt: skip
    return replace(plain, **values)


def make_official(text: str, name: str, role: str, **values: Any) -> Official:
    """Return an official whose name stands in `text`."""
    start = text.index(name)
    plain = Official(name, role, None, None, None, None, None, "narasumber", start, start + len(name))
    return replace(plain, **values)


ACCUSED = (
    "Kepala Desa Wanakerta, Sutrasna Wirabaya, dilaporkan ke Bawaslu Garut karena diduga mengajak warga "
    "memilih satu pasangan calon. Sutrasna membantah. Pelapor, Yanuar Kertapati, menyerahkan rekaman kepada "
    "Ketua Bawaslu Garut, Lestari Adiguna, dan dapat dihubungi di 0812-3456-7890."
)
PREVENTION = (
    "Panwascam Cibatu menggelar sosialisasi netralitas aparatur di aula kecamatan. Ketua Panwascam Cibatu, "
    "Darmawan Sukmajaya, mengingatkan seluruh perangkat desa agar tidak memihak."
)


def accused_article(key: str = "a1", **values: Any) -> tuple[Article, Extraction]:
    """Return an article about an accused village head, with what is read from it."""
    article = make_article(key, ACCUSED, title="Kades Sutrasna Wirabaya Dilaporkan", **values)
    people = ("Sutrasna Wirabaya", "Yanuar Kertapati", "Lestari Adiguna")
    mentions = (
        *(find(ACCUSED, "per", name) for name in people),
        find(ACCUSED, "loc", "Wanakerta", code="32.05.12.2011", codes=("32.05.12.2011",)),
    )
    officials = (
        make_official(
            ACCUSED,
            "Lestari Adiguna",
            "Ketua",
            institution="Bawaslu Kabupaten Garut",
            category="bawaslu.anggota",
        ),
        make_official(ACCUSED, "Sutrasna Wirabaya", "Kepala Desa Wanakerta", capacity="terlapor"),
    )
    case = make_case(article, reporter="Yanuar Kertapati")
    return article, make_extraction(article, case, mentions=mentions, officials=officials)


def prevention_article(key: str = "p1", **values: Any) -> tuple[Article, Extraction]:
    """Return an article about a prevention event in Cibatu, with what is read from it."""
    article = make_article(key, PREVENTION, title="Panwascam Cibatu Gelar Sosialisasi", **values)
    return article, make_extraction(article, mentions=(find(PREVENTION, "per", "Darmawan Sukmajaya"),))
