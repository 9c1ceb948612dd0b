"""Callbacks: one POST for each change of status; late, repeated or lost on demand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.settings import SimulatorSettings
from tests.support.simulated import FakeReceiver, HeldExecutor, Simulated, simulated

HOOK = "https://example.org/hook?token=secret"


@pytest.fixture
def service() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def told(service: Simulated) -> list[str]:
    """The statuses that came, looking once a second for twenty seconds."""
    for _ in range(20):
        service.clock.advance(1)
        service.send_callbacks()
    return [body["task_status"] for _, body in service.called.calls]


def test_each_change_of_status_is_told_once(service: Simulated) -> None:
    """The flat object of a query, without an envelope; the create itself is no change."""
    task_id = service.created_id(callback_url=HOOK, external_task_id="mine")
    service.send_callbacks()
    assert service.called.calls == []
    assert told(service) == ["processing", "succeed"]
    (first_url, first), (_, last) = service.called.calls
    assert (first_url, first["task_id"], first["task_result"]) == (HOOK, task_id, {})
    assert last == service.look(task_id)
    assert last["task_info"] == {"external_task_id": "mine"}


def test_without_a_callback_url_nobody_is_called(service: Simulated) -> None:
    """And nothing waits."""
    service.create()
    assert told(service) == []


def test_a_failure_is_told_with_its_reason(service: Simulated) -> None:
    """It never was processing."""
    service.fault("create", "fail_task", message="too dark")
    service.create(callback_url=HOOK)
    assert told(service) == ["failed"]
    assert service.called.calls[0][1]["task_status_msg"] == "too dark"


def test_statuses_gone_through_between_two_looks_are_told_in_order() -> None:
    """As at once."""
    with simulated(SimulatorSettings(progression="at_once")) as service:
        service.create(callback_url=HOOK)
        service.send_callbacks()
        assert [body["task_status"] for _, body in service.called.calls] == ["processing", "succeed"]


def test_success_is_not_told_before_the_video_is_there() -> None:
    """However much time has passed."""
    held = HeldExecutor()
    with simulated(rendering=held) as service:
        service.create(callback_url=HOOK)
        assert told(service) == ["processing"]
        held.run()
        assert told(service) == ["processing", "succeed"]


def test_a_receiver_that_is_not_there_is_tried_once(service: Simulated) -> None:
    """The next change is told all the same, and the log says that nobody was reached."""
    service.called.status = None
    task_id = service.created_id(callback_url=HOOK)
    assert told(service) == ["processing", "succeed"]
    (_, first, _) = service.control("GET", "/requests").json()
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
    with simulated(called=receiver) as service:

        def time_goes_on() -> None:
            service.clock.advance(10)
            service.send_callbacks()

        receiver.meanwhile = time_goes_on
        service.create(callback_url=HOOK)
        assert told(service) == ["processing", "succeed"]


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
def test_faults_of_callbacks(service: Simulated, fault: dict[str, Any], expected: list[str]) -> None:
    """A late one may be overtaken."""
    service.fault("callback", **fault)
    service.create(callback_url=HOOK)
    assert told(service) == expected


def test_the_log_names_the_fault_that_struck_a_callback(service: Simulated) -> None:
    """With each of its copies."""
    service.fault("callback", "repeated")
    service.create(callback_url=HOOK)
    told(service)
    (_, *called) = service.control("GET", "/requests").json()
    assert [entry["fault"] for entry in called] == ["repeated", "repeated", None]


def test_after_a_reset_no_late_callback_comes(service: Simulated) -> None:
    """Its task is gone: it would reach whoever comes next."""
    service.fault("callback", "late", seconds=10, times=None)
    service.create(callback_url=HOOK)
    service.clock.advance(10)
    service.send_callbacks()
    service.control("POST", "/reset")
    assert told(service) == []


def test_a_callbacks_fault_may_mean_one_task(service: Simulated) -> None:
    """The other's callbacks come."""
    service.fault("callback", "lost", task="mine", times=None)
    service.create(callback_url=HOOK, external_task_id="mine")
    other = service.created_id(callback_url=HOOK)
    assert told(service) == ["processing", "succeed"]
    assert {body["task_id"] for _, body in service.called.calls} == {other}
