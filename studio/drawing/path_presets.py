"""Trajectories that need no steady hand: a line, an arc, a circle, a wave, a zoom, from a given start.

Everything is in `canvas_px`: x to the right, y down. A direction of 0° is to the right and 90° is up, as one
says it looking at the picture.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from studio.drawing.arrays import Floats, SizePx
from studio.drawing.model import PointCanvasPx

_STEPS = 48
_WAVES = 2


class Preset(StrEnum):
    """The shapes a trajectory can be given."""

    LINE = "Line"
    """Straight ahead."""
    ARC = "Arc"
    """To the same place, in a bow."""
    CIRCLE = "Circle"
    """Once round, back to where it began."""
    WAVE = "Wave"
    """Ahead, swinging to both sides twice."""
    ZOOM_OUT = "Zoom out"
    """Towards the middle of the picture, as everything goes when a camera zooms out."""


@dataclass(frozen=True, kw_only=True)
class PathShape:
    """Settings of a preset."""

    preset: Preset
    # 0 is to the right, 90 is up; a zoom finds its own
    direction_deg: float = 0.0
    # of the path along the shape's own axis; a circle's circumference
    length_canvas_px: float = 100.0
    # -1..1: how far a bow or a wave swings out and to which side; how round a circle is
    bend: float = 0.0


DEFAULT_BEND = {
    Preset.LINE: 0.0,
    Preset.ARC: 0.5,
    Preset.CIRCLE: 1.0,
    Preset.WAVE: 0.5,
    Preset.ZOOM_OUT: 0.0,
}
"""The bend that makes each preset look like its name."""


def preset_points(
    shape: PathShape, start_canvas_px: PointCanvasPx, canvas_size_px: SizePx
) -> tuple[PointCanvasPx, ...]:
    """The points of a preset, from `start_canvas_px` on.

    One that would leave the picture is drawn smaller about its start, so that all of it stays inside; the
    start itself is moved inside first.
    """
    start = _inside(np.array(start_canvas_px, np.float64), canvas_size_px)
    along = _AXES[shape.preset](np.linspace(0, 1, _STEPS + 1), shape.bend) * shape.length_canvas_px
    points = start + _fitting(
        _turned(along, _heading_deg(shape, start, canvas_size_px)), start, canvas_size_px
    )
    return tuple((float(x), float(y)) for x, y in points)


def _bow(t: Floats, bend: float) -> Floats:
    """Ahead by 1, out to the left by half of `bend` in the middle."""
    return np.stack((t, 2 * bend * t * (1 - t)), axis=1)


def _round(t: Floats, bend: float) -> Floats:
    """A closed loop that sets off ahead; with a bend of 1 a circle of circumference 1, turning left."""
    radius, angle = 1 / math.tau, t * math.tau
    return np.stack((radius * np.sin(angle), bend * radius * (1 - np.cos(angle))), axis=1)


def _swing(t: Floats, bend: float) -> Floats:
    return np.stack((t, bend / 4 * np.sin(t * math.tau * _WAVES)), axis=1)


_AXES: dict[Preset, Callable[[Floats, float], Floats]] = {
    Preset.LINE: _bow,
    Preset.ARC: _bow,
    Preset.CIRCLE: _round,
    Preset.WAVE: _swing,
    Preset.ZOOM_OUT: _bow,
}


def _heading_deg(shape: PathShape, start: Floats, canvas_size_px: SizePx) -> float:
    """The given direction; for a zoom the one to the picture's middle, and up where that is nowhere."""
    if shape.preset is not Preset.ZOOM_OUT:
        return shape.direction_deg
    x, y = np.array(canvas_size_px) / 2 - start
    return math.degrees(math.atan2(-y, x)) if math.hypot(x, y) >= 1 else 90.0


def _turned(along: Floats, direction_deg: float) -> Floats:
    """Ahead and left of the heading as right and down of the canvas."""
    angle = math.radians(direction_deg)
    ahead, left = along[:, 0], along[:, 1]
    x = ahead * math.cos(angle) - left * math.sin(angle)
    y = -(ahead * math.sin(angle) + left * math.cos(angle))
    return np.stack((x, y), axis=1)


def _inside(point: Floats, canvas_size_px: SizePx) -> Floats:
    held: Floats = np.clip(point, 0.5, np.maximum(0.5, np.array(canvas_size_px) - 0.5))
    return held


def _fitting(offsets: Floats, start: Floats, canvas_size_px: SizePx) -> Floats:
    """The offsets, shortened alike until none leads out of the picture."""
    room = np.where(offsets > 0, np.array(canvas_size_px) - 0.5 - start, start - 0.5)
    share = np.where(np.abs(offsets) > 1e-9, room / np.maximum(np.abs(offsets), 1e-9), np.inf)
    return offsets * min(1.0, max(0.0, float(share.min())))
