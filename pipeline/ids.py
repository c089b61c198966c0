"""Ids of the store: hashes of what a row is about, so that a rebuilt store has the same ids."""

from __future__ import annotations

import hashlib

from crawler.records import Capture
from pipeline.article import Article

_LENGTH = 32


def digest(*parts: str | None) -> str:
    """Return the first 32 hex digits of the SHA-256 over `parts`; None and "" differ, order counts."""
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(b"\x00" if part is None else b"\x01" + part.encode("utf-8", "surrogatepass"))
        hasher.update(b"\x1f")
    return hasher.hexdigest()[:_LENGTH]


def article_id(url: str | None, text: str) -> str:
    """Return the id of an article that came without one: of its canonical URL, else of its text."""
    return digest("article", url) if url else digest("article-text", text)


def text_hash(article: Article) -> str:
    """Return the full SHA-256 of title and text: what decides whether an article has changed."""
    return text_hash_of(article.title, article.text)


def text_hash_of(title: str | None, text: str) -> str:
    """Return the full SHA-256 of a title and a text."""
    whole = f"{title or ''}\x1f{text}"
    # lone surrogates as the store keeps them, so that the hash can be checked against what it holds
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def version_id(article: Article) -> str:
    """Return the id of one state of an article: of its id and its title and text."""
    return digest("version", article.id, text_hash(article))


def extraction_id(version: str, model_version: str) -> str:
    """Return the id of what one model version read from one article version."""
    return digest("extraction", version, model_version)


def page_id(capture: Capture) -> str:
    """Return the id of an archived page: of its URL, its body and the time it was fetched."""
    return digest("page", capture.url, capture.sha256, capture.fetched_at.isoformat())
