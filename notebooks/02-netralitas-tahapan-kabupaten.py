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
# # 02 · Dugaan ketidaknetralan menurut tahapan dan kabupaten
#
# **English summary.** Alleged breaches of neutrality (of civil servants, village heads, officers) by election stage and by
# regency, as cases per 1,000 articles read with exact Poisson 95 % intervals. Where few articles were read the interval is
# wide: such rows are marked and not ranked. Offices are counted, never persons.
#
# Pertanyaannya: pada tahapan mana, dan di kabupaten/kota mana, dugaan ketidaknetralan paling banyak **diberitakan**,
# dibanding dengan banyaknya artikel yang dibaca?

# %%
import pandas as pd
from IPython.display import Markdown, display

from pipeline import Filters, charts, open_store
from pipeline.figures import Figures

JENIS = "netralitas"  # "netralitas.asn" untuk ASN saja
CUKUP = 30  # artikel dibaca; di bawah itu angkanya terlalu goyah untuk dibandingkan

store = open_store()
figures = Figures(store)
store

# %% [markdown]
# ## Pemilihan yang paling banyak diberitakan di simpanan ini

# %%
told = store.sql(
    "SELECT election, count(*) AS kasus FROM events WHERE kind = 'kasus' AND election IS NOT NULL"
    " GROUP BY election ORDER BY kasus DESC, election"
)
known = set(store.tahapan()["pemilihan"])
named = [name for name in told["election"] if name in known]
pemilihan = named[0] if named else "pilkada 2024"
display(
    Markdown(f"Tahapan di bawah ini menurut kalender **{pemilihan}** (dari peraturan, bukan dari berita).")
)

# %% [markdown]
# ## Menurut tahapan
#
# Satu kasus dihitung pada setiap tahapan yang mencakup hari perbuatannya (atau hari pertama diberitakan). Tahapan yang
# bertumpang tindih karena itu tidak boleh dijumlahkan. Lajunya dari kasus yang
# pertama diberitakan saat itu; `dibaca`, semua artikel saat itu, adalah penyebutnya. Laju kosong berarti tidak ada yang dibaca
# pada hari-hari itu, walaupun perbuatannya diberitakan kemudian.

# %%
stages = store.tahapan(Filters(jenis=JENIS, pemilihan=pemilihan))
stages = stages[(stages["dibaca"] > 0) | (stages["kasus"] > 0)].reset_index(drop=True)
stages[["tahapan", "mulai", "kasus", "pertama_diberitakan", "dibaca", "per_1000_artikel", "bawah", "atas"]]

# %%
figures(
    charts.bars(
        stages[stages["dibaca"] > 0], "tahapan", "per_1000_artikel", title=f"Dugaan ketidaknetralan per 1.000 artikel, {pemilihan}",
        axis="dugaan kasus per 1.000 artikel", limit=14,
    ),
    "02-tahapan",
)  # fmt: skip

# %% [markdown]
# ## Menurut kabupaten/kota
#
# Dari sini semua pemilihan di simpanan dihitung bersama.

# %%
regencies = store.intensitas(Filters(jenis=JENIS))
cases = len(store.rekap(Filters(jenis=JENIS), limit=None))
regencies["cukup"] = regencies["dibaca"] >= CUKUP
regencies.head(20)

# %%
enough = regencies[regencies["cukup"]]
few = len(regencies) - len(enough)
display(
    Markdown(
        f"{int(regencies['kasus'].sum())} dari {cases} dugaan kasus diketahui kabupaten/kotanya, di {len(regencies)} "
        f"kabupaten/kota; {few} di antaranya dibaca kurang dari {CUKUP} artikel. "
        + ("Peringkat di bawah hanya memuat sisanya." if len(enough) else "Peringkat belum layak dibuat: grafik di "
           "bawah hanya menunjukkan interval kabupaten/kota yang paling banyak dibaca.")
    )
)  # fmt: skip

# %%
chosen = "" if len(enough) else " yang paling banyak dibaca"
shown = enough if len(enough) else regencies.sort_values(["dibaca", "kode"], ascending=[False, True]).head(12)
figures(
    charts.bars(
        shown, "wilayah", "per_1000_artikel", title=f"Dugaan ketidaknetralan menurut kabupaten/kota{chosen}",
        axis="dugaan kasus per 1.000 artikel (garis: interval 95 %)",
    ),
    "02-kabupaten",
)  # fmt: skip

# %% [markdown]
# Interval yang saling menutupi tidak membedakan dua wilayah. Angka ini *intensitas pemberitaan*, bukan Indeks Kerawanan
# Pemilu, dan wilayah dengan dua puluh media tampak lebih ramai daripada wilayah dengan dua.
#
# ## Jabatan terlapor (bukan nama)

# %%
offices = store.jabatan(Filters(jenis=JENIS))
offices

# %%
if len(offices):
    chart = charts.bars(
        offices, "jabatan", "persen", title="Jabatan terlapor, bagian dari dugaan kasus ketidaknetralan",
        axis="persen",
    )  # fmt: skip
    display(figures(chart, "02-jabatan"))

# %% [markdown]
# ## Bentuk ketidaknetralan ASN menurut jabatan

# %%
forms = store.bentuk_per_jabatan(Filters(jenis=JENIS))
pd.pivot_table(forms, index="bentuk", columns="jabatan", values="kasus", aggfunc="sum", fill_value=0)

# %%
store.close()
