"""Who is named apart from the act: "Empat kades diduga …" above, "Keempatnya ialah A, B, C, dan D" or a list below."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from nlp.accused import Actor, Cast
from nlp.bystanders import is_finder
from nlp.reading import Sentence
from nlp.references import OTHERS, find_links
from nlp.text import fold

_NUMBERS = {
    "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10,
    "sebelas": 11, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "keenam": 6, "ketujuh": 7, "kedelapan": 8,
    "kesembilan": 9, "kesepuluh": 10,
}  # fmt: skip
_SOME = -1  # "tiga di antaranya": some of them
_MOST = 20  # a larger number is not one of persons who are named one by one
_PEOPLE = frozenset(
    "orang warga pria lelaki wanita perempuan pemuda terdakwa tersangka terlapor teradu terpidana pelaku asn pns guru "
    "pegawai petugas anggota komisioner penyelenggara pejabat nama aparat perangkat terduga oknum".split()
)
_ACCUSED = frozenset("terlapor tersangka terdakwa teradu terpidana pelaku terduga oknum".split())
_PRESENTS = re.compile(
    r"[\"\u201c]?(?:(?:adapun|sementara(?: itu)?|menurut \w+(?: \w+){0,3}),? )?"
    r"(?:(?P<all>ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh))nya|mereka"
    r"|(?P<some>dua|tiga|empat|lima|enam|tujuh)(?: \w+)? di antaranya"
    r"|(?:(?P<number>(?:ke)?(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh))|para) (?P<noun>\w+(?: \w+)?)"
    r"(?: (?:itu|tersebut))?)"
    r"(?: [^\s,]+){0,3}? (?:ialah|adalah|yakni|yaitu|masing-masing|bernama|berinisial)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?P<head>[^\n]*:)\s*\n"
    r"(?P<items>(?:[ \t]*(?:[-\u2013\u2022*]|\(?\d{1,2}[.)]|[a-z][.)])[ \t]+[^\n]+(?:\n+|\Z)){2,})",
    re.MULTILINE,
)
# what the line above a list of accused may consist of, beside their office
_HEAD = _ACCUSED | frozenset(
    "berikut ini inilah daftar daftarnya nama nama-nama namanya nama-namanya adapun adalah yakni yaitu mereka "
    "identitas identitasnya rincian rinciannya lengkapnya selengkapnya yang para diberhentikan direkomendasikan "
    "dilaporkan diteruskan disanksi dipecat dijatuhi dikenai sanksi diperiksa dipanggil dihukum divonis ditetapkan "
    "terlibat melanggar dicopot asn pns anggota ppk pps kpps kpu bawaslu panwascam".split()
)
_STANDING = OTHERS | frozenset("calon pasangan paslon peserta pengurus".split())
# what those do who are not accused: "tiga anggota Bawaslu memeriksa …", "dua warga melaporkan …"
_HANDLES = frozenset(
    "melaporkan mengadukan melapor mendatangi memeriksa menemukan memergoki menangkap mengamankan menyaksikan melihat "
    "menggerebek mencegat menyerahkan mengawasi memantau menghentikan menerima menolak memimpin menyidangkan".split()
)
_AGENT = re.compile(r"oleh|di\w{4,}")  # "diterima dua warga"
_NEAR = 6  # words between a number of people and what they do

_Counted = Mapping[
    int, Sequence[tuple[int, str | None]]
]  # what `_counts` finds in each sentence that tells the act


def read_presented(cast: Cast, chosen: Collection[int]) -> set[str]:
    """Return the names of groups as large as the number of accused that title, lead or evidence tell, or smaller.

    `chosen` are the numbers of the sentences that assert the act. A smaller group says itself of how many it is.
    Where as many are named in one list beside the act, nobody else is meant.
    """
    if not cast.reading.sentences:
        return set()
    told = {-1, 0, *chosen}
    counted = {at: list(_counts(cast, at)) for at in told}
    offices = {office for found in counted.values() for _, office in found if office}
    listed = {1 + len(others) for (at, _), others in find_links(cast).company.items() if at in told}
    counts = {count for found in counted.values() for count, _ in found}
    left = counts - listed
    names: set[str] = set()
    for stated, group in _groups(cast, counted, offices) if left else ():
        people = {person.name or "" for person in group if not is_finder(cast, person)}
        fits = stated in counts if stated else len(people) in counts
        if (fits or stated == _SOME) and 2 <= len(people) <= max(left):
            names |= people
    return names


def _counts(cast: Cast, at: int) -> Iterator[tuple[int, str | None]]:
    """Yield how many persons a sentence (the title: -1) speaks of, and as what: "empat kepala desa", "6 ASN".

    Not those who only handle the case, report it or suffer it.
    """
    sentence = cast.sentence(at)
    words = [word.text for word in sentence.words]
    posts = {
        place.first: category
        for category, post in cast.posts.items()
        for place in post.places
        if place.at == at
    }
    for n, word in enumerate(words):
        number = int(word) if word.isdecimal() and len(word) < 3 else 0
        count = _NUMBERS.get(word.removesuffix("nya"), number)
        people = n + 1 in posts or not _PEOPLE.isdisjoint(words[n + 1 : n + 2])
        beside = bool(n and _AGENT.fullmatch(words[n - 1])) or not _HANDLES.isdisjoint(
            words[n + 1 : n + _NEAR]
        )
        if 2 <= count <= _MOST and (word.endswith("nya") or people) and not beside:
            yield count, posts.get(n + 1)


def _groups(cast: Cast, counted: _Counted, offices: Collection[str]) -> Iterator[tuple[int, list[Actor]]]:
    """Yield groups of persons with the number of them that the text states: 0 where it states none, or _SOME."""
    reading = cast.reading
    named = sorted(
        (reading.sentences[place.at].words[place.first].start, number)
        for number, person in enumerate(cast.persons)
        if person.role != person.name  # no organisation
        for place in person.places
        if place.at >= 0
    )
    for at, sentence in enumerate(reading.sentences):
        found = _PRESENTS.match(sentence.text) if at else None
        if found and _points_back(cast, at, found, counted, offices):
            inside = range(sentence.start + found.end(), sentence.end)
            number = (found["all"] or found["number"] or "").lower()
            yield _SOME if found["some"] else _NUMBERS.get(number, 0), _within(cast, named, inside)
    for block in _LIST.finditer(reading.document.text):
        before = [one for one in reading.sentences if one.end <= block.start()][-1:]
        head = set(re.findall(r"[\w-]+", fold(block["head"])))
        if head - _HEAD - _NUMBERS.keys() - _office_words(cast, offices) or any(map(_is_of_others, before)):
            continue
        people = []
        start = block.start("items")
        for line in re.finditer(r"[^\n]+", block["items"]):
            people += _within(cast, named, range(start + line.start(), start + line.end()))[:1]
        yield 0, people


def _points_back(
    cast: Cast, at: int, found: re.Match[str], counted: _Counted, offices: Collection[str]
) -> bool:
    """Tell whether "ketiganya adalah" means the accused: said so, or right behind what tells how many they are."""
    before = cast.reading.sentences[at - 1]
    if _is_of_others(cast.reading.sentences[at]) or _STANDING & set(found.group().lower().split()):
        return False
    if noun := (found["noun"] or "").lower().split():
        return bool(_ACCUSED & set(noun)) or bool(set(noun) & _office_words(cast, offices))
    if counted.get(at - 1) or (at == 1 and counted[-1]):
        return True
    return any(word.text in _ACCUSED for word in before.words) and not _is_of_others(before)


def _is_of_others(sentence: Sentence) -> bool:
    return not OTHERS.isdisjoint(word.text for word in sentence.words)


def _office_words(cast: Cast, offices: Collection[str]) -> set[str]:
    """Return the words by which a text calls the holders of some categories of post."""
    return {
        word
        for office in offices
        for place in cast.posts[office].places
        for word in cast.words(place)[place.first : place.last]
    }


def _within(cast: Cast, named: Sequence[tuple[int, int]], inside: range) -> list[Actor]:
    return [cast.persons[number] for start, number in named if start in inside]
