"""The book of tasks: in memory, bounded, safe to use from several threads."""

import threading
from dataclasses import replace
from itertools import count
from pathlib import Path

from simulator.refusals import Reason, Refusal, bad_value
from simulator.tasks import Outcome, Pace, Rendered, Task, progress


class TaskBook:
    """Keeps the last tasks; forgets the oldest finished ones, with their videos."""

    def __init__(self, *, max_parallel: int, max_kept: int) -> None:
        self._max_parallel = max_parallel
        self._max_kept = max_kept
        self._lock = threading.Lock()
        self._serial = count()
        self._tasks: dict[str, Task] = {}  # by task id, oldest first
        self._by_external_id: dict[str, str] = {}
        self._by_video_id: dict[str, str] = {}

    def open(self, external_task_id: str | None, pace: Pace, now_s: float) -> Task:
        """Enter a new task.

        Raises:
            Refusal: its external id is taken (1201), or too many tasks are unfinished (1303).
        """
        with self._lock:
            if external_task_id in self._by_external_id:
                raise bad_value(f"duplicate external_task_id: {external_task_id}")
            unfinished = sum(not progress(task, now_s).is_final for task in self._tasks.values())
            if unfinished >= self._max_parallel:
                raise Refusal(Reason.TOO_MANY_PARALLEL, "parallel task over resource pack limit")
            task = Task(
                task_id=self._new_id(now_s),
                external_task_id=external_task_id,
                created_at_s=now_s,
                pace=pace,
            )
            self._enter(task)
            self._forget_oldest(now_s)
            return task

    def close(self, task_id: str, outcome: Outcome) -> None:
        """Write down how the work on a task ended."""
        with self._lock:
            self._tasks[task_id] = replace(self._tasks[task_id], outcome=outcome)
            if isinstance(outcome, Rendered):
                self._by_video_id[outcome.video_id] = task_id

    def find(self, any_id: str) -> Task:
        """The task with this task id or external task id.

        Raises:
            Refusal: there is none (1203).
        """
        with self._lock:
            task = self._tasks.get(any_id) or self._tasks.get(self._by_external_id.get(any_id, ""))
        if task is None:
            raise Refusal(Reason.NO_SUCH_TASK, "Task not found")
        return task

    def page(self, number: int, size: int) -> list[Task]:
        """One page of tasks, newest first; the first page has the number 1."""
        with self._lock:
            newest_first = list(reversed(self._tasks.values()))
        return newest_first[(number - 1) * size : number * size]

    def video(self, video_id: str) -> Path | None:
        """Where a finished video lies, or None."""
        with self._lock:
            task = self._tasks.get(self._by_video_id.get(video_id, ""))
        return task.outcome.path if task and isinstance(task.outcome, Rendered) else None

    def _new_id(self, now_s: float) -> str:
        milliseconds = int(now_s * 1000)
        return str((milliseconds << 20) | (next(self._serial) & 0xFFFFF))  # 19 digits, like the real ones

    def _enter(self, task: Task) -> None:
        self._tasks[task.task_id] = task
        if task.external_task_id is not None:
            self._by_external_id[task.external_task_id] = task.task_id

    def _forget_oldest(self, now_s: float) -> None:
        surplus = len(self._tasks) - self._max_kept
        finished = [task for task in self._tasks.values() if progress(task, now_s).is_final]
        for task in finished[: max(0, surplus)]:
            self._forget(task)

    def _forget(self, task: Task) -> None:
        del self._tasks[task.task_id]
        if task.external_task_id is not None:
            del self._by_external_id[task.external_task_id]
        if isinstance(task.outcome, Rendered):
            del self._by_video_id[task.outcome.video_id]
            task.outcome.path.unlink(missing_ok=True)
