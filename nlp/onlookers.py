"""Who is named beside an act that others did: who condemns or tells it, is a witness, takes over, or has followers."""

from __future__ import annotations

import re

from nlp.accused import Actor, Cast, Place
from nlp.reading import Sentence, is_background
from nlp.references import find_links

_CHARGED = frozenset(
    "diduga dilaporkan dituding diadukan didakwa kedapatan kepergok divonis terbukti tersangka terlapor".split()
)
_CHARGE = 4  # words behind a name within which a charge is his
_OBJECT = 4  # words behind "menyesalkan" in which stands what he regrets
_HEARD = 6  # words between "diperiksa" and "sebagai saksi": "penyidik Sentra Gakkumdu Kabupaten X"
_WITH = frozenset(("bersama", "beserta"))  # behind it stand others, who are the witnesses
_TAKES = 8  # words between a name and "menggantikan": his new office
_INSTALLS = frozenset("melantik mengukuhkan menunjuk".split())
_AS = frozenset("sebagai menjadi selaku".split())
_DISMISSED = re.compile(
    r"\b(?:dicopot|diberhentikan|dinonaktifkan|dipecat|dimutasi|dibebastugaskan|ditahan|tersangka|tersandung|terjerat)\b"
)
_SAW = frozenset("melihat menyaksikan mendengar ditawari".split())
_PAPERS = frozenset("nama identitas ktp nik".split())
_HOUSES = frozenset("rumah kediaman warung kios pekarangan halaman garasi teras kafe".split())
_CROWDS = frozenset(
    "pendukung simpatisan loyalis kubu massa fanatik".split()
)  # whoever is named behind leads them
_TEAMS = frozenset("relawan timses".split())  # may also be what he is himself, as "tim sukses" may
_TIM = frozenset("sukses pemenangan kampanye pendukung".split())
_SEVERAL = frozenset(
    "para sejumlah sekelompok dua tiga empat lima enam kedua ketiga keempat belasan puluhan ratusan beberapa".split()
)
_HEADS = frozenset(
    "ketua koordinator sekretaris bendahara juru jubir manajer komandan anggota bernama".split()
)
_SOUGHT = frozenset(
    "calon bakal bupati wali kota walikota wakil gubernur pasangan paslon kandidat caleg dprd dpr dpd nomor urut "
    "petahana dan dari tim mantan".split()
)  # words between a crowd and whom it follows
_LINKS = frozenset("dan tim dari".split())  # of these
_FOLLOWED = 14  # words of "tim sukses pasangan calon bupati dan wakil bupati nomor urut 2 A dan B"
_THEY_SAW = re.compile(
    r"(?:(?:ke)?(?:dua|tiga|empat|lima)nya|mereka)(?: (?:adalah|merupakan|hanya|itu|cuma|berstatus|sebatas|diperiksa|"
    r"dimintai keterangan|dipanggil|hadir|sebagai|selaku))* (?:saksi|penerima|korban)\b",
    re.IGNORECASE,
)


def is_onlooker(cast: Cast, actor: Actor) -> bool:
    """Tell whether the words beside a name make its bearer somebody who did nothing himself, and none charge him."""
    if not actor.name:
        return False
    if _is_of_the_past(cast, actor):
        return True
    if any(is_charged(cast, place) for place in actor.places):
        return False
    return (
        any(_looks_on(cast, place) for place in actor.places)
        or _is_listed_witness(cast, actor)
        or _is_only_near(cast, actor)
    )


def _is_of_the_past(cast: Cast, actor: Actor) -> bool:
    """Tell whether somebody is named only where an older case is recalled: "Pada Pilkada 2018, camat X dihukum"."""
    every = cast.reading.sentences
    return all(place.at >= 0 and is_background(cast.reading, every[place.at]) for place in actor.places)


def is_charged(cast: Cast, place: Place) -> bool:
    """Tell whether a charge stands right behind a name as its bearer's: "X diduga", not "pendukung X diduga"."""
    behind = cast.words(place)[place.right : place.right + _CHARGE]
    return bool(_CHARGED & set(behind)) and behind[0] != "pernah" and not _is_followed(cast, place)


def _looks_on(cast: Cast, place: Place) -> bool:
    sentence = cast.sentence(place.at)
    return (
        _says(sentence, place)
        or _watches(cast, place)
        or _is_misused(cast, place)
        or _takes_over(cast, sentence, place)
        or _is_installed(sentence, place)
        or _bears_witness(cast, sentence, place)
    )


def _says(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody condemns an act or tells what others did: "X mengecam …", "X mengatakan keduanya …"."""
    for hit in sentence.hits:
        if not 0 <= hit.first - place.right <= 1:
            continue
        if hit.label in ("samping:pencerita", "samping:keliru"):
            return True
        objects = range(hit.last, hit.last + _OBJECT)
        if hit.label == "samping:pengecam" and not any(
            other.label == "samping:keberatan" and other.first in objects for other in sentence.hits
        ):
            return True
    return False


def _watches(cast: Cast, place: Place) -> bool:
    """Tell whether somebody saw or heard what others did: "Saksi paslon, X, melihat ketua KPPS mencoblos"."""
    behind = cast.words(place)[place.right : place.right + 2]
    return bool(_SAW & set(behind[:1])) or (behind[:1] == ["mengaku"] and bool(_SAW & set(behind)))


def _is_misused(cast: Cast, place: Place) -> bool:
    """Tell whether somebody's name or papers were used without his leave: "Nama A dan suaminya, B, dicatut tim itu"."""
    words, row = cast.words(place), find_links(cast).lists.get((place.at, place.first))
    left = row[0] if row else place.left
    return bool(_PAPERS & set(words[max(0, left - 1) : left])) and "dicatut" in words[place.last :]


def _takes_over(cast: Cast, sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody follows one who was dismissed: "melantik A sebagai … menggantikan B yang dicopot"."""
    return any(
        hit.label == "samping:pengganti"
        and 0 <= hit.first - place.last <= _TAKES
        and not _others_between(cast, place, place.last, hit.first)
        and _DISMISSED.search(sentence.text.lower(), sentence.words[hit.last - 1].end - sentence.start)
        for hit in sentence.hits
    )


def _is_installed(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody is put into an office: "melantik X sebagai Penjabat Keuchik", "menunjuk X menjadi Plt"."""
    words = [word.text for word in sentence.words]
    before, behind = words[max(0, place.left - 1) : place.left], words[place.right : place.right + 1]
    return bool(_INSTALLS & set(before)) and bool(_AS & set(behind))


def _bears_witness(cast: Cast, sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody is examined as a witness: "memeriksa X sebagai saksi", "X diperiksa Y sebagai saksi"."""
    called = [hit for hit in sentence.hits if hit.label == "samping:dipanggil"]
    words = cast.words(place)
    for hit in (hit for hit in sentence.hits if hit.label == "samping:kesaksian"):
        if hit.first < place.right:
            continue
        if _others_between(cast, place, place.last, hit.first) or _WITH & set(words[place.last : hit.first]):
            continue
        near = hit.first - place.right <= 1 and any(one.last <= place.left for one in called)
        if near or any(
            0 <= one.first - place.right <= 1 and hit.first - one.last <= _HEARD for one in called
        ):
            return True
    return False


def _others_between(cast: Cast, place: Place, first: int, last: int) -> bool:
    return any(
        one.at == place.at and first <= one.first < last for actor in cast.persons for one in actor.places
    )


def _is_listed_witness(cast: Cast, actor: Actor) -> bool:
    """Tell whether those named before are called witnesses or recipients: "Ketiganya diperiksa sebagai saksi"."""
    links = find_links(cast)
    number = links.numbers.get(id(actor))
    listed = {place.at for place in actor.places if links.company.get((place.at, place.first))}
    return any(
        number in several
        and _THEY_SAW.match(cast.reading.sentences[at].text)
        and not listed.isdisjoint((at - 1, at - 2))
        for at, several in links.several.items()
    )


def _is_only_near(cast: Cast, actor: Actor) -> bool:
    """Tell whether acts are told only of somebody's followers, or at his house: "pendukung X", "di rumah X"."""
    every = cast.reading.sentences
    acting = [
        place
        for place in actor.places
        if place.at >= 0 and every[place.at].acts and "lawan:lain" not in every[place.at].cues
    ]
    if not acting:
        return False
    if all(_is_followed(cast, place) for place in acting):
        return True
    # whom title or lead names otherwise is whom the news is about
    early = [place for place in actor.places if place.at <= 0 and place not in acting]
    return not early and all(_is_followed(cast, place) or _is_host(cast, place) for place in acting)


def _is_host(cast: Cast, place: Place) -> bool:
    words = cast.words(place)
    for left in {place.left, place.first}:
        before = words[max(0, left - 3) : left]
        if before[-1:] == ["milik"]:
            before = before[:-1]
        if _HOUSES & set(before[-1:]) and "pemilik" not in before:
            return True
    return False


def _is_followed(cast: Cast, place: Place) -> bool:
    """Tell whether a crowd or a team stands before a name as its bearer's: "tiga pendukung calon bupati X, Budi,".

    Whoever stands behind a comma may be one of them, unless they are several and he is one.
    """
    words, passed = cast.words(place), _passed(cast, place)
    sought = parted = False
    for at in range(place.first - 1, max(-1, place.first - 1 - _FOLLOWED), -1):
        gap = cast.sentence(place.at).between(at, at + 1).strip()
        if gap == "," and at == place.first - 1:
            parted = True
        elif gap.strip("-\u2013"):
            return False
        word, before = words[at], set(words[max(0, at - 3) : at])
        if word in _CROWDS or word in _TEAMS or (at and words[at - 1] == "tim" and word in _TIM):
            several = bool(_SEVERAL & before)
            if parted:
                return several and sought and not find_links(cast).company.get((place.at, place.first))
            return word in _CROWDS or several or (sought and not _HEADS & before)
        if not (word in _SOUGHT or word.isdigit() or at in passed):
            return False
        sought = sought or (word in _SOUGHT and word not in _LINKS)
    return False


def _passed(cast: Cast, place: Place) -> set[int]:
    """Return the words of a place's sentence that belong to names of persons and places."""
    sentence = cast.sentence(place.at)
    people = (one for actor in cast.persons for one in actor.places if one.at == place.at)
    found = {at for one in people for at in range(one.first, one.last)}
    if place.at >= 0:
        areas = [m for m in cast.reading.mentions if m.label == "loc"]
        words = enumerate(sentence.words)
        found |= {at for at, w in words if any(m.start <= w.start < m.end for m in areas)}
    return found
