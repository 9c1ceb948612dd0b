"""A service in memory that fails in every way of reliability.md's table, and keeps a ledger.

It speaks HTTP without a socket, and the real client reads its answers: a web page, an older wrapper, an
id-less 200, and every shape that users of relays report (`dialect`, `failures`).
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin

import requests

from kling import KlingClient, TaskStatus
from kling.client import PATH
from kling.read_answer import read_body
from kling.transport import Answer
from tests.faults.dialect import REASON, UNKNOWN_WORDS, documented, told, told_missing
from tests.faults.failures import (
    FAILED_LOOKS,
    HTML,
    KEY_STOPPED,
    NOT_MADE,
    NOT_MADE_IN_OTHER_SHAPES,
    REDIRECTS,
    REPETITIONS,
    UNCLEAR,
    Failure,
    answer,
    refusal,
)
from tests.support.services import Clock

LONGEST_BODY_S, LONGEST_ANSWER_S = 60.0, 240.0
STUCK_S = (3.5 * 3600.0, 5 * 3600.0)
"""How long a stuck task is at work, or unreadable, at least and at most."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How one world behaves for as long as it lasts; chances are from 0 to 1."""

    refuses_duplicates: bool
    finds_external_ids: bool
    has_list: bool
    # seconds from a create to when every look sees it
    longest_lag_s: float
    # the same, at least, for a task whose create was not answered; 0: no longer than for others
    lag_after_failure_s: float = 0.0
    # looks that see a task before its lag is over
    early: float = 0.2
    clear_failures: float
    unclear_failures: float
    # unclear failures that are a redirect
    redirects: float = 0.0
    failed_looks: float
    slow_creates: float
    # answers in shapes that stand in no documentation
    odd: float
    # tasks that come to no end for hours
    stuck: float = 0.0
    # how many tasks of the key may be at the service at a time
    slots: int
    # processes that die at a step, and that stand still with a create in hand
    deadliness: float
    freezes: float


class Theme(StrEnum):
    """What a world is bent towards."""

    ANY = "any"
    """Nothing: every manner."""
    REDIRECTS = "redirects"
    """Creates that are answered by a redirect."""
    STANDS_STILL = "stands still"
    """Processes that stand still with a create in hand, until another has sent it again."""
    LATE = "late"
    """Tasks that show up long after their unanswered create, and are refused as repeated until then."""
    STUCK = "stuck"
    """Tasks that come to no end for hours, in few slots."""


THEMES: Mapping[Theme, Mapping[str, Any]] = {
    Theme.ANY: {},
    Theme.REDIRECTS: {"redirects": 0.8, "unclear_failures": 0.5, "refuses_duplicates": False},
    Theme.STANDS_STILL: {
        "finds_external_ids": True,
        "refuses_duplicates": False,
        "longest_lag_s": 0.0,
        "clear_failures": 0.1,
        "unclear_failures": 0.1,
        "failed_looks": 0.05,
        "freezes": 0.5,
        "slots": 5,
    },
    Theme.LATE: {
        "finds_external_ids": True,
        "refuses_duplicates": True,
        "longest_lag_s": 0.0,
        "lag_after_failure_s": 2000.0,
        "early": 0.0,
        "unclear_failures": 0.5,
    },
    Theme.STUCK: {"stuck": 0.4, "slots": 2, "deadliness": 0.0},
}
"""What each does to a manner."""


def draw_manner(rng: random.Random, theme: Theme) -> Manner:
    """Any, but for the theme; many keep no promise at all."""
    drawn: dict[str, Any] = {
        "refuses_duplicates": rng.random() < 0.3,
        "finds_external_ids": rng.random() < 0.7,
        "has_list": rng.random() < 0.4,
        "longest_lag_s": rng.choice((0.0, 0.0, 5.0, 60.0, 300.0, 590.0, 3000.0)),
        "clear_failures": rng.uniform(0, 0.5),
        "unclear_failures": rng.uniform(0, 0.6),
        "failed_looks": rng.uniform(0, 0.3),
        "slow_creates": rng.choice((0.0, 0.1)),
        "odd": rng.choice((0.0, 0.3, 0.9)),
        "slots": rng.choice((2, 3, 5)),
        "deadliness": rng.choice((0.0, 0.05, 0.2)),
        "freezes": rng.choice((0.0, 0.3)),
    }
    return Manner(**{**drawn, **THEMES[theme]})


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A task that the far end made, and asks money for."""

    task_id: str
    # some answers call it by this one
    other_id: str
    external_task_id: str
    made_at: datetime
    ends_at: datetime
    visible_at: datetime
    # until then nothing that is answered about it can be read
    readable_at: datetime
    succeeds: bool
    # in the place of its status while it is at work
    word: str | None = None

    @property
    def ids(self) -> frozenset[str]:
        """The service's own."""
        return frozenset({self.task_id, self.other_id})

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

    def serves(self, external_task_id: str, url: str) -> bool:
        """Whether a video of that submission is at an address."""
        return any(
            url.startswith(f"{self.base_url}/") and paid.task_id in url
            for paid in self.made(external_task_id)
        )

    def exchange(self, call: requests.Request) -> Answer:
        """The answer to one HTTP request.

        Raises:
            KlingError: the connection broke.
        """
        if not call.url.startswith(self.base_url + PATH):
            return answer(200, HTML)
        if call.method == "POST":
            return self._create(json.loads(call.data.getvalue())["external_task_id"])
        name = call.url.removeprefix(self.base_url + PATH).strip("/")
        return self._query(name) if name else self._list(call.params)

    def _create(self, external_task_id: str) -> Answer:
        slow = self.rng.random() < self.manner.slow_creates
        self.let_pass(self.rng.uniform(0, LONGEST_BODY_S) if slow else 0.0)
        failure, makes_task = self._fate_of_create()
        if failure is not None and not makes_task:
            return _fail(failure)
        if self.made(external_task_id) and self.manner.refuses_duplicates:
            return _fail(self.rng.choice(REPETITIONS))
        paid = self._make(external_task_id, is_answered=failure is None)
        self.let_pass(self.rng.uniform(0, LONGEST_ANSWER_S) if slow else 0.0)
        return self._told(paid, odd=0.0) if failure is None else _fail(failure)

    def _query(self, name: str) -> Answer:
        if self._fails_to_look():
            return _fail(self.rng.choice(FAILED_LOOKS))
        found = next((paid for paid in self.ledger if self._shows(paid, name)), None)
        if found is None:
            return told_missing(self.rng, odd=self.manner.odd)
        if self.clock() < found.readable_at:
            return _fail(self.rng.choice(FAILED_LOOKS))
        return self._told(found, odd=self.manner.odd)

    def _list(self, params: Mapping[str, str]) -> Answer:
        if self._fails_to_look():
            return _fail(self.rng.choice(FAILED_LOOKS))
        if not self.manner.has_list:
            return self.rng.choice((refusal(404, 1202, "wrong method"), answer(404, HTML)))
        page, size = (int(params.get(name, usual)) for name, usual in (("pageNum", 1), ("pageSize", 30)))
        visible = [paid for paid in reversed(self.ledger) if self._is_visible(paid)]
        shown = [self._task(paid) for paid in visible[(page - 1) * size : page * size]]
        return answer(200, {"code": 0, "message": "SUCCEED", "data": shown})

    def _fate_of_create(self) -> tuple[Failure | None, bool]:
        """How a create fails, None: it does not; and whether a task is made all the same."""
        chance = self.rng.random()
        if chance < self.manner.clear_failures:
            return self.rng.choice(KEY_STOPPED if self.rng.random() < 0.01 else self._refusals()), False
        if self.rng.random() < self.manner.unclear_failures:
            is_redirect = self.rng.random() < self.manner.redirects
            return self.rng.choice(REDIRECTS if is_redirect else UNCLEAR), self.rng.random() < 0.5
        return None, True

    def _refusals(self) -> tuple[Failure, ...]:
        return NOT_MADE_IN_OTHER_SHAPES if self.rng.random() < self.manner.odd / 2 else NOT_MADE

    def _make(self, external_task_id: str, *, is_answered: bool) -> Paid:
        now, lag_s = self.clock(), self.rng.uniform(0, self.manner.longest_lag_s)
        lag_s += 0.0 if is_answered else self.manner.lag_after_failure_s
        is_stuck = self.rng.random() < self.manner.stuck
        stuck_s = self.rng.uniform(*STUCK_S) if is_stuck else 0.0
        is_readable = not is_stuck or self.rng.random() < 0.7
        paid = Paid(
            task_id=f"{self.rng.getrandbits(60)}",
            other_id=f"8{self.rng.getrandbits(60):018}",
            external_task_id=external_task_id,
            made_at=now,
            ends_at=now + timedelta(seconds=stuck_s or self.rng.choice((4, 20, 20, 40, 240))),
            visible_at=now + timedelta(seconds=lag_s),
            readable_at=now if is_readable else now + timedelta(seconds=stuck_s),
            succeeds=self.rng.random() < 0.9,
            word=self.rng.choice((None, *UNKNOWN_WORDS)) if is_stuck else None,
        )
        self.ledger.append(paid)
        return paid

    def _shows(self, paid: Paid, name: str) -> bool:
        by_external_id = self.manner.finds_external_ids and name == paid.external_task_id
        return (name in paid.ids or by_external_id) and self._is_visible(paid)

    def _is_visible(self, paid: Paid) -> bool:
        """For sure after its lag; before, one of the replicas may have it."""
        return self.clock() >= paid.visible_at or self.rng.random() < self.manner.early

    def _fails_to_look(self) -> bool:
        return self.rng.random() < self.manner.failed_looks

    def _told(self, paid: Paid, *, odd: float) -> Answer:
        task = self._task(paid)
        if paid.word and not paid.status(self.clock()).is_final:
            return documented({**task, "task_status": paid.word})
        return told(task, self.base_url, paid.other_id, self.rng, odd=odd)

    def _task(self, paid: Paid) -> Mapping[str, Any]:
        """As documented."""
        status = paid.status(self.clock())
        at_ms = int(paid.made_at.timestamp() * 1000)
        task: dict[str, Any] = {
            "task_id": paid.task_id,
            "task_status": status,
            "created_at": at_ms,
            "updated_at": at_ms,
            "task_result": {},
        }
        if self.manner.has_list:
            task["task_info"] = {"external_task_id": paid.external_task_id}
        if status is TaskStatus.SUCCEED:
            url = f"{self.base_url}/{paid.task_id}.mp4?sign=1"
            task["task_result"] = {"videos": [{"id": "v", "url": url, "duration": "5.1"}]}
        elif status is TaskStatus.FAILED:
            task["task_status_msg"] = REASON
        return task


class FarClient(KlingClient):
    """The real client, with a far side in memory behind it."""

    def __init__(self, far_side: FarSide) -> None:
        super().__init__(far_side.base_url, "sk-for-tests")
        self.far_side = far_side

    def _body(self, session: requests.Session, call: requests.Request, *, is_query: bool = False) -> object:  # noqa: ARG002
        """As the real one, but for the socket."""
        return read_body(self.exchange(call), now=self.far_side.clock(), is_query=is_query)

    def exchange(self, call: requests.Request) -> Answer:
        """The answer to one call; redirects are handed back."""
        return self.far_side.exchange(call)


class FollowingClient(FarClient):
    """Follows redirects, as HTTP libraries do unless told not to: a POST is sent again, or becomes a GET."""

    def exchange(self, call: requests.Request) -> Answer:
        answered = super().exchange(call)
        while "Location" in answered.headers:
            method = call.method if answered.http_status in (307, 308) else "GET"
            url = urljoin(call.url, answered.headers["Location"])
            call = requests.Request(method, url, data=call.data)
            answered = super().exchange(call)
        return answered


def _fail(failure: Failure) -> Answer:
    """It as an answer, or raised: the connection broke."""
    if isinstance(failure, Answer):
        return failure
    raise failure("as drawn")
