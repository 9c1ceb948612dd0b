"""Go on from a kept video: one of its frames becomes the picture of a new draft, which continues it."""

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image

from motion import MotionError, frame_at
from studio.films.problems import unreadable
from studio.journal.entry import Entry
from studio.kept_results import MB, kept
from studio.pictures.decoding_queue import QUEUE
from studio.pictures.source_image import SourceImage, build_source
from studio.request.draft import Draft, Parameters, Picture
from studio.request.external_ids import without_external_id
from studio.short_text import shortened

TITLE_CHARS = 40


def frame_picture(video: Path, title: str, at_s: float | None = None) -> SourceImage:
    """A frame of a video as a picture to send: at full size, a PNG unless that exceeds 10 MB.

    Args:
        video: the file.
        title: what the video is called.
        at_s: seconds from its beginning; None: its last frame.

    Raises:
        FilmProblem: it cannot be read.
    """
    try:
        with QUEUE.turn():
            pixels = Image.fromarray(frame_at(video, at_s))
            return build_source(pixels, (), "PNG", frame_name(title, at_s))
    except (MotionError, OSError) as failure:
        raise unreadable(str(failure)) from failure


@kept(8 * MB, len)
def frame_jpeg(video: Path, sha256: str, at_s: float | None, max_side_px: int = 640) -> bytes:  # noqa: ARG001
    """The same frame as a small JPEG to look at; kept for a while by the video's checksum.

    Raises:
        FilmProblem: it cannot be read.
    """
    try:
        picture = Image.fromarray(frame_at(video, at_s))
    except (MotionError, OSError) as failure:
        raise unreadable(str(failure)) from failure
    picture.thumbnail((max_side_px, max_side_px))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def frame_name(title: str, at_s: float | None = None) -> str:
    """The name of such a picture."""
    where = "Last frame" if at_s is None else f"Frame at {at_s:.2f} s"
    return f"{where} of “{shortened(title, TITLE_CHARS)}”"


def draft_going_on(entry: Entry, sent: Draft | None, frame: SourceImage) -> Draft:
    """The draft that goes on from a task's video: its words and choices, nothing drawn yet.

    Args:
        entry: the task.
        sent: what it was made from; None where that is not kept.
        frame: of its video.
    """
    parameters = sent.parameters if sent else _from_entry(entry)
    return without_external_id(
        Draft(
            picture=Picture(source=frame, continues_entry_id=entry.entry_id),
            tail=None,
            drawing=None,
            parameters=replace(parameters, carrier=None, motion_words=None),
        )
    )


def _from_entry(entry: Entry) -> Parameters:
    """Those that the journal has; the page fits the rest to the model."""
    return Parameters(
        model_name=entry.model_name or "",
        mode=entry.mode,
        duration=entry.duration or "",
        prompt=entry.prompt or "",
    )
