"""A database and a storage that several processes' `ArtifactStore` share."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kling import ImageToVideoRequest
from studio.files.artifact import artifact_row
from studio.files.artifact_store import Artifact, ArtifactKind, ArtifactStore
from studio.journal.database import Database
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from tests.support.make import new_task
from tests.support.services import NOON
from tests.support.videos import small_mp4

MP4 = small_mp4()


@dataclass
class FakeDownload:
    """Writes what it has to the path that it is given; counts, and fails while it is told to."""

    body: bytes = MP4
    problems: list[Exception] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def __call__(self, url: str, target: Path, **_: Any) -> None:
        self.urls.append(url)
        target.write_bytes(self.body if not self.problems else self.body[:100])
        if self.problems:
            raise self.problems.pop(0)


@dataclass
class World:
    """One database and one storage, which several processes' `ArtifactStore` may share."""

    store: Database
    storage_url: str
    folder: Path
    download: FakeDownload = field(default_factory=FakeDownload)
    now: datetime = NOON

    def artifacts(self, machine: str = "one", **options: Any) -> ArtifactStore:
        """Those of one process."""
        return ArtifactStore(
            self.store,
            self.storage_url,
            cache_dir=self.folder / machine,
            download=self.download,
            now=lambda: self.now,
            **options,
        )

    def entry(self, owner: str = "ann") -> Entry:
        """A new entry of the journal."""
        return Journal(self.store).create_entry(new_task(owner=owner))

    def sent(self, request: ImageToVideoRequest, recipe: bytes | None = None) -> Entry:
        """A new entry with what was sent for it."""
        wanted = new_task(request=request)
        files = self.artifacts().write_sent(wanted.entry_id, request, recipe)
        return Journal(self.store).create_entry(wanted, files=[artifact_row(file) for file in files])

    def video(self, owner: str = "ann") -> Artifact:
        """A kept video of an entry of its own."""
        return self.artifacts().keep(self.entry(owner).entry_id, ArtifactKind.VIDEO, MP4)
