"""One URL for one article: AMP twins, page numbers, mobile hosts and tracking taken off.

The canonical form is an identity, not an address: it has neither www nor a last slash, so a site may answer
it with a redirect. Fetch the URL that the site prints. Two different articles must never share a form:
where the shape does not say that a part is decoration, it stays.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

MAX_PAGE = 20
_TWIN_HOST = re.compile(r"^(?:www\d?|m|mobile|wap|amp|beta|opera)\.(?=[^.]+\.[^.])")
_TRACKING = re.compile(
    r"^(?:utm_.*|fbclid|gclid|dclid|gbraid|wbraid|gad_.*|yclid|msclkid|twclid|ttclid|igshid?|mc_[ce]id|"
    r"_gl|_ga|mibextid|spref|replytocom|like_comment|share|nb|ref|ref_src|source|from|xtor|cmpid|"
    r"amp|nonamp|outputtype|noamp|single|showpage|showcomment|print|tbclid|rel|rnd|cb|"
    r"phpsessid|jsessionid|aspsessionid.*|cfid|cftoken|oscsid|zenid)$"
)
# PHP-Nuke calls an article's number sid, others its name
_SESSION = re.compile(r"s(?:id|ess(?:ion)?(?:_?id)?)$")
_SESSION_VALUE = re.compile(r"(?=.*\d)(?!(?:[^-]*-){3})[0-9A-Za-z,-]{22,}")
_SESSION_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_WHOLE = frozenset({"all", "full", "semua"})
_PAGE_KEYS = ("page", "halaman", "hal", "paged", "p")
INDEX_PAGE = re.compile(r"(?<=/)(?:index|default)\.(?:php|html?|aspx?|jsp)$", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d/\d\d(?:/\d\d)?/(?:\d{3,}/)?\d*[^/\d][^/]*$")
_NUMBERED = re.compile(r"/(?:[a-z]{1,4}-)?\d{5,}(?:/\d*[^/\d][^/]*)?$")
_WORDS = re.compile(r"[^-_]+(?:[-_]+[^-_]+){3,}")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# what is left alone at once: most addresses of a sitemap but for a last slash
_PLAIN = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_ODD = re.compile(
    r"^https://(?:www\d?|m|mobile|wap|amp|beta|opera)\.|amp(?:$|[/.])|/(?:opera|copy)/|/\d\d?$|"
    r"/(?:index|default)\.[a-z]+$",
    re.IGNORECASE,
)
_PATH_SAFE = "/%:@!$&'()*+,;=~"


def canonical_url(url: str, *, slash_pages: bool = True) -> str:
    """Return the identity of the article that `url` shows.

    `slash_pages=False` is for sites whose article addresses end in a small number, so that /berita-daerah/12
    is no page 12. What is no HTTP URL comes back stripped of spaces only. Idempotent.
    """
    return part_of(url, slash_pages=slash_pages)[0]


def part_of(url: str, *, slash_pages: bool = True) -> tuple[str, int]:
    """Return (canonical article URL, page number from 1); a view of all pages at once is page 1."""
    form, page = url.strip(), 0
    while not _is_plain(form):  # ends: each round takes something off
        again, found = _simplified(form, slash_pages)
        page = page or found
        if again == form:
            break
        form = again
    return form, page or 1


def host_of(url: str) -> str:
    """Return the host of a canonical URL with its port, if it has an unusual one; "" where there is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_plain(url: str) -> bool:
    return bool(_PLAIN.fullmatch(url)) and not _ODD.search(url)


def _simplified(url: str, slash_pages: bool) -> tuple[str, int]:
    """Return the URL one round simpler, and the page number that was taken off it (0: none)."""
    try:
        split = urlsplit(url)
        host, port = (split.hostname or "").rstrip("."), split.port
    except ValueError:
        return url, 0
    scheme = split.scheme.lower()
    if scheme not in ("http", "https") or not host:
        return url, 0
    host = _TWIN_HOST.sub("", host)
    local = _is_local(host)
    if port == {"http": 80, "https": 443}[scheme] or (port in (80, 443) and not local):
        port = None
    if port is None and not local:
        scheme = "https"
    path, page = _simple_path(split.path, slash_pages)
    query, query_page = _simple_query(split.query, path)
    shown = f"[{host}]" if ":" in host else host
    return urlunsplit((scheme, f"{shown}:{port}" if port else shown, path, query, "")), page or query_page


def _is_local(host: str) -> bool:
    return "." not in host or ":" in host or host.replace(".", "").isdigit()


def _simple_path(path: str, slash_pages: bool) -> tuple[str, int]:
    path = _SESSION_PATH.sub("", path)
    path = quote(_ESCAPE.sub(_unescape, re.sub(r"/{2,}", "/", path)), safe=_PATH_SAFE, errors="replace")
    path = _without_dots(INDEX_PAGE.sub("", path)).rstrip("/")
    path = _without_amp(path)
    page = 0
    if slash_pages:
        head, _, last = path.rpartition("/")
        head = head.removesuffix("/page")
        if re.fullmatch(r"[1-9]\d?", last) and int(last) <= MAX_PAGE and is_slug(head):
            path, page = head, int(last)
    return path or "/", page


def is_slug(path: str) -> bool:
    """Return whether the last part of `path` can only be an article's name, never a section's."""
    last = path.rpartition("/")[2]
    named = bool(_WORDS.fullmatch(last)) or last.endswith((".html", ".htm"))
    return named or bool(_DATED.search(path) or _NUMBERED.search(path))


def _without_amp(path: str) -> str:
    # iNews and Disway show /read/{id}/{slug} as /amp/{id}/{slug}: there the word stands for "read"
    path = re.sub(r"^/amp(?=/\d{3,}/)", "/read", path)
    path = re.sub(r"^/(?:opera|copy)(?=/[^/])", "", path)
    path = re.sub(r"/amp(?=/|$)", "", path)
    return re.sub(r"\.amp(?=$|\.html?$)", "", path)


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for piece in path.split("/"):
        if piece == "..":
            kept[1:] = kept[1:-1]
        elif piece != ".":
            kept.append(piece)
    return "/".join(kept)


def _simple_query(query: str, path: str) -> tuple[str, int]:
    kept: list[tuple[str, str]] = []
    page = 0
    for key, value in parse_qsl(query, keep_blank_values=True)[:50]:
        name = key.lower()
        if _TRACKING.match(name) or (name == "m" and value in ("0", "1", "")):
            continue
        if _SESSION.match(name) and _SESSION_VALUE.fullmatch(value):
            continue
        if name in _PAGE_KEYS and path != "/" and _is_page(name, value, path):
            page = page or (int(value) if value.isdigit() else 0)
        elif (key, value) not in kept:
            kept.append((key, value))
    return urlencode(kept, errors="replace"), page


def _is_page(name: str, value: str, path: str) -> bool:
    if value.lower() in _WHOLE or not value:
        return True
    # /read.php?p=12 may well be article 12: only below a slug is such a number a page
    small = value.isascii() and value.isdigit() and len(value) < 9 and int(value) <= MAX_PAGE
    return small and (name != "p" or is_slug(path))


def _unescape(found: re.Match[str]) -> str:
    digits = found[1]
    if digits is None:
        return "%25"
    char = chr(int(digits, 16))
    return char if char in _UNRESERVED else f"%{digits.upper()}"
