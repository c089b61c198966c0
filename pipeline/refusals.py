"""When a page gives no article, and how good the text of one that does is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article import Article, Refusal
from pipeline.chrome import load_chrome
from pipeline.page import Page
from pipeline.wording import Line, ends_sentence, squash

MIN_WORDS = 20
"""Words of the shortest article of a page; a short notice has about forty."""
MIN_LISTING = 1500
"""Characters of links on a page that is a listing rather than empty; menus alone have fewer."""

REASONS = {
    "empty": "no article text on the page",
    "listing": "the page lists other articles",
    "not_found": "the site says that there is no such page, though it answers as if there were",
    "not_indonesian": "written in none of Indonesian, Sundanese and Javanese",
    "spun": "text by machine: placeholders, gambling terms, or the same sentences again and again",
    "binary": "no text at all",
    "too_large": "larger than a news page can be",
    "timeout": "took longer than a page may",
    "crashed": "killed the process that read it",
    "memory": "needed more memory than a page may",
    "error": "the page could not be read",
    "erased": "erased on request, or because its time had come",
}
"""Every reason of a refusal: those of cleaning, and those of the worker process that ran it."""

# a whole title: "Jasad Korban Tidak Ditemukan" is a headline
_NOT_FOUND = re.compile(
    r"(?:(?:maaf|sorry|oops|ups|error|eror|http|kode|404) )*"
    r"(?:404|(?:halaman|laman|artikel|berita|konten|tautan|postingan)"
    r"(?: yang (?:anda|kamu) (?:cari|tuju|minta|akses|maksud))?(?: ini| tersebut)?"
    r" (?:tidak|tak)(?: dapat| bisa)? (?:ditemukan|tersedia)"
    r"|(?:(?:the|that|this) )?(?:(?:page|article|content|post|url) )?"
    r"(?:(?:you requested|you are looking for|is|was|could|can) )*(?:not|can t|cannot|couldn t)(?: be)? found)"
    r"(?: (?:error|404))*"
)
_LOG_IN = re.compile(
    r"(?:(?:silakan|halaman) )?(?:masuk|login|log ?in|sign ?in)(?: (?:ke )?(?:akun|anggota|pelanggan|dulu|member))?"
    r"(?: anda)?|(?:masuk|login) (?:atau|dan) daftar|(?:daftar|registrasi)(?: akun| anggota)"
)
_READ_LANGUAGES = ("id", "su", "jv")


def refuse(article: Article, page: Page | None) -> Refusal | None:
    """Return why a cleaned page or text is no article, or None where it is one. `page` is None for a text."""
    words = len(article.text.split())
    if page is not None and page.asks_password and _titled(_LOG_IN, article, page):
        return _refusal(article, "empty", "the page asks its readers to log in")
    if page is not None and (told := _not_found(article, page)):
        return _refusal(article, "not_found", f"the page is titled {told!r}")
    if words < 5 or (page is not None and words < MIN_WORDS):
        if page is not None and page.link_chars > MIN_LISTING:
            return _refusal(article, "listing", f"{words} words of text among links to other pages")
        return _refusal(article, "empty", f"{words} words of text after cleaning")
    if page is not None and _is_listing(article, page):
        return _refusal(article, "listing", "most of the page's text stands in links to other pages")
    spun = _spun(article.text)
    if spun:
        return _refusal(article, "spun", spun)
    if article.language not in _READ_LANGUAGES:
        return _refusal(article, "not_indonesian", f"the text reads as {article.language}")
    return None


def rate_quality(lines: Sequence[Line], language_share: float, *, known: int) -> float:
    """Return 0 to 1, by how much running text there is, how much of it in sentences, and what else is known.

    `known` counts title, time and author; `language_share` is the share of function words.
    """
    sizes = [(line.text.count(" ") + 1, ends_sentence(line.text)) for line in lines if line.text]
    words = sum(size for size, _ in sizes)
    if not words:
        return 0.0
    sentences = sum(size for size, whole in sizes if whole) / words
    score = 0.35 * min(1.0, words / 120) + 0.3 * sentences + 0.2 * min(1.0, language_share / 0.2)
    return round(score + 0.05 * known, 3)


def _refusal(article: Article, reason: str, detail: str) -> Refusal:
    return Refusal(article.id, article.url, reason, detail)


def _not_found(article: Article, page: Page) -> str | None:
    """Return the title of a page that says it is none; the teasers that stand there are other pages' news."""
    dated = page.meta.get("article:published_time") or any(node.get("datePublished") for node in page.json_ld)
    return None if dated else _titled(_NOT_FOUND, article, page)


def _titled(pattern: re.Pattern[str], article: Article, page: Page) -> str | None:
    """Return the title of a page of which `pattern` takes the whole, None where none does."""
    titles = (article.title, page.heading, re.split(r" [|»–—-] ", page.head_title or "")[0])
    for title in filter(None, titles):
        if pattern.fullmatch(" ".join(re.findall(r"\w+", title.casefold()))):
            return str(title)[:80]
    return None


def _is_listing(article: Article, page: Page) -> bool:
    """Tell an index page: its text is that of links, or a row of teasers that break off."""
    paragraphs = article.text.split("\n\n")
    teasers = sum(text.rstrip(" ]").endswith(("…", "...", "[&hellip;")) for text in paragraphs)
    if teasers >= 3 and teasers * 2 >= len(paragraphs):
        return True
    prose = sum(map(ends_sentence, paragraphs))
    if prose >= 3 and prose * 2 >= len(paragraphs):
        return False
    key = squash(article.text)
    linked = sum(len(link) for link in page.links if len(link) >= 20 and link in key)
    return linked * 2 > len(key)


def _spun(text: str) -> str | None:
    chrome = load_chrome()
    folded = text.lower()
    placeholder = next((mark for mark in chrome.placeholders if mark in folded), None)
    if placeholder:
        return f"holds the placeholder {placeholder!r}"
    words = folded[:20_000].split() if chrome.any_spam.search(folded) else []
    spam = sum(map(chrome.spam.__contains__, words))
    if spam >= 6 and spam > 0.06 * len(words):
        return f"{spam} gambling words among {len(words)}"
    sentences = [sentence for sentence in folded.replace("\n\n", ". ").split(". ") if len(sentence) > 40]
    again = len(sentences) - len(set(sentences))
    if len(sentences) >= 8 and again * 2 > len(sentences):
        return f"{again} of {len(sentences)} sentences are repetitions"
    return None
