"""Places: names to codes by level words, parents, institutions and the outlet's home; ambiguity kept."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.region_names import kind_of, load_region_words
from nlp.regions import Gazetteer, PlaceLink, PlaceSpan, load_gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def links(gazetteer: Gazetteer, marked: str, home: str | None = None) -> list[PlaceLink]:
    """Return the links of the places in [square brackets]."""
    text, spans = "", []
    for piece in re.split(r"(\[[^]]*\])", marked):
        bare = piece.strip("[]")
        if piece.startswith("["):
            spans.append(PlaceSpan(len(text), len(text) + len(bare)))
        text += bare
    return list(gazetteer.link(text, spans, home))


def codes(gazetteer: Gazetteer, marked: str, home: str | None = None) -> list[str | None]:
    return [link.codes[0] if link.codes else None for link in links(gazetteer, marked, home)]


def test_register_has_every_unit(gazetteer: Gazetteer) -> None:
    sizes = {size: sum(len(code) == size for code in gazetteer.names.official) for size in (2, 5, 8, 13)}
    assert sizes == {2: 38, 5: 514, 8: 7285, 13: 83762}
    assert gazetteer.path("32.02.32") == "Sukabumi, Kabupaten Sukabumi, Jawa Barat"
    assert gazetteer.name("99") is None


def test_an_everyday_word_is_a_region_only_where_its_level_or_office_says_so(gazetteer: Gazetteer) -> None:
    for home in (None, "32.01", "94.05"):
        assert codes(gazetteer, "Bawaslu mengawasi kampanye akbar di [Puncak]", home) == [None]
    assert codes(gazetteer, "Bawaslu mengawasi kampanye di [Kabupaten Puncak]") == ["94.05"]


def test_every_alias_and_town_names_a_unit(gazetteer: Gazetteer) -> None:
    words = load_region_words()
    assert not [
        code for code in [*words["aliases"].values(), *words["towns"].values()] if not gazetteer.name(code)
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # one name, three units: level words and offices decide
        ("Acara di [Kecamatan Sukabumi], [Kabupaten Sukabumi]", ["32.02.32", "32.02"]),
        ("Wali Kota [Sukabumi] dan Bupati [Sukabumi] hadir", ["32.72", "32.02"]),
        ("Penjabat Wali [Kota Sukabumi] hadir", ["32.72"]),
        (
            "Camat [Sukabumi] dan Danramil [Sukabumi] di [Kabupaten Sukabumi]",
            ["32.02.32", "32.02.32", "32.02"],
        ),
        ("Ketua Panwaslu Kecamatan [Sukabumi], [Kabupaten Sukabumi]", ["32.02.32", "32.02"]),
        (
            "Panitia Pengawas Pemilu Kecamatan (Panwaslucam) [Sukabumi] di [Kab. Sukabumi]",
            ["32.02.32", "32.02"],
        ),
        ("warga [Garut] dan [Kab. Garut]", ["32.05", "32.05"]),
        ("di aula di [Bandung], kata gubernur", ["32.73"]),
        ("Polres [Bogor] dan Polresta [Bogor] Kota", ["32.01", "32.71"]),
        ("Polres [Cirebon Kota]", ["32.74"]),
        ("Bawaslu Provinsi [Jambi] dan Bawaslu [Kota Jambi]", ["15", "15.71"]),
        # village words of every region
        (
            "Desa [Bungursari], [Kecamatan Bungursari], [Kabupaten Purwakarta]",
            ["32.14.13.2003", "32.14.13", "32.14"],
        ),
        (
            "Kepala Pekon [Adiluwih], [Kecamatan Adiluwih], [Kabupaten Pringsewu]",
            ["18.10.07.2001", "18.10.07", "18.10"],
        ),
        (
            "PKD [Bojong] dan PKD [Sukaluyu] se-[Kecamatan Kalibunder], [Kabupaten Sukabumi]",
            ["32.02.23.2002", "32.02.23.2005", "32.02.23", "32.02"],
        ),
        (
            "[Nagari Tabek Panjang], [Kecamatan Baso], [Kabupaten Agam]",
            ["13.06.08.2002", "13.06.08", "13.06"],
        ),
        ("Kapolsek [Kalibunder] dan Kapolres [Sukabumi]", ["32.02.23", "32.02"]),
        # datelines, abbreviations, old and new names
        ("[PRINGSEWU] – Bawaslu [Kabupaten Pringsewu]", ["18.10", "18.10"]),
        ("[Jabar], [Kaltim], [NTB], [DIY] dan [Kepri]", ["32", "64", "52", "34", "21"]),
        ("Bupati [Kukar] dan Bawaslu [Tubaba]", ["64.02", "18.12"]),
        ("[Kabupaten Mamuju Utara] kini [Pasangkayu]", ["76.01", "76.01"]),
        ("[Papua Pegunungan], [Papua Barat Daya] dan [Papua Selatan]", ["95", "96", "93"]),
        ("KPU [Kabupaten Jayawijaya], [Distrik Wamena]", ["95.01", "95.01.01"]),
        ("[Bandarlampung] dan [Bandar Lampung]", ["18.71", "18.71"]),
        ("[SAMPIT] – Bawaslu [Kotim]", ["62.02.06", "62.02"]),
        # what looks like a venue may be a unit, and the other way round
        ("warga [Teluk Dalam], [Kabupaten Nias Selatan]", ["12.14.06", "12.14"]),
        ("di [Aula PGRI] [Kecamatan Adiluwih]", [None, "18.10.07"]),
        ("[Indonesia] dan [Pulau Jawa]", [None, None]),
        # spelling variants in a region that the text names
        (
            "[Kelurahan Fajar Bulan], [Kecamatan Way Tenong], [Lampung Barat]",
            ["18.04.07.1001", "18.04.07", "18.04"],
        ),
    ],
)
def test_link_chooses_the_unit(gazetteer: Gazetteer, marked: str, expected: list[str | None]) -> None:
    assert codes(gazetteer, marked) == expected


def test_numeral_of_a_name_is_exact(gazetteer: Gazetteer) -> None:
    # the register has Urfas II and no Urfas I
    assert codes(gazetteer, "[Kampung Urfas I], [Distrik Urei Faisei], [Kabupaten Waropen]")[0] is None
    assert codes(gazetteer, "[Kampung Urfas II], [Distrik Urei Faisei]")[0] == "91.15.08.2002"


def test_district_of_a_city_may_lack_the_word_of_the_register(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Camat [Ternate Selatan], [Kota Ternate]") == ["82.71.02", "82.71"]
    assert codes(gazetteer, "di [Ternate Selatan], [Kota Ternate]")[0] is None


def test_parent_in_the_text_decides_between_homonyms(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Panwascam [Sukadana] di [Kabupaten Lampung Timur]")[0] == "18.07.01"
    assert codes(gazetteer, "Panwascam [Sukadana] di [Kabupaten Ciamis]")[0] == "32.07.14"


def test_home_of_the_outlet_decides_where_the_text_is_silent(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Camat [Sukadana] hadir", home="32.07") == ["32.07.14"]
    assert codes(gazetteer, "Camat [Sukadana] hadir", home="18.07") == ["18.07.01"]
    assert codes(gazetteer, "Kepala Desa [Bojong] hadir", home="32.02.23") != [None]


def test_ambiguity_is_kept_with_lower_confidence(gazetteer: Gazetteer) -> None:
    unsure = links(gazetteer, "Camat [Sukadana] hadir")[0]
    assert set(unsure.codes) == {"18.07.01", "32.07.14", "61.11.01"}
    sure = links(gazetteer, "Camat [Sukadana] hadir di [Kabupaten Ciamis]")[0]
    assert sure.codes == ("32.07.14",)
    assert unsure.confidence < sure.confidence


def test_a_bare_regency_speaks_for_no_kecamatan_of_its_name(gazetteer: Gazetteer) -> None:
    # Kebumen has four villages Karangsari, one of them in its kecamatan Kebumen
    text = "[KEBUMEN] – Kepala desa di [Desa Karangsari] diperiksa {}."
    assert len(links(gazetteer, text.format("Bawaslu [Kebumen]"))[1].codes) == 4
    told = links(gazetteer, text.format("Panwascam di [Kecamatan Kebumen]"))[1]
    assert told.codes == ("33.05.12.2028",)


def test_bare_village_name_is_no_place_without_its_region(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "warga [Sukamaju] berkumpul") == [None]
    assert codes(gazetteer, "Kepala Desa [Sukamaju] hadir") == [None]  # 119 villages bear the name
    assert codes(gazetteer, "warga [Cimahpar] di [Kecamatan Kalibunder]")[0] == "32.02.23.2003"


def test_unlisted_place_lies_in_the_place_behind_it(gazetteer: Gazetteer) -> None:
    unlisted = links(gazetteer, "[Desa Rawaketinggalan], [Kecamatan Kalibunder], [Kabupaten Sukabumi]")[0]
    assert (unlisted.codes, unlisted.method, unlisted.within) == ((), "none", "32.02.23")
    town = links(gazetteer, "[TAKENGON] – Panwaslih setempat")[0]
    assert (town.codes, town.method, town.within) == ((), "town", "11.04")


def test_invented_regency_has_no_code_and_its_bare_name_neither(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "KPU [Kabupaten Bontorannu], lalu Ketua Bawaslu [Bontorannu]") == [None, None]


def test_host_tells_the_level(gazetteer: Gazetteer) -> None:
    text = "Kapolsek yang baru di Sukabumi"
    start = text.index("Sukabumi")
    span = PlaceSpan(start, len(text), host=text)
    assert gazetteer.link(text + ", Kabupaten Sukabumi", [span, PlaceSpan(32, 50)])[0].level == "kecamatan"


def test_method_says_how_the_unit_was_found(gazetteer: Gazetteer) -> None:
    found = links(gazetteer, "[Kabupaten Pringsewu], Camat [Adiluwih], warga [Adiluwih], juga [Gadingrejo]")
    assert [link.method for link in found] == ["level_word", "institution", "same_name", "parent"]
    assert [link.level for link in found] == ["kabupaten", "kecamatan", "kecamatan", "kecamatan"]


def test_find_proposes_level_word_and_name(gazetteer: Gazetteer) -> None:
    text = (
        "Rapat di Kecamatan Adiluwih, lalu desa Bungursari, Kec. Baso. "
        "Warga desa. Bila perlu Kecamatan Antah."
    )
    assert [text[a:b] for a, b in gazetteer.find(text)] == [
        "Kecamatan Adiluwih",
        "desa Bungursari",
        "Kec. Baso",
    ]
    taken = text.index("Kecamatan Adiluwih")
    assert [text[a:b] for a, b in gazetteer.find(text, [(taken, taken + 18)])] == [
        "desa Bungursari",
        "Kec. Baso",
    ]


def test_find_parts_names_at_the_next_level_word(gazetteer: Gazetteer) -> None:
    text = "di Desa Enggal Rejo Kecamatan Adiluwih dan Desa Contohan Kecamatan Adiluwih"
    assert [text[a:b] for a, b in gazetteer.find(text)] == [
        "Desa Enggal Rejo",
        "Kecamatan Adiluwih",
        "Kecamatan Adiluwih",
    ]


def test_find_gives_the_bare_name_behind_an_office(gazetteer: Gazetteer) -> None:
    text = "kata Kepala Desa Enggal Rejo di Desa Enggal Rejo"
    assert [text[a:b] for a, b in gazetteer.find(text)] == ["Enggal Rejo", "Desa Enggal Rejo"]


def test_find_gives_the_bare_name_inside_offices(gazetteer: Gazetteer) -> None:
    text = "Ketua Panwaslu Kecamatan Adiluwih dan Wali Kota Sukabumi"
    assert [text[a:b] for a, b in gazetteer.find(text, hosts=[(0, 33)])] == ["Adiluwih", "Sukabumi"]


@pytest.mark.parametrize(
    ("office", "place"),
    [
        ("Ketua Bawaslu Kabupaten Pringsewu", "Pringsewu"),
        ("Bawaslu Jawa Barat", "Jawa Barat"),
        ("Panwaslu Kecamatan Way Tenong", "Way Tenong"),
        ("Kepala Desa Rawaketinggalan", "Rawaketinggalan"),
        ("Panitia Pengawas Pemilu Kecamatan (Panwascam) Cikembar", "Cikembar"),
        ("Kapolres Ogan Komering Ulu", "Ogan Komering Ulu"),
        ("Bawaslu DKI Jakarta", "Jakarta"),
        ("Badan Kepegawaian Negara", None),
        ("Bawaslu RI", None),
        ("Kepala Dinas Pendidikan", None),
        ("Partai Fajar Nusa Raya", None),
        ("Bupati", None),
    ],
)
def test_nested_finds_the_place_at_the_tail(gazetteer: Gazetteer, office: str, place: str | None) -> None:
    text = f"Hadir {office}, kemarin"
    found = gazetteer.nested(text, 6, 6 + len(office))
    assert (text[found[0] : found[1]] if found else None) == place


def test_kind_of_code() -> None:
    assert [kind_of(code) for code in ("32", "32.02", "32.72", "32.02.32", "32.02.32.2001")] == [
        "provinsi", "kabupaten", "kota", "kecamatan", "desa",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=6))
def test_any_text_and_spans_are_linked_without_a_crash(text: str, cuts: list[tuple[int, int]]) -> None:
    gazetteer = load_gazetteer()
    spans = [PlaceSpan(min(a, len(text)), min(a + n, len(text))) for a, n in cuts]
    assert len(gazetteer.link(text, spans, "32.02")) == len(spans)
    gazetteer.find(text)
    for span in spans:
        gazetteer.nested(text, span.start, span.end)


def test_long_page_is_linked_without_quadratic_cost(gazetteer: Gazetteer) -> None:
    piece = (
        "Camat Sukabumi di Kecamatan Sukabumi, Kabupaten Sukabumi, warga Garut serta Kepala Desa Sukamaju. "
    )
    names = ("Sukabumi", "Kecamatan Sukabumi", "Kabupaten Sukabumi", "Garut", "Sukamaju")

    def seconds(times: int) -> float:
        text = piece * times
        spans = [
            PlaceSpan(at + piece.index(name), at + piece.index(name) + len(name))
            for at in range(0, len(text), len(piece))
            for name in names
        ]
        begin = time.process_time()
        gazetteer.link(text, spans)
        gazetteer.find(text, [(span.start, span.end) for span in spans])
        return time.process_time() - begin

    seconds(5)
    assert seconds(600) < 30 * max(seconds(60), 0.02)


def test_seed_places_have_their_codes(gazetteer: Gazetteer) -> None:
    folder = os.environ.get("WARTAWAS_GOLD")
    if not folder:
        pytest.skip("WARTAWAS_GOLD is not set: the reference articles are not in the repository")
    wrong = []
    for article in json.loads((Path(folder) / "seeds" / "gold.json").read_text(encoding="utf-8")):
        text = (Path(folder) / "seeds" / article["file"]).read_text(encoding="utf-8")
        spans = {m.span(): name for name in article["places"] for m in re.finditer(re.escape(name), text)}
        outer = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
        found = gazetteer.link(text, [PlaceSpan(*span) for span in outer])
        for span, link in zip(outer, found, strict=True):
            gold = article["places"][spans[span]]
            if link.codes[:1] not in [(code,) for code in ([gold] if isinstance(gold, str) else gold)]:
                wrong.append((article["file"], spans[span], link.codes))
    assert not wrong
