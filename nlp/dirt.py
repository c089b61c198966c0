"""Dirt as real pages have it, put onto clean articles: for training and for the dirty test split.

The same article and seed always give the same dirt. Lines that are no part of the report (headlines,
bylines, share bars, links to other articles) carry no spans: a reader must not take them for findings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import partial

from nlp.corpus import Row, Span
from nlp.edits import Edit, Sample, apply_edits

_LONG_NAMES = {
    "Bawaslu": ("Badan Pengawas Pemilu", "Badan Pengawas Pemilihan Umum"),
    "Panwaslu": ("Panitia Pengawas Pemilu", "Panitia Pengawas Pemilihan Umum"),
    "Panwascam": ("Panitia Pengawas Pemilu Kecamatan", "Panitia Pengawas Kecamatan"),
    "Panwaslucam": ("Panitia Pengawas Pemilu Kecamatan",),
    "Panwaslih": ("Panitia Pengawas Pemilihan",),
    "KPU": ("Komisi Pemilihan Umum",),
    "PPK": ("Panitia Pemilihan Kecamatan",),
    "Polres": ("Kepolisian Resor",),
    "Kejari": ("Kejaksaan Negeri",),
    "Pemkab": ("Pemerintah Kabupaten",),
    "Pemkot": ("Pemerintah Kota",),
    "DKPP": ("Dewan Kehormatan Penyelenggara Pemilu",),
    "KASN": ("Komisi Aparatur Sipil Negara",),
    "BKN": ("Badan Kepegawaian Negara",),
    "BKPSDM": ("Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",),
    "Kesbangpol": ("Badan Kesatuan Bangsa dan Politik",),
    "Satpol PP": ("Satuan Polisi Pamong Praja",),
}
_LONG = re.compile(rf"\b({'|'.join(sorted(_LONG_NAMES, key=len, reverse=True))})\b")
_KIND = re.compile(
    r"\b(Kabupaten|Kecamatan|Desa|Kelurahan|Provinsi|Kota|Ketua|Anggota|Panwaslu|Polres|Polsek|Kepala)\b"
)
_ACT = re.compile(r"\b[Uu]ndang-[Uu]ndang\b")
_FRIDAY = re.compile(r"\bJumat\b")
_STOP = re.compile(r"(?<=[a-z0-9)][.?]) (?=[A-Z])")
_COMMA = re.compile(r"(?<=[a-zA-Z)]), (?=\w)")
_DATE_BRACKET = re.compile(r"\((?=\d{1,2}/)")
_DATELINE = re.compile(r"^([A-ZÀ-Ý][A-Z' ]+)( ?)(–|—|-|--|,-|\.-)+ ?", re.MULTILINE)
_FIRST_WORD = (
    "budi sari joni fuljo christ jon rina tim red yan dewi adi man her hen ag mul dra rls adv hms".split()
)
_NAMES = (
    "Rizal Hakim", "Dewi A", "Yusran", "Mita Sari", "Bung Jo", "Anton P", "Tim Redaksi", "Sun", "Asep R",
    "Lukman", "Hendrik S", "Nur Aini", "Darman", "Wati", "Ical", "Redaksi", "Maya L", "Yoga", "Roni T",
)  # fmt: skip
_BYLINES = (
    "Penulis: {}", "Editor: {}", "Reporter: {}", "Reporter : {}", "Peliput : {}", "Pewarta: {}", "Oleh: {}",
    "Laporan: {}", "By {}", "Penulis : {} | Editor : {}", "({})", "( {})", "Kontributor: {}", "Wartawan: {}",
)  # fmt: skip
_SHARE = (
    "Comment", "Share", "X", "Read Also", "Leave a Reply", "Bagikan:", "Facebook Twitter WhatsApp Telegram",
    "Lebih baru Lebih lama", "Advertisement", "SCROLL TO CONTINUE WITH CONTENT", "Follow Google News",
    "Your email address will not be published. Required fields are marked *", "Dilihat: 312 kali", "(ADV)",
    "Ikuti kami di Google News dan Saluran WhatsApp", "Halaman: 1 2 Selanjutnya", "0 Komentar",
    "Tag: Pilkada, Bawaslu, Pemilu",
)  # fmt: skip
_SEE_ALSO = (
    "Baca Juga: {}",
    "Baca juga : {}",
    "BACA JUGA: {}",
    "Baca Juga {}",
    "Simak juga: {}",
    "Berita Terkait: {}",
)
_CLOCK = (
    "{} | {:02d}:{:02d} WIB",
    "{} {:02d}:{:02d} WITA",
    "Diterbitkan {} - {:02d}.{:02d}",
    "{}, {:02d}:{:02d}",
)
_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


def soil(row: Row, *, titles: Sequence[str], seed: str = "") -> Sample:
    """Return the article as a careless page would give it.

    `titles` are headlines of other articles, for the links between paragraphs. Spans keep their labels
    and values; those of a beginning that was cut off ("second page") are gone with their text.
    """
    rng = random.Random(f"{seed} {row.id}")  # noqa: S311 - dirt needs repeatable, not secret, chance
    sample = Sample(row.text, row.spans)
    for chance, change in (
        (0.15, _second_page),
        (0.35, _bracket_short_names),
        (0.40, _lower_kinds),
        (0.60, _split_act),
        (0.50, _friday),
        (0.50, _dateline),
        (0.35, _spacing),
        (0.25, _hard_blanks),
        (0.20, _capital_lede),
    ):
        if rng.random() < chance:
            sample = change(sample, rng)
    return _furniture(sample, row, titles, rng)


def _sometimes(
    sample: Sample,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
    rng: random.Random,
    share: float,
) -> Sample:
    """Replace a share of the matches of `pattern`."""
    found = [match for match in pattern.finditer(sample.text) if rng.random() < share]
    return apply_edits(sample, [Edit(match.start(), match.end(), new(match)) for match in found])


def _second_page(sample: Sample, rng: random.Random) -> Sample:
    breaks = [match.end() for match in re.finditer(r"\n+", sample.text)]
    if len(breaks) < 4:
        return sample
    cut = breaks[rng.randrange(1, len(breaks) // 2)]
    kept = tuple(span for span in sample.spans if span.start >= cut)
    return apply_edits(Sample(sample.text, kept), [Edit(0, cut, "")])


def _bracket_short_names(sample: Sample, rng: random.Random) -> Sample:
    """`Bawaslu Kabupaten X` → `Badan Pengawas Pemilu (Bawaslu) Kabupaten X`, as first mentions have it."""
    hosts = [span for span in sample.spans if span.label in ("org", "role")]

    def long_name(match: re.Match[str]) -> str:
        short = match.group()
        return f"{rng.choice(_LONG_NAMES[short])} ({short})"

    matches = [
        match
        for match in _LONG.finditer(sample.text)
        if sample.text[max(0, match.start() - 1) : match.start()] != "("
        and any(host.start <= match.start() and match.end() <= host.end for host in hosts)
    ]
    share = rng.choice((0.2, 0.5))
    chosen = [match for match in matches if rng.random() < share]
    return apply_edits(sample, [Edit(m.start(), m.end(), long_name(m)) for m in chosen])


def _lower_kinds(sample: Sample, rng: random.Random) -> Sample:
    return _sometimes(sample, _KIND, lambda m: m.group().lower(), rng, rng.choice((0.4, 1.0)))


def _split_act(sample: Sample, rng: random.Random) -> Sample:
    new = rng.choice(
        ("Undang -undang", "Undang Undang", "Undang - Undang", "undang-undang", "Undang -Undang")
    )
    return _sometimes(sample, _ACT, lambda _: new, rng, 1.0)


def _friday(sample: Sample, rng: random.Random) -> Sample:
    new = rng.choice(("Jum'at", "Jum`at", "Jum’at", "Jum at"))
    return _sometimes(sample, _FRIDAY, lambda _: new, rng, 1.0)


def _dateline(sample: Sample, rng: random.Random) -> Sample:
    style = rng.choice(
        (
            "{} – ",
            "{} - ",
            "{}, ",
            "{} | ",
            "{}- ",
            "{}–",
            "Kabarwarga.com, {} - ",
            "www.suara.example - {} - ",
        )
    )
    match = _DATELINE.search(sample.text)
    if not match:
        return sample
    before, _, after = style.partition("{}")
    edits = [Edit(match.end(1), match.end(), after)]
    return apply_edits(sample, [Edit(0, 0, before), *edits] if before and match.start() == 0 else edits)


def _spacing(sample: Sample, rng: random.Random) -> Sample:
    sample = _sometimes(sample, _STOP, lambda _: "", rng, 0.25)
    sample = _sometimes(sample, _COMMA, lambda _: rng.choice((",", " ,", " , ")), rng, 0.06)
    sample = _sometimes(sample, _DATE_BRACKET, lambda _: "( ", rng, 0.4)
    return _sometimes(sample, re.compile(r"(?<=\w) (?=\w)"), lambda _: "  ", rng, 0.01)


def _hard_blanks(sample: Sample, rng: random.Random) -> Sample:
    return _sometimes(sample, re.compile(r"(?<=\S) (?=\S)"), lambda _: "\u00a0", rng, 0.08)


def _capital_lede(sample: Sample, rng: random.Random) -> Sample:
    """Put the first words of the report in capitals."""
    length = rng.randrange(20, 120)
    end = sample.text.find(" ", length)
    line = sample.text.find("\n")
    head = sample.text[: max(0, min(end, line))]
    if len(head.upper()) != len(head):
        return sample
    spans = tuple(_refilled(span, head.upper() + sample.text[len(head) :]) for span in sample.spans)
    return Sample(head.upper() + sample.text[len(head) :], spans)


def _refilled(span: Span, text: str) -> Span:
    return Span(span.label, span.start, span.end, text[span.start : span.end], span.code, span.iso)


def _furniture(sample: Sample, row: Row, titles: Sequence[str], rng: random.Random) -> Sample:
    """Put headline, byline, time stamp, links and share bars between and around the paragraphs."""
    edits = []
    top = []
    if row.title and rng.random() < 0.6:
        top += [row.title] * rng.choice((1, 1, 2))
    if rng.random() < 0.3:
        top.append(_byline(rng))
    if rng.random() < 0.25:
        top.append(_stamp(rng))
    if rng.random() < 0.2:
        top += rng.sample(_SHARE, k=rng.randrange(1, 4))
    if top:
        edits.append(Edit(0, 0, "".join(f"{line}\n" for line in top)))
    for match in re.finditer(r"\n+", sample.text):
        if titles and rng.random() < 0.08:
            link = rng.choice(_SEE_ALSO).format(rng.choice(titles))
            edits.append(Edit(match.end(), match.end(), f"{link}\n"))
    bottom = [_byline(rng)] if rng.random() < 0.4 else []
    bottom += rng.sample(_SHARE, k=rng.randrange(0, 3))
    end = len(sample.text)
    if rng.random() < 0.3:
        glue = rng.choice((" ", ""))
        edits.append(Edit(end, end, f"{glue}({'/'.join(rng.sample(_FIRST_WORD, k=rng.randrange(1, 3)))})"))
    elif bottom:
        edits.append(Edit(end, end, "".join(f"\n{line}" for line in bottom)))
    if rng.random() < 0.3:
        edits += [Edit(m.start(), m.end(), "\n") for m in re.finditer(r"\n\n", sample.text)]
    return apply_edits(sample, edits)


def _byline(rng: random.Random) -> str:
    return rng.choice(_BYLINES).format(rng.choice(_NAMES), rng.choice(_NAMES))


def _stamp(rng: random.Random) -> str:
    day = f"{rng.randrange(1, 29)} {rng.choice(_MONTHS)} {rng.randrange(2018, 2026)}"
    weekday = rng.choice(("", "Senin, ", "Rabu, ", "Jumat, ", "Sabtu, "))
    return rng.choice(_CLOCK).format(weekday + day, rng.randrange(24), rng.randrange(60))


def soil_all(rows: Sequence[Row], *, seed: str = "") -> list[Sample]:
    """Return every article soiled, with links to the other articles' headlines."""
    titles = [row.title for row in rows if row.title]
    return list(map(partial(soil, titles=titles, seed=seed), rows))
