"""One event counted once: python tests/bench/events_bench.py. B-cubed over the clusters `kasus-*` of the corpus.

The shipped model reads their texts: `wartawas process`, `publish` and `query membership --json`, as an operator would
run them. Prints precision, recall and F1 over all articles that tell one event, over those outside and inside the test
split, and what "same regency = same event" reaches with the annotated places.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))

from annotated import bcubed

from nlp.corpus import load_corpus, test_ids


def wartawas(var: Path, *arguments: str) -> str:
    """Run a command on a folder of runs and return what it printed."""
    environment = {**os.environ, "WARTAWAS_VAR": str(var)}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def print_figures(what: str, gold: Mapping[str, str], said: Mapping[str, str], docs: Collection[str]) -> None:
    """Print one line of figures."""
    precision, recall, f1 = bcubed(gold, said, docs)
    print(
        f"{what} ({len(docs)} articles): precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}",
        flush=True,
    )


def main() -> None:
    rows = [row for row in load_corpus(check=False) if row.id.startswith("kasus-")]
    with tempfile.TemporaryDirectory(prefix="events-bench-") as folder:
        texts = Path(folder, "texts.jsonl")
        with texts.open("w", encoding="utf-8") as file:
            for row in rows:
                document = {"id": row.id, "title": row.title, "published": row.published, "text": row.text}
                file.write(json.dumps(document, ensure_ascii=False) + "\n")
        var = Path(folder, "var")
        wartawas(var, "process", str(texts))
        wartawas(var, "publish")
        lines = wartawas(var, "query", "membership", "--json").splitlines()
    said = {found["id"]: found["event_id"] for line in lines if (found := json.loads(line))["event_id"]}
    gold = {row.id: row.event for row in rows if row.event and "," not in row.event}
    tested = test_ids()
    print_figures("all", gold, said, gold)
    print_figures("outside the test split", gold, said, [doc for doc in gold if doc not in tested])
    print_figures("test split", gold, said, [doc for doc in gold if doc in tested])
    print_figures("same regency", gold, {row.id: row.event_place[:5] for row in rows}, gold)


if __name__ == "__main__":
    main()
