"""The door: Streamlit's ASGI app, its lifespan, and the script behind it.

The script is not this file itself: one beside `pages/` is skipped by the first deep link after a start
(docs/decisions/2026-11-23-start-and-pages.md).
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from components.ended_sessions import forget_ended_sessions
from components.runtime import close_services, services
from studio.files.video_urls import video_route
from studio.files.video_zip import zip_route
from studio.process.memory import free_memory_forever, keep_large_blocks_apart
from studio.process.security_headers import SecurityHeaders
from studio.process.startup import retry_until_started
from studio.tasks.callback_urls import callback_route


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Run the tasks and tidy memory without waiting for a visitor, and end both with the app."""
    ended = threading.Event()
    starting = asyncio.create_task(asyncio.to_thread(retry_until_started, services, ended.wait))
    janitor = asyncio.create_task(free_memory_forever(forget_ended_sessions))
    try:
        yield
    finally:
        janitor.cancel()
        ended.set()
        await starting  # what a try under way has started is to be closed too
        await asyncio.to_thread(close_services)


keep_large_blocks_apart()

# the page that Streamlit serves to every browser
_PAGE = Path(st.__file__).parent / "static" / "index.html"


def _wake(entry_id: str) -> None:
    services().tasks.wake(entry_id)


app = st.App(
    "components/main.py",
    lifespan=lifespan,
    routes=[
        callback_route(lambda: services().callbacks, _wake),
        zip_route(lambda: services().zips, st.get_option("server.baseUrlPath") or ""),
        video_route(lambda: services().videos, st.get_option("server.baseUrlPath") or ""),
    ],
    middleware=[Middleware(SecurityHeaders, page_html=_PAGE.read_text("utf-8"))],
)
