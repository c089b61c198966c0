"""Features of an actor for the models that tell whom a case accuses, and as what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlp.accused import Actor, Cast, Place, joined, nearest
from nlp.linear import odds, word_features
from nlp.reading import Reading
from nlp.references import Links, find_links

_ALLEGES = frozenset(
    "diduga dilaporkan dituding dituduh disebut terbukti didakwa kedapatan kepergok dipergoki tertangkap diadukan "
    "disangka dinyatakan diketahui terekam terlihat ditetapkan divonis ditangkap diamankan didalilkan dihukum "
    "disanksi diberhentikan dicopot dilapor mengaku membantah mendapati ternyata dianggap diperiksa dipanggil".split()
)
_TITLES = frozenset(
    "terlapor terdakwa tersangka teradu terpidana pelaku pelakunya oknum terduga terlapornya pengirimnya".split()
)
_AIMS = frozenset(
    "melaporkan menuding menuduh mendakwa menyebut menyatakan memeriksa memanggil terhadap menemukan mendapati "
    "mengadukan ialah adalah menduga menghukum menyeret menjerat menimpa menyangkut mencatat memvonis membebaskan "
    "mengamankan menangkap dugaan menelusuri memergoki atas dipimpin milik".split()
)
_OBJECTS = frozenset(
    "kepada untuk ke bagi dari oleh memilih mendukung memenangkan pilih dukung salah bergambar gambar kaus kampanye "
    "tim relawan pendukung simpatisan bersama dengan pasangan satu seorang pemilihan sebagai bertemu mengantar "
    "terhadap menghadiri suara di".split()
)
_SPEECH = frozenset(
    "kata ujar ucap tutur jelas terang tegas ungkap imbuh sambung lanjut tandas papar sebut tambah pungkas beber "
    "katanya ujarnya ucapnya tuturnya jelasnya tegasnya menurut mengatakan menjelaskan menyampaikan menuturkan "
    "menegaskan menerangkan mengungkapkan menambahkan memaparkan membenarkan menyatakan membacakan".split()
)
_REPORTS = frozenset("pelapor pelapornya melapor melaporkan mengadukan pengadu korban saksi mengadu".split())
_REPORTED = frozenset(
    "melaporkan menyebut menuding mengadukan mendalilkan menuduh melapor menceritakan bercerita".split()
)
_REPORTED_BY = frozenset(
    "dilaporkan diadukan dilayangkan dibawa oleh dibuat laporan pengakuan kesaksian milik".split()
)
_HARMS = frozenset(
    "diancam dipukul dikeroyok dianiaya ditampar diteror diintimidasi dihalangi dibacok dicatut difitnah dihina "
    "ditinju didorong diusir menjadi mengalami korban mengundurkan".split()
)
_PUNISHES = frozenset(
    "memvonis menghukum memberhentikan membebaskan menetapkan menjatuhkan kepada mendakwa menuntut mencopot dicopot "
    "menyatakan merehabilitasi terhadap menangkap mengamankan menahan terdakwa tersangka teradu atas nama dakwaan "
    "kasus perkara laporan".split()
)
_POINTS = re.compile(
    r"(?:(?:sebelumnya|menurut\w*|dalam \w+),? )?"
    r"(?:ia|dia|beliau|keduanya|ketiganya|keempatnya|kelimanya|mereka|yang bersangkutan|"
    r"terdakwa|terlapor|teradu|tersangka|pelaku|kedua \w+|ketiga \w+|(?:\w+ ){1,3}(?:itu|tersebut|ini))\b",
    re.IGNORECASE,
)  # a sentence that opens so speaks of somebody named before
_SOME = frozenset(
    "seorang dua tiga empat lima enam tujuh delapan sembilan sepuluh sejumlah oknum sekelompok beberapa "
    "belasan puluhan ratusan salah sepasang sebuah satu".split()
)
_WITH = frozenset("bersama dan serta maupun beserta".split())
_LATER = re.compile(
    r"(?:Kedua|Ketiga|Keempat|Terakhir|Sementara|Adapun|Sedangkan|Selain itu|Perkara (?:kedua|ketiga)|Dalam perkara)\b"
)
_BY = frozenset(("oleh",))
_OWNED = frozenset("milik atas".split())
_SUBORDINATE = frozenset(
    "agar supaya bahwa untuk demi guna ketika saat sementara sedangkan padahal jika".split()
)
_AGENT = re.compile(r"di\w{4,}")
_ACTIVE = re.compile(r"(?:me[mnl]?|meng|ber|ikut|hadir|turut|naik|masuk)\w*")
_NAMED = frozenset("berinisial inisial bernama atas yakni yaitu ialah".split())


def actor_features(
    reading: Reading, actor: Actor, cast: Cast, asserted: Sequence[float], chosen: set[int]
) -> dict[str, float]:
    """Return the features of a person or a post: where it stands to what is asserted, and the words around it."""
    inside = [place for place in actor.places if place.at in chosen]
    category = actor.category
    features = {
        f"a:category {category}": 1.0,
        f"a:parent {(category or '').split('.')[0]}": 1.0,
        "a:in evidence": float(bool(inside)),
        f"a:category {category}+evidence": float(bool(inside)),
        "a:evidence n": min(3, len(inside)) / 3,
        "a:in lead": float(any(0 <= place.at < 2 for place in actor.places)),
        "a:mentions": min(8, sum(place.at >= 0 for place in actor.places)) / 4,
        "a:best": max((asserted[place.at] for place in actor.places if place.at >= 0), default=0.0),
        "a:sum": min(3.0, sum(asserted[place.at] for place in actor.places if place.at >= 0)),
        "a:initials": float(bool(actor.name and re.fullmatch(r"[A-Z]{1,4}", actor.name))),
    }
    links = find_links(cast)
    features["a:presented"] = float(
        any(
            place.at in links.presenting and chosen & {place.at - 2, place.at - 1, place.at}
            for place in actor.places
        )
    )
    features.update(_antecedent(reading, actor, cast, chosen))
    features.update(_meant(actor, cast, links, chosen))
    if (
        not actor.name
    ):  # a headline names somebody for being known, guilty or not: only a post there says something
        in_title = float(any(place.at < 0 for place in actor.places))
        features |= {"a:in title": in_title, f"a:category {category}+title": in_title}
    for place in actor.places:
        where = "t" if place.at < 0 else "e" if place.at in chosen else "o"
        for name, value in _surroundings(reading, _widened(place, links)).items():
            if not (actor.name and where == "t"):
                features[f"a:{where} {name}"] = max(value, features.get(f"a:{where} {name}", 0.0))
            features[f"a:any {name}"] = max(value, features.get(f"a:any {name}", 0.0))
    for place in inside[:1]:
        others = _others_before(cast, actor, place)
        features["a:first"] = float(others == 0)
        features["a:second"] = float(others == 1)
        features["a:later"] = min(3, others) / 3
        features.update(_context(reading, _widened(place, links)))
        if row := links.lists.get((place.at, place.first)):
            features["a:list head" if row[2] == 0 else "a:list member"] = 1.0
    if not actor.name:
        features["a:attached"] = float(_attached(cast, actor))
    return {name: value for name, value in features.items() if value}


def beside_features(
    post: Actor, cast: Cast, persons: Sequence[float], text: Mapping[str, float]
) -> dict[str, float]:
    """Return how likely (`persons`) those are accused who hold a post or stand beside it.

    `text` gives each category's probability to be accused by the words of title and evidence alone.
    """
    links = find_links(cast)
    company = {
        number for place in post.places for number in links.company.get((place.at, place.first), frozenset())
    }
    beside = held = 0.0
    for person, chance in zip(cast.persons, persons, strict=True):
        if person.category == post.category:
            held = max(held, chance)
        if any(joined(one, other) for one in person.places for other in post.places):
            beside = max(beside, chance)
    best = max(persons, default=0.0)
    chance = text.get(post.category or "", 0.0)
    return {
        "a:beside": beside,
        "a:held": held,
        "a:company": max((persons[number] for number in company), default=0.0),
        "a:best person": best,
        "a:nobody": float(best < 0.3),
        "a:text": odds(chance),
        "a:text top": float(chance > 0 and chance == max(text.values())),
    }


def _surroundings(reading: Reading, place: Place) -> dict[str, float]:
    words = [w.text for w in (reading.title if place.at < 0 else reading.sentences[place.at]).words]
    before, after = words[max(0, place.left - 5) : place.left], words[place.right : place.right + 12]
    found: dict[str, float] = {}
    for name, marks, texts in (
        ("title word before", _TITLES, before[-3:]),
        ("named before", _NAMED, before[-2:]),
        ("aimed at", _AIMS, before[-4:]),
        ("object of", _OBJECTS, before[-1:]),
        ("object near", _OBJECTS, before[-3:]),
        ("speech before", _SPEECH, before[-4:]),
        ("speech after", _SPEECH, after[:4]),
        ("reports before", _REPORTS, before[-3:]),
        ("reports after", _REPORTS, after[:4]),
        ("reports next", _REPORTED, after[:2]),
        ("reported by", _REPORTED_BY, before[-1:]),
        ("harmed", _HARMS, after[:3]),
        ("harmed before", _HARMS, before[-2:]),
        ("alleged before", _ALLEGES, before),
        ("punished", _PUNISHES, before[-4:]),
        ("some", _SOME, before[-2:]),
        ("with", _WITH, before[-2:]),
        ("subordinate", _SUBORDINATE, before),
        ("oleh", _BY, before[-1:]),
        ("owner", _OWNED, after[:1]),
    ):
        if marks & set(texts):
            found[name] = 1.0
    if before and _AGENT.fullmatch(before[-1]):
        found["agent"] = 1.0
    if after and _ACTIVE.fullmatch(after[0]):
        found["active next"] = 1.0
    sentence = reading.title if place.at < 0 else reading.sentences[place.at]
    if "lawan:lain" in sentence.cues or _LATER.match(sentence.text):
        found["another case"] = 1.0
    gap = next((i for i, text in enumerate(after) if text in _ALLEGES), None)
    if gap is not None:
        found[f"alleged after {0 if gap == 0 else 1 if gap < 4 else 2}"] = 1.0
        found["alleged after"] = 1.0
    if not before:
        found["opens"] = 1.0
    return found


def _antecedent(reading: Reading, actor: Actor, cast: Cast, chosen: set[int]) -> dict[str, float]:
    """Return whether an evidence sentence points back at the actor: it opens with a pronoun after his name."""
    features: dict[str, float] = {}
    for at in chosen:
        if not _POINTS.match(reading.sentences[at].text):
            continue
        features["a:points"] = 1.0
        for back in (1, 2):
            here = [place for place in actor.places if place.at == at - back]
            if here:
                names = {p.name for p in cast.persons for place in p.places if place.at == at - back}
                features[f"a:antecedent {back}"] = 1.0
                features[f"a:antecedent {back} alone"] = float(len(names) <= 1)
                first = min(place.first for place in here)
                others = [q.first for p in cast.persons for q in p.places if q.at == at - back]
                features[f"a:antecedent {back} first"] = float(all(first <= other for other in others))
    return features


def _widened(place: Place, links: Links) -> Place:
    """Return a place with the borders of the list in which it stands: what is said of one is said of all."""
    row = links.lists.get((place.at, place.first))
    return replace(place, left=min(place.left, row[0]), right=max(place.right, row[1])) if row else place


def _meant(actor: Actor, cast: Cast, links: Links, chosen: set[int]) -> dict[str, float]:
    """Return whether "camat itu" or "keduanya" means a person, and whether a post so points back at somebody."""
    features: dict[str, float] = {}
    if not actor.name:
        back = [links.meant.get((place.at, place.first)) for place in actor.places if place.at in chosen]
        features["a:points back"] = float(any(back))
        features["a:points nowhere"] = float(any(people == () for people in back))
        return features
    number = links.numbers.get(id(actor))
    for (at, _), people in links.meant.items():
        if number in people:
            where = "e" if at in chosen else "o"
            features[f"a:{where} meant"] = 1.0
            features[f"a:{where} meant alone"] = float(len(people) == 1)
            features[f"a:{where} meant first"] = float(people[0] == number)
    for at, several in links.several.items():
        if number in several:
            features["a:e several" if at in chosen else "a:o several"] = 1.0
    return features


def _others_before(cast: Cast, actor: Actor, place: Place) -> int:
    """Return how many other persons or posts stand before an actor in its sentence."""
    count = 0
    for other in (*cast.persons, *cast.posts.values()):
        if other is not actor:
            count += any(p.at == place.at and p.last <= place.left for p in other.places)
    return count


def _attached(cast: Cast, post: Actor) -> bool:
    """Tell whether a post stands beside a person's name."""
    gaps = (nearest(person.places, post.places) for person in cast.persons)
    return any(gap is not None and -4 <= gap <= 2 for gap in gaps)


def _context(reading: Reading, place: Place) -> dict[str, float]:
    words = [w.text for w in reading.sentences[place.at].words]
    features: dict[str, float] = {}
    for name, texts in (
        ("b", words[max(0, place.left - 3) : place.left]),
        ("f", words[place.right : place.right + 6]),
    ):
        for key, n in word_features(texts, longest=1).items():
            features[f"w:{name}:{key[2:]}"] = n
    return features
