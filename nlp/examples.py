"""What the judge is trained on: annotated articles, made texts and general news, read once, each with its fold."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from nlp.accuse import Suspicion
from nlp.accused import Cast, find_cast
from nlp.corpus import CORPUS, Row, groups, load_corpus, load_field, load_later
from nlp.cues import Phrasebook, words_of
from nlp.linear import Features, Linear
from nlp.officials import read_officials
from nlp.reading import Reading, read_document
from nlp.records import Document, Mention, Official
from nlp.taxonomy import load_taxonomy
from nlp.text import fold
from nlp.told import Told

Pair = TypeVar("Pair", bound=Hashable)
FOLDS = 5
NEWS = 1500  # general articles that are enough to tell what has nothing to do with elections
NEWS_WEIGHT = 0.2  # general articles must not outvote what election news say
CONTRAST_WEIGHT = 0.2  # nor made texts real ones
MADE_WEIGHT = 0.5  # of made texts where types and stages are learnt from words


@dataclass(slots=True)
class Example:
    """An annotated article with what was read from it, and what models that did not see it say of it."""

    row: Row | None  # None: general news
    weight: float  # beside an annotated article, which weighs 1
    reading: Reading
    officials: tuple[Official, ...]
    fold: int
    more: bool = False  # one of data/corpus/later, field, judge or several
    twice: bool = False  # one of data/corpus/field: as real reports are, it counts twice
    asserted: list[float] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    offices: dict[str, float] = field(default_factory=dict)  # categories of the accused, by the words alone
    suspicion: Suspicion | None = None
    types: dict[str, float] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    sentences: list[Features] = field(default_factory=list)  # features of each, made once
    steps: Told = field(default_factory=list)  # what the title and each tell of the handling
    named: Cast | None = None

    @property
    def cast(self) -> Cast:
        """Return everybody whom the text names, read once."""
        if self.named is None:
            self.named = find_cast(self.reading, self.officials)
        return self.named

    @property
    def accused(self) -> dict[str, float]:
        """Return how likely each category of post is accused."""
        return self.suspicion.posts if self.suspicion else {}

    @property
    def gold(self) -> Row:
        """Return the annotation; general news has none."""
        if self.row is None:
            raise ValueError(f"{self.reading.document.id} is not annotated")
        return self.row


def load_more() -> list[Row]:
    """Return the articles of data/corpus/judge, several, later and field, none where the folders are absent.

    The entities of the first two were tagged by the recogniser and looked through only quickly: they train nothing
    else. Most of `several` tell several cases, the
    others look so.
    """
    folders = [folder for name in ("judge", "several") if (folder := CORPUS / name).is_dir()]
    return [*(row for folder in folders for row in load_corpus(folder, check=False)), *load_later()]


def choose_news(news: Sequence[str], most: int = NEWS) -> list[str]:
    """Return at most `most` of the news that name no election, the same ones for the same input."""
    book = Phrasebook({"election": load_taxonomy().file.election.words})
    ordered = sorted(news, key=lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
    plain = (text for text in ordered if text.strip() and not book.find(words_of(fold(text))))
    return list(islice(plain, most))


def read_examples(
    rows: Sequence[Row],
    news: Sequence[str],
    mentions: Mapping[str, tuple[Mention, ...]] | None = None,
    contrasts: Sequence[Row] = (),
    *,
    more: Sequence[Row] = (),
) -> list[Example]:
    """Return the articles read once, each with its fold: articles of one event share one.

    `mentions` replaces an article's annotated spans by what a recogniser found there; `more` are the articles of
    `load_more`; `contrasts` are made texts that teach what makes a case, and nothing else.
    """
    articles = [*rows, *more]
    group = groups([*articles, *contrasts])
    field_ids = {row.id for row in load_field()}
    keys = sorted(set(group.values()))
    random.Random(7).shuffle(keys)  # noqa: S311 - folds, no secret
    fold = {key: at % FOLDS for at, key in enumerate(keys)}
    examples: list[Example] = []
    for row in (*articles, *contrasts):
        spans = (mentions or {}).get(row.id) or gold_mentions(row)
        officials, _ = read_officials(row.text, spans)
        at = len(examples)
        weight = 1.0 if at < len(articles) else CONTRAST_WEIGHT
        reading = read_document(gold_document(row), spans)
        added = len(rows) <= at < len(articles)
        twice = row.id in field_ids
        examples.append(Example(row, weight, reading, officials, fold[group[row.id]], added, twice))
    for at, text in enumerate(news):
        title, _, body = text.partition("\n")
        reading = read_document(Document(f"news-{at}", body.strip() or title, title if body else None))
        examples.append(Example(None, NEWS_WEIGHT, reading, (), at % FOLDS))
    return examples


def with_field_twice(examples: Sequence[Example]) -> list[Example]:
    """Return the examples, those of data/corpus/field once more.

    Written articles tell more than real reports do: in one of a hundred written cases no step is told, in one of six
    real ones; a quarter of the accused of the former are unnamed, half of those of the latter.
    """
    return [*examples, *(one for one in examples if one.twice)]


def kind_shares(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weight of each kind among the added articles that gives it the share it has among the first ones.

    Three of four added ones tell cases: at their own shares every text would look more like one. A kind that the
    first ones lack has none.
    """
    first = Counter(one.gold.kind for one in examples if one.weight == 1 and not one.more)
    added = Counter(one.gold.kind for one in examples if one.more)
    return {
        kind: first[kind] * added.total() / (first.total() * count)
        for kind, count in added.items()
        if first[kind]
    }


def each_fold(examples: Sequence[Example]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield for each fold the places of the examples outside and inside."""
    for number in sorted({one.fold for one in examples}):
        inside = [one.fold == number for one in examples]
        yield [at for at, it in enumerate(inside) if not it], [at for at, it in enumerate(inside) if it]


def words_unseen(
    examples: Sequence[Example], words: Sequence[Features], fit: Callable[[Sequence[int]], Linear]
) -> list[dict[str, float]]:
    """Return what a model over words says of each example that did not see its fold; made texts follow in `words`."""
    said: list[dict[str, float]] = [{} for _ in examples]
    for kept, held in each_fold(examples):
        model = fit([*kept, *range(len(examples), len(words))])
        for at in held:
            said[at] = model.probabilities(words[at])
    return said


def pairs_unseen(
    examples: Sequence[Example],
    pairs: Sequence[Mapping[Pair, Features]],
    fit: Callable[[Sequence[int]], Linear],
) -> list[dict[Pair, float]]:
    """Return the probability of each pair of each example, as a model over pairs says that did not see its fold."""
    said: list[dict[Pair, float]] = [{} for _ in examples]
    for kept, held in each_fold(examples):
        model = fit(kept)
        for at in held:
            said[at] = {name: model.probabilities(features)["y"] for name, features in pairs[at].items()}
    return said


def gold_document(row: Row) -> Document:
    """Return an annotated article as the document that would be judged."""
    published = datetime.fromisoformat(row.published) if row.published else None
    return Document(row.id, row.text, row.title or None, None, published, row.outlet)


def gold_mentions(row: Row) -> tuple[Mention, ...]:
    """Return the annotated spans as mentions."""
    return tuple(
        Mention(s.label, s.start, s.end, s.text, code=s.code, iso=s.iso) for s in row.spans if s.label != "ev"
    )


def is_evidence(row: Row, reading: Reading, at: int) -> bool:
    """Tell whether sentence `at` is annotated as evidence (more than half shared with an annotated span)."""
    start, end = reading.sentences[at].start, reading.sentences[at].end
    for span in row.spans:
        shared = min(end, span.end) - max(start, span.start)
        if span.label == "ev" and shared > 0 and shared / (max(end, span.end) - min(start, span.start)) > 0.5:
            return True
    return False


def outcomes_of(row: Row) -> dict[str, str]:
    """Return the outcome of each track that the header names."""
    parts = (part.strip().partition("=") for part in row.outcome.split(";"))
    return {track.strip(): value.strip() for track, _, value in parts if value}
