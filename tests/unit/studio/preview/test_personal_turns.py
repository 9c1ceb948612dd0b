"""One person's previews take no more than their share of the line."""

import threading

import pytest

from studio.preview.personal_turns import PersonalTurns


class Unwanted(Exception):
    """A newer stroke."""


def leave() -> None:
    raise Unwanted


def test_a_person_waits_for_a_turn_of_their_own_and_others_do_not() -> None:
    """However many tabs somebody has open."""
    turns = PersonalTurns()
    with turns.turn("ann", 2, leave), turns.turn("ann", 2, leave):
        with pytest.raises(Unwanted), turns.turn("ann", 2, leave):
            pass
        with turns.turn("bob", 2, leave):
            pass
    with turns.turn("ann", 1, leave):
        pass


def test_who_waits_is_told_so_and_gets_the_turn_that_ends() -> None:
    """Asked again and again, so that a newer stroke can end the wait."""
    turns, told, had = PersonalTurns(), threading.Event(), threading.Event()

    def wait_and_have_it() -> None:
        with turns.turn("ann", 1, told.set):
            had.set()

    waiting = threading.Thread(target=wait_and_have_it)
    with turns.turn("ann", 1, leave):
        waiting.start()
        assert told.wait(20)
        assert not had.is_set()
    waiting.join(20)
    assert had.is_set()


def test_a_failure_gives_the_turn_back() -> None:
    """The next one has it."""
    turns = PersonalTurns()
    with pytest.raises(ValueError, match="no picture"), turns.turn("ann", 1, leave):
        raise ValueError("no picture")
    with turns.turn("ann", 1, leave):
        pass
