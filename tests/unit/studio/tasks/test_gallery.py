"""The reads of the gallery: bounded, however many tasks there are, and enough to say what may be done."""

from pathlib import Path

import pytest

from kling import TaskStatus
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.journal.database import Database
from studio.journal.gallery import GalleryFilter, Shows
from studio.journal.journal import Journal
from studio.journal.queries import JournalProblem
from studio.tasks.gallery import PAGE_SIZE, Gallery
from studio.tasks.task_view import Choice
from tests.support.counted_queries import counted_queries
from tests.support.make import new_task, request
from tests.support.services import task

MOST_QUERIES = 4
MOST_BYTES = 50_000

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Differences between databases are in the contract of the journal's gallery."""


@pytest.fixture
def gallery(store: Database, tmp_path: Path) -> Gallery:
    return Gallery(journal=Journal(store), artifacts=ArtifactStore(store, str(tmp_path / "files")))


def fill(gallery: Gallery, tasks: int) -> None:
    """So many tasks of Ann's with long prompts and pictures, all but each tenth with a recipe and a video."""
    for number in range(tasks):
        wanted = new_task(str(number), request=request(prompt="x" * 2_400), thumbnail=bytes(40_000))
        entry = gallery.journal.create_entry(wanted)
        if number % 10:
            for kind in (ArtifactKind.VIDEO, ArtifactKind.RECIPE):
                gallery.artifacts.keep(entry.entry_id, kind, f"{number}".encode())


@pytest.mark.parametrize("tasks", [10, 150])
def test_a_refresh_is_four_queries_and_fifty_kilobytes(gallery: Gallery, store: Database, tasks: int) -> None:
    """However many tasks there are, and however long their prompts are."""
    fill(gallery, tasks)
    with counted_queries(store) as statements:
        views = gallery.page("ann", GalleryFilter())
    assert len(statements) <= MOST_QUERIES
    assert len(views.tasks) == min(tasks, PAGE_SIZE)
    assert len(repr(views)) < MOST_BYTES


def test_a_page_beyond_the_last_is_the_last(gallery: Gallery) -> None:
    """Its tasks may have gone meanwhile."""
    fill(gallery, PAGE_SIZE + 1)
    views = gallery.page("ann", GalleryFilter(), 99)
    assert (views.number, views.pages, len(views.tasks)) == (2, 2, 1)
    assert gallery.page("ann", GalleryFilter(text="nothing like it"), 5).number == 1


def test_something_may_change_while_a_task_is_open_or_put_aside(gallery: Gallery) -> None:
    """The page watches until then, whatever it shows."""
    assert not gallery.page("ann", GalleryFilter()).may_change
    entry = gallery.journal.create_entry(new_task())
    assert gallery.page("ann", GalleryFilter(shows=Shows.DONE)).may_change
    claimed = gallery.journal.claim(entry)
    assert claimed is not None
    running = gallery.journal.record_status(claimed, task(TaskStatus.PROCESSING, task_id="t1"))
    assert running is not None
    gallery.journal.put_aside(running)
    assert gallery.page("ann", GalleryFilter()).may_change


def test_a_task_is_read_whole_with_what_may_be_done(gallery: Gallery) -> None:
    """Its prompt is not cut on its own page; another's is as unknown as none."""
    entry = gallery.journal.create_entry(new_task(request=request(prompt="x" * 2_400)))
    view = gallery.task("ann", entry.entry_id)
    assert len(view.entry.prompt or "") == 2_400
    assert view.choices == {Choice.LEAVE_QUEUE}
    assert view.queue_position == 1
    for owner, entry_id in (("bob", entry.entry_id), ("ann", "0" * 32)):
        with pytest.raises(JournalProblem):
            gallery.task(owner, entry_id)
