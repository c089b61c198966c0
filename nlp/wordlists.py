"""The judge's word groups from data/taxonomy: topics of documents and the words for what is done with a case."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import RootModel

from nlp.roles import load_roles
from nlp.taxonomy import DATA, Row, TaxonomyError, load_taxonomy, read_rows


class TopicsFile(Row):
    """topics.toml as it stands: groups of words by the kind of document that they speak for."""

    cegah: dict[str, tuple[str, ...]]
    informasi: dict[str, tuple[str, ...]]
    lainnya: dict[str, tuple[str, ...]]
    perkara: dict[str, tuple[str, ...]]


class Steps(Row):
    """The phrases of a stage: strong ones nearly say it alone, weak ones only with others."""

    kuat: tuple[str, ...]
    lemah: tuple[str, ...]


class Against(Row):
    """Words that turn a phrase after them into a plan, a denial or a condition, and those that don't."""

    rencana: tuple[str, ...]
    ingkar: tuple[str, ...]
    andai: tuple[str, ...]
    pembukuan: tuple[str, ...]
    abaikan: tuple[str, ...]
    lain: tuple[str, ...]


class Verdicts(Row):
    """Words of acquittals and convictions, by whether the person stands before them or after."""

    dibebaskan: tuple[str, ...]
    membebaskan: tuple[str, ...]
    dihukum: tuple[str, ...]
    menghukum: tuple[str, ...]


class Press(Row):
    """Words that introduce the writers of a text."""

    sebelum: tuple[str, ...]


class Beside(Row):
    """Words that make somebody an accuser, a witness, a victim or cleared, before his name or behind it."""

    korban: tuple[str, ...]
    penuding: tuple[str, ...]
    pelapor: tuple[str, ...]
    dari: tuple[str, ...]
    saksi: tuple[str, ...]
    bersih: tuple[str, ...]
    bersih_resmi: tuple[str, ...]
    menyatakan: tuple[str, ...]
    penemu: tuple[str, ...]
    penindak: tuple[str, ...]
    ulah: tuple[str, ...]
    milik: tuple[str, ...]
    dirugikan: tuple[str, ...]
    pengerahan: tuple[str, ...]
    dikerahkan: tuple[str, ...]
    menyakiti: tuple[str, ...]
    diadukan: tuple[str, ...]
    mereka: tuple[str, ...]
    terlapor: tuple[str, ...]
    tersangka: tuple[str, ...]
    pengecam: tuple[str, ...]
    keberatan: tuple[str, ...]
    pencerita: tuple[str, ...]
    pengganti: tuple[str, ...]
    keliru: tuple[str, ...]
    kesaksian: tuple[str, ...]
    dipanggil: tuple[str, ...]


class Unreal(Row):
    """Words of what is played or invented, of authorities that deny a rumour, and of checked claims."""

    peragaan: tuple[str, ...]
    peran: tuple[str, ...]
    latihan: tuple[str, ...]
    dalih: tuple[str, ...]
    kabar: tuple[str, ...]
    sebar: tuple[str, ...]
    dusta: tuple[str, ...]
    keliru: tuple[str, ...]
    bantahan: tuple[str, ...]
    periksa: tuple[str, ...]
    klaim: tuple[str, ...]
    pihak: tuple[str, ...]


class Several(Row):
    """Words of texts with several cases: that go over to another, say how many there are, or part them."""

    giliran: tuple[str, ...]
    jumlah: tuple[str, ...]
    terpisah: tuple[str, ...]


class HandlingFile(Row):
    """handling.toml as it stands."""

    lawan: Against
    stage: dict[str, Steps]
    outcome: dict[str, tuple[str, ...]]
    track: dict[str, tuple[str, ...]]
    source: dict[str, tuple[str, ...]]
    vonis: Verdicts
    samping: Beside
    semu: Unreal
    beda: Several
    pers: Press


@lru_cache(maxsize=2)
def load_topics(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the word groups of topics.toml by `section:group`."""
    file = read_rows((folder or DATA / "taxonomy") / "topics.toml", TopicsFile)
    return {f"{section}:{group}": words for section, groups in file for group, words in groups.items()}


@lru_cache(maxsize=2)
def load_handling(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the phrases of handling.toml by label.

    Labels are `lawan:…`, `kuat:STAGE`, `lemah:STAGE`, `hasil:…`, `jalur:…`, `asal:…`, `vonis:…`, `samping:…`,
    `semu:…`, `beda:…`, `pers:sebelum`.

    Raises TaxonomyError where an id is not one of status.toml.
    """
    path = (folder or DATA / "taxonomy") / "handling.toml"
    file = read_rows(path, HandlingFile)
    taxonomy = load_taxonomy(folder)
    phrases = {f"lawan:{name}": words for name, words in file.lawan}
    phrases |= {f"vonis:{name}": words for name, words in file.vonis} | {"pers:sebelum": file.pers.sebelum}
    for prefix, words_by_name in (("samping", file.samping), ("semu", file.semu), ("beda", file.beda)):
        phrases |= {f"{prefix}:{name}": words for name, words in words_by_name}
    for stage, steps in file.stage.items():
        phrases[f"kuat:{stage}"] = steps.kuat
        phrases[f"lemah:{stage}"] = steps.lemah
    for prefix, groups in (("hasil", file.outcome), ("jalur", file.track), ("asal", file.source)):
        phrases |= {f"{prefix}:{name}": words for name, words in groups.items()}
    for section, ids, known in (
        ("stage", file.stage, taxonomy.stages),
        ("outcome", file.outcome, taxonomy.outcomes),
        ("track", file.track, taxonomy.tracks),
        ("source", file.source, taxonomy.sources),
    ):
        for name in ids:
            if name not in known:
                raise TaxonomyError(f"{path}: {section}: {name!r} is no id of status.toml")
    return phrases


class ActorsFile(RootModel[dict[str, tuple[str, ...]]]):
    """actors.toml as it stands: phrases by category of roles.toml."""


@lru_cache(maxsize=2)
def load_actors(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the phrases of actors.toml by category; raise TaxonomyError where roles.toml has no such category."""
    path = (folder or DATA / "taxonomy") / "actors.toml"
    actors = read_rows(path, ActorsFile).root
    for category in actors:
        if category not in load_roles().categories:
            raise TaxonomyError(f"{path}: {category!r} is no category of roles.toml")
    return actors
