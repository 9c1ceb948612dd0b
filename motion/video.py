"""Read a video back: its headers, a still for a card, all its frames for a measurement."""

import io
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import cv2
import numpy as np
from av.container import InputContainer

from motion.arrays import Bytes, pixels
from motion.errors import VideoError
from motion.yuv import I420

JPEG_QUALITY = 85
MAX_PIXELS = 100_000_000
"""The largest frame that is decoded, in pixels; it takes about 240 MB of memory."""
_INSTANT_S = 1e-4
"""By so much a time may be late for its frame: it was rounded."""
_PICTURES = {b"mdat", b"moov", b"moof"}


@dataclass(frozen=True, kw_only=True)
class VideoInfo:
    """Facts from a video's container and stream.

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


def check_mp4(path: Path) -> None:
    """Decode the first frame, and see that the file does not end before its pictures do.

    A file that was cut behind its index still plays at first: only the length of its boxes gives it away.

    Raises:
        VideoError: it is not a whole MP4 with a picture.
        OSError: the file cannot be read.
    """
    with opened(path) as container:
        if next(container.decode(video=0), None) is None:
            raise VideoError("The video has no frames.")
    with path.open("rb") as file:
        _check_boxes(file, path.stat().st_size)


def probe(mp4: bytes | Path) -> VideoInfo:
    """Read the headers.

    Raises:
        VideoError: this is no MP4 with a picture.
    """
    with opened(mp4) as container:
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


def frames_of(mp4: bytes | Path) -> Iterator[Bytes]:
    """The frames one after another, (H, W, 3) uint8 RGB read as BT.709 limited.

    Raises:
        VideoError: this is no readable MP4 with a picture.
    """
    with opened(mp4) as container:
        for frame in container.decode(video=0):
            yield to_rgb(frame, frame.width, frame.height)


def frame_at(mp4: bytes | Path, at_s: float | None = None) -> Bytes:
    """The frame that is shown at a time, or the last: (H, W, 3) uint8 RGB.

    Args:
        mp4: the video.
        at_s: seconds from its beginning; None, or a time after its end, is its last frame.

    Raises:
        VideoError: there is no such frame.
    """
    with opened(mp4) as container:
        container.streams.video[0].thread_type = "AUTO"
        found = None
        for frame in container.decode(video=0):
            if found is not None and at_s is not None and (frame.time or 0.0) > at_s + _INSTANT_S:
                break
            found = frame
        if found is None:
            raise VideoError("The video has no frames.")
        return to_rgb(found, found.width, found.height)


def to_rgb(frame: av.VideoFrame, width: int, height: int) -> Bytes:
    """A frame as RGB, scaled to this size, made even since others' videos may be odd."""
    even = {"width": max(width // 2 * 2, 2), "height": max(height // 2 * 2, 2)}
    scaled = frame.reformat(**even, format="yuv420p", interpolation="AREA")
    return I420(packed=pixels(scaled.to_ndarray()), **even).to_rgb()


def decode(mp4: bytes) -> Bytes:
    """All frames, (n, H, W, 3) uint8 RGB; for tests and short clips, since it holds them all."""
    return np.stack(list(frames_of(mp4)))


def poster_jpeg(mp4: bytes | Path, *, last: bool = False, max_width: int = 640) -> bytes:
    """The first (or last) frame as a JPEG, at most max_width pixels wide; scaled before it takes its colours.

    Raises:
        VideoError: there is no frame to show.
    """
    with opened(mp4) as container:
        frames = container.decode(video=0)
        frame = next(iter(deque(frames, maxlen=1) if last else frames), None)
        if frame is None:
            raise VideoError("The video has no frames.")
        width = min(frame.width, max_width)
        picture = to_rgb(frame, width, round(frame.height * width / frame.width))
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _check_boxes(file: BinaryIO, size_bytes: int) -> None:
    """ISO/IEC 14496-12, 4.2: a box begins with its size in 4 bytes and its type.

    A size of 1 stands for 8 bytes more after the type, 0 for "to the end of the file".
    """
    at = 0
    while at + 8 <= size_bytes:
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\xff"))
        if kind in _PICTURES and at + length > size_bytes:
            raise VideoError("The video ends before its pictures do.")
        if length < 8:
            return
        at += length


@contextmanager
def opened(mp4: bytes | Path) -> Iterator[InputContainer]:
    """Open a video to be read; for a context manager.

    Raises:
        VideoError: it is no readable MP4 with a picture, or what is read in it is not.
    """
    limit = {"max_pixels": str(MAX_PIXELS + MAX_PIXELS // 8)}  # the decoder counts its own margins too
    try:
        file = io.BytesIO(mp4) if isinstance(mp4, bytes) else mp4
        # What others wrote into the container need not be UTF-8; it says nothing about the pictures.
        with av.open(file, "r", format="mp4", options=limit, metadata_errors="replace") as container:
            if not container.streams.video:
                raise VideoError("The video has no picture in it.")
            codec = container.streams.video[0].codec_context
            if codec is None:  # types of PyAV say that it is always there
                raise VideoError("The video is coded in a way that is not known here.")
            _limit_pixels(codec, limit)
            yield container
    except av.FFmpegError as error:
        raise VideoError(f"The video cannot be read: {error.strerror or error}.") from error


def _limit_pixels(codec: av.VideoCodecContext, limit: dict[str, str]) -> None:
    """Have the decoder refuse larger frames: the container may speak of smaller ones than come."""
    if codec.width * codec.height > MAX_PIXELS:
        raise VideoError(f"The video has {codec.width} × {codec.height} pixels, too many to be read.")
    codec.options = limit
