"""The demo's five invented news sites: a WordPress with and without REST, a Blogger, a custom CMS.

Each site answers as the real ones do: robots, feeds, sitemaps, REST, listings and article pages, so that
the real crawler can be shown without the web. Every page says CONTOH – rekaan.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from pipeline import demo_feeds as feeds
from pipeline.demo_feeds import LABEL, Answer, page_number

ROOT = Path(__file__).resolve().parents[1]
DEMO = next(p for p in (ROOT / "wartawas_data" / "demo", ROOT / "data" / "demo") if p.is_dir())
PER_PAGE = 10
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True, slots=True)
class Post:
    """One article of a site as its CMS knows it; `url` is absolute, times are aware."""

    number: int
    path: str
    url: str
    title: str
    author: str
    published: datetime
    pages: tuple[tuple[str, ...], ...]
    adv: bool

    @property
    def section(self) -> str:
        """Return the section under which the custom CMS files the article."""
        return "politik" if self.number % 2 else "daerah"


@dataclass(frozen=True)
class Site:
    """One invented outlet, answering requests for paths below `base` (http://host:port)."""

    slug: str
    name: str
    cms: str
    home: str
    zone: str
    authors: tuple[str, ...]
    rest: bool
    base: str
    articles: tuple[dict[str, str], ...] = field(repr=False)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Return the site's articles, newest first."""
        made = [self._post(number, row) for number, row in enumerate(self.articles, 1)]
        return tuple(sorted(made, key=lambda post: post.published, reverse=True))

    @cached_property
    def pages(self) -> dict[str, tuple[Post, int]]:
        """Return (article, page number from 1) by path, without its last slash."""
        found: dict[str, tuple[Post, int]] = {}
        for post in self.posts:
            for part in range(1, len(post.pages) + 1):
                found[post.path.rstrip("/") + (f"/{part}" if part > 1 else "")] = (post, part)
        return found

    def answer(self, target: str) -> Answer:
        """Return the answer to a request for `target` (path and query as sent)."""
        split = urlsplit(target)
        query = {key: values[-1] for key, values in parse_qs(split.query).items()}
        path = split.path.rstrip("/") or "/"
        if path == "/robots.txt":
            text = f"# {LABEL}\nUser-agent: *\nDisallow: /wp-admin/\nSitemap: {self.base}{self._sitemap}\n"
            return Answer(200, "text/plain; charset=utf-8", text.encode())
        if path in self.pages:
            return self._article(*self.pages[path])
        routes = {"wordpress": self._wordpress, "blogger": self._blogger, "custom": self._custom}
        return routes[self.cms](path, query) or self._listing(path, query)

    @property
    def _sitemap(self) -> str:
        return "/wp-sitemap.xml" if self.cms == "wordpress" else "/sitemap.xml"

    def _post(self, number: int, row: dict[str, str]) -> Post:
        published = datetime.fromisoformat(row["published"]).astimezone(ZoneInfo(self.zone))
        slug = re.sub(r"[^a-z0-9]+", "-", row["title"].lower()).strip("-")[:80].strip("-")
        paths = {
            "wordpress": f"/{published:%Y/%m/%d}/{slug}/" if self.rest else f"/{slug}/",
            "blogger": f"/{published:%Y/%m}/{slug[:39].strip('-')}.html",
            "custom": f"/{'politik' if number % 2 else 'daerah'}/{140000 + number}/{slug}",
        }
        paragraphs = tuple(p.strip() for p in row["text"].split("\n\n") if p.strip())
        half = (len(paragraphs) + 1) // 2
        split = self.cms == "wordpress" and not self.rest and number == 1
        return Post(
            number=number,
            path=paths[self.cms],
            url=self.base + paths[self.cms],
            title=row["title"],
            author=self.authors[number % len(self.authors)],
            published=published,
            pages=(paragraphs[:half], paragraphs[half:]) if split else (paragraphs,),
            adv="adv" in row["flags"],
        )

    def _article(self, post: Post, part: int) -> Answer:
        others = [other for other in self.posts if other is not post]
        at = post.number % (len(others) - 3)
        context = {
            "number": post.number,
            "url": post.url,
            "title": post.title,
            "author": post.author,
            "published_local": post.published.isoformat(),
            "published_utc": post.published.astimezone(UTC).isoformat(),
            "published_words": self._words(post.published),
            "paragraphs": post.pages[part - 1],
            "parts": len(post.pages),
            "last": part == len(post.pages),
            "adv": post.adv,
            "others": others[at : at + 3],
            "related": others[at],
            "json_ld": self._json_ld(post),
        }
        return self._html(f"{self.cms}.html", post=context)

    def _words(self, moment: datetime) -> str:
        day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
        return f"{day}, {moment.day} {month} {moment.year} | {moment:%H:%M} {_ZONES[self.zone]}"

    def _json_ld(self, post: Post) -> Markup:
        text = json.dumps(
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": post.title,
                "datePublished": post.published.isoformat(),
                "author": {"@type": "Person", "name": post.author},
                "publisher": {"@type": "Organization", "name": self.name},
            },
            ensure_ascii=False,
        )
        return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no tag can stand in it any more

    def _html(self, template: str, status: int = 200, **values: Any) -> Answer:
        text = _templates().get_template(template).render(site=self, base=self.base, **values)
        body = text.encode()
        tag = hashlib.sha256(body).hexdigest()[:16]
        return Answer(status, "text/html; charset=UTF-8", body, (("ETag", f'"{tag}"'),))

    def _listing(self, path: str, query: dict[str, str]) -> Answer:
        section = path.strip("/")
        if section not in ("", "daerah", "politik", "category/politik"):
            return feeds.missing()
        posts = [p for p in self.posts if self.cms != "custom" or section in ("", p.section)]
        page = page_number(query.get("page"))
        shown = posts[(page - 1) * PER_PAGE : page * PER_PAGE]
        more = f"{self.base}{path}?page={page + 1}" if page * PER_PAGE < len(posts) else None
        return self._html("listing.html", heading=section or "Beranda", posts=shown, next_page=more)

    def _wordpress(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/feed":
            shown = self._page(query.get("paged"))
            return feeds.rss(self.name, self.base, shown) if shown else feeds.missing()
        if path == "/wp-sitemap.xml":
            kinds = ("posts-post", "taxonomies-category", "users")
            return feeds.sitemap_index([f"{self.base}/wp-sitemap-{kind}-1.xml" for kind in kinds])
        if path == "/wp-sitemap-posts-post-1.xml":
            return feeds.urlset(self.posts)
        if path == "/wp-json/wp/v2/posts" and self.rest:
            return feeds.wp_rest(self.posts, query)
        return None

    def _blogger(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/sitemap.xml":
            return feeds.urlset(self.posts)
        if path == "/feeds/posts/default":
            return feeds.blogger(self.name, self.base, self.posts, query)
        return None

    def _custom(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == "/sitemap.xml":
            return feeds.sitemap_index([f"{self.base}/sitemap-berita.xml"])
        if path == "/sitemap-berita.xml":
            return feeds.urlset(self.posts)
        return None

    def _page(self, number: str | None) -> tuple[Post, ...]:
        page = page_number(number)
        return self.posts[(page - 1) * PER_PAGE : page * PER_PAGE]


def load_sites(bases: dict[str, str] | None = None) -> list[Site]:
    """Return the demo's sites; `bases` maps a slug to the address (http://host:port) that it answers at."""
    rows = [json.loads(line) for line in (DEMO / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    declared = tomllib.loads((DEMO / "sites.toml").read_text(encoding="utf-8"))["site"]
    return [
        Site(
            slug=site["slug"],
            name=site["name"],
            cms=site["cms"],
            home=site["home"],
            zone=site["zone"],
            authors=tuple(site["authors"]),
            rest=site.get("rest", False),
            base=(bases or {}).get(site["slug"], "http://127.0.0.1"),
            articles=tuple(row for row in rows if row["site"] == site["slug"]),
        )
        for site in declared
    ]


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(DEMO / "templates"), autoescape=True)
