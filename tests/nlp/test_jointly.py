"""The second look at types, outcomes and persons: each beside its rivals."""

from __future__ import annotations

import pytest

from nlp import jointly
from nlp.accused import find_cast
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document
from tests.nlp.tagged import read_tags


def test_a_type_is_seen_beside_its_siblings_and_strangers() -> None:
    chances = {
        "politik_uang.uang": 0.9,
        "politik_uang.barang": 0.3,
        "netralitas.kades": 0.6,
        "apk.perusakan": 0.01,
    }
    pairs = jointly.type_features(chances, {"desa.kepala": 0.8, "warga": 0.1})
    assert set(pairs) == {"politik_uang.uang", "politik_uang.barang", "netralitas.kades"}
    goods = pairs["politik_uang.barang"]
    assert goods["j:sibling"] == 0.9
    assert goods["j:above sibling"] == pytest.approx(-0.6)
    assert goods["j:stranger"] == 0.6
    assert goods["j:rank"] == 1.0
    assert "j:top" not in goods
    assert pairs["politik_uang.uang"]["j:top"] == 1.0
    assert pairs["netralitas.kades"]["j:netralitas.kades|desa.kepala"] == 0.8
    assert not any(name.endswith("|warga") for name in goods)


def test_a_lone_type_has_no_rival() -> None:
    pairs = jointly.type_features({"apk.perusakan": 0.7}, {})
    assert pairs["apk.perusakan"]["j:margin"] == 0.7
    assert "j:mass" not in pairs["apk.perusakan"]


def test_the_likeliest_type_is_a_candidate_however_unlikely() -> None:
    assert set(jointly.type_features({"apk.perusakan": 0.005, "netralitas.asn": 0.019}, {})) == {
        "netralitas.asn"
    }


def test_an_outcome_is_seen_beside_the_other_tracks() -> None:
    chances = {
        ("pidana", "belum"): 0.2,
        ("pidana", "dihentikan"): 0.6,
        ("administrasi", "terbukti"): 0.5,
        ("kode_etik", "belum"): 0.1,
        ("hukum_lainnya", "belum"): 0.05,
    }
    pairs = jointly.outcome_features(chances)
    assert set(pairs) == set(chances)
    stopped = pairs["pidana", "dihentikan"]
    assert stopped["k:total"] == pytest.approx(0.8)
    assert stopped["k:share"] == pytest.approx(0.75)
    assert stopped["k:best"] == stopped["k:first"] == 1.0
    assert stopped["k:rival"] == 0.5
    assert stopped["k:mass"] == pytest.approx(0.65)
    assert "k:best" not in pairs["pidana", "belum"]


def test_a_person_is_seen_beside_those_of_the_same_list() -> None:
    text, mentions = read_tags(
        "<per>Ali Tono</per>, <per>Budi Raya</per> dan <per>Citra Dewi</per> diduga membagikan uang. "
        "<role>Ketua Bawaslu Agam</role>, <per>Dedi Misal</per>, mengatakan hal itu."
    )
    cast = find_cast(read_document(Document("x", text), mentions), read_officials(text, mentions)[0])
    posts = {"bawaslu.anggota": 0.1}
    ali, budi, citra, dedi = jointly.person_features(
        cast, [0.9, 0.3, 0.7, 0.05], posts, {"bawaslu.anggota": 0.02}, {"bawaslu.anggota": 0.04}, {0}
    )
    assert ali["p:top"] == ali["p:inside"] == ali["p:list"] == 1.0
    assert (budi["p:evidence list most"], budi["p:evidence list least"]) == (0.9, 0.7)
    assert budi["p:list mean"] == pytest.approx(0.8)
    assert budi["p:margin"] == pytest.approx(-0.6)
    assert "p:likely" in citra
    assert not {"p:list", "p:inside", "p:likely"} & set(dedi)
    assert (dedi["p:post"], dedi["p:unnamed"], dedi["p:text"]) == (0.1, 0.02, 0.04)


def test_a_person_alone_has_no_company() -> None:
    text, mentions = read_tags("<per>Ali Tono</per> diduga membagikan uang.")
    cast = find_cast(read_document(Document("x", text), mentions), ())
    (ali,) = jointly.person_features(cast, [0.4], {}, {}, {}, {0})
    assert ali["p:alone"] == ali["p:top"] == 1.0
    assert not any(name.startswith(("p:list", "p:peer", "p:several", "p:mass")) for name in ali)
