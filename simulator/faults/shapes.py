"""Shapes of answers that users of such relays report, as data: one row a shape, filled with the task at hand.

A row's `source` says how sure its kind is: seen at "CometAPI", "reported" by users of relays of the same
family, or a "guess". The exact words are examples.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from simulator.engine.tasks import Status

Json = dict[str, Any]
Source = Literal["CometAPI", "reported", "guess"]

DONE: Final = frozenset({Status.SUCCEED})
OVER: Final = frozenset({Status.SUCCEED, Status.FAILED})
ANY: Final = frozenset[Status]()

URL, ID, REASON, VIDEO = "{URL}", "{ID}", "{REASON}", "{VIDEO}"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One answer.

    Attributes:
        says: what is odd about it.
        body: a template of JSON (see `filled`); a text is a web page, None an empty body.
        status: HTTP status.
        headers: beside the usual ones.
        words: for `{REASON}` where the fault has none of its own.
        when: the statuses of a task at which it is answered; empty for any, and without a task.
        source: how sure it is that such answers come.
    """

    says: str
    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    words: str = "Failure to pass the risk control system"
    when: frozenset[Status] = ANY
    source: Source = "reported"


def _text(body: object) -> Json:
    """JSON as text, in a template."""
    return {"as text": body}


def _kling(when: frozenset[Status], says: str, **changes: object) -> Shape:
    """Kling's own envelope and task, with some of the task's fields changed."""
    body = {"code": 0, "message": "SUCCEED", "request_id": "{REQUEST}", "data": {"*": "{DATA}", **changes}}
    return Shape(says=says, body=body, when=when)


def _relay(when: frozenset[Status], says: str, message: str = "", /, **data: object) -> Shape:
    """A relay's envelope with fields of its own."""
    body = {"code": "success", "message": message, "data": {"task_id": ID, **data}}
    return Shape(says=says, body=body, when=when)


def _success(says: str, **data: object) -> Shape:
    return _relay(DONE, says, status="SUCCESS", progress="100%", **data)


def _video_object(when: frozenset[Status], says: str, http_status: int = 200, **fields: object) -> Shape:
    body = {"id": ID, "task_id": ID, "object": "video", **fields}
    return Shape(says=says, body=body, when=when, status=http_status)


def _at(says: str, url: str) -> Shape:
    """Kling's own shape with the video at another address."""
    return _kling(DONE, says, task_result={"videos": [{"*": VIDEO, "url": url}]})


_OTHER_IDS: Final = 8_661_682_160_022_000_000
_ERROR: Final = {"message": REASON, "code": "1201"}
_STALE: Final = {"task_id": ID, "task_status": "processing", "task_result": {}}

QUERY_SHAPES: Final[Mapping[str, Shape]] = {
    "address_result_url": _success("the address is data.result_url", result_url=URL),
    "address_fail_reason": _success("the address is data.fail_reason", fail_reason=URL, data=None),
    "address_url": _relay(
        DONE, '"succeeded", the address is data.url', status="succeeded", format="mp4", error=None, url=URL
    ),
    "address_video_url": _success("the address is data.video_url", video_url=URL),
    "address_output": _success("the address is data.output", output=URL),
    "address_metadata_url": _video_object(
        DONE,
        'a video object, "completed", the address is metadata.url, times are seconds',
        status="completed",
        progress=100,
        created_at="{CREATED_S}",
        completed_at="{UPDATED_S}",
        metadata={"url": URL},
    ),
    "address_task_result_url": _kling(DONE, "the address is task_result.url", task_result={"url": URL}),
    "address_task_result_video_url": _success(
        "the address is data.data.task_result.video_url", data={"task_result": {"video_url": URL}}
    ),
    "address_task_result_text": _kling(
        DONE, "task_result is JSON in a text", task_result=_text({"videos": [VIDEO]})
    ),
    "address_task_result_list": _kling(DONE, "task_result is the list of videos", task_result=[VIDEO]),
    "address_videos_object": _kling(DONE, "videos is one object", task_result={"videos": VIDEO}),
    "address_videos_texts": _kling(DONE, "videos are texts", task_result={"videos": [URL]}),
    "address_watermark": _kling(
        DONE,
        "the only address is watermark_url",
        task_result={"videos": [{"*": VIDEO, "url": "", "watermark_url": URL}]},
    ),
    "address_nowhere": _success("a success without any address"),
    "address_stale_body": _success(
        "the wrapper has the address, the body in it is stale", result_url=URL, data=_STALE
    ),
    "url_own_content": _at(
        "the video is the service's own and wants the key", "{BASE}/v1/videos/{ID}/content"
    ),
    "url_own_content_then_cdn": _at(
        "the service's own address leads to another host, with the key",
        "{BASE}/v1/videos/{ID}/content?to=cdn",
    ),
    "url_own_redirect": _at(
        "the service's own address leads to another host, without a key", "{BASE}/r/{ID}"
    ),
    "url_path_alone": _at("the address is a path alone", "{PATH}"),
    "url_without_scheme": _at("the address begins with //", "{WITHOUT_SCHEME}"),
    "url_http_elsewhere": _at("the address is http of another host", "http://plain.example.test/v.mp4"),
    "url_wrong_own_name": _at(
        "the service's own address under a wrong name", "http://localhost:3000/v1/videos/{ID}/content"
    ),
    "reason_error_message": _relay(
        OVER,
        "failed, the reason is data.error.message",
        status="failed",
        error={"message": REASON, "code": "task_failed"},
        url="",
    ),
    "reason_error_text": _relay(OVER, "failed, the reason is data.error", status="failed", error=REASON),
    "reason_error_message_field": _relay(
        OVER, "failed, the reason is data.error_message", status="failed", error_message=REASON
    ),
    "reason_reason": _relay(OVER, "failed, the reason is data.reason", status="failed", reason=REASON),
    "reason_outer_message": _relay(OVER, "failed, the reason is the outer message", REASON, status="FAILURE"),
    "reason_json": _relay(
        OVER,
        "failed, the reason is JSON in a text",
        status="FAILURE",
        fail_reason=_text({"code": 1301, "message": REASON, "request_id": "{REQUEST}"}),
    ),
    "reason_nowhere": _relay(OVER, "failed, without a reason", status="FAILURE", fail_reason=""),
    "error_on_top": _video_object(
        OVER, "a failed video object with an error at its top", status="failed", error=_ERROR
    ),
    "error_on_top_400": _video_object(
        OVER,
        "a failed video object with an error at its top, HTTP 400",
        http_status=400,
        status="failed",
        error=_ERROR,
    ),
    "error_code_beside": Shape(
        says="code 5001 beside a task that has failed",
        body={
            "code": 5001,
            "message": "failed",
            "data": {"task_id": ID, "task_status": "failed", "task_status_msg": REASON},
        },
        when=OVER,
    ),
    "error_empty": Shape(
        says="a success with an error that says nothing",
        body={"code": 0, "message": "SUCCEED", "error": {"code": 0, "message": ""}, "data": "{DATA}"},
        when=DONE,
    ),
    "error_code_200": Shape(
        says="a success with code 200", body={"code": 200, "message": "ok", "data": "{DATA}"}, when=DONE
    ),
    "error_code_ok": Shape(
        says='a success with code "ok"', body={"code": "ok", "message": "", "data": "{DATA}"}, when=DONE
    ),
    "id_other": _kling(OVER, "another task id", task_id="{OTHER}", task_info={}),
    "id_other_with_ours": _kling(OVER, "another task id, with the caller's external id", task_id="{OTHER}"),
    "id_foreign_external": _kling(
        OVER,
        "the task id, with another caller's external id",
        task_info={"external_task_id": "somebody-else"},
    ),
    "id_inside": Shape(
        says="the task id stands inside the wrapper only",
        body={"code": "success", "message": "", "data": {"status": "SUCCESS", "data": "{DATA}"}},
        when=DONE,
    ),
    "not_there_400": Shape(
        says='"task_not_exist" with HTTP 400',
        body={"code": "task_not_exist", "message": "task_not_exist", "data": None},
        status=400,
    ),
    "not_there_200": Shape(
        says='"task_not_exist" with HTTP 200', body={"code": "task_not_exist", "message": "task_not_exist"}
    ),
    "not_there_500": Shape(
        says='"record not found" with HTTP 500',
        body={"error": {"message": "record not found", "type": "relay_error", "code": ""}},
        status=500,
    ),
    "not_there_null": Shape(
        says="a success whose data is null", body={"code": "success", "message": "", "data": None}
    ),
    "not_there_list": Shape(
        says="a success whose data is an empty list", body={"code": 0, "message": "SUCCEED", "data": []}
    ),
    "not_there_422": Shape(
        says="HTTP 422 for an id that is not known",
        body={"code": 422, "message": "no such task"},
        status=422,
    ),
    "not_there_page": Shape(
        says="a web page with HTTP 404", body="<!doctype html><title>404 Not Found</title>", status=404
    ),
    "times_in_seconds": _kling(OVER, "times are seconds", created_at="{CREATED_S}", updated_at="{UPDATED_S}"),
    "times_zero": _kling(OVER, "times are 0", created_at=0, updated_at=0),
    "times_ahead": _kling(OVER, "times are a day ahead", created_at="{TOMORROW}", updated_at="{TOMORROW}"),
}


def _refused(status: int, words: str, says: str, body: Any = None, **more: Any) -> Shape:  # noqa: ANN401 -- JSON
    """A refusal in the gateway's envelope, or with another body."""
    usual = {"error": {"message": REASON, "type": "invalid_request_error", "code": ""}}
    return Shape(says=says, body=usual if body is None else body, status=status, words=words, **more)


def _nested(status: int, code: int, words: str, says: str, body: Any = None, **more: Any) -> Shape:  # noqa: ANN401
    """Kling's refusal inside a relay's, as JSON in the text `message` unless `body` has it elsewhere."""
    inner = _text({"code": code, "message": REASON, "request_id": "{REQUEST}"})
    usual = {"code": "fail_to_fetch_task", "message": inner, "data": None}
    return Shape(says=says, body=usual if body is None else body(inner), status=status, words=words, **more)


_BUSY: Final = {"Retry-After": "20"}

CREATE_SHAPES: Final[Mapping[str, Shape]] = {
    "repetition": _refused(
        400,
        "external id already exists",
        "a repetition in unknown words: those of `message`",
        {"code": 1201, "message": REASON, "request_id": "{REQUEST}"},
    ),
    "no_credit_402": _refused(402, "payment required", "no credit, with HTTP 402"),
    "no_credit_chinese": _refused(403, "余额不足", "no credit, in Chinese"),
    "balance_in_a_prompt": _refused(
        400,
        "blocked prompt: 'she keeps her balance on a rope'",
        'a refused prompt that has the word "balance"',
    ),
    "credit_in_a_prompt": _refused(
        400,
        "sensitive prompt: a credit card on a table",
        'a refused prompt that has the word "credit"',
        {"code": "prompt_blocked", "message": REASON},
    ),
    "white_balance": _refused(400, "the picture's white balance is unusable", "a picture's white balance"),
    "balance_401": _refused(
        401, "token not valid, see the balance page", 'a wrong key, with the word "balance"'
    ),
    "quota_concurrent": _refused(
        429,
        "Too many concurrent requests.",
        "a limit of parallel requests that says QUOTA",
        {"status": 429, "error": "QUOTA INSUFFICIENT", "message": REASON},
        headers=_BUSY,
    ),
    "quota_group": _refused(
        429, "The group's request rate is over its quota", "a rate that says quota", headers=_BUSY
    ),
    "quota_minute": _refused(
        429, "Quota exceeded: 2 requests per minute", "a limit per minute that says quota", headers=_BUSY
    ),
    "nested_policy": _nested(400, 1301, "against the policy", "1301 as text in a 400"),
    "nested_account": _nested(429, 1100, "account exception", "1100 as text in a 429"),
    "nested_balance": _nested(429, 1102, "resource pack exhausted", "1102 as text in a 429"),
    "nested_busy": _nested(500, 5001, "busy", "5001 as text in a 500"),
    "nested_object": _nested(
        400,
        1301,
        "against the policy",
        "1301 as an object in `message`",
        lambda _: {"code": "fail_to_fetch_task", "message": {"code": 1301, "message": REASON}},
    ),
    "nested_twice": _nested(
        400,
        1301,
        "against the policy",
        "1301 as text in a text",
        lambda inner: {
            "code": "fail_to_fetch_task",
            "message": _text({"code": "bad_response", "message": inner}),
        },
        source="guess",
    ),
    "nested_msg": _nested(
        400, 1301, "against the policy", "1301 as text in `msg`", lambda inner: {"code": 400, "msg": inner}
    ),
    "nested_detail": _nested(
        400, 1301, "against the policy", "1301 as text in `detail`", lambda inner: {"detail": inner}
    ),
    "nested_data_message": _nested(
        400,
        1301,
        "against the policy",
        "1301 as text in data.message",
        lambda inner: {"code": 400, "data": {"message": inner}},
    ),
    "heavy_cannot_parse": _refused(
        400,
        "cannot parse the request",
        "a heavy body: 400 in words that name nothing",
        {"error": {"code": "InvalidParameter", "message": REASON}},
    ),
    "heavy_too_large": _refused(
        400, "request entity too large", "a heavy body: 400 whose words say too large", {"message": REASON}
    ),
    "heavy_page": _refused(
        413, "", "a heavy body: 413 as a web page", "<html><title>413</title>Request Entity Too Large</html>"
    ),
    "heavy_empty": Shape(says="a heavy body: an empty 413", body=None, status=413),
    "heavy_timeout": _refused(408, "request timeout", "a heavy body: 408"),
    "model_not_found": _refused(
        503,
        "no available channel for this model",
        "the model is gone: 503 model_not_found",
        {"error": {"message": REASON, "type": "comet_api_error", "param": "", "code": "model_not_found"}},
        source="CometAPI",
    ),
    "invalid_model_name": _refused(
        400,
        "invalid model name",
        "the model is gone: its name is not valid",
        {"code": 1201, "message": REASON, "request_id": "{REQUEST}"},
        source="CometAPI",
    ),
}

VIDEO_SHAPES: Final[Mapping[str, Shape]] = {
    "partial": Shape(
        says="the whole video with HTTP 206",
        body="{WHOLE}",
        status=206,
        headers={"Content-Range": "bytes 0-{LAST}/{SIZE}"},
    ),
    "json": Shape(
        says="JSON instead of a video", body={"error": {"message": REASON}}, words="missing header"
    ),
    "redirect": Shape(
        says="302 to the same video under another name",
        body=None,
        status=302,
        headers={"Location": "{ELSEWHERE}"},
    ),
    "refused_to_apps": Shape(
        says="403 for what is no browser", body="<!doctype html><title>403 Forbidden</title>", status=403
    ),
    "page": Shape(
        says="a web page instead of a video", body="<!doctype html><title>Please wait</title>", status=200
    ),
}

DONE_WORDS: Final = ("succeeded", "completed", "complete", "done", "finished", "ok", "ready")
"""Words for "done" that users report; a task with another word has no video."""


def filled(template: Any, facts: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- JSON
    """A template with its `{…}` replaced; a text that is one placeholder becomes that fact, of any type.

    In an object, "*" is the object that the others change.
    """
    if isinstance(template, dict):
        if "as text" in template:
            return json.dumps(filled(template["as text"], facts), ensure_ascii=False)
        base = filled(template["*"], facts) if "*" in template else {}
        return base | {name: filled(value, facts) for name, value in template.items() if name != "*"}
    if isinstance(template, list):
        return [filled(value, facts) for value in template]
    if not isinstance(template, str):
        return template
    if template[1:-1] in facts:
        return facts[template[1:-1]]
    for name, fact in facts.items():
        template = template.replace(f"{{{name}}}", str(fact))
    return template


def task_facts(data: Json, *, base_url: str, reason: str) -> Json:
    """The facts of a task for `filled`.

    Args:
        data: the task as a query has it; empty when there is none.
        base_url: where the asker reaches us, without a slash at its end.
        reason: why the task has failed.
    """
    videos = data.get("task_result", {}).get("videos", [])
    url = videos[0]["url"] if videos else ""
    updated = data.get("updated_at", 0)
    return {
        "DATA": data,
        "ID": data.get("task_id", ""),
        "VIDEO": videos[0] if videos else {},
        "URL": url,
        "PATH": url.removeprefix(base_url),
        "WITHOUT_SCHEME": url.partition(":")[2],
        "BASE": base_url,
        "REASON": reason,
        "REQUEST": str(uuid.uuid4()),
        "OTHER": str(_OTHER_IDS + updated % 1_000_000),
        "CREATED_S": data.get("created_at", 0) // 1000,
        "UPDATED_S": updated // 1000,
        "TOMORROW": updated + 24 * 3600 * 1000,
    }


def under_another_name(url: str) -> str:
    """The same address of this machine as another host: its number for its name, or the reverse."""
    parts = urlsplit(url)
    other = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}.get(parts.hostname or "", parts.hostname)
    return parts._replace(netloc=f"{other}:{parts.port}" if parts.port else f"{other}").geturl()
