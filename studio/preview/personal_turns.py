"""Turns of each person's own: somebody with ten open tabs is in line no more often than somebody with one."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ASK_EVERY_S = 0.1


class PersonalTurns:
    """Thread-safe. Knows of a person only while they have or want a turn."""

    def __init__(self) -> None:
        """Begin with no turn taken."""
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, person: str, at_once: int, wait: Callable[[], None]) -> Iterator[None]:
        """Wait until a person has a turn free, and hold it.

        Args:
            person: whose turn it is.
            at_once: how many turns one person may have.
            wait: called again and again while there is none; an exception that it raises ends the wait.
        """
        while not self._take(person, at_once):
            wait()
        try:
            yield
        finally:
            with self._changed:
                self._taken[person] -= 1
                self._taken += Counter()  # drops who has none
                self._changed.notify_all()

    def _take(self, person: str, at_once: int) -> bool:
        with self._changed:
            is_free = self._changed.wait_for(lambda: self._taken[person] < at_once, _ASK_EVERY_S)
            if is_free:
                self._taken[person] += 1
            return is_free


TURNS = PersonalTurns()
"""The process's one: a person's tabs share it."""
