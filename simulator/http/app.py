"""The simulator as an ASGI application."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache, partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from simulator.contract.fetch import Fetch, fetch_picture
from simulator.contract.outgoing import HardenedSender, Post, post_json
from simulator.contract.refusals import Refusal, RefusalReason
from simulator.engine.answers import HTML_NOT_FOUND
from simulator.engine.motion_renderer import render_with_motion
from simulator.engine.pipeline import Executors, thread_executors
from simulator.engine.request_log import CONTROL_PATH, Logging
from simulator.engine.scene import Render
from simulator.faults.callbacks import PERIOD_S, CallbackSender
from simulator.http.routes import ROUTES, refusal_response
from simulator.service import Clock, open_service
from simulator.settings import SimulatorSettings

_RARELY_ASKED = (CONTROL_PATH, CONTROL_PATH + "/{rest:path}", "/openapi.json")


def create_app(
    settings: SimulatorSettings | None = None,
    *,
    render: Render | None = None,
    fetch: Fetch | None = None,
    post: Post | None = None,
    clock: Clock = time.time,
    make_executors: Callable[[], Executors] | None = None,
) -> Starlette:
    """Build the application; its threads and its folder live as long as its lifespan.

    Args:
        settings: how it behaves; the documented defaults when None.
        render: makes the video of an order; `motion`'s renderer when None.
        fetch: gets a picture by URL; guarded when None.
        post: sends a callback; guarded when None.
        clock: Unix seconds, never going back; every status follows from it.
        make_executors: makes the executors that fetch, render and call; threads when None.
    """
    chosen = settings or SimulatorSettings()
    sender = HardenedSender(allow_loopback=chosen.allow_loopback)
    opened = partial(
        open_service,
        chosen,
        render=render or render_with_motion(max_px=chosen.render_max_px, fps=chosen.fps),
        fetch=fetch or partial(fetch_picture, sender=sender),
        post=post or post_json(sender),
        clock=clock,
        make_executors=make_executors or partial(thread_executors, chosen.renders),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with opened() as service:
            app.state.service = service
            async with _send_callbacks(service.callbacks):
                yield

    handlers = {404: _wrong_path, 405: _wrong_method, Exception: _broken}
    app = Starlette(
        routes=[*ROUTES, *(Route(path, _RarelyAsked()) for path in _RARELY_ASKED)],
        lifespan=lifespan,
        exception_handlers=handlers,
        middleware=[Middleware(Logging)],
    )
    app.router.redirect_slashes = False
    return app


class _RarelyAsked:
    """The routes with models, loaded by the first request for them.

    pydantic would make the start twice as long, and most processes are never asked.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        router = await run_in_threadpool(_router_with_models)
        await router(scope, receive, send)


@cache
def _router_with_models() -> Router:
    from simulator.http.control import CONTROL_ROUTES  # noqa: PLC0415 -- see above
    from simulator.http.openapi import OPENAPI_ROUTES  # noqa: PLC0415

    return Router([*CONTROL_ROUTES, *OPENAPI_ROUTES], redirect_slashes=False)


@asynccontextmanager
async def _send_callbacks(callbacks: CallbackSender) -> AsyncIterator[None]:
    async def send() -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            await run_in_threadpool(callbacks.send_due)

    sending = asyncio.create_task(send())
    try:
        yield
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


def _wrong_path(request: Request, _error: Exception) -> Response:
    path = request.url.path
    meant = re.sub("/{2,}", "/", path).rstrip("/") or "/"
    if meant != path:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(meant + query, status_code=301)
    return HTMLResponse(HTML_NOT_FOUND, status_code=404)


def _wrong_method(_request: Request, _error: Exception) -> Response:
    return refusal_response(Refusal(RefusalReason.NO_SUCH_METHOD, "The requested method does not exist"))


def _broken(_request: Request, _error: Exception) -> Response:
    return refusal_response(Refusal(RefusalReason.BROKEN, "Server internal error"))
