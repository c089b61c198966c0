"""Render corpus articles through a real WordPress in three themes: pages with known truth, as JSON Lines.

    python -m tests.bench.wordpress_pages OUT.jsonl [--posts 110]

Chrome stands in the posts as editors type it there (clean_wordpress.toml). Each line is a clean_pages.Truth:
`clean_bench.py --pages OUT.jsonl` reads it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.clean_pages import (
    FIRST,
    LAST,
    WRAPS,
    Draft,
    Story,
    Truth,
    load_set,
    load_stories,
    write_body,
)
from tests.wordpress.posts import AUTHORS
from tests.wordpress.posts import FIRST as FIRST_DATE
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
    stories = load_stories()
    random.Random(5).shuffle(stories)
    with tempfile.TemporaryDirectory() as folder, running_wordpress(Path(folder)) as wordpress:
        rows = [row for site in range(3) for row in _site(wordpress, site, stories, args.posts)]
    lines = (json.dumps(asdict(row), ensure_ascii=False, default=str) + "\n" for row in rows)
    args.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(rows)} pages in {args.out}")
    return 0


def _site(wordpress: WordPress, site: int, stories: list[Story], number: int) -> Iterator[Truth]:
    name, theme, zone = f"Kabar Situs {site}", THEMES[site], ZONES[site]
    wordpress.install(site, title=name, theme=theme, permalinks=PERMALINKS, zone=zone)
    table, titles = load_set("wordpress"), [story.title for story in stories]
    own = [stories[(site * number + n) % len(stories)] for n in range(number)]
    posts, drafts = [], []
    for n, story in enumerate(own):
        rng = random.Random(site * 10_007 + n)
        names = {
            "author": AUTHORS[n % len(AUTHORS)],
            "editor": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            "site": name,
        }
        draft = Draft(
            rng,
            [title for title in titles if title != story.title],
            names,
            WRAPS[rng.choice(table["themes"]["wordpress"])],
        )
        content = write_body(story, table, draft)
        if draft.wrap == WRAPS["classic"]:  # WordPress makes paragraphs only where no block marks them
            content = re.sub(r"<!--.*?-->", "", content)
        posts.append(_post(n, story, content, names["author"]))
        drafts.append(draft)
    for row, post, story, draft in zip(wordpress.add(site, posts), posts, own, drafts, strict=True):
        with urllib.request.urlopen(row["url"], timeout=60) as answer:
            page = answer.read().decode()
        published = (FIRST_DATE + _age(post["number"])).replace(tzinfo=ZoneInfo(zone))
        yield Truth(
            f"{story.id}-{theme}", theme, row["url"], page, name, zone, story.title, draft.names["author"],
            published, story.paragraphs, tuple(draft.lines),
        )  # fmt: skip


def _age(n: int) -> timedelta:
    return timedelta(hours=5 * n, minutes=7 * (n % 8))


def _post(n: int, story: Story, content: str, author: str) -> dict[str, Any]:
    slug = f"{n}-" + re.sub(r"[^a-z0-9]+", "-", story.title.lower())[:60].strip("-")
    comments = [{"author": "Pembaca Budiman", "text": "Semoga segera diusut tuntas."}] if n % 7 == 0 else []
    return {
        "number": n, "title": story.title.replace("&", "&amp;"), "slug": slug, "author": author,
        "date": f"{FIRST_DATE + _age(n):%F %T}", "content": content, "comments": comments,
        "attachment": n % 9 == 0, "tags": ["pilkada", "bawaslu"],
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
