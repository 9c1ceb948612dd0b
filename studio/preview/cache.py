"""An LRU cache; one thread at a time computes a missing value."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Generic, TypeVar

Made = TypeVar("Made")
Progress = Callable[[float], None]
"""Called now and then with the share that is done, 0..1; an exception that it raises ends the work."""

_TELL_EVERY_S = 0.1
NO_TURN = nullcontext()
"""For whoever needs no turn of their own."""


class ComputeOnceCache(Generic[Made]):
    """An LRU cache for many threads: a value that is there is returned at once."""

    def __init__(self, *, keeps: int) -> None:
        """Keep at most that many values."""
        self._keeps = keeps
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._looking = threading.Lock()
        self._line: list[object] = []
        self._line_changed = threading.Condition()

    def get(
        self,
        key: Hashable,
        make: Callable[[], Made],
        progress: Progress,
        turn: AbstractContextManager[object] = NO_TURN,
    ) -> Made:
        """Return the cached value, or compute it with `make`.

        Args:
            key: of the value.
            make: computes it.
            progress: gets 0 while others compute.
            turn: held while this one computes, or waits for others, first come, first served.
        """
        found = self._found(key)
        if found is not None:
            return found
        with turn, self._first_in_line(progress):
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
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _put(self, key: Hashable, made: Made) -> Made:
        with self._looking:
            self._kept[key] = made
            while len(self._kept) > self._keeps:
                self._kept.popitem(last=False)
        return made
