"""The posts, bodies and plain words for people that a sentence names, whoever holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from nlp.cues import Phrasebook
from nlp.reading import Sentence
from nlp.roles import Body, load_roles
from nlp.wordlists import load_actors

_OWN = re.compile(r"(?!hanya|tanya|karya|artinya|punya)(?:tim|\w{4,})nya")  # "perangkatnya" is a "perangkat"
_CITIZEN = frozenset(("berkewarganegaraan", "berpaspor"))
_TEAMS = frozenset(("peserta.timses", "peserta.relawan", "massa", "kuasa_hukum"))
_SERVED = frozenset(("peserta.paslon", "peserta.caleg", "peserta.bakal_calon", "peserta.timses", "parpol"))
_HEADS = frozenset(("pemda.bupati", "pemda.wali_kota", "pemda.gubernur"))  # behind "tim pasangan calon"
_PAIRS = ("peserta.paslon", "peserta.bakal_calon")  # whose "wakilnya" runs with them
_FELLOWS = frozenset(
    "rekannya rekan-rekannya temannya teman-temannya kawannya koleganya kolega-koleganya sejawatnya anggotanya".split()
)  # of whoever is named before
_FEW = frozenset("seorang dua tiga empat lima enam tujuh delapan sembilan para kedua ketiga keempat".split())
_BODIES = frozenset(
    ("kpu.anggota", "kpu.ppk", "kpu.pps", "kpu.kpps", "bawaslu.anggota", "bawaslu.panwascam", "desa.bpd")
)  # whose members are called "anggota" with nothing behind it
_SERVICES = ("polri", "tni")  # a commander's men hold no command: "Kapolres … seorang anggotanya"
_TELLS = frozenset("yakni yaitu bernama berinisial masing-masing lain lainnya ialah".split())
_OPENING = 2  # words that may stand before "anggotanya" at the beginning of a sentence
_OF = frozenset("salah satu seorang sebuah dari milik kubu pihak pasangan".split())


@lru_cache(maxsize=1)
def actor_book() -> Phrasebook:
    """Return the phrases of data/taxonomy/actors.toml, each with its category."""
    return Phrasebook(load_actors())


def posts_in(sentence: Sentence, before: Sequence[tuple[str, int, int]] = ()) -> list[tuple[str, int, int]]:
    """Return (category, first word, word after the last) of the posts and bodies named, the longest taken first.

    `before` are the posts of the sentence before: "Dua anggotanya" at the beginning of this one is of theirs.
    """
    roles = load_roles()
    words = [
        replace(word, text=word.text[:-3]) if _OWN.fullmatch(word.text) else word for word in sentence.words
    ]
    found = [(f.last - f.first, 1, f.first, f.last, f.entry.category) for f in roles.posts.find(words)]
    found += [
        (2, 1, at, at + 2, "warga.wna")
        for at, word in enumerate(sentence.words[:-1])
        if word.text in _CITIZEN and sentence.words[at + 1].text not in ("indonesia", "ganda")
    ]
    for f in roles.bodies.find(sentence.words):
        body: Body = f.entry
        # an office as such is the government; whoever heads it is named so ("Kepala Dinas")
        category = "pemda" if body.category == "pemda.kepala_dinas" else body.category
        found.append((f.last - f.first, 0, f.first, f.last, category))
    found += [
        (hit.last - hit.first, 0, hit.first, hit.last, hit.label) for hit in actor_book().find(sentence.words)
    ]
    taken: set[int] = set()
    posts: list[tuple[str, int, int]] = []
    for _, _, first, last, category in sorted(found, key=lambda x: (-x[0], -x[1], x[2])):
        if not taken & set(range(first, last)):
            taken |= set(range(first, last))
            posts.append((category, first, last))
    posts = _with_whom_they_serve(sentence, _paired(sentence, sorted(posts, key=lambda post: post[1])))
    for at, word in enumerate(sentence.words):
        if word.text == "wakilnya" and at not in taken:
            before = [post for post in posts if post[2] <= at]
            nearest = max(before, key=lambda post: post[2])[0] if before else None
            if nearest in _PAIRS:
                posts.append((nearest, at, at + 1))
    return _with_fellows(sentence, sorted(posts, key=lambda post: post[1]), before)


def _with_fellows(
    sentence: Sentence, posts: Sequence[tuple[str, int, int]], before: Sequence[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """Return the posts with "rekannya", "dua anggotanya" and "dua anggota, A dan B" as of whoever stands before.

    `before` are the posts of the sentence before, which count where a sentence opens with such a word.
    """
    found = [post for post in posts if sentence.words[post[1]].text not in _FELLOWS or post[2] - post[1] > 1]
    taken = {at for _, first, last in found for at in range(first, last)}
    for at, word in enumerate(sentence.words):
        member = word.text == "anggota" and _is_member(sentence, at)
        if at in taken or not (member or word.text in _FELLOWS):
            continue
        here = [post for post in posts if post[2] <= at and sentence.words[post[1]].text not in _FELLOWS]
        of_body = member or word.text == "anggotanya"
        nearby = here or (before if at <= _OPENING else [])
        fitting = [
            c for c, _, _ in nearby if (c in _BODIES if (of_body and not here) or member else c != "warga")
        ]
        old = next((post[0] for post in posts if post[1] == at), None)
        if category := fitting[-1] if fitting else old:
            service = category.partition(".")[0]
            men = f"{service}.anggota" if of_body and service in _SERVICES else category
            found.append((men, at, at + 1))
    return sorted(found, key=lambda post: post[1])


def _is_member(sentence: Sentence, at: int) -> bool:
    """Tell whether "anggota" stands alone: "dua anggota, A dan B", "seorang anggota bernama C"."""
    words = sentence.words
    if not at or words[at - 1].text not in _FEW or at + 1 >= len(words):
        return False
    return words[at + 1].text in _TELLS or _parted(sentence, at + 1, at + 1) or _named(sentence, at + 1)


def _paired(sentence: Sentence, posts: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Take "calon bupati dan wakil bupati" and "paslon gubernur" as one post: nobody there holds the office yet."""
    kept: list[tuple[str, int, int]] = []
    for category, first, last in posts:
        pair, begin, end = kept[-1] if kept else ("", 0, 0)
        words = [word.text for word in sentence.words[end:first]]
        second = words in ([], ["dan"], ["serta"]) and sentence.words[first].text == "wakil"
        sought = not words and sentence.words[end - 1].text in ("calon", "paslon")
        if pair in _PAIRS and category in _HEADS and (second or sought) and not _comma(sentence, end, first):
            kept[-1] = (pair, begin, last)
        else:
            kept.append((category, first, last))
    return kept


def _comma(sentence: Sentence, end: int, first: int) -> bool:
    return "," in sentence.between(end - 1, first)


def _with_whom_they_serve(
    sentence: Sentence, posts: Sequence[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """Take "tim pemenangan salah satu pasangan calon bupati" as one post: the candidates are named for it alone."""
    kept: list[tuple[str, int, int]] = []
    for category, first, last in posts:
        team, begin, end = kept[-1] if kept else ("", 0, 0)
        served = category in _SERVED or (
            category in _HEADS and sentence.words[end - 1].text in ("calon", "paslon")
        )
        between = {word.text for word in sentence.words[end:first]}
        one = team in _TEAMS and served and between <= _OF and not _parted(sentence, end, first)
        if one and not _named(sentence, last):
            kept[-1] = (team, begin, last)
        else:
            kept.append((category, first, last))
    return kept


def _named(sentence: Sentence, last: int) -> bool:
    """Tell whether a name follows a post at once: whoever is so named holds it ("kuasa hukum calon bupati Ali")."""
    if last >= len(sentence.words) or _parted(sentence, last, last):
        return False
    return sentence.text[sentence.words[last].start - sentence.start].isupper()


def _parted(sentence: Sentence, end: int, first: int) -> bool:
    """Tell whether anything but blanks and words stands between two posts."""
    return any(sentence.between(n, n + 1).strip() for n in range(end - 1, first))
