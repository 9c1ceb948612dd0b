"""A far end in memory: answers from a script, and counts what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kling import ImageToVideoRequest, KlingError, NotFound, Task, TaskStatus, Video
from studio.journal.entry import Entry
from studio.service.endpoint import ServiceEndpoint
from studio.tasks.steps import Client

ENDPOINT = ServiceEndpoint(base_url="http://far.test", api_key="not-a-key", simulated=True)
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def task(
    status: TaskStatus,
    *,
    task_id: str = "t1",
    message: str | None = None,
    external_task_id: str | None = None,
) -> Task:
    """A task as the service would describe it."""
    video = Video(video_id="v1", url="http://far.test/videos/t1.mp4", duration_s=5.1)
    return Task(
        task_id=task_id,
        status=status,
        status_message=message,
        external_task_id=external_task_id,
        created_at=NOON,
        updated_at=NOON,
        videos=(video,) if status is TaskStatus.SUCCEED else (),
    )


@dataclass
class Clock:
    """Time that passes only when the test says so; aware UTC."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.moment += timedelta(seconds=seconds)


@dataclass
class FakeClient:
    """Answers create, get and list from what the test put in; an error in a list is raised."""

    base_url: str = ENDPOINT.base_url
    on_create: list[Task | KlingError] = field(default_factory=list)
    on_get: list[Task | KlingError] = field(default_factory=list)
    on_list: tuple[Task, ...] = ()
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

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        return self.on_list[(page - 1) * size : page * size]

    def close(self) -> None: ...


@dataclass
class FakeService:
    """A far end that makes a task of each create and finds it by both ids; all are at the same status."""

    base_url: str = ENDPOINT.base_url
    status: TaskStatus = TaskStatus.PROCESSING
    # raised once each, before anything is made
    refusals: list[KlingError] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    before_look: Callable[[], None] = lambda: None
    # told each id that is asked for
    looked_at: Callable[[str], None] = lambda _: None

    def create(self, request: ImageToVideoRequest) -> Task:
        if self.refusals:
            raise self.refusals.pop(0)
        self.created.append(request.external_task_id or "")
        return self._task(request.external_task_id or "", TaskStatus.SUBMITTED)

    def get(self, task_id_or_external_id: str) -> Task:
        self.before_look()
        self.looked_at(task_id_or_external_id)
        external_task_id = task_id_or_external_id.removeprefix("task-of-")
        if external_task_id not in self.created:
            raise NotFound("task not found")
        return self._task(external_task_id, self.status)

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        tasks = tuple(self._task(made, self.status) for made in reversed(self.created))
        return tasks[(page - 1) * size : page * size]

    def close(self) -> None: ...

    def _task(self, external_task_id: str, status: TaskStatus) -> Task:
        return task(status, task_id=f"task-of-{external_task_id}", external_task_id=external_task_id)


@dataclass
class FakeKeys:
    """A keyring with one key, or with none."""

    client: Client | None

    def connect(self, _entry: Entry) -> Client | None:
        return self.client


def _told(answer: Task | KlingError) -> Task:
    if isinstance(answer, KlingError):
        raise answer
    return answer
