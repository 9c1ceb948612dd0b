"""Addresses of kept videos, from which a browser plays them off the disk.

Streamlit holds each file that a page shows in memory, whole: with ten videos on a page that would be 200 MB.
The address names its task, the day, and an HMAC of both under the deployment's secret. It is shown to the
task's owner alone, and is good until the end of the next UTC day.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.journal.entry import utc_now

PATH = "/api/video/{entry_id}/{day}/{token}"


@dataclass(frozen=True, kw_only=True)
class VideoUrls:
    """Makes the addresses and finds their files; all processes of a deployment share the secret."""

    secret: bytes = field(repr=False)
    artifacts: ArtifactStore
    now: Callable[[], datetime] = utc_now

    def path(self, entry_id: str) -> str:
        """The path of a task's video, below the app's own address; the same all day, so that it plays on."""
        day = self._day(0)
        return PATH.format(entry_id=entry_id, day=day, token=self._token(entry_id, day))

    def find(self, entry_id: str, day: str, token: str) -> Path | None:
        """The file on this machine; None for an address that is not ours or too old, or without a file."""
        is_genuine = hmac.compare_digest(self._token(entry_id, day).encode(), token.encode())
        if not is_genuine or day not in {self._day(0), self._day(-1)}:
            return None
        video = self.artifacts.video(entry_id)
        try:
            return None if video is None else self.artifacts.fetch_local_path(video)
        except StudioError:
            return None  # the card says why

    def _day(self, offset_days: int) -> str:
        return (self.now() + timedelta(days=offset_days)).date().isoformat()

    def _token(self, entry_id: str, day: str) -> str:
        # "video" keeps it apart from whatever else is signed with the same secret
        return hmac.new(self.secret, f"video\n{entry_id}\n{day}".encode(), hashlib.sha256).hexdigest()


def video_route(urls: Callable[[], VideoUrls], base_path: str = "") -> Route:
    """The app's route for them, for `st.App(routes=[…])`; answers ranges, as players ask for.

    Args:
        urls: asked at each call, since the app's services are made after its routes.
        base_path: `server.baseUrlPath`, which Streamlit puts before its own routes alone.
    """

    async def serve(request: Request) -> Response:
        found = await asyncio.to_thread(lambda: urls().find(**request.path_params))
        if found is None:
            return PlainTextResponse("Not found", status_code=404)
        headers = {"Cache-Control": "private, max-age=86400"}
        return FileResponse(found, media_type="video/mp4", headers=headers)

    return Route(below(base_path) + PATH, serve, methods=["GET"])


def below(base_path: str) -> str:
    """The path before that of a route: Streamlit's own `server.baseUrlPath` with one slash, or nothing."""
    return f"/{stripped}" if (stripped := base_path.strip("/")) else ""
