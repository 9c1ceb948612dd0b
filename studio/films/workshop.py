"""The workshop of files made of kept videos: in the background, two at once, each kept for a while.

A page orders a file and looks after it by its name; the making goes on whatever becomes of the page.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StudioError
from studio.files.size_limits import SizeLimits
from studio.files.storage import Storage
from studio.films.problems import FilmProblem, unreadable

log = logging.getLogger(__name__)

LIMITS = SizeLimits(max_age_s=86_400.0, max_bytes=1_000_000_000)
AT_ONCE = 2
MAX_WAITING = 20
MAX_REMEMBERED = 200
Tell = Callable[[float], None]
"""Called with the share that is done, 0 to 1; raises when the process ends."""


@dataclass(kw_only=True)
class Job:
    """A file in the making, or made."""

    share: float = 0.0
    # the file, and what there is to say about it
    path: Path | None = None
    words: str = ""
    problem: StudioError | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has no end yet."""
        return self.path is None and self.problem is None


class Workshop:
    """Thread-safe; one a process."""

    def __init__(self, folder: Path, *, at_once: int = AT_ONCE, limits: SizeLimits = LIMITS) -> None:
        """Make nothing yet; the folder must hold such files alone."""
        self._storage = Storage(str(folder))
        self._limits = limits
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="film-workshop")
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def job(self, name: str) -> Job | None:
        """The job of this name; None when it was never ordered, or its file is kept no more."""
        job = self._jobs.get(name)
        return None if job is not None and job.path is not None and not job.path.exists() else job

    def order(self, name: str, make: Callable[[Path, Tell], str]) -> None:
        """Have a file made, named as `0f3a.gif` is; one that is there or on its way is not made again.

        Args:
            name: equal only for equal files.
            make: writes to the path, tells how far it is, and returns what there is to say about the file.

        Raises:
            FilmProblem: too many are waiting.
        """
        with self._lock:
            job = self.job(name)
            if job is not None and job.problem is None:
                return
            if sum(each.is_running for each in self._jobs.values()) >= MAX_WAITING:
                raise _too_many()
            self._forget_oldest()
            self._jobs[name] = job = Job()
            self._pool.submit(self._run, name, job, make)

    def close(self) -> None:
        """End what is being made."""
        self._closing.set()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, name: str, job: Job, make: Callable[[Path, Tell], str]) -> None:
        try:
            with self._storage.temporary_file(Path(name).suffix) as part:
                job.words = make(part, lambda share: self._tell(job, share))
                self._storage.move_in(part, name)
            self._storage.prune(self._limits, keep=name)
            job.path = self._storage.local_path(name)
        except StudioError as problem:
            job.problem = problem
        except Exception as failure:  # whatever it is: a job without an end would be waited for for ever
            log.exception("A file could not be made of a kept video")
            job.problem = unreadable(f"{type(failure).__name__}.")

    def _tell(self, job: Job, share: float) -> None:
        if self._closing.is_set():
            raise FilmProblem("It was not finished.", "The app ends.", "Order it again.")
        job.share = min(max(share, 0.0), 1.0)

    def _forget_oldest(self) -> None:
        ended = [name for name, job in self._jobs.items() if not job.is_running]
        for name in ended[: max(len(self._jobs) - MAX_REMEMBERED, 0)]:
            del self._jobs[name]


def _too_many() -> FilmProblem:
    return FilmProblem("It was not begun.", "Too many files are being made.", "Wait a moment; try again.")
