"""Several kept videos as one file to download: packed on the disk, never in memory, and of bounded size.

Its address names the tasks and the day, and an HMAC of both, as that of a video does
(`studio/files/video_urls.py`), below which it lies: logs leave its token out too.
"""

import asyncio
import hashlib
import hmac
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.video_urls import below
from studio.journal.entry import utc_now
from studio.journal.queries import JournalQueries

PATH = "/api/video/zip/{day}/{token}"
MOST_BYTES = 500_000_000
"""Of all videos in one file."""
MOST_VIDEOS = 24
NAME_CHARS = 60


@dataclass(frozen=True, kw_only=True)
class VideoZips:
    """Makes the addresses and the files; all processes of a deployment share the secret."""

    secret: bytes = field(repr=False)
    artifacts: ArtifactStore
    queries: JournalQueries
    now: Callable[[], datetime] = utc_now

    def path(self, entry_ids: Sequence[str]) -> str:
        """The address of these tasks' videos, below the app's own; shown to their owner alone."""
        day, ids = self._day(0), ",".join(entry_ids)
        return f"{PATH.format(day=day, token=self._token(ids, day))}?tasks={ids}"

    def find(self, ids: str, day: str, token: str) -> Path | None:
        """A new file, to be removed by the caller; None for an address that is not ours, or too old."""
        is_genuine = hmac.compare_digest(self._token(ids, day).encode(), token.encode())
        if not is_genuine or day not in {self._day(0), self._day(-1)}:
            return None
        with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
            write_zip(Path(file.name), self._videos(ids.split(",")[:MOST_VIDEOS]))
        return Path(file.name)

    def _videos(self, entry_ids: Iterable[str]) -> Iterator[tuple[str, Path]]:
        """Each video's title and file; those that are not there are left out."""
        for entry_id in entry_ids:
            try:
                entry, video = self.queries.entry(entry_id), self.artifacts.video(entry_id)
                if video is not None:
                    yield entry.title, self.artifacts.fetch_local_path(video)
            except StudioError:
                continue

    def _day(self, offset_days: int) -> str:
        return (self.now() + timedelta(days=offset_days)).date().isoformat()

    def _token(self, ids: str, day: str) -> str:
        return hmac.new(self.secret, f"zip\n{ids}\n{day}".encode(), hashlib.sha256).hexdigest()


def write_zip(target: Path, videos: Iterable[tuple[str, Path]], most_bytes: int = MOST_BYTES) -> None:
    """Write files as they are, one after the other; what would go over the bound is left out.

    Args:
        target: the new file.
        videos: each one's title, of any letters, and its file.
        most_bytes: of all files in it.
    """
    room = most_bytes
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for number, (title, path) in enumerate(videos, 1):
            size = path.stat().st_size
            if size <= room:
                room -= size
                packed.write(path, safe_name(number, title))


def safe_name(number: int, title: str) -> str:
    """A name that every system takes, and no two files share: letters, digits and dashes after a number."""
    words = re.sub(r"[^\w-]+", "-", title)[:NAME_CHARS].strip("-_")
    return f"{number:02d}-{words or 'video'}.mp4"


def zip_route(zips: Callable[[], VideoZips], base_path: str = "") -> Route:
    """The app's route for them, which must stand before that of single videos.

    Args:
        zips: asked at each call, since the app's services are made after its routes.
        base_path: `server.baseUrlPath`, which Streamlit puts before its own routes alone.
    """

    async def serve(request: Request) -> Response:
        ids = request.query_params.get("tasks", "")
        found = await asyncio.to_thread(lambda: zips().find(ids, **request.path_params))
        if found is None:
            return PlainTextResponse("Not found", status_code=404)
        return FileResponse(
            found,
            media_type="application/zip",
            filename="motion-videos.zip",
            headers={"Cache-Control": "no-store"},
            background=BackgroundTask(found.unlink, missing_ok=True),
        )

    return Route(below(base_path) + PATH, serve, methods=["GET"])
