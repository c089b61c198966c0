"""Templates and wordings that the rules were not written with: how far they carry over to sites nobody has looked at."""

from __future__ import annotations

import html

from clean_pages import CAPTIONS, Draft, Theme, boxed, broken, justified, plain, word


def _linked(d: Draft) -> str:
    return f'<a href="/r/{d.rng.randrange(10**5)}">{html.escape(d.title, quote=False)}</a>'


def related(d: Draft) -> str:
    d.title = d.rng.choice(d.others)
    label = d.rng.choice(
        ["Baca Selengkapnya:", "Artikel lain:", "➡️ Baca Juga :", "(Baca juga:", "Baca:", "Terkait:", "BACA:", "Tonton juga video:", "Simak:",
         "Baca berita lainnya:", "Berita lainnya:", "Baca juga artikel lainnya:"]
    )  # fmt: skip
    end = ")" if label.startswith("(") else ""
    text = f"{label} {d.title}{end}"
    markup = d.rng.choice(
        [
            d.wrap(f"<strong>{label} {_linked(d)}{end}</strong>"),
            d.wrap(f"{label} {_linked(d)}{end}"),
            f'<div class="read-others"><small>{label}</small><h4>{_linked(d)}{end}</h4></div>',
            f'<p><a href="/x">{label} {html.escape(d.title, quote=False)}{end}</a></p>',
        ]
    )
    return d.put("related", text, markup)


def bare_link(d: Draft) -> str:
    d.title = d.rng.choice(d.others)
    return d.put("related", d.title, d.wrap(f"<b>{_linked(d)}</b>"))


def caption(d: Draft) -> str:
    text = d.rng.choice(
        [
            "Keterangan foto: suasana rapat pleno",
            "Ket. Foto : Panwascam saat apel siaga",
            "Foto/Dok. Humas",
            "Gambar: ilustrasi surat suara",
            "Ilustrasi (net)",
            CAPTIONS[2],
        ]
    )
    return d.put("caption", text, f'<p style="text-align:center"><img src="/a.jpg"><br><em>{text}</em></p>')


def makers(d: Draft) -> str:
    a, e = d.author, d.editor
    text = d.rng.choice(
        [
            f"Reportase: {a}",
            f"Jurnalis : {a}",
            f"Wartawan: {a}",
            f"Kontributor Garut: {a}",
            f"Ditulis oleh: {a}",
            f"(Penulis: {a})",
        ]
    )
    other = d.rng.choice(
        [
            f"Editor  : {e}",
            f"Redaktur Pelaksana: {e}",
            f"Uploader: {e}",
            f"Fotografer: {e}",
            f"Penyunting Bahasa: {e}",
        ]
    )
    return d.put("byline", text) + (d.put("editor", other) if d.rng.random() < 0.5 else "")


def follow(d: Draft) -> str:
    return d.put(
        "follow",
        d.rng.choice(
            [
                "Baca berita kami lainnya di Google News",
                f"Jangan lewatkan informasi terbaru, ikuti saluran WhatsApp {d.site}",
                f"Gabung channel WhatsApp {d.site} untuk update berita terkini",
                f"Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran andalanmu akses berita {d.site} WhatsApp Channel: https://wa.example/x",
                f"Download aplikasi {d.site} di Play Store",
                "Follow kami di Instagram @warta",
                f"Yuk gabung grup WA {d.site} agar tidak ketinggalan berita",
                f"Jadikan {d.site} sebagai sumber pilihan Anda di Google",
            ]
        ),
    )


def legal(d: Draft) -> str:
    return d.put(
        "copyright",
        d.rng.choice(
            [
                "Hak Cipta Dilindungi Undang-Undang",
                f"Artikel ini diterbitkan pertama kali di {d.site}",
                f"Berita ini sudah tayang di {d.site}",
                "Konten ini dilindungi hak cipta",
            ]
        ),
    )


def counts(d: Draft) -> str:
    return d.put(
        "count",
        d.rng.choice(
            [
                "Post Views: 132",
                "Total Views: 22",
                "Dilihat: 120",
                "Dibaca : 1.204 kali",
                "Spread the love",
                "Sebarkan:",
                "Menyukai ini: Suka Memuat...",
                "Bagikan artikel ini",
            ]
        ),
    )


def tags(d: Draft) -> str:
    return d.put(
        "tags",
        d.rng.choice(
            [
                "TAGS : Bawaslu Pilkada Kades",
                "Tagged Bawaslu, Pilkada",
                "Topik Terkait : netralitas",
                "TAGAR: #kades #bawaslu",
                "Posted in Daerah, Politik",
            ]
        ),
    )


def pages(d: Draft) -> str:
    return d.put(
        "page",
        d.rng.choice(
            [
                "Halaman 1 dari 2",
                "1 2 3 Next",
                "Lihat Semua",
                "Baca halaman selanjutnya",
                "Halaman Selanjutnya",
            ]
        ),
    )


def adv(d: Draft) -> str:
    return d.put(
        "adv", d.rng.choice(["(ADVERTORIAL)", "*ADV", "-ADV-", "Adv/Humas", "Pariwara", "(Adv/Pemkab)"])
    )


INSIDE = (related, related, bare_link, caption)
TAIL = (makers, makers, follow, legal, counts, tags, pages, adv, related)
CODES = (
    "(mel/yog)",
    "(lrs)",
    "(**)",
    "//rat",
    "(Tim/Red)",
    "(Red-01)",
    "[*]",
    "(ant)",
    "(yoga prasetyo)",
    "(Adv/Pemkab)",
    "- red",
    "(K-12)",
)

UNSEEN = {
    "jnews": Theme("jnews.html", (plain,), INSIDE, TAIL, CODES),
    "jaringan": Theme("jaringan.html", (plain, justified), INSIDE, TAIL, CODES),
    "elementor": Theme("elementor.html", (plain,), INSIDE, TAIL, CODES),
    "dinas": Theme("dinas.html", (plain, word, justified), INSIDE, TAIL, CODES),
    "blogger_baru": Theme("blogger_baru.html", (broken, boxed, word, plain), INSIDE, TAIL, CODES),
}
