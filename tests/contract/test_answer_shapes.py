"""KlingClient and every answer of the contract, those included that the simulator gives only on demand.

What the simulator can be told to answer, it answers; the few other shapes come from a scripted server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from kling import ErrorKind, ImageToVideoRequest, KlingClient, KlingError, Task, TaskStatus
from kling.transport import NEVER_REPEAT
from simulator.embedded import start
from simulator.settings import SimulatorSettings
from tests.support.lying_server import LyingServer, reply
from tests.support.simulated import FakeRenderer, wire_picture

TIMEOUT_S = 20
CREATED_MS = 1_773_366_840_306


@dataclass(frozen=True, kw_only=True)
class FaultyEnd:
    """A client, and the simulator that answers it as it is told."""

    client: KlingClient
    control_url: str

    def arm(self, on: str, kind: str, **fields: Any) -> None:
        """Lets the next request of that kind go wrong."""
        fault = {"on": on, "kind": kind, **fields}
        answer = requests.post(f"{self.control_url}/faults", json=fault, timeout=TIMEOUT_S, headers=KEY)
        assert answer.status_code == 201, answer.text

    def create(self, external_task_id: str | None = None) -> Task:
        return self.client.create(request(external_task_id))

    def refused_create(self, external_task_id: str | None = None) -> KlingError:
        with pytest.raises(KlingError) as caught:
            self.create(external_task_id)
        return caught.value

    def refused_get(self, task_id: str) -> KlingError:
        with pytest.raises(KlingError) as caught:
            self.client.get(task_id)
        return caught.value


KEY = {"Authorization": "Bearer key-for-tests"}


@pytest.fixture(scope="module")
def serving() -> Iterator[FaultyEnd]:
    """Tasks are over at once; the client does not repeat its queries, so that each answer is seen."""
    settings = SimulatorSettings(
        progression="at_once", api_key="key-for-tests", max_parallel=1000, max_kept_tasks=1000
    )
    running = start(settings, render=FakeRenderer())
    with KlingClient(running.base_url, running.api_key, get_retry=NEVER_REPEAT) as client:
        yield FaultyEnd(client=client, control_url=f"{running.base_url}/_control")
    running.stop()


@pytest.fixture
def service(serving: FaultyEnd) -> Iterator[FaultyEnd]:
    """One for all tests, with nothing left to strike after each."""
    yield serving
    requests.delete(f"{serving.control_url}/faults", timeout=TIMEOUT_S, headers=KEY)


def request(external_task_id: str | None = None) -> ImageToVideoRequest:
    return ImageToVideoRequest(image=wire_picture(), model_name="kling-v1", external_task_id=external_task_id)


def finished(service: FaultyEnd, external_task_id: str) -> Task:
    """A task that has its video, as a plain query tells it."""
    service.create(external_task_id)
    task = service.client.get(external_task_id)
    while task.status is not TaskStatus.SUCCEED:  # the film is written by a thread of its own
        assert task.status is not TaskStatus.FAILED, task
        task = service.client.get(external_task_id)
    return task


@pytest.mark.parametrize("shape", ["older_wrapper", "older_wrapper_deep"])
def test_an_older_gateway_tells_the_same_task(service: FaultyEnd, shape: str) -> None:
    """`data.status` and `data.progress` around the body under data.data, or data.data.data."""
    plain = finished(service, f"query-{shape}")
    service.arm("query", shape)
    assert service.client.get(plain.task_id) == plain


@pytest.mark.parametrize("shape", ["older_wrapper", "older_wrapper_deep", "sparse"])
def test_a_create_is_read_in_every_shape(service: FaultyEnd, shape: str) -> None:
    """A task id is all that is needed."""
    service.arm("create", shape)
    created = service.create(f"create-{shape}")
    assert created.task_id == service.client.get(f"create-{shape}").task_id
    assert created.created_at is not None


def test_an_answer_without_the_keys_that_may_be_missing_is_enough(service: FaultyEnd) -> None:
    """No task_info, no request_id, another message; status and video are there."""
    plain = finished(service, "sparse")
    service.arm("query", "sparse")
    bare = service.client.get(plain.task_id)
    assert (bare.status, bare.videos, bare.external_task_id) == (plain.status, plain.videos, None)


def test_a_failure_tells_its_reason_in_both_shapes(service: FaultyEnd) -> None:
    """`task_status_msg` with code 0, or `fail_reason` in the wrapper."""
    service.arm("create", "fail_task", message="Image pixel is invalid")
    task = service.create("failing")
    plain = service.client.get(task.task_id)
    service.arm("query", "older_wrapper")
    wrapped = service.client.get(task.task_id)
    for seen in (plain, wrapped):
        assert (seen.status, seen.status_message) == (TaskStatus.FAILED, "Image pixel is invalid")


ENVELOPES = [
    (
        {"envelope": "kling", "code": 1303, "message": "parallel task over resource pack limit"},
        "too_many_tasks",
    ),
    ({"envelope": "flat", "message": "user quota is not enough"}, "out_of_credit"),
    ({"envelope": "gateway", "code": "model_not_found", "message": "no channel"}, "model_not_served"),
]


@pytest.mark.parametrize(("fields", "kind"), ENVELOPES)
@pytest.mark.parametrize("status", [200, 429])
def test_each_envelope_is_an_error_under_http_200_too(
    service: FaultyEnd, fields: dict[str, Any], kind: str, status: int
) -> None:
    """For a create and for a query; it is never taken for a task."""
    service.arm("create", "http", status=status, **fields)
    error = service.refused_create()
    service.arm("query", "http", status=status, **fields)
    asked = service.refused_get("1")
    assert (error.kind, asked.kind, error.task_may_exist) == (kind, kind, False)
    assert error.message == fields["message"]
    assert bool(error.request_id) == (fields["envelope"] != "flat")


ROWS = [
    (400, 1200, ErrorKind.BAD_PARAMETER),
    (400, 1301, ErrorKind.POLICY_REFUSED),
    (401, 1004, ErrorKind.UNAUTHORIZED),
    (403, 1103, ErrorKind.NO_ACCESS),
    (404, 1202, ErrorKind.WRONG_METHOD),
    (404, 1203, ErrorKind.NOT_FOUND),
    (429, 1100, ErrorKind.ACCOUNT_BLOCKED),
    (429, 1101, ErrorKind.OUT_OF_CREDIT),
    (429, 1302, ErrorKind.TOO_MANY_REQUESTS),
    (429, 1304, ErrorKind.ACCOUNT_BLOCKED),
    (500, 5000, ErrorKind.PLATFORM_ERROR),
    (502, 5001, ErrorKind.PLATFORM_ERROR),
    (524, 5002, ErrorKind.PLATFORM_ERROR),
]


@pytest.mark.parametrize(("status", "code", "kind"), ROWS)
def test_each_row_of_the_error_table_is_understood(
    service: FaultyEnd, status: int, code: int, kind: ErrorKind
) -> None:
    """Only the platform's own faults leave it open whether a task exists."""
    service.arm("create", "http", status=status, code=code)
    error = service.refused_create()
    assert (error.kind, error.http_status, error.service_code) == (kind, status, code)
    assert error.task_may_exist == (kind is ErrorKind.PLATFORM_ERROR)


@pytest.mark.parametrize("wait_s", [None, 7])
def test_too_many_requests_says_how_long_to_wait_if_the_service_does(
    service: FaultyEnd, wait_s: int | None
) -> None:
    """429 with and without Retry-After."""
    service.arm("create", "http", status=429, code=1302, retry_after_s=wait_s)
    error = service.refused_create()
    assert (error.may_repeat, error.task_may_exist, error.retry_after_s) == (True, False, wait_s)


@pytest.mark.parametrize(
    ("kind", "fields"), [("html", {}), ("html", {"status": 524}), ("html", {"status": 404}), ("redirect", {})]
)
def test_a_web_page_or_a_redirect_is_not_the_api(
    service: FaultyEnd, kind: str, fields: dict[str, Any]
) -> None:
    """The redirect is not followed: behind it would be a page."""
    service.arm("create", kind, **fields)
    assert service.refused_create().kind in {ErrorKind.NOT_THE_API, ErrorKind.PLATFORM_ERROR}
    service.arm("query", kind, **fields)
    kinds = {ErrorKind.NOT_THE_API, ErrorKind.PLATFORM_ERROR}
    if fields.get("status") == 404:
        kinds = {ErrorKind.NOT_FOUND}  # of a query for one task: it is not there
    assert service.refused_get("1").kind in kinds


@pytest.mark.parametrize("kind", ["truncated_json", "drop_after_accepting", "reset_after"])
def test_a_create_whose_answer_is_spoilt_is_found_by_its_own_id(service: FaultyEnd, kind: str) -> None:
    """It may have been paid, and has been."""
    service.arm("create", kind)
    error = service.refused_create(f"spoilt-{kind}")
    assert error.task_may_exist
    assert service.client.get(f"spoilt-{kind}").external_task_id == f"spoilt-{kind}"


def test_a_create_that_was_reset_before_the_work_looks_the_same_and_is_not_there(service: FaultyEnd) -> None:
    """From here nobody can tell; the look-up does."""
    service.arm("create", "reset_before")
    assert service.refused_create("never").task_may_exist
    assert service.refused_get("never").kind is ErrorKind.NOT_FOUND


@pytest.mark.parametrize("kind", ["truncated_json", "drop_after_accepting", "reset_before", "reset_after"])
def test_a_query_that_breaks_says_nothing_of_the_task(service: FaultyEnd, kind: str) -> None:
    """An error that may be repeated, and the next answer is good."""
    task = finished(service, f"broken-{kind}")
    service.arm("query", kind)
    assert service.refused_get(task.task_id).may_repeat
    assert service.client.get(task.task_id) == task


DATA = {"task_id": "t", "task_status": "submitted", "created_at": CREATED_MS, "updated_at": CREATED_MS}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"code": 0, "message": "success", "data": DATA}, id="no request id, no task info"),
        pytest.param({"code": 0, "message": "SUCCEED", "request_id": "r", "data": DATA}, id="SUCCEED"),
        pytest.param({"code": 0, "data": {**DATA, "task_info": {}}, "new": 1}, id="no message, unknown key"),
        pytest.param({"code": 0, "data": {**DATA, "task_info": None, "task_result": None}}, id="nulls"),
    ],
)
def test_a_plain_answer_may_lack_or_add_what_it_likes(body: dict[str, Any]) -> None:
    """The same task in each; times are Unix milliseconds."""
    with LyingServer(reply(body)) as server, KlingClient(server.url, "k") as client:
        task = client.create(request())
    assert (task.task_id, task.status) == ("t", TaskStatus.SUBMITTED)
    assert task.created_at == datetime.fromtimestamp(CREATED_MS / 1000, UTC)


@pytest.mark.parametrize(
    "task_id", ["2032273942220931072", "kl-7f_3A", "8a1f0c52-5d5e-4a43-9c1f-0c3f2b1d9e77"]
)
def test_a_task_id_need_not_be_a_number(task_id: str) -> None:
    """It is asked for by exactly these characters."""
    body = {"code": 0, "message": "success", "data": {**DATA, "task_id": task_id}}
    with LyingServer(reply(body)) as server, KlingClient(server.url, "k") as client:
        assert client.get(client.create(request()).task_id).task_id == task_id
        assert server.requests[-1].path.endswith(f"/{task_id}")


def test_a_success_without_a_task_id_is_refused() -> None:
    """A task that nobody can ask for again may have been paid."""
    with (
        LyingServer(reply({"code": 0, "message": "success", "data": {"task_status": "submitted"}})) as server,
        KlingClient(server.url, "k") as client,
        pytest.raises(KlingError) as caught,
    ):
        client.create(request())
    assert caught.value.task_may_exist
