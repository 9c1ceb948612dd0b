"""A task's files are kept whole, under their hash, once, and given back as they were."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from studio.files.artifact_store import Artifact, ArtifactKind, ArtifactStore
from studio.files.storage import NotThere, Storage, StorageProblem
from studio.files.video_download import DownloadProblem
from studio.journal.database import Database
from studio.journal.schema import artifacts as table
from tests.support.kept_files import MP4, World
from tests.support.lying_server import LyingServer, reply
from tests.support.make import mask_text, picture_text
from tests.support.s3 import running_s3
from tests.support.services import NOON

PICTURE = base64.b64decode(picture_text(64, 48))


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The rules that differ between databases are in test_kept_by_owner."""


@pytest.fixture
def local(store: Database, tmp_path: Path) -> World:
    """In a folder."""
    return World(store, str(tmp_path / "kept"), tmp_path)


@pytest.fixture
def remote(store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """In an object store."""
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        yield World(store, s3.storage_url, tmp_path)


@pytest.fixture(params=["local", "remote"])
def world(request: pytest.FixtureRequest, store: Database) -> World:  # noqa: ARG001 — both need it
    """On each kind of storage."""
    made: World = request.getfixturevalue(request.param)
    return made


def rows(world: World) -> list[tuple[str, str]]:
    """(kind, path) of every row."""
    with world.store.reading() as connection:
        return [(row.kind, row.path) for row in connection.execute(select(table).order_by(table.c.kind))]


def finished_files(world: World) -> list[Path]:
    """Every file under its final name in a local storage."""
    return [f for f in Path(world.storage_url).rglob("*") if f.is_file() and ".unfinished" not in f.parts]


def test_a_file_is_kept_with_its_hash_and_given_back(world: World) -> None:
    """From this process and from another machine's."""
    entry = world.entry()
    kept = world.artifacts().keep(entry.entry_id, ArtifactKind.INPUT, PICTURE)
    assert (kept.size_bytes, kept.sha256) == (len(PICTURE), hashlib.sha256(PICTURE).hexdigest())
    other = world.artifacts("another machine")
    assert other.files_of(entry.entry_id) == (kept,)
    assert other.read(kept) == PICTURE
    assert other.fetch_local_path(kept).read_bytes() == PICTURE
    assert other.fetch_local_path(kept).suffix == ".png"


def test_keeping_the_same_again_changes_nothing(world: World) -> None:
    """A step that runs twice after a crash finds that it was done."""
    entry = world.entry()
    first = world.artifacts().keep(entry.entry_id, ArtifactKind.INPUT, PICTURE)
    world.now += timedelta(hours=1)
    assert world.artifacts("another").keep(entry.entry_id, ArtifactKind.INPUT, PICTURE) == first


def test_a_file_that_vanished_from_the_storage_is_kept_anew(local: World) -> None:
    """A row whose bytes were lost with a disk does not pass for a kept file."""
    entry = local.entry()
    kept = local.artifacts().keep(entry.entry_id, ArtifactKind.INPUT, PICTURE)
    (Path(local.storage_url) / kept.path).unlink()
    with pytest.raises(StorageProblem, match="not there any more"):
        local.artifacts().fetch_local_path(kept)
    local.artifacts().keep(entry.entry_id, ArtifactKind.INPUT, PICTURE)
    assert local.artifacts().read(kept) == PICTURE


def test_what_was_changed_from_outside_is_not_given_out(world: World) -> None:
    """Its checksum says so, even at the same length."""
    kept = world.artifacts().keep(world.entry().entry_id, ArtifactKind.INPUT, PICTURE)
    world.artifacts()._storage.write(PICTURE[:-1] + b"?", kept.path)
    with pytest.raises(StorageProblem, match="checksum"):
        world.artifacts().read(kept)


def test_a_copy_that_arrived_wrong_is_not_used(remote: World, tmp_path: Path) -> None:
    """And none is left on this machine to be taken for right."""
    kept = remote.artifacts().keep(remote.entry().entry_id, ArtifactKind.VIDEO, MP4)
    remote.artifacts()._storage.write(MP4[:-1] + b"?", kept.path)
    with pytest.raises(StorageProblem, match="checksum"):
        remote.artifacts("far").fetch_local_path(kept)
    assert not [file for file in (tmp_path / "far").rglob("*") if file.is_file()]


def test_an_object_is_copied_to_a_machine_once(remote: World) -> None:
    """A page that is drawn again does not fetch the video again."""
    kept = remote.artifacts().keep(remote.entry().entry_id, ArtifactKind.VIDEO, MP4)
    first = remote.artifacts("far").fetch_local_path(kept)
    remote.artifacts()._storage.remove(kept.path)
    assert remote.artifacts("far").fetch_local_path(kept) == first


def test_the_request_is_kept_with_its_pictures_as_files(world: World) -> None:
    """A request can be made again from its folder; the pictures' text is not kept twice."""
    region = DynamicMask(
        mask=mask_text(64, 48), trajectories=(TrajectoryPoint(x=1, y=2), TrajectoryPoint(x=3, y=4))
    )
    request = ImageToVideoRequest(
        image=picture_text(64, 48, kind="JPEG"),
        model_name="kling-v1",
        image_tail=picture_text(64, 48),
        static_mask=mask_text(64, 48),
        dynamic_masks=(region, region),
    )
    entry, kept = world.sent(request, recipe=b"a recipe"), world.artifacts()
    found = {(one.kind, one.index): one for one in kept.files_of(entry.entry_id)}
    assert sorted(found) == [
        (ArtifactKind.DYNAMIC_MASK, 0),
        (ArtifactKind.DYNAMIC_MASK, 1),
        (ArtifactKind.INPUT, 0),
        (ArtifactKind.RECIPE, 0),
        (ArtifactKind.REQUEST, 0),
        (ArtifactKind.STATIC_MASK, 0),
        (ArtifactKind.TAIL, 0),
    ]
    body = json.loads(kept.read(found[ArtifactKind.REQUEST, 0]))
    assert body["image"] == Path(found[ArtifactKind.INPUT, 0].path).name
    assert body["image"].endswith(".jpg")
    assert body["dynamic_masks"][1]["mask"] == Path(found[ArtifactKind.DYNAMIC_MASK, 1].path).name
    assert body["dynamic_masks"][1]["trajectories"] == [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    assert kept.read(found[ArtifactKind.STATIC_MASK, 0]) == base64.b64decode(mask_text(64, 48))
    assert kept.read(found[ArtifactKind.RECIPE, 0]) == b"a recipe"
    assert kept.recipe(entry) == found[ArtifactKind.RECIPE, 0]
    assert kept.recipe(replace(entry, owner="bob")) is None


def test_a_recipe_goes_after_30_days_and_its_task_stays(world: World) -> None:
    """When the next task is sent; the other files are the owner's to remove."""
    request = ImageToVideoRequest(image=picture_text(64, 48), model_name="kling-v1")
    entry, kept = world.sent(request, recipe=b"a recipe"), world.artifacts()
    world.now = NOON + timedelta(days=29)
    younger = world.sent(request, recipe=b"a younger one")
    assert kept.recipe(entry) is not None
    world.now = NOON + timedelta(days=31)
    world.sent(request)
    assert kept.recipe(entry) is None
    assert kept.recipe(younger) is not None
    assert {file.kind for file in kept.files_of(entry.entry_id) if file.removed_at is None} == {
        ArtifactKind.INPUT,
        ArtifactKind.REQUEST,
    }
    assert not [file for file in kept._storage.files() if file.name.startswith(f"{entry.entry_id}/recipe")]


def test_what_belongs_to_no_task_is_discarded(world: World) -> None:
    """A double click writes the files of a task that never comes to be."""
    kept = world.artifacts()
    files = kept.write_sent("e9", ImageToVideoRequest(image=picture_text(64, 48), model_name="kling-v1"))
    assert len(files) == 2
    kept.discard(files)
    assert kept._storage.files() == ()


def test_what_is_only_half_written_is_discarded(local: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in between: nothing lies about that no row will ever name."""
    kept, write = local.artifacts(), Storage.write

    def write_pictures_only(storage: Storage, data: bytes, name: str) -> None:
        if name.endswith(".json"):
            raise StorageProblem("A file could not be kept.", "The disk is full.", "Make room.")
        write(storage, data, name)

    monkeypatch.setattr(Storage, "write", write_pictures_only)
    with pytest.raises(StorageProblem, match="full"):
        kept.write_sent("e9", ImageToVideoRequest(image=picture_text(64, 48), model_name="kling-v1"))
    assert kept._storage.files() == ()


def test_a_picture_given_by_its_address_is_not_fetched(local: World) -> None:
    """The address is what was sent, and what is kept."""
    kept = local.artifacts()
    entry = local.sent(ImageToVideoRequest(image="https://far.example/a.png", model_name="kling-v1"))
    (request,) = kept.files_of(entry.entry_id)
    assert json.loads(kept.read(request))["image"] == "https://far.example/a.png"


def test_a_finished_video_is_kept_with_its_poster(world: World) -> None:
    """The poster first, so that a task with a video has one; asked for with its whole query."""
    entry, url = world.entry(), "https://cdn.test/one.mp4?sign=x%2Fy"
    kept = world.artifacts().keep_video(entry, url, "https://far.example")
    assert world.artifacts().read(kept) == MP4
    assert [kind for kind, _ in rows(world)] == [ArtifactKind.POSTER, ArtifactKind.VIDEO]
    assert world.artifacts().read(world.artifacts().files_of(entry.entry_id)[0]).startswith(b"\xff\xd8")
    assert world.download.urls == [url]


def test_a_kept_video_is_not_downloaded_again(world: World) -> None:
    """After a crash behind the row, the next attempt only reads it."""
    entry = world.entry()
    first = world.artifacts().keep_video(entry, "https://cdn.test/1", "https://far.example")
    assert world.artifacts("another").keep_video(entry, "https://cdn.test/2", "https://far.example") == first
    assert world.download.urls == ["https://cdn.test/1"]


def test_a_download_that_fails_leaves_nothing_and_the_next_succeeds(local: World) -> None:
    """Neither a row nor a file, finished or not."""
    entry = local.entry()
    local.download.problems = [DownloadProblem("a", "b", "c", expired=True)]
    with pytest.raises(DownloadProblem) as caught:
        local.artifacts().keep_video(entry, "https://cdn.test/1", "https://far.example")
    assert caught.value.expired
    assert rows(local) == []
    assert not [file for file in Path(local.storage_url).rglob("*") if file.is_file()]
    local.artifacts().keep_video(entry, "https://cdn.test/2", "https://far.example")
    assert [kind for kind, _ in rows(local)] == [ArtifactKind.POSTER, ArtifactKind.VIDEO]


class CutBehindTheBytes(ArtifactStore):
    """Its process dies when the bytes are safe and the row is not written."""

    def _write_row(self, made: Artifact) -> None:
        raise KeyboardInterrupt(made.path)


def test_bytes_without_a_row_are_no_artifact_and_are_taken_up_by_the_next_attempt(world: World) -> None:
    """On each kind of storage; `test_cut_writes` does it at every line."""
    entry = world.entry()
    with pytest.raises(KeyboardInterrupt):
        CutBehindTheBytes(world.store, world.storage_url, cache_dir=world.folder / "cut").keep(
            entry.entry_id, ArtifactKind.VIDEO, MP4
        )
    assert world.artifacts().files_of(entry.entry_id) == ()
    kept = world.artifacts().keep(entry.entry_id, ArtifactKind.VIDEO, MP4)
    assert world.artifacts().read(kept) == MP4


def test_a_link_that_expired_is_told_and_a_new_one_gives_the_video(local: World) -> None:
    """With the real download, from a service's own address."""
    entry = local.entry()
    with LyingServer(reply(b"", 410), reply(MP4)) as server:
        kept = ArtifactStore(local.store, local.storage_url)
        with pytest.raises(DownloadProblem) as caught:
            kept.keep_video(entry, f"{server.url}/one.mp4?t=1", server.url)
        assert caught.value.expired
        kept.keep_video(entry, f"{server.url}/one.mp4?t=2", server.url)
        assert [request.path for request in server.requests] == ["/one.mp4?t=1", "/one.mp4?t=2"]
    assert finished_files(local)


def test_a_storage_that_cannot_keep_it_is_a_reason_to_wait(local: World) -> None:
    """The video stays on the service, and the next attempt may succeed; it is not the link's fault."""
    Path(local.storage_url).write_text("a file where the folder should be")
    with pytest.raises(DownloadProblem, match="could not be kept yet") as caught:
        local.artifacts().keep_video(local.entry(), "https://cdn.test/1", "https://far.example")
    assert not caught.value.expired
    assert rows(local) == []


def test_a_video_that_its_owner_removed_is_gone_and_its_entry_says_so(world: World) -> None:
    """The file, its copies and its place in the list; the row stays, with the time."""
    video = world.video()
    world.artifacts().fetch_local_path(video)
    world.artifacts("another machine").fetch_local_path(video)
    world.artifacts().remove("ann", video.entry_id)
    removed = world.artifacts().video(video.entry_id)
    assert removed == replace(video, removed_at=NOON)
    with pytest.raises(StorageProblem, match="removed"):
        world.artifacts("another machine").fetch_local_path(removed)
    assert world.artifacts().videos("ann") == ()
    assert world.artifacts().used_bytes() == 0
    with pytest.raises(StorageProblem):
        world.artifacts().read(video)
    with pytest.raises(StorageProblem):
        world.artifacts().fetch_local_path(video)


def test_only_a_kept_video_whose_file_is_gone_is_lost(world: World) -> None:
    """Neither one that was never kept, nor one that its owner removed."""
    video, removed, never = world.video(), world.video(), world.entry()
    kept = world.artifacts()
    assert not kept.has_lost_video(video.entry_id)
    kept._storage.remove(video.path)
    kept.remove("ann", removed.entry_id)
    assert [kept.has_lost_video(one.entry_id) for one in (video, removed, never)] == [True, False, False]
    with pytest.raises(NotThere, match="not there any more"):
        kept.fetch_local_path(video)


def test_a_copy_that_is_not_whole_is_fetched_anew(remote: World) -> None:
    """The object store has it, and this machine's copy is worth nothing."""
    entry = remote.entry()
    kept = remote.artifacts().keep(entry.entry_id, ArtifactKind.INPUT, PICTURE)
    machine = remote.artifacts("another machine")
    machine.fetch_local_path(kept).write_bytes(b"")
    assert machine.fetch_local_path(kept).read_bytes() == PICTURE
