"""From a create to its video: pictures fetched, a few videos rendered at a time, off the event loop.

A create's body waits on disk, not in memory, and is taken up again if the process ended before it was done.
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
from typing import Final

from simulator.contract.fetch import Fetch
from simulator.contract.pictures import PictureProblem
from simulator.contract.read_create import parse, read_create, with_pictures
from simulator.engine.folder import StateFolder, write_whole
from simulator.engine.scene import Render, prepare_render
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, TaskOutcome

log = logging.getLogger(__name__)

INTERNAL: Final = "Internal service error"
_RENDER_NICENESS: Final = 10  # of 0 to 19: answers go before pictures
_CALLERS: Final = 4
Report = Callable[[SimulatedTask, TaskOutcome], None]
Step = Callable[[SimulatedTask], None]


def _calling_threads() -> Executor:
    return ThreadPoolExecutor(_CALLERS, thread_name_prefix="simulator-callback")


@dataclass(frozen=True, kw_only=True)
class Executors:
    """Separate executors, so that waiting for other servers never holds up the rendering."""

    fetching: Executor
    rendering: Executor
    calling: Executor = field(default_factory=_calling_threads)

    def close(self) -> None:
        """Finish what is running, drop what waits."""
        for executor in (self.fetching, self.calling, self.rendering):
            executor.shutdown(wait=True, cancel_futures=True)


def thread_executors(renders: int = 1) -> Executors:
    """Two threads that fetch, four that send callbacks, and `renders` that render."""
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
    """Turns the creates in `folder` into videos and reports each task's outcome."""

    def __init__(
        self,
        *,
        folder: StateFolder,
        executors: Executors,
        render: Render,
        fetch: Fetch,
        clock: Callable[[], float],
        report: Report,
    ) -> None:
        self._folder = folder
        self._executors = executors
        self._render = render
        self._fetch = fetch
        self._clock = clock
        self._report = report
        self._lock = threading.Lock()
        self._rendering = 0

    @property
    def renders_running(self) -> int:
        """How many videos are being made at this moment."""
        return self._rendering

    def start(self, task: SimulatedTask, *, by_url: bool = True) -> None:
        """Start the work, once for each task, and return at once.

        Args:
            task: whose create's body lies in the folder.
            by_url: whether pictures may have to be fetched first.
        """
        if by_url:
            self._executors.fetching.submit(self._attempt, self._fetch_then_render, task)
        else:
            self._executors.rendering.submit(self._attempt, self._render_video, task)

    def _attempt(self, step: Step, task: SimulatedTask) -> None:
        try:
            step(task)
        except PictureProblem as problem:
            self._report_failure(task, str(problem))
        except FileNotFoundError:  # the body is gone, by a reset
            self._report_failure(task, INTERNAL)
        except Exception:  # a task whose making broke must end as failed, never hang
            log.exception("A simulated task failed.")
            self._report_failure(task, INTERNAL)

    def _fetch_then_render(self, task: SimulatedTask) -> None:
        path = self._folder.create_body(task.task_id)
        body = json.loads(path.read_bytes())
        fetched = with_pictures(body, self._fetch)
        if fetched != body:
            write_whole(path, json.dumps(fetched).encode())
        with suppress(RuntimeError):  # closed meanwhile: the body waits for the next start
            self._executors.rendering.submit(self._attempt, self._render_video, task)

    def _render_video(self, task: SimulatedTask) -> None:
        request = prepare_render(read_create(parse(self._folder.create_body(task.task_id).read_bytes())))
        self._count(1)
        try:
            video = self._render(request)
        finally:
            self._count(-1)
        write_whole(self._folder.video(task.video_id), video.mp4)
        self._report(task, Rendered(at_s=self._clock(), duration_s=video.duration_s))

    def _report_failure(self, task: SimulatedTask, message: str) -> None:
        self._report(task, Failed(at_s=self._clock(), message=message))

    def _count(self, change: int) -> None:
        with self._lock:
            self._rendering += change
