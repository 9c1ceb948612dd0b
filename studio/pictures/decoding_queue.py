"""A queue before the decoders: a picture takes some hundred MB while it is decoded, of all sessions alike."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class DecodingQueue:
    """First come, first served. Thread-safe; a thread must not wait for a second turn while it has one."""

    def __init__(self, at_once: int = 2) -> None:
        """Let so many be decoded at once."""
        self._free = at_once
        self._waiting: list[object] = []
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, tell_place: Callable[[int], None] | None = None) -> Iterator[None]:
        """Wait for a turn, and hold it.

        Args:
            tell_place: called with the place in line, from 1, whenever it changes while there is one.
        """
        self._wait(tell_place or (lambda _: None))
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _wait(self, tell_place: Callable[[int], None]) -> None:
        ticket, told = object(), 0
        with self._changed:
            self._waiting.append(ticket)
        try:
            while place := self._place(ticket, told):
                told = place
                tell_place(place)  # without the lock: it may draw on a page, and be ended there
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _place(self, ticket: object, told: int) -> int:
        """Wait for another place than the one told; 0 is a turn, which is taken."""
        with self._changed:
            while True:
                place = self._waiting.index(ticket) + 1
                if place <= self._free:
                    self._free -= 1
                    return 0
                if place != told:
                    return place
                self._changed.wait()


QUEUE = DecodingQueue()
"""The process's one: all sessions share its memory."""
