"""The OpenAPI 3.1 document of what is simulated, made from the very tables that the server answers from."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from simulator.contract import documented
from simulator.contract.refusals import ROWS, RefusalReason
from simulator.engine.request_log import CONTROL_PATH, MAX_KEPT
from simulator.http.openapi_schemas import schemas
from simulator.http.routes import TASKS_PATH

Json = dict[str, Any]

OPENAPI_PATH: Final = "/openapi.json"
_SCHEMA: Final = {"gateway": "GatewayError", "kling": "KlingError"}  # by envelope
_ANYWHERE: Final = frozenset(
    {RefusalReason.NOT_SIGNED_IN, RefusalReason.KEY_EMPTY, RefusalReason.KEY_MALFORMED, RefusalReason.BROKEN}
)
_BY_CREATE: Final = _ANYWHERE | {
    RefusalReason.BAD_PARAMETER,
    RefusalReason.BAD_VALUE,
    RefusalReason.BODY_TOO_LARGE,
    RefusalReason.TOO_MANY_PARALLEL,
    RefusalReason.MALFORMED,
    RefusalReason.MODEL_NOT_FOUND,
}
_BY_LIST: Final = _ANYWHERE | {RefusalReason.BAD_VALUE}
_BY_QUERY: Final = _ANYWHERE | {RefusalReason.NO_SUCH_TASK}
_TEXT: Final = {"type": "string", "minLength": 1}
_VIDEO: Final[Json] = {"description": "The video, or the range asked for.", "content": {"video/mp4": {}}}
_OUTSIDE: Final[Json] = {"description": "The range is outside the video."}
_ELSEWHERE: Final[Json] = {"description": "The video is at another host."}


def document() -> Json:
    """The whole document, as plain JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "CometAPI's Kling image-to-video, simulated", "version": "1"},
        "security": [{"key": []}],
        "paths": _api_paths() | _control_paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


async def get_document(_request: Request) -> JSONResponse:
    """GET: this document. It asks for no key."""
    return JSONResponse(document())


OPENAPI_ROUTES = [Route(OPENAPI_PATH, get_document, methods=["GET"])]


def _api_paths() -> Json:
    created = {"200": _answer("The task, submitted.", "OneTask"), **_refusals(_BY_CREATE)}
    listed = {"200": _answer("A page of tasks, newest first.", "ManyTasks"), **_refusals(_BY_LIST)}
    found = {"200": _answer("The task; code 0 when it has failed, too.", "OneTask"), **_refusals(_BY_QUERY)}
    page = (
        _page("pageNum", documented.MAX_PAGE_NUM, 1),
        _page("pageSize", documented.MAX_PAGE_SIZE, documented.DEFAULT_PAGE_SIZE),
    )
    content = {"200": _VIDEO, "206": _VIDEO, "416": _OUTSIDE, "302": _ELSEWHERE, **_refusals(_BY_QUERY)}
    moved = {"302": _ELSEWHERE, **_refusals({RefusalReason.NO_SUCH_TASK})}
    listing = {"200": {"description": "A row a model.", "content": {"application/json": {}}}}
    quota = {"200": {"description": "What is left.", "content": {"application/json": {}}}} | _refusals(
        {RefusalReason.NOT_SIGNED_IN, RefusalReason.KEY_EMPTY}
    )
    key = _parameter("key", "query", _TEXT, "The key itself.")
    to = _parameter("to", "query", {"type": "string"}, '"cdn" leads to another host.')
    any_id = _parameter("any_id", "path", _TEXT, "The task id, or the external task id.")
    return {
        TASKS_PATH: {
            "post": _call("Make a task", created, takes="Create"),
            "get": _call("Many tasks", listed, *page),
        },
        TASKS_PATH + "/{any_id}": {"get": _call("One task", found, any_id)},
        "/videos/{video_id}.mp4": {"get": _download()},
        "/v1/videos/{any_id}/content": {
            "get": _call("A video at the service's own address", content, any_id, to)
        },
        "/r/{any_id}": {
            "get": _call("From the service's own address to another host", moved, any_id) | {"security": []}
        },
        "/api/models": {"get": _call("The public catalogue of models", listing) | {"security": []}},
        "/user/quota": {"get": _call("The account's balance", quota, key) | {"security": []}},
    }


def _download() -> Json:
    answers: Json = {
        "200": _VIDEO,
        "206": _VIDEO,
        "403": {"description": "The URL is over, or lacks its query.", "content": {"application/xml": {}}},
        "404": {"description": "No such video.", "content": {"text/html": {}}},
        "416": _OUTSIDE,
    }
    parameters = (
        _parameter("video_id", "path", _TEXT, "From the video's URL."),
        _parameter("Expires", "query", {"type": "string"}, "From the video's URL: keep its query as it is."),
        _parameter("Signature", "query", {"type": "string"}, "As above."),
    )
    summary = "A video; like a content network, it asks for no key"
    return _call(summary, answers, *parameters) | {"security": []}


def _control_paths() -> Json:
    fault_id = _parameter("fault_id", "path", _TEXT, "As it was answered.")
    limit = _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MAX_KEPT}, "Lines.")
    calls = {
        "": {"get": _control("How everything is set")},
        "/progression": {"put": _control("When tasks go on", takes="NewProgression")},
        "/catalogue": {"put": _control("The rows of the catalogue", takes="Catalogue")},
        "/seed": {"put": _control("Where the times come from", takes="Seed")},
        "/faults": {
            "post": _control("One more fault", done="201", takes="NewFault"),
            "delete": _control("Take all faults away", done="204"),
        },
        "/faults/{fault_id}": {"delete": _control("Take one fault away", fault_id, done="204")},
        "/reset": {"post": _control("As at the start", done="204")},
        "/requests": {"get": _control("What was asked, newest last", limit)},
    }
    return {CONTROL_PATH + path: item for path, item in calls.items()}


def _control(summary: str, *parameters: Json, done: str = "200", takes: str | None = None) -> Json:
    words = {
        done: "Done.",
        "400": "It makes no sense, and why.",
        "401": "The key is missing or wrong.",
        "404": "It is not there (any more).",
        "415": "It is no JSON.",
    }
    answers = {status: {"description": description} for status, description in words.items()}
    return _call(summary, answers, *parameters, takes=takes) | {"tags": ["control"]}


def _call(summary: str, answers: Json, *parameters: Json, takes: str | None = None) -> Json:
    body = {"requestBody": {"required": True, "content": _json(takes)}} if takes else {}
    return {"summary": summary, "parameters": [*parameters], "responses": answers, **body}


def _refusals(reasons: Iterable[RefusalReason]) -> Json:
    """Every status that these reasons have, with its envelopes and codes."""
    by_status: dict[int, list[RefusalReason]] = {}
    for reason in sorted(reasons, key=lambda one: one.value):
        by_status.setdefault(ROWS[reason].http_status, []).append(reason)
    return {str(status): _refusal(some) for status, some in sorted(by_status.items())}


def _refusal(reasons: list[RefusalReason]) -> Json:
    codes = sorted({str(ROWS[reason].code) or "none" for reason in reasons})
    names = sorted({_SCHEMA[ROWS[reason].envelope] for reason in reasons})
    words = ", ".join(reason.name.lower().replace("_", " ") for reason in reasons)
    return _answer(f"Code {' or '.join(codes)}: {words}.", *names)


def _answer(description: str, *names: str) -> Json:
    return {"description": description, "content": _json(*names)}


def _json(*names: str) -> Json:
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return {"application/json": {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}}


def _page(name: str, highest: int, default: int) -> Json:
    schema = {"type": "integer", "minimum": 1, "maximum": highest, "default": default}
    return _parameter(name, "query", schema, "The first page is 1." if name == "pageNum" else "Tasks a page.")


def _parameter(name: str, place: str, schema: Json, description: str) -> Json:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": description,
    }
