"""The JSON Schemas of the OpenAPI document: requests, answers, and the three envelopes of an error."""

from typing import Any

from simulator.contract import documented
from simulator.contract.documented import OFFERS
from simulator.engine.tasks import Status

Json = dict[str, Any]


def schemas() -> dict[str, Json]:
    """Every named schema, by name."""
    return {
        "Create": create(),
        "DynamicMask": dynamic_mask(),
        "Point": point(),
        "Task": task(),
        "Video": video(),
        "Created": answer({"$ref": "#/components/schemas/Task"}),
        "Found": answer({"$ref": "#/components/schemas/Task"}),
        "Listed": answer({"type": "array", "items": {"$ref": "#/components/schemas/Task"}}),
        "GatewayError": gateway_error(),
        "FlatError": flat_error(),
        "KlingError": kling_error(),
    }


def create() -> Json:
    """The body of a create; null and the empty string mean "not given", as in the documented examples."""
    properties = {
        "image": _text("Base64 of a JPG or PNG without a `data:` prefix, or an http(s) URL.")
        | {"minLength": 1},
        "model_name": _choice([*OFFERS], documented.DEFAULT_MODEL),
        "mode": _choice([*documented.MODES], documented.DEFAULT_MODE),
        "duration": _choice([*documented.DURATIONS], documented.DEFAULT_DURATION),
        "prompt": _optional_text(documented.MAX_PROMPT_CHARS),
        "negative_prompt": _optional_text(documented.MAX_NEGATIVE_PROMPT_CHARS),
        "cfg_scale": {
            "type": ["number", "null"],
            "minimum": documented.MIN_CFG_SCALE,
            "maximum": documented.MAX_CFG_SCALE,
        },
        "image_tail": _optional_text() | {"description": "Like `image`: the last frame."},
        "static_mask": _optional_text() | {"description": "Like `image`, of its size. White stays still."},
        "dynamic_masks": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/DynamicMask"},
            "maxItems": documented.MAX_DYNAMIC_MASKS,
        },
        "callback_url": _optional_text()
        | {"description": "An http(s) URL, called on each change of status."},
        "external_task_id": _optional_text()
        | {"description": "The caller's own id, unique for one account."},
    }
    return {"type": "object", "required": ["image"], "properties": properties}


def dynamic_mask() -> Json:
    """A painted part and its way."""
    points = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Point"},
        "minItems": documented.MIN_TRAJECTORY_POINTS,
        "maxItems": documented.MAX_TRAJECTORY_POINTS,
        "description": "In order; pixels of the image as sent, from its bottom-left corner.",
    }
    mask = _text("Like `image`, of its size. White is painted.") | {"minLength": 1}
    properties = {"mask": mask, "trajectories": points}
    return {"type": "object", "required": ["mask", "trajectories"], "properties": properties}


def point() -> Json:
    """One point of a way."""
    whole = {"type": "integer"}
    return {"type": "object", "required": ["x", "y"], "properties": {"x": whole, "y": whole}}


def task() -> Json:
    """A task, as each answer has it."""
    milliseconds = {"type": "integer", "description": "Unix milliseconds."}
    videos = {"type": "array", "items": {"$ref": "#/components/schemas/Video"}, "minItems": 1}
    own_id = {"type": "object", "properties": {"external_task_id": {"type": "string"}}}
    properties = {
        "task_id": {"type": "string", "minLength": 1},
        "task_status": {"type": "string", "enum": [*Status]},
        "task_status_msg": _text("Why a task has failed; the code stays 0."),
        "task_info": own_id,
        "task_result": {"type": "object", "properties": {"videos": videos}},
        "created_at": milliseconds,
        "updated_at": milliseconds,
    }
    return {"type": "object", "required": ["task_id", "task_status"], "properties": properties}


def video() -> Json:
    """A finished video."""
    properties = {
        "id": {"type": "string"},
        "url": {"type": "string", "format": "uri"},
        "duration": {
            "type": "string",
            "pattern": r"^\d+(\.\d+)?$",
            "description": "Its real length in seconds.",
        },
    }
    return {"type": "object", "required": ["id", "url", "duration"], "properties": properties}


def answer(data: Json) -> Json:
    """The envelope of a success; `request_id` is absent in the answer to a create."""
    properties = {
        "code": {"const": 0},
        "message": {"type": "string"},
        "request_id": {"type": "string"},
        "data": data,
    }
    return {"type": "object", "required": ["code", "message", "data"], "properties": properties}


def gateway_error() -> Json:
    """CometAPI's own refusal."""
    properties = {
        "message": _text("Ends with `(request id: …)`."),
        "type": {"type": "string"},
        "param": {"type": "string"},
        "code": {"type": "string"},
    }
    inner = {"type": "object", "required": ["message", "type", "code"], "properties": properties}
    return {
        "type": "object",
        "required": ["error"],
        "properties": {"error": inner},
        "additionalProperties": False,
    }


def flat_error() -> Json:
    """The refusal of an account without credit."""
    properties = {"code": {"type": "null"}, "message": {"type": "string"}}
    return {
        "type": "object",
        "required": [*properties],
        "properties": properties,
        "additionalProperties": False,
    }


def kling_error() -> Json:
    """Kling's refusal."""
    properties = {
        "code": {"type": "integer", "minimum": 1000, "maximum": 5999},
        "message": {"type": "string"},
        "request_id": {"type": "string"},
    }
    return {
        "type": "object",
        "required": [*properties],
        "properties": properties,
        "additionalProperties": False,
    }


def _text(description: str) -> Json:
    return {"type": "string", "description": description}


def _optional_text(max_chars: int | None = None) -> Json:
    return {"type": ["string", "null"]} | ({} if max_chars is None else {"maxLength": max_chars})


def _choice(values: list[str], default: str) -> Json:
    return {"type": ["string", "null"], "enum": [*values, "", None], "default": default}
