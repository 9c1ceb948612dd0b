"""The door: Streamlit's ASGI app, its lifespan, and the script behind it.

The script is not this file itself: one beside `pages/` is skipped by the first deep link after a start
(docs/architecture.md).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import streamlit as st

from components.runtime import close_services
from studio.janitor import tidy_forever


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Tidies memory while the app runs, and ends what it started."""
    janitor = asyncio.create_task(tidy_forever())
    try:
        yield
    finally:
        janitor.cancel()
        await asyncio.to_thread(close_services)


app = st.App("components/main.py", lifespan=lifespan)
