"""A place for files: a local folder, or an object store named by a URL such as `s3://bucket/studio`.

A file is there whole under its name, or it is not there. In a folder it is written beside, synced to the disk
and renamed; an object store shows an object only when all of it has arrived.
"""

import contextlib
import errno
import logging
import os
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from studio.errors import StudioError
from studio.files.size_limits import KeptFile, SizeLimits, names_to_remove

log = logging.getLogger(__name__)

SCRATCH_NAME = ".unfinished"
ABANDONED_AFTER_S = 86_400.0
"""A file in the making that is older was left by a process that died."""
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StorageProblem(StudioError):
    """A file could not be kept, read or removed."""


class NotThere(StorageProblem):
    """A file was to be read, and there is none of that name."""


class Storage:
    """Thread-safe. Names are relative, such as `0f3a/video.mp4`, and made by us."""

    def __init__(self, url: str, scratch: Path | None = None) -> None:
        """Open nothing yet; only clear away what a process that died left unfinished.

        Args:
            url: a folder, or any URL that fsspec knows; an S3 service other than Amazon's, and its
                credentials, are named by botocore's own variables (`AWS_ENDPOINT_URL`, …).
            scratch: local folder for files in the making, for an object store.

        Raises:
            StorageProblem: no such kind of store is known.
        """
        self._fs, self._root = _open_store(url)
        self.is_local = isinstance(self._fs, LocalFileSystem)
        beside = Path(self._root) if self.is_local else scratch or Path(tempfile.gettempdir())
        self._scratch = beside / SCRATCH_NAME
        _clear_abandoned(self._scratch)

    @contextmanager
    def temporary_file(self, suffix: str = "") -> Iterator[Path]:
        """Give a new local path to write to before `move_in`; nothing is left there afterwards.

        Raises:
            StorageProblem: there is no room or no right to write.
        """
        path = self._scratch / f"{uuid.uuid4().hex}{suffix}"
        with _translate_errors("kept"):
            self._scratch.mkdir(parents=True, exist_ok=True)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def move_in(self, file: Path, name: str) -> None:
        """Move a finished local file to a name; whatever was there is replaced.

        Raises:
            StorageProblem: it is not kept.
        """
        with _translate_errors("kept"):
            if self.is_local:
                self._rename(file, Path(self._root) / name)
            else:
                self._upload(file, name)

    def write(self, data: bytes, name: str) -> None:
        """Keep bytes under a name, as `move_in` does.

        Raises:
            StorageProblem: they are not kept.
        """
        with self.temporary_file() as path, _translate_errors("kept"):
            path.write_bytes(data)
            self.move_in(path, name)

    def size(self, name: str) -> int | None:
        """Bytes of a file; None when it is not there.

        Raises:
            StorageProblem: the storage does not say.
        """
        with _translate_errors("read"):
            try:
                return int(self._fs.size(self._path(name)))
            except FileNotFoundError:
                return None

    def read(self, name: str) -> bytes:
        """Read all of a file.

        Raises:
            NotThere: there is no such file.
            StorageProblem: it cannot be read.
        """
        with _translate_errors("read"):
            return bytes(self._fs.cat_file(self._path(name)))

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to a local path.

        Raises:
            NotThere: there is no such file.
            StorageProblem: it cannot be read.
        """
        with _translate_errors("read"):
            self._fs.get_file(self._path(name), str(target))

    def local_path(self, name: str) -> Path | None:
        """Path of a file in a folder of this machine; None for an object store."""
        return Path(self._root) / name if self.is_local else None

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no problem.

        Raises:
            StorageProblem: it is still there.
        """
        with _translate_errors("removed"):
            try:
                self._fs.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def files(self, folder: str = "") -> tuple[KeptFile, ...]:
        """Every file, or every one in a folder, without those in the making.

        Raises:
            StorageProblem: the storage does not say.
        """
        with _translate_errors("read"):
            found = self._fs.find(self._path(folder).rstrip("/"), detail=True)
            return tuple(self._listed(path, info) for path, info in found.items() if self._is_kept(path))

    def prune(self, limits: SizeLimits, keep: str | None = None) -> None:
        """Remove the oldest files and folders at the top until the rest is within the limits.

        What cannot be removed now is logged, and goes another time. `keep` stays in any case.
        """
        try:
            for name in names_to_remove(self.files(), limits, datetime.now(UTC), keep):
                self._remove_all(name)
        except StorageProblem:
            log.exception("What is too old or too much could not be removed")

    def _remove_all(self, name: str) -> None:
        with _translate_errors("removed"), contextlib.suppress(FileNotFoundError):
            self._fs.rm(self._path(name), recursive=True)

    def _is_kept(self, path: str) -> bool:
        """Whether a path lies below the root, and not among files in the making."""
        return path.startswith(f"{self._root}/") and not path.startswith(self._path(f"{SCRATCH_NAME}/"))

    def _listed(self, path: str, info: Mapping[str, Any]) -> KeptFile:
        # a folder and S3 tell the time with the list; any other store is asked for it
        at = info.get("mtime") or info.get("LastModified") or self._fs.modified(path)
        return KeptFile(
            name=path.removeprefix(f"{self._root}/"),
            size_bytes=int(info["size"]),
            written_at=at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC),
        )

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _rename(self, file: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync([file])
        file.replace(target)
        _sync([target.parent, target.parent.parent])  # the name, and the folder that may be new

    def _upload(self, file: Path, name: str) -> None:
        sent = file.stat().st_size
        self._fs.put_file(str(file), self._path(name))
        arrived = self._fs.size(self._path(name))
        if arrived != sent:
            raise OSError(f"{arrived} of {sent} bytes arrived")
        file.unlink()


def _open_store(url: str) -> tuple[AbstractFileSystem, str]:
    """Open the store; with it, the folder in it."""
    try:
        # fsspec would hand out one object a URL for ever, with the address and credentials of its first use;
        # nor may it remember a listing, since other machines write there too
        return url_to_fs(url, skip_instance_cache=True, use_listings_cache=False)  # type: ignore[no-any-return]
    except (ValueError, ImportError) as error:
        raise StorageProblem(
            "STORAGE_URL is not usable.",
            "It names a kind of store that is not known here.",
            "Write it like /srv/studio/files or s3://bucket/studio.",
        ) from error


def _clear_abandoned(scratch: Path) -> None:
    for left in scratch.glob("*"):
        with contextlib.suppress(OSError):  # another process may be clearing it away too
            if time.time() - left.stat().st_mtime > ABANDONED_AFTER_S:
                left.unlink()


def _sync(paths: Iterable[Path]) -> None:
    """Wait until the disk itself has them."""
    for path in paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _translate_errors(done: str) -> Iterator[None]:
    """Translate a store's errors into words, here alone."""
    try:
        yield
    except StudioError:
        raise
    except Exception as error:  # every kind of store that fsspec knows has an error tree of its own
        what = f"A file could not be {done}."
        if done == "read" and isinstance(error, FileNotFoundError):
            raise NotThere(what, "It is not there any more.", "Look where the files are kept.") from error
        raise StorageProblem(what, *_explain(error)) from error


def _explain(error: Exception) -> tuple[str, str]:
    """Reason and next step."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return "The disk is full.", "Remove videos that are not needed, or enlarge it."
    return (
        "The place where files are kept cannot be used.",
        "Check STORAGE_URL, its folder's rights or its credentials.",
    )
