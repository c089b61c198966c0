"""The whole reading of a text: mentions, dates, places, officials, kind, cases and the event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from nlp.capacity import settled
from nlp.dates import find_dates
from nlp.events import Chooser, choose_event, load_chooser
from nlp.judge import Judge, Judgement, load_judge
from nlp.laws import find_laws
from nlp.mentions import merge_dates, merge_laws
from nlp.ner import Recogniser, load_recogniser
from nlp.officials import read_officials
from nlp.places import find_place_mentions, place_functions
from nlp.plain import plain
from nlp.records import Case, Document, EventRef, Extraction, Mention
from nlp.regions import Gazetteer, load_gazetteer
from nlp.repairs import Repairer
from nlp.roles import DATA, Roles, load_roles
from nlp.scene import Scene
from nlp.stats import find_stats

HERE = Path(__file__).resolve().parent
MODELS = HERE / "models"
PARTS = ("ner", "judge", "events")
# data files that questions, publishing and the desk use: the whole archive is not read anew for a name of an office
_NOT_FOR_READING = frozenset(
    ("deadlines.toml", "ikp.toml", "office_names.toml", "registry.toml", "stop_reasons.toml", "tiles.toml")
)
_LABELS = ("per", "role", "org")


class ModelFolderError(RuntimeError):
    """A folder that is named as one of models holds no part of one."""


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that reading needs, loaded once; `version` names the model, the data and the code."""

    recogniser: Recogniser
    gazetteer: Gazetteer
    roles: Roles
    judge: Judge
    chooser: Chooser
    repairer: Repairer
    version: str

    def extract(self, document: Document) -> Extraction:
        """Return what one document says."""
        return next(self.extract_many([document]))

    def extract_many(self, docs: Iterable[Document], batch: int = 64) -> Iterator[Extraction]:
        """Yield one extraction a document, in the order given; `batch` documents are recognised together."""
        pending = iter(docs)
        while chunk := list(islice(pending, batch)):
            reports = [plain(document) for document in chunk]
            spotted = self.recogniser.recognise([report.document.text for report in reports])
            for report, mentions in zip(reports, spotted, strict=True):
                yield report.restored(self._read(report.document, mentions))

    def _read(self, document: Document, spotted: Sequence[Mention]) -> Extraction:
        text, published = document.text, document.published
        laws = find_laws(text)
        by_label = {label: [m for m in spotted if m.label == label] for label in ("date", "law")}
        dates = merge_dates(text, find_dates(text, published), by_label["date"], published)
        ruled = [*dates, *merge_laws(text, laws, by_label["law"])]
        named = self.repairer.repair(text, [m for m in spotted if m.label in (*_LABELS, "loc")])
        places = find_place_mentions(text, [*named, *ruled], self.gazetteer, document.home)
        mentions = [*(m for m in named if m.label in _LABELS), *ruled, *places]
        mentions.sort(key=lambda m: (m.start, -m.end))
        officials, present = read_officials(text, mentions, naming=self.gazetteer.name, roles=self.roles)
        judgement = self.judge.judge(document, mentions, officials)
        scene = Scene(text, mentions, document.title or "")
        event = choose_event(self.chooser, document, scene, judgement)
        return Extraction(
            id=document.id,
            kind=judgement.kind,
            confidence=judgement.confidence,
            flags=judgement.flags,
            election=judgement.election,
            types=judgement.types,
            bentuk=judgement.bentuk,
            event=event,
            cases=_cases_at(judgement, event),
            officials=settled(officials, judgement.kind, judgement.cases),
            roles_present=present,
            mentions=tuple(place_functions(scene, event)),
            stats=find_stats(text, published, dates, [m for m in mentions if m.label == "per"]),
            legal_refs=laws,
            model_version=self.version,
            why=judgement.why,
        )


def _cases_at(judgement: Judgement, event: EventRef) -> tuple[Case, ...]:
    """Return the cases, the first of them with the event's date and place: it is its act.

    Of several cases the first keeps what its own evidence says, and takes from the event what no other case has.
    """
    if len(judgement.cases) < 2:
        return tuple(replace(case, place=event.place, event_date=event.date) for case in judgement.cases)
    first, *others = judgement.cases
    place = first.place or (event.place if all(case.place != event.place for case in others) else None)
    day = first.event_date or (event.date if all(case.event_date != event.date for case in others) else None)
    return replace(first, place=place, event_date=day), *others


@lru_cache(maxsize=2)
def load_model(path: Path | None = None) -> Model:
    """Return the model of a folder with the parts ner, judge and events (default: the one shipped).

    A part that the folder lacks is the shipped one. Raises RuntimeError where a part can't be read, or it has none.
    """
    if path and lacking(path) == PARTS:
        raise ModelFolderError(
            f"{path}: holds none of {', '.join(PARTS)}: name the folder that `wartawas train --out` wrote"
        )
    folders = {part: _part(path, part) for part in PARTS}
    # the quick ones first: what is missing is said at once
    chooser, judge = load_chooser(folders["events"]), load_judge(folders["judge"])
    roles, gazetteer = load_roles(), load_gazetteer()
    return Model(
        recogniser=load_recogniser(folders["ner"]),
        gazetteer=gazetteer,
        roles=roles,
        judge=judge,
        chooser=chooser,
        repairer=Repairer(roles, gazetteer),
        version=model_version(path),
    )


def model_version(path: Path | None = None) -> str:
    """Return the version that `load_model(path)` would have, without loading anything."""
    return _version([_part(path, part) for part in PARTS])


def lacking(path: Path) -> tuple[str, ...]:
    """Return the parts that a folder of models lacks: `load_model` takes those that are shipped."""
    return tuple(part for part in PARTS if not (path / part).is_dir())


def _part(path: Path | None, part: str) -> Path:
    own = path / part if path else None
    return own if own and own.is_dir() else MODELS / part


def _version(folders: Iterable[Path]) -> str:
    """Return a short hash over the trained files, the data files of reading and the code that reads with them."""
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    words = (file for file in sorted((DATA / "taxonomy").glob("*.toml")) if file.name not in _NOT_FOR_READING)
    files += [*words, *sorted(HERE.glob("*.py"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]
