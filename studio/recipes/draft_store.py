"""Keeps each person's draft, so that a reload, a crash, a restart or another machine's end loses nothing.

One folder an owner, named by the owner's hash: `manifest.json` as in a recipe, and each picture once under
its own hash. A thread of its own writes; a page only hands a draft over.
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
from studio.recipes.manifest import EXTENSIONS, Recipe, Slot, from_manifest, to_manifest
from studio.recipes.manifest_reader import refused
from studio.request.draft import Draft

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
PRUNE_EVERY_S = 600.0
CLOSING_S = 10.0
"""How long an end waits for what is still to be written: a store on the network may not answer."""


class DraftStore:
    """Thread-safe. The newest draft of an owner wins; what came between is not written."""

    def __init__(self, storage: Storage, bounds: SizeLimits | None = None) -> None:
        """Nothing is read or written yet; what is in the storage is drafts alone."""
        self._storage = storage
        self._bounds = bounds or SizeLimits()
        self._waiting: dict[str, Draft] = {}
        self._changed = threading.Condition()
        self._writing: tuple[str, Draft] | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._pruned_at: float | None = None

    def keep(self, owner: str, draft: Draft) -> None:
        """Hands a draft over to be written; returns at once."""
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
        """Waits until everything handed over is written."""
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None or not (self._waiting or self._writing))

    def close(self) -> None:
        """Writes what is waiting, and ends; after `CLOSING_S` without it."""
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
                owner = next(iter(self._waiting))  # whoever waits longest: nobody is passed over for ever
                draft = self._waiting.pop(owner)
                self._writing = owner, draft
            try:
                self._write(_folder_of(owner), draft)
            except Exception:  # one draft that cannot be written must not end the keeping of all others
                log.exception("A draft could not be kept")
            with self._changed:
                self._writing = None
                self._changed.notify_all()

    def _write(self, folder: str, draft: Draft) -> None:
        """Pictures that are not there yet, then what names them, and only then what nothing names goes."""
        sources = [picture.source for picture in (draft.picture, draft.tail) if picture and picture.source]
        pictures = {f"{folder}/{_file_name('picture', source)}": source.wire_bytes for source in sources}
        manifest = f"{folder}/{MANIFEST}"
        there = {file.name for file in self._storage.files(folder)}
        for name in pictures.keys() - there:
            self._storage.write(pictures[name], name)
        self._storage.write(to_manifest(Recipe(draft=draft), _file_name), manifest)
        for left_over in there - pictures.keys() - {manifest}:
            self._storage.remove(left_over)
        self._prune(folder)

    def _read(self, folder: str) -> Draft | None:
        try:
            manifest = self._storage.read(f"{folder}/{MANIFEST}")
        except NotThere:
            return None
        return from_manifest(manifest, lambda name: self._picture_bytes(folder, name)).draft

    def _picture_bytes(self, folder: str, name: str) -> bytes:
        if Path(name).name != name:
            raise refused("It names a file elsewhere.")
        return self._storage.read(f"{folder}/{name}")

    def _prune(self, spared: str) -> None:
        now = time.monotonic()
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY_S:
            self._pruned_at = now
            self._storage.prune(self._bounds, spared)


def _folder_of(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()


def _file_name(_slot: Slot, source: SourceImage) -> str:
    return f"{source.sha256}.{EXTENSIONS[source.media_type]}"
