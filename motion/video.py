"""Reading a video back: what it says of itself, a still for a card, all its frames for a measurement."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
import cv2
import numpy as np
from av.container import InputContainer

from motion.arrays import Bytes, pixels
from motion.errors import VideoError
from motion.yuv import I420

JPEG_QUALITY = 85


@dataclass(frozen=True, kw_only=True)
class VideoInfo:
    """What a video's container and stream say.

    Attributes:
        width: pixels.
        height: pixels.
        fps: frames a second, on average.
        frames: how many there are.
        duration_s: seconds.
        comment: the container's comment, "" when there is none.
        codec: "h264", …
        pixel_format: "yuv420p", …
    """

    width: int
    height: int
    fps: float
    frames: int
    duration_s: float
    comment: str
    codec: str
    pixel_format: str


def probe(mp4: bytes) -> VideoInfo:
    """Read the headers.

    Raises:
        VideoError: this is no MP4 with a picture.
    """
    with _opened(mp4) as container:
        stream = container.streams.video[0]
        rate, length = stream.average_rate, container.duration
        return VideoInfo(
            width=stream.codec_context.width,
            height=stream.codec_context.height,
            fps=float(rate) if rate else 0.0,
            frames=stream.frames,
            duration_s=(length or 0) / av.time_base,
            comment=container.metadata.get("comment", ""),
            codec=stream.codec_context.name,
            pixel_format=str(stream.codec_context.pix_fmt),
        )


def frames_of(mp4: bytes) -> Iterator[Bytes]:
    """The frames one after another, (H, W, 3) uint8 RGB read as BT.709 limited.

    Raises:
        VideoError: this is no readable MP4 with a picture.
    """
    with _opened(mp4) as container:
        for frame in container.decode(video=0):
            packed = pixels(frame.to_ndarray(format="yuv420p"))
            yield I420(packed=packed, width=frame.width, height=frame.height).to_rgb()


def decode(mp4: bytes) -> Bytes:
    """All frames, (n, H, W, 3) uint8 RGB; for tests and short clips, since it holds them all."""
    return np.stack(list(frames_of(mp4)))


def poster_jpeg(mp4: bytes, *, last: bool = False, max_width: int = 640) -> bytes:
    """The first (or last) frame as a JPEG, at most max_width pixels wide.

    Raises:
        VideoError: there is no frame to show.
    """
    picture = _still(mp4, last=last)
    height, width = picture.shape[:2]
    if width > max_width:
        size = (max_width, max(1, round(height * max_width / width)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _still(mp4: bytes, *, last: bool) -> Bytes:
    found: Bytes | None = None
    for picture in frames_of(mp4):
        found = picture
        if not last:
            break
    if found is None:
        raise VideoError("The video has no frames.")
    return found


@contextmanager
def _opened(mp4: bytes) -> Iterator[InputContainer]:
    try:
        with av.open(io.BytesIO(mp4), "r", format="mp4") as container:
            if not container.streams.video:
                raise VideoError("The video has no picture in it.")
            yield container
    except av.FFmpegError as error:
        raise VideoError(f"The video cannot be read: {error.strerror or error}.") from error
