"""HTTP: reads requests, asks the far end, writes answers."""

import hmac
import json
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from simulator import answers, documented
from simulator.far_end import FarEnd
from simulator.refusals import Reason, Refusal, bad_value

Handler = Callable[[Request], Awaitable[Response]]

TASKS_PATH = "/kling/v1/videos/image2video"


def far_end_of(request: Request) -> FarEnd:
    """The far end that the application's lifespan has opened."""
    far_end: FarEnd = request.app.state.far_end
    return far_end


def refusal_response(refusal: Refusal) -> JSONResponse:
    """A refusal as an HTTP answer."""
    return JSONResponse(answers.refused(refusal), status_code=refusal.row.http_status)


def signed_in(handler: Handler) -> Handler:
    """Let only requests with the right bearer key through, and answer refusals."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            _check_key(request.headers.get("authorization"), far_end_of(request).settings.api_key)
            return await handler(request)
        except Refusal as refusal:
            return refusal_response(refusal)

    return guarded


def _check_key(header: str | None, api_key: str | None) -> None:
    if header is None:
        raise Refusal(Reason.NOT_SIGNED_IN, "No API key was provided")
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(Reason.KEY_MALFORMED, "Authorization is invalid")
    if not key.strip():
        raise Refusal(Reason.KEY_EMPTY, "Authorization is empty")
    if api_key is not None and not hmac.compare_digest(key.strip().encode(), api_key.encode()):
        raise Refusal(Reason.NOT_SIGNED_IN, "The API key is invalid")


@signed_in
async def create_task(request: Request) -> Response:
    """POST: enter a task."""
    far_end = far_end_of(request)
    raw = await _read_body(request, far_end.settings.max_body_bytes)
    task = await run_in_threadpool(lambda: far_end.create(_parse(raw)))
    return JSONResponse(answers.created(task, far_end.now_s()))


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
        raise Refusal(Reason.BODY_TOO_LARGE, "Request body is too large")
    return bytes(body)


def _parse(raw: bytes) -> object:
    try:
        body: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refusal(Reason.MALFORMED, "The request body is not valid JSON") from error
    return body


@signed_in
async def get_task(request: Request) -> Response:
    """GET: one task by its id or its external id."""
    far_end = far_end_of(request)
    task = far_end.book.find(request.path_params["any_id"])
    data = answers.task_data(task, far_end.now_s(), videos_url=_videos_url(request))
    return JSONResponse(answers.found(data))


@signed_in
async def list_tasks(request: Request) -> Response:
    """GET: a page of tasks, newest first."""
    far_end, now_s, videos_url = far_end_of(request), far_end_of(request).now_s(), _videos_url(request)
    number = _whole(request, "pageNum", 1, documented.MAX_PAGE_NUM)
    size = _whole(request, "pageSize", documented.DEFAULT_PAGE_SIZE, documented.MAX_PAGE_SIZE)
    tasks = far_end.book.page(number, size)
    return JSONResponse(
        answers.found([answers.task_data(task, now_s, videos_url=videos_url) for task in tasks])
    )


def _whole(request: Request, name: str, default: int, highest: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(highest))):
        raise bad_value(f"{name} must be a whole number from 1 to {highest}")
    if not 1 <= int(value) <= highest:
        raise bad_value(f"{name} must be a whole number from 1 to {highest}")
    return int(value)


def _videos_url(request: Request) -> str:
    return f"{request.base_url}videos"


async def get_video(request: Request) -> Response:
    """GET or HEAD: a video, whole or in ranges. Like a content network, it asks for no key."""
    path = far_end_of(request).book.video(request.path_params["video_id"])
    if path is None or not path.is_file():
        return HTMLResponse(answers.HTML_NOT_FOUND, status_code=404)
    return FileResponse(path, media_type="video/mp4")


ROUTES = [
    Route(TASKS_PATH, create_task, methods=["POST"]),
    Route(TASKS_PATH, list_tasks, methods=["GET"]),
    Route(TASKS_PATH + "/{any_id}", get_task, methods=["GET"]),
    Route("/videos/{video_id}.mp4", get_video, methods=["GET"]),
]
