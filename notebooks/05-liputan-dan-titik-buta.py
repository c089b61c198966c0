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
# # 05 · Liputan media dan titik buta
#
# **English summary.** Where there is nobody to read: outlets at home in each province, articles read about it, regencies about
# which nothing was read at all, how concentrated reading is on few sources, and the published vulnerability index beside
# it. A region without articles is unknown, not quiet.
#
# Pertanyaannya: tentang wilayah mana simpanan ini tidak tahu apa-apa, dan karena itu tidak boleh menyimpulkan?

# %%
from IPython.display import Markdown, display

from pipeline import charts, open_store
from pipeline.figures import Figures
from pipeline.study_charts import points

store = open_store()
figures = Figures(store)
store

# %% [markdown]
# ## Provinsi: media yang berkedudukan di sana, dan artikel yang dibaca tentangnya

# %%
read = store.titik_buta(tingkat="provinsi", limit=None)
homes = store.sql(
    "SELECT left(home, 2) AS kode, count(*) AS media_setempat FROM sources WHERE home IS NOT NULL GROUP BY 1"
)
provinces = read.merge(homes, on="kode", how="left")
provinces["media_setempat"] = provinces["media_setempat"].fillna(0).astype(int)
provinces = provinces.sort_values(["dibaca", "kode"], ascending=[False, True], ignore_index=True)
provinces[["wilayah", "kode", "media_setempat", "dibaca", "sumber", "kasus", "ikp", "kelas_ikp"]]

# %%
silent = provinces[provinces["dibaca"] == 0]
display(
    Markdown(
        f"{len(silent)} dari {len(provinces)} provinsi tidak dibaca sama sekali. "
        f"{int((provinces['media_setempat'] == 0).sum())} provinsi tidak punya satu pun media setempat di antara sumber."
    )
)

# %%
chart = charts.bars(
    provinces,
    "wilayah",
    "dibaca",
    title="Artikel yang dibaca menurut provinsi",
    axis="artikel dibaca",
    limit=38,
)
figures(chart, "05-provinsi")

# %% [markdown]
# ## Kabupaten/kota tanpa satu artikel pun

# %%
regencies = store.titik_buta(tingkat="kabupaten", limit=None)
blind = regencies[regencies["dibaca"] == 0]
few = regencies[regencies["dibaca"].between(1, 9)]
display(
    Markdown(
        f"{len(blind)} dari {len(regencies)} kabupaten/kota bukan tempat utama atau rumah media satu artikel pun"
        f" ({int((blind['kasus'] > 0).sum())} di antaranya punya dugaan kasus dari artikel tentang tempat lain); "
        f"{len(few)} lagi dibaca kurang dari sepuluh artikel."
    )
)

# %%
blind_share = blind.assign(provinsi=blind["kode"].str[:2]).groupby("provinsi").size().rename("tanpa_artikel")
wholes = (
    regencies.assign(provinsi=regencies["kode"].str[:2]).groupby("provinsi").size().rename("kabupaten_kota")
)
share = wholes.to_frame().join(blind_share).fillna(0).astype(int).reset_index()
share["wilayah"] = share["provinsi"].map(dict(zip(provinces["kode"], provinces["wilayah"], strict=True)))
share["persen"] = (100 * share["tanpa_artikel"] / share["kabupaten_kota"]).round(1)
share.sort_values(["persen", "provinsi"], ascending=[False, True], ignore_index=True)

# %% [markdown]
# ## Seberapa terpusat bacaan pada sedikit media?
#
# Hanya media yang artikelnya dibaca; sumber yang dikenal tetapi belum pernah dibaca tidak ikut dihitung.

# %%
sources = store.sql(
    "SELECT coalesce(any_value(s.name), media, '(tidak diketahui)') AS nama, count(*) AS artikel"
    " FROM (SELECT *, coalesce(outlet, source) AS media FROM articles) LEFT JOIN sources s USING (source)"
    " GROUP BY media ORDER BY artikel DESC, nama"
)
half = int((sources["artikel"].cumsum() < sources["artikel"].sum() / 2).sum()) + 1 if len(sources) else 0
display(Markdown(f"Setengah dari semua artikel berasal dari {half} dari {len(sources)} media."))
figures(
    charts.bars(sources, "nama", "artikel", title="Artikel menurut media", axis="artikel dibaca", limit=20),
    "05-sumber",
)

# %% [markdown]
# ## Rawan menurut IKP, sepi menurut bacaan
#
# Hanya provinsi yang angka IKP-nya diterbitkan dan diketahui. Titik di kanan bawah: rawan tetapi hampir tidak dibaca.

# %%
indexed = provinces.dropna(subset=["ikp"])
chart = points(
    indexed, ("ikp", "Indeks Kerawanan Pemilu (Bawaslu)"), ("dibaca", "artikel dibaca"), label="wilayah",
    title="Kerawanan yang diterbitkan dan bacaan di simpanan ini",
)  # fmt: skip
figures(chart, "05-ikp-bacaan")

# %%
store.close()
