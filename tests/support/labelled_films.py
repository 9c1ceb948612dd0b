"""Films whose every frame shows its number, as black and white stripes that survive encoding."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from motion import frames_of

BITS = 10
SIZE_PX = (160, 96)


def labelled_frame(number: int, size_px: tuple[int, int] = SIZE_PX) -> NDArray[np.uint8]:
    """(H, W, 3) RGB with the number in binary, one stripe a bit."""
    bits = [255 * (number >> bit & 1) for bit in range(BITS)]
    stripes = np.array(bits, np.uint8)[np.arange(size_px[0]) * BITS // size_px[0]]
    return np.broadcast_to(stripes[None, :, None], (size_px[1], size_px[0], 3)).copy()


def labelled_film(
    target: Path,
    numbers: Iterable[int],
    *,
    size_px: tuple[int, int] = SIZE_PX,
    fps: int = 24,
    b_frames: int = 0,
    crf: int = 18,
) -> Path:
    """Writes an H.264 MP4 with a frame for each number; the path."""
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps))
        stream.width, stream.height, stream.pix_fmt = *size_px, "yuv420p"
        stream.options = {"crf": str(crf), "preset": "fast", "x264-params": f"bframes={b_frames}"}
        for number in numbers:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(labelled_frame(number, size_px), "rgb24")))
        container.mux(stream.encode(None))
    return target


def labels_of(video: Path) -> list[int]:
    """The numbers of its frames, in the order in which they are shown."""
    return [read_label(frame) for frame in frames_of(video)]


def read_label(frame: NDArray[np.uint8]) -> int:
    """The number of one frame, at any size."""
    row, width = frame[frame.shape[0] // 2], frame.shape[1]
    middles = [(2 * bit + 1) * width // (2 * BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, at in enumerate(middles) if row[at].mean() > 127)
