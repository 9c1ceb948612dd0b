"""A client of the simulator's control routes: how long tasks take, and which faults are armed.

The faults that a person can choose have plain words here; docs/simulator.md says what each kind does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import requests

from studio.errors import StudioError
from studio.service.endpoint import ServiceEndpoint

TIMEOUT_S = 5.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ControlProblem(StudioError):
    """The simulator could not be controlled."""


class SimulatorPace(Enum):
    """How long a simulated task takes; the value is the simulator's name for it."""

    QUICK = "seconds"
    REALISTIC = "realistic"

    @property
    def label(self) -> str:
        """In plain words."""
        return {SimulatorPace.QUICK: "Quick", SimulatorPace.REALISTIC: "Realistic: 2 to 5 minutes"}[self]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A fault that strikes once, as a person chooses it.

    Attributes:
        label: the fault, as a person would say it.
        outcome: its visible effect.
        fault: the simulator's words for it.
    """

    label: str
    outcome: str
    fault: Mapping[str, Any]


FAILURES = (
    Failure(
        label="The service refuses",
        outcome="The next task is refused for lack of credit. Nothing is made, and the app says what to do.",
        fault={
            "on": "create",
            "kind": "http",
            "status": 403,
            "envelope": "flat",
            "message": "user quota is not enough",
        },
    ),
    Failure(
        label="The answer is lost after accepting",
        outcome="The next task is made, but nobody is told. It is looked up and never sent twice.",
        fault={"on": "create", "kind": "drop_after_accepting"},
    ),
    Failure(
        label="Too many tasks at once",
        outcome="The next task finds no free place, as when too many run in parallel.",
        fault={
            "on": "create",
            "kind": "http",
            "status": 429,
            "code": 1303,
            "message": "parallel task over resource pack limit",
            "retry_after_s": 5,
        },
    ),
    Failure(
        label="The video's link has expired",
        outcome="The next download is answered 403. A fresh link is asked for.",
        fault={"on": "video", "kind": "expired_url"},
    ),
    Failure(
        label="The task fails by policy",
        outcome="The next task is accepted and ends as failed, with the service's reason.",
        fault={"on": "create", "kind": "fail_task", "message": "Failure to pass the risk control system"},
    ),
    Failure(
        label="The download is slow",
        outcome="The next video comes in drops, for 20 seconds.",
        fault={"on": "video", "kind": "slow_download", "seconds": 20},
    ),
    Failure(
        label="The model is gone",
        outcome="The next task is refused: its model is not served. Nothing is made.",
        fault={"on": "create", "kind": "create_shape", "shape": "model_not_found"},
    ),
)
_DONE = "Once the next task is done. The word means the same."
_UNKNOWN = "Once the next task is over. It is in no table."
_LISTED = "When the list of models is next asked for. Nothing but a caption may change."
MORE_FAILURES = (
    Failure(
        label='A look at a task: its status is "completed"',
        outcome=_DONE,
        fault={"on": "query", "kind": "status_word", "word": "completed"},
    ),
    Failure(
        label='A look at a task: its status is "archived"',
        outcome=_UNKNOWN,
        fault={"on": "query", "kind": "status_word", "word": "archived"},
    ),
    Failure(
        label="The list of models: it is away",
        outcome=_LISTED,
        fault={"on": "models", "kind": "http", "status": 404},
    ),
    Failure(
        label="The list of models: it is slow",
        outcome=_LISTED,
        fault={"on": "models", "kind": "delay", "seconds": 30},
    ),
    Failure(
        label="The list of models: it is cut off",
        outcome=_LISTED,
        fault={"on": "models", "kind": "truncated_json"},
    ),
    Failure(
        label="The list of models: it is a web page", outcome=_LISTED, fault={"on": "models", "kind": "html"}
    ),
    Failure(
        label="The list of models: it has 200 MB",
        outcome=_LISTED,
        fault={"on": "models", "kind": "huge", "megabytes": 200},
    ),
)
"""Failures for people who know the service's answers; the simulator adds those that it tells of itself."""
_REQUESTS = {"create": "A new task", "query": "A look at a task", "video": "A download"}
_SOURCES = {
    "CometAPI": "Such an answer was seen at CometAPI.",
    "reported": "Users of other relays report such answers; none was seen at CometAPI.",
    "guess": "Of the same kind as reported answers; a guess.",
}


@dataclass(frozen=True, kw_only=True)
class ArmedFault:
    """A fault that has not struck yet."""

    fault_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class SimulatorState:
    """The settings of a simulator.

    Attributes:
        pace: None when it is one that is not offered here.
        quick_s: seconds that a quick task takes.
        more_failures: those that it can show beside `FAILURES`.
        armed_faults: those that have not struck yet, oldest first.
    """

    pace: SimulatorPace | None
    quick_s: float
    more_failures: tuple[Failure, ...] = MORE_FAILURES
    armed_faults: tuple[ArmedFault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SimulatorControl:
    """Calls the control routes that a simulator has beside the API's own."""

    base_url: str
    api_key: str = field(repr=False)

    def read_state(self) -> SimulatorState | None:
        """Its settings; None when this is no simulator, or one that may not be controlled from here.

        Raises:
            ControlProblem: it does not answer.
        """
        answer = _json_object(self._call("GET", ""))
        return _state(answer) if "progression" in answer else None

    def set_pace(self, pace: SimulatorPace) -> None:
        """Set the pace of the tasks that are made from now on.

        Raises:
            ControlProblem: it does not answer, or refuses.
        """
        self._send("PUT", "/progression", json.dumps({"kind": pace.value}))

    def list_models(self, rows: str | None) -> None:
        """Set the rows that the catalogue of models has; None for the simulator's own.

        Args:
            rows: a JSON list of at most 1000 rows of any kind, also with NaN.

        Raises:
            ControlProblem: it is no such list; or as above.
        """
        if rows is not None and not _is_json_list(rows):
            raise ControlProblem(
                "The list of models stays as it is.", "What was typed is no JSON list.", "It begins with [."
            )
        self._send("PUT", "/catalogue", f'{{"rows": {rows or "null"}}}')

    def arm(self, failure: Failure) -> None:
        """Arm a fault: it strikes the next request that it is about, once.

        Raises:
            ControlProblem: as above.
        """
        self._send("POST", "/faults", json.dumps({**failure.fault, "times": 1}))

    def disarm(self, fault_id: str | None = None) -> None:
        """Remove one fault, or all of them; one that has struck meanwhile is gone already.

        Raises:
            ControlProblem: as above.
        """
        path = "/faults" if fault_id is None else f"/faults/{fault_id}"
        answer = self._call("DELETE", path)
        if not answer.ok and answer.status_code != requests.codes.not_found:
            raise _problem(f"It answered {answer.status_code}.")

    def _send(self, method: str, path: str, body: str) -> None:
        answer = self._call(method, path, body)
        if not answer.ok:
            raise _problem(f"It answered {answer.status_code}.")

    def _call(self, method: str, path: str, body: str | None = None) -> requests.Response:
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy leads to this machine, and no ~/.netrc knows its key
                return session.request(
                    method,
                    f"{self.base_url}/_control{path}",
                    data=body and body.encode(),
                    headers={"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
                    timeout=TIMEOUT_S,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise _problem("It does not answer.") from error


def control_of(endpoint: ServiceEndpoint) -> SimulatorControl | None:
    """The control of a possible simulator: ours, or a service on this machine. CometAPI is never asked."""
    if endpoint.simulated or urlsplit(endpoint.base_url).hostname in LOOPBACK:
        return SimulatorControl(base_url=endpoint.base_url, api_key=endpoint.api_key)
    return None


def _state(answer: Mapping[str, Any]) -> SimulatorState:
    progression = answer["progression"]
    known = {pace.value: pace for pace in SimulatorPace}
    more = (*MORE_FAILURES, *_shapes(answer.get("kinds", ())))
    return SimulatorState(
        pace=known.get(progression["kind"]),
        quick_s=progression["submitted_s"] + progression["processing_s"],
        more_failures=more,
        armed_faults=tuple(
            ArmedFault(fault_id=fault["fault_id"], label=_label(fault, more)) for fault in answer["faults"]
        ),
    )


def _shapes(kinds: Iterable[Mapping[str, Any]]) -> Iterator[Failure]:
    """The shapes of answers that a simulator tells of itself, but for those in `FAILURES`."""
    offered = [failure.fault for failure in FAILURES]
    for kind in kinds:
        for name, shape in kind.get("shapes", {}).items():
            (on,) = kind["on"]
            fault = {"on": on, "kind": kind["kind"], "shape": name}
            if fault not in offered:
                label = f"{_REQUESTS.get(on, on)}: {shape['says']}"
                yield Failure(label=label, outcome=_SOURCES.get(shape["source"], ""), fault=fault)


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _label(fault: Mapping[str, Any], more: Iterable[Failure]) -> str:
    """A person's words for it; the simulator's own for a fault that came from elsewhere."""
    for failure in (*FAILURES, *more):
        if failure.fault.items() <= fault.items():
            return failure.label
    return f"{fault['kind']} on {fault['on']}"


def _json_object(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; an empty one when it is something else."""
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _problem(why: str) -> ControlProblem:
    return ControlProblem(
        "The simulator could not be told.", why, "Reload the page. If it stays so, start the app anew."
    )
