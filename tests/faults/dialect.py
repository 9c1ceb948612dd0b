"""How the answer to a query is worded: as documented, or in the shapes that users of relays report.

The shapes are the simulator's own rows. Here stands only which of them may be said of what, so that an answer
is odd and yet true, or at least wrong for a while only.
"""

import json
import random
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from kling import TaskStatus
from kling.transport import Answer
from simulator.engine.tasks import Status
from simulator.faults.shapes import ANY, DONE_WORDS, QUERY_SHAPES, task_facts
from tests.faults.failures import NOT_FOUND, answer, shaped

WORDS: Final[Mapping[TaskStatus, tuple[str, ...]]] = {
    TaskStatus.SUBMITTED: ("queued", "NOT_START"),
    TaskStatus.PROCESSING: ("in_progress", "RUNNING", "Rendering 42 %"),
    TaskStatus.SUCCEED: (*DONE_WORDS, "Completed", "SUCCESS"),
    TaskStatus.FAILED: (
        *("error", "cancelled", "Canceled", "expired", "rejected", "timeout", "timed_out", "fail"),
    ),
}
"""What a status is called elsewhere."""
UNKNOWN_WORDS: Final = ("archiving", "审核中", "post-processing")
"""For a task that has ended, and does not look so for hours."""
WRAPPER_WORDS: Final = {TaskStatus.SUCCEED: "SUCCESS", TaskStatus.FAILED: "FAILURE"}
REASON: Final = "Failure to pass the risk control system"


@cache
def true_shapes(status: TaskStatus | None) -> tuple[str, ...]:
    """The shapes that may be answered about a task of that status; None: there is no such task."""
    return tuple(name for name in QUERY_SHAPES if _is_true(name, status))


def _is_true(name: str, status: TaskStatus | None) -> bool:
    shape = QUERY_SHAPES[name]
    if status is None or shape.when == ANY:
        return status is None and shape.when == ANY
    tells_failure = any(word in json.dumps(shape.body) for word in ('"failed"', '"FAILURE"'))
    if Status(status) not in shape.when or (tells_failure and status is TaskStatus.SUCCEED):
        return False
    return tells_failure or status is TaskStatus.SUCCEED or name.startswith(("times_", "id_"))


def told(task: Mapping[str, Any], base_url: str, other_id: str, rng: random.Random, *, odd: float) -> Answer:
    """A task as it is answered.

    Args:
        task: as documented.
        base_url: where the service is reached.
        other_id: what the task is also called.
        rng: chooses among the wordings.
        odd: how often it is worded as users of relays report, from 0 to 1.
    """
    status = TaskStatus(task["task_status"])
    shapes = true_shapes(status)
    if rng.random() >= odd:
        return _of_either_time(task, rng)
    if not shapes or rng.random() < 0.3:
        return documented({**task, "task_status": rng.choice(WORDS[status])})
    facts = task_facts(dict(task), base_url=base_url, reason=REASON)
    return shaped(QUERY_SHAPES[rng.choice(shapes)], facts | {"OTHER": other_id})


def told_missing(rng: random.Random, *, odd: float) -> Answer:
    """There is no such task."""
    if rng.random() >= odd:
        return NOT_FOUND
    name = rng.choice(true_shapes(None))
    return shaped(QUERY_SHAPES[name], task_facts({}, base_url="", reason=REASON))


def documented(task: Mapping[str, Any]) -> Answer:
    """A task, as the documentation has it."""
    return answer(200, {"code": 0, "message": "SUCCEED", "data": task})


def _of_either_time(task: Mapping[str, Any], rng: random.Random) -> Answer:
    """In the shape of today or of the older wrapper."""
    if rng.random() < 0.8:
        return documented(task)
    word = WRAPPER_WORDS.get(TaskStatus(task["task_status"]), "IN_PROGRESS")
    wrapped = {"task_id": task["task_id"], "status": word, "progress": "50%", "data": {"data": task}}
    return answer(200, {"code": "success", "message": "", "data": wrapped})
