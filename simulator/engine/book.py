"""The book of tasks: in a database file, bounded, safe to use from several threads and processes.

Every entry is committed before it is answered, so that a process may be killed at any moment.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from secrets import randbelow
from typing import Final

from simulator.contract.refusals import Refusal, RefusalReason, bad_value
from simulator.engine.folder import StateFolder
from simulator.engine.pace import Pace
from simulator.engine.rows import OPEN_SQL, columns, task_of
from simulator.engine.tasks import SimulatedTask, Status, TaskOutcome, polled

_BUSY_TIMEOUT_S: Final = 20.0
_UNFINISHED: Final = "(ends_at_s IS NULL OR ends_at_s > ?)"


class TaskBook:
    """Keeps the last tasks; forgets the oldest finished ones, with their videos."""

    def __init__(self, folder: StateFolder, *, max_parallel: int, max_kept: int) -> None:
        self._folder = folder
        self._max_parallel = max_parallel
        self._max_kept = max_kept
        self._serial = count(randbelow(1 << 20))  # two processes do not give one id
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            folder.database, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        self._database.row_factory = sqlite3.Row
        self._database.executescript(OPEN_SQL)

    def close_file(self) -> None:
        """End the use of the file."""
        with self._lock:
            self._database.close()

    def new_id(self, now_s: float) -> str:
        """19 digits, like the real ones."""
        return str((int(now_s * 1000) << 20) | (next(self._serial) & 0xFFFFF))

    def open(self, task: SimulatedTask) -> None:
        """Enter a new task.

        Raises:
            Refusal: its external id is taken (1201), or too many tasks are unfinished (1303).
        """
        with self._writing():
            if task.external_task_id is not None and self._row(task.external_task_id):
                raise bad_value(f"duplicate external_task_id: {task.external_task_id}")
            if self._count(_UNFINISHED, task.created_at_s) >= self._max_parallel:
                raise Refusal(RefusalReason.TOO_MANY_PARALLEL, "parallel task over resource pack limit")
            self._insert(task)
            gone = self._forget_oldest(task.created_at_s)
        for path in gone:
            path.unlink(missing_ok=True)

    def close(self, task_id: str, outcome: TaskOutcome) -> bool:
        """Write down how the work on a task ended; the first word counts. False: the task is forgotten."""
        with self._writing():
            row = self._row(task_id)
            if row is not None and row["outcome_at_s"] is None:
                self._update(replace(task_of(row), outcome=outcome))
            return row is not None

    def find(self, any_id: str) -> SimulatedTask:
        """The task with this task id or external task id.

        Raises:
            Refusal: there is none (1203).
        """
        with self._lock:
            row = self._row(any_id)
        if row is None:
            raise Refusal(RefusalReason.NO_SUCH_TASK, "Task not found")
        return task_of(row)

    def poll(self, any_id: str, now_s: float) -> SimulatedTask:
        """As `find`, counted as a query where the task's pace asks for it."""
        task = self.find(any_id)
        if task.pace.polls is None:
            return task
        with self._writing():
            task = polled(task_of(self._existing(any_id)), now_s)
            self._update(task)
            return task

    def set_pace(self, task_id: str, pace: Pace) -> None:
        """Let a task go on at another pace."""
        with self._writing():
            self._update(replace(task_of(self._existing(task_id)), pace=pace))

    def page(self, number: int, size: int) -> list[SimulatedTask]:
        """One page of tasks, newest first; the first page has the number 1."""
        return self._select("1 ORDER BY serial DESC LIMIT ? OFFSET ?", size, (number - 1) * size)

    def with_video(self, video_id: str) -> SimulatedTask | None:
        """The task that has or will have this video."""
        return next(iter(self._select("video_id = ?", video_id)), None)

    def all(self) -> list[SimulatedTask]:
        """Every task that is kept, oldest first."""
        return self._select("1 ORDER BY serial")

    def untold(self) -> list[tuple[SimulatedTask, Status]]:
        """Tasks with a callback that was not told of their end yet, and what it was last told."""
        where = "callback_url IS NOT NULL AND told IN ('submitted', 'processing')"
        with self._lock:
            rows = self._database.execute(f"SELECT * FROM tasks WHERE {where}").fetchall()  # noqa: S608
        return [(task_of(row), Status(row["told"])) for row in rows]

    def tell(self, task_id: str, status: Status) -> bool:
        """Note that a callback is told of this status; False when another process has noted it first."""
        with self._lock:
            sql = "UPDATE tasks SET told = ? WHERE task_id = ? AND told != ?"
            return self._database.execute(sql, (status, task_id, status)).rowcount == 1

    def counts(self, now_s: float) -> tuple[int, int]:
        """How many tasks are kept, and how many of them are unfinished."""
        with self._lock:
            return self._count("1"), self._count(_UNFINISHED, now_s)

    def clear(self) -> None:
        """Forget everything."""
        with self._writing():
            rows = self._database.execute("DELETE FROM tasks RETURNING *").fetchall()
        for path in self._files(rows):
            path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing, and no other writer in between."""
        with self._lock, self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield

    def _select(self, where: str, *values: object) -> list[SimulatedTask]:
        with self._lock:
            rows = self._database.execute(f"SELECT * FROM tasks WHERE {where}", values).fetchall()  # noqa: S608
        return [task_of(row) for row in rows]

    def _count(self, where: str, *values: object) -> int:
        sql = f"SELECT count(*) FROM tasks WHERE {where}"  # noqa: S608 -- only this module's texts
        return int(self._database.execute(sql, values).fetchone()[0])

    def _row(self, any_id: str) -> sqlite3.Row | None:
        for column in ("task_id", "external_task_id"):
            sql = f"SELECT * FROM tasks WHERE {column} = ?"  # noqa: S608
            row: sqlite3.Row | None = self._database.execute(sql, (any_id,)).fetchone()
            if row is not None:
                return row
        return None

    def _existing(self, any_id: str) -> sqlite3.Row:
        row = self._row(any_id)
        if row is None:
            raise Refusal(RefusalReason.NO_SUCH_TASK, "Task not found")
        return row

    def _insert(self, task: SimulatedTask) -> None:
        values = {**columns(task), "told": Status.SUBMITTED}
        marks = ", ".join(f":{name}" for name in values)
        self._database.execute(f"INSERT INTO tasks ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608

    def _update(self, task: SimulatedTask) -> None:
        values = columns(task)
        changes = ", ".join(f"{name} = :{name}" for name in values)
        self._database.execute(f"UPDATE tasks SET {changes} WHERE task_id = :task_id", values)  # noqa: S608

    def _forget_oldest(self, now_s: float) -> list[Path]:
        """Delete the rows that are too many; returns the files that then have no owner."""
        surplus = max(0, self._count("1") - self._max_kept)
        oldest = "SELECT serial FROM tasks WHERE ends_at_s <= ? ORDER BY serial LIMIT ?"
        sql = f"DELETE FROM tasks WHERE serial IN ({oldest}) RETURNING *"  # noqa: S608
        return self._files(self._database.execute(sql, (now_s, surplus)).fetchall())

    def _files(self, rows: list[sqlite3.Row]) -> list[Path]:
        videos = [self._folder.video(row["video_id"]) for row in rows]
        return videos + [self._folder.order(row["task_id"]) for row in rows]


@contextmanager
def open_book(folder: StateFolder, *, max_parallel: int, max_kept: int) -> Iterator[TaskBook]:
    """A book that is closed afterwards."""
    book = TaskBook(folder, max_parallel=max_parallel, max_kept=max_kept)
    try:
        yield book
    finally:
        book.close_file()
