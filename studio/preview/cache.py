"""A cache whose missing values one thread at a time computes."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

from cachetools import Cache

Made = TypeVar("Made")
Progress = Callable[[float], None]
"""Called now and then with the share that is done, 0..1; an exception that it raises ends the work."""

_TELL_EVERY_S = 0.1


class ComputeOnceCache(Generic[Made]):
    """For many threads: a value that is there is returned at once."""

    def __init__(self, kept: "Cache[Hashable, Made]", lock: "threading.Lock | None" = None) -> None:
        """Keep values as long as `kept` does; others who use it hold the lock."""
        self._kept = kept
        self._looking = lock or threading.Lock()
        self._line: list[object] = []
        self._line_changed = threading.Condition()

    def get(self, key: Hashable, make: Callable[[], Made], progress: Progress) -> Made:
        """Return the cached value, or compute it with `make`.

        Args:
            key: of the value.
            make: computes it.
            progress: gets 0 while others compute, first come, first served.
        """
        found = self._found(key)
        if found is not None:
            return found
        with self._first_in_line(progress):
            return self._found(key) or self._put(key, make())

    @contextmanager
    def _first_in_line(self, progress: Progress) -> Iterator[None]:
        ticket = object()
        with self._line_changed:
            self._line.append(ticket)
        try:
            while not self._is_first(ticket):
                progress(0.0)
            yield
        finally:
            with self._line_changed:
                self._line.remove(ticket)
                self._line_changed.notify_all()

    def _is_first(self, ticket: object) -> bool:
        """Whether a ticket's turn has come, or comes within a moment."""
        with self._line_changed:
            return self._line_changed.wait_for(lambda: self._line[0] is ticket, _TELL_EVERY_S)

    def _found(self, key: Hashable) -> Made | None:
        with self._looking:
            return self._kept.get(key)

    def _put(self, key: Hashable, made: Made) -> Made:
        with self._looking, suppress(ValueError):  # too large to be kept
            self._kept[key] = made
        return made
