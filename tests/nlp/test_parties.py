from __future__ import annotations

import pytest

from nlp.accused import Actor
from nlp.parties import find_reporter, is_denied_by
from nlp.reading import read_document
from nlp.records import Document
from tests.nlp.tagged import read_tags

ACCUSED = [Actor("Rudi Tanjung", "camat", "pemda.camat", [])]


@pytest.mark.parametrize(
    ("tagged", "reporter"),
    [
        ("Laporan itu dibuat oleh <per>Hasbi Nurdin</per>, warga Lamokato.", "Hasbi Nurdin"),
        ("Perkara ini diadukan <per>Hasbi Nurdin</per>.", "Hasbi Nurdin"),
        ("Camat itu dilaporkan seorang warga bernama <per>Hasbi Nurdin</per>.", "Hasbi Nurdin"),
        ("Ketua tim hukum, <per>Hasbi Nurdin</per>, melaporkan camat itu.", "Hasbi Nurdin"),
        ("<per>Hasbi Nurdin</per>, ketua tim, telah melaporkan camat itu.", "Hasbi Nurdin"),
        ("<per>Hasbi Nurdin</per> melaporkan dana kampanyenya.", None),
        ("<per>Hasbi Nurdin</per> mengatakan warga melaporkan camat itu.", None),
        ("Pelapor dan tiga saksi, yaitu <per>Hasbi Nurdin</per> dan lainnya, dipanggil.", None),
        ("Laporan itu disampaikan ke Ketua Bawaslu, <per>Hasbi Nurdin</per>.", None),
        ("<per>Rudi Tanjung</per> melaporkan balik tetangganya.", None),
    ],
)
def test_who_reported_the_case_is_told_from_others(tagged: str, reporter: str | None) -> None:
    text, mentions = read_tags(tagged)
    assert find_reporter(read_document(Document("x", text), mentions), ACCUSED) == reporter


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Rudi membantah tuduhan itu.", True),
        ("Rudi tidak membantah kehadirannya.", False),
        ("Rudi mengaku tidak pernah hadir.", True),
        ("Penghuni rumah mengaku tidak pernah didatangi petugas.", False),
        ("Rudi menyatakan tidak berkampanye.", True),
        ("Bawaslu menyatakan tidak menerima laporan lain.", False),
        ('"Saya tidak membagikan apa pun," kata Rudi.', True),
        ('"Kami tidak tebang pilih," kata Ketua Bawaslu.', False),
        ("Pengacaranya menyebut kliennya tidak hadir.", True),
    ],
)
def test_a_denial_is_of_the_accused(text: str, denied: bool) -> None:
    assert is_denied_by(read_document(Document("x", text)), ACCUSED) is denied


def test_an_alias_of_somebody_else_names_no_accused() -> None:
    accused = [Actor("Rustam Halim alias Gondes", "warga", "warga", [])]
    told = Document("x", "Saksi Budi alias Leo mengaku tidak tahu.")
    assert not is_denied_by(read_document(told), accused)
    assert is_denied_by(read_document(Document("x", "Gondes mengaku tidak tahu.")), accused)
