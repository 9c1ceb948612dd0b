"""Keeps each person's draft on disk, so that a reload, a crash or a restart loses nothing.

One folder an owner, named by the owner's hash: `manifest.json` as in a recipe, and each picture once under
its own hash. A thread of its own writes; a page only hands a draft over.
"""

import hashlib
import logging
import threading
import time
from pathlib import Path

from studio.draft import Draft
from studio.errors import StudioError
from studio.images import SourceImage
from studio.keeping import Bounds, prune, write_whole
from studio.manifest import EXTENSIONS, Recipe, Slot, from_manifest, to_manifest
from studio.plain import refused

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
PRUNE_EVERY_S = 600.0


class Drafts:
    """Thread-safe. The newest draft of an owner wins; what came between is not written."""

    def __init__(self, folder: Path, bounds: Bounds | None = None) -> None:
        self._folder = folder
        self._bounds = bounds or Bounds()
        self._waiting: dict[str, Draft] = {}
        self._changed = threading.Condition()
        self._writing: str | None = None
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
            self._changed.wait_for(lambda: self._writing != owner)
            if owner in self._waiting:
                return self._waiting[owner]
        folder = self._folder_of(owner)
        try:
            return from_manifest(
                (folder / MANIFEST).read_bytes(), lambda name: _picture_bytes(folder, name)
            ).draft
        except FileNotFoundError:
            return None
        except (OSError, StudioError):
            log.exception("A kept draft could not be read")
            return None

    def flush(self) -> None:
        """Waits until everything handed over is written."""
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None or not (self._waiting or self._writing))

    def close(self) -> None:
        """Writes what is waiting, and ends."""
        with self._changed:
            self._closing = True
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                owner, draft = self._waiting.popitem()
                self._writing = owner
            try:
                self._write(self._folder_of(owner), draft)
            except Exception:  # one draft that cannot be written must not end the keeping of all others
                log.exception("A draft could not be kept")
            with self._changed:
                self._writing = None
                self._changed.notify_all()

    def _write(self, folder: Path, draft: Draft) -> None:
        sources = [picture.source for picture in (draft.picture, draft.tail) if picture and picture.source]
        for source in sources:
            target = folder / _file_name("picture", source)
            if not target.exists():
                write_whole(target, source.wire_bytes)
        write_whole(folder / MANIFEST, to_manifest(Recipe(draft=draft), _file_name))
        needed = {MANIFEST, *(_file_name("picture", source) for source in sources)}
        for left_over in (file for file in folder.iterdir() if file.name not in needed):
            left_over.unlink(missing_ok=True)
        self._prune(folder)

    def _prune(self, spared: Path) -> None:
        now = time.monotonic()
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY_S:
            self._pruned_at = now
            prune(self._folder.iterdir(), self._bounds, spared)

    def _folder_of(self, owner: str) -> Path:
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()


def _file_name(_slot: Slot, source: SourceImage) -> str:
    return f"{source.sha256}.{EXTENSIONS[source.media_type]}"


def _picture_bytes(folder: Path, name: str) -> bytes:
    if Path(name).name != name:
        raise refused("It names a file elsewhere.")
    return (folder / name).read_bytes()
