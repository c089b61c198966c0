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
# # 01 · Apa yang ada di dalam simpanan?
#
# **English summary.** What the store holds before anything is counted: articles by kind with their shares and 95 % intervals
# (Wilson), how much was read month by month and where reading stopped, which sources live, and which tables and questions
# there are. Everything else divides by these numbers.
#
# Pertanyaannya: apa yang sudah dibaca, dari siapa, kapan, dan apa yang belum?
#
# Simpanan dibaca dari `WARTAWAS_STORE` (folder `var`, `snapshots`, satu `snap-N`, folder Parquet, atau alamatnya); tanpa
# itu, dari hasil `wartawas demo`. Semua kasus adalah **dugaan** sampai diputus lembaga berwenang.

# %%
from IPython.display import Markdown, display

from pipeline import charts, open_store
from pipeline.figures import Figures

store = open_store()
figures = Figures(store)
store

# %% [markdown]
# ## Isi dalam satu baris
#
# `artikel` menghitung artikel yang dibaca; `kasus` dan `pencegahan` menghitung kejadian, masing-masing sekali, berapa pun
# media yang memuatnya.

# %%
store.total()

# %%
facts = store.facts
display(
    Markdown(
        f"Simpanan ini dibaca model {', '.join(facts.models) or '–'}. "
        f"{facts.living_sources} dari {facts.sources} sumber masih hidup: dibaca dalam 14 hari sebelum pembacaan "
        f"terakhir. {'**Semua artikelnya rekaan (contoh).**' if facts.invented else ''}"
    )
)

# %% [markdown]
# ## Jenis berita, dengan penyebutnya
#
# Garis hitam adalah interval 95 %. Bagian ini adalah bagian dari artikel yang **dibaca**, bukan dari semua berita yang ada.

# %%
kinds = store.jenis_berita()
kinds

# %%
title = f"Jenis berita: bagian dari {int(kinds['artikel'].sum())} artikel yang dibaca"
figures(charts.bars(kinds, "jenis_berita", "persen", title=title, axis="persen"), "01-jenis-berita")

# %% [markdown]
# ## Kapan dibaca, dan kapan tidak
#
# Bulan tanpa bacaan bukan bulan yang tenang. Kolom `celah` menandainya; pita abu-abu pada grafik juga.

# %%
months = store.kasus_per_bulan()
months[["bulan", "kasus", "artikel_dibaca", "sumber", "per_1000_artikel", "bawah", "atas", "celah"]]

# %%
figures(charts.trend_and_readings(store.tren(satuan="bulan")), "01-bacaan-per-bulan")

# %% [markdown]
# ## Sumber

# %%
store.sumber()

# %% [markdown]
# ## Tabel dan pertanyaan yang tersedia
#
# `store.sql("SELECT …")` membaca tabel-tabel ini; setiap pertanyaan adalah juga metode (`store.kasus_per_wilayah()`).

# %%
tables = store.tables()
tables.groupby("table", as_index=False).agg(columns=("column", "count"))

# %%
store.questions()[["name", "summary"]]

# %%
store.close()
