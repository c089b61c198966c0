"""Groups of accused who are named apart from the act, and groups of others."""

from __future__ import annotations

import pytest

from nlp.presented import read_presented
from tests.nlp.tagged import cast_of

ACT = "Tiga kepala desa diduga mendukung calon bupati."
LIST = "1. <per>Ali Tono</per> (Ketua)\n2. <per>Budi Raya</per>, sepupu <per>Didi Wai</per>\n3. <per>Cici Moka</per>"


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (
            "Ketiganya ialah <per>Ali Tono</per>, <per>Budi Raya</per>, dan <per>Cici Moka</per>.",
            "Ali Budi Cici",
        ),
        ("Ketiga kades itu masing-masing <per>Ali Tono</per> dan <per>Budi Raya</per>.", "Ali Budi"),
        ("Mereka adalah <per>AT</per>, <per>BR</per>, dan <per>CM</per>.", "AT BR CM"),
        (
            "Menurut <per>Didi Wai</per>, ketiganya yakni <per>AT</per>, <per>BR</per>, dan <per>CM</per>.",
            "AT BR CM",
        ),
        (f"Berikut daftarnya:\n\n{LIST}\n\nBawaslu mengkaji.", "Ali Budi Cici"),
        ("Dua di antaranya yaitu <per>AT</per> dan <per>BR</per>.", "AT BR"),
        ("Mereka adalah <per>AT</per> dan <per>BR</per>.", ""),  # two of three? it does not say so
        ("Keempatnya adalah <per>AT</per>, <per>BR</per>, <per>CM</per>, dan <per>DW</per>.", ""),
        ("Ketiga saksi itu adalah <per>AT</per>, <per>BR</per>, dan <per>CM</per>.", ""),
        (f"Berikut nama saksi yang diperiksa:\n{LIST}", ""),
        ("Ketiganya dilaporkan <per>AT</per>, <per>BR</per>, dan <per>CM</per>.", ""),
        ("Ketiganya ialah <per>Ali Tono</per>.", ""),
    ],
)
def test_a_group_as_large_as_that_of_the_accused_is_named(told: str, names: str) -> None:
    found = read_presented(cast_of(f"{ACT}\n\n{told}"), [0])
    assert sorted(name.split()[0] for name in found) == sorted(names.split())


def test_the_number_may_stand_in_the_title_or_with_digits() -> None:
    told = "Bawaslu meneruskan berkas.\n\nMereka adalah <per>AT</per>, <per>BR</per>, dan <per>CM</per>."
    assert read_presented(cast_of(told, "3 ASN Ini Diteruskan ke BKN"), []) == {"AT", "BR", "CM"}
    assert read_presented(cast_of(told, "Setelah 3 Hari, ASN Ini Diteruskan ke BKN"), []) == set()
    assert read_presented(cast_of("<per>AT</per>"), []) == set()
    assert read_presented(cast_of(""), []) == set()


@pytest.mark.parametrize(
    "told",
    [
        "Bawaslu kemarin memeriksa tiga saksi. Mereka adalah {}.",
        "Pilkada diikuti tiga calon bupati. Ketiga calon bupati itu adalah {}.",
        "KPU lalu melantik tiga anggota baru. Mereka adalah {}.",
        "Laporan itu dibawa tiga warga. Mereka adalah {}.",
        "Uang itu diterima tiga warga. Ketiganya masing-masing {}.",
    ],
)
def test_others_in_the_same_number_are_not_meant(told: str) -> None:
    names = "<per>AT</per>, <per>BR</per>, dan <per>CM</per>"
    assert read_presented(cast_of(f"{ACT} {told.format(names)}"), [0]) == set()


@pytest.mark.parametrize(
    "head", ["Berikut daftar pasangan calon Pilkada:", "Berikut warga yang mengalami intimidasi:"]
)
def test_a_list_of_others_is_not_meant(head: str) -> None:
    assert read_presented(cast_of(f"{ACT}\n\n{head}\n{LIST}"), [0]) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Dua warga Desa Toro melaporkan camat.\n\nKeduanya adalah <per>AT</per> dan <per>BR</per>.",
        "Dua anggota Bawaslu memeriksa camat.\n\nKeduanya adalah <per>AT</per> dan <per>BR</per>.",
        "Dua kades, <per>XA</per> dan <per>YB</per>, didakwa.\n\nKeduanya adalah <per>AT</per> dan <per>BR</per>.",
    ],
)
def test_who_handles_the_case_or_is_named_beside_it_is_counted_for_nobody_else(text: str) -> None:
    assert read_presented(cast_of(text), [0]) == set()


def test_hostile_lines_take_no_time() -> None:
    for line in ("Menurut " + "a" * 20_000 + " itu.", "Ketiga " + "kades " * 5_000, "\n1. a" * 5_000 + ":"):
        assert read_presented(cast_of(f"{ACT}\n\n{line}"), [0]) == set()
