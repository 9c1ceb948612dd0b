"""A task that its service tells an id of which it does not answer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kling import ImageToVideoRequest, InvalidTaskId, KlingError, NotFound, Task, TaskStatus
from studio.journal.entry import State
from studio.tasks.find_task import get_task
from tests.support.make import entry

RUNNING = entry(state=State.RUNNING, task_id="public", external_task_id="mine", service="https://far.example")


def task(external_task_id: str | None) -> Task:
    """A running one by the service's number."""
    return Task(
        task_id="77",
        status=TaskStatus.PROCESSING,
        status_message=None,
        external_task_id=external_task_id,
        created_at=None,
        updated_at=None,
        videos=(),
    )


@dataclass
class FakeClient:
    """Answers by id; what it has not, it misses."""

    answers: Mapping[str, Task]
    miss: KlingError = field(default_factory=lambda: NotFound("none"))
    base_url: str = "https://far.example"

    def get(self, task_id_or_external_id: str) -> Task:
        if task_id_or_external_id in self.answers:
            return self.answers[task_id_or_external_id]
        raise self.miss

    def create(self, request: ImageToVideoRequest) -> Task:
        raise NotImplementedError

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        raise NotImplementedError


@pytest.mark.parametrize("miss", [NotFound("none"), InvalidTaskId("none")])
def test_a_task_that_is_not_there_by_its_id_is_asked_for_by_our_own(miss: KlingError) -> None:
    """Its video is paid."""
    assert get_task(FakeClient({"mine": task("mine")}, miss), RUNNING).task_id == "77"


@pytest.mark.parametrize("external_task_id", [None, "another"])
def test_by_our_own_id_only_a_task_that_has_it_is_taken(external_task_id: str | None) -> None:
    """What else is shown there may be anybody's."""
    with pytest.raises(NotFound):
        get_task(FakeClient({"mine": task(external_task_id)}), RUNNING)
