"""Previews made beside the page: its runs end at once, and ask again until the preview is there."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic

from studio.preview.cache import Progress
from studio.preview.render import Preview

FORGOTTEN_AFTER_S = 5.0
"""A page that asked no more for so long is closed, or shows something else."""
_BEGINS_WITHIN_S = 0.02
Make = Callable[[Progress], Preview]
"""Makes a preview; what it is given is called now and then with the share that is done, and may raise."""


class GivenUpError(Exception):
    """Ends a preview that is asked for no more."""


class PreviewJob:
    """One preview on its way, for as long as its page asks for it; thread-safe."""

    def __init__(self, person: str, key: Hashable) -> None:
        """Begin to wait for a turn; `key` names the directions that are shown."""
        self.person = person
        self.key = key
        self.began_s = monotonic()
        """By the monotonic clock."""
        self.share = 0.0
        """That is done, 0..1."""
        self.is_given_up = False
        self._asked_s = self.began_s
        self._turn_came = threading.Event()
        self._made: Future[Preview] = Future()

    @property
    def is_in_line(self) -> bool:
        """Whether others are before it."""
        return not self._turn_came.is_set()

    @property
    def is_unfinished(self) -> bool:
        """Whether it still waits, or is being made."""
        return not (self.is_given_up or self._made.done())

    def wait(self, timeout_s: float) -> Preview | None:
        """Return the preview once it is there, at most so much later; while it is in line, None at once.

        Raises:
            NoPreviewProblem: as `render_preview` does.
        """
        self._asked_s = monotonic()
        if self._turn_came.wait(_BEGINS_WITHIN_S):
            wait([self._made], timeout_s)
        return self._made.result() if self._made.done() and not self.is_given_up else None

    def give_up(self) -> None:
        """Let it end at the next frame."""
        self.is_given_up = True

    def run(self, make: Make) -> None:
        """Make it; for the thread of the queue."""
        self._turn_came.set()
        try:
            self._note(0.0)
            self._made.set_result(make(self._note))
        except Exception as problem:  # noqa: BLE001 -- raised again in the run of the page that waits
            self._made.set_exception(problem)

    def _note(self, share: float) -> None:
        if monotonic() - self._asked_s > FORGOTTEN_AFTER_S:
            self.is_given_up = True
        if self.is_given_up:
            raise GivenUpError
        self.share = share


class PreviewQueue:
    """Makes previews one at a time, first come, first served: each takes all cores. Thread-safe."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._worker = ThreadPoolExecutor(1, "preview")
        self._jobs: list[PreviewJob] = []
        self._changing = threading.Lock()

    def begin(self, person: str, most: int, key: Hashable, make: Make) -> PreviewJob | None:
        """Put a preview into the line.

        Args:
            person: whose it is.
            most: how many one person may wait for: ten tabs take nobody's turn.
            key: of the directions that are shown.
            make: makes it, in a thread of the queue.

        Returns:
            The job; None while the person waits for as many others.
        """
        with self._changing:
            self._jobs = [job for job in self._jobs if job.is_unfinished]
            if sum(job.person == person for job in self._jobs) >= most:
                return None
            job = PreviewJob(person, key)
            self._jobs.append(job)
        self._worker.submit(job.run, make)
        return job


QUEUE = PreviewQueue()
"""The process's one: a person's tabs share it."""
