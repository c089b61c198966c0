"""Who was acquitted and who was convicted, by the sentence that says so, and what a text does not prove."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from nlp.accused import Actor, Cast, Place
from nlp.cues import Hit
from nlp.reading import Reading, Sentence, is_background, is_done
from nlp.references import find_links
from nlp.taxonomy import load_taxonomy
from nlp.told import UNSAID

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
_BETWEEN_WHICH = 2  # words back to "yang": "yang sebelumnya menghukum"
_TO = frozenset(("kepada", "terhadap"))
_TO_WHOM = 14  # words between a verdict and whom it is of: "vonis tiga tahun penjara dan denda … kepada X"
_PROSECUTION = frozenset("jaksa jpu penuntut menuntut dituntut mendakwa didakwa".split())
_BENCH = frozenset("hakim majelis pengadilan pn pt".split())
_RULED = frozenset(
    "divonis memvonis memvonisnya vonis diputus memutus putus putusan menjatuhkan jatuhkan dijatuhi "
    "membebaskan bebaskan merehabilitasi rehabilitasi direhabilitasi".split()
)  # who rules so is a court or a tribunal; "tidak terbukti" may be anybody's word
_HONOUR = frozenset("merehabilitasi rehabilitasi direhabilitasi".split())  # what a tribunal of ethics rules
_PROOFS = (*_PUNISHED, "hasil:terbukti", "kuat:putusan_sanksi", "kuat:rekomendasi", "kuat:inkrah_eksekusi")
_PROOF = frozenset("terbukti bukti".split())
_STOPS = frozenset(
    "dihentikan menghentikan hentikan penghentian disetop setop stop sp3 digugurkan gugurkan".split()
)
_FOUND = frozenset("menemukan ditemukan pelanggaran".split())
_RUNNING = (UNSAID, "informasi_awal", "laporan_temuan", "kajian_awal", "registrasi", "klarifikasi", "kajian_pleno",
            "gakkumdu_pembahasan_1", "gakkumdu_pembahasan_2", "penyidikan")  # fmt: skip
_SIDES = ("peserta.", "parpol")
# "A (Teradu I)", "A selaku Teradu I, …", and in front "Teradu I, A, …"; not "Istri Teradu I, A" or "Kata A, Teradu I …"
_NUMBER_BEHIND = re.compile(
    r" ?\((?:selaku |sebagai )?(?:teradu|terdakwa) (?:[ivx]+|\d)\)"
    r"|,? (?:selaku|sebagai) (?:teradu|terdakwa) (?:[ivx]+|\d)\b",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(
    r"(?:^|\b(?:dan|serta|bahwa|yakni|yaitu|adalah) |, )(?:teradu|terdakwa) (?:[ivx]+|\d),? $", re.IGNORECASE
)
_COURTS = ("pengadilan", "kejaksaan", "dkpp", "kuasa_hukum")
_SOME = frozenset("seorang oknum sejumlah beberapa dua tiga empat lima".split())
_UNPROVEN = ("hasil:tidak_terbukti", "hasil:dihentikan", "hasil:tidak_diregistrasi")


def read_verdicts(reading: Reading, cast: Cast) -> tuple[set[str], set[str]]:
    """Return the names of those acquitted and of those convicted; who is both was convicted on another track.

    A sentence that tells of other cases counts for neither, a verdict that is denied or planned for nobody.
    """
    freed: set[str] = set()
    punished: set[str] = set()
    for at, sentence in _ruling(reading):
        freeing = _freeing(sentence)
        here = {name for hit in freeing for name in persons_of(sentence, at, hit, cast)}
        freed |= here
        for hit in _punishing(sentence, at, freeing):
            punished |= {name for name in persons_of(sentence, at, hit, cast) if name not in here}
    return freed, punished


def read_named(reading: Reading, cast: Cast) -> set[str]:
    """Return the names that a sentence gives for the parties accused: "para teradu adalah A, B", "A (Teradu I)"."""
    presenting = find_links(cast).presenting
    called = {
        name
        for at, sentence in enumerate(reading.sentences)
        for hit in sentence.hits
        if (hit.label == "samping:terlapor" or (hit.label == "samping:mereka" and at in presenting))
        and "lawan:lain" not in sentence.cues
        for name in persons_of(sentence, at, hit, cast)
    }
    suspects = {
        person.name or ""
        for person in cast.persons
        for place in person.places
        for hit in cast.sentence(place.at).hits
        if hit.label == "samping:tersangka"
        and 0 <= hit.first - place.right <= 1
        and is_done(cast.sentence(place.at), hit)
        and "lawan:lain" not in cast.sentence(place.at).cues
    }
    return (
        called
        | suspects
        | {
            person.name or ""
            for person in cast.persons
            for place in person.places
            if place.at >= 0
            and not (person.category or "").startswith(_COURTS)
            and _is_numbered(reading.sentences[place.at], place)
        }
    )


def _is_numbered(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody is one of the parties by number: "A (Teradu I)", "Teradu I, A"."""
    start = sentence.words[place.first].start - sentence.start
    end = sentence.words[place.last - 1].end - sentence.start
    return bool(_NUMBER_BEHIND.match(sentence.text, end) or _NUMBER_BEFORE.search(sentence.text[:start]))


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


def settle_outcome(
    cast: Cast, accused: Sequence[Actor], outcome: dict[str, str], *, cleared: bool = False
) -> dict[str, str]:
    """Return the outcome by track as far as the words of the text bear it.

    Where a court acquits and nobody is convicted, nothing was proven, and the court's own track is closed; not so
    where it acquits others than the accused. Where the text speaks of missing proof and nowhere of something
    proven, nothing was proven either. Where an authority has `cleared` all who are accused, no track is open.
    """
    reading = cast.reading
    names = {actor.name for actor in accused}
    ruled: list[str] = []
    convicts = False
    for at, sentence in _ruling(reading):
        freeing = [hit for hit in _freeing(sentence) if _concerns(sentence, at, hit, cast, names)]
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
    if cleared and "terbukti" not in outcome.values():
        outcome = _instead(outcome, "belum", "tidak_terbukti")
    return outcome


def _concerns(sentence: Sentence, at: int, hit: Hit, cast: Cast, names: Container[str | None]) -> bool:
    """Tell whether an acquittal is of somebody accused, as far as it names whom it is of."""
    freed = persons_of(sentence, at, hit, cast)
    return None in names or not freed or any(name in names for name in freed)


def settle_stop(reading: Reading, stage: str, outcome: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return stage and outcome of a case whose only track is said in title or lead to have ended.

    It was stopped, or an authority found no violation.
    """
    if len(outcome) != 1 or "belum" not in outcome.values() or stage not in _RUNNING:
        return stage, outcome
    for sentence in (reading.title, *reading.sentences[:2]):
        stops = (
            h for h in sentence.hits if h.label == "kuat:dihentikan" and _STOPS & set(_words(sentence, h))
        )
        if "lawan:lain" in sentence.cues:
            continue
        if any(is_done(sentence, hit) for hit in stops):
            return "dihentikan", _instead(outcome, "belum", "dihentikan")
        if _finds_nothing(sentence):
            return "dihentikan", _instead(outcome, "belum", "tidak_terbukti")
    return stage, outcome


def _finds_nothing(sentence: Sentence) -> bool:
    """Tell whether an authority found no violation: "Bawaslu tidak menemukan pelanggaran"."""
    authority = min((hit.last for hit in sentence.hits if hit.label == "semu:pihak"), default=None)
    return authority is not None and any(
        hit.first >= authority and is_done(sentence, hit)
        for hit in sentence.hits
        if hit.label == "hasil:tidak_terbukti" and _FOUND & set(_words(sentence, hit))
    )


def fit_tracks(outcome: dict[str, str], types: Sequence[str], accused: Sequence[Actor]) -> dict[str, str]:
    """Return the outcome with what parties and candidates did moved from `hukum_lainnya` to `administrasi`.

    Other laws bind officials; a candidate whom they seem to bind was judged by the rules of the election.
    """
    rows = load_taxonomy().types
    boxes = {box for name in types for box in rows[name].bawaslu_category}
    sides = bool(accused) and all((actor.category or "").startswith(_SIDES) for actor in accused)
    if not sides or "hukum_lainnya" in boxes or "administrasi" not in boxes or "administrasi" in outcome:
        return outcome
    return {"administrasi" if track == "hukum_lainnya" else track: end for track, end in outcome.items()}


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
    annulled = "yang" in said[-_BETWEEN_WHICH:] and _ANNULS & set(said)
    if said[-1:] == ["sempat"] or annulled or {"tingkat", "pertama"} <= set(said):
        return False  # "membatalkan putusan PN yang sebelumnya menghukum X", "sempat divonis", "pada tingkat pertama"
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


def persons_of(sentence: Sentence, at: int, hit: Hit, cast: Cast) -> list[str]:
    """Return the names of the persons whom a verdict concerns: the nearest on its side, and those listed with him."""
    places = sorted(
        ((place, actor.name or "") for actor in cast.persons for place in actor.places if place.at == at),
        key=lambda found: (found[0].first, found[0].last, found[1]),
    )
    if hit.label in _BEFORE:
        chain = [found for found in places if found[0].last <= hit.first][::-1]
        if chain and _means_another(sentence, chain[0][0], hit):
            chain = []
    else:
        chain = [found for found in places if found[0].first > hit.first]
        if chain:
            first = chain[0][0]
            begin = first.left if first.left >= hit.last else first.first  # "dilaporkan warga adalah Budi"
            if not 0 <= begin - hit.last <= (_TO_WHOM if _is_to(sentence, first) else _AFTER):
                chain = []
    names: list[str] = []
    last: Place | None = None
    for place, name in chain:
        if last and not (listed(sentence, place, last) or listed(sentence, last, place)):
            break
        names.append(name)
        last = place
    return names


def _is_to(sentence: Sentence, place: Place) -> bool:
    return bool(_TO & {word.text for word in sentence.words[max(0, place.left - 1) : place.left]})


def _means_another(sentence: Sentence, place: Place, hit: Hit) -> bool:
    """Tell whether somebody only tells of another, whom the words behind him mean: "Menurut X, seorang PTPS …"."""
    tells = [word.text for word in sentence.words[max(0, place.left - 1) : place.left]] == ["menurut"]
    return tells and bool(_SOME & {word.text for word in sentence.words[place.last : hit.first]})


def listed(sentence: Sentence, one: Place, other: Place) -> bool:
    """Tell whether `other` follows `one` in a list, each with the office beside the name."""
    if one.first >= other.first:
        return False
    between = [word.text for word in sentence.words[one.right : max(one.right, other.left)]]
    return not between or (len(between) <= 2 and bool(_LISTED & set(between)))
