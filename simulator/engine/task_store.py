"""The simulator's tasks: in memory and each in a file of its own, bounded, safe to use from several threads.

A create is in its file before it is answered, so that a process may be killed at any moment.
"""

import logging
import threading
from dataclasses import replace
from typing import Final

from simulator.contract.refusals import Refusal, RefusalReason, bad_value
from simulator.engine.earlier_version import take_over
from simulator.engine.folder import StateFolder
from simulator.engine.pace import Pace
from simulator.engine.task_files import read_tasks, write_task
from simulator.engine.tasks import SimulatedTask, Status, TaskOutcome, after_query, ends_at_s

log = logging.getLogger(__name__)

_ID_STEP: Final = 20  # bits below the milliseconds of an id


class TaskStore:
    """The last tasks of a folder; the oldest finished ones are forgotten, with their videos."""

    def __init__(self, folder: StateFolder, *, max_parallel: int, max_kept: int) -> None:
        self._folder = folder
        self._max_parallel = max_parallel
        self._max_kept = max_kept
        self._lock = threading.Lock()
        self._last_id = 0
        take_over(folder)
        self._tasks = {task.task_id: task for task in read_tasks(folder)}  # oldest first

    def new_id(self, now_s: float) -> str:
        """A task id of 19 digits, like the real ones; each is higher than the one before."""
        with self._lock:
            self._last_id = max(self._last_id + 1, int(now_s * 1000) << _ID_STEP)
            return str(self._last_id)

    def add(self, task: SimulatedTask) -> None:
        """Keep a new task.

        Raises:
            Refusal: its external id is taken (1201), or too many tasks are unfinished (1303).
            OSError: its file cannot be written; it is not kept.
        """
        with self._lock:
            if task.external_task_id is not None and self._known(task.external_task_id):
                raise bad_value(f"duplicate external_task_id: {task.external_task_id}")
            if len(self._unfinished(task.created_at_s)) >= self._max_parallel:
                raise Refusal(RefusalReason.TOO_MANY_PARALLEL, "parallel task over resource pack limit")
            write_task(self._folder, task)
            self._tasks[task.task_id] = task
            self._forget_oldest(task.created_at_s)

    def record_outcome(self, task_id: str, outcome: TaskOutcome) -> bool:
        """Record how the work on a task ended; the first outcome counts. False: the task is forgotten."""
        with self._lock:
            task = self._tasks.get(task_id)
            if task is not None and task.outcome is None:
                self._change(replace(task, outcome=outcome))
            return task is not None

    def find(self, any_id: str) -> SimulatedTask:
        """The task with this task id or external task id.

        Raises:
            Refusal: there is none (1203).
        """
        with self._lock:
            return self._existing(any_id)

    def count_query(self, any_id: str, now_s: float) -> SimulatedTask:
        """Find a task as `find` does, and count the query where the task's pace asks for it."""
        with self._lock:
            task = self._existing(any_id)
            after = after_query(task, now_s)
            if after != task:
                self._change(after)
            return after

    def set_pace(self, task_id: str, pace: Pace) -> None:
        """Let a task go on at another pace."""
        with self._lock:
            self._change(replace(self._existing(task_id), pace=pace))

    def page(self, number: int, size: int) -> list[SimulatedTask]:
        """One page of tasks, newest first; the first page has the number 1."""
        return self.all()[::-1][(number - 1) * size : number * size]

    def with_video(self, video_id: str) -> SimulatedTask | None:
        """The task that has or will have this video."""
        return next((task for task in self.all() if task.video_id == video_id), None)

    def all(self) -> list[SimulatedTask]:
        """Every task that is kept, oldest first."""
        with self._lock:
            return list(self._tasks.values())

    def awaiting_callback(self) -> list[SimulatedTask]:
        """Tasks with a callback URL that has not heard of their end yet."""
        ended = {Status.SUCCEED, Status.FAILED}
        return [task for task in self.all() if task.callback_url and task.called_back not in ended]

    def record_callback(self, task_id: str, status: Status) -> bool:
        """Record that the callback URL hears of this status. False: it has, or the task is forgotten."""
        with self._lock:
            task = self._tasks.get(task_id)
            if task is None or not status.follows(task.called_back):
                return False
            self._change(replace(task, called_back=status))
            return True

    def counts(self, now_s: float) -> tuple[int, int]:
        """How many tasks are kept, and how many of them are unfinished."""
        with self._lock:
            return len(self._tasks), len(self._unfinished(now_s))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for task in list(self._tasks.values()):
                self._forget(task)

    def _known(self, any_id: str) -> SimulatedTask | None:
        by_own_id = (task for task in self._tasks.values() if task.external_task_id == any_id)
        return self._tasks.get(any_id) or next(by_own_id, None)

    def _existing(self, any_id: str) -> SimulatedTask:
        task = self._known(any_id)
        if task is None:
            raise Refusal(RefusalReason.NO_SUCH_TASK, "Task not found")
        return task

    def _unfinished(self, now_s: float) -> list[SimulatedTask]:
        return [task for task in self._tasks.values() if not _is_over(task, now_s)]

    def _change(self, task: SimulatedTask) -> None:
        self._tasks[task.task_id] = task
        try:
            write_task(self._folder, task)
        except OSError:  # what runs goes on; a restart takes the task up where the file says
            log.exception("A simulated task could not be written.")

    def _forget_oldest(self, now_s: float) -> None:
        surplus = max(0, len(self._tasks) - self._max_kept)
        finished = [task for task in self._tasks.values() if _is_over(task, now_s)]
        for task in finished[:surplus]:
            self._forget(task)

    def _forget(self, task: SimulatedTask) -> None:
        del self._tasks[task.task_id]
        folder = self._folder
        for path in (
            folder.task(task.task_id),
            folder.create_body(task.task_id),
            folder.video(task.video_id),
        ):
            path.unlink(missing_ok=True)


def _is_over(task: SimulatedTask, now_s: float) -> bool:
    end_s = ends_at_s(task)
    return end_s is not None and end_s <= now_s
