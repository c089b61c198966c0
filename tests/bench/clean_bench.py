"""How well and how fast pages are cleaned, beside plain trafilatura and newspaper4k.

python tests/bench/clean_bench.py prints, for each cleaner, token F1, recall, title, author, minute with zone,
day, leaked in-article lines by kind and documents per second of one core. Exits with 1 where a bar is missed.
newspaper4k is needed for nothing else: `pip install wartawas[bench]` first, or --without newspaper4k.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median

from clean_pages import Truth, load_pages, make_pages

from crawler.source import Discovery, Source

BARS = {"f1": 0.995, "recall": 0.999, "title": 0.99, "author": 0.99, "minute": 0.995, "day": 1.0}
SETS = "known unseen fresh wider blind last final heard regional later further newest".split()
MAX_LEAKED, MIN_SPEED = 0.01, 0.8
ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cleaner found on a page."""

    text: str = ""
    title: str | None = None
    author: str | None = None
    published: datetime | None = None


@dataclass(slots=True)
class Score:
    """Sums over the pages of one cleaner."""

    pages: int = 0
    f1: float = 0.0
    recall: float = 0.0
    title: int = 0
    author: int = 0
    minute: int = 0
    day: int = 0
    invisible: int = 0
    leaked: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def speed(self) -> float:
        """Documents per second of one core, in the median round."""
        return self.pages / len(self.seconds) / median(self.seconds)


def _host(page: Truth) -> str:
    return page.url.partition("://")[2].partition("/")[0]


@cache
def source_of(host: str, site: str, zone: str) -> Source:
    feed = Discovery(method="feed", url=f"https://{host}/feed/")
    return Source(slug=host.partition(".")[0], name=site, domains=(host,), zone=zone, discovery=(feed,))


def wartawas(page: Truth) -> Answer:
    from pipeline.article import Article
    from pipeline.clean import clean_page

    source = source_of(_host(page), page.site, page.zone)
    article = clean_page(page.html.encode(), url=page.url, source=source)
    if not isinstance(article, Article):
        return Answer()
    return Answer(article.text, article.title, article.author, article.published)


def trafilatura_text(page: Truth) -> Answer:
    import trafilatura

    return Answer(trafilatura.extract(page.html, include_comments=False, fast=True) or "")


def trafilatura_full(page: Truth) -> Answer:
    import trafilatura

    found = trafilatura.bare_extraction(page.html, url=page.url, include_comments=False, with_metadata=True)
    if found is None:
        return Answer()
    when = datetime.fromisoformat(found.date) if found.date else None
    return Answer(found.text or "", found.title, found.author, when)


def newspaper(page: Truth) -> Answer:
    from newspaper import Article

    article = Article(page.url, language="id", fetch_images=False)
    article.download(input_html=page.html)
    article.parse()
    return Answer(article.text, article.title, ", ".join(article.authors) or None, article.publish_date)


CLEANERS: dict[str, Callable[[Truth], Answer]] = {
    "wartawas": wartawas,
    "trafilatura, text": trafilatura_text,
    "trafilatura, all": trafilatura_full,
    "newspaper4k": newspaper,
}


def tokens(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFC", ZERO_WIDTH.sub("", text)).lower()
    plain = plain.replace("×", "x")  # WordPress writes 1x24 so
    return Counter(re.findall(r"\w+", plain))


def squash(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", ZERO_WIDTH.sub("", text or "").lower())


def judge(page: Truth, answer: Answer, score: Score) -> list[str]:
    """Add a page to the sums; return what was wrong with it."""
    wrong = []
    want, got = tokens(" ".join(page.paragraphs)), tokens(answer.text)
    common = (want & got).total()
    recall = common / want.total()
    precision = common / max(1, got.total())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    score.pages += 1
    score.f1 += f1
    score.recall += recall
    if recall < 0.999:
        wrong.append(f"recall {recall:.3f}: lost {list((want - got).elements())[:12]}")
    if f1 < 0.99 and recall >= 0.999:
        wrong.append(f"precision {precision:.3f}: extra {list((got - want).elements())[:12]}")
    for name, ok, shown in (
        ("title", squash(answer.title) == squash(page.title), (answer.title, page.title)),
        ("author", squash(answer.author) == squash(page.author), (answer.author, page.author)),
        ("minute", _minute(answer.published) == _minute(page.published), (answer.published, page.published)),
        ("day", _day(answer.published) == _day(page.published), (answer.published, page.published)),
    ):
        setattr(score, name, getattr(score, name) + ok)
        if not ok:
            wrong.append(f"{name}: {shown[0]!s} for {shown[1]!s}")
    score.invisible += len(ZERO_WIDTH.findall(answer.text))
    rest = squash(answer.text)
    for paragraph in page.paragraphs:
        rest = rest.replace(squash(paragraph), "", 1)
    for kind, line in page.chrome:
        score.lines[kind] += 1
        if (squash(line) or line) in (rest if squash(line) else answer.text):
            score.leaked[kind] += 1
            wrong.append(f"leaked {kind}: {line}")
    return wrong


def _minute(when: datetime | None) -> str | None:
    return when.isoformat(timespec="minutes") if when and when.tzinfo else None


def _day(when: datetime | None) -> str | None:
    return when.date().isoformat() if when else None


def run(names: list[str], pages: list[Truth], *, verbose: bool, rounds: int = 1) -> dict[str, Score]:
    """Clean every page with every cleaner, page by page, so that all meet the same load of the machine."""
    scores = {name: Score() for name in names}
    by_theme: dict[str, list[str]] = defaultdict(list)
    for page in (*pages[:10], *pages):
        source_of(_host(page), page.site, page.zone)
    for name in names:
        for page in pages[:10]:
            CLEANERS[name](page)
    for number in range(rounds):
        for name in names:
            scores[name].seconds.append(0.0)
        for page in pages:
            for name in names:
                began = time.process_time()
                answer = CLEANERS[name](page)
                scores[name].seconds[-1] += time.process_time() - began
                wrong = judge(page, answer, scores[name])
                if name == "wartawas" and number == 0:
                    by_theme[page.theme] += [f"{page.id}: {line}" for line in wrong]
    if verbose:
        for theme, problems in by_theme.items():
            print(f"\n{theme}: {len(problems)}")
            for line in problems[:25]:
                print("  ", line[:230])
    return scores


def report(scores: dict[str, Score]) -> bool:
    """Print the table; return whether every bar holds for this project's cleaner."""
    print(f"{'':20s} " + " ".join(f"{name:>7s}" for name in BARS) + "   leaked   docs/s")
    for name, s in scores.items():
        shares = " ".join(f"{getattr(s, field) / s.pages:7.4f}" for field in BARS)
        leaked = s.leaked.total() / max(1, s.lines.total())
        print(f"{name:20s} {shares} {leaked:8.2%} {s.speed:8.1f}")
    print("\nleaked lines by kind (of all such lines)")
    kinds = sorted({kind for s in scores.values() for kind in s.lines})
    for name, s in scores.items():
        print(f"{name:20s} " + " ".join(f"{kind} {s.leaked[kind]}/{s.lines[kind]}" for kind in kinds))
    own = scores["wartawas"]
    missed = [
        f"{n} {getattr(own, n) / own.pages:.4f} < {bar}"
        for n, bar in BARS.items()
        if getattr(own, n) / own.pages < bar
    ]
    if own.leaked.total() > MAX_LEAKED * own.lines.total():
        missed.append(f"leaked {own.leaked.total()} of {own.lines.total()}")
    if own.invisible:
        missed.append(f"{own.invisible} zero-width characters left")
    if "trafilatura, text" in scores:
        plain = scores["trafilatura, text"].seconds
        ratios = [theirs / ours for theirs, ours in zip(plain, own.seconds, strict=True)]
        ratio = median(ratios)
        print(
            f"\nspeed: {ratio:.2f} x trafilatura's documents per second (text only), median of {len(ratios)}"
        )
        if ratio < MIN_SPEED:
            missed.append(f"speed {ratio:.2f} < {MIN_SPEED}")
    print("\nbars: " + ("all hold" if not missed else "MISSED " + "; ".join(missed)))
    return not missed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=350, help="pages of a set")
    parser.add_argument("--pages", type=Path, help="pages of a real WordPress instead (wordpress_pages.py)")
    parser.add_argument(
        "--rounds", type=int, default=1, help="how often every page is cleaned, for the speed"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without", action="append", default=[], choices=list(CLEANERS))
    parser.add_argument("--only", action="store_true", help="only this project's cleaner")
    parser.add_argument("--set", default="known", choices=SETS, help="templates and wordings")
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    made = (
        load_pages(options.pages) if options.pages else make_pages(options.count, options.set, options.seed)
    )
    pages = list(made)
    names = ["wartawas"] if options.only else [key for key in CLEANERS if key not in options.without]
    lines, weight = sum(len(page.chrome) for page in pages), sum(len(page.html) for page in pages)
    themes = len({page.theme for page in pages})
    print(
        f"{len(pages)} pages of {weight / len(pages) / 1000:.0f} kB, {themes} templates, "
        f"{lines} in-article lines\n"
    )
    return 0 if report(run(names, pages, verbose=options.verbose, rounds=options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
