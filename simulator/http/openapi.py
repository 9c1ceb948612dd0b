"""The OpenAPI 3.1 document of what is simulated, made from the very tables that the server answers from."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from simulator.contract import documented
from simulator.contract.documented import OFFERS
from simulator.contract.refusals import ROWS, RefusalReason
from simulator.http import openapi_control
from simulator.http.openapi_schemas import schemas
from simulator.http.routes import TASKS_PATH

Json = dict[str, Any]

OPENAPI_PATH: Final = "/openapi.json"
_SCHEMA: Final = {"gateway": "GatewayError", "flat": "FlatError", "kling": "KlingError"}  # by envelope
_ANYWHERE: Final = frozenset(
    {RefusalReason.NOT_SIGNED_IN, RefusalReason.KEY_EMPTY, RefusalReason.KEY_MALFORMED, RefusalReason.BROKEN}
)
_BY_CREATE: Final = frozenset(
    {
        RefusalReason.BAD_PARAMETER,
        RefusalReason.BAD_VALUE,
        RefusalReason.BODY_TOO_LARGE,
        RefusalReason.TOO_MANY_PARALLEL,
        RefusalReason.MALFORMED,
        RefusalReason.MODEL_NOT_FOUND,
    }
)


def document() -> Json:
    """The whole document, as plain JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Motion Studio's far end", "version": "1", "description": _about()},
        "security": [{"key": []}],
        "paths": {
            TASKS_PATH: {"post": _create(), "get": _list()},
            TASKS_PATH + "/{any_id}": {"get": _query()},
            "/videos/{video_id}.mp4": {"get": _download()},
            **openapi_control.paths(),
        },
        "webhooks": {"callback": {"post": _callback()}},
        "components": {
            "schemas": schemas() | openapi_control.schemas(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


async def get_document(_request: Request) -> JSONResponse:
    """GET: this document. It asks for no key."""
    return JSONResponse(document())


OPENAPI_ROUTES = [Route(OPENAPI_PATH, get_document, methods=["GET"])]


def _about() -> str:
    rows = [
        f"| {name} | {', '.join(offer.durations)} | {', '.join(offer.modes) or 'none'} | "
        f"{_pairs(offer.image_tail)} | {_pairs(offer.motion_brush)} | {'yes' if offer.cfg_scale else 'no'} |"
        for name, offer in OFFERS.items()
    ]
    head = (
        "| model_name | duration | mode | image_tail | motion brush | cfg_scale |\n|---|---|---|---|---|---|"
    )
    return (
        "CometAPI's Kling image-to-video, simulated from its documentation. Which model does what:\n\n"
        + "\n".join([head, *rows])
    )


def _pairs(pairs: frozenset[tuple[str, str]]) -> str:
    return ", ".join(" ".join(pair).strip() for pair in sorted(pairs)) or "no"


def _create() -> Json:
    body = {"required": True, "content": _json("Create")}
    answers = {"200": _answer("The task, submitted.", "Created")} | _refusals(_ANYWHERE | _BY_CREATE)
    return {"operationId": "create", "summary": "Make a task", "requestBody": body, "responses": answers}


def _query() -> Json:
    either = _parameter(
        "any_id", "path", {"type": "string", "minLength": 1}, "The task id, or the external task id."
    )
    answers = {"200": _answer("The task; code 0 when it has failed, too.", "Found")}
    answers |= _refusals(_ANYWHERE | {RefusalReason.NO_SUCH_TASK})
    return {"operationId": "query", "summary": "One task", "parameters": [either], "responses": answers}


def _list() -> Json:
    number = {"type": "integer", "minimum": 1, "maximum": documented.MAX_PAGE_NUM, "default": 1}
    size = {
        "type": "integer",
        "minimum": 1,
        "maximum": documented.MAX_PAGE_SIZE,
        "default": documented.DEFAULT_PAGE_SIZE,
    }
    parameters = [
        _parameter("pageNum", "query", number, "Which page; the first is 1."),
        _parameter("pageSize", "query", size, "Tasks a page."),
    ]
    answers = {"200": _answer("A page of tasks, newest first.", "Listed")}
    answers |= _refusals(_ANYWHERE | {RefusalReason.BAD_VALUE})
    return {"operationId": "list", "summary": "Many tasks", "parameters": parameters, "responses": answers}


def _download() -> Json:
    parameters = [
        _parameter("video_id", "path", {"type": "string", "minLength": 1}, "From the video's URL."),
        _parameter("Expires", "query", {"type": "string"}, "From the video's URL: keep its query as it is."),
        _parameter("Signature", "query", {"type": "string"}, "As above."),
    ]
    film: Json = {"video/mp4": {"schema": {"type": "string", "contentMediaType": "video/mp4"}}}
    answers = {
        "200": {"description": "The whole video.", "content": film},
        "206": {"description": "The range that was asked for.", "content": film},
        "403": {"description": "The URL is over, or lacks its query.", "content": {"application/xml": {}}},
        "404": {"description": "No such video.", "content": {"text/html": {}}},
        "416": {"description": "The range is outside the video."},
    }
    return {
        "operationId": "download",
        "summary": "A video; like a content network, it asks for no key",
        "parameters": parameters,
        "security": [],
        "responses": answers,
    }


def _callback() -> Json:
    body = {"required": True, "content": _json("Task")}
    return {
        "operationId": "callback",
        "summary": "A POST to `callback_url` on each change of status: the task alone, unsigned, tried once",
        "requestBody": body,
        "security": [],
        "responses": {"default": {"description": "Whatever is answered, it is not sent again."}},
    }


def _refusals(reasons: Iterable[RefusalReason]) -> Json:
    """Every status that these reasons have, with its envelopes and codes."""
    by_status: dict[int, list[RefusalReason]] = {}
    for reason in sorted(reasons, key=lambda one: one.value):
        by_status.setdefault(ROWS[reason].http_status, []).append(reason)
    return {str(status): _refusal(some) for status, some in sorted(by_status.items())}


def _refusal(reasons: list[RefusalReason]) -> Json:
    codes = sorted({str(ROWS[reason].code) or "none" for reason in reasons})
    names = sorted({_SCHEMA[ROWS[reason].envelope.value] for reason in reasons})
    words = ", ".join(reason.name.lower().replace("_", " ") for reason in reasons)
    return {"description": f"Code {' or '.join(codes)}: {words}.", "content": _json(*names)}


def _answer(description: str, name: str) -> Json:
    return {"description": description, "content": _json(name)}


def _json(*names: str) -> Json:
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return {"application/json": {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}}


def _parameter(name: str, place: str, schema: Json, description: str) -> Json:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": description,
    }
