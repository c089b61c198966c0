from __future__ import annotations

import pytest
from tagged import read_tags

from nlp.officials import read_officials


def present(tagged: str) -> tuple[str, ...]:
    text, mentions = read_tags(tagged)
    return read_officials(text, mentions)[1]


def test_roles_present_are_the_offices_of_an_attendance_list() -> None:
    found = present(
        "Acara itu dihadiri Forkopimcam, Camat Mekarjaya, Kapolsek Mekarjaya, Kepala Puskesmas "
        "Mekarjaya, kepala desa "
        "se-Kecamatan Mekarjaya, PPK Kecamatan Mekarjaya, Kepala KUA, perwakilan guru, serta "
        "ketua PGRI Mekarjaya."
    )
    assert found == (
        "Camat Mekarjaya",
        "Kapolsek Mekarjaya",
        "Kepala Puskesmas Mekarjaya",
        "Kepala KUA",
        "ketua PGRI Mekarjaya",
    )


def test_roles_present_take_an_institution_for_its_chief() -> None:
    assert present("Hadir Camat Mekarjaya, Polsek Mekarjaya dan Koramil Mekarjaya.") == (
        "Camat Mekarjaya",
        "Polsek Mekarjaya",
        "Koramil Mekarjaya",
    )


@pytest.mark.parametrize(
    "tagged",
    [
        "Acara dihadiri para Kepala Perangkat Daerah, Camat, Lurah serta ASN.",
        "Kegiatan diikuti kepala pekon, aparatur pekon dan para guru.",
        "Camat Mekarjaya mengatakan hal itu.",
        "Acara dihadiri warga, tokoh agama dan tokoh masyarakat.",
        "Acara dihadiri <role>Camat Mekarjaya</role>, <per>Rudi Contoh</per>.",
        "Acara dihadiri <role>Camat Mekarjaya</role> <per>Rudi Contoh</per>.",
    ],
)
def test_roles_present_leave_out_groups_and_named_holders(tagged: str) -> None:
    assert present(tagged) == ()


def test_roles_present_leave_out_the_host_who_is_named_elsewhere() -> None:
    found = present(
        "Hadir <role>Ketua Panwascam Mekarjaya</role>, <role>Kepala Sekretariat Panwascam "
        "Mekarjaya</role> beserta jajaran.\n"
        "<role>Ketua Panwascam Mekarjaya</role> <per>Rudi Contoh</per> menjelaskan acara."
    )
    assert found == ("Kepala Sekretariat Panwascam Mekarjaya",)


def test_roles_present_stand_once() -> None:
    assert present(
        "Hadir Camat Mekarjaya.\nDeklarasi dilakukan oleh Camat Mekarjaya dan Kapolsek Mekarjaya."
    ) == (
        "Camat Mekarjaya",
        "Kapolsek Mekarjaya",
    )
