"""Sources as data: one TOML a news site, checked when it is read."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.blocked import find_blocked
from crawler.canonical import canonical_url, host_of

SHIPPED = Path(__file__).with_name("sources")
Method = Literal["wp_rest", "sitemap", "feed", "blogger", "section", "robots"]
Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
Cms = Literal["wordpress", "blogger", "custom"]
_HOST = r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_MAX_FILE = 100_000
Day = date  # PageLayout has a part of that name


Selector = Annotated[str, Field(min_length=1, max_length=300)]


class SourceError(ValueError):
    """A source file is wrong or a source unknown; one line that names file, key and value."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Discovery(_Part):
    """One way to learn of a source's articles: the method, and the page where it begins."""

    method: Method
    url: Annotated[str, Field(pattern=r"^(?:https?://[^\s/]|/)\S*$", max_length=500)]
    pages: int = Field(default=5, ge=1, le=200, description="section pages asked at most on a night")


class Politeness(_Part):
    """What a source is asked at most."""

    delay_s: float = Field(default=3.0, ge=0, le=300, description="seconds between two requests")
    pages_per_night: int = Field(default=500, ge=1)
    bytes_per_night: int = Field(default=200_000_000, ge=1)


class PageLayout(_Part):
    """Where an article's parts stand on the pages fetched from `since` to `until`, both days included.

    Selectors are XPath where they begin with "/" or "./", else CSS. A part that is not given, or not found,
    is read in the general way.
    """

    since: Day | None = None
    until: Day | None = None
    body: Selector | None = None
    title: Selector | None = None
    author: Selector | None = None
    date: Selector | None = None
    drop: Selector | None = None

    @field_validator("body", "title", "author", "date", "drop")
    @classmethod
    def _compile(cls, selector: str | None) -> str | None:
        if selector is not None:
            to_xpath(selector)
        return selector

    @model_validator(mode="after")
    def _ordered(self) -> PageLayout:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is later than until {self.until}")
        if not any((self.body, self.title, self.author, self.date, self.drop)):
            raise ValueError("names no part of the page: give body, title, author, date or drop")
        return self

    def holds(self, day: Day) -> bool:
        """Return whether pages fetched on `day` look so."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def to_xpath(selector: str) -> str:
    """Return a layout's selector as XPath; raises ValueError for one that is neither XPath nor CSS."""
    from cssselect import HTMLTranslator, SelectorError
    from lxml import etree

    try:
        found = selector if selector.startswith(("/", "./")) else HTMLTranslator().css_to_xpath(selector)
        etree.XPath(found)
    except (SelectorError, etree.XPathSyntaxError) as error:
        raise ValueError(f"neither XPath nor CSS: {selector!r} ({error})") from None
    return found


class Layout(_Part):
    """What must be known of the site's addresses and pages to read an article whole."""

    page: tuple[PageLayout, ...] = Field(default=(), max_length=20)

    one_page: str | None = Field(
        default=None, pattern=r"^[\w.-]+=[\w.-]+$", description="query that shows all pages"
    )
    slash_pages: bool = Field(
        default=True, description="false where /slug/2 is an article and no second page"
    )


class Expect(_Part):
    """What a living source gives; less than that is a sign of trouble."""

    min_articles_night: int = Field(default=0, ge=0)


class Source(_Part):
    """A news site: who it is, where it stands, how its articles are found and how it is treated.

    `domains` are bare hosts, the first of which is the main one; www., m. and amp. of them count as them.
    `home` is a Kemendagri code, None for a site without a home region. `article` and `exclude` are regular
    expressions over an article's path; empty `article` leaves the decision to the address's general shape.
    """

    slug: str = Field(pattern=rf"^{SLUG.pattern}$")
    name: str = Field(min_length=1, max_length=100)
    domains: tuple[Annotated[str, Field(pattern=_HOST)], ...] = Field(min_length=1)
    site: str = Field(
        default="", pattern=r"^(?:https?://[^\s/]+)?$", description="address without last slash"
    )
    home: str | None = Field(default=None, pattern=r"^\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?$")
    zone: Zone = "Asia/Jakarta"
    language: str = Field(default="id", pattern=r"^[a-z]{2,3}$")
    cms: Cms = "custom"
    verified: bool = False
    allow_private: bool = False
    note: str = ""
    article: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    discovery: tuple[Discovery, ...] = Field(min_length=1)
    politeness: Politeness = Politeness()
    layout: Layout = Layout()
    expect: Expect = Expect()

    @field_validator("article", "exclude")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"no regular expression: {pattern!r} ({error})") from None
        return patterns

    @model_validator(mode="before")
    @classmethod
    def _site(cls, values: object) -> object:
        if isinstance(values, dict) and not values.get("site") and values.get("domains"):
            return {**values, "site": f"https://{values['domains'][0]}"}
        return values

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts of the source as canonical URLs show them."""
        return frozenset(urlsplit(canonical_url(f"http://{domain}/")).netloc for domain in self.domains)

    @cached_property
    def _patterns(self) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
        return [re.compile(p) for p in self.article], [re.compile(p) for p in self.exclude]

    def resolve(self, url: str) -> str:
        """Return `url` as an absolute address on this site."""
        return urljoin(self.site + "/", url)

    def canonical(self, url: str) -> str:
        """Return the identity of an article of this source (see crawler.canonical)."""
        return canonical_url(url, slash_pages=self.layout.slash_pages)

    def owns(self, url: str) -> bool:
        """Return whether `url` lies on one of the source's domains."""
        return host_of(canonical_url(url)) in self.hosts

    def page_layout(self, day: Day) -> PageLayout | None:
        """Return how the pages fetched on `day` are laid out: the first that holds then, None without one."""
        return next((page for page in self.layout.page if page.holds(day)), None)

    def excludes(self, url: str) -> bool:
        """Return whether one of the source's own patterns says that the canonical `url` is no article."""
        path = urlsplit(url).path
        return any(pattern.search(path) for pattern in self._patterns[1])

    def names_article(self, url: str) -> bool | None:
        """Return whether the canonical `url` has the shape of this source's articles; None: none declared."""
        wanted = self._patterns[0]
        split = urlsplit(url)
        target = f"{split.path}?{split.query}" if split.query else split.path
        return any(pattern.search(target) for pattern in wanted) if wanted else None


def load_source(path: Path) -> Source:
    """Return the source of one TOML file, whose name is its slug; raises SourceError."""
    try:
        if path.stat().st_size > _MAX_FILE:
            raise SourceError(f"{path}: larger than {_MAX_FILE} bytes, which no source file is")
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path}: not readable as TOML ({reason})") from None
    try:
        source = Source.model_validate({"slug": path.stem, **values})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "source"
        raise SourceError(f"{path}: {key}: {first['msg']} (value {str(first.get('input'))[:80]!r})") from None
    if blocked := next(filter(None, map(find_blocked, (source.site, *_addresses(source)))), None):
        raise SourceError(f"{path}: domains: on the block list: {blocked.reason} (value {blocked.domain!r})")
    if source.slug != path.stem:
        raise SourceError(f"{path}: slug: must be the file's name (value {source.slug!r})")
    return source


def _addresses(source: Source) -> list[str]:
    return [f"https://{domain}/" for domain in source.domains]


def load_sources(extra: Path | None = None) -> dict[str, Source]:
    """Return all sources by slug: the shipped ones, and those of the folder `extra`, which win.

    Raises SourceError for the first file that is wrong, and where `extra` is no folder.
    """
    if extra is not None and not extra.is_dir():
        raise SourceError(f"{extra}: no such folder of sources")
    folders = [SHIPPED] if extra is None else [SHIPPED, extra]
    return {path.stem: load_source(path) for folder in folders for path in sorted(folder.glob("*.toml"))}


def find_source(sources: Mapping[str, Source], url_or_domain: str) -> Source | None:
    """Return the source on whose domain `url_or_domain` lies.

    Several sources may share a domain (desks of one site): then one whose article pattern fits is taken.
    """
    url = url_or_domain if "://" in url_or_domain else f"https://{url_or_domain.strip()}/"
    owners = [source for source in sources.values() if source.owns(url)]
    form = canonical_url(url)
    fitting = [source for source in owners if source.names_article(form)]
    return next(iter(fitting or owners), None)


def in_shard(sources: Iterable[Source], index: int, count: int) -> list[Source]:
    """Return the sources of shard `index` of `count`, counted from 1; each stands in exactly one.

    Sources that share a host stay together, so that no host is asked by two machines. Where a source belongs
    follows from its own hosts: others that are added or removed move it nowhere.
    """
    listed = list(sources)
    first = {host: host for source in listed for host in source.hosts}

    def head(host: str) -> str:
        while first[host] != host:
            host = first[host]
        return host

    for source in listed:
        heads = sorted(head(host) for host in source.hosts)
        first.update(dict.fromkeys(heads, heads[0]))
    return [s for s in listed if _number(head(min(s.hosts))) % count == index - 1]


def _number(host: str) -> int:
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:8])
