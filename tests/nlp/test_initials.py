"""Initials in lists, abbreviations that are nobody, and pairs: whom a text names, and whom it does not."""

from __future__ import annotations

import pytest

from nlp.initials import with_listed_initials
from nlp.records import Mention
from nlp.regions import load_gazetteer
from nlp.repairs import Repairer
from nlp.roles import load_roles


def persons(text: str, *names: str) -> list[str]:
    """Return the persons after repair, where the recogniser saw `names`, each at its first place in the text."""
    seen = [Mention("per", at := text.index(name), at + len(name), name) for name in names]
    repairer = Repairer(load_roles(), load_gazetteer())
    return [m.text for m in repairer.repair(text, seen) if m.label == "per"]


@pytest.mark.parametrize(
    ("text", "seen", "found"),
    [
        ("Tiga orang, RD (41), SP (29) dan MY (36), diamankan.", ["SP"], ["RD", "SP", "MY"]),
        ("Ketiga anggota, SR, IW dan N, dipecat.", ["IW", "N"], ["SR", "IW", "N"]),
        (
            "ML (Ketua RT 02), SD (Ketua RT 03), dan HA (Ketua RT 05) dipanggil.",
            ["ML", "SD", "HA"],
            ["ML", "SD", "HA"],
        ),
        ("Siswa SD, SMP dan SMA hadir bersama RK.", ["RK"], ["RK"]),
        ("Petugas TNI, Polri dan ASN hadir.", [], []),
        ("Berkas itu dilimpahkan ke PN, kata JPU.", ["PN", "JPU"], []),
        ("Kata Sabrina Contoh, SH, ZN adalah korban.", ["Sabrina Contoh", "ZN"], ["Sabrina Contoh", "ZN"]),
        ("Kuasa hukum Budi Contoh, SH, MH, dan RK hadir.", ["Budi Contoh", "RK"], ["Budi Contoh", "RK"]),
        ("Zaman AI, Mas, kata HB. KTA tidak pernah ditarik.", ["AI", "HB", "KTA"], ["HB"]),
        ("Tersangka berinisial DP itu memakai uangnya untuk DP motor.", ["DP"], ["DP"]),
        ("Sisanya untuk DP motor.", ["DP"], []),
        ("Kader Partai Rakyat Contoh (PRC) datang. PRC menolak.", ["PRC"], []),
        ("Ketua Tim Toro Pandu Rizal Contoh (PRC) datang.", ["PRC"], ["PRC"]),
        ("Warga bernama Pandu Rizal Contoh (PRC) datang.", ["PRC"], ["PRC"]),
        ("Para terlapor tergabung dalam grup WA itu.", ["WA"], []),
        ("Mobil bernomor polisi DE 8316 KA itu lewat.", ["KA"], []),
        ("Kepala Desa Sampora, PN, diduga mengajak warga.", ["PN"], ["PN"]),
        ("Tersangka PT dan HS ditahan.", ["PT", "HS"], ["PT", "HS"]),
    ],
)
def test_initials_of_one_list_are_read_together(text: str, seen: list[str], found: list[str]) -> None:
    assert persons(text, *seen) == found


def test_initials_inside_another_mention_are_no_person() -> None:
    text = "KPU, IW dan HS hadir."
    seen = [Mention("org", 0, 3, "KPU"), Mention("per", 5, 7, "IW")]
    assert [m.text for m in with_listed_initials(text, seen)] == ["KPU", "IW", "HS"]


@pytest.mark.parametrize(
    ("text", "seen", "found"),
    [
        ("AMBON, MT.- Dewan Kehormatan menyidangkan perkara itu.", "MT", []),
        ("Ambon (MT) - Dewan Kehormatan menyidangkan perkara itu.", "MT", []),
        ("Pelaku berinisial MT - warga Ambon - ditahan.", "MT", ["MT"]),
        ("Kata Teradu I Rudi Contoh, surat itu hilang.", "I Rudi Contoh", ["Rudi Contoh"]),
        ("Kata terdakwa I Made Contoh, surat itu hilang.", "I Made Contoh", ["I Made Contoh"]),
        ("Laporan terhadap pasangan Rudi-Ani ditolak.", "Rudi-Ani", ["Rudi", "Ani"]),
        ("Terlapornya paslon nomor 1, Rudi-Ani, hadir.", "Rudi-Ani", ["Rudi", "Ani"]),
        (
            "Kata Rudi Contoh-Ani Misal, itu tidak benar.",
            "Rudi Contoh-Ani Misal",
            ["Rudi Contoh", "Ani Misal"],
        ),
        ("Kata Siti Al-Hafiz Putri, itu tidak benar.", "Siti Al-Hafiz Putri", ["Siti Al-Hafiz Putri"]),
        ("Paslon Rudi Contoh-Ani Misal ditolak.", "Rudi Contoh-Ani Misal", ["Rudi Contoh", "Ani Misal"]),
        ("Lurah itu, Siti Nur-Aini Putri, dilaporkan.", "Siti Nur-Aini Putri", ["Siti Nur-Aini Putri"]),
        ("Pasangan Hasan Al-Jufri ditolak.", "Hasan Al-Jufri", ["Hasan Al-Jufri"]),
        ("Lurah Sampora (RK) – yang masih menjabat – diduga mengajak.", "RK", ["RK"]),
        ("Menurut Nur-Aini, laporan itu ditolak.", "Nur-Aini", ["Nur-Aini"]),
        ("I Nengah S, saksi pasangan calon, dilaporkan.", "I Nengah", ["I Nengah S"]),
        ("Kata Nengah S (34), ia dilaporkan.", "Nengah", ["Nengah S"]),
        ("Kata Nengah. S lalu pergi.", "Nengah", ["Nengah"]),
    ],
)
def test_names_have_their_borders(text: str, seen: str, found: list[str]) -> None:
    assert persons(text, seen) == found
