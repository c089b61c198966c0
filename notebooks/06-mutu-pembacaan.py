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
# # 06 · Seberapa baik pembacaannya?
#
# **English summary.** How good the reading of article kinds is: confusion, calibration of the stated confidence and accuracy by
# outlet, with Wilson intervals. Truth comes from reviewers' decisions on articles drawn at random, where the store has them.
# Where it has none and is the demo, it comes from the authored annotation of the demo's articles: the model was trained on
# these, so the figures are an upper bound and say nothing about unseen news (`wartawas evaluate` does).
#
# Pertanyaannya: seberapa sering jenis berita terbaca benar, dan apakah keyakinan yang dinyatakan dapat dipercaya?

# %%
import json
import re

import pandas as pd
from IPython.display import Markdown, display

from pipeline import charts, open_store
from pipeline.figures import Figures
from pipeline.intervals import add_shares, wilson
from pipeline.labels import DATA
from pipeline.study_charts import calibration, confusion

store = open_store()
figures = Figures(store)
store

# %% [markdown]
# ## Dari mana kebenarannya?


# %%
def reviewed() -> pd.DataFrame:
    """Return articles drawn at random whose kind a reviewer decided, as the store's own model reads them: article_id,
    terbaca, benar. Decisions about what another model had read say nothing of this one, nor of its confidence.
    """
    if "reviews" not in set(store.tables()["table"]):
        return pd.DataFrame(columns=["article_id", "terbaca", "benar"])
    return store.sql(  # what the model had read: the store itself follows the reviewer by now
        "SELECT article_id, arg_max(r.kind_read, r.batch) AS terbaca, arg_max(r.kind, r.batch) AS benar"
        " FROM reviews r JOIN articles a USING (article_id, model_version)"
        " WHERE r.drawn AND NOT r.withdrawn AND r.review <> 'pendapat' GROUP BY article_id"
    )


def annotated() -> pd.DataFrame:
    """Return the demo's articles with the kind of their annotation: found by their titles, which are masked in the store."""
    from nlp.corpus import CORPUS, load_corpus, test_ids

    if not (store.facts.invented and CORPUS.is_dir()):
        return pd.DataFrame(columns=["article_id", "terbaca", "benar"])
    hidden = test_ids(CORPUS)
    kinds = {row.id: row.kind for row in load_corpus(CORPUS) if row.id not in hidden}
    lines = (DATA / "demo" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    known = [(row["title"], kinds[row["id"]]) for row in map(json.loads, lines) if row["id"] in kinds]
    found = []
    for key, title, kind in store.sql("SELECT article_id, title, kind FROM articles").itertuples(index=False):
        pattern = re.compile(re.escape(title).replace(r"\*", r"\w"))
        truth = next((right for told, right in known if pattern.fullmatch(told)), None)
        if truth:
            found.append((key, kind, truth))
    return pd.DataFrame(found, columns=["article_id", "terbaca", "benar"])


truth, origin = reviewed(), "keputusan peninjau atas artikel yang diundi"
if truth.empty:
    truth, origin = (
        annotated(),
        "anotasi artikel contoh, yang **juga menjadi bahan latih** model (batas atas, bukan ukuran)",
    )
display(
    Markdown(
        f"Kebenaran: {origin}; {len(truth)} artikel."
        if len(truth)
        else "Simpanan ini belum punya artikel undian yang ditinjau menurut bacaan modelnya sekarang: ukuran di bawah kosong. "
        "Undi contoh untuk ditinjau di meja kerja."
    )
)

# %%
read = store.sql(
    "SELECT a.article_id, a.confidence AS keyakinan, coalesce(s.name, a.outlet, a.source) AS media"
    " FROM articles a LEFT JOIN sources s USING (source)"
)
names = store.sql("SELECT id, name FROM labels WHERE \"group\" = 'kind' ORDER BY rank")
order = list(names["name"])
checked = read.merge(truth, on="article_id")
for column in ("terbaca", "benar"):
    checked[column] = checked[column].map(dict(zip(names["id"], names["name"], strict=True)))
checked["tepat"] = checked["terbaca"] == checked["benar"]

# %%
low, high = wilson(checked["tepat"].sum(), len(checked))
display(
    Markdown(
        f"{int(checked['tepat'].sum())} dari {len(checked)} artikel terbaca tepat "
        f"(interval 95 % {100 * low:.1f} sampai {100 * high:.1f} persen)."
        if len(checked)
        else "Tidak ada yang dapat diukur."
    )
)

# %% [markdown]
# ## Apa terbaca sebagai apa

# %%
grid = pd.MultiIndex.from_product([order, order], names=["benar", "terbaca"])
counts = (
    checked.groupby(["benar", "terbaca"]).size().reindex(grid, fill_value=0).rename("artikel").reset_index()
)
counts.pivot(index="benar", columns="terbaca", values="artikel").loc[order, order]

# %%
figures(
    confusion(counts.rename(columns={"benar": "sebenarnya"}), title="Jenis berita: sebenarnya dan terbaca"),
    "06-kekeliruan",
)

# %% [markdown]
# ## Presisi dan jangkauan setiap jenis
#
# Presisi: dari yang terbaca begitu, berapa yang benar. Jangkauan: dari yang sebenarnya begitu, berapa yang terbaca.

# %%
rows = []
for name in order:
    for measure, column in (("presisi", "terbaca"), ("jangkauan", "benar")):
        chosen = checked[checked[column] == name]
        rows.append((name, measure, int(chosen["tepat"].sum()), len(chosen)))
table = pd.DataFrame(rows, columns=["jenis", "ukuran", "tepat", "artikel"])
add_shares(table, "tepat", list(table["artikel"]))

# %% [markdown]
# ## Apakah keyakinannya dapat dipercaya?
#
# Kalau model berkata 0,8, seharusnya delapan dari sepuluh benar. Titik di bawah garis putus-putus: terlalu yakin.

# %%
bins = pd.cut(checked["keyakinan"], [0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0], include_lowest=True)
steps = checked.groupby(bins, observed=True).agg(
    keyakinan=("keyakinan", "mean"), tepat=("tepat", "sum"), artikel=("tepat", "size")
)
steps = add_shares(steps.reset_index(drop=True), "tepat", list(steps["artikel"]))
for column, share in (("benar", "persen"), ("bawah", "bawah"), ("atas", "atas")):
    steps[column] = steps[share] / 100
steps[["keyakinan", "benar", "bawah", "atas", "artikel"]]

# %%
figures(calibration(steps, title="Keyakinan dan ketepatan"), "06-kalibrasi")

# %% [markdown]
# ## Menurut sumber
#
# Sumber dengan tata letak atau gaya lain dapat terbaca lebih buruk. Interval yang lebar berarti: terlalu sedikit diperiksa.

# %%
outlets = checked.groupby("media", as_index=False).agg(tepat=("tepat", "sum"), artikel=("tepat", "size"))
outlets = add_shares(outlets, "tepat", list(outlets["artikel"]))
outlets.sort_values("persen", ignore_index=True)

# %%
chart = charts.bars(outlets, "media", "persen", title="Terbaca tepat menurut sumber", axis="persen", limit=20)
figures(chart, "06-sumber")

# %%
store.close()
