"""A quick look at a page's language, before anything is parsed."""

from __future__ import annotations

from pipeline.language import guess_language

_LOOKED_AT = 300_000  # bytes
_ENOUGH = 400  # bytes of running text
_LONG = 40  # bytes from which a text between two tags is no label
_UNSEEN = (b"script", b"style", b"noscript", b"!--")
_INDONESIAN = ("id", "su", "jv")


def is_indonesian(body: bytes, content_type: str) -> bool:
    """Return whether the page's running text is Indonesian, Sundanese or Javanese, as far as a glance tells.

    Nothing is decoded with care: function words are ASCII in every encoding that such pages use. It takes time in
    proportion to the page, whatever stands in it.
    """
    texts = []
    for piece in body[:_LOOKED_AT].split(b"<"):
        tag, closed, text = piece.partition(b">")
        if closed and not tag[:8].lower().startswith(_UNSEEN):
            texts.append(text)
    running = b" ".join(text for text in texts if len(text) >= _LONG)
    if len(running) < _ENOUGH:
        running = b" ".join(texts)
    return guess_language(running.decode("utf-8", "replace")).language in _INDONESIAN
