"""Several videos as one file: whose they are, what they are called, and how large it becomes."""

import asyncio
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.files.video_zip import VideoZips, safe_name, write_zip, zip_route
from studio.journal.database import Database
from studio.journal.journal import Journal
from tests.support.make import new_task

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Keep = Callable[[str, bytes], str]


@pytest.fixture
def artifacts(store: Database, tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(store, str(tmp_path / "kept"))


@pytest.fixture
def zips(store: Database, artifacts: ArtifactStore) -> VideoZips:
    return VideoZips(secret=b"secret", artifacts=artifacts, queries=Journal(store).queries)


@pytest.fixture
def keep(store: Database, artifacts: ArtifactStore) -> Keep:
    """Keeps a video under a name; answers its task's id."""

    def kept(name: str, video: bytes) -> str:
        journal = Journal(store)
        entry = journal.create_entry(new_task())
        journal.rename(entry.entry_id, "ann", name)
        artifacts.keep(entry.entry_id, ArtifactKind.VIDEO, video)
        return entry.entry_id

    return kept


def get(zips: VideoZips, path: str) -> httpx.Response:
    """The answer that a browser gets."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=[zip_route(lambda: zips)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://studio.test") as client:
            return await client.get(path)

    return asyncio.run(ask())


@on_sqlite
def test_the_videos_come_in_one_file_which_is_gone_afterwards(
    zips: VideoZips, keep: Keep, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Byte for byte, each under its task's name; a video that is gone is left out."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ids = [keep("The kite", b"one"), "0" * 32, keep("The bay", b"two")]
    answer = get(zips, zips.path(ids))
    packed = tmp_path / "got.zip"
    packed.write_bytes(answer.content)
    with zipfile.ZipFile(packed) as file:
        assert {name: file.read(name) for name in file.namelist()} == {
            "01-The-kite.mp4": b"one",
            "02-The-bay.mp4": b"two",
        }
    packed.unlink()
    assert not list(tmp_path.glob("*.zip"))


@on_sqlite
def test_an_address_for_other_tasks_opens_nothing(zips: VideoZips, keep: Keep) -> None:
    """The token belongs to these tasks alone: nobody adds another's."""
    mine, hers = keep("mine", b"one"), keep("hers", b"two")
    address = zips.path([mine])
    assert get(zips, address).status_code == 200
    assert get(zips, f"{address},{hers}").status_code == 404
    assert get(zips, address.replace(mine, hers)).status_code == 404


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "07-etc-passwd.mp4"),
        ("CON", "07-CON.mp4"),
        ("a" * 500, f"07-{'a' * 60}.mp4"),
        ("שלום \u202eevil/\0", "07-שלום-evil.mp4"),
        ("???", "07-video.mp4"),
    ],
)
def test_any_title_becomes_a_safe_name(title: str, name: str) -> None:
    """No path, no control character, no bound that a file system has."""
    assert safe_name(7, title) == name


def test_what_would_go_over_the_bound_is_left_out(tmp_path: Path) -> None:
    """A disk is never filled by one click."""
    for name, size in (("a", 6), ("b", 6), ("c", 4)):
        (tmp_path / name).write_bytes(bytes(size))
    write_zip(tmp_path / "z", [(name, tmp_path / name) for name in "abc"], most_bytes=10)
    with zipfile.ZipFile(tmp_path / "z") as file:
        assert file.namelist() == ["01-a.mp4", "03-c.mp4"]
