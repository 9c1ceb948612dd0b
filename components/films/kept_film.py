"""The kept video of a task, where there is one to work on."""

from dataclasses import dataclass
from pathlib import Path

from components.problem_box import show_problem
from components.runtime import services
from motion import MotionError, VideoInfo, probe
from studio.errors import StudioError
from studio.files.artifact import Artifact
from studio.films.problems import unreadable
from studio.tasks.task_view import TaskView


@dataclass(frozen=True, kw_only=True)
class KeptFilm:
    """The file on this machine, and its facts."""

    path: Path
    sha256: str
    info: VideoInfo


def open_film(view: TaskView) -> KeptFilm | None:
    """The video of a task; one that cannot be read is said, and None."""
    try:
        return _opened(view.kept_video) if view.kept_video else None
    except StudioError as problem:
        show_problem(problem)
        return None


def _opened(video: Artifact) -> KeptFilm:
    path = services().artifacts.fetch_local_path(video)
    try:
        return KeptFilm(path=path, sha256=video.sha256, info=probe(path))
    except (MotionError, OSError) as failure:
        raise unreadable(str(failure)) from failure
