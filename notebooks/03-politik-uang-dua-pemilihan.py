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
# # 03 · Politik uang menjelang pemungutan suara, dua pemilihan
#
# **English summary.** Alleged vote buying week by week before polling day in two elections, per 1,000 articles read, and the
# ratio of their rates in the last weeks with an exact 95 % interval. A ratio whose interval holds 1 does not tell the
# elections apart. Where an election was hardly read, the notebook says so instead of comparing.
#
# Pertanyaannya: apakah pemberitaan dugaan politik uang pada minggu-minggu terakhir berbeda antara dua pemilihan?

# %%
import pandas as pd
from IPython.display import Markdown, display
from scipy.stats import beta

from pipeline import Filters, charts, open_store
from pipeline.figures import Figures

PERTAMA, KEDUA = "pilkada 2020", "pilkada 2024"
JENIS = "politik_uang"
MINGGU = 12  # sebelum hari pemungutan suara
AKHIR = 4  # minggu terakhir yang dibandingkan

store = open_store()
figures = Figures(store)
store

# %%
weeks = store.banding_pemilihan(Filters(jenis=JENIS), pertama=PERTAMA, kedua=KEDUA, minggu=MINGGU)
weeks

# %% [markdown]
# Minggu 0 berakhir pada hari pemungutan suara. `kasus` dihitung menurut hari perbuatannya, `pertama_diberitakan` menurut
# hari pertama diberitakan; lajunya dari yang kedua, karena `dibaca` adalah artikel minggu itu. Garis terputus di minggu
# yang tidak dibaca; pita adalah interval 95 %.

# %%
figures(charts.elections(weeks, title="Dugaan politik uang menjelang pemungutan suara"), "03-dua-pemilihan")

# %% [markdown]
# ## Masa tenang dan hari pemungutan suara saja

# %%
stages = pd.concat(
    [store.tahapan(Filters(jenis=JENIS, pemilihan=name)) for name in (PERTAMA, KEDUA)], ignore_index=True
)
quiet = stages[stages["id"].isin(["kampanye", "masa_tenang", "pemungutan"])]
quiet[
    [
        "pemilihan",
        "tahapan",
        "hari",
        "kasus",
        "temuan",
        "laporan",
        "pertama_diberitakan",
        "dibaca",
        "per_1000_artikel",
        "bawah",
        "atas",
    ]
]

# %% [markdown]
# ## Perbandingan minggu-minggu terakhir
#
# Banyaknya kasus yang pertama diberitakan saat itu dianggap Poisson dengan artikel yang dibaca sebagai besarnya paparan.
# Dengan jumlah keduanya tetap, kasus pemilihan kedua berdistribusi binomial; intervalnya Clopper-Pearson, tepat juga untuk angka kecil.

# %%
last = weeks[weeks["minggu"].between(-AKHIR + 1, 0)]
sums = last.groupby("pemilihan")[["pertama_diberitakan", "dibaca"]].sum()
sums


# %%
def rate_ratio(sums: pd.DataFrame, first: str, second: str) -> tuple[float, float, float] | None:
    """Return the second rate over the first with its 95 % interval; None where either was not read or has no case."""
    (n1, read1), (n2, read2) = (sums.loc[name, ["pertama_diberitakan", "dibaca"]] for name in (first, second))
    if not (read1 and read2 and n1 and n2):
        return None
    low, high = beta.ppf(0.025, n2, n1 + 1), beta.ppf(0.975, n2 + 1, n1)
    odds = [share / (1 - share) * read1 / read2 for share in (n2 / (n1 + n2), low, high)]
    return odds[0], odds[1], odds[2]


ratio = rate_ratio(sums, PERTAMA, KEDUA)
read = {name: int(sums.loc[name, "dibaca"]) for name in (PERTAMA, KEDUA)}
if ratio is None:
    text = (
        f"Keduanya **tidak dapat dibandingkan** di simpanan ini: {AKHIR} minggu terakhir {PERTAMA} dibaca "
        f"{read[PERTAMA]} artikel, {KEDUA} {read[KEDUA]} artikel, dan perbandingan memerlukan kasus serta bacaan di keduanya."
    )
else:
    value, low, high = ratio
    apart = "berbeda" if low > 1 or high < 1 else "tidak dapat dibedakan"
    text = (
        f"Angka {KEDUA} adalah {value:.2f} kali angka {PERTAMA} (interval 95 % {low:.2f} sampai {high:.2f}): "
        f"pemberitaan keduanya **{apart}** pada {AKHIR} minggu terakhir."
    )
display(Markdown(text))

# %% [markdown]
# Yang dibandingkan adalah pemberitaan: perubahan jumlah media, kebiasaan melapor, dan aturan ikut berperan.

# %%
store.close()
