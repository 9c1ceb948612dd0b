"""The control prefix in the OpenAPI document: what can be set, and each kind of fault with its fields."""

from typing import Any, Final, get_args

from simulator.contract.refusals import FaultEnvelope
from simulator.engine.pace import ProgressionKind
from simulator.engine.request_log import CONTROL_PATH, MAX_KEPT
from simulator.faults.control_words import KINDS

Json = dict[str, Any]

_SECONDS: Final[Json] = {"type": "number", "minimum": 0, "maximum": 3600}
_TASK: Final[Json] = {
    "type": ["string", "null"],
    "maxLength": 200,
    "description": "One task only, by either id.",
}
_SEED: Final[Json] = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63}
_FIELDS: Final[dict[str, Json]] = {
    "times": {"type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000, "default": 1},
    "task": _TASK,
    "seconds": _SECONDS,
    "status": {"anyOf": [{"const": 200}, {"type": "integer", "minimum": 400, "maximum": 599}]},
    "code": {"type": ["string", "integer", "null"], "maxLength": 60, "minimum": -9999, "maximum": 9999},
    "envelope": {"type": "string", "enum": [*get_args(FaultEnvelope)]},
    "message": {"type": "string", "maxLength": 500},
    "retry_after_s": {"type": ["integer", "null"], "minimum": 0, "maximum": 86_400},
    "accepted": {"type": "boolean"},
    "copies": {"type": "integer", "minimum": 2, "maximum": 20},
}


def schemas() -> dict[str, Json]:
    """Every named schema of the control prefix, by name."""
    return {
        "Progression": progression(),
        "NewFault": {"oneOf": [new_fault(kind) for kind in KINDS]},
        "Fault": {"type": "object", "required": ["fault_id", "on", "kind", "times", "task"]},
        "Standing": standing(),
        "Logged": logged(),
        "ControlError": _object({"error": {"type": "string"}}),
    }


def paths() -> dict[str, Json]:
    """Every path of the control prefix with its calls."""
    fault_id = {
        "name": "fault_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MAX_KEPT}}
    log: Json = {"type": "array", "items": _ref("Logged")}
    return {
        CONTROL_PATH: {"get": _call("How everything is set", _ref("Standing"))},
        CONTROL_PATH + "/progression": {
            "put": _call("When tasks go on", _ref("Progression"), takes=_ref("Progression"))
        },
        CONTROL_PATH + "/seed": {
            "put": _call(
                "Where the times come from", _object({"seed": _SEED}), takes=_object({"seed": _SEED})
            )
        },
        CONTROL_PATH + "/faults": {
            "post": _call("One more fault", _ref("Fault"), status=201, takes=_ref("NewFault")),
            "delete": _call("Take all faults away", status=204),
        },
        CONTROL_PATH + "/faults/{fault_id}": {
            "delete": _call("Take one fault away", status=204, may_miss=True) | {"parameters": [fault_id]}
        },
        CONTROL_PATH + "/reset": {"post": _call("As at the start", status=204)},
        CONTROL_PATH + "/requests": {
            "get": _call("What was asked, newest last", log, may_be_wrong=True) | {"parameters": [limit]}
        },
    }


def progression() -> Json:
    """When tasks go on; what is not given stays as it is."""
    properties = {
        "kind": {"type": "string", "enum": [*get_args(ProgressionKind)]},
        "polls": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "submitted_s": _SECONDS,
        "processing_s": _SECONDS,
        "task": _TASK,
    }
    return _object(properties, required=["kind"])


def new_fault(kind: Json) -> Json:
    """A fault of one kind, with the fields that it has."""
    own = {
        "kind": {"const": kind["kind"], "description": kind["says"]},
        "on": {"type": "string", "enum": [*kind["on"]]},
    }
    fields = {name: _FIELDS[name] for name in ("times", "task", *kind["fields"])}
    return _object(own | fields, required=[*own])


def standing() -> Json:
    """The answer of the control prefix itself."""
    number = {"type": "integer", "minimum": 0}
    properties = {
        "progression": _ref("Progression"),
        "seed": _SEED,
        "faults": {"type": "array", "items": _ref("Fault")},
        "tasks": number,
        "unfinished": number,
        "renders_running": number,
        "kinds": {"type": "array", "items": {"type": "object"}},
    }
    return _object(properties)


def logged() -> Json:
    """One line of the log."""
    words, maybe = {"type": "string"}, {"type": ["string", "null"]}
    properties = {
        "at": {"type": "integer"},
        "method": words,
        "path": words,
        "status": {"type": ["integer", "null"]},
        "fault": maybe,
        "task": maybe,
    }
    return _object(properties)


def _object(properties: Json, required: list[str] | None = None) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties] if required is None else required,
        "additionalProperties": False,
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _call(
    summary: str,
    gives: Json | None = None,
    *,
    status: int = 200,
    takes: Json | None = None,
    may_miss: bool = False,
    may_be_wrong: bool = False,
) -> Json:
    wrong: Json = {"description": "It makes no sense, and why.", "content": _json(_ref("ControlError"))}
    good: Json = {"description": "Done."} | ({} if gives is None else {"content": _json(gives)})
    answers: Json = {str(status): good, "401": _refused()}
    if takes is not None:
        answers |= {"400": wrong, "415": wrong}
    if may_be_wrong:
        answers["400"] = wrong
    if may_miss:
        answers["404"] = {"description": "It is not there (any more)."}
    body = {} if takes is None else {"requestBody": {"required": True, "content": _json(takes)}}
    return {"tags": ["control"], "summary": summary, "responses": answers, **body}


def _refused() -> Json:
    either = {"oneOf": [_ref("GatewayError"), _ref("KlingError")]}
    return {"description": "The key is missing or wrong.", "content": _json(either)}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
