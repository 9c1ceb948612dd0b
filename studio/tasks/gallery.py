"""A person's tasks as the gallery and a task's own page show them. Everything is read and marked by owner."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from studio.files.artifact_store import ArtifactStore
from studio.journal.create_outcome import SETTLE_S
from studio.journal.entry import Entry, utc_now
from studio.journal.gallery import GalleryFilter, GalleryPage, Shows
from studio.journal.journal import Journal
from studio.journal.queries import JournalProblem
from studio.journal.queue_stops import QueueStop
from studio.tasks.task_service import REFUSALS_SHOWN_FOR
from studio.tasks.task_view import CARD_FILES, TaskView, view_tasks

PAGE_SIZE = 12
"""Tasks on one page of the gallery: it divides into rows of two, three, four and six."""


@dataclass(frozen=True, kw_only=True)
class GalleryViews:
    """One page of a person's tasks, newest first; those that need their owner come before."""

    tasks: tuple[TaskView, ...]
    # of all that the filter lets pass
    total: int
    # this page's, from 1; the last one when another was asked for that there is not
    number: int
    # of all this owner's tasks, whatever the filter
    counts: Mapping[Shows, int]

    @property
    def pages(self) -> int:
        """How many pages there are, 1 at least."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def may_change(self) -> bool:
        """Whether anything of this owner's may still change by itself."""
        return bool(self.counts[Shows.UNDER_WAY] or self.counts[Shows.PUT_ASIDE])


@dataclass(frozen=True, kw_only=True)
class Relatives:
    """The tasks of the same owner that belong to one task."""

    # the one whose video its picture is a frame of; None: it begins a chain, or that one is gone
    continues: Entry | None
    # those whose picture is a frame of its video
    continued_by: tuple[Entry, ...]
    # those that were sent together with it, itself apart
    batch: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """Thread-safe. Its calls wait for the database alone."""

    journal: Journal
    artifacts: ArtifactStore
    # how many tasks of one key may be at the service at a time
    slots: int = 3
    now: Callable[[], datetime] = utc_now

    def page(self, owner: str, wanted: GalleryFilter, number: int = 1) -> GalleryViews:
        """One page in four queries, however many tasks there are; thumbnails apart.

        Args:
            owner: whose tasks.
            wanted: which of them.
            number: from 1; beyond the last page it is the last.
        """
        page = self._read(owner, wanted, number)
        last = max(1, -(-page.total // PAGE_SIZE))
        if number > last:
            number, page = last, self._read(owner, wanted, last)
        return GalleryViews(
            tasks=self._views(owner, page.entries, page.stops),
            total=page.total,
            number=number,
            counts=page.counts,
        )

    def task(self, owner: str, entry_id: str) -> TaskView:
        """One task of this owner, its texts whole.

        Raises:
            JournalProblem: this owner has no such task.
        """
        entry = self.journal.queries.entry_of(owner, entry_id)
        stop = self.journal.queries.queue_stop(entry)
        return self._views(owner, [entry], {entry_id: stop} if stop else {})[0]

    def models(self, owner: str) -> tuple[str, ...]:
        """The names of the models of this owner's tasks."""
        return self.journal.gallery.models(owner)

    def relatives(self, owner: str, entry: Entry) -> Relatives:
        """The chain and the batch that a task of this owner is part of."""
        gallery = self.journal.gallery
        together = gallery.batch(owner, entry.batch_id) if entry.batch_id else ()
        return Relatives(
            continues=self._find(owner, entry.continues_entry_id),
            continued_by=gallery.continued_by(owner, entry.entry_id),
            batch=tuple(other for other in together if other.entry_id != entry.entry_id),
        )

    def rename(self, owner: str, entry_id: str, name: str | None) -> None:
        """Give a task of this owner a name, or none."""
        self.journal.rename(entry_id, owner, name)

    def star(self, owner: str, entry_id: str, *, is_starred: bool) -> None:
        """Star a task of this owner, or take the star back."""
        self.journal.set_starred(entry_id, owner, is_starred)

    def mark_seen(self, owner: str, entry_ids: Collection[str]) -> None:
        """Record that the ends of these tasks of this owner were seen."""
        self.journal.mark_seen(owner, entry_ids)

    def _find(self, owner: str, entry_id: str | None) -> Entry | None:
        try:
            return self.journal.queries.entry_of(owner, entry_id) if entry_id else None
        except JournalProblem:
            return None

    def _read(self, owner: str, wanted: GalleryFilter, number: int) -> GalleryPage:
        now = self.now()
        return self.journal.gallery.page(
            owner,
            wanted,
            number=number,
            size=PAGE_SIZE,
            refused_since=now - REFUSALS_SHOWN_FOR,
            asked_since=now - timedelta(seconds=SETTLE_S),
        )

    def _views(
        self, owner: str, entries: Collection[Entry], stops: Mapping[str, QueueStop]
    ) -> tuple[TaskView, ...]:
        return view_tasks(
            entries,
            files=self.artifacts.files_of_many(owner, [entry.entry_id for entry in entries], CARD_FILES),
            positions=self.journal.queries.queue_positions(owner),
            proofs=self.journal.queries.proofs({entry.service for entry in entries}),
            now=self.now(),
            stops=stops,
            slots=self.slots,
        )
