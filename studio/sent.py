"""The recipes of what was sent, so that one can start again from any earlier task."""

import hashlib
import logging
from pathlib import Path

from studio.draft import Draft
from studio.entries import Entry
from studio.errors import StudioError
from studio.keeping import Bounds, prune, write_whole
from studio.recipe import EXTENSION, dump_recipe, load_recipe, sent_task

log = logging.getLogger(__name__)


class SentRecipes:
    """One file a task in one folder; the oldest go when it is full."""

    def __init__(self, folder: Path, bounds: Bounds | None = None) -> None:
        self._folder = folder
        self._bounds = bounds or Bounds()

    def keep(self, entry: Entry, draft: Draft) -> None:
        """Keeps the draft that became this task; the first one stays, as only that one was sent.

        A full disk is logged and not raised: the task exists, and the person must see it.
        """
        file = self._file(entry.owner, entry.entry_id)
        try:
            if not file.exists():
                write_whole(file, dump_recipe(draft, sent_task(entry)))
                prune(self._folder.iterdir(), self._bounds, file)
        except OSError:
            log.exception("The recipe of a task could not be kept")

    def has(self, entry: Entry) -> bool:
        """Whether the draft of this task is known here."""
        return self._file(entry.owner, entry.entry_id).exists()

    def draft(self, entry: Entry) -> Draft | None:
        """The draft that became this task; None when it is not known here, or cannot be read."""
        try:
            return load_recipe(self._file(entry.owner, entry.entry_id).read_bytes()).draft
        except FileNotFoundError:
            return None
        except (OSError, StudioError):
            log.exception("The recipe of a task could not be read")
            return None

    def recipe(self, entry: Entry) -> bytes:
        """The recipe with the task as it stands now; empty when it is not known here."""
        draft = self.draft(entry)
        return dump_recipe(draft, sent_task(entry)) if draft else b""

    def _file(self, owner: str, entry_id: str) -> Path:
        name = hashlib.sha256(f"{owner}\n{entry_id}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.{EXTENSION}"
