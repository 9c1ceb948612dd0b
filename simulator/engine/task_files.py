"""Tasks as files: one JSON file for each, named by its task id."""

import json
import logging
from dataclasses import asdict

from simulator.engine.folder import StateFolder, write_whole
from simulator.engine.pace import Pace
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, Status, TaskOutcome

log = logging.getLogger(__name__)


def write_task(folder: StateFolder, task: SimulatedTask) -> None:
    """Write a task's file, the whole of it or nothing."""
    write_whole(folder.task(task.task_id), json.dumps(asdict(task), indent=1).encode())


def read_tasks(folder: StateFolder) -> list[SimulatedTask]:
    """Every task that has a readable file, oldest first; a file that is none is ignored."""
    tasks = []
    for path in sorted(folder.tasks.glob("*.json")):
        try:
            tasks.append(_task(path.read_bytes()))
        except (ValueError, TypeError, KeyError):
            log.warning("%s is no simulated task and is ignored.", path)
    return sorted(tasks, key=lambda task: task.created_at_s)


def _task(data: bytes) -> SimulatedTask:
    fields = json.loads(data)
    changes = {
        "pace": Pace(**fields["pace"]),
        "called_back": Status(fields["called_back"]),
        "outcome": _outcome(fields["outcome"]),
    }
    return SimulatedTask(**{**fields, **changes})


def _outcome(fields: dict[str, object] | None) -> TaskOutcome | None:
    if fields is None:
        return None
    kind: type[TaskOutcome] = Rendered if "duration_s" in fields else Failed
    return kind(**fields)  # type: ignore[arg-type]  # a wrong field is a TypeError
