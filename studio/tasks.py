"""A task as the studio knows it, and how an answer of the service moves it on."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from kling import ImageToVideoRequest, Task, TaskStatus
from studio.far_end import FarEnd


class TaskState(StrEnum):
    """Where a task stands.

    SENDING → SUBMITTED → PROCESSING → SUCCEED | FAILED, and UNCLEAR between SENDING and
    SUBMITTED when no clear answer came to the create call.
    """

    SENDING = "sending"  # the request is on its way
    UNCLEAR = "unclear"  # no clear answer came: a paid task may exist, so it is looked up, never sent again
    SUBMITTED = "submitted"  # the service has it and has not begun
    PROCESSING = "processing"  # the service is at work
    SUCCEED = "succeed"  # the video is finished
    FAILED = "failed"  # the service gave up and says why


_FROM_STATUS = {status: TaskState(status.value) for status in TaskStatus}


@dataclass(frozen=True, kw_only=True)
class TrackedTask:
    """What is known of one task; times are aware UTC."""

    owner: str
    far_end: FarEnd = field(repr=False)
    state: TaskState
    # what it is looked up by: the task id, or our own id until that is known
    external_task_id: str | None
    task_id: str | None = None
    model_name: str | None = None
    mode: str | None = None
    duration: str | None = None
    prompt: str | None = None
    # JPEG of the picture that was sent
    thumbnail: bytes | None = field(default=None, repr=False)
    created_at: datetime
    ended_at: datetime | None = None
    # the service's reason for a failure, or what is in the way of knowing more
    message: str | None = None
    video_path: Path | None = None

    @property
    def lookup_id(self) -> str:
        """The id to ask the service by."""
        return self.task_id or self.external_task_id or ""

    @property
    def key(self) -> str:
        """Names the task within its owner's list, and never changes."""
        return self.external_task_id or self.task_id or ""

    @property
    def is_settled(self) -> bool:
        """Nothing more will come: failed, or the video is kept."""
        return self.state is TaskState.FAILED or self.video_path is not None

    def elapsed_s(self, now: datetime) -> float:
        """Seconds since it was submitted, until its end."""
        return ((self.ended_at or now) - self.created_at).total_seconds()


def sending(
    owner: str, far_end: FarEnd, request: ImageToVideoRequest, thumbnail: bytes | None, now: datetime
) -> TrackedTask:
    """A task at the moment before its create call."""
    return TrackedTask(
        owner=owner,
        far_end=far_end,
        state=TaskState.SENDING,
        external_task_id=request.external_task_id,
        model_name=request.model_name,
        mode=request.mode,
        duration=request.duration,
        prompt=request.prompt,
        thumbnail=thumbnail,
        created_at=now,
    )


def made_elsewhere(owner: str, far_end: FarEnd, answer: Task, now: datetime) -> TrackedTask:
    """A task that somebody created without this app."""
    known = TrackedTask(
        owner=owner,
        far_end=far_end,
        state=TaskState.SUBMITTED,
        external_task_id=None,
        task_id=answer.task_id,
        created_at=answer.created_at or now,
    )
    return advanced(known, answer, now)


def advanced(task: TrackedTask, answer: Task, now: datetime) -> TrackedTask:
    """The task after an answer of the service."""
    state = _FROM_STATUS[answer.status]
    ended = state in {TaskState.SUCCEED, TaskState.FAILED}
    return replace(
        task,
        state=state,
        task_id=answer.task_id,
        ended_at=(task.ended_at or answer.updated_at or now) if ended else None,
        message=answer.status_message if state is TaskState.FAILED else None,
    )
