"""The objects of the OpenAPI document: requests, answers, and the envelopes of an error.

These models describe; `simulator.contract` decides.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from simulator.contract import documented
from simulator.contract.documented import OFFERS
from simulator.engine.tasks import Status
from simulator.faults.control_words import FIELDS_BY_KIND, Catalogue, NewProgression, Seed
from simulator.faults.kinds import ALL_KINDS

Json = dict[str, Any]
Model = Literal[*OFFERS, ""]  # type: ignore[valid-type]  # from the table
DURATIONS = (*documented.DURATIONS, *OFFERS["kling-v3"].klings_durations)
Text = Annotated[str, Field(min_length=1)]


class Point(BaseModel):
    """Pixels of the image as sent, from its bottom-left corner."""

    x: Annotated[int, Field(strict=True)]
    y: Annotated[int, Field(strict=True)]


class DynamicMask(BaseModel):
    """A picture like `image`, of its size, white where it is painted, and the way of that part."""

    mask: Text
    trajectories: Annotated[
        list[Point],
        Field(min_length=documented.MIN_TRAJECTORY_POINTS, max_length=documented.MAX_TRAJECTORY_POINTS),
    ]


class Create(BaseModel):
    """The body of a create; null and the empty string mean "not given", as in the documented examples.

    A picture is base64 of a JPG or PNG without a `data:` prefix, or an http(s) URL. `image_tail` is the last
    frame; what is white in `static_mask` stays still.
    """

    image: Text
    model_name: Model | None = documented.DEFAULT_MODEL
    mode: Literal[*documented.MODES, ""] | None = documented.DEFAULT_MODE  # type: ignore[valid-type]
    duration: Literal[*DURATIONS, ""] | None = documented.DEFAULT_DURATION  # type: ignore[valid-type]
    prompt: Annotated[str, Field(max_length=documented.MAX_PROMPT_CHARS)] | None = None
    negative_prompt: Annotated[str, Field(max_length=documented.MAX_NEGATIVE_PROMPT_CHARS)] | None = None
    cfg_scale: Annotated[float, Field(ge=documented.MIN_CFG_SCALE, le=documented.MAX_CFG_SCALE)] | None = None
    image_tail: str | None = None
    static_mask: str | None = None
    dynamic_masks: Annotated[list[DynamicMask], Field(max_length=documented.MAX_DYNAMIC_MASKS)] | None = None
    callback_url: Annotated[str, Field(description="Called on each change of status.")] | None = None
    external_task_id: Annotated[str, Field(description="The caller's own, unique id.")] | None = None


class Video(BaseModel):
    """A finished video; `duration` is its real length in seconds."""

    id: str
    url: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    duration: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]


class TaskInfo(BaseModel):
    """The caller's own words for the task."""

    external_task_id: str = ""


class TaskResult(BaseModel):
    """Empty until the task has succeeded."""

    videos: Annotated[list[Video], Field(min_length=1)] = []


class Task(BaseModel):
    """A task, as each answer and callback has it; times are Unix milliseconds."""

    task_id: Text
    task_status: Status
    task_status_msg: Annotated[str, Field(description="Why a task has failed; the code stays 0.")] = ""
    task_info: TaskInfo = TaskInfo()
    task_result: TaskResult = TaskResult()
    created_at: int = 0
    updated_at: int = 0


class Success(BaseModel):
    """The envelope of a success; `request_id` is absent in the answer to a create."""

    code: Literal[0]
    message: str
    request_id: str = ""


class OneTask(Success):
    """An answer about one task."""

    data: Task


class ManyTasks(Success):
    """A page of tasks."""

    data: list[Task]


class _Refused(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GatewayWords(BaseModel):
    """The message ends with `(request id: …)`."""

    message: str
    type: str
    code: str
    param: str = ""


class GatewayError(_Refused):
    """CometAPI's own refusal."""

    error: GatewayWords


class KlingError(_Refused):
    """Kling's refusal."""

    code: Annotated[int, Field(ge=1000, le=5999)]
    message: str
    request_id: str


MODELS = (Create, OneTask, ManyTasks, GatewayError, KlingError, NewProgression, Catalogue, Seed)


def schemas() -> dict[str, Json]:
    """Every named schema, by name."""
    _, found = models_json_schema(
        [(model, "validation") for model in MODELS], ref_template="#/components/schemas/{model}"
    )
    return {**found["$defs"], "NewFault": {"oneOf": [_new_fault(kind) for kind in ALL_KINDS]}}


def _new_fault(kind: str) -> Json:
    """A fault of one kind, with the fields that it has."""
    schema = FIELDS_BY_KIND[kind].model_json_schema()
    schema["properties"] |= {"kind": {"const": kind}, "on": {"enum": [*ALL_KINDS[kind].on]}}
    return schema | {"required": ["kind", "on", *schema.get("required", [])]}
