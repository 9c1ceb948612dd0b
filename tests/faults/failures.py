"""How a call fails: answers and broken connections, each with what it says of a task."""

import json
import uuid
from datetime import datetime
from typing import Any, Final

from kling import (
    ConnectionLost,
    ConnectTimeout,
    HandshakeFailed,
    KlingError,
    NameNotResolved,
    ReadTimeout,
    TaskStatus,
    Unreachable,
)
from kling.client import PATH
from kling.read_answer import read_body
from kling.task_json import read_task
from kling.transport import Answer
from simulator.faults.shapes import CREATE_SHAPES, Shape, filled

JSON, PAGE = {"Content-Type": "application/json"}, {"Content-Type": "text/html"}
Failure = Answer | type[KlingError]


def answer(http_status: int, body: Any, **headers: str) -> Answer:
    """A whole answer; bytes are a web page unless the headers say otherwise."""
    if isinstance(body, bytes):
        return Answer(http_status=http_status, headers={**PAGE, **headers}, body=body)
    return Answer(http_status=http_status, headers={**JSON, **headers}, body=json.dumps(body).encode())


def refusal(http_status: int, code: int | str, message: str, **headers: str) -> Answer:
    """Kling's own envelope of an error."""
    return answer(http_status, {"code": code, "message": message}, **headers)


def gateway(http_status: int, code: str, message: str) -> Answer:
    """The gateway's envelope of an error."""
    return answer(http_status, {"error": {"message": message, "type": "comet_api_error", "code": code}})


def shaped(shape: Shape, facts: dict[str, Any]) -> Answer:
    """A row of the simulator's tables as an answer."""
    body, headers = filled(shape.body, facts), filled(shape.headers, facts)
    is_page = body is None or isinstance(body, str)
    return answer(shape.status, (body or "").encode() if is_page else body, **headers)


def refused(name: str, words: str = "") -> Answer:
    """A create's refusal in one of the simulator's shapes, with other words if there are any."""
    shape = CREATE_SHAPES[name]
    return shaped(shape, {"REASON": words or shape.words, "REQUEST": uuid.UUID(int=0).hex})


def error_of(failure: Failure, now: datetime) -> KlingError:
    """The error that the real client makes of it."""
    if not isinstance(failure, Answer):
        return failure("as drawn")
    try:
        read_task(read_body(failure, now=now), status_if_missing=TaskStatus.SUBMITTED)
    except KlingError as error:
        return error
    raise AssertionError(f"The client takes this for a task: {failure}")


HTML = b"<!doctype html><title>Oops</title>"
STOPS_KEY: Final = ("no_credit_402", "no_credit_chinese", "nested_account", "nested_balance")
MAY_HAVE_MADE: Final = ("nested_busy", "heavy_timeout")
REFUSES: Final = tuple(
    name for name in CREATE_SHAPES if name not in (*STOPS_KEY, *MAY_HAVE_MADE, "repetition")
)
"""The shapes of a create's refusal by what has become of the task."""

BUSY: tuple[Failure, ...] = (
    refusal(429, 1302, "too many requests", **{"Retry-After": "7"}),
    refusal(429, 1303, "parallel task over resource pack limit"),
    gateway(429, "", "too many requests"),
)
NOT_MADE: tuple[Failure, ...] = (
    # never sent
    NameNotResolved,
    Unreachable,
    ConnectTimeout,
    HandshakeFailed,
    *BUSY,
    # refused
    refusal(400, 1201, "File is not in a valid base64 format"),
    refusal(400, 1301, "content policy"),
    refusal(401, 1000, "invalid token"),
    refusal(403, 1103, "no access"),
    refusal(404, 1202, "wrong method"),
    refusal(404, 1203, "no such resource"),
    gateway(413, "", "request body too large"),
    refusal(422, 1200, "bad parameter"),
    gateway(500, "invalid_request", "cannot be read"),
    gateway(503, "model_not_found", "no channel for this model"),
)
NOT_MADE_IN_OTHER_SHAPES: tuple[Failure, ...] = tuple(refused(name) for name in REFUSES)
KEY_STOPPED: tuple[Failure, ...] = (
    refusal(429, 1100, "account exception"),
    refusal(429, 1102, "resource pack exhausted"),
    answer(403, {"code": None, "message": "user quota is not enough"}),
    *(refused(name) for name in STOPS_KEY),
)
REDIRECTS: tuple[Answer, ...] = (
    answer(301, HTML, Location="https://elsewhere.test"),
    *(answer(status, HTML, Location=PATH) for status in (302, 303, 307, 308)),
)
UNCLEAR: tuple[Failure, ...] = (
    ReadTimeout,
    ConnectionLost,
    refusal(500, 5000, "internal error"),
    answer(502, HTML),
    refusal(503, 5001, "busy"),
    answer(504, HTML),
    answer(524, HTML),
    answer(200, HTML),
    *REDIRECTS,
    answer(200, {"code": 0, "message": "SUCCEED", "data": {}}),
    answer(200, b"not a page and no JSON", **{"Content-Type": "text/plain"}),
    answer(418, {"status": "teapot"}),
    *(refused(name) for name in MAY_HAVE_MADE),
)
"""Each of them comes with a task made, and without one."""
FAILED_LOOKS: tuple[Failure, ...] = (*UNCLEAR, NameNotResolved, Unreachable, *BUSY)
NOT_FOUND = refusal(404, 1203, "task not found")
DUPLICATE = refusal(400, 1201, "external_task_id already exists")
REPETITIONS: tuple[Failure, ...] = (
    DUPLICATE,
    *(
        refused("repetition", words)
        for words in (
            "",
            "duplicate external_task_id",
            "external_task_id 重复",
            "external_task_id already exists, use one that does not exist yet",
            "a task with the same external id exists",
            "duplicate external id",
            "custom id conflict",
            "该编号已提交",
            "submitted before",
        )
    ),
)
"""A repetition is refused in these words: some are in no table."""
