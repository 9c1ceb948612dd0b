"""The effect of each fault of an HTTP answer: one function a kind, and one row in `STRIKES`.

A function is given the request and `act`, which answers it as if nothing was wrong. A fault that lies
before the work does not call it; one that lies after it does, and spoils the answer.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from simulator.contract.refusals import Refusal
from simulator.engine import answers
from simulator.engine.tasks import Status
from simulator.faults.faults import Fault, FaultKind, On
from simulator.faults.shapes import (
    CREATE_SHAPES,
    DONE_WORDS,
    OVER,
    QUERY_SHAPES,
    VIDEO_SHAPES,
    Shape,
    filled,
    task_facts,
    under_another_name,
)
from simulator.faults.wire import BrokenResponse, CutResponse, DrippingResponse

Act = Callable[[], Awaitable[Response]]
Strike = Callable[[Fault, Request, Act], Awaitable[Response]]


USUAL_MESSAGE: Final = "a fault that was asked for"


async def drop_after_accepting(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on, then the connection is closed without an answer."""
    await act()
    return CutResponse(reset=False)


async def reset_before(_fault: Fault, _request: Request, _act: Act) -> Response:
    """The connection is reset; the request is not acted on."""
    return CutResponse(reset=True)


async def reset_after(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on, then the connection is reset without an answer."""
    await act()
    return CutResponse(reset=True)


async def delay(fault: Fault, _request: Request, act: Act) -> Response:
    """Answered so many seconds later."""
    await asyncio.sleep(fault.seconds)
    return await act()


async def http(fault: Fault, _request: Request, act: Act) -> Response:
    """An error of that HTTP status and service code; not acted on unless "accepted"."""
    if fault.accepted:
        await act()
    code = fault.code
    if code is None and fault.envelope == "kling":
        code = answers.USUAL_CODES.get(fault.status, 5000)
    body = answers.error_body(fault.envelope, code, fault.message or USUAL_MESSAGE)
    retry_after = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
    return JSONResponse(body, status_code=fault.status, headers=retry_after)


async def html(fault: Fault, _request: Request, act: Act) -> Response:
    """A web page instead of JSON, as a proxy in between answers; not acted on unless "accepted"."""
    if fault.accepted:
        await act()
    return HTMLResponse(answers.HTML_IN_BETWEEN, status_code=fault.status)


async def redirect(_fault: Fault, _request: Request, _act: Act) -> Response:
    """301 to a web page; not acted on."""
    return RedirectResponse("/", status_code=301)


async def truncated_json(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on; the answer's JSON ends in the middle."""
    whole = bytes((await act()).body)
    return Response(whole[: len(whole) // 2], media_type="application/json")


async def older_wrapper(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on; answered in the older shape, the task's data under data.data."""
    body = _json(await act())
    return JSONResponse(answers.older_wrapper(body["data"], inner=body["data"]))


async def older_wrapper_deep(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on; answered in the older shape, the task's data under data.data.data."""
    body = _json(await act())
    return JSONResponse(answers.older_wrapper(body["data"], inner=body))


async def sparse(_fault: Fault, _request: Request, act: Act) -> Response:
    """Acted on; answered without the keys that may be missing, and with the other "SUCCEED"."""
    return JSONResponse(answers.sparse(_json(await act())))


async def fail_task(fault: Fault, request: Request, act: Act) -> Response:
    """Accepted; the task then ends as failed, with these words."""
    request.state.fails_with = fault.message or "Failure to pass the risk control system"
    return await act()


async def word_id(_fault: Fault, request: Request, act: Act) -> Response:
    """Accepted under a task id that is no number."""
    request.state.task_id = f"task_{uuid.uuid4().hex}"
    return await act()


async def expired_url(_fault: Fault, _request: Request, _act: Act) -> Response:
    """403, as after the URL's lifetime."""
    return answers.expired()


async def slow_download(fault: Fault, _request: Request, act: Act) -> Response:
    """The bytes drip, over so many seconds."""
    return DrippingResponse(await act(), fault.seconds)


async def broken_download(_fault: Fault, _request: Request, act: Act) -> Response:
    """Half of the promised bytes, then the connection is cut."""
    return BrokenResponse(await act())


async def status_word(fault: Fault, _request: Request, act: Act) -> Response:
    """Once the task is over, another word for its status; with a word that does not mean done, no video."""
    body = _json(await act())
    body["data"]["task_status"] = fault.word
    if fault.word.lower() not in {*DONE_WORDS, Status.SUBMITTED, Status.PROCESSING}:
        body["data"]["task_result"] = {}
    return JSONResponse(body)


async def query_shape(fault: Fault, request: Request, act: Act) -> Response:
    """Another shape of the same answer, once the task is so far; "message" is a failure's reason."""
    shape = QUERY_SHAPES[fault.shape]
    try:
        data = _json(await act())["data"]
    except Refusal:  # there is no such task; some shapes need none
        data = {}
    reason = fault.message or data.get("task_status_msg") or shape.words
    return _shaped(shape, task_facts(data, base_url=str(request.base_url).rstrip("/"), reason=reason))


async def create_shape(fault: Fault, _request: Request, act: Act) -> Response:
    """Another refusal of a create, with "message" for its words; not acted on unless "accepted"."""
    if fault.accepted:
        await act()
    shape = CREATE_SHAPES[fault.shape]
    return _shaped(shape, {"REASON": fault.message or shape.words, "REQUEST": str(uuid.uuid4())})


async def video_shape(fault: Fault, request: Request, act: Act) -> Response:
    """Another answer than the video, as proxies and content networks give."""
    answer, shape = await act(), VIDEO_SHAPES[fault.shape]
    if not isinstance(answer, FileResponse):
        return answer
    whole = await run_in_threadpool(Path(answer.path).read_bytes)
    facts = {"REASON": shape.words, "WHOLE": whole, "SIZE": len(whole), "LAST": len(whole) - 1}
    return _shaped(shape, facts | {"ELSEWHERE": under_another_name(str(request.url))})


async def huge(fault: Fault, _request: Request, _act: Act) -> Response:
    """A list of so many megabytes."""

    async def rows() -> AsyncIterator[bytes]:
        yield b'{"success": true, "data": ['
        for _ in range(fault.megabytes):
            yield _MEGABYTE
        yield b"{}]}"

    return StreamingResponse(rows(), media_type="application/json")


def _shaped(shape: Shape, facts: Mapping[str, Any]) -> Response:
    body, headers = filled(shape.body, facts), filled(shape.headers, facts)
    if isinstance(body, bytes):
        return Response(body, status_code=shape.status, headers=headers, media_type="video/mp4")
    if isinstance(body, str):
        return HTMLResponse(body, status_code=shape.status, headers=headers)
    if body is None:
        return Response(status_code=shape.status, headers=headers)
    return JSONResponse(body, status_code=shape.status, headers=headers)


_MEGABYTE: Final = b'{"id": "x"},' * (1_000_000 // 12)
_TASK: Final[tuple[On, ...]] = ("create", "query")
_JSON: Final[tuple[On, ...]] = ("create", "query", "list", "models")
_ALL: Final[tuple[On, ...]] = (*_JSON, "video")
_ERROR: Final = ("status", "code", "envelope", "message", "retry_after_s", "accepted")

STRIKES: Final[Mapping[str, FaultKind[Strike]]] = {
    "drop_after_accepting": FaultKind(strike=drop_after_accepting, on=_JSON),
    "reset_before": FaultKind(strike=reset_before, on=_ALL),
    "reset_after": FaultKind(strike=reset_after, on=_JSON),
    "delay": FaultKind(strike=delay, on=_ALL, fields=("seconds",)),
    "http": FaultKind(strike=http, on=_ALL, fields=_ERROR),
    "html": FaultKind(strike=html, on=_ALL, fields=("status", "accepted"), usual={"status": 200}),
    "redirect": FaultKind(strike=redirect, on=_JSON),
    "truncated_json": FaultKind(strike=truncated_json, on=_JSON),
    "older_wrapper": FaultKind(strike=older_wrapper, on=_TASK),
    "older_wrapper_deep": FaultKind(strike=older_wrapper_deep, on=_TASK),
    "sparse": FaultKind(strike=sparse, on=_TASK),
    "fail_task": FaultKind(strike=fail_task, on=("create",), fields=("message",)),
    "word_id": FaultKind(strike=word_id, on=("create",)),
    "expired_url": FaultKind(strike=expired_url, on=("video",)),
    "slow_download": FaultKind(
        strike=slow_download, on=("video", "models"), fields=("seconds",), usual={"seconds": 20.0}
    ),
    "broken_download": FaultKind(strike=broken_download, on=("video", "models")),
    "status_word": FaultKind(strike=status_word, on=("query",), fields=("word",), when=OVER),
    "query_shape": FaultKind(
        strike=query_shape, on=("query",), fields=("shape", "message"), shapes=QUERY_SHAPES
    ),
    "create_shape": FaultKind(
        strike=create_shape,
        on=("create",),
        fields=("shape", "message", "model", "accepted"),
        shapes=CREATE_SHAPES,
    ),
    "video_shape": FaultKind(strike=video_shape, on=("video",), fields=("shape",), shapes=VIDEO_SHAPES),
    "huge": FaultKind(strike=huge, on=("models",), fields=("megabytes",)),
}


def _json(response: Response) -> Any:  # noqa: ANN401 -- our own JSON, of a known shape
    return json.loads(bytes(response.body))
