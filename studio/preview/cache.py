"""An LRU cache; one thread at a time computes a missing value."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Generic, TypeVar

Made = TypeVar("Made")
Progress = Callable[[float], None]
"""Called now and then with the share that is done, 0..1; an exception that it raises ends the work."""

_TELL_EVERY_S = 0.02
NO_TURN = nullcontext()
"""For whoever needs no turn of their own."""


class ComputeOnceCache(Generic[Made]):
    """An LRU cache for many threads: a value that is there is returned at once."""

    def __init__(self, *, keeps: int) -> None:
        """Keep at most that many values."""
        self._keeps = keeps
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._looking = threading.Lock()
        self._making = threading.Lock()

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
            turn: held while this one computes, or waits for others.
        """
        found = self._found(key)
        if found is not None:
            return found
        with turn:
            while not self._making.acquire(timeout=_TELL_EVERY_S):
                progress(0.0)
            try:
                return self._found(key) or self._put(key, make())
            finally:
                self._making.release()

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
