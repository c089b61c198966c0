# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · Dari artikel ke kasus: satu cerita sampai ke arsipnya
#
# **English summary.** One case followed all the way: which articles tell it and why they were joined, the sentence that asserts
# it, its course from stage to stage, how it spread, and the archived page whose SHA-256 proves what was read. The case is
# chosen by rule (most outlets, then most articles), not by hand; names stay masked.
#
# Pertanyaannya: apa yang berdiri di belakang satu baris di tabel kasus?

# %%
import hashlib
import os
from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

from pipeline import open_store
from pipeline.charts import bars
from pipeline.figures import Figures

KEJADIAN = None  # id kasus dari kolom `kejadian` (store.baru()); None: kasus yang paling banyak medianya

store = open_store()
figures = Figures(store)
store

# %%
chosen = store.sql(
    "SELECT event_id FROM events WHERE kind = 'kasus' AND ($id IS NULL OR event_id = $id)"
    " ORDER BY outlets DESC, articles DESC, first_day, event_id LIMIT 1",
    {"id": KEJADIAN},
)
if chosen.empty:
    raise SystemExit(
        f"Simpanan ini tidak memuat kasus {KEJADIAN}." if KEJADIAN else "Simpanan ini belum memuat kasus."
    )
event = str(chosen["event_id"][0])
case = store.rekap(limit=None).set_index("kejadian").loc[event]
case[
    [
        "status",
        "jenis",
        "wilayah",
        "jabatan_terlapor",
        "tahap",
        "hasil",
        "dibantah",
        "artikel",
        "media",
        "naskah",
    ]
]

# %% [markdown]
# Status *diduga* berarti: belum diputus lembaga berwenang. Bantahan terlapor, kalau ada, disebut di samping tuduhannya.
#
# ## Perjalanannya
#
# Setiap baris satu artikel; `dihitung` mengatakan apakah artikel itu menceritakan kasus ini atau hanya menyinggungnya.

# %%
course = store.linimasa(event)
course[["tanggal", "tahap", "hasil", "dibantah", "media", "judul", "bukti", "dihitung"]]

# %% [markdown]
# ## Penyebarannya

# %%
spread = store.sebaran(event)
spread[["waktu_setempat", "jam_sejak_pertama", "media", "media_baru", "judul"]]

# %%
days = course[course["dihitung"] == "ya"]
days = days.assign(hari=days["tanggal"].dt.strftime("%Y-%m-%d")).groupby("hari", as_index=False).size()
days = days.rename(columns={"size": "artikel"})
figures(
    bars(days, "hari", "artikel", title="Artikel tentang kasus ini menurut hari", axis="artikel"),
    "07-sebaran",
)

# %% [markdown]
# ## Mengapa artikel-artikel ini satu kasus?
#
# Setiap hubungan punya angka dan alasan yang mendukung atau menolaknya.

# %%
store.sql(
    "SELECT a.day AS tanggal, m.part AS bagian, m.score AS angka, array_to_string(m.reasons, '; ') AS alasan"
    " FROM event_members m JOIN articles a USING (article_id) WHERE m.event_id = ? ORDER BY a.published, a.article_id",
    [event],
)

# %% [markdown]
# ## Kalimat yang menyatakan dugaannya, di dalam teksnya
#
# Angka `start_at` dan `end_at` menghitung huruf di teks yang dibekukan. Kalimat di bawah dipotong dari teks itu lagi.

# %%
evidence = store.sql(
    "SELECT e.article_id, e.start_at, e.end_at, e.text AS kalimat, a.text"
    " FROM evidence e JOIN event_members m USING (article_id) JOIN articles a USING (article_id)"
    " WHERE m.event_id = ? AND m.case_id = e.case_id"  # an article may tell other cases too
    " ORDER BY a.published, a.article_id, e.n",
    [event],
)
for row in evidence.itertuples(index=False):
    assert row.text[row.start_at : row.end_at] == row.kalimat
evidence[["start_at", "end_at", "kalimat"]]

# %% [markdown]
# ## Semua yang terbaca dari artikel pertama

# %%
article = store.artikel(event)
article.head(40)

# %% [markdown]
# ## Sampai ke arsip
#
# Artikel, teks, dan halaman terikat oleh SHA-256. Kalau arsipnya ada di dekat simpanan (folder `archive` di samping
# `snapshots`, atau `WARTAWAS_ARCHIVE`), rekamannya dibuka dan dihitung ulang di sini; isinya tidak ditampilkan.

# %%
pages = store.sql(
    "SELECT a.article_id, a.page_url, a.page_sha256, a.fetched_at, a.warc, a.warc_offset"
    " FROM event_members m JOIN articles a USING (article_id) WHERE m.event_id = ? ORDER BY a.fetched_at, a.article_id",
    [event],
)


def archive_folder() -> Path | None:
    """Return the folder of archived pages that WARTAWAS_ARCHIVE names, else that near the store; None for none."""
    if given := os.environ.get("WARTAWAS_ARCHIVE"):
        return Path(given)
    place = Path(store.facts.place)
    return next((p / "archive" for p in (place, *place.parents) if (p / "archive").is_dir()), None)


def checked_page(folder: Path, page: pd.Series) -> str:
    """Return whether the archived record is the page that was read."""
    from warcio.archiveiterator import ArchiveIterator

    if not page["warc"] or not (folder / page["warc"]).is_file():
        return "rekaman tidak ada"
    with (folder / page["warc"]).open("rb") as file:
        file.seek(int(page["warc_offset"]))
        record = next(iter(ArchiveIterator(file)))
        if record.rec_type == "revisit":
            return "kunjungan ulang: halaman tidak berubah"
        body = record.content_stream().read()
    return "cocok" if hashlib.sha256(body).hexdigest() == page["page_sha256"] else "TIDAK COCOK"


folder = archive_folder()
if folder is None:
    display(
        Markdown(
            "Arsip tidak ada di dekat simpanan ini; SHA-256 di bawah cukup untuk memeriksanya di tempat lain."
        )
    )
else:
    pages["pemeriksaan"] = [checked_page(folder, page) for _, page in pages.iterrows()]
    assert "TIDAK COCOK" not in set(pages["pemeriksaan"]), "arsip berbeda dari yang dibaca"
pages.drop(columns=["page_url", "article_id"])

# %%
store.close()
