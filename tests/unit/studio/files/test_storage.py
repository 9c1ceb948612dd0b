"""Files are there whole or not at all, in a folder as in an object store."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from studio.files.size_limits import SizeLimits
from studio.files.storage import ABANDONED_AFTER_S, NotThere, Storage, StorageProblem
from tests.support.s3 import running_s3

DATA = bytes(range(256)) * 100


@pytest.fixture(params=["folder", "s3"])
def storage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storage]:
    """One contract, two kinds of store."""
    if request.param == "folder":
        yield Storage(str(tmp_path / "kept"))
        return
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        yield Storage(s3.storage_url, tmp_path)


def unfinished(root: Path) -> list[Path]:
    """Files in the making below a folder."""
    return [file for file in root.rglob(".unfinished/*") if file.is_file()]


def test_what_was_put_is_read_back(storage: Storage, tmp_path: Path) -> None:
    """Byte for byte, as a whole or as a local copy, and nothing stays behind in the making."""
    storage.write(DATA, "0f/input.png")
    assert storage.read("0f/input.png") == DATA
    assert storage.size("0f/input.png") == len(DATA)
    storage.fetch("0f/input.png", tmp_path / "copy.png")
    assert (tmp_path / "copy.png").read_bytes() == DATA
    assert not unfinished(tmp_path)


def test_a_second_put_replaces_the_first(storage: Storage) -> None:
    """After a crash the same is simply kept again."""
    storage.write(b"first", "0f/input.png")
    storage.write(DATA, "0f/input.png")
    assert storage.read("0f/input.png") == DATA


def test_a_file_that_is_put_is_moved(storage: Storage) -> None:
    """A video is not kept twice."""
    with storage.temporary_file(".mp4") as path:
        path.write_bytes(DATA)
        storage.move_in(path, "0f/video.mp4")
        assert not path.exists()
    assert storage.read("0f/video.mp4") == DATA


def test_in_a_folder_a_name_is_given_to_a_file_that_is_whole_already(tmp_path: Path) -> None:
    """It is the very file that was in the making: nobody ever finds half of it under its name."""
    storage = Storage(str(tmp_path))
    storage.write(b"first", "0f/video.mp4")
    with storage.temporary_file() as path:
        path.write_bytes(DATA)
        made = path.stat().st_ino
        storage.move_in(path, "0f/video.mp4")
    assert (tmp_path / "0f" / "video.mp4").stat().st_ino == made


def test_what_is_not_there_has_no_size_and_says_so_when_read(storage: Storage, tmp_path: Path) -> None:
    """A missing file is told from a store that cannot be asked."""
    assert storage.size("0f/none.png") is None
    with pytest.raises(NotThere, match="not there any more"):
        storage.read("0f/none.png")
    with pytest.raises(NotThere, match="not there any more"):
        storage.fetch("0f/none.png", tmp_path / "copy.png")


def test_removing_twice_is_as_good_as_once(storage: Storage) -> None:
    """Removing a file twice is removing it once."""
    storage.write(DATA, "0f/video.mp4")
    storage.remove("0f/video.mp4")
    storage.remove("0f/video.mp4")
    assert storage.size("0f/video.mp4") is None


def test_files_are_listed_by_folder_without_those_in_the_making(storage: Storage) -> None:
    """With their names below the root, their sizes, and when they were written."""
    assert storage.files() == ()
    storage.write(b"one", "0f/a.json")
    storage.write(b"four", "0fff/b.png")
    with storage.temporary_file() as part:
        part.write_bytes(b"half")
        listed = {file.name: file.size_bytes for file in storage.files()}
    assert listed == {"0f/a.json": 3, "0fff/b.png": 4}
    (of_folder,) = storage.files("0f")
    assert of_folder.name == "0f/a.json"
    assert abs(of_folder.written_at.timestamp() - time.time()) < 60
    assert storage.files("none") == ()


def test_a_listing_is_never_remembered(storage: Storage, tmp_path: Path) -> None:
    """Neither for the next listing, nor for what is there."""
    storage.write(DATA, "0f/a.json")
    assert len(storage.files("0f")) == 1
    other = Storage(str(storage._root) if storage.is_local else f"s3://{storage._root}", tmp_path)
    other.write(b"more", "0f/b.json")
    assert storage.size("0f/b.json") == 4
    assert len(storage.files("0f")) == 2
    other.remove("0f/a.json")
    assert storage.size("0f/a.json") is None


def test_pruning_removes_files_and_whole_folders_at_the_top(storage: Storage) -> None:
    """All but what is spared, when nothing fits."""
    for name in ("old/a/b.json", "old/c.json", "file.json", "new/d.json"):
        storage.write(DATA, name)
    storage.prune(SizeLimits(max_bytes=1), keep="new")
    assert [file.name for file in storage.files()] == ["new/d.json"]


def test_what_another_process_wrote_is_seen_at_once(storage: Storage, tmp_path: Path) -> None:
    """Nothing is remembered of a store that several machines share."""
    assert storage.size("0f/video.mp4") is None
    other = Storage(str(storage._root) if storage.is_local else f"s3://{storage._root}", tmp_path)
    other.write(DATA, "0f/video.mp4")
    assert storage.size("0f/video.mp4") == len(DATA)


def test_many_threads_share_one_store(storage: Storage) -> None:
    """Each file is whole, whoever wrote it last."""
    threads = [
        threading.Thread(target=lambda n=n: storage.write(bytes([n]) * 5000, f"0f/{n % 3}")) for n in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in range(3):
        found = storage.read(f"0f/{name}")
        assert found in {bytes([n]) * 5000 for n in (name, name + 3, name + 6)}


def test_a_failed_attempt_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    """A process that breaks off between writing and moving in has kept nothing."""

    def break_off() -> None:
        with storage.temporary_file() as path:
            path.write_bytes(DATA)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert not unfinished(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(StorageProblem, match="cannot be used"):
        Storage(str(tmp_path / "kept")).write(DATA, "0f/input.png")


class OnFullDisk(Storage):
    """A storage on a device without any room."""

    @contextmanager
    def temporary_file(self, suffix: str = "") -> Iterator[Path]:
        with super().temporary_file(suffix) as path:
            path.symlink_to("/dev/full")
            yield path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_called_full(tmp_path: Path) -> None:
    """And what was there before is untouched."""
    Storage(str(tmp_path)).write(DATA, "0f/input.png")
    with pytest.raises(StorageProblem, match="disk is full") as caught:
        OnFullDisk(str(tmp_path)).write(b"new", "0f/input.png")
    assert "Remove videos" in caught.value.next_step
    assert Storage(str(tmp_path)).read("0f/input.png") == DATA
    assert not unfinished(tmp_path)


class HalfKept(MemoryFileSystem):  # type: ignore[misc]  # fsspec ships no types
    """A store that loses the second half and says nothing of it."""

    protocol = "half"

    def put_file(self, lpath: str, rpath: str, **_: Any) -> None:
        data = Path(lpath).read_bytes()
        self.pipe_file(rpath, data[: len(data) // 2])


def test_a_store_that_kept_only_half_of_it_is_found_out(tmp_path: Path) -> None:
    """The store's own word for the size is compared with what was sent."""
    fsspec.register_implementation("half", HalfKept, clobber=True)
    with pytest.raises(StorageProblem, match="cannot be used") as caught:
        Storage("half://any", tmp_path).write(DATA, "0f/input.png")
    assert "12800 of 25600 bytes arrived" in str(caught.value.__cause__)
    assert not unfinished(tmp_path)


def test_a_kind_of_store_that_nobody_knows_is_refused_in_words() -> None:
    """At the start, and by the name of its setting."""
    with pytest.raises(StorageProblem, match="STORAGE_URL"):
        Storage("nowhere://bucket")


def test_a_bucket_that_does_not_exist_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is sent to the setting, not told that a file has vanished."""
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(StorageProblem, match="Check STORAGE_URL"):
            Storage("s3://no-such-bucket/studio", tmp_path).write(DATA, "0f/input.png")


def test_what_a_dead_process_left_unfinished_is_cleared_away_after_a_day(tmp_path: Path) -> None:
    """And not earlier: another process may be writing it now."""
    folder = Storage(str(tmp_path))
    with folder.temporary_file() as old, folder.temporary_file() as new:
        old.write_bytes(DATA)
        new.write_bytes(DATA)
        long_ago = time.time() - ABANDONED_AFTER_S - 60
        os.utime(old, (long_ago, long_ago))
        Storage(str(tmp_path))
        assert unfinished(tmp_path) == [new]


def test_only_a_folder_has_local_paths(storage: Storage) -> None:
    """A page can hand such a file out directly; an object is copied first."""
    storage.write(DATA, "0f/video.mp4")
    path = storage.local_path("0f/video.mp4")
    assert (path is not None) == storage.is_local
    assert path is None or path.read_bytes() == DATA
