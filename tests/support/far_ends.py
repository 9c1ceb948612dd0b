"""A far end in memory: answers from a script, and counts what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kling import ImageToVideoRequest, KlingError, NotFound, Task, TaskStatus, Video
from studio.far_end import FarEnd

FAR_END = FarEnd(base_url="http://far.test", api_key="not-a-key", simulated=True)
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def task(status: TaskStatus, *, task_id: str = "t1", message: str | None = None) -> Task:
    """A task as the service would describe it."""
    video = Video(video_id="v1", url="http://far.test/videos/t1.mp4", duration_s=5.1)
    return Task(
        task_id=task_id,
        status=status,
        status_message=message,
        external_task_id=None,
        created_at=NOON,
        updated_at=NOON,
        videos=(video,) if status is TaskStatus.SUCCEED else (),
    )


@dataclass
class FakeClient:
    """Answers create and get from what the test put in; an error in a list is raised."""

    on_create: list[Task | KlingError] = field(default_factory=list)
    on_get: list[Task | KlingError] = field(default_factory=list)
    created: list[ImageToVideoRequest] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    before_look: Callable[[], None] = lambda: None

    def create(self, request: ImageToVideoRequest) -> Task:
        self.created.append(request)
        self.before_answer()
        return _told(self.on_create.pop(0))

    def get(self, task_id_or_external_id: str) -> Task:
        self.asked.append(task_id_or_external_id)
        self.before_look()
        if not self.on_get:
            raise NotFound("task not found")
        return _told(self.on_get.pop(0) if len(self.on_get) > 1 else self.on_get[0])

    def close(self) -> None: ...


def _told(answer: Task | KlingError) -> Task:
    if isinstance(answer, KlingError):
        raise answer
    return answer
