"""Where the far end keeps what must outlive it: its database, the orders in work, the videos.

A folder that was not asked for is temporary. A killed process cannot remove its own: it is held by a lock
that dies with the process, and the next start removes what nobody holds.
"""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

PREFIX: Final = "motion-studio-simulator-"
_LOCK: Final = "lock"
_YOUNG_S: Final = 60.0


@dataclass(frozen=True)
class StateFolder:
    """The files of one far end, shared by all processes that are given the same `root`."""

    root: Path

    def __post_init__(self) -> None:
        """Makes the folder and those in it."""
        for folder in (self.root, self.orders, self.videos):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """The book's file; its number is that of the book's schema."""
        return self.root / "tasks-1.sqlite3"

    @property
    def orders(self) -> Path:
        """Bodies of creates whose videos are still to be made."""
        return self.root / "orders"

    @property
    def videos(self) -> Path:
        """Finished videos."""
        return self.root / "videos"

    def order(self, task_id: str) -> Path:
        """The body that made this task."""
        return self.orders / f"{task_id}.json"

    def video(self, video_id: str) -> Path:
        """The video with this id."""
        return self.videos / f"{video_id}.mp4"

    def remove_all_but(self, needed: set[Path]) -> None:
        """Remove what a kill left between two steps; young files may be another process's, just written."""
        for path in (*self.orders.iterdir(), *self.videos.iterdir()):
            with suppress(FileNotFoundError):  # another process was quicker
                if path not in needed and time.time() - path.stat().st_mtime > _YOUNG_S:
                    path.unlink()


@contextmanager
def state_folder(state_dir: Path | None) -> Iterator[StateFolder]:
    """The given folder, which stays; or a temporary one, which does not."""
    if state_dir is not None:
        yield StateFolder(state_dir)
        return
    remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, _held(Path(folder)):
        yield StateFolder(Path(folder))


def remove_abandoned(parent: Path) -> None:
    """Remove the temporary folders of processes that were killed."""
    for lock in parent.glob(f"{PREFIX}*/{_LOCK}"):
        if _is_free(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    unseen = folder / "lock.new"  # nobody may find the lock before it is locked
    with unseen.open("w") as file:
        _lock(file)
        unseen.rename(folder / _LOCK)
        yield


def _is_free(lock: Path) -> bool:
    try:
        with lock.open() as file:
            _lock(file)
    except OSError:  # held, gone meanwhile, or another user's
        return False
    return True


def _lock(file: IO[str]) -> None:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
