"""Submits tasks and follows them in memory, with one polling thread a process.

Pages read tasks from here and never call the API themselves.
"""

import hashlib
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from kling import ImageToVideoRequest, KlingError, Task
from studio.download import DownloadProblem, download_video
from studio.far_end import FarEnd
from studio.messages import lookup_problem, submit_problem
from studio.schedule import REMOTE, SIMULATED
from studio.tasks import TaskState, TrackedTask, advanced, made_elsewhere, sending

log = logging.getLogger(__name__)

# What a service may ask us to wait by Retry-After (reliability.md).
MAX_WAIT_S = 60.0


class Client(Protocol):
    """What the tracker needs of kling.KlingClient."""

    def create(self, request: ImageToVideoRequest) -> Task: ...
    def get(self, task_id_or_external_id: str) -> Task: ...
    def close(self) -> None: ...


@dataclass(kw_only=True)
class _Followed:
    """A task in the tracker's hands, and when to look at it next (None: never again)."""

    task: TrackedTask
    next_look_at: datetime | None


class Tracker:
    """Thread-safe. A create is sent once for each external task id, whatever is clicked."""

    def __init__(
        self,
        data_dir: Path,
        *,
        connect: Callable[[FarEnd], Client] = FarEnd.connect,
        download: Callable[..., Path] = download_video,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._data_dir = data_dir
        self._connect = connect
        self._download = download
        self._now = now
        self._rng = random.Random()  # noqa: S311 — jitter, not a secret
        self._followed: dict[tuple[str, str], _Followed] = {}
        self._clients: dict[FarEnd, Client] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._poll, name="task-tracker", daemon=True)

    def start(self) -> None:
        """Begins to follow tasks in the background."""
        self._thread.start()

    def close(self) -> None:
        """Stops the thread and its connections."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        for client in self._clients.values():
            client.close()

    def submit(
        self, owner: str, far_end: FarEnd, request: ImageToVideoRequest, thumbnail: bytes | None
    ) -> TrackedTask:
        """Creates the task, once; again with the same external task id only answers what is known.

        Raises:
            SubmitProblem: the service made no task; nothing was paid.
            KeyProblem: the key cannot be used.
        """
        client = self._client(far_end)
        task = sending(owner, far_end, request, thumbnail, self._now())
        with self._changed:
            known = self._followed.get((owner, task.key))
            if known is not None:
                return known.task
            self._followed[owner, task.key] = _Followed(task=task, next_look_at=None)
        return self._create(client, task, request)

    def follow(self, owner: str, far_end: FarEnd, task_id: str) -> TrackedTask:
        """Takes up a task that was made elsewhere.

        Raises:
            LookupProblem: the service does not know it, or cannot be asked.
        """
        try:
            answer = self._client(far_end).get(task_id)
        except KlingError as failure:
            raise lookup_problem(failure, task_id) from failure
        known = next((task for task in self.tasks(owner) if task.task_id == answer.task_id), None)
        return known or self._keep(made_elsewhere(owner, far_end, answer, self._now()))

    def tasks(self, owner: str) -> tuple[TrackedTask, ...]:
        """An owner's tasks, newest first."""
        with self._changed:
            mine = [followed.task for (whose, _), followed in self._followed.items() if whose == owner]
        return tuple(sorted(mine, key=lambda task: task.created_at, reverse=True))

    def _create(self, client: Client, task: TrackedTask, request: ImageToVideoRequest) -> TrackedTask:
        try:
            answer = client.create(request)
        except KlingError as failure:
            problem = submit_problem(failure, request)
            if failure.task_may_exist:
                return self._keep(replace(task, state=TaskState.UNCLEAR, message=problem.why))
            with self._changed:
                del self._followed[task.owner, task.key]
            raise problem from failure
        except Exception:  # whatever broke, the request may have left: nobody may send it again blindly
            self._keep(replace(task, state=TaskState.UNCLEAR, message="The app broke while it was sending."))
            raise
        return self._keep(advanced(task, answer, self._now()))

    def _client(self, far_end: FarEnd) -> Client:
        with self._changed:
            if far_end not in self._clients:
                self._clients[far_end] = self._connect(far_end)
            return self._clients[far_end]

    def _keep(self, task: TrackedTask, wait_at_least_s: float = 0.0) -> TrackedTask:
        next_look_at = self._next_look(task, wait_at_least_s)
        with self._changed:
            self._followed[task.owner, task.key] = _Followed(task=task, next_look_at=next_look_at)
            self._changed.notify_all()
        return task

    def _next_look(self, task: TrackedTask, wait_at_least_s: float) -> datetime | None:
        if task.is_settled:
            return None
        schedule = SIMULATED if task.far_end.simulated else REMOTE
        now = self._now()
        age_s = (now - task.created_at).total_seconds()
        return now + timedelta(seconds=max(schedule.wait_s(age_s, self._rng), wait_at_least_s))

    def _poll(self) -> None:
        while True:
            with self._changed:
                if self._closing:
                    return
                due = self._due()
                if due is None:
                    self._changed.wait(timeout=self._idle_s())
                    continue
            self._keep(*self._looked_at(due))

    def _due(self) -> TrackedTask | None:
        now = self._now()
        waiting = [f for f in self._followed.values() if f.next_look_at is not None and f.next_look_at <= now]
        return min(waiting, key=lambda f: f.next_look_at or now).task if waiting else None

    def _idle_s(self) -> float | None:
        """Seconds until the next look is due; None while there is nothing to follow."""
        looks = [f.next_look_at for f in self._followed.values() if f.next_look_at is not None]
        return max((min(looks) - self._now()).total_seconds(), 0.0) if looks else None

    def _looked_at(self, task: TrackedTask) -> tuple[TrackedTask, float]:
        """The task after a look, and the seconds that the service asks to wait before the next."""
        try:
            return self._look(task)
        except Exception:  # this thread serves every task of the process: a fault of one must not end it
            log.exception("Looking at a task failed")
            return replace(task, message="The app could not read the answer; it looks again."), 0.0

    def _look(self, task: TrackedTask) -> tuple[TrackedTask, float]:
        try:
            answer = self._client(task.far_end).get(task.lookup_id)
        except KlingError as failure:
            problem = lookup_problem(failure, task.lookup_id)
            return replace(task, message=problem.why), min(failure.retry_after_s or 0.0, MAX_WAIT_S)
        seen = advanced(task, answer, self._now())
        return (self._fetched(seen, answer) if seen.state is TaskState.SUCCEED else seen), 0.0

    def _fetched(self, task: TrackedTask, answer: Task) -> TrackedTask:
        if not answer.videos:
            return replace(task, message="The service reports success without a video.")
        self._show(task)
        target = self._data_dir / "videos" / f"{_file_stem(task)}.mp4"
        try:
            kept = self._download(answer.videos[0].url, target, trusted_base_url=task.far_end.base_url)
        except DownloadProblem as failure:
            return replace(task, message=f"{failure.what} {failure.why}")
        return replace(task, video_path=kept, message=None)

    def _show(self, task: TrackedTask) -> None:
        """Lets the pages see a state while its video is still on the way."""
        with self._changed:
            self._followed[task.owner, task.key].task = task


def _file_stem(task: TrackedTask) -> str:
    """A file name that no id, however spelled, can lead out of the folder."""
    return hashlib.sha256(f"{task.owner}\n{task.key}".encode()).hexdigest()[:32]
