"""Posts for the test WordPress, made from the project's own corpus, with what must be read back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nlp.corpus import CORPUS, Row, load_corpus

AUTHORS = ("Ratna Widuri", "Deni Hergana", "Iis Solihat", "Yan Mahendra")
FIRST = datetime(2024, 9, 1, 6, 3)


@dataclass(frozen=True, slots=True)
class Truth:
    """What the crawler and cleaning must give back for one public post (`date` is the site's local time)."""

    slug: str
    title: str
    author: str
    date: datetime
    paragraphs: tuple[str, ...]
    parts: int


def corpus_posts(number: int, start: int = 0) -> Iterator[tuple[dict[str, Any], Truth]]:
    """Yield seed.php rows and their truth; every 50th is a two-page post, every 40th is sticky."""
    rows = load_corpus(CORPUS)[start : start + number]
    if len(rows) < number:
        raise ValueError(
            f"the corpus has only {len(rows)} articles from number {start} on, {number} are asked"
        )
    for n, row in enumerate(rows):
        yield _post(n, row)


def hidden_posts() -> list[dict[str, Any]]:
    """Return rows that are no public article: draft, password-protected, private and future post, a page."""
    base = {"author": AUTHORS[0], "date": "2024-09-02 10:00:00", "content": "<p>Tidak untuk umum.</p>" * 30}
    return [
        {**base, "title": "Rancangan Berita", "slug": "rancangan-berita", "status": "draft"},
        {**base, "title": "Berita Berkata Sandi", "slug": "berita-berkata-sandi", "password": "rahasia"},
        {**base, "title": "Berita Pribadi", "slug": "berita-pribadi", "status": "private"},
        {
            **base,
            "title": "Berita Nanti",
            "slug": "berita-nanti",
            "status": "future",
            "date": "2099-01-01 08:00:00",
        },
        {**base, "title": "Tentang Kami", "slug": "tentang-kami", "type": "page"},
    ]


def _post(n: int, row: Row) -> tuple[dict[str, Any], Truth]:
    date = FIRST + timedelta(hours=5 * n, minutes=7 * (n % 8))
    slug = f"{n}-" + re.sub(r"[^a-z0-9]+", "-", row.title.lower()).strip("-")[:60].strip("-")
    paragraphs = tuple(p.strip() for p in row.text.split("\n\n") if p.strip())
    parts = 2 if n % 50 == 10 and len(paragraphs) > 5 else 1
    author = AUTHORS[n % len(AUTHORS)]
    comments = [{"author": "Pembaca Budiman", "text": "Semoga segera diusut tuntas."}] if n % 7 == 0 else []
    post = {
        "title": html.escape(row.title, quote=False), "slug": slug, "author": author, "date": f"{date:%F %T}",
        "content": _content(paragraphs, parts), "sticky": n % 40 == 5, "comments": comments,
        "attachment": n % 9 == 0, "tags": ["pilkada", "bawaslu"],
    }  # fmt: skip
    return post, Truth(slug, row.title, author, date, paragraphs, parts)


def _content(paragraphs: Sequence[str], parts: int) -> str:
    blocks = [f"<p>{html.escape(p, quote=False)}</p>" for p in paragraphs]
    if parts == 2:
        blocks.insert(len(blocks) // 2, "<!--nextpage-->")
    return "\n\n".join(blocks)
