"""Addresses of kept videos: the day's own plays in ranges, every other is not found."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from studio.files.artifact_store import ArtifactStore
from studio.files.video_urls import VideoUrls, video_route
from studio.journal.database import Database
from tests.support.kept_task import kept_task
from tests.support.services import NOON
from tests.support.videos import small_mp4


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kept video and its addresses."""

    urls: VideoUrls
    entry_id: str
    mp4: bytes

    @property
    def path(self) -> str:
        """The address that its owner's page has."""
        return self.urls.path(self.entry_id)

    def at(self, now: datetime) -> VideoUrls:
        """The same deployment at another time."""
        return replace(self.urls, now=lambda: now)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    mp4 = small_mp4()
    entry = kept_task(tmp_path, "ann", mp4)
    artifacts = ArtifactStore(Database(f"sqlite:///{tmp_path / 'studio.db'}"), str(tmp_path / "files"))
    urls = VideoUrls(secret=b"the deployment's", artifacts=artifacts, now=lambda: NOON)
    return Kept(urls=urls, entry_id=entry.entry_id, mp4=mp4)


def get(urls: VideoUrls, path: str, base_path: str = "", **headers: str) -> httpx.Response:
    """The answer that a browser gets."""

    async def ask() -> httpx.Response:
        app = Starlette(routes=[video_route(lambda: urls, base_path)])
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://studio.test") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_a_kept_video_is_played_off_the_disk(kept: Kept) -> None:
    """Whole, or the range that a player asks for."""
    whole = get(kept.urls, kept.path)
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "video/mp4", kept.mp4)
    part = get(kept.urls, kept.path, Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, kept.mp4[4:8])


def test_it_is_found_below_a_base_path(kept: Kept) -> None:
    """Streamlit puts that before its own routes alone."""
    assert get(kept.urls, f"/studio{kept.path}", "/studio/").status_code == 200


def test_the_address_is_the_same_all_day_and_good_until_the_end_of_the_next(kept: Kept) -> None:
    """A page that refreshes itself plays on; an address that was copied does not live for ever."""
    assert kept.at(NOON + timedelta(hours=11)).path(kept.entry_id) == kept.path
    assert get(kept.at(NOON + timedelta(hours=35)), kept.path).status_code == 200
    assert get(kept.at(NOON + timedelta(hours=37)), kept.path).status_code == 404


def test_no_other_address_shows_anything(kept: Kept) -> None:
    """Another task's, another day's, another deployment's token; a changed one; a path of the server."""
    *_, entry_id, day, token = kept.path.split("/")
    other_day = kept.at(NOON - timedelta(days=1)).path(entry_id).rsplit("/", 1)[1]
    elsewhere = replace(kept.urls, secret=b"another's").path(entry_id).rsplit("/", 1)[1]
    others_task = kept.urls.path("1e" * 16).rsplit("/", 1)[1]
    for wrong in (other_day, elsewhere, others_task, token[:-1], token.upper(), "ä", "..%2F..%2Fstudio.db"):
        assert get(kept.urls, f"/api/video/{entry_id}/{day}/{wrong}").status_code == 404, wrong
    assert get(kept.urls, kept.urls.path("1e" * 16)).status_code == 404


def test_a_removed_video_is_not_found(kept: Kept) -> None:
    """Nor one that has vanished."""
    kept.urls.artifacts.remove("ann", kept.entry_id)
    assert get(kept.urls, kept.path).status_code == 404
