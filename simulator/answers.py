"""The bodies that are answered, in the documented shapes."""

import uuid
from typing import Any

from simulator.refusals import Envelope, Refusal
from simulator.tasks import Broken, Rendered, Status, Task, progress

Json = dict[str, Any]

HTML_NOT_FOUND = """<!doctype html>
<html lang="en"><head><title>404 Not Found</title></head>
<body><h1>404 Not Found</h1>
<p>This is the Motion Studio simulator. Nothing lives at this address.</p></body></html>
"""


def created(task: Task, now_s: float) -> Json:
    """The answer to a create; it carries no `request_id` (C)."""
    return {"code": 0, "message": "success", "data": task_data(task, now_s, videos_url="")}


def found(data: Json | list[Json]) -> Json:
    """The answer to a query or a list; `code` is 0 for a failed task too."""
    return {"code": 0, "message": "SUCCEED", "request_id": str(uuid.uuid4()), "data": data}


def task_data(task: Task, now_s: float, *, videos_url: str) -> Json:
    """A task at `now_s`.

    Args:
        task: the task.
        now_s: Unix seconds.
        videos_url: address of the folder of videos, without a slash at its end.
    """
    now = progress(task, now_s)
    data: Json = {"task_id": task.task_id, "task_status": now.status.value}
    if now.is_final and isinstance(task.outcome, Broken):
        data["task_status_msg"] = task.outcome.message
    data["task_info"] = {"external_task_id": task.external_task_id} if task.external_task_id else {}
    data["created_at"] = _milliseconds(task.created_at_s)
    data["updated_at"] = _milliseconds(now.since_s)
    if videos_url:
        data["task_result"] = {}
        if now.status is Status.SUCCEED and isinstance(task.outcome, Rendered):
            data["task_result"] = {"videos": [_video(task.outcome, videos_url)]}
    return data


def _video(outcome: Rendered, videos_url: str) -> Json:
    url = f"{videos_url}/{outcome.video_id}.mp4"
    return {"id": outcome.video_id, "url": url, "duration": f"{outcome.duration_s:.1f}"}


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def refused(refusal: Refusal) -> Json:
    """The error body of a refusal, in the envelope of its reason."""
    request_id = str(uuid.uuid4())
    if refusal.row.envelope is Envelope.GATEWAY:
        message = f"{refusal.message} (request id: {request_id})"
        inner = {"message": message, "type": "comet_api_error", "param": "", "code": refusal.row.code}
        return {"error": inner}
    return {"code": refusal.row.code, "message": refusal.message, "request_id": request_id}
