"""Finding a task at the service: by its id, by our own, or in the account's list."""

from typing import Protocol

from kling import (
    ImageToVideoRequest,
    InvalidTaskId,
    KlingError,
    NotFound,
    Task,
    TaskStatus,
    UnexpectedAnswer,
)
from studio.journal.entry import Entry

LISTED_TASKS = 100
"""The number of the account's newest tasks that the list call is asked for when a task is missed."""


class Client(Protocol):
    """The part of kling.KlingClient that the steps need."""

    @property
    def base_url(self) -> str: ...
    def create(self, request: ImageToVideoRequest) -> Task: ...
    def get(self, task_id_or_external_id: str) -> Task: ...
    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]: ...


def get_task(client: Client, entry: Entry) -> Task:
    """The task by its id, or by our own: relays were seen to tell an id that they do not answer to.

    By our own only a task is taken that has our own.

    Raises:
        KlingError: as for its id.
    """
    try:
        return client.get(entry.lookup_id)
    except (NotFound, InvalidTaskId):
        task = _by_external_id(client, entry)
        if task is None:
            raise
        return task


def _by_external_id(client: Client, entry: Entry) -> Task | None:
    if entry.external_task_id in (None, "", entry.lookup_id) or entry.is_simulated:
        return None
    try:
        task = client.get(entry.external_task_id or "")
    except KlingError:
        return None
    return task if task.external_task_id == entry.external_task_id else None


def find_task(client: Client, entry: Entry) -> Task:
    """The task by our own id, or in the account's list.

    Raises:
        NotFound: the service does not know the id, and the list does not show it.
        UnexpectedAnswer: it shows another task for this id, which says nothing of ours.
        KlingError: it cannot be asked.
    """
    try:
        task = client.get(entry.lookup_id)
    except NotFound as missed:
        listed = _in_list(client, entry)
        if listed is None:
            raise missed from None
        return listed
    if task.external_task_id not in (None, entry.external_task_id):
        raise UnexpectedAnswer("the service shows another task for this id")
    return task


def _in_list(client: Client, entry: Entry) -> Task | None:
    """The entry's task among the account's newest; None when it is not there, or there is no such call."""
    try:
        tasks = client.list(size=LISTED_TASKS)
    except KlingError:
        return None
    return next((task for task in tasks if task.external_task_id == entry.external_task_id), None)


def forgotten_task(entry: Entry) -> Task:
    """The status of a simulated task that the simulator does not know any more: it has failed."""
    return Task(
        task_id=entry.lookup_id,
        status=TaskStatus.FAILED,
        status_message="the simulator forgot it when it was started anew",
        external_task_id=entry.external_task_id,
        created_at=None,
        updated_at=None,
        videos=(),
    )
