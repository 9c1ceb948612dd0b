"""Encode frames as an MP4 in memory: H.264 in a thread of its own, so that drawing and encoding overlap."""

import io
import queue
import threading
from collections.abc import Mapping
from typing import Self

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from motion.errors import EncodeError
from motion.yuv import I420

QUEUE_FRAMES = 4
MIN_MOOV_BYTES = 32768
MOOV_BYTES_A_FRAME = 64
BT709 = 1  # the same number for primaries, transfer and matrix (ITU-T H.273)
LIMITED = 1  # AVCOL_RANGE_MPEG
CHROMA_QP_OFFSET = -3  # saturated colours keep up with luma (+0.7 dB in RGB for 6 % more bytes)


class Encoder:
    """Takes frames in order and gives the file at the end. A context manager; one use.

    The index is written in front (`moov_size` keeps room for it): a browser can start before it has all.
    """

    def __init__(
        self,
        *,
        width: int,
        height: int,
        fps: int,
        frame_count: int,
        crf: int,
        preset: str,
        metadata: Mapping[str, str],
    ) -> None:
        """Open the file in memory. At most four frames wait to be encoded."""
        self._file = io.BytesIO()
        room = max(MIN_MOOV_BYTES, MOOV_BYTES_A_FRAME * frame_count)
        self._container = av.open(self._file, "w", format="mp4", options={"moov_size": str(room)})
        self._container.metadata.update(metadata)
        self._stream = _stream(self._container.add_stream("libx264", rate=fps), width, height, crf, preset)
        self._waiting: queue.Queue[I420 | None] = queue.Queue(QUEUE_FRAMES)
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="motion-encoder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._waiting.put(None)
        self._thread.join()
        try:
            self._container.close()
        except av.FFmpegError as error:
            self._problem = self._problem or error
        if kind is None and self._problem is not None:
            raise EncodeError(f"The video could not be written: {self._problem}") from self._problem

    def put(self, frame: I420) -> None:
        """Hand a frame over; it must not be changed afterwards. Waits while four are waiting."""
        if self._problem is not None:
            raise EncodeError(f"The video could not be written: {self._problem}") from self._problem
        self._waiting.put(frame)

    def video(self) -> bytes:
        """The finished file; only after the context is left."""
        return self._file.getvalue()

    def _work(self) -> None:
        number = 0
        while (frame := self._waiting.get()) is not None:
            if self._problem is None:
                self._guarded(frame, number)
            number += 1
        if self._problem is None:
            self._guarded(None, number)

    def _guarded(self, frame: I420 | None, number: int) -> None:
        """Encode; keep the first problem for the thread that waits, and go on emptying the queue.

        Whatever the problem is: a thread that died of one would let the other wait for ever.
        """
        try:
            picture = None if frame is None else _video_frame(frame, number)
            self._container.mux(self._stream.encode(picture))
        except Exception as error:  # noqa: BLE001  # handed over to the thread that waits
            self._problem = error


def _stream(stream: VideoStream, width: int, height: int, crf: int, preset: str) -> VideoStream:
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED
    context.thread_count = 1
    stream.options = {
        "crf": str(crf),
        "preset": preset,
        "x264-params": f"chroma-qp-offset={CHROMA_QP_OFFSET}",
    }
    return stream


def _video_frame(frame: I420, number: int) -> VideoFrame:
    picture = VideoFrame.from_ndarray(frame.packed, format="yuv420p")
    picture.color_range, picture.colorspace = LIMITED, BT709
    picture.pts = number
    return picture
