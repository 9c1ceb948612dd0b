"""Read success bodies into tasks, in both shapes that the service answers in.

Shapes (the contract's "Answer" and "Query"):
    flat      {"code": 0, "message": …, "request_id"?, "data": {task_id, task_status, task_result, …}}
    wrapper   {"code": …, "data": {status: "SUCCESS"|"FAILURE"|…, progress, fail_reason, "data": flat's
              body or its data}}
Unknown and missing keys are tolerated; an answer without a task id is refused.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from kling.error_json import innermost_message, read_id
from kling.errors import UnreadableAnswer
from kling.models import Task, TaskStatus, Video

_log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 4  # body → data → data → data, as deep as the wrapper was seen to go

STATUS_WORDS: Mapping[str, TaskStatus] = {
    word: status
    for status, words in (
        (TaskStatus.SUBMITTED, "submitted not_start not_started queued pending waiting created accepted"),
        (TaskStatus.PROCESSING, "processing in_progress running generating started starting"),
        (
            TaskStatus.SUCCEED,
            "succeed success succeeded successful completed complete done finished ok ready",
        ),
        (
            TaskStatus.FAILED,
            "failed failure fail error cancelled canceled expired rejected timeout time_out timed_out",
        ),
    )
    for word in words.split()
}
"""Words of all shapes, in lower case with underscores. Any other keeps the task open, is logged,
and is passed on as `Task.status_word`."""

VIDEO_PLACES = (
    "task_result.videos",
    "task_result.url",
    "task_result.video_url",
    "task_result",
    "videos",
    "video_url",
    "result_url",
    "url",
    "output",
    "metadata.url",
    "fail_reason",
)
"""Where a finished video's address was seen, in the order of trust: a text, an object with `url`, or a list.
The older wrapper puts it where its reason for a failure would be."""
_BEGINS_WITH_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?/[^/]", re.IGNORECASE)
UNMISTAKABLE_PLACES = VIDEO_PLACES[:6]
"""Where an address is a video's, whatever the status says."""
WATERMARKED_PLACES = ("task_result.videos", "task_result", "videos")
"""Where an object may have a `watermark_url` alone."""
REASON_PLACES = (
    "task_status_msg",
    "fail_reason",
    "error.message",
    "error",
    "error_message",
    "reason",
    "message",
    "msg",
)
"""Where the reason of a failed task was seen, in the order of trust."""
_SAYS_NOTHING = {"", "null", "none", *STATUS_WORDS}
_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)
_SECONDS_BELOW = 1e11  # as milliseconds that is March 1973


def read_task(body: object, *, status_if_missing: TaskStatus | None = None) -> Task:
    """The task in a parsed success body of either shape.

    Args:
        body: the parsed JSON.
        status_if_missing: what a task without a status is taken for (a create's answer may lack it).

    Raises:
        UnreadableAnswer: without a task id, or without a status that can be assumed.
    """
    layers = _layers(body)
    task_id = next((found for layer in layers if (found := _task_id(layer))), None)
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
    """Unix milliseconds, or seconds, as aware UTC; None when missing or nonsense."""
    number = _number(value)
    if number is None:
        return None
    try:
        time = _EPOCH + timedelta(milliseconds=number * 1000 if number < _SECONDS_BELOW else number)
    except OverflowError:
        return None
    return time if time >= _OLDEST else None


def says_not_there(body: object) -> bool:
    """Whether the success body of a query has an empty place where the task would be."""
    if not isinstance(body, Mapping) or "data" not in body:
        return False
    data = body["data"]
    return (data is None or data == []) and not any(_task_id(layer) for layer in _layers(body))


def reports_task(body: object) -> bool:
    """Whether a body tells a task and its status, whatever error stands beside it."""
    layers = _layers(body)
    words = {_normal(word) for name in ("task_status", "status") if (word := _text(layers, name))}
    return any(_task_id(layer) for layer in layers) and bool(words & STATUS_WORDS.keys())


def _layers(body: object) -> list[Mapping[str, Any]]:
    """The body, its data, its data's data …, outermost first."""
    layers: list[Mapping[str, Any]] = []
    while isinstance(body, Mapping) and len(layers) <= _MAX_DEPTH:
        layers.append(body)
        body = body.get("data")
    return layers


def _task_id(layer: Mapping[str, Any]) -> str | None:
    """Under its own name, or as the `id` of an object with a status."""
    return read_id(layer.get("task_id")) or (
        read_id(layer.get("id")) if isinstance(layer.get("status"), str) else None
    )


def _status(layers: list[Mapping[str, Any]]) -> TaskStatus | None:
    """Kling's own final word, else the wrapper's FAILURE, else a video that is there, else Kling's word."""
    own = _status_word(layers, "task_status")
    wrapped = _status_word(layers, "status")
    known = own if own is not None and (own.is_final or wrapped is not TaskStatus.FAILED) else wrapped
    if known is not None and known is not TaskStatus.FAILED and _videos(layers, UNMISTAKABLE_PLACES):
        return TaskStatus.SUCCEED  # also where the word inside the wrapper is an old one
    return known


def _status_word(layers: list[Mapping[str, Any]], name: str) -> TaskStatus | None:
    word = _text(layers, name)
    if word is None:
        return None
    if _normal(word) not in STATUS_WORDS:
        _log.warning("unknown %s %.40r: the task is taken to be still running", name, word)
    return STATUS_WORDS.get(_normal(word), TaskStatus.PROCESSING)


def _unknown_word(layers: list[Mapping[str, Any]]) -> str | None:
    """The service's own word for the status, when it stands in no table."""
    words = (_text(layers, "task_status"), _text(layers, "status"))
    return next((word[:40] for word in words if word and _normal(word) not in STATUS_WORDS), None)


def _normal(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def _task(layers: list[Mapping[str, Any]], task_id: str, status: TaskStatus) -> Task:
    return Task(
        task_id=task_id,
        status=status,
        status_message=_reason(layers) if status is TaskStatus.FAILED else _text(layers, "task_status_msg"),
        external_task_id=_external_id(layers),
        created_at=_first_time(layers, "created_at"),
        updated_at=_first_time(layers, "updated_at") or _first_time(layers, "completed_at"),
        videos=_videos(layers),
        status_word=None if status.is_final else _unknown_word(layers),
    )


def _reason(layers: list[Mapping[str, Any]]) -> str | None:
    """The first sentence that says something, innermost first."""
    for place in REASON_PLACES:
        for layer in reversed(layers):
            value = _at(layer, place)
            reason = innermost_message(value) if isinstance(value, (str, Mapping)) else ""
            if reason.lower() not in _SAYS_NOTHING and not _is_address(reason):
                return reason
    return None


def _at(layer: Mapping[str, Any], place: str) -> object:
    value: object = layer
    for name in place.split("."):
        value = _opened(value.get(name)) if isinstance(value, Mapping) else None
    return value


def _opened(value: object) -> object:
    """An object or a list that came as JSON text; anything else as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


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


def _videos(layers: list[Mapping[str, Any]], places: tuple[str, ...] = VIDEO_PLACES) -> tuple[Video, ...]:
    for name, where in (("url", places), ("watermark_url", WATERMARKED_PLACES)):
        for place in where:
            for layer in reversed(layers):
                if videos := tuple(_videos_in(_at(layer, place), name)):
                    return videos
    return ()


def _videos_in(value: object, name: str) -> Iterator[Video]:
    """The videos of one place: a text, an object, or a list of either."""
    for entry in value if isinstance(value, list) else [value]:
        fields: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
        url = fields.get(name) if fields else (entry if name == "url" else None)
        if isinstance(url, str) and _is_address(url):
            yield Video(
                video_id=read_id(fields.get("id")) or "",
                url=url.strip(),
                duration_s=_number(fields.get("duration")),
                is_watermarked=name != "url",
            )


def _is_address(text: str) -> bool:
    """A whole address, one without its scheme, or a path at the service; never words."""
    text = text.strip()
    begins = text.lower().startswith(("http://", "https://", "/")) or _BEGINS_WITH_HOST.match(text)
    return bool(begins) and not any(mark.isspace() for mark in text)


def _number(value: object) -> float | None:
    """A finite number ≥ 0, also when written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None
