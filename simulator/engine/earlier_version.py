"""Tasks that an earlier version kept in an SQLite file: read once, then they are files like all others."""

import logging
import sqlite3
from contextlib import closing

from simulator.engine.folder import StateFolder
from simulator.engine.pace import Pace
from simulator.engine.task_files import write_task
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, Status, TaskOutcome

log = logging.getLogger(__name__)

DATABASE = "tasks-1.sqlite3"


def take_over(folder: StateFolder) -> None:
    """Write a file for each task of an earlier version's database, and remove it; do nothing without one.

    A database that cannot be read stays where it is and is ignored. After a kill in between the next start
    begins again, before any task has gone on.
    """
    database = folder.root / DATABASE
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row
            tasks = [_task(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM tasks")]  # noqa: S608
    except (sqlite3.Error, ValueError):
        log.warning("The simulated tasks in %s cannot be read and are ignored.", database, exc_info=True)
        return
    for task in tasks:
        write_task(folder, task)
    for end in ("", "-wal", "-shm"):
        database.with_name(DATABASE + end).unlink(missing_ok=True)


_COLUMNS = (
    "task_id, external_task_id, video_id, created_at_s, submitted_s, processing_s, polls, polls_seen, "
    "base_url, callback_url, told, outcome_at_s, failure, duration_s"
)


def _task(row: sqlite3.Row) -> SimulatedTask:
    return SimulatedTask(
        task_id=row["task_id"],
        external_task_id=row["external_task_id"],
        video_id=row["video_id"],
        created_at_s=row["created_at_s"],
        pace=Pace(submitted_s=row["submitted_s"], processing_s=row["processing_s"], polls=row["polls"]),
        polls_seen=row["polls_seen"],
        base_url=row["base_url"],
        callback_url=row["callback_url"],
        called_back=Status(row["told"]),
        outcome=_outcome(row),
    )


def _outcome(row: sqlite3.Row) -> TaskOutcome | None:
    if row["outcome_at_s"] is None:
        return None
    if row["failure"] is not None:
        return Failed(at_s=row["outcome_at_s"], message=row["failure"])
    return Rendered(at_s=row["outcome_at_s"], duration_s=row["duration_s"])
