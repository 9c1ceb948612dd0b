"""The drafts that became tasks, to start again from any earlier task.

A draft is kept as one file of its task (`ArtifactKind.RECIPE`): the manifest, whose pictures are the files of
the request. Earlier versions kept a whole recipe a task in a folder of its own; it is still read.
"""

import hashlib
import logging
import time
from collections.abc import Callable

from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.size_limits import SizeLimits, names_to_remove
from studio.files.storage import NotThere, Storage, StorageProblem
from studio.journal.entry import Entry, utc_now
from studio.recipes.manifest import Recipe, read_manifest, recipe_problem, write_manifest
from studio.recipes.recipe_file import EXTENSION, dump_recipe, load_recipe, sent_task
from studio.request.draft import Draft

log = logging.getLogger(__name__)

LIMITS = SizeLimits()
LISTING_HOLDS_S = 30.0
"""Each card asks whether there is a draft with each of its refreshes; the folder may be far away."""


def dump_sent_draft(draft: Draft) -> bytes:
    """The manifest of a draft that is to be sent; its pictures are named by their hashes."""
    return write_manifest(Recipe(draft=draft), lambda _slot, source: source.sha256)


class SentDrafts:
    """Thread-safe, and between processes on one database and one storage."""

    def __init__(
        self, artifacts: ArtifactStore, earlier: Storage, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Read and write nothing yet.

        Args:
            artifacts: the files of every task.
            earlier: recipes alone, of tasks that earlier versions sent.
            now_s: monotonic seconds.
        """
        self._artifacts = artifacts
        self._earlier = earlier
        self._now_s = now_s
        # the names in `earlier`, and until when they hold
        self._listing: tuple[frozenset[str], float] | None = None

    def has(self, entry: Entry) -> bool:
        """Whether the draft of this task is kept."""
        return self._artifacts.recipe(entry) is not None or self.has_from_before(entry)

    def has_from_before(self, entry: Entry) -> bool:
        """Whether an earlier version kept the recipe of this task; asks no database."""
        return _earlier_name(entry) in self._earlier_names()

    def draft(self, entry: Entry) -> Draft | None:
        """The draft that became this task; None when it is not kept, or cannot be read."""
        try:
            return self._read(entry)
        except NotThere:
            return None
        except StudioError:
            log.exception("The draft of a task could not be read")
            return None

    def recipe(self, entry: Entry) -> bytes:
        """The recipe with the task as it stands now; empty when its draft is not kept."""
        draft = self.draft(entry)
        return dump_recipe(draft, sent_task(entry)) if draft else b""

    def _read(self, entry: Entry) -> Draft:
        kept = self._artifacts.recipe(entry)
        if kept is None:
            return load_recipe(self._earlier.read(_earlier_name(entry))).draft
        return read_manifest(self._artifacts.read(kept), lambda name: self._picture(entry, name)).draft

    def _picture(self, entry: Entry, sha256: str) -> bytes:
        for artifact in self._artifacts.files_of(entry.entry_id):
            if artifact.sha256 == sha256:
                return self._artifacts.read(artifact)
        raise recipe_problem("A picture of it is missing.")

    def _earlier_names(self) -> frozenset[str]:
        """The names in the folder of earlier versions, listed once in `LISTING_HOLDS_S`, answered or not."""
        now_s = self._now_s()
        if self._listing is None or self._listing[1] <= now_s:
            self._listing = self._list_earlier(), now_s + LISTING_HOLDS_S
        return self._listing[0]

    def _list_earlier(self) -> frozenset[str]:
        try:
            files = self._earlier.files()
            if names_to_remove(files, LIMITS, utc_now()):
                self._earlier.prune(LIMITS)
                files = self._earlier.files()
            return frozenset(file.name for file in files)
        except StorageProblem:
            log.exception("The recipes of earlier versions cannot be listed")
            return frozenset()


def _earlier_name(entry: Entry) -> str:
    name = hashlib.sha256(f"{entry.owner}\n{entry.entry_id}".encode()).hexdigest()[:32]
    return f"{name}.{EXTENSION}"
