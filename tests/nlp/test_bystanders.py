from __future__ import annotations

import pytest

from nlp.accused import Actor, find_cast
from nlp.bystanders import without_bystanders
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document
from tests.nlp.tagged import read_tags

RN = "<per>RN</per> kedapatan membagikan amplop. "


def _left(tagged: str) -> list[str | None]:
    text, mentions = read_tags(tagged)
    officials, _ = read_officials(text, mentions)
    cast = find_cast(read_document(Document("x", text), mentions), officials)
    return [actor.name for actor in without_bystanders(cast, cast.persons)]


@pytest.mark.parametrize(
    "told",
    [
        "<per>Salim Wonda</per> dikeroyok massa.",
        "Mobil <per>Salim Wonda</per> dilempari batu.",
        "<per>Salim Wonda</per> menuding lawannya bermain uang.",
        "Tuduhan itu dilontarkan seorang warga bernama <per>Salim Wonda</per>.",
        "Laporan tersebut dilayangkan oleh <per>Salim Wonda</per>, Kamis.",
        "<per>Salim Wonda</per>, warga Desa Toro yang melaporkan perkara ini, kini digugat.",
        "Saksi bernama <per>Salim Wonda</per> melihat amplop itu.",
        "Pelapor, <per>Salim Wonda</per>, membawa dua lembar uang.",
        "<per>Salim Wonda</per> dinyatakan tidak terlibat.",
        "Bawaslu menegaskan <per>Salim Wonda</per> bukan terlapor.",
        "<per>Salim Wonda</per> hanya berstatus saksi.",
        "<per>DN</per>, anak calon anggota DPRD <per>Salim Wonda</per>, ikut diperiksa.",
    ],
)
def test_who_stands_beside_the_accused_is_not_accused(told: str) -> None:
    left = _left(RN + told)
    assert "RN" in left
    assert "Salim Wonda" not in left


@pytest.mark.parametrize(
    "told",
    [
        "<per>Salim Wonda</per> menuding balik pelapornya.",
        "Menurut pelapor, <per>Salim Wonda</per> menyerahkan amplop.",
        "Laporan itu diajukan warga terhadap <per>Salim Wonda</per>.",
        "Laporan yang diajukan seorang relawan menuduh <per>Salim Wonda</per> membagi uang.",
        "Kuasa hukumnya berkata <per>Salim Wonda</per> bukan pelaku.",
        "<per>Salim Wonda</per> mengaku tidak terlibat.",
        "Istri kepala desa, <per>Salim Wonda</per>, ikut membagikan amplop.",
    ],
)
def test_who_may_be_accused_stays(told: str) -> None:
    assert "Salim Wonda" in _left(RN + told)


def test_who_was_cleared_stays_where_nobody_else_is_accused() -> None:
    assert _left("<per>Salim Wonda</per> dinyatakan tidak terlibat.") == ["Salim Wonda"]


def test_an_unnamed_post_is_never_a_bystander() -> None:
    text, mentions = read_tags("Seorang camat dipukul warga.")
    cast = find_cast(read_document(Document("x", text), mentions), ())
    posts: list[Actor] = list(cast.posts.values())
    assert without_bystanders(cast, posts) == posts
