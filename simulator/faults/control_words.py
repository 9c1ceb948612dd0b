"""The JSON of the control prefix, read and checked."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final, get_args

from simulator.contract.refusals import FaultEnvelope
from simulator.engine.pace import Progression, ProgressionKind
from simulator.engine.request_log import MAX_KEPT
from simulator.faults.callbacks import CALLBACK_STRIKES
from simulator.faults.faults import Fault, FaultKind
from simulator.faults.strikes import STRIKES

Json = dict[str, Any]


class BadControl(Exception):
    """A control call that makes no sense; the text says why."""

    def __init__(self, message: str, *, http_status: int = 400) -> None:
        super().__init__(message)
        self.http_status = http_status


def _number(low: float, high: float) -> Callable[[object], bool]:
    return lambda value: type(value) in {int, float} and low <= value <= high  # type: ignore[operator]


def _whole(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _one_of(*values: object) -> Callable[[object], bool]:
    return lambda value: value in values


def _text(longest: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _or_none(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or check(value)


Row = tuple[Callable[[object], bool], str]  # what is accepted, and in words

_TIMES: Final[Row] = (_or_none(_whole(1, 1_000_000)), "a whole number from 1, or null")
_TASK: Final[Row] = (_or_none(_text(200)), "a task id, an external task id or null")
_SECONDS: Final[Row] = (_number(0, 3600), "a number from 0 to 3600")

FAULT_FIELDS: Final[Mapping[str, Row]] = {
    "times": _TIMES,
    "task": _TASK,
    "seconds": _SECONDS,
    "status": (lambda value: value == 200 or _whole(400, 599)(value), "200, or from 400 to 599"),
    "code": (_or_none(lambda value: _text(60)(value) or _whole(-9999, 9999)(value)), "a number or a text"),
    "envelope": (_one_of(*get_args(FaultEnvelope)), f"one of {', '.join(get_args(FaultEnvelope))}"),
    "message": (_text(500), "a text of at most 500 characters"),
    "retry_after_s": (_or_none(_whole(0, 86_400)), "whole seconds up to 86400, or null"),
    "accepted": (lambda value: type(value) is bool, "true or false"),
    "copies": (_whole(2, 20), "a whole number from 2 to 20"),
}
PROGRESSION_FIELDS: Final[Mapping[str, Row]] = {
    "kind": (_one_of(*get_args(ProgressionKind)), f"one of {', '.join(get_args(ProgressionKind))}"),
    "polls": (_whole(1, 10_000), "a whole number from 1"),
    "submitted_s": _SECONDS,
    "processing_s": _SECONDS,
    "task": _TASK,
}
_ALL_KINDS: Final[Mapping[str, FaultKind[Any]]] = {**STRIKES, **CALLBACK_STRIKES}

KINDS: Final = [
    {"kind": name, "on": kind.on, "fields": kind.fields, "says": kind.strike.__doc__}
    for name, kind in _ALL_KINDS.items()
]
"""Every kind of fault: its name, the requests that it can strike, its fields, and a sentence on it."""


def read_fault(body: Json) -> Fault:
    """The fault in a body.

    Raises:
        BadControl: names the first field that is wrong.
    """
    name, on = body.get("kind"), body.get("on")
    kind = _ALL_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadControl(f"kind must be one of {', '.join(_ALL_KINDS)}.")
    if on not in kind.on:
        raise BadControl(f"on must be one of {', '.join(kind.on)} for {name}.")
    given = {field: value for field, value in body.items() if field not in {"kind", "on"}}
    _check(given, {field: FAULT_FIELDS[field] for field in ("times", "task", *kind.fields)})
    return Fault(**{"kind": name, "on": on, **kind.usual, **given})


def fault_json(fault: Fault) -> Json:
    """A fault with the fields that its kind uses."""
    every = asdict(fault)
    names = ("fault_id", "on", "kind", "times", "task", *_ALL_KINDS[fault.kind].fields)
    return {name: every[name] for name in names}


def read_progression(body: Json, now: Progression) -> tuple[Progression, str | None]:
    """The progression in a body, with what it leaves open as it is `now`, and the task that is meant.

    Raises:
        BadControl: names the first field that is wrong.
    """
    _check(body, PROGRESSION_FIELDS)
    if "kind" not in body:
        raise BadControl(f"kind must be {PROGRESSION_FIELDS['kind'][1]}.")
    changes = {name: value for name, value in body.items() if name != "task"}
    return replace(now, **changes), body.get("task")


def read_seed(body: Json) -> int | None:
    """The seed in a body.

    Raises:
        BadControl: it is missing or no whole number.
    """
    if "seed" not in body:
        raise BadControl("seed is missing.")
    _check(body, {"seed": (_or_none(_whole(0, 2**63)), "a whole number from 0, or null")})
    seed: int | None = body["seed"]
    return seed


def limit_of(value: str) -> int:
    """How many log entries are asked for.

    Raises:
        BadControl: not a whole number from 1 to 1000.
    """
    if not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MAX_KEPT):
        raise BadControl(f"limit must be a whole number from 1 to {MAX_KEPT}.")
    return int(value)


def _check(given: Json, rows: Mapping[str, Row]) -> None:
    for name, value in given.items():
        if name not in rows:
            raise BadControl(f"{name} does not belong here; {', '.join(rows)} do.")
        accepts, words = rows[name]
        if not accepts(value):
            raise BadControl(f"{name} must be {words}.")
