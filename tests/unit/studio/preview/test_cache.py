"""Things made once, one at a time, and kept while there is room."""

import threading
from contextlib import suppress

import pytest
from cachetools import LRUCache

from studio.preview.cache import ComputeOnceCache


def quiet(_share: float) -> None:
    """Nobody asks."""


def test_what_was_made_is_handed_out_again() -> None:
    """The second time nothing is made."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(2))
    assert shelf.get("a", lambda: "first", quiet) == "first"
    assert shelf.get("a", lambda: "second", quiet) == "first"


def test_the_one_used_longest_ago_makes_room() -> None:
    """Looking at a thing is using it."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(2))
    for name in ("a", "b", "a", "c"):
        shelf.get(name, lambda: "old", quiet)
    assert shelf.get("a", lambda: "new", quiet) == "old"
    assert shelf.get("b", lambda: "new", quiet) == "new"


def test_what_is_there_is_given_while_another_is_being_made() -> None:
    """Nobody waits for another's work without need; who must wait is told so and may leave."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(2))
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
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(2))

    def fail() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        shelf.get("a", fail, quiet)
    assert shelf.get("a", lambda: "made", quiet) == "made"


def test_they_take_turns_in_the_order_in_which_they_came() -> None:
    """One who leaves the line holds up nobody behind."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(9))
    made: list[str] = []
    go_on, began = threading.Event(), threading.Event()
    waiting = threading.Semaphore(0)

    def make_first() -> str:
        began.set()
        go_on.wait(20)
        return "first"

    def wait(name: str, *, patient: bool) -> None:
        def told(_share: float) -> None:
            waiting.release()
            if not patient:
                raise TimeoutError

        def make() -> str:
            made.append(name)
            return name

        with suppress(TimeoutError):
            shelf.get(name, make, told)

    threads = [threading.Thread(target=lambda: shelf.get("first", make_first, quiet))]
    threads[0].start()
    began.wait(20)
    for name in "abcdefgh":
        threads.append(threading.Thread(target=wait, args=(name,), kwargs={"patient": name != "c"}))
        threads[-1].start()
        waiting.acquire(timeout=20)
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == list("abdefgh")


def test_what_is_too_large_to_keep_is_handed_out_all_the_same() -> None:
    """A preview of noise may be larger than all that is kept."""
    shelf: ComputeOnceCache[str] = ComputeOnceCache(LRUCache(3, getsizeof=len))
    assert shelf.get("a", lambda: "too large", quiet) == "too large"
    assert shelf.get("a", lambda: "ok", quiet) == "ok"
