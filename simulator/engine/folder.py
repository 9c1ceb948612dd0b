"""The simulator's folder: its tasks, the bodies of creates in work, its videos.

One process uses a folder at a time: it holds a lock, which dies with it. A folder that was not asked for is
temporary; a killed process cannot remove its own, so the next start removes those whose lock is free.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PREFIX: Final = "motion-studio-simulator-"
_LOCK: Final = "lock"


class FolderInUse(RuntimeError):
    """The folder belongs to another process; the text names it."""


@dataclass(frozen=True)
class StateFolder:
    """The files of one simulator."""

    root: Path

    def __post_init__(self) -> None:
        """Make the folder and those in it."""
        for folder in (self.tasks, self.create_bodies, self.videos):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def tasks(self) -> Path:
        """One file for each task."""
        return self.root / "tasks"

    @property
    def create_bodies(self) -> Path:
        """Bodies of creates whose videos are still to be made."""
        return self.root / "orders"

    @property
    def videos(self) -> Path:
        """Finished videos."""
        return self.root / "videos"

    def task(self, task_id: str) -> Path:
        """The record of this task."""
        return self.tasks / f"{task_id}.json"

    def create_body(self, task_id: str) -> Path:
        """The body of the create that made this task."""
        return self.create_bodies / f"{task_id}.json"

    def video(self, video_id: str) -> Path:
        """The video with this id."""
        return self.videos / f"{video_id}.mp4"

    def remove_all_but(self, needed: set[Path]) -> None:
        """Remove the files that a kill left between two steps."""
        for path in (*self.tasks.iterdir(), *self.create_bodies.iterdir(), *self.videos.iterdir()):
            if path not in needed:
                path.unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file at once: a kill leaves either all of it or what was there before."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


@contextmanager
def state_folder(state_dir: Path | None) -> Iterator[StateFolder]:
    """The given folder, which stays; or a temporary one, which does not.

    Raises:
        FolderInUse: another process has it.
    """
    if state_dir is None:
        with _temporary_folder() as folder:
            yield StateFolder(folder)
        return
    state_dir.mkdir(parents=True, exist_ok=True)
    with _locked(state_dir / _LOCK):
        yield StateFolder(state_dir)


def check_free(state_dir: Path | None) -> None:
    """Do nothing when `state_folder` would give this folder.

    Raises:
        FolderInUse: another process has it.
    """
    if state_dir is not None:
        with state_folder(state_dir):
            pass


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        unseen = Path(name, "lock.new")  # no other start may find the lock before it is locked
        with _locked(unseen):
            unseen.rename(unseen.with_name(_LOCK))
            yield unseen.parent


def remove_abandoned(parent: Path) -> None:
    """Remove the temporary folders of processes that were killed."""
    for lock in parent.glob(f"{PREFIX}*/{_LOCK}"):
        try:
            with _locked(lock):
                shutil.rmtree(lock.parent, ignore_errors=True)
        except (FolderInUse, OSError):  # in use, gone meanwhile, or another user's
            continue


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(f"The folder {lock.parent} is used by another simulator.") from error
        yield
