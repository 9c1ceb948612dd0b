"""Render a scene as frames or as a video."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import cv2
import numpy as np

from motion.arrays import Bytes, Mask
from motion.camera import Camera
from motion.encode import Encoder
from motion.grid import warp
from motion.layer import Stage
from motion.mark import Mark
from motion.plan import Plan, plan
from motion.scene import Scene
from motion.sheet import Sheet
from motion.tail import TailFade
from motion.yuv import I420, chroma_mask


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """Settings of a rendering.

    Attributes:
        fps: frames a second, 1..60.
        max_width: cap in pixels; a smaller picture is not enlarged.
        max_height: cap in pixels.
        crf: x264's quality, 0 (lossless) .. 51 (worst).
        preset: x264's effort, "ultrafast" .. "veryslow".
        mark: a word burned into a corner ("simulation", "preview"), or None.
        comment: written into the container, for honest provenance.
        metadata: further container fields that MP4 knows (title, artist, description, …).
    """

    fps: int = 24
    max_width: int = 1280
    max_height: int = 1280
    crf: int = 16
    preset: str = "veryfast"
    mark: str | None = None
    comment: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    def frame_count(self, duration_s: float) -> int:
        """Frames in that many seconds, at least two."""
        return max(2, round(duration_s * self.fps))


Annotate: TypeAlias = Callable[[int, I420], None]
"""Draws over a finished frame: called with its number, in order from 0, before the mark is burned in."""


class Mover(Protocol):
    """Draws the frames of a scene, asked for in order from 0."""

    def frame(self, number: int) -> I420:
        """Frame `number`, of its own memory."""


class BrushMotion:
    """Painted parts on their paths, static areas untouched."""

    def __init__(self, scene: Scene, motion: Plan, *, pin: bool = True) -> None:
        """Prepare a scene of even sizes; `pin=False` is for the test that shows what the pin is for."""
        self._source = I420.from_rgb(scene.image)
        self._sheet = Sheet(motion, scene.static_mask, pin=pin)
        self._stage = Stage(self._source, scene.image, motion)
        self._grid = motion.grid
        self._frozen = _frozen(scene.static_mask)

    def frame(self, number: int) -> I420:
        """Frame `number`; frame 0 is the source, untouched."""
        if number == 0:
            return self._source.copy()
        self._sheet.advance(number)
        plate = self._stage.plate(number)
        target = plate.copy()
        warp(self._grid, plate, self._sheet.map, target)
        self._stage.draw(number, target)
        for mask, plane, out in zip(self._frozen, self._source.planes, target.planes, strict=False):
            cv2.copyTo(plane, mask, out)
        return target


def frames(scene: Scene, settings: RenderSettings, annotate: Annotate | None = None) -> Iterator[I420]:
    """The frames before encoding, one at a time (nothing is kept)."""
    fitted = scene.scaled_to(settings.max_width, settings.max_height)
    yield from _finished_frames(fitted, settings, annotate)


def render_mp4(scene: Scene, settings: RenderSettings, annotate: Annotate | None = None) -> bytes:
    """The scene as an MP4: H.264, yuv420p, BT.709 limited and tagged so, index in front.

    What `annotate` raises ends the rendering and is passed on.

    Raises:
        EncodeError: FFmpeg could not write it.
    """
    fitted = scene.scaled_to(settings.max_width, settings.max_height)
    count = settings.frame_count(scene.duration_s)
    about = {**settings.metadata, **({"comment": settings.comment} if settings.comment else {})}
    encoder = Encoder(
        width=fitted.width_px,
        height=fitted.height_px,
        fps=settings.fps,
        frame_count=count,
        crf=settings.crf,
        preset=settings.preset,
        metadata=about,
    )
    with encoder:
        for frame in _finished_frames(fitted, settings, annotate):
            encoder.put(frame)
    return encoder.video()


def _finished_frames(scene: Scene, settings: RenderSettings, annotate: Annotate | None) -> Iterator[I420]:
    cv2.setNumThreads(
        1
    )  # drawing and encoding share the machine as a pipeline of two, faster than threads inside
    count = settings.frame_count(scene.duration_s)
    motion = plan(scene, count)
    mover = _mover(scene, motion, count)
    mark = _mark(scene, motion, settings)
    for number in range(count):
        frame = mover.frame(number)
        if annotate:
            annotate(number, frame)
        if mark:
            mark.draw(frame)
        yield frame


def _mover(scene: Scene, motion: Plan, count: int) -> Mover:
    if scene.tail is not None:
        return TailFade(scene.image, scene.tail, count)
    if scene.regions:
        return BrushMotion(scene, motion)
    return Camera(I420.from_rgb(scene.image), scene.static_mask, count)


def _mark(scene: Scene, motion: Plan, settings: RenderSettings) -> Mark | None:
    if not settings.mark:
        return None
    size = (scene.width_px, scene.height_px)
    swept = cv2.resize(motion.swept.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    busy: Mask = np.asarray(swept) if scene.static_mask is None else np.asarray(swept) | scene.static_mask
    return Mark(settings.mark, *size, busy)


def _frozen(static: Mask | None) -> list[Bytes]:
    if static is None:
        return []
    half = chroma_mask(static).astype(np.uint8)
    return [static.astype(np.uint8), half, half]
