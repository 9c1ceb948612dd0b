"""The far end without HTTP: orders in, tasks out."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.book import TaskBook
from simulator.fetch import Fetch
from simulator.intake import read_order
from simulator.scene import Render
from simulator.settings import SimulatorSettings
from simulator.tasks import Outcome, Pace, Task
from simulator.workshop import Hands, Workshop

Clock = Callable[[], float]  # Unix seconds


class FarEnd:
    """Takes orders, has them worked on, and knows every task."""

    def __init__(
        self, settings: SimulatorSettings, *, book: TaskBook, workshop: Workshop, clock: Clock
    ) -> None:
        self.settings = settings
        self.book = book
        self._workshop = workshop
        self._clock = clock

    def now_s(self) -> float:
        """The time that every status is told by, in Unix seconds."""
        return self._clock()

    def create(self, body: object) -> Task:
        """Check a create's JSON body, enter the task and start the work.

        Raises:
            Refusal: the documented answer to a request that is not in order.
        """
        order = read_order(body)
        pace = Pace(submitted_s=self.settings.submitted_s, processing_s=self.settings.processing_s)
        task = self.book.open(order.external_task_id, pace, self.now_s())

        def report(outcome: Outcome) -> None:
            self.book.close(task.task_id, outcome)

        self._workshop.begin(order, report)
        return task


@contextmanager
def open_far_end(
    settings: SimulatorSettings, *, render: Render, fetch: Fetch, clock: Clock, hire: Callable[[], Hands]
) -> Iterator[FarEnd]:
    """A working far end with its threads and its folder of videos; both are gone afterwards."""
    book = TaskBook(max_parallel=settings.max_parallel, max_kept=settings.max_kept_tasks)
    with tempfile.TemporaryDirectory(prefix="motion-studio-simulator-") as folder:
        hands = hire()
        workshop = Workshop(folder=Path(folder), hands=hands, render=render, fetch=fetch, clock=clock)
        try:
            yield FarEnd(settings, book=book, workshop=workshop, clock=clock)
        finally:
            hands.close()
