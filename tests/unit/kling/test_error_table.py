"""Every row of the contract's error table and of the outcome table, from the body's bytes to the error."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from kling import ErrorKind, KlingError
from kling.error_json import read_error
from kling.error_table import ERROR_TABLE
from kling.read_answer import read_body, retry_after_s
from kling.transport import Answer

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
K = ErrorKind


def error_of(http: int, body: Any, **headers: str) -> KlingError:
    """The error that an answer is understood as."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    with pytest.raises(KlingError) as caught:
        read_body(Answer(http_status=http, headers=fields, body=content), now=NOW)
    return caught.value


def kling(code: Any, message: str = "words") -> dict[str, Any]:
    """Envelope 3."""
    return {"code": code, "message": message, "request_id": "r-1"}


def gateway(message: str = "words", code: Any = "", **more: Any) -> dict[str, Any]:
    """Envelope 1."""
    return {"error": {"message": message, "type": "comet_api_error", "param": "", "code": code, **more}}


TABLE: list[tuple[int, int, ErrorKind]] = [
    *[(400, code, K.BAD_PARAMETER) for code in (1200, 1201)],
    *[(400, code, K.POLICY_REFUSED) for code in (1300, 1301)],
    *[(401, code, K.UNAUTHORIZED) for code in (1000, 1001, 1002, 1003, 1004)],
    (403, 1103, K.NO_ACCESS),
    (404, 1202, K.WRONG_METHOD),
    (404, 1203, K.NOT_FOUND),
    (429, 1100, K.ACCOUNT_BLOCKED),
    (429, 1304, K.ACCOUNT_BLOCKED),
    (429, 1101, K.OUT_OF_CREDIT),
    (429, 1102, K.OUT_OF_CREDIT),
    (429, 1302, K.TOO_MANY_REQUESTS),
    (429, 1303, K.TOO_MANY_TASKS),
    *[(500, code, K.PLATFORM_ERROR) for code in (5000, 5001, 5002)],
]
BY_STATUS: list[tuple[int, ErrorKind]] = [
    (400, K.BAD_PARAMETER),
    (401, K.UNAUTHORIZED),
    (402, K.OUT_OF_CREDIT),
    (403, K.NO_ACCESS),
    (404, K.NOT_FOUND),
    (408, K.READ_TIMEOUT),
    (413, K.TOO_LARGE),
    (422, K.BAD_PARAMETER),
    (429, K.TOO_MANY_REQUESTS),
    *[(status, K.PLATFORM_ERROR) for status in (500, 502, 503, 504, 520, 524)],
    (200, K.UNEXPECTED_ANSWER),
    (409, K.UNEXPECTED_ANSWER),
    (418, K.UNEXPECTED_ANSWER),
]


@pytest.mark.parametrize(("http", "code", "kind"), TABLE)
def test_a_code_means_its_row_under_its_status(http: int, code: int, kind: ErrorKind) -> None:
    """Contract, error table."""
    error = error_of(http, kling(code))
    assert (error.kind, error.http_status, error.service_code) == (kind, http, code)
    assert (error.message, error.request_id) == ("words", "r-1")


@pytest.mark.parametrize(("http", "code", "kind"), TABLE)
def test_a_code_means_the_same_with_http_200_and_as_text(http: int, code: int, kind: ErrorKind) -> None:
    """Contract, envelope 3: also with HTTP 200."""
    assert error_of(200, kling(code)).kind is kind
    assert error_of(http, kling(str(code))).kind is kind
    assert error_of(http, gateway(code=str(code))).kind is kind


@pytest.mark.parametrize(("http", "kind"), BY_STATUS)
def test_without_a_known_code_the_status_decides(http: int, kind: ErrorKind) -> None:
    """Contract: "or gateway"; what stands in no table is passed on as unexpected."""
    assert error_of(http, gateway()).kind is kind
    assert error_of(http, gateway(code="new_word")).kind is kind
    assert error_of(http, kling(7777)).kind is kind
    assert error_of(http, {"code": None, "message": "words"}).kind is kind


STATUS_ROWS = (400, 401, 402, 403, 404, 408, 413, 422, 429)


def test_every_row_of_the_table_is_tested_here() -> None:
    """Completeness: every code of the table mapped, none forgotten, none twice."""
    expected: set[tuple[int, int | str | None]] = {(http, code) for http, code, _ in TABLE}
    expected |= {(http, None) for http, _ in BY_STATUS if http in STATUS_ROWS}
    expected |= {(500, "invalid_request"), (503, "model_not_found")}
    assert {(row.http, row.code) for row in ERROR_TABLE} == expected
    assert len(ERROR_TABLE) == len(expected)


def test_500_invalid_request_is_refused_and_no_platform_error() -> None:
    """Contract: 500 invalid_request, no retry, nothing was made."""
    assert error_of(500, gateway(code="invalid_request")).kind is K.MALFORMED_REQUEST
    assert error_of(502, gateway(code="invalid_request")).kind is K.PLATFORM_ERROR


def test_503_model_not_found_is_a_model_that_is_not_served() -> None:
    """Contract: 503 model_not_found, no retry: choose another model."""
    assert error_of(503, gateway(code="model_not_found")).kind is K.MODEL_NOT_SERVED
    assert error_of(503, gateway(code="")).kind is K.PLATFORM_ERROR


@pytest.mark.parametrize("http", [200, 400, 404, 500])
def test_invalid_model_name_in_words_is_a_model_that_is_not_served(http: int) -> None:
    """Contract: an "invalid model name" answer must lead to another model, whatever its envelope."""
    assert error_of(http, gateway("Invalid model name: kling-video-o1")).kind is K.MODEL_NOT_SERVED
    assert error_of(http, kling(1201, "invalid model name")).kind is K.MODEL_NOT_SERVED


@pytest.mark.parametrize("http", [200, 403, 429])
def test_quota_in_words_is_an_empty_account(http: int) -> None:
    """Contract, envelope 2; reliability: quota text with 429 is rejected, and not waited out."""
    assert error_of(http, {"code": None, "message": "user quota is not enough"}).kind is K.OUT_OF_CREDIT
    assert error_of(http, gateway("Insufficient balance, please top up")).kind is K.OUT_OF_CREDIT


def test_a_code_of_too_many_tasks_is_not_overruled_by_words_on_quota() -> None:
    """1303 waits, whatever its words."""
    assert error_of(429, kling(1303, "parallel quota of the resource pack")).kind is K.TOO_MANY_TASKS


DUPLICATES = [
    "duplicate external_task_id",
    "external_task_id already exists",
    "The external_task_id is duplicated",
    "external task id has been used",
    "external_task_id cannot be reused",
    "external_task_id has been registered",
    "external_task_id is occupied",
    "externalTaskId must be unique",
    "ExternalTaskId conflict",
    "Repeated external_task_id",
    "task with this external_task_id exists",
    "duplicate task id",
    "任务重复",
]


@pytest.mark.parametrize("words", DUPLICATES)
@pytest.mark.parametrize("http", [200, 400, 409, 500])
def test_a_duplicate_id_in_any_wording_means_that_the_first_one_landed(words: str, http: int) -> None:
    """Reliability: UNKNOWN, look up."""
    error = error_of(http, kling(1201, words))
    assert error.kind is K.DUPLICATE_EXTERNAL_TASK_ID
    assert error.task_may_exist


@pytest.mark.parametrize(
    "words",
    ["external_task_id not exists", "external_task_id does not exist", "external_task_id is too long"],
)
def test_other_words_on_the_external_id_are_no_duplicate(words: str) -> None:
    """A look-up that found nothing is not the proof of a task."""
    assert error_of(404, kling(1203, words)).kind is K.NOT_FOUND


@pytest.mark.parametrize("code", [1000, 1103, 1201, 1303, 1304])
@pytest.mark.parametrize("http", [500, 502, 503, 524])
def test_a_5xx_is_unclear_whatever_its_code(http: int, code: int) -> None:
    """Reliability: 5xx is UNKNOWN, with the two exceptions of the table."""
    assert error_of(http, kling(code)).kind is K.PLATFORM_ERROR


# ---- envelopes


def test_the_gateway_s_envelope_gives_its_words_and_the_request_id_apart() -> None:
    """Contract, envelope 1."""
    error = error_of(401, gateway("invalid token (request id: 2026abc)"))
    assert (error.message, error.request_id, error.service_code) == ("invalid token", "2026abc", None)


@pytest.mark.parametrize("inner", [{"message": "words"}, {"message": "words", "code": None}, "words"])
def test_the_gateway_s_envelope_may_lack_anything_else(inner: object) -> None:
    """Contract: param may be missing, code may be empty."""
    error = error_of(400, {"error": inner})
    assert (error.kind, error.message, error.service_code) == (K.BAD_PARAMETER, "words", None)


@pytest.mark.parametrize("body", [kling(1201, ""), {"code": 1201}, {"code": 1201, "message": None}])
def test_an_error_without_words_gets_ours(body: dict[str, Any]) -> None:
    """A message is never empty."""
    assert error_of(400, body).message == "The service gave no reason."


def test_the_request_id_may_stand_in_a_header() -> None:
    """To quote to the support."""
    assert error_of(502, b"", X_Request_Id="h-1").request_id == "h-1"
    assert error_of(400, gateway(), X_Request_Id="h-1").request_id == "h-1"


@pytest.mark.parametrize(
    "body",
    [
        {"code": 0, "message": "success", "data": {}},
        {"code": 0, "message": "SUCCEED"},
        {"code": "success", "message": "", "data": {"x": 1}},
        {"code": "SUCCESS", "data": {"x": 1}},
        {"code": None, "message": "ok", "data": {"x": 1}},
        {"code": 0, "error": None, "data": {}},
        {"code": 0, "error": {}, "data": {}},
        {"code": 0, "error": "", "data": {}},
        {"message": "ok", "data": [1]},
        {"message": "ok", "task_id": "1"},
        {},
        [],
        "text",
        None,
    ],
)
def test_what_is_no_error_is_none(body: object) -> None:
    """Both success codes, a null code beside data, and things that are no envelope."""
    assert read_error(body) is None


def test_a_very_long_message_is_cut() -> None:
    """A message is for people."""
    assert len(error_of(400, kling(1201, "x" * 100_000)).message) <= 2_000


@pytest.mark.parametrize("http", [400, 401, 403, 404, 422, 429])
@pytest.mark.parametrize(("body", "kind"), [(b"<html>", K.NOT_THE_API), (b"", K.UNREADABLE_ANSWER)])
def test_an_unreadable_4xx_is_unclear(http: int, body: bytes, kind: ErrorKind) -> None:
    """Reliability: only a readable 4xx is a refusal."""
    assert error_of(http, body).kind is kind


@pytest.mark.parametrize("http", [500, 502, 599])
@pytest.mark.parametrize("body", [b"", b"<html>", b"Bad gateway"])
def test_an_unreadable_5xx_is_the_platform_s(http: int, body: bytes) -> None:
    """A proxy's 502 and 524 are web pages, and no sign of a wrong address."""
    assert error_of(http, body).kind is K.PLATFORM_ERROR


def test_words_under_the_name_of_html_are_a_web_page() -> None:
    """Not every page begins with a tag."""
    assert error_of(200, b"Hello", Content_Type="text/html").kind is K.NOT_THE_API
    assert error_of(200, b"Hello", Content_Type="text/plain").kind is K.UNREADABLE_ANSWER


def test_json_under_the_name_of_html_is_read() -> None:
    """The body counts, not its label."""
    assert error_of(400, kling(1201), Content_Type="text/html").kind is K.BAD_PARAMETER


@pytest.mark.parametrize("http", [300, 301, 399])
def test_a_redirect_is_not_the_api_even_with_a_readable_body(http: int) -> None:
    """Contract: report "not the API" and do not follow."""
    assert error_of(http, kling(1201)).kind is K.NOT_THE_API


@pytest.mark.parametrize(("http", "kind"), [(400, K.UNEXPECTED_ANSWER), (500, K.PLATFORM_ERROR)])
def test_a_status_of_an_error_without_an_envelope_is_no_success(http: int, kind: ErrorKind) -> None:
    """Whatever its body has, it is not read as a task."""
    assert error_of(http, {"data": {"task_id": "1", "task_status": "submitted"}}).kind is kind


# ---- Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Sun, 01 Nov 2026 12:00:30 -0000", 30.0),
        ("Sun, 01 Nov 2026 14:00:30 +0200", 30.0),
        ("-7", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("1e9", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    """Contract: honour Retry-After if sent."""
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(("http", "body"), [(429, kling(1302)), (503, b""), (503, gateway()), (503, {})])
def test_every_error_tells_how_long_to_wait(http: int, body: Any) -> None:
    """Retry-After also comes with a 503."""
    assert error_of(http, body, Retry_After="9").retry_after_s == 9.0
