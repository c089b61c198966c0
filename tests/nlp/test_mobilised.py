from __future__ import annotations

import pytest

from nlp.mobilised import is_used, used_by
from tests.nlp.tagged import cast_of


def test_who_mobilised_a_post_stands_in_its_place() -> None:
    cast = cast_of("Warga melaporkan pengerahan kepala desa oleh penjabat bupati.")
    assert used_by(cast, "desa.kepala") == "pemda.pj"
    cast = cast_of("Warga melaporkan kepala desa yang ikut kampanye oleh calon bupati.")
    assert used_by(cast, "desa.kepala") is None


@pytest.mark.parametrize(
    "text",
    [
        "Camat itu mengarahkan para ketua RT agar memilih calon nomor dua.",
        "Camat itu mengumpulkan semua kepala dusun dan ketua RT di aula.",
        "Ketua RT diarahkan memilih calon nomor dua. Para ketua RT akan dimintai keterangan.",
    ],
)
def test_who_is_only_told_what_to_do_is_used(text: str) -> None:
    assert is_used(cast_of(text), "nonasn.rt_rw")


@pytest.mark.parametrize(
    "text",
    [
        "Para ketua RT membagikan uang.",
        "Camat mengarahkan ketua RT. Ketua RT lalu membagikan uang.",
        "Para ketua RT akan dimintai keterangan.",
        "Camat mengarahkan warga, lalu ketua RT membagikan uang.",
    ],
)
def test_who_does_something_himself_is_not(text: str) -> None:
    assert not is_used(cast_of(text), "nonasn.rt_rw")
