"""Answers as relays of this family give them, beyond the documented shapes: each kind with its neighbours."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from kling import ErrorKind, KlingError, Task, TaskStatus
from kling.read_answer import read_body
from kling.task_json import read_task, read_time, says_not_there
from kling.transport import Answer

K = ErrorKind
NOW = datetime(2026, 11, 28, tzinfo=UTC)
CASES = Path(__file__).parents[2] / "cases" / "answers"
URL = "https://cdn.example/v.mp4?sig=1"
FILLED = {"{ID}": "t1", "{EXT}": "mine-1", "{URL}": URL, "{NOW}": "1795824000000", "{NOWS}": "1795824000"}


def answers_of(case: str, on: str) -> list[dict[str, Any]]:
    """The answers of a case to a call, with its placeholders filled."""
    text = (CASES / case).read_text()
    for name, value in FILLED.items():
        text = text.replace(name, value)
    return [answer for answer in json.loads(text)["answers"] if answer.get("on", "").startswith(on)]


def read(status: int, body: Any, *, is_query: bool = True, **headers: str) -> object:
    """The body as the client understands it."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    fields = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    answer = Answer(http_status=status, headers=fields, body=content)
    return read_body(answer, now=NOW, is_query=is_query)


def queried(case: str, word: str = "done") -> Task:
    """The task of a case's answer to a query."""
    (answer,) = answers_of(case, "query by task id")
    body = json.loads(json.dumps(answer["body"]).replace("WORD", word))
    return read_task(read(answer["status"], body))


def refused(status: int, body: Any, *, is_query: bool = False, **headers: str) -> KlingError:
    """The error that an answer is understood as."""
    with pytest.raises(KlingError) as caught:
        read(status, body, is_query=is_query, **headers)
    return caught.value


@pytest.mark.parametrize(
    "case",
    [
        *(path.name for path in CASES.glob("05_*.json") if "no_address" not in path.name),
        "03_completed_video_object.json",
        "03_succeeded_flat_url.json",
        "03_processing_with_a_video.json",
        "20_success_with_empty_error.json",
    ],
)
def test_a_finished_video_is_found_wherever_its_address_stands(case: str) -> None:
    """Paid and made: it has to be fetched."""
    task = queried(case)
    assert task.status is TaskStatus.SUCCEED
    assert [video.url for video in task.videos] == [URL]
    assert task.videos[0].is_watermarked == ("watermark" in case)


@pytest.mark.parametrize("word", ["succeeded", "COMPLETED", "complete", "Done", "finished", "ok", "ready"])
def test_every_word_for_done_is_done(word: str) -> None:
    """In any case."""
    assert queried("03_other_words_for_done.json", word).status is TaskStatus.SUCCEED


@pytest.mark.parametrize(
    "word", ["error", "Cancelled", "canceled", "EXPIRED", "rejected", "time-out", "fail"]
)
def test_every_word_for_failed_is_failed(word: str) -> None:
    """It gives its slot back."""
    assert read_task({"data": {"task_id": "t1", "task_status": word}}).status is TaskStatus.FAILED


def test_a_word_in_no_table_is_passed_on() -> None:
    """The card shows it as the service's own."""
    task = queried("03_unknown_word_on_the_card.json")
    assert (task.status, task.status_word) == (TaskStatus.PROCESSING, "aborted")


@pytest.mark.parametrize(
    "task_result",
    [
        json.dumps({"videos": [{"url": URL}]}),
        [{"url": URL}],
        [URL],
        {"videos": [URL]},
        {"videos": {"url": URL}},
        URL,
    ],
)
def test_a_result_may_be_text_an_object_or_a_list(task_result: Any) -> None:
    """JSON as text included."""
    task = read_task({"data": {"task_id": "t1", "task_status": "succeed", "task_result": task_result}})
    assert [video.url for video in task.videos] == [URL]


@pytest.mark.parametrize(
    "url", ["//cdn.test/v.mp4", "/v/1.mp4", "cdn.test/v.mp4", "cdn.test:8443/v?sig=1", "HTTPS://cdn.test/v"]
)
def test_an_address_may_come_without_its_scheme(url: str) -> None:
    """The download makes it whole."""
    task = read_task({"data": {"task_id": "t1", "task_status": "succeed", "url": url}})
    assert [video.url for video in task.videos] == [url]


@pytest.mark.parametrize("words", ["v1.5/beta is busy", "see cdn.test/v.mp4", "failed", "1/2", "e.g."])
def test_words_are_no_address(words: str) -> None:
    """Where an older wrapper puts its reasons."""
    task = read_task({"data": {"task_id": "t1", "task_status": "succeed", "fail_reason": words}})
    assert task.videos == ()


@pytest.mark.parametrize("place", ["url", "result_url", "output", "fail_reason"])
def test_an_address_that_may_be_any_ends_no_open_task(place: str) -> None:
    """A link to a page of the task, for instance: only where a video's stands does it outweigh the word."""
    open_task = read_task({"data": {"task_id": "t1", "status": "processing", place: URL}})
    assert open_task.status is TaskStatus.PROCESSING


@pytest.mark.parametrize(
    "case", [path.name for path in CASES.glob("20_*.json") if "success" not in path.name]
)
def test_the_reason_of_a_failed_task_is_found_wherever_it_stands(case: str) -> None:
    """The task's own status decides, whatever error or HTTP status stands beside it; no JSON in it."""
    task = queried(case)
    assert (task.status, task.status_message) == (TaskStatus.FAILED, "the reason")


def test_a_failed_task_without_a_reason_has_none() -> None:
    """Words that only repeat the status are no reason."""
    assert (
        read_task({"message": "SUCCEED", "data": {"task_id": "t1", "status": "FAILURE"}}).status_message
        is None
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        (200, {"code": "task_not_exist", "message": ""}),
        (500, {"message": "record not found"}),
        (422, {"error": {"message": "no such task"}}),
        (404, "<html>404</html>"),
        (404, {"code": 1203, "message": "task not found"}),
    ],
)
def test_not_there_is_said_in_many_shapes(status: int, body: Any) -> None:
    """A look-up that found nothing."""
    assert refused(status, body, is_query=True).kind is K.NOT_FOUND


@pytest.mark.parametrize("data", [None, []])
def test_an_empty_place_for_the_task_is_not_there(data: Any) -> None:
    """With a word of success."""
    assert says_not_there(read(200, {"code": "success", "data": data}))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, "<html>Bad gateway</html>"),
        (500, {"message": "internal error"}),
        (401, {"error": {"message": "user not found"}}),
        (503, {"error": {"message": "no available channel"}}),
        (400, {"error": {"message": "blocked prompt: 'the task was not found'"}}),
    ],
)
def test_what_is_no_answer_about_the_task_is_never_not_there(status: int, body: Any) -> None:
    """Three of them would send a task again."""
    assert refused(status, body, is_query=True).kind is not K.NOT_FOUND


@pytest.mark.parametrize("value", [1795824000000, 1795824000, "1795824000"])
def test_seconds_and_milliseconds_are_told_apart(value: object) -> None:
    """The documentation says milliseconds; some relays send seconds."""
    assert read_time(value) == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, -1, 12, "soon", 1e300])
def test_a_time_that_is_nonsense_is_none(value: object) -> None:
    """Nothing is counted from it."""
    assert read_time(value) is None


CREATE_ENDS = {
    "07_control_out_of_credit.json": K.OUT_OF_CREDIT,
    "07_payment_required_402.json": K.OUT_OF_CREDIT,
    "07_prompt_word_balance.json": K.BAD_PARAMETER,
    "07_prompt_word_credit.json": K.BAD_PARAMETER,
    "07_quota_concurrent.json": K.TOO_MANY_REQUESTS,
    "07_quota_of_the_group.json": K.TOO_MANY_REQUESTS,
    "07_quota_per_minute.json": K.TOO_MANY_REQUESTS,
    "07_white_balance.json": K.BAD_PARAMETER,
    "07_wrong_key_balance.json": K.UNAUTHORIZED,
    "19_account_inside_429.json": K.ACCOUNT_BLOCKED,
    "19_message_is_an_object.json": K.POLICY_REFUSED,
    "19_policy_inside_400.json": K.POLICY_REFUSED,
    "19_unclear_inside_500.json": K.PLATFORM_ERROR,
    "24_400_too_large_in_words.json": K.TOO_LARGE,
    "24_413_web_page.json": K.TOO_LARGE,
}


@pytest.mark.parametrize("case", CREATE_ENDS)
def test_a_refused_create_is_what_its_status_and_code_say(case: str) -> None:
    """A word of somebody's prompt, or a limit per minute, is no empty account."""
    (answer,) = answers_of(case, "create")
    headers = {name.replace("-", "_"): value for name, value in answer.get("headers", {}).items()}
    failure = refused(answer["status"], answer["body"], **headers)
    assert failure.kind is CREATE_ENDS[case]
    assert "{" not in failure.message
    if "R-inner" in json.dumps(answer["body"]):
        assert failure.request_id == "R-inner"


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (403, "预扣费额度失败, 用户余额不足", K.OUT_OF_CREDIT),
        (429, "account in arrears", K.OUT_OF_CREDIT),
        (403, "insufficient balance", K.OUT_OF_CREDIT),
        (403, "blocked prompt: “no credit, not enough balance”", K.NO_ACCESS),
        (429, "quota exhausted: 3 concurrent tasks", K.TOO_MANY_REQUESTS),
        (422, "insufficient balance between light and dark", K.BAD_PARAMETER),
        (404, "quota page not found", K.NOT_FOUND),
    ],
)
def test_an_account_is_empty_only_where_that_is_unmistakable(
    status: int, words: str, kind: ErrorKind
) -> None:
    """By code and status first; never out of what is quoted."""
    assert refused(status, {"error": {"message": words, "code": ""}}).kind is kind


@pytest.mark.parametrize("name", ["message", "msg", "detail"])
def test_a_refusal_twice_inside_is_the_innermost(name: str) -> None:
    """Relays of relays."""
    inner = json.dumps({"code": 1102, name: "resource pack exhausted", "request_id": "R-2"})
    failure = refused(429, {"code": "x", "message": json.dumps({"code": "y", "message": inner})})
    assert (failure.kind, failure.message, failure.request_id) == (
        K.OUT_OF_CREDIT,
        "resource pack exhausted",
        "R-2",
    )
