"""Read success bodies into tasks, in both shapes that the service answers in.

Shapes (the contract's "Answer" and "Query"):
    flat      {"code": 0, "message": …, "request_id"?, "data": {task_id, task_status, task_result, …}}
    wrapper   {"code": …, "data": {status: "SUCCESS"|"FAILURE"|…, progress, fail_reason, "data": flat's
              body or its data}}
Unknown and missing keys are tolerated; an answer without a task id is refused. Bodies are as `answer_json`
parses them: names in `snake_case`, texts without half characters and without the key.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kling.answer_json import for_the_log
from kling.charges import read_charges
from kling.error_json import innermost_message, read_id
from kling.errors import UnreadableAnswer
from kling.models import Task, TaskStatus
from kling.task_ids import is_queryable_id
from kling.video_places import (
    UNMISTAKABLE_PLACES,
    VIDEO_PLACES,
    at_place,
    find_videos,
    is_address,
    opened,
    read_number,
)

_log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 8  # twice as deep as the wrapper was seen to go
_SHORTEST_ID = 6
_INNER_NAMES = ("data", "task", "response")
_OUTER_NAMES = (*_INNER_NAMES, *("result", "payload", "output", "body", "tasks", "items", "list", "records"))
"""Where a task lies in what has no task id itself."""
_NO_IDS = {"null", "none", "nil", "undefined", "0", "-1"}
STATUS_NAMES = ("task_status", "status", "state")

_SUBMITTED = (
    "submitted notstart notstarted queued queueing queuing inqueue pending waiting created accepted scheduled"
    " 排队中 等待中 已提交"
)
_PROCESSING = "processing inprogress running generating started starting preparing 处理中 生成中 进行中"
_SUCCEED = (
    "succeed success succeeded successful successfully completed complete done finished finish ok ready"
    " generated 成功 已成功 完成 已完成"
)
_FAILED = (
    "failed failure fail error errored cancelled canceled cancel expired rejected timeout timedout"
    " 失败 已失败 已取消 已过期 超时 已超时"
)
STATUS_WORDS: Mapping[str, TaskStatus] = {
    **dict.fromkeys(_SUBMITTED.split(), TaskStatus.SUBMITTED),
    **dict.fromkeys(_PROCESSING.split(), TaskStatus.PROCESSING),
    **dict.fromkeys(_SUCCEED.split(), TaskStatus.SUCCEED),
    **dict.fromkeys(_FAILED.split(), TaskStatus.FAILED),
}
"""Words of all shapes, as `_normal` gives them. Any other keeps the task open, is logged, and is passed on as
`Task.status_word`."""

REASON_PLACES = (
    "task_status_msg",
    "fail_reason",
    "error.message",
    "error",
    "error_message",
    "error_msg",
    "err_msg",
    "errmsg",
    "failure_reason",
    "failed_reason",
    "fail_message",
    "fail_msg",
    "status_message",
    "reason",
    "message",
    "msg",
    "detail",
    "errors",
    *("task_status_message", "status_msg", "failure_message", "failed_message", "failure", "failure.reason"),
    *("err", "task_result.error", "task_result", "result.error", "output.error", "output", "metadata.error"),
    *("error.description", "cause", "description"),
)
"""Where the reason of a failed task was seen, in the order of trust."""
_SAYS_NOTHING = {"", "null", "none", *STATUS_WORDS}
_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)
_SECONDS_BELOW = 1e11  # as milliseconds that is March 1973


def read_task(
    body: object, *, status_if_missing: TaskStatus | None = None, asked_id: str | None = None
) -> Task:
    """The task in a parsed success body of either shape.

    Args:
        body: the parsed JSON.
        status_if_missing: what a task without a status is taken for (a create's answer may lack it).
        asked_id: of a query; an answer without an id, but with a finished video, is that task's.

    Raises:
        UnreadableAnswer: without a task id, or without a status that can be assumed.
    """
    layers = _layers(body, asked_id)
    task_id = next((found for layer in layers if (found := _task_id(layer))), None)
    if task_id is None and status_if_missing is not None:
        task_id = _id_alone(layers)
    if task_id is None and _status(layers) in (None, TaskStatus.SUCCEED) and find_videos(layers):
        task_id = asked_id
    if task_id is None:
        raise UnreadableAnswer("The service answered without a task id.")
    status = _status(layers) or status_if_missing
    if status is None and _status_number(layers):
        status = TaskStatus.PROCESSING
    if status in (None, TaskStatus.PROCESSING) and find_videos(layers, UNMISTAKABLE_PLACES):
        status = TaskStatus.SUCCEED
    if status is None:
        raise UnreadableAnswer("The service answered without the task's status.")
    task = _task(layers, task_id, status)
    if status_if_missing is not None and status is TaskStatus.SUCCEED and not task.videos:
        return replace(task, status=status_if_missing)  # it is the create that succeeded
    if status is TaskStatus.SUCCEED and not task.videos:
        return replace(task, puzzling_answer=for_the_log(body))
    return task


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
    number = read_number(value)
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
    is_empty = data in (None, "", [], {}, [None], [{}])
    return is_empty and not any(_task_id(layer) for layer in _layers(body))


def reports_task(body: object) -> bool:
    """Whether a body tells a task and its status, whatever error stands beside it."""
    layers = _layers(body)
    words = {_normal(word) for name in STATUS_NAMES if (word := _text(layers, name))}
    return any(_task_id(layer) for layer in layers) and bool(words & STATUS_WORDS.keys())


def names_task(body: object) -> bool:
    """Whether a body has a task's id, whatever else it says."""
    return any(_task_id(layer) for layer in _layers(body))


def _layers(body: object, asked_id: str | None = None) -> list[Mapping[str, Any]]:
    """The body, its data, its data's data …, outermost first; of a list its only one, or that by the id."""
    layers: list[Mapping[str, Any]] = []
    while len(layers) <= _MAX_DEPTH:
        body = opened(body)
        if isinstance(body, list):
            ids = [_task_id(one) if isinstance(one, Mapping) else None for one in body]
            index = 0 if len(body) == 1 else ids.index(asked_id) if asked_id in ids and asked_id else None
            body = None if index is None else body[index]
        if not isinstance(body, Mapping):
            break
        layers.append(body)
        names = _INNER_NAMES if any(_task_id(layer) for layer in layers) else _OUTER_NAMES
        inner = (opened(body.get(name)) for name in names)
        body = next((one for one in inner if isinstance(one, (Mapping, list)) and one), None)
    return layers


def _id_alone(layers: list[Mapping[str, Any]]) -> str | None:
    """The id that a create's answer has for its data, in place of an object."""
    told = read_id(layers[-1].get("data")) if layers else None
    looks_so = (
        told is not None and is_queryable_id(told) and re.search(r"\d", told) and len(told) >= _SHORTEST_ID
    )
    return told if looks_so else None


def _task_id(layer: Mapping[str, Any]) -> str | None:
    """Under its own name, or as the `id` of an object with a status."""
    told = read_id(layer.get("task_id")) or (
        read_id(layer.get("id")) if any(isinstance(layer.get(name), str) for name in STATUS_NAMES) else None
    )
    # one that cannot be asked for is none: the task is looked for by the caller's own
    return told if told and is_queryable_id(told) and told.lower() not in _NO_IDS else None


def _status(layers: list[Mapping[str, Any]]) -> TaskStatus | None:
    """Kling's own final word, else the wrapper's FAILURE, else a video that is there, else Kling's word."""
    own = _status_word(layers, "task_status")
    names = (name for layer in reversed(layers) for name in ("status", "state") if _text([layer], name))
    wrapped = _status_word(layers, next(names, "status"))
    known = own if own is not None and (own.is_final or wrapped is not TaskStatus.FAILED) else wrapped
    if known is None or known.is_final:
        return known
    # the word inside a wrapper may be an old one
    places = VIDEO_PLACES if wrapped is TaskStatus.SUCCEED else UNMISTAKABLE_PLACES
    return TaskStatus.SUCCEED if find_videos(layers, places) else known


def _status_word(layers: list[Mapping[str, Any]], name: str) -> TaskStatus | None:
    word = _text(layers, name)
    if word is None:
        return None
    if _normal(word) not in STATUS_WORDS:
        _log.warning("unknown %s %.40r: the task is taken to be still running", name, word)
    return STATUS_WORDS.get(_normal(word), TaskStatus.PROCESSING)


def _unknown_word(layers: list[Mapping[str, Any]]) -> str | None:
    """The service's own word for the status, when it stands in no table."""
    words = (_text(layers, name) for name in STATUS_NAMES)
    unknown = next((word[:40] for word in words if word and _normal(word) not in STATUS_WORDS), None)
    return unknown or (None if _status(layers) else _status_number(layers))


def _status_number(layers: list[Mapping[str, Any]]) -> str | None:
    """A status that is a number, which stands in no table."""
    numbers = (layer.get(name) for layer in reversed(layers) for name in STATUS_NAMES)
    return next((str(number)[:40] for number in numbers if type(number) in (int, float)), None)


def _normal(word: str) -> str:
    """In lower case, without what separates words, and without what it is the status of."""
    plain = re.sub(r"[\W_]+", "", word).lower()
    if plain in STATUS_WORDS:
        return plain
    return re.sub(r"^(task(status)?|job|generation|video|render|任务|视频|生成|处理)(?=.)", "", plain)


def _task(layers: list[Mapping[str, Any]], task_id: str, status: TaskStatus) -> Task:
    return Task(
        task_id=task_id,
        status=status,
        status_message=_reason(layers) if status is TaskStatus.FAILED else _text(layers, "task_status_msg"),
        external_task_id=_external_id(layers),
        created_at=_first_time(layers, "created_at"),
        updated_at=_first_time(layers, "updated_at") or _first_time(layers, "completed_at"),
        videos=find_videos(layers),
        status_word=None if status.is_final else _unknown_word(layers),
        charges=read_charges(layers),
    )


def _reason(layers: list[Mapping[str, Any]]) -> str | None:
    """The first sentence that says something, innermost first."""
    for place in REASON_PLACES:
        for layer in reversed(layers):
            value = at_place(layer, place)
            reason = innermost_message(value) if isinstance(value, (str, Mapping, list)) else ""
            if _normal(reason) not in _SAYS_NOTHING and not is_address(reason):
                return reason
    return None


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
