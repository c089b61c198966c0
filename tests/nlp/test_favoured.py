from __future__ import annotations

import pytest

from nlp.favoured import is_favoured
from tests.nlp.tagged import cast_of

SW = "<per>Salim Wonda</per>"


def _favoured(tagged: str, *, neutrality: bool = False) -> bool:
    cast = cast_of(tagged)
    person = next(actor for actor in cast.persons if actor.name == "Salim Wonda")
    return is_favoured(cast, person, neutrality=neutrality)


@pytest.mark.parametrize(
    "told",
    [
        f"Kalender bergambar caleg DPRD Toro {SW} dibagikan di tengah pengajian.",
        f"Camat itu menyatakan dukungan bagi <role>calon bupati</role> {SW}.",
        f"Warga diminta memilih pasangan calon bupati dan wakil bupati nomor urut 2, <per>Ani Toba</per> dan {SW}.",
        f"Ketua RT itu memegang lima kartu nama caleg berinisial {SW}.",
        f"Baliho milik {SW} disobek orang.",
        f"Ia minta suara buat caleg inisial {SW}.",
        f"Tim pemenangan pasangan <per>Ani Toba</per>\u2013{SW} melayangkan aduan.",
        f"Mereka menuduh perolehan suara caleg Partai Lumbung, {SW}, digelembungkan.",
    ],
)
def test_whom_others_favour_did_nothing_himself(told: str) -> None:
    assert _favoured(told)


@pytest.mark.parametrize(
    "told",
    [
        f"<role>Caleg</role> {SW} membagikan kalender.",
        f"Kalender bergambar {SW} dibagikan. {SW} membenarkan ia yang menyuruh.",
        f"Amplop bergambar {SW} beredar; <role>caleg</role> {SW} diduga membagikannya.",
        f"Rumah milik {SW} menjadi tempat pembagian beras.",
        f"Kades itu memilih diam, kata {SW}.",
        f"Bawaslu menyiapkan surat panggilan untuk caleg {SW}.",
    ],
)
def test_who_may_have_done_it_stays(told: str) -> None:
    assert not _favoured(told)


def test_whoever_stands_beside_an_official_is_favoured_where_his_neutrality_is_asked() -> None:
    told = f"Camat itu berfoto bersama <role>calon bupati</role> {SW}."
    assert _favoured(told, neutrality=True)
    assert not _favoured(told)


def test_an_official_is_never_the_favoured_candidate() -> None:
    assert not _favoured(f"Warga diminta mendukung <role>Camat Toro</role> {SW}.", neutrality=True)
