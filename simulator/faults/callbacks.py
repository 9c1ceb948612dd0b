"""Callbacks: a POST to the task's `callback_url` on each change of its status.

Each is recorded with its task before it is sent: a restart repeats no callback, and loses at most those that
were on their way. Each is tried once. It is unsigned, and faults let it come late, more than once, or never.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlsplit

from simulator.contract.outgoing import Post
from simulator.engine.answers import task_data
from simulator.engine.request_log import Logged, RequestLog
from simulator.engine.task_store import TaskStore
from simulator.engine.tasks import Progress, SimulatedTask, history
from simulator.faults.faults import Asked, Fault, FaultKind, Faults

PERIOD_S: Final = 0.1

CallbackStrike = Callable[[Fault, float], list[float]]


def late(fault: Fault, now_s: float) -> list[float]:
    """That callback comes so many seconds later; a newer one may overtake it."""
    return [now_s + fault.seconds]


def repeated(fault: Fault, now_s: float) -> list[float]:
    """That callback comes so many times."""
    return [now_s] * fault.copies


def lost(_fault: Fault, _now_s: float) -> list[float]:
    """That callback never comes."""
    return []


CALLBACK_STRIKES: Final[Mapping[str, FaultKind[CallbackStrike]]] = {
    "late": FaultKind(strike=late, on=("callback",), fields=("seconds",), usual={"seconds": 10.0}),
    "repeated": FaultKind(strike=repeated, on=("callback",), fields=("copies",)),
    "lost": FaultKind(strike=lost, on=("callback",)),
}
"""When (Unix seconds) each copy of a callback is sent that is due now."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One POST that is to be sent at `due_s` (Unix seconds)."""

    due_s: float
    task_id: str
    url: str
    body: dict[str, Any]
    fault: str | None


class CallbackSender:
    """Sends what is due whenever `send_due` is called; one task's callbacks go one after the other."""

    def __init__(
        self,
        *,
        tasks: TaskStore,
        faults: Faults,
        log: RequestLog,
        post: Post,
        calling: Executor,
        clock: Callable[[], float],
    ) -> None:
        self._tasks = tasks
        self._faults = faults
        self._log = log
        self._post = post
        self._calling = calling
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Call] = []
        self._busy: set[str] = set()  # task ids with a callback on its way

    def send_due(self) -> None:
        """Plan a callback for every change of status since the last call, and send those that are due."""
        now_s = self._clock()
        for task in self._tasks.awaiting_callback():
            for step in history(task, now_s)[1:]:
                if self._tasks.record_callback(task.task_id, step.status):
                    self._plan(task, step, now_s)
        for calls in self._take_due(now_s):
            self._calling.submit(self._send, calls)

    def clear(self) -> None:
        """Send nothing of what waits."""
        with self._lock:
            self._waiting = []

    def _plan(self, task: SimulatedTask, step: Progress, now_s: float) -> None:
        fault = self._faults.take(Asked(on="callback", names=names_of(task)))
        times = [now_s] if fault is None else CALLBACK_STRIKES[fault.kind].strike(fault, now_s)
        body = task_data(task, step, base_url=task.base_url)
        kind = None if fault is None else fault.kind
        calls = [
            Call(due_s=due_s, task_id=task.task_id, url=str(task.callback_url), body=body, fault=kind)
            for due_s in times
        ]
        with self._lock:
            self._waiting += calls

    def _take_due(self, now_s: float) -> list[list[Call]]:
        with self._lock:
            due = [call for call in self._waiting if call.due_s <= now_s and call.task_id not in self._busy]
            self._waiting = [call for call in self._waiting if call not in due]
            self._busy |= {call.task_id for call in due}
        by_task = groupby(sorted(due, key=_task_id), key=_task_id)  # the sort keeps each task's order
        return [list(calls) for _, calls in by_task]

    def _send(self, calls: list[Call]) -> None:
        try:
            for call in calls:
                self._send_one(call)
        finally:
            with self._lock:
                self._busy.discard(calls[0].task_id)

    def _send_one(self, call: Call) -> None:
        at_s, status = self._clock(), self._post(call.url, call.body)
        place = urlsplit(call.url)._replace(query="", fragment="").geturl()
        self._log.add(
            Logged(
                at_s=at_s, method="CALLBACK", path=place, status=status, fault=call.fault, task=call.task_id
            )
        )


def names_of(task: SimulatedTask) -> frozenset[str]:
    """The ids by which a fault may mean this task."""
    return frozenset(name for name in (task.task_id, task.external_task_id) if name)


def _task_id(call: Call) -> str:
    return call.task_id
