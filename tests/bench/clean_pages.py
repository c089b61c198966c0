"""Pages with known truth: articles of data/corpus in page templates, with chrome as on real sites."""

from __future__ import annotations

import html
import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "data" / "corpus"
TEMPLATES = ROOT / "tests" / "pages" / "templates"

DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
FIRST = (
    "Ratna Galih Wulan Teguh Melati Yoga Intan Prasetyo Laras Bima Sekar Rangga Anjani Dimas Bagas".split()
)
LAST = "Kusumadewi Wicaksana Pranajaya Lesmana Maheswari Adiputra Nirwana Saputra Candrakirana".split()
SECTIONS = (
    "Nasional Daerah Politik Hukum Ekonomi Olahraga Pendidikan Wisata Opini Video Indeks Redaksi".split()
)
COMMENTS = (
    "Semoga pengawas bekerja jujur dan tidak pandang bulu, kami warga desa menunggu hasilnya.",
    "Di kampung saya juga begitu, tetapi tidak ada yang berani melapor kepada petugas.",
    "Mohon beritanya dilengkapi dengan tanggapan dari pihak yang disebut.",
)
CAPTIONS = (
    "Ketua pengawas pemilu memberi keterangan kepada wartawan. (Foto: Dok. Humas)",
    "Suasana sosialisasi di aula kecamatan, kemarin",
    "Foto bersama seusai kegiatan / ist",
)
WRAPS = {
    "plain": ("<p>", "</p>\n"),
    "justified": ('<p style="text-align: justify;">', "</p>\n"),
    "broken": ("", "<br /><br />\n"),
    "once_broken": ("", "<br>\n"),
    "boxed": (
        '<div style="text-align: justify;"><span style="font-family: inherit;">',
        '</span></div><div style="text-align: justify;"><br /></div>\n',
    ),
    "word": (
        '<p class="MsoNormal" style="text-align: justify;"><span lang="IN" style="font-size: 12pt;">',
        "<o:p></o:p></span></p>\n",
    ),
    "classic": ("", "\n\n"),
    "block": ("<!-- wp:paragraph -->\n<p>", "</p>\n<!-- /wp:paragraph -->\n"),
}
_PREFIX = re.compile(
    r"^([A-Z][^a-z–—|]{1,40}|[\w. -]{3,30}, [A-Z][\w. ]{2,20}|[A-Z][\w., ()]{2,50}) ?(–|—|-) (?=[A-Z\"“])"
)


@dataclass(frozen=True, slots=True)
class Truth:
    """A rendered page and what a cleaner must find in it; `chrome` holds the lines that must not stay."""

    id: str
    theme: str
    url: str
    html: str
    site: str
    zone: str
    title: str
    author: str
    published: datetime
    paragraphs: tuple[str, ...]
    chrome: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An article of the corpus without its tags: paragraphs, the prefix of the first apart."""

    id: str
    title: str
    outlet: str
    prefix: str
    paragraphs: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """A page in the making, with the chrome lines that were put into it."""

    rng: random.Random
    others: list[str]
    names: dict[str, str]
    wrap: tuple[str, str]
    lines: list[tuple[str, str]] = field(default_factory=list)

    def put(self, piece: dict[str, Any]) -> str:
        """Return the markup of a piece of chrome, in one of its wordings and one of its forms."""
        title, label = self.rng.choice(self.others), self.rng.choice(piece.get("labels", [""]))
        end = ")" if label.startswith("(") else ""
        values = {**self.names, "title": title, "label": label}
        text = self.rng.choice(piece["texts"]).format(**values) + end
        self.lines.append((piece["kind"], text))
        markup = self.rng.choice(piece.get("markups", ["{open}{text}{close}"]))
        extra = {name: self._extra(piece["kind"]) for name in ("extra1", "extra2") if f"{{{name}}}" in markup}
        link = self._link(title) + end
        return markup.format(
            text=escape(text), link=link, label=escape(label), open=self.wrap[0], close=self.wrap[1], **extra
        )

    def _extra(self, kind: str) -> str:
        title = self.rng.choice(self.others)
        self.lines.append((kind, title))
        return self._link(title)

    def _link(self, title: str) -> str:
        return f'<a href="/b/{self.rng.randrange(10**5)}">{escape(title)}</a>'


def escape(text: str) -> str:
    return html.escape(text, quote=False)


def load_set(name: str) -> dict[str, Any]:
    """Return a set of chrome and themes by its name: clean_<name>.toml."""
    return tomllib.loads(Path(__file__).with_name(f"clean_{name}.toml").read_text(encoding="utf-8"))


def load_stories() -> list[Story]:
    """Return the corpus's articles outside the test split, those whose prefix a plain pattern can tell."""
    held_out = set((CORPUS / "test_ids.txt").read_text(encoding="utf-8").split())
    stories = []
    for file in sorted(CORPUS.glob("*.txt")):
        for block in re.split(r"(?m)^=== ", file.read_text(encoding="utf-8"))[1:]:
            head, _, body = block.partition("\n---\n")
            identity = head.split("\n", 1)[0].strip()
            values = dict(re.findall(r"(?m)^(\w+): ?(.*)$", head))
            text = re.sub(r"</?(?:per|role|org|loc|date|law|ev)\b[^>]*>", "", body).strip()
            paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
            if identity in held_out or len(paragraphs) < 4 or any(map(_has_chrome, paragraphs)):
                continue
            found = _PREFIX.match(paragraphs[0])
            if not found and re.match(r".{2,50}(?:[–—|:]|-\s|-{2})", paragraphs[0]):
                continue
            prefix = found.group() if found else ""
            paragraphs[0] = paragraphs[0][len(prefix) :]
            stories.append(Story(identity, values["title"], values["outlet"], prefix, tuple(paragraphs)))
    return stories


def _has_chrome(paragraph: str) -> bool:
    """Tell whether the corpus itself has a reporter's code or a byline there."""
    return bool(
        re.search(r"[(*][^()]{1,25}[)*]\.?$|^\W*(?:oleh|redaksi|catatan)\b", paragraph, re.IGNORECASE)
    )


def render(story: Story, theme: str, table: dict[str, Any], others: list[str], seed: int) -> Truth:
    """Return the story as a page of a theme, with an invented author and time."""
    rng = random.Random(seed)
    zone = rng.choice(list(ZONES)) if theme != "lawas" else "Asia/Jakarta"
    published = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 500))
    local = published.astimezone(ZoneInfo(zone))
    author, editor, commenter = (f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(3))
    site = story.outlet.partition(".")[0].replace("-", " ").title()
    home = f"https://{story.outlet}"
    url = f"{home}/{_path(theme, local, rng)}"
    names = {"author": author, "editor": editor, "site": site}
    draft = Draft(rng, others, names, WRAPS[rng.choice(table["themes"][theme])])
    values = {
        "body": write_body(story, table, draft),
        "author": html.escape(author),
        "author_json": author,
        "commenter": commenter,
        "comment": rng.choice(COMMENTS),
        "caption": html.escape(rng.choice(CAPTIONS)),
        "site": html.escape(site),
        "home": home,
        "url": url,
        **_texts(story, site),
        **_times(local, rng),
        **_furniture(theme, others, rng),
    }
    page = Template((TEMPLATES / f"{theme}.html").read_text(encoding="utf-8")).substitute(values)
    return Truth(
        f"{story.id}-{theme}", theme, url, page, site, zone, story.title, author, local, story.paragraphs,
        tuple(draft.lines),
    )  # fmt: skip


def write_body(story: Story, table: dict[str, Any], draft: Draft) -> str:
    """Return the markup of a story's paragraphs with chrome between and after them, noted in the draft."""
    rng, (start, end) = draft.rng, draft.wrap
    pieces = {
        place: [piece for piece in table["piece"] for at in piece["places"] if at == place]
        for place in ("head", "inside", "tail")
    }
    last = len(story.paragraphs) - 1
    slots = set(rng.sample(range(last + 1), rng.choice([0, 1, 1, 2, 2, 3])))
    parts = [draft.put(rng.choice(pieces["head"]))] if pieces["head"] and rng.random() < 0.5 else []
    for index, paragraph in enumerate(story.paragraphs):
        text = _dirty(escape(paragraph), rng)
        if index == 0 and story.prefix:
            dash, head = story.prefix.rstrip()[-1], escape(story.prefix.rstrip()[:-1].rstrip())
            forms = ("<strong>{0}</strong> {1} {2}", "<b>{0} {1}</b> {2}", "{0} {1} {2}")
            text = rng.choice(forms).format(head, dash, text)
        if index == last and rng.random() < 0.4:
            mark = rng.choice(table["codes"])
            draft.lines.append(("adv" if "adv" in mark.lower() else "code", mark))
            text = rng.choice(("{0} {1}", "{0} <strong>{1}</strong>", "{0}{1}")).format(text, mark)
        parts.append(f"{start}{text}{end}")
        if index in slots and index != last:
            parts.append(draft.put(rng.choice(pieces["inside"])))
    parts += [draft.put(piece) for piece in rng.sample(pieces["tail"], rng.choice([0, 1, 2, 3, 3, 4]))]
    return "".join(parts)


def _dirty(text: str, rng: random.Random) -> str:
    """Sprinkle what editors paste: hard spaces, zero-width characters, links, emphasis."""
    words = text.split(" ")
    forms = (
        "{}\u200b",
        "\ufeff{}",
        "<em>{}</em>",
        '<a href="/tag/x">{}</a>',
        "{}\u00ad",
        "<strong>{}</strong>",
    )
    for _ in range(rng.randrange(3)):
        spot = rng.randrange(len(words))
        words[spot] = rng.choice(forms).format(words[spot])
    return words[0] + "".join(("&nbsp;" if rng.random() < 0.01 else " ") + word for word in words[1:])


def _path(theme: str, local: datetime, rng: random.Random) -> str:
    number = rng.randrange(10_000, 999_999)
    slug = f"berita-daerah-{number}"
    paths = {
        "blogger": f"{local:%Y/%m}/{slug}.html",
        "sora": f"{local:%Y/%m}/{slug}.html",
        "harian": f"read/{number}/{slug}",
        "blogger_baru": f"{local:%Y/%m}/{slug}.html",
        "wp_koran": f"{local:%Y/%m/%d}/{slug}/",
        "cms": f"daerah/{number}/{slug}",
        "lawas": f"berita.php?id={number}",
        "amp": f"amp/daerah/{number}/{slug}",
        "jejaring": f"{local:%Y/%m/%d}/{slug}",
        "radar": f"read/{number}/{slug}",
        "mambo": f"index.php/berita/{number}-{slug}",
        "median": f"{local:%Y/%m}/{slug}.html",
    }
    return paths.get(theme, f"{slug}/")


def _texts(story: Story, site: str) -> dict[str, str]:
    excerpt = story.paragraphs[0][:140]
    return {
        "title": html.escape(story.title),
        "title_json": _json(story.title),
        "excerpt": html.escape(excerpt),
        "excerpt_json": _json(excerpt),
        "standfirst": html.escape(f"Warga {site} menunggu kelanjutannya"),
    }


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("<", "\\u003c")


def _times(local: datetime, rng: random.Random) -> dict[str, str]:
    modified = local + timedelta(minutes=rng.choice([0, 7, 95]))
    other = local + timedelta(days=4)
    zone, month = ZONES[str(local.tzinfo)], MONTHS[local.month - 1]
    day = f"{DAYS[local.weekday()]}, {local.day} {month} {local.year}"
    other_day = f"{DAYS[other.weekday()]}, {other.day} {MONTHS[other.month - 1]} {other.year}"
    return {
        "published_utc": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "modified_utc": modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "published_zulu": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "published_local": local.isoformat(),
        "modified_local": modified.isoformat(),
        "published_naive": f"{local:%Y-%m-%d %H:%M:%S}",
        "published_space": f"{local:%Y-%m-%d %H:%M:%S}",
        "date_long": f"{local.day} {month} {local.year}",
        "date_short": f"{month} {local.day}, {local.year}",
        "date_us": f"{month} {local.day:02d}, {local.year}",
        "date_day": day,
        "date_clock": f"{day}{rng.choice([' |', ' -', ','])} {local:%H:%M} {zone}",
        "date_day_clock": f"{day} - {local:%H.%M}",
        "date_dash": f"{DAYS[local.weekday()]} {local:%d-%m-%Y},{local:%H:%M} {zone}",
        "date_slash": f"{local:%d/%m/%Y %H:%M} {zone}",
        "date_clock_other": f"{other_day} 10:10 {zone}",
        "today": "Senin, 14 Juli 2025",
    }


def _furniture(theme: str, others: list[str], rng: random.Random) -> dict[str, str]:
    """Return menus, a sidebar and head assets of the weight that real pages have."""
    entry = (
        '<a href="/{0}">{0}</a>' if theme == "cms" else '<li class="menu-item"><a href="/{0}">{0}</a></li>'
    )
    item = (
        '<li class="recent-post"><div class="thumb"><a href="/b/{n}"><img src="/t/{n}.jpg"></a></div>'
        '<div class="text"><a href="/b/{n}">{title}</a><span class="meta-date">{n} jam lalu</span></div></li>'
    )
    side = "".join(
        item.format(n=n, title=html.escape(title)) for n, title in enumerate(rng.sample(others, 12))
    )
    css = "".join(f".c{n}{{margin:{n}px;padding:0 {n}px;color:#{n:03x}}}" for n in range(220))
    script = "".join(f"window.cfg{n}={{id:{n},url:'/ajax/{n}'}};" for n in range(120))
    names = {f"other{n}": html.escape(title) for n, title in enumerate(rng.sample(others, 3), 1)}
    return names | {
        "number": str(rng.randrange(10_000, 99_999)),
        "menu": "".join(entry.format(name) for name in SECTIONS),
        "side": f'<div class="widget"><h3 class="widget-title">Terpopuler</h3><ul>{side}</ul></div>',
        "assets": f"<style>{css}</style><script>{script}</script>",
    }


def load_pages(path: Path) -> list[Truth]:
    """Return the pages of a JSON Lines file that wordpress_pages.py wrote."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        zone = ZoneInfo(row["zone"])
        row["published"] = datetime.fromisoformat(row["published"]).astimezone(zone)
        row["paragraphs"], row["chrome"] = tuple(row["paragraphs"]), tuple(map(tuple, row["chrome"]))
    return [Truth(**row) for row in rows]


def make_pages(count: int, name: str = "known", seed: int = 7) -> Iterator[Truth]:
    """Yield `count` pages of a set, its themes in turn, each story at most once a theme."""
    table, stories = load_set(name), load_stories()
    titles = [story.title for story in stories]
    random.Random(seed).shuffle(stories)
    themes = list(table["themes"])
    for number in range(count):
        story = stories[number % len(stories)]
        others = [title for title in titles if title != story.title]
        yield render(story, themes[number % len(themes)], table, others, seed * 100_003 + number)
