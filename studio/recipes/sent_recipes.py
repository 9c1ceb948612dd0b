"""The recipes of what was sent, so that one can start again from any earlier task."""

import hashlib
import logging
import time
from collections.abc import Callable

from studio.errors import StudioError
from studio.files.artifact_store import Artifact, ArtifactStore
from studio.files.size_limits import SizeLimits
from studio.files.storage import NotThere, Storage, StorageProblem
from studio.journal.entry import Entry
from studio.recipes.recipe_file import EXTENSION, dump_recipe, load_recipe, sent_task
from studio.request.draft import Draft

log = logging.getLogger(__name__)

ANSWER_HOLDS_S = 30.0
"""Each card asks whether there is a recipe with each of its refreshes; the storage may be far away."""


class SentRecipes:
    """Thread-safe. One file a task in one storage; the oldest go when it is full."""

    def __init__(
        self,
        storage: Storage,
        artifacts: ArtifactStore | None = None,
        limits: SizeLimits | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is read or written yet.

        Args:
            storage: recipes alone, of tasks that were sent by earlier versions.
            artifacts: where a task's recipe is now.
            limits: of the storage.
            now_s: monotonic.
        """
        self._artifacts = artifacts
        self._storage = storage
        self._limits = limits or SizeLimits()
        self._now_s = now_s
        # file → whether it is there, and until when that holds
        self._answers: dict[str, tuple[bool, float]] = {}
        self._away_until_s = 0.0

    def keep(self, entry: Entry, draft: Draft) -> None:
        """Keeps the draft that became this task; the first one stays, as only that one was sent.

        A full disk is logged and not raised: the task exists, and the person must see it.
        """
        file = _file(entry)
        try:
            if self._storage.size(file) is None:
                self._storage.write(dump_recipe(draft, sent_task(entry)), file)
                self._storage.prune(self._limits, keep=file)
        except StorageProblem:
            log.exception("The recipe of a task could not be kept")
        self._answers.pop(file, None)

    def has(self, entry: Entry) -> bool:
        """Whether the draft of this task is known; asked of the storage every `ANSWER_HOLDS_S`.

        A storage that does not answer takes seconds to say so: then no other card asks for as long.
        """
        if self._kept(entry) is not None:
            return True
        file, now_s = _file(entry), self._now_s()
        answer, holds_until_s = self._answers.get(file, (False, now_s))
        if max(holds_until_s, self._away_until_s) <= now_s:
            answer = self._is_there(file)
            self._answers[file] = answer, now_s + ANSWER_HOLDS_S
        return answer

    def draft(self, entry: Entry) -> Draft | None:
        """The draft that became this task; None when it is not known, or cannot be read."""
        try:
            return load_recipe(self._read(entry)).draft
        except NotThere:
            return None
        except StudioError:
            log.exception("The recipe of a task could not be read")
            return None

    def recipe(self, entry: Entry) -> bytes:
        """The recipe with the task as it stands now; empty when it is not known here."""
        draft = self.draft(entry)
        return dump_recipe(draft, sent_task(entry)) if draft else b""

    def _kept(self, entry: Entry) -> Artifact | None:
        if self._artifacts is None:
            return None
        return self._artifacts.recipe(entry)

    def _read(self, entry: Entry) -> bytes:
        kept = self._kept(entry)
        if kept is None or self._artifacts is None:
            return self._storage.read(_file(entry))
        return self._artifacts.read(kept)

    def _is_there(self, file: str) -> bool:
        try:
            return self._storage.size(file) is not None
        except StorageProblem:
            log.exception("Nobody can say whether the recipe of a task is there")
            self._away_until_s = self._now_s() + ANSWER_HOLDS_S
            return False


def _file(entry: Entry) -> str:
    name = hashlib.sha256(f"{entry.owner}\n{entry.entry_id}".encode()).hexdigest()[:32]
    return f"{name}.{EXTENSION}"
