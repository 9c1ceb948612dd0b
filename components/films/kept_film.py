"""The kept video of a task, where there is one to work on."""

from dataclasses import dataclass
from pathlib import Path

from components.problem_box import show_problem
from components.runtime import services
from motion import MotionError, VideoInfo, probe
from studio.errors import StudioError
from studio.films.problems import unreadable
from studio.journal.entry import Entry, State
from studio.tasks.task_view import TaskView


@dataclass(frozen=True, kw_only=True)
class KeptFilm:
    """The file on this machine, and its facts."""

    path: Path
    sha256: str
    info: VideoInfo


def has_video(view: TaskView) -> bool:
    """Whether a video is kept, as far as the database knows."""
    is_kept = view.entry.state is State.KEPT and view.video is not None
    return is_kept and view.video is not None and view.video.removed_at is None


def open_film(view: TaskView) -> KeptFilm | None:
    """The video of a task; one that cannot be read is said, and None."""
    try:
        return _opened(view)
    except StudioError as problem:
        show_problem(problem)
        return None


def _opened(view: TaskView) -> KeptFilm | None:
    if view.video is None:
        return None
    path = services().artifacts.fetch_local_path(view.video)
    try:
        return KeptFilm(path=path, sha256=view.video.sha256, info=probe(path))
    except (MotionError, OSError) as failure:
        raise unreadable(str(failure)) from failure


def title_of(entry: Entry) -> str:
    """The name of a task on the screen; a foreign text."""
    return entry.title
