"""The tree of errors: complete, exported, and each leaf reachable from the outside."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import urllib3.exceptions as u3

import kling
from kling import ErrorKind, ImageToVideoRequest, KlingClient, KlingError, errors
from kling.network_errors import translate
from kling.read_answer import read_body
from kling.transport import Answer

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TREE = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, KlingError)]
LEAVES = [item for item in TREE if not item.__subclasses__()]


def answered(http: int, body: bytes) -> Callable[[], object]:
    """An answer to understand."""
    return lambda: read_body(Answer(http_status=http, headers={}, body=body), now=NOW)


def failed(failure: Exception, *, sent: bool) -> Callable[[], None]:
    """A failure of the network to translate."""

    def fail() -> None:
        raise translate(failure, sent=sent)

    return fail


def refused(reason: Exception) -> requests.ConnectionError:
    """As requests wraps it."""
    return requests.ConnectionError(u3.MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


NOBODY: Any = None
REACHED: dict[ErrorKind, Callable[[], object]] = {
    ErrorKind.INVALID_API_KEY: lambda: KlingClient("http://x.org", ""),
    ErrorKind.INVALID_BASE_URL: lambda: KlingClient("x.org", "k"),
    ErrorKind.INVALID_TASK_ID: lambda: KlingClient("http://x.org", "k").get(""),
    ErrorKind.UNSENDABLE_REQUEST: lambda: KlingClient("http://x.org", "k").create(
        ImageToVideoRequest(image="x", model_name="m", cfg_scale=float("inf"))
    ),
    ErrorKind.NAME_NOT_RESOLVED: failed(refused(u3.NameResolutionError("x", NOBODY, NOBODY)), sent=False),
    ErrorKind.UNREACHABLE: failed(refused(u3.NewConnectionError(NOBODY, "refused")), sent=False),
    ErrorKind.CONNECT_TIMEOUT: failed(refused(u3.ConnectTimeoutError()), sent=False),
    ErrorKind.HANDSHAKE_FAILED: failed(refused(u3.SSLError("bad certificate")), sent=False),
    ErrorKind.BAD_PARAMETER: answered(400, b'{"code":1201,"message":"x"}'),
    ErrorKind.POLICY_REFUSED: answered(400, b'{"code":1301,"message":"x"}'),
    ErrorKind.UNAUTHORIZED: answered(401, b'{"error":{"message":"x"}}'),
    ErrorKind.NO_ACCESS: answered(403, b'{"code":1103,"message":"x"}'),
    ErrorKind.WRONG_METHOD: answered(404, b'{"code":1202,"message":"x"}'),
    ErrorKind.NOT_FOUND: answered(404, b'{"code":1203,"message":"x"}'),
    ErrorKind.TOO_LARGE: answered(413, b'{"error":{"message":"x"}}'),
    ErrorKind.MALFORMED_REQUEST: answered(500, b'{"error":{"message":"x","code":"invalid_request"}}'),
    ErrorKind.MODEL_NOT_SERVED: answered(503, b'{"error":{"message":"x","code":"model_not_found"}}'),
    ErrorKind.ACCOUNT_BLOCKED: answered(429, b'{"code":1304,"message":"x"}'),
    ErrorKind.OUT_OF_CREDIT: answered(403, b'{"code":null,"message":"user quota is not enough"}'),
    ErrorKind.TOO_MANY_REQUESTS: answered(429, b'{"error":{"message":"x"}}'),
    ErrorKind.TOO_MANY_TASKS: answered(200, b'{"code":1303,"message":"x"}'),
    ErrorKind.DUPLICATE_EXTERNAL_TASK_ID: answered(
        400, b'{"code":1201,"message":"duplicate external_task_id"}'
    ),
    ErrorKind.READ_TIMEOUT: failed(requests.ReadTimeout(u3.ReadTimeoutError(NOBODY, "/", "")), sent=True),
    ErrorKind.CONNECTION_LOST: failed(requests.ConnectionError(u3.ProtocolError("reset")), sent=True),
    ErrorKind.PLATFORM_ERROR: answered(502, b""),
    ErrorKind.UNREADABLE_ANSWER: answered(200, b"{"),
    ErrorKind.NOT_THE_API: answered(200, b"<html>"),
    ErrorKind.UNEXPECTED_ANSWER: answered(418, b'{"detail":"teapot"}'),
}


def test_there_is_a_way_to_every_kind() -> None:
    """Completeness: no kind is listed that nothing leads to."""
    assert set(REACHED) == set(ErrorKind)


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_kind_can_be_reached(kind: ErrorKind) -> None:
    """Each way ends at the leaf of that kind."""
    with pytest.raises(KlingError) as caught:
        REACHED[kind]()
    assert caught.value.kind is kind
    assert type(caught.value) in LEAVES
    assert caught.value.message


def test_every_leaf_has_one_kind_of_its_own() -> None:
    """A kind is the name of its class in other letters: nobody has to guess."""
    assert len(LEAVES) == len(ErrorKind)
    for leaf in LEAVES:
        assert leaf.kind.replace("_", "") == leaf.__name__.lower()


def test_every_error_is_drawn_in_the_tree() -> None:
    """The drawing at the top of the module is the tree."""
    drawing = errors.__doc__ or ""
    assert [item.__name__ for item in TREE if item.__name__ not in drawing] == []


def test_every_public_name_is_exported() -> None:
    """Completeness: what is exported exists, and every error is."""
    assert all(hasattr(kling, name) for name in kling.__all__)
    assert {item.__name__ for item in TREE} | {"ErrorKind"} <= set(kling.__all__)
    assert len(set(kling.__all__)) == len(kling.__all__)


SURELY_NO_TASK = (errors.InvalidInput, errors.NotSent, errors.Rejected, errors.Busy)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_a_task_may_exist_exactly_after_an_unclear_end_or_a_duplicate(leaf: type[KlingError]) -> None:
    """Reliability, outcome table: everything else was not created."""
    assert leaf.task_may_exist is not issubclass(leaf, SURELY_NO_TASK)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_a_create_may_be_repeated_only_when_not_sent_or_busy(leaf: type[KlingError]) -> None:
    """Contract: a create is never repeated blindly."""
    may_be_sent_again = leaf.may_repeat and not leaf.task_may_exist
    assert may_be_sent_again is issubclass(leaf, (errors.NotSent, errors.Busy))


def test_what_a_query_may_repeat() -> None:
    """Contract, column retry: platform and 429 yes, everything refused no."""
    repeatable = {leaf.kind for leaf in LEAVES if leaf.may_repeat}
    assert repeatable == {
        ErrorKind.NAME_NOT_RESOLVED,
        ErrorKind.UNREACHABLE,
        ErrorKind.CONNECT_TIMEOUT,
        ErrorKind.HANDSHAKE_FAILED,
        ErrorKind.TOO_MANY_REQUESTS,
        ErrorKind.TOO_MANY_TASKS,
        ErrorKind.READ_TIMEOUT,
        ErrorKind.CONNECTION_LOST,
        ErrorKind.PLATFORM_ERROR,
        ErrorKind.UNREADABLE_ANSWER,
    }


def test_an_error_tells_its_details_in_its_text() -> None:
    """Status, code and request id are kept apart from the service's words."""
    error = errors.TooManyTasks(
        "wait", http_status=429, service_code=1303, request_id="r-1", retry_after_s=7.0
    )
    assert str(error) == "wait (HTTP 429, code 1303, request id r-1)"
    assert repr(error) == "TooManyTasks('wait (HTTP 429, code 1303, request id r-1)')"
    assert str(errors.TooManyTasks("wait")) == "wait"


def test_an_error_survives_pickling() -> None:
    """It may cross a process."""
    error = errors.TooManyTasks("wait", http_status=429, service_code=1303, retry_after_s=7.0)
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


# ---- the network's failures


@pytest.mark.parametrize(
    "failure",
    [
        requests.exceptions.SSLError(u3.MaxRetryError(NOBODY, "/", u3.SSLError("EOF occurred"))),
        refused(u3.ConnectTimeoutError()),
        refused(u3.NewConnectionError(NOBODY, "refused")),
        requests.ConnectionError(u3.ProtocolError("aborted", ConnectionResetError())),
    ],
)
def test_once_the_body_left_no_exception_makes_it_unsent(failure: Exception) -> None:
    """Reliability, measured: TLS may break after the request was received."""
    assert translate(failure, sent=True).task_may_exist


@pytest.mark.parametrize("failure", [requests.ConnectionError(u3.ProtocolError("reset")), OSError("gone")])
def test_before_the_body_left_no_exception_makes_it_unclear(failure: Exception) -> None:
    """The service never had the whole request."""
    assert translate(failure, sent=False).kind is ErrorKind.UNREACHABLE


def test_no_way_to_the_service_is_not_told_as_its_refusal() -> None:
    """Refused, no route and no network are one exception: the words may claim no more than it knows."""
    failure = refused(u3.NewConnectionError(NOBODY, "[Errno 101] Network is unreachable"))
    assert "refused" not in translate(failure, sent=False).message


def test_a_dead_proxy_is_unreachable() -> None:
    """A proxy that is not there has sent nothing on."""
    failure = requests.exceptions.ProxyError(u3.MaxRetryError(NOBODY, "/", u3.ProxyError("no", OSError())))
    assert translate(failure, sent=None).kind is ErrorKind.UNREACHABLE


def test_the_request_with_its_key_is_taken_off_the_cause() -> None:
    """Requests hangs the prepared request on its exceptions."""
    failure = requests.ConnectionError("x", request=requests.Request("GET", "http://x.org").prepare())
    translate(failure, sent=True)
    assert failure.request is None


def test_causes_that_hold_each_other_are_walked_once() -> None:
    """An exception may be among its own causes."""
    failure = requests.ConnectionError("x")
    failure.__context__ = OSError(failure)
    assert translate(failure, sent=True).kind is ErrorKind.CONNECTION_LOST


def test_a_service_that_stops_taking_the_body_is_a_time_out() -> None:
    """The socket's own time-out while writing: part of the request has left."""
    failure = requests.ConnectionError(u3.MaxRetryError(NOBODY, "/", TimeoutError("write")))
    assert translate(failure, sent=True).kind is ErrorKind.READ_TIMEOUT
