"""The laws that election news cites, and the patterns by which papers print them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from nlp.patterns import any_of, compile_form
from nlp.taxonomy import DATA

_WITHOUT_NUMBER = ("KUHP", "KUHAP", "UUD 1945")
_ACT = re.compile(r"undang\s*-?\s*undang")
# "ayat (1)", "ayat (2), (3) dan (5)", "huruf g dan j", "ke-1"
_MORE = r"(?:(?:,\s?(?:dan\s|atau\s)?|\s(?:dan|atau|hingga|sampai)\s|\s?-\s?)(?:\(\d{1,2}\)|\(?[a-z]\)?(?![\w.])))*"
_PART = rf"(?:(?:ayat|huruf|angka)\s?\(?(?:\d{{1,2}}[a-z]?|[a-z])\)?(?!\w){_MORE}|ke-\d)"
_PARTS = rf"(?P<subs>(?:(?:,?\s|\s(?:dan|atau)\s|,?\s(?:jo\.?|juncto)\s(?=ayat|huruf)){_PART})*)"
_TO = r"(?:\s?-\s?|\s(?:hingga|sampai|sampai dengan|s\.?d\.?)\s)(?:pasal\s)?\d{1,3}[a-z]?"
_ARTICLE = (
    rf"(?:penjelasan\s)?(?:pasal|ps\.?)\s(?P<no>\d{{1,3}}(?:\s?[a-z](?!\w))?(?:{_TO})?)(?![\w/]){_PARTS}"
)
_NUMBERED = (
    r"(?:\s(?:nomor|nomer|no\.?))?\s?(?P<number>\d{1,4})"
    r"(?:\s?/\s?|,?\s(?:tahun|thn|th)\.?\s)(?P<year>\d{4})"
)
# "Perda Kabupaten Jember Nomor 6 Tahun 2012", "Surat Edaran Menteri Agama Nomor 5 Tahun 2022"
_OF_WHOM = (
    r"(?:\s(?:kabupaten|kota|provinsi|menteri|bupati|gubernur|wali|badan|komisi|ketua|kepala|sekretaris"
    r"|direktur)(?:\s[a-z]+){1,6}?(?=\snomor|\sno\b)"
    r"|\s(?:bawaslu|kpu|kasn|bkn|dkpp|mendagri|menpan|panrb|menpan-?rb|kapolri|kemendagri)(?:\s(?:ri|rb))?"
    r"|\s(?:republik indonesia|ri))?"
)
# "Undang-Undang (UU) Nomor 10 Tahun 2016", "Peraturan Komisi Pemilihan Umum (PKPU) Nomor 13 Tahun 2024"
_SHORT = r"(?:\s\([a-z][a-z -]{1,14}\))?"
_MINISTRY = r"permen\s?[a-z-]{1,12}|peraturan menteri(?:\s[a-z]+){1,6}?(?=\snomor|\sno\b)"
_JOINT = (
    r"(?:skb|surat keputusan bersama|keputusan bersama)(?!\s\()"
    r"(?P<of>\s(?:lima|5|tiga|3)\s(?:menteri|lembaga|pimpinan lembaga|kementerian/lembaga|kementerian))?"
    r"(?P<on>(?:\stentang)?\snetralitas(?:\sasn)?)?"
    r"(?:\s(?:nomor|no\.?)\s(?P<number>\d{1,3}))?(?:\stahun\s(?P<year>\d{4}))?(?!\w)"
)
# a title goes on while its words are capitalised; the kind of the next regulation ends it
_CAPITALISED = r"[A-Z][\w-]*(?:\s(?:(?:dan|di|atas)\s)?(?!UU|Undang-|PP\b|Pasal|PKPU|KUHP)[A-Z][\w-]*){0,6}"
_TITLE = (
    rf"\s(?i:tentang)\s(?P<title>{_CAPITALISED})"
    rf"(?:\satas\s(?:UU|Undang-[Uu]ndang)\sNomor\s\d+\sTahun\s\d{{4}}(?:\stentang\s{_CAPITALISED})?)?"
)


@dataclass(frozen=True, slots=True)
class LawPatterns:
    """Patterns in folded text; `title` alone matches the original, since only capitals make a title."""

    trigger: re.Pattern[str]
    article: re.Pattern[str]
    named: re.Pattern[str]
    joint: re.Pattern[str]
    ruling: re.Pattern[str]
    numbered: re.Pattern[str]
    title: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class KnownLaws:
    """The list: titles by id, the ids of election laws, ids by short name, abbreviations by printed kind."""

    titles: dict[str, str]
    election: tuple[str, ...]
    misprints: dict[str, str]
    by_name: dict[str, str]
    kinds: dict[str, str]

    def kind(self, printed: str) -> str:
        """Return the abbreviation of a kind of regulation as printed ("peraturan kpu" → PKPU)."""
        words = plain(printed).split()
        for size in range(len(words), 0, -1):
            short = self.kinds.get(" ".join(words[:size]))
            if short:
                return short
        return " ".join(words).title()

    def named(self, printed: str) -> str:
        """Return the id of a law by the short name that is printed ("UU Desa")."""
        return self.by_name[plain(printed)]

    def misprint(self, law: str, title: str) -> str | None:
        """Return the election law that a citation of another year likely means, None where it may be right.

        One digit of the year differs, and a title that the text gives is that of the listed law.
        """
        if law in self.titles or law in self.misprints:
            return self.misprints.get(law)
        kind_number, _, year = law.rpartition("/")
        near = [
            known
            for known in self.election
            if known.rpartition("/")[0] == kind_number
            and sum(a != b for a, b in zip(known.rpartition("/")[2], year, strict=True)) == 1
            and (not title or self._bears(known, title))
        ]
        return near[0] if len(near) == 1 else None

    def _bears(self, law: str, title: str) -> bool:
        """Tell whether a law has the title that a text gives, by its own or a short name ("Pilkada")."""
        return self.titles[law].lower().startswith(title[:12]) or self.by_name.get(f"uu {title}") == law


def plain(printed: str) -> str:
    """Return folded words with single blanks, and "undang-undang" as it should be."""
    return " ".join(_ACT.sub("undang-undang", printed).split())


def _compile(form: str) -> re.Pattern[str]:
    return compile_form(form.replace(r"undang\-undang", r"undang\s?-?\s?undang"))


@lru_cache(maxsize=1)
def load_laws() -> tuple[LawPatterns, KnownLaws]:
    """Return the patterns and the list of data/taxonomy/laws.toml."""
    table = tomllib.loads((DATA / "taxonomy" / "laws.toml").read_text(encoding="utf-8"))
    kinds = {word: short for short, words in table["kinds"].items() for word in words}
    names = {name: row["id"] for row in table["law"] for name in row["names"]}
    names |= {
        f"undang-undang{name.removeprefix('uu')}": law for name, law in names.items() if name[:3] == "uu "
    }
    names |= {word: short for word, short in kinds.items() if short in _WITHOUT_NUMBER}
    numbered = f"(?P<kind>(?:{any_of(kinds)}|{_MINISTRY}){_SHORT}{_OF_WHOM}{_SHORT}){_NUMBERED}(?![\\d/])"
    first = sorted(
        {re.split(r"[ -]", word)[0] for word in [*kinds, *names]} | {"pasal", "ps", "penjelasan", "permen"}
    )
    patterns = LawPatterns(
        trigger=re.compile(rf"(?<![\w/-])(?:{any_of(first)})"),
        article=compile_form(_ARTICLE),
        named=_compile(rf"(?:{any_of(names)})(?![\w-])"),
        joint=compile_form(_JOINT),
        ruling=re.compile(
            r"putusan (?:mk|mahkamah konstitusi)\s(?:nomor|no\.?)\s(?P<ruling>[\d-]+/[\w./-]+/\d{4})"
        ),
        numbered=_compile(numbered),
        title=re.compile(_TITLE),
    )
    known = KnownLaws(
        titles={row["id"]: row["title"] for row in table["law"]},
        election=tuple(row["id"] for row in table["law"] if row.get("election")),
        misprints={wrong: row["id"] for row in table["law"] for wrong in row.get("misprints", ())},
        by_name=names,
        kinds=kinds,
    )
    return patterns, known
