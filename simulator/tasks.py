"""Tasks and their progress. What a task's status is follows from the clock alone.

submitted ──submitted_s──▶ processing ──processing_s, and the video is ready──▶ succeed
    └────────submitted_s, and the work has failed──────────────────────────▶ failed
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Status(StrEnum):
    """`task_status`, so spelled on the wire."""

    SUBMITTED = "submitted"  # accepted, waiting
    PROCESSING = "processing"  # at work
    SUCCEED = "succeed"  # the video is there
    FAILED = "failed"  # it never will be


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The work is done: the video lies at `path`; `duration_s` is its real length."""

    at_s: float
    video_id: str
    path: Path
    duration_s: float


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The work has failed; `message` is what the caller reads."""

    at_s: float
    message: str


Outcome = Rendered | Broken


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds in `submitted`, then in `processing`."""

    submitted_s: float
    processing_s: float


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task as it is kept; all times in Unix seconds."""

    task_id: str
    external_task_id: str | None
    created_at_s: float
    pace: Pace
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A status and since when it holds (Unix seconds)."""

    status: Status
    since_s: float

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in {Status.SUCCEED, Status.FAILED}


def progress(task: Task, now_s: float) -> Progress:
    """Where a task stands at `now_s`; never `succeed` before its video is ready."""
    started_s = task.created_at_s + task.pace.submitted_s
    if now_s < started_s:
        return Progress(status=Status.SUBMITTED, since_s=task.created_at_s)
    end = _end(task, started_s)
    if end is not None and now_s >= end.since_s:
        return end
    return Progress(status=Status.PROCESSING, since_s=started_s)


def _end(task: Task, started_s: float) -> Progress | None:
    match task.outcome:
        case None:
            return None
        case Broken(at_s=at_s):
            return Progress(status=Status.FAILED, since_s=max(started_s, at_s))
        case Rendered(at_s=at_s):
            planned_s = started_s + task.pace.processing_s
            return Progress(status=Status.SUCCEED, since_s=max(planned_s, at_s))
