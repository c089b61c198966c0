"""Candidates who are named only for what others did for them: "kalender bergambar caleg X", "dukungan bagi X"."""

from __future__ import annotations

from nlp.accused import Actor, Cast, Place
from nlp.onlookers import is_charged

# right before a candidate, or before the words that say what he runs for
_FOR = frozenset(
    "bergambar mendukung dukungan sokongan menyokong memenangkan pemenangan kemenangan memilih pilih mencoblos coblos "
    "promosi mempromosikan mengampanyekan mengkampanyekan memihak brosur kalender stiker kaus kaos suara".split()
)
_TO = frozenset("untuk bagi buat kepada".split())  # behind what is given to whom one favours, near before it
_GIVEN = frozenset("dukungan sokongan suara kampanye berkampanye kemenangan restu pilihan mendukung".split())
_NEAR = 3
_COMPANY = frozenset(
    "bersama dengan".split()
)  # whoever stands so beside an official is whom that one favours
_THINGS = frozenset(
    "baliho spanduk poster banner billboard reklame apk bendera peraga".split()
)  # of their owner
_RUNS = frozenset(
    "calon bakal bupati wali kota walikota wakil gubernur pasangan paslon kandidat caleg dprd dpr dpd ri provinsi "
    "kabupaten nomor urut petahana dan serta dari partai dapil seorang salah satu para cabup cawabup capres cawapres "
    "presiden h hj tgh kh ustaz berinisial inisial bernama".split()
)
_REACH = 22  # words of "pasangan calon bupati dan wakil bupati X nomor urut 2, A dan B"


def is_favoured(cast: Cast, actor: Actor, *, neutrality: bool) -> bool:
    """Tell whether a candidate is named only as whom others favour, or whose things others harmed.

    In a case of `neutrality` whoever stands beside an official is favoured too ("camat berfoto bersama X").
    """
    inside = [place for place in actor.places if place.at >= 0]
    if not actor.name or not inside or not (actor.category or "peserta.").startswith("peserta."):
        return False
    charged = any(is_charged(cast, place) for place in actor.places)
    return not charged and all(_is_object(cast, place, neutrality=neutrality) for place in inside)


def _is_object(cast: Cast, place: Place, *, neutrality: bool) -> bool:
    sentence, words, text = cast.sentence(place.at), cast.words(place), cast.reading.document.text
    offices = [m for m in cast.reading.mentions if m.label == "role"]
    for at in range(place.first - 1, max(-1, place.first - 1 - _REACH), -1):
        word = words[at]
        if word in _FOR or (neutrality and word in _COMPANY):
            return True
        if word in _TO:
            return bool(_GIVEN & set(words[max(0, at - _NEAR) : at]))
        if word == "milik" or words[max(0, at - 1) : at + 1] == ["kartu", "nama"]:
            return word == "nama" or bool(_THINGS & set(words[max(0, at - 2) : at]))
        start = sentence.words[at].start
        named = text[start].isupper() or any(m.start <= start < m.end for m in offices)
        if not (word in _RUNS or word.isdigit() or named):
            return False
    return False
