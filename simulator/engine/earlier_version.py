"""Tasks that an earlier version kept in an SQLite file: read once, then they are files like all others."""

import json
import logging
import sqlite3
from contextlib import closing
from typing import Any

from simulator.engine.folder import StateFolder, write_whole

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
            tasks = [_fields(row) for row in connection.execute("SELECT * FROM tasks")]
    except (sqlite3.Error, IndexError):  # no database, or another's
        log.warning("The simulated tasks in %s cannot be read and are ignored.", database, exc_info=True)
        return
    for task in tasks:
        write_whole(folder.task(task["task_id"]), json.dumps(task).encode())
    for end in ("", "-wal", "-shm"):
        database.with_name(DATABASE + end).unlink(missing_ok=True)


_SAME = ["task_id", "external_task_id", "created_at_s", "video_id", "base_url", "callback_url", "polls_seen"]


def _fields(row: sqlite3.Row) -> dict[str, Any]:
    """A row as the fields of `SimulatedTask`."""
    end = {"duration_s": row["duration_s"]} if row["failure"] is None else {"message": row["failure"]}
    return {
        **{name: row[name] for name in _SAME},
        "pace": {name: row[name] for name in ("submitted_s", "processing_s", "polls")},
        "called_back": row["told"],
        "outcome": None if row["outcome_at_s"] is None else {"at_s": row["outcome_at_s"], **end},
    }
