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
# # 09 · Latih pengklasifikasi sendiri dari data yang ditinjau
#
# **English summary.** Train and honestly measure a classifier of article kinds on reviewed articles: folders that
# `wartawas export --labels` wrote (`WARTAWAS_LABELS`), or, where there are none, the training part of the authored corpus. Folds
# keep all tellings of one event together; the frozen test split is never touched; a majority guess stands beside it; the
# interval comes from resampling groups of events.
#
# Pertanyaannya: seberapa baik pengklasifikasi sederhana, dan apakah lebih banyak tinjauan akan membantunya?

# %%
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from nlp.corpus import CORPUS, groups, load_corpus, split, test_ids
from pipeline import charts, open_store
from pipeline.figures import Figures
from pipeline.labels import KINDS
from pipeline.study_charts import confusion

LIPATAN = 5
CUKUP = 60  # artikel yang ditinjau; di bawah itu korpus karangan dipakai
store = open_store()
figures = Figures(store)

# %% [markdown]
# ## Bahan

# %%
labels = os.environ.get("WARTAWAS_LABELS")
rows = load_corpus(Path(labels), check=False) if labels else []
if len(rows) >= CUKUP and len({row.kind for row in rows}) > 1:
    origin = f"data yang ditinjau ({labels})"
    mark = "CONTOH – rekaan · " if store.facts.invented else ""
    figures.note = f"{mark}data yang ditinjau · {len(rows)} artikel"
else:
    why = (
        f"baru {len(rows)} artikel yang ditinjau, perlu {CUKUP}" if labels else "belum ada data yang ditinjau"
    )
    rows, _, _ = split(load_corpus(CORPUS), test_ids(CORPUS))
    origin = f"bagian latih korpus karangan (`data/corpus`): {why}. Semua artikelnya rekaan"
    figures.note = f"CONTOH – rekaan · korpus karangan · {len(rows)} artikel"
display(Markdown(f"Bahan: {origin}; {len(rows)} artikel. Bagian uji yang dibekukan tidak dibuka di sini."))
texts = [f"{row.title}\n{row.text}" for row in rows]
kinds = [row.kind for row in rows]
named = groups(rows)
events = [named[row.id] for row in rows]
pd.Series(kinds).map(KINDS).value_counts().rename("artikel").to_frame()

# %% [markdown]
# ## Ukuran yang jujur
#
# Semua cerita tentang satu kejadian tetap dalam satu lipatan: kalau tidak, model menghafal kejadiannya. Artikel yang ditinjau
# kebanyakan dipilih karena model ragu, jadi angka ini bukan ketepatan pada berita sehari-hari.


# %%
def classifier() -> object:
    """Return what is trained: words, weighted by TF-IDF, and logistic regression."""
    words = TfidfVectorizer(min_df=3, sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(C=10, class_weight="balanced"))


def predictions(texts: list[str], kinds: list[str], events: list[str]) -> list[str]:
    """Return what models that did not see an article's event say of it."""
    said = [""] * len(texts)
    for train, test in GroupKFold(min(LIPATAN, len(set(events)))).split(texts, kinds, events):
        model = classifier().fit([texts[n] for n in train], [kinds[n] for n in train])
        for n, kind in zip(test, model.predict([texts[n] for n in test]), strict=True):
            said[n] = str(kind)
    return said


said = predictions(texts, kinds, events)
commonest = Counter(kinds).most_common(1)[0][0]

# %%
order = [kind for kind in KINDS if kind in set(kinds)]


def macro_f1(chosen: list[int], said: list[str]) -> float:
    """Return the mean F1 over the kinds of these articles."""
    truth = [kinds[n] for n in chosen]
    return float(f1_score(truth, [said[n] for n in chosen], labels=order, average="macro", zero_division=0))


members: dict[str, list[int]] = {}
for n, event in enumerate(events):
    members.setdefault(event, []).append(n)
rng = random.Random(0)
draws = []
for _ in range(200):
    sample = [n for event in rng.choices(list(members), k=len(members)) for n in members[event]]
    draws.append(macro_f1(sample, said))
low, high = np.quantile(draws, [0.025, 0.975])
everything = list(range(len(rows)))
display(
    Markdown(
        f"F1 makro {macro_f1(everything, said):.3f} (interval 95 % {low:.3f} sampai {high:.3f}); menebak selalu "
        f"*{KINDS[commonest]}* memberi {macro_f1(everything, [commonest] * len(rows)):.3f}."
    )
)

# %% [markdown]
# ## Apa terbaca sebagai apa

# %%
grid = pd.MultiIndex.from_product([order, order], names=["sebenarnya", "terbaca"])
counts = pd.DataFrame({"sebenarnya": kinds, "terbaca": said}).groupby(["sebenarnya", "terbaca"]).size()
table = counts.reindex(grid, fill_value=0).rename("artikel").reset_index()
for column in ("sebenarnya", "terbaca"):
    table[column] = table[column].map(KINDS)
figures(confusion(table, title="Pengklasifikasi sederhana, lipatan per kejadian"), "09-kekeliruan")

# %% [markdown]
# ## Apakah lebih banyak tinjauan akan membantu?
#
# Dilatih dengan sebagian bahan, diukur pada sisanya. Kalau bahan penuh masih jelas lebih tepat daripada separuhnya, meninjau
# lebih banyak berguna.

# %%
sizes = []
held = {event for n, event in enumerate(sorted(members)) if n % LIPATAN == 0}
test = [n for n in everything if events[n] in held]
pool = [event for event in sorted(members) if event not in held]
random.Random(1).shuffle(pool)
for share in (0.1, 0.25, 0.5, 1.0):
    part = set(pool[: max(2, int(share * len(pool)))])
    train = [n for n in everything if events[n] in part]
    if len({kinds[n] for n in train}) < 2:
        continue
    model = classifier().fit([texts[n] for n in train], [kinds[n] for n in train])
    guess = dict(zip(test, map(str, model.predict([texts[n] for n in test])), strict=True))
    score = macro_f1(test, [guess.get(n, "") for n in everything])
    sizes.append((f"{len(train)} artikel", round(score, 3)))
curve = pd.DataFrame(sizes, columns=["bahan", "f1_makro"])
curve

# %%
chart = charts.bars(
    curve, "bahan", "f1_makro", title="F1 makro menurut banyaknya bahan latih", axis="F1 makro"
)
figures(chart, "09-banyaknya-bahan")

# %% [markdown]
# ## Kata yang membedakan
#
# Bobot terbesar setiap jenis. Kalau di sini muncul nama orang, tempat, atau media, modelnya menghafal dan bahannya kurang
# beragam.

# %%
model = classifier().fit(texts, kinds)
vocabulary = model[0].get_feature_names_out()
weights = model[1].coef_ if len(model[1].classes_) > 2 else np.vstack([-model[1].coef_, model[1].coef_])
pd.DataFrame(
    {
        KINDS[str(kind)]: [vocabulary[n] for n in np.argsort(-row)[:12]]
        for kind, row in zip(model[1].classes_, weights, strict=True)
    }
)

# %% [markdown]
# ## Lalu?
#
# Model yang dipakai Wartawas membaca lebih dari kata: `wartawas train --corpus FOLDER` melatihnya dengan bahan yang sama, dan
# `wartawas evaluate` mengukurnya pada bagian uji yang dibekukan, dengan batas bawah yang tidak boleh dilewati.

# %%
store.close()
