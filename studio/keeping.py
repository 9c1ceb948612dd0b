"""Files that are written whole or not at all, and folders that stay within an age and a size."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How long and how much a folder keeps."""

    # the oldest that anything may be, in seconds since it was last written
    max_age_s: float = 30 * 86_400.0
    # of everything together; the oldest goes first
    max_bytes: int = 2_000_000_000


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that a crash at any moment leaves the old one or the new one.

    Raises:
        OSError: there is no room or no right to write; nothing is left of the attempt.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def prune(entries: Iterable[Path], bounds: Bounds, spared: Path | None = None) -> None:
    """Removes the oldest entries (files or folders) until the rest is within the bounds.

    `spared` stays whatever its size: somebody has just written it.
    """
    oldest_allowed = time.time() - bounds.max_age_s
    total = 0
    for written_at, size, entry in sorted(map(_measured, entries), reverse=True):
        total += size
        if entry != spared and (written_at < oldest_allowed or total > bounds.max_bytes):
            _remove(entry)


def _measured(entry: Path) -> tuple[float, int, Path]:
    """(last written, bytes, entry); what vanishes meanwhile counts as nothing."""
    newest, size = 0.0, 0
    for file in entry.iterdir() if entry.is_dir() else (entry,):
        with contextlib.suppress(OSError):
            found = file.stat()
            newest, size = max(newest, found.st_mtime), size + found.st_size
    return newest, size, entry


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            entry.unlink()
