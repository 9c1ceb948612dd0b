"""Things made once, one at a time, and kept while there is room."""

import threading

import pytest

from studio.preview.cache import ComputeOnceCache


def quiet(_share: float) -> None:
    """Nobody asks."""


def test_what_was_made_is_handed_out_again() -> None:
    """The second time nothing is made."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(keeps=2)
    assert shelf.get("a", lambda: "first", quiet) == "first"
    assert shelf.get("a", lambda: "second", quiet) == "first"


def test_the_one_used_longest_ago_makes_room() -> None:
    """Looking at a thing is using it."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(keeps=2)
    for name in ("a", "b", "a", "c"):
        shelf.get(name, lambda: "old", quiet)
    assert shelf.get("a", lambda: "new", quiet) == "old"
    assert shelf.get("b", lambda: "new", quiet) == "new"


def test_what_is_there_is_given_while_another_is_being_made() -> None:
    """Nobody waits for another's work without need; who must wait is told so and may leave."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(keeps=2)
    shelf.get("ready", lambda: "ready", quiet)
    begun, leave = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        leave.wait(20)
        return "slow"

    maker = threading.Thread(target=lambda: shelf.get("slow", slow, quiet))
    maker.start()
    begun.wait(20)
    assert shelf.get("ready", lambda: "other", quiet) == "ready"

    def impatient(share: float) -> None:
        assert share == 0
        raise TimeoutError

    with pytest.raises(TimeoutError):
        shelf.get("third", lambda: "third", impatient)
    leave.set()
    maker.join()
    assert shelf.get("slow", lambda: "again", quiet) == "slow"


def test_a_failure_is_not_kept_and_locks_nothing() -> None:
    """The next one tries again."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(keeps=2)

    def fail() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        shelf.get("a", fail, quiet)
    assert shelf.get("a", lambda: "made", quiet) == "made"
