"""The tracker: one create for each id, every finished video kept, nobody else's tasks shown."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kling import (
    ImageToVideoRequest,
    ModelNotServed,
    NotFound,
    PlatformError,
    ReadTimeout,
    TaskStatus,
    TooManyRequests,
)
from studio.download import DownloadProblem
from studio.messages import LookupProblem, SubmitProblem
from studio.tasks import TaskState, TrackedTask
from studio.tracker import Tracker
from tests.support.far_ends import FAR_END, FakeClient, task

REQUEST = ImageToVideoRequest(image="aGk=", model_name="kling-v1", external_task_id="mine-1", prompt="wind")


def keep(_url: str, target: Path, *, trusted_base_url: str) -> Path:
    """A download that works."""
    assert trusted_base_url == FAR_END.base_url
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"mp4")
    return target


Started = Callable[..., Tracker]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Makes trackers over a fake client, and closes them."""
    trackers: list[Tracker] = []

    def make(client: FakeClient, download: Callable[..., Path] = keep) -> Tracker:
        tracker = Tracker(tmp_path, connect=lambda _far_end: client, download=download)
        trackers.append(tracker)
        tracker.start()
        return tracker

    yield make
    for tracker in trackers:
        tracker.close()


def until(tracker: Tracker, holds: Callable[[TrackedTask], bool], owner: str = "ann") -> TrackedTask:
    """The owner's one task as soon as it is as expected; the test's time-out ends a vain wait."""
    pause = threading.Event()
    while True:
        (found,) = tracker.tasks(owner)
        if holds(found):
            return found
        pause.wait(0.01)


def test_a_task_is_followed_until_its_video_is_kept(started: Started) -> None:
    """Submitted → processing → succeed by itself, and the video lies on our disk."""
    client = FakeClient(
        on_create=[task(TaskStatus.SUBMITTED)],
        on_get=[task(TaskStatus.PROCESSING), task(TaskStatus.SUCCEED)],
    )
    tracker = started(client)
    assert tracker.submit("ann", FAR_END, REQUEST, None).state is TaskState.SUBMITTED
    done = until(tracker, lambda found: found.is_settled)
    assert done.state is TaskState.SUCCEED
    assert done.video_path is not None
    assert done.video_path.read_bytes() == b"mp4"


def test_the_same_external_task_id_is_created_once(started: Started) -> None:
    """A double click or a rerun must not pay twice."""
    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.PROCESSING)])
    tracker = started(client)
    tracker.submit("ann", FAR_END, REQUEST, None)
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert len(client.created) == 1


def test_a_second_click_during_the_create_call_is_not_sent(started: Started) -> None:
    """The intent is written before the call, so that a click in mid-flight finds it."""
    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.PROCESSING)])
    tracker = started(client)
    seen: list[TrackedTask] = []
    client.before_answer = lambda: seen.append(tracker.submit("ann", FAR_END, REQUEST, None))
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert len(client.created) == 1
    assert seen[0].state is TaskState.SENDING


def test_a_refused_request_leaves_no_task_and_may_be_sent_again(started: Started) -> None:
    """REJECTED: nothing was made, so the corrected draft may use its id again."""
    client = FakeClient(
        on_create=[ModelNotServed("model_not_found", http_status=503), task(TaskStatus.SUBMITTED)],
        on_get=[task(TaskStatus.PROCESSING)],
    )
    tracker = started(client)
    with pytest.raises(SubmitProblem, match="nothing was paid"):
        tracker.submit("ann", FAR_END, REQUEST, None)
    assert tracker.tasks("ann") == ()
    assert tracker.submit("ann", FAR_END, REQUEST, None).state is TaskState.SUBMITTED


def test_an_unclear_create_is_looked_up_by_our_own_id_and_never_sent_again(started: Started) -> None:
    """A time-out after the body was sent leaves it open whether a paid task exists (reliability.md)."""
    client = FakeClient(
        on_create=[ReadTimeout("no answer")],
        on_get=[NotFound("not yet"), task(TaskStatus.PROCESSING), task(TaskStatus.SUCCEED)],
    )
    tracker = started(client)
    unclear = tracker.submit("ann", FAR_END, REQUEST, None)
    assert unclear.state is TaskState.UNCLEAR
    done = until(tracker, lambda found: found.is_settled)
    assert done.task_id == "t1"
    assert client.asked[0] == "mine-1"
    assert len(client.created) == 1


def test_a_failed_look_does_not_make_a_failed_task(started: Started) -> None:
    """A task is never called failed because we could not look."""
    client = FakeClient(
        on_create=[task(TaskStatus.SUBMITTED)],
        on_get=[PlatformError("down", http_status=503), task(TaskStatus.SUCCEED)],
    )
    tracker = started(client)
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert until(tracker, lambda found: found.is_settled).state is TaskState.SUCCEED


def test_the_services_wish_to_wait_is_followed_before_the_next_look(started: Started) -> None:
    """Retry-After wins over our own schedule."""
    busy = TooManyRequests("slow down", http_status=429, retry_after_s=1.2)
    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[busy, task(TaskStatus.SUCCEED)])
    looks: list[float] = []
    client.before_look = lambda: looks.append(time.monotonic())
    tracker = started(client)
    tracker.submit("ann", FAR_END, REQUEST, None)
    until(tracker, lambda found: found.is_settled)
    assert looks[1] - looks[0] >= 1.2  # the simulator's own period is half a second


def test_a_create_that_breaks_inside_the_app_is_unclear_and_not_sent_again(started: Started) -> None:
    """Whatever broke, the request may have left."""
    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)])

    def broken() -> None:
        raise RuntimeError("a bug")

    client.before_answer = broken
    tracker = started(client)
    with pytest.raises(RuntimeError):
        tracker.submit("ann", FAR_END, REQUEST, None)
    assert tracker.submit("ann", FAR_END, REQUEST, None).state is TaskState.UNCLEAR
    assert len(client.created) == 1


def test_a_failed_task_keeps_the_services_reason(started: Started) -> None:
    """task_status_msg is the only word on why (contract.md)."""
    failed = task(TaskStatus.FAILED, message="Image pixel is invalid")
    tracker = started(FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[failed]))
    tracker.submit("ann", FAR_END, REQUEST, None)
    done = until(tracker, lambda found: found.is_settled)
    assert (done.state, done.message) == (TaskState.FAILED, "Image pixel is invalid")


def test_a_broken_download_is_tried_again(started: Started) -> None:
    """No finished video is lost: a fresh look brings a fresh link."""
    attempts: list[str] = []

    def flaky(url: str, target: Path, *, trusted_base_url: str) -> Path:
        attempts.append(url)
        if len(attempts) == 1:
            raise DownloadProblem("Not yet.", "It broke.", "Wait.")
        return keep(url, target, trusted_base_url=trusted_base_url)

    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.SUCCEED)])
    tracker = started(client, flaky)
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert until(tracker, lambda found: found.is_settled).video_path is not None
    assert len(attempts) == 2


def test_an_unexpected_fault_of_one_look_does_not_end_the_polling(started: Started) -> None:
    """The thread serves every task of the process."""
    attempts: list[str] = []

    def faulty(url: str, target: Path, *, trusted_base_url: str) -> Path:
        attempts.append(url)
        if len(attempts) == 1:
            raise RuntimeError("a bug")
        return keep(url, target, trusted_base_url=trusted_base_url)

    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.SUCCEED)])
    tracker = started(client, faulty)
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert until(tracker, lambda found: found.is_settled).state is TaskState.SUCCEED


def test_nobody_sees_the_tasks_of_another(started: Started) -> None:
    """Every read is by owner."""
    tracker = started(
        FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.PROCESSING)])
    )
    tracker.submit("ann", FAR_END, REQUEST, None)
    assert tracker.tasks("bob") == ()


def test_two_people_may_use_the_same_id_without_meeting(started: Started) -> None:
    """An id is unique per account at the service; here it is kept per owner, files included."""
    client = FakeClient(
        on_create=[task(TaskStatus.SUBMITTED), task(TaskStatus.SUBMITTED, task_id="t2")],
        on_get=[task(TaskStatus.SUCCEED)],
    )
    tracker = started(client)
    tracker.submit("ann", FAR_END, REQUEST, None)
    tracker.submit("bob", FAR_END, REQUEST, None)
    hers = until(tracker, lambda found: found.is_settled)
    his = until(tracker, lambda found: found.is_settled, owner="bob")
    assert hers.video_path != his.video_path


def test_an_id_cannot_lead_the_video_out_of_its_folder(started: Started, tmp_path: Path) -> None:
    """The id is typed by a person and must not become a path."""
    request = ImageToVideoRequest(image="aGk=", model_name="kling-v1", external_task_id="../../escaped")
    client = FakeClient(on_create=[task(TaskStatus.SUBMITTED)], on_get=[task(TaskStatus.SUCCEED)])
    tracker = started(client)
    tracker.submit("ann", FAR_END, request, None)
    done = until(tracker, lambda found: found.is_settled)
    assert done.video_path is not None
    assert done.video_path.resolve().parent == (tmp_path / "videos").resolve()


def test_a_task_made_elsewhere_is_followed_once(started: Started) -> None:
    """Typing an id twice shows one task."""
    tracker = started(FakeClient(on_get=[task(TaskStatus.PROCESSING)]))
    first = tracker.follow("ann", FAR_END, "t1")
    again = tracker.follow("ann", FAR_END, "t1")
    assert first.key == again.key
    assert len(tracker.tasks("ann")) == 1


def test_an_unknown_id_is_answered_in_words(started: Started) -> None:
    """The field says what to check; no task appears."""
    tracker = started(FakeClient())
    with pytest.raises(LookupProblem, match="does not know this task"):
        tracker.follow("ann", FAR_END, "nobody-knows")
    assert tracker.tasks("ann") == ()
