"""An installation in which three articles name an accused person, one of them in its address too."""

from __future__ import annotations

from pathlib import Path

from nights import Installation
from sites import Site, make_posts, serve

PERSON = "Gatotkaca Wijayakusuma"
_BODY = (
    "GARUT – Kepala Desa Rekaan, {name}, dilaporkan ke Bawaslu Kabupaten Garut karena diduga mengajak warga "
    "memilih salah satu pasangan calon, Selasa (15/10/2024).</p><p>{last} membantah tuduhan itu saat ditemui "
    "di kantornya. Bawaslu akan memanggil saksi pekan depan.</p><p>Laporan diterima oleh petugas piket."
)


def run_accused(folder: Path) -> Installation:
    """Return the installation after one night."""
    home = Installation(folder)
    posts = make_posts(4, etag=False)
    name = PERSON.replace(" ", "</b>&nbsp;<b>")
    posts[0].text = _BODY.format(name=f"<b>{name}</b>", last=PERSON.split()[1])
    posts[1].title = f"Kades {PERSON.upper()} Dilaporkan"
    posts[1].text = _BODY.format(name=PERSON, last="Kades")
    posts[2].text = _BODY.format(name=PERSON, last="Kades")
    posts[2].slug = "kades-gatotkaca-wijayakusuma-dilaporkan-warga"
    with serve(Site(posts)) as site:
        home.night(site.source("sitemap", "feed"))
    home.publish()
    return home
