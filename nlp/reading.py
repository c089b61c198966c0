"""A document as the judge reads it: sentences with their words, word groups, cues and acts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.acts import load_acts
from nlp.cues import Hit, Phrasebook, Word, words_of
from nlp.records import Document, Mention
from nlp.taxonomy import load_taxonomy
from nlp.text import fold, sentences
from nlp.wordlists import load_handling, load_topics

MAX_CHARS = 60_000  # longer texts are read up to here: no article is that long, and time must stay bounded
MAX_SENTENCES = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: offsets in the text, its words, the cues that it holds and the acts that it describes.

    `cues` counts labels such as `modality:alleged`, `stage:klarifikasi`, `kata:uang`; `labels` counts the
    mentions inside it by label.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    hits: tuple[Hit, ...]
    cues: Counter[str]
    acts: dict[str, int]
    labels: Counter[str]
    text: str

    def between(self, one: int, other: int) -> str:
        """Return what stands from the end of a word to the start of one behind it, nothing where it is not behind."""
        if not 0 <= one < other < len(self.words):
            return ""
        return self.text[self.words[one].end - self.start : self.words[other].start - self.start]


@dataclass(frozen=True, slots=True)
class Step:
    """A phrase about what is done with a case: its label, and whether it is done, planned, denied or supposed.

    `other` is true in a sentence that tells of other cases or of the law in general.
    """

    label: str
    state: str  # done | rencana | ingkar | andai
    other: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A document cut into sentences; `title` is read like one, at offset 0 of itself."""

    document: Document
    title: Sentence
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]


@lru_cache(maxsize=1)
def cue_book() -> Phrasebook:
    """Return every cue of the data files in one phrasebook, labelled by where it comes from."""
    taxonomy = load_taxonomy()
    phrases: dict[str, Sequence[str]] = {}
    for kind in taxonomy.file.doc_kind:
        phrases[f"kind:{kind.id}"] = kind.cues
        phrases[f"anti:{kind.id}"] = kind.anti_cues
    for name, values in taxonomy.file.modality:
        if isinstance(values, tuple):
            phrases[f"modality:{name}"] = values
    for row in taxonomy.file.type:
        phrases[f"type:{row.id}"] = row.cues
        phrases[f"trap:{row.id}"] = row.hard_negatives
    for form in taxonomy.file.asn_form:
        phrases[f"form:{form.id}"] = (*form.cues, *load_acts().forms.get(form.id, ()))
    for stage in taxonomy.status.stage:
        phrases[f"stage:{stage.id}"] = stage.cues
        phrases[f"notstage:{stage.id}"] = stage.not_cues
    for source in taxonomy.status.sumber:
        phrases[f"source:{source.id}"] = source.cues
    for outcome in taxonomy.status.outcome:
        phrases[f"outcome:{outcome.id}"] = outcome.cues
    for forum in taxonomy.status.forum:
        phrases[f"forum:{forum.id}"] = forum.cues
    phrases["election"] = taxonomy.file.election.words
    for group, words in load_acts().groups.items():
        phrases[f"kata:{group}"] = words
    for group, words in load_topics().items():
        phrases[f"topic:{group}"] = words
    return Phrasebook({**phrases, **load_handling()})


def read_document(document: Document, mentions: Sequence[Mention] = ()) -> Reading:
    """Return the document cut and looked through; beyond MAX_CHARS nothing is read."""
    text = document.text[:MAX_CHARS]
    folded = fold(text)
    spans = sentences(text)[:MAX_SENTENCES]
    inside: list[Counter[str]] = [Counter() for _ in spans]
    at = 0
    for mention in sorted(mentions, key=lambda m: m.start):
        while at < len(spans) and spans[at][1] <= mention.start:
            at += 1
        if at < len(spans) and mention.start >= spans[at][0]:
            inside[at][mention.label] += 1
    found = tuple(
        _sentence(text[start:end], folded[start:end], start, labels)
        for (start, end), labels in zip(spans, inside, strict=True)
    )
    title = (document.title or "")[:500]
    return Reading(document, _sentence(title, fold(title), 0, Counter()), found, tuple(mentions))


def _sentence(text: str, folded: str, offset: int, labels: Counter[str]) -> Sentence:
    words = words_of(folded)
    hits = cue_book().find(words)
    cues = Counter(hit.label for hit in hits)
    acts = load_acts().weights(label[5:] for label in cues if label.startswith("kata:"))
    shifted = tuple(Word(w.text, w.start + offset, w.end + offset) for w in words)
    return Sentence(offset, offset + len(text), shifted, tuple(hits), cues, acts, labels, text)


_STEPS = ("kuat:", "lemah:", "hasil:", "jalur:", "asal:")
_REPORTED = ("asal:laporan", "kuat:laporan_temuan", "lemah:laporan_temuan")  # not by "laporan dana kampanye"
_TURNS = ("lawan:rencana", "lawan:ingkar", "lawan:andai")
_REACH = 4  # words before a phrase within which a word turns it around
_AIM = frozenset("untuk guna".split())  # what is done for something is planned with it
_AIM_REACH = 12  # "akan memanggil camat dan dua lurah untuk dimintai keterangan"
_IF = re.compile(r"[\"\u201c]?(?:bila|jika|apabila|kalau|kalaupun|seandainya|andai)\b", re.IGNORECASE)
_ALREADY = frozenset("sudah telah".split())
_DAY_BEFORE = (
    r"(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|pekan|bulan|tahun|hari|malam) (?:\([^)]*\) )?lalu"
)
_NOW = re.compile(
    rf"\b(?:kini|sekarang|kemarin|hari ini|tadi|(?<!yang )(?:telah|sudah)|{_DAY_BEFORE})\b"
)  # in a clause behind a condition: it is told as done
_ONCE = re.compile(
    rf"\b(?:dulu|dulunya|dahulu|{_DAY_BEFORE}|ada yang (?:ber)?tanya)\b"
)  # in a condition: it sets what was against what is, or only opens the speech


def steps_of(sentence: Sentence) -> list[Step]:
    """Return the phrases of a sentence about the handling of a case, each with its state.

    What is only a report of accounts ("laporan dana kampanye") reports nobody.
    """
    against = _against(sentence)
    other = "lawan:lain" in sentence.cues
    accounts = [hit for hit in sentence.hits if hit.label == "lawan:pembukuan"]
    return [
        Step(hit.label, _state(sentence, hit, against), other)
        for hit in sentence.hits
        if hit.label.startswith(_STEPS)
        and not (hit.label in _REPORTED and any(hit.first < a.last and a.first < hit.last for a in accounts))
    ]


def asserts(sentence: Sentence) -> bool:
    """Tell whether a decisive word of the sentence stands there undenied, unplanned and without condition."""
    against = _against(sentence)
    return any(
        _state(sentence, hit, against) == "done" for hit in sentence.hits if hit.label == "modality:decisive"
    )


_THEN = re.compile(
    r"\b(?:(?:pemilu|pilkada|pileg|pilpres|pilgub|pilbup|pilwalkot|pilwakot)(?: serentak| legislatif| tahun)*"
    r"|(?:pada|di|sejak|kasus|perkara|peristiwa)(?: tahun)?) ((?:19|20)\d\d)\b"
)
_THAT_TIME = re.compile(r"(?:pada )?(?:saat|ketika|waktu|kala) itu\b")  # of the sentence before
_NUMBERS = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belasan".split()
_AGO = re.compile(rf"\b({'|'.join(_NUMBERS[2:])}|\d{{1,2}}) tahun (?:yang )?(?:lalu|silam)\b")
_VOTE = re.compile(r"\b(?:pemilu|pilkada|pileg|pilpres|pilgub|pilbup)(?: serentak| tahun)* (20\d\d)\b")
_DAY = re.compile(r"\b\d{1,2}(?:[/.-]\d{1,2}[/.-]| [a-z]{3,9} )(20\d\d)\b")
_ENDED = ("vonis:", "hasil:terbukti", "kuat:putusan_sanksi", "kuat:inkrah_eksekusi", "kuat:penyidikan")


def is_background(reading: Reading, sentence: Sentence) -> bool:
    """Tell whether a sentence recalls how a case of an earlier election or year ended: no case of its own.

    "Pada Pilkada 2018, seorang kades divonis" does in an article of 2024. Last year's election is still the
    article's own, unless it names a later one.
    """
    ended = [hit.first for hit in sentence.hits if hit.label.startswith(_ENDED)]
    if not ended:
        return False
    opening = sentence.words[max(ended)].start - sentence.start
    text = fold(sentence.text)
    if _THAT_TIME.match(text) and sentence in reading.sentences[1:]:
        before = fold(reading.sentences[reading.sentences.index(sentence) - 1].text)
        text, opening = f"{before} {text}", len(before) + 1 + opening
    then, ago = _THEN.search(text, 0, opening), _AGO.search(text, 0, opening)
    if not (then or ago):
        return False
    document = reading.document
    dated = [int(year) for year in _DAY.findall(fold(document.text[:MAX_CHARS]))]
    own = document.published.year if document.published else max(dated, default=0)
    votes = [int(year) for year in _VOTE.findall(fold(f"{document.title or ''} {document.text[:MAX_CHARS]}"))]
    current = max([own - 1, *(year for year in votes if year <= own)])
    year = int(then.group(1)) if then else own - _number(ago.group(1)) if ago else own
    return year < current and str(own) not in sentence.text


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS.index(written)


def is_done(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a phrase of the sentence is said as done: not denied, planned or on condition."""
    return _state(sentence, hit, _against(sentence)) == "done"


def _against(sentence: Sentence) -> list[Hit]:
    """Return the words that turn a phrase after them around."""
    against = [hit for hit in sentence.hits if hit.label in _TURNS]
    spared = [range(hit.first, hit.last) for hit in sentence.hits if hit.label == "lawan:abaikan"]
    return [hit for hit in against if not any(hit.first in words for words in spared)]


def _state(sentence: Sentence, hit: Hit, against: list[Hit]) -> str:
    turned = next((word.label[6:] for word in against if _turns(sentence, word, hit)), "done")
    open_ = turned == "done" and (_is_asked(sentence, hit) or _is_supposed(sentence, hit))
    return "andai" if open_ else turned


def _is_asked(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a phrase is one side of a question: "terbukti atau tidaknya"."""
    after = [word.text for word in sentence.words[hit.last : hit.last + 2]]
    return after[:1] == ["atau"] and after[1:] in (["tidak"], ["tidaknya"], ["belum"])


def _is_supposed(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a sentence that opens with a condition says something: "Bila lengkap, laporan diregistrasi"."""
    before = {word.text for word in sentence.words[max(0, hit.first - 2) : hit.first]}
    supposed = hit.first > 0 and bool(_IF.match(sentence.text)) and not _ALREADY & before
    return supposed and not _is_told(sentence, hit)


def _is_told(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a phrase behind a condition is done all the same: "Jika dulu ditegur, kini ia ditahan"."""
    text = fold(sentence.text)
    at = sentence.words[hit.first].start - sentence.start
    condition, comma, _ = text[:at].partition(",")
    end = text.find(",", at)
    clause = text[text.rfind(",", 0, at) + 1 : end if end >= 0 else len(text)]
    return bool(comma) and bool(_ONCE.search(condition) or _NOW.search(clause))


def _turns(sentence: Sentence, against: Hit, hit: Hit) -> bool:
    if hit.first < against.first and against.last < hit.last:  # "Bawaslu akan memanggil"
        return against.label != "lawan:ingkar"
    gap = hit.first - against.last
    aim = hit.first > 0 and sentence.words[hit.first - 1].text in _AIM and against.label == "lawan:rencana"
    if not 0 <= gap <= (_AIM_REACH if aim else _REACH):
        return False
    between = sentence.between(against.last - 1, hit.first)
    return not any(mark in between for mark in ",;:.")
