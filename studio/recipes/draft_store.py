"""Autosave: each person's draft outlives a reload, a crash, a restart and the loss of a machine.

One folder an owner, named by the owner's hash: `manifest.json` as in a recipe, and each picture once under
its own hash. A background thread writes; a page only hands a draft over.
"""

import hashlib
import logging
import threading
import time
from pathlib import Path

from studio.errors import StudioError
from studio.files.size_limits import SizeLimits
from studio.files.storage import NotThere, Storage
from studio.pictures.source_image import SourceImage
from studio.recipes.manifest import EXTENSIONS, Recipe, Slot, read_manifest, recipe_problem, write_manifest
from studio.request.draft import Draft

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
PRUNE_EVERY_S = 600.0
CLOSING_S = 10.0
"""How long `close` waits for the writer: a store on the network may not answer."""


class DraftStore:
    """Thread-safe. The newest draft of an owner wins; drafts in between are not written."""

    def __init__(self, storage: Storage, limits: SizeLimits | None = None) -> None:
        """Read and write nothing yet; the storage must hold drafts alone."""
        self._storage = storage
        self._limits = limits or SizeLimits()
        self._waiting: dict[str, Draft] = {}
        self._changed = threading.Condition()
        self._writing: tuple[str, Draft] | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._pruned_at: float | None = None

    def keep(self, owner: str, draft: Draft) -> None:
        """Hand a draft over to be written; returns at once."""
        with self._changed:
            self._waiting[owner] = draft
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="draft-keeper", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def load(self, owner: str) -> Draft | None:
        """The owner's draft; None when there is none, or none that can be read."""
        with self._changed:
            if owner in self._waiting:
                return self._waiting[owner]
            if self._writing is not None and self._writing[0] == owner:
                return self._writing[1]
        try:
            return self._read(_folder_of(owner))
        except StudioError:
            log.exception("A kept draft could not be read")
            return None

    def flush(self) -> None:
        """Wait until everything handed over is written."""
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None or not (self._waiting or self._writing))

    def close(self) -> None:
        """Write the waiting drafts, and end; give up after `CLOSING_S`."""
        with self._changed:
            self._closing = True
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join(CLOSING_S)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                owner = next(iter(self._waiting))  # the one that waits longest: none is passed over for ever
                draft = self._waiting.pop(owner)
                self._writing = owner, draft
            try:
                self._write(_folder_of(owner), draft)
            except Exception:  # one draft that cannot be written must not end the keeping of all others
                log.exception("A draft could not be kept")
            del draft  # it has its pictures in memory, and the next may come tomorrow
            with self._changed:
                self._writing = None
                self._changed.notify_all()

    def _write(self, folder: str, draft: Draft) -> None:
        """Write new pictures, then the manifest that names them; only then remove files without a name."""
        sources = [picture.source for picture in (draft.picture, draft.tail) if picture and picture.source]
        pictures = {f"{folder}/{_file_name('picture', source)}": source.wire_bytes for source in sources}
        manifest = f"{folder}/{MANIFEST}"
        there = {file.name for file in self._storage.files(folder)}
        for name in pictures.keys() - there:
            self._storage.write(pictures[name], name)
        self._storage.write(write_manifest(Recipe(draft=draft), _file_name), manifest)
        for left_over in there - pictures.keys() - {manifest}:
            self._storage.remove(left_over)
        self._prune(folder)

    def _read(self, folder: str) -> Draft | None:
        try:
            manifest = self._storage.read(f"{folder}/{MANIFEST}")
        except NotThere:
            return None
        return read_manifest(manifest, lambda name: self._picture_bytes(folder, name)).draft

    def _picture_bytes(self, folder: str, name: str) -> bytes:
        if Path(name).name != name:
            raise recipe_problem("It names a file elsewhere.")
        return self._storage.read(f"{folder}/{name}")

    def _prune(self, keep: str) -> None:
        now = time.monotonic()
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY_S:
            self._pruned_at = now
            self._storage.prune(self._limits, keep)


def _folder_of(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()


def _file_name(_slot: Slot, source: SourceImage) -> str:
    return f"{source.sha256}.{EXTENSIONS[source.media_type]}"
