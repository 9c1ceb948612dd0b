"""The imitated routes: requests in, the documented answers out."""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.contract import documented
from simulator.contract.read_create import parse
from simulator.contract.refusals import Refusal, RefusalReason, bad_value
from simulator.contract.video_urls import is_valid, video_url
from simulator.engine import answers
from simulator.engine.tasks import SimulatedTask, Status, after_query, progress
from simulator.faults.callbacks import names_of
from simulator.faults.faults import Asked, On
from simulator.faults.shapes import under_another_name
from simulator.faults.strikes import STRIKES
from simulator.service import SimulatedService

Handler = Callable[[Request], Awaitable[Response]]

TASKS_PATH = "/kling/v1/videos/image2video"


def service_of(request: Request) -> SimulatedService:
    """The service that the application's lifespan has opened."""
    service: SimulatedService = request.app.state.service
    return service


def refusal_response(refusal: Refusal) -> JSONResponse:
    """A refusal as an HTTP answer."""
    return JSONResponse(answers.refused(refusal), status_code=refusal.row.http_status)


def require_key(handler: Handler) -> Handler:
    """Let only requests with the right bearer key through, and answer refusals."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            check_key(request.headers.get("authorization"), service_of(request).settings.api_key)
            return await handler(request)
        except Refusal as refusal:
            return refusal_response(refusal)

    return guarded


def check_key(header: str | None, api_key: str | None) -> None:
    """Whether an `Authorization` holds the one key, or any when `api_key` is None.

    Raises:
        Refusal: it does not.
    """
    if header is None:
        raise Refusal(RefusalReason.NOT_SIGNED_IN, "No API key was provided")
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(RefusalReason.KEY_MALFORMED, "Authorization is invalid")
    if not key.strip():
        raise Refusal(RefusalReason.KEY_EMPTY, "Authorization is empty")
    if api_key is not None and not hmac.compare_digest(key.strip().encode(), api_key.encode()):
        raise Refusal(RefusalReason.NOT_SIGNED_IN, "The API key is invalid")


def strike_by_faults(on: On, look: Callable[[Request], Awaitable[Asked]]) -> Callable[[Handler], Handler]:
    """Let the faults that wait for a handler's requests strike them.

    Args:
        on: what its requests are.
        look: finds out more of a request; only called when some fault has to know more.
    """

    def decorated(handler: Handler) -> Handler:
        @wraps(handler)
        async def struck(request: Request) -> Response:
            faults = service_of(request).faults
            fault = faults.take(await look(request) if faults.are_picky(on) else Asked(on=on))
            if fault is None:
                return await handler(request)
            request.state.fault = fault.kind
            return await STRIKES[fault.kind].strike(fault, request, lambda: handler(request))

        return struck

    return decorated


async def _look_at_create(request: Request) -> Asked:
    body = parse(await _body(request))
    fields = body if isinstance(body, dict) else {}
    name, model = fields.get("external_task_id"), fields.get("model_name") or documented.DEFAULT_MODEL
    names = frozenset([name] if isinstance(name, str) else [])
    return Asked(on="create", names=names, model=model if isinstance(model, str) else None)


async def _look_at_query(request: Request) -> Asked:
    service, any_id = service_of(request), request.path_params["any_id"]
    try:
        task = service.tasks.find(any_id)
    except Refusal:  # of a task that is not there a fault may strike all the same
        return Asked(on="query", names=frozenset([any_id]))
    status = progress(after_query(task, service.now_s()), service.now_s()).status
    return Asked(on="query", names=names_of(task), status=status)


async def _look_at_video(request: Request) -> Asked:
    task = service_of(request).tasks.with_video(request.path_params["video_id"])
    return Asked(on="video", names=names_of(task) if task else frozenset())


async def _look_at_content(request: Request) -> Asked:
    return replace(await _look_at_query(request), on="video")


async def _look_at_list(_request: Request) -> Asked:
    return Asked(on="list")


async def _look_at_models(_request: Request) -> Asked:
    return Asked(on="models")


@require_key
@strike_by_faults("create", _look_at_create)
async def create_task(request: Request) -> Response:
    """POST: make a task."""
    service, raw, base_url = service_of(request), await _body(request), _base_url(request)
    asked = {name: getattr(request.state, name, None) for name in ("task_id", "fails_with")}  # by a fault
    task = await run_in_threadpool(service.create, raw, base_url=base_url, **asked)
    return _about(request, task, answers.created(task))


async def _body(request: Request) -> bytes:
    """The whole body, read once; a fault may have looked into it before."""
    if not hasattr(request.state, "body"):
        request.state.body = await _read_body(request, service_of(request).settings.max_body_bytes)
    body: bytes = request.state.body
    return body


async def _read_body(request: Request, max_bytes: int) -> bytes:
    """The whole body; a longer one is read to its end but not kept, so that the caller hears the answer."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= max_bytes:
            body += chunk
        else:
            body.clear()
        if size > 4 * max_bytes:
            break
    if size > max_bytes:
        raise Refusal(RefusalReason.BODY_TOO_LARGE, "Request body is too large")
    return bytes(body)


@require_key
@strike_by_faults("query", _look_at_query)
async def get_task(request: Request) -> Response:
    """GET: one task by its id or its external id."""
    service = service_of(request)
    task = service.tasks.count_query(request.path_params["any_id"], service.now_s())
    data = answers.task_data(task, progress(task, service.now_s()), base_url=_base_url(request))
    return _about(request, task, answers.found(data))


@require_key
@strike_by_faults("list", _look_at_list)
async def list_tasks(request: Request) -> Response:
    """GET: a page of tasks, newest first."""
    service, now_s, base_url = service_of(request), service_of(request).now_s(), _base_url(request)
    number = _whole(request, "pageNum", 1, documented.MAX_PAGE_NUM)
    size = _whole(request, "pageSize", documented.DEFAULT_PAGE_SIZE, documented.MAX_PAGE_SIZE)
    tasks = service.tasks.page(number, size)
    page = [answers.task_data(task, progress(task, now_s), base_url=base_url) for task in tasks]
    return JSONResponse(answers.found(page))


def _about(request: Request, task: SimulatedTask, body: answers.Json) -> JSONResponse:
    request.state.task = task.task_id  # for the log
    return JSONResponse(body)


def _whole(request: Request, name: str, default: int, highest: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(highest))):
        raise bad_value(f"{name} must be a whole number from 1 to {highest}")
    if not 1 <= int(value) <= highest:
        raise bad_value(f"{name} must be a whole number from 1 to {highest}")
    return int(value)


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/")


@strike_by_faults("video", _look_at_video)
async def get_video(request: Request) -> Response:
    """GET or HEAD: a video, whole or in ranges. Like a content network, it asks for no key."""
    service, video_id = service_of(request), request.path_params["video_id"]
    task, path = service.tasks.with_video(video_id), service.folder.video(video_id)
    if task is None or not path.is_file():
        return HTMLResponse(answers.HTML_NOT_FOUND, status_code=404)
    request.state.task = task.task_id
    if not is_valid(video_id, request.query_params, service.now_s()):
        return answers.expired()
    return FileResponse(path, media_type="video/mp4")


@require_key
@strike_by_faults("video", _look_at_content)
async def get_content(request: Request) -> Response:
    """GET: a video at the service's own address, with the key; `to=cdn` leads to another host instead."""
    if request.query_params.get("to") == "cdn":
        return _led_elsewhere(request)
    task, _ = _finished(request)
    return FileResponse(service_of(request).folder.video(task.video_id), media_type="video/mp4")


async def get_redirect(request: Request) -> Response:
    """GET: from the service's own address to the video on another host, without a key."""
    try:
        return _led_elsewhere(request)
    except Refusal as refusal:
        return refusal_response(refusal)


def _led_elsewhere(request: Request) -> Response:
    task, since_s = _finished(request)
    url = video_url(_base_url(request), task.video_id, since_s)
    return RedirectResponse(under_another_name(url), status_code=302)


def _finished(request: Request) -> tuple[SimulatedTask, float]:
    """The task that has the video asked for, and since when (Unix seconds)."""
    service = service_of(request)
    task = service.tasks.find(request.path_params["any_id"])
    at = progress(task, service.now_s())
    if at.status is not Status.SUCCEED:
        raise Refusal(RefusalReason.NO_SUCH_TASK, "Video not found")
    return task, at.since_s


@strike_by_faults("models", _look_at_models)
async def list_models(request: Request) -> Response:
    """GET: the public catalogue; it asks for no key."""
    body = {"success": True, "data": [*service_of(request).behaviour.catalogue]}
    return Response(json.dumps(body), media_type="application/json")  # a row that was set may hold NaN


async def get_quota(request: Request) -> Response:
    """GET: the account's balance, by a key in the address."""
    try:
        check_key(f"Bearer {request.query_params.get('key', '')}", service_of(request).settings.api_key)
    except Refusal as refusal:
        return refusal_response(refusal)
    return JSONResponse(answers.QUOTA)


ROUTES = [
    Route(TASKS_PATH, create_task, methods=["POST"]),
    Route(TASKS_PATH, list_tasks, methods=["GET"]),
    Route(TASKS_PATH + "/{any_id}", get_task, methods=["GET"]),
    Route("/videos/{video_id}.mp4", get_video, methods=["GET"]),
    Route("/v1/videos/{any_id}/content", get_content, methods=["GET"]),
    Route("/r/{any_id}", get_redirect, methods=["GET"]),
    Route("/api/models", list_models, methods=["GET"]),
    Route("/user/quota", get_quota, methods=["GET"]),
]
