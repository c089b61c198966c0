from __future__ import annotations

from nlp.capacity import settled
from nlp.records import Case, Official, Terlapor


def test_an_official_accused_under_an_alias_is_accused() -> None:
    official = Official("Rustam Halim", "Camat", None, "Toro", "pemda.camat", None, None, "disebut", 0, 12)
    accused = Terlapor("Rustam Halim alias Gondes", "Camat", "pemda.camat", 1)
    case = Case(
        id="x#1", types=(), bentuk=(), terlapor=(accused,), korban=None, reporter=None, place=None, event_date=None,
        source=None, stage="tidak_disebut", next_announced=None, outcome={}, forum=(), reg_no=None, sanction=None,
        denial=False, legal_refs=(), evidence=(), confidence=0.9,
    )  # fmt: skip
    assert [one.capacity for one in settled([official], "pelanggaran", [case])] == ["terlapor"]
