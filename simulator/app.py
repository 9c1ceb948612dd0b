"""The simulator as an ASGI application."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from simulator.answers import HTML_NOT_FOUND
from simulator.far_end import Clock, open_far_end
from simulator.fetch import Fetch, fetch_picture
from simulator.filming import film
from simulator.openapi import OPENAPI_ROUTES
from simulator.refusals import Reason, Refusal
from simulator.routes import ROUTES, refusal_response
from simulator.scene import Render
from simulator.settings import SimulatorSettings
from simulator.workshop import Hands, thread_hands


def create_app(
    settings: SimulatorSettings | None = None,
    *,
    render: Render | None = None,
    fetch: Fetch = fetch_picture,
    clock: Clock = time.time,
    hire: Callable[[], Hands] = thread_hands,
) -> Starlette:
    """Build the application; its threads and its folder live as long as its lifespan.

    Args:
        settings: how it behaves; the documented defaults when None.
        render: makes the video of an order; `motion`'s renderer when None.
        fetch: gets a picture by URL.
        clock: Unix seconds, never going back; every status follows from it.
        hire: makes the executors that fetch and render.
    """
    chosen = settings or SimulatorSettings()
    renderer = render or film(max_px=chosen.render_max_px, fps=chosen.fps)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with open_far_end(chosen, render=renderer, fetch=fetch, clock=clock, hire=hire) as far_end:
            app.state.far_end = far_end
            yield

    handlers = {404: _wrong_path, 405: _wrong_method, Exception: _broken}
    app = Starlette(routes=[*ROUTES, *OPENAPI_ROUTES], lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return app


def _wrong_path(_request: Request, _error: Exception) -> Response:
    return HTMLResponse(HTML_NOT_FOUND, status_code=404)


def _wrong_method(_request: Request, _error: Exception) -> Response:
    return refusal_response(Refusal(Reason.NO_SUCH_METHOD, "The requested method does not exist"))


def _broken(_request: Request, _error: Exception) -> Response:
    return refusal_response(Refusal(Reason.BROKEN, "Server internal error"))
