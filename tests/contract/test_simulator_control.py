"""The Settings page's controls do to a simulator as they say there."""

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from kling import ErrorKind, ImageToVideoRequest, KlingError, TaskStatus
from simulator.embedded import RunningSimulator, start
from simulator.settings import SimulatorSettings
from studio.service.endpoint import ServiceEndpoint
from studio.service.simulator_control import (
    FAILURES,
    ControlProblem,
    Failure,
    SimulatorControl,
    SimulatorPace,
    control_of,
)
from tests.support.lying_server import LyingServer, html, reply
from tests.support.running_app import free_port
from tests.support.simulated import FILM_BYTES, FakeRenderer, wire_picture

TIMEOUT_S = 20
BY_LABEL = {failure.label: failure for failure in FAILURES}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    """Tasks are over as soon as their film is there, and it is there at once."""
    settings = SimulatorSettings(submitted_s=0, processing_s=0, max_parallel=50)
    simulator = start(settings, render=FakeRenderer())
    yield simulator
    simulator.stop()


@pytest.fixture
def endpoint(running: RunningSimulator) -> ServiceEndpoint:
    return ServiceEndpoint(base_url=running.base_url, api_key=running.api_key, simulated=True)


@pytest.fixture
def control(endpoint: ServiceEndpoint) -> Iterator[SimulatorControl]:
    """With nothing that waits, before and after."""
    found = control_of(endpoint)
    assert found is not None
    yield found
    found.disarm()
    found.set_pace(SimulatorPace.QUICK)


def request(external_task_id: str | None = None) -> ImageToVideoRequest:
    return ImageToVideoRequest(image=wire_picture(), model_name="kling-v1", external_task_id=external_task_id)


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(
    control: SimulatorControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look on its own machine, and be told the simulator's key."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert control.read_state() is not None


def armed(control: SimulatorControl) -> list[str]:
    state = control.read_state()
    assert state is not None
    return [fault.label for fault in state.armed_faults]


def refused(endpoint: ServiceEndpoint, external_task_id: str | None = None) -> KlingError:
    with endpoint.connect() as client, pytest.raises(KlingError) as caught:
        client.create(request(external_task_id))
    return caught.value


def video_url(endpoint: ServiceEndpoint) -> str:
    """Of a new task, once it is there."""
    with endpoint.connect() as client:
        task = client.create(request())
        while not task.videos:
            assert task.status is not TaskStatus.FAILED, task
            task = client.get(task.task_id)
    return task.videos[0].url


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.label)
def test_a_failure_waits_until_it_is_taken_away(control: SimulatorControl, failure: Failure) -> None:
    """By the words that it was chosen by; one alone, or all of them."""
    control.arm(failure)
    control.arm(FAILURES[0])
    assert armed(control) == [failure.label, FAILURES[0].label]
    state = control.read_state()
    assert state is not None
    control.disarm(state.armed_faults[0].fault_id)
    control.disarm(state.armed_faults[0].fault_id)  # gone already: nothing to complain about
    assert armed(control) == [FAILURES[0].label]
    control.disarm()
    assert armed(control) == []


def test_every_failure_that_the_simulator_tells_of_itself_can_be_armed(control: SimulatorControl) -> None:
    """Each shape with what is odd about it and how sure it is; once armed, it has the same words."""
    state = control.read_state()
    assert state is not None
    more = state.more_failures
    assert {failure.fault["shape"] for failure in more if "shape" in failure.fault} >= {
        "address_result_url",
        "nested_policy",
        "partial",
    }
    assert all(failure.outcome for failure in more)
    for failure in more:
        control.arm(failure)
    assert armed(control) == [failure.label for failure in more]


def test_the_list_of_models_is_set_and_given_back(
    control: SimulatorControl, endpoint: ServiceEndpoint
) -> None:
    """Rows of any kind, as they were typed."""

    def listed() -> object:
        return requests.get(f"{endpoint.base_url}/api/models", timeout=TIMEOUT_S).json()["data"]

    own = listed()
    for rows in ("[]", '[{"id": "kling-v3", "pricing": {"per_request": -1}}, 5, "x", null]'):
        control.list_models(rows)
        assert listed() == json.loads(rows)
    control.list_models("[NaN]")
    for wrong in ("", "{}", "[", "rows"):
        with pytest.raises(ControlProblem, match="no JSON list"):
            control.list_models(wrong)
    assert listed() != own
    control.list_models(None)
    assert listed() == own


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("The model is gone", ErrorKind.MODEL_NOT_SERVED),
        ("The service refuses", ErrorKind.OUT_OF_CREDIT),
        ("Too many tasks at once", ErrorKind.TOO_MANY_TASKS),
    ],
)
def test_a_refusal_strikes_the_next_task_once(
    control: SimulatorControl, endpoint: ServiceEndpoint, label: str, kind: ErrorKind
) -> None:
    """Nothing was made; the one after it goes through."""
    control.arm(BY_LABEL[label])
    error = refused(endpoint)
    assert (error.kind, error.task_may_exist) == (kind, False)
    assert armed(control) == []
    assert video_url(endpoint)


def test_the_answer_that_is_lost_leaves_a_task_behind(
    control: SimulatorControl, endpoint: ServiceEndpoint
) -> None:
    """To be looked up by its own id."""
    control.arm(BY_LABEL["The answer is lost after accepting"])
    assert refused(endpoint, "lost").task_may_exist
    with endpoint.connect() as client:
        assert client.get("lost").external_task_id == "lost"


def test_the_policy_fails_a_task_that_was_accepted(
    control: SimulatorControl, endpoint: ServiceEndpoint
) -> None:
    """With the service's words."""
    control.arm(BY_LABEL["The task fails by policy"])
    with endpoint.connect() as client:
        task = client.create(request())
        while task.status not in {TaskStatus.FAILED, TaskStatus.SUCCEED}:
            task = client.get(task.task_id)
    assert (task.status, task.status_message) == (
        TaskStatus.FAILED,
        "Failure to pass the risk control system",
    )


def test_an_expired_link_is_answered_403_once(control: SimulatorControl, endpoint: ServiceEndpoint) -> None:
    """A second try gets the film."""
    url = video_url(endpoint)
    control.arm(BY_LABEL["The video's link has expired"])
    assert requests.get(url, timeout=TIMEOUT_S).status_code == 403
    assert requests.get(url, timeout=TIMEOUT_S).content == FILM_BYTES


def test_a_slow_download_does_not_come_at_once(control: SimulatorControl, endpoint: ServiceEndpoint) -> None:
    """Its first second brings a small part only."""
    url = video_url(endpoint)
    control.arm(BY_LABEL["The download is slow"])
    came = b""
    with requests.get(url, timeout=1, stream=True) as answer, suppress(requests.RequestException):
        for drop in answer.iter_content(1):
            came += drop
            if len(came) == 2:
                break
    assert FILM_BYTES.startswith(came)
    assert armed(control) == []


def test_a_pace_that_was_chosen_is_told_again(control: SimulatorControl) -> None:
    """With the seconds that a quick task takes."""
    for pace in (SimulatorPace.REALISTIC, SimulatorPace.QUICK):
        control.set_pace(pace)
        state = control.read_state()
        assert state is not None
        assert (state.pace, state.quick_s) == (pace, 0)


def test_what_was_set_from_elsewhere_is_told_as_it_is(control: SimulatorControl) -> None:
    """A kind of fault or pace that is not offered here is no error."""
    headers = {"Authorization": "Bearer simulator"}
    url = f"{control.base_url}/_control"
    fault = {"on": "list", "kind": "delay", "seconds": 1}
    requests.post(f"{url}/faults", json=fault, headers=headers, timeout=TIMEOUT_S).raise_for_status()
    body = {"kind": "polls", "polls": 2}
    requests.put(f"{url}/progression", json=body, headers=headers, timeout=TIMEOUT_S).raise_for_status()
    state = control.read_state()
    assert state is not None
    assert (state.pace, [fault.label for fault in state.armed_faults]) == (None, ["delay on list"])


def test_what_is_no_simulator_cannot_be_controlled() -> None:
    """A page, or another server's JSON; CometAPI is not even asked."""
    for behaviour in (html(404), html(), reply({"hello": 1}), reply([1])):
        with LyingServer(behaviour) as server:
            control = control_of(ServiceEndpoint(base_url=server.url, api_key="k", simulated=False))
            assert control is not None
            assert control.read_state() is None
    assert (
        control_of(ServiceEndpoint(base_url="https://api.cometapi.com", api_key="k", simulated=False)) is None
    )


def test_a_simulator_that_is_away_is_said_so() -> None:
    """With what to do about it."""
    away = ServiceEndpoint(base_url=f"http://127.0.0.1:{free_port()}", api_key="k", simulated=True)
    control = control_of(away)
    assert control is not None
    with pytest.raises(ControlProblem, match="does not answer"):
        control.read_state()
    with pytest.raises(ControlProblem, match="does not answer"):
        control.arm(FAILURES[0])


def test_a_simulator_that_refuses_is_said_so() -> None:
    """With the status, for whoever looks after it."""
    with LyingServer(reply({"error": "no"}, 400)) as server:
        control = SimulatorControl(base_url=server.url, api_key="k")
        with pytest.raises(ControlProblem, match="answered 400"):
            control.arm(FAILURES[0])
        with pytest.raises(ControlProblem, match="answered 400"):
            control.disarm()
