"""The bodies that are answered, in the documented shapes."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from simulator.contract.refusals import Envelope, Refusal
from simulator.contract.video_urls import video_url
from simulator.engine.tasks import Failed, Progress, Rendered, SimulatedTask, Status

Json = dict[str, Any]

HTML_NOT_FOUND: Final = """<!doctype html>
<html lang="en"><head><title>404 Not Found</title></head>
<body><h1>404 Not Found</h1>
<p>This is the Motion Studio simulator. Nothing lives at this address.</p></body></html>
"""
HTML_IN_BETWEEN: Final = """<!doctype html>
<html lang="en"><head><title>One moment</title></head>
<body><h1>The host is not available</h1>
<p>This is the Motion Studio simulator, with a fault that was asked for.</p></body></html>
"""
XML_EXPIRED: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Request has expired or has a wrong signature.</Message></Error>
"""
OLDER_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    Status.SUBMITTED: ("NOT_START", "0%"),
    Status.PROCESSING: ("IN_PROGRESS", "30%"),
    Status.SUCCEED: ("SUCCESS", "100%"),
    Status.FAILED: ("FAILURE", "100%"),
}
USUAL_CODES: Final = {400: 1201, 401: 1000, 403: 1103, 404: 1203, 429: 1302, 500: 5000, 503: 5001, 504: 5002}


def created(task: SimulatedTask) -> Json:
    """The answer to a create: `submitted`, however fast the task is, without `request_id` and result (C)."""
    at = Progress(status=Status.SUBMITTED, since_s=task.created_at_s)
    data = task_data(task, at, base_url="")
    del data["task_result"]
    return {"code": 0, "message": "success", "data": data}


def found(data: Json | list[Json]) -> Json:
    """The answer to a query or a list; `code` is 0 for a failed task too."""
    return {"code": 0, "message": "SUCCEED", "request_id": str(uuid.uuid4()), "data": data}


def task_data(task: SimulatedTask, at: Progress, *, base_url: str) -> Json:
    """A task as it is in one of its statuses; a callback's body is the same object.

    Args:
        task: the task.
        at: the status.
        base_url: where the asker reaches us, without a slash at its end.
    """
    data: Json = {"task_id": task.task_id, "task_status": at.status.value}
    if at.is_final and isinstance(task.outcome, Failed):
        data["task_status_msg"] = task.outcome.message
    data["task_info"] = {"external_task_id": task.external_task_id} if task.external_task_id else {}
    data["created_at"] = _milliseconds(task.created_at_s)
    data["updated_at"] = _milliseconds(at.since_s)
    data["task_result"] = {}
    if at.status is Status.SUCCEED and isinstance(task.outcome, Rendered):
        url = video_url(base_url, task.video_id, at.since_s)
        duration = f"{task.outcome.duration_s:.1f}"
        data["task_result"] = {"videos": [{"id": task.video_id, "url": url, "duration": duration}]}
    return data


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def refused(refusal: Refusal) -> Json:
    """The error body of a refusal, in the envelope of its reason."""
    return error_body(refusal.row.envelope, refusal.row.code, refusal.message)


def error_body(shape: Envelope, code: int | str | None, message: str) -> Json:
    """An error in one of the three envelopes."""
    request_id = str(uuid.uuid4())
    if shape == "gateway":
        words = f"{message} (request id: {request_id})"
        return {"error": {"message": words, "type": "comet_api_error", "param": "", "code": code or ""}}
    if shape == "flat":
        return {"code": code, "message": message}
    return {"code": code, "message": message, "request_id": request_id}


QUOTA: Final[Json] = {
    "username": "simulated",
    "total_quota": 12.5,
    "total_used_quota": 7.5,
    "request_count": 42,
}
"""The balance of the one account that there is; nothing is ever charged to it."""


def older_wrapper(data: Json, *, inner: Json) -> Json:
    """The shape of an older gateway: its own words around Kling's `inner`."""
    status, percent = OLDER_STATUS[data["task_status"]]
    wrapped: Json = {"task_id": data["task_id"], "action": "image2video", "status": status}
    wrapped |= {"progress": percent, "fail_reason": data.get("task_status_msg", "")}
    wrapped |= {"submit_time": data["created_at"] // 1000, "finish_time": data["updated_at"] // 1000}
    return {"code": "success", "message": "", "data": {**wrapped, "data": inner}}


def sparse(body: Json) -> Json:
    """The same answer without what may be missing."""
    may_be_missing = {"task_info", "task_result"} if body["data"].get("task_result") == {} else {"task_info"}
    data = {name: value for name, value in body["data"].items() if name not in may_be_missing}
    return {"code": 0, "message": "SUCCEED", "data": data}


def expired() -> Response:
    """A content network's answer for a URL whose time is over."""
    return Response(XML_EXPIRED, status_code=403, media_type="application/xml")
