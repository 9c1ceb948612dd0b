"""Read success bodies into tasks, in both shapes that the service answers in.

Shapes (the contract's "Answer" and "Query"):
    flat      {"code": 0, "message": …, "request_id"?, "data": {task_id, task_status, task_result, …}}
    wrapper   {"code": …, "data": {status: "SUCCESS"|"FAILURE"|…, progress, fail_reason, "data": flat's
              body or its data}}
Unknown and missing keys are tolerated; an answer without a task id is refused.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from kling.error_json import read_id
from kling.errors import UnreadableAnswer
from kling.models import Task, TaskStatus, Video

_log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 4  # body → data → data → data, as deep as the wrapper was seen to go

STATUS_WORDS: Mapping[str, TaskStatus] = {
    "submitted": TaskStatus.SUBMITTED,
    "not_start": TaskStatus.SUBMITTED,
    "queued": TaskStatus.SUBMITTED,
    "processing": TaskStatus.PROCESSING,
    "in_progress": TaskStatus.PROCESSING,
    "succeed": TaskStatus.SUCCEED,
    "success": TaskStatus.SUCCEED,
    "failed": TaskStatus.FAILED,
    "failure": TaskStatus.FAILED,
}
"""Words of both shapes in lower case. Any other word keeps the task open (`processing`) and is logged."""


def read_task(body: object, *, status_if_missing: TaskStatus | None = None) -> Task:
    """The task in a parsed success body of either shape.

    Args:
        body: the parsed JSON.
        status_if_missing: what a task without a status is taken for (a create's answer may lack it).

    Raises:
        UnreadableAnswer: without a task id, or without a status that can be assumed.
    """
    layers = _layers(body)
    task_id = next((read_id(layer.get("task_id")) for layer in layers if read_id(layer.get("task_id"))), None)
    if task_id is None:
        raise UnreadableAnswer("The service answered without a task id.")
    status = _status(layers) or status_if_missing
    if status is None:
        raise UnreadableAnswer("The service answered without the task's status.")
    return _task(layers, task_id, status)


def read_tasks(body: object) -> tuple[Task, ...]:
    """The tasks of a list answer, in its order; entries that cannot be read are logged and left out.

    Raises:
        UnreadableAnswer: when there is no list.
    """
    entries = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(entries, list):
        raise UnreadableAnswer("The service answered without a list of tasks.")
    tasks = []
    for entry in entries:
        try:
            tasks.append(read_task(entry))
        except UnreadableAnswer as problem:
            _log.warning("left out an entry of the task list: %s", problem.message)
    return tuple(tasks)


def read_time(value: object) -> datetime | None:
    """Unix milliseconds as aware UTC; None when missing or out of any calendar."""
    milliseconds = _number(value)
    if milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _layers(body: object) -> list[Mapping[str, Any]]:
    """The body, its data, its data's data …, outermost first."""
    layers: list[Mapping[str, Any]] = []
    while isinstance(body, Mapping) and len(layers) <= _MAX_DEPTH:
        layers.append(body)
        body = body.get("data")
    return layers


def _status(layers: list[Mapping[str, Any]]) -> TaskStatus | None:
    """Kling's own final word, else the wrapper's FAILURE, else Kling's word, else the wrapper's."""
    own = _status_word(layers, "task_status")
    wrapped = _status_word(layers, "status")
    if own is not None and (own.is_final or wrapped is not TaskStatus.FAILED):
        return own
    return wrapped


def _status_word(layers: list[Mapping[str, Any]], name: str) -> TaskStatus | None:
    word = _text(layers, name)
    if word is None:
        return None
    if word.lower() not in STATUS_WORDS:
        _log.warning("unknown %s %.40r: the task is taken to be still running", name, word)
    return STATUS_WORDS.get(word.lower(), TaskStatus.PROCESSING)


def _task(layers: list[Mapping[str, Any]], task_id: str, status: TaskStatus) -> Task:
    reason = _text(layers, "task_status_msg")
    if reason is None and status is TaskStatus.FAILED:
        reason = _text(layers, "fail_reason")
    return Task(
        task_id=task_id,
        status=status,
        status_message=reason,
        external_task_id=_external_id(layers),
        created_at=_first_time(layers, "created_at"),
        updated_at=_first_time(layers, "updated_at"),
        videos=_videos(layers),
    )


def _text(layers: list[Mapping[str, Any]], name: str) -> str | None:
    """The innermost non-empty text of that name: Kling's own object lies deepest."""
    for layer in reversed(layers):
        value = layer.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _first_time(layers: list[Mapping[str, Any]], name: str) -> datetime | None:
    return next((time for layer in reversed(layers) if (time := read_time(layer.get(name)))), None)


def _external_id(layers: list[Mapping[str, Any]]) -> str | None:
    for layer in reversed(layers):
        info = layer.get("task_info")
        found = read_id(info.get("external_task_id")) if isinstance(info, Mapping) else None
        if found := found or read_id(layer.get("external_task_id")):
            return found
    return None


def _videos(layers: list[Mapping[str, Any]]) -> tuple[Video, ...]:
    for layer in reversed(layers):
        result = layer.get("task_result")
        videos = result.get("videos") if isinstance(result, Mapping) else None
        if isinstance(videos, list) and videos:
            return tuple(video for entry in videos if (video := _video(entry)))
    return ()


def _video(entry: object) -> Video | None:
    url = entry.get("url") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(url, str) or not url:
        return None
    return Video(video_id=read_id(entry.get("id")) or "", url=url, duration_s=_number(entry.get("duration")))


def _number(value: object) -> float | None:
    """A finite number ≥ 0, also when written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None
