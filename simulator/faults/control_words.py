"""The JSON of the control prefix as models: what is taken, and within which ranges.

A field's description ends the sentence "<field> must be …" of its refusal; the OpenAPI document is made from
these models. Only control calls load this module: pydantic takes longer than the simulator's whole start.
"""

from dataclasses import asdict, replace
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from simulator.contract.refusals import Envelope
from simulator.engine.pace import Progression, ProgressionKind
from simulator.engine.request_log import MAX_KEPT
from simulator.faults.faults import Fault, FaultKind
from simulator.faults.kinds import ALL_KINDS

Json = dict[str, Any]


class BadControl(Exception):
    """A control call that makes no sense; the text says why."""

    def __init__(self, message: str, *, http_status: int = 400) -> None:
        super().__init__(message)
        self.http_status = http_status


class Words(BaseModel):
    """An object of which every field is known, and taken as it is: "1" is no number and 1.0 no whole one."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


WordsT = TypeVar("WordsT", bound=Words)

Seconds = Annotated[float, Field(ge=0, le=3600, description="a number from 0 to 3600")]
Task = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    Field(description="a task id, an external task id or null"),
]
ProgressionWord = Annotated[
    ProgressionKind, Field(description=f"one of {', '.join(get_args(ProgressionKind))}")
]
EnvelopeWord = Annotated[Envelope, Field(description=f"one of {', '.join(get_args(Envelope))}")]


class FaultFields(Words):
    """Every field that a fault can have besides `kind` and `on`, with its range."""

    times: Annotated[
        Annotated[int, Field(ge=1, le=1_000_000)] | None, Field(description="a whole number from 1, or null")
    ]
    task: Task
    seconds: Seconds
    status: Annotated[
        Literal[200] | Annotated[int, Field(ge=400, le=599)], Field(description="200, or from 400 to 599")
    ]
    code: Annotated[
        Annotated[int, Field(ge=-9999, le=9999)] | Annotated[str, Field(max_length=60)] | None,
        Field(description="a number or a text"),
    ]
    envelope: EnvelopeWord
    message: Annotated[str, Field(max_length=500, description="a text of at most 500 characters")]
    retry_after_s: Annotated[
        Annotated[int, Field(ge=0, le=86_400)] | None,
        Field(description="whole seconds up to 86400, or null"),
    ]
    accepted: Annotated[bool, Field(description="true or false")]
    copies: Annotated[int, Field(ge=2, le=20, description="a whole number from 2 to 20")]
    shape: str  # one of its kind's table
    word: Annotated[str, Field(min_length=1, max_length=40, description="a text of 1 to 40 characters")]
    model: Annotated[
        Annotated[str, Field(max_length=200)] | None, Field(description="the name of a model, or null")
    ]
    megabytes: Annotated[int, Field(ge=1, le=1000, description="a whole number from 1 to 1000")]


class NewProgression(Words):
    """When tasks go on; a field that is not given stays as it is."""

    kind: ProgressionWord
    polls: Annotated[int, Field(ge=1, le=10_000, description="a whole number from 1")] = 3
    submitted_s: Seconds = 2.0
    processing_s: Seconds = 8.0
    task: Task = None


class Catalogue(Words):
    """The rows of the catalogue; null for the simulator's own."""

    rows: Annotated[
        Annotated[list[Any], Field(max_length=1000)] | None,
        Field(description="a list of at most 1000 rows of any kind, or null"),
    ]


class Seed(Words):
    """The seed of the realistic times."""

    seed: Annotated[
        Annotated[int, Field(ge=0, le=2**63)] | None, Field(description="a whole number from 0, or null")
    ]


def _fields_of(name: str, kind: FaultKind[Any]) -> type[Words]:
    fields: Json = {
        field: (FaultFields.__annotations__[field], kind.usual.get(field, getattr(Fault, field)))
        for field in ("times", "task", *kind.fields)
    }
    if kind.shapes:
        words = f"one of {', '.join(kind.shapes)}"
        fields["shape"] = (Annotated[Literal[tuple(kind.shapes)], Field(description=words)], ...)
    return create_model(f"New_{name}", __base__=Words, __doc__=kind.strike.__doc__, **fields)


FIELDS_BY_KIND: Final = {name: _fields_of(name, kind) for name, kind in ALL_KINDS.items()}
"""The model of a new fault's fields, by its kind."""


def read_fault(body: Json) -> Fault:
    """The fault in a body.

    Raises:
        BadControl: names the first field that is wrong.
    """
    name, on = body.get("kind"), body.get("on")
    kind = ALL_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadControl(f"kind must be one of {', '.join(ALL_KINDS)}.")
    if on not in kind.on:
        raise BadControl(f"on must be one of {', '.join(kind.on)} for {name}.")
    fields = {field: value for field, value in body.items() if field not in {"kind", "on"}}
    given = _read(FIELDS_BY_KIND[str(name)], fields).model_dump(exclude_unset=True)
    when = kind.shapes[given["shape"]].when if kind.shapes else kind.when
    return Fault(**{"kind": name, "on": on, "when": when, **kind.usual, **given})


def fault_json(fault: Fault) -> Json:
    """A fault with the fields that its kind uses."""
    every = asdict(fault)
    names = ("fault_id", "on", "kind", "times", "task", *ALL_KINDS[fault.kind].fields)
    return {name: every[name] for name in names}


def read_progression(body: Json, now: Progression) -> tuple[Progression, str | None]:
    """The progression in a body, with what it leaves open as it is `now`, and the task that is meant.

    Raises:
        BadControl: names the first field that is wrong.
    """
    given = _read(NewProgression, {**body, "kind": body.get("kind")}).model_dump(exclude_unset=True)
    task = given.pop("task", None)
    return replace(now, **given), task


def read_seed(body: Json) -> int | None:
    """The seed in a body.

    Raises:
        BadControl: it is missing or no whole number.
    """
    return _read(Seed, body).seed


def read_catalogue(body: Json) -> list[Any] | None:
    """The catalogue's rows in a body.

    Raises:
        BadControl: they are missing or no list.
    """
    return _read(Catalogue, body).rows


def limit_of(value: str) -> int:
    """How many log entries are asked for.

    Raises:
        BadControl: not a whole number from 1 to 1000.
    """
    if not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MAX_KEPT):
        raise BadControl(f"limit must be a whole number from 1 to {MAX_KEPT}.")
    return int(value)


def _read(model: type[WordsT], body: Json) -> WordsT:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        kinds = {str(one["loc"][0]): one["type"] for one in error.errors()}
        name = next((name for name in body if name in kinds), next(iter(kinds)))
        raise BadControl(_why(name, kinds[name], model)) from error


def _why(name: str, kind: str, model: type[Words]) -> str:
    if kind == "extra_forbidden":
        return f"{name} does not belong here; {', '.join(model.model_fields)} do."
    if kind == "missing":
        return f"{name} is missing."
    return f"{name} must be {model.model_fields[name].description}."
