"""Pages with known truth: invented articles of data/corpus in page templates, with the chrome that real sites put in."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "data" / "corpus"
TEMPLATES = ROOT / "tests" / "pages" / "templates"

DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
FIRST = "Ratna Galih Wulan Teguh Melati Yoga Intan Prasetyo Laras Bima Sekar Rangga Anjani Dimas Tiara Bagas".split()
LAST = (
    "Kusumadewi Wicaksana Pranajaya Lesmana Maheswari Adiputra Nirwana Saputra Candrakirana Ranupadma".split()
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
    "Kantor pengawas pemilu tingkat kecamatan. Foto: istimewa",
)


@dataclass(frozen=True, slots=True)
class Truth:
    """A rendered page and what a cleaner must find in it; `chrome` holds the in-article lines that must not stay."""

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
    """A page in the making: blocks of HTML in order, and the chrome lines among them."""

    rng: random.Random
    others: list[str]
    site: str
    author: str
    editor: str
    wrap: Callable[[str], str]
    lines: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""

    def put(self, kind: str, text: str, markup: str | None = None) -> str:
        self.lines.append((kind, text))
        return markup if markup is not None else self.wrap(html.escape(text, quote=False))


_PREFIX = re.compile(
    r"^([A-Z][^a-z–—|]{1,40}|[\w. -]{3,30}, [A-Z][\w. ]{2,20}|[A-Z][\w., ()]{2,50}) ?(–|—|-) (?=[A-Z\"“])"
)


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
            if identity in held_out or len(paragraphs) < 4 or "title" not in values:
                continue
            if any(
                re.search(r"[(*][^()]{1,25}[)*]\.?$|^\W*(?:oleh|redaksi|catatan)\b", p, re.IGNORECASE)
                for p in paragraphs
            ):
                continue  # the corpus itself holds codes and bylines there
            found = _PREFIX.match(paragraphs[0])
            if not found and re.match(r".{2,50}(?:[–—|:]|-\s|-{2})", paragraphs[0]):
                continue
            prefix = found.group() if found else ""
            paragraphs[0] = paragraphs[0][len(prefix) :]
            stories.append(Story(identity, values["title"], values["outlet"], prefix, tuple(paragraphs)))
    return stories


# --- chrome that stands inside articles ------------------------------------------------------------------------------


def related(d: Draft) -> str:
    title = d.rng.choice(d.others)
    label = d.rng.choice(
        [
            "Baca Juga:",
            "Baca juga :",
            "BACA JUGA:",
            "Simak juga:",
            "Lihat Juga:",
            "Baca Juga",
            "Baca pula:",
            "Simak Juga",
        ]
    )
    link = f'<a href="/berita/{d.rng.randrange(10**5)}">{html.escape(title, quote=False)}</a>'
    text = f"{label} {title}"
    markup = d.rng.choice(
        [
            d.wrap(f"<strong>{label} {link}</strong>"),
            d.wrap(f"{label} {link}"),
            d.wrap(f"<em>{label}</em> {link}"),
            f'<div class="baca-juga"><span>{label}</span> {link}</div>',
            f"<blockquote><p>{label} {link}</p></blockquote>",
            f"<p><strong>{label}</strong></p>\n<ul><li>{link}</li></ul>",
            f'<p><a href="/x">{label} {html.escape(title, quote=False)}</a></p>',
            f'<div style="background:#eee;padding:8px"><b>{label}</b><br/>{link}</div>',
        ]
    )
    return d.put("related", text, markup)


def ad(d: Draft) -> str:
    text = d.rng.choice(
        ["ADVERTISEMENT", "Advertisement", "SCROLL TO CONTINUE WITH CONTENT", "Iklan", "- Advertisement -"]
    )
    return d.put(
        "ad",
        text,
        d.rng.choice(
            [
                f"<p>{text}</p>",
                f'<div class="text-center">{text}</div>',
                f'<span class="ads__title">{text}</span>',
            ]
        ),
    )


def embed(d: Draft) -> str:
    return d.put(
        "embed",
        d.rng.choice(
            [
                "[Gambas:Video Warta]",
                "[Gambas:Instagram]",
                "[embed]https://youtu.be/x[/embed]",
                "[video width=640]",
            ]
        ),
    )


def caption(d: Draft) -> str:
    text = d.rng.choice(CAPTIONS)
    safe = html.escape(text, quote=False)
    return d.put(
        "caption",
        text,
        d.rng.choice(
            [
                f'<div id="attachment_1" class="wp-caption aligncenter"><img src="/a.jpg"><p class="wp-caption-text">{safe}</p></div>',
                f'<figure class="wp-block-image"><img src="/a.jpg"/><figcaption class="wp-element-caption">{safe}</figcaption></figure>',
                f'<figure><img src="/a.jpg"><figcaption>{safe}</figcaption></figure>',
            ]
        ),
    )


def editor(d: Draft) -> str:
    name = d.editor
    text = d.rng.choice(
        [
            f"Editor: {name}",
            f"Editor : {name}",
            f"EDITOR: {name.upper()}",
            f"Penyunting: {name}",
            f"Editor {name}",
            f"Redaktur: {name}",
        ]
    )
    return d.put("editor", text)


def byline(d: Draft) -> str:
    name = d.author
    text = d.rng.choice(
        [
            f"Penulis: {name}",
            f"Reporter: {name}",
            f"Peliput : {name}",
            f"Pewarta : {name}",
            f"Laporan: {name}",
            f"Kontributor: {name}",
        ]
    )
    return d.put("byline", text)


def credits_line(d: Draft) -> str:
    text = d.rng.choice(
        [
            f"Reporter: {d.author} | Editor: {d.editor}",
            f"Penulis : {d.author} / Editor : {d.editor}",
            f"Pewarta: {d.author}, Editor: {d.editor}",
        ]
    )
    return d.put("editor", text)


def tags(d: Draft) -> str:
    return d.put(
        "tags",
        d.rng.choice(
            [
                "Tags: bawaslu, pilkada, netralitas ASN",
                "Tag: #bawaslu #pilkada2024",
                "#Bawaslu #Pilkada2024 #NetralitasASN",
                "Topik: Pilkada Serentak",
                "Kata Kunci: pengawas pemilu, kepala desa",
            ]
        ),
    )


def follow(d: Draft) -> str:
    text = d.rng.choice(
        [
            f"Ikuti kami di Google News {d.site}",
            f"Ikuti berita terbaru {d.site} di WhatsApp Channel",
            f"Dapatkan update berita pilihan setiap hari dari {d.site}. Mari bergabung di Grup Telegram kami.",
            "Ikuti Kami di Google News dan Saluran WhatsApp",
            f"Cek berita dan artikel {d.site} yang lain di Google News",
            "Follow Instagram kami untuk berita terkini",
        ]
    )
    return d.put("follow", text)


def copyright_line(d: Draft) -> str:
    return d.put(
        "copyright",
        d.rng.choice(
            [
                f"Copyright © {d.site} 2025",
                f"Artikel ini telah tayang di {d.site} dengan judul {d.rng.choice(d.others)}",
                f"© 2025 {d.site}. Dilarang mengutip tanpa izin",
            ]
        ),
    )


def share(d: Draft) -> str:
    text = d.rng.choice(["Share this:", "Bagikan ini:", "Bagikan:", "Share", "Like this:"])
    return d.put(
        "share",
        text,
        f'<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{text}</h3><ul><li><a href="#">Facebook</a></li><li><a href="#">X</a></li></ul></div>',
    )


def pager(d: Draft) -> str:
    text = d.rng.choice(["Halaman: 1 2 3", "Halaman 1 2 Selanjutnya", "Page 1 of 3", "Laman: 1 2 3 4"])
    return d.put(
        "page", text, f'<div class="post-page">{text}</div>' if d.rng.random() < 0.5 else f"<p>{text}</p>"
    )


def source_line(d: Draft) -> str:
    return d.put(
        "source",
        d.rng.choice(["Sumber: Humas Pemkab", "Sumber : Rilis Panitia", "Sumber Berita: Diskominfo"]),
    )


def adv(d: Draft) -> str:
    return d.put("adv", d.rng.choice(["(ADV)", "(Adv)", "Advertorial", "(ADV/Diskominfo)", "[Adv]"]))


CODES = (
    "(rat/gal)",
    "( Jum)",
    "(red)",
    "(Red/Tim)",
    "(*)",
    "(wln)",
    "(tgh/mlt)",
    "***",
    "(Rls/hms)",
    "(ADV)",
    "[abc]",
)
INSIDE = (related, related, related, ad, embed, caption)
TAIL = (editor, byline, credits_line, tags, follow, copyright_line, share, pager, source_line, adv, related)


# --- paragraphs ------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return f"<p>{text}</p>\n"


def justified(text: str) -> str:
    return f'<p style="text-align: justify;">{text}</p>\n'


def broken(text: str) -> str:
    return f"{text}<br /><br />\n"


def once_broken(text: str) -> str:
    return f"{text}<br>\n"


def boxed(text: str) -> str:
    return f'<div style="text-align: justify;"><span style="font-family: inherit;">{text}</span></div><div style="text-align: justify;"><br /></div>\n'


def word(text: str) -> str:
    return f'<p class="MsoNormal" style="text-align: justify;"><span lang="IN" style="font-size: 12pt;">{text}<o:p></o:p></span></p>\n'


@dataclass(frozen=True, slots=True)
class Theme:
    """How a family of pages is built: its template, its ways to mark paragraphs, its chrome."""

    template: str
    wraps: tuple[Callable[[str], str], ...]
    inside: tuple[Callable[[Draft], str], ...] = INSIDE
    tail: tuple[Callable[[Draft], str], ...] = TAIL
    codes: tuple[str, ...] = CODES


THEMES = {
    "wp_blok": Theme("wp_blok.html", (plain,)),
    "wp_koran": Theme("wp_koran.html", (plain, justified)),
    "wp_warta": Theme("wp_warta.html", (plain, word)),
    "blogger": Theme("blogger.html", (broken, boxed, word, once_broken)),
    "cms": Theme("cms.html", (plain, justified)),
    "lawas": Theme("lawas.html", (broken, plain)),
    "amp": Theme("amp.html", (plain,)),
}


def render(
    story: Story, theme_name: str, others: list[str], seed: int, themes: dict[str, Theme] = THEMES
) -> Truth:
    """Return the story as a page of a theme, with an invented author and time."""
    rng = random.Random(seed)
    theme = themes[theme_name]
    zone = rng.choice(list(ZONES)) if theme_name != "lawas" else "Asia/Jakarta"
    published = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 500))
    local = published.astimezone(ZoneInfo(zone))
    author, editor_name, commenter = (f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(3))
    site = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", story.outlet.split(".")[0].replace("-", " ").title())
    home = f"https://{story.outlet}"
    url = f"{home}/{_path(theme_name, local, rng)}"
    draft = Draft(rng, others, site, author, editor_name, rng.choice(theme.wraps))
    body = _body(story, theme, draft)
    values = _values(story, local, url, home, site, rng) | {
        "author": html.escape(author),
        "author_json": author,
        "commenter": commenter,
        "comment": rng.choice(COMMENTS),
        "caption": html.escape(rng.choice(CAPTIONS)),
        "body": body,
    }
    for index, other in enumerate(rng.sample(others, 3), 1):
        values[f"other{index}"] = html.escape(other)
    values |= _furniture(theme_name, others, rng)
    page = Template((TEMPLATES / theme.template).read_text(encoding="utf-8")).substitute(values)
    return Truth(
        f"{story.id}-{theme_name}",
        theme_name,
        url,
        page,
        site,
        zone,
        story.title,
        author,
        local,
        story.paragraphs,
        tuple(draft.lines),
    )


def _body(story: Story, theme: Theme, d: Draft) -> str:
    parts: list[str] = []
    slots = set(d.rng.sample(range(len(story.paragraphs)), d.rng.choice([0, 1, 1, 2, 2, 3])))
    last = len(story.paragraphs) - 1
    for index, paragraph in enumerate(story.paragraphs):
        text = _dirty(html.escape(paragraph, quote=False), d.rng)
        if index == 0 and story.prefix:
            dash = story.prefix.rstrip()[-1]
            head = html.escape(story.prefix.rstrip()[:-1].rstrip())
            text = d.rng.choice(
                [
                    f"<strong>{head}</strong> {dash} {text}",
                    f"<b>{head} {dash}</b> {text}",
                    f"{head} {dash} {text}",
                ]
            )
        if index == last and d.rng.random() < 0.4:
            mark = d.rng.choice(theme.codes)
            d.lines.append(("adv" if "adv" in mark.lower() else "code", mark))
            text = d.rng.choice([f"{text} {mark}", f"{text} <strong>{mark}</strong>", f"{text}{mark}"])
        parts.append(d.wrap(text))
        if index in slots and index != last:
            parts.append(d.rng.choice(theme.inside)(d))
    parts += [make(d) for make in d.rng.sample(theme.tail, d.rng.choice([0, 1, 2, 3, 3, 4]))]
    return "".join(parts)


def _dirty(text: str, rng: random.Random) -> str:
    """Sprinkle what editors paste: hard spaces, zero-width characters, links, emphasis."""
    words = text.split(" ")
    for _ in range(rng.randrange(3)):
        spot = rng.randrange(len(words))
        words[spot] = rng.choice(
            [
                "{}\u200b",
                "\ufeff{}",
                "<em>{}</em>",
                '<a href="/tag/x">{}</a>',
                "{}\u00ad",
                "<strong>{}</strong>",
            ]
        ).format(words[spot])
    joined = ""
    for number, piece in enumerate(words):
        joined += ("&nbsp;" if rng.random() < 0.01 else " ") * (number > 0) + piece
    return joined


def _furniture(theme: str, others: list[str], rng: random.Random) -> dict[str, str]:
    """Return menus, a sidebar and head assets of the weight that real pages have."""
    sections = "Nasional Daerah Politik Hukum Ekonomi Olahraga Pendidikan Wisata Opini Video Foto Indeks Redaksi".split()
    entry = (
        '<a href="/{0}">{0}</a>'
        if theme == "cms"
        else '<li class="menu-item menu-item-type-taxonomy"><a href="/{0}">{0}</a></li>'
    )
    item = (
        '<li class="recent-post"><div class="thumb"><a href="/b/{n}"><img src="/t/{n}.jpg" loading="lazy"></a></div>'
        '<div class="text"><a href="/b/{n}">{title}</a><span class="meta-date">{n} jam lalu</span></div></li>'
    )
    side = "".join(
        item.format(n=n, title=html.escape(title)) for n, title in enumerate(rng.sample(others, 12))
    )
    css = "".join(f".c{n}{{margin:{n}px;padding:0 {n}px;color:#{n:03x}}}" for n in range(220))
    script = "".join(
        f"window.cfg{n}={{id:{n},url:'/ajax/{n}',nonce:'{rng.randrange(16**8):08x}'}};" for n in range(120)
    )
    return {
        "menu": "".join(entry.format(name) for name in sections),
        "side": f'<div class="widget widget_recent_entries"><h3 class="widget-title">Terpopuler</h3><ul>{side}</ul></div>',
        "assets": f"<style>{css}</style><script>{script}</script>",
    }


def _path(theme: str, local: datetime, rng: random.Random) -> str:
    number = rng.randrange(10_000, 999_999)
    slug = f"berita-daerah-{number}"
    return {
        "blogger": f"{local:%Y/%m}/{slug}.html",
        "wp_koran": f"{local:%Y/%m/%d}/{slug}/",
        "cms": f"daerah/{number}/{slug}",
        "lawas": f"berita.php?id={number}",
        "amp": f"amp/daerah/{number}/{slug}",
    }.get(theme, f"{slug}/")


def _values(
    story: Story, local: datetime, url: str, home: str, site: str, rng: random.Random
) -> dict[str, str]:
    modified = local + timedelta(minutes=rng.choice([0, 7, 95]))
    zone = ZONES[str(local.tzinfo)]
    day, month = DAYS[local.weekday()], MONTHS[local.month - 1]
    other_day = local + timedelta(days=4)
    title = html.escape(story.title)
    clock = f"{day}, {local.day} {month} {local.year} {rng.choice(['|', '-', ','])} {local:%H:%M} {zone}"
    return {
        "title": title,
        "title_json": json.dumps(story.title, ensure_ascii=False)[1:-1].replace("<", "\\u003c"),
        "excerpt": html.escape(story.paragraphs[0][:140]),
        "excerpt_json": json.dumps(story.paragraphs[0][:140], ensure_ascii=False)[1:-1].replace(
            "<", "\\u003c"
        ),
        "site": html.escape(site),
        "home": home,
        "url": url,
        "number": str(rng.randrange(10_000, 99_999)),
        "published_utc": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "modified_utc": modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "published_local": local.isoformat(),
        "modified_local": modified.isoformat(),
        "published_naive": f"{local:%Y-%m-%d %H:%M:%S}",
        "date_long": f"{local.day} {month} {local.year}",
        "date_short": f"{month} {local.day}, {local.year}",
        "date_clock": clock.replace(" , ", ", "),
        "date_clock_other": f"{DAYS[other_day.weekday()]}, {other_day.day} {MONTHS[other_day.month - 1]} {other_day.year} 10:10 {zone}",
        "published_space": f"{local:%Y-%m-%d %H:%M:%S}",
        "published_zulu": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "date_day_clock": f"{day}, {local.day} {month} {local.year} - {local:%H.%M}",
        "standfirst": html.escape(f"Warga {site} menunggu kelanjutannya"),
        "date_day": f"{day}, {local.day} {month} {local.year}",
        "date_us": f"{month} {local.day:02d}, {local.year}",
        "date_slash": f"{local:%d/%m/%Y %H:%M} {zone}",
        "today": "Senin, 14 Juli 2025",
    }


def make_pages(count: int, seed: int = 7, themes: dict[str, Theme] = THEMES) -> Iterator[Truth]:
    """Yield `count` pages, the themes in turn, each story at most once a theme."""
    stories = load_stories()
    titles = [story.title for story in stories]
    random.Random(seed).shuffle(stories)
    names = list(themes)
    for number in range(count):
        story = stories[number % len(stories)]
        others = [title for title in titles if title != story.title]
        yield render(story, names[number % len(names)], others, seed * 100_003 + number, themes)
