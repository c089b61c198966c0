"""Borders that a recogniser often misses around names and offices, set right by forms and the register.

"Ketua Bawaslu Katingan Rudi | Contoh" is an office and a name, "Pj Bupati Boven | Digoel Rudi Contoh" ends a
word too early, and in "AKP Contoh ikut berjalan" the rank tells that a name follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.cues import words_of
from nlp.initials import is_nobody, with_listed_initials
from nlp.persons import degrees_end
from nlp.records import Mention
from nlp.region_names import name_key
from nlp.regions import Gazetteer
from nlp.role_borders import settle_borders
from nlp.role_pieces import join_pieces
from nlp.role_spotting import spot_roles
from nlp.roles import Found, Rank, Role, Roles
from nlp.text import fold

_CAPITAL = r"(?:[A-Z][a-z'\u2019]+(?:-[A-Z][a-z]+)?|[A-Z]\.|I|Ni|Muh\.|Moh\.|Rr\.|Rd\.|H[ij]\.|D[gt]\.)"
_NAME = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{0,4}}(?![\w-])")
_LEFT_OUT = re.compile(rf"[ ,]*(?=((?:{_CAPITAL} )+)$)")
_COMPASS = frozenset(
    "utara selatan barat timur tengah tenggara kota ilir ulu hulu hilir raya besar dalam luar".split()
)
_SIDES = frozenset(
    "utara selatan barat timur tengah ilir ulu hulu hilir wetan kulon kidul lor kaler tonggoh atas bawah".split()
)  # the second half of a village's name: "Kepala Desa Mekarjati Tonggoh | Rudi Contoh"
_DAY = frozenset("senin selasa rabu kamis jumat sabtu minggu ahad".split())
# bodies and posts behind whose form only a place can stand, so that anything else is a name
_CLOSED = ("bawaslu", "kpu", "gakkumdu", "polri", "tni", "kejaksaan", "legislatif", "pengadilan", "desa")
_HEADS = ("pemda.gubernur", "pemda.bupati", "pemda.wali_kota", "pengadilan")
_LABELS = ("per", "role", "org")
# who somebody is, not what office he holds; and one of many: "seorang guru di Contoh, Rudi"
_ANYBODY = re.compile(
    r"(?:pasangan |calon )*nomor urut\b|ibu rumah tangga|pemilik\b|tokoh\b|kotak kosong|tim (?:hukum|pemenangan)\b"
    r"|(?:guru|tenaga) (?:honorer|kontrak)|(?:petani|pedagang|nelayan|penjual|pegiat|aktivis|aparatur|oknum)\b"
)
_HONORIFIC = re.compile(
    r"(?:(?:advokat|bapak|ibu|pak|hj?|haji|dra?|drs|ir|prof|pdt|pendeta|pastor|suster|ust|ustaz|ustadz|ustadzah|ustazah"
    r"|mang|kang|teh|tgk|tgh|teungku|kiai|kyai|kh|buya|ajengan)\.?\s+)+(?=\S)",
    re.IGNORECASE,
)
# what opens a sentence before a name and is read into it: "Hidung Budi Contoh masih diperban"; a few may be names
_OPENING = re.compile(
    r"(?:(?:Narasumber|Pemateri|Khusus|Giliran|Sosok|Nama|Soal|Terkait|Hidung|Wajah|Pelipis|Bibir|Lengan|Tangan|Tubuh|Rumah|Mobil"
    r"|Kuasa Hukum|Kasus|Perkara|Laporan|Sikap|Ulah|Langkah|Tindakan|Perbuatan|Pernyataan|Pengakuan|Keterangan"
    r"|Permintaan|Pembelaan|Unggahan|Video|Foto|Terdakwa|Tersangka|Terlapor|Terpidana|Teradu|Saksi|Pelapor|Pengadu|Korban"
    r"|Menurut|Kata|Ujar|Ucap|Tutur|Ungkap)\s+(?=[A-Z])"
    r"|(?:Nasib|Aksi|Mata|Bagi|Kuasa|Karier|Mandat|Jabatan|Status)\s+(?=[A-Z][\w.'-]*\s+[A-Z]))"
)
_STOP = re.compile(
    r"(?<=[a-z]{5})\.\s+(?=[A-Z][a-z])"
)  # behind five letters no short form ends: "Moch.", "Prof."
_HELD = re.compile(rf", (?:[A-Z][a-z]{{0,4}}\. ?)*{_CAPITAL} {_CAPITAL}")
_INITIAL = re.compile(r" [A-Z]\b\.?(?=[,)]| \(| [a-z])")  # "I Nengah | S, saksi paslon"
_OUTLET = re.compile(r"([A-Z][\w' ]{2,30})(?:,| ?\() ?")  # "AMBON, MT.- Dewan …": the outlet's short name
_DASH = re.compile(r"\)?\.? ?[-\u2013\u2014]")
_NUMBERED = re.compile(r"\b(?:teradu|terlapor|terdakwa|tersangka|pengadu|pelapor|saksi)\s+$", re.IGNORECASE)
_NUMBER = re.compile(
    r"[IVX]{1,4} (?!(?:Wayan|Gede|Gde|Putu|Made|Kadek|Nengah|Nyoman|Komang|Ketut|Gusti|Dewa|Ngurah|Kade)\b)(?=[A-Z])"
)  # "Teradu I | Rudi Contoh", not "Terdakwa I Made Contoh"
_PAIR = re.compile(r"(?<=\w) ?[-\u2013] ?(?=[A-Z])")  # "pasangan Rudi Contoh-Ani Contoh"
_PARTICLES = frozenset("al el an ar as nur abdul abd siti".split())  # "Al-Jufri", "Nur-Aini"
_DUO = re.compile(
    r"\b(?:pasangan|paslon|duet|nomor(?: urut)? \d+|kubu|duo|pasangan calon),?\s+$", re.IGNORECASE
)
_LINE_REACH = 200
_ONE_OF_MANY = re.compile(r"\b(?:seorang|oknum|salah satu)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repairer:
    """Sets borders right with the forms of offices and the register of places."""

    roles: Roles
    gazetteer: Gazetteer

    def repair(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """Return the mentions in text order; of the labels only per, role and org change."""
        mentions = [replace(m, label="role") if self._is_post(m) else m for m in mentions]
        single = (one for m in mentions if m.label in _LABELS for one in _apart(text, m))
        outer = sorted((self._without_verb(text, _bare(text, m)) for m in single), key=lambda m: m.start)
        others = [m for m in mentions if m.label not in _LABELS]
        named = frozenset(word for m in outer if m.label == "per" for word in fold(m.text).split())
        ends = frozenset(_last_two(m.text) for m in mentions if m.label in ("loc", "org"))
        fixed: list[Mention] = []
        for at, found in enumerate(outer):
            # the first words of a mention may have gone to the one before
            begin = max(found.start, fixed[-1].end if fixed else 0)
            if begin >= found.end:
                continue
            mention = _cut(text, found, begin, found.end) if begin > found.start else found
            if mention.label == "per" and (
                is_nobody(text, mention)
                or self._is_outlet(text, mention)
                or self._is_degree(text, fixed, mention)
            ):
                continue
            if mention.label == "per" and self._is_body(mention):
                self._give(text, fixed, mention)
            elif mention.label == "role":
                follower = outer[at + 1] if at + 1 < len(outer) else None
                fixed += self._office(text, mention, follower, named, ends)
            elif mention.label == "org" and self._is_office(mention):
                fixed.append(replace(mention, label="role"))
            elif mention.text:
                fixed.append(mention)
        pieces = join_pieces(self.roles, text, self._with_names(text, fixed, others))
        whole = settle_borders(self.roles, text, pieces)
        # a place that its office lost words of to a name went with them
        others = [m for m in others if not any(o.start < m.start < o.end < m.end for o in whole)]
        known = sorted([*whole, *others], key=lambda m: (m.start, -m.end))
        spotted = with_listed_initials(text, spot_roles(self.roles, text, known))
        offices = {(m.start, m.end) for m in known if m.label == "role"}
        return [
            m for m in spotted if m.label != "role" or (m.start, m.end) in offices or not _is_anybody(text, m)
        ]

    def _without_verb(self, text: str, name: Mention) -> Mention:
        """Return a name in capitals without the verb that it took along: "RUDI CONTOH | MENGATAKAN"."""
        words = name.text.split()
        if name.label != "per" or len(words) < 2 or not name.text.isupper():
            return name
        spoken = fold(words[-1]) in self.roles.file.capacity["speech"]
        return _cut(text, name, name.start, name.end - len(words[-1])) if spoken else name

    def _is_degree(self, text: str, before: Sequence[Mention], name: Mention) -> bool:
        """Tell whether a name is a degree of the person before it: "Made Contoh, SH, | MH"; not "AR, SH, dan BT"."""
        person = next((m for m in reversed(before) if m.label == "per"), None)
        if person is None or (person.text.isupper() and " " not in person.text):
            return False
        between = text[person.end : name.start]
        if "\n" in between or between.startswith("."):
            return False  # a new sentence begins with somebody's initials
        return person.end <= name.start and name.end <= degrees_end(self.roles, text, person.end)

    def _is_post(self, place: Mention) -> bool:
        """Tell whether a place's span is an office of two words and more: "Kelian Banjar Dangin Pura"."""
        if place.label != "loc":
            return False
        words = words_of(fold(place.text))
        return any(found.first == 0 and 1 < found.last < len(words) for found in self.roles.posts.find(words))

    def _is_body(self, name: Mention) -> bool:
        words = fold(name.text).split()
        return not self.roles.no_names.isdisjoint(words[:1])

    def _give(self, text: str, fixed: list[Mention], body: Mention) -> None:
        """Give an institution that was taken for a person to the office before it, or let it stand alone."""
        last = fixed[-1] if fixed else None
        if last is not None and last.label == "role" and text[last.end : body.start] == " ":
            fixed[-1] = _cut(text, last, last.start, body.end)
        else:
            fixed.append(replace(body, label="org"))

    def _office(
        self,
        text: str,
        office: Mention,
        follower: Mention | None,
        named: frozenset[str],
        ends: frozenset[str],
    ) -> list[Mention]:
        """Return the office with its place whole, and the name that stood in it or lost words to it."""
        beside = follower is not None and follower.label == "per" and text[office.end : follower.start] == " "
        if follower and beside and (end := self._place_end(text, office, follower, ends)):
            return [_cut(text, office, office.start, end)]
        apart = beside and follower is not None and not any(self._forms(follower.text))
        start = self._name_start(text, office, named, ends, beside=beside, apart=apart)
        if start is None:
            return [office]
        rest = _cut(
            text, replace(office, label="per"), start, follower.end if follower and beside else office.end
        )
        return [_cut(text, office, office.start, start), rest]

    def _place_end(self, text: str, office: Mention, follower: Mention, ends: frozenset[str]) -> int | None:
        """Return where a place ends that begins in the office and goes on into the name behind it.

        `ends` are the last two words of the places and institutions that the text names.
        """
        last = office.text.split()[-1]
        words = list(re.finditer(r"\S+", follower.text))
        if len(words) > 1 and fold(words[0].group()) in _SIDES and self._names_place(office):
            return follower.start + words[0].end()
        village = any(getattr(found.entry, "level", None) == "desa" for found in self._forms(office.text))
        for count in (2, 1):
            if count <= len(words):
                end = follower.start + words[count - 1].end()
                place = f"{last} {text[follower.start : end].strip(',')}"
                known = count == 1 < len(words) and fold(place) in ends
                if known or self._is_region(place) or (village and self._is_village(place)):
                    return end
        return None

    def _name_start(
        self,
        text: str,
        office: Mention,
        named: frozenset[str],
        ends: frozenset[str],
        *,
        beside: bool,
        apart: bool,
    ) -> int | None:
        """Return where a name begins inside an office phrase, None where it holds none.

        `beside`: a name stands right behind it; `apart`: one that holds no office of its own.
        """
        words = words_of(fold(office.text))
        form = max(self._forms(office.text), key=lambda found: found.last, default=None)
        if form is None or form.last >= len(words):
            return None
        at, past = form.last, self.roles.korps if self._is_rank(form) else self.roles.file.reading.level_words
        while at < len(words) and words[at].text in past:
            at += 1
        # no place stands behind a judge, and every regency is known: "Pj Bupati Sila | Contoh" names no regency Sila
        head = apart and isinstance(form.entry, Role) and form.entry.category in _HEADS
        for stop in range(len(words), at, -1):
            place = office.text[words[at].start : words[stop - 1].end]
            told = (
                stop < len(words) and " " in place and _last_two(place) in ends
            )  # named elsewhere without him
            if (
                told
                or self._is_region(place)
                or (stop == len(words) and not head and self._is_village(place))
            ):
                at = stop
                break
        else:
            known = self._is_rank(form) or any(word.text in named for word in words[at:])
            if not head and (not known or not self._closed(form)):
                return None
        rest = office.text[words[at].start :] if at < len(words) else ""
        if not _NAME.fullmatch(rest) or fold(rest.split()[0]) in {
            *_COMPASS,
            *self.roles.file.reading.level_words,
        }:
            return None
        if (
            len(words) - at == 1
            and not beside
            and words[at].text not in named
            and _HELD.match(text, office.end)
        ):
            return None  # "Imum Mukim Kuta | Asan, Tgk. Rudi Contoh": its holder stands behind the comma
        few = len(words) - at <= (2 if beside else 4)
        return office.start + words[at].start if few else None

    def _names_place(self, office: Mention) -> bool:
        """Tell whether an office ends in words that no form of an office explains: in the name of its place."""
        return max((found.last for found in self._forms(office.text)), default=0) < len(words_of(office.text))

    def _forms(self, phrase: str) -> Iterator[Found]:
        words = words_of(fold(phrase))
        for table in (self.roles.posts, self.roles.bodies, self.roles.units, self.roles.ranks):
            yield from table.find(words)

    def _is_rank(self, form: Found) -> bool:
        return isinstance(form.entry, Rank)

    def _closed(self, form: Found) -> bool:
        category = getattr(form.entry, "category", None)
        return category is None or category.startswith(_CLOSED)

    def _is_office(self, org: Mention) -> bool:
        """Tell whether an institution's span begins with a post: "Manajer PLN X"."""
        first = org.text.split()[0].lower()
        return first in self.roles.file.reading.chiefs or first in ("manajer", "anggota", "komisioner")

    def _with_names(self, text: str, fixed: list[Mention], others: Sequence[Mention]) -> list[Mention]:
        """Return the mentions with names that stand right behind an office and were left out or cut short."""
        taken = [(m.start, m.end) for m in others]
        result: list[Mention] = []
        for at, found in enumerate(fixed):
            previous = result[-1] if result else None
            behind = found.label == "per" and previous is not None and previous.label == "role"
            mention = self._grown(text, previous, found) if behind and previous else found
            result.append(mention)
            following = fixed[at + 1].start if at + 1 < len(fixed) else len(text)
            name = self._name_behind(text, mention, following) if mention.label == "role" else None
            if name and not any(a < name.end and name.start < b for a, b in taken):
                result.append(name)
        return result

    def _grown(self, text: str, office: Mention, name: Mention) -> Mention:
        """Return the name with the capitalised words between it and its office: "Akademisi Boon | Acep X"."""
        gap = text[office.end : name.start]
        match = _LEFT_OUT.match(gap)
        if match is None:
            return name
        words = match.group(1).split()
        if any(re.sub(r"[.]", "", word).lower() in self.roles.titles for word in words):
            return name
        return _cut(text, name, office.end + match.end(), name.end)

    def _name_behind(self, text: str, office: Mention, limit: int) -> Mention | None:
        """Return a name that follows an office unlabelled: "AKP Contoh ikut", "Camat X, Rudi Contoh,"."""
        gap = 2 if text[office.end : office.end + 2] == ", " else 1
        if text[office.end : office.end + gap] not in (" ", ", "):
            return None
        match = _NAME.match(text, office.end + gap, limit)
        if match is None or match.end() > limit or self._is_region(match.group()):
            return None
        words = match.group().split()
        first = fold(words[0]).strip("'")
        if first in _DAY or first in self.roles.file.reading.level_words:
            return None
        if self._is_region(words[0]) or any(self._forms(match.group())):
            return None
        rank = any(f.first == 0 for f in self.roles.ranks.find(words_of(fold(office.text))))
        closed = text[match.end() : match.end() + 1] in (",", " ")
        between = gap == 2 and text[match.end() : match.end() + 1] == ","
        if not closed or (len(words) < 2 and not rank and not between):
            return None
        return Mention("per", match.start(), match.end(), match.group())

    def _is_outlet(self, text: str, name: Mention) -> bool:
        """Tell whether a name in capitals is the outlet's in a dateline: "AMBON, MT.- Dewan Kehormatan …"."""
        place = _OUTLET.fullmatch(_line_before(text, name))
        if not (place and name.text.isupper() and _DASH.match(text, name.end)) or any(
            self._forms(place.group(1))
        ):
            return False
        return self._is_region(place.group(1)) or self._is_village(place.group(1))

    def _is_region(self, name: str) -> bool:
        key = name_key(name)
        names = self.gazetteer.names
        return bool(key) and (bool(names.units(key)) or key in names.towns)

    def _is_village(self, name: str) -> bool:
        return bool(self.gazetteer.names.villages_named(name_key(name)))


def _cut(text: str, mention: Mention, start: int, end: int) -> Mention:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip(" ,"))
    return replace(mention, start=left, end=left + len(piece.strip(" ,")), text=piece.strip(" ,"))


def _last_two(name: str) -> str:
    return " ".join(fold(name).split()[-2:])


def _is_anybody(text: str, office: Mention) -> bool:
    """Tell whether what stands beside a name only says who somebody is."""
    if _ANYBODY.match(fold(office.text)):
        return True
    accused = "inisial" in text[office.end : office.end + 15]  # "seorang camat berinisial RC" means that one
    return not accused and bool(_ONE_OF_MANY.search(text[max(0, office.start - 15) : office.start]))


def _apart(text: str, mention: Mention) -> Iterator[Mention]:
    """Yield the names of a mention that runs over the end of a sentence: "kata Budiman. | Farida mengaku"."""
    start = mention.start
    shape = _PAIR if mention.label == "per" and _is_pair(text, mention) else _STOP
    for end in shape.finditer(mention.text) if mention.label == "per" else ():
        yield _cut(text, mention, start, mention.start + end.start())
        start = mention.start + end.end()
    yield _cut(text, mention, start, mention.end) if start > mention.start else mention


def _line_before(text: str, mention: Mention) -> str:
    """Return the end of what stands before a mention in its line: a line may be as long as the text."""
    reach = max(0, mention.start - _LINE_REACH)
    return text[text.rfind("\n", reach, mention.start) + 1 or reach : mention.start]


def _is_pair(text: str, mention: Mention) -> bool:
    """Tell whether a name with a hyphen is that of two who stand for election together."""
    halves = _PAIR.split(mention.text)
    if len(halves) != 2 or halves[0].split()[-1].lower() in _PARTICLES:
        return False
    whole = all(" " in half for half in halves)  # "Rudi Contoh-Ani Misal"
    told = _DUO.search(_line_before(text, mention))
    return whole or bool(told) or " - " in mention.text or " \u2013 " in mention.text


def _bare(text: str, mention: Mention) -> Mention:
    """Return a name without the honorifics, or the word that opens its sentence, before it; with its last initial."""
    if mention.label != "per":
        return mention
    if mention.text[-1:].islower() and (initial := _INITIAL.match(text, mention.end)):
        mention = _cut(text, mention, mention.start, initial.end())
    if _NUMBERED.search(_line_before(text, mention)) and (number := _NUMBER.match(mention.text)):
        mention = _cut(text, mention, mention.start + number.end(), mention.end)
    while title := _HONORIFIC.match(mention.text) or _OPENING.match(mention.text):
        mention = _cut(text, mention, mention.start + title.end(), mention.end)
    return mention
