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
# # 04 · Pencegahan dibanding dugaan kasus per kecamatan
#
# **English summary.** Prevention events beside alleged cases in the same kecamatan, with rank correlation (Spearman) and its
# cluster bootstrap interval over all kecamatan of regencies that were read. Places are counted only where an article names the kecamatan; the rest is shown as its own row. No
# effect of prevention can be read off: both follow where reporters are.
#
# Pertanyaannya: di kecamatan mana ada kegiatan pencegahan, di mana ada dugaan kasus, dan apakah keduanya berjalan bersama?

# %%
import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from scipy.stats import spearmanr

from pipeline import charts, open_store
from pipeline.figures import Figures
from pipeline.study_charts import overlap

CUKUP = 20  # di bawah itu korelasi tidak dihitung

store = open_store()
figures = Figures(store)
store

# %%
events = store.pencegahan(tingkat="kecamatan")
events.head(20)

# %% [markdown]
# ## Berapa yang tempatnya diketahui sampai kecamatan?

# %%
placed = int(events.loc[events["kode"].notna(), "kegiatan"].sum())
whole = int(events["kegiatan"].sum())
regencies = store.pencegahan(tingkat="kabupaten")
within = int(regencies.loc[regencies["kode"].notna(), "kegiatan"].sum())
display(
    Markdown(
        f"{placed} dari {whole} kegiatan pencegahan diketahui sampai kecamatan, {within - placed} hanya sampai "
        f"kabupaten, {whole - within} tidak sampai kabupaten."
    )
)

# %% [markdown]
# ## Keduanya berdampingan
#
# Kerangkanya: **semua** kecamatan di kabupaten/kota yang dibaca, juga yang tidak punya keduanya. Membandingkan hanya kecamatan
# yang punya salah satunya akan memberi hubungan terbalik yang semu.

# %%
regencies = store.titik_buta(tingkat="kabupaten", limit=None)
read = set(regencies.loc[regencies["dibaca"] > 0, "kode"])
both = store.titik_buta(tingkat="kecamatan", limit=None)[["wilayah", "kode", "dibaca", "kasus"]]
both = both[both["kode"].str[:5].isin(read)].merge(
    events.loc[events["kode"].notna(), ["kode", "kegiatan", "peserta", "terakhir"]], on="kode", how="left"
)
both["kegiatan"] = both["kegiatan"].fillna(0).astype(int)
both = both.sort_values(["kasus", "kegiatan", "kode"], ascending=[False, False, True], ignore_index=True)
both.head(20)

# %%
chart = overlap(
    both,
    ("kegiatan", "kegiatan pencegahan"),
    ("kasus", "dugaan kasus"),
    rows="kecamatan",
    title="Pencegahan dan dugaan kasus di kecamatan yang sama",
)
figures(chart, "04-pencegahan-kasus")

# %%
ranked = both[both["kegiatan"] > 0]
chart = charts.bars(
    ranked, "wilayah", "kegiatan", title="Kegiatan pencegahan menurut kecamatan", axis="kegiatan"
)
figures(chart, "04-kegiatan")

# %% [markdown]
# ## Apakah berjalan bersama?
#
# Intervalnya dari mengundi ulang kabupaten/kota, bukan kecamatan: kecamatan bertetangga dibaca oleh media yang sama.

# %%
groups = {code: rows.index.to_numpy() for code, rows in both.groupby(both["kode"].str[:5])}


def spearman(rows: pd.DataFrame) -> float:
    """Return the rank correlation of prevention and cases."""
    return float(spearmanr(rows["kegiatan"], rows["kasus"]).statistic)


if min((both["kegiatan"] > 0).sum(), (both["kasus"] > 0).sum(), len(groups)) >= CUKUP:
    rng = np.random.default_rng(0)
    codes = list(groups)
    draws = [np.concatenate([groups[c] for c in rng.choice(codes, len(codes))]) for _ in range(300)]
    low, high = np.nanquantile([spearman(both.loc[rows]) for rows in draws], [0.025, 0.975])
    text = (
        f"Korelasi peringkat Spearman {spearman(both):.2f} (interval 95 % {low:.2f} sampai {high:.2f}), dari {len(both)} "
        f"kecamatan di {len(groups)} kabupaten/kota yang dibaca."
    )
else:
    text = (
        f"Terlalu sedikit untuk korelasi: {int((both['kegiatan'] > 0).sum())} kecamatan dengan kegiatan, "
        f"{int((both['kasus'] > 0).sum())} dengan dugaan kasus, di {len(groups)} kabupaten/kota (perlu {CUKUP} masing-masing)."
    )
display(Markdown(text))

# %% [markdown]
# Kegiatan pencegahan diberitakan karena ada wartawan yang hadir, seperti juga dugaan kasus. Hubungan keduanya tidak
# menunjukkan bahwa pencegahan berhasil atau gagal.
#
# ## Kegiatan tanpa dugaan kasus, dugaan kasus tanpa kegiatan

# %%
display(
    Markdown(
        f"{int(((both['kegiatan'] > 0) & (both['kasus'] == 0)).sum())} kecamatan punya kegiatan saja, "
        f"{int(((both['kegiatan'] == 0) & (both['kasus'] > 0)).sum())} dugaan kasus saja, "
        f"{int(((both['kegiatan'] > 0) & (both['kasus'] > 0)).sum())} keduanya; "
        f"{int(((both['kegiatan'] == 0) & (both['kasus'] == 0)).sum())} tidak punya satu pun."
    )
)

# %%
store.close()
