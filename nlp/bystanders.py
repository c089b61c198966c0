"""Who stands beside the accused and is not accused: accusers, witnesses, victims and those who were cleared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from nlp.accused import DOES, SPOKEN, Actor, Cast, Place
from nlp.acts import load_acts
from nlp.cues import Hit
from nlp.mobilised import is_teams
from nlp.reading import Sentence
from nlp.references import find_links
from nlp.roles import load_roles
from nlp.verdicts import listed

_BEHIND = {
    "samping:korban": 1,
    "samping:penuding": 1,
    "samping:pelapor": 3,
    "samping:penemu": 1,
}  # words that may part them from the name
_CLEARED, _CLEARED_BY = "samping:bersih", "samping:bersih_resmi"
_RELATIVE = 10  # words of "yang sempat dilaporkan dalam perkara itu" between a name and what is said of it
_PUNISHER, _MISDEED = "samping:penindak", "samping:ulah"
_OWNED, _HARMED = "samping:milik", "samping:dirugikan"
_OWNER = 3  # words between "suara" or "baliho" and whom they belong to
_HARM = 8  # words between the owner and what was done to his things
_FROM, _CALLED = "samping:dari", "samping:saksi"  # before the name
_BEFORE_NAMES = (_FROM, _CALLED)  # of a list said once
_HURTING = "samping:menyakiti"  # right before whoever suffers it
_CAUSE = frozenset("yang setelah usai karena lantaran sebab saat ketika".split())  # opens what he did himself
_LEADS = frozenset(
    "ia dia hendak mau akan sedang tengah sering diduga dituduh disebut kedapatan ketahuan terbukti".split()
)  # may part that from his deed
_BY = "samping:diadukan"  # a passive verb right before whoever does it; one that opens a sentence is said of him
_REACH = 4  # words between "tuduhan itu dilontarkan" and the name: "oleh seorang warga bernama"
_AT_WHOM = frozenset(
    "menuduh menuding terhadap atas menyebut bahwa tentang soal mengenai kepada ke karena".split()
)  # behind it stands whom the report is about
_BACK = frozenset("balik kembali".split())  # who accuses in turn is accused himself
_PARTY_MEN = frozenset("anggota kader politisi politikus asal pengurus".split())  # before a party's name
_MEN = frozenset(
    "caleg bacaleg calon kader anggota politisi politikus pengurus".split()
)  # before "dari" and its name
_MEN_REACH = 5  # words of "caleg DPRD Kabupaten X dapil 2" between them and "dari"
_PREMISES = frozenset("kantor gedung halaman".split())  # of a body that is not meant itself
_AUDIENCE = frozenset(("depan", "hadapan"))  # of whoever speaks there
_FINDS = re.compile(
    r"(?:me)?(?:lihat|nyaksikan|saksikan|nemukan|temukan|mergoki|pergoki|ndapati|dapati|ncatat|catat|manggil|panggil)(?:nya)?"
)
_BLAMED = frozenset(
    "tidak tak gagal lalai enggan diduga diadukan dilaporkan karena terbukti divonis dipecat diberhentikan ditangkap "
    "tersangka terdakwa teradu terlapor dinyatakan dijatuhi disanksi kedapatan kepergok didakwa dituding".split()
)
_FINDER = 6  # words of place and name between a post and what its holder finds
_TELLS = SPOKEN | {"menurut", "pungkas"}
_DOES_BY_WORD = frozenset("mengajak meminta menyatakan mengaku membantah".split())  # may be the act itself
_TELLER = 5  # words between a name and what he says: "dalam sambutannya meminta"
_COUNSEL = frozenset("kuasa pengacara penasihat penasehat advokat pembela".split())  # clears whom he defends
_KIN = frozenset(
    "istri isteri suami anak putra putri menantu adik kakak keponakan kemenakan sepupu ipar mertua besan paman "
    "cucu".split()
)  # of whoever holds the office behind it
_GOES_WITH = frozenset("mendampingi menemani mengantar".split())
_COUPLE = frozenset(("suami", "istri"))


def without_bystanders(cast: Cast, accused: Sequence[Actor]) -> list[Actor]:
    """Return the accused without those whom the words beside their names make accusers, witnesses or victims.

    Who was cleared, or is named as somebody's kin, leaves only a case against others: alone, he is whom it is about.
    """
    left = [
        actor for actor in accused if not (actor.name and any(_is_beside(cast, one) for one in actor.places))
    ]
    others = [
        one for one in left if not any(is_(cast, one) for is_ in (is_cleared, _is_kin, _is_affiliation))
    ]
    return others or left


def without_victims(cast: Cast, categories: Iterable[str]) -> list[str]:
    """Return the categories of post without those that a text names only as who was hurt, heard it or lost votes.

    Neither is a body accused of which only the office stands there, nor supervisors who only find and handle things.
    """
    return [
        category
        for category in categories
        if not _is_only(cast, category, _is_victim)
        and not (category.startswith("bawaslu") and _is_only(cast, category, _is_finding))
    ]


def are_cleared(cast: Cast, accused: Sequence[Actor]) -> bool:
    """Tell whether everybody accused is named, and an authority says of each that he had no part in it."""
    return bool(accused) and all(
        actor.name is not None
        and any(_is_cleared_by(cast.sentence(one.at), _last_of_list(cast, one)) for one in actor.places)
        for actor in accused
    )


def _is_only(cast: Cast, category: str, test: Callable[[Sentence, Place], bool]) -> bool:
    inside = [place for place in cast.posts[category].places if not is_teams(cast, place)]
    return bool(inside) and all(test(cast.sentence(place.at), place) for place in inside)


def _is_owner(sentence: Sentence, place: Place) -> bool:
    """Tell whether a place names whose posters were torn or whose votes were cut: "suara caleg X dipangkas"."""
    owned = [
        hit
        for hit in sentence.hits
        if hit.label == _OWNED and any(0 <= at - hit.last <= _OWNER for at in {place.left, place.first})
    ]
    return any(
        hit.label == _HARMED
        and (0 <= hit.first - place.right <= _HARM or 0 <= owned[0].first - hit.last <= 1)
        for hit in sentence.hits
        if owned
    )


def _is_beside(cast: Cast, place: Place) -> bool:
    sentence = cast.sentence(place.at)
    head = _head_of_list(cast, place)
    if head and any(
        _makes(sentence, head, hit) and "," not in sentence.between(hit.last - 1, head.left)
        for hit in sentence.hits
        if hit.label in _BEFORE_NAMES
    ):
        return True
    return (
        any(_makes(sentence, place, hit) for hit in sentence.hits if hit.label.startswith("samping:"))
        or _is_owner(sentence, place)
        or _punishes(sentence, place)
    )


def _head_of_list(cast: Cast, place: Place) -> Place | None:
    """Return the first name of the list in which a place stands further back: "memberi kuasa kepada A dan B"."""
    row = find_links(cast).lists.get((place.at, place.first))
    if row is None or not row[2]:
        return None
    return next(
        (one for actor in cast.persons for one in actor.places if (one.at, one.left) == (place.at, row[0])),
        None,
    )


def _punishes(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody dismisses or rebukes another for what that one did, as a superior does."""
    deeds = [hit for hit in sentence.hits if hit.label == _PUNISHER and 0 <= hit.first - place.right <= 1]
    return any(hit.label == _MISDEED and hit.first >= deed.last for deed in deeds for hit in sentence.hits)


def _makes(sentence: Sentence, place: Place, hit: Hit) -> bool:
    if hit.label in _BEHIND:
        after = {word.text for word in sentence.words[hit.last : hit.last + 2]}
        end = place.last if hit.label == "samping:penemu" else place.right  # "selain X, PTPS menemukan"
        near = 0 <= hit.first - end <= _BEHIND[hit.label]
        aged = all(
            word.text.isdigit() for word in sentence.words[place.right : hit.first]
        )  # "Budi (31), dipukul"
        apart = not aged and "," in sentence.between(place.right, hit.first)
        return near and not _BACK & after and not apart
    if hit.label == _HURTING:
        return _is_hurt(sentence, place)
    if hit.label == _BY:
        return (
            hit.first > 0 and hit.last == place.left and "," not in sentence.between(hit.last - 1, place.left)
        )
    if hit.label == _FROM:
        between = {word.text for word in sentence.words[hit.last : place.first]}
        apart = "," in sentence.between(hit.last - 1, place.left)
        listed = place.left == place.first and "," in sentence.between(place.last - 1, place.last)
        return 0 <= place.first - hit.last <= _REACH and not _AT_WHOM & between and (listed or not apart)
    if hit.label != _CALLED or hit.last not in (place.left, place.first):
        return False
    name = place.first if hit.last == place.first else place.left
    apart = "," in sentence.between(hit.last - 1, name)
    return not apart or "," in sentence.between(place.right - 1, place.right)


def _is_hurt(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody does a place's actor harm: "mengeroyok pengawas TPS Ani"; not for his own deed."""
    return not _is_doing(sentence, place.right) and any(
        hit.label == _HURTING
        and 0 <= place.left - hit.last <= 1
        and "," not in sentence.between(hit.last - 1, place.left)
        for hit in sentence.hits
    )


def _is_doing(sentence: Sentence, at: int) -> bool:
    """Tell whether words from `at` on say what the one before them did: "yang membagi amplop", "setelah ia …"."""
    words = sentence.words
    if at >= len(words) or words[at].text not in _CAUSE:
        return False
    deed = next((n for n in range(at + 1, len(words)) if words[n].text not in _LEADS), len(words))
    groups = [hit for hit in sentence.hits if hit.first >= deed and hit.label.startswith("kata:")]
    begins = any(hit.first == deed for hit in groups)
    return begins and bool(load_acts().weights(hit.label[5:] for hit in groups))


def _is_victim(sentence: Sentence, place: Place) -> bool:
    before = sentence.words[place.first - 1].text if place.first else ""
    return (
        before in _PREMISES or before in _AUDIENCE or _is_owner(sentence, place) or _is_hurt(sentence, place)
    )


def _is_finding(sentence: Sentence, place: Place) -> bool:
    """Tell whether a post, or who is named with it, sees or handles something: "Anggota Panwascam X, Ani, melihat".

    Who does not, or is blamed for how he does, is no such one ("diadukan karena tidak menemukan").
    """
    behind = [word.text for word in sentence.words[place.last : place.last + _FINDER]]
    found = next((at for at, word in enumerate(behind) if _FINDS.fullmatch(word)), None)
    return found is not None and not _BLAMED & set(behind[:found])


def is_finder(cast: Cast, actor: Actor) -> bool:
    """Tell whether somebody is of the supervisors and, wherever he is named, only finds, handles or tells things."""
    return (actor.category or "").startswith("bawaslu") and all(
        _is_finding(cast.sentence(place.at), place) or _is_telling(cast.sentence(place.at), place)
        for place in actor.places
    )


def _is_telling(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody says something: "Menurut X, seorang PTPS …", "ungkap Ketua Panwascam X", "X meminta"."""
    before = {word.text for word in sentence.words[max(0, place.left - 1) : place.left]}
    behind = [word.text for word in sentence.words[place.right : place.right + _TELLER]]
    speech = load_roles().file.capacity["speech"]
    said = next((at for at, word in enumerate(behind) if word in speech and word not in _DOES_BY_WORD), None)
    asked = "sambutannya" in behind and "meminta" in behind
    return bool(_TELLS & before) or asked or (said is not None and not _BLAMED & set(behind[:said]))


def _is_affiliation(cast: Cast, actor: Actor) -> bool:
    """Tell whether an organisation is named only as whose man somebody is: "caleg dari Partai X", "manajer di PT X"."""
    if actor.role != actor.name:
        return False
    inside = [place for place in actor.places if place.at >= 0]
    return bool(inside) and all(
        _is_member(cast.words(place)[: place.first])
        if actor.category == "parpol"
        else cast.words(place)[place.first - 1 : place.first] == ["di"]
        for place in inside
    )


def _is_member(before: Sequence[str]) -> bool:
    """Tell whether words before a party's name make somebody its man: "kader", "caleg DPRD Toro dari"."""
    if before[-1:] != ["dari"]:
        return bool(_PARTY_MEN & set(before[-1:]))
    near = before[-_MEN_REACH - 2 : -1]
    man = max((at for at, word in enumerate(near) if word in _MEN), default=None)
    return man is not None and not any(DOES.fullmatch(word) for word in near[man:])


def is_cleared(cast: Cast, actor: Actor) -> bool:
    """Tell whether a text says of somebody named that he had no part in it, was only a witness or is not the one."""
    for place in [_last_of_list(cast, one) for one in actor.places] if actor.name else ():
        sentence = cast.sentence(place.at)
        near = any(hit.label == _CLEARED and _is_said_of(cast, place, hit) for hit in sentence.hits)
        if _is_cleared_by(sentence, place) or (near and not _COUNSEL & {w.text for w in sentence.words}):
            return True
    return False


def _last_of_list(cast: Cast, place: Place) -> Place:
    """Return the place of the last person of the list in which a place stands: "A, B dan C" are spoken of together."""
    sentence = cast.sentence(place.at)
    while True:
        after = [one for actor in cast.persons for one in actor.places if one.at == place.at]
        found = next((one for one in after if listed(sentence, place, one)), None)
        if found is None:
            return place
        place = found


def _is_said_of(cast: Cast, place: Place, hit: Hit) -> bool:
    """Tell whether words follow a name, right behind it or behind a clause with "yang" that names nobody else."""
    gap = hit.first - place.right
    if 0 <= gap <= 1:
        return True
    words = cast.sentence(place.at).words
    others = (one for actor in cast.persons for one in actor.places if one.at == place.at)
    alone = not any(place.right <= one.first < hit.first for one in others)
    return 1 < gap <= _RELATIVE and words[place.right].text == "yang" and alone


def _is_cleared_by(sentence: Sentence, place: Place) -> bool:
    """Tell whether an authority clears somebody: "Bawaslu memastikan Sekda X tidak terlibat"."""
    said = [hit for hit in sentence.hits if hit.label == "samping:menyatakan" and hit.last <= place.left]
    authority = any(hit.label == "semu:pihak" and hit.last <= said[0].first for hit in sentence.hits if said)
    return authority and any(
        hit.label == _CLEARED_BY and 0 <= hit.first - place.right <= 1 for hit in sentence.hits
    )


def _is_kin(cast: Cast, actor: Actor) -> bool:
    """Tell whether an actor is named for his kin: "AN, anak calon anggota DPRD Hasan"; not "istri kades, Nur".

    "Anak buah X" are no kin, and "pasangan suami istri X" are themselves meant. Nor is he accused whom his kin only
    accompanied: "saat mendampingi suaminya, calon bupati X".
    """
    for place in actor.places if actor.name else ():
        sentence = cast.sentence(place.at)
        company = [word.text for word in sentence.words[max(0, place.left - 2) : place.left]]
        if company[:1] and company[0] in _GOES_WITH and company[-1].removesuffix("nya") in _KIN:
            return True
        for at in range(max(0, place.left - 1), place.first - 1):
            pair = {word.text for word in sentence.words[max(0, at - 1) : at + 2]}
            if (
                sentence.words[at].text in _KIN
                and "," not in sentence.between(at, place.first)
                and not pair >= _COUPLE
                and "buah" not in pair
            ):
                return True
    return False
