"""The slots of one key, as the runner's queue gives them: to what is at the service first, then in turn.

It measures how long a task stands in line while others hold every slot, and how long each of them holds one.
"""

import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import count

LONGEST_HOLD_S = 3 * 3600.0
"""How long one task may hold a slot at a stretch, but for the time that its process stands still.

65 minutes at the service; before that eight tries in a row, and twice ten minutes after an unclear create.
"""
SLACK_S = 3600.0
"""A process that is killed again and again, and has no key for a while."""


@dataclass(kw_only=True)
class Waiting:
    """One that stands in line."""

    entry_id: str
    begin: Callable[[], None]
    # (priority, number): the smaller is first
    turn: tuple[int, int]


@dataclass(kw_only=True)
class Line:
    """Several processes may run one entry by mistake: each of them is a runner here."""

    slots: int
    now_s: Callable[[], float]
    longest_wait_s: float = 0.0
    # slots held longer than may be while others waited
    held_too_long: int = 0

    _waiting: dict[tuple[Hashable, str], Waiting] = field(default_factory=dict)
    # since when
    _held: dict[tuple[Hashable, str], float] = field(default_factory=dict)
    _since_s: dict[str, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def join(self, runner: Hashable, entry_id: str, priority: int, begin: Callable[[], None]) -> None:
        """Wait for a slot, and begin with it."""
        turn = (priority, next(self._numbers))
        self._waiting[runner, entry_id] = Waiting(entry_id=entry_id, begin=begin, turn=turn)
        self._since_s.setdefault(entry_id, self.now_s())
        self._give()

    def leave(self, runner: Hashable, entry_id: str) -> None:
        """Give a slot back."""
        self._take((runner, entry_id))
        self._give()

    def excuse(self, entry_id: str, seconds: float) -> None:
        """Whoever runs it stood still so long: no rule of the runner's can give its slot back meanwhile."""
        for token in self._held:
            if token[1] == entry_id:
                self._held[token] += seconds

    def drop(self, runner: Hashable) -> None:
        """A process is gone, and with it all that it held or waited for."""
        self._waiting = {token: one for token, one in self._waiting.items() if token[0] != runner}
        for token in [token for token in self._held if token[0] == runner]:
            self._take(token)
        self._give()

    def close(self) -> None:
        """Whoever still stands in line has waited until now."""
        for token in list(self._held):
            self._take(token)
        for waiting in self._waiting.values():
            self._measure(waiting.entry_id)

    def _take(self, token: tuple[Hashable, str]) -> None:
        held_s = self.now_s() - self._held.pop(token, self.now_s())
        self.held_too_long += held_s > LONGEST_HOLD_S and bool(self._waiting)

    def _give(self) -> None:
        while self._waiting and len(self._held) < self.slots:
            token = min(self._waiting, key=lambda token: self._waiting[token].turn)
            first = self._waiting.pop(token)
            self._held[token] = self.now_s()
            self._measure(first.entry_id)
            first.begin()

    def _measure(self, entry_id: str) -> None:
        wait_s = self.now_s() - self._since_s.pop(entry_id, self.now_s())
        self.longest_wait_s = max(self.longest_wait_s, wait_s)


def longest_wait_allowed_s(others: int, slots: int) -> float:
    """How long a task may stand in line behind so many others, each of them stuck."""
    return math.ceil(others / slots) * LONGEST_HOLD_S + SLACK_S
