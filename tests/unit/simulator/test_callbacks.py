"""Callbacks: one POST for each change of status; late, repeated or lost on demand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.settings import SimulatorSettings
from tests.support.simulated import FakeReceiver, HeldExecutor, Simulated, simulated

HOOK = "https://example.org/hook?token=secret"


@pytest.fixture
def far_end() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def told(far_end: Simulated) -> list[str]:
    """The statuses that came, looking once a second for twenty seconds."""
    for _ in range(20):
        far_end.clock.advance(1)
        far_end.look_at_callbacks()
    return [body["task_status"] for _, body in far_end.called.calls]


def test_each_change_of_status_is_told_once(far_end: Simulated) -> None:
    """The flat object of a query, without an envelope; the create itself is no change."""
    task_id = far_end.created_id(callback_url=HOOK, external_task_id="mine")
    far_end.look_at_callbacks()
    assert far_end.called.calls == []
    assert told(far_end) == ["processing", "succeed"]
    (first_url, first), (_, last) = far_end.called.calls
    assert (first_url, first["task_id"], first["task_result"]) == (HOOK, task_id, {})
    assert last == far_end.look(task_id)
    assert last["task_info"] == {"external_task_id": "mine"}


def test_without_a_callback_url_nobody_is_called(far_end: Simulated) -> None:
    """And nothing waits."""
    far_end.create()
    assert told(far_end) == []


def test_a_failure_is_told_with_its_reason(far_end: Simulated) -> None:
    """It never was processing."""
    far_end.fault("create", "fail_task", message="too dark")
    far_end.create(callback_url=HOOK)
    assert told(far_end) == ["failed"]
    assert far_end.called.calls[0][1]["task_status_msg"] == "too dark"


def test_statuses_gone_through_between_two_looks_are_told_in_order() -> None:
    """As at once."""
    with simulated(SimulatorSettings(progression="at_once")) as far_end:
        far_end.create(callback_url=HOOK)
        far_end.look_at_callbacks()
        assert [body["task_status"] for _, body in far_end.called.calls] == ["processing", "succeed"]


def test_success_is_not_told_before_the_video_is_there() -> None:
    """However much time has passed."""
    held = HeldExecutor()
    with simulated(rendering=held) as far_end:
        far_end.create(callback_url=HOOK)
        assert told(far_end) == ["processing"]
        held.run()
        assert told(far_end) == ["processing", "succeed"]


def test_a_receiver_that_is_not_there_is_tried_once(far_end: Simulated) -> None:
    """The next change is told all the same, and the log says that nobody was reached."""
    far_end.called.status = None
    task_id = far_end.created_id(callback_url=HOOK)
    assert told(far_end) == ["processing", "succeed"]
    (_, first, _) = far_end.control("GET", "/requests").json()
    first.pop("at")
    assert first == {
        "method": "CALLBACK",
        "path": "https://example.org/hook",
        "status": None,
        "fault": None,
        "task": task_id,
    }


@dataclass
class SlowReceiver(FakeReceiver):
    """Answers only after `meanwhile`."""

    meanwhile: Callable[[], None] = lambda: None

    def __call__(self, url: str, body: dict[str, Any]) -> int | None:
        self.meanwhile()
        return super().__call__(url, body)


def test_a_callback_waits_for_the_one_before_it() -> None:
    """Of one task: a receiver that is slow to answer is not told `succeed` before `processing`."""
    receiver = SlowReceiver()
    with simulated(called=receiver) as far_end:

        def time_goes_on() -> None:
            far_end.clock.advance(10)
            far_end.look_at_callbacks()

        receiver.meanwhile = time_goes_on
        far_end.create(callback_url=HOOK)
        assert told(far_end) == ["processing", "succeed"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "repeated", "copies": 3}, ["processing", "processing", "processing", "succeed"]),
        ({"kind": "lost"}, ["succeed"]),
        ({"kind": "late", "seconds": 10}, ["succeed", "processing"]),
        ({"kind": "late", "seconds": 3}, ["processing", "succeed"]),
        ({"kind": "lost", "times": None}, []),
    ],
)
def test_faults_of_callbacks(far_end: Simulated, fault: dict[str, Any], expected: list[str]) -> None:
    """A late one may be overtaken."""
    far_end.fault("callback", **fault)
    far_end.create(callback_url=HOOK)
    assert told(far_end) == expected


def test_the_log_names_the_fault_that_struck_a_callback(far_end: Simulated) -> None:
    """With each of its copies."""
    far_end.fault("callback", "repeated")
    far_end.create(callback_url=HOOK)
    told(far_end)
    (_, *called) = far_end.control("GET", "/requests").json()
    assert [entry["fault"] for entry in called] == ["repeated", "repeated", None]


def test_after_a_reset_no_late_callback_comes(far_end: Simulated) -> None:
    """Its task is gone: it would reach whoever comes next."""
    far_end.fault("callback", "late", seconds=10, times=None)
    far_end.create(callback_url=HOOK)
    far_end.clock.advance(10)
    far_end.look_at_callbacks()
    far_end.control("POST", "/reset")
    assert told(far_end) == []


def test_a_callbacks_fault_may_mean_one_task(far_end: Simulated) -> None:
    """The other's callbacks come."""
    far_end.fault("callback", "lost", task="mine", times=None)
    far_end.create(callback_url=HOOK, external_task_id="mine")
    other = far_end.created_id(callback_url=HOOK)
    assert told(far_end) == ["processing", "succeed"]
    assert {body["task_id"] for _, body in far_end.called.calls} == {other}
