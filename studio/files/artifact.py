"""One kept file of a task: its kind, its name and its checksum. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Row


class ArtifactKind(StrEnum):
    """The part that a file plays in its task."""

    INPUT = "input"
    TAIL = "tail"
    STATIC_MASK = "static_mask"
    DYNAMIC_MASK = "dynamic_mask"
    """One for each region that moves, in the request's order."""
    RECIPE = "recipe"
    """The draft that became the task: a manifest whose pictures are the task's other files."""
    REQUEST = "request"
    """The request as JSON, with the names of these files in place of the pictures; it never held the key."""
    POSTER = "poster"
    """The video's first frame."""
    VIDEO = "video"


_SUFFIXES = {
    ArtifactKind.RECIPE: ".json",
    ArtifactKind.REQUEST: ".json",
    ArtifactKind.POSTER: ".jpg",
    ArtifactKind.VIDEO: ".mp4",
}


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One kept file."""

    entry_id: str
    kind: ArtifactKind
    # 0, and counted up for dynamic masks
    index: int
    # its name in the storage
    path: str
    size_bytes: int
    sha256: str
    # a pinned video is never offered for removal
    pinned: bool
    created_at: datetime
    # when a person removed the file, or wanted a vanished one anew; None: it is there
    removed_at: datetime | None
    # its owner uploaded it, since it could not be fetched
    by_hand: bool = False


def describe_file(
    entry_id: str,
    kind: ArtifactKind,
    index: int,
    data: bytes | Path,
    now: datetime,
    *,
    by_hand: bool = False,
) -> Artifact:
    """Make the record of bytes, or of a local file, that are to be kept."""
    sha256 = sha256_of(data)
    return Artifact(
        entry_id=entry_id,
        kind=kind,
        index=index,
        # with its hash, so that two processes never write different bytes under one name
        path=f"{entry_id}/{kind}-{index}-{sha256[:16]}{_suffix(kind, data)}",
        size_bytes=len(data) if isinstance(data, bytes) else data.stat().st_size,
        sha256=sha256,
        pinned=False,
        created_at=now,
        removed_at=None,
        by_hand=by_hand,
    )


def sha256_of(data: bytes | Path) -> str:
    """The checksum in hexadecimal; a file is read piece by piece."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pictures_in(body: dict[str, Any]) -> Iterator[tuple[ArtifactKind, int, dict[str, Any], str]]:
    """Each picture in a request's JSON: its kind, its index, the object that holds it, and the name there."""
    for kind, field in (
        (ArtifactKind.INPUT, "image"),
        (ArtifactKind.TAIL, "image_tail"),
        (ArtifactKind.STATIC_MASK, "static_mask"),
    ):
        if field in body:
            yield kind, 0, body, field
    for index, mask in enumerate(body.get("dynamic_masks", [])):
        yield ArtifactKind.DYNAMIC_MASK, index, mask, "mask"


def artifact_row(artifact: Artifact) -> dict[str, Any]:
    """The record as a row of the table."""
    return {field.name: getattr(artifact, field.name) for field in fields(Artifact)}


def read_artifact(row: Row[Any]) -> Artifact:
    """Read a row as a record."""
    values = row._mapping  # noqa: SLF001 — SQLAlchemy's public name for it
    named = {field.name: values[field.name] for field in fields(Artifact)}
    return Artifact(**named | {"kind": ArtifactKind(values["kind"])})


def _suffix(kind: ArtifactKind, data: bytes | Path) -> str:
    if kind in _SUFFIXES or isinstance(data, Path):
        return _SUFFIXES.get(kind, "")
    return ".png" if data.startswith(b"\x89PNG") else ".jpg"
