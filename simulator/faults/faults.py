"""Faults that wait for their requests: which, how, how often. `strikes` has the effect of each kind."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypeVar

from simulator.contract.refusals import Envelope
from simulator.engine.tasks import Status
from simulator.faults.shapes import Shape

On = Literal["create", "query", "list", "video", "models", "callback"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault that waits for its requests. A kind uses only some of the fields from `seconds` on.

    Attributes:
        on: which requests.
        kind: a name in `strikes.STRIKES` or, for callbacks, in `callbacks.CALLBACK_STRIKES`.
        times: how often it still strikes; None until it is taken away.
        task: strikes only for the task with this task id or external task id; None for all.
        seconds: 0 to 3600.
        status: HTTP status, 200 or 400 to 599.
        code: the service's code; None for the usual one of the status, which only Kling's envelope has.
        envelope: the shape of the error body.
        message: words of the error, or why the task failed; "" for the usual ones.
        retry_after_s: whole seconds in `Retry-After`; None for no such header.
        accepted: whether the request is acted on before it is answered so.
        copies: 2 to 20.
        shape: a row of its kind's table in `shapes`.
        word: in the place of a task's status.
        model: strikes only creates for the model of this name; None for all.
        megabytes: 1 to 1000.
        when: strikes only while the task has one of these statuses; empty for any. It follows from the kind.
    """

    on: On
    kind: str
    fault_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    times: int | None = 1
    task: str | None = None
    seconds: float = 5.0
    status: int = 503
    code: int | str | None = None
    envelope: Envelope = "kling"
    message: str = ""
    retry_after_s: int | None = None
    accepted: bool = False
    copies: int = 2
    shape: str = ""
    word: str = "completed"
    model: str | None = None
    megabytes: int = 200
    when: frozenset[Status] = frozenset()

    def fits(self, asked: "Asked") -> bool:
        """Whether it strikes this request."""
        return (
            self.on == asked.on
            and (self.task is None or self.task in asked.names)
            and (self.model is None or self.model == asked.model)
            and (not self.when or asked.status in self.when)
        )

    @property
    def is_picky(self) -> bool:
        """Whether more than the kind of a request has to be known to tell whether it fits."""
        return self.task is not None or self.model is not None or bool(self.when)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The properties of a request by which faults are chosen, as far as they are known.

    Attributes:
        names: the ids of the task that it is about.
        status: of that task.
        model: the name of the model, of a create.
    """

    on: On
    names: frozenset[str] = frozenset()
    status: Status | None = None
    model: str | None = None


StrikeT = TypeVar("StrikeT")


@dataclass(frozen=True, kw_only=True)
class FaultKind(Generic[StrikeT]):
    """A row in a table of kinds.

    Attributes:
        strike: its effect; the docstring is shown to people.
        on: the requests that it can strike.
        fields: the fields of `Fault` that it uses.
        usual: values of these fields that differ from `Fault`'s own.
        shapes: the rows that its field `shape` may name.
        when: the statuses of a task at which it strikes, unless its shape has its own; empty for any.
    """

    strike: StrikeT
    on: tuple[On, ...]
    fields: tuple[str, ...] = ()
    usual: Mapping[str, float] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    when: frozenset[Status] = frozenset()


class Faults:
    """The faults that wait, oldest first; safe to use from several threads."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let it wait behind the others."""
        with self._lock:
            self._waiting.append(fault)

    def all(self) -> list[Fault]:
        """Those that still wait."""
        with self._lock:
            return list(self._waiting)

    def remove(self, fault_id: str) -> bool:
        """Take one away; False when it is not there (any more)."""
        with self._lock:
            left = [fault for fault in self._waiting if fault.fault_id != fault_id]
            found, self._waiting = len(left) < len(self._waiting), left
            return found

    def clear(self) -> None:
        """Take all away."""
        with self._lock:
            self._waiting = []

    def are_picky(self, on: On) -> bool:
        """Whether some fault on these requests has to know more of them than that."""
        return any(fault.on == on and fault.is_picky for fault in self.all())

    def take(self, asked: Asked) -> Fault | None:
        """The first fault that fits, used once; None when the request goes well."""
        with self._lock:
            place = next((at for at, fault in enumerate(self._waiting) if fault.fits(asked)), None)
            if place is None:
                return None
            fault = self._waiting[place]
            if fault.times is not None:
                self._waiting[place : place + 1] = _once_less(fault, fault.times)
            return fault


def _once_less(fault: Fault, times: int) -> list[Fault]:
    return [replace(fault, times=times - 1)] if times > 1 else []
