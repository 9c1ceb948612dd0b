"""A key's queue and slots in virtual time, by the rules of `studio.tasks.runner`, without DBOS."""

import heapq
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from studio.tasks.runner import WITH_A_SLOT, WITHOUT_A_SLOT
from studio.tasks.steps import Step, Steps
from tests.support.services import NOON, Clock


@dataclass
class QueueInTime:
    """Each task's steps are taken when they are due; the clock stands at the latest."""

    steps: Steps
    clock: Clock
    slots: int
    queue: deque[str] = field(default_factory=deque)
    holding: set[str] = field(default_factory=set)
    _due: list[tuple[float, int, str, bool]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def now_s(self) -> float:
        """Seconds since noon."""
        return (self.clock() - NOON).total_seconds()

    def submit(self, entry_id: str) -> None:
        """At the end of the queue."""
        self.queue.append(entry_id)
        self._hand_out()

    def wake(self, entry_id: str) -> None:
        """Its next step is due now."""
        mine = [due for due in self._due if due[2] == entry_id]
        self._due = [due for due in self._due if due[2] != entry_id]
        heapq.heapify(self._due)
        for due in mine:
            self._plan(entry_id, 0.0, has_slot=due[3])

    def run(self, seconds: float) -> None:
        """All that is due within that time; the clock stands at its end then."""
        end_s = self.now_s + seconds
        while self._due and self._due[0][0] <= end_s:
            at_s, _, entry_id, has_slot = heapq.heappop(self._due)
            self.clock.moment = NOON + timedelta(seconds=max(at_s, self.now_s))
            self._take(entry_id, has_slot=has_slot)
            self._hand_out()
        self.clock.moment = NOON + timedelta(seconds=end_s)

    def _hand_out(self) -> None:
        while self.queue and len(self.holding) < self.slots:
            entry_id = self.queue.popleft()
            self.holding.add(entry_id)
            self._plan(entry_id, 0.0, has_slot=True)

    def _take(self, entry_id: str, *, has_slot: bool) -> None:
        next_step = self.steps.run_next_step(entry_id, may_send=has_slot)
        may_stay = next_step.step in (WITH_A_SLOT if has_slot else WITHOUT_A_SLOT)
        if may_stay and (next_step.holds_slot or not has_slot):
            self._plan(entry_id, next_step.wait_s, has_slot=has_slot)
            return
        self.holding.discard(entry_id)
        if next_step.step is Step.SEND:
            self.queue.append(entry_id)
        elif next_step.step in WITHOUT_A_SLOT:
            self._plan(entry_id, 0.0, has_slot=False)

    def _plan(self, entry_id: str, wait_s: float, *, has_slot: bool) -> None:
        heapq.heappush(self._due, (self.now_s + wait_s, next(self._numbers), entry_id, has_slot))
