"""A kept video as other files: GIF, animated WebP, contact sheet, last frame."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from av import VideoFrame
from PIL import Image

from motion import MotionError, VideoInfo, frame_at, opened, probe, to_rgb
from studio.films.fitting import MAX_BYTES, Fitting, first_fitting, smaller_fitting
from studio.films.problems import FilmProblem, unreadable
from studio.films.workshop import Tell

MAX_LENGTH_S = 15.0
WIDTHS_PX = (240, 360, 480, 640)
SHEET_SIDE = 3
SHEET_CELL_PX = 640
SHEET_GAP_PX = 8
_PALETTE_FRAMES = 9
_MOST_TRIES = 8


class MovingKind(StrEnum):
    """A kind of moving picture."""

    GIF = "gif"
    WEBP = "webp"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of a video, in seconds from its beginning."""

    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.to_s - self.from_s

    def moments_s(self, count: int) -> list[float]:
        """So many moments, evenly in it."""
        return [self.from_s + self.length_s * (number + 0.5) / count for number in range(count)]


@dataclass(frozen=True, kw_only=True)
class MovingPicture:
    """A moving picture as it is asked for."""

    kind: MovingKind
    # no longer than `MAX_LENGTH_S`
    stretch: Stretch
    width_px: int


def write_moving_picture(video: Path, wanted: MovingPicture, target: Path, tell: Tell) -> str:
    """Write a GIF or an animated WebP of at most 8 MB; returns its width, rate and size in words.

    Raises:
        FilmProblem: the video cannot be read, or not even the smallest fits.
    """
    info, length_s = _probed(video), wanted.stretch.length_s
    fitting: Fitting | None = first_fitting((info.width, info.height), info.fps, length_s, wanted.width_px)
    asked = fitting
    for _ in range(_MOST_TRIES):
        if fitting is None:
            break
        _write(video, wanted, fitting, target, tell)
        size_bytes = target.stat().st_size
        if size_bytes <= MAX_BYTES:
            return _in_words(fitting, size_bytes, is_as_asked=fitting == asked)
        fitting = smaller_fitting(fitting, size_bytes, MAX_BYTES)
    raise FilmProblem("It does not fit into 8 MB.", "The part is too long for that.", "Choose fewer seconds.")


def write_contact_sheet(video: Path, target: Path, tell: Tell, *, is_png: bool) -> str:
    """Write nine frames, three by three, evenly through the video; returns the sheet's size in words.

    Raises:
        FilmProblem: the video cannot be read.
    """
    info = _probed(video)
    width = min(info.width, SHEET_CELL_PX)
    height = max(2, round(info.height * width / max(info.width, 1)))
    count = SHEET_SIDE**2
    moments_s = Stretch(from_s=0.0, to_s=info.duration_s).moments_s(count)
    cells = _frames(video, moments_s, (width, height), tell)
    step_x, step_y = width + SHEET_GAP_PX, height + SHEET_GAP_PX
    size = (SHEET_SIDE * step_x - SHEET_GAP_PX, SHEET_SIDE * step_y - SHEET_GAP_PX)
    sheet = Image.new("RGB", size, "white")
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % SHEET_SIDE * step_x, number // SHEET_SIDE * step_y))
    sheet.save(target, "PNG") if is_png else sheet.save(target, "JPEG", quality=90)
    return f"{size[0]} × {size[1]} px, {_size(target.stat().st_size)}"


def write_last_frame(video: Path, target: Path, tell: Tell) -> str:
    """Write the last frame at full size as a PNG; returns its size in words.

    Raises:
        FilmProblem: the video cannot be read.
    """
    tell(0.0)
    try:
        frame = Image.fromarray(frame_at(video))
    except MotionError as failure:
        raise unreadable(str(failure)) from failure
    frame.save(target, "PNG")
    return f"{frame.width} × {frame.height} px, {_size(target.stat().st_size)}"


def _probed(video: Path) -> VideoInfo:
    try:
        return probe(video)
    except MotionError as failure:
        raise unreadable(str(failure)) from failure


def _write(video: Path, wanted: MovingPicture, fitting: Fitting, target: Path, tell: Tell) -> None:
    count, size_px = fitting.frames(wanted.stretch.length_s), (fitting.width_px, fitting.height_px)
    frames = _frames(video, wanted.stretch.moments_s(count), size_px, tell)
    options: dict[str, int] = {}
    if wanted.kind is MovingKind.GIF:
        some = _frames(video, wanted.stretch.moments_s(_PALETTE_FRAMES), size_px, lambda _: None)
        frames = _in_colours(frames, _palette(some, fitting.quality * 256 // 100))
    else:
        options = {"quality": fitting.quality, "method": 3}
    next(frames).save(
        target,
        wanted.kind.upper(),
        save_all=True,
        append_images=frames,
        duration=_durations_ms(wanted.stretch.length_s, count),
        loop=0,
        **options,
    )


def _durations_ms(length_s: float, count: int) -> list[int]:
    """Of each frame, in hundredths of a second as GIF has them; the whole is as long as it should be."""
    ends = [round(number * 100 * length_s / count) for number in range(count + 1)]
    return [10 * max(after - before, 1) for before, after in pairwise(ends)]


def _in_colours(frames: Iterator[Image.Image], palette: Image.Image) -> Iterator[Image.Image]:
    return (frame.quantize(palette=palette) for frame in frames)


def _palette(frames: Iterator[Image.Image], colours: int) -> Image.Image:
    """The colours of all frames together, found in some of them, so that nothing flickers."""
    some = [frame.resize((96, 96)) for frame in frames]
    strip = Image.new("RGB", (96 * len(some), 96))
    for number, frame in enumerate(some):
        strip.paste(frame, (96 * number, 0))
    return strip.quantize(colours, Image.Quantize.MEDIANCUT)


def _frames(
    video: Path, moments_s: list[float], size_px: tuple[int, int], tell: Tell
) -> Iterator[Image.Image]:
    """The frames that are shown at these moments, in order; the last one for those after the end.

    Raises:
        FilmProblem: the video cannot be read.
    """
    moments, count = list(moments_s), len(moments_s)
    shown: VideoFrame | None = None
    try:
        with opened(video) as container:
            container.streams.video[0].thread_type = "AUTO"
            for frame in container.decode(video=0):
                while shown is not None and moments and (frame.time or 0.0) > moments[0]:
                    tell(1 - len(moments) / count)
                    yield _image(shown, size_px)
                    del moments[0]
                if not moments:
                    return
                shown = frame
        if shown is not None:
            yield from (_image(shown, size_px) for _ in moments)
    except MotionError as failure:
        raise unreadable(str(failure)) from failure


def _image(frame: VideoFrame, size_px: tuple[int, int]) -> Image.Image:
    return Image.fromarray(to_rgb(frame, *size_px))


def _in_words(fitting: Fitting, size_bytes: int, *, is_as_asked: bool) -> str:
    words = f"{fitting.width_px} px wide, {fitting.fps} frames a second, {_size(size_bytes)}"
    return words if is_as_asked else f"{words}; made smaller to fit into {_size(MAX_BYTES)}"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{max(size_bytes // 1000, 1)} kB"
