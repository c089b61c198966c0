"""The second look at types and outcomes: each beside its rivals."""

from __future__ import annotations

import pytest

from nlp import jointly


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
