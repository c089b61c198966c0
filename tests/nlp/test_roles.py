from __future__ import annotations

from pathlib import Path

import pytest

from nlp.cues import words_of
from nlp.roles import DATA, RolesError, load_roles
from nlp.text import fold

FILE = DATA / "taxonomy" / "roles.toml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "roles.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('category = "bawaslu.panwascam"', 'category = "bawaslu.kelurahan"', "bawaslu.kelurahan"),
        ('canonical = "Kapolres"', 'canonikal = "Kapolres"', "canonikal"),
        ('"kapolresta", "kapolrestabes"', '"kapolresta", "camat"', "'camat' stands under"),
        ('place = "kecamatan"', 'place = "rt"', "place"),
        ("metonym = true", 'metonym = "entahlah"', "entahlah"),
        ("[reading]", "[reading", "not readable as TOML"),
    ],
)
def test_load_roles_names_file_key_and_value_of_what_is_wrong(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(RolesError) as caught:
        load_roles(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_load_roles_refuses_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RolesError, match=r"roles\.toml"):
        load_roles(tmp_path / "roles.toml")


def test_roles_find_the_longest_form_first() -> None:
    found = list(load_roles().posts.find(words_of(fold("Ketua Panwaslu Kecamatan Adiluwih"))))
    assert (found[0].entry.canonical, found[0].last) == ("Ketua Panwaslu Kecamatan", 3)


def test_roles_know_every_rank_of_the_file() -> None:
    roles = load_roles()
    for form, printed in roles.file.ranks.long.items():
        found = next(roles.ranks.find(words_of(form)))
        assert (found.entry.printed, found.first) == (printed, 0)


def test_village_heads_of_all_regions_are_known() -> None:
    roles = load_roles()
    unknown = [
        head.term
        for head in roles.file.village_head
        if not any(f.entry.category == "desa.kepala" for f in roles.posts.find(words_of(fold(head.term))))
    ]
    assert unknown == []


def test_roles_file_says_nothing_about_how_it_was_made() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert not any(mark in text for mark in ("[V", "[M]", "seed"))
