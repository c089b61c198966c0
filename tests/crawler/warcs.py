"""WARC files as a public crawl of the world's news gives them, all of it invented: texts, hosts, damage.

By default 70 % of the records are pages in other languages, 5 % are broken in one of eight ways, 5 % are huge, and
the rest are Indonesian articles: half of a source, half of another host below .id. The same seed gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from crawler.source import Discovery, Source
from nlp.corpus import CORPUS, load_corpus, test_ids

SITES = 6
_FOREIGN = {
    "en": (
        "The {a} of {p} told reporters that the {b} would be repaired before the {c} begins in {n} weeks .",
        "Residents near the {b} said they had waited {n} years for the {a} to answer their letters about the {c} .",
        "A spokesperson for the {a} declined to say whether the {c} and the {b} were part of the same plan .",
    ),
    "de": (
        "Der {a} von {p} sagte am Abend , dass die {b} noch vor der {c} in {n} Wochen fertig werde .",
        "Die Anwohner der {b} warten nach eigenen Angaben seit {n} Jahren auf eine Antwort des {a} zur {c} .",
        "Eine Sprecherin wollte nicht sagen , ob die {c} und die {b} zu dem gleichen Vorhaben des {a} gehören .",
    ),
    "es": (
        "El {a} de {p} dijo a los periodistas que la {b} se arreglará antes de la {c} dentro de {n} semanas .",
        "Los vecinos de la {b} esperan desde hace {n} años que el {a} responda a sus cartas sobre la {c} .",
        "Una portavoz del {a} no quiso decir si la {c} y la {b} forman parte del mismo plan de la ciudad .",
    ),
    "pt": (
        "O {a} de {p} disse aos jornalistas que a {b} será reparada antes da {c} daqui a {n} semanas .",
        "Os moradores da {b} esperam há {n} anos que o {a} responda às suas cartas sobre a {c} da cidade .",
        "Uma porta-voz do {a} não quis dizer se a {c} e a {b} fazem parte do mesmo plano para o bairro .",
    ),
}
_NOUNS = "council bridge harvest market library tramway orchard museum ferry lantern quarry meadow".split()
_NAMES = "Aldervale Brunnstedt Carvalhosa Dunmarrow Esteval Farnhagen Gillside Hollow".split()
_MENU = "".join(
    f'<li class="menu-item nav-{n}"><a href="/rubrik-{n}/" data-n="{n}">Rubrik {n}</a></li>'
    for n in range(60)
)
_SCRIPT = (
    "<script>"
    + "".join(f'window.__slot{n}={{"id":"slot-{n}","w":{n * 7}}};' for n in range(400))
    + "</script>"
)
BREAKS = ("flipped", "cut", "no_http", "no_address", "short_length", "bad_encoding", "garbage", "empty_head")


@dataclass
class Made:
    """A file that was made: what stands in it, by kind, and the addresses of the articles that must be found."""

    path: Path
    counts: dict[str, int] = field(default_factory=dict)
    articles: list[str] = field(default_factory=list)
    bait: str | None = None


@cache
def stories() -> list[tuple[str, str]]:
    """Return title and text of the annotated articles outside the test split."""
    kept = test_ids(CORPUS)
    return [(row.title, row.text) for row in load_corpus(CORPUS) if row.id not in kept]


def sources() -> dict[str, Source]:
    """Return the invented outlets of which half the articles are."""
    feed = (Discovery(method="feed", url="/feed/"),)
    made = [Source(slug=f"rekaan-{n}", name=f"Rekaan {n}", domains=(f"rekaan-{n}.example",), discovery=feed)
            for n in range(SITES)]  # fmt: skip
    return {source.slug: source for source in made}


def source_files(folder: Path) -> None:
    """Write the invented outlets as source files."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources().values():
        (folder / f"{source.slug}.toml").write_text(
            f'name = "{source.name}"\ndomains = ["{source.domains[0]}"]\n'
            '[[discovery]]\nmethod = "feed"\nurl = "/feed/"\n'
        )


def make_warc(
    path: Path, records: int, *, seed: int = 1, foreign: float = 0.70, broken: float = 0.05, huge: float = 0.05,
    largest: int = 12_000_000, bait: str | None = None,
) -> Made:  # fmt: skip
    """Write a WARC of so many records; with `bait`, one article of a source ends in that word."""
    dice = random.Random(seed)
    made = Made(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(
            zip_record(_record("warcinfo", "", b"software: rekaan\r\n", 0, content="application/warc-fields"))
        )
        for number in range(records):
            kind = dice.choices(
                ("foreign", "broken", "huge", "article"), (foreign, broken, huge, 1 - foreign - broken - huge)
            )[0]
            made.counts[kind] = made.counts.get(kind, 0) + 1
            at = seed * 1_000_000 + number
            if kind == "article":
                ends = bait if bait and made.bait is None and len(made.articles) >= 9 and at % 2 else ""
                url, page = article(at, dice, ends)
                made.bait = url if ends else made.bait
                made.articles.append(url)
                file.write(zip_record(response(url, page, at)))
            elif kind == "foreign":
                file.write(zip_record(response(_foreign_url(at, dice), foreign_page(at, dice), at)))
            elif kind == "huge":
                size = dice.randrange(1_000_000, largest)
                file.write(zip_record(response(_foreign_url(at, dice), foreign_page(at, dice, size), at)))
            else:
                file.write(b"".join(_broken(at, dice)))
    return made


def article(number: int, dice: random.Random, ends: str = "") -> tuple[str, bytes]:
    """Return the address and the page of an Indonesian article."""
    title, text = dice.choice(stories())
    host = f"rekaan-{number % SITES}.example" if number % 2 else f"kabar-rekaan-{number % 97}.my.id"
    url = f"https://www.{host}/2024/{1 + number % 12:02}/{number}/kabar-rekaan-dari-desa-nomor-{number}/"
    day = datetime(2024, 1, 1, 2, tzinfo=UTC) + timedelta(minutes=number % 500_000)
    own = f"Laporan ini bernomor {number} dan disimpan di rak {dice.randint(1, 9999)} kantor redaksi. {ends}"
    paragraphs = "".join(f"<p>{part}</p>\n" for part in [*text.split("\n\n"), own])
    facts = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": day.isoformat()})
    head = f'<script type="application/ld+json">{facts}</script>'
    return url, _page("id", title, paragraphs, head)


def foreign_page(number: int, dice: random.Random, size: int = 0) -> bytes:
    """Return a page in another language, of at least `size` bytes."""
    language = dice.choice(tuple(_FOREIGN))
    lines = []
    for _ in range(24):
        words = dice.sample(_NOUNS, 3)
        sentence = dice.choice(_FOREIGN[language])
        lines.append(
            sentence.format(a=words[0], b=words[1], c=words[2], n=dice.randint(2, 90), p=dice.choice(_NAMES))
        )
    body = "".join(f"<p>{' '.join(lines[n : n + 3])}</p>\n" for n in range(0, 24, 3))
    page = _page(language, f"{dice.choice(_NAMES)} {number}", body, "")
    if size > len(page):
        # what makes pages huge is data between tags: states of scripts, which repeat, or pictures, which do not
        noise = dice.randbytes(60_000 if number % 4 == 0 else 6_000).hex()
        page += ("<!-- " + noise * ((size - len(page)) // len(noise) + 1) + " -->").encode()
    return page


def response(url: str, page: bytes, number: int, *, headers: str = "", status: str = "200 OK") -> bytes:
    """Return a response record, unpacked."""
    head = (f"HTTP/1.1 {status}\r\nServer: rekaan\r\nContent-Type: text/html; charset=utf-8\r\n{headers}"
            f"X-Crawl-Content-Length: {len(page)}\r\nContent-Length: {len(page)}\r\n\r\n")  # fmt: skip
    return _record("response", url, head.encode() + page, number)


def zip_record(record: bytes) -> bytes:
    """Return a record as a gzip member."""
    return zlib.compress(record, 6, wbits=31)


def _page(language: str, title: str, body: str, head: str) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}{_SCRIPT}</head>"
        f'<body><nav><ul>{_MENU}</ul></nav><main><article><h1>{title}</h1><div class="entry-content">{body}</div>'
        f"</article></main><footer><ul>{_MENU}</ul></footer></body></html>"
    ).encode()


def _record(
    kind: str, url: str, block: bytes, number: int, *, content: str = "application/http; msgtype=response"
) -> bytes:
    day = datetime(2024, 10, 1, tzinfo=UTC) + timedelta(seconds=number % 2_000_000)
    address = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (f"WARC/1.0\r\nWARC-Type: {kind}\r\n{address}WARC-Date: {day:%Y-%m-%dT%H:%M:%SZ}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nContent-Type: {content}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n")  # fmt: skip
    return head.encode() + block + b"\r\n\r\n"


def _foreign_url(number: int, dice: random.Random) -> str:
    # one in twelve stands on a host below .id all the same: its language must be looked at
    host = f"daily-{number % 89}.my.id" if dice.random() < 1 / 12 else f"news-{number % 997}.example.com"
    return f"https://www.{host}/world/{number}/a-made-up-story-of-the-{dice.choice(_NOUNS)}-{number}.html"


def _broken(number: int, dice: random.Random) -> Iterator[bytes]:
    """Yield a record that is broken in the way whose turn it is; no article is lost with it."""
    way = BREAKS[number % len(BREAKS)]
    url = f"https://rekaan-0.example/2024/10/{number}/kabar-yang-rusak-sama-sekali/"
    whole = response(url, foreign_page(number, dice), number)
    packed = zip_record(whole)
    if way == "flipped":
        middle = len(packed) // 2
        yield (
            packed[:middle]
            + bytes(byte ^ 0xA5 for byte in packed[middle : middle + 40])
            + packed[middle + 40 :]
        )
    elif way == "cut":
        yield packed[: len(packed) * 2 // 3]
    elif way == "no_http":
        yield zip_record(_record("response", url, b"\x00\x01 no answer at all", number))
    elif way == "no_address":
        yield zip_record(_record("response", "", b"HTTP/1.1 200 OK\r\n\r\nx", number))
    elif way == "short_length":
        at = whole.rindex(b"Content-Length: ", 0, whole.index(b"HTTP/1.1")) + 16
        end = whole.index(b"\r\n", at)
        yield zip_record(whole[:at] + b"9" + whole[at:end] + whole[end:])  # says that far more would follow
    elif way == "bad_encoding":
        yield zip_record(
            response(url, b"\x1f\x8b" + dice.randbytes(2000), number, headers="Content-Encoding: gzip\r\n")
        )
    elif way == "garbage":
        yield dice.randbytes(dice.randrange(10, 3000))
    else:
        yield gzip.compress(b"WARC/1.0\r\n\r\n" + dice.randbytes(100))
