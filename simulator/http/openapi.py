"""The OpenAPI 3.1 document of what is simulated, made from the very tables that the server answers from."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from simulator.contract import documented
from simulator.contract.documented import OFFERS
from simulator.contract.refusals import ROWS, RefusalReason
from simulator.engine.request_log import CONTROL_PATH, MAX_KEPT
from simulator.http.openapi_schemas import schemas
from simulator.http.routes import TASKS_PATH

Json = dict[str, Any]

OPENAPI_PATH: Final = "/openapi.json"
_SCHEMA: Final = {"gateway": "GatewayError", "flat": "FlatError", "kling": "KlingError"}  # by envelope
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


def document() -> Json:
    """The whole document, as plain JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Motion Studio's simulator", "version": "1", "description": _about()},
        "security": [{"key": []}],
        "paths": _api_paths() | _control_paths(),
        "webhooks": {"callback": {"post": _callback()}},
        "components": {
            "schemas": schemas(),
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
    about = "CometAPI's Kling image-to-video, simulated from its documentation. Which model does what:\n"
    head = "| model_name | duration | mode | image_tail | motion brush | cfg_scale |"
    return "\n".join([about, head, "|---|---|---|---|---|---|", *rows])


def _pairs(pairs: frozenset[tuple[str, str]]) -> str:
    return ", ".join(" ".join(pair).strip() for pair in sorted(pairs)) or "no"


def _api_paths() -> Json:
    any_id = _parameter("any_id", "path", _text(), "The task id, or the external task id.")
    return {
        TASKS_PATH: {
            "post": _call(
                "Make a task",
                {"200": _answer("The task, submitted.", "OneTask"), **_refusals(_BY_CREATE)},
                takes="Create",
            ),
            "get": _call(
                "Many tasks",
                {
                    "200": _answer("A page of tasks, newest first.", "ManyTasks"),
                    **_refusals(_ANYWHERE | {RefusalReason.BAD_VALUE}),
                },
                _page("pageNum", documented.MAX_PAGE_NUM, 1),
                _page("pageSize", documented.MAX_PAGE_SIZE, documented.DEFAULT_PAGE_SIZE),
            ),
        },
        TASKS_PATH + "/{any_id}": {
            "get": _call(
                "One task",
                {
                    "200": _answer("The task; code 0 when it has failed, too.", "OneTask"),
                    **_refusals(_ANYWHERE | {RefusalReason.NO_SUCH_TASK}),
                },
                any_id,
            )
        },
        "/videos/{video_id}.mp4": {"get": _download()},
    }


def _download() -> Json:
    film: Json = {"video/mp4": {"schema": {"type": "string", "contentMediaType": "video/mp4"}}}
    answers = {
        "200": {"description": "The whole video.", "content": film},
        "206": {"description": "The range that was asked for.", "content": film},
        "403": {"description": "The URL is over, or lacks its query.", "content": {"application/xml": {}}},
        "404": {"description": "No such video.", "content": {"text/html": {}}},
        "416": {"description": "The range is outside the video."},
    }
    parameters = (
        _parameter("video_id", "path", _text(), "From the video's URL."),
        _parameter("Expires", "query", _text(0), "From the video's URL: keep its query as it is."),
        _parameter("Signature", "query", _text(0), "As above."),
    )
    summary = "A video; like a content network, it asks for no key"
    return _call(summary, answers, *parameters) | {"security": []}


def _callback() -> Json:
    summary = "A POST to `callback_url` on each change of status: the task alone, unsigned, tried once"
    answers = {"default": {"description": "Whatever is answered, it is not sent again."}}
    return _call(summary, answers, takes="Task") | {"security": []}


def _control_paths() -> Json:
    fault_id = _parameter("fault_id", "path", _text(), "As it was answered.")
    limit = _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MAX_KEPT}, "Lines.")
    gone: Json = {"description": "It is not there (any more)."}
    calls: dict[str, Json] = {
        "": {"get": _control("How everything is set", "State")},
        "/progression": {"put": _control("When tasks go on", "NewProgression", takes="NewProgression")},
        "/seed": {"put": _control("Where the times come from", "Seed", takes="Seed")},
        "/faults": {
            "post": _control("One more fault", "Fault", status=201, takes="NewFault"),
            "delete": _control("Take all faults away"),
        },
        "/faults/{fault_id}": {"delete": _control("Take one fault away", None, fault_id, more={"404": gone})},
        "/reset": {"post": _control("As at the start")},
        "/requests": {"get": _control("What was asked, newest last", "LogEntry", limit, many=True)},
    }
    return {CONTROL_PATH + path: item for path, item in calls.items()}


def _control(
    summary: str,
    gives: str | None = None,
    *parameters: Json,
    status: int = 200,
    takes: str | None = None,
    many: bool = False,
    more: Json | None = None,
) -> Json:
    answers = {"401": _answer("The key is missing or wrong.", "GatewayError", "KlingError")} | (more or {})
    if gives is None:
        answers["204"] = {"description": "Done."}
    else:
        answers[str(status)] = _answer("Done.", gives, many=many)
    if takes or many:
        answers["400"] = _answer("It makes no sense, and why.", "ControlError")
    if takes:
        answers["415"] = _answer("It is no JSON.", "ControlError")
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
    names = sorted({_SCHEMA[ROWS[reason].envelope.value] for reason in reasons})
    words = ", ".join(reason.name.lower().replace("_", " ") for reason in reasons)
    return _answer(f"Code {' or '.join(codes)}: {words}.", *names)


def _answer(description: str, *names: str, many: bool = False) -> Json:
    return {"description": description, "content": _json(*names, many=many)}


def _json(*names: str, many: bool = False) -> Json:
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schema: Json = refs[0] if len(refs) == 1 else {"oneOf": refs}
    return {"application/json": {"schema": {"type": "array", "items": schema} if many else schema}}


def _text(shortest: int = 1) -> Json:
    return {"type": "string", "minLength": shortest}


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
