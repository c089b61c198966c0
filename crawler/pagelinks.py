"""What a fetched page says of itself: its canonical link or og:url, its further parts, and whether it is an article."""

from __future__ import annotations

import html
import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from crawler.canonical import MAX_PAGE, part_of
from crawler.discovery.shapes import is_listing, looks_like_article
from crawler.source import Source

_HEAD_BYTES = 200_000
_NUMBERS = re.compile(r"\d{4,}")
_TELLING = re.compile(r"/[^/.]{10,}[^/]*$|\d{5}[^/]*$")
_LINK = re.compile(rb"<link\b[^>]{0,600}>", re.IGNORECASE)
_CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?\s*canonical\b", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,600}>", re.IGNORECASE)
_OG_URL = re.compile(rb"\b(?:property|name)\s*=\s*[\"']?\s*og:url\b", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*[\"']?\s*([^\"'\s>]{1,500})", re.IGNORECASE)
_AMP = re.compile(rb"\brel\s*=\s*[\"']?\s*amphtml\b", re.IGNORECASE)
_SHELL_WORDS, _SHELL_BYTES, _MOVED_BYTES = 150, 1_000_000, 8_000
_UNSEEN = re.compile(rb"(script|style|noscript|template|svg|title)\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*[\"']?([^\"'\s>]{1,500})", re.IGNORECASE)
# Without IGNORECASE and \b the search jumps from one "href" to the next: 20 times as fast on a long text. What an
# address holds is looked at once, not again from each "href" inside of it.
_ANY_HREF = re.compile(rb"href\s*=\s*[\"']?([^\"'\s>]{1,410})")
_PART_END = re.compile(rb"(?:/|(?:page|halaman|hal|paged|p)=)\d{1,2}/?\Z")
_MAX_PART_LINKS = 1000
_PASSWORD_FORM = b"post-password-form"
_BLOCK_TITLES = re.compile(
    rb"<title[^>]{0,100}>\s*(?:Just a moment|Attention Required! \| Cloudflare|Access denied|"
    rb"DDoS-Guard|Sucuri WebSite Firewall|One moment, please|Please Wait\.\.\. \| Cloudflare|Bot Verification|"
    rb"Human Verification|Robot Challenge Screen|Checking your browser|Verifying (?:you are|that you|your browser))",
    re.IGNORECASE,
)
# Imunify360 answers in JSON, and with status 200
_BLOCK_NOTE = re.compile(rb"\s*\{[^{}]{0,200}(?:Imunify360|bot-protection)")
_REFRESH = re.compile(rb"\bhttp-equiv\s*=\s*[\"']?\s*refresh\b", re.IGNORECASE)
_REFRESH_TO = re.compile(
    rb"\bcontent\s*=\s*[\"']?\s*\d[\d.]*\s*[;,]\s*url\s*=\s*'?([^\"'\s>]{1,500})", re.IGNORECASE
)
_SCRIPT_TO = re.compile(
    rb"\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*[\"']([^\"'\s]{1,500})[\"']\s*[;)]"
)
_ENDS = (b"</html>", b"</rss>", b"</feed>", b"</rdf:rdf>", b"</urlset>", b"</sitemapindex>")
_END_BYTES = 2_000  # caches and statistics leave comments behind the end
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNTOLD_TYPES = ("", "text/plain", "application/octet-stream", "binary/octet-stream")
_START_BYTES = 2_000
# caches and old editors leave a byte order mark, comments or an XML declaration before it
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?:[^-]|-(?!->))*-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html)\b",
    re.IGNORECASE,
)


def page_problem(content_type: str, headers: dict[str, str], body: bytes) -> str | None:
    """Return the ledger's reason why an answer of status 200 is no article page; None: it may be one."""
    if not body.strip():
        return "empty"
    if is_block_page(headers, body):
        return "blocked"
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _HTML_TYPES and not (kind in _UNTOLD_TYPES and _HTML_START.match(body[:_START_BYTES])):
        return "not_html"
    return "protected" if _PASSWORD_FORM in body else None


def is_whole(body: bytes) -> bool:
    """Return whether a page, feed or sitemap has come to its end, though its server had announced more bytes."""
    return any(end in body[-_END_BYTES:].lower() for end in _ENDS)


def is_block_page(headers: dict[str, str], body: bytes) -> bool:
    """Return whether the answer is a challenge of a firewall instead of the site's page."""
    told = _BLOCK_TITLES.search(body[:5000]) or _BLOCK_NOTE.match(body[:1000])
    return "cf-mitigated" in headers or told is not None


def canonical_link(body: bytes, url: str) -> str | None:
    """Return the absolute `<link rel=canonical>` of the page at `url`."""
    return _stated(_LINK, _CANONICAL, _HREF, body, url)


def amp_of_shell(body: bytes, url: str) -> str | None:
    """Return the AMP page of a page whose text only scripts would bring; None for one that holds text itself."""
    twin = _stated(_LINK, _AMP, _HREF, body, url)
    return twin if twin and not _holds_text(body) else None


def moved_to(body: bytes, url: str) -> str | None:
    """Return the address to which a small page without a text of its own sends its readers, by a tag or a script."""
    if len(body) > _MOVED_BYTES or _holds_text(body):
        return None
    if told := _stated(_META, _REFRESH, _REFRESH_TO, body, url):
        return told
    found = _SCRIPT_TO.search(body)
    return _absolute(found[1], url) if found else None


def _holds_text(body: bytes) -> bool:
    words, unseen = 0, b""
    for piece in body[:_SHELL_BYTES].split(b"<")[1:]:
        tag, _, text = piece.partition(b">")
        if unseen:
            if not tag[:12].lower().startswith(b"/" + unseen):
                continue
            unseen = b""
        elif found := _UNSEEN.match(tag):
            unseen = found[1].lower()
            continue
        words += len(text.split())
        if words > _SHELL_WORDS:
            return True
    return False


def social_link(body: bytes, url: str) -> str | None:
    """Return the absolute address that the page at `url` gives to social networks (`og:url`)."""
    return _stated(_META, _OG_URL, _CONTENT, body, url)


def _stated(
    tags: re.Pattern[bytes], named: re.Pattern[bytes], value: re.Pattern[bytes], body: bytes, url: str
) -> str | None:
    """Return the absolute address in the first of a page's `tags` that is `named` so."""
    for tag in tags.finditer(body[:_HEAD_BYTES]):
        if named.search(tag[0]):
            found = value.search(tag[0])
            return _absolute(found[1], url) if found else None
    return None


def article_identity(body: bytes, url: str, source: Source, own: str) -> str:
    """Return the identity of the article on the page at `url`: its canonical link's if credible.

    `own` is the identity that the address says. A canonical link is not believed where it leads off the
    source, to a listing, or to what the source says is no article: some sites put one link on all pages.
    Without a canonical link, `og:url` tells an article that is printed under several sections.
    """
    link = canonical_link(body, url)
    if link is None:
        return _shared_identity(social_link(body, url), source, own)
    if not source.owns(link):
        return own
    form = source.canonical(link)
    if form == own:
        return own
    path = urlsplit(form).path
    if is_listing(form) or source.excludes(form) or source.names_article(form) is False:
        return own
    # a link on all pages leads to a section, which is higher up than an article
    return form if path.count("/") >= urlsplit(own).path.count("/") or urlsplit(own).query else own


def _shared_identity(link: str | None, source: Source, own: str) -> str:
    """Return the identity that `og:url` gives, if it is the address of the same article in another section.

    Themes fill it by hand and get it wrong more often than the canonical link, so it must lie on the same host, have
    the shape of an article, and hold the numbers and the end of the own address.
    """
    form = source.canonical(link) if link else own
    if _marks(form) != _marks(own) or not _TELLING.search(urlsplit(own).path):
        return own
    named = source.names_article(form)
    credible = looks_like_article(form) if named is None else named
    return form if credible and not source.excludes(form) else own


def _marks(url: str) -> tuple[str, str, str, list[str]]:
    """Return what two addresses of one article share on a site that prints it under several sections."""
    split = urlsplit(url)
    return split.netloc, split.query, split.path.rpartition("/")[2], _NUMBERS.findall(split.path)


def further_parts(body: bytes, url: str, source: Source, article_url: str) -> list[tuple[int, str]]:
    """Return (page number, address) of the further pages of the article that the page links to."""
    slug = urlsplit(article_url).path.rpartition("/")[2].encode()
    found: dict[int, str] = {}
    hrefs = (match[1] for match in _ANY_HREF.finditer(body if b"href" in body else body.lower()))
    own = (href for href in hrefs if (slug in href or href.startswith(b"?")) and _PART_END.search(href))
    for href in islice(own, _MAX_PART_LINKS):
        address = _absolute(href, url)
        if address is None:
            continue
        article, part = part_of(address, slash_pages=source.layout.slash_pages)
        if article == article_url and 1 < part <= MAX_PAGE:
            found.setdefault(part, address)
    return sorted(found.items())


def _absolute(href: bytes, base: str) -> str | None:
    try:
        url = urljoin(base, html.unescape(href.decode("utf-8", "replace")))
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
