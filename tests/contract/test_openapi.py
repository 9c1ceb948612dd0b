"""The OpenAPI document is true: what it calls wrong is refused, and every answer is one that it describes."""

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    positive_data_acceptance,
    unsupported_method,
)

from simulator.contract.documented import OFFERS
from simulator.contract.refusals import ROWS, RefusalReason
from simulator.embedded import API_KEY, start
from simulator.faults.kinds import KINDS
from simulator.http import openapi
from simulator.http.control import CONTROL_ROUTES
from simulator.http.routes import ROUTES
from simulator.settings import SimulatorSettings
from tests.contract.conftest import Joined
from tests.support.lying_server import LyingServer, reply
from tests.support.running_app import ROOT
from tests.support.simulated import (
    FILM_BYTES,
    TASKS,
    FakeRenderer,
    brush,
    plain_body,
    wire_mask,
    wire_picture,
)

TIMEOUT_S = 20
KEY = {"Authorization": f"Bearer {API_KEY}"}
DOCUMENT = openapi.document()
# The key is always sent, as a client does; that the server insists on it has a test of its own.
SCHEMA = schemathesis.openapi.from_dict({**DOCUMENT, "security": []})
CREATE, LIST = SCHEMA[TASKS]["POST"], SCHEMA[TASKS]["GET"]
QUERY, DOWNLOAD = SCHEMA[TASKS + "/{any_id}"]["GET"], SCHEMA["/videos/{video_id}.mp4"]["GET"]
BESIDE_THE_POINT = [
    not_a_server_error,  # the gateway refuses with a documented 500 and 503; the test judges them itself
    positive_data_acceptance,  # no schema says which base64 is a picture, or which model does what
    unsupported_method,  # the API answers 404 with 1202 instead of 405
    allow_header_conformance,  # … and without an Allow
]
FIELDS = {
    "seconds": 0.5,
    "status": 524,
    "code": 1303,
    "envelope": "flat",
    "message": "words",
    "retry_after_s": 3,
    "accepted": True,
    "copies": 3,
    "word": "completed",
    "model": "kling-v1",
    "megabytes": 1,
}
DOCUMENTED_5XX = {"invalid_request", "model_not_found"}


def answered(case: schemathesis.Case[Any], base_url: str, **headers: str) -> Response:
    """The answer, after every check that fits this API."""
    return case.call_and_validate(
        base_url=base_url,
        headers=headers or KEY,
        excluded_checks=BESIDE_THE_POINT,
        timeout=TIMEOUT_S,
    )


FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)


@SCHEMA.exclude(tag="control").parametrize()
@FEW
def test_whatever_is_sent_the_answer_is_a_documented_one(
    case: schemathesis.Case[Any], service: Joined
) -> None:
    """Statuses, content types, bodies; wrong data is refused; nothing breaks."""
    answer = answered(case, service.base_url)
    if answer.status_code >= 500:
        assert answer.json()["error"]["code"] in DOCUMENTED_5XX


@pytest.fixture(scope="module")
def controlled() -> Iterator[str]:
    """A simulator of its own: what is armed here must strike nobody else."""
    running = start(SimulatorSettings(api_key=API_KEY), render=FakeRenderer())
    yield running.base_url
    running.stop()


@SCHEMA.include(tag="control").parametrize()
@FEW
def test_the_control_refuses_what_is_wrong_and_never_breaks(
    case: schemathesis.Case[Any], controlled: str
) -> None:
    """Right values are tried below: to a schema 5.0 is a whole number, and to the control it is none."""
    beside_the_point = [positive_data_acceptance, unsupported_method, allow_header_conformance]
    case.call_and_validate(
        base_url=controlled, headers=KEY, excluded_checks=beside_the_point, timeout=TIMEOUT_S
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["kind"])
def test_every_kind_of_fault_is_taken_as_documented(kind: dict[str, Any], controlled: str) -> None:
    """With every field that it has, on everything that it can strike."""
    fields = {name: value for name, value in FIELDS.items() if name in kind["fields"]}
    for on, shape in product(kind["on"], kind["shapes"] or [None]):
        fault = {"kind": kind["kind"], "on": on, "times": None, "task": "mine", **fields}
        fault |= {"shape": shape} if shape else {}
        case = SCHEMA["/_control/faults"]["POST"].Case(body=fault)
        answer = case.call_and_validate(base_url=controlled, headers=KEY, timeout=TIMEOUT_S)
        assert answer.status_code == 201


WHOLE: list[dict[str, Any]] = [
    {},
    {"image": wire_picture(kind="PNG"), "mode": None, "duration": "", "cfg_scale": 0.5, "prompt": "wind"},
    {"dynamic_masks": [brush(), brush()], "static_mask": wire_mask()},
    {"image_tail": wire_picture(), "mode": "pro"},
    {"static_mask": wire_mask(width_px=401)},
]


@pytest.mark.parametrize("fields", WHOLE)
def test_a_task_is_as_documented_from_create_to_download(fields: dict[str, Any], service: Joined) -> None:
    """Also one that fails after it was accepted (the last); random data never gets as far as a picture."""
    created = answered(CREATE.Case(body=plain_body(**fields)), service.base_url).json()["data"]
    found = answered(QUERY.Case(path_parameters={"any_id": created["task_id"]}), service.base_url)
    listed = answered(LIST.Case(query={"pageSize": 1}), service.base_url).json()["data"]
    task = found.json()["data"]
    assert listed == [task]
    if task["task_status"] == "failed":
        assert task["task_status_msg"]
        return
    (video,) = task["task_result"]["videos"]
    signature = dict(parse_qsl(urlsplit(video["url"]).query))
    film = answered(
        DOWNLOAD.Case(path_parameters={"video_id": video["id"]}, query=signature), service.base_url
    )
    assert (film.status_code, film.content) == (200, FILM_BYTES)


@pytest.mark.parametrize("key", ["", "Bearer ", "Bearer wrong", "Basic c2ltdWxhdG9y"])
def test_without_the_right_key_each_call_is_refused_as_documented(key: str, service: Joined) -> None:
    """With one of the 401s; only the videos are for everyone."""
    calls = [CREATE.Case(body=plain_body()), LIST.Case(), QUERY.Case(path_parameters={"any_id": "1"})]
    assert {answered(call, service.base_url, Authorization=key).status_code for call in calls} == {401}


def test_the_document_is_served_to_everyone(service: Joined) -> None:
    """Without a key: one reads it before one has any."""
    served = requests.get(service.base_url + openapi.OPENAPI_PATH, timeout=TIMEOUT_S)
    assert (served.status_code, served.json()) == (200, DOCUMENT)


def test_the_document_is_openapi() -> None:
    """It meets the specification's own schema."""
    SCHEMA.validate()


def test_every_route_is_in_the_document() -> None:
    """And nothing else is."""
    served = {
        (route.path, method)
        for route in ROUTES + CONTROL_ROUTES
        for method in (route.methods or set()) - {"HEAD"}
    }
    told = {(path, method.upper()) for path, item in DOCUMENT["paths"].items() for method in item}
    assert told == served


def test_every_refusal_is_in_the_document() -> None:
    """Status and code of each row, but for the wrong method, which belongs to no operation."""
    told = {
        (int(status), code)
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
        for status, answer in operation["responses"].items()
        for code in answer["description"].partition(":")[0].removeprefix("Code ").split(" or ")
    }
    rows = {(row.http_status, str(row.code) or "none") for row in ROWS.values()}
    wrong_method = ROWS[RefusalReason.NO_SUCH_METHOD]
    assert rows - told == {(wrong_method.http_status, str(wrong_method.code))}


def test_the_page_about_the_simulator_names_every_fault_every_shape_and_every_control_call() -> None:
    """A demonstrator looks there."""
    page = (ROOT / "docs" / "simulator.md").read_text()
    calls = {route.path.removesuffix("/{fault_id}") for route in CONTROL_ROUTES}
    names = {name for kind in KINDS for name in (kind["kind"], *kind["shapes"])}
    assert not {name for name in names if f"`{name}`" not in page}
    assert not {path for path in calls if path not in page}


def test_every_model_is_in_the_document() -> None:
    """And no other."""
    told = DOCUMENT["components"]["schemas"]["Create"]["properties"]["model_name"]
    assert {*OFFERS, ""} == {name for one in told["anyOf"] for name in one.get("enum", [])}


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(
            reply({"code": 0, "message": "SUCCEED", "data": {"task_status": "succeed"}}), id="no id"
        ),
        pytest.param(
            reply({"code": 0, "message": "x", "data": {"task_id": "1", "task_status": "done"}}), id="status"
        ),
        pytest.param(reply({"error": "no"}, 401), id="envelope"),
        pytest.param(reply({"code": 1203, "message": "x", "request_id": "r"}, 410), id="http status"),
        pytest.param(reply(b"<p>", 200, {"Content-Type": "text/html"}), id="content type"),
    ],
)
def test_control_an_answer_that_is_not_documented_is_caught(behaviour: Any) -> None:
    """The same checks, on a server that answers something else."""
    with LyingServer(behaviour) as liar, pytest.raises((FailureGroup, AssertionError)):
        answered(QUERY.Case(path_parameters={"any_id": "1"}), liar.url)
