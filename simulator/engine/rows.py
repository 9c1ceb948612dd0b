"""A task as a row of the book's table."""

import sqlite3
from typing import Final

from simulator.engine.pace import Pace
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, TaskOutcome, ends_at_s

OPEN_SQL: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS tasks (
    serial INTEGER PRIMARY KEY,      -- oldest first
    task_id TEXT NOT NULL UNIQUE,
    external_task_id TEXT UNIQUE,
    video_id TEXT NOT NULL UNIQUE,
    created_at_s REAL NOT NULL,
    submitted_s REAL NOT NULL,       -- these three: the task's pace
    processing_s REAL NOT NULL,
    polls INTEGER,
    polls_seen INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    callback_url TEXT,
    told TEXT NOT NULL,              -- the last status that its callback was told of
    outcome_at_s REAL,               -- these three: its outcome; a failure has words, a video has a length
    failure TEXT,
    duration_s REAL,
    ends_at_s REAL                   -- as `tasks.ends_at_s`
);
CREATE INDEX IF NOT EXISTS open_tasks ON tasks (ends_at_s);
CREATE INDEX IF NOT EXISTS untold ON tasks (told) WHERE callback_url IS NOT NULL;
"""


def columns(task: SimulatedTask) -> dict[str, object]:
    """A task's columns, all but `serial` and `told`."""
    outcome = task.outcome
    return {
        "task_id": task.task_id,
        "external_task_id": task.external_task_id,
        "video_id": task.video_id,
        "created_at_s": task.created_at_s,
        "submitted_s": task.pace.submitted_s,
        "processing_s": task.pace.processing_s,
        "polls": task.pace.polls,
        "polls_seen": task.polls_seen,
        "base_url": task.base_url,
        "callback_url": task.callback_url,
        "outcome_at_s": outcome and outcome.at_s,
        "failure": outcome.message if isinstance(outcome, Failed) else None,
        "duration_s": outcome.duration_s if isinstance(outcome, Rendered) else None,
        "ends_at_s": ends_at_s(task),
    }


def task_of(row: sqlite3.Row) -> SimulatedTask:
    """The task in a row."""
    return SimulatedTask(
        task_id=row["task_id"],
        external_task_id=row["external_task_id"],
        video_id=row["video_id"],
        created_at_s=row["created_at_s"],
        pace=Pace(submitted_s=row["submitted_s"], processing_s=row["processing_s"], polls=row["polls"]),
        polls_seen=row["polls_seen"],
        base_url=row["base_url"],
        callback_url=row["callback_url"],
        outcome=_outcome(row),
    )


def _outcome(row: sqlite3.Row) -> TaskOutcome | None:
    if row["outcome_at_s"] is None:
        return None
    if row["failure"] is not None:
        return Failed(at_s=row["outcome_at_s"], message=row["failure"])
    return Rendered(at_s=row["outcome_at_s"], duration_s=row["duration_s"])
