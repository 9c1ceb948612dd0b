"""The tasks of an address that one may compare: one's own, with a kept video."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.runtime import services
from motion import MotionError, VideoInfo, probe
from studio.errors import StudioError
from studio.files.artifact import Artifact
from studio.films.differences import MOST_COMPARED
from studio.journal.entry import Entry, State
from studio.request.draft import Draft

LETTERS = "ABCD"
GONE = "This video is not there any more."


@dataclass(frozen=True, kw_only=True)
class ComparedTask:
    """One task with a kept video, or with one that has vanished."""

    letter: str
    entry: Entry
    # what it was made from; None where that is not kept
    draft: Draft | None
    path: Path | None
    info: VideoInfo | None

    @property
    def title(self) -> str:
        """Its name on this page; a foreign text."""
        return f"{self.letter} · {self.entry.title}"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The things that an address names: tasks to compare, and how many there are that cannot be."""

    tasks: tuple[ComparedTask, ...]
    # others', or of none
    unknown: int
    without_video: int

    @property
    def playable(self) -> tuple[ComparedTask, ...]:
        """Those whose video is there."""
        return tuple(task for task in self.tasks if task.info is not None)


def entry_ids(address: str) -> tuple[str, ...]:
    """The ids of an address, each once."""
    return tuple(dict.fromkeys(name for part in address.split(",") if (name := part.strip())))[:MOST_COMPARED]


def find(owner: str, ids: Sequence[str]) -> Compared:
    """The tasks of this owner among these ids."""
    found = [services().tasks.find(owner, name) for name in ids]
    mine = [entry for entry in found if entry is not None]
    kept = [(entry, video) for entry in mine if (video := _kept_video(entry)) is not None]
    tasks = tuple(_task(letter, *one) for letter, one in zip(LETTERS, kept, strict=False))
    return Compared(tasks=tasks, unknown=len(ids) - len(mine), without_video=len(mine) - len(kept))


def _kept_video(entry: Entry) -> Artifact | None:
    video = services().artifacts.video(entry.entry_id) if entry.state is State.KEPT else None
    return video if video is not None and video.removed_at is None else None


def _task(letter: str, entry: Entry, video: Artifact) -> ComparedTask:
    path, info = _file(video)
    return ComparedTask(letter=letter, entry=entry, draft=services().sent.draft(entry), path=path, info=info)


def _file(video: Artifact) -> tuple[Path | None, VideoInfo | None]:
    """The file and its facts; none of a video that has vanished or cannot be read."""
    try:
        path = services().artifacts.fetch_local_path(video)
        return path, probe(path)
    except (StudioError, MotionError, OSError):
        return None, None
