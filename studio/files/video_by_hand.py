"""Check a video that its owner fetched by its link, and uploads since the app could not fetch it."""

import os
from pathlib import Path
from typing import BinaryIO

from motion import VideoError, check_mp4
from studio.errors import StudioError
from studio.files.video_download import LIMITS

_PIECE_BYTES = 1 << 20


class UnusableVideo(StudioError):
    """An uploaded file is not kept as a task's video."""


def save_uploaded_video(file: BinaryIO, target: Path, max_bytes: int = LIMITS.max_bytes) -> None:
    """Write an uploaded MP4 to a local file, checked as a downloaded one is.

    Raises:
        UnusableVideo: it is too large, or not a whole MP4 that plays.
        OSError: there is no room for it.
    """
    file.seek(0)
    size = 0
    with target.open("wb") as written:
        while piece := file.read(_PIECE_BYTES):
            size += len(piece)
            if size > max_bytes:
                raise _problem(f"It is larger than {max_bytes / 1_000_000:g} MB.")
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    try:
        check_mp4(target)
    except VideoError as failure:
        raise _problem("It is not a whole MP4 that plays.") from failure


def no_video_wanted() -> UnusableVideo:
    """The problem of a task that does not wait for its video."""
    return UnusableVideo(
        "This file was not kept.", "Its task does not wait for a video.", "Load the page again."
    )


def _problem(why: str) -> UnusableVideo:
    return UnusableVideo(
        "This file was not kept.", why, "Download it once more by its link, and upload that."
    )
