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
# # 08 · Jaringan jabatan dan lembaga
#
# **English summary.** Which kinds of offices are named together in articles, in cases and in prevention: a network of offices,
# never of persons. The measure is the number of articles, with lift over what chance would give; pairs seen in few articles
# are left out. Being named together is no involvement: most officials speak as sources.
#
# Pertanyaannya: jabatan apa saja yang hadir bersama dalam berita kasus, dan apa yang hadir bersama dalam pencegahan?

# %%
import pandas as pd
from IPython.display import Markdown, display

from pipeline import charts, open_store
from pipeline.figures import Figures
from pipeline.study_charts import network

SIMPUL = 18  # jabatan yang digambar
SEDIKITNYA = 2  # artikel bersama

store = open_store()
figures = Figures(store)
store

# %% [markdown]
# ## Siapa berbicara sebagai apa (jabatan, bukan nama)

# %%
offices = store.sql(
    "SELECT DISTINCT o.article_id, label_of('office', o.category) AS jabatan, a.kind"
    " FROM officials o JOIN articles a USING (article_id) WHERE o.category IS NOT NULL"
)
capacities = store.sql(
    "SELECT label_of('office', category) AS jabatan, capacity AS peran, count(DISTINCT article_id) AS artikel"
    " FROM officials WHERE category IS NOT NULL GROUP BY ALL ORDER BY artikel DESC, jabatan LIMIT 20"
)
capacities

# %%
display(
    Markdown(
        f"{offices['article_id'].nunique()} dari {store.facts.articles} artikel menyebut pejabat yang jabatannya dikenali, "
        f"dengan {offices['jabatan'].nunique()} macam jabatan."
    )
)

# %% [markdown]
# ## Jabatan yang disebut bersama
#
# `artikel` menghitung artikel yang menyebut keduanya, `lipat` membandingkannya dengan yang diharapkan kalau jabatan-jabatan itu tidak berkaitan.


# %%
def together(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return nodes (nama, artikel) and edges (dari, ke, artikel, lipat) of offices that articles name together."""
    whole = rows["article_id"].nunique()
    counts = rows.groupby("jabatan")["article_id"].nunique().sort_values(ascending=False)
    kept = counts.head(SIMPUL)
    inside = rows[rows["jabatan"].isin(kept.index)]
    pairs = inside.merge(inside, on="article_id", suffixes=("", "_2"))
    pairs = pairs[pairs["jabatan"] < pairs["jabatan_2"]]
    edges = pairs.groupby(["jabatan", "jabatan_2"])["article_id"].nunique().rename("artikel").reset_index()
    expected = (
        edges["jabatan"].map(counts).astype(float)
        * edges["jabatan_2"].map(counts).astype(float)
        / max(1, whole)
    )
    edges["lipat"] = (edges["artikel"] / expected).round(1)
    edges = edges.rename(columns={"jabatan": "dari", "jabatan_2": "ke"})
    edges = edges[edges["artikel"] >= SEDIKITNYA].sort_values(
        ["artikel", "dari", "ke"], ascending=[False, True, True]
    )
    nodes = kept.rename("artikel").rename_axis("nama").reset_index()
    return nodes, edges.reset_index(drop=True)


nodes, edges = together(offices)
edges.head(20)

# %%
if len(nodes):
    display(
        figures(network(nodes, edges, title="Jabatan yang disebut bersama, semua artikel"), "08-jaringan")
    )

# %% [markdown]
# ## Dugaan pelanggaran dan pencegahan terpisah
#
# Jaringan yang sama dari dua jenis berita. Perbedaannya dapat juga berasal dari banyaknya artikel, yang disebut di judul.

# %%
for kind, name in (("pelanggaran", "dugaan pelanggaran"), ("pencegahan", "pencegahan")):
    part = offices[offices["kind"] == kind]
    some, links = together(part)
    title = f"Jabatan dalam berita {name} ({part['article_id'].nunique()} artikel)"
    if len(some):
        display(figures(network(some, links, title=title), f"08-jaringan-{kind}"))
    else:
        display(Markdown(f"{title}: tidak ada."))

# %% [markdown]
# ## Lembaga
#
# Lembaga yang pejabatnya paling sering disebut, dan di berapa artikel kasus.

# %%
institutions = store.sql(
    "SELECT institution AS lembaga, count(DISTINCT article_id) AS artikel,"
    " count(DISTINCT article_id) FILTER (a.kind = 'pelanggaran') AS dalam_dugaan"
    " FROM officials o JOIN articles a USING (article_id) WHERE institution IS NOT NULL"
    " GROUP BY institution ORDER BY artikel DESC, lembaga LIMIT 20"
)
institutions

# %%
chart = charts.bars(
    institutions, "lembaga", "artikel", title="Lembaga menurut artikel", axis="artikel", limit=15
)
figures(chart, "08-lembaga")

# %% [markdown]
# Disebut bersama tidak berarti terlibat bersama: kebanyakan pejabat di sini adalah narasumber.

# %%
store.close()
