"""A service in memory that fails in every way of reliability.md's table, and keeps a ledger.

Its answers are read by the real client's own functions: a web page, an older wrapper, an id-less 200.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kling import (
    ConnectionLost,
    ConnectTimeout,
    HandshakeFailed,
    ImageToVideoRequest,
    KlingError,
    NameNotResolved,
    ReadTimeout,
    Task,
    TaskStatus,
    Unreachable,
)
from kling.read_answer import read_body
from kling.task_json import read_task, read_tasks
from kling.transport import Answer
from tests.support.services import Clock

LONGEST_BODY_S, LONGEST_ANSWER_S = 60.0, 240.0
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
KEY_STOPPED: tuple[Failure, ...] = (
    refusal(429, 1100, "account exception"),
    refusal(429, 1102, "resource pack exhausted"),
    answer(403, {"code": None, "message": "user quota is not enough"}),
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
    answer(301, HTML, Location="https://elsewhere.test"),
    answer(200, {"code": 0, "message": "SUCCEED", "data": {}}),
    answer(200, b"not a page and no JSON", **{"Content-Type": "text/plain"}),
    answer(418, {"status": "teapot"}),
)
"""Each of them comes with a task made, and without one."""
FAILED_LOOKS: tuple[Failure, ...] = (*UNCLEAR, NameNotResolved, Unreachable, *BUSY)
NOT_FOUND = refusal(404, 1203, "task not found")
DUPLICATE = refusal(400, 1201, "external_task_id already exists")


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How one far end behaves for as long as it lives; chances are from 0 to 1."""

    refuses_duplicates: bool
    finds_external_ids: bool
    has_list: bool
    # seconds from a create to when every look sees it
    longest_lag_s: float
    clear_failures: float
    unclear_failures: float
    failed_looks: float
    slow_creates: float


def draw_manner(rng: random.Random) -> Manner:
    """Any of them; many keep no promise at all."""
    return Manner(
        refuses_duplicates=rng.random() < 0.3,
        finds_external_ids=rng.random() < 0.7,
        has_list=rng.random() < 0.4,
        longest_lag_s=rng.choice((0.0, 0.0, 5.0, 60.0, 300.0, 590.0, 3000.0)),
        clear_failures=rng.uniform(0, 0.5),
        unclear_failures=rng.uniform(0, 0.6),
        failed_looks=rng.uniform(0, 0.3),
        slow_creates=rng.choice((0.0, 0.1)),
    )


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A task that the far end made, and asks money for."""

    task_id: str
    external_task_id: str
    made_at: datetime
    ends_at: datetime
    visible_at: datetime
    succeeds: bool

    def status(self, now: datetime) -> TaskStatus:
        """How it stands then."""
        if now < self.ends_at:
            begun = now > self.made_at + timedelta(seconds=3)
            return TaskStatus.PROCESSING if begun else TaskStatus.SUBMITTED
        return TaskStatus.SUCCEED if self.succeeds else TaskStatus.FAILED


@dataclass
class FarSide:
    """One service; `ledger` is what it will ask money for, in order."""

    base_url: str
    manner: Manner
    clock: Clock
    rng: random.Random
    # lets so many seconds pass while a create is on its way: whatever is due elsewhere happens meanwhile
    let_pass: Callable[[float], None] = lambda _: None
    ledger: list[Paid] = field(default_factory=list)

    def made(self, external_task_id: str) -> list[Paid]:
        """What was made for one submission: more than one is paid twice."""
        return [paid for paid in self.ledger if paid.external_task_id == external_task_id]

    def create(self, request: ImageToVideoRequest) -> Task:
        slow = self.rng.random() < self.manner.slow_creates
        self.let_pass(self.rng.uniform(0, LONGEST_BODY_S) if slow else 0.0)
        failure, makes_task = self._fate_of_create()
        if failure is not None and not makes_task:
            raise self._error(failure)
        external_task_id = request.external_task_id or ""
        if self.made(external_task_id) and self.manner.refuses_duplicates:
            raise self._error(DUPLICATE)
        paid = self._make(external_task_id)
        self.let_pass(self.rng.uniform(0, LONGEST_ANSWER_S) if slow else 0.0)
        if failure is not None:
            raise self._error(failure)
        return read_task(self._read(self._told(paid)), status_if_missing=TaskStatus.SUBMITTED)

    def get(self, task_id_or_external_id: str) -> Task:
        self._perhaps_fail()
        found = next((paid for paid in self.ledger if self._shows(paid, task_id_or_external_id)), None)
        if found is None:
            raise self._error(NOT_FOUND)
        return read_task(self._read(self._told(found)))

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        self._perhaps_fail()
        if not self.manner.has_list:
            raise self._error(self.rng.choice((refusal(404, 1202, "wrong method"), answer(404, HTML))))
        visible = [paid for paid in reversed(self.ledger) if self._is_visible(paid)]
        shown = [self._flat(paid) for paid in visible[(page - 1) * size : page * size]]
        return read_tasks(self._read(answer(200, {"code": 0, "message": "SUCCEED", "data": shown})))

    def _fate_of_create(self) -> tuple[Failure | None, bool]:
        """How a create fails, None: it does not; and whether a task is made all the same."""
        chance = self.rng.random()
        if chance < self.manner.clear_failures:
            return self.rng.choice(KEY_STOPPED if self.rng.random() < 0.01 else NOT_MADE), False
        if self.rng.random() < self.manner.unclear_failures:
            return self.rng.choice(UNCLEAR), self.rng.random() < 0.5
        return None, True

    def _make(self, external_task_id: str) -> Paid:
        now, lag_s = self.clock(), self.rng.uniform(0, self.manner.longest_lag_s)
        paid = Paid(
            task_id=f"{self.rng.getrandbits(60)}",
            external_task_id=external_task_id,
            made_at=now,
            ends_at=now + timedelta(seconds=self.rng.choice((4, 20, 20, 40, 240))),
            visible_at=now + timedelta(seconds=lag_s),
            succeeds=self.rng.random() < 0.9,
        )
        self.ledger.append(paid)
        return paid

    def _shows(self, paid: Paid, name: str) -> bool:
        by_own_id = name == paid.task_id
        by_external_id = self.manner.finds_external_ids and name == paid.external_task_id
        return (by_own_id or by_external_id) and self._is_visible(paid)

    def _is_visible(self, paid: Paid) -> bool:
        """For sure after its lag; before, one of the replicas may have it."""
        return self.clock() >= paid.visible_at or self.rng.random() < 0.2

    def _told(self, paid: Paid) -> Answer:
        """In the shape of today or of the older wrapper."""
        flat = self._flat(paid)
        if self.rng.random() < 0.8:
            return answer(200, {"code": 0, "message": "SUCCEED", "data": flat})
        words = {TaskStatus.SUCCEED: "SUCCESS", TaskStatus.FAILED: "FAILURE"}
        word = words.get(paid.status(self.clock()), "IN_PROGRESS")
        wrapped = {"task_id": paid.task_id, "status": word, "progress": "50%", "data": {"data": flat}}
        return answer(200, {"code": "success", "message": "", "data": wrapped})

    def _flat(self, paid: Paid) -> Mapping[str, Any]:
        status = paid.status(self.clock())
        flat: dict[str, Any] = {"task_id": paid.task_id, "task_status": status, "task_result": {}}
        if self.manner.has_list:
            flat["task_info"] = {"external_task_id": paid.external_task_id}
        if status is TaskStatus.SUCCEED:
            url = f"{self.base_url}/{paid.task_id}.mp4?sign=1"
            flat["task_result"] = {"videos": [{"id": "v", "url": url, "duration": "5.1"}]}
        if status is TaskStatus.FAILED:
            flat["task_status_msg"] = "Failure to pass the risk control system"
        return flat

    def _perhaps_fail(self) -> None:
        if self.rng.random() < self.manner.failed_looks:
            raise self._error(self.rng.choice(FAILED_LOOKS))

    def _error(self, failure: Failure) -> KlingError:
        return error_of(failure, self.clock())

    def _read(self, answered: Answer) -> object:
        return read_body(answered, now=self.clock())
