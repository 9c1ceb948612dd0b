"""Kept videos are seen, pinned and removed by their owner alone, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from kling import TaskStatus
from studio.files.artifact_store import ArtifactKind, ArtifactStore, NoSuchVideo
from studio.files.retention import removal_candidates
from studio.files.storage import StorageProblem
from studio.journal.database import Database
from studio.journal.entry import State
from studio.journal.journal import Journal
from tests.support.kept_files import MP4, World
from tests.support.make import new_task
from tests.support.services import task


@pytest.fixture
def local(store: Database, tmp_path: Path) -> World:
    """Files in a folder."""
    return World(store, str(tmp_path / "kept"), tmp_path)


def test_a_task_is_called_kept_only_once_its_video_is(local: World) -> None:
    """A poster alone is no video."""
    journal = Journal(local.store)
    finished = task(TaskStatus.SUCCEED, task_id="t1")
    entry = journal.record_status(journal.create_entry(new_task()), finished)
    assert entry is not None
    local.artifacts().keep(entry.entry_id, ArtifactKind.POSTER, b"JPEG")
    assert journal.mark_kept(entry) is None
    local.artifacts().keep(entry.entry_id, ArtifactKind.VIDEO, MP4)
    kept = journal.mark_kept(entry)
    assert kept is not None
    assert kept.state is State.KEPT


def test_two_processes_that_keep_one_video_at_the_same_time_keep_it_once(local: World) -> None:
    """One took the other for dead: both are told the same, and what is there is whole."""
    entry = local.entry()
    with ThreadPoolExecutor(4) as pool:
        keeping = [
            pool.submit(
                local.artifacts(f"machine {n}").keep_video, entry, "https://cdn.test/1", "https://f.test"
            )
            for n in range(4)
        ]
    kept = local.artifacts().video(entry.entry_id)
    assert kept is not None
    assert {one.result().sha256 for one in keeping} == {kept.sha256}
    assert local.artifacts().read(kept) == MP4
    assert len(local.artifacts().files_of(entry.entry_id)) == 2


def test_videos_are_listed_by_owner_oldest_first(local: World) -> None:
    """Another person's are not among them."""
    first = local.video()
    local.now += timedelta(days=1)
    second = local.video()
    local.video("bob")
    listed = local.artifacts().videos("ann")
    assert [video.entry_id for video in listed] == [first.entry_id, second.entry_id]
    assert [video.title for video in listed] == ["wind in the leaves"] * 2
    assert local.artifacts().used_bytes() == 3 * len(MP4)


def test_a_pinned_video_is_not_offered_until_it_is_unpinned(local: World) -> None:
    """And keeping it once more leaves the pin."""
    kept = local.artifacts(cap_bytes=len(MP4))
    first = local.video()
    local.now += timedelta(days=1)
    second = local.video()

    def offered() -> list[str]:
        videos = removal_candidates(kept.videos("ann"), kept.used_bytes(), kept.cap_bytes)
        return [video.entry_id for video in videos]

    assert offered() == [first.entry_id]
    kept.pin("ann", first.entry_id, pinned=True)
    (Path(local.storage_url) / first.path).unlink()
    kept.keep(first.entry_id, ArtifactKind.VIDEO, MP4)
    assert offered() == [second.entry_id]
    kept.pin("ann", first.entry_id, pinned=False)
    assert offered() == [first.entry_id]


@pytest.mark.parametrize(
    "act",
    [
        lambda kept, entry_id: kept.remove("bob", entry_id),
        lambda kept, entry_id: kept.pin("bob", entry_id, pinned=True),
    ],
)
def test_nobody_touches_another_persons_video(
    local: World, act: Callable[[ArtifactStore, str], None]
) -> None:
    """It looks as if there were none."""
    video = local.video()
    with pytest.raises(NoSuchVideo):
        act(local.artifacts(), video.entry_id)
    assert local.artifacts().video(video.entry_id) == video
    assert local.artifacts().read(video) == MP4


def test_a_removal_that_fails_leaves_the_video_in_the_list(local: World) -> None:
    """One may try again: what is not known to be gone is not called gone."""
    video = local.video()
    path = Path(local.storage_url) / video.path
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageProblem):
        local.artifacts().remove("ann", video.entry_id)
    assert [one.entry_id for one in local.artifacts().videos("ann")] == [video.entry_id]


def test_removing_again_after_a_crash_behind_the_file_succeeds(local: World) -> None:
    """The file went first, the row did not follow."""
    video = local.video()
    (Path(local.storage_url) / video.path).unlink()
    local.artifacts().remove("ann", video.entry_id)
    assert local.artifacts().videos("ann") == ()
