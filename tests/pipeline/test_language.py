"""Language by function words."""

from __future__ import annotations

import pytest
from pages import PARAGRAPHS

from pipeline.language import guess_language

SUNDANESE = (
    "Panwascam geus mariksa tilu saksi anu datang ti désa, jeung maranéhna nyebutkeun yén éta kajadian téh "
    "lain kampanye. Saur pupuhu, hasilna bakal ditepikeun ka kabupatén sanggeus kabéh katerangan lengkep."
)
JAVANESE = (
    "Panwascam wis mriksa saksi telu sing teka saka desa, lan wong-wong kuwi ngandharake yen kedadeyan iku "
    "dudu kampanye. Miturut ketua, asile bakal diaturake marang kabupaten sawise kabeh katrangan ganep."
)
ENGLISH = "The district panel has heard three witnesses who said that they had been at an event that night."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (" ".join(PARAGRAPHS), "id"),
        (SUNDANESE, "su"),
        (JAVANESE, "jv"),
        (ENGLISH, "en"),
        ("Слово за слово, и разговор окончен вчера вечером дома.", "other"),
        ("x1 77 #### 33 -- 9/9 ==", "garbage"),
        ("", "garbage"),
        ("judi slot " * 60, "garbage"),
    ],
)
def test_guess_language(text: str, language: str) -> None:
    assert guess_language(text).language == language


def test_guess_language_reads_an_article_that_quotes_another_language() -> None:
    assert guess_language(" ".join(PARAGRAPHS) + f' "{ENGLISH[:60]}," ujarnya.').language == "id"


def test_a_short_report_full_of_names_is_indonesian() -> None:
    text = (
        "Badan Kepegawaian Negara menjatuhkan sanksi moral kepada Kepala Dinas Perhubungan Kuningan, Beni Rekaprayit, "
        "karena berfoto bersama bakal calon bupati. Sekda Kuningan, Dian Rekarahmat, menyampaikannya Senin (26/8). "
        "Penjabat Bupati Kuningan, Iip Rekadayat, meminta ASN lain menjaga netralitas."
    )
    assert guess_language(text).language == "id"
