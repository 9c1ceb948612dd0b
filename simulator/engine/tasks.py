"""Tasks and their progress. A task's status follows from its record and the clock alone.

submitted ──submitted_s──▶ processing ──processing_s, and the video is ready──▶ succeed
    └────────submitted_s, and the work has failed──────────────────────────▶ failed
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from simulator.engine.pace import Pace


class Status(StrEnum):
    """`task_status`, so spelled on the wire."""

    SUBMITTED = "submitted"  # accepted, waiting
    PROCESSING = "processing"  # at work
    SUCCEED = "succeed"  # the video is there
    FAILED = "failed"  # it never will be

    def follows(self, earlier: "Status") -> bool:
        """Whether it is a later one."""
        order = tuple(Status)
        return order.index(self) > order.index(earlier)


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The work is done: the video is on disk; `duration_s` is its real length."""

    at_s: float
    duration_s: float


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The work has failed; `message` is what the caller reads."""

    at_s: float
    message: str


TaskOutcome = Rendered | Failed


@dataclass(frozen=True, kw_only=True)
class SimulatedTask:
    """A task as it is kept; all times in Unix seconds.

    Attributes:
        video_id: what its video is called, from the beginning.
        base_url: where its creator reached us, without a slash at its end.
        callback_url: told of each change of status, when given.
        polls_seen: queries so far; counted only where the pace asks for it.
        called_back: the last status that `callback_url` was told of.
    """

    task_id: str
    external_task_id: str | None
    created_at_s: float
    pace: Pace
    video_id: str
    base_url: str
    callback_url: str | None = None
    polls_seen: int = 0
    called_back: Status = Status.SUBMITTED
    outcome: TaskOutcome | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A status and since when it holds (Unix seconds)."""

    status: Status
    since_s: float

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in {Status.SUCCEED, Status.FAILED}


def progress(task: SimulatedTask, now_s: float) -> Progress:
    """Where a task stands at `now_s`; never `succeed` before its video is ready."""
    return history(task, now_s)[-1]


def history(task: SimulatedTask, now_s: float) -> tuple[Progress, ...]:
    """Every status that a task has had up to `now_s`, in order; `submitted` first."""
    first = Progress(status=Status.SUBMITTED, since_s=task.created_at_s)
    started_s = task.created_at_s + task.pace.submitted_s
    begun, end = Progress(status=Status.PROCESSING, since_s=started_s), _end(task, started_s)
    broken_before = end is not None and end.status is Status.FAILED and end.since_s == started_s
    later = (None if broken_before else begun, end)
    return (first, *(step for step in later if step and step.since_s <= now_s))


def ends_at_s(task: SimulatedTask) -> float | None:
    """When a task is or will be over; None as long as its work has no outcome."""
    end = _end(task, task.created_at_s + task.pace.submitted_s)
    return None if end is None else end.since_s


def _end(task: SimulatedTask, started_s: float) -> Progress | None:
    match task.outcome:
        case None:
            return None
        case Failed(at_s=at_s):
            return Progress(status=Status.FAILED, since_s=max(started_s, at_s))
        case Rendered(at_s=at_s):
            planned_s = started_s + task.pace.processing_s
            return Progress(status=Status.SUCCEED, since_s=max(planned_s, at_s))


def after_query(task: SimulatedTask, now_s: float) -> SimulatedTask:
    """The task after one more query at `now_s`; a pace that counts none is left as it is.

    Of n queries the first finds it `submitted`, the n-th sees its end; with n = 1 that is the same one.
    """
    pace, wanted = task.pace, task.pace.polls
    if wanted is None:
        return task
    seen, waited_s = task.polls_seen + 1, now_s - task.created_at_s
    if seen >= min(2, wanted) and pace.submitted_s == inf:
        pace = replace(pace, submitted_s=waited_s)
    if seen >= wanted and pace.processing_s == inf:
        pace = replace(pace, processing_s=waited_s - pace.submitted_s)
    return replace(task, pace=pace, polls_seen=seen)
