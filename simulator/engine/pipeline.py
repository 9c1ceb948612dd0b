"""Where tasks are worked on: pictures fetched, a few videos rendered at a time, off the event loop.

An order waits on disk, not in memory, and is worked on again if the process ended before it was done.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulator.contract.fetch import Fetch
from simulator.contract.pictures import PictureProblem
from simulator.contract.read_create import parse, read_create, with_pictures
from simulator.engine.folder import StateFolder
from simulator.engine.scene import Render, prepare_render
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, TaskOutcome

log = logging.getLogger(__name__)

INTERNAL: Final = "Internal service error"
_RENDER_NICENESS: Final = 10  # of 0 to 19: answers go before pictures
_CALLERS: Final = 4
Report = Callable[[SimulatedTask, TaskOutcome], None]
Step = Callable[[SimulatedTask], None]


def _callers() -> Executor:
    return ThreadPoolExecutor(_CALLERS, thread_name_prefix="simulator-callback")


@dataclass(frozen=True, kw_only=True)
class Executors:
    """Who does the work: waiting for strangers' servers never holds up the rendering."""

    fetching: Executor
    rendering: Executor
    calling: Executor = field(default_factory=_callers)

    def close(self) -> None:
        """Finish what is running, drop what waits."""
        for hands in (self.fetching, self.calling, self.rendering):
            hands.shutdown(wait=True, cancel_futures=True)


def thread_executors(renders: int = 1) -> Executors:
    """Two threads that fetch, four that send callbacks, and some that render."""
    return Executors(
        fetching=ThreadPoolExecutor(2, thread_name_prefix="simulator-fetch"),
        rendering=ThreadPoolExecutor(
            renders, thread_name_prefix="simulator-render", initializer=_step_back_behind_answers
        ),
    )


def _step_back_behind_answers() -> None:
    if sys.platform == "linux":  # elsewhere niceness belongs to the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _RENDER_NICENESS)


class RenderPipeline:
    """Turns orders into videos in `folder` and reports each task's outcome."""

    def __init__(
        self,
        *,
        folder: StateFolder,
        hands: Executors,
        render: Render,
        fetch: Fetch,
        clock: Callable[[], float],
        report: Report,
    ) -> None:
        self._folder = folder
        self._hands = hands
        self._render = render
        self._fetch = fetch
        self._clock = clock
        self._report = report
        self._lock = threading.Lock()
        self._begun: set[str] = set()  # task ids
        self._rendering = 0

    @property
    def renders_running(self) -> int:
        """How many videos are being made at this moment."""
        return self._rendering

    def begin(self, task: SimulatedTask, *, by_url: bool = True) -> None:
        """Start the work unless it has been begun here, and return at once.

        Args:
            task: whose order lies in the folder.
            by_url: whether pictures may have to be fetched first.
        """
        with self._lock:
            if task.task_id in self._begun:
                return
            self._begun.add(task.task_id)
        if by_url:
            self._hands.fetching.submit(self._attempt, self._fetch_then_render, task)
        else:
            self._hands.rendering.submit(self._attempt, self._film, task)

    def _attempt(self, step: Step, task: SimulatedTask) -> None:
        try:
            step(task)
        except PictureProblem as problem:
            self._end(task, Failed(at_s=self._clock(), message=str(problem)))
        except FileNotFoundError:  # the order is gone: by a reset, or it is done by another process
            self._end(task, Failed(at_s=self._clock(), message=INTERNAL))
        except Exception:  # a task whose making broke must end as failed, never hang
            log.exception("A simulated task failed.")
            self._end(task, Failed(at_s=self._clock(), message=INTERNAL))

    def _fetch_then_render(self, task: SimulatedTask) -> None:
        path = self._folder.order(task.task_id)
        body = json.loads(path.read_bytes())
        fetched = with_pictures(body, self._fetch)
        if fetched != body:
            _write_whole(path, json.dumps(fetched).encode())
        with suppress(RuntimeError):  # closed meanwhile: the order waits for the next start
            self._hands.rendering.submit(self._attempt, self._film, task)

    def _film(self, task: SimulatedTask) -> None:
        order = prepare_render(read_create(parse(self._folder.order(task.task_id).read_bytes())))
        self._count(1)
        try:
            film = self._render(order)
        finally:
            self._count(-1)
        _write_whole(self._folder.video(task.video_id), film.mp4)
        self._end(task, Rendered(at_s=self._clock(), duration_s=film.duration_s))

    def _end(self, task: SimulatedTask, outcome: TaskOutcome) -> None:
        try:
            self._report(task, outcome)
        finally:  # one whose end could not be written down is begun again by whoever asks for it
            with self._lock:
                self._begun.discard(task.task_id)

    def _count(self, change: int) -> None:
        with self._lock:
            self._rendering += change


def _write_whole(path: Path, data: bytes) -> None:
    """Either all of it is there afterwards or, when killed, what was there before."""
    part = path.with_name(f"{path.name}.{threading.get_native_id()}.part")
    part.write_bytes(data)
    part.replace(path)
