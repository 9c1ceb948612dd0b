"""Answers as relays of this family give them, beyond the documented shapes: each kind with its neighbours."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from kling import ErrorKind, KlingError, Task, TaskStatus
from kling.answer_json import MAX_LOGGED_CHARS
from kling.read_answer import read_body
from kling.task_json import read_task, read_time, says_not_there
from kling.transport import Answer

K = ErrorKind
NOW = datetime(2026, 11, 28, tzinfo=UTC)
CASES = Path(__file__).parents[2] / "cases" / "answers"
URL = "https://cdn.example/v.mp4?sig=1"
STALE = {"task_id": "t1", "task_status": "processing", "task_result": {}}
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


@pytest.mark.parametrize(
    "word",
    [
        *("succeeded", "COMPLETED", "complete", "Done", "finished", "ok", "ready", "Generated", "已完成"),
        *("TASK_STATUS_SUCCEED", "Task-Completed", "successfully", "Succeeded!"),
        *("video generated", "GENERATION_COMPLETED", "生成成功", "任务完成"),
    ],
)
def test_every_word_for_done_is_done(word: str) -> None:
    """In any case."""
    assert queried("03_other_words_for_done.json", word).status is TaskStatus.SUCCEED


@pytest.mark.parametrize(
    "word",
    [
        *(
            "error",
            "Cancelled",
            "canceled",
            "EXPIRED",
            "rejected",
            "time-out",
            "fail",
            "timeOut",
            "timed out",
        ),
        *(
            "TASK_FAILED",
            "失败",
            "generation_failed",
            "job failed",
            "任务失败",
            "生成失败",
            "已超时",
            "cancel",
        ),
    ],
)
def test_every_word_for_failed_is_failed(word: str) -> None:
    """It gives its slot back."""
    assert read_task({"data": {"task_id": "t1", "task_status": word}}).status is TaskStatus.FAILED


def test_a_word_in_no_table_is_passed_on() -> None:
    """The card shows it as the service's own."""
    task = queried("03_unknown_word_on_the_card.json")
    assert (task.status, task.status_word) == (TaskStatus.PROCESSING, "aborted")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"status": 3}, "3"),
        ({"state": "half way"}, "half way"),
        ({"status": 200, "task_status": "queued"}, None),
    ],
)
def test_a_status_may_be_a_number_or_have_another_name(fields: dict[str, Any], word: str | None) -> None:
    """A number stands in no table, and is no matter beside a word."""
    task = read_task({"data": {"task_id": "t1", **fields}})
    assert (task.status.is_final, task.status_word) == (False, word)


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
    "data",
    [
        {"task_result": {"videos": [{"id": "1", "resource": URL}]}},
        {"task_result": {"videos": [{"url": "", "video_url": URL}]}},
        {"output": [{"video": {"url": URL}}]},
        {"output": {"video_url": URL}},
        {"video": {"download_url": URL}},
        {"works": [{"resource": {"resource": URL}}]},
        {"result": json.dumps({"results": [], "url": URL})},
        {"resultUrl": URL},
        {"taskResult": {"videoUrl": URL}},
        {"choices": [{"deep": {"anything": URL}}]},
        {"response": {"video_url": URL}},
        {"fail_reason": json.dumps({"video_url": URL})},
    ],
)
def test_an_address_may_lie_deeper_or_under_other_names(data: dict[str, Any]) -> None:
    """Names in camel case too; at last a video file anywhere."""
    body = json.dumps({"code": "success", "data": {"taskId": "t1", "status": "SUCCESS", **data}})
    task = read_task(read(200, body))
    assert [video.url for video in task.videos] == [URL]


@pytest.mark.parametrize(
    "told",
    [
        *(f'"{URL}"', f"<{URL}>", f"{URL}\nhttps://cdn.example/2.mp4", f"{URL},https://cdn.example/2.mp4"),
        *(f"[video]({URL})", URL.replace("/", "\\/"), f"\t{URL} ", json.dumps(json.dumps([URL]))),
        "https%3A%2F%2Fcdn.example%2Fv.mp4%3Fsig%3D1",
    ],
)
def test_an_address_may_have_marks_around_it(told: str) -> None:
    """Quotation marks, brackets, a second one after it, a link of Markdown, one escape too many."""
    task = read_task({"data": {"task_id": "t1", "task_status": "succeed", "video_url": told}})
    assert [video.url for video in task.videos] == [URL]


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ("https://cdn.example/my video.mp4?sig=1", "https://cdn.example/my%20video.mp4?sig=1"),
        ("https://cdn.example/v(1)?a=1&amp;b=2", "https://cdn.example/v(1)?a=1&b=2"),
        ("https://cdn.example/v?a=1&copy=2", "https://cdn.example/v?a=1&copy=2"),
        ("https://видео.example/кот.mp4", "https://видео.example/кот.mp4"),
        ("1.2.3.4:8080/v/1", "1.2.3.4:8080/v/1"),
        ("files/v.mp4", "files/v.mp4"),
        ("s3://bucket/v.mp4", "s3://bucket/v.mp4"),
    ],
)
def test_an_address_may_be_of_any_letters(told: str, url: str) -> None:
    """Spaces in a file's name, brackets, letters of other alphabets; nothing of its query is changed."""
    task = read_task({"data": {"task_id": "t1", "task_status": "succeed", "task_result": {"url": told}}})
    assert [video.url for video in task.videos] == [url]


@pytest.mark.parametrize(
    "data",
    [
        {"choices": [{"message": {"content": f"Your video: [here]({URL})"}}]},
        {"fail_reason": f"video url: {URL}"},
        {"content": f'<video src="{URL}"></video>'},
        {"url": "https://cdn.example/cover.png?x=1", "more": {"any": URL}},
        *({name: [{"url": URL}]} for name in ("creations", "artifacts", "files")),
        {"output": {"task_result": {"videos": [{"url": URL}]}}},
        {"task-result": {"video-url": URL}},
    ],
)
def test_an_address_is_found_among_words_and_in_other_rooms(data: dict[str, Any]) -> None:
    """A picture's is none."""
    task = read_task(read(200, {"data": {"task_id": "t1", "task_status": "succeed", **data}}))
    assert [video.url for video in task.videos] == [URL]


DONE = {"task_id": "t1", "task_status": "succeed", "task_result": {"videos": [{"url": URL}]}}


@pytest.mark.parametrize(
    "body",
    [
        [DONE],
        {"data": {"items": [DONE], "total": 1}},
        {"data": [{**DONE, "task_id": "t0", "task_status": "failed"}, DONE]},
        {"data": {"data": {"data": {"data": {"data": DONE}}}}},
        *({name: DONE} for name in ("result", "payload", "output")),
        {"statusCode": 200, "body": json.dumps(DONE)},
        {"Data": {"task-id": "t1", "task-status": "succeed", "videoURL": URL}},
        {"data": {"task_id": "t1", "video_url": URL}},
        {"data": {"task_id": "t1", "status": None, "video_url": URL}},
        {"data": {"task_id": "t1", "status": 2, "video_url": URL}},
        {"status": "COMPLETED", "video": {"url": URL}},
        {"code": 0, "data": {"task_status": "succeed", "task_result": {"videos": [{"url": URL}]}}},
    ],
)
def test_a_finished_video_is_the_asked_tasks_in_any_wrapping(body: Any) -> None:
    """Also without a status, with a number for one, or without an id in the answer to a query by that id."""
    task = read_task(read(200, body), asked_id="t1")
    assert (task.task_id, task.status, [video.url for video in task.videos]) == (
        "t1",
        TaskStatus.SUCCEED,
        [URL],
    )


@pytest.mark.parametrize("data", [{"task_status": "failed"}, {"task_status": "processing"}])
def test_an_answer_without_an_id_proves_nothing_else(data: dict[str, Any]) -> None:
    """Least of all that a task has failed."""
    with pytest.raises(KlingError):
        read_task({"data": data}, asked_id="t1")


@pytest.mark.parametrize(
    "body", ["{}\n<!-- x -->", "{}\n{}", ")]}}',\n{}", "data: {}\n\ndata: [DONE]", "\ufeff {}x"]
)
def test_json_with_marks_around_it_is_read_for_a_query_alone(body: str) -> None:
    """Of a create it may be two answers, and is looked for."""
    text = body.replace("}}", "}").replace("{}", json.dumps({"data": DONE}))
    assert read_task(read(200, text)).videos[0].url == URL
    assert refused(200, text).task_may_exist


@pytest.mark.parametrize("told", ["a/b", "a b", "null", "undefined", 0, "x" * 500, "?"])
def test_an_id_that_cannot_be_asked_for_is_none(told: object) -> None:
    """The task is looked for by the caller's own id instead, and not asked for in vain for ever."""
    with pytest.raises(KlingError) as caught:
        read_task({"data": {"task_id": told}}, status_if_missing=TaskStatus.SUBMITTED)
    assert caught.value.task_may_exist


@pytest.mark.parametrize("name", ["cover", "image_url", "input", "prompt", "callback_url", "thumbnail"])
def test_what_is_no_result_is_not_taken_for_one(name: str) -> None:
    """The picture that was sent, a cover, a person's own words."""
    task = read_task({"data": {"task_id": "t1", "status": "SUCCESS", "extra": {name: URL}}})
    assert task.videos == ()


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"task_id": "t1", "status": "SUCCESS", "url": URL}]},
        {"data": json.dumps({"task_id": "t1", "status": "SUCCESS", "url": URL})},
        {"code": 0, "task": {"id": "t1", "status": "SUCCESS", "url": URL}},
        {"code": "success", "data": {"task_id": "t1", "status": "SUCCESS", "result_url": URL, "data": STALE}},
    ],
)
def test_a_task_may_be_wrapped_in_other_ways(body: dict[str, Any]) -> None:
    """A list of one, JSON as text, another name; and a wrapper that knows more than the body in it."""
    task = read_task(read(200, body))
    assert (task.task_id, task.status, [video.url for video in task.videos]) == (
        "t1",
        TaskStatus.SUCCEED,
        [URL],
    )


@pytest.mark.parametrize(
    ("told", "task_id"), [("8661682160022364565", True), ("ok", False), ("see there", False)]
)
def test_a_creates_data_may_be_the_id_alone(told: str, *, task_id: bool) -> None:
    """Words are none."""
    body = read(200, {"code": "success", "data": told}, is_query=False)
    if task_id:
        assert read_task(body, status_if_missing=TaskStatus.SUBMITTED).task_id == told
    else:
        with pytest.raises(KlingError):
            read_task(body, status_if_missing=TaskStatus.SUBMITTED)


@pytest.mark.parametrize(
    "body",
    [
        {"status": "success", "data": {"task_id": "t1"}},
        {"code": "Created", "status": "ok", "data": {"task_id": "t1"}},
        {"code": 201, "data": {"task_id": "t1"}},
    ],
)
def test_a_create_that_succeeded_is_no_finished_task(body: dict[str, Any]) -> None:
    """The word is the call's, and not the task's."""
    task = read_task(read(201, body, is_query=False), status_if_missing=TaskStatus.SUBMITTED)
    assert task.status is TaskStatus.SUBMITTED


def test_the_innermost_word_is_the_tasks() -> None:
    """The outer one may be the call's."""
    body = {"status": "success", "data": {"task_id": "t1", "state": "running"}}
    assert read_task(read(200, body)).status is TaskStatus.PROCESSING


def test_a_success_without_an_address_keeps_its_answer_for_the_log() -> None:
    """Bounded, and without what signs a link; of any other answer nothing is kept."""
    signed = "https://cdn.example/page?sig=secret&x=1"
    body = {"data": {"task_id": "t1", "status": "SUCCESS", "page": signed, "more": ["x" * 50] * 900}}
    kept = read_task(body).puzzling_answer or ""
    assert "https://cdn.example/page" in kept
    assert "secret" not in kept
    for link in ("gopher://a.test/v?sig=secret", "a.test/v?sig=secret", "magnet:?sig=secret"):
        body = {"data": {"task_id": "t1", "status": "SUCCESS", "page": link}}
        assert "secret" not in (read_task(body).puzzling_answer or "")
    assert len(kept) <= MAX_LOGGED_CHARS
    assert queried("03_succeeded_flat_url.json").puzzling_answer is None


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


@pytest.mark.parametrize(
    "data",
    [
        {"errors": [{"message": "the reason"}]},
        {"failReason": "the reason"},
        {"failure": {"reason": "the reason"}},
        {"task_result": {"message": "the reason"}},
        {"result": {"error": {"message": "the reason"}}},
        {"error": {"description": "the reason"}},
        {"error_msg": "Provider error: " + json.dumps({"code": 1301, "msg": "the reason"})},
        {"task_status_msg": "FAILED", "fail_reason": "", "error": {"detail": [{"msg": "the reason"}]}},
    ],
)
def test_a_reason_may_lie_deeper_or_under_other_names(data: dict[str, Any]) -> None:
    """In a list, in camel case, as JSON after a few words; the status's own word is none."""
    task = read_task(read(200, json.dumps({"data": {"task_id": "t1", "status": "failed", **data}})))
    assert task.status_message == "the reason"


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
        (410, ""),
        (404, {}),
        (400, {"message": "找不到任务"}),
        (400, {"message": "タスクが見つかりません"}),
        (200, {"code": "x", "message": "Задача не найдена"}),
        (500, {"message": "sql: no rows in result set"}),
        (400, {"error": {"message": "No task found with id t1"}}),
        (400, {"message": json.dumps({"code": "task_not_exist", "message": "task_not_exist"})}),
    ],
)
def test_not_there_is_said_in_many_shapes(status: int, body: Any) -> None:
    """A look-up that found nothing."""
    assert refused(status, body, is_query=True).kind is K.NOT_FOUND


@pytest.mark.parametrize("data", [None, [], {}, "", [None]])
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
        (429, {"code": 1102, "message": "resource pack not found"}),
        (500, {"message": "no resource is free"}),
        (500, {"message": "task channel not found"}),
        (500, {"message": "task queue not found"}),
        (400, {"message": "task has been deleted"}),
        (400, {"message": "The task's key was not found"}),
        (401, {"message": "the token's record does not exist"}),
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
        (429, "额度已用尽", K.OUT_OF_CREDIT),
        (429, "每分钟请求额度不足", K.TOO_MANY_REQUESTS),
        (403, "提示词：账户余额不足的人", K.NO_ACCESS),
        (403, "Sensitive words: no credit", K.NO_ACCESS),
        (403, "refused: “she has not enough balan", K.NO_ACCESS),
        (403, "refused: &quot;not enough balance&quot;", K.NO_ACCESS),
        (429, "insufficient quota: 100 requests/min", K.TOO_MANY_REQUESTS),
    ],
)
def test_an_account_is_empty_only_where_that_is_unmistakable(
    status: int, words: str, kind: ErrorKind
) -> None:
    """By code and status first; never out of what is quoted."""
    assert refused(status, {"error": {"message": words, "code": ""}}).kind is kind


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    "words",
    [
        *("insufficient permissions", "insufficient scope", "Resource exhausted, please try again later"),
        *(
            "Insufficient resources to run the task",
            "retries exhausted",
            "not enough GPU",
            "敏感词[余额不足]",
        ),
        *("quota exceeded, retry in 20s", "Requests exhausted: 10 in 60 seconds", "本分钟额度已用完"),
    ],
)
def test_what_else_is_insufficient_empties_nobodys_line(status: int, words: str) -> None:
    """Permissions, machines, retries, and quotas of a time."""
    assert refused(status, {"error": {"message": words}}).kind in {K.NO_ACCESS, K.TOO_MANY_REQUESTS}


@pytest.mark.parametrize("status", [200, 403, 429])
@pytest.mark.parametrize(
    "words",
    [
        *("Your credit balance is too low", "No resource pack", "resource pack depleted"),
        *("余额已用完", "请充值", "残高が不足しています", "잔액이 부족합니다", "solde insuffisant"),
        *("insufficient_user_quota", "You have run out of credits", "insufficient funds"),
    ],
)
def test_an_empty_account_is_said_in_many_words(status: int, words: str) -> None:
    """Its line stands still, instead of asking again and again."""
    assert refused(status, {"error": {"message": words}}).kind is K.OUT_OF_CREDIT


@pytest.mark.parametrize("status", [400, 403, 404, 422, 429])
@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "bad response status code 504", "code": "bad_response_status_code"}},
        {"error": {"message": "Post https://api.kling.test: context deadline exceeded"}},
        {"error": {"message": "read response body failed: unexpected EOF"}},
        {"error": {"message": "do request failed", "code": "do_request_failed"}},
        {"code": "fail_to_fetch_task", "message": "<html><title>502 Bad Gateway</title></html>"},
        {"code": "fail_to_fetch_task", "message": json.dumps({"code": 504, "message": "x"})},
        {"code": 500, "message": "internal"},
        {"message": "upstream timeout"},
    ],
)
def test_a_fault_behind_a_relay_is_no_refusal(status: int, body: Any) -> None:
    """It may have been heard there, and paid, whatever status the relay gives it."""
    assert refused(status, body).task_may_exist


@pytest.mark.parametrize("words", ["Failed to download image: timeout", "image request timed out"])
def test_a_picture_that_did_not_come_in_time_is_a_refusal(words: str) -> None:
    """Nothing was made of it."""
    assert refused(400, {"message": words}).kind is K.BAD_PARAMETER


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((400, K.BAD_PARAMETER), (401, K.UNAUTHORIZED), (402, K.OUT_OF_CREDIT), (413, K.TOO_LARGE)),
        *((408, K.READ_TIMEOUT), (429, K.TOO_MANY_REQUESTS), ("500", K.PLATFORM_ERROR)),
    ],
)
def test_a_status_may_stand_in_the_code_of_a_200(code: int | str, kind: ErrorKind) -> None:
    """Relays that answer everything with 200."""
    assert refused(200, {"code": code, "message": "x"}).kind is kind


def test_a_body_that_is_too_large_is_so_with_any_code() -> None:
    """413 in any dress."""
    assert refused(413, {"code": 1201, "message": "x"}).kind is K.TOO_LARGE


@pytest.mark.parametrize("status", [200, 400, 409, 422, 500])
@pytest.mark.parametrize(
    "words",
    [
        *(
            "duplicate request",
            "same request is being processed",
            "repeat submission",
            "Idempotency conflict",
        ),
        *("task with this id already submitted", 'duplicate key value violates "uk_ext"', "请勿重复提交"),
        *(
            "external_task_id 重复",
            "自定义任务ID已被占用",
            "タスクIDが重複しています",
            "작업 ID가 이미 존재합니다",
        ),
        *("L'identifiant external_task_id existe déjà", "customer task id exists"),
        *("demande déjà reçue", "Запрос уже отправлен"),
    ],
)
def test_a_repetition_in_any_words_may_have_been_paid(status: int, words: str) -> None:
    """Also of a first sending: a relay may have repeated it behind itself."""
    assert refused(status, {"error": {"message": words}}).task_may_exist


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


def test_a_refusal_is_found_four_deep_after_words_each_time() -> None:
    """A relay of relays of relays."""
    body: dict[str, Any] = {"code": 1102, "message": "resource pack exhausted", "request_id": "R"}
    for _ in range(4):
        body = {"error": {"message": f"status_code=429, body: {json.dumps(body)} (request id: outer)"}}
    failure = refused(429, body)
    assert (failure.kind, failure.message, failure.request_id) == (
        K.OUT_OF_CREDIT,
        "resource pack exhausted",
        "R",
    )


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ('Upstream error: {"code": 1301, "message": "the words"}', K.POLICY_REFUSED),
        (json.dumps(json.dumps({"code": 1301, "message": "the words"})), K.POLICY_REFUSED),
        ({"errors": [{"code": 1301, "message": "the words"}]}, K.POLICY_REFUSED),
        ([{"loc": ["body"], "msg": "the words"}], K.BAD_PARAMETER),
        ("<html><head><title>the words</title></head><body>x</body></html>", K.BAD_PARAMETER),
    ],
)
def test_a_refusal_inside_is_found_in_other_dresses(told: object, kind: ErrorKind) -> None:
    """After a few words, as a text of a text, in a list; of a web page its title."""
    failure = refused(400, {"code": "fail_to_fetch_task", "message": told})
    assert (failure.kind, failure.message) == (kind, "the words")


@pytest.mark.parametrize("status", [400, 403, 429])
def test_json_that_a_person_wrote_is_no_refusal(status: int) -> None:
    """A prompt may be anything; one would empty everybody's line."""
    prompt = json.dumps({"code": 1102, "message": "balance not enough"})
    failure = refused(status, {"error": {"message": f"blocked prompt: {prompt}", "code": ""}})
    assert failure.kind is not K.OUT_OF_CREDIT


@pytest.mark.parametrize(
    "body", ["", "<html>…</html>", "no JSON", {}, {"code": 5001, "message": "x"}, {"a": 1}]
)
@pytest.mark.parametrize(
    ("status", "kind"), [(402, K.OUT_OF_CREDIT), (413, K.TOO_LARGE), (408, K.READ_TIMEOUT)]
)
def test_a_status_that_says_it_all_is_read_in_any_dress(status: int, kind: ErrorKind, body: Any) -> None:
    """402 and 413 made nothing; of 408 nobody knows, since relays also send it for what is behind them."""
    failure = refused(status, body)
    assert (failure.kind, failure.task_may_exist) == (kind, kind is K.READ_TIMEOUT)


@pytest.mark.parametrize(
    "words",
    [
        *("request entity too large", "Payload Too Large", "image file is too big", "请求体过大"),
        *(
            "body exceeds the maximum size",
            "File size exceeds 10MB",
            "The request body exceeded 10485760 bytes",
        ),
    ],
)
def test_too_large_is_said_in_many_words(words: str) -> None:
    """With a status that leaves it open."""
    assert refused(400, {"message": words}).kind is K.TOO_LARGE


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_create_that_tells_a_task_is_never_called_unpaid(status: int) -> None:
    """Whatever its words: with a good status it is that task, with another it is looked for."""
    body = {"code": 1201, "message": "no", "data": {"task_id": "t1", "task_status": "submitted"}}
    assert refused(status, body).task_may_exist
    assert read_task(read(200, body, is_query=False)).task_id == "t1"


@pytest.mark.parametrize("status", [200, 400, 402, 403, 413, 429, 500])
@pytest.mark.parametrize(
    "body",
    [{"code": 1102, "message": "no", "data": {"task_id": "t1"}}, {"code": 1303, "msg": "no", "task_id": 77}],
)
def test_a_refusal_that_names_a_task_is_unclear(status: int, body: Any) -> None:
    """Also without that task's status, and where the status says that nothing was made."""
    failure = refused(status, body)
    assert failure.task_may_exist
    assert failure.message == "no"


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc00 x", "\\u0000", "\\ud83d\\ud83d"])
@pytest.mark.parametrize(
    "body",
    ['{{"code": 1200, "message": "half {0} pair"}}', '{{"msg": "{{\\"message\\": \\"half \\{0} pair\\"}}"}}'],
)
def test_half_a_character_is_replaced(half: str, body: str) -> None:
    """No database, file or screen takes it; also one in JSON within a text."""
    failure = refused(400, body.format(half))
    assert failure.message.startswith("half \ufffd")
    assert failure.message.encode().decode() == failure.message


def test_a_whole_character_in_two_halves_stays() -> None:
    """JSON writes it so."""
    assert refused(400, '{"code": 1200, "message": "a \\ud83d\\ude00"}').message == "a \U0001f600"


def test_no_text_of_a_task_has_half_a_character() -> None:
    """In any of its fields."""
    body = json.dumps(
        {"data": {"task_id": "t\ud83d", "task_status": "\udc00", "task_status_msg": "\ud83d", "\ud83d": 1}}
    )
    assert repr(read_task(read(200, body))).encode()


@pytest.mark.parametrize(
    "word", ["duplicat", "task", "exceed", "prompt ", "external task", "“", "{", "}", "<title>"]
)
@pytest.mark.parametrize("is_query", [False, True])
def test_words_without_end_are_read_in_no_time(word: str, *, is_query: bool) -> None:
    """A pattern that tries each beginning with each end would stop a worker for minutes."""
    began_s = time.process_time()
    refused(400, {"code": "x", "message": word * (1_000_000 // len(word))}, is_query=is_query)
    assert time.process_time() - began_s < 2
