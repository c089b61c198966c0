"""Who was acquitted and who was convicted, by the sentence that says so, and what a text does not prove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.accused import Actor, Cast, Place
from nlp.cues import Hit
from nlp.reading import Reading, Sentence, is_background, is_done

_FREED = ("vonis:dibebaskan", "vonis:membebaskan")
_PUNISHED = ("vonis:dihukum", "vonis:menghukum")
_BEFORE = ("vonis:dibebaskan", "vonis:dihukum")  # the person stands before these words
_AFTER = 6  # words that may part a verb from its object
_LISTED = frozenset(("dan", "serta", "maupun"))
_SET_FREE = frozenset("bersyarat sementara jabatan jabatannya tugas tugasnya penahanan tahanan".split())
_FREE_OF = 3  # words after "dibebaskan" that may tell that it is no acquittal: "dari jabatannya"
_CLAIMS = frozenset("praduga merasa mengaku yakin mengklaim berdalih".split())  # "merasa tidak bersalah"
_COUNSEL = frozenset("kuasa tim penasihat penasehat divisi bidang ahli bantuan".split())
_TERM = frozenset("bulan tahun hari penjara kurungan percobaan denda pidana hukuman mati".split())
_ANNULS = frozenset("membatalkan batalkan dibatalkan menganulir anulir".split())
_PROSECUTION = frozenset("jaksa jpu penuntut menuntut dituntut mendakwa didakwa".split())
_BENCH = frozenset("hakim majelis pengadilan pn pt".split())
_RULED = frozenset(
    "divonis memvonis memvonisnya vonis diputus memutus putus putusan menjatuhkan jatuhkan dijatuhi "
    "membebaskan bebaskan merehabilitasi rehabilitasi direhabilitasi".split()
)  # who rules so is a court or a tribunal; "tidak terbukti" may be anybody's word
_HONOUR = frozenset("merehabilitasi rehabilitasi direhabilitasi".split())  # what a tribunal of ethics rules
_PROOFS = (*_PUNISHED, "hasil:terbukti", "kuat:putusan_sanksi", "kuat:rekomendasi", "kuat:inkrah_eksekusi")
_PROOF = frozenset("terbukti bukti".split())
_UNPROVEN = ("hasil:tidak_terbukti", "hasil:dihentikan", "hasil:tidak_diregistrasi")


def read_verdicts(reading: Reading, cast: Cast) -> tuple[set[str], set[str]]:
    """Return the names of those acquitted and of those convicted; who is both was convicted on another track.

    A sentence that tells of other cases counts for neither, a verdict that is denied or planned for nobody.
    """
    freed: set[str] = set()
    punished: set[str] = set()
    for at, sentence in _ruling(reading):
        freeing = _freeing(sentence)
        here = {name for hit in freeing for name in _persons_of(sentence, at, hit, cast)}
        freed |= here
        for hit in _punishing(sentence, at, freeing):
            punished |= {name for name in _persons_of(sentence, at, hit, cast) if name not in here}
    return freed, punished


def spare_acquitted(
    accused: Sequence[Actor], outcome: dict[str, str], freed: set[str], punished: set[str]
) -> tuple[list[Actor], dict[str, str]]:
    """Return accused and outcome without contradiction: nobody acquitted stands in a case that was proven.

    Where all who are accused were acquitted, the case was not proven.
    """
    if "terbukti" not in outcome.values():
        return list(accused), outcome
    innocent = freed - punished
    left = [actor for actor in accused if actor.name not in innocent]
    if left or not accused or punished:
        return left, outcome
    return list(accused), _instead(outcome, "terbukti", "tidak_terbukti")


def settle_outcome(reading: Reading, outcome: dict[str, str]) -> dict[str, str]:
    """Return the outcome by track as far as the words of the text bear it.

    Where a court acquits and nobody is convicted, nothing was proven, and the court's own track is closed. Where
    the text speaks of missing proof and nowhere of something proven, nothing was proven either.
    """
    ruled: list[str] = []
    convicts = False
    for at, sentence in _ruling(reading):
        freeing = _freeing(sentence)
        ruled += [
            word for hit in freeing for word in _words(sentence, hit) if _RULED & set(_words(sentence, hit))
        ]
        convicts = convicts or any(_punishing(sentence, at, freeing))
    if ruled and not convicts:
        outcome = _instead(outcome, "terbukti", "tidak_terbukti")
        track = "kode_etik" if "kode_etik" in outcome and _HONOUR & set(ruled) else "pidana"
        if outcome.get(track) == "belum":
            outcome = {**outcome, track: "tidak_terbukti"}
    if "terbukti" in outcome.values() and _lacks_proof(reading):
        ended = any(_done(reading, "hasil:dihentikan"))
        outcome = _instead(outcome, "terbukti", "dihentikan" if ended else "belum")
    return outcome


def _instead(outcome: dict[str, str], old: str, new: str) -> dict[str, str]:
    return {track: new if found == old else found for track, found in outcome.items()}


def _ruling(reading: Reading) -> Iterator[tuple[int, Sentence]]:
    """Yield the sentences (the title at -1) with a verdict of the case itself."""
    for at, sentence in [(-1, reading.title), *enumerate(reading.sentences)]:
        told = any(hit.label.startswith("vonis:") for hit in sentence.hits)
        if told and "lawan:lain" not in sentence.cues and not is_background(reading, sentence):
            yield at, sentence


def _freeing(sentence: Sentence) -> list[Hit]:
    """Return the phrases of a sentence that acquit somebody: not the release of somebody convicted or held."""
    return [
        hit
        for hit in sentence.hits
        if hit.label in _FREED
        and is_done(sentence, hit)
        and not _SET_FREE & {word.text for word in sentence.words[hit.first : hit.last + _FREE_OF]}
        and not (_CLAIMS | _ANNULS)
        & {word.text for word in sentence.words[max(0, hit.first - 2) : hit.first]}
    ]


def _punishing(sentence: Sentence, at: int, freeing: Sequence[Hit]) -> Iterator[Hit]:
    """Yield the phrases of a sentence that convict somebody, outside those that acquit."""
    for hit in sentence.hits:
        apart = all(hit.last <= other.first or other.last <= hit.first for other in freeing)
        if hit.label in _PUNISHED and apart and is_done(sentence, hit) and _convicts(sentence, at, hit):
            yield hit


def _convicts(sentence: Sentence, at: int, hit: Hit) -> bool:
    """Tell whether a phrase is a verdict: not counsel ("kuasa hukum"), a demand, or a verdict that was quashed."""
    words = _words(sentence, hit)
    said = [word.text for word in sentence.words[: hit.first]]
    before = set(said[-4:])
    if said[-1:] == ["sempat"] or (said[-1:] == ["yang"] and _ANNULS & set(said)):
        return False  # "membatalkan putusan PN yang menghukum X", "sempat divonis"
    if words == ["hukum"]:  # only a headline cuts "menghukum" so
        return at < 0 and not _COUNSEL & before
    if words == ["vonis"]:
        after = {word.text for word in sentence.words[hit.last : hit.last + 4]}
        return not _ANNULS & before and (at < 0 or bool(_TERM & after))
    demanded = bool(_PROSECUTION & set(said)) and not _BENCH & set(said)
    return words[0] != "terbukti" or not demanded


def _lacks_proof(reading: Reading) -> bool:
    """Tell whether a text speaks of missing proof, and nowhere of something that was proven or punished."""
    lacks = False
    for sentence in (reading.title, *reading.sentences):
        if is_background(reading, sentence):
            continue
        unproven = [hit for hit in sentence.hits if hit.label in _UNPROVEN]
        lacks = lacks or any(_PROOF & set(_words(sentence, hit)) for hit in unproven)
        for hit in sentence.hits:
            if hit.label not in _PROOFS or any(_inside(hit, other) for other in unproven):
                continue
            if is_done(sentence, hit):
                return False
            lacks = lacks or bool(_PROOF & set(_words(sentence, hit)))
    return lacks


def _done(reading: Reading, label: str) -> Iterator[Hit]:
    for sentence in (reading.title, *reading.sentences):
        yield from (hit for hit in sentence.hits if hit.label == label and is_done(sentence, hit))


def _inside(hit: Hit, other: Hit) -> bool:
    return other.first <= hit.first and hit.last <= other.last


def _words(sentence: Sentence, hit: Hit) -> list[str]:
    return [word.text for word in sentence.words[hit.first : hit.last]]


def _persons_of(sentence: Sentence, at: int, hit: Hit, cast: Cast) -> list[str]:
    """Return the names of the persons whom a verdict concerns: the nearest on its side, and those listed with him."""
    places = sorted(
        ((place, actor.name or "") for actor in cast.persons for place in actor.places if place.at == at),
        key=lambda found: (found[0].first, found[0].last, found[1]),
    )
    if hit.label in _BEFORE:
        chain = [found for found in places if found[0].last <= hit.first][::-1]
    else:
        chain = [found for found in places if found[0].first > hit.first]
        if chain and chain[0][0].left - hit.last > _AFTER:
            chain = []
    names: list[str] = []
    last: Place | None = None
    for place, name in chain:
        if last and not (_listed(sentence, place, last) or _listed(sentence, last, place)):
            break
        names.append(name)
        last = place
    return names


def _listed(sentence: Sentence, one: Place, other: Place) -> bool:
    """Tell whether `other` follows `one` in a list, each with the office beside the name."""
    if one.first >= other.first:
        return False
    between = [word.text for word in sentence.words[one.right : max(one.right, other.left)]]
    return not between or (len(between) <= 2 and bool(_LISTED & set(between)))
