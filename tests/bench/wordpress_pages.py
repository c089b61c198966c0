"""Render corpus articles through a real WordPress in three themes: pages with known truth, as JSON Lines.

    python -m tests.bench.wordpress_pages OUT.jsonl [--posts 110]

Each line: {"url", "html", "title", "author", "published", "zone", "theme", "paragraphs"}; the paragraphs are
those of the page (WordPress 6.1 links second pages in twentytwentyone alone).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.wordpress.posts import Truth, corpus_posts
from tests.wordpress.server import THEMES, WordPress, missing, running_wordpress

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
PERMALINKS = "/%year%/%monthnum%/%day%/%postname%/"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--posts", type=int, default=110, help="posts a theme")
    args = parser.parse_args()
    if lacking := missing():
        parser.error(lacking)
    with tempfile.TemporaryDirectory() as folder, running_wordpress(Path(folder)) as wordpress:
        rows = [row for site in range(3) for row in _site(wordpress, site, args.posts)]
    args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} pages in {args.out}")
    return 0


def _site(wordpress: WordPress, site: int, number: int) -> Iterator[dict[str, Any]]:
    wordpress.install(
        site, title=f"Situs {site}", theme=THEMES[site], permalinks=PERMALINKS, zone=ZONES[site]
    )
    pairs = [(post, truth) for post, truth in corpus_posts(number, start=site * number) if truth.parts == 1]
    made = wordpress.add(site, [post for post, _ in pairs])
    for row, (_, truth) in zip(made, pairs, strict=True):
        with urllib.request.urlopen(row["url"], timeout=60) as answer:
            yield _line(row["url"], answer.read().decode(), truth, site)


def _line(url: str, html: str, truth: Truth, site: int) -> dict[str, Any]:
    published = truth.date.replace(tzinfo=ZoneInfo(ZONES[site]))
    return {
        "url": url, "html": html, "title": truth.title, "author": truth.author, "zone": ZONES[site],
        "published": published.isoformat(), "theme": THEMES[site], "paragraphs": truth.paragraphs,
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
