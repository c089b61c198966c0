"""Small invented pages for the tests of cleaning."""

from __future__ import annotations

PARAGRAPHS = (
    "Pengawas pemilu di Kecamatan Mekarwangi memeriksa tiga saksi terkait dugaan keberpihakan kepala dusun.",
    '"Kami masih mengumpulkan keterangan, belum ada kesimpulan," kata Ketua Panwascam, Wulan Nirwana.',
    "Pemeriksaan berlangsung selama dua jam di kantor kecamatan dan disaksikan petugas desa setempat.",
    "Kepala dusun itu membantah dan menyatakan hanya menghadiri acara keluarga pada malam tersebut.",
    "Hasil kajian akan disampaikan kepada pengawas tingkat kabupaten sebelum akhir pekan ini.",
)
TITLE = "Panwascam Mekarwangi Periksa Tiga Saksi Kepala Dusun"


def page(
    *,
    head: str = "",
    body: str | None = None,
    title: str = TITLE,
    before: str = "",
    after: str = "",
) -> bytes:
    """Return a page with a headline and an article's body; `before` and `after` stand around it."""
    inner = body if body is not None else "".join(f"<p>{text}</p>\n" for text in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        "<body>"
        f'<header><ul><li><a href="/">Beranda</a></li></ul></header><main><article><h1>{title}</h1>'
        f'{before}<div class="entry-content">{inner}</div>{after}</article></main></body></html>'
    ).encode()
