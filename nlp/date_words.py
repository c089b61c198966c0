"""The words of Indonesian dates and the patterns made of them; all match folded text (see nlp.text.fold)."""

from __future__ import annotations

from nlp.patterns import any_of

_DAYS = (
    "senin senen sen", "selasa salasa sls sel", "rabu rebo rab", "kamis kemis kam",
    "jumat jum'at jumaat ju'mat jumaah jum", "sabtu saptu sab", "minggu ahad min",
)  # fmt: skip
WEEKDAYS = {word: number for number, words in enumerate(_DAYS) for word in words.split()} | {"jum at": 4}
_MONTHS = (
    "januari january jan", "februari pebruari febuari february feb peb", "maret march mar", "april apr",
    "mei may", "juni june jun", "juli july jul", "agustus agustu agust august agu agt ags aug",
    "september sepetember sept sep", "oktober okotober october okt oct", "november nopember noveber nov nop",
    "desember december des dec",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
NUMBERS = {
    "se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10,
}  # fmt: skip

_SHORT_DAYS = {"sen", "sls", "sel", "rab", "kam", "jum", "sab", "min"}


DAY = rf"(?:{any_of(set(WEEKDAYS) - _SHORT_DAYS)})"
SHORT_DAY = rf"(?:{any_of(_SHORT_DAYS)})(?=,|\.)"
MONTH = rf"(?:{any_of(MONTHS)})(?!\w)"
PART = r"(?:pagi|siang|sore|petang|malam|dini hari|dinihari|subuh)"
MARKET_DAY = r"(?:kliwon|legi|pahing|pon|wage)"
COUNT = rf"(?:{any_of(set(NUMBERS) - {'se'})}|\d{{1,2}})"
ORDINAL = r"(?:pertama|kedua|ketiga|keempat|terakhir)"
YEAR = r"(?:19|20|30)\d\d(?![\d/])"
TO = r"(?:\s?-\s?|\s(?:hingga|sampai dengan|sampai|s\.?d\.?|s/d)\s)"
LATER = r"(?:mendatang|nanti|depan|besok|lusa)"
EARLIER = r"(?:lalu|kemarin|silam|tadi)"
