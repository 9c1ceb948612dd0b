"""The files of a task, each with its SHA-256 in the database: what was sent, and the video that came.

A row is written only when its bytes are safe, so a row that is seen has a whole file. A crash in between
leaves bytes without a row, which the next attempt writes again under the same name.
"""

import base64
import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import and_, func, select, update

from kling import ImageToVideoRequest
from kling.keys import BearerAuth
from kling.models import is_web_url
from motion import poster_jpeg
from studio.errors import StudioError
from studio.files.artifact import (
    Artifact,
    ArtifactKind,
    artifact_row,
    describe_file,
    pictures_in,
    read_artifact,
    sha256_of,
)
from studio.files.retention import DEFAULT_CAP_BYTES, KeptVideo
from studio.files.size_limits import KeptFile, SizeLimits, names_to_remove
from studio.files.storage import NotThere, Storage, StorageProblem
from studio.files.video_by_hand import save_uploaded_video
from studio.files.video_download import DownloadProblem, download_video
from studio.journal.database import Database
from studio.journal.entry import Entry, utc_now
from studio.journal.schema import artifacts, entries, insert_or_ignore

__all__ = ["Artifact", "ArtifactKind", "ArtifactStore", "NoSuchVideo"]

log = logging.getLogger(__name__)

COPIES = SizeLimits(max_age_s=7 * 86_400.0)
"""Limits of the copies of an object store's files on this machine."""
RECIPES = SizeLimits()
"""Limits of the recipes of everything that was sent: 30 days, 2 GB."""
_c = artifacts.c


class NoSuchVideo(StudioError):
    """A video that was asked for is not there, or another person's."""


class ArtifactStore:
    """Thread-safe, and safe between processes on one database and one storage."""

    def __init__(
        self,
        store: Database,
        storage_url: str,
        *,
        cap_bytes: int = DEFAULT_CAP_BYTES,
        cache_dir: Path | None = None,
        download: Callable[..., object] = download_video,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Read and write nothing yet.

        Args:
            store: the database.
            storage_url: a folder, or an object store such as `s3://bucket/studio`.
            cap_bytes: above it, videos are offered for removal.
            cache_dir: local folder for copies of an object store's files.
            download: fetches a URL to a path, as `download_video` does.
            now: aware UTC.
        """
        self.cap_bytes = cap_bytes
        self.storage_url = storage_url
        self._store = store
        self._copies = cache_dir or Path(tempfile.gettempdir()) / "motion-studio-copies"
        self._storage = Storage(storage_url, self._copies)
        self._download = download
        self._now = now

    def keep(
        self,
        entry_id: str,
        kind: ArtifactKind,
        data: bytes | Path,
        index: int = 0,
        *,
        by_hand: bool = False,
    ) -> Artifact:
        """Keep bytes, or a finished local file, which is moved; the same again changes nothing.

        Raises:
            StorageProblem: they are not kept, and no row says so.
        """
        made = describe_file(entry_id, kind, index, data, self._now(), by_hand=by_hand)
        known = next((one for one in self.files_of(entry_id) if (one.kind, one.index) == (kind, index)), None)
        if known is not None and known.sha256 == made.sha256 and self._is_there(known):
            return known
        if isinstance(data, Path):
            self._storage.move_in(data, made.path)
        else:
            self._storage.write(data, made.path)
        self._write_row(made)
        return made

    def write_sent(
        self, entry_id: str, request: ImageToVideoRequest, recipe: bytes | None = None
    ) -> tuple[Artifact, ...]:
        """Write what is to be sent: each picture, the request that names them, and the recipe of it.

        No row says so yet: the journal writes these rows together with the entry, so that neither is there
        without the other. Without an entry, `discard` them.

        Raises:
            StorageProblem: not all of it is written.
        """
        self._remove_old_recipes()
        written: list[Artifact] = []
        try:
            for kind, index, data in _sent_files(request, recipe, written):
                written.append(self._write(entry_id, kind, data, index))
        except StorageProblem:
            self.discard(written)
            raise
        return tuple(written)

    def discard(self, written: Iterable[Artifact]) -> None:
        """Remove files whose rows were never written; what cannot be removed stays, and is logged."""
        for artifact in written:
            try:
                self._storage.remove(artifact.path)
            except StorageProblem:
                log.exception("A file that belongs to no task could not be removed")

    def keep_video(
        self, entry: Entry, url: str, trusted_base_url: str, auth: BearerAuth | None = None
    ) -> Artifact:
        """Download a finished video, check it, and keep it with its poster; nothing is done twice.

        Args:
            entry: the task.
            url: the result's link, with its whole query.
            trusted_base_url: the service's own address, which is reached directly.
            auth: puts the service's key into a request to that address.

        Raises:
            DownloadProblem: not yet; with `expired` the link must be asked for anew.
        """
        try:
            known = self.video(entry.entry_id)
            if known is not None and self._is_there(known):
                return known
            with self._storage.temporary_file(".mp4") as part:
                self._download(url, part, trusted_base_url=trusted_base_url, auth=auth)
                self.keep(entry.entry_id, ArtifactKind.POSTER, poster_jpeg(part))
                return self.keep(entry.entry_id, ArtifactKind.VIDEO, part)
        except StorageProblem as problem:
            what = "The video is finished but could not be kept yet."
            raise DownloadProblem(what, problem.why, problem.next_step) from problem

    def keep_video_by_hand(self, entry: Entry, file: BinaryIO) -> Artifact:
        """Keep a video that its owner uploads, checked as a downloaded one is; its row says how it came.

        Raises:
            UnusableVideo: it is too large, or not a whole MP4 that plays.
            StorageProblem: it is not kept.
        """
        with self._storage.temporary_file(".mp4") as part:
            try:
                save_uploaded_video(file, part)
            except OSError as failure:
                raise StorageProblem(
                    "The file could not be kept.", f"{failure.strerror}.", "Make room."
                ) from failure
            self.keep(entry.entry_id, ArtifactKind.POSTER, poster_jpeg(part))
            return self.keep(entry.entry_id, ArtifactKind.VIDEO, part, by_hand=True)

    def files_of(self, entry_id: str) -> tuple[Artifact, ...]:
        """All files of a task; a removed one is among them and says so."""
        query = select(artifacts).where(_c.entry_id == entry_id).order_by(_c.kind, _c["index"])
        with self._store.reading() as connection:
            return tuple(read_artifact(row) for row in connection.execute(query))

    def files_of_many(
        self, owner: str, entry_ids: Collection[str], kinds: Collection[ArtifactKind]
    ) -> dict[str, tuple[Artifact, ...]]:
        """The files of these kinds of this owner's tasks, by entry id, in one query."""
        query = select(artifacts).join(entries).where(entries.c.owner == owner)
        query = query.where(_c.entry_id.in_(entry_ids), _c.kind.in_(kinds)).order_by(_c.entry_id, _c.kind)
        with self._store.reading() as connection:
            found = [read_artifact(row) for row in connection.execute(query)]
        return {name: tuple(files) for name, files in groupby(found, key=lambda file: file.entry_id)}

    def video(self, entry_id: str) -> Artifact | None:
        """A task's video, removed or not; None when none was kept."""
        return next((one for one in self.files_of(entry_id) if one.kind is ArtifactKind.VIDEO), None)

    def recipe(self, entry: Entry) -> Artifact | None:
        """The recipe that the task was made from; None when none is kept, or the entry is not its owner's."""
        query = _KEPT_RECIPES.join(entries).where(entries.c.owner == entry.owner)
        with self._store.reading() as connection:
            row = connection.execute(query.where(_c.entry_id == entry.entry_id)).first()
        return None if row is None else read_artifact(row)

    def has_lost_video(self, entry_id: str) -> bool:
        """Whether a video was kept, no person removed it, and its file has vanished all the same.

        Raises:
            StorageProblem: the storage does not say.
        """
        video = self.video(entry_id)
        return video is not None and video.removed_at is None and not self._is_there(video)

    def read(self, artifact: Artifact) -> bytes:
        """Read a file's bytes, which are those that were kept.

        Raises:
            StorageProblem: it is not there, cannot be read, or is not what was kept.
        """
        data = self._storage.read(artifact.path)
        _check(artifact, data)
        return data

    def fetch_local_path(self, artifact: Artifact) -> Path:
        """Give a file on this machine, to be read and not written to; fetched when the storage is elsewhere.

        Raises:
            NotThere: it has vanished.
            StorageProblem: it was removed, cannot be fetched, or is not what was kept.
        """
        if artifact.removed_at is not None:
            raise StorageProblem(_UNREADABLE, "Its owner removed it.", "Make it anew from its recipe.")
        path = self._storage.local_path(artifact.path)
        if path is None:
            return self._fetch_copy(artifact)
        if not self._is_there(artifact):
            raise NotThere(_UNREADABLE, "It is not there any more.", "Look where the files are kept.")
        return path

    def videos(self, owner: str) -> tuple[KeptVideo, ...]:
        """A person's kept videos, oldest first."""
        here = and_(entries.c.owner == owner, _c.kind == ArtifactKind.VIDEO, _c.removed_at.is_(None))
        columns = (*artifacts.c, entries.c.prompt, entries.c.task_id)
        query = select(*columns).join(entries).where(here).order_by(_c.created_at)
        with self._store.reading() as connection:
            return tuple(
                KeptVideo(
                    entry_id=row.entry_id,
                    title=row.prompt or row.task_id or row.entry_id,
                    size_bytes=row.size_bytes,
                    kept_at=row.created_at,
                    pinned=row.pinned,
                )
                for row in connection.execute(query)
            )

    def kept_bytes(self, owner: str) -> int:
        """Bytes of a person's kept videos."""
        query = select(func.coalesce(func.sum(_c.size_bytes), 0)).join(entries)
        query = query.where(entries.c.owner == owner, _c.kind == ArtifactKind.VIDEO, _c.removed_at.is_(None))
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def used_bytes(self) -> int:
        """Bytes of everything that is kept, of all owners."""
        with self._store.reading() as connection:
            query = select(func.coalesce(func.sum(_c.size_bytes), 0)).where(_c.removed_at.is_(None))
            return int(connection.execute(query).scalar_one())

    def pin(self, owner: str, entry_id: str, *, pinned: bool) -> None:
        """Pin a video, which is then never offered for removal, or unpin it.

        Raises:
            NoSuchVideo: the person has no such video.
        """
        self._change_video(owner, entry_id, pinned=pinned)

    def remove(self, owner: str, entry_id: str) -> None:
        """Remove a video because its owner says so; its row stays and says when.

        Raises:
            NoSuchVideo: the person has no such video.
            StorageProblem: it is still there.
        """
        if entry_id not in {video.entry_id for video in self.videos(owner)}:
            raise _no_such_video()
        for video in (one for one in self.files_of(entry_id) if one.kind is ArtifactKind.VIDEO):
            self._storage.remove(video.path)
            self._copy_of(video).unlink(missing_ok=True)
        self._change_video(owner, entry_id, removed_at=self._now())

    def _change_video(self, owner: str, entry_id: str, **changes: object) -> None:
        theirs = select(entries.c.entry_id).where(entries.c.owner == owner)
        video = and_(_c.entry_id == entry_id, _c.kind == ArtifactKind.VIDEO, _c.removed_at.is_(None))
        with self._store.writing() as connection:
            changed = connection.execute(
                update(artifacts).where(video, _c.entry_id.in_(theirs)).values(**changes)
            )
        if changed.rowcount == 0:
            raise _no_such_video()

    def _remove_old_recipes(self) -> None:
        """Keep recipes within their limits; one that cannot be removed is logged, and goes another time."""
        with self._store.reading() as connection:
            kept = {row.entry_id: read_artifact(row) for row in connection.execute(_KEPT_RECIPES)}
        files = (
            KeptFile(name=recipe.entry_id, size_bytes=recipe.size_bytes, written_at=recipe.created_at)
            for recipe in kept.values()
        )
        try:
            for entry_id in names_to_remove(files, RECIPES, self._now()):
                self._storage.remove(kept[entry_id].path)
                self._write_row(replace(kept[entry_id], removed_at=self._now()))
        except StorageProblem:
            log.exception("An old recipe could not be removed")

    def _write(self, entry_id: str, kind: ArtifactKind, data: bytes, index: int) -> Artifact:
        made = describe_file(entry_id, kind, index, data, self._now())
        self._storage.write(data, made.path)
        return made

    def _is_there(self, artifact: Artifact) -> bool:
        return artifact.removed_at is None and self._storage.size(artifact.path) == artifact.size_bytes

    def _write_row(self, made: Artifact) -> None:
        row = artifact_row(made)
        same = and_(_c.entry_id == made.entry_id, _c.kind == made.kind, _c["index"] == made.index)
        with self._store.writing() as connection:
            if not insert_or_ignore(connection, artifacts, row):
                del row["pinned"]  # a person's choice outlives a second keeping
                connection.execute(update(artifacts).where(same).values(row))

    def _copy_of(self, artifact: Artifact) -> Path:
        return self._copies / f"{artifact.sha256}{Path(artifact.path).suffix}"

    def _fetch_copy(self, artifact: Artifact) -> Path:
        copy = self._copy_of(artifact)
        if not copy.exists() or copy.stat().st_size != artifact.size_bytes:
            with self._storage.temporary_file() as part:
                self._storage.fetch(artifact.path, part)
                _check(artifact, part)
                part.replace(copy)
        with contextlib.suppress(FileNotFoundError):  # just cleared away by another view of another video
            os.utime(copy)  # used last of all; `touch` would leave an empty file there, for good
        Storage(str(self._copies)).prune(COPIES, keep=copy.name)
        return copy


_KEPT_RECIPES = select(artifacts).where(_c.kind == ArtifactKind.RECIPE, _c.removed_at.is_(None))


def _sent_files(
    request: ImageToVideoRequest, recipe: bytes | None, written: Sequence[Artifact]
) -> Iterator[tuple[ArtifactKind, int, bytes]]:
    """Each file of what is sent: its kind, its index, its bytes; the request's JSON names those written."""
    body = request.to_wire()
    for kind, index, holder, field in pictures_in(body):
        if not is_web_url(holder[field]):
            yield kind, index, base64.b64decode(holder[field])
            holder[field] = Path(written[-1].path).name
    yield ArtifactKind.REQUEST, 0, json.dumps(body, indent=2).encode()
    if recipe is not None:
        yield ArtifactKind.RECIPE, 0, recipe


_UNREADABLE = "A kept file cannot be read."


def _check(artifact: Artifact, data: bytes | Path) -> None:
    if sha256_of(data) != artifact.sha256:
        why = "Its checksum is not the one of what was kept: it was changed from outside."
        raise StorageProblem(_UNREADABLE, why, "Restore it from a backup of the storage.")


def _no_such_video() -> NoSuchVideo:
    return NoSuchVideo("There is no such video.", "It was removed, or is not yours.", "Load the page again.")
