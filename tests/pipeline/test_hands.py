"""Hands work on a thing in a thread or a process of its own; what goes wrong there is told here."""

from __future__ import annotations

import os
import signal
from functools import partial
from operator import methodcaller

import pytest
from orphans import outlives_its_parent

from pipeline.hands import FarHand, Hand


class OddError(Exception):
    """One that cannot be made anew from its words, as unpickling would."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} in {where}")


class Notes:
    """Keeps what it is given; importable by name, so that another process can make it."""

    def __init__(self, first: str) -> None:
        if not first:
            raise ValueError("nothing to note")
        self.kept = [first]

    def add(self, note: str) -> None:
        if note == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if note == "odd":
            raise OddError("a note", "odd words")
        if not note:
            raise ValueError("an empty note")
        self.kept.append(note)

    def all(self) -> tuple[int, list[str]]:
        return os.getpid(), list(self.kept)

    def close(self) -> None:
        self.kept.clear()


HANDS = pytest.mark.parametrize("hand", [Hand, FarHand])


@HANDS
def test_work_is_done_in_the_order_given(hand: type[Hand[Notes]]) -> None:
    with hand(partial(Notes, "a")) as notes:
        for note in "bcd":
            notes.give(methodcaller("add", note))
        where, kept = notes.ask(methodcaller("all"))
    assert kept == ["a", "b", "c", "d"]
    assert (where == os.getpid()) is (hand is Hand)


@HANDS
def test_an_error_is_raised_where_the_result_is_asked_for(hand: type[Hand[Notes]]) -> None:
    with hand(partial(Notes, "a")) as notes:
        notes.give(methodcaller("add", ""))
        with pytest.raises(ValueError, match="an empty note"):
            notes.ask(methodcaller("all"))


@HANDS
def test_what_cannot_be_made_is_told(hand: type[Hand[Notes]]) -> None:
    with hand(partial(Notes, "")) as notes, pytest.raises(ValueError, match="nothing to note"):
        notes.ask(methodcaller("all"))


def test_a_process_that_dies_is_told_as_an_error_of_the_system() -> None:
    with FarHand(partial(Notes, "a")) as notes:
        notes.give(methodcaller("add", "die"))
        with pytest.raises(OSError, match="died"):
            notes.ask(methodcaller("all"))


def test_an_error_that_cannot_travel_is_told_in_its_words() -> None:
    with FarHand(partial(Notes, "a")) as notes:
        notes.give(methodcaller("add", "odd"))
        with pytest.raises(OSError, match="OddError: a note in odd words"):
            notes.ask(methodcaller("all"))
        assert notes.ask(methodcaller("all"))[1] == ["a"]


def test_the_process_ends_with_the_one_that_started_it() -> None:
    code = (
        "import time\nfrom functools import partial\nfrom operator import methodcaller\n"
        "from test_hands import FarHand, Notes\nwith FarHand(partial(Notes, 'a')) as notes:\n"
        " print(notes.ask(methodcaller('all'))[0], flush=True)\n time.sleep(90)"
    )
    assert not outlives_its_parent(code)
