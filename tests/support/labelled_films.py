"""Films whose every frame shows its number, as black and white stripes that survive encoding."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

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
    target: Path, numbers: Iterable[int], *, size_px: tuple[int, int] = SIZE_PX, **options: Any
) -> Path:
    """Writes a film with a frame for each number, with the options of `film_of`; the path."""
    return film_of(target, [labelled_frame(number, size_px) for number in numbers], **options)


def film_of(
    target: Path,
    frames: Sequence[NDArray[np.uint8]],
    *,
    fps: int = 24,
    b_frames: int = 0,
    crf: int = 18,
    sound_rate: int | None = None,
) -> Path:
    """Writes an H.264 MP4 (BT.709) of RGB frames, with a hum of this sample rate; the path."""
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps))
        stream.height, stream.width, stream.pix_fmt = *frames[0].shape[:2], "yuv420p"
        stream.options = {"crf": str(crf), "preset": "fast", "x264-params": f"bframes={b_frames}"}
        sound = None if sound_rate is None else container.add_stream("aac", rate=sound_rate, layout="mono")
        for frame in frames:
            container.mux(stream.encode(_bt709(frame)))
        container.mux(stream.encode(None))
        if sound is not None and sound_rate is not None:
            container.mux(sound.encode(_hum(len(frames) / fps, sound_rate)))
            container.mux(sound.encode(None))
    return target


def _bt709(frame: NDArray[np.uint8]) -> av.VideoFrame:
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24")
    return picture.reformat(format="yuv420p", dst_colorspace=1, dst_color_range=1)


def _hum(length_s: float, rate: int) -> av.AudioFrame:
    wave = np.sin(np.arange(round(length_s * rate)) * 880 * np.pi / rate, dtype=np.float32)
    hum = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
    hum.rate, hum.pts = rate, 0
    return hum


def labels_of(video: Path) -> list[int]:
    """The numbers of its frames, in the order in which they are shown."""
    return [read_label(frame) for frame in frames_of(video)]


def read_label(frame: NDArray[np.uint8]) -> int:
    """The number of one frame, at any size."""
    row, width = frame[frame.shape[0] // 2], frame.shape[1]
    middles = [(2 * bit + 1) * width // (2 * BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, at in enumerate(middles) if row[at].mean() > 127)
