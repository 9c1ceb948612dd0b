"""All tasks of a person: found as the gallery finds them, each read as its own page reads it."""

from dataclasses import dataclass

from studio.journal.entry import Entry
from studio.journal.gallery import GalleryFilter, Shows
from studio.tasks.gallery import Gallery
from studio.tasks.task_service import TaskService
from studio.tasks.task_view import TaskView


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Tasks newest first; put aside ones apart."""

    tasks: tuple[TaskView, ...]
    put_aside: tuple[TaskView, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries alone, those put aside left out."""
        return tuple(task.entry for task in self.tasks)


def listed(tasks: TaskService, owner: str) -> Listed:
    """Everything that the gallery has of this owner."""
    gallery = Gallery(journal=tasks.journal, artifacts=tasks.artifacts, slots=tasks.slots, now=tasks.now)
    return Listed(tasks=_all(gallery, owner, Shows.ALL), put_aside=_all(gallery, owner, Shows.PUT_ASIDE))


def _all(gallery: Gallery, owner: str, shows: Shows) -> tuple[TaskView, ...]:
    wanted = GalleryFilter(shows=shows)
    first = gallery.page(owner, wanted)
    others = (gallery.page(owner, wanted, number).tasks for number in range(2, first.pages + 1))
    shown = [gallery.task(owner, view.entry.entry_id) for view in sum(others, first.tasks)]
    return tuple(sorted(shown, key=lambda one: (one.entry.created_at, one.entry.entry_id), reverse=True))
