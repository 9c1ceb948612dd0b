"""The control prefix, `/_control`: settings and faults of a running simulator, for tests and demonstrations.

It is no part of the imitated API. It answers this machine only, unless it was started with `control`, and
asks for the key when there is one.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.contract.catalogue import ROWS
from simulator.contract.outgoing import is_loopback
from simulator.contract.refusals import Refusal
from simulator.engine.request_log import CONTROL_PATH, Logged
from simulator.engine.tasks import progress
from simulator.faults.control_words import (
    BadControl,
    fault_json,
    limit_of,
    read_catalogue,
    read_fault,
    read_progression,
    read_seed,
)
from simulator.faults.kinds import KINDS
from simulator.http.routes import check_key, refusal_response, service_of
from simulator.service import SimulatedService

Handler = Callable[[SimulatedService, Request], Awaitable[Response]]


def _guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    @wraps(handler)
    async def guarded(request: Request) -> Response:
        service = service_of(request)
        if not (service.settings.control or _from_here(request)):
            raise HTTPException(404)  # as if nothing was there
        try:
            if service.settings.api_key is not None:
                check_key(request.headers.get("authorization"), service.settings.api_key)
            return await handler(service, request)
        except Refusal as refusal:
            return refusal_response(refusal)
        except BadControl as problem:
            return JSONResponse({"error": str(problem)}, status_code=problem.http_status)

    return guarded


def _from_here(request: Request) -> bool:
    """Asked from this machine, under its own name, and by no web page that came from elsewhere."""
    host, origin = request.headers.get("host"), request.headers.get("origin")
    if request.url.netloc != host:  # Starlette has put our own address in the place of a name that is none
        return False
    if origin not in (None, f"{request.url.scheme}://{host}"):  # a bare POST any page may send, unasked
        return False
    return is_loopback(request.client and request.client.host) and is_loopback(request.url.hostname)


async def _body(request: Request) -> dict[str, Any]:
    # Any other type could be sent by a foreign web page without the browser asking us first.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadControl("The body must be application/json.", http_status=415)
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise BadControl("The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise BadControl("The body must be a JSON object.")
    return body


@_guarded
async def show(service: SimulatedService, _request: Request) -> Response:
    """GET: everything that is set, what runs, and the kinds of faults there are."""
    kept, unfinished = service.tasks.counts(service.now_s())
    return JSONResponse(
        {
            "progression": asdict(service.behaviour.progression),
            "seed": service.behaviour.seed,
            "catalogue": len(service.behaviour.catalogue),
            "faults": [fault_json(fault) for fault in service.faults.all()],
            "tasks": kept,
            "unfinished": unfinished,
            "renders_running": service.pipeline.renders_running,
            "kinds": KINDS,
        }
    )


@_guarded
async def set_progression(service: SimulatedService, request: Request) -> Response:
    """PUT: when tasks go on, all that come or one."""
    progression, name = read_progression(await _body(request), service.behaviour.progression)
    if name is None:
        service.behaviour.progression = progression
    else:
        _set_for_one(service, name, progression)
    return JSONResponse({**asdict(progression), "task": name})


def _set_for_one(service: SimulatedService, name: str, progression: Any) -> None:  # noqa: ANN401
    try:
        task = service.tasks.find(name)
    except Refusal:  # not created yet
        service.behaviour.set_for(name, progression)
    else:
        if not progress(task, service.now_s()).is_final:  # what is over does not begin again
            service.tasks.set_pace(task.task_id, service.behaviour.pace_by(progression))


@_guarded
async def set_seed(service: SimulatedService, request: Request) -> Response:
    """PUT: where the realistic times come from."""
    service.behaviour.seed = read_seed(await _body(request))
    return JSONResponse({"seed": service.behaviour.seed})


@_guarded
async def set_catalogue(service: SimulatedService, request: Request) -> Response:
    """PUT: the rows of the catalogue; null for the simulator's own."""
    rows = read_catalogue(await _body(request))
    service.behaviour.catalogue = ROWS if rows is None else rows
    return JSONResponse({"rows": len(service.behaviour.catalogue)})


@_guarded
async def add_fault(service: SimulatedService, request: Request) -> Response:
    """POST: a fault to wait for its requests."""
    fault = read_fault(await _body(request))
    service.faults.add(fault)
    return JSONResponse(fault_json(fault), status_code=201)


@_guarded
async def clear_faults(service: SimulatedService, _request: Request) -> Response:
    """DELETE: all faults."""
    service.faults.clear()
    return Response(status_code=204)


@_guarded
async def remove_fault(service: SimulatedService, request: Request) -> Response:
    """DELETE: one fault."""
    found = service.faults.remove(request.path_params["fault_id"])
    return Response(status_code=204 if found else 404)


@_guarded
async def reset(service: SimulatedService, _request: Request) -> Response:
    """POST: as at the start."""
    service.reset()
    return Response(status_code=204)


@_guarded
async def show_requests(service: SimulatedService, request: Request) -> Response:
    """GET: what was asked last, newest last."""
    limit = limit_of(request.query_params.get("limit", "100"))
    return JSONResponse([_logged_json(entry) for entry in service.log.last(limit)])


def _logged_json(entry: Logged) -> dict[str, Any]:
    fields = asdict(entry)
    return {"at": round(fields.pop("at_s") * 1000), **fields}


CONTROL_ROUTES = [
    Route(CONTROL_PATH, show, methods=["GET"]),
    Route(CONTROL_PATH + "/progression", set_progression, methods=["PUT"]),
    Route(CONTROL_PATH + "/seed", set_seed, methods=["PUT"]),
    Route(CONTROL_PATH + "/catalogue", set_catalogue, methods=["PUT"]),
    Route(CONTROL_PATH + "/faults", add_fault, methods=["POST"]),
    Route(CONTROL_PATH + "/faults", clear_faults, methods=["DELETE"]),
    Route(CONTROL_PATH + "/faults/{fault_id}", remove_fault, methods=["DELETE"]),
    Route(CONTROL_PATH + "/reset", reset, methods=["POST"]),
    Route(CONTROL_PATH + "/requests", show_requests, methods=["GET"]),
]
